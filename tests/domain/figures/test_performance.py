"""The measures of a period: each by cases, and what must hold of all of them for any history."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import action_changes, changed, days, history, raised

from irbtrack.domain.figures.performance import (
    MEASURES,
    Measured,
    cases,
    findings,
    median,
)
from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.nouns.action import History, standing
from irbtrack.domain.nouns.status import Status, status_as_of

APR, SEP, OCT, NOV = date(2023, 4, 1), date(2023, 9, 30), date(2023, 10, 31), date(2023, 11, 30)
DAY = timedelta(days=1)


def heard_of(histories: Iterable[History], last: date) -> dict[str, date]:
    """The last day from which each action has a progress text or a percentage of its own."""
    found: dict[str, date] = {}
    for told_of in histories:
        told: tuple[object, object] = (None, None)
        for version in told_of:
            now = (version.record.progress, version.record.percent_complete)
            if version.valid_from <= last and now not in (told, (None, None)):
                found[version.record.ref] = version.valid_from
            told = now
    return found


def measured(*histories: History, first: date = APR, last: date = OCT) -> dict[str, Measured]:
    """What each measure comes to for some actions, all of one group."""
    before = {one.ref: one for h in histories if (one := version_on(h, first - DAY))}
    now = [one for h in histories if (one := version_on(h, last))]
    found = cases(before, now, heard_of(histories, last), (first, last), "High")
    return {one.measure.name: one for one in findings(found, [c for c in found if c.before])}


def story(ref: str, *later: Change, **fields: Any) -> History:
    """The history of an action that was raised on 10 January, due on 31 October."""
    return history(raised(ref, **fields), *later)


def done(ref: str, on: date, **fields: Any) -> Change:
    return changed(on, ref, completed_on=on, **fields)


def shares(found: dict[str, Measured], name: str) -> tuple[int, int | None, int | None]:
    one = found[name]
    return one.number, one.out_of, one.percent


def test_a_completion_counts_from_the_first_to_the_last_day_of_the_period() -> None:
    stories = [story(f"A{n}", done(f"A{n}", on)) for n, on in enumerate([APR - DAY, APR, OCT, NOV])]
    assert measured(*stories)["completed"].refs == ("A1", "A2")


def test_one_that_was_reopened_is_not_completed() -> None:
    reopened = story("A1", done("A1", SEP), changed(SEP + DAY, "A1", completed_on=None))
    assert measured(reopened)["completed"].number == 0
    assert measured(reopened, last=SEP)["completed"].number == 1


def test_a_date_that_was_revised_still_shows_as_late() -> None:
    late = story("A1", changed(SEP, "A1", due_on=NOV), done("A1", OCT), due_on=SEP)
    prompt = story("A2", done("A2", OCT), due_on=OCT)
    found = measured(late, prompt)
    assert shares(found, "completed_by_original_due") == (1, 2, 50)
    assert shares(found, "completed_by_due") == (2, 2, 100)
    assert found["completed_by_original_due"].refs == ("A2",)


def test_one_without_a_due_date_is_no_share_of_those_by_their_dates() -> None:
    undated = story("A1", done("A1", OCT), due_on=None)
    found = measured(undated)
    assert found["completed"].number == 1
    assert shares(found, "completed_by_due") == (0, 0, None)


def test_only_the_highest_priority_is_high() -> None:
    found = measured(story("A1", done("A1", SEP)), story("A2", done("A2", SEP), priority="Medium"))
    assert found["completed"].number == 2
    assert found["high_completed"].refs == ("A1",)
    assert shares(found, "high_completed_by_due") == (1, 1, 100)


def test_days_are_the_median_of_those_that_are_counted() -> None:
    checked = story("A1", done("A1", SEP), changed(OCT, "A1", verified_on=OCT))
    found = measured(checked, story("A2", done("A2", SEP + DAY)))
    assert found["days_to_complete"].days == 264  # of 263 and 264, rounded half up
    assert (found["days_to_verify"].number, found["days_to_verify"].days) == (1, 31)
    assert shares(found, "verified") == (1, 2, 50)
    assert measured()["days_to_complete"].days is None


def test_redated_are_the_open_ones_by_how_often() -> None:
    moves = [SEP + DAY * n for n in range(1, 4)]
    stories = [
        story(f"A{n}", *(changed(on, f"A{n}", due_on=NOV + DAY * n) for n, on in enumerate(on)))
        for n, on in ((n, moves[:n]) for n in range(4))
    ]
    closed = story("A9", changed(SEP, "A9", due_on=NOV), done("A9", OCT))
    found = measured(*stories, closed)
    assert shares(found, "redated_once") == (1, 4, 25)
    assert shares(found, "redated_twice") == (1, 4, 25)
    assert shares(found, "redated_more") == (1, 4, 25)


def test_news_counts_if_it_came_after_the_due_date() -> None:
    told = [
        story("A0", due_on=SEP),
        story("A1", changed(SEP, "A1", progress="Begun"), due_on=SEP),
        story("A2", changed(SEP + DAY, "A2", progress="Begun"), due_on=SEP),
        story("A3", changed(SEP + DAY, "A3", percent_complete=50), due_on=SEP),
        story("A4", due_on=SEP, priority="Low"),
        story("A5", due_on=OCT),
    ]
    found = measured(*told)
    assert found["high_overdue_without_note"].refs == ("A0", "A1")
    assert shares(found, "high_overdue_without_note") == (2, 4, 50)


def test_overdue_goes_from_the_day_before_to_the_last_day() -> None:
    found = measured(
        story("A1", due_on=APR - DAY),
        story("A2", due_on=APR),
        story("A3", due_on=OCT),
        first=APR + DAY,
    )
    assert found["overdue_at_start"].refs == ("A1",)
    assert found["overdue_at_end"].refs == ("A1", "A2")
    assert (found["overdue_change"].number, found["overdue_change"].refs) == (1, ())


def test_a_closed_action_is_neither_open_nor_completed_but_was_raised() -> None:
    found = measured(
        story(
            "A1", changed(SEP, "A1", closed_on=SEP, closed_as="Superseded"), raised_on=APR, on=APR
        )
    )
    counted = {name for name, one in found.items() if one.number}
    assert counted == {"raised"}


def test_a_median_of_an_even_count_is_rounded_half_up() -> None:
    assert median([1, 4]) == 3
    assert median([1, 3]) == 2
    assert median([7]) == 7


drawn = st.lists(action_changes(), max_size=6).map(
    lambda told: [
        history(*(change._replace(ref=f"A{n}") for change in changes))
        for n, changes in enumerate(told)
    ]
)


@given(drawn, st.tuples(days, days).map(sorted))
def test_each_number_is_its_list_and_a_part_of_its_whole(
    histories: Sequence[History], ends: list[date]
) -> None:
    first, last = ends
    found = measured(*histories, first=first, last=last)
    assert list(found) == [measure.name for measure in MEASURES]
    for one in found.values():
        if one.measure.net:
            continue
        assert len(one.refs) == one.number
        assert one.out_of is None or one.number <= one.out_of
        assert (one.percent is None) == (not one.out_of)
    assert found["overdue_change"].number == (
        found["overdue_at_end"].number - found["overdue_at_start"].number
    )
    for day, name in ((first - DAY, "overdue_at_start"), (last, "overdue_at_end")):
        there = [v.record for h in histories for v in h if v.valid_from <= day < v.valid_to]
        counted = [status_as_of(standing(action), day) for action in there]
        assert found[name].number == counted.count(Status.OVERDUE)
