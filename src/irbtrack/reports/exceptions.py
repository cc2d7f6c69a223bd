"""Reporting by exception: what went off plan between two days."""

from collections.abc import Sequence
from datetime import date

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.exceptional import Exceptional, items
from irbtrack.domain.figures.exceptional import exceptions as found_between
from irbtrack.domain.journal import Entry, explanation_of
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone, upon
from irbtrack.domain.nouns.note import Note, commentary, in_force, recent, say_comments
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.errors import Misused
from irbtrack.register.view import View
from irbtrack.store.published import as_published, snapshot_before

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


def _earlier_view(now: View, first: date | None) -> View:
    """Return the view of ``first`` or, without it, of what was published before.

    Raises :class:`Misused` if nothing was published before, or if ``first`` is not earlier.
    """
    if first is None:
        before = snapshot_before(now.reader, now.day, now.known_to)
        if before is None:
            raise Misused(
                f"there is no snapshot before {say_date(now.day)} to begin from; give --from DATE"
            )
        return View(now.reader, before.as_of, before.taken_at, before.entry)
    if first >= now.day:
        raise Misused(
            f"--from {say_date(first)} is not before --to {say_date(now.day)}; give an earlier day"
        )
    return now.on(first)


def exceptions_since(now: View, first: date | None, top: str | None = None) -> Answer:
    """Return what went off plan from ``first`` to the view's day, in all or of a workstream.

    Without ``first`` it is compared with what was published before. Each exception has the
    newest commentary of that time or, without any, the reason for the change.
    """
    before = _earlier_view(now, first)
    found = exceptional_items(before, now, top)
    comments = comments_of_the_time(before, now)
    refs = [one.item.ref for one in found]
    reasons = newest_reasons(now.entries(refs) if refs else [], before)
    rows, people = [], []
    for one in found:
        reason = reasons.get((one.item.noun, one.item.ref))
        said = recent(commentary(comments, one.item.noun, one.item.ref), None)
        rows.append(exception_row(one, reason, said))
        people.append(rows[-1] if said else (*rows[-1][:-1], reason))
    period, data = f"to {say_date(now.day)}{now.known}", Table(COLUMNS, rows)
    if not found:
        return Answer(data, remarks=(f"no exception from {say_date(before.day)} {period}",))
    published = "" if first else ", as published,"
    title = f"Exceptions from {say_date(before.day)}{published} {period}"
    return Answer(data, (Table(COLUMNS, people, title).shown(),))


def exceptional_items(before: View, now: View, top: str | None) -> list[Exceptional]:
    """Return the exceptions between two days: in all, or of the workstream ``top`` and within.

    What belongs where is as on the later day.
    """
    workstreams = now.records_or_first(Workstream)
    directions = now.records(Direction) if top is None else []
    wanted = upon(outline(workstreams.values(), top), now.records(Milestone))
    earlier = items(
        as_published(now.reader, Direction, before.day, before.known_to, now.known_to),
        as_published(now.reader, Milestone, before.day, before.known_to, now.known_to),
        before.records_or_first(Workstream) | workstreams,
    )
    return found_between(earlier, items(directions, wanted, workstreams), before.day, now.day)


def comments_of_the_time(before: View, now: View) -> list[Note]:
    """Return the commentary of a period: dated after its first day, or not there yet then."""
    there = {one.ref for one in before.records(Note)}
    notes = in_force(now.records(Note), now.day)
    return [one for one in notes if one.dated_on > before.day or one.ref not in there]


EXPLAINED = {"rag", "target_on", "forecast_on", "dropped_on"}
"""The fields whose changes make an exception."""


def newest_reasons(recorded: list[tuple[int, Entry]], before: View) -> dict[tuple[str, str], str]:
    """Return the newest reason that was given for a change, by noun and reference.

    The change took effect after the day of ``before``, or was not known yet then.
    """
    undone = {entry.undoes for _, entry in recorded}
    return {
        (change.noun, change.ref): reason
        for number, entry in recorded
        if entry.undoes is None and number not in undone
        for change in entry.changes
        if (reason := explanation_of(entry, change))
        and change.fields.keys() & EXPLAINED
        and (
            change.effective_on > before.day or (before.entry is not None and number > before.entry)
        )
    }


def exception_row(
    one: Exceptional, reason: str | None, comments: Sequence[Note]
) -> tuple[object, ...]:
    """Return the cells of an exception, in the order of :data:`COLUMNS`."""
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
        say_comments(comments) or None,
    )
