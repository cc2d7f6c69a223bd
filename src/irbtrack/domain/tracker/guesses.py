"""Guess which column each field is in, from what the headers say and the cells hold."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.tracker.header_words import (
    DONE,
    EARLIER,
    LATER,
    LATER_OF,
    LONGEST,
    Close,
    Match,
    Vocabulary,
    distinct,
    in_order,
    nearer,
    words_of,
)
from irbtrack.domain.tracker.layout import Layout, collapsed
from irbtrack.domain.tracker.sheet import Cell, column_letters
from irbtrack.domain.words import NOTHING

Fits = Callable[[Field, Cell], bool]
"""A function that returns whether a cell could be a value of the field.

It returns False for a post that is not known or a word that is not on a scale.
"""

_CLOSED = frozenset({
    Holds.DATE, Holds.YEAR, Holds.PRIORITY, Holds.CLASSIFICATION, Holds.CHOICE, Holds.STATUS,
    Holds.RAG, Holds.TREND, Holds.NUMBER, Holds.FINDINGS,
})  # fmt: skip
"""The kinds of fields whose cells alone can tell that they don't fit.

A post is not among them, because it may be one that nobody has recorded yet.
"""

_SCALES = (
    Holds.PRIORITY, Holds.STATUS, Holds.DIRECTORATE, Holds.OFFICER, Holds.AUDIT, Holds.YEAR,
    Holds.CLASSIFICATION, Holds.RAG, Holds.TREND,
)  # fmt: skip
"""The kinds of fields that a column without a telling header is recognised by."""


class _Saying(NamedTuple):
    """A column whose header says a field.

    They sort by ``doubt``, the surest first.
    """

    doubt: tuple[int, int, int, int, int]
    column: int
    name: str
    match: Match


class Guess:
    """A guess at which column each field is in, from labels and from what the cells hold."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        labels: list[str],
        lower: list[str],
        rows: Sequence[Sequence[Cell]],
        fits: Fits,
    ) -> None:
        self._fields, self._fits = vocabulary.fields, fits
        self._plain, self._labels = labels, distinct(labels)
        self._matches: dict[int, Mapping[str, Match]] = {}
        for column, label in enumerate(labels):
            found = dict(vocabulary.matches(label))
            if lower[column] != label:
                nearer(found, vocabulary.matches(lower[column]), Close.REORDERED)
            self._matches[column] = found
        self._held: dict[int, Counter[tuple[type, Cell]]] = {}
        self._rows = sum(any(cell is not None for cell in row) for row in rows)
        for row in rows:
            for column, cell in enumerate(row):
                if cell is not None and not _is_placeholder(cell):
                    self._held.setdefault(column, Counter())[type(cell), cell] += 1
        self._columns: dict[str, int] = {}
        self._reasons: dict[str, str] = {}
        self._untaken: dict[int, str] = {}
        self._doubted: dict[str, int] = {}

    def layout(self, first: int, last: int) -> Layout:
        """Return the layout that was guessed."""
        sayings = self._parted(list(self._sayings()))
        for saying in sorted(sayings):
            if saying.name not in self._columns and saying.column not in self._columns.values():
                self._take(saying.name, saying.column, self._because(saying))
        self._make_lone_dates_due(sayings)
        self._know_by_cells()
        self._say_rivals(sayings)
        self._say_nameless()
        taken = set(self._columns.values())
        columns = {name: self._columns[name] for name in self._fields if name in self._columns}
        untaken = {column: why for column, why in self._untaken.items() if column not in taken}
        doubted = {
            name: column
            for name, column in self._doubted.items()
            if name not in columns and column not in taken
        }
        return Layout(first, last, self._labels, columns, self._reasons, untaken, doubted=doubted)

    def _take(self, name: str, column: int, why: str) -> None:
        self._columns[name], self._reasons[name] = column, why

    def _sayings(self) -> Iterator[_Saying]:
        """Yield what the headers say and the cells do not deny."""
        for column, found in self._matches.items():
            for name, match in found.items():
                field = self._fields[name]
                if field.derived and match.vague:
                    continue
                if denied := self._denial(field, match, column):
                    label = field.label
                    self._untaken.setdefault(column, f"its header may mean {label}, but {denied}")
                    if self._are_words(column):
                        self._doubted.setdefault(name, column)
                    continue
                sure = 0 if match.closeness == Close.NAME else 1 + match.vague
                doubt = (sure, self._misfit(field, column), *in_order(match))
                yield _Saying(doubt, column, name, match)

    def _parted(self, sayings: list[_Saying]) -> list[_Saying]:
        """Return the sayings, with each date as what it is beside the others.

        A date is the original one if another is revised. A completion date is when the action is
        due if another one is the actual one.
        """
        for earlier, later in LATER_OF.items():
            if earlier not in self._fields:
                continue
            of_later = [saying for saying in sayings if saying.name == later]
            revised = [s for s in of_later if set(words_of(self._plain[s.column])) & LATER]
            first = [s for s in of_later if s not in revised and s.match.closeness > Close.NAME]
            if revised:
                sayings = [s._replace(name=earlier) if s in first else s for s in sayings]
            done = [saying for saying in sayings if saying.name == DONE]
            if any("actual" in words_of(self._plain[saying.column]) for saying in done):
                hoped = [s for s in done if {"completion", "date"}.issuperset(s.match.phrase)]
                sayings = [s._replace(name=later) if s in hoped else s for s in sayings]
        return sayings

    def _make_lone_dates_due(self, sayings: list[_Saying]) -> None:
        own = {s.column for s in sayings if s.match.closeness == Close.NAME}
        for earlier, later in LATER_OF.items():
            column = self._columns.get(earlier)
            if column is None or later not in self._fields or later in self._columns:
                continue
            is_first = set(words_of(self._plain[column])) & EARLIER
            if column not in own and not is_first:
                why = f"{self._reasons[earlier]}, and no later date has a column"
                del self._columns[earlier], self._reasons[earlier]
                self._take(later, column, why)

    def _know_by_cells(self) -> None:
        """Take columns without a telling header whose cells are nearly all on one scale."""
        scales: dict[Holds, Field] = {}
        for field in self._fields.values():
            if field.holds in _SCALES and not field.derived:
                scales.setdefault(field.holds, field)
        known: dict[str, list[int]] = {}
        for column, held in self._held.items():
            told = any(not match.vague for match in self._matches.get(column, {}).values())
            if told or column in self._columns.values() or held.total() < 3:
                continue
            of = [field.name for field in scales.values() if self._nearly_all_fit(field, held)]
            if len(of) == 1 and of[0] not in self._columns:
                known.setdefault(of[0], []).append(column)
        for name, columns in known.items():
            why = {column: f"its cells are of {_some(self._held[column])}" for column in columns}
            if len(columns) == 1:
                self._take(name, columns[0], why[columns[0]])
            else:
                label = self._fields[name].label
                self._untaken |= dict.fromkeys(columns, f"it may be {label}, but so may another")

    def _say_rivals(self, sayings: list[_Saying]) -> None:
        for saying in sorted(sayings):
            column = self._columns.get(saying.name)
            sure = not saying.match.vague or len(saying.match.phrase) > 1
            if sure and column not in (None, saying.column):
                label, letters = self._fields[saying.name].label, column_letters(column or 0)
                why = f"its header may mean {label}, but that is taken from column {letters}"
                self._untaken.setdefault(saying.column, why)

    def _say_nameless(self) -> None:
        """Say which columns hold as much as others, but have no header that could name them."""
        for column, held in self._held.items():
            if not self._labels[column] and held.total() * 2 >= self._rows:
                self._untaken.setdefault(column, "it has no header")

    def _because(self, saying: _Saying) -> str:
        label, phrase = self._plain[saying.column], saying.match.phrase
        if saying.match.closeness == Close.NAME:
            return f"its name is {label}"
        if saying.match.closeness == Close.WITHIN:
            words = "words" if len(phrase) > 1 else "word"
            return f"its header has the {words} {' '.join(phrase)}"
        return f"its header is {label if len(label) <= LONGEST else label[: LONGEST - 3] + '...'}"

    def _share(self, field: Field, held: Counter[tuple[type, Cell]]) -> float:
        fitting = sum(n for (_, cell), n in held.items() if self._fits(field, cell))
        return fitting / held.total()

    def _nearly_all_fit(self, field: Field, held: Counter[tuple[type, Cell]]) -> bool:
        misfits = held.total() // 10
        for (_, cell), number in held.items():
            misfits -= 0 if self._fits(field, cell) else number
            if misfits < 0:
                return False
        return True

    def _misfit(self, field: Field, column: int) -> int:
        """Return 0 if most cells could be values of the field, 1 if there are none, else 2."""
        held = self._held.get(column)
        return 1 if not held else 0 if self._share(field, held) >= 0.5 else 2

    def _are_words(self, column: int) -> bool:
        """Return whether a column holds a few short texts, as a scale does, and no sentences."""
        held = self._held.get(column, Counter())
        return 0 < len(held) <= 12 and all(len(str(cell)) <= 40 for _, cell in held)

    def _denial(self, field: Field, match: Match, column: int) -> str | None:
        """Return what the cells show against a header, or None.

        The program's own names are never denied. A header that says the field plainly is denied in
        two cases only: it is of dates and no cell has a single digit, or it is of a scale and the
        cells are sentences. Other words for High are still priorities, and a date that cannot be
        read is a problem of its cell.
        """
        held = self._held.get(column)
        if not held or match.closeness == Close.NAME:
            return None
        if field.holds in _CLOSED:
            share = self._share(field, held)
            long = sum(len(str(cell)) * n for (_, cell), n in held.items()) > 40 * held.total()
            wordy = field.holds is Holds.DATE and not any(map(_has_digit, held))
            hardly = share < 0.1 and (wordy or long)
            return (
                f"its cells are {_some(held)}" if hardly or (match.vague and share < 0.5) else None
            )
        if not match.vague:
            return None
        other = sum(n for (kind, _), n in held.items() if not _may_hold(field, kind))
        if other * 2 > held.total() or (
            field.holds in (Holds.LINE, Holds.TEXT)
            and any(
                self._nearly_all_fit(one, held)
                for one in self._fields.values()
                if one.holds in (Holds.DATE, Holds.PRIORITY, Holds.STATUS, Holds.YEAR, Holds.RAG)
            )
        ):
            return f"its cells are {_some(held)}"
        return None


def _may_hold(field: Field, kind: type) -> bool:
    if field.holds in (Holds.REF, Holds.CODE):
        return issubclass(kind, str | int | float)
    return issubclass(kind, str)


def _has_digit(held: tuple[type, Cell]) -> bool:
    return any(character.isdigit() for character in str(held[1]))


def _is_placeholder(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in NOTHING


def _some(held: Counter[tuple[type, Cell]]) -> str:
    """Return the three commonest cells as a phrase."""
    texts = [collapsed(cell) for (_, cell), _ in held.most_common(3)]
    return ", ".join(text if len(text) <= 30 else f"{text[:27]}..." for text in texts)
