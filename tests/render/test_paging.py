"""The pager: for what is higher than the terminal, and for nothing else."""

import contextlib
import io
import shlex
import sys
from pathlib import Path

import pytest

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.render import paging
from irbtrack.render.paging import pager_command
from irbtrack.render.terminal import show


class Terminal(io.StringIO):
    """A terminal of 80 columns and 10 lines, by the environment."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def table(rows: int) -> Table:
    columns = (Column("ref", "Ref", Kind.CODE), Column("rag", "RAG", Kind.RAG))
    return Table(columns, [(f"M{n:03}", "R") for n in range(rows)])


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"COLUMNS": "80", "LINES": "10", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "LESS", "PAGER"):
        monkeypatch.delenv(name, raising=False)


def shown(rows: int, stream: io.StringIO | None = None) -> str:
    """What the terminal, or another stream, is sent of a table of so many rows."""
    with contextlib.redirect_stdout(stream or Terminal()) as out:
        show([table(rows)])
    return out.getvalue()


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file to which the pager writes what it is given, and the options of less."""
    path = tmp_path / "read in the pager"
    program = (
        f"import os, sys; open({str(path)!r}, 'wb').write("
        "sys.stdin.buffer.read() + os.environ['LESS'].encode())"
    )
    monkeypatch.setenv("PAGER", shlex.join([sys.executable, "-c", program]))
    return path


def test_what_is_higher_than_the_terminal_is_paged_with_its_colours(read: Path) -> None:
    assert shown(8) == ""
    given = read.read_text(encoding="utf-8")
    assert given.startswith("\x1b[1mRef")
    assert "M007" in given
    assert given.endswith("\nFRX")


def test_what_fits_is_not_paged(read: Path) -> None:
    assert "M006" in shown(7)  # nine lines, and one for the prompt
    assert not read.exists()


def test_no_pager_means_none(read: Path) -> None:
    wanted = paging.WANTED.set(False)
    try:
        assert "M049" in shown(50)
    finally:
        paging.WANTED.reset(wanted)
    assert not read.exists()


def test_a_pipe_is_never_paged(read: Path) -> None:
    assert "M049" in shown(50, io.StringIO())
    assert not read.exists()


def test_leaving_the_pager_before_the_end_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", shlex.join([sys.executable, "-c", "raise SystemExit(0)"]))
    assert shown(20_000) == ""


def test_a_pager_that_is_not_there_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "no-such-pager --at-all")
    assert "M049" in shown(50)


@pytest.mark.parametrize(
    ("pager", "command"),
    [
        ("most -s", ["most", "-s"]),
        ("'my pager' -x", ["my pager", "-x"]),
        ("", []),
        ("  ", []),
        ("cat", []),
        ("less 'unclosed", []),
    ],
)
def test_pager_is_what_the_environment_says(
    pager: str, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PAGER", pager)
    assert pager_command() == command


def test_less_is_the_pager_where_there_is_one_and_the_terminal_can_be_paged_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PAGER", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pager_command() == []
    less = tmp_path / "less"
    less.touch(mode=0o755)
    assert pager_command() == (["less"] if sys.platform != "win32" else [])
    monkeypatch.setenv("TERM", "dumb")
    assert pager_command() == []
