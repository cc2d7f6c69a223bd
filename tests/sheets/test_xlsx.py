"""Forms as Excel workbooks, read back with openpyxl and calamine."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from shared.forms import (
    ACTIONS,
    AWKWARD,
    COLUMNS,
    POSTS,
    contrast,
    form_of,
    given_rows,
    kept_cells,
    read_back,
    tables,
)

from irbtrack.errors import Refused
from irbtrack.sheets.form import HEADER, LOCKED, CellKind, Colour, Form, FormColumn, Lock, Shade
from irbtrack.sheets.xlsx import to_xlsx

LETTERS = {column.name: "ABCDEFGHIJ"[n] for n, column in enumerate(COLUMNS)}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xlsx") / "actions.xlsx"
    to_xlsx(ACTIONS, path)
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_workbook(path)


@pytest.fixture(scope="module")
def sheet(book: Workbook) -> Worksheet:
    found = book["Audit actions"]
    assert isinstance(found, Worksheet)
    return found


def rules(sheet: Worksheet, cell: str) -> Any:
    """The one validation of a cell."""
    (found,) = [v for v in sheet.data_validations.dataValidation if cell in v.sqref]
    return found


def test_the_sheets(book: Workbook) -> None:
    assert book.sheetnames == ["Audit actions", "How to fill this in", "irbtrack"]
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible", "visible", "hidden"]
    assert book.active is book["Audit actions"]


def test_what_calamine_reads(path: Path) -> None:
    read = read_back(path)
    assert read.names == [column.name for column in COLUMNS]
    assert read.labels == [column.label for column in COLUMNS]
    assert read.rows == given_rows(ACTIONS)
    assert read.state == ACTIONS.state
    assert read.hidden == ["irbtrack"]


def test_the_properties_name_nobody(book: Workbook) -> None:
    known = book.properties
    assert known.title == "Audit actions as of 23 November 2023"
    assert known.created == known.modified == datetime(2023, 11, 23, 9, 30)  # noqa: DTZ001
    assert not known.creator
    assert not known.lastModifiedBy


def test_the_names_are_hidden_and_the_labels_stay(sheet: Worksheet) -> None:
    assert sheet.row_dimensions[1].hidden
    assert not sheet.row_dimensions[2].hidden
    assert sheet.freeze_panes == "B3"
    assert sheet["B2"].font.bold
    assert sheet["B2"].alignment.wrap_text
    assert sheet["B2"].fill.fgColor.rgb == f"FF{HEADER.paper[1:]}"
    assert sheet.auto_filter.ref == "A2:J9"
    assert not sheet.merged_cells.ranges


def test_the_columns(sheet: Worksheet) -> None:
    assert sheet.column_dimensions["J"].hidden
    assert not sheet.column_dimensions["I"].hidden
    assert 40 < sheet.column_dimensions["B"].width < 41


def test_the_sheet_is_protected_but_for_sizes_rows_filter_and_sorting(book: Workbook) -> None:
    for sheet in book.worksheets:
        held = sheet.protection
        assert held.sheet
        assert not held.password
        may = ("formatColumns", "formatRows", "insertRows", "sort", "autoFilter")
        assert [getattr(held, what) for what in may] == [False] * len(may)  # False: not held back
        assert not held.selectLockedCells
        assert not held.selectUnlockedCells
        assert [held.formatCells, held.deleteRows, held.insertColumns] == [True] * 3


@pytest.mark.parametrize(
    ("name", "recorded", "spare"),
    [
        ("ref", True, True),
        ("title", False, False),
        ("original_due_on", True, False),
        ("due_on", False, False),
        ("times_redated", True, True),
    ],
)
def test_which_cells_are_locked_and_shaded(
    sheet: Worksheet, name: str, recorded: bool, spare: bool
) -> None:
    for rows, locked in ((range(3, 5), recorded), (range(5, 10), spare)):
        for row in rows:
            cell = sheet[f"{LETTERS[name]}{row}"]
            assert cell.protection.locked is locked
            shade = f"FF{LOCKED.paper[1:]}" if locked else "00000000"
            assert cell.fill.fgColor.rgb == shade


@pytest.mark.parametrize("row", [3, 4, 9])
def test_the_formats_are_the_same_in_spare_rows(sheet: Worksheet, row: int) -> None:
    formats = {name: sheet[f"{letter}{row}"].number_format for name, letter in LETTERS.items()}
    assert formats["title"] == "@"
    assert formats["due_on"] == "dd/mm/yyyy"
    assert formats["percent_complete"] == "0"
    assert sheet[f"B{row}"].alignment.wrap_text
    assert sheet[f"B{row}"].alignment.vertical == "top"


def test_the_rows_below_the_spare_ones_have_nothing(sheet: Worksheet) -> None:
    assert sheet.max_row == 9


def test_lists_are_on_the_hidden_sheet_each_once(book: Workbook, sheet: Worksheet) -> None:
    owner, verified = rules(sheet, "C9"), rules(sheet, "I3")
    assert owner.type == "list"
    assert owner.formula1 == verified.formula1 == "irbtrack!$D$1:$D$6"
    assert [cell.value for (cell,) in book["irbtrack"]["D1:D6"]] == list(POSTS)
    assert owner.allow_blank
    assert owner.errorStyle in (None, "stop")
    assert owner.error == "Please choose one from the list, or leave the cell empty."
    assert owner.errorTitle == "Owner"
    assert str(owner.sqref) == "C3:C9"
    assert rules(sheet, "F3").formula1 == "irbtrack!$E$1:$E$4"


def test_dates_and_numbers_are_checked(sheet: Worksheet) -> None:
    due, done = rules(sheet, "E5"), rules(sheet, "H5")
    assert (due.type, due.formula1, due.formula2) == ("date", "32874", "73050")
    assert due.error.startswith("Please type a date as day/month/year, such as 31/10/2023")
    assert (done.type, done.formula1, done.formula2) == ("whole", "0", "100")
    assert done.error == "Please type a whole number from 0 to 100, or leave the cell empty."
    assert not [v for v in sheet.data_validations.dataValidation if "J5" in v.sqref]


def test_hints_are_shown_at_the_labels_and_cut_to_what_excel_takes(sheet: Worksheet) -> None:
    assert rules(sheet, "B2").prompt == "One line of what was agreed."
    assert len(rules(sheet, "E2").prompt) == 255
    assert rules(sheet, "E2").prompt.endswith("…")
    assert len(rules(sheet, "I3").errorTitle) == 32


def test_statuses_are_marked_by_what_they_say(sheet: Worksheet) -> None:
    ((found, formats),) = sheet.conditional_formatting._cf_rules.items()
    assert str(found.sqref) == "F3:F9"
    marked = {rule.formula[0]: rule.dxf for rule in formats}
    assert list(marked) == ['"Overdue"', '"Complete"', '"Not Allocated"']
    assert marked['"Overdue"'].font.color.rgb == f"FF{Colour.RED.value.ink[1:]}"
    assert marked['"Overdue"'].fill.bgColor.rgb == f"FF{Colour.RED.value.paper[1:]}"
    assert marked['"Overdue"'].font.bold


@pytest.mark.parametrize("shade", [HEADER, LOCKED, *(mark.value for mark in Colour)])
def test_colours_can_be_read(shade: Shade) -> None:
    assert contrast(shade.ink, shade.paper) >= 4.5


def test_the_paper(sheet: Worksheet) -> None:
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.oddFooter.left.text == "&A"
    assert sheet.oddFooter.right.text == "Page &P of &N"


def test_rows_have_the_height_of_their_texts_and_can_grow(sheet: Worksheet, path: Path) -> None:
    assert sheet.row_dimensions[3].height > 3 * 12
    assert sheet.row_dimensions[4].height is None
    with ZipFile(path) as package:
        assert b"customHeight" not in package.read("xl/worksheets/sheet1.xml")


def test_the_guide(book: Workbook) -> None:
    guide = book["How to fill this in"]
    assert [[cell.value for cell in row] for row in guide.iter_rows()] == [
        ["Audit actions as of 23 November 2023", None],
        [None, None],
        ["What this is", "What your directorate answers for."],
        ["New actions", "Go below."],
    ]


def test_without_a_guide_rows_or_spare_rows(tmp_path: Path) -> None:
    to_xlsx(replace(ACTIONS, guide=(), rows=[], spare_rows=0), tmp_path / "bare.xlsx")
    book = load_workbook(tmp_path / "bare.xlsx")
    assert book.sheetnames == ["Audit actions", "irbtrack"]
    assert book["Audit actions"].max_row == 3
    assert read_back(tmp_path / "bare.xlsx").rows == []


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_texts_come_back(tmp_path: Path, text: str) -> None:
    to_xlsx(form_of([[text, "end"]]), tmp_path / "text.xlsx")
    assert read_back(tmp_path / "text.xlsx").rows == [[text, "end"]]
    cell = load_workbook(tmp_path / "text.xlsx")["Audit actions"]["A3"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@given(tables())
@settings(max_examples=60)
def test_any_table_comes_back(tmp_path_factory: pytest.TempPathFactory, form: Form) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    to_xlsx(form, path)
    assert read_back(path).rows == given_rows(form)
    of_openpyxl = load_workbook(path)["Audit actions"].iter_rows(min_row=3, values_only=True)
    rows = [kept_cells(row) for row in of_openpyxl][: len(given_rows(form))]
    assert rows == given_rows(form)


def test_the_same_form_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        to_xlsx(ACTIONS, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_text_that_excel_cannot_hold_is_refused(tmp_path: Path) -> None:
    to_xlsx(form_of([["x" * 32_767]]), tmp_path / "most.xlsx")
    for text in ("x" * 32_768, "😀" * 16_384):
        with pytest.raises(Refused, match=r"^cell B3 would have [0-9,]+ characters, and Excel"):
            to_xlsx(form_of([["", text]]), tmp_path / "no.xlsx")
    assert not (tmp_path / "no.xlsx").exists()


def test_more_rows_than_excel_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="rows are more than a sheet of Excel holds"):
        to_xlsx(replace(ACTIONS, rows=[ACTIONS.rows[0]] * 1_048_570), tmp_path / "no.xlsx")


def test_a_path_that_cannot_be_written_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        to_xlsx(ACTIONS, tmp_path / "no folder" / "actions.xlsx")


def test_dates_far_back_and_wrong_kinds_are_written_as_what_they_are(tmp_path: Path) -> None:
    columns = (FormColumn("due_on", "Due", CellKind.DATE), FormColumn("n", "N", lock=Lock.RECORDED))
    rows = [["when funded", 7], [date(1900, 3, 1), date(2199, 12, 31)]]
    form = replace(ACTIONS, columns=columns, rows=rows)
    to_xlsx(form, tmp_path / "kinds.xlsx")
    assert read_back(tmp_path / "kinds.xlsx").rows == rows
