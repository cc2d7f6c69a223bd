"""What a shell is offered when somebody presses Tab, by the protocol of Typer's scripts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from shared.transcript import Scene, named

STATUSES = ["not-due", "overdue", "complete", "not-allocated", "closed", "open"]


@pytest.fixture
def board(scene: Scene, databases: dict[str, Path]) -> Scene:
    """The example's register."""
    scene.take(databases["board"])
    return scene


def answer(shell: str, line: str) -> str:
    """All that is written for a shell that completes the last word of a line."""
    words = line.split(" ")
    asked = {
        "_IRBTRACK_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1],
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    ran = subprocess.run(
        [sys.executable, "-m", "irbtrack"],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def offered(line: str) -> list[str]:
    """The values that bash is offered."""
    return answer("bash", line).split()


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("irbtrack ex", ["exceptions", "export"]),
        ("irbtrack action re", ["redate", "reopen"]),
        ("irbtrack action list --stat", ["--status"]),
        ("irbtrack action show 2324-06", [f"2324-06{n}" for n in range(8)]),
        ("irbtrack action complete 2324-060 2324-0600", []),
        ("irbtrack action complete 2324-060 2324-061", ["2324-061"]),
        ("irbtrack action list --status ", STATUSES),
        ("irbtrack action list --status=op", ["open"]),
        ("irbtrack action list --year ", ["21/22", "22/23", "23/24"]),
        ("irbtrack action list --priority ", ["high", "medium", "low"]),
        ("irbtrack action list --owner ed-f", ["ed-finance"]),
        ("irbtrack action list --directorate p", ["people-adults", "people-children", "place"]),
        ("irbtrack action list --audit 2324-A0", [f"2324-A0{n}" for n in range(1, 10)]),
        ("irbtrack direction update 3", ["3a", "3b", "3c", "3d", "3e", "3f", "3g"]),
        ("irbtrack direction list --rag ", ["R", "A", "G", "C"]),
        ("irbtrack milestone show M00", [f"M00{n}" for n in range(1, 10)]),
        ("irbtrack plan fin", ["finance-plan", "financial-sustainability"]),
        ("irbtrack note list --section f", ["forward-look"]),
        ("irbtrack snapshot show ", ["2023-10-03"]),
        ("irbtrack summary --compare ", ["2023-10-03"]),
        ("irbtrack summary --format ", ["table", "json", "csv", "md"]),
        ("irbtrack summary --by ", ["directorate", "audit", "owner", "priority", "source"]),
        ("irbtrack action close 2324-060 --as with", ["withdrawn"]),
        ("irbtrack history 2324-A0", [f"2324-A0{n}" for n in range(1, 10)]),
        ("irbtrack nonsense ", []),
        ("irbtrack action add ", []),
    ],
)
def test_commands_options_and_values_are_offered(line: str, values: list[str]) -> None:
    assert offered(line) == values


def test_the_database_may_be_named_before_the_command(
    scene: Scene, databases: dict[str, Path]
) -> None:
    line = "irbtrack --database {} direction show 3"
    found = offered(line.format(named(databases["board"])))
    assert found == ["3a", "3b", "3c", "3d", "3e", "3f", "3g"]
    assert offered(line.format(scene.folder / "missing.db")) == []


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\0" + b"x" * 99])
def test_a_register_that_cannot_be_used_offers_nothing_and_says_nothing(
    content: bytes | None, scene: Scene
) -> None:
    if content is not None:
        scene.folder.joinpath("irbtrack.db").write_bytes(content)
    for line in ("action show 2", "action list --year ", "snapshot show ", "history "):
        assert offered(f"irbtrack {line}") == []
    assert offered("irbtrack action list --status ") == STATUSES


@pytest.mark.usefixtures("board")
def test_each_shell_is_told_what_a_value_is_called() -> None:
    line = "irbtrack direction show 3"
    assert answer("zsh", f"{line}a") == (
        """_arguments '*: :(("3a":"Financial Sustainability Action Plan"))'\n"""
    )
    assert answer("fish", f"{line}a") == "3a\tFinancial Sustainability Action Plan\n"
    for shell in ("powershell", "pwsh"):
        assert answer(shell, f"{line}a") == "3a:::Financial Sustainability Action Plan\n"
    assert answer("fish", "irbtrack officer li").startswith("list\t")
    assert "2023-10-03\tOctober board\n" in answer("fish", "irbtrack snapshot show ")


HOSTILE = [
    r"\$(touch x)",
    "`touch x`",
    '"; touch x; "',
    "'; touch x; '",
    r"\'",
    "a:::b::c",
    "[red]x",
]


def test_a_title_is_never_something_that_a_shell_could_run(scene: Scene) -> None:
    scene.run("irbtrack init --council Council")
    for number, title in enumerate(HOSTILE, 1):
        quoted = title.replace("\\", "\\\\").replace('"', '\\"')
        assert "[exit" not in scene.run(f'irbtrack direction add {number} "{quoted}"')
    for shell in ("zsh", "fish", "powershell"):
        written = answer(shell, "irbtrack direction show ")
        assert written.count("touch x") == 4
        assert not set(written) & set("\\$`;[]"), written
    assert answer("zsh", "irbtrack direction show ").count("'") == 2


@pytest.mark.files
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_nothing_slow_is_imported(shell: str, board: Scene) -> None:
    probe = (
        "import sys, runpy\n"
        "try:\n runpy.run_module('irbtrack', run_name='__main__')\n"
        "finally:\n"
        " slow = {'rich', 'sqlmodel', 'sqlalchemy', 'dateutil', 'markdown_it'} & set(sys.modules)\n"
        " print(sorted(slow), file=sys.stderr)"
    )
    asked = {
        "_IRBTRACK_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": "irbtrack action show 2324",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "IRBTRACK_DATABASE": str(board.folder / "irbtrack.db"),
    }
    ran = subprocess.run(
        [sys.executable, "-c", probe],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "2324-060" in ran.stdout
    assert ran.stderr == "[]\n"


def test_completion_is_installed_by_an_option(scene: Scene) -> None:
    said = scene.run("irbtrack --help")
    assert "--install-completion" in said
    assert "--show-completion" in said
