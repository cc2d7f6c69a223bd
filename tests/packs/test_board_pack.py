"""The pack of the example has every figure that the board was shown in November 2023."""

import csv
from pathlib import Path

import pytest

from irbtrack.packs.document import (
    BoardPack,
    Chart,
    Drawing,
    Grid,
    Heading,
    PackSection,
    Points,
    Prose,
)
from irbtrack.packs.telling.sections import SECTIONS

PUBLISHED = Path(__file__).parents[1] / "expected" / "board-2023-11"


def published(name: str) -> list[dict[str, str]]:
    """The rows of one published table."""
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def section(pack: BoardPack, name: str) -> PackSection:
    """A section by its name."""
    return next(one for one in pack.sections if one.name == name)


def grid(pack: BoardPack, title: str) -> Grid:
    """A table by the beginning of its title."""
    [found] = [one for one in pack.grids() if one.table.title.startswith(title)]
    return found


def objects(of: Grid) -> list[dict[str, str]]:
    """The rows of a table by its labels."""
    return [dict(zip(of.labels, row, strict=True)) for row in of.texts]


def test_it_has_every_section_in_the_order_of_the_report(board_pack: BoardPack) -> None:
    assert [one.name for one in board_pack.sections] == list(SECTIONS)


@pytest.mark.parametrize(
    ("day", "title"), [("2023-10-31", "as of 31 October"), ("2023-10-03", "as published for 3 Oct")]
)
def test_the_tallies_of_both_dates(board_pack: BoardPack, day: str, title: str) -> None:
    of_day = [row for row in published("tallies") if row["as_of"] == day]
    for year in dict.fromkeys(row["year"] for row in of_day):
        told = [list(row.values()) for row in objects(grid(board_pack, f"{year} {title}"))]
        assert told == [
            [row["status"], row["total"], row["high"], row["medium"], row["low"]]
            for row in of_day
            if row["year"] == year
        ]


def test_every_figure_of_a_tally_has_as_many_references_as_it_counts(board_pack: BoardPack) -> None:
    counted = 0
    for one in board_pack.grids():
        for (row, column), refs in one.lists.items():
            assert abs(int(one.table.rows[row][column])) == len(set(refs)) == len(refs)
            counted += 1
    assert counted > 200


def test_every_percentage_of_the_report_is_in_its_narrative(board_pack: BoardPack) -> None:
    blocks = section(board_pack, "narrative").blocks
    headings = [one.text for one in blocks if isinstance(one, Heading)]
    told = dict(zip(headings, [one.text for one in blocks if isinstance(one, Prose)], strict=True))
    for row in published("percentages"):
        words = told[f"{row['year']} internal audits"]
        assert f"{row['status'].lower()} ({row['percent']}%)" in words


def test_the_audit_plan_with_its_quarters(board_pack: BoardPack) -> None:
    rows = objects(grid(board_pack, "Audits and findings of 23/24"))
    audits = [row for row in rows if row["Name"]]
    assert [
        [row[label] for label in ("Quarter", "Status", "Name", "Classification")] for row in audits
    ] == [
        [row["quarter"], row["status"], row["name"], row["classification"]]
        for row in published("audit_plan")
    ]
    totals = {row["Quarter"]: [row["High"], row["Medium"], row["Low"]] for row in rows}
    assert totals["Q1 Total"] == ["11", "27", "14"]
    assert totals["Q2 Total"] == ["3", "9", "2"]
    assert totals["23/24 Total"] == ["14", "36", "16"]


def test_the_directions(board_pack: BoardPack) -> None:
    rows = objects(grid(board_pack, "Progress of the directions"))
    for row, one in zip(rows, published("directions"), strict=True):
        assert (row["Ref"], row["Direction"]) == (one["ref"], one["title"])
        if one["rag"]:
            assert row["RAG"].startswith(one["rag"])
        assert one["trend"] in row["Trend"]


def test_the_exceptions(board_pack: BoardPack) -> None:
    rows = objects(grid(board_pack, "Finance Improvement Action Plan: exceptions"))
    names = {"R": "Red", "A": "Amber", "G": "Green", "C": "Complete"}
    of_plan = [r for r in published("exceptions") if r["plan"].startswith("Finance")]
    assert [row["Item"] for row in rows] == [row["item"] for row in of_plan]
    for row, one in zip(rows, of_plan, strict=True):
        change = f"{names[one['rag_before']]} to {names[one['rag_now']].lower()}"
        assert row["What changed"].lower().startswith(change.lower())


def test_a_chart_shows_the_numbers_of_its_table(board_pack: BoardPack) -> None:
    charts = [b for s in board_pack.sections for b in s.blocks if isinstance(b, Chart)]
    assert len(charts) == 9
    for chart in charts:
        labels = [row[0] for row in chart.grid.texts]
        assert list(chart.labels) == labels[: len(chart.labels)]
        for series in chart.series:
            label = "Total" if series.name == chart.grid.labels[0] else series.name
            column = chart.grid.labels.index(label)
            values = [row[column] for row in chart.grid.table.rows]
            assert list(series.values) == values[: len(series.values)]
        assert chart.says.endswith(".")


def test_the_movement_of_overdue_in_each_year(board_pack: BoardPack) -> None:
    ends = {}
    for year in ("21/22", "22/23", "23/24"):
        values = [row[1] for row in grid(board_pack, f"{year} overdue: from").table.rows]
        ends[year] = (values[0], values[-1])
        assert sum(values[:-1]) == values[-1]
    assert ends == {"21/22": (98, 89), "22/23": (60, 59), "23/24": (7, 8)}


def test_the_plans_are_drawn(board_pack: BoardPack) -> None:
    drawn = [b for b in section(board_pack, "plan").blocks if isinstance(b, Drawing)]
    assert [one.title.partition(" as of")[0] for one in drawn] == [
        "Recovery Plan on a Page",
        "Finance Improvement Action Plan",
    ]
    for one in drawn:
        marks = sum(len(found) for _, _, found in one.timeline.rows)
        assert marks == len(one.grid.table.rows)


def test_commentary_is_told_up_to_the_meeting(board_pack: BoardPack) -> None:
    assert str(board_pack.cover.meeting_on) == "2023-11-23"
    [points] = section(board_pack, "headline").blocks
    assert isinstance(points, Points)
    assert len(points.texts) == 6
    commentary = " ".join(r["Commentary"] for r in objects(grid(board_pack, "Progress of the dir")))
    assert "14 Nov 2023" in commentary


def test_posts_and_directorates_have_their_names(board_pack: BoardPack) -> None:
    actions = objects(grid(board_pack, "Actions as of"))
    assert len(actions) == 89 + 59 + 8
    assert {row["Status"] for row in actions} == {"Overdue"}
    assert all(" " in row["Owner"] and "-" not in row["Owner"] for row in actions)
