"""Work out what a row of a sheet changes of a record other than an action.

A new record begins on the sheet's day, or on that of its rating or text if that is earlier.
The first and the later date of a target or forecast become a first date and a revision, as
the fold counts them.
"""

from datetime import date
from typing import Any

from irbtrack.domain.dates import say_date, year_of
from irbtrack.domain.journal import effective_day
from irbtrack.domain.nouns.audit import Audit, AuditStatus
from irbtrack.domain.nouns.milestone import Milestone, milestone_changes
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.rating import Rag
from irbtrack.domain.record import (
    Contradiction,
    FieldValues,
    Record,
    different,
    refuse_if_dropped,
    settable_fields,
)
from irbtrack.domain.tracker.story import Occasion, Row, Story, refuse_after_sheet

_EXPLAINED = {"target_on": "target", "forecast_on": "forecast", "trend": "trend"}
"""The fields whose changes need a reason or commentary, and what they are called."""


def tell_record(story: Story[Any], row: Row, day: Occasion) -> list[str]:
    """Add to a story what a row says of its record, and return the fields that were assumed.

    Only a ``rag_on`` can be assumed: that of a rating of complete without a date. A new record
    gets all that the row has, and a known one what differs. Who holds a post, and commentary, are
    left to the command.
    """
    if story.known:
        _change(story, row, day)
    else:
        _begin(story, row, day)
    story.explain(row, (*_EXPLAINED, "rag", "dropped_on"))
    completed = any(change.fields.get("rag") == Rag.COMPLETE for change in story.added)
    return ["rag_on"] if completed and row.said.get("rag_on") is None else []


def _plain_fields(story: Story[Any], row: Row) -> FieldValues:
    known = settable_fields(story.kind)
    return {field: value for field, value in row.said.items() if field in known}


def _begin(story: Story[Any], row: Row, day: Occasion) -> None:
    """Add the change that adds a record and, if its date was revised, the one that revised it."""
    kind, on = story.kind, day.of_sheet
    given = {f: v for f, v in _plain_fields(story, row).items() if v not in (None, ())}
    fields = _defaults(kind, given, on) | given
    began_on = min(on, row.said.get("rag_on") or on, fields.get("dated_on") or on)
    revised: FieldValues = {}
    for field, (first, times) in kind.TRACKED.items():
        first_on, now_on = row.said.get(first), fields.get(field)
        number = row.said.get(times) or 0
        if first_on is not None:
            fields[field] = first_on
        if first_on is not None and now_on is not None and first_on != now_on:
            revised = {field: now_on, times: max(number, 1)}
        elif number and fields.get(field) is not None:
            fields[times] = number
    with story.about("rag_on"):
        effective_day(began_on, day.today)
        refuse_after_sheet("rag_on", row.said.get("rag_on") or on, on)
    if not story.problems:
        story.add(began_on, fields)
        story.add(on, revised)


def _defaults(kind: type[Record], given: FieldValues, on: date) -> FieldValues:
    """Return what a new record has where its row says nothing."""
    if kind is Audit:
        return {"year": year_of(on), "status": AuditStatus.PLANNED.value}
    if kind is Note:
        return {"dated_on": on}
    return {"trend_on": on} if "trend" in given else {}


def _change(story: Story[Any], row: Row, day: Occasion) -> None:
    """Add what differs between the row and the register on the sheet's day."""
    on, then = day.of_sheet, story.on(day.of_sheet)
    if then is None:
        first = say_date(story.versions[0].valid_from)
        why = f"{story.ref} was entered from {first} on; give a later day with --on"
        story.problems.append(("ref", why))
        return
    story.refuse_fixed(row)
    fields = different(then, _plain_fields(story, row))
    if "trend" in fields:
        fields["trend_on"] = (row.said.get("trend_on") or on) if fields["trend"] else None
    revised = _first_dates(story, row, then, fields)
    for field, what in _EXPLAINED.items():
        explained = row.reason or row.said.get("commentary") or day.explained
        if fields.get(field) is not None and not explained:
            why = (
                f"{story.ref} would have another {what} without a reason; give it in the column"
                " 'Reason for a change', as commentary, or for all with --reason"
            )
            story.problems.append((field, why))
    with story.about("title"):
        if isinstance(then, Milestone) and fields:
            fields = milestone_changes(then, fields)
        if isinstance(then, Note) and fields:
            refuse_if_dropped(then)
        _tell_dropping(story, fields, on)
        _tell_rating(story, row, fields, on)
        story.add(on, fields)
        story.add(on, revised)


def _tell_dropping(story: Story[Any], fields: FieldValues, on: date) -> None:
    """Drop a record on its own day, which is not after the sheet's."""
    if (dropped_on := fields.pop("dropped_on", None)) is not None:
        _refuse_outside(story, "dropped_on", dropped_on, on)
        story.add(dropped_on, {"dropped_on": dropped_on})


def _tell_rating(story: Story[Any], row: Row, fields: FieldValues, on: date) -> None:
    """Add a rating from its own day, if the row has that.

    A day without a rating changes nothing.
    """
    rated_on, now = row.said.get("rag_on"), story.on(on)
    if rated_on is None or now is None or (now.rag is None and "rag" not in fields):
        return
    _refuse_outside(story, "rag_on", rated_on, on)
    if "rag" in fields:
        story.add(rated_on, {"rag": fields.pop("rag")})
        now = story.on(on)
    if now is not None and now.rag_on != rated_on:
        kept = say_date(now.rag_on) if now.rag_on else "never"
        raise Contradiction(
            "rag_on",
            f"{story.ref} has its rating since {kept}; put that back, or leave the column out with"
            " '--map rag_on='",
        )


def _refuse_outside(story: Story[Any], field: str, day: date, on: date) -> None:
    """Raise for a day before the record was there, or after the sheet's."""
    if story.on(day) is None:
        first = say_date(story.versions[0].valid_from)
        raise Contradiction(field, f"{story.ref} was entered from {first} on; give a later day")
    refuse_after_sheet(field, day, on)


def _first_dates(story: Story[Any], row: Row, then: Record, fields: FieldValues) -> FieldValues:
    """Give a record without a date its first one, and return the revision that follows it."""
    revised: FieldValues = {}
    for field, (first, _) in story.kind.TRACKED.items():
        first_on = row.said.get(first)
        if first_on is not None and getattr(then, first) is None:
            if fields.get(field) not in (None, first_on):
                revised = {field: fields[field]}
            fields[field] = first_on
    return revised
