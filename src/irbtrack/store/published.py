"""Read snapshots from the database, and check that they are unchanged."""

from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from irbtrack.domain.dates import FOREVER, say_date
from irbtrack.domain.figures.restatement import Snapshot, SnapshotLine
from irbtrack.domain.journal import fields_from_json, lines_digest
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.record import Record
from irbtrack.errors import CheckFailed
from irbtrack.store.database import Reader, as_date, as_moment
from irbtrack.store.gather import Known, by_reference, recorder_names, records_as_of

R = TypeVar("R", bound=Record)


def snapshots(reader: Reader) -> list[Snapshot]:
    """Return every snapshot, replaced ones included, by day and then in the order of taking."""
    rows = list(
        reader.rows(
            "SELECT s.id, s.entry, s.as_of, s.label, s.taken_at, e.recorded_by, e.reason, c.fields"
            " FROM snapshot s JOIN entry e ON e.id = s.entry JOIN change c ON c.entry = s.entry"
            " ORDER BY s.as_of, s.id"
        )
    )
    newest_of = {row[2]: row[0] for row in rows}
    names = recorder_names(reader)
    return [
        Snapshot(
            id=row[0],
            entry=row[1],
            as_of=as_date(row[2]) or FOREVER,
            label=row[3],
            taken_at=as_moment(row[4]),
            taken_by=names.get(row[5], row[5]),
            reason=row[6],
            digest=fields_from_json(row[7])["digest"],
            replaced=newest_of[row[2]] != row[0],
        )
        for row in rows
    ]


def snapshot_lines(reader: Reader, snapshot_id: int) -> list[SnapshotLine]:
    """Return the actions that a snapshot counted, ordered by reference."""
    rows = reader.rows(
        "SELECT ref, year, audit, directorate, owner, priority, status"
        " FROM snapshot_action WHERE snapshot = :id",
        id=snapshot_id,
    )
    return [SnapshotLine(*row) for row in sorted(rows, key=itemgetter(0))]


def current_snapshots(reader: Reader, known_at: Known | None = None) -> dict[date, Snapshot]:
    """Return the snapshot that counts of each day, by day: the last one that is known."""
    return {one.as_of: one for one in snapshots(reader) if _is_known(one, known_at)}


def _is_known(snapshot: Snapshot, known_at: Known | None) -> bool:
    if isinstance(known_at, int):
        return snapshot.entry <= known_at
    return known_at is None or snapshot.taken_at <= known_at


def snapshot_before(reader: Reader, day: date, known_at: Known | None) -> Snapshot | None:
    """Return the newest snapshot of an earlier day, or None: what a board compares with."""
    taken = current_snapshots(reader, known_at)
    return max((s for s in taken.values() if s.as_of < day), key=lambda s: s.as_of, default=None)


def changed_since(reader: Reader, snapshot: Snapshot) -> bool:
    """Return whether a later entry changed an action on the day of a snapshot or before it.

    An entry that takes another back, whose changes have no fields, may have done so.
    """
    found = reader.rows(
        "SELECT 1 FROM change WHERE noun = :noun AND entry > :entry"
        " AND (effective_on <= :day OR fields = '{}') LIMIT 1",
        noun=Action.NOUN,
        entry=snapshot.entry,
        day=snapshot.as_of,
    )
    return any(found)


def as_published(
    reader: Reader, kind: type[R], day: date, published_at: Known | None, known_at: Known | None
) -> list[R]:
    """Return the records of a kind on a day as they were known when it was published.

    A record that was not known then is as known at ``known_at``. So a record that is entered
    late, with its history, can be compared too.
    """
    known = {one.ref: one for one in records_as_of(reader, kind, day, known_at)}
    known |= {one.ref: one for one in records_as_of(reader, kind, day, published_at)}
    return sorted(known.values(), key=by_reference)


@lru_cache(maxsize=1)  # one report may ask for them several times
def published_lines(reader: Reader, snapshot: Snapshot) -> tuple[SnapshotLine, ...]:
    """Return a snapshot's lines.

    Raises :class:`CheckFailed` if they are not those that were frozen.
    """
    lines = tuple(snapshot_lines(reader, snapshot.id))
    if lines_digest(lines) != snapshot.digest:
        raise CheckFailed(
            f"the snapshot of {say_date(snapshot.as_of)} was changed after it was taken: its"
            " lines do not match its digest; restore the database from a backup"
        )
    return lines
