"""``irbtrack action list``: the actions behind a figure."""

import typer

from irbtrack.commands.filters import (
    Audits,
    Directorates,
    DueAfter,
    DueBefore,
    OverdueBy,
    Owners,
    Priorities,
    Statuses,
    Unverified,
    WithText,
    Years,
    selection,
)
from irbtrack.commands.options import AsOf, Form, KnownAt, Original, as_of_day, known_at_moment
from irbtrack.commands.session import note, session_of
from irbtrack.domain.board import Answer
from irbtrack.domain.listing import actions_table
from irbtrack.domain.records import Action, Audit, Status
from irbtrack.domain.selection import selected
from irbtrack.render import TABLE, put_out
from irbtrack.store.gather import names_as_of, records_as_of


def list_actions(
    ctx: typer.Context,
    year: Years = None,
    audit: Audits = None,
    directorate: Directorates = None,
    owner: Owners = None,
    priority: Priorities = None,
    status: Statuses = None,
    due_before: DueBefore = None,
    due_after: DueAfter = None,
    overdue_by: OverdueBy = None,
    text: WithText = None,
    unverified: Unverified = False,
    original: Original = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """List actions as they stood on a day.

    Filters combine, and those of names may be given more than once. What is closed has left
    the register, and is listed only by --status closed.
    """
    session = session_of(ctx)
    day = as_of_day(session, as_of)
    with session.reading() as reader:
        wanted = selection(
            reader,
            session,
            year=year,
            audit=audit,
            directorate=directorate,
            owner=owner,
            priority=priority,
            status=status,
            due_before=due_before,
            due_after=due_after,
            overdue_by=overdue_by,
            text=text,
            unverified=unverified,
        )
        moment = known_at_moment(session, known_at)
        actions = records_as_of(reader, Action, day, moment)
        audits = names_as_of(reader, Audit, day, moment)
    found = selected(actions, day, wanted, original=original)
    table = actions_table(found, day, audits, original=original)
    count = "1 action" if len(found) == 1 else f"{len(found)} actions"
    put_out(Answer(table, (table.shown(), count) if found else ()), form)
    if not found:
        closed = wanted._replace(statuses=frozenset({Status.CLOSED}))
        also = selected(actions, day, closed, original=original)
        note("no action fits" + ("; --status closed lists some that are" if also else ""))
