"""A board pack as a workbook of Excel, for those who go on working with its figures.

The first sheet lists the others, and the second one has all words of the pack. Each table has a
sheet of its own, laid out alike: its caption, where it stands in the pack, a link to the contents,
and then the table. Its chart is drawn beside it, by Excel, from the cells of the table.

Whatever people typed is written as a text, and never as a formula, a link or a number.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from io import BytesIO
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.image import Image as NativeImage
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from irbtrack.errors import printable
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    Cover,
    Drawing,
    Grid,
    Heading,
    Image,
    PackBlock,
    Points,
    Prose,
)
from irbtrack.packs.lettering.table_layout import CONTENTS, HEADER_ROW, WORDS
from irbtrack.packs.marked_text import plain_words
from irbtrack.packs.proving import say_proof, token
from irbtrack.packs.workbook.sheet_charts import draw_chart
from irbtrack.packs.workbook.sheet_formats import CellFormats
from irbtrack.packs.workbook.sheet_tables import add_table, write_table
from irbtrack.packs.workbook.sheet_texts import cell_parts, first_units, sheet_name
from irbtrack.sheets.xlsx import A4, FONT, FittedSheet, fit_row, set_paper, usual_options

_FOOTER_LIMIT = 255
_FONT = {**FONT, "valign": "top"}
_PAPERS = {"A3": 8, "A4": A4, "Letter": 1}
_LOGO_HEIGHT = 60
_CAPTION = 20.0  # the height of a caption's row, in points


class _SheetPlace(NamedTuple):
    """A block, the section and heading it stands under, and the name of its sheet, if any."""

    section: str
    heading: str
    block: PackBlock
    sheet: str = ""

    @property
    def grid(self) -> Grid | None:
        """Return the table, its own or that of a chart or drawing."""
        if isinstance(self.block, Chart | Drawing):
            return self.block.grid
        return self.block if isinstance(self.block, Grid) else None


def to_xlsx(pack: BoardPack) -> bytes:
    """Return the pack as a workbook; the same pack gives the same bytes."""
    file = BytesIO()
    workbook = Workbook(file, usual_options(_FONT))
    workbook.worksheet_class = FittedSheet
    formats = CellFormats(workbook, pack.look.colour)
    places = list(_places(pack))
    _write_contents(workbook.add_worksheet(CONTENTS), formats, pack, places)
    _write_words(workbook.add_worksheet(WORDS), formats, pack, places)
    for place in places:
        if place.grid:
            sheet = workbook.add_worksheet(place.sheet)
            _write_heading(sheet, formats, place, place.grid)
            write_table(sheet, formats, place.grid)
            if isinstance(place.block, Chart):
                draw_chart(workbook, sheet, place.block)
            _set_up_paper(sheet, pack)
    _set_properties(workbook, pack)
    workbook.close()
    return file.getvalue()


def _places(pack: BoardPack) -> Iterator[_SheetPlace]:
    """Yield every block with where it stands. A sheet is named after the heading above it."""
    taken = {CONTENTS.casefold(), WORDS.casefold(), "history"}  # Excel keeps the last for itself
    for section in pack.sections:
        heading = ""
        for block in section.blocks:
            if isinstance(block, Heading):
                heading = printable(block.text)
                continue
            place = _SheetPlace(printable(section.title), heading, block)
            if place.grid:
                place = place._replace(sheet=sheet_name(heading or place.section, taken))
            yield place


def _write_contents(
    sheet: Worksheet, formats: CellFormats, pack: BoardPack, places: Sequence[_SheetPlace]
) -> None:
    cover = pack.cover
    widths = (32, 70, 54, 14, 9)
    sheet.hide_gridlines(2)
    sheet.set_row(0, _CAPTION)
    sheet.write_string(0, 0, printable(cover.full_title), formats.title)
    facts = [
        ("Council", cover.council),
        *([("Marking", cover.marking)] if cover.marking else []),
        *cover.facts,
        ("Made from", say_proof(pack.proof)),
    ]
    for row, (name, value) in enumerate(facts, 2):
        sheet.write_string(row, 0, name, formats.of(bold=True))
        sheet.write_string(row, 1, printable(value), formats.of(text_wrap=True))
        fit_row(sheet, row, (name, printable(value)), widths[:2])
    if cover.logo:
        _show_logo(sheet, cover, cover.logo)
    first = len(facts) + 3
    headers = ("Sheet", "What it holds", "Where in the pack", "Chart", "Rows")
    tables = [(place, place.grid) for place in places if place.grid]
    rows: list[tuple[str | int, ...]] = [
        (WORDS, "Everything that the pack says in words", "", "", ""),
        *(
            (
                place.sheet,
                printable(grid.table.title),
                _where(place),
                place.block.kind.value.capitalize() if isinstance(place.block, Chart) else "",
                len(grid.table.rows),
            )
            for place, grid in tables
        ),
    ]
    _write_list(sheet, formats, first, headers, widths, rows, linked=0)
    _set_up_paper(sheet, pack)


def _where(place: _SheetPlace) -> str:
    return f"{place.section} › {place.heading}" if place.heading else place.section


def _show_logo(sheet: Worksheet, cover: Cover, logo: Image) -> None:
    scale = _LOGO_HEIGHT / NativeImage(BytesIO(logo.content)).height
    sheet.insert_image(0, 2, "logo", {
        "image_data": BytesIO(logo.content), "x_scale": scale, "y_scale": scale,
        "object_position": 3, "description": printable(f"Logo of {cover.council}"),
    })  # fmt: skip


def _write_words(
    sheet: Worksheet, formats: CellFormats, pack: BoardPack, places: Iterable[_SheetPlace]
) -> None:
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, "What the pack says in words", formats.caption)
    _write_way_back(sheet, formats)
    rows = [
        (place.section, place.heading, part, place.sheet)
        for place in places
        for text in _said(place.block)
        for part in cell_parts(text)
    ]
    headers = ("Section", "Heading", "Text", "Sheet")
    _write_list(sheet, formats, HEADER_ROW, headers, (32, 38, 100, 32), rows, linked=3)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)
    _set_up_paper(sheet, pack)


def _said(block: PackBlock) -> Iterator[str]:
    """Yield what a block says, in plain words; of a table, its caption."""
    match block:
        case Prose():
            yield printable(block.text)
        case Points(texts, numbered):
            for number, text in enumerate(texts, 1):
                yield f"{f'{number}.' if numbered else '-'} {plain_words(text)}"
        case Grid(table):
            yield printable(table.title)
        case Chart() | Drawing():
            yield printable(block.says)


def _write_list(
    sheet: Worksheet,
    formats: CellFormats,
    first: int,
    headers: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str | int]],
    linked: int,
) -> None:
    """Write a table whose header is in the row ``first``.

    The column ``linked`` has the names of sheets, and leads to them.
    """
    add_table(sheet, formats.header, first, headers, len(rows), sortable=True)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    for row, values in enumerate(rows, first + 1):
        fit_row(sheet, row, values, widths)
        for n, value in enumerate(values):
            if n == linked and value:
                _write_link(sheet, row, n, str(value), str(value), formats)
            elif isinstance(value, int):
                sheet.write_number(row, n, value, formats.text)
            else:
                sheet.write_string(row, n, value, formats.text)


def _write_link(
    sheet: Worksheet, row: int, column: int, name: str, text: str, formats: CellFormats
) -> None:
    link = f"internal:{quote_sheetname(name)}!A1"
    sheet.write_url(row, column, link, formats.linked_cell, text)


def _write_way_back(sheet: Worksheet, formats: CellFormats) -> None:
    sheet.write_url(2, 0, f"internal:{CONTENTS}!A1", formats.link, "Back to the contents")


def _write_heading(sheet: Worksheet, formats: CellFormats, place: _SheetPlace, grid: Grid) -> None:
    """Write above a table what it is called and where it stands in the pack."""
    sheet.write_string(0, 0, printable(grid.table.title), formats.caption)
    sheet.write_string(1, 0, _where(place), formats.faint)
    sheet.set_row(0, _CAPTION)
    _write_way_back(sheet, formats)


def _set_up_paper(sheet: Worksheet, pack: BoardPack) -> None:
    size, _, _ = pack.look.page.partition(" ")
    marking = first_units(printable(pack.cover.marking or ""), _FOOTER_LIMIT // 4)
    footer = f"&L{marking.replace('&', '&&')}&C&A&RPage &P of &N"
    sheet.set_landscape()
    set_paper(sheet, footer, _PAPERS.get(size, A4))


def _set_properties(workbook: Workbook, pack: BoardPack) -> None:
    cover, proof = pack.cover, pack.proof
    workbook.set_properties({
        "title": printable(cover.full_title),
        "subject": printable(dict(cover.facts)["Figures"]),
        "author": printable(cover.author or cover.council),
        "company": printable(cover.council),
        "keywords": token(proof),
        "comments": say_proof(proof),
        "created": proof.recorded_at.astimezone(UTC).replace(tzinfo=None),
    })  # fmt: skip
    told = {
        "as_of": proof.as_of.isoformat(),
        "compared_on": proof.compared_on and proof.compared_on.isoformat(),
        "version": proof.version,
        "digest": proof.figures,
    }
    for name, value in told.items():
        if value:
            workbook.set_custom_property(name, value, "text")
