"""Every command that ``--explain`` says lists as many actions as the figure counts."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from irbtrack.cli import main

NOW = datetime(2023, 11, 23, 9, tzinfo=UTC)
EXPLAINED = re.compile(r"^ *(\d+) .* (irbtrack .*)$", re.MULTILINE)

ASKED = [
    "summary --as-of 31/10/2023",
    "summary --as-of 31/10/2023 --original --year 22/23",
    "summary --as-of 31/10/2023 --by directorate --year 22/23",
    "summary --as-of 31/10/2023 --by audit --year 23/24",
    "summary --as-of 31/10/2023 --by owner --year 23/24",
    "summary --as-of 31/10/2023 --by priority --source 'Internal Audit' --year 23/24",
    "summary --known-at 1/6/2023 --as-of 31/5/2023 --year 22/23",
    "movement --to 31/10/2023 --status all --year 22/23",
    "kpi --to 31/10/2023 --year 23/24",
    "trend --to 31/10/2023 --year 22/23 --by directorate --every quarter",
    "ageing --as-of 31/10/2023 --by owner",
    "movement --to 31/10/2023 --by source",
    "movement --from 31/7/2023 --to 30/9/2023 --status all --by directorate --year 22/23",
]


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, with a completion that is recorded late and an adding that is taken back."""
    path = tmp_path_factory.mktemp("board") / "board.db"
    assert main(["demo", "--keep", str(path)]) == 0
    adding = "--audit Debtors --year 22/23 --priority high --directorate finance --raised 1/5/2023"
    for command in (
        "action complete 2223-011 --on 2/10/2023 --evidence Reviewed",
        f"action add {adding} --owner ed-finance --due 31/8/2023 'Chase debts'",
    ):
        assert main(["--database", str(path), *shlex.split(command)], now=NOW) == 0
    return path


@pytest.mark.parametrize("asked", [*ASKED, "movement --known --to 3/10/2023 --status all"])
def test_each_command_lists_what_its_figure_counts(
    asked: str, restated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--database", str(restated)]
    assert main([*at, *shlex.split(asked), "--explain"], now=NOW) == 0
    explained = EXPLAINED.findall(capsys.readouterr().out)
    assert len(explained) > 5
    for number, command in explained[:: max(1, len(explained) // 12)]:
        assert main([*at, *shlex.split(command)[1:], "--format", "csv"], now=NOW) == 0
        assert len(capsys.readouterr().out.splitlines()) == 1 + int(number), command
