"""Every cell of the example's pack is the same in every format."""

from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell

from irbtrack.domain.dates import say_date_briefly
from irbtrack.packs.document import BoardPack
from irbtrack.packs.formats import FORMATS
from irbtrack.packs.lettering.table_layout import CONTENTS, HEADER_ROW, WORDS
from irbtrack.packs.proving import token
from irbtrack.packs.reading_back import as_read, tables_in, token_in

READABLE = [ending for ending in FORMATS if ending != "pdf"]


@pytest.mark.parametrize("ending", READABLE)
def test_every_cell_is_that_of_the_pack(
    ending: str, board_pack: BoardPack, board_files: Mapping[str, bytes]
) -> None:
    told = [as_read(grid) for grid in board_pack.grids()]
    assert len(told) > 20
    assert tables_in(board_files[ending], ending) == told


def test_the_tables_of_a_pdf_are_not_read(board_files: Mapping[str, bytes]) -> None:
    assert tables_in(board_files["pdf"], "pdf") is None


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_carries_the_proof(
    ending: str, board_pack: BoardPack, board_files: Mapping[str, bytes]
) -> None:
    assert token_in(board_files[ending], ending) == token(board_pack.proof)


def test_excel_shows_what_the_pack_shows(
    board_pack: BoardPack, board_files: Mapping[str, bytes]
) -> None:
    book = load_workbook(BytesIO(board_files["xlsx"]))
    sheets = [book[name] for name in book.sheetnames if name not in (CONTENTS, WORDS)]
    for sheet, grid in zip(sheets, board_pack.grids(), strict=True):
        rows = sheet.iter_rows(min_row=HEADER_ROW + 1, max_col=len(grid.labels))
        header, *shown = [[displayed(cell) for cell in row] for row in rows]
        assert header == grid.labels
        wordy = {
            n for n, column in enumerate(grid.table.columns) if column.kind.value == "markdown"
        }
        for there, ours in zip(shown, grid.texts, strict=False):
            for n, (it_shows, we_show) in enumerate(zip(there, ours, strict=True)):
                assert n in wordy or it_shows == we_show
        assert not any(map(any, shown[len(grid.texts) :]))


def displayed(cell: Cell | MergedCell) -> str:
    """The text that Excel shows for a cell, by its number format."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date):
        assert cell.number_format == "d mmm yyyy"
        return say_date_briefly(value)
    if isinstance(value, int) and cell.number_format == "+0;-0;=":
        return f"{value:+}" if value else "="
    return str(value)


def test_word_has_a_header_row_and_a_cell_for_each_column(
    board_pack: BoardPack, board_files: Mapping[str, bytes]
) -> None:
    tables = list(elements(board_files["docx"], "word/document.xml", "tbl"))
    sizes = [[len(list(local(row, "tc"))) for row in local(table, "tr")] for table in tables]
    assert sizes == [[len(grid.labels)] * (len(grid.table.rows) + 1) for grid in board_pack.grids()]
    assert all(len(list(local(table, "tblHeader"))) == 1 for table in tables)


def elements(content: bytes, part: str, name: str) -> Iterator[ElementTree.Element]:
    """The elements of a part that have a name."""
    with ZipFile(BytesIO(content)) as package:
        yield from local(ElementTree.fromstring(package.read(part)), name)


def local(parent: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """The elements within another that have a name, whatever its prefix."""
    return (one for one in parent.iter() if one.tag.endswith(f"}}{name}"))
