"""Somebody else's list beside ours: what is on one only and why, and what differs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import changed, history, raised, sound_changes

from irbtrack.domain.field import Holds
from irbtrack.domain.figures.reconciliation import (
    COMPARED,
    FieldDifference,
    Past,
    Register,
    TheirRow,
    field_differences,
    reconciliation,
    say_status,
    unknown_reference,
    why_different,
    why_not_ours,
)
from irbtrack.domain.figures.selection import Selection, selected
from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns.action import Action, Closure
from irbtrack.domain.nouns.status import Status

DAY = date(2023, 10, 31)
OVERDUE = Selection(statuses=frozenset({Status.OVERDUE}))
ALL = frozenset(one.name for one in COMPARED)


def past(*changes: Change, **others: int) -> Past:
    """The past of an action whose changes are entries 1, 2, 3 and so on."""
    versions = history(*changes)
    return Past(versions, list(enumerate(changes, 1)), **others)


LATE = raised(due_on=date(2023, 9, 30))
DONE = changed(date(2023, 10, 12), completed_on=date(2023, 10, 12))
MOVED = changed(date(2023, 10, 3), due_on=date(2023, 12, 15))
BEGUN = changed(date(2023, 10, 13), progress="Begun")
COMPLETE = Selection(statuses=frozenset({Status.COMPLETE}))
LATE_BY = "overdue since 1 October 2023 (31 days)"


def closed(on: date, kind: Closure, until: date | None = None) -> Change:
    return changed(on, closed_on=on, closed_as=kind.value, expires_on=until)


KNOWN = Register(
    {"2223-A01": "Council Tax", "Low": "Low-lying roads"},
    {"2223-A01": "Internal Audit"},
    {"2223-001": date(2023, 10, 20)},
)


@pytest.mark.parametrize(
    ("changes", "wanted", "why"),
    [
        ([LATE, changed(date(2023, 10, 12), completed_on=date(2023, 10, 12))], OVERDUE,
         "complete on 12 October 2023 (entry 2)"),
        ([LATE, changed(date(2023, 10, 12), closed_on=date(2023, 10, 12), closed_as="Superseded")],
         OVERDUE, "closed on 12 October 2023 as Superseded (entry 2)"),
        ([LATE, changed(date(2023, 10, 12), closed_on=date(2023, 10, 12),
                        closed_as="Risk Accepted", expires_on=date(2023, 12, 31))],
         Selection(),
         "closed on 12 October 2023 as Risk Accepted until 31 December 2023 (entry 2)"),
        ([LATE, changed(date(2023, 10, 3), due_on=date(2023, 12, 15))], OVERDUE,
         "re-dated on 3 October 2023 from 30 September 2023 to 15 December 2023 (entry 2), so not"
         " due until 15 December 2023"),
        ([LATE, changed(date(2023, 10, 3), due_on=date(2023, 12, 15)),
          changed(date(2023, 10, 4), due_on=date(2024, 1, 31))], OVERDUE,
         "re-dated on 3 October 2023 from 30 September 2023 to 15 December 2023, so not due until"
         " 31 January 2024"),
        ([raised(due_on=date(2024, 3, 31))], OVERDUE, "not due until 31 March 2024"),
        ([raised(due_on=DAY)], OVERDUE, "due on 31 October 2023 itself, which is not overdue"),
        ([raised(on=date(2023, 11, 2), raised_on=date(2023, 11, 2))], Selection(),
         "not raised until 2 November 2023 (entry 1)"),
        ([raised(owner=None)], OVERDUE, "not allocated: no owner"),
        ([raised(owner=None, due_on=None)], OVERDUE, "not allocated: no owner or due date"),
        ([LATE], Selection(years=frozenset({"23/24"})), "of another year (22/23)"),
        ([LATE], Selection(owners=frozenset({"ad-housing"})), "owned by ed-finance"),
        ([raised(owner=None)], Selection(owners=frozenset({"ad-housing"})), "without an owner"),
        ([raised(audit="2223-A01")], Selection(audits=frozenset({"2223-A02"})),
         "of another audit (Council Tax)"),
        ([LATE, changed(date(2023, 10, 9), priority="Low")],
         Selection(priorities=frozenset({"High"})),
         "of another priority (Low) since 9 October 2023 (entry 2)"),
        ([raised(audit="2223-A01")], Selection(sources=frozenset({"Inspection"})),
         "reviewed by another source (Internal Audit)"),
        ([LATE], Selection(sources=frozenset({"Inspection"})), "without an audit"),
        ([LATE], Selection(overdue_by=1, overdue_to=30), "overdue by 31 days already"),
        ([LATE], Selection(redated=2), "never re-dated"),
        ([LATE], Selection(stale=30), "heard of on 20 October 2023"),
        ([LATE], Selection(stale=11), ""),
        ([LATE, DONE], Selection(stale=11), "complete on 12 October 2023 (entry 2)"),
        ([raised(due_on=DAY)], Selection(stale=11, unverified=True),
         "due on 31 October 2023 itself, which is not overdue"),
        ([LATE], Selection(closed_as=frozenset({"Withdrawn"})),
         "overdue since 1 October 2023 (31 days)"),
        ([LATE], Selection(statuses=frozenset({Status.COMPLETE})),
         "overdue since 1 October 2023 (31 days)"),
        ([LATE, changed(date(2023, 10, 1), completed_on=date(2023, 10, 1)),
          changed(date(2023, 10, 20), completed_on=None)],
         Selection(statuses=frozenset({Status.COMPLETE})), "reopened on 20 October 2023 (entry 3)"),
        ([LATE], Selection(due_before=date(2023, 9, 1)),
         "due on 30 September 2023, so not before 1 September 2023"),
        ([raised(due_on=None)], Selection(due_after=DAY),
         "without a due date, so not after 31 October 2023"),
        ([LATE], Selection(overdue_by=90), "overdue by 31 days only"),
        ([raised(due_on=date(2023, 12, 1))], Selection(overdue_by=90),
         "not due until 1 December 2023"),
        ([LATE, changed(date(2023, 10, 12), completed_on=date(2023, 10, 12)),
          changed(date(2023, 10, 19), verified_on=date(2023, 10, 19))],
         Selection(unverified=True), "verified on 19 October 2023 (entry 3)"),
        ([LATE], Selection(text="boiler"),
         "without 'boiler' in its reference, title, detail or progress"),
        ([LATE], Selection(unverified=True), LATE_BY),
        ([LATE, DONE, changed(DAY, verified_on=DAY)], Selection(), ""),
        ([LATE], OVERDUE, ""),
        ([LATE, DONE, BEGUN], OVERDUE, "complete on 12 October 2023 (entry 2)"),
        ([LATE, changed(DAY, completed_on=DAY)], OVERDUE, "complete on 31 October 2023 (entry 2)"),
        ([LATE, DONE], Selection(overdue_by=1), "complete on 12 October 2023 (entry 2)"),
        ([LATE, DONE, changed(DAY, completed_on=None)], COMPLETE,
         "reopened on 31 October 2023 (entry 3)"),
        ([LATE, DONE, changed(DAY, completed_on=None)],
         Selection(statuses=frozenset({Status.NOT_DUE})), LATE_BY),
        ([LATE, closed(DAY, Closure.WITHDRAWN)], Selection(closed_as=frozenset({"Withdrawn"})), ""),
        ([LATE, closed(DAY, Closure.WITHDRAWN)], Selection(closed_as=frozenset({"Superseded"})),
         "closed on 31 October 2023 as Withdrawn (entry 2)"),
        ([LATE, closed(date(2023, 10, 2), Closure.RISK_ACCEPTED, date(2023, 10, 9))],
         Selection(closed_as=frozenset({"Risk Accepted"})), LATE_BY),
        ([LATE, changed(DAY, priority="Low")], Selection(priorities=frozenset({"High"})),
         "of another priority (Low) since 31 October 2023 (entry 2)"),
        ([LATE, changed(date(2023, 11, 1), priority="Low"),
          changed(date(2023, 11, 2), priority="High")], Selection(priorities=frozenset({"Low"})),
         "of another priority (High)"),
        ([raised(audit="2223-A09")], Selection(audits=frozenset({"2223-A02"})),
         "of another audit (2223-A09)"),
        ([raised(due_on=DAY), MOVED], OVERDUE, "not due until 15 December 2023"),
        ([LATE, changed(DAY, due_on=DAY)], OVERDUE,
         "re-dated on 31 October 2023 from 30 September 2023 to 31 October 2023 (entry 2), so due"
         " on 31 October 2023 itself, which is not overdue"),
        ([LATE, MOVED, changed(date(2023, 11, 10), due_on=date(2023, 10, 1)),
          changed(date(2023, 11, 20), due_on=date(2024, 1, 31))], OVERDUE,
         "re-dated on 3 October 2023 from 30 September 2023 to 15 December 2023 (entry 2), so not"
         " due until 15 December 2023"),
        ([LATE], Selection(due_before=date(2023, 9, 30)),
         "due on 30 September 2023, so not before 30 September 2023"),
        ([LATE], Selection(due_after=date(2023, 9, 30)),
         "due on 30 September 2023, so not after 30 September 2023"),
        ([LATE], Selection(overdue_by=31), ""),
        ([LATE], Selection(overdue_by=31, overdue_to=31), ""),
        ([LATE], Selection(overdue_to=30), "overdue by 31 days already"),
        ([raised(due_on=date(2023, 10, 30))], Selection(overdue_to=1), ""),
        ([raised(due_on=date(2023, 10, 30))], Selection(overdue_by=2), "overdue by 1 day only"),
        ([LATE, MOVED], Selection(redated=1), ""),
        ([LATE, MOVED], Selection(redated=2), "re-dated only once"),
        ([LATE, MOVED, changed(DAY, due_on=DAY)], Selection(redated=3), "re-dated only 2 times"),
    ],
)  # fmt: skip
def test_the_most_telling_reason_why_theirs_is_not_ours(
    changes: list[Change], wanted: Selection, why: str
) -> None:
    assert why_not_ours(past(*changes), DAY, wanted, KNOWN) == why


def test_what_was_undone_or_not_known_yet_has_no_versions() -> None:
    assert (
        why_not_ours(Past(undone_by=8), DAY, OVERDUE, Register())
        == "its adding was undone by entry 8"
    )
    assert why_not_ours(Past(), DAY, OVERDUE, Register()) == "its adding was undone"
    later = "not known yet then; entry 9 added it later"
    assert why_not_ours(Past(unknown_by=9), DAY, OVERDUE, Register()) == later


def test_by_original_dates_a_redating_is_no_reason() -> None:
    moved = past(LATE, changed(date(2023, 10, 3), due_on=date(2023, 12, 15)))
    assert why_not_ours(moved, DAY, OVERDUE._replace(original=True), Register()) == ""
    assert say_status(moved, moved.versions[-1].record, DAY, original=True) == LATE_BY


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Selection(due_before=date(2023, 9, 30)),
         "due on 30 September 2023, so not before 30 September 2023"),
        (Selection(due_before=date(2023, 10, 1)), ""),
        (Selection(overdue_by=32), "overdue by 31 days only"),
        (Selection(closed_as=frozenset({"Withdrawn"})), LATE_BY),
        (Selection(statuses=frozenset({Status.NOT_DUE})), LATE_BY),
        (Selection(unverified=True), LATE_BY),
    ],
)  # fmt: skip
def test_by_original_dates_every_reason_has_those(wanted: Selection, why: str) -> None:
    moved = past(LATE, MOVED)
    assert why_not_ours(moved, DAY, wanted._replace(original=True), Register()) == why


def test_an_action_that_became_late_when_it_was_moved_was_not_due_by_its_original_date() -> None:
    nearer = past(raised(due_on=date(2023, 12, 15)), changed(DAY, due_on=date(2023, 9, 30)))
    wanted = Selection(overdue_by=1, original=True)
    why = "not due until 15 December 2023"
    assert why_not_ours(nearer, DAY, wanted, Register()) == why
    wanted = Selection(stale=1, original=True)
    done = past(raised(due_on=date(2023, 12, 15)), DONE)
    why = "complete on 12 October 2023 (entry 2)"
    assert why_not_ours(done, DAY, wanted, Register()) == why


def test_no_entry_is_named_where_none_is_known() -> None:
    later = history(raised(on=date(2023, 11, 2), raised_on=date(2023, 11, 2)))
    assert why_not_ours(Past(later), DAY, OVERDUE, Register()) == "not raised until 2 November 2023"
    assert past(LATE).entry_of("priority", "Low", DAY) == ""
    assert past(LATE).entry_of("progress", "Begun", DAY) == ""


SELECTIONS = st.builds(
    Selection,
    refs=st.just(frozenset()),
    sources=st.frozensets(st.sampled_from([None, "Inspection"]), max_size=1),
    years=st.frozensets(st.sampled_from(["21/22", "22/23"]), max_size=1),
    audits=st.frozensets(st.sampled_from(["2223-A01"]), max_size=1),
    directorates=st.frozensets(st.sampled_from(["finance", "housing"]), max_size=1),
    owners=st.frozensets(st.sampled_from([None, "ed-finance"]), max_size=1),
    priorities=st.frozensets(st.sampled_from(["High", "Low"]), max_size=2),
    statuses=st.frozensets(st.sampled_from(list(Status)), max_size=3),
    due_before=st.none() | st.dates(date(2023, 1, 1), date(2023, 12, 31)),
    due_after=st.none() | st.dates(date(2023, 1, 1), date(2023, 12, 31)),
    closed_as=st.frozensets(st.sampled_from(["Withdrawn", "Risk Accepted"]), max_size=1),
    overdue_by=st.none() | st.integers(0, 30),
    overdue_to=st.none() | st.integers(20, 60),
    redated=st.none() | st.integers(0, 3),
    stale=st.none() | st.integers(0, 60),
    text=st.none() | st.sampled_from(["ledger", "suspense"]),
    unverified=st.booleans(),
)


@given(sound_changes(), SELECTIONS, st.integers(-2, 60), st.booleans())
def test_there_is_a_reason_for_exactly_what_does_not_pass(
    changes: list[Change], wanted: Selection, later: int, original: bool
) -> None:
    day = date(2023, 1, 10) + timedelta(days=later)
    versions = fold(Action, "2223-001", changes)
    told = Past(versions, list(enumerate(changes, 1)))
    then = version_on(versions, day)
    passes = then is not None and bool(selected([then], day, wanted._replace(original=original)))
    assert (why_not_ours(told, day, wanted._replace(original=original), Register()) == "") == passes


REFS = [f"2223-{n:03}" for n in range(1, 9)]


def action(ref: str, **fields: object) -> Action:
    """An action as it stands on the day."""
    [version] = history(raised(**fields))
    return Action(**vars(version.record) | {"ref": ref})


@given(st.lists(st.none() | st.sampled_from(REFS)), st.sets(st.sampled_from(REFS)))
def test_both_sides_balance_and_nothing_is_lost(theirs: list[str | None], ours: set[str]) -> None:
    rows = [TheirRow(f"line {n}", ref) for n, ref in enumerate(theirs)]
    found = reconciliation(rows, [action(ref) for ref in sorted(ours)])
    named = {ref for ref in theirs if ref}
    assert len(found.theirs) + len(found.both) == len(named) + theirs.count(None)
    assert len(found.ours) + len(found.both) == len(ours)
    assert {one.ref for one in found.ours} == ours - named
    assert {one.ref for one, _ in found.both} == ours & named
    assert {row.ref for row in found.theirs} - {None} == named - ours
    stand = [row for rows in found.repeated for row in rows]
    assert sorted(row.ref or "" for row in stand) == sorted(
        ref for ref in theirs if ref and theirs.count(ref) > 1
    )


def test_references_are_the_same_in_any_case() -> None:
    found = reconciliation(
        [TheirRow("line 1", "r-1a"), TheirRow("line 2", "R-1A")], [action("R-1a")]
    )
    assert (found.theirs, found.ours) == ([], [])
    [(_, alike)] = found.both
    assert [row.place for row in alike] == ["line 1", "line 2"]


NAMES = {Holds.OFFICER: {"ed-finance": ["Director of Finance", "A Person"]}}


def differing(
    said: dict[str, object], unread: tuple[str, ...] = (), **ours: object
) -> list[tuple[str, object, object]]:
    """The fields in which a row differs from an overdue action; only said ones are its columns."""
    typed = {name: str(value) for name, value in said.items()}
    read = {name: value for name, value in said.items() if name not in unread}
    row = TheirRow("A2", "2223-001", read, typed, dict.fromkeys(unread, "it is not known"))
    stands = action("2223-001", **{"due_on": date(2023, 9, 30), "audit": "2223-A01"} | ours)
    found = field_differences(row, stands, DAY, ALL & said.keys(), NAMES)
    assert [one.why for one in found] == [row.unread.get(one.field, "") for one in found]
    return [(one.field, one.theirs, one.ours) for one in found]


def test_a_row_that_says_the_same_in_other_words_does_not_differ() -> None:
    assert differing({
        "title": "RECONCILE the suspense  account monthly", "priority": "High",
        "due_on": date(2023, 9, 30), "status": "Overdue", "year": "22/23", "times_redated": 0,
    }) == []  # fmt: skip
    assert differing({"status": "Open"}) == []
    assert differing({"owner": "director of finance"}, unread=("owner",)) == []
    assert differing({"owner": "A PERSON"}, unread=("owner",)) == []


def test_each_field_that_says_otherwise_differs() -> None:
    assert differing({
        "priority": "Low", "due_on": date(2023, 10, 1), "status": "Complete", "owner": "x",
        "title": "Another",
    }) == [
        ("title", "Another", "Reconcile the suspense account monthly"),
        ("priority", "Low", "High"),
        ("owner", "x", "ed-finance"),
        ("due_on", date(2023, 10, 1), date(2023, 9, 30)),
        ("status", "Complete", "Overdue"),
    ]  # fmt: skip


def test_a_cell_that_cannot_be_read_is_compared_only_if_it_is_to_name_a_record() -> None:
    assert differing({"status": "Late", "due_on": "soon"}, unread=("status", "due_on")) == []
    owner = ("owner", "Nobody", "ed-finance")
    assert differing({"owner": "Nobody"}, unread=("owner",)) == [owner]
    said = {"year": "now", "owner": "Nobody", "due_on": "soon"}
    assert differing(said, unread=tuple(said)) == [owner]
    assert differing({"owner": ""}, unread=("owner",)) == [("owner", None, "ed-finance")]


def test_an_empty_cell_differs_unless_it_tells_nothing() -> None:
    assert differing({"owner": None, "due_on": None}) == [
        ("owner", None, "ed-finance"),
        ("due_on", None, date(2023, 9, 30)),
    ]
    assert differing({"audit": None, "year": None, "original_due_on": None}) == []
    owner = ("owner", None, "ed-finance")
    assert differing({"audit": None, "owner": None}) == [owner]
    assert differing({"due_on": None, "original_due_on": date(2023, 9, 30)}) == []


def test_a_status_tells_an_end_without_its_day_or_its_kind() -> None:
    done = action("2223-001", completed_on=date(2023, 10, 1))
    row = TheirRow("A2", "2223-001", {"status": "Complete"})
    assert field_differences(row, done, DAY, ALL & {"status", "completed_on"}, {}) == []
    without = TheirRow("A2", "2223-001")
    assert [one.field for one in field_differences(without, done, DAY, {"completed_on"}, {})] == [
        "completed_on"
    ]
    closed = action("2223-001", closed_on=DAY, closed_as=Closure.WITHDRAWN.value)
    said = TheirRow("A2", "2223-001", {"status": "Closed"})
    ends = {"status", "closed_on", "closed_as"}
    assert field_differences(said, closed, DAY, ends, {}) == []
    same = TheirRow("A2", "2223-001", {"status": "Withdrawn", "closed_as": "Withdrawn"})
    assert field_differences(same, closed, DAY, ends, {}) == []


def test_a_status_is_that_by_the_dates_that_are_asked_for() -> None:
    [*_, moved] = history(LATE, MOVED)
    row = TheirRow("A2", "2223-001", {"status": "Overdue"})
    [found] = field_differences(row, moved.record, DAY, {"status"}, {})
    assert found == ("status", "Overdue", "Not Due", "")
    assert field_differences(row, moved.record, DAY, {"status"}, {}, original=True) == []


def test_why_ours_is_otherwise_now_is_told_from_its_versions() -> None:
    told = past(LATE, MOVED, changed(date(2023, 10, 3), progress="Begun"))
    was = FieldDifference("due_on", date(2023, 9, 30), date(2023, 12, 15))
    assert why_different(told, was, DAY) == "ours was so until 2 October 2023 (entry 2)"
    becomes = FieldDifference("due_on", date(2023, 12, 15), date(2023, 9, 30))
    assert why_different(told, becomes, date(2023, 9, 1)) == "ours is so from 3 October 2023 on"
    assert (
        why_different(told, was, date(2023, 10, 3)) == "ours was so until 2 October 2023 (entry 2)"
    )
    never = FieldDifference("due_on", date(2023, 1, 1), date(2023, 12, 15))
    assert why_different(told, never, DAY) == ""
    derived = FieldDifference("original_due_on", date(2023, 9, 30), None)
    dated = past(raised(due_on=None), changed(date(2023, 10, 3), due_on=date(2023, 9, 30)))
    assert why_different(dated, derived, date(2023, 10, 1)) == "ours is so from 3 October 2023 on"
    times = FieldDifference("times_redated", 0, 1)
    assert why_different(told, times, DAY) == "ours was so until 2 October 2023"
    nobody = past(raised(owner=None), changed(date(2023, 10, 3), owner="ed-finance"))
    other = FieldDifference("owner", "ad-housing", "ed-finance")
    assert why_different(nobody, other, DAY) == ""
    assert why_different(nobody, other._replace(theirs=None), DAY) == ""
    status = FieldDifference("status", "Complete", "Overdue")
    assert why_different(told, status, DAY) == ""
    unknown = FieldDifference("owner", "Nobody", "ed-finance", "the register knows no such officer")
    assert why_different(told, unknown, DAY) == "the register knows no such officer"


def test_near_references_are_offered_and_those_with_other_signs_alone() -> None:
    known = ["2223-017", "2223-071", "2122-117"]
    assert unknown_reference("2223/017", known) == "no such reference; near: 2223-017"
    assert unknown_reference("2223-0171", known) == "no such reference; near: 2223-071, 2223-017"
    assert unknown_reference("2223/017", ["2223-017", "2223.017"]) == (
        "no such reference; near: 2223-017, 2223.017"
    )
    assert unknown_reference("2023-117", known) == "no such reference; near: 2122-117"
    assert unknown_reference("R2-07", ["R2.7", "R2-77"]) == "no such reference; near: R2.7"
    assert unknown_reference("ZZ", known) == "no such reference"
    assert unknown_reference("2223-0171", ()) == "no such reference"


def test_a_number_that_lost_its_zeros_is_near_the_one_that_has_them() -> None:
    assert unknown_reference("2223-10", ["2223-210", "2223-010", "2223-110"]) == (
        "no such reference; near: 2223-010"
    )
