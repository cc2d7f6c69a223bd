"""Made-up trackers of audit actions, one for each shape that councils keep theirs in.

Each is made by another library than the one that reads it. Posts go by their titles, and no
council, audit or action is a real one.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font
from shared.spreadsheets import csv_of, json_of, ods_of, parts_of, saved, xls_of, xlsx_of, zip_of

Rows = list[list[Any]]

_ = None


def make(name: str, folder: Path) -> Path:
    """The tracker of that name, made in a folder."""
    path = folder / name
    path.write_bytes(TRACKERS[name]())
    return path


# What all files of 'plain' say, whatever they are written as.

PLAIN_HEADERS = ["Ref", "Audit", "Year", "Agreed action", "Priority", "Directorate", "Owner",
                 "Date raised", "Due date", "Status", "Date completed",
                 "Latest update"]  # fmt: skip

PLAIN: Rows = [
    ["T-01", "Council Tax", "23/24", "Reconcile the “suspense” account – each month", "High",
     "finance", "hs-revenues", date(2023, 5, 8), date(2023, 9, 30), "Overdue", _,
     "Two months of twelve are reconciled."],
    ["T-02", "Council Tax", "23/24", "Review every discount once a year", "Medium", "finance",
     "hs-revenues", date(2023, 5, 8), date(2024, 3, 31), "Not Due", _, _],
    ["T-03", "Gas Safety", "23/24", "Service each boiler within twelve months", "Low", "housing",
     "hs-repairs", date(2023, 6, 1), date(2023, 10, 31), "Complete", date(2023, 10, 20),
     "All of them, the café's too; see £-report"],
    ["T-04", "Gas Safety", "23/24", "Keep the certificates in one place", "Low", "housing", _,
     date(2023, 6, 1), _, "Not Allocated", _, _],
]  # fmt: skip


def _uk(rows: Sequence[Sequence[Any]]) -> Rows:
    """Dates as text, as a CSV from Excel has them in the UK."""
    return [[c.strftime("%d/%m/%Y") if isinstance(c, date) else c for c in row] for row in rows]


def _plain() -> Rows:
    return [PLAIN_HEADERS, *PLAIN]


def _macros() -> bytes:
    """A workbook that says it may hold macros; it has none."""
    parts = parts_of(xlsx_of({"Actions": _plain()}))
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = parts["[Content_Types].xml"]
    assert plain in types
    parts["[Content_Types].xml"] = types.replace(
        plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    return zip_of(parts)


# A tracker as committees see it: a cover, title lines, an empty first column, merged audit names,
# rows numbered in advance, subtotals, notes at the end, and the council's own words for statuses.

BOARD_HEADERS = ["Rec No.", "Audit", "Recommendation", "Agreed action", "Priority", "Dept",
                 "Responsible officer", "Report date", "Original target date", "Revised date",
                 "RAG", "Date completed", "Latest update"]  # fmt: skip

BOARD: Rows = [
    [1, "Council Tax", "The suspense account is not reconciled.",
     "Reconcile the suspense account each month", "P1", "Finance", "Head of Revenues",
     date(2022, 11, 14), date(2023, 3, 31), date(2023, 9, 30), "Not implemented", _,
     "Two months of twelve are reconciled."],
    [2, _, "Discounts are not reviewed.", "Review every discount once a year", "P2", "Finance",
     "Head of Revenues", date(2022, 11, 14), date(2024, 3, 31), _, "Not yet due", _, _],
    [3, _, "Write-offs lack approval.", "Have write-offs approved before they are made", "P3",
     "Finance", "Head of Revenues", date(2022, 11, 14), date(2023, 6, 30), _, "Implemented",
     date(2023, 6, 12), "Approved in committee"],
    ["Total Council Tax", _, _, _, _, 3, _, _, _, _, _, _, _],
    [4, "Gas Safety", "Some boilers were not serviced.",
     "Service each boiler within twelve months", "P1", "Housing",
     "Head of Repairs / Head of Assets", date(2023, 2, 6), date(2023, 8, 31), date(2023, 12, 31),
     "Partly implemented", _, "Nine in ten are done."],
    [5, _, "Certificates are kept in three places.", "Keep the certificates in one place", "P3",
     "Housing", "TBC", date(2023, 2, 6), "TBC", _, "Not allocated", _, "-"],
    ["Total Gas Safety", _, _, _, _, 2, _, _, _, _, _, _, _],
    [6, _, _, _, _, _, _, _, _, _, _, _, _],
    [7, _, _, _, _, _, _, _, _, _, _, _, _],
    [_] * 13,
    ["Dates are those agreed with the service.", *[_] * 12],
]  # fmt: skip


def _board() -> bytes:
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "Cover"
    cover["B2"] = "Example Borough Council"
    cover["B3"] = "Internal audit: tracker of recommendations"
    sheet = book.create_sheet("Actions 2223")
    sheet["B1"] = "Internal audit recommendations"
    sheet["B1"].font = Font(bold=True, size=16)
    sheet["B2"] = "As reported to the Audit Committee, November 2023"
    for row, cells in enumerate([BOARD_HEADERS, *BOARD], 4):
        for column, cell in enumerate(cells, 2):
            sheet.cell(row, column, cell)
    for first, last in ((5, 7), (9, 10)):
        sheet.merge_cells(start_row=first, end_row=last, start_column=3, end_column=3)
    lists = book.create_sheet("Lists")
    for row in (["Priority", "RAG"], ["P1", "Implemented"], ["P2", "Not implemented"]):
        lists.append(row)
    return saved(book)


# Groups over the second line of the header, and names that repeat.


def _two_lines() -> bytes:
    rows: Rows = [
        ["Ref", "Audit", "Agreed action", "Priority", "Directorate", "Owner", "Target date", _,
         "Completion", _, "Comments", "Comments"],
        [_, _, _, _, _, _, "Original", "Revised", "Date", "Evidence", _, _],
        ["T-01", "Payroll", "Check overtime before it is paid", "High", "finance", "hs-revenues",
         date(2023, 6, 30), date(2023, 12, 31), _, _, "Late for want of staff", "Audit agrees"],
        ["T-02", "Payroll", "Stop paying leavers on the day they leave", "Medium", "finance",
         "hs-revenues", date(2023, 9, 30), _, date(2023, 9, 4), "List of leavers", "Done", _],
    ]  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Follow up"
    for row in rows:
        sheet.append(row)
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:F2", "G1:H1", "I1:J1"):
        sheet.merge_cells(merged)
    return saved(book)


# Each way of writing a date that a tracker may hold, good ones and bad ones.

GOOD_DATES: list[tuple[Any, str | None]] = [
    (date(2024, 3, 31), "2024-03-31"),
    (datetime(2024, 3, 31, 14, 30), "2024-03-31"),  # noqa: DTZ001 - a cell has no zone
    (45382, "2024-03-31"),
    ("45382", "2024-03-31"),
    ("31/03/2024", "2024-03-31"),
    ("31.3.24", "2024-03-31"),
    ("31-Mar-24", "2024-03-31"),
    ("31st March 2024", "2024-03-31"),
    ("2024-03-31", "2024-03-31"),
    ("2024-03-31 00:00:00", "2024-03-31"),
    ("Mar-24", "2024-03-31"),
    ("February 2024", "2024-02-29"),
    ("31-Mar-24 (FOR REVIEW)", "2024-03-31"),
    ("TBC", None),
    ("N/A", None),
    ("-", None),
    (None, None),
]
"""What a cell of dates may hold, and the day that it is."""

BAD_DATES: list[Any] = ["Q2 2024", "Ongoing", "31/02/2024", "1/13/2024", 7, "tomorrow", "Spring"]


def _dates(dates: Sequence[Any]) -> bytes:
    rows = [
        [f"D-{n:02}", f"The action of the date {n}", "High", "finance", "hs-revenues",
         date(2023, 4, 3), one]
        for n, one in enumerate(dates, 1)
    ]  # fmt: skip
    headers = ["Ref", "Agreed action", "Priority", "Dept", "Owner", "Date raised", "Due date"]
    return xlsx_of({"Actions": [headers, *rows]})


MONTH_FIRST: Rows = [
    ["Ref", "Action", "Priority", "Directorate", "Owner", "Date raised", "Due date"],
    ["A-1", "Publish the hardship policy", "Low", "finance", "hs-revenues", "04/05/2023",
     "10/31/2023"],
    ["A-2", "Review the hardship policy", "Low", "finance", "hs-revenues", "05/04/2023",
     "11/12/2023"],
]  # fmt: skip

LONG_TITLE = "Reconcile the suspense account to the ledger, item by item, each month, and " * 6

NO_REFERENCES: Rows = [
    ["Audit name", "Action agreed", "Grade", "Service area", "Lead officer", "Target date"],
    ["Council Tax", "Review every discount once a year", "Medium", "finance", "hs-revenues",
     "31/03/2024"],
    ["Council Tax", LONG_TITLE.strip(), "High", "finance", "hs-revenues; hs-repairs", "30/11/2023"],
    ["Gas Safety", "Review every discount once a year", "Low", "housing", "hs-repairs", "N/A"],
    ["Gas Safety", "Review every discount once a year", "Low", "housing", "hs-repairs",
     "29/02/2024"],
]  # fmt: skip
"""No references, titles that repeat, one too long, two owners in a cell, no days raised."""

RESTARTING: Rows = [
    ["No", "Audit", "Action", "Priority", "Directorate", "Target date"],
    [1, "Council Tax", "Reconcile the suspense account", "High", "finance", date(2024, 1, 31)],
    [2, "Council Tax", "Review every discount", "Medium", "finance", date(2024, 2, 29)],
    [1, "Gas Safety", "Service each boiler", "High", "housing", date(2024, 3, 31)],
    [2, "Gas Safety", "Keep the certificates", "Low", "housing", date(2024, 4, 30)],
]

NO_REFERENCE = "B-13" + "?" * 60

BAD: Rows = [
    PLAIN_HEADERS,
    ["B-01", "Council Tax", "23/24", "This one is good", "High", "finance", "hs-revenues",
     date(2023, 5, 8), date(2024, 3, 31), "Not Due", _, _],
    ["B-02", "Council Tax", "23/24", "A date that is none", "High", "finance", "hs-revenues",
     date(2023, 5, 8), "Q2 2024", _, _, _],
    ["B-03", "Council Tax", "23/24", "Work without an end", "High", "finance", "hs-revenues",
     date(2023, 5, 8), "Ongoing", _, _, _],
    ["B-04", "Parking", "23/24", "An audit that is not there", "Urgent", "parks",
     "Head of Parking", date(2023, 5, 8), date(2024, 3, 31), _, _, _],
    ["B-05", "Council Tax", "23/24", "Overdue before it is due", "Low", "finance", "hs-revenues",
     date(2023, 5, 8), date(2024, 3, 31), "Overdue", _, _],
    ["B-06", "Council Tax", "23/24", "Done before it was raised", "Low", "finance", "hs-revenues",
     date(2023, 5, 8), date(2023, 8, 31), "Complete", date(2023, 5, 7), _],
    ["B-07", "Council Tax", "23/24", "Done, and yet not", "Low", "finance", "hs-revenues",
     date(2023, 5, 8), date(2023, 8, 31), "Not Due", date(2023, 8, 1), _],
    ["B-08", "Council Tax", "23/24", "Done in the future", "Low", "finance", "hs-revenues",
     date(2023, 5, 8), date(2024, 3, 31), "Complete", date(2023, 12, 1), _],
    ["B-09", "Council Tax", "23/24", "Amber says nothing", "Low", "finance", "hs-revenues",
     date(2023, 5, 8), date(2024, 3, 31), "Amber", _, _],
    ["B-10", "Council Tax", "23/24", _, "Low", "finance", "hs-revenues", date(2023, 5, 8),
     date(2024, 3, 31), _, _, _],
    ["b-01", "Council Tax", "23/24", "The reference of another row", "Low", "finance",
     "hs-revenues", date(2023, 5, 8), date(2024, 3, 31), _, _, _],
    ["B-12", "Council Tax", "24/23", "A year that is none", "Low", "finance", "hs-revenues",
     date(2023, 5, 8), date(2024, 3, 31), _, _, "Good\x7f"],
    [NO_REFERENCE, "Council Tax", "23/24", "Closed without saying how", "Low", "finance",
     "hs-revenues", date(2023, 5, 8), date(2024, 3, 31), "Closed", _, _],
    ["B-14", "Gas Safety", "23/24", "This one is good, too", "Low", "housing", "hs-repairs",
     date(2023, 5, 8), date(2024, 3, 31), "Not Due", _, _],
]  # fmt: skip
"""Every problem that a row may have."""


MENDED: Rows = [
    ["ref", "audit", "year", "title", "priority", "directorate", "owner", "raised_on", "due_on",
     "status", "completed_on", "progress", "why_refused"],
    *([*row, "Actions!X9: whatever was wrong"] for row in (
        [*BAD[2][:7], "2023-05-08", "Q2 2024", _, _, _],
        [*BAD[3][:7], "2023-05-08", "Ongoing", _, _, _],
        [*BAD[4][:5], "Parks", "Head of Parking", "2023-05-08", "2024-03-31", _, _, _],
        [*BAD[5][:7], "2023-05-08", "2024-03-31", _, _, _],
        [*BAD[9][:7], "2023-05-08", "2024-03-31", "Amber", _, _],
    )),
]  # fmt: skip
"""What was refused of :data:`BAD`, as somebody has mended it."""


def _formulas() -> bytes:
    """A due date that is a formula which nobody has worked out, and an error."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Actions"
    for row in [PLAIN_HEADERS, *PLAIN[:2]]:
        sheet.append(row)
    sheet["I2"] = "=H2+30"
    sheet["G3"] = "#REF!"
    sheet["G3"].data_type = "e"
    return saved(book)


# What came back a month later: the same four actions, some of them changed.

UPDATES: Rows = [
    PLAIN_HEADERS,
    ["t-01", "Council Tax", "23/24", "Reconcile the “suspense” account – each month", "High",
     "finance", "hs-repairs", date(2023, 5, 8), date(2023, 12, 31), "Not Due", _,
     "Four months of twelve are reconciled."],
    ["T-02", "Council Tax", "23/24", "Review every discount once a year", "Medium", "finance",
     "hs-revenues", date(2023, 5, 8), date(2024, 3, 31), "Complete", date(2023, 11, 20),
     "Reviewed in November"],
    ["T-03", "Gas Safety", "23/24", "Service each boiler within twelve months", "Low", "housing",
     "hs-repairs", date(2023, 6, 1), date(2023, 10, 31), "Overdue", _,
     "Three boilers were found unserviced."],
    ["T-04", "Gas Safety", "23/24", "Keep the certificates in one place", "Low", "housing",
     "hs-repairs", date(2023, 6, 1), date(2024, 6, 30), _, _, _],
]  # fmt: skip

FIXED: Rows = [
    ["Ref", "Action", "Date raised", "Original due date", "Revised date", "Priority"],
    ["T-01", "Reconcile the “suspense” account – each month", date(2023, 5, 9), date(2023, 10, 31),
     date(2023, 12, 31), "High"],
]  # fmt: skip

CONFLICTING: Rows = [
    ["Ref", "Action", "Status", "Due date"],
    ["T-01", "Reconcile the “suspense” account – each month", "Not Due", date(2023, 9, 30)],
    ["T-02", "Review every discount once a year", "Overdue", date(2024, 3, 31)],
    ["T-04", "Keep the certificates in one place", "Risk accepted", _],
]

# The other nouns.

DIRECTORATES: Rows = [
    ["Code", "Directorate"],
    ["finance", "Finance and Commercial"],
    ["housing", "Housing and Neighbourhoods"],
    [_, "Legal, Governance and People"],
]

OFFICERS: Rows = [
    ["Code", "Post", "Department", "Name", "E-mail"],
    ["hs-revenues", "Head of Revenues", "Finance and Commercial", "Postholder One",
     "one@example.org"],
    ["hs-repairs", "Head of Repairs", "housing", _, _],
    [_, "Head of Internal Audit", "finance", "Postholder Two", _],
]  # fmt: skip

AUDITS: Rows = [
    ["Year", "Qtr", "Audit title", "Stage", "Assurance opinion", "Recommendations"],
    ["2023/24", "Q1", "Council Tax", "Final", "Limited", "1/1/0"],
    ["2023/24", "Q2", "Gas Safety", "Draft", _, _],
    ["2023/24", "Q3", "Parking", "Planned", _, _],
]

DIRECTIONS: Rows = [
    ["Direction no", "Direction", "SRO", "Lead officer", "Target date", "RAG", "Update"],
    ["3a", "Financial sustainability", "Head of Revenues", "Head of Revenues; Head of Repairs",
     "31-Mar-24 (FOR REVIEW)", "Amber", "The budget gap is down to a third."],
    ["3b", "Safe homes", "Head of Repairs", _, "Dec-23", "Green", _],
]  # fmt: skip

DIRECTIONS_LATER: Rows = [
    DIRECTIONS[0],
    ["3A", *DIRECTIONS[1][1:5], "Red", "The budget gap is down to a third."],
    ["3b", "Safe homes", "Head of Repairs", _, date(2024, 2, 29), "Green", _],
]

WORKSTREAMS: Rows = [
    ["Code", "Workstream", "Part of"],
    ["ict", "ICT and Digital", "The Plan"],
    ["plan", "The Plan", _],
]

MILESTONES: Rows = [
    ["Milestone", "Plan", "Direction", "Start date", "Baseline date", "Revised date", "RAG",
     "Comments"],
    ["Budget set", "The Plan", "3a", date(2023, 9, 1), date(2024, 2, 28), _, "G", _],
    ["Ledger moved", "ICT and Digital", _, _, date(2023, 12, 31), date(2024, 3, 31), "R",
     "The supplier is late."],
]  # fmt: skip

NOTES: Rows = [
    ["Section", "Theme", "Text", "Date", "Board date"],
    ["headline", _, "Overdue actions fell by a third.", date(2023, 11, 20), date(2023, 11, 23)],
    ["theme", "Housing", "=SUM(A1) is what was typed\n- and a list", date(2023, 11, 20), _],
]

VENDORS: Rows = [
    ["cveID", "vendorProject", "vulnerabilityName", "dateAdded", "requiredAction", "dueDate"],
    ["CVE-2021-0001", "Examplesoft", "Examplesoft Overflow", "2021-11-03",
     "Apply updates per vendor instructions.", "2021-11-17"],
    ["CVE-2021-0002", "Examplesoft", "Examplesoft Traversal", "2021-11-03",
     "Apply updates per vendor instructions.", "2022-05-03"],
    ["CVE-2022-0003", "N/A Systems, Inc.", "N/A Systems Injection", "2022-01-10",
     "Take it off the network.", "2022-07-10"],
    ["CVE-2022-0004", "Öçé & Søn", "A name in letters of its own", "2022-01-10",
     "Apply updates per vendor instructions.", "2022-07-10"],
]  # fmt: skip


ODD_DATES: Rows = [
    ["Ref", "Audit", "Year", "Agreed action", "Priority", "Directorate", "Owner", "Date raised",
     "Original due date", "Due date", "Status", "Date completed"],
    ["O-1", "Council Tax", "23/24", "Due before it was raised", "Low", "finance", "hs-revenues",
     "8/5/2023", _, "30/4/2023", _, _],
    ["O-2", "Council Tax", "23/24", "Due at first before it was raised", "Low", "finance",
     "hs-revenues", "8/5/2023", "1/4/2023", "31/3/2024", _, _],
    ["O-3", "Council Tax", "23/24", "Due when it was raised", "Low", "finance", "hs-revenues",
     "8/5/2023", _, "8/5/2023", _, _],
]  # fmt: skip

DONE_EARLY: Rows = [
    ODD_DATES[0],
    *([f"E-{n}", "Council Tax", "23/24", f"Done before it was raised {n}", "Low", "finance",
       "hs-revenues", "8/5/2023", _, "31/8/2023", "Complete", f"{n}/5/2023"] for n in range(1, 9)),
]  # fmt: skip

_LONG = "Agree with the supplier how the service is kept up when it fails, and test it yearly; " * 4

AGENCIES: Rows = [
    ["Audit", "Agreed action", "Directorate", "Detail", "Owner", "Due date"],
    *(["Cyber", "Patch the servers each month", f"Agency {n}", _, f"Head of {n}",
       f"{n}/3/2024"] for n in range(1, 13)),
    *(["Cyber", f"{_LONG}first of {n}", f"Agency {n}", _, "Head of IT", "30/6/2024"]
      for n in range(1, 7)),
    *(["Cyber", f"{_LONG}second of {n}", f"Agency {n}", _, "Head of IT", "30/9/2024"]
      for n in range(1, 7)),
    *(["Estates", "Survey the roofs", "Agency 1", _, f"Head of {n}", "1/2/2024"]
      for n in range(1, 5)),
    *(["Estates", "Test the alarms", "Agency 2", f"In building {n}", "Head of Fire", "1/2/2024"]
      for n in range(1, 5)),
    *(["Estates", "Clear the gutters", "Agency 3", _, "Head of Roofs", f"{n}/2/2024"]
      for n in range(1, 5)),
]  # fmt: skip
"""A tracker without references whose rows are alike but for one of their columns."""


def many(rows: int) -> bytes:
    """A CSV of so many actions."""
    table: Rows = [["Ref", "Action", "Priority", "Directorate", "Owner", "Date raised", "Due date"]]
    table += (
        [f"L-{n:06}", f"The action of the line {n}", ("High", "Medium", "Low")[n % 3], "finance",
         "hs-revenues", f"{n % 28 + 1:02}/05/2023", f"{n % 28 + 1:02}/{n % 12 + 1:02}/2024"]
        for n in range(rows)
    )  # fmt: skip
    return csv_of(table)


def text(said: str) -> Callable[[], bytes]:
    """A maker of a file that is not made by any library."""
    return said.encode


THEIR_OVERDUE: Rows = [
    ["Overdue in 23/24, as the committee has them"],
    [],
    ["Rec No", "Recommendation", "Grade", "Lead officer", "Dates", _, "RAG status", "Comments"],
    [_, _, _, _, "Original", "Revised", _, _],
    ["2324-010", "Send owners a reminder a month before their actions fall due", "L",
     "Executive Director, Finance and Commercial", date(2023, 8, 31), _, "Open", "Half done"],
    ["2324 015", "Bring the scheme of delegation to the governing body for approval each autumn",
     "High", "Head of Schools Finance", date(2023, 8, 31), _, "Overdue", _],
    ["2324-016", "Record governors' and staff interests and publish them", "Medium",
     "Head of Schools Finance", date(2023, 10, 6), _, "Late", _],
    ["2324-021", "Update the inventory and have it checked yearly by someone independent", "Low",
     "The inventory team", date(2023, 8, 31), date(2023, 9, 30), "Outstanding", _],
    ["2324-001", "Minute the governing body's challenge of the budget monitoring report",
     "Medium", "Head of Schools Finance", date(2023, 8, 31), _, "Open", _],
    ["2324-006", "Replace the earlier recommendation on action tracking", "Low",
     "Executive Director, Finance and Commercial", date(2023, 8, 31), _, "Open", _],
    ["2324-005", "Give each overdue High action a director who answers for it", "High", _, _, _,
     "Open", _],
    ["2324-003", "Review the charging and remissions policy and publish it", "Medium",
     "Head of Schools Finance", date(2023, 8, 31), _, "Open", _],
    ["2223-010", "Sample-check the register of officers' interests every month", "Medium",
     "Monitoring Officer", date(2022, 9, 30), date(2023, 5, 31), "Overdue", _],
    ["2324-0221", "Write a lettings policy", "Low", _, date(2023, 10, 20), _, "Overdue", _],
    ["2324-010", "Send owners a reminder a month before their actions fall due", "Low",
     "Executive Director, Finance and Commercial", date(2023, 8, 31), _, "Open", "Twice"],
    ["Total", 11],
]  # fmt: skip

THEIR_LETTER = """Dear colleagues,

of 23/24 we count 2324-010, 2324\u2013015 and 2324/016 as overdue on 31/10/2023, and also
2324-021 (see evidence/2324-022.pdf). 2324-010 is the oldest. The rest of our 8 is to follow.
"""

TRACKERS: Mapping[str, Callable[[], bytes]] = {
    "plain.xlsx": lambda: xlsx_of({"Actions": _plain()}),
    "plain.xlsm": _macros,
    "plain.xls": lambda: xls_of({"Actions": _plain()}),
    "plain.ods": lambda: ods_of({"Actions": _plain()}),
    "plain.csv": lambda: csv_of(_uk(_plain())),
    "plain-bom.csv": lambda: csv_of(_uk(_plain()), "utf-8-sig"),
    "plain-utf16.csv": lambda: csv_of(_uk(_plain()), "utf-16"),
    "plain-cp1252.csv": lambda: csv_of(_uk(_plain()), "cp1252"),
    "plain-semicolons.csv": lambda: csv_of(_uk(_plain()), "cp1252", ";"),
    "plain-tabs.csv": lambda: csv_of(_uk(_plain()), "utf-16", "\t"),
    "plain.tsv": lambda: csv_of(_uk(_plain()), "utf-8", "\t"),
    "plain.json": lambda: json_of(_plain()),
    "tracker.xlsx": _board,
    "two-lines.xlsx": _two_lines,
    "good-dates.xlsx": lambda: _dates([one for one, _day in GOOD_DATES]),
    "bad-dates.xlsx": lambda: _dates(BAD_DATES),
    "month-first.csv": lambda: csv_of(MONTH_FIRST),
    "no-references.csv": lambda: csv_of(NO_REFERENCES),
    "restarting.xlsx": lambda: xlsx_of({"Actions": RESTARTING}),
    "mended.csv": lambda: csv_of(MENDED),
    "bad.xlsx": lambda: xlsx_of({"Actions": BAD}),
    "formulas.xlsx": _formulas,
    "updates.xlsx": lambda: xlsx_of({"Actions": UPDATES}),
    "fixed.csv": lambda: csv_of(_uk(FIXED)),
    "conflicting.csv": lambda: csv_of(_uk(CONFLICTING)),
    "directorates.csv": lambda: csv_of(DIRECTORATES),
    "officers.xlsx": lambda: xlsx_of({"Posts": OFFICERS}),
    "audits.xlsx": lambda: xlsx_of({"Plan 2324": AUDITS}),
    "directions.csv": lambda: csv_of(DIRECTIONS),
    "directions-later.csv": lambda: csv_of(_uk(DIRECTIONS_LATER)),
    "workstreams.json": lambda: json_of(WORKSTREAMS),
    "milestones.xlsx": lambda: xlsx_of({"Plan": MILESTONES}),
    "notes.csv": lambda: csv_of(_uk(NOTES)),
    "vendors.csv": lambda: csv_of(VENDORS),
    "many.csv": lambda: many(20_000),
    "their-overdue.xlsx": lambda: xlsx_of({"Committee": THEIR_OVERDUE}),
    "their-letter.txt": text(THEIR_LETTER),
    "letter.txt": text("Dear all,\n\nplease find attached the tracker.\n"),
    "page.xlsx": text("<html><body><table><tr><td>Ref</td></tr></table></body></html>"),
    "broken.toml": text("columns = [title\n"),
    "odd.toml": text('colour = "red"\n'),
    "odd-field.toml": text('[columns]\ntitel = "Agreed action"\n'),
}
"""How each file of a scene is made, by its name."""


def written(rows: Rows) -> bytes:
    """A CSV of rows, for a test that has its own."""
    return csv_of(rows)


def opened(data: bytes) -> openpyxl.Workbook:
    """A workbook to be changed by hand."""
    return openpyxl.load_workbook(io.BytesIO(data))
