"""Which rows of a tracker are records, and what is said of the others."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.tracker.layout import (
    Layout,
    PassedOver,
    filled,
    named,
    say_passed_over,
    table_rows,
    with_findings,
)
from irbtrack.domain.tracker.sheet import (
    Cell,
    RowPlace,
    Sheet,
    Span,
    cell_name,
    column_letters,
    say_rows,
)

LABELS = ("Ref", "Audit", "Action", "Priority", "Due", "Notes")
NAMES = ("ref", "audit", "title", "priority", "due_on")
LAYOUT = Layout(0, 0, LABELS, {n: c for c, n in enumerate(NAMES)}, dict.fromkeys(NAMES, "x"))
DUE = date(2023, 10, 31)
RECORD = ["A1", "Payroll", "Review leavers monthly", "High", DUE, None]


def read(*rows: list[Any], merged: tuple[Span, ...] = (), **unread: str) -> Any:
    """The rows that are records and those passed over, of rows below a header."""
    cells = {(1, LABELS.index(label)): why for label, why in unread.items()}
    return table_rows(Sheet("Tracker", [list(LABELS), *rows], merged=merged, unread=cells), LAYOUT)


def passed(row: list[Any], *, among: tuple[list[Any], ...] = (RECORD,)) -> str | None:
    """Why a row at the end is passed over, or None if it is a record."""
    records, over = read(*among, row)
    assert len(records) + len(over) == len(among) + 1
    return over[0].why if over else None


def test_records_come_with_their_rows_and_blank_rows_without_a_word() -> None:
    records, over = read(RECORD, [], [None] * 6, ["A2", None, "Check overtime"])
    assert [(record.place.row, record.cells[0]) for record in records] == [(1, "A1"), (4, "A2")]
    assert records[1].cell(5) is None
    assert over == []


@pytest.mark.parametrize(
    "row",
    [
        ["A2", None, "Check overtime claims"],
        [2, None, "Check overtime claims"],
        [None, None, "Check overtime claims", None, None, "Asked for by the committee"],
        ["A2", None, None, "High"],
        ["A2", "Payroll", None, None, DUE],
        [None, None, "Total the claims weekly", "High"],
        ["A3", None, "Total the claims weekly"],
        ["Total", "Payroll", "Review leavers", 3],
        [3, 4, None, None, None],
        [None, "TBC", "Check overtime claims", "High"],
    ],
)
def test_a_row_that_says_something_of_two_fields_is_a_record(row: list[Any]) -> None:
    assert passed(row) is None


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ([7], "holds only a number"),
        (["7."], "holds only a number"),
        ([7, None, None, "-", None], "holds only a number"),
        ([7, None, None, 0], "holds only a number"),
        (["2223-009"], "holds only a reference"),
        ([None, "Council Tax 22/23"], "a heading or a note"),
        ([None, None, "Actions carried forward from last year"], "a heading or a note"),
        ([None, None, None, None, None, "Key: H is high"], "a heading or a note"),
        ([None, None, None, None, DUE], "holds only a date"),
        ([None, None, None, None, None, "x", "y"], "has nothing in the columns that are taken"),
        (
            [None, None, None, None, DUE, "Board"],
            "has only its Due, of the columns that are taken",
        ),
        (["Total", None, None, 14], "a total"),
        (["Sub-total:", 3, "45%", "£1,200", 0.5], "a total"),
        ([None, "Grand total of actions", None, "14"], "a total"),
        (["Total"], "a total"),
        (list(LABELS), "the header again"),
        (["ref", None, "action ", "Priority"], "the header again"),
    ],
)
def test_what_is_no_record_is_passed_over_with_the_reason(row: list[Any], why: str) -> None:
    assert passed(row) == why


def test_what_is_passed_over_shows_its_first_text() -> None:
    _, over = read([None, "Housing\n22/23"], RECORD, [9])
    assert over == [
        PassedOver(RowPlace("Tracker", 1), "a heading or a note", "Housing 22/23"),
        PassedOver(RowPlace("Tracker", 3), "holds only a number", ""),
    ]


def test_a_title_alone_is_a_record_where_no_other_field_is_read() -> None:
    layout = LAYOUT._replace(columns={"title": 2})
    records, _ = table_rows(Sheet("T", [list(LABELS), [None, None, "Review leavers"]]), layout)
    assert len(records) == 1


def test_another_field_may_be_the_needed_one() -> None:
    layout = Layout(0, 0, ("Code", "Directorate", "Notes"), {"ref": 0, "name": 1}, {})
    rows = [["Code", "Directorate", "Notes"], [None, "Housing", "new"], [None, "Finance", None]]
    records, over = table_rows(Sheet("T", rows), layout, "name")
    assert [record.place.row for record in records] == [1, 2]
    assert over == []


def test_an_audit_merged_over_its_actions_is_that_of_each() -> None:
    records, over = read(
        ["A1", "Payroll", "Review leavers", "High"],
        ["A2", None, "Check overtime"],
        [3],
        [None, None, "Write a procedure"],
        merged=(((1, 1), (4, 1)),),
    )
    assert [(record.place.row, record.cell(1)) for record in records] == [
        (1, "Payroll"),
        (2, "Payroll"),
        (4, "Payroll"),
    ]
    assert over == [PassedOver(RowPlace("Tracker", 3), "holds only a number")]


def test_a_line_below_a_merged_action_goes_with_it() -> None:
    merged = tuple(((1, column), (2, column)) for column in range(5))
    records, over = read(
        [*RECORD[:5], "First update"], [None] * 5 + ["Second update"], merged=merged
    )
    assert [record.place.row for record in records] == [1]
    [one] = over
    assert one.place.row == 2
    assert one[1:] == ("goes with row 2, which it is merged with", "Second update")


def test_a_heading_merged_across_columns_stays_one_cell() -> None:
    heading = [None, "Housing audits", None, None, None]
    records, over = read(RECORD, heading, RECORD, merged=(((2, 1), (2, 4)),))
    assert [record.place.row for record in records] == [1, 3]
    assert over == [PassedOver(RowPlace("Tracker", 2), "a heading or a note", "Housing audits")]


def test_what_is_merged_both_ways_is_a_value_of_its_first_column() -> None:
    rows = [["Payroll", None, "a"], [None, None, "b"]]
    whole = filled(Sheet("T", rows, merged=(((0, 0), (1, 1)),)))
    assert [list(row) for row in whole.rows] == [["Payroll", None, "a"], ["Payroll", None, "b"]]
    assert whole.merged == ()
    assert rows[1] == [None, None, "b"]


def test_a_header_merged_downwards_is_not_repeated_in_the_table() -> None:
    one = Sheet("T", [["Ref"], [None], ["A1"]], merged=(((0, 0), (1, 0)),))
    assert filled(one, below=1).rows == [["Ref"], [None], ["A1"]]


def test_what_was_unread_is_so_in_every_row_it_covers() -> None:
    one = Sheet("T", [[None], [], ["x"]], merged=(((0, 0), (5, 0)),), unread={(0, 0): "#REF!"})
    assert filled(one).unread == {(row, 0): "#REF!" for row in range(3)}


def test_a_cell_that_could_not_be_read_is_not_nothing() -> None:
    records, _ = read(["A1", None, None], Action="#REF! is an error")
    assert [record.place.row for record in records] == [1]


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.sampled_from(["Total", "Ref", "Action", "-", "", "A1", "12", "Review leavers"]),
    st.text(max_size=5),
    st.integers(),
    st.dates(),
    st.booleans(),
    st.floats(),
)
CORNERS = st.tuples(*(st.integers(0, 8),) * 4)
SPANS = CORNERS.map(lambda c: ((min(c[:2]), min(c[2:])), (max(c[:2]), max(c[2:]))))


@given(st.lists(st.lists(CELLS, max_size=8), max_size=8), st.lists(SPANS, max_size=4))
def test_every_row_with_anything_in_it_is_a_record_or_is_passed_over_once(
    rows: list[list[Cell]], spans: list[Span]
) -> None:
    records, over = read(*rows, merged=tuple(spans))
    told = sorted([record.place.row for record in records] + [one.place.row for one in over])
    filled_rows = [n for n, row in enumerate(rows, 1) if any(cell is not None for cell in row)]
    assert told == filled_rows
    for one in over:
        cells = rows[one.place.row - 1][:5]
        texts = {c: cell for c, cell in enumerate(cells) if isinstance(cell, str)}
        real = [text for text in texts.values() if text.strip() not in ("", "-", "?", "–", "—")]
        assert len(real) < 2 or one.why in ("a total", "the header again"), one


def test_what_is_passed_over_is_said_once_for_each_reason() -> None:
    over = [
        PassedOver(RowPlace("Open", row), why)
        for row, why in ((3, "a total"), (7, "a note"), (4, "a total"), (9, "a total"))
    ]
    assert say_passed_over(over) == [
        "passed over (a total): rows 4-5 and 10 of Open",
        "passed over (a note): row 8 of Open",
    ]
    assert say_passed_over([]) == []


def test_many_rows_are_named_as_runs_and_the_rest_counted() -> None:
    odd = [RowPlace("Open", row) for row in range(0, 1044, 2)]
    assert say_rows([*odd, RowPlace("Closed", 1)]) == (
        "rows 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 510 more of Open and row 2 of Closed"
    )
    assert say_rows(odd[:12]).endswith("19, 21 and 23 of Open")
    assert [column_letters(column) for column in (0, 25, 26, 701, 702, 16_383)] == [
        *("A", "Z", "AA", "ZZ", "AAA", "XFD")
    ]
    assert cell_name(11, 27) == "AB12"


FINDINGS = Layout(
    0, 0, ("Audit", "High findings", "No. of Medium", "Low risk", "Low", "Number of findings"),
    {"name": 0}, {"name": "x"}, untaken={1: "no dates", 5: "no dates"},
)  # fmt: skip


def test_findings_are_in_a_column_for_each_priority() -> None:
    told = with_findings(FINDINGS, "findings", ("High", "Medium", "Low"))
    assert told == FINDINGS._replace(
        columns={"name": 0, "findings": 1},
        reasons={"name": "x", "findings": "its headers are High, Medium and Low"},
        untaken={5: "no dates"},
        parts={"findings": (1, 2, 3)},
    )
    assert told.taken == {0: ["name"], 1: ["findings"], 2: ["findings"], 3: ["findings"]}


def test_findings_need_a_free_column_for_each_priority_and_a_field_without_one() -> None:
    assert with_findings(FINDINGS, "findings", ("High", "Urgent")) == FINDINGS
    assert with_findings(FINDINGS, "name", ("High", "Low")) == FINDINGS
    taken = FINDINGS._replace(columns={"name": 0, "detail": 1, "status": 2})
    assert with_findings(taken, "findings", ("High", "Medium")) == taken
    less = taken._replace(columns={"name": 0, "detail": 3})
    assert with_findings(less, "findings", ("High", "Low")).parts == {"findings": (1, 4)}


def test_a_column_is_named_with_its_label_if_it_has_one() -> None:
    assert (named(LAYOUT, 1), named(LAYOUT._replace(labels=("", "")), 1)) == (
        "column B (Audit)",
        "column B",
    )
