"""The status rule: where an action stands on a day. There is no second copy of it."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """Where an action stands on a day, in the order of the report's tables."""

    NOT_DUE = "Not Due"
    OVERDUE = "Overdue"
    COMPLETE = "Complete"
    NOT_ALLOCATED = "Not Allocated"
    CLOSED = "Closed"


COUNTED = (Status.NOT_DUE, Status.OVERDUE, Status.COMPLETE, Status.NOT_ALLOCATED)
"""The statuses that a year's total is the sum of; a closed action has left it."""


class Standing(NamedTuple):
    """The facts of one version of an action that its status depends on.

    ``closed_until`` is the last day of a closure, :data:`FOREVER` if it does not expire.
    ``due_on``, on whichever basis is asked for, is None unless the action has an owner and a
    due date. A version knows only what had taken effect by its first day, so ``completed``
    needs no date.
    """

    closed_until: date | None
    completed: bool
    due_on: date | None


def status_as_of(standing: Standing, day: date) -> Status:
    """Return the status, on ``day``, of an action whose version on that day stands so.

    The first that fits (DESIGN, "The rules"): closed, unless an acceptance of the risk
    expired before ``day``; complete; not allocated; overdue, which an action due on ``day``
    itself is not; not due.

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
    """How many days past its due date an action is on ``day``; 0 unless it is overdue."""
    if standing.due_on is None or status_as_of(standing, day) is not Status.OVERDUE:
        return 0
    return (day - standing.due_on).days
