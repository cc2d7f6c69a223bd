"""``irbtrack exceptions``: what of the directions and plans changed between two days."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import Format, KnownAt, as_of_day, known_at_moment, known_then
from irbtrack.domain.answers import Answer, Table
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.nouns.note import commentary, recent
from irbtrack.errors import Misused
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.exceptions import (
    COLUMNS,
    comments_of_the_time,
    exception_row,
    exceptional_items,
    newest_reasons,
)
from irbtrack.reports.history import known_by
from irbtrack.store.gather import entries
from irbtrack.store.published import published_before


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
    """Report by exception: what went otherwise between two days.

    Each direction, milestone or plan item whose RAG changed, whose date moved, whose date
    passed without completion, or that was dropped, with the newest commentary of that time or,
    without any, the reason.
    """
    day, moment = as_of_day(session, until), known_at_moment(session, known_at)
    first = read_date(since, session.today, month_end=True) if since else None
    with session.reading() as reader:
        known_before = moment
        if first is None:
            first, known_before = published_before(reader, day, moment)
        if first is None:
            raise Misused(
                f"there is no snapshot before {say_date(day)} to begin from; give --from DATE"
            )
        if first >= day:
            raise Misused(
                f"--from {say_date(first)} is not before --to {say_date(day)}; give an earlier day"
            )
        top = find.workstream(reader, workstream).ref if workstream is not None else None
        found = exceptional_items(reader, (first, known_before), (day, moment), top)
        comments = comments_of_the_time(reader, first, known_before, day, moment)
        refs = [one.item.ref for one in found]
        recorded = known_by(entries(reader, refs=refs), day, moment) if refs else []
    reasons = newest_reasons(recorded, first, known_before)
    rows, people = [], []
    for one in found:
        item = one.item
        reason = reasons.get((item.noun, item.ref))
        said = recent(commentary(comments, item.noun, item.ref), None)
        rows.append(exception_row(one, reason, said))
        people.append(rows[-1] if said else (*rows[-1][:-1], reason))
    known = known_then(moment)
    published = "" if since else ", as published,"
    title = f"Exceptions from {say_date(first)}{published} to {say_date(day)}{known}"
    shown = Table(COLUMNS, people, title).shown()
    put_out(Answer(Table(COLUMNS, rows), (shown,) if found else ()), form)
    if not found:
        note(f"no exception from {say_date(first)} to {say_date(day)}{known}")
