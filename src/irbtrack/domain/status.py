"""The status rule: where an action stands on a day. There is no second copy of it."""

from datetime import date
from typing import NamedTuple

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.records import Action, Status


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


def standing(action: Action, *, original: bool = False) -> Standing:
    """What the status rule needs to know of an action.

    With ``original``, its original due date counts, whatever it was re-dated to.
    """
    due_on = action.original_due_on if original else action.due_on
    return Standing(
        closed_until=None if action.closed_on is None else action.expires_on or FOREVER,
        completed=action.completed_on is not None,
        due_on=None if action.owner is None else due_on,
    )


def status_as_of(standing: Standing, day: date) -> Status:
    """The status, on ``day``, of an action whose version on that day stands so.

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
