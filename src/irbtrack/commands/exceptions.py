"""``irbtrack exceptions``: what of the directions and plans changed between two days."""

from datetime import date
from typing import Annotated

import typer

from irbtrack.commands import find
from irbtrack.commands.options import Form, KnownAt, as_of_day, known_at_moment
from irbtrack.commands.session import note, session_of
from irbtrack.domain.board import Answer, Column, Kind, Table
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.directions import say_comment
from irbtrack.domain.exceptions import Exceptional, Item, items
from irbtrack.domain.exceptions import exceptions as found_between
from irbtrack.domain.notes import commentary, in_force
from irbtrack.domain.plan import in_plan, outline
from irbtrack.domain.records import Direction, Milestone, Note, Workstream
from irbtrack.errors import Misused
from irbtrack.render import TABLE, put_out
from irbtrack.store.gather import as_of_or_first, by_reference, records_as_of
from irbtrack.store.published import snapshot_before

COLUMNS = (
    Column("plan", "Plan", rank=1),
    Column("item", "Item"),
    Column("rag_before"),
    Column("rag_now", "RAG", Kind.RAG),
    Column("noun"),
    Column("ref", "Ref", Kind.CODE),
    Column("due_before", kind=Kind.DATE),
    Column("due_now", kind=Kind.DATE),
    Column("passed"),
    Column("why", "What changed"),
    Column("commented_on", kind=Kind.DATE),
    Column("commentary", "Commentary", Kind.MARKDOWN),
)


def exceptions(
    ctx: typer.Context,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="The first day; the previous snapshot's."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", "--as-of", metavar="DATE", help="The last day; today.")
    ] = None,
    workstream: Annotated[
        str | None,
        typer.Option("--workstream", metavar="CODE", help="Only of that plan or workstream."),
    ] = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """Report by exception: what went otherwise between two days.

    Each direction, milestone or plan item whose RAG changed, whose date moved, or whose date
    passed without completion, with the newest commentary of that time.
    """
    session = session_of(ctx)
    day, moment = as_of_day(session, until), known_at_moment(session, known_at)
    first = read_date(since, session.today, month_end=True) if since else None
    with session.reading() as reader:
        if first is None:
            snapshot = snapshot_before(reader, day, moment)
            if snapshot is None:
                raise Misused(
                    f"there is no snapshot before {say_date(day)} to begin from; give --from DATE"
                )
            first = snapshot.as_of
        if first >= day:
            raise Misused(
                f"--from {say_date(first)} is not before --to {say_date(day)}; give an earlier day"
            )
        top = find.workstream(reader, workstream).ref if workstream is not None else None
        known = as_of_or_first(reader, Workstream, day, moment)
        rows = {one.ref: place for place, (_, one) in enumerate(outline(known.values(), top))}

        def on(when: date) -> list[Item]:
            directions = records_as_of(reader, Direction, when, moment) if top is None else []
            milestones = in_plan(records_as_of(reader, Milestone, when, moment))
            within = [one for one in milestones if one.workstream in rows]
            within.sort(key=lambda one: (rows[one.workstream], by_reference(one)))
            return items(directions, within, known)

        found = found_between(on(first), on(day), first, day)
        notes = in_force(records_as_of(reader, Note, day, moment), day)
    said = {}
    for one in found:
        of_item = commentary(notes, one.item.noun, one.item.ref)
        said[one.item] = next((n for n in of_item if n.dated_on > first), None)
    shown = Table(COLUMNS, [_row(one, said[one.item], say=True) for one in found]).shown()
    data = Table(COLUMNS, [_row(one, said[one.item]) for one in found])
    title = f"Exceptions from {say_date(first)} to {say_date(day)}"
    put_out(Answer(data, (Table(shown.columns, shown.rows, title),) if found else ()), form)
    if not found:
        note(f"no exception from {say_date(first)} to {say_date(day)}")


def _row(one: Exceptional, comment: Note | None, *, say: bool = False) -> tuple[object, ...]:
    """One exception; with ``say`` its commentary begins with its date."""
    text = say_comment(comment) if comment and say else comment.text if comment else None
    return (
        one.item.plan,
        one.item.title,
        one.rag_before,
        one.item.rag,
        one.item.noun,
        one.item.ref,
        one.due_before,
        one.item.due_on,
        one.passed,
        ", ".join(one.reasons),
        comment.dated_on if comment else None,
        text,
    )
