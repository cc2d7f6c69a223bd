"""What differs from a snapshot: restatements, and the entries that caused them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from irbtrack.domain.answers import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.restatement import (
    COMPARED,
    Snapshot,
    SnapshotLine,
    differences,
    explains,
)
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.direction import Direction
from irbtrack.errors import listed
from irbtrack.register.snapshots import lines_on
from irbtrack.register.view import View
from irbtrack.store.published import changed_since, current_snapshots, published_lines

COMPARE_COLUMNS = (
    Column("noun"),
    Column("ref", "Ref", Kind.CODE),
    Column("field", "What", Kind.CODE),
    Column("before", "Before"),
    Column("after", "After"),
    Column("entries", "Entries"),
)


def is_restated(view: View) -> bool:
    """Return whether the figures of the day were published, and are otherwise in the view.

    They are otherwise if any action is counted under anything else, even where the figures come to
    the same. That can only be if an action was changed after they were published, on that day or
    before it.
    """
    snapshot = current_snapshots(view.reader, view.known_to).get(view.day)
    if snapshot is None or not changed_since(view.reader, snapshot):
        return False
    return set(lines_on(view)) != set(published_lines(view.reader, snapshot))


def restatement_remarks(view: View, days: Iterable[date]) -> list[str]:
    """Return a remark for each day whose figures were published, and are known otherwise now."""
    if view.known_at is not None:
        return []
    return [
        f"the figures published for {say_date(day)} have been restated since;"
        f" 'irbtrack movement --known --to {day}' shows how"
        for day in days
        if is_restated(view.on(day))
    ]


def snapshot_comparison(view: View, first: Snapshot, second: Snapshot | None = None) -> Answer:
    """Return what differs from a snapshot, by action and direction.

    Without a ``second`` the snapshot is compared with what the view knows of its day. Directions
    were published as they were known at the moment of the snapshot.
    """
    reader = view.reader
    before = View(reader, first.as_of, first.taken_at, first.entry)
    after = (
        View(reader, second.as_of, second.taken_at, second.entry)
        if second
        else view.on(first.as_of)
    )
    ends: dict[str, tuple[Iterable[SnapshotLine | Direction], ...]] = {
        Action.NOUN: (
            published_lines(reader, first),
            published_lines(reader, second) if second else lines_on(after),
        ),
        Direction.NOUN: (before.records(Direction), after.records(Direction)),
    }
    differing = {row[1] for noun, (was, now) in ends.items() for row in differences(noun, was, now)}
    changes = [
        (number, change)
        for number, entry in (view.on(after.day).entries(sorted(differing)) if differing else ())
        for change in entry.changes
        if change.noun in COMPARED and explains(number, change, first, second)
    ]
    rows = [
        row for noun, (was, now) in ends.items() for row in differences(noun, was, now, changes)
    ]
    table = Table(COMPARE_COLUMNS, rows)
    return Answer(table, _comparison_blocks(first, second, table))


def _comparison_blocks(first: Snapshot, second: Snapshot | None, table: Table) -> tuple[Block, ...]:
    """Return a comparison for people: how much differs, and the table of it."""
    counts = Counter(noun for noun, _ in {(row[0], row[1]) for row in table.rows})
    what = (
        f"from the snapshot of {say_date(first.as_of)} to that of {say_date(second.as_of)}"
        if second
        else f"from what was published for {say_date(first.as_of)}"
    )
    if not counts:
        return (f"Nothing differs {what}.",)
    counted = [f"{counts[noun]} {noun}{'s' * (counts[noun] > 1)}" for noun in sorted(counts)]
    verb = "differs" if counts.total() == 1 else "differ"
    told = [
        (noun, ref, field, *(_say_value(field, value) for value in values), causes)
        for noun, ref, field, *values, causes in table.rows
    ]
    return (
        f"{listed(counted, 'and')} {verb} {what}; 'irbtrack history REF' shows the entries.",
        Table(table.columns, told).shown(),
    )


def _say_value(field: str, value: Any) -> Any:
    if value is None:
        return {"status": "not counted", "title": "not there"}.get(field)
    return say_date(value) if isinstance(value, date) else value
