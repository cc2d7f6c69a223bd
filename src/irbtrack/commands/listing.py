"""``irbtrack action list``: the actions behind a figure."""

from typing import Annotated

import typer

from irbtrack.commands import find
from irbtrack.commands.options import AsOf, Form, KnownAt, Original, as_of_day, known_at_moment
from irbtrack.commands.session import note, session_of
from irbtrack.domain.board import Answer
from irbtrack.domain.dates import read_date, read_year
from irbtrack.domain.listing import actions_table
from irbtrack.domain.records import Action, Audit, Status
from irbtrack.domain.selection import Selection, selected
from irbtrack.domain.words import read_choice, read_whole
from irbtrack.render import TABLE, put_out
from irbtrack.store.gather import council, names_as_of, records_as_of


def list_actions(
    ctx: typer.Context,
    year: Annotated[
        list[str] | None, typer.Option("--year", metavar="YEAR", help="Of that financial year.")
    ] = None,
    audit: Annotated[
        list[str] | None, typer.Option("--audit", metavar="NAME", help="Of that audit.")
    ] = None,
    directorate: Annotated[
        list[str] | None,
        typer.Option("--directorate", metavar="CODE", help="That this directorate answers for."),
    ] = None,
    owner: Annotated[
        list[str] | None,
        typer.Option("--owner", metavar="CODE", help="Of that officer; 'none' for no owner."),
    ] = None,
    priority: Annotated[
        list[str] | None, typer.Option("--priority", metavar="PRIORITY", help="Of that priority.")
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="Not due, overdue, complete, not allocated or closed.",
        ),
    ] = None,
    due_before: Annotated[
        str | None, typer.Option("--due-before", metavar="DATE", help="Due earlier than that day.")
    ] = None,
    due_after: Annotated[
        str | None, typer.Option("--due-after", metavar="DATE", help="Due later than that day.")
    ] = None,
    overdue_by: Annotated[
        str | None,
        typer.Option("--overdue-by", metavar="DAYS", help="Overdue by at least so many days."),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text", metavar="TEXT", help="With these words in reference, title or detail."
        ),
    ] = None,
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Complete, and not confirmed by audit.")
    ] = False,
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
        wanted = Selection(
            years=frozenset(read_year(one) for one in year or ()),
            audits=frozenset(ref for one in audit or () for ref in find.audit_refs(reader, one)),
            directorates=frozenset(find.directorate(reader, d).ref for d in directorate or ()),
            owners=frozenset(find.owner(reader, one) for one in owner or ()),
            priorities=frozenset(
                read_choice("a priority", one, council(reader).priorities) for one in priority or ()
            ),
            statuses=frozenset(Status(read_choice("a status", s, Status)) for s in status or ()),
            due_before=read_date(due_before, session.today) if due_before else None,
            due_after=(read_date(due_after, session.today, month_end=True) if due_after else None),
            overdue_by=read_whole("a number of days", overdue_by, 99_999) if overdue_by else None,
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
