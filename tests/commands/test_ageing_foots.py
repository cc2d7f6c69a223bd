"""Ageing of the example: it adds up to the summary, and each figure is its list."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from shared.transcript import Scene, as_csv, as_json, data

PRIORITIES = ("high", "medium", "low")
DAY = "--as-of 31/10/2023"
EDGES = {"1-30": (1, 30), "31-90": (31, 90), "91-180": (91, 180), "181-365": (181, 365)}


@pytest.fixture
def board(scene: Scene, databases: dict[str, Path]) -> Scene:
    """The example, to be read."""
    scene.folder.joinpath("irbtrack.db").symlink_to(databases["board"])
    return scene


def band_of(days: int) -> str:
    return next((b for b, (first, last) in EDGES.items() if first <= days <= last), "over 365")


@pytest.mark.parametrize("basis", ["current", "original"])
@pytest.mark.parametrize("by", ["directorate", "audit", "owner", "source", "priority"])
def test_each_cell_is_counted_from_the_list(board: Scene, by: str, basis: str) -> None:
    told = as_json(board, f"ageing {DAY} --by {by} --basis {basis} --each-year")
    fields = f"year,{by},priority,days_overdue"
    overdue = as_json(
        board, f"action list {DAY} --status overdue --basis {basis} --columns {fields}"
    )
    expected = Counter[tuple[Any, ...]]()
    for one in overdue:
        for band in (band_of(one["days_overdue"]), "Totals"):
            for at in ((one["year"], one[by]), (one["year"], "Totals"), ("Totals", "Totals")):
                expected[*at, band, "total"] += 1
                expected[*at, band, one["priority"].lower()] += 1
    counted = Counter(
        {
            (row["year"], row[by], row["band"], column): row[column]
            for row in told
            for column in ("total", *PRIORITIES)
        }
    )
    assert +counted == expected
    assert expected["Totals", "Totals", "Totals", "total"] == len(overdue) > 150


@pytest.mark.parametrize("basis", ["", "--original"])
def test_the_bands_add_up_to_what_the_summary_says_is_overdue(board: Scene, basis: str) -> None:
    original = basis and "--basis original"
    ages = as_csv(board, f"ageing {DAY} --each-year {original}")
    summary = as_csv(board, f"summary {DAY} {basis}")
    overdue = {
        row["year"]: [int(row[column]) for column in ("total", *PRIORITIES)]
        for row in summary
        if row["status"] == "Overdue"
    }
    assert len(overdue) == 3
    for year, figures in overdue.items():
        of_year = [row for row in ages if row["year"] == year]
        totals = [row for row in of_year if row["band"] == "Totals"]
        assert [int(row["total"]) for row in totals] == [figures[0]]
        for column, figure in zip(("total", *PRIORITIES), figures, strict=True):
            in_bands = [int(row[column]) for row in of_year if row["band"] != "Totals"]
            assert (sum(in_bands), len(in_bands)) == (figure, 5)


@pytest.mark.parametrize(
    "options",
    [
        "--by directorate",
        "--by audit --each-year --basis original",
        "--by source --overdue-by 6m --basis original",
        "--by owner --year 22/23 --overdue-by 20-200 --known-at 2023-11-20",
        "--each-year --bands 7,400",
    ],
)
def test_each_command_and_the_references_are_what_was_counted(board: Scene, options: str) -> None:
    rows = as_json(board, f"ageing {DAY} {options} --refs")
    assert all(row["total"] == len(row["refs"]) for row in rows)
    page = data(board, f"ageing {DAY} {options} --explain --top 0 --format md")
    commands = [
        (int(cells[1]), cells[3].replace("\\", "").strip("` "))
        for line in page.splitlines()
        if len(cells := [cell.strip() for cell in line.split("|")]) == 5 and "irbtrack" in line
    ]
    assert sorted(n for n, _ in commands) == sorted(row["total"] for row in rows if row["total"])
    listed = [
        [one["ref"] for one in as_json(board, command.removeprefix("irbtrack "))]
        for _, command in commands
    ]
    assert listed == [row["refs"] for row in rows if row["refs"]]


def test_the_longest_overdue_are_those_that_a_sorted_list_begins_with(board: Scene) -> None:
    sort = "--sort days_overdue-,ref --columns ref,days_overdue,times_redated"
    for basis in ("current", "original"):
        page = data(board, f"ageing {DAY} --top 12 --basis {basis}")
        longest = page.split("Longest overdue: 12 of ")[1].splitlines()[3:]
        listed = as_json(board, f"action list {DAY} --status overdue --basis {basis} {sort}")
        assert [line.split()[0] for line in longest] == [one["ref"] for one in listed[:12]]
        for line, one in zip(longest, listed, strict=False):
            days, *_, times, _ = line.split()[-6:]
            assert (int(days), int(times)) == (one["days_overdue"], one["times_redated"])


def test_a_list_is_sorted_by_scales_and_what_is_empty_comes_last(board: Scene) -> None:
    asked = f"action list {DAY} --columns ref,priority,completed_on,percent_complete"
    rows = as_json(board, f"{asked} --sort priority --sort completed_on-")
    scale = [PRIORITIES.index(row["priority"].lower()) for row in rows]
    assert scale == sorted(scale)
    for priority in PRIORITIES:
        done = [row["completed_on"] for row in rows if row["priority"].lower() == priority]
        dated = [day for day in done if day]
        assert done == [*sorted(dated, reverse=True), *[None] * (len(done) - len(dated))]
        assert 0 < len(dated) < len(done)
    whole = as_json(board, f"action list {DAY}")
    assert sorted(row["ref"] for row in rows) == sorted(row["ref"] for row in whole)


def test_columns_are_the_same_in_json_and_csv(board: Scene) -> None:
    asked = f"action list {DAY} --year 23/24 --columns source,ref,progress"
    rows = as_json(board, asked)
    assert [list(row) for row in rows] == [["source", "ref", "progress"]] * len(rows)
    assert as_csv(board, asked) == [{k: v or "" for k, v in row.items()} for row in rows]
    assert {row["source"] for row in rows} == {"Internal Audit"}


def test_the_days_overdue_in_all_are_those_of_the_rows(board: Scene) -> None:
    asked = f"action list {DAY} --status overdue"
    days = sum(row["days_overdue"] for row in as_json(board, asked))
    assert data(board, asked).endswith(f"\n156 actions, {days:,} days overdue in all")
