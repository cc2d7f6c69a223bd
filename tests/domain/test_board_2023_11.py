"""The figures that a board was shown in November 2023, from the example register alone."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from irbtrack.domain.journal import Change, Version, entry_from_json, fold, version_on
from irbtrack.domain.records import NOUNS, Action, Audit, Council, Record
from irbtrack.domain.status import standing, status_as_of
from irbtrack.domain.tally import Cell, Tally, say_overdue, tally, unfooted
from irbtrack.shipped import shipped

PUBLISHED = Path(__file__).parents[1] / "expected" / "board-2023-11"
BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)


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
    counts: Counter[Cell] = Counter()
    for action in records_on(Action, day):
        status = status_as_of(standing(action), day)
        counts[Cell(action.year, None, status, action.priority)] += 1
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
