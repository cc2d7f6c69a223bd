"""The tables of a Word document: header rows that are repeated, numbers to the right, ratings."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from irbtrack.domain.answers import Column, Kind
from irbtrack.domain.nouns.rating import Rag
from irbtrack.packs.column_widths import MARGIN, Widths, column_size, fitted
from irbtrack.packs.document import Grid
from irbtrack.packs.palette import RAG
from irbtrack.packs.word_styles import TABLE_POINTS, StyleSheet
from irbtrack.packs.word_xml import attribute, paragraph, words

CHARACTER = TABLE_POINTS * 11
"""The width of a character in tables, in twentieths of a point, with some to spare."""

HELD_TOGETHER = 14
"""A table of so many lines isn't parted by the end of a page."""

UNBROKEN = 25
"""A row of so many lines isn't parted by the end of a page."""

_RATINGS = {rag.value: colours for rag, colours in RAG.items()}

TypedText = Callable[[str], str]
"""Makes paragraphs of what people typed in Markdown."""


class MeasuredGrid(NamedTuple):
    """A table with the texts of its cells, and how its columns fit upright and sideways."""

    grid: Grid
    texts: list[list[str]]
    upright: Widths
    sideways: Widths

    @property
    def is_wide(self) -> bool:
        """Return whether it is read much better on a page turned sideways."""
        return self.upright.lines > 2 * self.sideways.lines and self.upright.lines > 3


def measured_grid(grid: Grid, upright: int, sideways: int) -> MeasuredGrid:
    """Return a table with how it fits on pages of two widths, in twentieths of a point."""
    texts = grid.texts
    sizes = [
        column_size(column, [label, *(row[place] for row in texts)])
        for place, (column, label) in enumerate(zip(grid.table.columns, grid.labels, strict=True))
    ]
    fit = [fitted(sizes, room // CHARACTER) for room in (upright, sideways)]
    return MeasuredGrid(grid, texts, *fit)


def table_xml(
    measured: MeasuredGrid, styles: StyleSheet, typed: TypedText, *, is_sideways: bool
) -> Iterator[str]:
    """Yield the XML of a table, piece by piece. ``typed`` makes paragraphs of Markdown."""
    grid = measured.grid
    widths = (measured.sideways if is_sideways else measured.upright).widths
    columns = grid.table.columns
    cells = [_Cell(column, styles, typed) for column in columns]
    described = f"{len(measured.texts)} rows under the headers {', '.join(grid.labels)}."
    yield (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles.table}"/>'
        f'<w:tblW w:w="{sum(widths) * CHARACTER}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
        ' w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={attribute(grid.table.title)}/>"
        f"<w:tblDescription w:val={attribute(described)}/></w:tblPr><w:tblGrid>"
    )
    yield "".join(f'<w:gridCol w:w="{width * CHARACTER}"/>' for width in widths)
    header = "".join(
        cell.header(label) for cell, label in zip(cells, grid.labels, strict=True)
    )
    yield f"</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{header}</w:tr>"
    totals = grid.totals
    heights = [_lines(row, widths) for row in measured.texts]
    together = sum(heights) <= HELD_TOGETHER
    for place, (values, texts, lines) in enumerate(
        zip(grid.table.rows, measured.texts, heights, strict=True)
    ):
        follows = together and place < len(heights) - 1
        inside = "".join(
            cell.body(value, text, is_total=place in totals, keeps_next=follows)
            for cell, value, text in zip(cells, values, texts, strict=True)
        )
        unbroken = "<w:trPr><w:cantSplit/></w:trPr>" if lines <= UNBROKEN else ""
        yield f"<w:tr>{unbroken}{inside}</w:tr>"
    yield "</w:tbl>"


def _lines(row: Sequence[str], widths: Sequence[int]) -> int:
    """Return how many lines a row takes, more or less."""
    return max(
        (
            sum(1 + len(line) // max(1, width - MARGIN) for line in text.split("\n"))
            for text, width in zip(row, widths, strict=True)
        ),
        default=1,
    )


class _Cell:
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
