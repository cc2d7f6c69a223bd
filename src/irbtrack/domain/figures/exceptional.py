"""Reporting by exception: which directions and plan items changed between two days."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from irbtrack.domain.dates import say_date_briefly
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.rating import Rag, say_rag
from irbtrack.domain.nouns.workstream import Workstream, plan_of

DIRECTIONS = "Directions"
"""What the group of the directions is called, beside the names of the plans."""


class Item(NamedTuple):
    """A direction, milestone or other plan item as it stands on a day.

    ``due_on`` is its target or forecast; ``noun`` and ``ref`` say which record it is.
    """

    plan: str
    title: str
    noun: str
    ref: str
    rag: str | None
    due_on: date | None
    complete: bool
    dropped: bool


class Exceptional(NamedTuple):
    """An item as it is now, with what it was before.

    ``passed`` says that its date passed before it was complete. ``was_dropped`` says that it had
    already been dropped from its plan.
    """

    item: Item
    rag_before: str | None
    due_before: date | None
    passed: bool
    was_dropped: bool

    @property
    def reasons(self) -> list[str]:
        """Return why it is an exception, in words."""
        item, said = self.item, []
        if item.rag != self.rag_before:
            said.append(f"{say_rag(self.rag_before).capitalize()} to {say_rag(item.rag)}")
        if item.due_on != self.due_before:
            said.append(f"moved from {_say(self.due_before)} to {_say(item.due_on)}")
        if self.passed:
            said.append(f"due {_say(item.due_on)} and not complete")
        if item.dropped != self.was_dropped:
            said.append("dropped" if item.dropped else "back in the plan")
        return said


def _say(day: date | None) -> str:
    return say_date_briefly(day) if day else "no date"


def items(
    directions: Iterable[Direction],
    milestones: Iterable[Milestone],
    workstreams: Mapping[str, Workstream],
) -> list[Item]:
    """Return all that can be an exception: the directions, then the plans' items in order."""
    return [
        *(
            Item(
                DIRECTIONS, d.title, d.NOUN, d.ref, d.rag, d.target_on, d.rag == Rag.COMPLETE, False
            )
            for d in directions
        ),
        *(
            Item(
                plan_of(workstreams, m.workstream).name,
                m.title,
                m.NOUN,
                m.ref,
                m.rag,
                m.forecast_on,
                m.completed_on is not None,
                m.dropped_on is not None,
            )
            for m in milestones
        ),
    ]


def exceptions(
    before: Iterable[Item], now: Iterable[Item], since: date, until: date
) -> list[Exceptional]:
    """Return which of the items ``now``, on ``until``, are exceptions since the day ``since``.

    An item is an exception if its rating changed, its date moved, or its date passed without
    completion between the two days (DESIGN section 3). A date has passed on the day after it. An
    item that was dropped is one too, so that a red item cannot vanish without a word. An item
    that was not there before has no rating or date that could have changed, but its date can
    pass.
    """
    earlier = {(item.noun, item.ref): item for item in before}
    found = []
    for item in now:
        was = earlier.get((item.noun, item.ref), item)
        if was.dropped and item.dropped:
            continue
        past = item.due_on is not None and since <= item.due_on < until
        passed = past and not item.complete and not item.dropped
        one = Exceptional(item, was.rag, was.due_on, passed, was.dropped)
        if one.reasons:
            found.append(one)
    return found
