"""``irbtrack overview``: what one wants to see first in the morning, on one screen."""

from datetime import timedelta

from irbtrack.arguments.options import AsOf, Format, KnownAt, as_known, as_of_day, known_at_moment
from irbtrack.domain.answers import Answer, Column, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.forward import STALE_AFTER, due_between
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone, in_plan
from irbtrack.register.session import Session
from irbtrack.register.view import View
from irbtrack.render import TABLE, put_out
from irbtrack.reports.directions import comments_on, compared_with
from irbtrack.reports.overview import (
    DAYS_AHEAD,
    Fact,
    by_rag,
    falling_due,
    gone_stale,
    last_snapshot,
    late,
    moved,
    overdue,
    overdue_table,
    standing_table,
)
from irbtrack.reports.summary import Question
from irbtrack.store.gather import council, records_as_of
from irbtrack.store.published import current_snapshots


def overview(
    session: Session, as_of: AsOf = None, known_at: KnownAt = None, form: Format = TABLE
) -> None:
    """Show the state of things on one screen.

    Overdue by year with the change since the last snapshot, what is due in 30 days, the
    directions by RAG and those that moved, commentary gone stale, and the last snapshot.
    """
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        question = Question(View(reader, day, moment))
        now, then = question.told_on(day), question.told_before(day)
        directions = records_as_of(reader, Direction, day, moment)
        compared = compared_with(reader, day, None, moment)
        comments = comments_on(reader, directions, day, moment)
        actions = records_as_of(reader, Action, day, moment)
        milestones = in_plan(records_as_of(reader, Milestone, day, moment))
        taken = current_snapshots(reader, moment).values()
        scale = council(reader)
    ahead = due_between(actions, milestones, directions, day, day + timedelta(days=DAYS_AHEAD))
    counted = overdue(now.tally, then.tally if then else None)
    told = {
        f"Due in {DAYS_AHEAD} days": falling_due(ahead),
        "Past their date": late(milestones, directions, day),
        "Directions": by_rag(directions),
        "Moved": moved(directions, compared),
        f"No commentary for {STALE_AFTER} days": gone_stale(directions, comments, day),
        "Last snapshot": last_snapshot(taken, day),
    }
    facts = [*counted, *(fact for several in told.values() for fact in several)]
    data = Table(tuple(Column(name) for name in Fact._fields), facts)
    title = f"{scale.name} {as_known(day, moment)}"
    if then:
        title += f"; change since {say_date(then.tally.as_of)}"
    table = overdue_table(counted, scale.priorities[0], title)
    blocks = (table, standing_table(told))
    put_out(Answer(data.having([c for c in data.columns if c.name != "says"]), blocks), form)
