"""``irbtrack exceptions``: what of the directions and plans changed between two days."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import Format, KnownAt
from irbtrack.domain.dates import read_date
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.reports.exceptions import exceptions_since


def exceptions(
    session: Session,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="The first day; the previous snapshot's."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", "--as-of", metavar="DATE", help="The last day; today.")
    ] = None,
    workstream: Annotated[
        str | None,
        typer.Option(
            "--workstream",
            metavar="CODE",
            autocompletion=completing.workstreams,
            help="Only of that plan or workstream.",
        ),
    ] = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """Report by exception: what went off plan between two days.

    Each direction, milestone or plan item whose RAG changed, whose date moved, whose date
    passed without completion, or that was dropped, with the newest commentary of that time or,
    without any, the reason.
    """
    first = read_date(since, session.today, month_end=True) if since else None
    with session.viewing(until, known_at) as now:
        top = find.workstream(now.reader, workstream).ref if workstream is not None else None
        answer = exceptions_since(now, first, top)
    put_out(answer, form)
