"""The tables of a Word document: header rows that are repeated, numbers to the right, ratings."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from irbtrack.domain.answers import Column, Kind
from irbtrack.packs.document import Grid
from irbtrack.packs.drawing.palette import RAG
from irbtrack.packs.lettering.column_widths import column_widths
from irbtrack.packs.word.word_styles import TABLE_POINTS, StyleSheet
from irbtrack.packs.word.word_xml import attribute, paragraph, words

EM = TABLE_POINTS * 21
"""The size of the type in tables, in twentieths of a point, and a twentieth more.

Texts are measured in Open Sans. The font of a template may be wider.
"""

ROOMY = 1.5
"""What a column gets beyond its need where there is room, in parts of the size of the type."""

CELL_MARGIN = 80
"""What is left free on each side of a cell, in twentieths of a point."""

BESIDE = 2 * CELL_MARGIN / EM
"""What the margins of a cell take, in parts of the size of the type."""

HELD_TOGETHER = 14
"""A table of no more lines stays on one page."""

PER_EM = 1.8
"""How many characters are as wide as the size of the type, on average."""

UNBROKEN = 25
"""A row of no more lines stays on one page."""

_RATINGS = {rag.value: colours for rag, colours in RAG.items()}

TypedText = Callable[[str], str]
"""Makes paragraphs of what people typed in Markdown."""


def table_xml(grid: Grid, room: int, styles: StyleSheet, typed: TypedText) -> Iterator[str]:
    """Yield the XML of a table, piece by piece, at most as wide as ``room``.

    ``typed`` makes paragraphs of Markdown.
    """
    rows = grid.texts
    columns = grid.table.columns
    widths = _widths(grid, room / EM)
    cells = [_ColumnWriter(column, styles, typed) for column in columns]
    described = f"{len(rows)} rows under the headers {', '.join(grid.labels)}."
    yield (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles.table}"/>'
        f'<w:tblW w:w="{sum(widths) * EM:.0f}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{CELL_MARGIN}" w:type="dxa"/>'
        f'<w:right w:w="{CELL_MARGIN}" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
        ' w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={attribute(grid.table.title)}/>"
        f"<w:tblDescription w:val={attribute(described)}/></w:tblPr><w:tblGrid>"
    )
    yield "".join(f'<w:gridCol w:w="{width * EM:.0f}"/>' for width in widths)
    header = "".join(cell.header(label) for cell, label in zip(cells, grid.labels, strict=True))
    yield f"</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{header}</w:tr>"
    totals = grid.totals
    heights = [_lines(row, widths) for row in rows]
    together = sum(heights) <= HELD_TOGETHER
    for place, (values, texts, lines) in enumerate(
        zip(grid.table.rows, rows, heights, strict=True)
    ):
        follows = together and place < len(heights) - 1
        inside = "".join(
            cell.body(value, text, is_total=place in totals, keeps_next=follows)
            for cell, value, text in zip(cells, values, texts, strict=True)
        )
        unbroken = "<w:trPr><w:cantSplit/></w:trPr>" if lines <= UNBROKEN else ""
        yield f"<w:tr>{unbroken}{inside}</w:tr>"
    yield "</w:tbl>"


def _widths(grid: Grid, room: float) -> list[float]:
    """Return the widths of columns, in parts of the size of the type, with some room to spare."""
    needed = column_widths(grid, room, BESIDE).columns
    spare = min(ROOMY, (room - sum(needed)) / max(1, len(needed)))
    return [width + max(0, spare) for width in needed]


def _lines(row: Sequence[str], widths: Sequence[float]) -> float:
    """Return how many lines a row takes, by its number of characters."""
    return max(
        (
            sum(1 + len(line) // (width * PER_EM) for line in text.split("\n"))
            for text, width in zip(row, widths, strict=True)
        ),
        default=1,
    )


class _ColumnWriter:
    """How the cells of a column are written."""

    def __init__(self, column: Column, styles: StyleSheet, typed: TypedText) -> None:
        self._kind = column.kind
        self._typed = typed
        self._style = styles["Table Number" if column.is_number else "Table Text"]
        self._heading = styles["Table Number Heading" if column.is_number else "Table Heading"]

    def header(self, label: str) -> str:
        return _cell(paragraph(words(label), label, self._heading, keeps_next=True))

    def body(self, value: Any, text: str, *, is_total: bool, keeps_next: bool) -> str:
        if self._kind is Kind.MARKDOWN and text:
            return _cell(self._typed(text))
        fill, ink = _RATINGS.get(value, ("", "")) if self._kind is Kind.RAG else ("", "")
        content = words(text, bold=is_total, ink=ink) if text else ""
        shade = fill.removeprefix("#")
        return _cell(
            paragraph(content, text, self._style, keeps_next=keeps_next),
            f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if fill else "",
        )


def _cell(content: str, properties: str = "") -> str:
    inside = f"<w:tcPr>{properties}</w:tcPr>" if properties else ""
    return f"<w:tc>{inside}{content}</w:tc>"
