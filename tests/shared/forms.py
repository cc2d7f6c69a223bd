"""Forms for tests: a small made-up one, Hypothesis tables, and what calamine reads of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st
from python_calamine import SheetVisibleEnum, load_workbook

from irbtrack.sheets.form import CellKind, Colour, Form, FormColumn, Lock, Value

POSTS = tuple(f"Head of {service}" for service in (
    "Housing Repairs", "Void Properties", "Payroll", "Procurement", "Parks", "Planning",
))  # fmt: skip
STATUSES = ("Overdue", "Complete", "Not Due", "Not Allocated")

COLUMNS = (
    FormColumn("ref", "Ref", width=11, lock=Lock.ALWAYS, hint="The register gives it."),
    FormColumn("title", "Action", width=40, hint="One line of what was agreed."),
    FormColumn("owner", "Owner", width=24, choices=POSTS),
    FormColumn("original_due_on", "Original due", CellKind.DATE, lock=Lock.RECORDED),
    FormColumn("due_on", "Due", CellKind.DATE, hint="A later date needs a reason. " * 12),
    FormColumn("status", "Status", choices=STATUSES, marks={
        "Overdue": Colour.RED, "Complete": Colour.GREEN, "Not Allocated": Colour.AMBER,
    }),
    FormColumn("progress", "Progress", width=44),
    FormColumn("percent_complete", "% complete", CellKind.NUMBER, most=100),
    FormColumn("verified_by", "Verified by the auditor of the council at last", choices=POSTS),
    FormColumn("times_redated", "Re-dated", CellKind.NUMBER, lock=Lock.ALWAYS, hidden=True),
)  # fmt: skip

ROWS: list[list[Value]] = [
    ["2223-101", "Inspect void properties", POSTS[1], date(2023, 6, 30), date(2023, 10, 31),
     "Overdue", "Half are done.\n- the north\n- the east", 50, None, 2],
    ["2223-102", "=SUM(A1:A9)", None, date(2024, 2, 29), None, "Not Allocated", None, None, "", 0],
]  # fmt: skip

ACTIONS = Form(
    "Audit actions",
    "Audit actions as of 23 November 2023",
    COLUMNS,
    ROWS,
    datetime(2023, 11, 23, 9, 30, tzinfo=UTC),
    guide=(("What this is", "What your directorate answers for."), ("New actions", "Go below.")),
    state={"noun": "action", "as_of": "2023-11-23", "register": "b1946ac9"},
    spare_rows=5,
)

AWKWARD = (
    "=1+1", "+44 20", "-1", "- a list\n- of two", "@post", "'quoted", "'=1", "http://example.org",
    "_x0041_", "a _x000D_ b", " led", "trailed ", "two  spaces", "   ", "one\ntwo", "one\n\nthree",
    "\nafter", "before\n", "\n \n", "a\tb", "\ttab", "tab\t", " \t \n \t ", "👩‍👩‍👧 café 🇬🇧",
    "long " * 2000,
    "<b>&amp;</b>", '"said"', "]]>", "1", "0012", "1e5", "TRUE", "2023-10-31", "10/11", "#REF!",
    "\u00a0no-break\u2028line", "{=A1}", "office:p", "e\u0301",
)  # fmt: skip
"""Texts that a spreadsheet may take for something else, or lose a part of."""

_texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t =_x"), min_size=1
)
_dates = st.dates(date(1900, 3, 1), date(2199, 12, 31))
_values: dict[CellKind, st.SearchStrategy[Value]] = {
    CellKind.TEXT: st.none() | _texts,
    CellKind.DATE: st.none() | _dates | _texts,
    CellKind.NUMBER: st.none() | st.integers(-(10**9), 10**9),
}


def form_of(rows: Sequence[Sequence[Value]], kinds: Sequence[CellKind] = ()) -> Form:
    """A form of these rows, whose columns are of text if not of the ``kinds``."""
    kinds = kinds or [CellKind.TEXT] * len(rows[0])
    columns = tuple(FormColumn(f"field_{n}", f"Field {n}", kind) for n, kind in enumerate(kinds))
    return replace(ACTIONS, columns=columns, rows=rows)


@st.composite
def tables(draw: st.DrawFn) -> Form:
    """Forms of a few rows of printable text with line breaks and tabs, dates and numbers."""
    kinds = draw(st.lists(st.sampled_from(CellKind), min_size=1, max_size=5))
    return form_of(draw(st.lists(st.tuples(*(_values[kind] for kind in kinds)), max_size=6)), kinds)


class Read(NamedTuple):
    """What calamine reads: the sheets that are seen and hidden, the names, labels and rows."""

    seen: list[str]
    hidden: list[str]
    names: list[Any]
    labels: list[Any]
    rows: list[list[Any]]
    state: Mapping[str, str]


def read_back(path: Path, sheet: str = ACTIONS.name) -> Read:
    """A written form as calamine reads it: empty cells and rows at the end are left out."""
    with load_workbook(str(path)) as book:
        seen = [m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
        hidden = [m.name for m in book.sheets_metadata if m.visible != SheetVisibleEnum.Visible]
        names, labels, *rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        state = book.get_sheet_by_name("irbtrack").to_python(skip_empty_area=False)
    kept = {row[0]: row[1] for row in state if row[0] != ""}
    return Read(seen, hidden, names, labels, [kept_cells(row) for row in rows], kept)


def kept_cells(row: Sequence[Any]) -> list[Any]:
    """The cells of a row: None for empty ones, days for moments, whole numbers for floats."""
    return [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


def given_rows(form: Form) -> list[list[Any]]:
    """The rows of a form as they should come back: less the empty ones at the end."""
    rows = [kept_cells(row) for row in form.rows]
    while rows and set(rows[-1]) == {None}:
        rows.pop()
    return rows


def contrast(ink: str, paper: str) -> float:
    """The contrast of two colours after WCAG 2.2, from 1 to 21."""
    light, dark = sorted((_luminance(ink), _luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
