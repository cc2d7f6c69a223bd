"""``irbtrack plan``: draw the plan on a page."""

from datetime import date
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import Viewed
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.figures.plan_on_a_page import month_from, months_around
from irbtrack.errors import Misused
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.reports.plan import plan_on_a_page

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
    *,
    viewed: Viewed,
) -> None:
    """Draw the plan on a page, for any day.

    Months go across, workstreams down. A year and a month around the day are drawn, unless
    --from and --to say otherwise. Other forms than table have a row for each milestone.
    """
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        months = _months(view.day, session.today, since, until)
        top = find.workstream(view.reader, workstream).ref if workstream is not None else None
        answer = plan_on_a_page(view, top, months)
    put_out(answer, viewed.form)


def _months(day: date, today: date, since: str | None, until: str | None) -> tuple[date, date]:
    """Return the first days of the first and the last month that are drawn."""
    first, last = months_around(day)
    if since is not None:
        first = month_from(read_date(since, today, month_end=True), 0)
    if until is not None:
        last = month_from(read_date(until, today, month_end=True), 0)
    if last < first:
        raise Misused(f"--to {say_date(last)} is before --from {say_date(first)}; give a later one")
    if last >= month_from(first, MOST_MONTHS):
        raise Misused(f"a plan shows at most {MOST_MONTHS} months; give a --from nearer to --to")
    return first, last
