"""Reporting by exception: what went otherwise between two days."""

from collections.abc import Sequence
from datetime import date, datetime

from irbtrack.domain.answers import Column, Kind
from irbtrack.domain.figures.exceptional import Exceptional, items
from irbtrack.domain.figures.exceptional import exceptions as found_between
from irbtrack.domain.journal import Entry, explanation_of
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone, upon
from irbtrack.domain.nouns.note import Note, in_force, say_comment
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.store.database import Reader
from irbtrack.store.gather import as_of_or_first, records_as_of
from irbtrack.store.published import as_published

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


_Viewed = tuple[date, datetime | None]
"""A day, and the moment up to which what was recorded counts; None for all of it."""


def exceptional_items(
    reader: Reader, before: _Viewed, now: _Viewed, top: str | None
) -> list[Exceptional]:
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


def comments_of_the_time(
    reader: Reader, first: date, known_before: datetime | None, day: date, moment: datetime | None
) -> list[Note]:
    """The commentary of a period: dated after its first day, or not there yet on that day."""
    before = {one.ref for one in records_as_of(reader, Note, first, known_before)}
    notes = in_force(records_as_of(reader, Note, day, moment), day)
    return [one for one in notes if one.dated_on > first or one.ref not in before]


EXPLAINED = {"rag", "target_on", "forecast_on", "dropped_on"}
"""The fields whose changes make an exception."""


def newest_reasons(
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
        "\n".join(map(say_comment, comments)) or None,
    )
