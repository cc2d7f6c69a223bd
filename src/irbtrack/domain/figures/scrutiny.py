"""What a careful reader of a register would question: a rule for each check of that kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from irbtrack.domain.checks import SILENT_OVERDUE, Finding
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.audit_plan import say_findings, unequal
from irbtrack.domain.figures.forward import STALE_AFTER
from irbtrack.domain.figures.selection import OPEN_STATUSES
from irbtrack.domain.nouns.action import Action, History, assumed, due_before_raised, standing
from irbtrack.domain.nouns.audit import Audit, Findings
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.status import Status, days_overdue, status_as_of
from irbtrack.domain.record import Record, list_fields, references
from irbtrack.domain.words import counted
from irbtrack.errors import listed


def still_open(actions: Iterable[Action], day: date) -> list[Action]:
    """Return the actions that are neither complete nor closed on ``day``, in the order given."""
    return [one for one in actions if status_as_of(standing(one), day) in OPEN_STATUSES]


def unlike_findings(
    audits: Iterable[Audit], scale: Council, counted: Mapping[str, Findings]
) -> list[Finding]:
    """Return the audits whose findings, as entered, are not their actions.

    ``counted`` has the actions of each audit by priority, by the audit's reference.
    """
    return [
        Finding(
            audit.NOUN,
            audit.ref,
            f"{audit.name} ({audit.year}) has findings of {say_findings(audit.findings)}, and"
            f" actions of {say_findings(actions)}",
        )
        for audit, actions in unequal(audits, scale, counted)
    ]


def without_evidence(actions: Iterable[Action], day: date) -> list[Finding]:
    """Return the actions that are complete on ``day`` without any evidence."""
    return [
        Finding(one.NOUN, one.ref, f"complete on {say_date(one.completed_on)}, without evidence")
        for one in actions
        if one.completed_on
        and not one.evidence
        and status_as_of(standing(one), day) is Status.COMPLETE
    ]


def early_due(actions: Iterable[Action]) -> list[Finding]:
    """Return the actions that are due, or were due at first, before they were raised."""
    return [
        Finding(
            *(one.NOUN, one.ref),
            f"due on {say_date(min(filter(None, (one.due_on, one.original_due_on))))}, and raised"
            f" on {say_date(one.raised_on)}",
        )
        for one in actions
        if due_before_raised(one)
    ]


def days_assumed(actions: Iterable[Action]) -> list[Finding]:
    """Return the actions with days that are only assumed."""
    said = {
        one.ref: [
            f"{name.removesuffix('_on')} on {say_date(getattr(one, name))}" for name in assumed(one)
        ]
        for one in actions
    }
    return [
        Finding(Action.NOUN, ref, f"it is only assumed that it was {listed(days, 'and')}")
        for ref, days in said.items()
        if days
    ]


def without_address(
    actions: Iterable[Action], day: date, addressed: Iterable[str]
) -> list[Finding]:
    """Return the owners of open actions that are not among the officers ``addressed``."""
    known = set(addressed)
    owners = Counter(one.owner for one in still_open(actions, day) if one.owner)
    return [
        Finding(
            "officer",
            owner,
            f"has no e-mail address, and owns {counted(owners[owner], 'open action')}",
        )
        for owner in sorted(owners)
        if owner not in known
    ]


def unknown_posts(records: Iterable[Record], known: Mapping[str, Iterable[str]]) -> list[Finding]:
    """Return the officers and directorates that records name and that are not ``known``.

    ``known`` has the codes of each of the two nouns.
    """
    codes = {noun: set(of) for noun, of in known.items()}
    naming: dict[tuple[str, str], list[str]] = {}
    for one in records:
        lists = list_fields(type(one))
        named = {
            (noun, code)
            for field, noun in references(type(one)).items()
            if noun in codes
            for code in _several(getattr(one, field), field in lists)
            if code not in codes[noun]
        }
        for missing in named:
            naming.setdefault(missing, []).append(f"{one.NOUN} {one.ref}")
    return [
        Finding(
            noun, code, f"named by {counted(len(by), 'record')}, such as {by[0]}, but not there"
        )
        for (noun, code), by in sorted(naming.items())
    ]


def _several(value: str | Sequence[str] | None, is_list: bool) -> Iterable[str]:
    if value is None:
        return ()
    return value if is_list else (str(value),)


def redated_often(actions: Iterable[Action], day: date, most: int) -> list[Finding]:
    """Return the open actions that were re-dated more than ``most`` times."""
    return [
        Finding(
            one.NOUN,
            one.ref,
            f"re-dated {counted(one.times_redated, 'time')},"
            f" from {_said(one.original_due_on)} to {_said(one.due_on)}",
        )
        for one in still_open(actions, day)
        if one.times_redated > most
    ]


def redated_late(histories: Iterable[History], day: date) -> list[Finding]:
    """Return the open actions that were re-dated when they were overdue, as often as it was so.

    A history has the versions that had begun by ``day``, oldest first. An action is overdue when
    it is re-dated if it would have been on that day by its date until then.
    """
    found = []
    for history in histories:
        if not still_open([history[-1].record], day):
            continue
        late = [
            f"re-dated on {_said(now.valid_from)}, {counted(days, 'day')} after it fell due"
            for before, now in pairwise(history)
            if now.record.due_on is not None and now.record.due_on != before.record.due_on
            if (days := days_overdue(standing(before.record), now.valid_from))
        ]
        if late:
            found.append(Finding(Action.NOUN, history[-1].record.ref, "; ".join(late)))
    return found


def silent(
    actions: Iterable[Action], news: Mapping[str, date], day: date, priority: str
) -> list[Finding]:
    """Return the actions of a priority that are long overdue and of which nothing is heard.

    They are overdue for :data:`SILENT_OVERDUE` days or more on ``day``, and were last heard of
    :data:`STALE_AFTER` days before or earlier. ``news`` has the day of that, by reference.
    """
    found = []
    for one in actions:
        days = days_overdue(standing(one), day)
        heard_on = news.get(one.ref)
        if one.priority != priority or days < SILENT_OVERDUE:
            continue
        if heard_on and (day - heard_on).days < STALE_AFTER:
            continue
        said = f"and last heard of on {say_date(heard_on)}" if heard_on else "and never heard of"
        found.append(Finding(one.NOUN, one.ref, f"overdue for {counted(days, 'day')}, {said}"))
    return found


def unheard(directions: Iterable[tuple[Direction, date | None]]) -> list[Finding]:
    """Return the directions that are stale, each with the date of its newest commentary."""
    return [
        Finding(
            one.NOUN,
            one.ref,
            f"last commentary of {say_date(dated)}" if dated else "no commentary yet",
        )
        for one, dated in directions
    ]


def due_on_rest_days(
    actions: Iterable[Action], day: date, bank_holiday: Callable[[date], str | None]
) -> list[Finding]:
    """Return the open actions due from ``day`` on that fall on a weekend or a bank holiday.

    ``bank_holiday`` gives the name of a day that is one, and else None.
    """
    found = []
    for one in still_open(actions, day):
        if one.due_on is None or one.due_on < day:
            continue
        rest = bank_holiday(one.due_on) or WEEKEND.get(one.due_on.weekday())
        if rest:
            found.append(Finding(one.NOUN, one.ref, f"due on {say_date(one.due_on)}: {rest}"))
    return found


WEEKEND = {5: "Saturday", 6: "Sunday"}


def _said(day: date | None) -> str:
    return say_date(day) if day else "no date"
