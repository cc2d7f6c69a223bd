"""``irbtrack snapshot compare``: restatements, and what differs between two boards."""

from collections import Counter
from datetime import date
from typing import Annotated, Any

import typer

from irbtrack.commands.options import Form, KnownAt, known_at_moment
from irbtrack.commands.session import session_of
from irbtrack.commands.snapshots import Of, chosen, lines_on
from irbtrack.domain.board import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.records import Action, Direction
from irbtrack.domain.restatement import COMPARED, Snapshot, differences, explains
from irbtrack.errors import Misused, listed
from irbtrack.render import TABLE, put_out
from irbtrack.store.gather import entries, records_as_of
from irbtrack.store.published import published_lines


def compare(
    ctx: typer.Context,
    of: Of = None,
    other: Annotated[
        str | None,
        typer.Argument(metavar="OTHER", help="A later snapshot; without it, today's knowledge."),
    ] = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """What differs from a snapshot, by action and direction.

    With one date: what is now known of that day against what was published of it. A
    difference is a restatement. With two: the later snapshot against the earlier. Directions
    were published as they were known at the moment of the snapshot.
    """
    session = session_of(ctx)
    moment = known_at_moment(session, known_at)
    with session.reading() as reader:
        first = chosen(session, reader, of, moment)
        second = None if other is None else chosen(session, reader, other, moment)
        if second and second.as_of <= first.as_of:
            raise Misused(f"give the earlier snapshot first: {of} is not before {other}")
        actions = (
            published_lines(reader, first),
            (published_lines(reader, second) if second else lines_on(reader, first.as_of, moment)),
        )
        later, known = (second.as_of, second.taken_at) if second else (first.as_of, moment)
        directions = (
            records_as_of(reader, Direction, first.as_of, first.taken_at),
            records_as_of(reader, Direction, later, known),
        )
        changes = [
            (number, change)
            for number, entry in entries(reader)
            if moment is None or entry.recorded_at <= moment
            for change in entry.changes
            if change.noun in COMPARED and explains(number, change, first, second)
        ]
    rows = [
        *differences(Action.NOUN, *actions, changes),
        *differences(Direction.NOUN, *directions, changes),
    ]
    table = Table(_COMPARE_COLUMNS, rows)
    put_out(Answer(table, _said(first, second, table)), form)


_COMPARE_COLUMNS = (
    Column("noun"),
    Column("ref", "Ref", Kind.CODE),
    Column("field", "What", Kind.CODE),
    Column("before", "Before"),
    Column("after", "After"),
    Column("entries", "Entries"),
)


def _said(first: Snapshot, second: Snapshot | None, table: Table) -> tuple[Block, ...]:
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
