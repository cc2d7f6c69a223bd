"""``irbtrack snapshot``: freeze the figures of a board."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import needed_reason
from irbtrack.arguments.options import By, Format, KnownAt, SealKey, Viewed, Year, grouping
from irbtrack.domain.answers import Kind
from irbtrack.domain.dates import DayMissing, last_month_end, read_date, read_year, say_date
from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.domain.journal import effective_day
from irbtrack.domain.words import read_title, read_whole
from irbtrack.errors import Misused, Refused
from irbtrack.register.session import Session
from irbtrack.register.snapshots import (
    freeze,
    refuse_unless_as_recorded,
    snapshot_called,
    snapshot_of,
    snapshot_of_entry,
)
from irbtrack.register.view import View
from irbtrack.render import TABLE, put_out
from irbtrack.render.cell_text import cell_text
from irbtrack.render.messages import note
from irbtrack.reports.restatements import snapshot_comparison
from irbtrack.reports.snapshot import snapshot_actions, snapshot_list, snapshot_tables
from irbtrack.store.published import current_snapshots

Of = Annotated[
    str | None,
    typer.Argument(
        metavar="DATE",
        autocompletion=completing.snapshots,
        help="The day whose snapshot is meant, or its label; the newest.",
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
    seal: Annotated[
        str | None,
        typer.Option("--seal", metavar="FILE", help="Write the register's seal there, too."),
    ] = None,
    key: SealKey = None,
) -> None:
    """Freeze the figures as of a day.

    Those of every year and directorate are kept, action by action. Made for cron: away from
    a terminal it says nothing when all is well. If the day's snapshot has been taken, it
    says so and leaves it.
    """
    from irbtrack.exports.seals import seal_file, write_seal
    from irbtrack.register.sealing import seal_of
    from irbtrack.register.signing import read_private_key, signed

    day = (
        read_date(as_of, session.today, month_end=True) if as_of else last_month_end(session.today)
    )
    effective_day(day, session.today)
    if reason is not None and not replace:
        raise Misused("--reason goes with --replace")
    why = needed_reason(reason) if replace else None
    called = None if label is None else read_title("the label", label)
    if key is not None and seal is None:
        raise Misused("--key goes with --seal, which says where the seal is written")
    sealed_in = None if seal is None else seal_file(seal)
    private = None if key is None else read_private_key(Path(key))
    with session.writing() as journal:
        taken = current_snapshots(journal).get(day)
        if taken and not replace:
            said = (
                f"the snapshot of {say_date(day)} was taken already, on"
                f" {cell_text(taken.taken_at, Kind.DATE)}; --replace with a --reason takes another"
            )
        else:
            refuse_unless_as_recorded(journal)
            lines = freeze(journal, session, day, called, why)
            said = f"snapshot of {say_date(day)} taken: {lines} actions"
            made = seal_of(journal)
    if seal is not None and (replace or not taken):
        try:
            write_seal(signed(made, private) if private else made, sealed_in)
        except Refused as refusal:  # what is stored is stored
            note(f"{said}, but {refusal}; 'irbtrack db seal' writes the seal")
    if (taken and not replace) or sys.stderr.isatty():
        note(said)


def list_(session: Session, viewed: Viewed) -> None:
    """List every snapshot taken, replaced ones too.

    With --as-of, of the days up to that one; with --known-at, those taken by then.
    """
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = snapshot_list(view)
    put_out(answer, viewed.form)


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
    """Show the figures of a snapshot, as published, or the actions behind them."""
    grouped, years = grouping(by), [read_year(year)] if year else []
    number = read_whole("the number of an entry", entry, 10**9) if entry else None
    with session.viewing(known_at=known_at) as view:
        snapshot = (
            _meant(session, view, of) if number is None else snapshot_of_entry(view.reader, number)
        )
        if actions:
            answer = snapshot_actions(view, snapshot, years)
        else:
            answer = snapshot_tables(view, snapshot, years, grouped)
    put_out(answer, form)


def _meant(session: Session, view: View, of: str | None) -> Snapshot:
    """Return the snapshot of a day or with a label, or the newest."""
    if of is None:
        return snapshot_of(view)
    try:
        day = read_date(of, session.today, month_end=True)
    except DayMissing:
        raise
    except Misused:
        return snapshot_called(view.reader, of)
    return snapshot_of(view, day)


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
    """Show what differs from a snapshot, by action and direction.

    With one date: what is now known of that day against what was published of it. A
    difference is a restatement. With two: the later snapshot against the earlier. Directions
    were published as they were known at the moment of the snapshot.
    """
    with session.viewing(known_at=known_at) as view:
        first = _meant(session, view, of)
        second = _meant(session, view, other) if other else None
        if second and second.as_of <= first.as_of:
            raise Misused(f"give the earlier snapshot first: {of} is not before {other}")
        answer = snapshot_comparison(view, first, second)
    put_out(answer, form)


VERBS = {
    "take": take,
    "list": list_,
    "show": show,
    "compare": compare,
}
