"""``irbtrack history``: every change, in the order of recording."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import Viewed
from irbtrack.domain.dates import read_date
from irbtrack.domain.words import read_whole
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.reports.history import history_list


def history(
    session: Session,
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="REF",
            autocompletion=completing.records,
            help="Of that record, by its reference, code or audit's name; or that snapshot's day.",
        ),
    ] = None,
    last: Annotated[
        str | None, typer.Option("--last", metavar="N", help="Only the last N entries.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Recorded on that day or later.")
    ] = None,
    *,
    viewed: Viewed,
) -> None:
    """Show every change, in the order of recording.

    When it was recorded, by whom, by which command, from what day it holds, and why.
    """
    how_many = read_whole("a number of entries", last, 10**6) if last else None
    began = read_date(since, session.today) if since else None
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        refs = find.refs_meant(view.reader, reference, session.today) if reference else []
        answer = history_list(view, refs, since=began, last=how_many)
    put_out(answer, viewed.form)
