"""Plain text, for a pipe: a plan is drawn for a page, tables are as wide as they are."""

from datetime import date

import pytest

from irbtrack.domain.answers import Column, Kind, Mark, Table, Timeline
from irbtrack.render.cell_text import text_width
from irbtrack.render.plain import PAGE, to_plain
from irbtrack.render.timeline import drawn

PLAN = Timeline(
    rows=((0, "HR", (Mark("Posts filled", None, date(2023, 9, 1), date(2023, 9, 1), "A"),)),),
    first=date(2023, 7, 1),
    until=date(2024, 3, 1),
    today=date(2023, 10, 31),
    table=Table((), []),
)


def as_drawn(width: int) -> str:
    lines = ("".join(span.text for span in line).rstrip() for line in drawn(PLAN, width))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_plan_is_drawn_for_as_many_columns_as_there_are(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert to_plain([PLAN]) == as_drawn(width)
    assert max(map(text_width, to_plain([PLAN]).splitlines())) <= width


@pytest.mark.parametrize("columns", [None, "", "0", "wide", "-80", "80.5", "²"])
def test_a_plan_is_drawn_for_a_page_where_columns_says_nothing(
    columns: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    assert to_plain([PLAN]) == as_drawn(PAGE)


def test_a_plan_has_no_colour_and_no_spaces_at_the_ends_of_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    written = to_plain([PLAN])
    assert "\x1b" not in written
    assert all(line == line.rstrip() for line in written.splitlines())


def test_a_plan_stands_apart_from_what_is_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert to_plain(["Before.", PLAN, "After."]) == f"Before.\n\n{as_drawn(PAGE)}\nAfter.\n"


def test_a_cell_of_several_lines_keeps_its_row_together() -> None:
    table = Table(
        (
            Column("ref", "Ref", Kind.CODE),
            Column("target", "Target"),
            Column("commentary", "Commentary", Kind.MARKDOWN),
            Column("number", "Number", Kind.NUMBER),
        ),
        [
            ("3a", "31 Mar 2024\n(FOR REVIEW)", "- Budget\n- Savings\n- Reserves", 7),
            ("4", None, "Told.", 12),
        ],
        totals=frozenset({1}),
    )
    assert to_plain([table]) == (
        "Ref  Target        Commentary  Number\n"
        "---  ------------  ----------  ------\n"
        "3a   31 Mar 2024   - Budget         7\n"
        "     (FOR REVIEW)  - Savings\n"
        "                   - Reserves\n"
        "4                  Told.           12\n"
    )
