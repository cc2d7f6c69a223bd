"""How long actions have been overdue: bands part the days, and figures foot."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.figures.age_bands import (
    BANDS,
    Aged,
    AgeFigure,
    Band,
    ageing,
    bands_up_to,
    days_of_the_longest,
    read_bands,
)
from irbtrack.errors import Misused

SCALE = ("High", "Medium", "Low")


def test_the_bands_are_those_of_the_board() -> None:
    assert [str(band) for band in BANDS] == ["1-30", "31-90", "91-180", "181-365", "over 365"]
    assert BANDS[0] == Band(1, 30)
    assert BANDS[-1] == Band(366, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30", ["1-30", "over 30"]),
        ("1, 7 ,14", ["1", "2-7", "8-14", "over 14"]),
        ("99999", ["1-99999", "over 99999"]),
    ],
)
def test_bands_are_read_by_their_last_days(text: str, expected: list[str]) -> None:
    assert [str(band) for band in read_bands(text)] == expected


@pytest.mark.parametrize(
    "text", ["", "x", "0,30", "30,30", "90,30", "30,", "-1", "30;90", "1e3", "100000"]
)
def test_what_are_no_bands_is_refused(text: str) -> None:
    with pytest.raises(Misused, match="are not bands; give the last day of each but the oldest"):
        read_bands(text)


edges = st.lists(st.integers(1, 2_000), min_size=1, max_size=6, unique=True).map(sorted)


@given(edges, st.integers(1, 3_000))
def test_each_number_of_days_is_in_one_band(last_days: list[int], days: int) -> None:
    assert [band.holds(days) for band in bands_up_to(last_days)].count(True) == 1


COUNTS = Counter(
    {
        Aged("21/22", "finance", "Low", 30): 2,
        Aged("21/22", "finance", "High", 31): 1,
        Aged("22/23", "housing", "High", 400): 1,
        Aged("22/23", "place", "Medium", 366): 1,
        Aged("22/23", "place", "Medium", 365): 3,
        Aged("22/23", None, "Low", 1): 5,
    }
)


def test_the_group_with_the_most_in_the_oldest_band_comes_first_and_then_the_largest() -> None:
    told = ageing(COUNTS, BANDS, SCALE)
    assert list(told.groups) == ["place", "housing", None, "finance"]


def test_each_figure_is_by_priority() -> None:
    told = ageing(COUNTS, BANDS, SCALE)
    assert told.groups["finance"] == (
        AgeFigure(Band(1, 30), 2, (0, 0, 2)),
        AgeFigure(Band(31, 90), 1, (1, 0, 0)),
        AgeFigure(Band(91, 180), 0, (0, 0, 0)),
        AgeFigure(Band(181, 365), 0, (0, 0, 0)),
        AgeFigure(Band(366), 0, (0, 0, 0)),
        AgeFigure(None, 3, (1, 0, 2)),
    )
    assert [figure.total for figure in told.whole] == [7, 1, 0, 3, 2, 13]


def test_nothing_is_overdue_in_no_group() -> None:
    told = ageing({}, BANDS, SCALE)
    assert told.groups == {}
    assert {figure.total for figure in told.whole} == {0}


some_counts = st.dictionaries(
    st.builds(
        Aged,
        st.sampled_from(["21/22", "22/23"]),
        st.sampled_from(["finance", "housing", None]),
        st.sampled_from(SCALE),
        st.integers(1, 900),
    ),
    st.integers(1, 50),
    max_size=20,
)


@given(some_counts, edges)
def test_bands_and_priorities_and_groups_sum_to_the_whole(
    counts: dict[Aged, int], last_days: list[int]
) -> None:
    told = ageing(counts, bands_up_to(last_days), SCALE)
    assert told.whole[-1].total == sum(counts.values())
    for figures in (*told.groups.values(), told.whole):
        assert sum(figure.total for figure in figures[:-1]) == figures[-1].total
        assert all(figure.total == sum(figure.by_priority) for figure in figures)
    for place, figure in enumerate(told.whole):
        assert figure.total == sum(own[place].total for own in told.groups.values())


@given(some_counts, st.integers(1, 60))
def test_the_longest_are_as_many_as_asked_and_no_more_days_would_do(
    counts: dict[Aged, int], number: int
) -> None:
    days = days_of_the_longest(counts, number)

    def reached(least: int) -> int:
        return sum(n for aged, n in counts.items() if aged.days >= least)

    assert reached(days) >= min(number, sum(counts.values()))
    assert reached(days + 1) < number


def test_groups_that_are_as_bad_are_in_the_order_of_their_names_and_what_has_none_is_last() -> None:
    of = {Aged("22/23", group, "Low", 400): 1 for group in (None, "place", "adults")}
    assert list(ageing(of, BANDS, SCALE).groups) == ["adults", "place", None]


def test_the_longest_are_counted_over_all_groups_of_a_day() -> None:
    of = {Aged("22/23", group, "Low", 40): 2 for group in ("a", "b")}
    of[Aged("22/23", "a", "Low", 90)] = 1
    assert [days_of_the_longest(of, number) for number in (1, 2, 5, 6)] == [90, 40, 40, 1]
