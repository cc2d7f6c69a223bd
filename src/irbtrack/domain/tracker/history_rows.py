"""Work out what the rows of an exported history change of a record.

A history is what the register itself told: each row has the whole record, from a day on. So
its rows are taken as they stand, and only what no register could hold is refused.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from irbtrack.domain.journal import effective_day
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.field import FROM
from irbtrack.domain.record import Record, different
from irbtrack.domain.tracker.outcomes import Contradiction
from irbtrack.domain.tracker.record_rows import settable
from irbtrack.domain.tracker.story import Row, Story


def tell_history(story: Story[Any], rows: Iterable[Row], today: date) -> None:
    """Add to a story what the rows of a record's history say that it does not have already.

    Each row holds from the day under :data:`FROM` until the next row's, or until that of a change
    that is known already. A row that was taken out of the sheet changes nothing.
    """
    for row in sorted(rows, key=lambda row: row.said[FROM.name]):
        from_on = row.said[FROM.name]
        with story.about(FROM.name):
            effective_day(from_on, today)
            _tell_version(story, row.said, from_on)


def _tell_version(story: Story[Any], said: Mapping[str, Any], from_on: date) -> None:
    """Add one version: what differs from the story so far, and what the fold would miscount."""
    kind, then = story.kind, story.on(from_on)
    told = {field: value for field, value in said.items() if field in settable(kind)}
    if then is None:
        fields = {field: value for field, value in told.items() if value not in (None, ())}
    else:
        fields = different(then, told)
    if kind is Action:
        fields |= _outcome_day(fields, from_on)
    story.add(from_on, fields)
    now = story.on(from_on)
    assert now is not None, "a version was just told"
    _refuse_impossible(now, from_on)
    worked_out = {name for pair in kind.TRACKED.values() for name in pair}
    counted = different(now, {field: said[field] for field in worked_out & said.keys()})
    if counted:
        story.add(from_on, counted)


def _outcome_day(fields: Mapping[str, Any], from_on: date) -> dict[str, Any]:
    """Return the day of an action's last completion, closure or reopening, if it has one."""
    ended = [fields.get("completed_on"), fields.get("closed_on")]
    if any(ended):
        return {"outcome_on": next(filter(None, ended))}
    reopened = "completed_on" in fields or "closed_on" in fields
    return {"outcome_on": from_on} if reopened else {}


def _refuse_impossible(record: Record, from_on: date) -> None:
    """Raise for an action that contradicts itself as no verb would have left it."""
    if not isinstance(record, Action):
        return
    if record.raised_on > from_on:
        raise Contradiction("raised_on", "nothing holds of an action before it was raised")
    if record.due_on is not None and record.due_on < record.raised_on:
        raise Contradiction("due_on", "it cannot be due before it was raised")
    if record.completed_on is not None and record.completed_on < record.raised_on:
        raise Contradiction("completed_on", "it cannot be complete before it was raised")
    if record.verified_on is not None and record.completed_on is None:
        raise Contradiction("verified_on", "only a complete action is verified")
    if record.verified_by is not None and record.verified_by == record.owner:
        raise Contradiction("verified_by", "an officer does not verify their own action")
    if (record.closed_on is None) != (record.closed_as is None):
        raise Contradiction("closed_as", "a closure has both its day and its kind")
