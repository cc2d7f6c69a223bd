"""Forms that LibreOffice has opened and saved: all that reading relies on is still there."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from shared.forms import ACTIONS, AWKWARD, COLUMNS, given_rows, kept_cells, read_back

from irbtrack.sheets.form import Value
from irbtrack.sheets.ods import to_ods
from irbtrack.sheets.xlsx import to_xlsx

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")

TEXTS = [text for text in AWKWARD if "\t" not in text]
"""LibreOffice writes a tab in a way that calamine leaves out; see the last test."""

ROWS: list[list[Value]] = [
    *ACTIONS.rows,
    *(["2223-2", text, None, date(2023, 1, 31), None, "", text, 5, None, 0] for text in TEXTS),
]  # fmt: skip
FORM = replace(ACTIONS, rows=ROWS)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Both files as LibreOffice saves them, by the format they had and the one they got."""
    folder = tmp_path_factory.mktemp("libreoffice")
    for name, form in (("form", FORM), ("tab", replace(ACTIONS, rows=[tabbed()]))):
        to_xlsx(form, folder / f"{name}-xlsx.xlsx")
        to_ods(form, folder / f"{name}-ods.ods")
    files = sorted(folder.glob("*-*.*"))
    for ending in ("xlsx", "ods"):
        _convert(files, ending, folder)
    return {f"{path.stem}-{path.suffix[1:]}": path for path in (folder / "saved").iterdir()}


def tabbed() -> list[Value]:
    row = list(ACTIONS.rows[0])
    row[1] = "before\tafter"
    return row


def _convert(files: list[Path], ending: str, folder: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = ["--convert-to", ending, "--outdir", str(folder / "saved")]
    command = [str(SOFFICE), profile, "--headless", *out, *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


WAYS = ["form-xlsx-xlsx", "form-ods-ods", "form-xlsx-ods", "form-ods-xlsx"]


@pytest.mark.parametrize("way", WAYS)
def test_names_labels_state_and_rows_are_there(saved: Mapping[str, Path], way: str) -> None:
    read = read_back(saved[way])
    assert read.names == [column.name for column in COLUMNS]
    assert read.labels == [column.label for column in COLUMNS]
    assert read.hidden == ["irbtrack"]
    assert read.state == FORM.state
    rows = given_rows(FORM)
    assert read.rows[: len(rows)] == rows
    assert not [row for row in read.rows[len(rows) :] if set(row) != {None}]


@pytest.mark.parametrize("way", ["form-xlsx-xlsx", "form-ods-xlsx"])
def test_what_people_are_helped_by_is_there(saved: Mapping[str, Path], way: str) -> None:
    sheet: Any = load_workbook(saved[way])["Audit actions"]
    assert sheet.protection.sheet
    assert sheet.row_dimensions[1].hidden
    assert not sheet.row_dimensions[2].hidden
    assert sheet.column_dimensions["J"].hidden
    assert [sheet[cell].protection.locked for cell in ("A3", "B3", "D3")] == [True, False, True]
    assert sheet["D9"].number_format.lower().replace("\\", "") == "dd/mm/yyyy"
    if way == "form-xlsx-xlsx":  # LibreOffice would let nobody filter a protected sheet
        assert sheet.auto_filter.ref == f"A2:J{FORM.last_row + 1}"
    kinds = {
        cell: [v.type for v in sheet.data_validations.dataValidation if cell in v.sqref]
        for cell in ("C3", "E9", "H9")
    }
    assert kinds == {"C3": ["list"], "E9": ["date"], "H9": ["whole"]}
    marked = [
        rule.formula[0] if rule.formula else rule.text
        for _, rules in sheet.conditional_formatting._cf_rules.items()
        for rule in rules
    ]
    assert {'"Overdue"', '"Complete"', '"Not Allocated"'} <= set(marked)


def test_rows_of_the_open_document_are_fitted(saved: Mapping[str, Path]) -> None:
    with ZipFile(saved["form-ods-ods"]) as package:
        content = package.read("content.xml").decode()
    heights = content.count('style:use-optimal-row-height="true"')
    assert heights >= 2


@pytest.mark.parametrize("way", ["tab-xlsx-xlsx", "tab-ods-xlsx"])
def test_tabs_come_through_a_workbook_of_excel(saved: Mapping[str, Path], way: str) -> None:
    assert read_back(saved[way]).rows[0] == kept_cells(tabbed())


@pytest.mark.parametrize("way", ["tab-xlsx-ods", "tab-ods-ods"])
def test_tabs_of_an_open_document_are_left_out_by_calamine(
    saved: Mapping[str, Path], way: str
) -> None:
    assert read_back(saved[way]).rows[0][1] == "beforeafter"
    with ZipFile(saved[way]) as package:
        assert "before<text:tab/>after" in package.read("content.xml").decode()
