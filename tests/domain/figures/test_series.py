"""A series is worked out in one sweep, and is what each of its days would be alone."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import RAISED, action_changes, any_days, days, history

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.series import (
    Spell,
    listed_series,
    month_ends,
    quarter_ends,
    series,
    stays,
    year_before,
)
from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.journal import version_on
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.status import Standing, Status, status_as_of
from irbtrack.domain.record import Version

JAN, FEB, MAR, APR = date(2023, 1, 31), date(2023, 2, 28), date(2023, 3, 31), date(2023, 4, 30)
POINTS = [JAN, FEB, MAR, APR]


def spell(standing: Standing, begin: date = JAN, end: date = FOREVER) -> Spell:
    return Spell("22/23", None, "High", standing, begin, end)


def statuses(one: Spell) -> list[tuple[Status, int, int]]:
    """The status of a spell at the points, and the places from and before which it has it."""
    return [(bucket.status, first, until) for bucket, first, until in stays(one, POINTS)]


def test_the_status_turns_on_the_day_after_the_due_date() -> None:
    assert statuses(spell(Standing(None, False, MAR))) == [
        (Status.NOT_DUE, 0, 3),
        (Status.OVERDUE, 3, 4),
    ]
    assert statuses(spell(Standing(None, False, MAR - timedelta(days=1)))) == [
        (Status.NOT_DUE, 0, 2),
        (Status.OVERDUE, 2, 4),
    ]


def test_an_expired_acceptance_counts_again_and_may_be_overdue_at_once() -> None:
    assert statuses(spell(Standing(FEB, False, JAN))) == [
        (Status.CLOSED, 0, 1),
        (Status.CLOSED, 1, 2),
        (Status.OVERDUE, 2, 4),
    ]
    assert statuses(spell(Standing(FEB, False, MAR))) == [
        (Status.CLOSED, 0, 2),
        (Status.NOT_DUE, 2, 3),
        (Status.OVERDUE, 3, 4),
    ]


def test_a_span_counts_from_its_first_day_until_its_last() -> None:
    done = Standing(None, True, None)
    assert statuses(spell(done, FEB, APR)) == [(Status.COMPLETE, 1, 3)]
    assert statuses(spell(done, FEB + timedelta(days=1), MAR)) == []
    assert statuses(spell(done, date(2022, 1, 1), JAN)) == []


def test_spans_that_are_shared_count_as_often() -> None:
    overdue = spell(Standing(None, False, JAN))
    late = Bucket("22/23", None, Status.OVERDUE, "High")
    early = Bucket("22/23", None, Status.NOT_DUE, "High")
    assert series({overdue: 3}, [JAN, FEB]) == [{early: 3}, {late: 3}]
    assert series({}, [JAN, FEB]) == [{}, {}]
    assert series({overdue: 1}, []) == []


histories = st.lists(action_changes(), max_size=6).map(
    lambda drawn: {f"A{n}": history(*changes) for n, changes in enumerate(drawn)}
)


def spells_of(register: dict[str, list[Version[Action]]]) -> list[tuple[str, Spell]]:
    """The spells of whole histories, by directorate."""
    return [
        (ref, Spell(a.year, a.directorate, a.priority, standing(a), v.valid_from, v.valid_to))
        for ref, versions in register.items()
        for v in versions
        for a in [v.record]
    ]


@given(histories, st.lists(days | any_days, max_size=12, unique=True).map(sorted))
def test_each_day_of_a_series_is_what_it_would_be_alone(
    register: dict[str, list[Version[Action]]], points: list[date]
) -> None:
    alone = [
        {
            ref: Bucket(a.year, a.directorate, status_as_of(standing(a), day), a.priority)
            for ref, versions in register.items()
            if (a := version_on(versions, day)) is not None
        }
        for day in points
    ]
    spells = spells_of(register)
    swept = series(Counter(one for _, one in spells), points)
    assert swept == [Counter(of_day.values()) for of_day in alone]
    listed = listed_series(spells, points)
    assert [{ref: b for b, refs in of.items() for ref in refs} for of in listed] == alone
    assert [Counter({b: len(refs) for b, refs in of.items()}) for of in listed] == swept


@given(any_days, st.integers(0, 800))
def test_month_ends_are_the_days_before_the_firsts_of_months(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    every = [first + timedelta(days=n) for n in range(length + 1)]
    ends = [day for day in every if (day + timedelta(days=1)).day == 1]
    assert month_ends(first, last) == ends
    assert quarter_ends(first, last) == [day for day in ends if day.month % 3 == 0]


@given(any_days)
def test_a_year_that_ends_on_a_day_has_twelve_month_ends(last: date) -> None:
    assert len(month_ends(year_before(last), last)) == 12
    assert (last - year_before(last)).days in (364, 365)


def test_the_year_before_a_leap_day_begins_at_the_end_of_february() -> None:
    assert year_before(date(2024, 2, 28)) == date(2023, 2, 28)
    assert year_before(date(2024, 2, 29)) == date(2023, 3, 1)
    assert year_before(date(2024, 1, 30)) == date(2023, 1, 31)


def test_a_window_without_a_month_end_has_none() -> None:
    assert month_ends(RAISED, RAISED) == []
    assert month_ends(JAN, JAN) == [JAN]
