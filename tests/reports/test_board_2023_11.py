"""The figures that a board was shown in November 2023, from the example register alone."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from irbtrack.domain.figures.audit_plan import actions_counted, with_totals
from irbtrack.domain.figures.exceptional import Exceptional, exceptions, items
from irbtrack.domain.figures.tally import Bucket, Tally, say_overdue, tally, unfooted
from irbtrack.domain.journal import Change, entry_from_json, fold, version_on
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.direction import Direction, trend_of
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note, commentary, in_force
from irbtrack.domain.nouns.rating import TREND_SIGNS, Trend
from irbtrack.domain.nouns.status import status_as_of
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.domain.record import Record, Version
from irbtrack.domain.words import natural_order
from irbtrack.reports.direction import Compared, directions_table
from irbtrack.shipped import shipped

PUBLISHED = Path(__file__).parents[1] / "expected" / "board-2023-11"
BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)
MEETING = date(2023, 11, 23)
"""The day of the report, up to which its commentary is dated."""


def published(name: str) -> list[dict[str, str]]:
    """The rows of one published table."""
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def register() -> dict[tuple[str, str], list[Version[Record]]]:
    """Every record's versions, by noun and reference."""
    text = (shipped("examples") / "board-2023-11" / "register.jsonl").read_text(encoding="utf-8")
    by_record: dict[tuple[str, str], list[Change]] = {}
    for line in text.splitlines():
        for change in entry_from_json(line).changes:
            by_record.setdefault((change.noun, change.ref), []).append(change)
    return {
        (noun, ref): fold(NOUNS[noun], ref, changes) for (noun, ref), changes in by_record.items()
    }


def records_on(kind: type[Record], day: date) -> Iterator[Record]:
    """The records of a kind that were there on a day."""
    for (noun, _), versions in register().items():
        if noun == kind.NOUN and (record := version_on(versions, day)) is not None:
            yield record


@cache
def tally_on(day: date) -> Tally:
    """The figures of the example on a day."""
    [council] = records_on(Council, day)
    counts: Counter[Bucket] = Counter()
    for action in records_on(Action, day):
        status = status_as_of(standing(action), day)
        counts[Bucket(action.year, None, status, action.priority)] += 1
    return tally(counts, council.priorities, day)


def test_every_published_table_is_there() -> None:
    assert {(row["as_of"], row["year"]) for row in published("tallies")} == {
        (day.isoformat(), year) for day in (BOARD, PREVIOUS) for year in ("21/22", "22/23", "23/24")
    }
    assert len(published("tallies")) == 30
    assert len(published("percentages")) == 8
    assert len(published("audit_plan")) == 9


@pytest.mark.parametrize(
    "row", published("tallies"), ids=lambda row: f"{row['as_of']} {row['year']} {row['status']}"
)
def test_the_figures_are_the_published_ones(row: dict[str, str]) -> None:
    found = tally_on(date.fromisoformat(row["as_of"])).figure(row["year"], row["status"])
    assert found.total == int(row["total"])
    assert found.by_priority == (int(row["high"]), int(row["medium"]), int(row["low"]))


@pytest.mark.parametrize("day", [BOARD, PREVIOUS])
def test_the_tables_hold_nothing_that_was_not_published(day: date) -> None:
    of_day = [row for row in published("tallies") if row["as_of"] == day.isoformat()]
    assert [(f.year, f.status) for f in tally_on(day).figures] == [
        (row["year"], row["status"]) for row in of_day
    ]
    assert unfooted(tally_on(day).figures) == []


@pytest.mark.parametrize(
    "row", published("percentages"), ids=lambda row: f"{row['year']} {row['status']}"
)
def test_the_shares_are_the_published_ones(row: dict[str, str]) -> None:
    found = tally_on(date.fromisoformat(row["as_of"])).figure(row["year"], row["status"])
    assert (found.total, found.percent) == (int(row["count"]), int(row["percent"]))


def test_the_audit_plan_of_the_day_is_the_published_one() -> None:
    plan = [
        {
            "year": audit.year,
            "quarter": audit.quarter,
            "status": audit.status,
            "name": audit.name,
            "classification": audit.classification,
            **dict(zip(("high", "medium", "low"), map(str, audit.findings or ()), strict=True)),
        }
        for audit in records_on(Audit, BOARD)
        if audit.year == "23/24"
    ]
    by_name = sorted(plan, key=lambda row: row["name"])
    assert by_name == sorted(published("audit_plan"), key=lambda row: row["name"])


def test_the_findings_of_the_plan_are_the_actions_raised_for_it() -> None:
    findings = Counter[str]()
    for row in published("audit_plan"):
        findings.update({name: int(row[name]) for name in ("high", "medium", "low")})
    totals = tally_on(BOARD).figure("23/24", "Totals")
    assert (findings["high"], findings["medium"], findings["low"]) == totals.by_priority


def test_what_the_net_overdue_of_22_23_hides_is_said() -> None:
    now, then = (tally_on(day).figure("22/23", "Overdue") for day in (BOARD, PREVIOUS))
    assert say_overdue(now, then, PREVIOUS, ("High", "Medium", "Low")) == (
        "Overdue fell by 1, from 60 to 59, since 3 October 2023; within it, Low rose by 2"
        " (12 to 14)."
    )


def directions_on(day: date) -> list[Direction]:
    """The directions as they stood on a day, in their order."""
    there = [one for one in records_on(Direction, day) if isinstance(one, Direction)]
    return sorted(there, key=lambda one: natural_order(one.ref))


def test_the_directions_are_the_published_ones_in_their_order() -> None:
    rows = published("directions")
    assert len(rows) == 15
    assert [
        (d.ref, d.title, d.target_on and d.target_on.isoformat(), d.target_note or "")
        for d in directions_on(BOARD)
    ] == [(row["ref"], row["title"], row["target_on"], row["target_note"]) for row in rows]


@pytest.mark.parametrize("row", published("directions"), ids=lambda row: row["ref"])
def test_the_ratings_and_trends_are_the_published_ones(row: dict[str, str]) -> None:
    [now] = [one for one in directions_on(BOARD) if one.ref == row["ref"]]
    then = {one.ref: one for one in directions_on(PREVIOUS)}.get(now.ref)
    trend, _ = trend_of(now, then, PREVIOUS)
    assert trend == row["trend"]
    assert now.rag == row["rag"] or (row["rag"] == "" and now.rag is not None)


def test_the_progress_table_says_the_published_ratings_and_trends() -> None:
    compared = Compared(PREVIOUS, {one.ref: one for one in directions_on(PREVIOUS)})
    there = directions_on(BOARD)
    table = directions_table(there, compared, {one.ref: [] for one in there})
    names = [column.name for column in table.columns]
    found = [dict(zip(names, row, strict=True)) for row in table.rows]
    assert [(row["ref"], row["trend"]) for row in found] == [
        (row["ref"], row["trend"]) for row in published("directions")
    ]
    assert set(TREND_SIGNS) == set(Trend)


@pytest.mark.parametrize("row", published("directions"), ids=lambda row: row["ref"])
def test_the_newest_commentary_is_dated_as_published(row: dict[str, str]) -> None:
    notes = in_force((n for n in records_on(Note, MEETING) if isinstance(n, Note)), MEETING)
    told = commentary(notes, "direction", row["ref"])
    dated = [f"{n.dated_on:%B}" if n.dated_to == "month" else f"{n.dated_on:%d/%m}" for n in told]
    expected = row["updates_dated"].split("; ") if row["updates_dated"] else []
    assert dated[: len(expected)] == expected
    assert bool(expected) == bool(told)
    assert all(n.dated_on <= MEETING for n in told)


def items_on(day: date, known: dict[str, Workstream]) -> list[Any]:
    """The directions and the plans' items as they stood on a day, in the order of the plan."""
    there = [one for one in records_on(Milestone, day) if isinstance(one, Milestone)]
    order = {one.ref: place for place, (_, one) in enumerate(outline(known.values()))}
    there.sort(key=lambda one: (order[one.workstream], natural_order(one.ref)))
    return items(directions_on(day), there, known)


@cache
def board_exceptions() -> list[Exceptional]:
    """What was exceptional between the two days."""
    known = {one.ref: one for one in records_on(Workstream, BOARD) if isinstance(one, Workstream)}
    return exceptions(items_on(PREVIOUS, known), items_on(BOARD, known), PREVIOUS, BOARD)


def test_the_exceptions_of_the_finance_plan_are_the_published_ones() -> None:
    plans = {row["plan"] for row in published("exceptions")}
    found = [one for one in board_exceptions() if one.item.plan in plans]
    assert {one.item.noun for one in found} == {Milestone.NOUN}
    assert [
        {
            "plan": one.item.plan,
            "item": one.item.title,
            "rag_before": one.rag_before,
            "rag_now": one.item.rag,
        }
        for one in found
    ] == published("exceptions")


def test_the_exceptions_of_the_directions_are_those_whose_trend_is_up_or_down() -> None:
    found = [one.item.ref for one in board_exceptions() if one.item.noun == Direction.NOUN]
    assert found == [row["ref"] for row in published("directions") if row["trend"] != "same"]


def test_the_audit_plan_sums_as_published() -> None:
    [council] = records_on(Council, BOARD)
    assert isinstance(council, Council)
    audits = [a for a in records_on(Audit, BOARD) if isinstance(a, Audit) and a.year == "23/24"]
    audits.sort(key=lambda audit: (audit.quarter or "Q9", natural_order(audit.ref)))
    counts: Counter[Bucket] = Counter()
    for action in records_on(Action, BOARD):
        assert isinstance(action, Action)
        status = status_as_of(standing(action), BOARD)
        counts[Bucket(action.year, action.audit, status, action.priority)] += 1
    table = with_totals(audits, council, actions_counted(counts, council))
    assert [tuple(table.rows[n])[2:3] + tuple(table.rows[n])[6:] for n in sorted(table.totals)] == [
        ("Q1 Total", 11, 27, 14),
        ("Q2 Total", 3, 9, 2),
        ("23/24 Total", 14, 36, 16),
    ]
