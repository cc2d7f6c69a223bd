"""The monthly snapshot as cron runs it: no terminal, hardly an environment, twice at once."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from shared.transcript import named, rows_in

from irbtrack.cli import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="env -i is not for Windows")

TAKE = ("snapshot", "take", "--as-of", "31/10/2023")


@pytest.fixture(scope="module")
def used(
    databases: dict[str, Path],
    copied: Callable[[Path, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The example's database with an entry of today, after which the clock is as expected."""
    path = copied(databases["board"], tmp_path_factory.mktemp("used") / "board.db")
    assert main(["--database", named(path), "directorate", "add", "parks", "Parks"]) == 0
    return path


@pytest.fixture
def board(tmp_path: Path, used: Path, copied: Callable[[Path, Path], Path]) -> Path:
    return copied(used, tmp_path / "board.db")


def command(database: Path, *arguments: str) -> list[str]:
    program = [sys.executable, "-m", "irbtrack", "--database", named(database), *arguments]
    return ["env", "-i", "LANG=C", *program]


def run(database: Path, *arguments: str) -> tuple[int, str, str]:
    ran = subprocess.run(
        command(database, *arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


def snapshots(database: Path) -> list[tuple[str, int]]:
    counted = rows_in(
        database,
        "SELECT as_of, COUNT(*) FROM snapshot s JOIN snapshot_action a ON a.snapshot = s.id"
        " GROUP BY s.id, as_of ORDER BY s.id",
    )
    return [(str(as_of), number) for as_of, number in counted]


def test_all_is_well_and_nothing_is_said(board: Path) -> None:
    assert run(board, *TAKE) == (0, "", "")
    assert snapshots(board) == [("2023-10-03", 619), ("2023-10-31", 618)]


def test_the_default_day_is_the_last_month_end(board: Path) -> None:
    assert run(board, "snapshot", "take") == (0, "", "")
    day = snapshots(board)[-1][0]
    with sqlite3.connect(":memory:") as connection:
        [(wanted,)] = connection.execute(
            "SELECT date('now', 'localtime', 'start of month', '-1 day')"
        )
    assert day == wanted


def test_a_second_time_says_so_and_leaves_it(board: Path) -> None:
    run(board, *TAKE)
    code, out, err = run(board, *TAKE)
    assert (code, out) == (0, "")
    assert err.startswith("the snapshot of 31 October 2023 was taken already, on ")
    assert len(snapshots(board)) == 2


def test_two_at_once_take_one(board: Path) -> None:
    both = [
        subprocess.Popen(command(board, *TAKE), stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = sorted(process.communicate()[1] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == ""
    assert said[1].startswith("the snapshot of 31 October 2023 was taken already")
    assert len(snapshots(board)) == 2


def test_a_missing_database_is_one_sentence_and_3(tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    code, out, err = run(missing, *TAKE)
    assert (code, out) == (3, "")
    assert err == f"irbtrack: there is no database at {missing}; 'irbtrack init' makes one\n"
    assert not missing.exists()


def test_a_table_is_written_under_the_plainest_locale(board: Path) -> None:
    run(board, "directorate", "rename", "housing", "Tai a Chymdogaethau – ŵ")
    code, out, err = run(board, "summary", "--by", "directorate", "--year", "22/23")
    assert (code, err) == (0, "")
    assert "Tai a Chymdogaethau – ŵ" in out
