"""RAG ratings as they are read and changed, and the arrow between two of them."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import direction, rags

from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.rating import (
    COMPUTED,
    Trend,
    rated_changes,
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


BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)


def test_only_what_differs_is_changed() -> None:
    then = direction(strategic_leads=("chief-executive",), target_note="FOR REVIEW")
    same = {"strategic_leads": ("chief-executive",), "target_note": "FOR REVIEW"}
    assert rated_changes(then, same) == {}
    assert rated_changes(then, same | {"target_note": None}) == {"target_note": None}


def test_a_rating_that_is_confirmed_is_kept_and_nothing_else_is() -> None:
    then = direction(rag="A", trend="down", trend_on=BOARD)
    assert rated_changes(then, {"rag": "A", "title": then.title}) == {"rag": "A"}
    assert rated_changes(then, {"rag": "G"}) == {"rag": "G"}
    assert rated_changes(then, {"title": "Finance"}) == {"title": "Finance"}


def test_an_officers_word_is_given_with_a_new_rating_or_without() -> None:
    told = {"trend": "same", "trend_on": BOARD}
    then = direction(rag="A", trend="down", trend_on=PREVIOUS)
    assert rated_changes(then, told) == told
    assert rated_changes(then, told | {"rag": "G"}) == told | {"rag": "G"}


def test_a_confirmed_rating_outlasts_an_earlier_one_that_is_recorded_later() -> None:
    middle = date(2023, 10, 16)
    changes = [Change("direction", "3a", PREVIOUS, {"title": "Finance", "rag": "A"})]
    then = version_on(fold(Direction, "3a", changes), BOARD)
    assert then is not None
    changes.append(Change("direction", "3a", BOARD, rated_changes(then, {"rag": "A"})))
    changes.append(Change("direction", "3a", middle, {"rag": "R"}))
    versions = fold(Direction, "3a", changes)
    assert [(v.record.rag, v.record.rag_on) for v in versions] == [
        ("A", PREVIOUS),
        ("R", middle),
        ("A", BOARD),
    ]


def test_an_officers_word_is_taken_back() -> None:
    then = direction(trend="down", trend_on=PREVIOUS)
    taken_back = {"trend": None, "trend_on": None}
    assert rated_changes(then, taken_back) == taken_back
    assert rated_changes(direction(), taken_back) == {}
