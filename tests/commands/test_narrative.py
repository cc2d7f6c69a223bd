"""Every number of the narrative is a figure: its command gives it again."""

import csv
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from shared.transcript import named

from irbtrack.cli import main

FIGURES = Path(__file__).parents[2] / "tests" / "expected" / "board-2023-11"
DAY = "2023-10-31"
OTHER = re.compile(
    r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b\d\d/\d\d\b|\([^()%]*\b(?:SEND|\d[a-z]?)\b[^()%]*\)"
)
"""Dates, years and the references of directions."""


def rows(database: Path, capsys: pytest.CaptureFixture[str], command: str) -> list[dict[str, Any]]:
    assert main(["--database", named(database), *shlex.split(command), "--format", "json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def answered(given: list[dict[str, Any]], row: str | None, field: str | None) -> int:
    """What a command's rows say: a field of the one that is meant, or how many are."""
    name, _, value = (row or "").partition("=")
    meant = [one for one in given if not name or (one[name] or "") == value]
    if not field:
        return len(meant)
    [only] = meant
    answer: int = only[field]
    return answer


@pytest.mark.parametrize(
    "asked",
    [
        f"narrative --as-of {DAY}",
        "narrative --as-of 3/10/2023",
        "narrative --as-of 30/11/2023 --year 22/23",
        "narrative --as-of 30/9/2023 --compare 31/7/2023",
        f"narrative --as-of {DAY} --known-at 20/10/2023",
    ],
)
def test_each_number_is_what_its_command_answers(
    asked: str, databases: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    board = databases["board"]
    told = rows(board, capsys, asked)
    by_sentence: dict[str, list[int]] = {}
    for one in told:
        by_sentence.setdefault(one["sentence"], [])
        if one["number"] is None:
            continue
        by_sentence[one["sentence"]].append(one["number"])
        given = rows(board, capsys, one["command"].removeprefix("irbtrack "))
        assert answered(given, one["row"], one["field"]) == one["number"], one
        if one["refs"] is not None:
            assert len(one["refs"]) == one["number"]
    for sentence, numbers in by_sentence.items():
        bare = OTHER.sub("", sentence).replace(",", "")
        assert [int(n) for n in re.findall(r"\d+", bare)] == numbers, sentence


def test_the_shares_are_those_of_the_report(
    databases: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = rows(databases["board"], capsys, f"narrative --as-of {DAY}")
    said = {
        (one["section"][-5:], one["row"].removeprefix("status="), one["number"])
        for one in told
        if one["field"] == "percent"
    }
    with (FIGURES / "percentages.csv").open(encoding="utf-8") as file:
        published = {(r["year"], r["status"], int(r["percent"])) for r in csv.DictReader(file)}
    assert said >= published
    assert said - published == {("23/24", "Complete", 14)}, "which the report left out"
