"""What committees ask of a period: how much was completed, how promptly, and what slipped.

Every measure is defined once, in :data:`MEASURES`. It is worked out from *cases*: each action as
it stood at the two ends of the period.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from irbtrack.domain.figures.selection import OPEN_STATUSES
from irbtrack.domain.figures.tally import percent
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.status import Status, status_as_of


class Case(NamedTuple):
    """An action at the two ends of a period.

    ``before`` is how it stood on the day before the first, or None if it was not there, and
    ``now`` is how it stands on the last day. ``completed`` says that it is complete on the last
    day, since a day of the period, and ``raised`` that it was raised in the period. ``high`` says
    that it has the highest priority. ``news_on`` is the last day on which progress was reported.
    ``counted`` and ``among`` name the measures that count it, and those that count it among others.
    """

    before: Action | None
    was: Status | None
    now: Action
    status: Status
    completed: bool
    raised: bool
    high: bool
    news_on: date | None
    counted: frozenset[str] = frozenset()
    among: frozenset[str] = frozenset()


def cases(
    before: Mapping[str, Action],
    actions: Iterable[Action],
    news: Mapping[str, date],
    period: tuple[date, date],
    highest: str,
) -> list[Case]:
    """Return the ``actions`` that are there on the last day of a period, as its cases.

    ``period`` has the first and the last day, and both are of it. ``before`` has the actions as
    they stood on the day before the first, by reference. ``news`` has the last day on which
    progress was reported, by reference. ``highest`` is the priority that counts as high.
    """
    first, last = period
    eve = first - timedelta(days=1)
    found = []
    for now in actions:
        then = before.get(now.ref)
        status = status_as_of(standing(now), last)
        done_on = now.completed_on if status is Status.COMPLETE else None
        case = Case(
            before=then,
            was=None if then is None else status_as_of(standing(then), eve),
            now=now,
            status=status,
            completed=done_on is not None and first <= done_on <= last,
            raised=first <= now.raised_on <= last,
            high=now.priority == highest,
            news_on=news.get(now.ref),
        )
        counted = frozenset(measure.name for measure in MEASURES if measure.counts(case))
        among = frozenset(m.name for m in MEASURES if m.among and m.among(case))
        found.append(case._replace(counted=counted, among=among))
    return found


Rule = Callable[[Case], bool]


class Measure(NamedTuple):
    """One thing that is measured.

    ``counts`` says which cases it counts, and ``among`` of how many; None if it is no share.
    ``days`` gives the days of each case that is counted, of which the median is taken. A measure
    ``at_start`` is of the day before the period. A ``net`` one is its number less the number of
    those that were overdue at the start.
    """

    name: str
    label: str
    counts: Rule
    among: Rule | None = None
    days: Callable[[Case], int] | None = None
    at_start: bool = False
    net: bool = False


class Measured(NamedTuple):
    """What a measure comes to: how many, of how many, in per cent, and the median of days.

    ``percent`` is None where there is nothing to take a share of, and ``days`` where nothing is
    counted. ``refs`` are the references of the actions that are counted, in order; a net change
    has none.
    """

    measure: Measure
    number: int
    out_of: int | None
    percent: int | None
    days: int | None
    refs: tuple[str, ...]


def _is_completed(case: Case) -> bool:
    return case.completed


def _had_due_date(case: Case) -> bool:
    return case.completed and case.now.due_on is not None


def _by_original(case: Case) -> bool:
    return _had_due_date(case) and _is_by(case.now.completed_on, case.now.original_due_on)


def _by_current(case: Case) -> bool:
    return _had_due_date(case) and _is_by(case.now.completed_on, case.now.due_on)


def _is_by(done_on: date | None, due_on: date | None) -> bool:
    return done_on is not None and due_on is not None and done_on <= due_on


def _high(rule: Rule) -> Rule:
    return lambda case: case.high and rule(case)


def _is_verified(case: Case) -> bool:
    return case.completed and case.now.verified_on is not None


def _days_to_complete(case: Case) -> int:
    return _days_from(case.now.raised_on, case.now.completed_on)


def _days_to_verify(case: Case) -> int:
    return _days_from(case.now.completed_on, case.now.verified_on)


def _days_from(start: date | None, end: date | None) -> int:
    """Return the days between two days, which what is counted has."""
    assert start is not None
    assert end is not None
    return (end - start).days


def _is_open(case: Case) -> bool:
    return case.status in OPEN_STATUSES


def _redated(least: int, most: int | None = None) -> Rule:
    return lambda case: (
        _is_open(case)
        and case.now.times_redated >= least
        and (most is None or case.now.times_redated <= most)
    )


def _is_overdue(case: Case) -> bool:
    return case.status is Status.OVERDUE


def _was_overdue(case: Case) -> bool:
    return case.was is Status.OVERDUE


def _without_news(case: Case) -> bool:
    due_on = case.now.due_on
    return _is_overdue(case) and (case.news_on is None or due_on is None or case.news_on <= due_on)


def _is_raised(case: Case) -> bool:
    return case.raised


MEASURES = (
    Measure("completed", "Completed", _is_completed),
    Measure(
        "completed_by_original_due",
        "Completed by the original due date",
        _by_original,
        _had_due_date,
    ),
    Measure("completed_by_due", "Completed by the current due date", _by_current, _had_due_date),
    Measure("high_completed", "{high} completed", _high(_is_completed)),
    Measure(
        "high_completed_by_original_due",
        "{high} completed by the original due date",
        _high(_by_original),
        _high(_had_due_date),
    ),
    Measure(
        "high_completed_by_due",
        "{high} completed by the current due date",
        _high(_by_current),
        _high(_had_due_date),
    ),
    Measure("verified", "Completed and verified", _is_verified, _is_completed),
    Measure(
        "days_to_complete", "Days from raised to complete", _is_completed, days=_days_to_complete
    ),
    Measure("days_to_verify", "Days from complete to verified", _is_verified, days=_days_to_verify),
    Measure("redated_once", "Open, re-dated once", _redated(1, 1), _is_open),
    Measure("redated_twice", "Open, re-dated twice", _redated(2, 2), _is_open),
    Measure("redated_more", "Open, re-dated more often", _redated(3), _is_open),
    Measure(
        "high_overdue_without_note",
        "{high} overdue, no progress since due",
        _high(_without_news),
        _high(_is_overdue),
    ),
    Measure("raised", "Raised", _is_raised),
    Measure("overdue_at_start", "Overdue at the start", _was_overdue, at_start=True),
    Measure("overdue_at_end", "Overdue at the end", _is_overdue),
    Measure("overdue_change", "Change in overdue", _is_overdue, net=True),
)
"""All measures, in the order in which they are shown.

``{high}`` in a label stands for the highest priority. Where shares by due dates are taken, only
actions that have one count. Open are the actions that count and are not complete on the last day.
"""


def findings(of: Sequence[Case], at_start: Sequence[Case]) -> list[Measured]:
    """Return what each measure comes to for some actions.

    ``of`` are those that belong to a group at the end of the period, and ``at_start`` those that
    belonged to it at the start. Both are in the order in which references are to be listed.
    """
    return [_finding(measure, of, at_start) for measure in MEASURES]


def _finding(measure: Measure, of: Sequence[Case], at_start: Sequence[Case]) -> Measured:
    counted = [
        case for case in (at_start if measure.at_start else of) if measure.name in case.counted
    ]
    if measure.net:
        change = len(counted) - sum(map(_was_overdue, at_start))
        return Measured(measure, change, None, None, None, ())
    out_of = None if measure.among is None else sum(measure.name in case.among for case in of)
    return Measured(
        measure,
        len(counted),
        out_of,
        percent(len(counted), out_of) if out_of else None,
        median([measure.days(case) for case in counted]) if measure.days else None,
        tuple(case.now.ref for case in counted),
    )


def median(numbers: Sequence[int]) -> int | None:
    """Return the median, a whole number rounded half up, or None of no numbers.

    >>> median([3, 1, 2]), median([1, 2]), median([])
    (2, 2, None)
    """
    if not numbers:
        return None
    in_order, middle = sorted(numbers), len(numbers) // 2
    if len(numbers) % 2:
        return in_order[middle]
    return (in_order[middle - 1] + in_order[middle] + 1) // 2
