"""The example, exported and imported into an empty register, gives the same register."""

import contextlib
import io
import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from shared.transcript import kept, named

from irbtrack.cli import main

NOW = datetime.fromisoformat("2023-11-23T09:00Z")

NOUNS = (
    *("directorates", "officers", "audits", "actions", "directions", "workstreams"),
    *("milestones", "notes"),
)
"""What is exported, in an order in which each refers only to those before it."""

ENDINGS = ("csv", "json", "xlsx", "ods")

LISTS = (
    *("summary", "summary --by directorate", "summary --by owner", "summary --original"),
    *("action list", "direction list", "audit list", "milestone list", "note list", "plan"),
    *("directorate list", "officer list", "workstream list"),
)

BOARDS = ("2023-10-31", "2023-10-03")
"""The days that the example's report compares, on which a history must tell the same."""


def ran(database: Path, command: str) -> tuple[str, str]:
    """What a command writes to its two outputs; it must not refuse."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["--database", named(database), *command.split()], now=NOW)
    assert code == 0, f"{command}: {err.getvalue()}"
    return out.getvalue(), err.getvalue()


@cache
def told(database: Path, day: str, command: str) -> list[Any]:
    """What a list or table tells of a day, for programs."""
    if command in ("directorate list", "officer list", "workstream list", "note list"):
        options = f"--as-of {day}"
    elif command == "direction list" or command.startswith("summary"):
        options = f"--as-of {day} --compare {BOARDS[1] if day != BOARDS[1] else '2023-09-05'}"
    else:
        options = f"--as-of {day}"
    rows: list[Any] = json.loads(ran(database, f"{command} {options} --format json")[0])
    return rows


@cache
def today(database: Path, command: str) -> str:
    """What a list or table tells of today, for programs."""
    return ran(database, f"{command} --format json")[0]


Trip = Callable[[str, bool], tuple[Path, Path]]


@pytest.fixture(scope="module")
def trip(
    databases: dict[str, Path],
    copied: Callable[[Path, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Trip:
    """Makes the register that an export was taken in by, once for each way of exporting.

    Returns it, and the folder that the export is in.
    """
    made: dict[tuple[str, bool], tuple[Path, Path]] = {}

    def register(ending: str, history: bool) -> tuple[Path, Path]:
        if (ending, history) not in made:
            folder = tmp_path_factory.mktemp(f"{ending}-{history}")
            taken_in = copied(databases["new"], folder / "irbtrack.db")
            for noun in NOUNS:
                file = folder / f"{noun}.{ending}"
                ran(databases["board"], f"export {noun} {file} {'--history' * history}")
                ran(taken_in, f"import {noun} {file}")
            made[ending, history] = taken_in, folder
        return made[ending, history]

    return register


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_exported_and_taken_in_is_the_same_register_today(
    ending: str, trip: Trip, databases: dict[str, Path]
) -> None:
    taken_in, _ = trip(ending, False)
    for command in LISTS:
        same = f"{command} --compare today" if command == "direction list" else command
        assert today(taken_in, same) == today(databases["board"], same), same


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("day", ["2023-11-23", *BOARDS])
def test_with_its_history_it_is_the_same_on_every_day(
    day: str, ending: str, trip: Trip, databases: dict[str, Path]
) -> None:
    taken_in, _ = trip(ending, True)
    for command in LISTS:
        assert told(taken_in, day, command) == told(databases["board"], day, command), command


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("history", [False, True], ids=["today", "history"])
def test_taking_it_in_again_records_nothing(history: bool, ending: str, trip: Trip) -> None:
    taken_in, folder = trip(ending, history)
    before = kept(taken_in)
    for noun in NOUNS:
        _, said = ran(taken_in, f"import {noun} {folder / f'{noun}.{ending}'}")
        assert "nothing to change: the register says so already\n" in said, noun
        assert ": 0 added, 0 changed, " in said
    assert kept(taken_in) == before


@pytest.mark.parametrize("ending", ["csv", "json"])  # a workbook says which register it is of
@pytest.mark.parametrize("history", [False, True], ids=["today", "history"])
def test_a_register_that_took_an_export_in_exports_the_same(
    history: bool, ending: str, trip: Trip, tmp_path: Path
) -> None:
    taken_in, folder = trip(ending, history)
    for noun in NOUNS:
        again = tmp_path / f"{noun}.{ending}"
        ran(taken_in, f"export {noun} {again} {'--history' * history}")
        assert again.read_text("utf-8") == (folder / again.name).read_text("utf-8"), noun


def test_each_noun_taken_in_is_one_entry(trip: Trip) -> None:
    taken_in, _ = trip("csv", True)
    entries = json.loads(ran(taken_in, "history --format json")[0])
    commands = dict.fromkeys((one["entry"], one["command"]) for one in entries)
    imports = [(n, f"import {noun}") for n, noun in enumerate(NOUNS, 2)]
    assert list(commands) == [(1, "init"), *imports]
