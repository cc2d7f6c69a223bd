"""The overview: each figure with what is behind it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import direction, note, rags

from irbtrack.domain.figures.forward import Due
from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.domain.figures.tally import TOTALS, Bucket, Tally, tally
from irbtrack.domain.nouns.council import PRIORITIES
from irbtrack.domain.nouns.status import Status
from irbtrack.reports.direction import Compared
from irbtrack.reports.overview import (
    Fact,
    by_rag,
    due_soon,
    gone_stale,
    last_snapshot,
    moved,
    overdue,
)

DAY, SINCE = date(2023, 10, 31), date(2023, 10, 3)


def tallied(*cells: tuple[str, Status, str, int], day: date = DAY) -> Tally:
    """A tally, from year, status, priority and number."""
    counts = Counter({Bucket(year, None, status, p): n for year, status, p, n in cells})
    return tally(counts, PRIORITIES, day)


NOW = tallied(
    ("22/23", Status.OVERDUE, "High", 18),
    ("22/23", Status.OVERDUE, "Low", 41),
    ("22/23", Status.COMPLETE, "High", 7),
    ("23/24", Status.OVERDUE, "High", 2),
)
THEN = tallied(
    ("21/22", Status.OVERDUE, "Low", 3),
    ("22/23", Status.OVERDUE, "High", 20),
    ("22/23", Status.OVERDUE, "Low", 40),
    day=SINCE,
)


def test_overdue_is_told_for_each_year_and_in_all_beside_the_last_snapshot() -> None:
    assert overdue(NOW, THEN) == [
        Fact("overdue", "21/22", 0, -3, 0, 0),
        Fact("overdue", "22/23", 59, -1, 18, -2),
        Fact("overdue", "23/24", 2, 2, 2, 2),
        Fact("overdue", TOTALS, 61, -2, 20, 0),
    ]


def test_without_a_snapshot_there_is_no_change() -> None:
    assert overdue(NOW, None) == [
        Fact("overdue", "22/23", 59, None, 18, None),
        Fact("overdue", "23/24", 2, None, 2, None),
        Fact("overdue", TOTALS, 61, None, 20, None),
    ]


def test_an_empty_register_has_nothing_overdue() -> None:
    empty = tallied()
    assert overdue(empty, None) == [Fact("overdue", TOTALS, 0, None, 0, None)]
    assert overdue(empty, empty) == [Fact("overdue", TOTALS, 0, 0, 0, 0)]


tallies = st.lists(
    st.tuples(
        st.sampled_from(["21/22", "22/23", "23/24"]),
        st.sampled_from(Status),
        st.sampled_from(PRIORITIES),
        st.integers(0, 50),
    ),
    max_size=12,
).map(lambda cells: tallied(*cells))


@given(tallies, st.none() | tallies)
def test_the_years_sum_to_the_whole_and_reversing_reverses_the_changes(
    now: Tally, then: Tally | None
) -> None:
    *years, whole = overdue(now, then)
    assert whole.number == sum(one.number for one in years)
    assert whole.high == sum(one.high or 0 for one in years)
    if then is None:
        assert {(one.change, one.high_change) for one in (*years, whole)} == {(None, None)}
    else:
        assert whole.change == sum(one.change or 0 for one in years)
        assert whole.high_change == sum(one.high_change or 0 for one in years)
        back = overdue(then, now)
        assert [(-(o.change or 0), -(o.high_change or 0)) for o in back] == [
            (o.change, o.high_change) for o in (*years, whole)
        ]


def test_what_falls_due_is_counted_by_kind_with_its_references() -> None:
    ahead = [
        Due(DAY, noun, ref, "Ledger closed", (), None)
        for noun, ref in (("action", "2223-001"), ("direction", "3a"), ("action", "2223-002"))
    ]
    assert due_soon(ahead) == [
        Fact("due", "action", 2, refs=("2223-001", "2223-002"), says="2 actions"),
        Fact("due", "milestone", 0, says="0 milestones"),
        Fact("due", "direction", 1, refs=("3a",), says="1 direction"),
    ]


def test_directions_are_counted_by_rag_worst_first() -> None:
    there = [direction("3a", rag="A"), direction("3b", rag="C"), direction("4", rag="A")]
    assert [(f.of, f.number, f.refs, f.says) for f in by_rag(there)] == [
        ("R", 0, (), "0 red"),
        ("A", 2, ("3a", "4"), "2 amber"),
        ("G", 0, (), "0 green"),
        ("C", 1, ("3b",), "1 complete"),
    ]


def test_directions_without_a_rag_are_counted_only_if_there_are_any() -> None:
    last = by_rag([direction("3a", rag=None)])[-1]
    assert (last.of, last.number, last.refs, last.says) == (None, 1, ("3a",), "1 not rated")
    assert [fact.of for fact in by_rag([])] == ["R", "A", "G", "C"]


@given(st.lists(st.none() | rags, max_size=15))
def test_every_direction_is_counted_under_one_rag(given_: list[str | None]) -> None:
    there = [direction(str(n), rag=rag) for n, rag in enumerate(given_)]
    facts = by_rag(there)
    assert sorted(ref for fact in facts for ref in fact.refs) == sorted(one.ref for one in there)
    assert all(fact.number == len(fact.refs) for fact in facts)


def test_the_directions_that_moved_are_told_with_what_they_were() -> None:
    there = [
        direction("3a", rag="R"),
        direction("3b", rag="A"),
        direction("4", rag="C"),
        direction("5", rag="G", trend="down", trend_on=DAY),
        direction("6", rag="G", trend="same", trend_on=DAY),
        direction("7", rag="G"),
        direction("8", rag=None),
    ]
    then = {
        ref: direction(ref, rag=rag)
        for ref, rag in (("3a", "A"), ("3b", "A"), ("4", "G"), ("5", "G"), ("6", "R"), ("8", "G"))
    }
    assert [(f.of, f.refs, f.says) for f in moved(there, Compared(SINCE, then))] == [
        ("down", ("3a",), "3a ▼ A to R"),
        ("up", ("4",), "4 ▲ G to C"),
        ("down", ("5",), "5 ▼ an officer's word"),
    ]
    assert {f.number for f in moved(there, Compared(SINCE, then))} == {1}


def test_with_nothing_to_compare_with_only_an_officers_word_moves() -> None:
    there = [direction("3a", rag="R"), direction("5", rag="G", trend="up", trend_on=DAY)]
    assert [f.says for f in moved(there, Compared(None, {}))] == ["5 ▲ an officer's word"]


def test_stale_commentary_is_told_with_its_age() -> None:
    there = [direction("3a"), direction("3b"), direction("4"), direction("5", rag="C")]
    told = {
        "3a": [note(dated_on=DAY - timedelta(days=36))],
        "3b": [],
        "4": [note(dated_on=DAY)],
        "5": [],
    }
    assert gone_stale(there, told, DAY) == [
        Fact("stale", "3a", 36, refs=("3a",), says="3a (36 days)"),
        Fact("stale", "3b", None, refs=("3b",), says="3b (none yet)"),
    ]


def snapshot(number: int, as_of: date, label: str | None = None) -> Snapshot:
    """A snapshot taken two days after its day."""
    taken = datetime(as_of.year, as_of.month, as_of.day, 9, 30, tzinfo=UTC) + timedelta(days=2)
    return Snapshot(number, number, as_of, label, taken, "register-officer", None, "0" * 64, False)


def test_the_last_snapshot_is_the_newest_of_a_day_up_to_this_one() -> None:
    taken = [
        snapshot(1, DAY, "November board"),
        snapshot(2, SINCE),
        snapshot(3, DAY + timedelta(days=1)),
    ]
    assert last_snapshot(taken, DAY) == [
        Fact(
            *("snapshot", "2023-10-31", 1),
            says="31 October 2023, November board, taken on 2 November 2023",
        )
    ]
    assert [f.says for f in last_snapshot(taken, DAY - timedelta(days=1))] == [
        "3 October 2023, taken on 5 October 2023"
    ]
    assert last_snapshot(taken, SINCE - timedelta(days=1)) == last_snapshot([], DAY) == []
