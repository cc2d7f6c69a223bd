"""The widths of the columns of a table, with which it fits its page and is as short as can be."""

from math import hypot, inf
from typing import NamedTuple

from irbtrack.domain.answers import Column, Kind
from irbtrack.packs.document import Grid
from irbtrack.packs.lettering.letter_widths import width_of

BROKEN_FROM = 1 / 4
"""A word that takes more than this share of the room is broken."""

WHOLE_TO = 13.0
"""A text up to this width stays on one line, in parts of the size of the type."""

BADGE = 0.8
"""What the coloured field adds to the width of a rating, in the same unit."""


class Widths(NamedTuple):
    """The widths of columns, in parts of the size of the type.

    ``lines`` is how many lines a typical row then has. It is infinite where words are broken.
    """

    columns: tuple[float, ...]
    lines: float


class _Need(NamedTuple):
    """The widths that a column needs for its longest word, its longest text and a typical one."""

    word: float
    text: float
    usual: float

    def at(self, lines: float) -> float:
        """Return the width at which a typical text takes so many lines."""
        return min(self.text, max(self.word, self.usual / lines))


def column_widths(grid: Grid, room: float, beside: float) -> Widths:
    """Return the widths of a table's columns, which take at most ``room``.

    ``beside`` is the room within each column that its text can't have. If not every text fits on
    one line, the widths are chosen so that typical texts have the same number of lines.
    """
    texts = zip(*grid.texts, strict=True) if grid.table.rows else ((),) * len(grid.labels)
    needs = [
        _need(column, [label, *cells], room * BROKEN_FROM)
        for column, label, cells in zip(grid.table.columns, grid.labels, texts, strict=True)
    ]
    left = room - beside * len(needs)
    if sum(need.text for need in needs) <= left:
        return Widths(tuple(need.text + beside for need in needs), 1)
    least = sum(need.word for need in needs)
    if least >= left:
        most = _most([need.word for need in needs], left)
        return Widths(tuple(min(need.word, most) + beside for need in needs), inf)
    lines = _lines(needs, left)
    found = [need.at(lines) for need in needs]
    spare = (left - sum(found)) / len(found)
    return Widths(tuple(width + spare + beside for width in found), lines)


def _need(column: Column, texts: list[str], most: float) -> _Need:
    badge = BADGE if column.kind is Kind.RAG else 0
    lines = [max(map(_width, text.split("\n"))) + badge for text in texts]
    word = max((_width(word) for text in texts for word in text.split()), default=0.0)
    if not column.wraps:
        word = max(word, *(line for line in lines[1:] if line <= WHOLE_TO), 0.0)
    word = min(word, most)
    return _Need(word, max(word, *lines), hypot(*lines) / len(lines) ** 0.5)


def _width(line: str) -> float:
    """Return how wide a line is in bold type, because headers and totals are bold."""
    return width_of(line, bold=True)


def _most(widths: list[float], room: float) -> float:
    """Return the width that no column may exceed, so that all fit into a room."""
    left = room
    for place, width in enumerate(sorted(widths)):
        most = left / (len(widths) - place)
        if width > most:
            return most
        left -= width
    return room


def _lines(needs: list[_Need], room: float) -> float:
    """Return the least number of lines with which the columns fit into a room."""
    few, many = 0.0, max(need.usual / need.word for need in needs if need.word)
    for _ in range(30):
        middle = (few + many) / 2
        fits = sum(need.at(middle) for need in needs) <= room
        few, many = (few, middle) if fits else (middle, many)
    return many
