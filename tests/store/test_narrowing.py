"""What SQL leaves out is never what was wanted, and news is heard when it was told."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import (
    RAISED,
    RECORDED,
    another,
    changed,
    days,
    entry,
    in_force,
    raised,
    registers,
    undoing,
)

from irbtrack.domain.figures.selection import Selection, open_until, selected
from irbtrack.domain.journal import Entry
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.status import Status
from irbtrack.register.view import View
from irbtrack.store.database import Location
from irbtrack.store.gather import records_as_of
from irbtrack.store.narrowing import MOST_NAMED, narrowed
from irbtrack.store.news import news_as_of
from irbtrack.store.reading import reading
from irbtrack.store.write import writing

SOURCES = {"2223-A01": "Internal Audit", "2223-A02": "Peer Review"}


def some(*values: str | None) -> st.SearchStrategy[frozenset[str | None]]:
    """Often no condition, else one or two values."""
    return st.just(frozenset()) | st.frozensets(st.sampled_from(values), max_size=2)


dates = st.none() | st.dates(RAISED - timedelta(days=5), RAISED + timedelta(days=60))

wanted_actions = st.builds(
    Selection,
    refs=some("2223-001", "2223-002", "2223-009"),
    years=some("21/22", "22/23"),
    audits=some("2223-A01", "2223-A02", None),
    sources=some("Internal Audit", "Peer Review", None),
    directorates=some("finance", "housing"),
    owners=some("ed-finance", "ad-housing", None),
    priorities=some("High", "Medium"),
    statuses=st.just(frozenset()) | st.frozensets(st.sampled_from(Status), max_size=3),
    closed_as=st.just(frozenset()) | some("Risk Accepted", "Withdrawn"),
    due_before=dates,
    due_after=dates,
    overdue_by=st.none() | st.integers(0, 30),
    overdue_to=st.none() | st.integers(0, 60),
    redated=st.none() | st.integers(0, 3),
    stale=st.none() | st.integers(0, 50),
    unverified=st.booleans(),
    original=st.booleans(),
)


@given(registers(), wanted_actions, days.map(lambda day: day + timedelta(days=20)))
def test_what_is_narrowed_first_is_selected_as_all_would_be(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    register: list[Entry],
    wanted: Selection,
    day: date,
) -> None:
    location = another(migrated, tmp_path_factory)
    with writing(location) as journal:
        journal.record(*register)
    with reading(location) as reader:
        news = news_as_of(reader, day)
        everything = records_as_of(reader, Action, day)
        few = records_as_of(reader, Action, day, None, narrowed(wanted, day, SOURCES))
    known = {"sources": SOURCES, "news": news}
    assert selected(few, day, wanted, **known) == selected(everything, day, wanted, **known)


CASES = [
    Selection(statuses=frozenset({Status.OVERDUE})),
    Selection(statuses=frozenset({Status.OVERDUE}), overdue_by=10, overdue_to=20),
    Selection(statuses=frozenset({Status.OVERDUE}), original=True),
    Selection(statuses=frozenset({Status.NOT_DUE})),
    Selection(statuses=frozenset({Status.COMPLETE})),
    Selection(statuses=frozenset({Status.CLOSED})),
    Selection(statuses=frozenset({Status.NOT_ALLOCATED})),
    Selection(owners=frozenset({None})),
    Selection(sources=frozenset({"Peer Review"})),
    Selection(sources=frozenset({"Peer Review"}), audits=frozenset({"2223-A01"})),
    Selection(redated=1),
    Selection(unverified=True),
    Selection(closed_as=frozenset({"Withdrawn"})),
    Selection(stale=20),
    open_until(RAISED + timedelta(days=30), RAISED + timedelta(days=60)),
]
DAY = RAISED + timedelta(days=30)


@pytest.mark.parametrize("wanted", CASES)
def test_sql_leaves_out_what_a_filter_alone_can_leave_out(
    database: Location, wanted: Selection
) -> None:
    """Of actions of every kind, those that SQL lets through are those that are wanted."""
    kinds = [
        {"due_on": RAISED + timedelta(days=5)},
        {"due_on": RAISED + timedelta(days=15), "audit": "2223-A01"},
        {"due_on": RAISED + timedelta(days=40), "audit": "2223-A02"},
        {"due_on": RAISED + timedelta(days=90)},
        {"due_on": None},
        {"owner": None},
        {"completed_on": RAISED},
        {"completed_on": RAISED, "verified_on": RAISED, "verified_by": "auditor"},
        {"closed_on": RAISED, "closed_as": "Withdrawn"},
    ]
    changes = [raised(f"2223-{n:03}", **kind) for n, kind in enumerate(kinds)]
    moved = changed(RAISED, "2223-003", due_on=RAISED + timedelta(days=95))
    with writing(database) as journal:
        journal.record(entry(*changes, moved))
    with reading(database) as reader:
        everything = records_as_of(reader, Action, DAY)
        few = records_as_of(reader, Action, DAY, None, narrowed(wanted, DAY, SOURCES))
    assert len(everything) == len(kinds)
    assert len(few) < len(everything)
    assert selected(few, DAY, wanted, sources=SOURCES) == selected(
        everything, DAY, wanted, sources=SOURCES
    )


def test_a_condition_of_very_many_values_is_left_out() -> None:
    refs = [f"2223-{n:04}" for n in range(MOST_NAMED + 1)]
    assert narrowed(Selection(refs=frozenset(refs[:-1])), DAY, {}).sql.count(":ref") == MOST_NAMED
    assert narrowed(Selection(refs=frozenset(refs)), DAY, {}).sql == ""


@given(registers(), days, st.none() | st.integers(0, 12))
def test_news_is_the_last_progress_that_was_given_and_not_taken_back(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    register: list[Entry],
    day: date,
    known: int | None,
) -> None:
    location = another(migrated, tmp_path_factory)
    with writing(location) as journal:
        journal.record(*register)
    so_far = register if known is None else register[: known + 1]
    expected: dict[str, date] = {}
    for ref, changes in in_force(so_far).items():
        told = [
            change.effective_on
            for change in changes
            if change.effective_on <= day
            for field in ("progress", "percent_complete")
            if change.fields.get(field) is not None
        ]
        if told:
            expected[ref] = max(told)
    known_at: datetime | None = None if known is None else RECORDED + timedelta(minutes=known)
    with reading(location) as reader:
        assert news_as_of(reader, day, known_at) == expected


def test_a_text_that_looks_like_a_field_is_no_news(database: Location) -> None:
    told = '"progress":"x" "percent_complete":5'
    noted = entry(changed(DAY, progress="Begun"), at=RECORDED + timedelta(minutes=1))
    taken_back = undoing(2, noted, RECORDED + timedelta(minutes=2))
    with writing(database) as journal:
        journal.record(entry(raised(detail=told, title=told)), noted, taken_back)
    with reading(database) as reader:
        assert news_as_of(reader, DAY) == {}
        assert news_as_of(reader, DAY, RECORDED + timedelta(minutes=1)) == {"2223-001": DAY}
        stale = View(reader, DAY).selected(Selection(stale=30))
        assert [one.ref for one in stale] == ["2223-001"]
        assert View(reader, DAY).selected(Selection(stale=31)) == []
