"""Snapshots: taking one, the figures of a day frozen action by action, and finding one."""

from datetime import date
from typing import TYPE_CHECKING

from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.figures.restatement import (
    Snapshot,
    SnapshotLine,
    SnapshotTold,
    snapshot_counts,
)
from irbtrack.domain.figures.tally import tally, unfooted, unsummed
from irbtrack.domain.journal import Change, lines_digest
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.status import COUNTED, status_as_of
from irbtrack.domain.words import folded
from irbtrack.errors import CheckFailed, Misused, Refused, listed, quoted
from irbtrack.register.session import Session
from irbtrack.register.view import View
from irbtrack.store.database import Reader
from irbtrack.store.gather import council
from irbtrack.store.published import current_snapshots, snapshots

if TYPE_CHECKING:
    from irbtrack.store.write import Journal  # importing it imports SQLModel


def freeze(
    journal: "Journal", session: Session, day: date, label: str | None, reason: str | None
) -> int:
    """Keep a snapshot of ``day`` in a write under way, and return how many actions it counts.

    Raises :class:`Refused` if the figures don't foot, or if it isn't known who records it.
    """
    session.refuse_unknown_recorder(journal)
    lines = lines_on(View(journal, day))
    priorities = council(journal).priorities
    whole = tally(snapshot_counts(lines), priorities, day)
    grouped = tally(snapshot_counts(lines, "directorate"), priorities, day)
    if problems := [
        *unfooted(whole.figures),
        *unfooted(grouped.figures),
        *unsummed(grouped, whole),
    ]:
        raise Refused(f"the figures of {say_date(day)} do not foot: {'; '.join(problems)}")
    told = SnapshotTold(label, len(lines), lines_digest(lines))
    change = Change("snapshot", day.isoformat(), day, told._asdict())
    entry = session.entry(journal, "snapshot take", [change], reason)
    journal.keep_snapshot(journal.record(entry), day, label, entry.recorded_at, lines)
    return len(lines)


def refuse_unless_as_recorded(journal: "Journal") -> None:
    """Raise :class:`CheckFailed` if the versions aren't those that the journal gives.

    What is frozen is published, so that it is worth the seconds that a large register takes.
    """
    from irbtrack.store.integrity import version_findings  # only this needs it

    for finding in version_findings(journal):
        raise CheckFailed(
            f"no snapshot was taken: {finding.wrong}; 'irbtrack db verify' says what to do"
        )


def lines_on(view: View) -> list[SnapshotLine]:
    """Return what a snapshot of a view holds: every action that its totals count."""
    lines = []
    for action in view.records(Action):
        status = status_as_of(standing(action), view.day)
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


def snapshot_of(view: View, day: date | None = None) -> Snapshot:
    """Return the snapshot of a day, or the newest, that the view knows of.

    Raises :class:`Refused` if there is none.
    """
    taken = current_snapshots(view.reader, view.known_to)
    if not taken:
        raise Refused("there is no snapshot yet; 'irbtrack snapshot take' takes one")
    chosen = day or max(taken)
    if chosen not in taken:
        days = ", ".join(say_date(one) for one in sorted(taken)[-3:])
        raise Refused(f"there is no snapshot of {say_date(chosen)}; the newest are of {days}")
    return taken[chosen]


def snapshot_called(reader: Reader, asked: str) -> Snapshot:
    """Return a snapshot by its label, even if it was replaced, or the one that counts of a day.

    Raises :class:`Refused` if there is none, or if several have the label.
    """
    every, taken = snapshots(reader), current_snapshots(reader)
    called = [one for one in every if folded(one.label or "") == folded(asked)]
    if not called:
        try:
            called = [taken[read_date(asked, date.min, month_end=True)]]
        except (Misused, KeyError):
            labels = [one.label or say_date(one.as_of) for one in every]
            known = f"; there are {listed(map(quoted, labels), 'and')}" if labels else ""
            raise Refused(f"no snapshot is called {quoted(asked)}{known}") from None
    if len(called) > 1:
        days = listed(dict.fromkeys(say_date(one.as_of) for one in called), "and")
        raise Refused(f"{len(called)} snapshots are called {quoted(asked)}; name its day, {days}")
    return called[0]


def snapshot_of_entry(reader: Reader, number: int) -> Snapshot:
    """Return the snapshot that an entry took, even if it was replaced.

    Raises :class:`Refused` if the entry took none.
    """
    for snapshot in snapshots(reader):
        if snapshot.entry == number:
            return snapshot
    raise Refused(f"entry {number} took no snapshot; 'irbtrack snapshot list' shows which did")
