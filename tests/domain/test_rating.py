"""RAG ratings as they are read, and the arrow between two of them."""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_days, days, direction, rags

from irbtrack.domain.journal import Change, fold
from irbtrack.domain.nouns.direction import Direction, trend_of
from irbtrack.domain.nouns.rating import (
    COMPUTED,
    Trend,
    read_rag,
    read_trend,
    say_rag,
    trend_between,
)
from irbtrack.errors import Misused

RAGS = ("R", "A", "G", "C")
"""Worst to best, as DESIGN has them."""

BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)


@pytest.mark.parametrize(
    ("written", "rag"),
    [
        ("R", "R"),
        ("r", "R"),
        ("red", "R"),
        ("RED", "R"),
        (" Red ", "R"),
        ("a", "A"),
        ("Amber", "A"),
        ("g", "G"),
        ("green", "G"),
        ("C", "C"),
        ("complete", "C"),
    ],
)
def test_a_rag_is_its_letter_or_its_name(written: str, rag: str) -> None:
    assert read_rag(written) == rag


@pytest.mark.parametrize("written", ["", " ", "B", "blue", "am", "R/A", "amber-green", "rag", "0"])
def test_what_is_no_rag_is_refused(written: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_rag(written)
    assert str(refusal.value) == (
        f"'{written}' is not a RAG; it is one of R (red), A (amber), G (green) or C (complete)"
    )


@pytest.mark.parametrize("rag", RAGS)
def test_a_rag_as_it_is_said_reads_back_as_itself(rag: str) -> None:
    assert read_rag(say_rag(rag)) == rag


def test_a_rag_is_said_by_its_name() -> None:
    assert [say_rag(rag) for rag in (*RAGS, None)] == [
        "Red",
        "Amber",
        "Green",
        "Complete",
        "not rated",
    ]


@pytest.mark.parametrize(
    ("written", "trend"),
    [
        ("up", "up"),
        ("Up", "up"),
        ("u", "up"),
        ("▲", "up"),
        (" ▲ ", "up"),
        ("same", "same"),
        ("=", "same"),
        ("DOWN", "down"),
        ("▼", "down"),
        ("computed", COMPUTED),
        ("Comp", COMPUTED),
    ],
)
def test_a_trend_is_a_word_or_a_sign(written: str, trend: str) -> None:
    assert read_trend(written) == trend


@pytest.mark.parametrize("written", ["", " ", "better", "^", "==", "▲▲", "R"])
def test_what_is_no_trend_is_refused(written: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_trend(written)
    assert str(refusal.value) == (
        f"'{written.strip()}' is not a trend; it is one of up, same, down or computed"
    )


@pytest.mark.parametrize(("before", "now"), list(product(RAGS, RAGS)))
def test_the_arrow_follows_the_order_from_red_to_complete(before: str, now: str) -> None:
    step = RAGS.index(now) - RAGS.index(before)
    expected = Trend.UP if step > 0 else Trend.DOWN if step < 0 else Trend.SAME
    assert trend_between(before, now) is expected


OPPOSITE = {Trend.UP: Trend.DOWN, Trend.DOWN: Trend.UP, Trend.SAME: Trend.SAME, None: None}


@given(st.none() | rags, st.none() | rags)
def test_reversing_the_two_reverses_the_arrow(before: str | None, now: str | None) -> None:
    assert trend_between(now, before) is OPPOSITE[trend_between(before, now)]


@given(rags)
def test_no_change_is_the_same(rag: str) -> None:
    assert trend_between(rag, rag) is Trend.SAME


@given(rags, rags, rags)
def test_two_arrows_one_way_make_a_third_of_that_way(first: str, then: str, last: str) -> None:
    arrows = {trend_between(first, then), trend_between(then, last)} - {Trend.SAME}
    if len(arrows) == 1:
        assert trend_between(first, last) in arrows


@given(st.none() | rags)
def test_there_is_no_arrow_from_nothing_or_to_nothing(rag: str | None) -> None:
    assert trend_between(None, rag) is None
    assert trend_between(rag, None) is None


@given(st.none() | rags, st.none() | rags, st.none() | any_days)
def test_without_an_officers_word_the_trend_is_computed(
    before: str | None, now: str | None, day: date | None
) -> None:
    found = trend_of(direction(rag=now), direction(rag=before), day)
    assert found == (trend_between(before, now), False)


@given(rags, st.none() | any_days)
def test_a_direction_that_was_not_there_has_no_trend(rag: str, day: date | None) -> None:
    assert trend_of(direction(rag=rag), None, day) == (None, False)


def test_an_officers_word_holds_against_days_before_it_and_no_other() -> None:
    told_on = date(2023, 10, 16)
    now = direction(rag="A", trend="down", trend_on=told_on)
    then = direction(rag="A")
    assert trend_of(now, then, PREVIOUS) == (Trend.DOWN, True)
    assert trend_of(now, then, told_on - timedelta(days=1)) == (Trend.DOWN, True)
    assert trend_of(now, then, told_on) == (Trend.SAME, False)
    assert trend_of(now, then, BOARD) == (Trend.SAME, False)


def test_an_officers_word_holds_where_there_is_nothing_to_compare_with() -> None:
    now = direction(rag=None, trend="up", trend_on=BOARD)
    assert trend_of(now, None, PREVIOUS) == (Trend.UP, True)
    assert trend_of(now, None, None) == (Trend.UP, True)


@given(st.sampled_from(Trend), any_days, any_days, st.none() | rags, st.none() | rags)
def test_an_officers_word_holds_if_and_only_if_it_is_newer_than_the_other_day(
    word: Trend, told_on: date, day: date, before: str | None, rag: str | None
) -> None:
    now = direction(rag=rag, trend=word.value, trend_on=told_on)
    trend, overruled = trend_of(now, direction(rag=before), day)
    assert overruled == (day < told_on)
    assert trend is (word if overruled else trend_between(before, rag))


def test_a_new_rating_ends_an_officers_word_and_one_of_the_same_day_does_not() -> None:
    told_on = date(2023, 10, 16)
    word = {"trend": "down", "trend_on": told_on}
    for rated_on, found in (
        (None, (Trend.DOWN, True)),
        (PREVIOUS, (Trend.DOWN, True)),
        (told_on, (Trend.DOWN, True)),
        (told_on + timedelta(days=1), (Trend.UP, False)),
    ):
        now = direction(rag="G", rag_on=rated_on, **word)
        assert trend_of(now, direction(rag="A"), PREVIOUS) == found


@given(st.lists(st.tuples(days, rags), min_size=1, max_size=6))
def test_a_rating_is_dated_from_the_day_it_was_first_given(told: list[tuple[date, str]]) -> None:
    first = Change("direction", "3a", date(2023, 1, 1), {"title": "Finance"})
    changes = [first, *(Change("direction", "3a", on, {"rag": rag}) for on, rag in told)]
    versions = fold(Direction, "3a", changes)
    for before, now in pairwise(versions):
        changed = before.record.rag != now.record.rag
        assert now.record.rag_on == (now.valid_from if changed else before.record.rag_on) or (
            now.record.rag_on == now.valid_from
        )
    assert [v.record.rag_on is None for v in versions] == [v.record.rag is None for v in versions]
