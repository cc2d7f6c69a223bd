"""Markdown: what people typed is text, but for commentary, which is Markdown in a cell."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from irbtrack.domain.answers import Column, Kind, Mark, Table, Timeline
from irbtrack.render.markdown import to_markdown

READER = MarkdownIt("commonmark").enable("table")


def table(*texts: Any, kind: Kind = Kind.MARKDOWN) -> Table:
    """A table of one row."""
    columns = tuple(Column(f"c{n}", f"Column {n}", kind) for n, _ in enumerate(texts))
    return Table(columns, [texts])


def cell(text: str, kind: Kind = Kind.MARKDOWN) -> str:
    """A text as the only cell of a table."""
    last = to_markdown([table(text, kind=kind)]).splitlines()[-1]
    assert last.startswith("| ")
    assert last.endswith(" |")
    return last[2:-2]


def read_back(text: str, kind: Kind = Kind.MARKDOWN) -> list[str]:
    """The cells of a text and a neighbour, as a reader of Markdown makes them HTML."""
    html = READER.render(to_markdown([table(text, "beside", kind=kind)]))
    return re.findall(r"<td[^>]*>(.*?)</td>", html, re.DOTALL)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("The **gap** in the _draft_ remains", "The **gap** in the _draft_ remains"),
        ("[the plan](https://example.org/)", "[the plan](https://example.org/)"),
        ("Up by 5% & more", "Up by 5% & more"),
        ("- Budget\n- Savings", "- Budget<br>- Savings"),
        ("either | or", r"either \| or"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("<!-- hidden", "&lt;!-- hidden"),
        ("![a chart](https://example.org/x.png)", "&#33;[a chart](https://example.org/x.png)"),
        ("Done! [the plan](https://example.org/)", "Done! [the plan](https://example.org/)"),
        ("Done!", "Done!"),
    ],
)
def test_commentary_stays_markdown_but_is_no_html_image_or_other_cell(
    typed: str, written: str
) -> None:
    assert cell(typed) == written


def test_what_is_bold_in_commentary_is_bold_for_a_reader() -> None:
    assert read_back("The **gap** remains") == ["The <strong>gap</strong> remains", "beside"]
    assert read_back("a | b") == ["a | b", "beside"]
    assert read_back("- Budget\n- Savings") == ["- Budget<br>- Savings", "beside"]


@pytest.mark.parametrize(
    "typed",
    [
        "<script>x</script>",
        "<b onclick=x>",
        "![x](http://e/x.png)",
        r"\<script>x</script>",
        r"\\<script>x</script>",
        r"\\\<b onclick=x>",
        r"\![x](http://e/x.png)",
        r"\\![x](http://e/x.png)",
    ],
)
def test_commentary_makes_no_html_or_image_for_a_reader(typed: str) -> None:
    [written, beside] = read_back(typed)
    assert beside == "beside"
    assert not re.search(r"<(script|b|img)\b", written)


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.CODE])
def test_in_any_other_cell_nothing_is_markup(kind: Kind) -> None:
    assert cell("**bold** `code` [a](b) a|b <i> #1 ~x~ $x$ &amp; a_b \\", kind) == (
        r"\*\*bold\*\* \`code\` \[a\](b) a\|b \<i\> \#1 \~x\~ \$x\$ \&amp; a\_b \\"
    )


hostile = st.text("\\<>|![]()*`_-\nab", max_size=30)


@given(hostile | st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_commentary_is_one_cell_whatever_was_typed(typed: str) -> None:
    written = cell(typed)
    assert "\n" not in written
    assert not re.search(r"(?<!\\)(\\\\)*\|", written)
    assert "<" not in written.replace("<br>", "")


@given(hostile)
def test_commentary_makes_no_html_image_or_cell_for_a_reader_whatever_was_typed(typed: str) -> None:
    cells = read_back(typed)
    assert len(cells) == 2
    assert cells[1] == "beside"
    assert not re.search(r"<(?!/?(br|strong|em|code|a)\b)", cells[0])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_what_is_no_commentary_is_read_back_as_text(typed: str) -> None:
    cells = read_back(typed, Kind.TEXT)
    assert len(cells) == 2
    assert not re.search(r"<(?!br>)", cells[0])


def test_a_rag_and_a_trend_are_their_letter_and_sign() -> None:
    columns = (Column("rag", "RAG", Kind.RAG), Column("trend", "Trend", Kind.CODE))
    assert to_markdown([Table(columns, [("A", "▼*"), (None, None)])]) == (
        "| RAG | Trend |\n|---|---|\n| A | ▼\\* |\n|  |  |\n"
    )


def test_a_plan_is_its_table() -> None:
    columns = (Column("title", "Milestone"), Column("late"))
    plan = Timeline(
        rows=((0, "HR", (Mark("Posts", None, None, date(2023, 9, 1), None),)),),
        first=date(2023, 7, 1),
        until=date(2024, 3, 1),
        today=date(2023, 10, 31),
        table=Table(columns, [("Posts *filled*", True)]),
    )
    assert to_markdown([plan]) == "| Milestone |\n|---|\n| Posts \\*filled\\* |\n"
