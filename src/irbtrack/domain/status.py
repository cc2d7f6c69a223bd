"""The status rule: where an action stands on a day. There is no second copy of it."""

from datetime import date
from typing import NamedTuple

from irbtrack.domain.records import Action, Status


class Standing(NamedTuple):
    """The facts of one version of an action that its status depends on.

    A version knows only what had taken effect by its first day, so ``closed`` and
    ``completed`` need no date of their own; ``due_on`` is on whichever basis is asked for.
    """

    closed: bool
    expires_on: date | None
    completed: bool
    owned: bool
    due_on: date | None


def standing(action: Action, *, original: bool = False) -> Standing:
    """What the status rule needs to know of an action.

    With ``original``, its original due date counts, whatever it was re-dated to.
    """
    return Standing(
        closed=action.closed_on is not None,
        expires_on=action.expires_on,
        completed=action.completed_on is not None,
        owned=action.owner is not None,
        due_on=action.original_due_on if original else action.due_on,
    )


def status_as_of(standing: Standing, day: date) -> Status:
    """The status, on ``day``, of an action whose version on that day stands so.

    The first that fits (DESIGN, "The rules"): closed, unless an acceptance of the risk
    expired before ``day``; complete; not allocated; overdue, which an action due on ``day``
    itself is not; not due.

    >>> status_as_of(Standing(False, None, False, True, date(2023, 10, 31)), date(2023, 10, 31))
    <Status.NOT_DUE: 'Not Due'>
    """
    if standing.closed and (standing.expires_on is None or day <= standing.expires_on):
        return Status.CLOSED
    if standing.completed:
        return Status.COMPLETE
    if not standing.owned or standing.due_on is None:
        return Status.NOT_ALLOCATED
    return Status.OVERDUE if standing.due_on < day else Status.NOT_DUE


def days_overdue(standing: Standing, day: date) -> int:
    """How many days past its due date an action is on ``day``; 0 unless it is overdue."""
    if standing.due_on is None or status_as_of(standing, day) is not Status.OVERDUE:
        return 0
    return (day - standing.due_on).days
