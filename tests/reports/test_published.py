"""What was published is told as it was frozen, whatever was recorded and whenever."""

import json
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from irbtrack.cli import main

NOW = datetime(2023, 11, 6, 9, tzinfo=UTC)
OF_PAYROLL = "--audit Payroll --priority high --directorate finance --owner ed --raised 1/9/2023"
ADD = f"action add {{}} {OF_PAYROLL}"
SNAPSHOT = "snapshot take --as-of 31/10/2023"


def done(path: Path, command: str, *, hours: int = 0) -> None:
    asked = ["--database", str(path), *shlex.split(command)]
    assert main(asked, now=NOW + timedelta(hours=hours)) == 0, command


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Two overdue actions and one that isn't due, with what was published of 31 October."""
    path = tmp_path / "irbtrack.db"
    for command in (
        "init --council Council",
        "directorate add finance Finance --on 1/4/2023",
        "officer add ed Executive --on 1/4/2023",
        "audit add Payroll --year 22/23 --on 1/4/2023",
        f"{ADD.format('A')} --due 30/9/2023",
        f"{ADD.format('B')} --due 30/9/2023",
        f"{ADD.format('C')} --due 31/12/2023",
        SNAPSHOT,
    ):
        done(path, command)
    return path


def rows(path: Path, capsys: pytest.CaptureFixture[str], command: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    done(path, f"{command} --format json", hours=24)
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_a_clock_that_is_set_back_moves_nothing_into_what_was_published(
    hours: int, register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done(register, "--clock-is-right action complete 2223-001 --on 20/10/2023", hours=hours)
    lines = rows(register, capsys, "movement --known --to 31/10/2023")
    told = [(line["line"], line["total"], line["entries"]) for line in lines]
    assert told == [("opening", 2, []), ("completed", -1, [9]), ("closing", 1, [])]
    assert rows(register, capsys, "check") == []


def test_two_changes_that_cancel_are_a_restatement(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done(register, "action redate 2223-001 --due 31/12/2023 --on 1/10/2023 --reason Late", hours=1)
    done(register, "action redate 2223-003 --due 30/9/2023 --on 1/10/2023 --reason Late", hours=1)
    capsys.readouterr()
    done(register, "summary --as-of 30/11/2023", hours=24)
    assert "published for 31 October 2023 have been restated" in capsys.readouterr().err
    done(register, "movement --known --to 31/10/2023", hours=24)
    [line] = [one for one in capsys.readouterr().out.splitlines() if one.startswith("Re-dated")]
    assert line.split() == ["Re-dated", "+1", "-1", "9,", "10"]


def test_a_year_that_lost_its_actions_is_told_of(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done(register, "audit update Payroll --year 23/24", hours=1)
    told = {(one["section"], one["sentence"]) for one in rows(register, capsys, "narrative")}
    assert ("Internal audit actions of 22/23", "There are no actions of 22/23.") in told
    assert any("fell from 2 to 0" in sentence for _, sentence in told)


def test_without_actions_a_movement_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done(tmp_path / "new.db", "init --council Council")
    done(tmp_path / "new.db", "movement --from 1/10/2023 --explain")
    assert capsys.readouterr().out == "There are no actions.\n"
