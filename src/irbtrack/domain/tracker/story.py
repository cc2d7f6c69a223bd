"""The changes of one record that a sheet adds, and what of the sheet cannot be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from irbtrack.domain.dates import say_date
from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns import FIELDS
from irbtrack.domain.record import Contradiction, Record, Version
from irbtrack.domain.tracker.header_words import LATER_OF
from irbtrack.errors import IrbtrackError

R = TypeVar("R", bound=Record)


class Row(NamedTuple):
    """What a row of a sheet says of a record, by field.

    ``notes`` are those in brackets after dates, by field. ``reason`` is the row's own. Of the
    days in ``to_month`` the row has only the month.
    """

    said: Mapping[str, Any]
    notes: Mapping[str, str] = {}
    reason: str | None = None
    to_month: frozenset[str] = frozenset()


class Occasion(NamedTuple):
    """The day of a sheet, the day it is today, and whether the import has a reason.

    With ``as_told`` the sheet is somebody's list, whose odd dates are kept as they are. With
    ``raised_earliest`` an action that was done before it was raised was raised on the day it was
    done.
    """

    of_sheet: date
    today: date
    explained: bool = False
    as_told: bool = False
    raised_earliest: bool = False


def refuse_after_sheet(field: str, day: date, of_sheet: date) -> None:
    """Raise :class:`Contradiction` for what happened after the day that a sheet is of."""
    if day > of_sheet:
        raise Contradiction(
            field,
            f"{say_date(day)} is after {say_date(of_sheet)}, the day that the sheet is of; give a"
            " later one with --on",
        )


class Story(Generic[R]):
    """The changes of a record so far, those that a row adds, and the problems it has.

    Each step sees what the ones before it added. A step that is refused adds nothing, and its
    sentence is kept with the field concerned, so that all problems of a row can be said at once.
    """

    def __init__(self, kind: type[R], ref: str, known: Iterable[Change] = ()) -> None:
        self.kind, self.ref = kind, ref
        self.known = list(known)
        self.added: list[Change] = []
        self.problems: list[tuple[str, str]] = []
        self._versions: list[Version[R]] | None = None

    @property
    def changes(self) -> list[Change]:
        """Return the record's changes, with what was added."""
        return [*self.known, *self.added]

    @property
    def versions(self) -> Sequence[Version[R]]:
        """Return the record's versions, with what was added."""
        if self._versions is None:
            self._versions = fold(self.kind, self.ref, self.changes)
        return self._versions

    def on(self, day: date) -> R | None:
        """Return the record as it stands on a day, with what was added, or None."""
        return version_on(self.versions, day)

    def add(self, day: date, fields: Mapping[str, Any]) -> None:
        """Let fields hold from a day on; without any fields nothing is added.

        Raise :class:`Contradiction` if the record would lack a field that its kind must have.
        """
        if fields:
            self._refuse_unless_whole(fields)
            self.added.append(Change(self.kind.NOUN, self.ref, day, dict(fields)))
            self._versions = None

    def _refuse_unless_whole(self, fields: Mapping[str, Any]) -> None:
        first = not self.known and not self.added
        for name in self.kind.NEEDED:
            missing = fields.get(name) is None if first else _emptied(name, fields)
            if missing and name != "ref":
                called = name.removesuffix("_on").replace("_", " ")
                raise Contradiction(
                    name, f"{self.ref} cannot be without its {called}; fill the cell"
                )

    def replace(self, position: int, fields: Mapping[str, Any]) -> None:
        """Give an added change other fields."""
        self.added[position] = self.added[position]._replace(fields=dict(fields))
        self._versions = None

    @contextmanager
    def about(self, field: str) -> Iterator[None]:
        """Keep what is refused within as a problem of a field, and go on."""
        try:
            yield
        except Contradiction as error:
            self.problems.append((error.field, str(error)))
        except IrbtrackError as error:
            self.problems.append((field, str(error)))

    def refuse_fixed(self, row: Row) -> None:
        """Keep as problems the fields that never change, where the row says otherwise."""
        newest = self.versions[-1].record
        refused = {name for name, _ in self.problems}
        for field in FIELDS[self.kind.NOUN]:
            told, kept = row.said.get(field.name), getattr(newest, field.name, None)
            said = field.fixed and field.name not in {"ref", *refused} and field.name in row.said
            if said and kept is not None and told != kept:
                was = say_date(kept) if isinstance(kept, date) else kept
                self.problems.append(
                    (
                        field.name,
                        f"{self.ref}: {field.label} is {was}, and never changes; put it back, or"
                        f" leave the column out with '--map {field.name}='",
                    )
                )

    def explain(self, row: Row, fields: Iterable[str]) -> None:
        """Give the row's reason to the first later change of ``fields``, or else to the first.

        The notes beside dates go with the changes of those dates.
        """
        asked = set(fields)
        later = self.added if self.known else self.added[1:]
        told = [change for change in later if change.fields.keys() & asked] or self.added
        for position, change in enumerate(self.added):
            own = row.reason if change is told[0] else None
            reason = "; ".join(filter(None, (own, _notes(change, row))))
            self.added[position] = change._replace(reason=reason or None)


def _emptied(name: str, fields: Mapping[str, Any]) -> bool:
    return name in fields and fields[name] is None


def _notes(change: Change, row: Row) -> str:
    """Return the notes beside the dates that a change has.

    An original date has its note in the change that sets the first one.
    """
    return "; ".join(
        f"noted with the date: {note}"
        for field, note in row.notes.items()
        if row.said.get(field) is not None
        and change.fields.get(LATER_OF.get(field, field)) == row.said[field]
    )
