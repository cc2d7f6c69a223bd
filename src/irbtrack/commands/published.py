"""Snapshots as they are read: the right one for a day, proved unchanged by its digest."""

from datetime import date, datetime

from irbtrack.domain.dates import say_date
from irbtrack.domain.journal import lines_digest
from irbtrack.errors import CheckFailed
from irbtrack.store.database import Reader
from irbtrack.store.gather import Snapshot, SnapshotLine, snapshot_lines, snapshots


def current_snapshots(reader: Reader, known_at: datetime | None = None) -> dict[date, Snapshot]:
    """The snapshot that counts of each day, by day: the last one taken by ``known_at``."""
    return {
        snapshot.as_of: snapshot
        for snapshot in snapshots(reader)
        if known_at is None or snapshot.taken_at <= known_at
    }


def snapshot_before(reader: Reader, day: date, known_at: datetime | None) -> Snapshot | None:
    """The newest snapshot of an earlier day, or None: what a board compares with."""
    taken = current_snapshots(reader, known_at)
    return max((s for s in taken.values() if s.as_of < day), key=lambda s: s.as_of, default=None)


def published_lines(reader: Reader, snapshot: Snapshot) -> list[SnapshotLine]:
    """A snapshot's lines. Raises :class:`CheckFailed` if they are not those that were frozen."""
    lines = snapshot_lines(reader, snapshot.id)
    if lines_digest(lines) != snapshot.digest:
        raise CheckFailed(
            f"the snapshot of {say_date(snapshot.as_of)} was changed after it was taken: its"
            " lines do not match its digest; restore the database from a backup"
        )
    return lines
