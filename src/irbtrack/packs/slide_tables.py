"""Tables fitted to slides: the widths of columns, the heights of rows, and where they are cut."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from irbtrack.domain.answers import Kind
from irbtrack.domain.nouns.rating import RAG_NAMES, Rag
from irbtrack.packs.document import Grid
from irbtrack.packs.line_breaks import longest_line, longest_word
from irbtrack.packs.palette import INK, PAPER, RAG, ink_on, tint
from irbtrack.packs.slide_text import (
    AFTER,
    Link,
    SlideParagraph,
    cut_at,
    height_of,
    marked,
    numbered,
    paragraph_xml,
    plain,
)

SIZES = (12, 11, 10, 9)
"""The sizes of letters in tables, of which the largest that fits is taken."""

DEEP = 1.5
"""How many lines the cells of a table may have before its letters are made smaller."""

LONGEST = 200
"""How many rows of a table are put on slides. Nobody turns over more of them in a meeting."""

LEAST = 80.0
"""How high a row may be at least, however high the header is."""

SPARE = 1.5
"""By how much a column is wider than its text, so that no text breaks that just fits."""

WHOLE = (Kind.NUMBER, Kind.CHANGE, Kind.DATE, Kind.RAG)
"""The kinds of cells that are never broken into lines."""

SHORT = 9.0
"""How wide a column is at most in which no text is broken, as a multiple of its letters."""

SIDE, ABOVE = 5.0, 3.0
"""The room within a cell, at its left and right, and above and below its text."""

SlideCell = tuple[SlideParagraph, ...]


class SlideRow(NamedTuple):
    """A row, or a part of one that is higher than a slide.

    ``place`` is that of the row in its table. ``begun`` says that a part of the row came before.
    """

    cells: tuple[SlideCell, ...]
    height: float
    place: int
    begun: bool = False


class _Measured(NamedTuple):
    """What the width of a column depends on: its longest word and its longest line."""

    word: float
    line: float
    wraps: bool


class MeasuredTable(NamedTuple):
    """A table with the texts of its cells, and what its widths depend on."""

    grid: Grid
    texts: list[list[str]]
    columns: tuple[_Measured, ...]

    @property
    def natural_width(self) -> float:
        """Return how wide it is if none of its lines is broken."""
        return sum(_wanted(column, SIZES[0]) for column in self.columns)


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
    """Return a table with the texts of its cells, and the widths that they need."""
    texts, columns = grid.texts, []
    for place, (column, label) in enumerate(zip(grid.table.columns, grid.labels, strict=True)):
        cells = {row[place] for row in texts[:LONGEST]}
        line = _longest(longest_line, label, cells, bold=place == 0)
        wraps = column.kind not in WHOLE and line > SHORT
        word = _longest(longest_word, label, cells, bold=place == 0) if wraps else line
        columns.append(_Measured(word, line, wraps))
    return MeasuredTable(grid, texts, tuple(columns))


def _longest(
    measure: Callable[..., float], label: str, cells: Iterable[str], *, bold: bool
) -> float:
    return max(measure(label, bold=True), *(measure(cell, bold=bold) for cell in cells), 0)


def fitted(table: MeasuredTable, width: float, height: float) -> FittedTable:
    """Return a table fitted to slides on which there is so much room for it."""
    grid, columns = table.grid, table.columns
    for size in SIZES:
        least = [_least(column, size) for column in columns]
        wanted = [_wanted(column, size) for column in columns]
        if sum(least) <= width and _depth(least, wanted, width) <= (DEEP if size > 10 else 99):
            break
    widths = _shared_out(least, wanted, width)
    header = max(
        _cell_height(_text_cell(label), cell, size)
        for label, cell in zip(grid.labels, widths, strict=True)
    )
    rows = tuple(_rows(table, widths, size, max(height - header, LEAST)))
    return FittedTable(grid, table.texts, tuple(widths), size, header, rows)


def _least(column: _Measured, size: float) -> float:
    """Return how narrow a column can be. Words of more than some 24 letters may be broken."""
    longest = min(column.word, 14) if column.wraps else column.line
    return longest * size + 2 * SIDE + SPARE


def _wanted(column: _Measured, size: float) -> float:
    return column.line * size + 2 * SIDE + SPARE


def _depth(least: Sequence[float], wanted: Sequence[float], width: float) -> float:
    """Return how many lines the cells of a table have if each column gets its share of a width."""
    low, high = 1.0, 1000.0
    for _ in range(30):
        middle = (low + high) / 2
        if sum(map(max, least, (one / middle for one in wanted))) <= width:
            high = middle
        else:
            low = middle
    return high


def _shared_out(least: Sequence[float], wanted: Sequence[float], width: float) -> list[float]:
    """Return the widths of columns, of which none has longer cells than the others.

    Columns that can't be made narrow enough are made narrower than their longest word.
    """
    if sum(least) >= width:
        return [one * width / sum(least) for one in least]
    depth = _depth(least, wanted, width)
    shares = [max(one, other / depth) for one, other in zip(least, wanted, strict=True)]
    return [share * width / sum(shares) for share in shares]


def _rows(
    table: MeasuredTable, widths: Sequence[float], size: float, most: float
) -> Iterator[SlideRow]:
    """Yield the rows of a table. None of them is higher than ``most``."""
    grid = table.grid
    for place, texts in enumerate(table.texts[:LONGEST]):
        values = grid.table.rows[place]
        cells = tuple(
            tuple(marked(value)) if column.kind is Kind.MARKDOWN and value else _text_cell(text)
            for value, text, column in zip(values, texts, grid.table.columns, strict=True)
        )
        yield from _parts(SlideRow(cells, 0, place), widths, size, most)


def _text_cell(text: str) -> SlideCell:
    return (plain(text),)


def _parts(row: SlideRow, widths: Sequence[float], size: float, most: float) -> Iterator[SlideRow]:
    """Yield a row, in parts if it is higher than a slide."""
    while True:
        height = max(
            _cell_height(cell, width, size) for cell, width in zip(row.cells, widths, strict=True)
        )
        if height <= most:
            yield row._replace(height=height)
            return
        cut = [
            cut_at(cell, width - 2 * SIDE, size, most - 2 * ABOVE - 1)
            for cell, width in zip(row.cells, widths, strict=True)
        ]
        yield row._replace(cells=tuple(tuple(before) for before, _ in cut), height=most)
        key, *others = (tuple(after) for _, after in cut)
        again = key or _text_cell(f"{row.cells[0][0].text} (continued)")
        row = row._replace(cells=(again, *others), begun=True)


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
    return found


def table_xml(table: FittedTable, rows: Sequence[SlideRow], link: Link, colour: str) -> str:
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
        '<a:tbl xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<a:tblPr firstRow="1" firstCol="1">'
        "<a:tableStyleId>{2D5ABB26-0587-4C30-8999-92F81FD0307C}</a:tableStyleId></a:tblPr>"
        f"<a:tblGrid>{widths}</a:tblGrid>{header}"
        f"{body}</a:tbl>"
    )


def _body_row_xml(
    table: FittedTable, row: SlideRow, link: Link, colour: str, *, is_total: bool
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
    cell: SlideCell, link: Link, size: float, fill: str, ink: str, *, bold: bool, right: bool
) -> str:
    paragraphs = "".join(
        paragraph_xml(one, link, size=size, ink=ink, bold=bold, right=right)
        for one in numbered(cell)
    )
    empty = f'<a:p><a:endParaRPr lang="en-GB" sz="{round(size * 100)}"/></a:p>'
    none = "".join(f"<a:{side}><a:noFill/></a:{side}>" for side in ("lnL", "lnR", "lnT"))
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{paragraphs or empty}</a:txBody>"
        f'<a:tcPr marL="{round(SIDE * 12_700)}" marR="{round(SIDE * 12_700)}"'
        f' marT="{round(ABOVE * 12_700)}" marB="{round(ABOVE * 12_700)}">{none}'
        '<a:lnB w="6350"><a:solidFill><a:srgbClr val="BFBFBF"/></a:solidFill></a:lnB>'
        f'<a:solidFill><a:srgbClr val="{fill.removeprefix("#")}"/></a:solidFill></a:tcPr></a:tc>'
    )
