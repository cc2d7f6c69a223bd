"""``irbtrack snapshot take | list | show | compare``: the figures as published, frozen."""

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from irbtrack.commands.options import (
    AsOf,
    By,
    Form,
    KnownAt,
    Year,
    as_of_day,
    grouping,
    known_at_moment,
)
from irbtrack.commands.session import Session, needed_reason, note, session_of
from irbtrack.commands.summary import group_names, say_published
from irbtrack.domain.board import Answer, Column, Kind, Table
from irbtrack.domain.dates import last_month_end, read_date, read_year, say_date
from irbtrack.domain.figures import Told, tally_rows, year_blocks
from irbtrack.domain.journal import Change, lines_digest
from irbtrack.domain.lifecycle import effective_day
from irbtrack.domain.records import COUNTED, Action
from irbtrack.domain.restatement import (
    Snapshot,
    SnapshotLine,
    snapshot_counts,
)
from irbtrack.domain.status import standing, status_as_of
from irbtrack.domain.tally import tally, unfooted, unsummed
from irbtrack.domain.words import read_title, read_whole
from irbtrack.errors import Misused, Refused
from irbtrack.render import TABLE, put_out
from irbtrack.render.cells import cell_text
from irbtrack.store.database import Reader
from irbtrack.store.gather import (
    council,
    records_as_of,
)
from irbtrack.store.published import current_snapshots, published_lines, snapshots

if TYPE_CHECKING:
    from irbtrack.store.write import Journal  # importing it imports SQLModel

Of = Annotated[
    str | None, typer.Argument(metavar="DATE", help="The day whose snapshot is meant; the newest.")
]


def take(
    ctx: typer.Context,
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

    session = session_of(ctx)
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


def freeze(
    journal: "Journal", session: Session, day: date, label: str | None, reason: str | None
) -> int:
    """Keep a snapshot of ``day`` in a write under way; returns how many actions it counts.

    Raises :class:`Refused` if the figures don't foot.
    """
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


def list_snapshots(
    ctx: typer.Context, as_of: AsOf = None, known_at: KnownAt = None, form: Form = TABLE
) -> None:
    """Every snapshot taken, replaced ones too.

    With --as-of, of the days up to that one; with --known-at, those taken by then.
    """
    session = session_of(ctx)
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


def chosen(
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


def show(
    ctx: typer.Context,
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
    form: Form = TABLE,
) -> None:
    """The figures of a snapshot, as published, or the actions behind them."""
    session = session_of(ctx)
    grouped, moment = grouping(by), known_at_moment(session, known_at)
    with session.reading() as reader:
        snapshot = _of_entry(reader, entry) if entry else chosen(session, reader, of, moment)
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
    told = Told(frozen, f"{say_published(snapshot)}{label}")
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
