"""Which actions a list is of."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.figures.selection import (
    GROUPS,
    OPEN_STATUSES,
    Selection,
    of_group,
    open_until,
    read_statuses,
    selected,
)
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.status import Status, status_as_of
from irbtrack.errors import Misused

DAY = date(2023, 10, 31)


def action(ref: str, **given: object) -> Action:
    """An action of 22/23, owned and due in December."""
    return Action(
        **{  # type: ignore[arg-type]
            "ref": ref,
            "raised_on": date(2023, 1, 10),
            "year": "22/23",
            "title": "Reconcile the ledger",
            "priority": "High",
            "directorate": "finance",
            "owner": "ed-finance",
            "original_due_on": date(2023, 12, 31),
            "due_on": date(2023, 12, 31),
        }
        | given  # type: ignore[arg-type]
    )


ACTIONS = [
    action("2122-001", year="21/22", due_on=date(2023, 10, 1), audit="2122-A01"),
    action("2122-002", year="21/22", due_on=date(2023, 10, 30), priority="Low"),
    action("2223-001", due_on=DAY, directorate="housing", audit="2223-A01"),
    action("2223-002", owner=None, directorate="housing", detail="Bring forward the STRASSE plan"),
    action("2223-003", completed_on=date(2023, 9, 1), progress="All evidence was filed"),
    action("2223-004", closed_on=date(2023, 9, 1), closed_as="Superseded"),
    action("2223-005", due_on=None, original_due_on=None, owner="ad-housing", title="Lift a LIFT"),
    action("2223-006", due_on=date(2024, 3, 31), original_due_on=date(2023, 3, 31)),
]


SOURCES = {"2122-A01": "Internal Audit", "2223-A01": "Peer Review"}

NEWS = {"2223-001": date(2023, 10, 1), "2223-003": date(2023, 8, 1)}


def selected_of(wanted: Selection) -> list[Action]:
    """The actions that are wanted, with all that is known of them."""
    return selected(ACTIONS, DAY, wanted, sources=SOURCES, news=NEWS)


def refs(**wanted: object) -> list[str]:
    """The references of what is wanted."""
    return [one.ref for one in selected_of(Selection(**wanted))]  # type: ignore[arg-type]


ALL_BUT_CLOSED = [one.ref for one in ACTIONS if one.ref != "2223-004"]


def test_everything_but_what_is_closed_is_selected_without_a_filter() -> None:
    assert refs() == ALL_BUT_CLOSED


def test_what_is_closed_is_selected_only_on_request() -> None:
    assert refs(statuses=frozenset({Status.CLOSED})) == ["2223-004"]
    assert refs(statuses=frozenset(Status)) == [one.ref for one in ACTIONS]
    assert refs(years=frozenset({"22/23"}), text="ledger", priorities=frozenset({"High"})) == [
        "2223-001", "2223-002", "2223-003", "2223-006",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"years": {"21/22"}}, ["2122-001", "2122-002"]),
        ({"years": {"21/22", "22/23"}}, ALL_BUT_CLOSED),
        ({"years": {"19/20"}}, []),
        ({"audits": {"2122-A01", "2223-A01"}}, ["2122-001", "2223-001"]),
        ({"audits": {None, "2223-A01"}, "years": {"21/22"}}, ["2122-002"]),
        ({"sources": {"Internal Audit"}}, ["2122-001"]),
        ({"sources": {None}, "years": {"21/22"}}, ["2122-002"]),
        ({"refs": {"2223-004", "2122-001"}}, ["2122-001", "2223-004"]),
        ({"closed_as": {"Superseded"}}, ["2223-004"]),
        ({"closed_as": {"Withdrawn"}}, []),
        ({"directorates": {"housing"}}, ["2223-001", "2223-002"]),
        ({"owners": {"ad-housing"}}, ["2223-005"]),
        ({"owners": {None}}, ["2223-002"]),
        ({"owners": {None, "ad-housing"}}, ["2223-002", "2223-005"]),
        ({"priorities": {"Low"}}, ["2122-002"]),
        ({"statuses": {Status.OVERDUE}}, ["2122-001", "2122-002"]),
        ({"statuses": {Status.COMPLETE}}, ["2223-003"]),
        ({"statuses": {Status.NOT_ALLOCATED}}, ["2223-002", "2223-005"]),
        ({"statuses": {Status.NOT_DUE}}, ["2223-001", "2223-006"]),
    ],
)
def test_each_filter_takes_one_of_several(
    wanted: dict[str, set[object]], expected: list[str]
) -> None:
    assert refs(**{name: frozenset(values) for name, values in wanted.items()}) == expected


def test_due_before_and_after_leave_out_the_day_itself_and_what_has_no_date() -> None:
    assert refs(due_before=DAY) == ["2122-001", "2122-002"]
    assert refs(due_after=DAY) == ["2223-002", "2223-003", "2223-006"]
    assert refs(due_after=date(2023, 10, 29), due_before=date(2023, 11, 1)) == [
        "2122-002", "2223-001",
    ]  # fmt: skip


def test_unverified_is_what_is_complete_and_was_not_verified() -> None:
    assert refs(unverified=True) == ["2223-003"]
    verified = action("1", completed_on=date(2023, 9, 1), verified_on=date(2023, 9, 9))
    assert selected([verified], DAY, Selection(unverified=True)) == []


def test_overdue_by_takes_that_many_days_or_more() -> None:
    assert refs(overdue_by=1) == ["2122-001", "2122-002"]
    assert refs(overdue_by=2) == ["2122-001"]
    assert refs(overdue_by=30) == ["2122-001"]
    assert refs(overdue_by=31) == []


def test_overdue_by_nothing_still_means_overdue() -> None:
    assert refs(overdue_by=0) == ["2122-001", "2122-002"]


def test_the_original_basis_counts_by_the_original_due_dates() -> None:
    assert refs(original=True, statuses=frozenset({Status.OVERDUE})) == ["2223-006"]
    assert refs(original=True, overdue_by=214) == ["2223-006"]
    assert refs(original=True, overdue_by=215) == []
    assert refs(original=True, due_before=DAY) == ["2223-006"]


def test_a_range_of_days_overdue_has_both_its_ends() -> None:
    assert refs(overdue_by=1, overdue_to=29) == ["2122-002"]
    assert refs(overdue_by=2, overdue_to=30) == ["2122-001"]
    assert refs(overdue_by=1, overdue_to=30) == ["2122-001", "2122-002"]
    assert refs(overdue_by=31, overdue_to=90) == []


def test_redated_takes_that_many_times_or_more() -> None:
    often = [action(f"2223-{n:03}", times_redated=n) for n in range(4)]
    fitting = selected(often, DAY, Selection(redated=2))
    assert [one.ref for one in fitting] == ["2223-002", "2223-003"]


def test_stale_is_what_is_open_and_was_last_heard_of_that_many_days_ago() -> None:
    raised = ["2122-001", "2122-002", "2223-002", "2223-005", "2223-006"]
    days = (DAY - date(2023, 1, 10)).days
    assert refs(stale=days) == raised
    assert refs(stale=days + 1) == []
    assert refs(stale=30) == sorted([*raised, "2223-001"])
    assert refs(stale=31) == raised


def test_an_expired_closure_is_not_closed_as_anything() -> None:
    lapsed = action("2223-001", closed_as="Risk Accepted", expires_on=DAY, closed_on=DAY)
    wanted = Selection(closed_as=frozenset({"Risk Accepted"}))
    assert selected([lapsed], DAY, wanted) == [lapsed]
    assert selected([lapsed], date(2023, 11, 1), wanted) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2122", ["2122-001", "2122-002"]),
        ("lift", ["2223-005"]),
        ("straße", ["2223-002"]),
        ("EVIDENCE", ["2223-003"]),
        ("", ALL_BUT_CLOSED),
        (".*", []),
        ("finance", []),
    ],
)
def test_text_is_looked_for_in_what_is_written_whatever_its_case(
    text: str, expected: list[str]
) -> None:
    assert refs(text=text) == expected


def test_filters_combine() -> None:
    overdue = frozenset({Status.OVERDUE})
    assert refs(years=frozenset({"21/22"}), statuses=overdue, overdue_by=5) == ["2122-001"]
    assert refs(years=frozenset({"22/23"}), statuses=overdue) == []
    assert refs(owners=frozenset({None}), directorates=frozenset({"housing"})) == ["2223-002"]


selections = st.builds(
    Selection,
    refs=st.frozensets(st.sampled_from([one.ref for one in ACTIONS])),
    years=st.frozensets(st.sampled_from(["21/22", "22/23"])),
    audits=st.frozensets(st.sampled_from([None, "2122-A01", "2223-A01"])),
    sources=st.frozensets(st.sampled_from([None, "Internal Audit", "Peer Review"])),
    directorates=st.frozensets(st.sampled_from(["finance", "housing"])),
    owners=st.frozensets(st.sampled_from([None, "ed-finance", "ad-housing"])),
    priorities=st.frozensets(st.sampled_from(["High", "Low"])),
    statuses=st.frozensets(st.sampled_from(Status)),
    closed_as=st.frozensets(st.sampled_from(["Superseded", "Withdrawn"])),
    due_before=st.none() | st.dates(date(2023, 1, 1), date(2024, 12, 31)),
    due_after=st.none() | st.dates(date(2023, 1, 1), date(2024, 12, 31)),
    overdue_by=st.none() | st.integers(0, 40),
    redated=st.none() | st.integers(0, 2),
    stale=st.none() | st.integers(0, 300),
    text=st.none() | st.sampled_from(["", "ledger", "lift", "2223"]),
    unverified=st.booleans(),
    original=st.booleans(),
)


@given(selections)
def test_what_is_selected_is_what_each_filter_alone_selects(wanted: Selection) -> None:
    expected = list(ACTIONS)
    for field in Selection._fields:
        alone = {field: getattr(wanted, field), "original": wanted.original}
        if wanted.with_closed and field not in ("refs", "statuses", "closed_as"):
            alone["statuses"] = frozenset(Status)
        if field in ("refs", "statuses", "closed_as") and not alone[field]:
            continue
        fitting = selected_of(Selection(**alone))
        expected = [one for one in expected if one in fitting]
    if not wanted.with_closed:
        expected = [one for one in expected if one.ref in ALL_BUT_CLOSED]
    assert selected_of(wanted) == expected


@given(st.booleans())
def test_the_statuses_part_the_register(original: bool) -> None:
    found = [
        one.ref
        for status in Status
        for one in selected_of(Selection(statuses=frozenset({status}), original=original))
    ]
    assert sorted(found) == [one.ref for one in ACTIONS]
    for one in ACTIONS:
        status = status_as_of(standing(one, original=original), DAY)
        chosen = Selection(statuses=frozenset({status}), original=original)
        assert one in selected_of(chosen)


def test_a_selection_is_narrowed_to_one_group() -> None:
    wanted = Selection(owners=frozenset({"a", "b"}), years=frozenset({"22/23"}))
    assert of_group(wanted, "owner", "a") == wanted._replace(owners=frozenset({"a"}))
    assert of_group(wanted, "source", None) == wanted._replace(sources=frozenset({None}))
    assert of_group(wanted, None, "a") == wanted
    narrowed = [of_group(Selection(), by, "x") for by in GROUPS]
    fields = ("directorates", "audits", "owners", "priorities", "sources")
    assert narrowed == [Selection(**{field: frozenset({"x"})}) for field in fields]  # type: ignore[arg-type]


def test_statuses_are_read_from_words_that_may_stand_for_several() -> None:
    assert read_statuses(["open"]) == OPEN_STATUSES
    assert read_statuses(["complete", "Over"]) == {Status.COMPLETE, Status.OVERDUE}
    assert read_statuses([]) == frozenset()
    with pytest.raises(Misused) as refused:
        read_statuses(["done"])
    assert str(refused.value) == (
        "'done' is not a status; it is one of Not Due, Overdue, Complete, Not Allocated, Closed or"
        " Open"
    )


def test_what_is_open_until_a_day_is_due_on_both_ends() -> None:
    wanted = open_until(date(2023, 10, 30), DAY)
    due = [action(f"A{n}", due_on=date(2023, 10, 28 + n)) for n in range(4)]
    due += [action("A9", due_on=DAY, completed_on=DAY)]
    assert [one.ref for one in selected(due, DAY, wanted)] == ["A2", "A3"]
    assert selected([action("A4", due_on=date(2023, 11, 1))], DAY, wanted) == []
