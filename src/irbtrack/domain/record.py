"""What all records have, and how what is given for one is compared with what it says.

A record is one *version* of a thing: what was true of it from one day to another. A field
whose name ends in ``_on`` holds a date or None; :mod:`irbtrack.domain.journal` relies on
that, and on ``TRACKED``, to make records from changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

from irbtrack.domain.dates import say_date
from irbtrack.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Record:
    """What all records have: a reference, unique among those of their noun.

    ``NOUN`` is the journal's word for the kind, and ``LABEL`` the field that says what one is
    called. ``TRACKED`` names the fields of which the
    fold keeps the first value and counts the later ones, and the two fields it does that in.
    ``SINCE`` names those of which it keeps the day from which they have had their value.
    """

    NOUN: ClassVar[str]
    LABEL: ClassVar[str] = "name"
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {}
    SINCE: ClassVar[Mapping[str, str]] = {}

    ref: str


FieldValues = dict[str, Any]


def differing(record: object, fields: FieldValues) -> FieldValues:
    """Those of ``fields`` that are given, not None, and not what ``record`` says already."""
    return different(record, only_given(fields))


def different(record: object, fields: FieldValues) -> FieldValues:
    """Those of ``fields`` that are not what ``record`` says already; None clears a field."""
    return {field: value for field, value in fields.items() if getattr(record, field) != value}


def only_given(fields: FieldValues) -> FieldValues:
    """Return those of ``fields`` that are not None."""
    return {field: value for field, value in fields.items() if value is not None}


def next_ref(prefix: str, taken: Iterable[str], digits: int = 3) -> str:
    """The reference after the highest one taken that begins with ``prefix``.

    Its number has at least so many ``digits``.

    >>> next_ref("2324-", ["2324-009", "2324-017", "2223-044", "2324-A02"])
    '2324-018'
    """
    numbers = [
        int(ref[len(prefix) :])
        for ref in taken
        if ref.startswith(prefix) and ref[len(prefix) :].isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1:0{digits}}"


class Droppable(Protocol):
    """A record that can be dropped from its plan or section."""

    @property
    def ref(self) -> str:
        """Its reference."""

    @property
    def dropped_on(self) -> date | None:
        """The day it was dropped, or None."""


def refuse_if_dropped(one: Droppable) -> None:
    """Raise :class:`Refused` for what was dropped from its plan or section."""
    if one.dropped_on is not None:
        raise Refused(
            f"{one.ref} was dropped on {say_date(one.dropped_on)}; 'irbtrack undo' takes that back"
        )
