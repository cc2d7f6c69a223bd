"""Directions: their targets, posts and trends, and what the journal keeps of them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import any_days, days, direction, found_wrong, rags

from irbtrack.domain.journal import Change, fold
from irbtrack.domain.nouns.direction import Direction, read_target, say_posts, say_target, trend_of
from irbtrack.domain.nouns.rating import (
    Trend,
    trend_between,
)
from irbtrack.errors import IrbtrackError, Misused, Refused

TODAY = date(2023, 11, 23)
BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)
TARGET = date(2024, 3, 31)


@pytest.mark.parametrize(
    ("written", "note_"),
    [
        ("31-Mar-24", None),
        ("31/03/2024", None),
        ("2024-03-31", None),
        ("Mar-24", None),
        ("March 2024", None),
        ("31-Mar-24 (FOR REVIEW)", "FOR REVIEW"),
        ("31-Mar-24(for review)", "for review"),
        ("  Mar-24  (  subject to  approval ) ", "subject to approval"),
        ("31 March 2024\n(FOR REVIEW)", "FOR REVIEW"),
        ("31/03/2024 (Q4; see 3a, [bold])", "Q4; see 3a, [bold]"),
    ],
)
def test_a_target_is_a_date_and_perhaps_a_note(written: str, note_: str | None) -> None:
    assert read_target(written, TODAY) == {"target_on": TARGET, "target_note": note_}


@pytest.mark.parametrize("written", ["none", " None "])
def test_a_target_may_be_taken_away_with_its_note(written: str) -> None:
    assert read_target(written, TODAY) == {"target_on": None, "target_note": None}


def test_a_target_may_be_relative() -> None:
    assert read_target("+1m (stretch)", TODAY) == {
        "target_on": date(2023, 12, 23),
        "target_note": "stretch",
    }


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "TBC",
        "Q2 2024",
        "Ongoing",
        "March",
        "(FOR REVIEW)",
        "FOR REVIEW 31-Mar-24",
        "31-Mar-24 FOR REVIEW",
        "31-Mar-24 (FOR REVIEW",
        "31-Mar-24 FOR REVIEW)",
        "31-Mar-24 (FOR) (REVIEW)",
        "31-Mar-24 ((FOR REVIEW))",
        "(FOR REVIEW) 31-Mar-24",
        "31-Mar-24 (FOR REVIEW) soon",
    ],
)
def test_what_is_no_target_is_refused(written: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_target(written, TODAY)
    assert str(refusal.value) == (
        f"'{written}' is not a target; write 31-Mar-24, Mar-24, 31-Mar-24 (FOR REVIEW) or none"
    )


@pytest.mark.parametrize("written", ["31-Mar-24 ()", "31-Mar-24 (  )"])
def test_an_empty_note_is_refused(written: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_target(written, TODAY)
    assert str(refusal.value) == "the note of the target is empty; give it at least a word"


def test_a_note_that_would_steer_a_terminal_is_refused() -> None:
    with pytest.raises(Refused, match="does not print"):
        read_target("31-Mar-24 (\x1b[31mred)", TODAY)


@given(st.text())
def test_any_text_is_a_target_or_refused(text: str) -> None:
    for written in (text, f"31-Mar-24 ({text})"):
        try:
            found = read_target(written, TODAY)["target_on"]
            assert isinstance(found, date) or written.strip().casefold() == "none"
        except IrbtrackError as refusal:
            assert "target" in str(refusal)  # noqa: PT017 - either outcome is right


def test_posts_are_said_one_after_the_other_and_unknown_ones_by_their_codes() -> None:
    titles = {"chief-executive": "Chief Executive", "ed-finance": "ED Finance"}
    assert say_posts(("chief-executive", "ed-finance"), titles) == "Chief Executive / ED Finance"
    assert say_posts(("ed-place",), titles) == "ed-place"
    assert say_posts((), titles) is None


def test_a_target_is_said_with_its_note_in_brackets() -> None:
    assert say_target(direction()) == "31 Mar 2024"
    assert say_target(direction(target_note="FOR REVIEW")) == "31 Mar 2024 (FOR REVIEW)"
    assert say_target(direction(target_note="FOR REVIEW"), link="\n") == "31 Mar 2024\n(FOR REVIEW)"
    assert say_target(direction(target_on=None)) is None


def test_a_target_as_it_is_said_reads_back_as_itself() -> None:
    for one in (direction(), direction(target_note="FOR REVIEW")):
        assert read_target(say_target(one) or "", TODAY) == {
            "target_on": one.target_on,
            "target_note": one.target_note,
        }


targets = st.lists(st.tuples(days, st.none() | days), min_size=1, max_size=8)


@given(targets)
def test_the_original_target_never_changes(told: list[tuple[date, date | None]]) -> None:
    first = Change("direction", "3a", date(2023, 1, 1), {"title": "Finance"})
    changes = [first, *(Change("direction", "3a", on, {"target_on": day}) for on, day in told)]
    versions = fold(Direction, "3a", changes)
    originals = [v.record.original_target_on for v in versions]
    known = [one for one in originals if one is not None]
    assert len(set(known)) <= 1
    assert originals == [None] * (len(originals) - len(known)) + known


def test_a_target_that_moves_is_counted_and_the_old_ones_stay_in_their_versions() -> None:
    told = [date(2023, 12, 31), TARGET, TARGET, date(2024, 6, 30)]
    on = date(2023, 1, 1)
    changes = [
        Change("direction", "3a", on + timedelta(days=n), {"title": "Finance", "target_on": day})
        for n, day in enumerate(told)
    ]
    versions = fold(Direction, "3a", changes)
    assert [
        (v.record.original_target_on, v.record.target_on, v.record.times_redated) for v in versions
    ] == [(told[0], told[0], 0), (told[0], told[1], 1), (told[0], told[3], 2)]


@given(rags, rags)
def test_a_change_of_rating_in_the_journal_is_a_version(before: str, now: str) -> None:
    changes = [
        Change("direction", "3a", PREVIOUS, {"title": "Finance", "rag": before}),
        Change("direction", "3a", BOARD, {"rag": now}),
    ]
    versions = fold(Direction, "3a", changes)
    assert [v.record.rag for v in versions] == ([before, now] if before != now else [before])


BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)


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


BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)


def test_a_note_of_a_target_goes_with_its_date_and_a_trend_with_its_day() -> None:
    assert found_wrong(direction(target_note="FOR REVIEW")) == []
    assert found_wrong(direction(target_on=None, target_note="FOR REVIEW")) == [
        (
            "target_note",
            "the note of 3a's target goes with a date; give the target, or leave the note out",
        )
    ]
    assert found_wrong(direction(trend="up")) == [
        ("trend", "the trend given for 3a needs the day it was given; give both or neither")
    ]
    assert found_wrong(direction(trend="up", trend_on=PREVIOUS), PREVIOUS) == []
    assert found_wrong(direction(trend="up", trend_on=BOARD), PREVIOUS) == [
        (
            "trend_on",
            "3a's trend was given on 31 October 2023, and cannot be so from 3 October 2023 on,"
            " which is earlier; give an earlier day",
        )
    ]
