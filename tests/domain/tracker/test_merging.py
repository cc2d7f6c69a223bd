"""A workbook that comes back: what in it was changed, and what changed meanwhile."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import any_days, raised

from irbtrack.domain.journal import fold
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.officer import Person
from irbtrack.domain.tracker.merging import (
    STATE_SHEET,
    Conflict,
    State,
    merged,
    same_cell,
    state_of,
)
from irbtrack.domain.tracker.sheet import Book, Cell, Sheet
from irbtrack.errors import SheetUnusable

OCT_31 = date(2023, 10, 31)
DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("exported", "returned"),
    [
        (None, None),
        (None, ""),
        (None, " \n"),
        ("45", 45),
        ("45", 45.0),
        (45, "45"),
        (40, 40.0),
        (OCT_31, datetime(2023, 10, 31)),  # noqa: DTZ001
        (OCT_31, "2023-10-31"),
        ("One\nTwo", "One\r\nTwo\r\n"),
        ("One", " One "),
        ("TRUE", True),
    ],
)
def test_a_cell_is_the_same_whatever_a_spreadsheet_made_of_it(
    exported: Cell, returned: Cell
) -> None:
    assert same_cell(exported, returned)
    assert same_cell(returned, exported)


@pytest.mark.parametrize(
    ("exported", "returned"),
    [
        (None, 0),
        (0, None),
        ("High", "high"),
        ("One\nTwo", "One Two"),
        ("One  Two", "One Two"),
        (OCT_31, date(2023, 11, 1)),
        (OCT_31, datetime(2023, 10, 31, 9, 30)),  # noqa: DTZ001
        (OCT_31, None),
        (40, 40.5),
        ("1", True),
        ("é", "e\u0301x"),
    ],
)
def test_a_cell_that_says_something_else_is_not_the_same(exported: Cell, returned: Cell) -> None:
    assert not same_cell(exported, returned)
    assert not same_cell(returned, exported)


@given(st.one_of(st.none(), st.text(), st.integers(), any_days))
def test_a_cell_is_the_same_as_itself_and_as_its_text(cell: Cell) -> None:
    assert same_cell(cell, cell)
    assert same_cell(cell, f" {'' if cell is None else cell}\n")


refs = st.from_regex(r"[A-Za-z0-9]{1,8}([-./_][A-Za-z0-9]{1,6}){0,2}", fullmatch=True)
names = st.none() | st.sampled_from(["A N Other", "45", 'José = "x"'])


@st.composite
def states(draw: st.DrawFn) -> State:
    """What a workbook may have been exported from; who holds a post is known of some."""
    references = draw(st.lists(refs, max_size=8, unique=True))
    held = [ref for ref in references if draw(st.booleans())]
    return State(
        draw(st.sampled_from(["action", "audit", "officer"])),
        draw(any_days),
        draw(st.integers(0, 10**9)),
        DIGEST,
        tuple(references),
        tuple(Person(ref, draw(names), draw(names)) for ref in held),
    )


def book(*sheets: Sheet) -> Book:
    return Book("tracker.xlsx", "0" * 64, (Sheet("Actions", [["Ref"], ["2223-001"]]), *sheets))


def hidden(told: dict[str, Any]) -> Book:
    """A workbook that has a hidden sheet of these rows."""
    return book(Sheet(STATE_SHEET, [list(row) for row in told.items()], hidden=True))


@given(states())
def test_what_a_workbook_was_exported_from_is_read_again(state: State) -> None:
    assert state_of(hidden(state.told())) == state


@pytest.mark.parametrize("number", [0, 1, 499, 500, 501, 1_000, 5_000])
def test_however_many_references_there_are_a_cell_has_room_for_its_part(number: int) -> None:
    refs = tuple(f"2223-{'x' * 32}{n:03}" for n in range(number))
    told = State("action", OCT_31, 17, DIGEST, refs).told()
    assert all(len(value) <= 32_767 for value in told.values())
    state = state_of(hidden(told))
    assert state is not None
    assert state.refs == refs


def test_what_a_spreadsheet_makes_of_the_hidden_sheet_does_not_matter() -> None:
    state = State("action", OCT_31, 17, DIGEST, ("45",))
    told = state.told() | {"as_of": OCT_31, "entry": 17.0, "refs 0": 45.0}
    assert state_of(hidden(told)) == state
    rows: list[list[Cell]] = [
        [],
        [None],
        ["noun"],
        [None, "x"],
        *([key, value] for key, value in told.items()),
    ]
    assert state_of(book(Sheet(STATE_SHEET, [*rows, ["more", "of", "it"]]))) == state


def test_who_held_a_post_is_known_again_though_empty_cells_came_back_as_nothing() -> None:
    people = (Person("clerk", None, "clerk@example.org"), Person("leader", "A N Other", None))
    state = State("officer", OCT_31, 17, DIGEST, ("clerk", "ed-finance", "leader"), people)
    told = {key: value or None for key, value in state.told().items()}
    assert state_of(hidden(told)) == state


def test_a_workbook_of_somebody_elses_says_nothing_of_an_export() -> None:
    assert state_of(book()) is None
    assert state_of(book(Sheet("Irbtrack", [["noun", "action"]]))) is None
    assert state_of(book(Sheet(STATE_SHEET, []))) is None


@pytest.mark.parametrize("missing", ["noun", "as_of", "entry", "digest"])
def test_a_hidden_sheet_that_was_changed_is_refused(missing: str) -> None:
    told = State("action", OCT_31, 17, DIGEST, ("2223-001",)).told()
    without = {key: value for key, value in told.items() if key != missing}
    changes = {"as_of": "31/10/2023", "entry": "seventeen"}
    changed = [told | {missing: changes[missing]}] if missing in changes else []
    for rows in (without, *changed):
        with pytest.raises(SheetUnusable) as refused:
            state_of(hidden(rows))
        assert str(refused.value) == (
            "tracker.xlsx: its hidden sheet 'irbtrack' was changed, so nobody can say what it was"
            " exported from; export it anew, or delete that sheet to have it read as any other"
        )


# Merging


def action(**fields: Any) -> Action:
    [version] = fold(Action, "2223-001", [raised(**fields)])
    return version.record


TAKES = [None, "theirs", "ours"]


@pytest.mark.parametrize("take", TAKES)
def test_what_only_the_workbook_changed_is_taken(take: str | None) -> None:
    was = action()
    assert merged({"priority": "Low", "owner": None}, was, was, take) == (
        {"priority": "Low", "owner": None},
        [],
    )


@pytest.mark.parametrize("take", TAKES)
def test_what_both_changed_alike_is_no_conflict(take: str | None) -> None:
    said = {"priority": "Low"}
    assert merged(said, action(), action(priority="Low"), take) == (said, [])


def test_what_both_changed_otherwise_is_decided_by_whom_to_take() -> None:
    said = {"priority": "Low", "title": "Reconcile weekly"}
    was, now = action(), action(priority="Medium")
    assert merged(said, was, now, None) == (
        {"title": "Reconcile weekly"},
        [Conflict("priority", theirs="Low", ours="Medium")],
    )
    assert merged(said, was, now, "theirs") == (said, [])
    assert merged(said, was, now, "ours") == ({"title": "Reconcile weekly"}, [])


def test_what_was_emptied_in_one_place_and_changed_in_the_other_is_a_conflict() -> None:
    was, now = action(), action(owner="ad-housing")
    assert merged({"owner": None}, was, now, None) == ({}, [Conflict("owner", None, "ad-housing")])
    gone = action(owner=None)
    assert merged({"owner": "ad-housing"}, was, gone, None) == (
        {},
        [Conflict("owner", "ad-housing", None)],
    )


@pytest.mark.parametrize("take", TAKES)
def test_what_no_record_has_is_always_taken(take: str | None) -> None:
    said = {"reason": "Agreed by the board", "status": "Complete"}
    assert merged(said, action(), action(priority="Low"), take) == (said, [])


several = st.fixed_dictionaries(
    {},
    optional={
        "priority": st.sampled_from(["High", "Medium", "Low"]),
        "owner": st.sampled_from([None, "ed-finance", "ad-housing"]),
        "percent_complete": st.sampled_from([None, 0, 50, 100]),
    },
)


@given(several, several, several)
def test_nothing_is_lost_between_what_is_taken_and_what_conflicts(
    said: dict[str, Any], was: dict[str, Any], now: dict[str, Any]
) -> None:
    exported, register = action(**was), action(**now)
    kept, conflicts = merged(said, exported, register, None)
    told = {field: value for field, value in said.items() if value != getattr(exported, field)}
    assert kept.keys() | {one.field for one in conflicts} == told.keys()
    assert not kept.keys() & {one.field for one in conflicts}
    for one in conflicts:
        ours = getattr(register, one.field)
        assert (one.theirs, one.ours) == (said[one.field], ours)
        assert len({one.theirs, ours}) == 2
        assert ours != getattr(exported, one.field)
    assert merged(said, exported, register, "theirs") == (told, [])
    assert merged(said, exported, register, "ours") == (kept, [])
