"""Notes: which hold on a day, and in what order."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_days, note

from irbtrack.domain.dates import PartialDate
from irbtrack.domain.nouns.note import Note, Section, comment_date, commentary, in_force
from irbtrack.domain.nouns.places import placed
from irbtrack.errors import Refused

BOARD = date(2023, 11, 23)
BEFORE, AFTER = BOARD - timedelta(days=1), BOARD + timedelta(days=1)


def refs(notes: list[Note]) -> list[str]:
    return [one.ref for one in notes]


def test_a_note_holds_until_the_day_before_it_is_dropped() -> None:
    dropped = note("N1", "Headline", dropped_on=BOARD)
    assert [refs(in_force([dropped], day)) for day in (BEFORE, BOARD, AFTER)] == [["N1"], [], []]


def test_a_note_for_one_board_holds_up_to_its_day() -> None:
    own = note("N1", "Headline", board_on=BOARD)
    assert [refs(in_force([own], day)) for day in (BEFORE, BOARD, AFTER)] == [["N1"], ["N1"], []]


def test_a_note_for_one_board_that_is_dropped_before_it_does_not_reach_it() -> None:
    own = note("N1", "Headline", board_on=BOARD, dropped_on=BOARD)
    assert [refs(in_force([own], day)) for day in (BEFORE, BOARD)] == [["N1"], []]


@given(st.none() | any_days, st.none() | any_days, any_days)
def test_a_note_without_an_end_holds_on_every_day(
    dropped_on: date | None, board_on: date | None, day: date
) -> None:
    one = note("N1", "Headline", dropped_on=dropped_on, board_on=board_on)
    ended = (dropped_on is not None and dropped_on <= day) or (
        board_on is not None and board_on < day
    )
    assert in_force([one], day) == ([] if ended else [one])


def test_notes_come_in_the_order_of_the_report() -> None:
    every = [note(f"N{n}", section) for n, section in enumerate(reversed(Section), 1)]
    assert [one.section for one in in_force(every, BOARD)] == [
        "Headline",
        "Forward Look",
        "Commentary",
        "Progress",
        "Next Step",
        "Theme",
    ]


def test_the_notes_of_a_section_come_by_what_they_are_about_and_then_by_their_place() -> None:
    notes = [
        note("N1", "Progress", direction="10", position=1),
        note("N2", "Progress", direction="3b", position=1),
        note("N3", "Progress", direction="3a", position=2),
        note("N10", "Progress", direction="3a", position=1),
        note("N9", "Progress", direction="3a", position=1),
        note("N4", "Progress", direction="SEND", position=1),
    ]
    assert refs(in_force(notes, BOARD)) == ["N9", "N10", "N3", "N2", "N1", "N4"]


def test_themes_come_as_they_were_begun_and_each_by_its_places() -> None:
    notes = [
        note("N1", "Theme", theme="Procurement", position=2),
        note("N2", "Theme", theme="Finance", position=1),
        note("N10", "Theme", theme="Procurement", position=1),
    ]
    assert refs(in_force(notes, BOARD)) == ["N10", "N1", "N2"]


def test_commentary_comes_the_newest_first_whatever_its_place() -> None:
    notes = [
        note("N1", direction="3a", dated_on=date(2023, 10, 11), position=1),
        note("N2", direction="3a", dated_on=date(2023, 11, 14), position=9),
        note("N3", direction="3a", dated_on=date(2023, 8, 10), position=0),
    ]
    assert refs(in_force(notes, BOARD)) == ["N2", "N1", "N3"]


def test_the_commentary_on_one_thing_is_no_other_section_and_on_nothing_else() -> None:
    notes = [
        note("N1", direction="3a", dated_on=date(2023, 10, 11)),
        note("N2", "Progress", direction="3a"),
        note("N3", direction="3b"),
        note("N4", milestone="3a"),
        note("N5", direction="3a", dated_on=date(2023, 11, 14)),
    ]
    assert refs(commentary(notes, "direction", "3a")) == ["N5", "N1"]
    assert refs(commentary(notes, "milestone", "3a")) == ["N4"]
    assert refs(commentary(notes, "direction", "4")) == []


def test_the_commentary_of_one_day_comes_as_it_was_recorded() -> None:
    notes = [note(ref, direction="3a") for ref in ("N2", "N10", "N9")]
    assert refs(commentary(notes, "direction", "3a")) == ["N2", "N9", "N10"]
    assert refs(in_force(notes, BOARD)) == ["N2", "N9", "N10"]


class Sited(NamedTuple):
    ref: str
    position: int


sited = st.lists(st.integers(0, 12), max_size=8).map(
    lambda positions: [Sited(f"N{n}", position) for n, position in enumerate(positions, 1)]
)


@given(sited)
def test_without_a_place_something_new_comes_last_and_nothing_moves(others: list[Sited]) -> None:
    position, moved = placed(others, None)
    assert moved == {}
    assert all(one.position < position for one in others)


@given(sited, st.integers(1, 12))
def test_with_a_place_the_positions_are_numbered_from_one(others: list[Sited], place: int) -> None:
    position, moved = placed(others, place)
    after = {one.ref: one.position for one in others} | moved | {"new": position}
    assert sorted(after.values()) == list(range(1, len(others) + 2))
    assert position == min(place, len(others) + 1)


@given(sited, st.integers(1, 12))
def test_what_moves_keeps_its_order_and_only_that_is_named(others: list[Sited], place: int) -> None:
    _, moved = placed(others, place)
    before = {one.ref: one.position for one in others}
    after = before | moved
    in_order = sorted(before, key=lambda ref: (before[ref], int(ref[1:])))
    assert sorted(after, key=lambda ref: after[ref]) == in_order
    assert all(before[ref] != to for ref, to in moved.items())


def test_the_first_of_none_is_the_first() -> None:
    assert placed([], None) == placed([], 1) == placed([], 5) == (1, {})


def test_something_new_in_the_middle_moves_those_below() -> None:
    others = [Sited("N1", 1), Sited("N2", 2), Sited("N3", 3)]
    assert placed(others, 2) == (2, {"N2": 3, "N3": 4})
    assert placed(others, 4) == (4, {})


def test_commentary_may_be_of_the_day_it_is_recorded_for_and_of_none_later() -> None:
    for dated in (PartialDate(BOARD), PartialDate(BEFORE), PartialDate(BOARD, "month")):
        assert comment_date(dated, BOARD) == dated
    with pytest.raises(Refused) as refusal:
        comment_date(PartialDate(AFTER), BOARD)
    assert str(refusal.value) == (
        "a text dated 24 November 2023 cannot hold from 23 November 2023, which is earlier;"
        " give it an earlier date, or a later --on"
    )
