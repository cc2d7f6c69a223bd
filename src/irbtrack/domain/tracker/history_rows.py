"""Work out what the rows of an exported history change of a record.

A history is what the register itself told: each row has the whole record, from a day on. So
its rows are taken as they stand, and only what no register could hold is refused.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from irbtrack.domain.field import FROM
from irbtrack.domain.journal import effective_day
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.record import different, settable_fields
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
    told = {field: value for field, value in said.items() if field in settable_fields(kind)}
    if then is None:
        fields = {field: value for field, value in told.items() if value not in (None, ())}
    else:
        fields = different(then, told)
    if kind is Action:
        fields |= _outcome_day(fields, from_on)
    story.add(from_on, fields)
    now = story.on(from_on)
    assert now is not None, "a version was just told"
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
