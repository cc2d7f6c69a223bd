"""An action: what management agreed to do about a finding, and what each verb does to it.

A verb is a function of the action's history (its versions, oldest first) and of the day on which
the change takes effect. It returns the fields of the change, and changes nothing itself. What it
refuses it raises as :class:`Refused`, with a sentence that names the action.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self

from irbtrack.domain.dates import FOREVER, say_date
from irbtrack.domain.field import REASON, TIMES_REDATED, Field, Holds
from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns.council import off_scale, scale_of
from irbtrack.domain.nouns.status import Standing, Status, status_as_of
from irbtrack.domain.record import (
    Contradiction,
    FieldValues,
    Others,
    Record,
    Version,
    different,
    not_before,
    only_given,
)
from irbtrack.errors import Misused, Refused


class Closure(StrEnum):
    """Why an action left the register without being completed."""

    WITHDRAWN = "Withdrawn"
    SUPERSEDED = "Superseded"
    RISK_ACCEPTED = "Risk Accepted"
    NO_LONGER_APPLICABLE = "No Longer Applicable"


ACTION = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "ref no", "rec no", "rec ref", "recommendation no", "recommendation ref",
        "action no", "action ref", "action reference", "number", "no", "id", "action id",
    ), fixed=True, given=True, width=11),
    Field("audit", "Audit", Holds.AUDIT, (
        "audit title", "audit name", "audit area", "audit review", "review", "name of audit",
        "report", "report title", "audit report", "assignment", "audit assignment", "title",
        "inquiry", "inspection", "investigation",
    ), width=24, only_new=True),
    Field("year", "Year", Holds.YEAR, (
        "audit year", "financial year", "plan year", "fy",
    ), width=8, only_new=True),
    Field("title", "Action", Holds.LINE, (
        "title", "agreed action", "management action", "agreed management action",
        "recommendation", "action agreed", "agreed actions", "action description",
        "recommendation title", "action title", "required action", "action required",
        "management response", "action plan", "remediation plan", "mitigation plan",
        "mitigating action", "mitigation action", "corrective action", "corrective action plan",
        "task description", "task", "mitigation", "mitigation measure", "risk response",
        "response summary", "treatment", "remediation", "action item",
    ), needed=True, width=48),
    Field("detail", "Detail", Holds.TEXT, (
        "details", "finding", "description", "background", "issue", "weakness", "risk",
        "finding and risk", "control weakness", "recommendation", "observation",
        "risk description", "issue description", "finding description", "weakness description",
        "finding summary",
    ), width=40),
    Field("priority", "Priority", Holds.PRIORITY, (
        "priority rating", "rating", "grade", "risk rating", "severity", "recommendation priority",
        "priority level", "category",
    ), needed=True, width=10),
    Field("directorate", "Directorate", Holds.DIRECTORATE, (
        "dept", "department", "service", "service area", "directorate service", "division",
        "agency", "lead agency", "responsible agency", "responsible department", "queue",
        "recipient", "organisation", "organization", "team",
    ), needed=True, width=22),
    Field("owner", "Owner", Holds.OFFICER, (
        "responsible officer", "action owner", "lead officer", "officer responsible", "lead",
        "responsible manager", "responsibility", "responsible person", "manager responsible",
        "assigned to", "officer", "action by", "by whom", "post responsible", "point of contact",
        "allocated to", "responsible party", "assignee", "accountable officer",
        "person in charge", "accountability",
    ), width=28),
    Field("co_owners", "Co-owners", Holds.OFFICERS, (
        "co-owner", "other owners", "joint owners", "supporting officers",
    ), width=28, aside=True),
    Field("raised_on", "Raised", Holds.DATE, (
        "date raised", "raised on", "report date", "date of report", "date issued", "issued",
        "final report date", "date agreed", "issue date", "date added", "detection date",
        "original detection date", "date identified", "opened", "date opened", "opened on",
        "open date", "date logged", "date created", "made", "date made", "logged", "created",
        "date detected", "detected on",
    ), fixed=True),
    Field("original_due_on", "Original due", Holds.DATE, (
        "original due date", "original target date", "original date", "original deadline",
        "initial due date", "original implementation date", "original completion date",
        "agreed date", "agreed implementation date", "original",
    ), fixed=True),
    Field("due_on", "Due", Holds.DATE, (
        "due date", "target date", "revised date", "revised due date", "revised target date",
        "implementation date", "deadline", "target completion date", "due by",
        "current due date", "revised implementation date", "date due", "completion due",
        "revised", "date for completion", "date for implementation", "by when",
        "date for resolution", "target resolution date", "scheduled completion date",
        "action date", "target",
    ), hint="Another date needs the reason for it, in the column 'Reason for a change'."),
    Field("status", "Status", Holds.STATUS, (
        "action status", "current status", "implementation status", "rag", "rag status",
        "state", "position", "progress status", "brag",
    ), width=15, hint="Choose Complete when it is done, and give the date beside it."),
    Field("completed_on", "Completed", Holds.DATE, (
        "date completed", "completion date", "completed on", "date closed", "closed date",
        "implemented on", "date implemented", "actual completion date", "actual date",
        "date of completion", "date of implementation", "date resolved", "resolved on",
        "close date", "closing date", "date of closure", "resolution",
    ), hint="The day it was done. Without one, the day on which the workbook is read is taken."),
    Field("verified_on", "Verified", Holds.DATE, (
        "date verified", "verified date", "verified on", "audit verified", "ia verified",
        "follow up date", "validated on", "date validated",
    ), given=True),
    Field("progress", "Progress", Holds.TEXT, (
        "progress update", "latest update", "update", "comments", "management update",
        "management comments", "current position", "status update", "latest position",
        "progress comments", "commentary", "position", "current status", "action taken",
        "notes",
    ), width=44, hint="What has been done since the last update."),
    Field("percent_complete", "% complete", Holds.NUMBER, (
        "percent complete", "percentage complete", "complete %", "% done", "progress %",
    ), most=100, width=11, hint="A whole number from 0 to 100."),
    Field("evidence", "Evidence", Holds.TEXT, (
        "evidence of completion", "evidence provided", "link to evidence", "evidence link",
        "supporting evidence", "supporting documents",
    ), width=30),
    REASON._replace(
        hint="Why a date is moved, or why the action is closed or opened again.",
    ),
    Field("approved_by", "Re-dating approved by", Holds.LINE, ("approved by",), width=22,
        aside=True),
    Field("verified_by", "Verified by", Holds.OFFICER, (
        "verified by officer",
    ), width=20, given=True, aside=True),
    Field("closed_on", "Closed", Holds.DATE, ("closed on", "date withdrawn"), aside=True),
    Field("closed_as", "Closed as", Holds.CHOICE, (
        "reason closed", "closure",
    ), choices=tuple(Closure), width=20, aside=True),
    Field("expires_on", "Acceptance expires", Holds.DATE, ("expires", "expires on"), width=18,
        aside=True),
    TIMES_REDATED,
    Field("assumed_days", "Days assumed", Holds.LINE, given=True, aside=True),
    Field("days_overdue", "Days overdue", Holds.NUMBER, ("days late",), derived=True),
)  # fmt: skip


class Action(Record):
    """What management agreed to do about a finding.

    ``audit``, ``directorate``, ``owner``, ``co_owners`` and ``verified_by`` are references. Only
    the owner counts as one who has the action; co-owners share in the work. The fold works out
    ``original_due_on`` and ``times_redated`` from ``due_on``. ``approved_by`` says who approved
    the latest re-dating. ``expires_on`` is the last day of a risk acceptance. ``outcome_on`` is
    the day on which the action was last completed, closed or reopened. ``assumed_days`` names
    the fields whose days an import had to assume, because its sheet doesn't give them to the day.
    """

    NOUN: ClassVar[str] = "action"
    ABOUT: ClassVar[str] = "audit actions"
    LABEL: ClassVar[str] = "title"
    FIELDS: ClassVar[tuple[Field, ...]] = ACTION
    KEY: ClassVar[tuple[str, ...]] = ("year", "audit", "title")
    TOLD_APART_BY: ClassVar[tuple[str, ...]] = (
        *("directorate", "owner", "detail", "raised_on", "original_due_on"),
    )
    FILLED_IN: ClassVar[tuple[str, ...]] = (
        *("ref", "title", "priority", "owner", "due_on", "status", "completed_on", "progress"),
        *("percent_complete", "evidence", "reason", "audit", "year", "detail", "directorate"),
    )
    UNSAID: ClassVar[frozenset[str]] = frozenset({"outcome_on"})
    WITNESSES: ClassVar[frozenset[str]] = frozenset({"audit"})
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "due_on": ("original_due_on", "times_redated")
    }

    raised_on: date
    year: str
    audit: str | None = None
    title: str
    detail: str | None = None
    priority: str
    directorate: str
    owner: str | None = None
    co_owners: tuple[str, ...] = ()
    original_due_on: date | None = None
    due_on: date | None = None
    times_redated: int = 0
    approved_by: str | None = None
    progress: str | None = None
    percent_complete: int | None = None
    completed_on: date | None = None
    evidence: str | None = None
    verified_on: date | None = None
    verified_by: str | None = None
    closed_on: date | None = None
    closed_as: str | None = None
    expires_on: date | None = None
    outcome_on: date | None = None
    assumed_days: str | None = None

    @classmethod
    def numbering(cls, fields: Mapping[str, Any]) -> tuple[str, int]:
        """Give actions references within their year, as in ``2324-017``."""
        return f"{str(fields.get('year', '')).replace('/', '')}-", 3

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield what must not hold of an action, such as a completion before it was raised.

        A due date before that is odd, but other people's lists have such dates. So the verbs
        refuse it, an import keeps it, and a check finds it.
        """
        if before is not None and before.raised_on != self.raised_on:
            was = say_date(before.raised_on)
            yield Contradiction("raised_on", f"{self.ref} was raised on {was}, which never changes")
        if self.raised_on > since:
            raised = say_date(self.raised_on)
            yield Contradiction(
                "raised_on",
                f"{self.ref} was raised on {raised}, so nothing can be recorded about it for"
                f" {say_date(since)}; give a later day",
            )
        with_days = (("completed_on", "complete"), ("closed_on", "closed"))
        for field, what in with_days:
            day = getattr(self, field)
            if day is not None and day < self.raised_on:
                yield Contradiction(field, before_raised(self.ref, what, day, self.raised_on))
        for field, what in (*with_days, ("verified_on", "verified")):
            yield from not_before(field, f"{self.ref} is {what}", getattr(self, field), since)
        yield from self._contradictory_ends()
        yield from self._off_the_register(since, others)

    def _contradictory_ends(self) -> Iterator[Contradiction]:
        """Yield what is wrong with a completion, a verification or a closure."""
        if self.verified_on is not None and self.completed_on is None:
            yield Contradiction(
                "verified_on", f"{self.ref} is not complete; only a complete action is verified"
            )
        if self.verified_by is not None and self.verified_by == self.owner:
            yield Contradiction(
                "verified_by",
                f"{self.ref} is owned by {self.owner}, and an officer does not verify their own"
                " action; name another officer",
            )
        if (self.closed_on is None) != (self.closed_as is None):
            yield Contradiction(
                "closed_as",
                f"{self.ref} needs both the day it was closed and the kind of closure; give both",
            )
        if self.closed_on is not None and self.completed_on is not None:
            yield Contradiction(
                "closed_as",
                f"{self.ref} cannot be both complete and closed; give only one of the two",
            )
        if self.expires_on is not None and self.closed_as != Closure.RISK_ACCEPTED:
            yield Contradiction(
                "expires_on",
                f"{self.ref} is not closed as Risk Accepted, and no other closure expires; leave"
                " the day of expiry out",
            )
        if self.expires_on and self.closed_on and self.expires_on < self.closed_on:
            yield Contradiction(
                "expires_on",
                f"the acceptance of {self.ref}'s risk cannot expire on {say_date(self.expires_on)},"
                f" before it begins on {say_date(self.closed_on)}",
            )

    def _off_the_register(self, since: date, others: Others) -> Iterator[Contradiction]:
        """Yield a priority that is not on the scale, and a year that is not the audit's."""
        yield from off_scale(
            self.ref, "priority", "a priority", self.priority, scale_of(others).priorities
        )
        told = others("audit").get(self.audit, ()) if self.audit else ()
        audit = version_on(told, since) or (told[0].record if told else None)
        if audit is not None and audit.year != self.year:
            yield Contradiction(
                "year",
                f"{self.ref} is of {self.year}, and its audit {audit.ref} is of {audit.year};"
                " 'irbtrack audit update --year' moves an audit with its actions",
            )


def standing(action: Action, *, original: bool = False) -> Standing:
    """Return what the status rule needs to know of an action.

    With ``original``, its original due date counts, even if it was re-dated.
    """
    due_on = action.original_due_on if original else action.due_on
    return Standing(
        closed_until=None if action.closed_on is None else action.expires_on or FOREVER,
        completed=action.completed_on is not None,
        due_on=None if action.owner is None else due_on,
    )


History = Sequence[Version[Action]]


def moved_with_audit(
    history: History, audit: str, year: str, from_day: date
) -> list[tuple[date, FieldValues]]:
    """Return the changes that keep an action in the year of its audit, once that is ``year``.

    Each has the day it takes effect: the action may have been of another audit for a time.
    """
    changes: list[tuple[date, FieldValues]] = []
    recorded = told = None
    for version in history:
        record = version.record
        wanted = year if record.audit == audit else record.year
        if version.valid_to > from_day and (record.year != recorded or wanted != told):
            changes.append((max(version.valid_from, from_day), {"year": wanted}))
            told = wanted
        recorded = record.year
    return changes


_COMPLETION_CLEARED: FieldValues = dict.fromkeys(
    ("completed_on", "percent_complete", "evidence", "verified_on", "verified_by")
)
_CLOSURE_CLEARED: FieldValues = dict.fromkeys(("closed_on", "closed_as", "expires_on"))


def due_day(ref: str, due_on: date, raised_on: date) -> date:
    """Return a due date. Raise :class:`Refused` if it is before the action was raised."""
    if due_on < raised_on:
        raise Refused(before_raised(ref, "due", due_on, raised_on))
    return due_on


def due_before_raised(action: Action) -> bool:
    """Return whether an action is due, or was due at first, before it was raised."""
    return any(
        due_on is not None and due_on < action.raised_on
        for due_on in (action.due_on, action.original_due_on)
    )


def before_raised(ref: str, what: str, day: date, raised_on: date) -> str:
    """Return the sentence that refuses a day before the action was raised."""
    return (
        f"{ref} cannot be {what} on {say_date(day)}, before it was raised on {say_date(raised_on)};"
        " give a later day"
    )


ASSUMABLE = ("raised_on", "completed_on", "closed_on")
"""The fields whose days an import may assume."""


def assumed(action: Action) -> list[str]:
    """Return the fields whose days are only assumed, as far as they have one."""
    names = named_days(action.assumed_days)
    return [name for name in names if getattr(action, name) is not None]


def named_days(text: str | None) -> list[str]:
    """Return the fields of days that a text names, among those that can be assumed.

    >>> named_days("raised_on, completed_on"), named_days(None)
    (['raised_on', 'completed_on'], [])
    """
    names = (text or "").replace(" ", "").split(",")
    return [name for name in ASSUMABLE if name in names]


def naming_days(names: Iterable[str]) -> str | None:
    """Return the text that names the fields of days, or None if there are none."""
    return ", ".join(name for name in ASSUMABLE if name in names) or None


def _action_on(history: History, on: date) -> Action:
    action = version_on(history, on)
    if action is None:
        first = history[0].record
        raise Refused(
            f"{first.ref} was raised on {say_date(first.raised_on)}, so nothing can be recorded"
            f" about it for {say_date(on)}; give a later day"
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
    """Refuse an outcome before another, or before a verification, that is recorded."""
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


DatedFields = list[tuple[date, FieldValues]]
"""The fields of several changes of one action, each with the day it takes effect."""

_RAISED_WITH = frozenset(
    {
        *("year", "audit", "title", "detail", "priority", "directorate", "owner", "co_owners"),
        *("raised_on", "due_on"),
    }
)
"""What is known of an action from the day on which it was raised."""


def raised_anew(known: Sequence[Change], on: date, *, still_assumed: bool = False) -> DatedFields:
    """Return the changes by which an action was raised on another day than is recorded.

    ``known`` are its changes so far. The day can only be an earlier one, because what was
    recorded for the days before it would be about an action that was not there. It is known,
    unless it is ``still_assumed``.
    """
    history = fold(Action, known[0].ref, known)
    first, raised_on = history[0].record, history[0].valid_from
    if on > raised_on:
        raise Contradiction(
            "raised_on",
            f"{first.ref} cannot have been raised on {say_date(on)}, because it is recorded from"
            f" {say_date(raised_on)} on; 'irbtrack undo' takes back the entry that raised it, and"
            " '--map raised_on=' leaves the column out of an import",
        )

    def wanted(day: date) -> FieldValues:
        days = _assumed_but(_action_on(history, day), "raised_on", still_assumed)
        return {"raised_on": on, "assumed_days": days}

    changes = _set_again(known, history, wanted)
    if on == raised_on:
        return changes
    told = {name: getattr(first, name) for name in sorted(_RAISED_WITH)}
    told |= {"due_on": first.original_due_on, "raised_on": on}
    told["assumed_days"] = "raised_on" if still_assumed else None
    return [(on, {name: value for name, value in told.items() if value}), *changes]


def _assumed_but(action: Action, field: str, is_assumed: bool) -> str | None:
    """Return which days of an action are assumed, where that of one field is or is not."""
    names = {*assumed(action), field} if is_assumed else {*assumed(action)} - {field}
    return naming_days(names)


def _set_again(
    known: Sequence[Change], history: History, wanted: Callable[[date], FieldValues]
) -> DatedFields:
    """Return the changes by which an action is as ``wanted`` on every day.

    Only what was set on a day is set anew on it. Everything else holds on from the day before.
    """
    names: dict[date, set[str]] = {}
    for change in known:
        names.setdefault(change.effective_on, set()).update(change.fields)
    changes: DatedFields = []
    for day in sorted(day for day, of_day in names.items() if of_day):
        told = {name: value for name, value in wanted(day).items() if name in names[day]}
        changes.append((day, different(_action_on(history, day), told)))
    return [(day, fields) for day, fields in changes if fields]


def completion(
    known: Sequence[Change],
    on: date,
    evidence: str | None,
    note: str | None,
    *,
    day_assumed: bool = False,
) -> DatedFields:
    """Return the changes of management's word that the action was done on that day.

    ``known`` are its changes so far. A complete action is at 100%, whatever was reported later,
    when nobody knew. A completion whose day was only assumed gives way.
    """
    history = fold(Action, known[0].ref, known)
    told = _without_assumed_end(history, "completed_on", on)
    end = completed(told, on, evidence, note)
    return _ended(known, history, told, on, end, day_assumed=day_assumed)


def closing(
    known: Sequence[Change],
    on: date,
    closure: Closure,
    expires_on: date | None,
    *,
    day_assumed: bool = False,
) -> DatedFields:
    """Return the changes that take the action out of the register without its being completed.

    ``known`` are its changes so far. A closure whose day was only assumed gives way.
    """
    history = fold(Action, known[0].ref, known)
    told = _without_assumed_end(history, "closed_on", on)
    end = closed(told, on, closure, expires_on)
    return _ended(known, history, told, on, end, day_assumed=day_assumed)


def _without_assumed_end(history: History, field: str, on: date) -> History:
    """Return the history as it would be without an end whose day was only assumed.

    It has the same days, so that each version can be compared with what it was.

    Raise :class:`Refused` if audit has verified it before its new day.
    """
    newest = history[-1].record
    if field not in assumed(newest):
        return history
    day = getattr(newest, field)
    if newest.verified_on is not None and newest.verified_on < on:
        raise Refused(
            f"{newest.ref} was verified on {say_date(newest.verified_on)}, and so was done by then,"
            f" not only on {say_date(on)}; give an earlier day"
        )
    before = next((v.record for v in reversed(history) if v.valid_from < day), None)
    cleared: FieldValues = dict.fromkeys(("verified_on", "verified_by", *_CLOSURE_CLEARED))
    cleared |= {"completed_on": None, "outcome_on": before.outcome_on if before else None}
    if field == "completed_on":
        cleared["percent_complete"] = before.percent_complete if before else None
    cleared["assumed_days"] = _assumed_but(newest, field, False)
    return [
        v._replace(record=Action(**{**vars(v.record), **cleared}))
        if getattr(v.record, field) == day
        else v
        for v in history
    ]


_OF_ENDS = (
    *("completed_on", "closed_on", "closed_as", "expires_on", "percent_complete", "outcome_on"),
    "assumed_days",
)
"""What an end sets, and taking one back clears."""


def _ended(
    known: Sequence[Change],
    history: History,
    told: History,
    on: date,
    end: FieldValues,
    *,
    day_assumed: bool,
) -> DatedFields:
    """Return the changes that end an action on a day.

    ``told`` is its history without the end that gives way.
    """
    field = "completed_on" if "completed_on" in end else "closed_on"
    lasting = {name: value for name, value in end.items() if name in _OF_ENDS}

    def wanted(day: date) -> FieldValues:
        record = _action_on(told, day)
        days = {"assumed_days": _assumed_but(record, field, day_assumed)}
        if day == on:
            return days
        before = {name: getattr(record, name) for name in _OF_ENDS}
        return before | lasting | days if day > on else before

    itself = end | different(_action_on(history, on), wanted(on))
    others = [one for one in _set_again(known, history, wanted) if one[0] != on]
    return sorted([(on, itself), *others], key=lambda one: one[0])


def allocated(
    history: History, on: date, given: FieldValues, *, as_told: bool = False
) -> FieldValues:
    """Allocate an action: an ``owner``, a ``due_on``, or both, as ``given``.

    An owner of None takes the action from its owner. A due date is accepted only if the action
    never had another. It may be before the action was raised only ``as_told`` by somebody's list.
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
        if not as_told:
            due_day(action.ref, due_on, action.raised_on)
    return different(action, given)


def redated(
    history: History,
    on: date,
    due_on: date,
    approved_by: str | None,
    *,
    as_told: bool = False,
) -> FieldValues:
    """Return the fields of a re-dating. The fold keeps the original date and counts revisions.

    The date may be before the action was raised only ``as_told`` by somebody's list.
    """
    action = _unfinished_action_on(history, on)
    if action.due_on is None:
        raise Refused(
            f"{action.ref} has no due date on {say_date(on)};"
            f" 'irbtrack action allocate {action.ref} --due DATE' gives it the first one"
        )
    if action.due_on == due_on:
        raise Refused(f"{action.ref} is due on {say_date(due_on)} already; give another date")
    if not as_told:
        due_day(action.ref, due_on, action.raised_on)
    return {"due_on": due_on, "approved_by": approved_by}


def progressed(history: History, on: date, text: str | None, percent: int | None) -> FieldValues:
    """Record what the owner reports: a text, a percentage complete, or both."""
    action = _open_action_on(history, on)
    if percent is not None and action.completed_on is not None:
        raise Refused(
            f"{action.ref} has been complete since {say_date(action.completed_on)};"
            " leave out the percentage"
        )
    return only_given({"progress": text, "percent_complete": percent})


def completed(history: History, on: date, evidence: str | None, note: str | None) -> FieldValues:
    """Record management's word that the action was done on that day.

    An expired closure is forgotten.
    """
    action = _unfinished_action_on(history, on)
    _refuse_if_contradicted(history, on)
    fields: FieldValues = {"completed_on": on, "percent_complete": 100, "outcome_on": on}
    if action.closed_on is not None:
        fields |= _CLOSURE_CLEARED
    return fields | only_given({"evidence": evidence, "progress": note})


def verified(history: History, on: date, by: str | None) -> FieldValues:
    """Return the fields of audit's confirmation that an action is complete.

    ``by`` is an officer who doesn't own the action, or None if a sheet doesn't say who it was.
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


def reopened(history: History, on: date) -> FieldValues:
    """Take back a completion or closure, with its verification."""
    action = _action_on(history, on)
    if action.completed_on is None and action.closed_on is None:
        raise Refused(f"{action.ref} is open on {say_date(on)}; there is nothing to reopen")
    _refuse_if_contradicted(history, on)
    cleared = _COMPLETION_CLEARED if action.completed_on else _CLOSURE_CLEARED
    return cleared | {"outcome_on": on}


def closed(history: History, on: date, closure: Closure, expires_on: date | None) -> FieldValues:
    """Take the action out of the register without its being completed.

    Only the acceptance of a risk expires. The action counts again from the day after
    ``expires_on``.
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


def updated(history: History, on: date, fields: FieldValues) -> FieldValues:
    """Return the fields that are given and differ from the action's on that day."""
    return amended(history, on, only_given(fields))


def amended(history: History, on: date, fields: FieldValues) -> FieldValues:
    """Return the fields that differ from the action's on that day. None clears a field."""
    return different(_action_on(history, on), fields)
