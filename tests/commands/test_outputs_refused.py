"""Output that can't be written: what is stored is stored, and what isn't written is said."""

import os
import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest
from shared.transcript import Scene

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")

ADDING = "directorate add parks Parks"
UNWRITTEN = "irbtrack: the output could not be written, because there is no room left for it\n"


@pytest.fixture
def register(scene: Scene, databases: dict[str, Path]) -> str:
    return scene.take(databases["today"])


def ran(register: str, command: str, *, unbuffered: bool = False) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a command in a shell."""
    done = subprocess.run(
        f"{sys.executable} -m irbtrack --database {quote(register)} {command}",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | ({"PYTHONUNBUFFERED": "1"} if unbuffered else {}),
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("to", "out", "err"),
    [
        (">/dev/full", "", "directorate parks added: Parks\n"),
        ("2>/dev/full", "irbtrack: entry 2 was stored\n", ""),
        ("2>&-", "irbtrack: entry 2 was stored\n", ""),
        (">/dev/full 2>/dev/full", "", ""),
        (">&- 2>&-", "", ""),
    ],
)
def test_what_is_stored_exits_with_0_and_says_so_where_it_can(
    to: str, out: str, err: str, register: str
) -> None:
    assert ran(register, f"{ADDING} {to}") == (0, out, err)
    assert "parks" in ran(register, "directorate list --format csv")[1]


def test_what_is_stored_is_said_if_the_rest_cannot_be_written(register: str) -> None:
    kept = Path("kept.db").absolute()
    code, _, err = ran(register, f"demo --keep {kept} >/dev/full")
    assert code == 0
    assert err.startswith(f"irbtrack: {kept} was made, and entry ")
    assert err.endswith(
        "was stored, but the output could not be written, because there is no room left for it\n"
    )


@pytest.mark.parametrize("unbuffered", [False, True])
@pytest.mark.parametrize(
    "command", ["council show", "help dates", "--help", "history --format csv"]
)
def test_a_command_whose_answer_cannot_be_written_is_refused(
    command: str, unbuffered: bool, register: str
) -> None:
    assert ran(register, f"{command} >/dev/full", unbuffered=unbuffered) == (1, "", UNWRITTEN)


def test_a_closed_standard_output_is_named(register: str) -> None:
    closed = "irbtrack: the output could not be written, because standard output is closed\n"
    assert ran(register, "council show >&-") == (1, "", closed)


def test_a_finding_keeps_its_exit_code_though_it_cannot_be_written(register: str) -> None:
    assert ran(register, "nosuch >/dev/full")[0] == 2
    assert ran(register, "nosuch 2>/dev/full") == (2, "", "")


def test_a_reader_who_leaves_early_is_no_fault(register: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "irbtrack", "--database", register, "help", "commands"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == ""
        assert program.wait(60) == 0
