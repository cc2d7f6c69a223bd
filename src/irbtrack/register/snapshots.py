"""Taking a snapshot: the figures of a day, frozen action by action."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.figures.restatement import Snapshot, SnapshotLine, snapshot_counts
from irbtrack.domain.figures.tally import tally, unfooted, unsummed
from irbtrack.domain.journal import Change, lines_digest
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.status import COUNTED, status_as_of
from irbtrack.errors import Refused
from irbtrack.register.session import Session
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, records_as_of
from irbtrack.store.published import current_snapshots

if TYPE_CHECKING:
    from irbtrack.store.write import Journal  # importing it imports SQLModel


def freeze(
    journal: "Journal", session: Session, day: date, label: str | None, reason: str | None
) -> int:
    """Keep a snapshot of ``day`` in a write under way; returns how many actions it counts.

    Raises :class:`Refused` if the figures don't foot, or if it isn't known who records it.
    """
    session.refuse_unknown_recorder(journal)
    lines = lines_on(journal, day)
    priorities = council(journal).priorities
    whole = tally(snapshot_counts(lines), priorities, day)
    grouped = tally(snapshot_counts(lines, "directorate"), priorities, day)
    if problems := [
        *unfooted(whole.figures),
        *unfooted(grouped.figures),
        *unsummed(grouped, whole),
    ]:
        raise Refused(f"the figures of {say_date(day)} do not foot: {'; '.join(problems)}")
    digest = lines_digest(lines)
    change = Change(
        "snapshot",
        day.isoformat(),
        day,
        {"label": label, "actions": len(lines), "digest": digest},
    )
    entry = session.entry("snapshot take", [change], reason)
    journal.keep_snapshot(journal.record(entry), day, label, entry.recorded_at, lines)
    return len(lines)


def lines_on(reader: Reader, day: date, known_at: datetime | None = None) -> list[SnapshotLine]:
    """What a snapshot of ``day`` taken then would hold: every action that its totals count."""
    lines = []
    for action in records_as_of(reader, Action, day, known_at):
        status = status_as_of(standing(action), day)
        if status in COUNTED:
            lines.append(
                SnapshotLine(
                    action.ref,
                    action.year,
                    action.audit,
                    action.directorate,
                    action.owner,
                    action.priority,
                    status.value,
                )
            )
    return lines


def chosen_snapshot(
    session: Session, reader: Reader, asked: str | None, known_at: datetime | None
) -> Snapshot:
    """The snapshot of a day, the newest without one. Refused if there is none."""
    taken = current_snapshots(reader, known_at)
    if not taken:
        raise Refused("there is no snapshot yet; 'irbtrack snapshot take' takes one")
    day = read_date(asked, session.today, month_end=True) if asked else max(taken)
    if day not in taken:
        days = ", ".join(say_date(one) for one in sorted(taken)[-3:])
        raise Refused(f"there is no snapshot of {say_date(day)}; the newest are of {days}")
    return taken[day]
