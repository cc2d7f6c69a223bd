"""``irbtrack plan``: draw the plan on a page."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import AsOf, Format, KnownAt, as_of_day, known_at_moment
from irbtrack.domain.answers import Answer
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.figures.plan_on_a_page import (
    milestones_table,
    month_from,
    months_around,
    timeline,
)
from irbtrack.domain.nouns.milestone import Milestone, in_plan, upon
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.errors import Misused
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.store.gather import as_of_or_first, records_as_of

MOST_MONTHS = 120


def plan(
    session: Session,
    workstream: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            autocompletion=completing.workstreams,
            help="Only that plan or workstream.",
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="MONTH", help="The first month, as Feb-23.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="MONTH", help="The last month, as Jan-24.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """Draw the plan on a page, for any day.

    Months go across, workstreams down. A year and a month around the day are drawn, unless
    --from and --to say otherwise. Other forms than table have a row for each milestone.
    """
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
