"""Guess which column each field is in, from what the headers say and the cells hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.tracker.fitting import (
    Fit,
    Fits,
    Held,
    are_words,
    fit,
    held_by_column,
    nearly_all_fit,
)
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
    is_of_one_side,
    nearer,
    words_of,
)
from irbtrack.domain.tracker.layout import Layout, collapsed
from irbtrack.domain.tracker.sheet import Cell, column_letters

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
        self._rows = sum(any(cell is not None for cell in row) for row in rows)
        self._held = held_by_column(rows)
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
                fit = self._fit(field, column)
                if self._is_denied(field, match, fit):
                    cells = _some(self._held[column]) if fit is not Fit.EMPTY else "empty"
                    why = f"its header may mean {field.label}, but its cells are {cells}"
                    self._untaken.setdefault(column, why)
                    if are_words(self._cells_of(column)):
                        self._doubted.setdefault(name, column)
                    continue
                sure = 0 if match.closeness == Close.NAME else 1 + match.vague
                yield _Saying((sure, fit, *in_order(match)), column, name, match)

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
        """Take columns without a telling header whose cells are nearly all on one scale.

        Those of statuses are taken whatever their header says, if it is not what they are.
        """
        scales: dict[Holds, Field] = {}
        for field in self._fields.values():
            if field.holds in _SCALES and not field.derived:
                scales.setdefault(field.holds, field)
        known: dict[str, list[int]] = {}
        for column, held in self._held.items():
            told = any(not match.vague for match in self._matches.get(column, {}).values())
            if column in self._columns.values() or held.total() < 3:
                continue
            of = [
                field.name
                for field in scales.values()
                if not (told and field.holds is not Holds.STATUS)
                and nearly_all_fit(field, held, self._fits)
            ]
            if len(of) == 1 and of[0] not in self._columns:
                known.setdefault(of[0], []).append(column)
        for name, columns in known.items():
            label, first = self._fields[name].label, columns[0]
            if len(columns) > 1:
                self._untaken |= dict.fromkeys(columns, f"it may be {label}, but so may another")
            elif name == "priority" and is_of_one_side(words_of(self._plain[first])):
                self._untaken[first] = f"it may be {label}, but its header is of one side of a risk"
            else:
                self._take(name, first, f"its cells are of {_some(self._held[first])}")

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

    def _cells_of(self, column: int) -> Held:
        return self._held.get(column, Counter())

    def _fit(self, field: Field, column: int) -> Fit:
        """Return how well the cells of a column fit a field that its header says."""
        rivals = [self._cells_of(c) for c, found in self._matches.items() if field.name in found]
        return fit(field, self._cells_of(column), self._fits, self._fields.values(), rivals)

    def _is_denied(self, field: Field, match: Match, fit: Fit) -> bool:
        """Return whether the cells of a column deny what its header says.

        The program's own names are not denied, except that Findings are sentences in most
        trackers, and here numbers. A header that says the field plainly is denied
        only by cells that are plainly something else: other words for High are still priorities,
        and a date that cannot be read is a problem of its cell. Any other header needs cells that
        fit.
        """
        if not self._rows or (match.closeness == Close.NAME and field.holds is not Holds.FINDINGS):
            return False
        return fit is Fit.NOT or (match.vague and fit is not Fit.WELL)


def _some(held: Held) -> str:
    """Return the three commonest cells as a phrase."""
    texts = [collapsed(cell) for (_, cell), _ in held.most_common(3)]
    return ", ".join(text if len(text) <= 30 else f"{text[:27]}..." for text in texts)
