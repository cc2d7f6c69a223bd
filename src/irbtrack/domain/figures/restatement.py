"""Snapshots, and in what and why they differ: from one another, or from what is now known."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.words import natural_order


class Snapshot(NamedTuple):
    """The figures as published: which day they are of, and what proves them unchanged.

    ``entry`` is the number of the journal entry that recorded it, which has the digest.
    """

    id: int
    entry: int
    as_of: date
    label: str | None
    taken_at: datetime
    taken_by: str
    reason: str | None
    digest: str
    replaced: bool


class SnapshotLine(NamedTuple):
    """An action that a snapshot counted, and what it was counted under."""

    ref: str
    year: str
    audit: str | None
    directorate: str
    owner: str | None
    priority: str
    status: str


def snapshot_counts(lines: Iterable[SnapshotLine], by: str | None = None) -> Counter[Bucket]:
    """A snapshot's lines counted as ``counting.counts_as_of`` counts the register's."""
    return Counter(
        Bucket(line.year, getattr(line, by) if by else None, Status(line.status), line.priority)
        for line in lines
    )


COMPARED = {
    "action": ("status", "year", "audit", "directorate", "owner", "priority"),
    "direction": ("title", "rag", "target_on", "target_note", "trend"),
}
"""What is compared of an action or direction; the first says whether it was there."""


def differences(
    noun: str,
    before: Iterable[SnapshotLine | Direction],
    after: Iterable[SnapshotLine | Direction],
    changes: list[tuple[int, Change]],
) -> list[tuple[str, str, str, Any, Any, str]]:
    """A row for each field in which two days differ, with the entries that can be why.

    What is compared of a noun is :data:`COMPARED`'s to say. An action that is not counted has
    no status, and a direction that was not there no title.
    """
    old, new = {line.ref: line for line in before}, {line.ref: line for line in after}
    presence, *others = COMPARED[noun]
    rows = []
    for ref in sorted(old.keys() | new.keys(), key=natural_order):
        was, now = old.get(ref), new.get(ref)
        for field in (*others, presence) if was and now else (presence,):
            one, two = getattr(was, field, None), getattr(now, field, None)
            if one != two:
                own = [(n, c) for n, c in changes if (c.noun, c.ref) == (noun, ref)]
                causes = [str(n) for n, c in own if _concerns(c, field)]
                rows.append((noun, ref, field, one, two, ", ".join(causes)))
    return rows


STATUS_RESTS_ON = {"raised_on", "owner", "due_on", "completed_on", "closed_on", "expires_on"}


def _concerns(change: Change, field: str) -> bool:
    """Whether a change can alter a compared field; one that undoes another can alter any."""
    if not change.fields:
        return True
    rests_on = STATUS_RESTS_ON if field == "status" else {field}
    return bool(rests_on & change.fields.keys())


def explains(number: int, change: Change, first: Snapshot, second: Snapshot | None) -> bool:
    """Whether a change can be why two snapshots, or one and what is known now, differ.

    It was recorded between the two, or it took effect between their days and was known to
    the second. The snapshot of the earlier day can have been taken later.
    """
    if second is None:
        return first.entry < number and change.effective_on <= first.as_of
    if change.effective_on > second.as_of:
        return False
    earlier, later = sorted((first.entry, second.entry))
    took_effect = change.effective_on > first.as_of and number < second.entry
    return earlier < number < later or took_effect
