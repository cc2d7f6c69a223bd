"""JSON and CSV: the fields of the design, the published figures, and every figure its list."""

import csv
import json
import shlex
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from shared.transcript import Scene, as_csv, as_json

from irbtrack.cli import main

PUBLISHED = Path(__file__).parents[1] / "expected" / "board-2023-11"
BOARD, PREVIOUS = "2023-10-31", "2023-10-03"
YEARS = ("21/22", "22/23", "23/24")
STATUSES = ("Not Due", "Overdue", "Complete", "Not Allocated")
PRIORITIES = ("High", "Medium", "Low")

LIST_FIELDS = [
    *("ref", "year", "audit", "title", "priority", "directorate", "owner", "status"),
    *("raised_on", "original_due_on", "due_on", "times_redated", "completed_on", "verified_on"),
    "days_overdue",
]

DIRECTION_FIELDS = [
    *("ref", "title", "strategic_leads", "operational_leads", "members", "target_on"),
    *("target_note", "original_target_on", "times_redated", "rag_before", "rag", "trend"),
    *("trend_overruled", "commented_on", "commentary"),
]

MILESTONE_FIELDS = [
    *("plan", "workstream", "workstream_name", "ref", "title", "direction", "starts_on"),
    *("baseline_on", "forecast_on", "slipped_days", "times_redated", "rag", "completed_on"),
    "late",
]


@pytest.fixture
def board(scene: Scene, databases: dict[str, Path]) -> Scene:
    """The example, to be read."""
    scene.folder.joinpath("irbtrack.db").symlink_to(databases["board"])
    return scene


def published(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


READING = (
    "summary --as-of 31/10/2023",
    "summary --as-of 31/10/2023 --compare 3/10/2023 --by directorate",
    "summary --year 22/23 --as-of 31/10/2023 --by audit",
    "summary --year 23/24 --as-of 31/10/2023 --by owner",
    "summary --as-of 31/10/2023 --by priority --original",
    "action list --as-of 31/10/2023",
    "action list --status closed --as-of 31/10/2023",
    "action show 2223-205",
    "action show 2324-006 --as-of 31/10/2023",
    "audit list --as-of 1/5/2023",
    "audit list --as-of 31/10/2023",
    "audit show Matrix",
    "directorate list",
    "officer list",
    "snapshot list",
    "snapshot show --by owner",
    "snapshot compare",
    "history",
    "db info",
    "direction list --as-of 31/10/2023 --compare 3/10/2023",
    "direction list --rag G --lead ed-finance",
    "direction list --brief",
    "direction show 3a --as-of 31/10/2023",
    "direction show 3g",
    "workstream list",
    "milestone list --as-of 31/10/2023",
    "milestone list --late --direction 4",
    "plan --as-of 31/10/2023",
    "plan finance-plan",
    "note list --as-of 23/11/2023",
    "note list --section commentary",
    "exceptions --from 3/10/2023 --to 31/10/2023",
    "due --within 1m --as-of 31/10/2023",
    "overview --as-of 31/10/2023",
)


@pytest.mark.parametrize("command", READING)
def test_json_and_csv_carry_the_same_fields_in_the_same_order_with_the_same_values(
    command: str, board: Scene
) -> None:
    objects, rows = as_json(board, command), as_csv(board, command)
    assert len(objects) == len(rows)
    for one, row in zip(objects, rows, strict=True):
        assert list(one) == list(row)
        assert {name: in_csv(value) for name, value in one.items()} == row


def in_csv(value: Any) -> str:
    """A JSON value as CSV has it."""
    if value is None:
        return ""
    if value == []:
        return ""
    if isinstance(value, list) and not any(isinstance(one, dict) for one in value):
        value = "; ".join(value)
    if isinstance(value, dict | bool | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value[:1] in {*"=+-@"} else str(value)


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("summary", ["as_of", "year", "status", "total", "high", "medium", "low", "percent"]),
        *(
            (
                f"summary --by {by}",
                [by, "as_of", "year", "status", "total", "high", "medium", "low", "percent"],
            )
            for by in ("directorate", "audit", "owner", "priority")
        ),
        ("action list", LIST_FIELDS),
        (
            "audit list",
            [
                *("ref", "year", "quarter", "status", "name", "source", "issued_on"),
                *("directorate", "classification"),
                *("high", "medium", "low", "findings"),
                *("actions_high", "actions_medium", "actions_low"),
            ],
        ),
        ("direction list", DIRECTION_FIELDS),
        ("direction show 3a", [*DIRECTION_FIELDS, "ratings", "comments", "notes", "milestones"]),
        ("workstream list", ["code", "name", "within", "milestones"]),
        ("milestone list", MILESTONE_FIELDS),
        ("plan", MILESTONE_FIELDS),
        (
            "note list",
            [
                *("ref", "section", "direction", "workstream", "milestone", "theme", "position"),
                *("dated_on", "dated_to", "board_on", "text"),
            ],
        ),
        (
            "exceptions",
            [
                *("plan", "ref", "item", "rag_before", "rag_now", "noun", "due_before", "due_now"),
                *("passed", "dropped", "why", "reason", "commented_on", "commentary"),
            ],
        ),
        ("due", ["due_on", "noun", "ref", "title", "posts", "state", "days"]),
        (
            "overview",
            ["figure", "of", "number", "change", "high", "high_change", "refs"],
        ),
        ("directorate list", ["code", "name"]),
        ("officer list", ["code", "title", "directorate", "name", "email"]),
        (
            "snapshot list",
            ["entry", "as_of", "label", "taken_at", "taken_by", "replaced", "reason", "digest"],
        ),
        (
            "history 2223-001",
            [
                *("entry", "recorded_at", "recorded_by", "command", "noun", "ref"),
                *("effective_on", "fields", "undoes", "reason"),
            ],
        ),
        pytest.param(
            "db info",
            [
                *("database", "revision", "needs", "bytes", "council", "priorities"),
                *("classifications", "directorates", "officers", "audits", "actions"),
                *("directions", "workstreams", "milestones", "notes", "waivers"),
                *("snapshots", "entries", "last_recorded_at", "digest"),
            ],
            marks=pytest.mark.files,
        ),
    ],
)
def test_the_fields_are_those_of_the_design(command: str, fields: list[str], board: Scene) -> None:
    for one in as_json(board, command):
        assert list(one) == fields


def test_action_show_has_the_fields_of_the_list_first(board: Scene) -> None:
    [shown] = as_json(board, "action show 2223-171")
    [listed] = as_json(board, "action list --text 2223-171")
    assert list(shown)[: len(LIST_FIELDS)] == LIST_FIELDS
    assert {name: shown[name] for name in LIST_FIELDS} == listed


def test_the_summary_object_is_the_one_of_the_design(board: Scene) -> None:
    objects = as_json(board, "summary --year 22/23 --as-of 2023-10-31")
    assert [one["status"] for one in objects] == [*STATUSES, "Totals"]
    overdue = json.dumps(objects[1])
    assert overdue == (
        '{"as_of": "2023-10-31", "year": "22/23", "status": "Overdue", "total": 59,'
        ' "high": 18, "medium": 27, "low": 14, "percent": 26}'
    )


def test_the_six_tables_are_the_published_ones(board: Scene) -> None:
    rows = as_csv(board, "summary --as-of 31/10/2023 --compare 3/10/2023")
    for row in rows:
        del row["percent"]
    assert rows == published("tallies.csv")


def test_the_example_agrees_with_the_published_figures_at_either_date_alone(board: Scene) -> None:
    for day in (BOARD, PREVIOUS):
        rows = as_csv(board, f"summary --as-of {day}")
        for row in rows:
            del row["percent"]
        assert rows == [row for row in published("tallies.csv") if row["as_of"] == day]


def test_the_snapshot_has_the_published_figures(board: Scene) -> None:
    rows = as_csv(board, "snapshot show 3/10/2023")
    for row in rows:
        del row["percent"]
    assert rows == [row for row in published("tallies.csv") if row["as_of"] == PREVIOUS]


def test_the_percentages_are_the_published_ones(board: Scene) -> None:
    found = {
        (row["as_of"], row["year"], row["status"]): (row["total"], row["percent"])
        for row in as_csv(board, "summary --as-of 31/10/2023")
    }
    for row in published("percentages.csv"):
        assert found[row["as_of"], row["year"], row["status"]] == (row["count"], row["percent"])


def test_the_audit_plan_is_the_published_one(board: Scene) -> None:
    rows = as_csv(board, "audit list --year 23/24 --as-of 31/10/2023")
    expected = published("audit_plan.csv")
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected


@pytest.mark.parametrize("day", [BOARD, PREVIOUS])
@pytest.mark.parametrize("year", YEARS)
def test_each_published_figure_is_its_list(year: str, day: str, board: Scene) -> None:
    figures = {
        row["status"]: row
        for row in published("tallies.csv")
        if (row["as_of"], row["year"]) == (day, year)
    }
    assert list(figures) == [*STATUSES, "Totals"]
    for status, figure in figures.items():
        filters = f"action list --as-of {day} --year {year}"
        if status != "Totals":
            filters += f" --status {shlex.quote(status)}"
        assert len(as_csv(board, filters)) == int(figure["total"]), filters
        for priority in PRIORITIES:
            asked = f"{filters} --priority {priority}"
            assert len(as_csv(board, asked)) == int(figure[priority.lower()]), asked


def test_the_fifty_nine(board: Scene) -> None:
    rows = as_csv(board, "action list --year 22/23 --status overdue --as-of 31/10/2023")
    assert len(rows) == len({row["ref"] for row in rows}) == 59
    assert Counter(row["priority"] for row in rows) == {"High": 18, "Medium": 27, "Low": 14}
    day = date(2023, 10, 31)
    for row in rows:
        due_on = date.fromisoformat(row["due_on"])
        assert due_on < day
        assert row["days_overdue"] == str((day - due_on).days)
        assert row["owner"]
        assert not row["completed_on"]


@pytest.mark.parametrize("by", ["directorate", "audit", "owner", "priority"])
@pytest.mark.parametrize("year", YEARS)
def test_each_figure_of_a_group_is_its_list(by: str, year: str, board: Scene) -> None:
    listed = Counter(
        (row[by], row["status"], row["priority"])
        for row in as_csv(board, f"action list --year {year} --as-of 31/10/2023")
    )
    groups = Counter[tuple[str, str, str]]()
    totals = Counter[str]()
    for row in as_csv(board, f"summary --year {year} --as-of 31/10/2023 --by {by}"):
        if row["status"] == "Totals":
            totals[row[by]] += int(row["total"])
            continue
        for priority in PRIORITIES:
            groups[row[by], row["status"], priority] += int(row[priority.lower()])
    assert +groups == listed
    assert totals == Counter({g: n for g, n in _by_group(listed).items() if n})


def _by_group(listed: Counter[tuple[str, str, str]]) -> Counter[str]:
    totals = Counter[str]()
    for (group, _, _), number in listed.items():
        totals[group] += number
    return totals


@pytest.mark.parametrize("by", ["directorate", "owner", "priority"])
def test_a_group_can_be_asked_for_by_what_the_summary_calls_it(by: str, board: Scene) -> None:
    rows = as_json(board, f"summary --year 23/24 --as-of 31/10/2023 --by {by}")
    for row in rows:
        if row["status"] == "Overdue":
            asked = f"--{by} {row[by] or 'none'} --status overdue"
            found = as_csv(board, f"action list --year 23/24 --as-of 31/10/2023 {asked}")
            assert len(found) == row["total"], asked


def test_the_high_action_of_23_24_that_left_is_found_among_the_closed(board: Scene) -> None:
    command = "action list --year 23/24 --priority high --status closed --as-of"
    assert as_csv(board, f"{command} 3/10/2023") == []
    [left] = as_csv(board, f"{command} 31/10/2023")
    assert left["ref"] not in {
        row["ref"] for row in as_csv(board, "action list --year 23/24 --as-of 31/10/2023")
    }


@pytest.mark.parametrize(
    "command",
    [
        *(f"summary --year 22/23 --as-of 31/10/2023{by}" for by in ("", " --by directorate")),
        "action list --year 23/24 --status overdue --as-of 31/10/2023",
        "audit list --year 23/24",
        "action show 2223-171",
        "snapshot list",
        "direction list --as-of 31/10/2023",
        "direction show 3e --as-of 23/11/2023",
        "milestone list",
        "plan --as-of 31/10/2023",
        "note list --as-of 23/11/2023",
        "exceptions --to 31/10/2023",
        "due --as-of 31/10/2023",
        "overview --as-of 31/10/2023",
    ],
)
def test_markdown_tables_have_a_header_a_rule_and_rows_of_one_width(
    command: str, board: Scene
) -> None:
    lines = board.run(f"irbtrack {command} --format md").splitlines()
    tables: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("|"):
            tables[-1].append(line)
        elif tables[-1]:
            tables.append([])
    for header, rule, *rows in filter(None, tables):
        cells = header.count("|")
        assert set(rule) <= set("|-:")
        assert {line.count("|") - line.count(r"\|") for line in (rule, *rows)} == {cells}


@pytest.mark.files
def test_json_is_utf_8_and_its_numbers_are_numbers(
    board: Scene, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    del board
    arguments = [
        "action",
        "list",
        "--text",
        "over £5,000 and",
        "--as-of",
        BOARD,
        "--format",
        "json",
    ]
    assert main(arguments) == 0
    written = capfdbinary.readouterr().out
    assert "£5,000".encode() in written
    [action] = json.loads(written.decode("utf-8"))
    assert (action["times_redated"], action["days_overdue"]) == (0, 0)
    assert action["completed_on"] is None


@pytest.mark.files
def test_db_info_says_what_the_database_holds(board: Scene) -> None:
    [facts] = as_json(board, "db info")
    assert facts["database"] == "irbtrack.db"
    assert facts["revision"] == facts["needs"]
    assert facts["bytes"] == (board.folder / "irbtrack.db").stat().st_size
    assert facts["council"] == "Example Borough Council"
    assert facts["priorities"] == ", ".join(PRIORITIES)
    assert facts["actions"] == len(as_csv(board, "action list")) + len(
        as_csv(board, "action list --status closed")
    )
    assert facts["audits"] == len(as_csv(board, "audit list"))
    assert facts["directorates"] == len(as_csv(board, "directorate list"))
    assert facts["officers"] == len(as_csv(board, "officer list"))
    assert facts["directions"] == len(as_csv(board, "direction list")) == 15
    assert facts["workstreams"] == len(as_csv(board, "workstream list"))
    assert facts["milestones"] == len(as_csv(board, "milestone list"))
    assert facts["notes"] == len(
        {row["ref"] for row in as_csv(board, "history") if row["noun"] == "note"}
    )
    assert facts["snapshots"] == len(as_csv(board, "snapshot list")) == 1
    history = as_csv(board, "history")
    assert facts["entries"] == int(history[-1]["entry"])
    assert facts["last_recorded_at"] == history[-1]["recorded_at"]
    assert len(facts["digest"]) == 64
