"""Contradictions are refused on whatever day a change takes effect, and in whatever order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import another, entry

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.errors import Refused
from irbtrack.store.database import Location
from irbtrack.store.gather import as_of_or_first, entries, versions_by
from irbtrack.store.reading import reading
from irbtrack.store.write import writing

START = date(2023, 6, 1)
CODES = ("a", "b", "c", "d")


def recorded(location: Location, *changes: Change) -> bool:
    """Whether an entry of these changes was accepted."""
    try:
        with writing(location) as journal:
            journal.record(entry(*changes))
    except Refused:
        return False
    return True


def workstream(code: str, on: date, **fields: object) -> Change:
    return Change("workstream", code, on, fields)


def milestone(on: date, **fields: object) -> Change:
    return Change("milestone", "M001", on, fields)


moves = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.none() | st.sampled_from(CODES),
        st.dates(START, date(2023, 6, 5)),
    ),
    max_size=8,
)


@given(moves)
def test_no_order_of_moves_makes_a_circle_on_any_day(
    migrated: object, tmp_path_factory: pytest.TempPathFactory, moved: list[tuple[str, str, date]]
) -> None:
    location = another(migrated, tmp_path_factory)  # type: ignore[arg-type]
    added = [workstream(c, START, name=c, position=n) for n, c in enumerate(CODES, 1)]
    assert recorded(location, *added)
    taken = sum(recorded(location, workstream(c, on, within=outer)) for c, outer, on in moved)
    with reading(location) as reader:
        assert len(list(entries(reader))) == 1 + taken
        for day in {
            v.valid_from for vs in versions_by(reader, Workstream, FOREVER).values() for v in vs
        }:
            there = as_of_or_first(reader, Workstream, day)
            assert sorted(one.ref for _, one in outline(there.values())) == list(CODES)


def test_a_milestone_that_a_late_record_would_turn_round_is_left_as_it_was(
    database: Location,
) -> None:
    recorded(database, workstream("a", START, name="A", position=1))
    assert recorded(
        database,
        milestone(
            START,
            title="M",
            workstream="a",
            starts_on=date(2023, 7, 1),
            forecast_on=date(2023, 9, 1),
        ),
    )
    assert recorded(database, milestone(date(2023, 8, 1), starts_on=date(2023, 8, 20)))
    assert not recorded(database, milestone(date(2023, 7, 1), forecast_on=date(2023, 8, 10)))
    with reading(database) as reader:
        [versions] = versions_by(reader, Milestone, FOREVER).values()
    assert [v.record.forecast_on for v in versions] == [date(2023, 9, 1)] * 2


def test_what_is_refused_is_no_entry(database: Location) -> None:
    recorded(database, workstream("a", START, name="A", position=1))
    assert not recorded(database, workstream("a", START, within="a"))
    with reading(database) as reader:
        assert [number for number, _ in entries(reader)] == [1]
