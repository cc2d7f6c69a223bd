"""``irbtrack overview``: what one wants to see first in the morning, on one screen."""

from datetime import timedelta

import typer

from irbtrack.commands.directions import comments_on, compared_with
from irbtrack.commands.options import AsOf, Form, KnownAt, as_known, as_of_day, known_at_moment
from irbtrack.commands.session import session_of
from irbtrack.commands.summary import Question
from irbtrack.domain.board import LAST, Answer, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.forward import STALE_AFTER, due_between
from irbtrack.domain.overview import (
    Fact,
    by_rag,
    falling_due,
    gone_stale,
    last_snapshot,
    late,
    moved,
    overdue,
)
from irbtrack.domain.plan import in_plan
from irbtrack.domain.records import Action, Direction, Milestone
from irbtrack.render import TABLE, put_out
from irbtrack.store.gather import council, records_as_of
from irbtrack.store.published import current_snapshots

DAYS_AHEAD = 30


def overview(
    ctx: typer.Context, as_of: AsOf = None, known_at: KnownAt = None, form: Form = TABLE
) -> None:
    """The state of things on one screen.

    Overdue by year with the change since the last snapshot, what is due in 30 days, the
    directions by RAG and those that moved, commentary gone stale, and the last snapshot.
    """
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        question = Question(reader, None, original=False, known_at=moment)
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
    rows = [(what, ", ".join(f.says for f in several) or "none") for what, several in told.items()]
    rest = Table((Column("figure", "Also"), Column("says", "As it stands")), rows)
    put_out(Answer(data.having([c for c in data.columns if c.name != "says"]), (table, rest)), form)


def overdue_table(facts: list[Fact], high: str, title: str) -> Table:
    """The overdue actions by year, with the change since the last snapshot if there is one."""
    columns = (
        Column("of", "Overdue", Kind.CODE),
        Column("number", "Total", Kind.NUMBER),
        Column("change", "Change", Kind.CHANGE),
        Column("high", high, Kind.NUMBER),
        Column("high_change", "Change", Kind.CHANGE),
    )
    rows = [(f.of, f.number, f.change, f.high, f.high_change) for f in facts]
    table = Table(columns, rows, title, LAST)
    compared = any(fact.change is not None for fact in facts)
    return table if compared else table.having([c for c in columns if c.kind is not Kind.CHANGE])
