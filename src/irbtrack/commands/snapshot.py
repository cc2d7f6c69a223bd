"""``irbtrack snapshot``: freeze the figures of a board."""

import sys
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import needed_reason
from irbtrack.arguments.options import (
    AsOf,
    By,
    Format,
    KnownAt,
    Year,
    as_of_day,
    grouping,
    known_at_moment,
)
from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.dates import last_month_end, read_year, say_date
from irbtrack.domain.figures.restatement import (
    COMPARED,
    Snapshot,
    differences,
    explains,
    snapshot_counts,
)
from irbtrack.domain.figures.tally import tally
from irbtrack.domain.journal import effective_day
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.words import read_title, read_whole
from irbtrack.errors import Misused, Refused
from irbtrack.register.session import Session
from irbtrack.register.snapshots import chosen_snapshot, freeze, lines_on
from irbtrack.render import TABLE, put_out
from irbtrack.render.cell_text import cell_text
from irbtrack.render.messages import note
from irbtrack.reports.restatements import COMPARE_COLUMNS, comparison_blocks
from irbtrack.reports.summary import group_names, say_published
from irbtrack.reports.tallies import DayTally, tally_rows, year_blocks
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, entries, records_as_of
from irbtrack.store.published import current_snapshots, published_lines, snapshots

Of = Annotated[
    str | None,
    typer.Argument(
        metavar="DATE",
        autocompletion=completing.snapshots,
        help="The day whose snapshot is meant; the newest.",
    ),
]


def take(
    session: Session,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day to freeze; the last month end."),
    ] = None,
    label: Annotated[
        str | None, typer.Option("--label", metavar="TEXT", help="What it is for.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take it again; the first one is kept too.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why it is replaced.")
    ] = None,
) -> None:
    """Freeze the figures as of a day.

    Those of every year and directorate are kept, action by action. Made for cron: away from
    a terminal it says nothing when all is well. If the day's snapshot has been taken, it
    says so and leaves it.
    """
    from irbtrack.store.write import writing

    day = as_of_day(session, as_of) if as_of else last_month_end(session.today)
    effective_day(day, session.today)
    if reason is not None and not replace:
        raise Misused("--reason goes with --replace")
    why = needed_reason(reason) if replace else None
    called = None if label is None else read_title("the label", label)
    with writing(session.location) as journal:
        taken = current_snapshots(journal).get(day)
        if taken and not replace:
            said = (
                f"the snapshot of {say_date(day)} was taken already, on"
                f" {cell_text(taken.taken_at, Kind.DATE)}; --replace with a --reason takes another"
            )
        else:
            lines = freeze(journal, session, day, called, why)
            said = f"snapshot of {say_date(day)} taken: {lines} actions"
    if (taken and not replace) or sys.stderr.isatty():
        note(said)


def list_(
    session: Session, as_of: AsOf = None, known_at: KnownAt = None, form: Format = TABLE
) -> None:
    """Every snapshot taken, replaced ones too.

    With --as-of, of the days up to that one; with --known-at, those taken by then.
    """
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        taken = [
            one
            for one in snapshots(reader)
            if one.as_of <= day and (moment is None or one.taken_at <= moment)
        ]
    columns = (
        Column("entry", "Entry", Kind.NUMBER),
        Column("as_of", "As of", Kind.DATE),
        Column("label", "Label"),
        Column("taken_at", "Taken", Kind.DATE),
        Column("taken_by", "By", Kind.CODE),
        Column("replaced", "Replaced"),
        Column("reason", "Reason"),
        Column("digest"),
    )
    rows = [
        (s.entry, s.as_of, s.label, s.taken_at, s.taken_by, s.replaced, s.reason, s.digest)
        for s in taken
    ]
    shown = Table(columns, [(*row[:5], "yes" if row[5] else "", *row[6:]) for row in rows])
    put_out(Answer(Table(columns, rows), (shown.shown(),)), form)
    if not taken:
        note("no snapshot yet; 'irbtrack snapshot take' takes one")


def show(
    session: Session,
    of: Of = None,
    entry: Annotated[
        str | None,
        typer.Option("--entry", metavar="ENTRY", help="One that was replaced, by its entry."),
    ] = None,
    year: Year = None,
    by: By = None,
    actions: Annotated[
        bool, typer.Option("--actions", help="List the actions that were counted.")
    ] = False,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """The figures of a snapshot, as published, or the actions behind them."""
    grouped, moment = grouping(by), known_at_moment(session, known_at)
    with session.reading() as reader:
        snapshot = (
            _of_entry(reader, entry) if entry else chosen_snapshot(session, reader, of, moment)
        )
        priorities = council(reader).priorities
        lines = published_lines(reader, snapshot)
        counts = snapshot_counts(lines, grouped)
        names = group_names(reader, grouped, snapshot.as_of, moment)
    if actions:
        wanted = [line for line in lines if not year or line.year == read_year(year)]
        put_out(Answer(Table(LINE_COLUMNS, wanted)), form)
        return
    frozen = tally(counts, priorities, snapshot.as_of, order=priorities)
    label = f" ({snapshot.label})" if snapshot.label else ""
    told = DayTally(frozen, f"{say_published(snapshot)}{label}")
    years = [read_year(year)] if year else frozen.years
    blocks = [block for one in years for block in year_blocks(told, None, one, grouped, names)]
    put_out(Answer(tally_rows([frozen], years, grouped, names), tuple(blocks)), form)


LINE_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("year", "Year", Kind.CODE),
    Column("audit", "Audit", Kind.CODE),
    Column("directorate", "Directorate", Kind.CODE),
    Column("owner", "Owner", Kind.CODE),
    Column("priority", "Priority", Kind.CODE),
    Column("status", "Status", Kind.CODE),
)


def _of_entry(reader: Reader, asked: str) -> Snapshot:
    number = read_whole("the number of an entry", asked, 10**9)
    for snapshot in snapshots(reader):
        if snapshot.entry == number:
            return snapshot
    raise Refused(f"entry {number} took no snapshot; 'irbtrack snapshot list' shows which did")


def compare(
    session: Session,
    of: Of = None,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="OTHER",
            autocompletion=completing.snapshots,
            help="A later snapshot; without it, today's knowledge.",
        ),
    ] = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """What differs from a snapshot, by action and direction.

    With one date: what is now known of that day against what was published of it. A
    difference is a restatement. With two: the later snapshot against the earlier. Directions
    were published as they were known at the moment of the snapshot.
    """
    moment = known_at_moment(session, known_at)
    with session.reading() as reader:
        first = chosen_snapshot(session, reader, of, moment)
        second = None if other is None else chosen_snapshot(session, reader, other, moment)
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
    table = Table(COMPARE_COLUMNS, rows)
    put_out(Answer(table, comparison_blocks(first, second, table)), form)


VERBS = {
    "take": take,
    "list": list_,
    "show": show,
    "compare": compare,
}
