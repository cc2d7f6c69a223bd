"""The report's directions, commentary, exceptions and audit plan, to the letter, through main()."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from shared.transcript import Scene

PUBLISHED = Path(__file__).parents[1] / "expected" / "board-2023-11"


@pytest.fixture
def board(scene: Scene, databases: dict[str, Path]) -> Scene:
    """The example, to be read."""
    scene.folder.joinpath("irbtrack.db").symlink_to(databases["board"])
    return scene


def as_csv(scene: Scene, command: str) -> list[dict[str, str]]:
    """The rows of a command's CSV."""
    return list(csv.DictReader(io.StringIO(scene.run(f"irbtrack {command} --format csv"))))


def as_json(scene: Scene, command: str) -> list[dict[str, Any]]:
    """The objects of a command's JSON."""
    rows: list[dict[str, Any]] = json.loads(scene.run(f"irbtrack {command} --format json"))
    return rows


def published(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def columns(rows: list[dict[str, str]], names: list[str]) -> list[dict[str, str]]:
    return [{name: row[name] for name in names} for row in rows]


def test_the_directions_are_the_published_ones_to_the_letter(board: Scene) -> None:
    rows = as_csv(board, "direction list --as-of 31/10/2023 --compare 3/10/2023")
    expected = published("directions.csv")
    names = ["ref", "title", "target_on", "target_note", "trend"]
    assert columns(rows, names) == columns(expected, names)
    for row, one in zip(rows, expected, strict=True):
        assert one["rag"] in ("", row["rag"]), one["ref"]
        assert row["rag"] in {*"RAGC"}


def test_the_comparison_is_with_the_previous_snapshot_unless_it_is_given(board: Scene) -> None:
    command = "direction list --as-of 31/10/2023"
    assert as_csv(board, command) == as_csv(board, f"{command} --compare 3/10/2023")


def test_every_trend_is_that_of_the_two_ratings(board: Scene) -> None:
    then = {row["ref"]: row["rag"] for row in as_csv(board, "direction list --as-of 3/10/2023")}
    for row in as_csv(board, "direction list --as-of 31/10/2023"):
        assert row["rag_before"] == then[row["ref"]]
        step = "RAGC".index(row["rag"]) - "RAGC".index(row["rag_before"])
        assert row["trend"] == ("same", "up", "down")[(step > 0) - (step < 0)]
        assert row["trend_overruled"] == "false"


def as_the_report_means(text: str) -> tuple[str, str]:
    """A commentary's date in the report of November 2023, and how closely it is known."""
    if text == "October":
        return "2023-10-31", "month"
    day, month = text.split("/")
    return f"2023-{month}-{day}", "day"


@pytest.mark.parametrize("one", published("directions.csv"), ids=lambda one: one["ref"])
def test_the_commentary_has_the_dates_of_the_report(one: dict[str, str], board: Scene) -> None:
    [shown] = as_json(board, f"direction show {one['ref']} --as-of 23/11/2023")
    dated = [(c["dated_on"], c["dated_to"]) for c in shown["comments"]]
    expected = [text for text in one["updates_dated"].split("; ") if text]
    assert dated[: len(expected)] == [as_the_report_means(text) for text in expected]
    assert expected or not dated
    newest_first = [c["dated_on"] for c in shown["comments"]]
    assert newest_first == sorted(newest_first, reverse=True)
    assert shown["commented_on"] == (newest_first[0] if newest_first else None)


def test_no_commentary_of_a_day_is_dated_after_it(board: Scene) -> None:
    for row in as_json(board, "direction list --as-of 31/10/2023"):
        assert (row["commented_on"] or "") <= "2023-10-31"
        [shown] = as_json(board, f"direction show {row['ref']} --as-of 31/10/2023")
        assert [c for c in shown["comments"] if c["dated_on"] > "2023-10-31"] == []


@pytest.mark.parametrize(
    "days", ["--from 3/10/2023 --to 31/10/2023", "--to 31/10/2023", "--as-of 31/10/2023"]
)
def test_the_exceptions_are_the_published_ones_to_the_letter(days: str, board: Scene) -> None:
    expected = published("exceptions.csv")
    rows = as_csv(board, f"exceptions --workstream finance-plan {days}")
    assert columns(rows, list(expected[0])) == expected
    assert all(row["commentary"] for row in rows)
    assert all("2023-10-03" < row["commented_on"] <= "2023-10-31" for row in rows)


def test_each_exception_is_one_of_the_two_days(board: Scene) -> None:
    """The ratings and dates before and now are those that the lists have on the two days."""
    rows = as_csv(board, "exceptions --from 3/10/2023 --to 31/10/2023")
    found = {(row["noun"], row["ref"]): row for row in rows}
    expected = set()
    for noun, due in (("direction", "target_on"), ("milestone", "forecast_on")):
        then, now = (
            {row["ref"]: row for row in as_csv(board, f"{noun} list --as-of {day}")}
            for day in ("3/10/2023", "31/10/2023")
        )
        for ref, row in now.items():
            was = then.get(ref, row)
            passed = row["rag"] != "C" and "2023-10-03" <= row[due] < "2023-10-31"
            if (was["rag"], was[due]) != (row["rag"], row[due]) or passed:
                expected.add((noun, ref))
                one = found[noun, ref]
                assert (one["rag_before"], one["rag_now"]) == (was["rag"], row["rag"])
                assert (one["due_before"], one["due_now"]) == (was[due], row[due])
                assert one["passed"] == json.dumps(passed)
    assert set(found) == expected


def test_the_quarters_and_the_year_of_the_audit_plan_have_their_totals(board: Scene) -> None:
    written = board.run("irbtrack audit list --year 23/24 --as-of 31/10/2023 --format md")
    totals = {
        cells[2]: tuple(map(int, cells[-3:]))
        for line in written.splitlines()
        if (cells := [cell.strip() for cell in line.strip("|").split("|")])[2].endswith("Total")
    }
    plan = published("audit_plan.csv")

    def summed(quarter: str) -> tuple[int, ...]:
        of = [row for row in plan if quarter in (row["quarter"], "")]
        return tuple(sum(int(row[p]) for row in of) for p in ("high", "medium", "low"))

    assert totals == {
        "Q1 Total": (11, 27, 14),
        "Q2 Total": (3, 9, 2),
        "23/24 Total": (14, 36, 16),
    }
    assert totals == {
        "Q1 Total": summed("Q1"),
        "Q2 Total": summed("Q2"),
        "23/24 Total": summed(""),
    }


def test_the_findings_of_the_plan_are_the_actions_of_the_register(board: Scene) -> None:
    rows = as_csv(board, "audit list --year 23/24 --as-of 31/10/2023")
    for row in rows:
        for priority in ("high", "medium", "low"):
            assert row[priority] == row[f"actions_{priority}"], row["name"]
    assert sum(int(row[p]) for row in rows for p in ("high", "medium", "low")) == 66
    assert "Findings as entered" not in board.run(
        "irbtrack audit list --year 23/24 --as-of 31/10/2023"
    )


def test_the_overview_has_the_figures_of_the_summary_and_of_the_directions(board: Scene) -> None:
    facts = as_csv(board, "overview --as-of 31/10/2023")
    overdue = {f["of"]: (f["number"], f["high"]) for f in facts if f["figure"] == "overdue"}
    summed = {
        row["year"]: (row["total"], row["high"])
        for row in as_csv(board, "summary --as-of 31/10/2023")
        if row["status"] == "Overdue"
    }
    assert {year: figures for year, figures in overdue.items() if year != "Totals"} == summed
    assert overdue["Totals"] == ("156", "22")
    directions = as_csv(board, "direction list --as-of 31/10/2023")
    for rag in "RAGC":
        [fact] = [f for f in facts if (f["figure"], f["of"]) == ("directions", rag)]
        refs = [row["ref"] for row in directions if row["rag"] == rag]
        assert (fact["number"], fact["refs"]) == (str(len(refs)), "; ".join(refs))
    assert [(f["of"], f["refs"]) for f in facts if f["figure"] == "moved"] == [
        (row["trend"], row["ref"]) for row in directions if row["trend"] in ("up", "down")
    ]
    due = as_csv(board, "due --within 30d --as-of 31/10/2023")
    for noun in ("action", "milestone", "direction"):
        [fact] = [f for f in facts if (f["figure"], f["of"]) == ("due", noun)]
        refs = [row["ref"] for row in due if row["noun"] == noun]
        assert (fact["number"], fact["refs"]) == (str(len(refs)), "; ".join(refs))
