"""What the checks of a whole register find, once something is wrong with it."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from irbtrack.cli import main
from irbtrack.domain.journal import Entry
from irbtrack.store.database import locate
from irbtrack.store.write import writing

NOW = datetime(2023, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("example") / "irbtrack.db"
    assert main(["demo", "--keep", str(path)]) == 0
    return path


@pytest.fixture
def register(example: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(example, tmp_path / "irbtrack.db"))


def done(register: Path, *command: str, later: int = 0) -> None:
    here = ("--database", str(register), "--officer", "register-officer")
    assert main([*here, *command], now=NOW + timedelta(hours=later)) == 0


def checked(
    register: Path, capsys: pytest.CaptureFixture[str], *asked: str
) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    code = main(["--database", str(register), "check", *asked, "--format", "json"], now=NOW)
    return code, json.loads(capsys.readouterr().out)


def test_a_snapshot_that_is_now_known_otherwise_is_found(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done(register, "snapshot", "take", "--as-of", "31/10/2023")
    assert checked(register, capsys, "restated-snapshot") == (0, [])
    done(register, "action", "complete", "2223-171", "--on", "20/10/2023", later=1)
    code, [found] = checked(register, capsys, "restated-snapshot")
    assert code == 5
    assert (found["noun"], found["ref"], found["severity"]) == ("snapshot", "2023-10-31", "warning")
    assert checked(register, capsys) == (0, [])


def test_who_recorded_without_a_post_is_found_and_can_be_switched_off(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing(locate(str(register))) as journal:
        for _ in range(2):
            journal.record(Entry(NOW, "a-login-name", "officer update", None, ()))
    code, [found] = checked(register, capsys, "unknown-recorder")
    assert (code, found["ref"]) == (5, "a-login-name")
    assert found["wrong"].startswith("recorded 2 entries, the first of them ")
    why = ("--reason", "Our clerk's login name")
    done(register, "waiver", "add", "unknown-recorder", "--ref", "A-login-name", *why)
    assert checked(register, capsys, "unknown-recorder") == (0, [])
    code, [waived] = checked(register, capsys, "unknown-recorder", "--waived")
    assert (code, waived) == (0, found | {"waived": "Our clerk's login name"})


def test_figures_that_do_not_foot_are_found_on_each_day(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(register, isolation_level=None)) as connection:
        connection.execute("UPDATE stamp SET writing = 1")
        connection.execute("UPDATE action_version SET priority = 'Urgent' WHERE ref = '2223-171'")
    code, found = checked(register, capsys, "figures-foot")
    assert code == 5
    assert {one["ref"] for one in found} == {"2023-10-03", "2023-11-23"}
    assert any("but its priorities sum to" in one["wrong"] for one in found)


def test_what_can_not_be_worked_out_is_answered_with_the_damage(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(register, isolation_level=None)) as connection:
        changing = "UPDATE action_version SET due_on = '30 February' WHERE ref = '2223-171'"
        connection.execute("UPDATE stamp SET writing = 1")
        connection.execute(changing)
    code, found = checked(register, capsys, "redated-late")
    assert code == 5
    assert {(one["check"], one["ref"]) for one in found} == {("versions-equal-fold", "2223-171")}


def test_a_fault_of_the_program_is_not_taken_for_damage(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("a fault")

    monkeypatch.setattr("irbtrack.reports.check.unheard", fails)
    with pytest.raises(ValueError, match="a fault"):
        main(["--database", str(register), "check", "stale-direction"], now=NOW)
