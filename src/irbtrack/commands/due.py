"""``irbtrack due``: what the next period brings."""

from typing import Annotated

import typer

from irbtrack.arguments.options import Viewed
from irbtrack.domain.dates import read_period_end
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.reports.due import falling_due


def due(
    session: Session,
    within: Annotated[
        str, typer.Option("--within", metavar="PERIOD", help="How far ahead, as 30d, 2w or 1m.")
    ] = "1m",
    *,
    viewed: Viewed,
) -> None:
    """Look forward to what falls due.

    Open actions, milestones and directions whose date is in the period, and the notes of the
    forward look.
    """
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = falling_due(view, read_period_end(within, view.day))
    put_out(answer, viewed.form)
