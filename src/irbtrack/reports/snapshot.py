"""Snapshots as a list, and the figures and actions of one."""

from collections.abc import Iterable

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.register.view import View
from irbtrack.reports.question import Question
from irbtrack.reports.tallies import tally_rows, year_blocks
from irbtrack.store.published import published_lines, snapshots

SNAPSHOT_COLUMNS = (
    Column("entry", "Entry", Kind.NUMBER),
    Column("as_of", "As of", Kind.DATE),
    Column("label", "Label"),
    Column("taken_at", "Taken", Kind.DATE),
    Column("taken_by", "By", Kind.CODE),
    Column("replaced", "Replaced"),
    Column("reason", "Reason"),
    Column("digest"),
)

COUNTED_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("year", "Year", Kind.CODE),
    Column("audit", "Audit", Kind.CODE),
    Column("directorate", "Directorate", Kind.CODE),
    Column("owner", "Owner", Kind.CODE),
    Column("priority", "Priority", Kind.CODE),
    Column("status", "Status", Kind.CODE),
)


def snapshot_list(view: View) -> Answer:
    """Return the snapshots of days up to that of the view, replaced ones included."""
    rows = [
        (s.entry, s.as_of, s.label, s.taken_at, s.taken_by, s.replaced, s.reason, s.digest)
        for s in snapshots(view.reader)
        if s.as_of <= view.day and (view.known_at is None or s.taken_at <= view.known_at)
    ]
    if not rows:
        remark = "no snapshot yet; 'irbtrack snapshot take' takes one"
        return Answer(Table(SNAPSHOT_COLUMNS, rows), remarks=(remark,))
    shown = [(*row[:5], "yes" if row[5] else "", *row[6:]) for row in rows]
    return Answer(Table(SNAPSHOT_COLUMNS, rows), (Table(SNAPSHOT_COLUMNS, shown).shown(),))


def snapshot_tables(
    view: View, snapshot: Snapshot, years: Iterable[str] = (), by: str | None = None
) -> Answer:
    """Return the figures of a snapshot, as published.

    Groups have the names that the view knows of the snapshot's day. Without ``years`` they are
    all that have actions.
    """
    question = Question(view.on(snapshot.as_of), by)
    told = question.told_in(snapshot)
    if snapshot.label:
        told = told._replace(how=f"{told.how} ({snapshot.label})")
    chosen = list(years) or told.tally.years
    names = question.names
    blocks = [block for year in chosen for block in year_blocks(told, None, year, by, names, {})]
    return Answer(tally_rows([told.tally], chosen, by, names), tuple(blocks))


def snapshot_actions(view: View, snapshot: Snapshot, years: Iterable[str] = ()) -> Answer:
    """Return the actions that a snapshot counted; without ``years`` those of all years."""
    wanted = set(years)
    lines = published_lines(view.reader, snapshot)
    return Answer(
        Table(COUNTED_COLUMNS, [one for one in lines if not wanted or one.year in wanted])
    )
