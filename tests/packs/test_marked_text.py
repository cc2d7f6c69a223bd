"""What people type in Markdown is read the same for every format, and nothing else gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.packs.marked_text import SCHEMES, Run, stanzas


def told(text: str) -> list[tuple[int, int | None, str]]:
    """The depth, the number and the words of each stanza."""
    return [(one.depth, one.number, one.text) for one in stanzas(text)]


def test_lists_and_paragraphs() -> None:
    text = "Agreed:\n\n1. one\n2. two\n   - within\n\nDone"
    assert told(text) == [
        (0, None, "Agreed:"),
        (1, 1, "one"),
        (1, 2, "two"),
        (2, None, "within"),
        (0, None, "Done"),
    ]


def test_emphasis_headings_and_quotations() -> None:
    assert stanzas("a **b** *c*")[0].runs == (
        Run("a "),
        Run("b", bold=True),
        Run(" "),
        Run("c", italic=True),
    )
    assert stanzas("# Head")[0].runs == (Run("Head", bold=True),)
    assert stanzas("> said")[0].runs == (Run("said", italic=True),)


def test_a_second_paragraph_of_an_item_is_a_line_of_it() -> None:
    assert told("1. one\n\n   more\n2. two\n\n   - in\n\n   after") == [
        (1, 1, "one\nmore"),
        (1, 2, "two"),
        (2, None, "in"),
        (1, 2, "after"),
    ]


def test_a_line_break_is_kept() -> None:
    assert stanzas("one\ntwo")[0].text == "one\ntwo"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_link_leads_where_it_says(scheme: str) -> None:
    [run] = stanzas(f"[x]({scheme}//example.org)")[0].runs
    assert run == Run("x", address=f"{scheme}//example.org")


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "[x](file:///etc/passwd)",
        "[x](//example.org)",
        "[x](relative.html)",
        "[x](ftp://example.org)",
        "[x](vbscript:x)",
        "<https://example.org>",
        "https://example.org",
    ],
)
def test_no_other_address_is_a_link(text: str) -> None:
    assert all(run.address is None for one in stanzas(text) for run in one.runs)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<b>x</b>", "&lt;b&gt;", "<!-- x -->", "<?php x ?>"]
)
def test_html_and_entities_stay_as_typed(text: str) -> None:
    assert "".join(one.text for one in stanzas(text)) == text


def test_an_image_is_not_loaded() -> None:
    [stanza] = stanzas("![alt](https://example.org/x.png)")
    assert all("png" not in run.text for run in stanza.runs)
    assert stanza.text.endswith("alt")


def test_what_does_not_print_is_made_visible() -> None:
    assert stanzas("a\x1b[31m\u202eb")[0].text == r"a\x1b[31m\u202eb"


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_keeps_its_words(text: str) -> None:
    found = "".join(run.text for one in stanzas(text) for run in one.runs)
    for word in text.split():
        if word.isalnum() and word.isascii() and not word.isdecimal():
            assert word in found


def test_what_is_deep_within_lists_stays_as_typed() -> None:
    text = "\n".join(" " * (2 * n) + "- x" for n in range(60))
    assert sum(one.text.count("x") for one in stanzas(text)) == 60
