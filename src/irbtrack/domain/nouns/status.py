"""Work out the status of an action on a day. This is the only copy of the rule."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """The status of an action on a day, in the order of the report's tables."""

    NOT_DUE = "Not Due"
    OVERDUE = "Overdue"
    COMPLETE = "Complete"
    NOT_ALLOCATED = "Not Allocated"
    CLOSED = "Closed"


COUNTED = (Status.NOT_DUE, Status.OVERDUE, Status.COMPLETE, Status.NOT_ALLOCATED)
"""The statuses that add up to a year's total. A closed action isn't counted."""


class Standing(NamedTuple):
    """The facts of one version of an action that its status depends on.

    ``closed_until`` is the last day of a closure, or :data:`FOREVER` if it doesn't expire.
    ``due_on`` is the original or the revised due date, as asked for. It is None unless the action
    has an owner and a due date. ``completed`` needs no date, because a version has only what had
    taken effect by its first day.
    """

    closed_until: date | None
    completed: bool
    due_on: date | None


def status_as_of(standing: Standing, day: date) -> Status:
    """Return the status, on ``day``, of an action whose version on that day stands so.

    It is the first of these that fits (DESIGN, "The rules"): closed, unless an acceptance of the
    risk expired before ``day``; complete; not allocated; overdue; not due. An action that is due
    on ``day`` itself isn't overdue.

    >>> status_as_of(Standing(None, False, date(2023, 10, 31)), date(2023, 10, 31))
    <Status.NOT_DUE: 'Not Due'>
    """
    if standing.closed_until is not None and day <= standing.closed_until:
        return Status.CLOSED
    if standing.completed:
        return Status.COMPLETE
    if standing.due_on is None:
        return Status.NOT_ALLOCATED
    return Status.OVERDUE if standing.due_on < day else Status.NOT_DUE


def days_overdue(standing: Standing, day: date) -> int:
    """Return how many days overdue an action is on ``day``, or 0."""
    if standing.due_on is None or status_as_of(standing, day) is not Status.OVERDUE:
        return 0
    return (day - standing.due_on).days
