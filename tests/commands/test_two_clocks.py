"""The moment of recording, the digest of a snapshot, and two programs at once."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

import pytest
from shared.transcript import Scene, rows_in

from irbtrack.register.session import Session
from irbtrack.store.database import Location

START = datetime(2023, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def board(scene: Scene, databases: dict[str, Path]) -> Scene:
    scene.folder.joinpath("irbtrack.db").write_bytes(databases["board"].read_bytes())
    return scene


@pytest.fixture
def following(databases: dict[str, Path]) -> int:
    """The number of the entry that comes next in the example."""
    [(last,)] = rows_in(databases["board"], "SELECT MAX(id) FROM entry")
    return int(last) + 1


def test_an_entry_is_of_the_moment_it_is_made_not_of_the_start(database: Location) -> None:
    moments = iter([START + timedelta(minutes=5)])
    session = Session(database, START, lambda: next(moments), "register-officer")
    with session.writing() as journal:
        made = session.entry(journal, "action add", [])
    assert made.recorded_at == START + timedelta(minutes=5)


def test_of_several_inits_at_once_one_makes_the_register(tmp_path: Path) -> None:
    database = tmp_path / "new.db"
    init = [sys.executable, "-m", "irbtrack", "--database", str(database), "init", "--council"]
    running = [subprocess.Popen([*init, name], stderr=subprocess.PIPE, text=True) for name in "ABC"]
    said = [process.communicate()[1] for process in running]
    assert sorted(process.returncode for process in running) == [0, 1, 1], said
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT COUNT(*) FROM entry").fetchall() == [(1,)]


@pytest.mark.files
def test_a_snapshot_that_was_changed_afterwards_is_found_out(board: Scene) -> None:
    with sqlite3.connect(board.folder / "irbtrack.db") as connection:
        connection.execute("DROP TRIGGER snapshot_action_no_update")
        connection.execute("UPDATE snapshot_action SET status = 'Complete' WHERE ref = '2223-031'")
    assert board.run("irbtrack snapshot show") == (
        "! irbtrack.db was written to by another program since entry 1727; 'irbtrack db verify'"
        " says whether it is as irbtrack recorded it\n"
        "! irbtrack: the snapshot of 3 October 2023 was changed after it was taken: its lines do"
        " not match its digest; restore the database from a backup\n[exit 5]"
    )


def test_what_was_taken_back_is_shown_as_it_was_known(board: Scene, following: int) -> None:
    board.run("irbtrack action add Twice --audit Matrix --priority low --directorate finance")
    board.now += timedelta(hours=1)
    assert "taken back" in board.run(f"irbtrack undo {following} --reason 'Entered twice'")
    assert "was not in the register" in board.run("irbtrack action show 2324-068")
    then = board.run("irbtrack action show 2324-068 --known-at '23/11/2023 09:30'")
    assert then.startswith("2324-068     Twice")
    again = board.run(
        "irbtrack action add Once --ref 2324-068 --audit Matrix --priority low"
        " --directorate finance"
    )
    assert again.startswith("2324-068\n")


def test_exceptions_known_as_the_snapshot_was_taken_are_from_what_was_published(
    board: Scene,
) -> None:
    told = board.run("irbtrack exceptions --to 31/10/2023 --known-at 2023-10-04T09:00+00:00")
    assert "Exceptions from 3 October 2023, as published, to 31 October 2023" in told


def test_names_are_told_as_they_were_known(board: Scene) -> None:
    board.run("irbtrack directorate rename finance Money --on 1/9/2023")
    now, then = (
        board.run(f"irbtrack summary --by directorate --year 22/23 --known-at '{moment}'")
        for moment in ("23/11/2023 09:00", "22/11/2023")
    )
    assert "\nMoney " in now
    assert "\nFinance and Commercial " in then
    assert "Money" not in then


def test_two_officers_of_one_title_are_told_apart(board: Scene) -> None:
    for code in ("hs-one", "hs-two"):
        board.run(f"irbtrack officer add {code} 'Head of Service'")
    assert board.run("irbtrack action list --owner 'head of service'") == (
        "! irbtrack: 2 officers are called 'head of service': hs-one and hs-two; give the code"
        " of one\n[exit 1]"
    )


def test_an_officer_nothing_rests_on_can_be_taken_back(board: Scene, following: int) -> None:
    board.run("irbtrack officer add hhuosing 'Head of Housing'")
    assert board.run(f"irbtrack undo {following} --reason Misspelt") == (
        f"! entry {following} (officer add) taken back: hhuosing"
    )
    assert "no officer" in board.run("irbtrack action list --owner hhuosing")
    assert "cannot be taken back" in board.run("irbtrack undo 10 --reason x")


def test_taking_back_an_officer_forgets_who_held_the_post(board: Scene, following: int) -> None:
    board.run("irbtrack officer add hhuosing 'Head of Housing' --name 'A. Name'")
    board.run(f"irbtrack undo {following} --reason Misspelt")
    assert rows_in(board.folder / "irbtrack.db", "SELECT * FROM person") == []


def test_a_title_taken_back_leaves_who_holds_the_post(board: Scene, following: int) -> None:
    board.run("irbtrack officer add hs-parks 'Head of Parks' --name 'A. Name'")
    board.run("irbtrack officer update hs-parks --title 'Head of Park'")
    board.run(f"irbtrack undo {following + 1} --reason Misspelt")
    held = rows_in(board.folder / "irbtrack.db", "SELECT * FROM person")
    assert held == [("hs-parks", "A. Name", None)]


def test_a_comparison_names_no_entry_that_was_not_known_yet(board: Scene, following: int) -> None:
    board.run("irbtrack action update 2223-204 --priority low --on 1/9/2023")
    board.now += timedelta(days=1)
    board.run("irbtrack action update 2223-204 --priority medium --on 2/9/2023")
    compared = "irbtrack snapshot compare 3/10/2023 --format csv"
    assert f",Low,{following}\n" in board.run(f"{compared} --known-at 23/11/2023") + "\n"
    assert f"{following}, {following + 1}" in board.run(compared)


def test_a_year_without_an_audit_changes_nothing(board: Scene) -> None:
    assert board.run("irbtrack action update 2223-204 --title T --year 22/23") == (
        "! irbtrack: --year says which year's audit is meant; give --audit too\n[exit 2]"
    )


def test_a_closed_standard_error_loses_nothing(board: Scene) -> None:
    database = quote(board.database)
    program = f"{sys.executable} -m irbtrack --database {database} directorate add parks Parks 2>&-"
    assert subprocess.run(program, shell=True, check=False).returncode == 0
    assert "parks" in board.run("irbtrack directorate list --as-of 1/1/2099")


def test_an_option_of_the_program_after_the_command_is_explained(scene: Scene) -> None:
    assert scene.run("irbtrack init --database x.db") == (
        "! irbtrack: --database goes before the command, as in 'irbtrack --database ... init'"
        "\n[exit 2]"
    )
