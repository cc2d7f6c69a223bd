"""How snapshots differ, and which entries can be the reason."""

import time
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import direction

from irbtrack.domain.figures.restatement import (
    Snapshot,
    SnapshotLine,
    differences,
    explains,
    snapshot_counts,
)
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.status import Status

SEP_30, OCT_31 = date(2023, 9, 30), date(2023, 10, 31)
LINE = SnapshotLine("2223-001", "22/23", "2223-A01", "finance", "ed-finance", "High", "Overdue")

lines = st.lists(
    st.builds(
        LINE._replace,
        ref=st.sampled_from([f"2223-{n:03}" for n in range(1, 9)]),
        priority=st.sampled_from(["High", "Medium", "Low"]),
        status=st.sampled_from(["Overdue", "Complete", "Not Due"]),
    ),
    unique_by=lambda line: line.ref,
)


def snapshot(as_of: date, entry: int) -> Snapshot:
    taken = datetime(2023, 11, 1, tzinfo=UTC)
    return Snapshot(entry, entry, as_of, None, taken, "register-officer", None, "", False)


def change(effective_on: date, **fields: object) -> Change:
    return Change("action", "2223-001", effective_on, fields)


@given(lines)
def test_nothing_differs_from_itself(some: list[SnapshotLine]) -> None:
    assert differences("action", some, some, []) == []


@given(lines, lines)
def test_differences_reverse(before: list[SnapshotLine], after: list[SnapshotLine]) -> None:
    there = differences("action", before, after, [])
    back = differences("action", after, before, [])
    assert there == [(*key, one, two, why) for *key, two, one, why in back]


@given(lines, lines)
def test_without_differences_the_figures_are_the_same(
    before: list[SnapshotLine], after: list[SnapshotLine]
) -> None:
    if not differences("action", before, after, []):
        assert snapshot_counts(before, "directorate") == snapshot_counts(after, "directorate")


def test_lines_are_counted_by_what_is_asked_for() -> None:
    counted = [
        LINE,
        LINE._replace(ref="2223-002"),
        LINE._replace(ref="2223-003", audit=None, directorate="housing", status="Complete"),
        LINE._replace(ref="2223-004", audit="2223-A02", priority="Low"),
    ]
    late, done = ("22/23", Status.OVERDUE, "High"), ("22/23", Status.COMPLETE, "High")
    low = ("22/23", Status.OVERDUE, "Low")

    def counts(*args: object, **kwargs: object) -> dict[tuple[object, ...], int]:
        found = snapshot_counts(counted, *args, **kwargs)
        return {(one.year, one.status, one.priority, one.group): n for one, n in found.items()}

    assert counts() == {(*late, None): 2, (*done, None): 1, (*low, None): 1}
    assert counts("directorate") == {
        (*late, "finance"): 2, (*done, "housing"): 1, (*low, "finance"): 1
    }  # fmt: skip
    made_by = {"2223-A01": "Internal Audit", "2223-A02": "Inspection"}
    by_source = {
        (*late, "Internal Audit"): 2, (*done, None): 1, (*low, "Inspection"): 1
    }  # fmt: skip
    assert counts("source", sources=made_by) == by_source
    assert counts("source") == {(*late, None): 2, (*done, None): 1, (*low, None): 1}
    assert counts(sources=made_by, of_sources=["Inspection"]) == {(*low, None): 1}
    assert counts(sources=made_by, of_sources=[None]) == {(*done, None): 1}


def test_only_changes_that_concern_a_field_are_its_causes() -> None:
    changes = [
        (7, change(OCT_31, progress="Begun")),
        (8, change(OCT_31, completed_on=OCT_31)),
        (9, change(OCT_31, priority="Low")),
        (10, change(OCT_31)),  # takes another entry back
    ]
    after = [LINE._replace(status="Complete", priority="Low")]
    assert differences("action", [LINE], after, changes) == [
        ("action", "2223-001", "priority", "High", "Low", "9, 10"),
        ("action", "2223-001", "status", "Overdue", "Complete", "8, 10"),
    ]


def test_the_causes_of_a_large_register_are_found_at_once() -> None:
    refs = [f"2223-{n}" for n in range(20_000)]
    before = [LINE._replace(ref=ref) for ref in refs]
    after = [one._replace(owner="ed-people") for one in before]
    changes = [
        (n, Change("action", ref, OCT_31, {"owner": "ed-people"})) for n, ref in enumerate(refs)
    ]
    begun = time.process_time()
    causes = [row[-1] for row in differences("action", before, after, changes)]
    assert time.process_time() - begun < 5  # and not the minutes that each by each would take
    assert causes == [str(n) for n in range(20_000)]


def test_an_action_that_is_counted_in_one_only_has_no_status_in_the_other() -> None:
    assert differences("action", [LINE], [], []) == [
        ("action", "2223-001", "status", "Overdue", None, "")
    ]


def test_a_direction_differs_in_what_was_published_of_it() -> None:
    before = [direction("3a", rag="A"), direction("10", rag="G")]
    after = [
        direction("3a", rag="R", target_note="FOR REVIEW", trend="down", trend_on=OCT_31),
        direction("SEND", title="SEND"),
    ]
    changes = [
        (7, Change("direction", "3a", OCT_31, {"rag": "R"})),
        (8, Change("direction", "4", OCT_31, {"rag": "R"})),
        (9, Change("action", "3a", OCT_31, {"rag": "R"})),
    ]
    assert differences("direction", before, after, changes) == [
        ("direction", "3a", "rag", "A", "R", "7"),
        ("direction", "3a", "target_note", None, "FOR REVIEW", ""),
        ("direction", "3a", "trend", None, "down", ""),
        ("direction", "10", "title", "Financial Sustainability", None, ""),
        ("direction", "SEND", "title", None, "SEND", ""),
    ]


def test_a_restatement_is_explained_by_what_was_recorded_since() -> None:
    published = snapshot(OCT_31, 100)
    assert explains(101, change(OCT_31), published, None)
    assert not explains(99, change(OCT_31), published, None)
    assert not explains(101, change(date(2023, 11, 1)), published, None)
    assert not explains(100, change(OCT_31), published, None)


def test_two_snapshots_differ_by_what_took_effect_between_their_days() -> None:
    first, second = snapshot(SEP_30, 110), snapshot(OCT_31, 120)  # the first taken late
    assert explains(105, change(date(2023, 10, 2)), first, second)
    assert explains(115, change(SEP_30), first, second)
    assert not explains(105, change(SEP_30), first, second)
    assert not explains(125, change(date(2023, 10, 2)), first, second)
    assert not explains(115, change(date(2023, 11, 2)), first, second)
    assert explains(115, change(OCT_31), first, second)
    assert not explains(110, change(SEP_30), first, second)
    assert not explains(120, change(SEP_30), first, second)
    assert not explains(120, change(OCT_31), first, second)
