"""What each verb does to an action: the fields it changes, or the reason it is refused.

Every function takes the action's history (its versions, oldest first) and the day the
change takes effect, and returns the fields of the change. All raise :class:`Refused` with a
sentence that names the action, and none changes anything itself.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from irbtrack.domain.dates import say_date
from irbtrack.domain.journal import Version, version_on
from irbtrack.domain.records import Action, Closure, Status
from irbtrack.domain.status import standing, status_as_of
from irbtrack.errors import Misused, Refused

History = Sequence[Version[Action]]
Fields = dict[str, Any]

_COMPLETION_CLEARED: Fields = dict.fromkeys(
    ("completed_on", "percent_complete", "evidence", "verified_on", "verified_by")
)
_CLOSURE_CLEARED: Fields = dict.fromkeys(("closed_on", "closed_as", "expires_on"))


def effective_day(on: date, today: date) -> date:
    """``on``, unless it is still to come: the register keeps facts, and plans are due dates."""
    if on > today:
        raise Refused(f"{say_date(on)} is in the future; the latest day to record is today")
    return on


def due_day(ref: str, due_on: date, raised_on: date) -> date:
    """``due_on``, unless it is before the action was raised."""
    if due_on < raised_on:
        raise Refused(
            f"{ref} cannot be due on {say_date(due_on)}, before it was raised on"
            f" {say_date(raised_on)}; give a later due date"
        )
    return due_on


def _action_on(history: History, on: date) -> Action:
    action = version_on(history, on)
    if action is None:
        first = history[0].record
        raise Refused(
            f"{first.ref} was raised on {say_date(first.raised_on)}; nothing of it can be"
            f" recorded for {say_date(on)}, which is earlier"
        )
    return action


def _open_action_on(history: History, on: date) -> Action:
    action = _action_on(history, on)
    if status_as_of(standing(action), on) is Status.CLOSED and action.closed_on:
        raise Refused(
            f"{action.ref} was closed on {say_date(action.closed_on)} ({action.closed_as});"
            f" 'irbtrack action reopen {action.ref} --reason WHY' opens it again"
        )
    return action


def _unfinished_action_on(history: History, on: date) -> Action:
    action = _open_action_on(history, on)
    if action.completed_on:
        raise Refused(
            f"{action.ref} has been complete since {say_date(action.completed_on)};"
            f" 'irbtrack action reopen {action.ref} --reason WHY' opens it again"
        )
    return action


def _refuse_if_contradicted(history: History, on: date) -> None:
    """An outcome must not come before another, or before a verification, that is recorded."""
    newest = history[-1].record
    for day, what in (
        (newest.outcome_on, "completed, closed or reopened"),
        (newest.verified_on, "verified"),
    ):
        if day is not None and day > on:
            raise Refused(
                f"{newest.ref} was {what} on {say_date(day)} already; give a day from then on,"
                " or take that back with 'irbtrack undo'"
            )


def allocated(history: History, on: date, given: Fields) -> Fields:
    """An ``owner``, a ``due_on``, or both, as ``given``; an owner of None takes it from them.

    A due date is taken only if the action never had one.
    """
    action = _unfinished_action_on(history, on)
    owner = given.get("owner")
    if owner and any(v.valid_to > on and v.record.verified_by == owner for v in history):
        raise Refused(
            f"{action.ref} was verified by {owner}, and an officer does not verify their own"
            " action; name another owner"
        )
    due_on = given.get("due_on")
    if due_on is not None:
        had = next((v.record.due_on for v in history if v.record.due_on), None)
        if had is not None and had != due_on:
            raise Refused(
                f"{action.ref} has been due on {say_date(had)} already;"
                f" 'irbtrack action redate {action.ref}' gives it another date, with the reason"
            )
        due_day(action.ref, due_on, action.raised_on)
    return different(action, given)


def redated(history: History, on: date, due_on: date, approved_by: str | None) -> Fields:
    """Another due date. The original one stays, and the fold counts the revision."""
    action = _unfinished_action_on(history, on)
    if action.due_on is None:
        raise Refused(
            f"{action.ref} has no due date on {say_date(on)};"
            f" 'irbtrack action allocate {action.ref} --due DATE' gives it the first one"
        )
    if action.due_on == due_on:
        raise Refused(f"{action.ref} is due on {say_date(due_on)} already; give another date")
    due_day(action.ref, due_on, action.raised_on)
    return {"due_on": due_on, "approved_by": approved_by}


def progressed(history: History, on: date, text: str | None, percent: int | None) -> Fields:
    """What the owner reports: a text, a percentage complete, or both."""
    action = _open_action_on(history, on)
    if percent is not None and action.completed_on is not None:
        raise Refused(
            f"{action.ref} has been complete since {say_date(action.completed_on)};"
            " leave out the percentage"
        )
    return _given({"progress": text, "percent_complete": percent})


def completed(history: History, on: date, evidence: str | None, note: str | None) -> Fields:
    """Management's word that the action is done, on that day. An expired closure is forgotten."""
    action = _unfinished_action_on(history, on)
    _refuse_if_contradicted(history, on)
    fields: Fields = {"completed_on": on, "percent_complete": 100, "outcome_on": on}
    if action.closed_on is not None:
        fields |= _CLOSURE_CLEARED
    return fields | _given({"evidence": evidence, "progress": note})


def verified(history: History, on: date, by: str | None) -> Fields:
    """Audit's confirmation of a completion, by an officer who does not own the action.

    ``by`` is None where a sheet does not say who it was.
    """
    action = _open_action_on(history, on)
    if action.completed_on is None:
        raise Refused(
            f"{action.ref} is not complete on {say_date(on)}; only a complete action is verified"
        )
    later = next((v.record for v in history if v.valid_to > on and v.record.verified_on), None)
    if later is not None and later.verified_on and later.completed_on == action.completed_on:
        raise Refused(f"{action.ref} was verified on {say_date(later.verified_on)} already")
    if by is not None and by == action.owner:
        raise Refused(
            f"{action.ref} is owned by {by}, and an officer does not verify their own action;"
            " name another with --by"
        )
    return {"verified_on": on, "verified_by": by}


def reopened(history: History, on: date) -> Fields:
    """A completion or closure taken back, with its verification."""
    action = _action_on(history, on)
    if action.completed_on is None and action.closed_on is None:
        raise Refused(f"{action.ref} is open on {say_date(on)}; there is nothing to reopen")
    _refuse_if_contradicted(history, on)
    cleared = _COMPLETION_CLEARED if action.completed_on else _CLOSURE_CLEARED
    return cleared | {"outcome_on": on}


def closed(history: History, on: date, closure: Closure, expires_on: date | None) -> Fields:
    """The action leaves the register without being completed.

    Only the acceptance of a risk expires; the action counts again from the day after.
    """
    action = _unfinished_action_on(history, on)
    _refuse_if_contradicted(history, on)
    if expires_on is not None and closure is not Closure.RISK_ACCEPTED:
        raise Misused("--expires goes with --as 'risk accepted'; other closures do not expire")
    if expires_on is not None and expires_on < on:
        raise Refused(
            f"the acceptance of {action.ref}'s risk cannot expire on {say_date(expires_on)},"
            f" before it begins on {say_date(on)}"
        )
    return {
        "closed_on": on,
        "closed_as": closure.value,
        "expires_on": expires_on,
        "outcome_on": on,
    }


def updated(history: History, on: date, fields: Fields) -> Fields:
    """Those of ``fields`` that are given, and differ from what the action says on that day."""
    return amended(history, on, _given(fields))


def amended(history: History, on: date, fields: Fields) -> Fields:
    """Those of ``fields`` that differ from what the action says on that day; None clears one."""
    return different(_action_on(history, on), fields)


def differing(record: object, fields: Fields) -> Fields:
    """Those of ``fields`` that are given, not None, and not what ``record`` says already."""
    return different(record, _given(fields))


def different(record: object, fields: Fields) -> Fields:
    """Those of ``fields`` that are not what ``record`` says already; None clears a field."""
    return {field: value for field, value in fields.items() if getattr(record, field) != value}


def _given(fields: Fields) -> Fields:
    return {field: value for field, value in fields.items() if value is not None}


def next_ref(prefix: str, taken: Iterable[str], digits: int = 3) -> str:
    """The reference after the highest one taken that begins with ``prefix``.

    Its number has at least so many ``digits``.

    >>> next_ref("2324-", ["2324-009", "2324-017", "2223-044", "2324-A02"])
    '2324-018'
    """
    numbers = [
        int(ref[len(prefix) :])
        for ref in taken
        if ref.startswith(prefix) and ref[len(prefix) :].isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1:0{digits}}"
