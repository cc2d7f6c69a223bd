"""Records as the cells of a sheet, for exports and for what a workbook is compared with."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.field import FROM, Field, Holds
from irbtrack.domain.nouns import FIELDS
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.note import Note, commentary, say_comment
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.domain.nouns.rating import say_rag
from irbtrack.domain.nouns.status import Status, days_overdue, status_as_of
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.sheet import Cell


class Names(NamedTuple):
    """What the records that others refer to are called, by kind of field and reference.

    A record without a name is written by its reference. ``ratings`` says whether a RAG is written
    as a word.
    """

    of: Mapping[Holds, Mapping[str, str]]
    people: Mapping[str, Person] = {}
    notes: Sequence[Note] = ()
    ratings: bool = False


def only_unique(names: Mapping[str, str]) -> dict[str, str]:
    """Return the names, by reference, that nothing else has.

    Only such a name finds its record again.

    >>> only_unique({"a": "Head of Finance", "b": "Clerk", "c": "clerk", "clerks": "A"})
    {'a': 'Head of Finance'}
    """
    called = Counter(name.casefold() for name in names.values())
    called.update(
        ref.casefold() for ref, name in names.items() if ref.casefold() != name.casefold()
    )
    return {ref: name for ref, name in names.items() if called[name.casefold()] == 1}


def exported_fields(noun: str, *, history: bool = False) -> tuple[Field, ...]:
    """Return the fields that are the columns of an export.

    Those of a history begin with the day that each row holds from.
    """
    fields = FIELDS[noun]
    if not history:
        return fields
    told = [f for f in fields if not f.derived and f.holds is not Holds.STATUS]
    return (fields[0], FROM, *(f for f in told[1:] if f.name not in ("reason", "commentary")))


def exported_row(
    record: Record, fields: Iterable[Field], names: Names, day: date, from_on: date | None = None
) -> list[Cell]:
    """Return the cells of a record as it stands on a day.

    ``from_on`` is the day from which it has stood so.
    """
    return [
        from_on if field is FROM else exported_cell(record, field, names, day) for field in fields
    ]


def exported_cell(record: Record, field: Field, names: Names, day: date) -> Cell:
    """Return one cell. An import reads from it what the record holds."""
    if field.holds is Holds.STATUS and isinstance(record, Action):
        return _status(record, day)
    if field.name == "name" and isinstance(record, Officer):
        return names.people.get(record.ref, Person(record.ref)).name
    if field.name in _WORKED_OUT:
        return _WORKED_OUT[field.name](record, names, day)
    value: Any = getattr(record, field.name, None)
    if value is None:
        return None
    if field.holds is Holds.OFFICERS:
        posts = names.of.get(Holds.OFFICER, {})
        return "; ".join(posts.get(code, code) for code in value) or None
    if field.holds is Holds.FINDINGS:
        return "/".join(map(str, value))
    if field.holds is Holds.RAG and names.ratings:
        return say_rag(value)
    called: Cell = names.of.get(field.holds, {}).get(value, value)
    return called


def _status(action: Action, day: date) -> str:
    """Return the status of an action or, if it is closed, how it was closed."""
    status = status_as_of(standing(action), day)
    closed_as = action.closed_as if status is Status.CLOSED else None
    return closed_as or status.value


def _days_overdue(record: Record, _: Names, day: date) -> Cell:
    assert isinstance(record, Action), "only actions are overdue"
    return days_overdue(standing(record), day) or None


def _latest_commentary(record: Record, names: Names, _: date) -> Cell:
    said = commentary(names.notes, record.NOUN, record.ref)
    return say_comment(said[0]) if said else None


_WORKED_OUT: Mapping[str, Callable[[Record, Names, date], Cell]] = {
    "days_overdue": _days_overdue,
    "latest_commentary": _latest_commentary,
    "email": lambda record, names, _: names.people.get(record.ref, Person(record.ref)).email,
}
"""How the cells are worked out that are no fields of the record."""
