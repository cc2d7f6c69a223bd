"""The audit plan: findings entered or counted, and the totals of quarters and years."""

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from shared.records import replace

from irbtrack.domain.answers import Column, Kind
from irbtrack.domain.figures.audit_plan import (
    actions_counted,
    differences,
    findings_of,
    plan_table,
    with_totals,
)
from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.nouns.audit import Audit, Findings
from irbtrack.domain.nouns.council import PRIORITIES, Council
from irbtrack.domain.nouns.status import COUNTED, Status

SCALE = Council(name="Example Council")
FIVE = Council(
    name="Example Council", priorities=("Very High", "High", "Medium", "Low", "Advisory")
)


def audit(ref: str, **fields: Any) -> Audit:
    return Audit(ref=ref, **{"year": "23/24", "name": f"Review {ref}", "quarter": "Q1"} | fields)


def counted(*cells: tuple[str | None, Status, str, int]) -> Counter[Bucket]:
    """Counts of 23/24, from audit, status, priority and number."""
    return Counter({Bucket("23/24", ref, status, p): n for ref, status, p, n in cells})


def test_the_actions_of_an_audit_are_counted_by_priority_whatever_their_status() -> None:
    counts = counted(
        ("A1", Status.OVERDUE, "High", 2),
        ("A1", Status.COMPLETE, "High", 1),
        ("A1", Status.NOT_ALLOCATED, "Low", 4),
        ("A2", Status.NOT_DUE, "Medium", 3),
    )
    assert actions_counted(counts, SCALE) == {"A1": (3, 0, 4), "A2": (0, 3, 0)}


def test_closed_actions_and_those_of_no_audit_are_left_out() -> None:
    counts = counted(
        ("A1", Status.CLOSED, "High", 2),
        ("A1", Status.OVERDUE, "Low", 1),
        ("A2", Status.CLOSED, "Low", 1),
        (None, Status.OVERDUE, "High", 9),
    )
    assert actions_counted(counts, SCALE) == {"A1": (0, 0, 1)}


@given(
    st.dictionaries(
        st.tuples(
            st.none() | st.sampled_from(["A1", "A2", "A3"]),
            st.sampled_from(Status),
            st.sampled_from(FIVE.priorities),
        ),
        st.integers(0, 20),
    )
)
def test_every_open_or_complete_action_of_an_audit_is_counted_once(
    cells: dict[tuple[str | None, Status, str], int],
) -> None:
    made = actions_counted(counted(*((*cell, n) for cell, n in cells.items())), FIVE)
    expected = sum(n for (ref, status, _), n in cells.items() if ref and status in COUNTED)
    assert sum(map(sum, made.values())) == expected
    assert all(len(findings) == 5 for findings in made.values())


def test_findings_are_entered_or_else_counted_or_else_unknown() -> None:
    actions: dict[str, Findings] = {"A1": (1, 1, 1), "A2": (2, 2, 2)}
    assert findings_of(audit("A1", findings=(0, 7, 1)), actions) == ((0, 7, 1), "entered")
    assert findings_of(audit("A1", findings=(0, 0, 0)), actions) == ((0, 0, 0), "entered")
    assert findings_of(audit("A2"), actions) == ((2, 2, 2), "counted")
    assert findings_of(audit("A3"), actions) == (None, None)


PLAN = [
    audit("A1", status="Draft", classification="Minimal Assurance", findings=(2, 3, 4)),
    audit("A2", status="Finalised", findings=(0, 1, 2)),
    audit("A3", quarter="Q2"),
    audit("A4", quarter="Q3"),
    audit("A5", year="24/25", quarter=None),
]
ACTIONS: dict[str, Findings] = {"A1": (2, 3, 3), "A3": (1, 0, 0)}


def test_programs_are_told_where_findings_are_from_and_how_many_actions_there_are() -> None:
    table = plan_table(PLAN, SCALE, ACTIONS)
    assert [column.name for column in table.columns] == [
        *("ref", "year", "quarter", "status", "name", "source"),
        *("issued_on", "directorate", "classification"),
        *("high", "medium", "low", "findings"),
        *("actions_high", "actions_medium", "actions_low"),
    ]
    assert [(*row[3:6], *row[8:]) for row in table.rows] == [
        ("Draft", "Review A1", "Internal Audit", "Minimal Assurance", 2, 3, 4, "entered", 2, 3, 3),
        ("Finalised", "Review A2", "Internal Audit", None, 0, 1, 2, "entered", 0, 0, 0),
        ("Planned", "Review A3", "Internal Audit", None, 1, 0, 0, "counted", 1, 0, 0),
        ("Planned", "Review A4", "Internal Audit", None, None, None, None, None, 0, 0, 0),
        ("Planned", "Review A5", "Internal Audit", None, None, None, None, None, 0, 0, 0),
    ]
    assert not table.totals


def test_people_get_a_total_after_each_quarter_and_each_year() -> None:
    table = with_totals(PLAN, SCALE, ACTIONS)
    assert [(row[0], row[2], *row[6:]) for row in table.rows] == [
        ("A1", "Q1", 2, 3, 4),
        ("A2", "Q1", 0, 1, 2),
        (None, "Q1 Total", 2, 4, 6),
        ("A3", "Q2", 1, 0, 0),
        (None, "Q2 Total", 1, 0, 0),
        ("A4", "Q3", None, None, None),
        (None, "Q3 Total", None, None, None),
        (None, "23/24 Total", 3, 4, 6),
        ("A5", None, None, None, None),
        (None, "24/25 Total", None, None, None),
    ]
    assert table.totals == {2, 4, 6, 7, 9}


def test_people_see_the_council_scale() -> None:
    labels = [column.label for column in with_totals([], FIVE, {}).columns]
    assert labels == [
        *("Ref", "Year", "Quarter", "Status", "Name", "Classification"),
        *FIVE.priorities,
    ]
    assert with_totals([], FIVE, {}).rows == []


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Audit], dict[str, Findings]]:
    """Audits by year and quarter, with and without findings and actions."""
    numbers = st.tuples(*[st.integers(0, 30)] * 3)
    audits = [
        audit(
            f"A{n}",
            year=draw(st.sampled_from(["22/23", "23/24"])),
            quarter=draw(st.none() | st.sampled_from(["Q1", "Q2", "Q3", "Q4"])),
            findings=draw(st.none() | numbers),
        )
        for n in range(draw(st.integers(0, 10)))
    ]
    audits.sort(key=lambda one: (one.year, one.quarter or "Q9"))
    refs = st.sampled_from([f"A{n}" for n in range(10)])
    return audits, draw(st.dictionaries(refs, numbers, max_size=5))


@given(plans())
def test_the_totals_of_the_quarters_and_what_has_none_sum_to_the_years(
    plan: tuple[list[Audit], dict[str, Findings]],
) -> None:
    audits, actions = plan
    table = with_totals(audits, SCALE, actions)
    left = (0, 0, 0)
    totals, expected = [], []
    for place, row in enumerate(table.rows):
        numbers = tuple(n or 0 for n in row[6:])
        is_total, is_year = place in table.totals, str(row[2])[:1] != "Q"
        if is_total and is_year:
            totals.append(numbers)
            expected.append(left)
            left = (0, 0, 0)
        elif is_total or row[2] is None:
            left = tuple(a + b for a, b in zip(left, numbers, strict=True))
    assert totals == expected
    found = [findings_of(one, actions)[0] or (0, 0, 0) for one in audits]
    assert [sum(column) for column in zip(*totals, strict=True)] == [
        sum(column) for column in zip(*found, strict=True)
    ]


@given(plans())
def test_the_rows_that_are_no_totals_are_those_of_the_plan(
    plan: tuple[list[Audit], dict[str, Findings]],
) -> None:
    audits, actions = plan
    table = with_totals(audits, SCALE, actions)
    own = [tuple(row) for n, row in enumerate(table.rows) if n not in table.totals]
    shown = plan_table(audits, SCALE, actions).shown()
    assert own == [tuple(row) for row in shown.rows]


def test_each_column_has_its_kind_and_is_left_out_in_its_turn() -> None:
    hidden = [
        Column("ref", "Ref", Kind.CODE, rank=1),
        Column("year", "Year", Kind.CODE, rank=2),
        Column("quarter", "Quarter", Kind.CODE),
        Column("status", "Status", Kind.CODE),
        Column("name", "Name"),
        Column("source", None, Kind.CODE, rank=3),
        Column("issued_on", None, Kind.DATE, rank=4),
        Column("directorate", None, Kind.CODE, rank=5),
        Column("classification", "Classification"),
        *(Column(name.lower(), name, Kind.NUMBER) for name in SCALE.priorities),
        Column("findings"),
        *(Column(f"actions_{name.lower()}", kind=Kind.NUMBER) for name in SCALE.priorities),
    ]
    assert list(plan_table(PLAN, SCALE, ACTIONS).columns) == hidden
    facts = {"source": "Peer Review", "directorate": "finance", "issued_on": date(2023, 10, 31)}
    shown = plan_table([replace(PLAN[0], **facts), *PLAN[1:]], SCALE, ACTIONS).columns
    labels = {"source": "Source", "directorate": "Directorate", "issued_on": "Issued"}
    assert list(shown) == [one._replace(label=labels.get(one.name, one.label)) for one in hidden]


def test_people_see_the_source_where_there_is_more_than_one() -> None:
    assert "source" not in [column.name for column in with_totals(PLAN, SCALE, ACTIONS).columns]
    other = replace(PLAN[0], source="Peer Review")
    table = with_totals([other, *PLAN[1:]], SCALE, ACTIONS)
    place = [column.name for column in table.columns].index("source")
    assert [row[place] for row in table.rows][:3] == ["Peer Review", "Internal Audit", None]


def test_where_entered_and_counted_differ_it_is_said() -> None:
    assert differences(PLAN, SCALE, ACTIONS) == [
        "Findings as entered are not the actions as counted:\n"
        "Review A1 (23/24): 2/3/4 entered, 2/3/3 counted\n"
        "Review A2 (23/24): 0/1/2 entered, 0/0/0 counted"
    ]


def test_where_they_are_the_same_or_none_were_entered_nothing_is_said() -> None:
    assert differences([], SCALE, {}) == []
    assert differences([audit("A1", findings=(2, 3, 3)), audit("A3")], SCALE, ACTIONS) == []
    assert differences([audit("A9", findings=(0, 0, 0))], SCALE, {}) == []


def test_the_default_scale_is_the_reports() -> None:
    assert SCALE.priorities == PRIORITIES
