"""Find what was changed in the database by other means than by recording it.

Rows are read as they are kept. A value that can't be read is a finding like any other, with its
table, its record and its field.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple
from zlib import crc32

from irbtrack.domain.checks import Finding
from irbtrack.domain.dates import say_moment
from irbtrack.domain.figures.restatement import SnapshotLine
from irbtrack.domain.journal import (
    NO_DIGEST,
    Change,
    Entry,
    Fields,
    entry_digest,
    fields_from_json,
    fields_to_json,
    fold,
    lines_digest,
)
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.record import Record, Version
from irbtrack.errors import quoted
from irbtrack.store.database import Reader, as_date, as_moment, sqlite_value
from irbtrack.store.stamping import end_of_journal, people_digest, stamps
from irbtrack.store.version_rows import version_row

NOT_AS_TOLD = (ValueError, TypeError, AttributeError, RecursionError)
"""What reading a value raises that is not what it should be."""


class Extent(NamedTuple):
    """How much of a large register is looked at.

    That is the entries from ``since`` on and the records that they touched. Of these it is the
    ``part``-th of ``parts`` portions, which together are all.
    """

    since: int = 1
    part: int = 1
    parts: int = 1

    def has_entry(self, number: int) -> bool:
        """Return whether an entry is looked at."""
        return number >= self.since and number % self.parts == self.part - 1

    def has_record(self, ref: str) -> bool:
        """Return whether a record is looked at."""
        return self.parts == 1 or crc32(str(ref).encode()) % self.parts == self.part - 1


ALL = Extent()


class _Misread(Exception):
    """A value of a column that can't be read as what the column holds."""

    def __init__(self, column: str, value: object) -> None:
        super().__init__(f"{column} cannot be read, it is {_said(value)}")


def _said(value: object) -> str:
    return "nothing" if value is None else quoted(str(value))


def _kept(value: Any) -> Any:
    """Return a value as SQLite keeps it, whichever database it was read from."""
    if value is None or isinstance(value, str):
        return value
    return sqlite_value(as_moment(value) if isinstance(value, datetime) else value)


def _read(column: str, value: Any, make: Callable[[Any], Any]) -> Any:
    try:
        return make(value)
    except NOT_AS_TOLD:
        raise _Misread(column, value) from None


def _exactly(made: Any, value: Any) -> Any:
    """Return what was made of a value. Raise ValueError unless it is kept as just that value."""
    if _kept(made) != _kept(value):
        raise ValueError
    return made


def _day(value: Any) -> date:
    return _exactly(_read_day(value), value)  # type: ignore[no-any-return]


def _read_day(value: Any) -> date:
    made = as_date(value)
    if not isinstance(made, date):
        raise TypeError
    return made


def _moment(value: Any) -> datetime:
    return _exactly(as_moment(value), value)  # type: ignore[no-any-return]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # raises ValueError for what is no UTF-8
    return value


def _is_text(value: Any) -> bool:
    try:
        _text(value)
    except NOT_AS_TOLD:
        return False
    return True


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _fields(value: Any) -> Fields:
    fields = fields_from_json(_text(value))
    _exactly(fields_to_json(fields), value)
    return fields


ENTRY = (
    ("id", _number),
    ("recorded_at", _moment),
    ("recorded_by", _text),
    ("command", _text),
    ("reason", _optional_text),
    ("undoes", lambda value: None if value is None else _number(value)),
    ("previous_digest", _text),
    ("digest", _text),
)
CHANGE = (
    ("position", _number),
    ("noun", _text),
    ("ref", _text),
    ("effective_on", _day),
    ("fields", _fields),
    ("reason", _optional_text),
)


UNLINKED = "entry.previous_digest is not the digest of the entry before it"


def chain_findings(reader: Reader, extent: Extent = ALL) -> Iterator[Finding]:
    """Yield what is wrong with the journal, entry by entry.

    Entries are numbered from 1 and their changes from 0, without gaps. Each entry has as its
    previous digest that of the one before it. The digests of the entries of ``extent`` are worked
    out again from their rows.
    """
    columns = [f"e.{name}" for name, _ in ENTRY] + [f"c.{name}" for name, _ in CHANGE]
    rows = reader.rows(
        f"SELECT {', '.join(columns)} FROM entry e LEFT JOIN change c ON c.entry = e.id"
        " WHERE e.id >= :before ORDER BY e.id, c.position",
        before=extent.since - 1,
    )
    number, digest = max(extent.since - 2, 0), NO_DIGEST
    for key, together in groupby(rows, itemgetter(slice(len(ENTRY)))):
        number += 1
        if key[0] != number:
            yield _of_entry(number, f"entry {number} is not there, and entry {key[0]} is the next")
            number = key[0]
        wrong = []
        if extent.has_entry(number):
            wrong = _wrong_with(key, [row[len(ENTRY) :] for row in together], digest)
        elif number >= extent.since and key[-2] != digest:
            wrong = [UNLINKED]
        if wrong:
            yield _of_entry(number, f"entry {number}: {'; '.join(wrong)}")
        digest = key[-1]
    found = stamps(reader)
    for stamp in found if len(found) == 1 else ():
        if (stamp.entry, stamp.digest) != end_of_journal(reader):
            why = f"the journal ends with entry {number}, and irbtrack last left entry"
            yield _of_entry(number, f"{why} {stamp.entry} with the digest {stamp.digest}")
    for entry, noun, ref in reader.rows(
        "SELECT c.entry, c.noun, c.ref FROM change c LEFT JOIN entry e ON e.id = c.entry"
        " WHERE e.id IS NULL ORDER BY c.entry, c.position"
    ):
        yield _of_entry(entry, f"a change of {noun} {ref} is of entry {entry}, which is not there")


def _of_entry(number: object, wrong: str) -> Finding:
    return Finding("entry", str(number), wrong)


def _wrong_with(entry: Sequence[Any], changes: Sequence[Sequence[Any]], previous: Any) -> list[str]:
    """Return what is wrong with an entry. ``previous`` is the digest of the one before it."""
    try:
        _, recorded_at, recorded_by, command, reason, undoes, linked, digest = [
            _read(f"entry.{name}", value, make)
            for (name, make), value in zip(ENTRY, entry, strict=True)
        ]
        told = [
            [
                _read(f"change.{name}", value, make)
                for (name, make), value in zip(CHANGE, row, strict=True)
            ]
            for row in changes
            if any(value is not None for value in row)  # an entry can be without changes
        ]
    except _Misread as unreadable:
        return [str(unreadable)]
    wrong = []
    if [position for position, *_ in told] != list(range(len(told))):
        wrong.append("change.position is not that in which its changes were recorded")
    if linked != previous:
        wrong.append(UNLINKED)
    made = Entry(
        recorded_at,
        recorded_by,
        command,
        reason,
        tuple(Change(*change) for _, *change in told),
        undoes,
    )
    if entry_digest(linked, made) != digest:
        wrong.append("entry.digest is not that of what the entry and its changes say")
    return wrong


def order_findings(reader: Reader, extent: Extent = ALL) -> Iterator[Finding]:
    """Yield each entry whose moment is before that of the entry before it.

    Such an entry need not have been changed: older versions of irbtrack recorded whatever the
    clock said. Moments that can't be read are left to :func:`chain_findings`.
    """
    rows = reader.rows(
        "SELECT e.id, e.recorded_at, p.recorded_at FROM entry e JOIN entry p ON p.id = e.id - 1"
        " WHERE e.id >= :since AND e.recorded_at < p.recorded_at ORDER BY e.id",
        since=extent.since,
    )
    for number, *moments in rows:
        try:
            told, before = (say_moment(_moment(one), seconds=True) for one in moments)
        except NOT_AS_TOLD:
            continue
        if extent.has_entry(number):
            wrong = f"entry {number} is of {told}, and entry {number - 1} before it of {before}"
            yield _of_entry(number, wrong)


def broken_links(reader: Reader) -> list[int]:
    """Return the entries that don't have the digest of the one before them.

    This is the part of :func:`chain_findings` that takes next to no time.
    """
    rows = reader.rows(
        "SELECT e.id FROM entry e LEFT JOIN entry p ON p.id = e.id - 1"
        " WHERE e.previous_digest <> COALESCE(p.digest, :none) ORDER BY e.id",
        none=NO_DIGEST,
    )
    return [number for (number,) in rows]


AT_ONCE = 500
"""The most records that are compared at once; a statement takes some thousand parameters."""


def version_findings(reader: Reader, extent: Extent = ALL) -> Iterator[Finding]:
    """Yield each version that is not what the journal gives, whichever of the two has more.

    One noun's records are read after another's, some hundred at once.
    """
    rows = reader.rows("SELECT undoes FROM entry WHERE undoes IS NOT NULL")
    undone = {number for (number,) in rows}
    for noun, kind in NOUNS.items():
        touched, since = "", {}
        if extent.since > 1:
            touched = " AND ref IN (SELECT ref FROM change WHERE noun = :noun AND entry >= :since)"
            since = {"since": extent.since}
        told = reader.rows(
            f"SELECT ref, entry, effective_on, fields FROM change WHERE noun = :noun{touched}"
            " ORDER BY ref, entry, position",
            noun=noun,
            **since,
        )
        by_ref = (
            (ref, [change for change in changes if change[1] not in undone])
            for ref, changes in groupby(told, itemgetter(0))
            if extent.has_record(ref)
        )
        while some := dict(islice(by_ref, AT_ONCE)):
            kept = _versions_kept(reader, kind, list(some))
            for ref, changes in some.items():
                yield from _compared(kind, ref, changes, kept.get(ref, []))
        strays = reader.rows(
            f"SELECT {', '.join(_columns_of(kind))} FROM {noun}_version v WHERE NOT EXISTS"
            " (SELECT 1 FROM change c WHERE c.noun = :noun AND c.ref = v.ref)"
            " ORDER BY ref, valid_from",
            noun=noun,
        )
        for row in strays:
            yield from _compared(kind, str(row[1]), (), [row])


_Stored = tuple[Any, ...]
"""A row of a version table as it is kept: the columns of :func:`_columns_of`, in their order."""


def _columns_of(kind: type[Record]) -> list[str]:
    return ["valid_from", *kind.TYPES, "valid_to"]


def _versions_kept(
    reader: Reader, kind: type[Record], refs: Sequence[str]
) -> dict[str, list[_Stored]]:
    """Return the rows of the version table for some records, by reference."""
    legible = [ref for ref in refs if _is_text(ref)]
    named = ", ".join(f":ref{n}" for n in range(len(legible)))
    rows = reader.rows(
        f"SELECT {', '.join(_columns_of(kind))} FROM {kind.NOUN}_version WHERE ref IN ({named})"
        " ORDER BY ref, valid_from",
        **{f"ref{n}": ref for n, ref in enumerate(legible)},
    )
    kept: dict[str, list[_Stored]] = {}
    for row in rows:
        kept.setdefault(row[1], []).append(row)
    return kept


def _compared(
    kind: type[Record], ref: str, changes: Iterable[Sequence[Any]], kept: Sequence[_Stored]
) -> Iterator[Finding]:
    """Yield how the versions of a record that are kept differ from those of its changes."""
    columns = _columns_of(kind)
    try:
        told = [
            Change(kind.NOUN, ref, _read_day(on), fields_from_json(fields))
            for *_, on, fields in changes
        ]
        given = [_row_of(version, columns) for version in fold(kind, ref, told)]
    except NOT_AS_TOLD:
        why = f"{ref} cannot be worked out from the journal, which says what it cannot be"
        yield Finding(kind.NOUN, ref, why)
        return
    if given == kept or given == (kept := [tuple(map(_kept, row)) for row in kept]):
        return
    table, expected = f"{kind.NOUN}_version", {row[0]: row for row in given}
    for row in kept:
        start = row[0]
        wanted = expected.pop(start, None)
        if wanted is None:
            wrong = f"{table} has {ref} from {start} on, and the journal gives no such version"
            yield Finding(kind.NOUN, ref, wrong)
        elif row != wanted:
            unlike = [
                f"{column} is {_said(is_kept)}, and the journal gives {_said(is_given)}"
                for column, is_kept, is_given in zip(columns, row, wanted, strict=True)
                if is_kept != is_given
            ]
            yield Finding(kind.NOUN, ref, f"{table}, {ref} from {start} on: {'; '.join(unlike)}")
    for start in expected:
        yield Finding(kind.NOUN, ref, f"{table} lacks {ref} from {start} on")


def _row_of(version: Version[Record], columns: Sequence[str]) -> _Stored:
    """Return the row of a version as SQLite keeps it."""
    row = version_row(version)
    return tuple(
        value.isoformat() if isinstance(value := row[column], date) else value for column in columns
    )


SNAPSHOT = ("id", "as_of", "label", "taken_at")
"""The columns of a snapshot of which the journal says what they hold."""


def snapshot_findings(reader: Reader) -> Iterator[Finding]:
    """Yield what is wrong with the snapshots, beside what the journal says of them.

    Every one that was recorded is there, in the order of recording, with its day, its label, its
    moment and all of its lines.
    """
    rows = reader.rows("SELECT entry, id, as_of, label, taken_at FROM snapshot ORDER BY id")
    kept: dict[Any, list[Any]] = {}
    for entry, *row in rows:
        kept.setdefault(entry, []).append(row)
    recorded = reader.rows(
        "SELECT c.entry, c.ref, c.effective_on, c.fields, e.recorded_at"
        " FROM change c JOIN entry e ON e.id = c.entry WHERE c.noun = 'snapshot' ORDER BY c.entry"
    )
    for number, (entry, day, effective_on, fields, recorded_at) in enumerate(list(recorded), 1):
        there = kept.pop(entry, [])
        if len(there) != 1:
            few = "is not there" if not there else f"is there {len(there)} times"
            yield Finding("snapshot", str(day), f"the snapshot that entry {entry} took {few}")
            continue
        try:
            told = {"id": number, "as_of": day, "taken_at": recorded_at, **_fields(fields)}
            _exactly(day, effective_on)
        except NOT_AS_TOLD:
            wrong = f"what entry {entry} says of its snapshot cannot be read"
            yield Finding("snapshot", str(day), wrong)
            continue
        unlike = [
            f"snapshot.{name} is {_said(value)}, and entry {entry} says {_said(told[name])}"
            for name, value in zip(SNAPSHOT, there[0], strict=True)
            if name in told and _kept(value) != _kept(told[name])
        ]
        if _lines_digest(reader, there[0][0]) != told.get("digest"):
            unlike.append("snapshot_action does not have the lines that were frozen")
        if unlike:
            yield Finding("snapshot", str(day), f"the snapshot of {day}: {'; '.join(unlike)}")
    for entry, strays in kept.items():
        for _, day, *_ in strays:
            wrong = f"snapshot.entry is {_said(entry)}, and that entry took no snapshot"
            yield Finding("snapshot", str(day), f"the snapshot of {day}: {wrong}")
    for (number,) in reader.rows(
        "SELECT DISTINCT a.snapshot FROM snapshot_action a LEFT JOIN snapshot s"
        " ON s.id = a.snapshot WHERE s.id IS NULL ORDER BY a.snapshot"
    ):
        wrong = f"snapshot_action has lines of snapshot {number}, which is not there"
        yield Finding("snapshot", str(number), wrong)


def _lines_digest(reader: Reader, number: object) -> str | None:
    """Return the digest of a snapshot's lines, or None if they can't be read."""
    columns = ", ".join(SnapshotLine._fields)
    sql = f"SELECT {columns} FROM snapshot_action WHERE snapshot = :id"
    try:
        return lines_digest(reader.rows(sql, id=number))
    except NOT_AS_TOLD:
        return None


def people_findings(reader: Reader) -> Iterator[Finding]:
    """Yield who holds a post that the journal doesn't know, and that others were changed.

    Names and addresses are not in the journal. The stamp has their digest.
    """
    for (officer,) in reader.rows(
        "SELECT officer FROM person WHERE officer NOT IN"
        " (SELECT ref FROM change WHERE noun = 'officer') ORDER BY officer"
    ):
        wrong = f"person has somebody in the post {officer}, and the journal has no such post"
        yield Finding("officer", str(officer), wrong)
    if any(stamp.people != people_digest(reader) for stamp in stamps(reader)):
        wrong = (
            "person, recorder or copy_made is not as irbtrack left it: a name, an address, a login"
            " name or the place of a copy is another, more or less"
        )
        yield Finding("officer", "all", wrong)


def stamp_findings(reader: Reader) -> Iterator[Finding]:
    """Yield what is wrong with the stamp itself."""
    found = stamps(reader)
    if [one.id for one in found] != [1]:
        yield Finding("stamp", "1", f"stamp has {len(found)} rows, and not its one row")
    for one in found:
        if one.writing != 0:
            wrong = f"stamp.writing is {_said(one.writing)}, and no write is under way"
            yield Finding("stamp", "1", wrong)


def findings(reader: Reader) -> Iterator[Finding]:
    """Yield all that is wrong with the rows, the journal's first."""
    yield from chain_findings(reader)
    yield from version_findings(reader)
    yield from snapshot_findings(reader)
    yield from people_findings(reader)
    yield from stamp_findings(reader)


def entry_proven_by(reader: Reader, digest: str) -> int | None:
    """Return the entry that has a digest, or that took the snapshot whose lines have it."""
    rows = reader.rows(
        "SELECT id FROM entry WHERE digest = :digest UNION ALL SELECT entry FROM change"
        " WHERE noun = 'snapshot' AND fields LIKE :of_lines ORDER BY 1",
        digest=digest,
        of_lines=f'%"digest":"{digest}"%',
    )
    return next((number for (number,) in rows), None)


def unknown_recorders(reader: Reader) -> list[tuple[str, int, int]]:
    """Return who recorded entries after the register got its first officer, and is none.

    With each go the number of entries and the first of them. A login goes by its name, by the
    pseudonym in its place, or else by the reference that entries have.
    """
    rows = reader.rows(
        "SELECT COALESCE(r.login, r.pseudonym, e.recorded_by), COUNT(*), MIN(e.id)"
        " FROM entry e LEFT JOIN recorder r ON r.ref = e.recorded_by"
        " WHERE e.id > (SELECT MIN(entry) FROM change WHERE noun = 'officer')"
        " AND e.recorded_by NOT IN (SELECT ref FROM change WHERE noun = 'officer')"
        " GROUP BY COALESCE(r.login, r.pseudonym, e.recorded_by)"
    )
    return sorted((who, number, first) for who, number, first in rows)
