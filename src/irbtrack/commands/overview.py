"""``irbtrack overview``: what one wants to see first in the morning, on one screen."""

from irbtrack.arguments.options import Viewed
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.reports.overview import overview_tables


def overview(session: Session, viewed: Viewed) -> None:
    """Show the state of things on one screen.

    Overdue by year with the change since the last snapshot, what is due in 30 days, the
    directions by RAG and those that moved, commentary gone stale, and the last snapshot.
    """
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = overview_tables(view)
    put_out(answer, viewed.form)
