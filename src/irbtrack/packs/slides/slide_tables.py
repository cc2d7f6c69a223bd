"""Tables fitted to slides: the widths of columns, the heights of rows, and where they are cut."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

from irbtrack.domain.answers import Kind
from irbtrack.domain.nouns.rating import RAG_NAMES, Rag
from irbtrack.packs.document import Grid
from irbtrack.packs.drawing.palette import INK, PAPER, RAG, ink_on, tint
from irbtrack.packs.formats import ON_SLIDES
from irbtrack.packs.lettering.column_widths import column_widths
from irbtrack.packs.lettering.line_breaks import line_size
from irbtrack.packs.lettering.table_layout import CONTINUED
from irbtrack.packs.slides.slide_text import (
    AFTER,
    Linking,
    SlideParagraph,
    cut_at,
    height_of,
    marked,
    numbered,
    paragraph_xml,
    plain,
)

SIZES = ((12, 1.5), (11, 2.0), (10, 3.5), (9, inf))
"""The sizes of letters in tables, and how many lines a typical row may have with each.

The largest that fits is taken.
"""

LEAST = 80.0
"""The room that a row has at least, however high the header is."""

SHORT = 16
"""A code of no more characters is never broken into lines."""

SIDE, ABOVE = 5.0, 3.0
"""The room within a cell, at its left and right, and above and below its text."""

BESIDE = 2 * SIDE + 1.0
"""What a column has besides its text, with a point to spare for how letters are rounded."""

SlideCell = tuple[SlideParagraph, ...]


class SlideRow(NamedTuple):
    """A row, or a part of one that is higher than a slide.

    ``place`` is that of the row in its table. ``begun`` says that a part of the row came before.
    """

    cells: tuple[SlideCell, ...]
    height: float
    place: int
    begun: bool = False


class MeasuredTable(NamedTuple):
    """A table with the texts of its cells.

    ``shown`` is the part of it that is put on slides, in which long cells may be broken.
    """

    grid: Grid
    texts: list[list[str]]
    shown: Grid

    @property
    def natural_width(self) -> float:
        """Return how wide it is if none of its lines is broken."""
        size = SIZES[0][0]
        return sum(column_widths(self.shown, inf, BESIDE / size).columns) * size


class FittedTable(NamedTuple):
    """A table whose columns have widths, and its rows heights, all in points."""

    grid: Grid
    texts: list[list[str]]
    widths: tuple[float, ...]
    size: float
    header: float
    rows: tuple[SlideRow, ...]

    def height(self, rows: Sequence[SlideRow]) -> float:
        """Return how high some of its rows are below its header."""
        return self.header + sum(row.height for row in rows)


def measured(grid: Grid) -> MeasuredTable:
    """Return a table with its texts, from which its widths are worked out."""
    texts = grid.texts
    columns = tuple(
        column._replace(kind=Kind.TEXT)
        if column.kind is Kind.CODE and any(len(row[place]) > SHORT for row in texts[:ON_SLIDES])
        else column
        for place, column in enumerate(grid.table.columns)
    )
    table = grid.table._replace(columns=columns, rows=grid.table.rows[:ON_SLIDES])
    return MeasuredTable(grid, texts, Grid(table))


def fitted(table: MeasuredTable, width: float, height: float) -> FittedTable:
    """Return a table fitted to slides with this width and height for it."""
    for size, most in SIZES:
        found = column_widths(table.shown, width / size, BESIDE / size)
        if found.lines <= most:
            break
    scale = width / sum(found.columns)
    widths = [share * scale for share in found.columns]
    made = _with_rows(table, widths, size, height)
    least = line_size(CONTINUED, bold=True) * size + BESIDE
    if any(row.begun for row in made.rows) and widths[0] < least:
        widest = widths.index(max(widths))
        widths[widest] -= least - widths[0]
        widths[0] = least
        made = _with_rows(table, widths, size, height)
    return made


def _with_rows(
    table: MeasuredTable, widths: Sequence[float], size: float, height: float
) -> FittedTable:
    header = max(
        _cell_height(_text_cell(label), cell, size)
        for label, cell in zip(table.grid.labels, widths, strict=True)
    )
    rows = tuple(_rows(table, widths, size, max(height - header, LEAST)))
    return FittedTable(table.grid, table.texts, tuple(widths), size, header, rows)


def _rows(
    table: MeasuredTable, widths: Sequence[float], size: float, most: float
) -> Iterator[SlideRow]:
    """Yield the rows of a table. None of them is higher than ``most``."""
    grid = table.grid
    for place, texts in enumerate(table.texts[:ON_SLIDES]):
        values = grid.table.rows[place]
        cells = tuple(
            tuple(marked(value)) if column.kind is Kind.MARKDOWN and value else _text_cell(text)
            for value, text, column in zip(values, texts, grid.table.columns, strict=True)
        )
        yield from _parts(SlideRow(cells, 0, place), widths, size, most)


def _text_cell(text: str) -> SlideCell:
    return (plain(text),)


def _parts(row: SlideRow, widths: Sequence[float], size: float, most: float) -> Iterator[SlideRow]:
    """Yield a row, in parts if it is higher than a slide.

    The first cell of a later part says which row goes on.
    """
    key = row.cells[0][0].text if row.cells[0] else ""
    again = _text_cell(f"{key[:40]} {CONTINUED}".strip())
    while True:
        pairs = list(zip(row.cells, widths, strict=True))
        height = max(_cell_height(cell, width, size) for cell, width in pairs)
        if height <= most:
            yield row._replace(height=height)
            return
        room = most - 2 * ABOVE - 1
        cut = [cut_at(cell, width - 2 * SIDE, size, room) for cell, width in pairs]
        yield row._replace(cells=tuple(tuple(before) for before, _ in cut), height=most)
        first, *others = (tuple(after) for _, after in cut)
        row = row._replace(cells=(first or again, *others), begun=True)


def _cell_height(cell: SlideCell, width: float, size: float) -> float:
    text = height_of(cell, width - 2 * SIDE, size) - (AFTER * size if cell else 0)
    return max(text, size * 1.2) + 2 * ABOVE


def pages(table: FittedTable, first: float, full: float, keep: float) -> list[list[SlideRow]]:
    """Return the rows of a table by slide.

    There is so much room on the ``first`` slide, and on each ``full`` one. On the last one so
    much room as ``keep`` stays free for what follows the table.
    """
    found: list[list[SlideRow]] = [[]]
    left = first - table.header
    for row in table.rows:
        if row.height > left and (found[-1] or len(found) == 1):
            found.append([])
            left = full - table.header
        found[-1].append(row)
        left -= row.height
    last = found[-1]
    if keep > left and len(last) > 1 and len(found) > 1:
        half = len(last) // 2
        found[-1:] = [last[:half], last[half:]]
    _even_out(found, full - table.header - keep)
    return found


def _even_out(found: list[list[SlideRow]], room: float) -> None:
    """Move rows from the last but one slide to the last, so that no slide has only a few rows."""
    if len(found) < 2:
        return
    above, below = (sum(row.height for row in rows) for rows in found[-2:])
    while len(found[-2]) > 1:
        height = found[-2][-1].height
        above, below = above - height, below + height
        if below > min(above, room):
            break
        found[-1].insert(0, found[-2].pop())


def table_xml(table: FittedTable, rows: Sequence[SlideRow], link: Linking, colour: str) -> str:
    """Return the XML of a table with some of its rows below its header."""
    columns, totals = table.grid.table.columns, table.grid.totals
    body = "".join(
        _body_row_xml(table, row, link, colour, is_total=row.place in totals) for row in rows
    )
    widths = "".join(f'<a:gridCol w="{round(width * 12_700)}"/>' for width in table.widths)
    header = _row_xml(
        table.header,
        [
            _cell_xml(
                _text_cell(label),
                link,
                table.size,
                colour,
                ink_on(colour),
                bold=True,
                right=c.is_number,
            )
            for label, c in zip(table.grid.labels, columns, strict=True)
        ],
    )
    return (
        '<a:tbl><a:tblPr firstRow="1" firstCol="1">'
        "<a:tableStyleId>{2D5ABB26-0587-4C30-8999-92F81FD0307C}</a:tableStyleId></a:tblPr>"
        f"<a:tblGrid>{widths}</a:tblGrid>{header}"
        f"{body}</a:tbl>"
    )


def _body_row_xml(
    table: FittedTable, row: SlideRow, link: Linking, colour: str, *, is_total: bool
) -> str:
    values = table.grid.table.rows[row.place]
    cells = []
    for place, (cell, column, value) in enumerate(
        zip(row.cells, table.grid.table.columns, values, strict=True)
    ):
        fill, ink = tint(colour, 0.1) if is_total else PAPER, INK
        if column.kind is Kind.RAG and value in RAG_NAMES:
            fill, ink = RAG[Rag(value)]
        bold = is_total or place == 0
        cells.append(
            _cell_xml(cell, link, table.size, fill, ink, bold=bold, right=column.is_number)
        )
    return _row_xml(row.height, cells)


def _row_xml(height: float, cells: Sequence[str]) -> str:
    return f'<a:tr h="{round(height * 12_700)}">{"".join(cells)}</a:tr>'


def _cell_xml(
    cell: SlideCell, link: Linking, size: float, fill: str, ink: str, *, bold: bool, right: bool
) -> str:
    if len(cell) == 1 and not cell[0].depth:  # most cells, which need less XML
        text = paragraph_xml(cell[0], link, letters=size, ink=ink, bold=bold, right=right)
    else:
        text = "".join(
            paragraph_xml(one, link, size=size, ink=ink, bold=bold, right=right)
            for one in numbered(cell or (plain(""),))
        )
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{text}</a:txBody>"
        f'<a:tcPr marL="{round(SIDE * 12_700)}" marR="{round(SIDE * 12_700)}"'
        f' marT="{round(ABOVE * 12_700)}" marB="{round(ABOVE * 12_700)}">'
        '<a:lnB w="6350"><a:solidFill><a:srgbClr val="BFBFBF"/></a:solidFill></a:lnB>'
        f'<a:solidFill><a:srgbClr val="{fill.removeprefix("#")}"/></a:solidFill></a:tcPr></a:tc>'
    )
