"""A milestone: a point or a bar on the plan, with its RAG and forecast."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Self

from irbtrack.domain.dates import say_date
from irbtrack.domain.field import DROPPED, REASON, TIMES_REDATED, Field, Holds
from irbtrack.domain.nouns.rating import Rag, rated_changes
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import (
    Contradiction,
    FieldValues,
    Others,
    Record,
    not_before,
    refuse_if_dropped,
)
from irbtrack.domain.words import natural_order
from irbtrack.errors import quoted

MILESTONE = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "milestone no", "milestone ref", "no", "number", "id",
    ), fixed=True, given=True),
    Field("title", "Milestone", Holds.LINE, (
        "title", "milestone title", "deliverable", "task", "activity", "item",
    ), needed=True, width=44),
    Field("workstream", "Workstream", Holds.WORKSTREAM, (
        "plan", "stream", "work stream", "theme",
    ), needed=True, width=24),
    Field("direction", "Direction", Holds.DIRECTION, ("direction ref",)),
    Field("starts_on", "Starts", Holds.DATE, ("start", "start date"), to_the_day=True),
    Field("baseline_on", "First planned", Holds.DATE, (
        "baseline", "baseline date", "original date", "original due date", "planned date",
    ), fixed=True, width=13),
    Field("forecast_on", "Forecast", Holds.DATE, (
        "forecast date", "due date", "due", "end date", "end", "target date", "revised date",
        "finish", "finish date", "deadline",
    ), hint="Another date needs the reason for it, or commentary."),
    Field("rag", "RAG", Holds.RAG, ("rag rating", "rag status", "status"), width=8),
    Field("rag_on", "RAG since", Holds.DATE, ("rag date",)),
    Field("commentary", "New commentary", Holds.TEXT, (
        "commentary", "update", "comments", "progress", "progress update",
    ), width=48, hint="What there is to say now. It is kept beside what was said before."),
    REASON,
    TIMES_REDATED,
    DROPPED,
)  # fmt: skip


class Milestone(Record):
    """A point on the plan or, with ``starts_on``, a bar. Without dates it is only an item.

    ``forecast_on`` is the day of the point, or the end of the bar. The fold works out
    ``baseline_on`` and ``times_redated`` from it, and ``rag_on``, the day from which the milestone
    has had its rating, from ``rag``.
    """

    NOUN: ClassVar[str] = "milestone"
    ABOUT: ClassVar[str] = "the milestones of the plans"
    LABEL: ClassVar[str] = "title"
    FIELDS: ClassVar[tuple[Field, ...]] = MILESTONE
    KEY: ClassVar[tuple[str, ...]] = ("workstream", "title")
    FILLED_IN: ClassVar[tuple[str, ...]] = (
        *("ref", "title", "rag", "forecast_on", "commentary", "reason", "workstream"),
    )
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "forecast_on": ("baseline_on", "times_redated")
    }
    SINCE: ClassVar[Mapping[str, str]] = {"rag": "rag_on"}

    title: str
    workstream: str
    direction: str | None = None
    starts_on: date | None = None
    baseline_on: date | None = None
    forecast_on: date | None = None
    times_redated: int = 0
    rag: str | None = None
    rag_on: date | None = None
    dropped_on: date | None = None

    @property
    def completed_on(self) -> date | None:
        """The day from which its rating has been C, or None."""
        return self.rag_on if self.rag == Rag.COMPLETE else None

    @classmethod
    def numbering(cls, fields: Mapping[str, Any]) -> tuple[str, int]:
        """Give milestones references in one row, as in ``M007``."""
        del fields
        return "M", 3

    @classmethod
    def listed(cls, records: Iterable[Any], day: date) -> list[Any]:
        """Return the milestones that were not dropped, by the day they begin."""
        del day
        return in_plan(records)

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield a bar without an end, an end before the start, and a future day of dropping."""
        del before, others
        if self.starts_on is not None and self.forecast_on is None:
            yield Contradiction(
                "forecast_on",
                f"{quoted(self.title)} would start on {say_date(self.starts_on)} and have no end;"
                " give its date",
            )
        if self.starts_on and self.forecast_on and self.forecast_on < self.starts_on:
            yield Contradiction(
                "forecast_on",
                f"{quoted(self.title)} cannot end on {say_date(self.forecast_on)}, before it starts"
                f" on {say_date(self.starts_on)}; give a later end or an earlier start",
            )
        yield from not_before("dropped_on", f"{self.ref} is dropped", self.dropped_on, since)


def milestone_changes(then: Milestone, given: FieldValues) -> FieldValues:
    """Return the fields that change a milestone, as :func:`rated_changes` does.

    Raise :class:`Refused` if it was dropped.
    """
    refuse_if_dropped(then)
    return rated_changes(then, given)


def ends_on(milestone: Milestone) -> date | None:
    """Return the day it was completed or, until then, that of its forecast."""
    return milestone.completed_on or milestone.forecast_on


def slipped_days(milestone: Milestone) -> int:
    """Return how many days after its baseline a milestone is forecast, or was completed.

    The number is negative if that is earlier, and 0 without dates.
    """
    end = ends_on(milestone)
    return (end - milestone.baseline_on).days if end and milestone.baseline_on else 0


def is_late(milestone: Milestone, day: date) -> bool:
    """Return whether a milestone's forecast is before ``day`` and it isn't complete."""
    return (
        milestone.forecast_on is not None
        and milestone.forecast_on < day
        and milestone.completed_on is None
    )


def in_plan(milestones: Iterable[Milestone]) -> list[Milestone]:
    """Return the milestones that were not dropped, by the day they begin, undated ones last."""
    return sorted((m for m in milestones if m.dropped_on is None), key=_by_date)


def _by_date(milestone: Milestone) -> tuple[date, date, tuple[str | int, ...]]:
    ends = milestone.forecast_on or date.max
    return (milestone.starts_on or ends, ends, natural_order(milestone.ref))


def upon(
    rows: Iterable[tuple[int, Workstream]], milestones: Iterable[Milestone]
) -> list[Milestone]:
    """Return the milestones on the rows of an outline, in the order of the rows."""
    order = {one.ref: place for place, (_, one) in enumerate(rows)}
    there = [one for one in milestones if one.workstream in order]
    return sorted(there, key=lambda one: order[one.workstream])
