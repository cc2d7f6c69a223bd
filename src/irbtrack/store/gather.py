"""Read records and entries from the database with SQL.

An as-of read is one scan of a version table. A known-at read takes from it the records that no
later entry touched. It folds the others from the journal, as far as it was recorded by then.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.erasure import CopyMade
from irbtrack.domain.journal import Change, Entry, fields_from_json, fold, version_on
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.domain.record import Record, Version, list_fields, references
from irbtrack.domain.words import natural_order
from irbtrack.store.database import Reader, as_date, as_moment
from irbtrack.store.narrowing import EVERYTHING, MOST_NAMED, Narrowing

R = TypeVar("R", bound=Record)

Known = datetime | int
"""How far the journal is read: up to a moment, or up to and including an entry's number."""


def _as_tuple(text: str | None) -> tuple[Any, ...] | None:
    return None if text is None else tuple(json.loads(text))


def _columns(kind: type[Record]) -> dict[str, Callable[[Any], Any] | None]:
    """Return the columns of a noun's version table, in the order of the record's fields.

    With each goes the function that turns the column's value into the field's, or None if the
    two are the same.
    """
    lists = list_fields(kind)
    return {
        name: as_date if name.endswith("_on") else _as_tuple if name in lists else None
        for name in kind.TYPES
    }


_COLUMNS = {noun: _columns(kind) for noun, kind in NOUNS.items()}


def _record(kind: type[R], values: Iterable[Any]) -> R:
    makers = _COLUMNS[kind.NOUN].values()
    return kind.of_values(
        [make(value) if make else value for make, value in zip(makers, values, strict=False)]
    )


def records_as_of(
    reader: Reader,
    kind: type[R],
    as_of: date,
    known_at: Known | None = None,
    narrowing: Narrowing = EVERYTHING,
) -> list[R]:
    """Return every record of a kind that was there on ``as_of``, ordered by reference.

    With ``known_at``, what was recorded later is left out of account. ``narrowing`` leaves out
    some of what isn't wanted, where that saves reading it.
    """
    past = past_of(reader, kind, known_at)
    columns = list(_COLUMNS[kind.NOUN])
    rows = reader.rows(
        f"SELECT {', '.join(columns)} FROM {kind.NOUN}_version"
        f" WHERE valid_from <= :as_of AND :as_of < valid_to AND {past.untouched}{narrowing.sql}",
        as_of=as_of,
        **past.parameters,
        **narrowing.parameters,
    )
    fitting = narrowing.fitting(rows, columns)
    return sorted(
        [*(_record(kind, row) for row in fitting), *past.records_on(as_of)], key=by_reference
    )


class KnownPast(NamedTuple, Generic[R]):
    """How far the version table of a noun serves for a moment in the past.

    ``untouched`` is the condition, with its ``parameters``, of the rows that held then as they
    do now. ``folded`` has the versions of every other record, as they were known then.
    """

    untouched: str
    parameters: dict[str, Any]
    folded: Iterable[list[Version[R]]]

    def records_on(self, day: date) -> Iterator[R]:
        """Yield the records on a day of which the table knows more than was known then."""
        for versions in self.folded:
            if record := version_on(versions, day):
                yield record


def past_of(reader: Reader, kind: type[R], known_at: Known | None) -> KnownPast[R]:
    """Return how far the version table serves for a moment; without one, all of it does."""
    first = None if known_at is None else _first_unknown(reader, known_at)
    if first is None:
        return KnownPast("1 = 1", {}, ())
    return KnownPast(
        "ref NOT IN (SELECT ref FROM change WHERE noun = :noun AND entry >= :first)",
        {"noun": kind.NOUN, "first": first},
        folded(reader, kind, known_at, since=first),
    )


class LastEntry(NamedTuple):
    """Where the journal ends: the number of its last entry, its moment, and its digest."""

    number: int
    recorded_at: datetime
    digest: str


def last_entry(reader: Reader, known_at: Known | None = None) -> LastEntry | None:
    """Return the last entry that is known; None if there is none."""
    so_far = {int: "WHERE id <= :known_at", datetime: "WHERE recorded_at <= :known_at"}
    rows = reader.rows(
        f"SELECT id, recorded_at, digest FROM entry {so_far.get(type(known_at), '')}"
        " ORDER BY id DESC LIMIT 1",
        **({} if known_at is None else {"known_at": known_at}),
    )
    return next((LastEntry(row[0], as_moment(row[1]), row[2]) for row in rows), None)


def last_number(reader: Reader) -> int:
    """Return the number of the last entry, or 0 if there is none."""
    [(number,)] = reader.rows("SELECT COALESCE(MAX(id), 0) FROM entry")
    return int(number)


def _first_unknown(reader: Reader, known_at: Known) -> int | None:
    """Return the number of the first entry that wasn't known, or None if all were."""
    if isinstance(known_at, int):
        return known_at + 1
    later = "SELECT MIN(id) FROM entry WHERE recorded_at > :known_at"
    number: int | None = next(reader.rows(later, known_at=known_at))[0]
    return number


def by_reference(record: Record) -> tuple[str | int, ...]:
    """Return the key that sorts records as people expect their references."""
    return natural_order(record.ref)


def history(reader: Reader, kind: type[R], ref: str) -> list[Version[R]]:
    """Return the versions of one record, oldest first; empty if there is none of that reference."""
    columns = ", ".join(_COLUMNS[kind.NOUN])
    rows = reader.rows(
        f"SELECT {columns}, valid_from, valid_to FROM {kind.NOUN}_version"
        " WHERE ref = :ref ORDER BY valid_from",
        ref=ref,
    )
    return [_version(kind, row) for row in rows]


def newest(reader: Reader, kind: type[R]) -> dict[str, R]:
    """Return the latest version of every record of a kind, by reference."""
    columns = ", ".join(_COLUMNS[kind.NOUN])
    rows = reader.rows(
        f"SELECT {columns} FROM {kind.NOUN}_version WHERE valid_to = :forever",
        forever=FOREVER,
    )
    records = sorted((_record(kind, row) for row in rows), key=attrgetter("ref"))
    return {record.ref: record for record in records}


def names_as_of(
    reader: Reader,
    kind: type[Record],
    as_of: date,
    known_at: Known | None = None,
    *,
    field: str = "",
) -> dict[str, str]:
    """Return what each record of a kind was called on a day, by reference.

    Another ``field`` than the one that has the name may be asked for. A record that was entered
    later than that day has its first name, so that an action of last year can belong to a
    directorate that was entered today.
    """
    named = field or kind.LABEL
    past = past_of(reader, kind, known_at)
    told = [
        (ref, name, as_date(valid_from) or FOREVER)
        for ref, name, valid_from in reader.rows(
            f"SELECT ref, {named}, valid_from FROM {kind.NOUN}_version"
            f" WHERE {past.untouched} ORDER BY valid_from",
            **past.parameters,
        )
    ]
    told.sort(key=itemgetter(0))
    told += [
        (version.record.ref, getattr(version.record, named), version.valid_from)
        for versions in past.folded
        for version in versions
    ]
    names: dict[str, str] = {}
    for ref, name, valid_from in told:
        if ref not in names or valid_from <= as_of:
            names[ref] = name
    return names


def council(reader: Reader, known_at: Known | None = None) -> Council:
    """Return the council and its scales, as they are now, as far as is known."""
    if known_at is None:
        there = [*newest(reader, Council).values()]
    else:
        there = [of[-1].record for of in versions_by(reader, Council, FOREVER, known_at).values()]
    return next(iter(there), Council(name="The council"))


def refs(reader: Reader, noun: str) -> list[str]:
    """Return every reference of a noun that the journal knows, in order."""
    rows = reader.rows("SELECT DISTINCT ref FROM change WHERE noun = :noun", noun=noun)
    return sorted(row[0] for row in rows)  # a server may order texts in its own way


def refs_changed_by(reader: Reader, noun: str, is_meant: Callable[[str], bool]) -> list[str]:
    """Return the references of a noun that entries changed whose reasons are meant."""
    entries = [
        number
        for number, reason in reader.rows("SELECT id, reason FROM entry WHERE reason IS NOT NULL")
        if is_meant(reason)
    ]
    return [
        ref
        for number in entries
        for (ref,) in reader.rows(
            "SELECT DISTINCT ref FROM change WHERE entry = :number AND noun = :noun",
            number=number,
            noun=noun,
        )
    ]


def reasons_of(reader: Reader, command: str) -> Iterator[str]:
    """Yield the reasons of the entries of a command that were not taken back, the newest first."""
    for (reason,) in reader.rows(
        "SELECT reason FROM entry WHERE command = :command AND reason IS NOT NULL AND id NOT IN"
        " (SELECT undoes FROM entry WHERE undoes IS NOT NULL) ORDER BY id DESC",
        command=command,
    ):
        yield reason


def has_recorded(reader: Reader, recorder: str) -> bool:
    """Return whether that code recorded any entry, or a login by that reference."""
    sql = "SELECT 1 FROM entry WHERE recorded_by = :recorder LIMIT 1"
    return any(reader.rows(sql, recorder=recorder))


def recorder_names(reader: Reader) -> dict[str, str]:
    """Return what is shown of each login that has recorded, by the reference that entries have.

    It is the login name, the pseudonym in its place, or the reference if neither is kept.
    """
    rows = reader.rows("SELECT ref, COALESCE(login, pseudonym, ref) FROM recorder")
    return dict(rows)


def login_reference(reader: Reader, asked: str) -> str | None:
    """Return the reference of a login that has recorded, by its name, pseudonym or reference."""
    names = recorder_names(reader)
    fitting = [ref for ref, shown in names.items() if asked.casefold() in (ref, shown.casefold())]
    return next(iter(fitting), None)


def copies_made(reader: Reader, since: datetime) -> list[CopyMade]:
    """Return the copies of what is kept of people that were made from a moment on, by place."""
    rows = reader.rows(
        "SELECT machine, place, holds, made_at, made_by FROM copy_made WHERE made_at >= :since"
        " ORDER BY machine, place",
        since=since,
    )
    return [
        CopyMade(machine, place, holds, as_moment(made_at), made_by)
        for machine, place, holds, made_at, made_by in rows
    ]


def others_rest_on(
    reader: Reader, noun: str, ref: str, but: Collection[tuple[str, str]] = ()
) -> bool:
    """Return whether any record ever referred to this one, or the register needs it.

    Records in ``but``, which are pairs of noun and reference, don't count.
    """
    if noun == Council.NOUN:
        return True
    for kind in NOUNS.values():
        lists = list_fields(kind)
        for field in (name for name, meant in references(kind).items() if meant == noun):
            holds, asked = ("LIKE", f'%"{ref}"%') if field in lists else ("=", ref)
            found = reader.rows(
                f"SELECT DISTINCT ref FROM {kind.NOUN}_version WHERE {field} {holds} :asked",
                asked=asked,
            )
            if any((kind.NOUN, one) not in but for (one,) in found):
                return True
    return noun == Officer.NOUN and has_recorded(reader, ref)


def referring(reader: Reader, kind: type[Record], noun: str, refs: Iterable[str]) -> list[str]:
    """Return the references of the records of a kind that ever referred to some of a noun's."""
    meant = dict(enumerate(refs))
    named = ", ".join(f":ref{n}" for n in meant)
    fields = [name for name, other in references(kind).items() if other == noun]
    found = [
        row[0]
        for field in fields
        for row in reader.rows(
            f"SELECT DISTINCT ref FROM {kind.NOUN}_version WHERE {field} IN ({named})",
            **{f"ref{n}": ref for n, ref in meant.items()},
        )
    ]
    return list(dict.fromkeys(found))


def notes_about(reader: Reader, ref: str) -> list[str]:
    """Return all notes that were ever about a direction, workstream or milestone."""
    about = " OR ".join(f"{field} = :ref" for field in references(Note))
    rows = reader.rows(f"SELECT DISTINCT ref FROM note_version WHERE {about}", ref=ref)
    return sorted((row[0] for row in rows), key=natural_order)


def versions_by(
    reader: Reader,
    kind: type[R],
    day: date,
    known_at: Known | None = None,
    only: Iterable[str] = (),
) -> dict[str, list[Version[R]]]:
    """Return the versions of each record of a kind that had begun by ``day``, by reference.

    The versions come oldest first. With ``known_at``, what was recorded later is left out of
    account. ``only`` names the references wanted; if it is empty, all are.
    """
    asked = list(only)
    if len(asked) > MOST_NAMED:
        wanted_refs = set(asked)
        every = versions_by(reader, kind, day, known_at)
        return {ref: versions for ref, versions in every.items() if ref in wanted_refs}
    if asked and known_at is not None:
        told = [one for versions in folded(reader, kind, known_at, asked) for one in versions]
    else:
        past = past_of(reader, kind, known_at)
        columns = ", ".join(_COLUMNS[kind.NOUN])
        named = ", ".join(f":ref{n}" for n in range(len(asked)))
        wanted = f"ref IN ({named})" if asked else past.untouched
        rows = reader.rows(
            f"SELECT {columns}, valid_from, valid_to FROM {kind.NOUN}_version WHERE {wanted}"
            " ORDER BY valid_from",
            **{f"ref{n}": ref for n, ref in enumerate(asked)},
            **past.parameters,
        )
        told = [_version(kind, row) for row in rows]
        told += [one for versions in past.folded for one in versions]
    by_ref: dict[str, list[Version[R]]] = {}
    for version in told:
        if version.valid_from <= day:
            by_ref.setdefault(version.record.ref, []).append(version)
    return by_ref


def as_of_or_first(
    reader: Reader, kind: type[R], day: date, known_at: Known | None = None
) -> dict[str, R]:
    """Return every record of a kind as it stood on a day or, if it began later, as it began.

    So a milestone has its workstream even if that was entered later.
    """
    found: dict[str, R] = {}
    for ref, versions in versions_by(reader, kind, FOREVER, known_at).items():
        found[ref] = version_on(versions, day) or versions[0].record
    return found


def _version(kind: type[R], row: tuple[Any, ...]) -> Version[R]:
    return Version(_record(kind, row), as_date(row[-2]) or FOREVER, as_date(row[-1]) or FOREVER)


def folded(
    reader: Reader,
    kind: type[R],
    known_at: Known | None = None,
    only: Iterable[str] = (),
    since: int | None = None,
) -> Iterator[list[Version[R]]]:
    """Return the versions of each record of a kind, worked out from the journal.

    ``known_at`` leaves out what was recorded later. ``only`` names the references wanted; if it
    is empty, all are. With ``since`` they are those that the entries from that number on changed.
    """
    for ref, changes in changes_in_force(reader, kind, known_at, only, since).items():
        yield fold(kind, ref, changes)


def changes_in_force(
    reader: Reader,
    kind: type[Record],
    known_at: Known | None = None,
    only: Iterable[str] = (),
    since: int | None = None,
) -> dict[str, list[Change]]:
    """Return the changes of each record that were not taken back, in the order of recording."""
    known = list(entries(reader, noun=kind.NOUN, refs=only, changed_since=since, known_at=known_at))
    undone = {entry.undoes for _, entry in known}
    by_ref: dict[str, list[Change]] = {}
    for number, entry in known:
        if number not in undone:
            for change in entry.changes:
                if change.fields:
                    by_ref.setdefault(change.ref, []).append(change)
    return by_ref


def changes_of(
    reader: Reader, kind: type[Record], refs: Iterable[str | None]
) -> Iterator[list[Change]]:
    """Yield the changes in force of each record that is named; none where None stands.

    They are read for some hundred records at a time, because together they take much memory.
    """
    rest = iter(refs)
    while some := list(islice(rest, MOST_NAMED)):
        named = {ref for ref in some if ref is not None}
        known = changes_in_force(reader, kind, only=named) if named else {}
        yield from (known.get(ref, []) if ref is not None else [] for ref in some)


def entries(
    reader: Reader,
    *,
    noun: str | None = None,
    refs: Iterable[str] = (),
    changed_since: int | None = None,
    known_at: Known | None = None,
) -> Iterator[tuple[int, Entry]]:
    """Return the journal's entries with their numbers, in the order of recording.

    With ``noun`` or ``refs``, an entry has only its changes of those records. An entry without
    such changes is left out. With ``changed_since``, the records of the noun are those that the
    entries from that number on changed. ``known_at`` leaves out what was recorded later.
    """
    conditions, parameters = ["1 = 1"], dict[str, Any]()
    if noun is not None:
        conditions.append("c.noun = :noun")
        parameters["noun"] = noun
    asked = list(refs)
    few = asked if len(asked) <= MOST_NAMED else []
    if few:
        conditions.append(f"c.ref IN ({', '.join(f':ref{n}' for n in range(len(few)))})")
        parameters |= {f"ref{n}": ref for n, ref in enumerate(few)}
    if changed_since is not None:
        conditions.append(
            "c.ref IN (SELECT ref FROM change WHERE noun = :noun AND entry >= :first)"
        )
        parameters["first"] = changed_since
    if known_at is not None:
        column = "e.id" if isinstance(known_at, int) else "e.recorded_at"
        conditions.append(f"{column} <= :known_at")
        parameters["known_at"] = known_at
    # An entry can be without changes (a person's name corrected): hence the outer join.
    join = "JOIN" if noun or asked else "LEFT JOIN"
    rows = reader.rows(
        "SELECT e.id, e.recorded_at, e.recorded_by, e.command, e.reason, e.undoes,"
        " c.noun, c.ref, c.effective_on, c.fields, c.reason"
        f" FROM entry e {join} change c ON c.entry = e.id WHERE {' AND '.join(conditions)}"
        " ORDER BY e.id, c.position",
        **parameters,
    )
    if len(asked) > MOST_NAMED:
        wanted = set(asked)
        rows = (row for row in rows if row[7] in wanted)
    current: tuple[Any, ...] = ()
    changes: list[Change] = []
    for row in rows:
        if current and row[0] != current[0]:
            yield _entry(current, changes)
            changes = []
        current = row[:6]
        if row[6] is not None:
            day = as_date(row[8])
            assert day is not None, "change.effective_on is NOT NULL"
            changes.append(Change(row[6], row[7], day, fields_from_json(row[9]), row[10]))
    if current:
        yield _entry(current, changes)


def _entry(row: tuple[Any, ...], changes: list[Change]) -> tuple[int, Entry]:
    number, recorded_at, recorded_by, command, reason, undoes = row
    moment = as_moment(recorded_at)
    return number, Entry(moment, recorded_by, command, reason, tuple(changes), undoes)


def people(reader: Reader) -> dict[str, Person]:
    """Return who holds each post, by the officer's code.

    A post without a known holder has a :class:`Person` without a name.
    """
    rows = reader.rows("SELECT officer, name, email FROM person")
    kept = {row[0]: Person(*row) for row in rows}
    return {ref: kept.get(ref, Person(ref)) for ref in refs(reader, "officer")}
