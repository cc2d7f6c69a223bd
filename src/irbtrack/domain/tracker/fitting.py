"""Say how well the cells of a column fit a field.

A header says which field a column may be. Its cells say whether it is: priorities are on the
scale, references differ, titles differ more than the audits they are of.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.tracker.sheet import Cell
from irbtrack.domain.words import NOTHING

Fits = Callable[[Field, Cell], bool]
"""A function that returns whether a cell could be a value of the field.

It returns False for a post that is not known or a word that is not on a scale.
"""

Held = Counter[tuple[type, Cell]]
"""How often a column holds each value, without the words for nothing."""


class Fit(IntEnum):
    """How well cells fit a field, from those that do to those that are plainly something else."""

    WELL = 0
    EMPTY = 1
    POORLY = 2
    NOT = 3


_CLOSED = frozenset({
    Holds.DATE, Holds.YEAR, Holds.PRIORITY, Holds.CLASSIFICATION, Holds.CHOICE, Holds.STATUS,
    Holds.RAG, Holds.TREND, Holds.NUMBER, Holds.FINDINGS,
})  # fmt: skip
"""The kinds of fields whose cells alone can tell that they don't fit.

A post is not among them, because it may be one that nobody has recorded yet.
"""

_WORDS = {Holds.DATE: 1, Holds.FINDINGS: 0.5}
"""The share of cells without a digit that makes a column words, where a field holds numbers."""

_NEVER_TEXT = (Holds.DATE, Holds.PRIORITY, Holds.STATUS, Holds.YEAR, Holds.RAG)
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*\s*%?")
_LONG, _SHORT = 40, 40  # characters
_NAME = 3  # words


def held_by_column(rows: Sequence[Sequence[Cell]]) -> dict[int, Held]:
    """Return how often each column holds each value."""
    held: dict[int, Held] = {}
    for row in rows:
        for column, cell in enumerate(row):
            if cell is not None and not _is_placeholder(cell):
                held.setdefault(column, Counter())[type(cell), cell] += 1
    return held


def fit(
    field: Field,
    held: Held,
    fits: Fits,
    others: Iterable[Field] = (),
    rivals: Iterable[Held] = (),
) -> Fit:
    """Return how well the cells of a column fit a field.

    ``others`` are the fields of the noun, and ``rivals`` what is in the columns whose headers say
    the same field.
    """
    if not held:
        return Fit.EMPTY
    if field.holds in _CLOSED:
        share = _share(held, lambda cell: fits(field, cell))
        numberless = _share(held, lambda cell: not _has_digit(cell))
        is_words = numberless >= _WORDS.get(field.holds, 2)
        if share < 0.1 and (is_words or _is_prose(held)):
            return Fit.NOT
        return Fit.WELL if share >= 0.5 else Fit.POORLY
    if field.holds in (Holds.REF, Holds.CODE):
        names = _share(held, lambda cell: _is_name(cell) and len(str(cell)) <= _SHORT)
        if names < 0.1:
            return Fit.NOT
        return Fit.WELL if names >= 0.5 and _variety(held) >= 0.9 else Fit.POORLY
    texts = _share(held, _is_worded) >= 0.5
    if field.holds is Holds.TEXT and _are_categories(held):
        return Fit.NOT
    worse = Fit.NOT if field.holds is Holds.TEXT else Fit.POORLY
    if not texts:
        return worse
    if field.holds in (Holds.LINE, Holds.TEXT):
        scales = (one for one in others if one.holds in _NEVER_TEXT)
        if any(nearly_all_fit(one, held, fits) for one in scales):
            return worse
    if field.needed and field.holds is Holds.LINE:
        most = max(map(_variety, rivals), default=0.0)
        return Fit.WELL if _variety(held) * 2 >= most else Fit.POORLY
    return Fit.WELL


def nearly_all_fit(field: Field, held: Held, fits: Fits) -> bool:
    """Return whether nine of ten cells could be values of the field."""
    misfits = held.total() // 10
    for (_, cell), number in held.items():
        misfits -= 0 if fits(field, cell) else number
        if misfits < 0:
            return False
    return True


def are_words(held: Held) -> bool:
    """Return whether a column holds a few short texts, as a scale does, and no sentences."""
    return 0 < len(held) <= 12 and all(len(str(cell)) <= _SHORT for _, cell in held)


def _are_categories(held: Held) -> bool:
    """Return whether a column sorts its rows into a few kinds, instead of explaining them."""
    words = sum(len(str(cell).split()) * number for (_, cell), number in held.items())
    return words <= _NAME * held.total() and held.total() >= 5 * len(held)


def _variety(held: Held) -> float:
    """Return how many of the cells differ, as a share of them."""
    return len(held) / held.total() if held else 0.0


def _share(held: Held, good: Callable[[Cell], bool]) -> float:
    return sum(number for (_, cell), number in held.items() if good(cell)) / held.total()


def _is_name(cell: Cell) -> bool:
    return isinstance(cell, str | int | float)


def _is_worded(cell: Cell) -> bool:
    """Return whether a cell has words, and is no number that a CSV file holds as text."""
    return isinstance(cell, str) and not _NUMBER.fullmatch(cell.strip())


def _is_prose(held: Held) -> bool:
    return sum(len(str(cell)) * n for (_, cell), n in held.items()) > _LONG * held.total()


def _has_digit(cell: Cell) -> bool:
    return any(character.isdigit() for character in str(cell))


def _is_placeholder(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in NOTHING
