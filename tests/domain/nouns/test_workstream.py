"""Workstreams, one within another, and the plan that each belongs to."""

from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import found_wrong, milestone, workstream

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.nouns.milestone import upon
from irbtrack.domain.nouns.workstream import Workstream, outline, plan_of
from irbtrack.domain.record import Version


def circles(there: Mapping[str, Workstream]) -> dict[str, str]:
    """The sentence that refuses each workstream that is within itself, by reference."""
    told = {ref: [Version(one, DAY, FOREVER)] for ref, one in there.items()}
    found = list(Workstream.contradictions_among(told))
    assert {one.field for one in found} <= {"within"}
    return {one.ref: str(one) for one in found}


@st.composite
def forests(draw: st.DrawFn) -> list[Workstream]:
    """Workstreams, each within an earlier one or none, shuffled."""
    made: list[Workstream] = []
    for n in range(draw(st.integers(0, 12))):
        within = draw(st.none() | st.sampled_from([one.ref for one in made])) if made else None
        made.append(workstream(f"w{n}", within, draw(st.integers(1, 4))))
    return draw(st.permutations(made))


DAY = date(2023, 1, 1)

PLAN = [
    workstream("finance", position=2),
    workstream("people", position=1),
    workstream("ledger", "finance", 2),
    workstream("budget", "finance", 1),
    workstream("closing", "ledger", 1),
    workstream("w10", "people", 1),
    workstream("w9", "people", 1),
]
BY_REF = {one.ref: one for one in PLAN}


def outlined(top: str | None = None) -> list[tuple[int, str]]:
    return [(depth, one.ref) for depth, one in outline(PLAN, top)]


def test_each_workstream_comes_after_the_one_it_is_within_by_its_place() -> None:
    assert outlined() == [
        (0, "people"),
        (1, "w9"),
        (1, "w10"),
        (0, "finance"),
        (1, "budget"),
        (1, "ledger"),
        (2, "closing"),
    ]


def test_an_outline_may_begin_at_any_workstream() -> None:
    assert outlined("finance") == [(0, "finance"), (1, "budget"), (1, "ledger"), (2, "closing")]
    assert outlined("ledger") == [(0, "ledger"), (1, "closing")]
    assert outlined("closing") == [(0, "closing")]


@given(forests())
def test_every_workstream_is_in_the_outline_once_and_one_deeper_than_its_parent(
    there: list[Workstream],
) -> None:
    made = outline(there)
    assert sorted(one.ref for _, one in made) == sorted(one.ref for one in there)
    depths = {one.ref: depth for depth, one in made}
    places = {one.ref: place for place, (_, one) in enumerate(made)}
    for one in there:
        assert depths[one.ref] == (0 if one.within is None else depths[one.within] + 1)
        assert one.within is None or places[one.within] < places[one.ref]


@given(forests())
def test_the_outlines_of_the_plans_make_the_whole_outline(there: list[Workstream]) -> None:
    whole = outline(there)
    plans = [one.ref for depth, one in whole if depth == 0]
    assert [row for plan in plans for row in outline(there, plan)] == whole
    by_ref = {one.ref: one for one in there}
    for plan in plans:
        assert all(plan_of(by_ref, one.ref).ref == plan for _, one in outline(there, plan))


def test_a_plan_is_the_outermost_workstream() -> None:
    assert plan_of(BY_REF, "closing").ref == "finance"
    assert plan_of(BY_REF, "people").ref == "people"


def within(*links: tuple[str, str | None]) -> dict[str, Workstream]:
    """Workstreams, each with what it is within."""
    return {ref: workstream(ref, outer) for ref, outer in links}


def test_a_workstream_cannot_be_within_itself() -> None:
    assert circles(BY_REF | within(("ledger", "ledger"))) == {
        "ledger": "ledger within ledger would be a circle; put one of them elsewhere first"
    }


def test_a_workstream_cannot_be_within_one_that_is_within_it() -> None:
    assert circles(within(("a", "b"), ("b", "a"))) == {
        "a": "a within b within a would be a circle; put one of them elsewhere first",
        "b": "b within a within b would be a circle; put one of them elsewhere first",
    }
    assert circles(BY_REF | within(("finance", "closing")))["finance"] == (
        "finance within closing within ledger within finance would be a circle; put one of"
        " them elsewhere first"
    )


def test_a_circle_is_said_once_on_whatever_days_it_stands() -> None:
    later = date(2023, 2, 1)
    a, b = workstream("a", "b"), workstream("b", "a")
    stood = [Version(workstream("b"), DAY, later), Version(b, later, FOREVER)]
    told = {"a": [Version(a, later, FOREVER)], "b": stood}
    other = {"c": [Version(workstream("c"), date(2023, 3, 1), FOREVER)]}
    found = [str(one) for one in Workstream.contradictions_among(told | other)]
    assert sorted(found) == [
        f"{path} would be a circle; put one of them elsewhere first"
        for path in ("a within b within a", "b within a within b")
    ]
    before = {"a": [Version(a, DAY, FOREVER)], "b": stood[:1]}
    assert list(Workstream.contradictions_among(before)) == []


def test_a_workstream_that_leads_into_a_circle_is_not_named_for_it() -> None:
    assert circles(within(("a", "b"), ("b", "c"), ("c", "b"))).keys() == {"b", "c"}


def test_a_workstream_within_one_that_is_not_there_is_no_circle() -> None:
    assert circles(within(("a", "gone"), ("b", "a"))) == {}


def test_a_workstream_within_one_that_is_not_there_stands_for_itself() -> None:
    there = within(("a", "gone"), ("b", "a"))
    assert [(depth, one.ref) for depth, one in outline(there.values())] == [(0, "a"), (1, "b")]
    assert plan_of(there, "b").ref == "a"


@given(forests(), st.data())
def test_a_link_is_refused_if_and_only_if_it_closes_a_circle(
    there: list[Workstream], data: st.DataObject
) -> None:
    there = [*there, workstream("one"), workstream("other")]
    ref, outer = (data.draw(st.sampled_from([one.ref for one in there])) for _ in "12")
    links = {one.ref: one for one in there} | within((ref, outer))
    if outer in {one.ref for _, one in outline(there, ref)}:
        assert "would be a circle" in circles(links)[ref]
    else:
        assert circles(links) == {}


@given(forests())
def test_no_forest_is_refused(there: list[Workstream]) -> None:
    assert circles({one.ref: one for one in there}) == {}


def test_milestones_upon_an_outline_come_in_the_order_of_its_rows() -> None:
    there = [
        milestone(ref, workstream=where)
        for ref, where in (("M1", "ledger"), ("M2", "budget"), ("M3", "people"), ("M4", "budget"))
    ]
    assert [one.ref for one in upon(outline(PLAN, "finance"), there)] == ["M2", "M4", "M1"]


def test_a_place_is_counted_from_1() -> None:
    assert found_wrong(workstream("a", position=0)) == [
        ("position", "a place is counted from 1; give 1 for the first")
    ]
    assert found_wrong(workstream("a")) == []
