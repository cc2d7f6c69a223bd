"""Where the header of a tracker is, and which column each field is taken from."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns import FIELDS
from irbtrack.domain.nouns.action import ACTION
from irbtrack.domain.tracker.header_words import words_of
from irbtrack.domain.tracker.headers import find_layout, layout_at, own_layout
from irbtrack.domain.tracker.layout import Layout, with_columns
from irbtrack.domain.tracker.sheet import Cell, Sheet, Span, column_letters
from irbtrack.errors import Misused

KNOWN = {
    Holds.PRIORITY: {"high", "medium", "low"},
    Holds.STATUS: {"complete", "overdue", "not due", "in progress", "open"},
    Holds.DIRECTORATE: {"finance", "housing", "children's services"},
    Holds.OFFICER: {"head of finance", "head of housing", "payroll manager", "chief auditor"},
    Holds.AUDIT: {"payroll", "council tax", "tenancy fraud"},
    Holds.RAG: {"r", "a", "g", "c", "red", "amber", "green"},
    Holds.TREND: {"up", "same", "down"},
}


def fits(field: Field, cell: Cell) -> bool:
    """Whether a cell is of a register with these scales, directorates, posts and audits."""
    text = str(cell).strip().casefold()
    if field.holds in KNOWN:
        return text in KNOWN[field.holds]
    if field.holds is Holds.DATE:
        return isinstance(cell, date) or re.fullmatch(r"\d\d?/\d\d?/\d{2,4}", text) is not None
    if field.holds is Holds.YEAR:
        return re.fullmatch(r"(20)?\d\d[/-]\d\d", text) is not None
    if field.holds is Holds.NUMBER:
        return isinstance(cell, int | float)
    if field.holds is Holds.CHOICE:
        return text in {choice.casefold() for choice in field.choices}
    return field.holds not in (Holds.CLASSIFICATION, Holds.FINDINGS)


def sheet(*rows: list[Any], merged: tuple[str, ...] = ()) -> Sheet:
    """A sheet of rows, with merged cells called as in ``B1:D1``."""
    return Sheet("Tracker", rows, merged=tuple(span(name) for name in merged))


def span(name: str) -> Span:
    found = re.fullmatch(r"([A-Z])(\d+):([A-Z])(\d+)", name)
    assert found
    left, top, right, bottom = found.groups()
    return (int(top) - 1, ord(left) - 65), (int(bottom) - 1, ord(right) - 65)


def taken(layout: Layout | None) -> dict[str, str]:
    """The label of the column that each field is taken from."""
    assert layout is not None
    return {name: layout.labels[column] for name, column in layout.columns.items()}


def found(one: Sheet, noun: str = "action") -> Layout:
    layout = find_layout(one, FIELDS[noun], fits)
    assert layout is not None
    return layout


HEADER = ["Rec No.", "Audit Title", "Agreed Action", "Priority", "Responsible Officer", "Due Date"]
ROWS = [
    [1, "Payroll", "Review leavers monthly", "High", "Payroll Manager", date(2023, 6, 30)],
    [2, "Payroll", "Check overtime claims", "Low", "Payroll Manager", date(2023, 9, 30)],
    [3, "Council Tax", "Reconcile refunds", "Medium", "Head of Finance", date(2024, 1, 31)],
    [4, "Council Tax", "Write off old debts", "Low", "Head of Finance", date(2024, 3, 31)],
]
PLAIN = {
    "ref": "Rec No.",
    "audit": "Audit Title",
    "title": "Agreed Action",
    "priority": "Priority",
    "owner": "Responsible Officer",
    "due_on": "Due Date",
}


def test_a_plain_table_has_its_header_in_the_first_row() -> None:
    layout = found(sheet(HEADER, *ROWS))
    assert (layout.first, layout.last, layout.own) == (0, 0, False)
    assert taken(layout) == PLAIN
    assert layout.reasons["title"] == "its header is Agreed Action"


def test_title_lines_and_empty_columns_before_the_table_are_no_header() -> None:
    layout = found(
        sheet(
            ["Internal Audit Action Tracker"],
            [None, "Position as at", date(2023, 10, 31), None, "Audit Committee"],
            [],
            [None, None, *HEADER],
            *([None, None, *row] for row in ROWS),
            merged=("A1:H1",),
        )
    )
    assert (layout.first, layout.last) == (3, 3)
    assert taken(layout) == PLAIN
    assert layout.columns["ref"] == 2


def test_line_breaks_and_spaces_in_a_header_do_not_matter() -> None:
    layout = found(
        sheet([" rec \n no. ", "AUDIT\u00a0TITLE", "Agreed\nAction ", "priority:", "Due  date"])
    )
    assert layout.labels == ("rec no.", "AUDIT TITLE", "Agreed Action", "priority:", "Due date")
    assert set(layout.columns) == {"ref", "audit", "title", "priority", "due_on"}


def test_a_group_merged_over_two_dates_makes_a_header_of_two_lines() -> None:
    layout = found(
        sheet(
            ["Ref", "Action", "Priority", "Dates", None, "Owner"],
            [None, None, None, "Original", "Revised", None],
            ["A1", "Review leavers", "High", date(2023, 6, 30), date(2023, 9, 30), "Post"],
            merged=("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"),
        )
    )
    assert (layout.first, layout.last) == (0, 1)
    assert layout.labels[3:5] == ("Dates Original", "Dates Revised")
    assert taken(layout) == {
        "ref": "Ref",
        "title": "Action",
        "priority": "Priority",
        "original_due_on": "Dates Original",
        "due_on": "Dates Revised",
        "owner": "Owner",
    }


def test_groups_are_seen_where_a_file_has_lost_its_merged_cells() -> None:
    layout = found(
        sheet(
            ["Ref", "Action", "Target date", None, "Owner"],
            [None, None, "Original", "Revised", None],
            ["A1", "Review leavers", date(2023, 6, 30), date(2023, 9, 30), "Payroll Manager"],
        )
    )
    assert (layout.first, layout.last) == (0, 1)
    assert taken(layout)["original_due_on"] == "Target date Original"
    assert taken(layout)["due_on"] == "Target date Revised"


def test_a_line_of_groups_above_whole_headers_is_a_line_of_the_header() -> None:
    layout = found(
        sheet(
            ["Action Tracker"],
            [None, None, None, "Dates", None, "Management", None, "Audit", None],
            [
                "Ref",
                "Action",
                "Priority",
                "Original",
                "Revised",
                "Status",
                "Date",
                "Status",
                "Date",
            ],
            ["A1", "Review leavers", "High", date(2023, 6, 30), None, "Open", None, None, None],
            merged=("D2:E2", "F2:G2", "H2:I2"),
        )
    )
    assert (layout.first, layout.last) == (1, 2)
    assert layout.labels[5:] == (
        "Management Status",
        "Management Date",
        "Audit Status",
        "Audit Date",
    )
    assert taken(layout)["original_due_on"] == "Dates Original"
    assert taken(layout)["due_on"] == "Dates Revised"


def test_a_title_just_above_the_header_is_no_line_of_it() -> None:
    layout = found(sheet(["Internal Audit Actions"], HEADER, *ROWS, merged=("A1:F1",)))
    assert (layout.first, layout.last) == (1, 1)
    assert layout.labels == tuple(HEADER)


def test_a_header_merged_over_two_rows_without_groups_ends_in_the_second() -> None:
    merged = tuple(f"{letter}1:{letter}2" for letter in "ABCDEF")
    layout = found(sheet(HEADER, [], *ROWS, merged=merged))
    assert (layout.first, layout.last, layout.labels) == (0, 1, tuple(HEADER))


def test_the_first_record_is_no_second_line() -> None:
    layout = found(
        sheet(
            ["Ref", "Action", None, None, "Owner"],
            ["A1", "Review leavers", "each month", "at most", "Head of Finance"],
        )
    )
    assert (layout.first, layout.last) == (0, 0)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("above", [[], [["Action Tracker"], []]])
def test_headers_may_stand_in_either_of_two_lines_without_merged_cells(
    above: list[list[Any]], swapped: bool
) -> None:
    one = ["Ref", None, "Remarks", None, None, None]
    other = [None, "Agreed action", None, "Owner", "Priority", "Progress"]
    lines = (
        [[*other, "Target"], [*one, "date"]] if swapped else [[*one, "Target"], [*other, "date"]]
    )
    rows = [[n, f"Do {n}", "x", "Head of Finance", "High", "Begun", "30/06/23"] for n in range(4)]
    layout = found(sheet(*above, *lines, *rows))
    assert (layout.first, layout.last) == (len(above), len(above) + 1)
    assert layout.labels[2] == "Remarks"
    assert taken(layout) == {
        "ref": "Ref",
        "title": "Agreed action",
        "priority": "Priority",
        "owner": "Owner",
        "due_on": "Target date",
        "progress": "Progress",
    }


def test_a_title_above_a_numbered_column_without_a_header_is_no_line_of_the_header() -> None:
    rows = [[n, *row] for n, row in enumerate(ROWS, 1)]
    layout = found(sheet(["Tracker of the council"], [None, *HEADER], *rows))
    assert (layout.first, layout.labels[0]) == (1, "")
    assert layout.untaken == {0: "it has no header"}


def test_repeated_headers_are_numbered_and_never_alike() -> None:
    layout = found(sheet(["Ref", "Action", "Update", "update", "Update (2)", "Update", None, None]))
    assert layout.labels == (
        *("Ref", "Action", "Update", "update (3)", "Update (2)", "Update (4)"),
        *("", ""),
    )


def test_an_export_of_the_program_goes_by_its_names() -> None:
    names = [field.name for field in ACTION]
    layout = found(sheet(names, ["x"] * len(names)))
    assert list(layout.columns) == names
    assert list(layout.columns.values()) == list(range(len(names)))
    assert (layout.last, layout.own) == (0, False)
    assert layout.reasons["due_on"] == "its name is due_on"


@pytest.mark.parametrize("noun", sorted(FIELDS))
def test_the_labels_of_the_program_are_its_fields(noun: str) -> None:
    fields = FIELDS[noun]
    layout = found(sheet([field.label for field in fields]), noun)
    assert layout.columns == {field.name: column for column, field in enumerate(fields)}


def test_an_own_workbook_goes_by_its_first_row_whatever_became_of_the_labels() -> None:
    layout = found(
        sheet(
            ["due_on", "ref", None, "title", "priority", "ref"],
            ["Original due", "Ref", "Owner", "What we do", "Priority", "Copy"],
            [date(2023, 6, 30), "A1", "Head of Finance", "Review leavers", "High", "A1"],
        )
    )
    assert layout.own
    assert (layout.first, layout.last) == (0, 1)
    assert layout.columns == {"due_on": 0, "ref": 1, "title": 3, "priority": 4}
    assert layout.labels[3] == "What we do"
    assert layout.untaken == {5: "its name is ref, as is that of column B"}


def test_original_and_revised_dates_go_where_they_belong_in_any_order() -> None:
    days = [date(2023, 6, 30), date(2023, 9, 30)]
    for header, original, due in [
        (["Revised Due Date", "Original Due Date"], 1, 0),
        (["Due date", "Revised date"], 0, 1),
        (["Target date (revised)", "Target date (original)"], 1, 0),
        (["Implementation date", "Extended implementation date"], 0, 1),
        (["Agreed date", "Due"], 0, 1),
    ]:
        layout = found(sheet([*header, "Ref", "Action"], [*days, "A1", "Review leavers"]))
        assert layout.columns["original_due_on"] == original, header
        assert layout.columns["due_on"] == due, header


def test_a_lone_date_that_says_it_is_the_original_one_stays_so() -> None:
    header = ["Ref", "Action", "Original due date"]
    layout = found(sheet(header, ["A1", "Review leavers", date(2023, 6, 30)]))
    assert taken(layout)["original_due_on"] == "Original due date"
    assert "due_on" not in layout.columns


@pytest.mark.parametrize("header", ["Agreed date", "Deadline", "Expected date of completion"])
def test_a_lone_date_is_the_due_date(header: str) -> None:
    layout = found(sheet(["Ref", "Action", header], ["A1", "Review leavers", date(2023, 6, 30)]))
    assert taken(layout)["due_on"] == header
    assert "original_due_on" not in layout.columns


def test_a_revised_date_with_hardly_a_date_is_none() -> None:
    texts = ["see minutes", "extended once", "agreed by the board", "none given"]
    layout = found(
        sheet([*HEADER, "Revised date"], *([*row, t] for row, t in zip(ROWS, texts, strict=True)))
    )
    assert taken(layout)["due_on"] == "Due Date"
    assert layout.untaken[6].startswith("its header may mean Due, but its cells are see minutes")


def test_a_completion_date_beside_the_actual_one_is_when_it_is_due() -> None:
    header = ["Ref", "Action", "Completion date", "Actual completion date"]
    layout = found(sheet(header, ["A1", "Review leavers", date(2023, 6, 30), date(2023, 9, 30)]))
    assert (layout.columns["due_on"], layout.columns["completed_on"]) == (2, 3)
    assert taken(found(sheet(header[:3])))["completed_on"] == "Completion date"


def test_a_second_revision_is_said_not_to_be_taken() -> None:
    layout = found(sheet(["Ref", "Action", "Due date", "Revised date 1", "Revised date 2"]))
    assert taken(layout)["original_due_on"] == "Due date"
    assert taken(layout)["due_on"] == "Revised date 1"
    assert layout.untaken == {4: "its header may mean Due, but that is taken from column D"}


def test_a_table_of_counts_is_no_tracker() -> None:
    header = ["Activity", "Report date", "Assurance", "Total recs", "High due", "Not due"]
    counts = [["Car parks", date(2023, 1, 10), "Limited", 5, 3, 1]] * 4
    assert find_layout(sheet(header, *counts), ACTION, fits) is None


@pytest.mark.parametrize("label", ["Completed", "Verified", "Closed"])
def test_a_yes_is_not_a_day(label: str) -> None:
    layout = found(sheet([*HEADER, label], *([*row, "Yes"] for row in ROWS)))
    assert taken(layout) == PLAIN


@pytest.mark.parametrize(
    ("header", "words"),
    [("Priority", ["P1", "P2", "P1", "P3"]), ("Priority rating", ["Fundamental", "Minor"] * 2)],
)
def test_other_words_for_a_scale_are_still_of_it(header: str, words: list[str]) -> None:
    rows = [["A", "Review leavers", word] for word in words]
    assert taken(found(sheet(["Ref", "Action", header], *rows)))["priority"] == header


def test_a_category_of_something_else_is_not_the_priority() -> None:
    rows = [["A", "Review leavers", category] for category in ("IT", "People", "Money", "IT")]
    layout = found(sheet(["Ref", "Action", "Category"], *rows))
    assert "priority" not in layout.columns
    assert layout.untaken[2] == "its header may mean Priority, but its cells are IT, People, Money"
    rows = [["A", "Review leavers", category] for category in ("High", "Low", "Low", "P1")]
    assert taken(found(sheet(["Ref", "Action", "Category"], *rows)))["priority"] == "Category"


@pytest.mark.parametrize("header", ["Current Position", "Latest update", "Answer"])
def test_a_column_of_statuses_is_the_status_whatever_its_header_says(header: str) -> None:
    statuses = ["Overdue", "Complete", "Overdue", "Not due", "Complete"]
    rows = [[f"A{n}", f"Review leavers {n}", one] for n, one in enumerate(statuses)]
    layout = found(sheet(["Ref", "Action", header], *rows))
    assert taken(layout)["status"] == header
    better = [[*row, "Complete"] for row in rows]
    assert taken(found(sheet(["Ref", "Action", header, "Status"], *better)))["status"] == "Status"
    two = [[*row, row[-1]] for row in rows]
    assert "status" not in taken(found(sheet(["Ref", "Action", header, "Reply"], *two)))
    prose = [
        [*row[:-1], f"We have asked the team to do it by {n} May"] for n, row in enumerate(rows)
    ]
    assert "status" not in taken(found(sheet(["Ref", "Action", header], *prose)))


MORE = {
    "Allocated to": ("owner", ["Head of Finance"] * 5),
    "Responsible party": ("owner", ["A post that nobody knows"] * 5),
    "Agency": ("directorate", ["Police", "Fire", "Police", "Fire", "Police"]),
    "Queue": ("directorate", ["Roads", "Roads", "Trees", "Trees", "Trees"]),
    "Opened": ("raised_on", ["30/06/23"] * 5),
    "Made": ("raised_on", ["30/06/23"] * 5),
    "Recipient": ("directorate", ["Police", "Fire", "Police", "Fire", "Police"]),
    "Inquiry": ("audit", ["Q7", "Q7", "Q8", "Q8", "Q8"]),
    "Person in charge": ("owner", ["A post that nobody knows"] * 5),
    "Expected_Resolution": ("due_on", ["30/06/23"] * 5),
    "Closing Date": ("completed_on", ["30/06/23"] * 5),
    "Resolution": ("completed_on", ["30/06/23"] * 5),
    "finding_summary": ("detail", ["May fail", "May burn", "May leak", "May end", "May go"]),
    "mitigation": ("title", ["Check it", "Fence it", "Seal it", "Renew it", "Keep it"]),
    "Date for resolution": ("due_on", ["30/06/23"] * 5),
    "Target": ("due_on", ["30/06/23"] * 5),
    "Action date": ("due_on", ["30/06/23"] * 5),
    "Scheduled completion date": ("due_on", ["30/06/23"] * 5),
    "Date resolved": ("completed_on", ["30/06/23"] * 5),
    "Risk description": ("detail", ["May fail", "May burn", "May leak", "May end", "May go"]),
    "Mitigation plan": ("title", ["Check it", "Fence it", "Seal it", "Renew it", "Keep it"]),
    "Task description": ("title", ["Check it", "Fence it", "Seal it", "Renew it", "Keep it"]),
}


@pytest.mark.parametrize("header", MORE)
def test_headers_that_trackers_have_are_known(header: str) -> None:
    name, cells = MORE[header]
    rows = [[f"A{n}", "Low", cell] for n, cell in enumerate(cells)]
    assert taken(found(sheet(["Ref", "Priority", header], *rows)))[name] == header


@pytest.mark.parametrize(
    ("header", "cells", "why"),
    [
        ("Control number", ["AC-2", "AC-2", "AU-6"], "may mean Ref, but its cells are AC-2, AU-6"),
        ("Category", [None, "-", None], "may mean Priority, but its cells are empty"),
        ("Target", ["95%", "Nine in ten", "80%"], "may mean Due, but its cells are 95%"),
        ("Reason", ["Money"] * 3, "may mean Reason for a change, but its cells are Money"),
        (
            "Main issue",
            ["Written procedures", "Training of staff", "Checks"],
            "may mean Detail, but its cells are Written procedures",
        ),
        ("Resolution", ["Told them", "Paid it", "Left"], "may mean Completed, but its cells"),
    ],
)
def test_a_header_whose_cells_do_not_fit_is_not_taken(
    header: str, cells: list[Cell], why: str
) -> None:
    rows = [["Review leavers", "Low", "Head of Finance", cell] for cell in cells * 5]
    layout = found(sheet(["Agreed action", "Priority", "Owner", header], *rows))
    assert 3 not in layout.columns.values()
    assert why in layout.untaken[3]


def test_addresses_of_web_pages_are_no_references() -> None:
    rows = [[n, "Review leavers", f"https://example.org/weaknesses/{n}/of-all.html"] for n in "123"]
    layout = found(sheet(["ID", "Agreed action", "Reference"], *rows))
    assert taken(layout)["ref"] == "ID"


def test_an_auditor_is_not_who_verified() -> None:
    rows = [["A", "Review leavers", "High", "Chief Auditor"]]
    assert 3 not in found(sheet(["Ref", "Action", "Priority", "Auditor"], *rows)).columns.values()


@pytest.mark.parametrize("header", ["Impact rating", "Residual risk rating", "Residual score"])
def test_a_rating_of_one_side_of_a_risk_is_no_priority(header: str) -> None:
    rows = [["A", "Review leavers", cell] for cell in ("High", "Low", "Medium", "High")]
    layout = found(sheet(["Ref", "Agreed action", header], *rows))
    assert "priority" not in layout.columns
    assert layout.untaken[2] == "it may be Priority, but its header is of one side of a risk"


def test_a_title_that_many_rows_share_is_their_audit_if_another_column_tells_them_apart() -> None:
    rows = [["Payroll", f"Do {n}", "High"] for n in range(6)]
    layout = found(sheet(["Title", "Recommendation", "Priority"], *rows))
    assert taken(layout) == {"title": "Recommendation", "audit": "Title", "priority": "Priority"}
    rows = [[f"Do {n}", f"Since {n} failed", "High"] for n in range(6)]
    layout = found(sheet(["Title", "Recommendation", "Priority"], *rows))
    assert taken(layout) == {"title": "Title", "detail": "Recommendation", "priority": "Priority"}


def test_what_cells_a_column_holds_is_seen_in_the_whole_of_a_long_sheet() -> None:
    rows = [[f"Do {n}", "High", "30/06/23" if n > 500 else None] for n in range(1_000)]
    assert taken(found(sheet(["Action", "Priority", "Target"], *rows)))["due_on"] == "Target"


def test_a_status_of_sentences_is_progress() -> None:
    said = "The new procedure has been written and is with the union for comment"
    rows = [["A", "Review leavers", said] for _ in range(4)]
    assert taken(found(sheet(["Ref", "Action", "Current status"], *rows))) == {
        "ref": "Ref",
        "title": "Action",
        "progress": "Current status",
    }


def test_a_risk_that_is_high_or_low_is_the_priority_and_not_the_detail() -> None:
    rows = [["A", "Review leavers", risk] for risk in ("High", "Low", "Low", "Medium")]
    layout = found(sheet(["Ref", "Action", "Risk"], *rows))
    assert taken(layout) == {"ref": "Ref", "title": "Action", "priority": "Risk"}
    assert layout.reasons["priority"] == "its cells are of Low, High, Medium"


def test_a_column_without_a_telling_header_is_known_by_its_cells() -> None:
    header = ["Ref", "Action", "Grp", None, "H/M/L", "Cycle", "Lead post", "Cttee"]
    rows: list[list[Any]] = [
        [n, "Do it", "Finance", "Payroll", "High", "22/23", "Head of Finance", "Audit"]
        for n in range(5)
    ]
    layout = found(sheet(header, *rows))
    columns = {"directorate": 2, "audit": 3, "priority": 4, "year": 5, "owner": 6}
    assert layout.columns == columns | {"ref": 0, "title": 1}
    assert layout.reasons["directorate"] == "its cells are of Finance"


def test_two_columns_that_are_as_good_are_left_to_be_said() -> None:
    rows = [["A", "Do it", "High", "Low"] for _ in range(5)]
    layout = found(sheet(["Ref", "Action", "Inherent", "Residual"], *rows))
    assert "priority" not in layout.columns
    assert layout.untaken == dict.fromkeys((2, 3), "it may be Priority, but so may another")


@pytest.mark.parametrize(
    "header",
    [
        *("Action by", "Status date", "Date of last update", "Number of actions"),
        *("Days since due date", "Committee date", "Service name", "Raised by"),
    ],
)
def test_a_word_of_a_field_is_not_the_field(header: str) -> None:
    layout = found(sheet(["Ref", "Agreed action", header]))
    assert set(layout.columns) - {"owner"} == {"ref", "title"}


def test_the_nearer_of_two_headers_is_taken_and_the_other_said() -> None:
    layout = found(sheet(["Ref", "Recommendation", "Agreed action", "Due date", "Deadline"]))
    assert taken(layout)["title"] == "Agreed action"
    assert taken(layout)["detail"] == "Recommendation"
    assert layout.untaken == {4: "its header may mean Due, but that is taken from column D"}


def test_a_fuller_table_further_down_is_not_the_table() -> None:
    rows = [HEADER, *ROWS, [], [*HEADER, "Date completed"], *ROWS]
    assert found(sheet(*rows)).first == 0


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [["Priority", "What it means"], ["High", "Within three months"]],
        [["Notes for users"], ["Please give an update each month, with the status and owner"]],
        ROWS,
    ],
)
def test_a_sheet_without_a_header_has_no_layout(rows: list[list[Any]]) -> None:
    assert find_layout(sheet(*rows), ACTION, fits) is None


def test_a_header_may_be_named_by_either_of_its_lines() -> None:
    one = sheet(
        ["Ref", "Action", "Dates", None],
        [None, None, "Original", "Revised"],
        ["A1", "Review leavers", date(2023, 6, 30), date(2023, 9, 30)],
        merged=("C1:D1",),
    )
    layout = layout_at(one, 0, ACTION, fits)
    assert layout == layout_at(one, 1, ACTION, fits) == find_layout(one, ACTION, fits)


def test_a_header_that_is_named_need_not_say_a_field() -> None:
    layout = layout_at(sheet(["Foo", "Bar"], ["a", "b"]), 0, ACTION, fits)
    assert (layout.labels, layout.columns) == (("Foo", "Bar"), {})


@pytest.mark.parametrize("row", [1, 7, -1])
def test_an_empty_row_is_no_header(row: int) -> None:
    with pytest.raises(Misused, match=rf"^row {row + 1} of sheet 'Tracker' is empty; give the row"):
        layout_at(sheet(HEADER, [None, " "]), row, ACTION, fits)


LAYOUT = Layout(
    first=0,
    last=0,
    labels=("Ref", "Agreed Action", "When", "When (2)", ""),
    columns={"ref": 0, "title": 1},
    reasons={"ref": "r", "title": "t"},
)


@pytest.mark.parametrize(
    ("text", "column"),
    [("when", 2), (" WHEN  (2)", 3), ("agreed action", 1), ("E", 4), ("e", 4), ("b", 1)],
)
def test_a_column_is_given_by_its_header_or_its_letters(text: str, column: int) -> None:
    layout = with_columns(LAYOUT, {"due_on": text}, ACTION)
    assert layout.columns["due_on"] == column
    assert layout.reasons["due_on"] == "you said so"
    assert ("title" in layout.columns) == (column != 1)


def test_nothing_takes_a_field_away_and_labels_name_fields_too() -> None:
    layout = with_columns(LAYOUT, {"title": "", "Original due": "When"}, ACTION)
    assert layout.columns == {"ref": 0, "original_due_on": 2}
    assert layout.reasons == {"ref": "r", "original_due_on": "you said so"}


def test_what_was_in_doubt_of_a_given_column_or_field_is_settled() -> None:
    doubtful = LAYOUT._replace(
        untaken={2: "no dates", 3: "no dates"}, doubted={"owner": 2, "status": 3, "due_on": 4}
    )
    layout = with_columns(doubtful, {"due_on": "When"}, ACTION)
    assert layout.untaken == {3: "no dates"}
    assert layout.doubted == {"status": 3}


def test_a_column_far_out_is_given_by_its_letters() -> None:
    wide = LAYOUT._replace(labels=("",) * 800)
    assert with_columns(wide, {"due_on": "abc"}, ACTION).columns["due_on"] == 730
    assert column_letters(730) == "ABC"


def test_of_many_headers_the_first_are_named() -> None:
    many = LAYOUT._replace(labels=tuple(f"Header {n:,}" for n in range(1013)))
    with pytest.raises(Misused) as refused:
        with_columns(many, {"title": "Zebra"}, ACTION)
    named = ", ".join(f"'Header {n}'" for n in range(12))
    assert str(refused.value) == (
        f"no header 'Zebra' to take title from; the headers are {named} and 1,001 more"
    )


def test_a_column_may_be_given_to_several_fields() -> None:
    layout = with_columns(LAYOUT, {"title": "When", "detail": "C"}, ACTION)
    assert (layout.columns["title"], layout.columns["detail"]) == (2, 2)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"title": "Agred action"},
            "no header 'Agred action' to take title from; did you mean 'Agreed Action'?",
        ),
        (
            {"title": "Zebra"},
            "no header 'Zebra' to take title from; the headers are"
            " 'Ref', 'Agreed Action', 'When' and 'When (2)'",
        ),
        ({"titel": "When"}, "no field 'titel'; did you mean 'title'?"),
    ],
)
def test_what_is_not_there_cannot_be_given(asked: dict[str, str], message: str) -> None:
    with pytest.raises(Misused) as refused:
        with_columns(LAYOUT, asked, ACTION)
    assert str(refused.value) == message


def test_letters_beyond_the_sheet_are_no_column() -> None:
    with pytest.raises(Misused, match="no header 'F'"):
        with_columns(LAYOUT, {"due_on": "F"}, ACTION)


def test_words_are_known_however_they_are_written() -> None:
    assert words_of("Council's Priorities") == ("council", "priority")
    assert words_of("original_due_on") == ("original", "due", "on")


COLUMNS = [
    ("Ref", ["A1", "A2", "A3", "A4"]),
    ("Agreed action", ["Review leavers", "Check claims", "Reconcile", "Write off"]),
    ("Finding", ["Leavers were paid", "No check", "Not done", "Old debts"]),
    ("Risk rating", ["High", "Low", "Low", "P1"]),
    ("Grp", ["Finance", "Housing", "Finance", "Finance"]),
    ("Lead officer", ["Head of Finance", "Head of Housing", "Interim post", None]),
    ("Due date", [date(2023, 6, 30), date(2023, 9, 30), None, "TBC"]),
    ("Revised date", [None, date(2023, 12, 31), None, None]),
    ("Completed?", ["Yes", "No", "No", "No"]),
    ("Comments", ["Under way", None, None, "Late"]),
    ("Board", ["x", "y", "z", None]),
]


@given(
    st.permutations(COLUMNS),
    st.integers(0, 5),
    st.integers(0, 4),
    st.lists(st.none(), max_size=3),
)
def test_columns_may_stand_in_any_order_and_anywhere(
    columns: list[tuple[str, list[Any]]], above: int, before: int, after: list[None]
) -> None:
    rows = [[None] * before + [h for h, _ in columns] + after]
    rows += [[None] * before + [cells[n] for _, cells in columns] for n in range(4)]
    layout = found(sheet(*([] for _ in range(above)), *rows))
    assert taken(layout) == {
        "ref": "Ref",
        "title": "Agreed action",
        "detail": "Finding",
        "priority": "Risk rating",
        "directorate": "Grp",
        "owner": "Lead officer",
        "original_due_on": "Due date",
        "due_on": "Revised date",
        "progress": "Comments",
    }
    assert layout.first == layout.last == above


WORDS = sorted({word for fields in FIELDS.values() for f in fields for word in (f.name, *f.words)})
CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from([*WORDS, "High", "Finance", "Original", ""]),
    st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(),
)  # fmt: skip
CORNERS = st.tuples(*(st.integers(0, 6),) * 4)
SPANS = CORNERS.map(lambda c: ((min(c[:2]), min(c[2:])), (max(c[:2]), max(c[2:]))))


@given(
    st.lists(st.lists(CELLS, max_size=7), max_size=7),
    st.lists(SPANS, max_size=4),
    st.sampled_from(sorted(FIELDS)),
)
def test_whatever_a_sheet_holds_no_column_is_taken_twice(
    rows: list[list[Cell]], merged: list[Span], noun: str
) -> None:
    one = Sheet("Any", rows, merged=tuple(merged))
    layouts = [find_layout(one, FIELDS[noun], fits)]
    layouts += [
        layout_at(one, n, FIELDS[noun], fits)
        for n, row in enumerate(rows)
        if any(str(cell or "").strip() for cell in row)
    ]
    for layout in filter(None, layouts):
        columns = list(layout.columns.values())
        assert len(set(columns)) == len(columns)
        assert set(columns) <= set(range(len(layout.labels)))
        assert set(layout.reasons) == set(layout.columns)
        assert layout.untaken.keys().isdisjoint(columns)
        labels = [label.casefold() for label in layout.labels if label]
        assert len(set(labels)) == len(labels)
        assert 0 <= layout.first <= layout.last


def test_a_sheet_of_our_own_is_laid_out_by_its_names_whatever_its_labels_say() -> None:
    rows: list[list[Cell]] = [
        ["ref", "title", None, "ref"], ["No.", "What", "Notes", "No."], ["A1", "x", 1, 2, 3]
    ]  # fmt: skip
    assert own_layout(Sheet("Actions", rows), ACTION) == Layout(
        0,
        1,
        ("No.", "What", "Notes", "No. (2)", ""),
        {"ref": 0, "title": 1},
        {"ref": "its name is ref", "title": "its name is title"},
        {3: "its name is ref, as is that of column A"},
        own=True,
    )
    for others in (rows[:1], [], [[None], ["Ref"]], [["ref", "Title"], ["Ref", "Title"]]):
        assert own_layout(Sheet("Actions", others), ACTION) is None
