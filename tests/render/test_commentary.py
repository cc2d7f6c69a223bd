"""Commentary at a terminal: below its row where a table has no room, its Markdown rendered."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.render.cell_text import text_width
from irbtrack.render.terminal import show

COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Direction"),
    Column("lead", "Strategic lead", rank=2),
    Column("target", "Target"),
    Column("rag", "RAG", Kind.RAG),
    Column("commentary", "Commentary", Kind.MARKDOWN, rank=1),
)

LONG = "Savings cover about **four fifths** of what next year needs, and _no more_ than that."

DIRECTIONS = Table(
    COLUMNS,
    [
        ("3a", "Financial Sustainability", "ed-finance", "31 Mar 2024\nFOR REVIEW", "A", LONG),
        ("3b", "Democratic Governance", None, None, None, None),
        (
            "4",
            "Reporting",
            "ed-strategy " * 6,
            "31 Mar 2024",
            "G",
            "11 Oct - On time\n3 Oct - Late",
        ),
    ],
    "Directions as of 31 October 2023",
)


def shown(table: Table, width: int, *, colours: bool = False) -> str:
    """What a terminal so many columns wide is sent."""
    import contextlib
    import io

    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as out:
        patch.setenv("COLUMNS", str(width))
        if colours:
            patch.delenv("NO_COLOR", raising=False)
            patch.setenv("FORCE_COLOR", "1")
            patch.setenv("TERM", "xterm-256color")
        else:
            patch.setenv("NO_COLOR", "1")
        show([table])
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def commentary(text: str, width: int = 80) -> str:
    """What is shown of a row's commentary, which is set below its heading."""
    pad = "x" * 30
    table = Table(COLUMNS, [("3a", pad, pad, pad, "A", f"{text}\n{LONG * 3}")])
    written = shown(table, width)
    assert written.startswith(f"3a  {pad}\nRAG A"), "a block, not a table"
    return written


def test_where_commentary_has_no_room_each_row_is_a_block() -> None:
    assert shown(DIRECTIONS, 80) == (
        "Directions as of 31 October 2023\n"
        "\n"
        "3a  Financial Sustainability\n"
        "RAG A · Target 31 Mar 2024 FOR REVIEW · Strategic lead ed-finance\n"
        "Savings cover about four fifths of what next year needs, and no more than that.\n"
        "\n"
        "3b  Democratic Governance\n"
        "\n"
        "4  Reporting\n"
        "RAG G · Target 31 Mar 2024\n"
        "Strategic lead ed-strategy ed-strategy ed-strategy ed-strategy ed-strategy\n"
        "ed-strategy\n"
        "11 Oct - On time\n"
        "3 Oct - Late"
    )


def test_where_it_has_room_it_stays_in_the_table() -> None:
    wide = shown(DIRECTIONS, 200)
    assert re.search(r"^Ref +Direction +Strategic lead +Target +RAG +Commentary$", wide, re.M)
    assert "about four fifths of what" in wide
    short = Table(COLUMNS, [("3a", "Finance", "ed-finance", None, "A", "On **time**")])
    assert re.search(r"^3a +Finance +ed-finance +A +On time$", shown(short, 80), re.M)


def test_headings_are_bold_and_a_rag_is_coloured() -> None:
    written = shown(DIRECTIONS, 80, colours=True)
    assert "\x1b[1m3a  Financial Sustainability\x1b[0m" in written
    assert re.search(r"\x1b\[2mRAG \x1b\[0m\x1b\[[0-9;]+mA\x1b\[0m", written)
    assert "\x1b[1mfour fifths\x1b[0m" in written


def test_what_was_typed_never_steers_the_terminal() -> None:
    typed = "\x1b[31m &#x1b;[2J &#8238;<b onclick='x'>hi</b> [bold]no[/bold] :smile: <!-- there -->"
    written = commentary(typed, 120)
    assert (
        r"\x1b[31m &#x1b;[2J &#8238;<b onclick='x'>hi</b> [bold]no[/bold] :smile: <!-- there -->"
        in written
    )
    assert "\x1b" not in shown(
        Table(COLUMNS, [("\x1b[2J", "\x07", "\u202e", "\x9b", "\x1b", "\x1b]8;;x\x07")]), 60
    )


def test_links_and_images_are_text() -> None:
    written = commentary("[the report](https://example.org/a) <https://example.org/b>", 120)
    assert "the report (https://example.org/a) <https://example.org/b>" in written
    assert "![a](file:///etc/b)" in commentary("![a](file:///etc/b)")
    assert "[a]: https://example.org" in commentary("[a]: https://example.org")
    link = Table(COLUMNS, [("3a", "x" * 40, "x", "x", "A", f"[a](https://b) {LONG}")])
    assert "\x1b]8" not in shown(link, 80, colours=True)


def test_lists_and_code_are_readable() -> None:
    assert " • one\n • two\n" in commentary("- one\n- two\n")
    assert "\nten pounds\n" in commentary("    ten pounds")
    assert "not a program" in commentary("```python\nnot a program\n```")


@pytest.mark.parametrize("mark", ["> ", "- "])
def test_text_nested_without_end_is_shown_as_typed(mark: str) -> None:
    typed = mark * 30 + "deep"
    assert "deep" in commentary(typed, 60)
    assert "deep" in commentary(mark * 4 + "deep", 60)


PIECES = st.sampled_from(
    ["**", "_", "`", "```", "~~~", "[", "](", ")", "![", "<", ">", "# ", "- ", "1. ", "> ", "\n",
     "\n\n", "    ", "|", "---", "&#27;", "&lt;", "\\", "word", "é", "汉字", "\x1b[2J", "\u202e",
     "http://a.b", "<b>", "\t", "\x07", ": ", "***"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from([60, 80, 120]))
@example("[![a](b)](c)", 60)
@example("- - - - - - - word", 60)
def test_whatever_is_typed_is_shown_within_the_terminal_and_no_word_is_lost(
    typed: str, width: int
) -> None:
    written = shown(Table(COLUMNS, [("3a", "x" * 30, "y" * 30, "z", "A", typed + LONG * 2)]), width)
    assert all(line.isprintable() for line in written.split("\n"))
    assert max(map(text_width, written.split("\n"))) <= width
    assert re.sub(r"\s", "", written).count("word") >= typed.count("word")
