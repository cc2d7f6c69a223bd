"""The place of something new among others, and which of them it moves."""

from datetime import date
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import note

from irbtrack.domain.nouns.note import Note, in_force
from irbtrack.domain.nouns.places import placed

BOARD = date(2023, 11, 23)


def refs(notes: list[Note]) -> list[str]:
    return [one.ref for one in notes]


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


def test_commentary_comes_the_newest_first_whatever_its_place() -> None:
    notes = [
        note("N1", direction="3a", dated_on=date(2023, 10, 11), position=1),
        note("N2", direction="3a", dated_on=date(2023, 11, 14), position=9),
        note("N3", direction="3a", dated_on=date(2023, 8, 10), position=0),
    ]
    assert refs(in_force(notes, BOARD)) == ["N2", "N1", "N3"]


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
