"""What all records have: a reference, versions in time, and what must hold of them.

A record is one *version* of a thing: what was true of it from one day to another. A field
whose name ends in ``_on`` holds a date or None; :mod:`irbtrack.domain.journal` relies on
that, and on ``TRACKED``, to make records from changes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import (
    Any,
    ClassVar,
    Generic,
    NamedTuple,
    Protocol,
    Self,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
)

from irbtrack.domain.dates import say_date
from irbtrack.domain.field import Field
from irbtrack.errors import Refused


class Contradiction(Refused):
    """What is said of a field that cannot be, beside the rest of the record or the register.

    ``ref`` is the reference of the record, where the one who raises it knows it.
    """

    def __init__(self, field: str, why: str, ref: str = "") -> None:
        super().__init__(why)
        self.field = field
        self.ref = ref


Others = Callable[[str], Mapping[str, Sequence["Version[Any]"]]]
"""The versions of all records of a noun, oldest first, by reference."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record:
    """What all records have: a reference, unique among those of their noun.

    A record is made with its fields by name, and never changes, as a frozen dataclass. To have
    ``dataclass`` compile methods for every noun would take a fifth of the program's own start.

    A subclass is a noun, and says all that the rest of the program derives:

    - ``NOUN`` is the journal's word for it, and ``LABEL`` the field that says what one is called.
      ``ABOUT`` is what all of them are, in a sentence of the help.
    - ``TRACKED`` names the fields of which the fold keeps the first value and counts the later
      ones, each with the two fields that it does so in. ``SINCE`` names those of which it keeps
      the day from which they have had their value.
    - ``FIELDS`` are the columns of a sheet of such records. ``FILLED_IN`` names those that come
      first in a workbook, because people fill them in.
    - ``KEY`` names the fields by which a record is known where a row has no reference, and
      ``TOLD_APART_BY`` those that tell apart what is alike in them.
    - ``UNSAID`` are fields that people are not shown, because the day of a change says the same.
    - ``WITNESSES`` are the nouns on which its own rules depend.
    - ``MADE_BY_IMPORT`` says that an import can make one that is missing, of its name alone.
    """

    NOUN: ClassVar[str]
    LABEL: ClassVar[str] = "name"
    ABOUT: ClassVar[str] = ""
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {}
    SINCE: ClassVar[Mapping[str, str]] = {}
    FIELDS: ClassVar[tuple[Field, ...]] = ()
    FILLED_IN: ClassVar[tuple[str, ...]] = ()
    KEY: ClassVar[tuple[str, ...]] = ()
    TOLD_APART_BY: ClassVar[tuple[str, ...]] = ()
    UNSAID: ClassVar[frozenset[str]] = frozenset()
    WITNESSES: ClassVar[frozenset[str]] = frozenset()
    MADE_BY_IMPORT: ClassVar[bool] = False
    TYPES: ClassVar[Mapping[str, Any]] = {"ref": str}
    NEEDED: ClassVar[tuple[str, ...]]
    _needed: ClassVar[frozenset[str]]
    _blank: ClassVar[Mapping[str, Any]]
    _lists: ClassVar[frozenset[str]] = frozenset()

    ref: str

    def __init_subclass__(cls) -> None:
        """Take the fields of a noun from its annotations: ``TYPES``, and which are ``NEEDED``."""
        own = {
            name: of
            for name, of in cls.__annotations__.items()
            if getattr(of, "__origin__", None) is not ClassVar
        }
        cls.TYPES = {**cls.TYPES, **own}
        cls.NEEDED = tuple(name for name in cls.TYPES if not hasattr(cls, name))
        cls._needed = frozenset(cls.NEEDED)
        cls._blank = {name: getattr(cls, name, None) for name in cls.TYPES}
        cls._lists = frozenset(
            name
            for name, of in cls.TYPES.items()
            if any(get_origin(one) is tuple for one in (of, *get_args(of)))
        )

    def __init__(self, **fields: Any) -> None:
        """Make a record of fields by their names; those left out have their defaults."""
        values = {**self._blank, **fields}
        if len(values) > len(self._blank) or not self._needed <= fields.keys():
            wrong = (fields.keys() - self.TYPES.keys()) | (self._needed - fields.keys())
            raise TypeError(f"{type(self).__name__} lacks or has no {', '.join(sorted(wrong))}")
        vars(self).update(values)

    @classmethod
    def of_values(cls, values: Iterable[Any]) -> Self:
        """Return the record of the values of all fields, in the order of ``TYPES``."""
        record = cls.__new__(cls)
        vars(record).update(zip(cls.TYPES, values, strict=False))
        return record

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse to change a record."""
        raise AttributeError(f"{type(self).__name__}.{name} never changes")

    def __eq__(self, other: object) -> bool:
        """Return whether another record is of the same noun, with the same fields."""
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        """Return the hash of the fields."""
        return hash(tuple(vars(self).values()))

    def __repr__(self) -> str:
        """Return the call that makes the record."""
        given = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({given})"

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield what cannot be of this record, as it stands from the day ``since`` on.

        ``before`` is the record as it stood until then, or None if it begins on that day.
        """
        del since, before, others
        yield from ()

    @classmethod
    def contradictions_among(
        cls, told: Mapping[str, Sequence["Version[Any]"]]
    ) -> Iterator[Contradiction]:
        """Yield what cannot be among all records of the noun, on whatever day."""
        del told
        yield from ()

    @classmethod
    def numbering(cls, fields: Mapping[str, Any]) -> tuple[str, int] | None:
        """Return how the program numbers a new record with these fields.

        That is what its reference begins with, and how many digits its number has at least.
        None for a noun whose references are given by people, or are codes made from names.
        """
        del fields
        return None

    @classmethod
    def listed(cls, records: Iterable[Any], day: date) -> list[Any]:
        """Return those of the records of ``day`` that a list of that day has, in its order."""
        del day
        return list(records)


R = TypeVar("R", bound=Record)


class Version(NamedTuple, Generic[R]):
    """A record as it stood from ``valid_from`` up to, not including, ``valid_to``."""

    record: R
    valid_from: date
    valid_to: date


FieldValues = dict[str, Any]
"""Values by the names of fields."""


def contradictions_in(versions: Sequence[Version[Any]], others: Others) -> list[Contradiction]:
    """Return what cannot be in the history of one record, oldest version first.

    A sentence that is only about the past says from which day it is.
    """
    found: dict[tuple[str, str], tuple[date, bool]] = {}
    before = None
    for version in versions:
        newest = version is versions[-1]
        for one in version.record.contradictions(version.valid_from, before, others):
            first_on, _ = found.get((one.field, str(one)), (version.valid_from, newest))
            found[one.field, str(one)] = first_on, newest
        before = version.record
    return [
        Contradiction(
            field,
            why if newest else f"from {say_date(first_on)} on, {why}",
            versions[0].record.ref,
        )
        for (field, why), (first_on, newest) in found.items()
    ]


def references(kind: type[Record]) -> dict[str, str]:
    """Return the fields that refer to records, with the noun that each refers to."""
    return {
        field.name: noun
        for field in kind.FIELDS
        if (noun := field.holds.noun) is not None and field.name in kind.TYPES
    }


def list_fields(kind: type[Record]) -> frozenset[str]:
    """Return the names of the fields that hold several values, as a tuple."""
    return kind._lists


def settable_fields(kind: type[Record]) -> frozenset[str]:
    """Return the fields that a change may set; the fold works out the others."""
    worked_out = {name for pair in kind.TRACKED.values() for name in pair}
    return frozenset(kind.TYPES) - worked_out - {*kind.SINCE.values(), "ref"}


def differing(record: object, fields: FieldValues) -> FieldValues:
    """Return those of ``fields`` that are not None and not what ``record`` says already."""
    return different(record, only_given(fields))


def different(record: object, fields: FieldValues) -> FieldValues:
    """Return those of ``fields`` that ``record`` does not say already; None clears a field."""
    return {field: value for field, value in fields.items() if getattr(record, field) != value}


def only_given(fields: FieldValues) -> FieldValues:
    """Return those of ``fields`` that are not None."""
    return {field: value for field, value in fields.items() if value is not None}


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


def not_before(field: str, what: str, day: date | None, since: date) -> Iterator[Contradiction]:
    """Yield a contradiction if something is said to be so before the day on which it came about."""
    if day is not None and day > since:
        yield Contradiction(
            field,
            f"{what} on {say_date(day)}, and cannot be so from {say_date(since)} on, which is"
            " earlier; give an earlier day",
        )
