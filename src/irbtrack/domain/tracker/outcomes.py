"""What a sheet says became of an action: its status, compared with the dates beside it.

The register keeps no status; it follows from dates. So a status in a sheet is what its dates
say, or a claim that a date goes with, or a contradiction, which is reported.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from irbtrack.domain.dates import say_date
from irbtrack.domain.nouns.action import Action, Closure
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.record import Contradiction
from irbtrack.domain.words import plain, read_choice
from irbtrack.errors import Misused, listed, quoted


class Open(StrEnum):
    """A status that says only that an action is not done."""

    OPEN = "Open"
    IN_PROGRESS = "In Progress"
    NOT_STARTED = "Not Started"
    OUTSTANDING = "Outstanding"


Claim = Status | Closure | Open

_CLAIMS: tuple[Claim, ...] = (*Status, *Closure, *Open)

_SAID: dict[Claim, tuple[str, ...]] = {
    Status.COMPLETE: (
        "completed", "done", "implemented", "fully implemented", "fully complete", "finished",
    ),
    Status.NOT_DUE: ("not yet due",),
    Open.OPEN: ("not implemented", "not complete", "active", "new", "reopened"),
    Open.IN_PROGRESS: (
        "ongoing", "on track", "pending", "delayed", "on hold", "deferred", "underway", "started",
        "behind schedule", "off track", "at risk", "blocked", "escalated", "monitoring",
        "mitigating", "under review", "in review",
    ),
    Open.NOT_STARTED: ("not yet started", "to do"),
}  # fmt: skip
_CLAIMED = {plain(word): claim for claim, words in _SAID.items() for word in words}

_IN_DOUBT: dict[str, tuple[Claim, ...]] = {
    plain(word): meanings
    for words, meanings in {
        ("partly implemented", "partially implemented", "implemented in part", "partial",
         "partly", "partially", "partly complete", "partially complete", "mostly complete",
         "substantially complete"): (Open.OPEN, Status.COMPLETE),
        ("mitigated",): (Status.COMPLETE, Closure.RISK_ACCEPTED, Open.OPEN),
        ("resolved", "discharged", "cleared", "no further action"): (Status.COMPLETE, *Closure),
        ("cancelled", "canceled", "rejected", "removed"): tuple(Closure),
    }.items()
    for word in words
}  # fmt: skip
"""Words of a status that may mean one thing or another, with what those are."""


_ENDED: tuple[Claim, ...] = (Status.COMPLETE, *Closure)

_QUALIFIED = re.compile(r"\s*(open|closed)[\W_]+(.*\w)[\W_]*", re.IGNORECASE | re.DOTALL)
"""Open or Closed with more about it, such as Closed - implemented."""


def meanings_in_doubt(text: str) -> tuple[Claim, ...]:
    """Return what a status may mean that doesn't say which, the likeliest first."""
    meanings = _ENDED if plain(text) == plain(Status.CLOSED) else _meanings(text)
    return meanings if len(meanings) > 1 else ()


def _meanings(text: str) -> tuple[Claim, ...]:
    """Return what a status may mean, the likeliest first; nothing if nobody knows the word.

    What stands beside Open or Closed says more of it, if it is known and doesn't contradict it.
    """
    asked = plain(text)
    if asked in _CLAIMED:
        return (_CLAIMED[asked],)
    if asked in _IN_DOUBT:
        return _IN_DOUBT[asked]
    try:
        word = read_choice("a status", text, [claim.value for claim in _CLAIMS])
        return (next(claim for claim in _CLAIMS if claim.value == word),)
    except Misused:
        qualified = _QUALIFIED.fullmatch(text)
    if qualified is None:
        return ()
    more = _meanings(qualified[2])
    if qualified[1].casefold() == "closed":
        return tuple(claim for claim in more if claim in _ENDED) or _ENDED
    if any(claim in _ENDED for claim in more):
        return (Open.OPEN, *(claim for claim in more if claim in _ENDED))
    return more or (Open.OPEN,)


class InDoubt(Misused):
    """A status that may mean one thing or another, so that somebody must say which."""


def read_status(text: str) -> Claim:
    """Return the status that a sheet's word means.

    Raise :class:`InDoubt` if it may mean several, and :class:`Misused` for any other word.

    >>> read_status("not due").value, read_status("Risk accepted").value
    ('Not Due', 'Risk Accepted')
    >>> read_status("Fully implemented").value, read_status("On-going").value
    ('Complete', 'In Progress')
    >>> read_status("Closed - superseded").value, read_status("Open (awaiting reply)").value
    ('Superseded', 'Open')
    """
    meanings = _meanings(text)
    if len(meanings) > 1:
        means = listed([meaning.value for meaning in meanings])
        raise InDoubt(f"{quoted(text)} may mean {means}; say which it means")
    if meanings:
        return meanings[0]
    known = [status.value for status in Status if status is not Status.CLOSED]
    accepted = listed([*known, Open.OPEN.value, *Closure])
    raise Misused(f"{quoted(text)} is not a status; it is one of {accepted}")


class Outcome(NamedTuple):
    """The end that a row says an action has, as fields, and which of them was assumed.

    ``fields`` has ``completed_on``, or ``closed_on`` and ``closed_as``, or none of them. With
    ``reopened``, the end that the register holds is taken back. ``assumed`` names the field whose
    date the sheet did not give.
    """

    fields: Mapping[str, Any] = {}
    reopened: bool = False
    assumed: str | None = None


def outcome(said: Mapping[str, Any], now: Action | None, day: date) -> Outcome:
    """Return the end that a row says an action has by ``day``.

    ``now`` is the action in the register. A completion or closure without a date is of ``day``.
    Raise :class:`Contradiction`, with the field concerned, where status and dates disagree.
    """
    claim = said.get("status")
    done = claim is Status.COMPLETE or said.get("completed_on") is not None
    closing = said.get("closed_as") is not None or said.get("closed_on") is not None
    if done and closing:
        raise Contradiction("closed_as", "it cannot be both complete and closed; empty one of them")
    if claim is Status.COMPLETE or (claim is None and said.get("completed_on") is not None):
        return _completion(said, now, day)
    if claim is Status.CLOSED or isinstance(claim, Closure):
        return _closure(said, claim, now, day)
    if closing:
        return _closing_while_open(said, claim, now, day)
    emptied = any(
        field in said and said[field] is None and getattr(now, field, None) is not None
        for field in ("completed_on", "closed_on", "closed_as")
    )
    if emptied and claim is None:
        raise Contradiction(
            "completed_on" if now is not None and now.completed_on else "closed_as",
            "this is empty, but its status is still that it ended; choose Open as the status to"
            " reopen it, with the reason, or put it back",
        )
    if "expires_on" in said and said["expires_on"] != (now.expires_on if now else None):
        raise Contradiction(
            "expires_on",
            "only the acceptance of a risk expires, on the day that it was closed with; reopen it,"
            " and close it anew",
        )
    if claim is None:
        return Outcome()
    if (done_on := said.get("completed_on")) is not None:
        raise Contradiction(
            "completed_on",
            f"it was completed on {say_date(done_on)}, but its status is {claim.value}; empty the"
            " date, or make the status Complete",
        )
    _refuse_unless_fitting(claim, said, now, day)
    ended = now is not None and (now.completed_on is not None or _is_closed(now, day))
    return Outcome(reopened=ended)


def _completion(said: Mapping[str, Any], now: Action | None, day: date) -> Outcome:
    done_on = said.get("completed_on")
    if done_on is None and now is not None:
        done_on = now.completed_on
    assumed = None if done_on is not None else "completed_on"
    return Outcome({"completed_on": done_on or day}, assumed=assumed)


def _closure(
    said: Mapping[str, Any], claim: Claim | None, now: Action | None, day: date
) -> Outcome:
    told = said.get("closed_as")
    if isinstance(claim, Closure) and told not in (None, claim.value):
        raise Contradiction(
            "closed_as",
            f"its status is {claim.value}, but it was closed as {told}; empty one of them",
        )
    how = claim.value if isinstance(claim, Closure) else told
    how = how or (now.closed_as if now else None)
    if how is None:
        raise Contradiction(
            "status" if claim else "closed_on",
            f"Closed does not say how; make it Complete, {listed(list(Closure))}",
        )
    if said.get("completed_on") is not None:
        raise Contradiction(
            "completed_on", f"it cannot be completed and {how}; empty the date, or say Complete"
        )
    closed_on = said.get("closed_on") or (now.closed_on if now else None)
    expires_on = said.get("expires_on", now.expires_on if now else None)
    if expires_on is not None and how != Closure.RISK_ACCEPTED:
        raise Contradiction(
            "expires_on", f"only the acceptance of a risk expires, and it was closed as {how}"
        )
    fields = {"closed_on": closed_on or day, "closed_as": how, "expires_on": expires_on}
    return Outcome(fields, assumed=None if closed_on else "closed_on")


def _closing_while_open(
    said: Mapping[str, Any], claim: Claim | None, now: Action | None, day: date
) -> Outcome:
    """Return a closure beside a status that is open, which fits only if it has expired."""
    expires_on = said.get("expires_on")
    if claim is not None and not (expires_on is not None and expires_on < day):
        raise Contradiction(
            "closed_as",
            f"it was closed{_how(said)}, but its status is {claim.value}; empty one of them",
        )
    return _closure(said, None, now, day)


def _how(said: Mapping[str, Any]) -> str:
    return f" as {said['closed_as']}" if said.get("closed_as") else ""


def _is_closed(action: Action, day: date) -> bool:
    return action.closed_on is not None and (action.expires_on is None or day <= action.expires_on)


def _refuse_unless_fitting(
    claim: Claim, said: Mapping[str, Any], now: Action | None, day: date
) -> None:
    """Raise if an open status does not fit its due date and owner on that day."""
    due_on = said.get("due_on") or (now.due_on if now else None) or said.get("original_due_on")
    owner = said.get("owner", now.owner if now else None)
    when = f"it is due on {say_date(due_on)}" if due_on else "it has no due date"
    if claim is Status.OVERDUE and (due_on is None or due_on >= day):
        why = f"it cannot be Overdue on {say_date(day)}, because {when}"
    elif claim is Status.NOT_DUE and due_on is not None and due_on < day:
        why = f"it cannot be Not Due on {say_date(day)}, because {when}"
    elif claim is Status.NOT_ALLOCATED and due_on is not None and owner is not None:
        why = f"it cannot be Not Allocated, because {owner} owns it and {when}"
    else:
        return
    raise Contradiction(
        "status",
        f"{why}; put right which is wrong, give the day that the sheet is of with --on, or leave"
        " the column out with '--map status='",
    )
