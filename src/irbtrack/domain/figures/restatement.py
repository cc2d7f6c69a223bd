"""Snapshots, and how and why they differ: from one another, or from what is now known."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.words import natural_order


class Snapshot(NamedTuple):
    """The figures as published, with their day and the digest that proves them unchanged.

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


class SnapshotTold(NamedTuple):
    """What an entry says of the snapshot that it takes, as the fields of its change."""

    label: str | None
    actions: int
    digest: str


class SnapshotLine(NamedTuple):
    """An action that a snapshot counted, and what it was counted under."""

    ref: str
    year: str
    audit: str | None
    directorate: str
    owner: str | None
    priority: str
    status: str


def snapshot_counts(
    lines: Iterable[SnapshotLine],
    by: str | None = None,
    *,
    sources: Mapping[str, str] | None = None,
    of_sources: Collection[str] = (),
) -> Counter[Bucket]:
    """Count a snapshot's lines as ``counting.counts_as_of`` counts the register's actions.

    A line has the audit only: ``sources`` says who made each review, by the audit's reference.
    With ``of_sources`` only the actions of audits of these are counted.
    """
    made_by = sources or {}
    return Counter(
        Bucket(
            line.year,
            made_by.get(line.audit or "") if by == "source" else getattr(line, by) if by else None,
            Status(line.status),
            line.priority,
        )
        for line in lines
        if not of_sources or made_by.get(line.audit or "") in of_sources
    )


COMPARED = {
    "action": ("status", "year", "audit", "directorate", "owner", "priority"),
    "direction": ("title", "rag", "target_on", "target_note", "trend"),
}
"""The fields of an action or direction that are compared.

The first of them says whether the record was there.
"""


def differences(
    noun: str,
    before: Iterable[SnapshotLine | Direction],
    after: Iterable[SnapshotLine | Direction],
    changes: Iterable[tuple[int, Change]] = (),
) -> list[tuple[str, str, str, Any, Any, str]]:
    """Return a row for each field that differs, with the numbers of the entries that may be why.

    :data:`COMPARED` has the fields of each noun that are compared. An action that is not counted
    has no status, and a direction that was not there has no title.
    """
    old, new = {line.ref: line for line in before}, {line.ref: line for line in after}
    presence, *others = COMPARED[noun]
    by_ref: dict[str, list[tuple[int, Change]]] = {}
    for number, change in changes:
        if change.noun == noun:
            by_ref.setdefault(change.ref, []).append((number, change))
    rows = []
    for ref in sorted(old.keys() | new.keys(), key=natural_order):
        was, now = old.get(ref), new.get(ref)
        for field in (*others, presence) if was and now else (presence,):
            one, two = getattr(was, field, None), getattr(now, field, None)
            if one != two:
                causes = [str(n) for n, c in by_ref.get(ref, ()) if _concerns(c, field)]
                rows.append((noun, ref, field, one, two, ", ".join(causes)))
    return rows


STATUS_RESTS_ON = {"raised_on", "owner", "due_on", "completed_on", "closed_on", "expires_on"}


def _concerns(change: Change, field: str) -> bool:
    """Return whether a change can alter a compared field.

    A change that undoes another can alter any field.
    """
    if not change.fields:
        return True
    rests_on = STATUS_RESTS_ON if field == "status" else {field}
    return bool(rests_on & change.fields.keys())


def explains(number: int, change: Change, first: Snapshot, second: Snapshot | None) -> bool:
    """Return whether a change may be why two snapshots differ, or one and what is now known.

    It may if it was recorded between the two. It also may if it took effect between their days
    and was known when the second was taken, since the snapshot of the earlier day can have been
    taken later.
    """
    if second is None:
        return first.entry < number and change.effective_on <= first.as_of
    if change.effective_on > second.as_of:
        return False
    earlier, later = sorted((first.entry, second.entry))
    took_effect = change.effective_on > first.as_of and number < second.entry
    return earlier < number < later or took_effect
