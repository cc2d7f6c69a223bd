"""``irbtrack workstream add | list | update`` and ``irbtrack plan``: the plan on a page."""

from typing import Annotated, Any

import typer

from irbtrack.commands import find
from irbtrack.commands.options import AsOf, Form, KnownAt, On, as_of_day, known_at_moment
from irbtrack.commands.placing import Place, place_among, read_place
from irbtrack.commands.session import (
    Planned,
    Words,
    from_day,
    note,
    refuse_unless_any,
    required,
    say_changes,
    session_of,
)
from irbtrack.domain.board import Answer, Column, Kind, Table
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.journal import Change
from irbtrack.domain.lifecycle import different
from irbtrack.domain.plan import (
    in_plan,
    milestones_table,
    month_from,
    months_around,
    outline,
    timeline,
    upon,
)
from irbtrack.domain.records import Milestone, Workstream
from irbtrack.domain.words import read_code, read_title
from irbtrack.errors import Misused
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import Reader
from irbtrack.store.gather import as_of_or_first, newest, records_as_of

Within = Annotated[
    str | None,
    typer.Option("--within", metavar="CODE", help="The plan or workstream it is a part of."),
]
MOST_MONTHS = 120


def add_workstream(
    ctx: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A short code, as procurement.")
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="What it is called.")] = None,
    within: Within = None,
    place: Place = None,
    on: On = None,
) -> None:
    """Add a plan, or, with --within, a workstream of one."""
    session = session_of(ctx)
    day = session.day(on)
    given = required(code, "the CODE", "Code", lambda t: read_code("a workstream", t))
    title = required(name, "the NAME", "Name", lambda t: read_title("the name", t))
    nth = read_place(place)

    def plan(reader: Reader) -> list[Planned]:
        find.refuse_if_taken(given, newest(reader, Workstream), "a workstream", "code")
        parent = _within(reader, within)
        position, moved = place_among(reader, Workstream, lambda w: w.within == parent, nth, day)
        fields = {"name": title, "within": parent, "position": position}
        change = Change("workstream", given, day, {f: v for f, v in fields.items() if v})
        part = f" to {parent}" if parent else ""
        return [Planned(change, f"workstream {given} added{part}: {title}"), *moved]

    session.record("workstream add", plan)


def update_workstream(
    ctx: typer.Context,
    workstream: Annotated[str, typer.Argument(metavar="CODE", help="Which; its code stays.")],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="A new name.")] = None,
    within: Within = None,
    place: Place = None,
    on: On = None,
) -> None:
    """Rename a workstream, or put it elsewhere.

    '--within none' makes it a plan.
    """
    refuse_unless_any(name, within, place)
    session = session_of(ctx)
    day = session.day(on)
    nth = read_place(place)

    def plan(reader: Reader) -> list[Planned]:
        found = find.workstream(reader, workstream)
        then = find.record_on(reader, Workstream, found.ref, day)
        given: dict[str, Any] = {}
        if name is not None:
            given["name"] = read_title("the name", name)
        parent = then.within
        if within is not None:
            parent = given["within"] = _within(reader, within)
        moved: list[Planned] = []
        if nth is not None or parent != then.within:
            given["position"], moved = place_among(
                reader, Workstream, lambda w: w.within == parent and w.ref != found.ref, nth, day
            )
        changes = different(then, given)
        what = say_changes(then, changes, SAID, found)
        said = f"workstream {found.ref}{from_day(session, day)}: {what}"
        return [Planned(Change("workstream", found.ref, day, changes), said), *moved]

    session.record("workstream update", plan)


SAID: Words = {
    "name": ("name", str),
    "within": ("within", lambda code: code or "none"),
    "position": ("place", str),
}


def _within(reader: Reader, asked: str | None) -> str | None:
    if asked is None or asked.strip().casefold() == "none":
        return None
    return find.workstream(reader, asked).ref


def list_workstreams(
    ctx: typer.Context, as_of: AsOf = None, known_at: KnownAt = None, form: Form = TABLE
) -> None:
    """The plans and their workstreams on a day."""
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        there = outline(records_as_of(reader, Workstream, day, moment))
        milestones = in_plan(records_as_of(reader, Milestone, day, moment))
    columns = (
        Column("code", "Code", Kind.CODE),
        Column("name"),
        Column("shown_name", "Name"),
        Column("within", "Within", Kind.CODE),
        Column("milestones", "Milestones", Kind.NUMBER),
    )
    rows = [
        (w.ref, w.name, f"{'  ' * depth}{w.name}", w.within, _count(milestones, w.ref))
        for depth, w in there
    ]
    shown = Table(columns, rows)
    data = shown.having([c for c in columns if c.name != "shown_name"])
    put_out(Answer(data, (shown.shown(),)), form)
    if not rows:
        note(f"no workstream was there on {say_date(day)}")


def _count(milestones: list[Milestone], workstream: str) -> int:
    return sum(one.workstream == workstream for one in milestones)


def plan(
    ctx: typer.Context,
    workstream: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="Only that plan or workstream."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="MONTH", help="The first month, as Feb-23.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="MONTH", help="The last month, as Jan-24.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """Draw the plan on a page, for any day.

    Months go across, workstreams down. A year and a month around the day are drawn, unless
    --from and --to say otherwise. Other forms than table have a row for each milestone.
    """
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    first, last = months_around(day)
    if since is not None:
        first = month_from(read_date(since, session.today, month_end=True), 0)
    if until is not None:
        last = month_from(read_date(until, session.today, month_end=True), 0)
    if last < first:
        raise Misused(f"--to {say_date(last)} is before --from {say_date(first)}; give a later one")
    if last >= month_from(first, MOST_MONTHS):
        raise Misused(f"a plan shows at most {MOST_MONTHS} months; give a --from nearer to --to")
    with session.reading() as reader:
        top = find.workstream(reader, workstream).ref if workstream is not None else None
        known = as_of_or_first(reader, Workstream, day, moment)
        milestones = in_plan(records_as_of(reader, Milestone, day, moment))
    rows = outline(known.values(), top)
    shown = upon(rows, milestones)
    table = milestones_table(shown, known, day)
    drawing = timeline(shown, rows, day, (first, last), table.shown())
    put_out(Answer(table, (drawing,) if rows else ()), form)
    if not shown:
        note("no milestone fits")
