"""The reference of all commands is their help."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared.transcript import GOLDEN, Scene

import irbtrack.guide

PAGE = Path(irbtrack.guide.__file__).with_name("commands.md")

BEGINNING = """\
# All commands

What each command does and takes: the help of all commands on one page.

The program makes this page from its own help: `irbtrack action add --help` shows one part of it.
The first part has what stands before a command, such as `--database`.
"""


def helps(scene: Scene, *words: str) -> Iterator[tuple[str, str]]:
    """Each command from these words on, with its help."""
    command = " ".join(["irbtrack", *words])
    said = scene.run(f"{command} --help")
    yield command, said
    _, _, inner = said.partition("\nCommands:\n")
    for verb in re.findall(r"^  ([a-z]+)  ", inner, re.MULTILINE):
        yield from helps(scene, *words, verb)


def test_the_reference_is_what_help_says(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    parts = [BEGINNING]
    for command, said in helps(scene):
        level = "##" if command.count(" ") < 2 else "###"
        parts.append(f"{level} {command}\n\n```text\n{said}\n```\n")
    written = "\n".join(parts)
    if GOLDEN:
        PAGE.write_text(written, encoding="utf-8")
    assert written == PAGE.read_text(encoding="utf-8")
