"""The reference of all commands is their help."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from shared.transcript import GOLDEN, Scene
from typer.core import TyperGroup
from typer.main import get_command

import irbtrack.guide
from irbtrack.cli import program

PAGE = Path(irbtrack.guide.__file__).with_name("commands.md")

BEGINNING = """\
# All commands

What each command does and takes: the help of all commands on one page.

The program makes this page from its own help: `irbtrack action add --help` shows one part of it.
The first part has what stands before a command, such as `--database`.
"""


def commands(command: Any, path: str) -> Iterator[str]:
    """Yield a command and all that are within it, in the order of the program's help."""
    yield path
    if isinstance(command, TyperGroup):
        context = typer.Context(command)
        for name in command.list_commands(context):
            within = command.get_command(context, name)
            assert within is not None, f"{path} lists {name}, and has no such command"
            if not within.hidden:
                yield from commands(within, f"{path} {name}")


def test_the_reference_is_what_help_says(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    parts = [BEGINNING]
    for command in commands(get_command(program()), "irbtrack"):
        said = scene.run(f"{command} --help")
        level = "##" if command.count(" ") < 2 else "###"
        parts.append(f"{level} {command}\n\n```text\n{said}\n```\n")
    written = "\n".join(parts)
    if GOLDEN:
        PAGE.write_text(written, encoding="utf-8")
    assert written == PAGE.read_text(encoding="utf-8")
