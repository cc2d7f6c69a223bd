"""``irbtrack exceptions``: what of the directions and plans changed between two days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import typer

from irbtrack.commands import find
from irbtrack.commands.histories import known_by
from irbtrack.commands.options import Form, KnownAt, as_of_day, known_at_moment, known_then
from irbtrack.commands.session import note, session_of
from irbtrack.domain.board import Answer, Column, Kind, Table
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.directions import recent, say_comment
from irbtrack.domain.exceptions import Exceptional, items
from irbtrack.domain.exceptions import exceptions as found_between
from irbtrack.domain.journal import Entry, explanation_of
from irbtrack.domain.notes import commentary, in_force
from irbtrack.domain.plan import outline, upon
from irbtrack.domain.records import Direction, Milestone, Note, Workstream
from irbtrack.errors import Misused
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import Reader
from irbtrack.store.gather import as_of_or_first, entries, records_as_of
from irbtrack.store.published import as_published, published_before

COLUMNS = (
    Column("plan", "Plan", rank=1),
    Column("ref", "Ref", Kind.CODE),
    Column("item", "Item"),
    Column("rag_before"),
    Column("rag_now", "RAG", Kind.RAG),
    Column("noun"),
    Column("due_before", kind=Kind.DATE),
    Column("due_now", kind=Kind.DATE),
    Column("passed"),
    Column("dropped"),
    Column("why", "What changed"),
    Column("reason"),
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

    Each direction, milestone or plan item whose RAG changed, whose date moved, whose date
    passed without completion, or that was dropped, with the newest commentary of that time or,
    without any, the reason.
    """
    session = session_of(ctx)
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
        found = _found(reader, (first, known_before), (day, moment), top)
        comments = _comments(reader, first, known_before, day, moment)
        refs = [one.item.ref for one in found]
        recorded = known_by(entries(reader, refs=refs), day, moment) if refs else []
    reasons = _reasons(recorded, first, known_before)
    rows, people = [], []
    for one in found:
        item = one.item
        reason = reasons.get((item.noun, item.ref))
        said = recent(commentary(comments, item.noun, item.ref), None)
        rows.append(_row(one, reason, said))
        people.append(rows[-1] if said else (*rows[-1][:-1], reason))
    known = known_then(moment)
    published = "" if since else ", as published,"
    title = f"Exceptions from {say_date(first)}{published} to {say_date(day)}{known}"
    shown = Table(COLUMNS, people, title).shown()
    put_out(Answer(Table(COLUMNS, rows), (shown,) if found else ()), form)
    if not found:
        note(f"no exception from {say_date(first)} to {say_date(day)}{known}")


Known = tuple[date, datetime | None]
"""A day, and the moment up to which what was recorded counts; None for all of it."""


def _found(reader: Reader, before: Known, now: Known, top: str | None) -> list[Exceptional]:
    """The exceptions between two days: of everything, or of the workstream ``top`` and within.

    What belongs where is as on the later day.
    """
    (first, known_before), (day, moment) = before, now
    workstreams = as_of_or_first(reader, Workstream, day, moment)
    milestones = records_as_of(reader, Milestone, day, moment)
    directions = records_as_of(reader, Direction, day, moment) if top is None else []
    wanted = upon(outline(workstreams.values(), top), milestones)
    earlier = items(
        as_published(reader, Direction, first, known_before, moment),
        as_published(reader, Milestone, first, known_before, moment),
        as_of_or_first(reader, Workstream, first, known_before) | workstreams,
    )
    return found_between(earlier, items(directions, wanted, workstreams), first, day)


def _comments(
    reader: Reader, first: date, known_before: datetime | None, day: date, moment: datetime | None
) -> list[Note]:
    """The commentary of a period: dated after its first day, or not there yet on that day."""
    before = {one.ref for one in records_as_of(reader, Note, first, known_before)}
    notes = in_force(records_as_of(reader, Note, day, moment), day)
    return [one for one in notes if one.dated_on > first or one.ref not in before]


EXPLAINED = {"rag", "target_on", "forecast_on", "dropped_on"}
"""The fields whose changes make an exception."""


def _reasons(
    recorded: list[tuple[int, Entry]], first: date, known_before: datetime | None
) -> dict[tuple[str, str], str]:
    """The newest reason that was given for a change, by noun and reference.

    The change took effect after ``first``, or was not known yet when that day was published.
    """
    undone = {entry.undoes for _, entry in recorded}
    return {
        (change.noun, change.ref): reason
        for number, entry in recorded
        if entry.undoes is None and number not in undone
        for change in entry.changes
        if (reason := explanation_of(entry, change))
        and change.fields.keys() & EXPLAINED
        and (change.effective_on > first or (known_before and entry.recorded_at > known_before))
    }


def _row(one: Exceptional, reason: str | None, comments: Sequence[Note]) -> tuple[object, ...]:
    return (
        one.item.plan,
        one.item.ref,
        one.item.title,
        one.rag_before,
        one.item.rag,
        one.item.noun,
        one.due_before,
        one.item.due_on,
        one.passed,
        one.item.dropped,
        ", ".join(one.reasons),
        reason,
        comments[0].dated_on if comments else None,
        "\n".join(map(say_comment, comments)) or None,
    )
