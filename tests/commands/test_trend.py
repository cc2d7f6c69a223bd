"""The figures over time are those of each day, and each is its list."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from shared.transcript import Scene

GROUPS = ("directorate", "audit", "owner", "priority", "source")


def rows(scene: Scene, command: str) -> list[dict[str, Any]]:
    """The rows of a command as JSON."""
    written = scene.run(f"irbtrack {command} --format json")
    found: list[dict[str, Any]] = json.loads(written.partition("\n! ")[0])
    return found


@pytest.fixture
def board(scene: Scene, databases: dict[str, Path]) -> Scene:
    """The example's register."""
    scene.folder.joinpath("irbtrack.db").write_bytes(databases["board"].read_bytes())
    return scene


def test_each_point_is_what_summary_says_of_its_day(board: Scene) -> None:
    found = rows(board, "trend --status all --from 1/6/2023 --to 31/10/2023")
    days = sorted({row["as_of"] for row in found})
    assert days == ["2023-06-30", "2023-07-31", "2023-08-31", "2023-09-30", "2023-10-31"]
    for day in days:
        told = rows(board, f"summary --as-of {day}")
        assert [
            {name: row[name] for name in told[0]} for row in found if row["as_of"] == day
        ] == told


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("more", ["", " --original", " --known-at 1/11/2023"])
def test_each_group_is_what_summary_says_of_its_day(board: Scene, by: str, more: str) -> None:
    found = rows(board, f"trend --status all --by {by} --from 1/9/2023 --to 31/10/2023{more}")
    assert found
    for day in ("2023-09-30", "2023-10-31"):
        told = rows(board, f"summary --as-of {day} --by {by}{more}")
        counted = {(r[by], r["year"], r["status"]): r for r in found if r["as_of"] == day}
        for row in told:
            own = counted.pop((row[by], row["year"], row["status"]))
            assert {name: own[name] for name in row} == row
        assert not any(left["total"] for left in counted.values())


def test_each_figure_is_its_list(board: Scene) -> None:
    found = rows(board, "trend --status all --refs --from 1/10/2023 --to 31/10/2023")
    assert [len(row["refs"]) for row in found] == [row["total"] for row in found]


@pytest.mark.parametrize("by", ["directorate", "owner"])
def test_the_command_that_explains_a_figure_lists_as_many(board: Scene, by: str) -> None:
    asked = f"trend --every board --to 31/10/2023 --by {by} --year 23/24 --status all"
    found = rows(board, asked)
    told = board.run(f"irbtrack {asked} --explain")
    explained = re.findall(r"^ *(\d+) .* irbtrack (action list .*)$", told, re.MULTILINE)
    assert len(explained) == sum(row["total"] > 0 for row in found) > 10
    for number, command in explained[::4]:
        assert len(rows(board, command)) == int(number)


def test_what_was_published_stands_beside_what_is_now_known(board: Scene) -> None:
    asked = "trend --every board --to 31/10/2023 --year 22/23"
    [before] = rows(board, asked)
    assert (before["total"], before["published"], before["restated"]) == (60, 60, False)
    late = rows(board, "action list --year 22/23 --status overdue --as-of 2/10/2023")[0]
    board.run(f"irbtrack action complete {late['ref']} --on 2/10/2023")
    [after] = rows(board, asked)
    assert (after["total"], after["published"], after["restated"]) == (59, 60, True)
    assert after["published_high"] == before["high"]
    [as_known] = rows(board, f"{asked} --known-at 4/10/2023")
    assert as_known["restated"] is False
    [original] = rows(board, f"{asked} --original")
    assert (original["published"], original["restated"]) == (None, False)
