"""Transcripts: what is typed, and the whole of what comes back.

A transcript is a text file. Lines that begin with ``# `` set the scene or say what follows;
``$ irbtrack ...`` is a command, and after it stands all that it wrote: standard output as it
is, then standard error with ``! `` before each line, then ``[exit N]`` unless N is 0.

Scene lines are ``# database: board`` (the example), ``new`` (made by ``init``) or ``none``,
``# now: MOMENT``, which may be set again later, and ``# file: NAME``, which makes a spreadsheet of
:mod:`trackers` in the folder. In a command ``␤`` is the end of a line within an argument. The
SHA-256 of a file is left out, because the libraries that make files put the time into them.
``poe golden`` writes the files anew from what the commands write; what changed is then for a
person to read.
"""

import contextlib
import csv
import io
import json
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shared import trackers
from shared.servers import Server

from irbtrack.cli import main
from irbtrack.store.backup import dumping
from irbtrack.store.database import WAIT_SECONDS, locate
from irbtrack.store.reading import opened

GOLDEN = "IRBTRACK_GOLDEN" in os.environ
"""Whether expected outputs are to be written anew."""


class Places:
    """Databases on a server in place of the files of a scene.

    A file has the URL of the database that it stands for. A copy of the file stands for a copy of
    that database, which is made when a command is run. A link to the file stands for the database
    itself, which is only read.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.made: dict[Path, str] = {}

    def of(self, folder: Path) -> dict[str, str]:
        """The URL of each database of a folder, by its file's name."""
        usual = folder / "irbtrack.db"
        if usual not in self.made and not usual.exists():
            self._stands_for(self.server.make(), usual)
        for path in folder.glob("*.db"):
            of, is_read_only = name_on_server(path), path.is_symlink()
            if of and of != self.made.get(path) and not is_read_only:
                self._stands_for(self.server.copy(of), path)
        found = [path for path in folder.glob("*.db") if name_on_server(path)]
        urls = {path.name: named(path) for path in found}
        if usual in found:
            os.environ["IRBTRACK_DATABASE"] = urls[usual.name]
        return urls

    def _stands_for(self, name: str, path: Path) -> None:
        if path in self.made:
            self.server.drop(self.made[path])
        self.made[path] = name
        path.write_text(self.server.url(name), encoding="utf-8")

    def drop(self) -> None:
        """Take the databases away."""
        for name in self.made.values():
            self.server.drop(name)


def name_on_server(path: Path) -> str | None:
    """The name of the database on a server that a file stands for, if it does."""
    return urlsplit(named(path)).path.strip("/") if named(path) != str(path) else None


def named(path: Path) -> str:
    """What ``--database`` takes for a file, which may stand for a database on a server."""
    if not path.is_file():
        return str(path)
    with path.open("rb") as file:
        begins = file.read(500)
    return begins.decode() if begins.startswith(b"postgresql://") else str(path)


def kept(path: Path) -> bytes:
    """All that a database holds, to be compared: a file's bytes, or what a server has."""
    if name_on_server(path) is None:
        return path.read_bytes()
    with dumping(locate(named(path))) as lines:
        return "".join(lines).encode()


def rows_in(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query of a database."""
    with opened(locate(named(path))) as reader:
        return list(reader.rows(sql))


class Watched(io.StringIO):
    """A stream that a command writes to, and not while it holds the database.

    Whoever reads may be slow: a pager holds its writer until the reader turns a page.
    """

    def __init__(self) -> None:
        super().__init__()
        self._open = _open_databases()

    def write(self, text: str) -> int:
        held = _open_databases() - self._open
        assert not held, f"{text!r} is written while {held} is open"
        return super().write(text)


def _open_databases() -> set[str]:
    """The databases and connections that this process has open, where the system tells."""
    links = set()
    for number in Path("/proc/self/fd").glob("*"):
        with contextlib.suppress(OSError):
            links.add(str(number.readlink()))
    return {one for one in links if one.endswith(".db") or "socket:" in one}


@dataclass
class Scene:
    """Where and when commands run, and how many seconds they wait for another program."""

    folder: Path
    now: datetime = field(default_factory=lambda: datetime.fromisoformat("2023-11-23T09:00Z"))
    wait: float = WAIT_SECONDS
    places: Places | None = None

    @property
    def database(self) -> str:
        """What ``--database`` takes for the scene's database."""
        if self.places:
            self.places.of(self.folder)
        return named(self.folder / "irbtrack.db")

    def take(self, database: Path) -> str:
        """Make the scene's database a copy of another, and return what ``--database`` takes."""
        shutil.copy(database, self.folder / "irbtrack.db")
        return self.database

    def run(self, command: str) -> str:
        """What a command writes, as a transcript has it; the folder's path is left out."""
        program, *arguments = (word.replace("␤", "\n") for word in shlex.split(command))
        assert program == "irbtrack", f"a transcript runs irbtrack, not {program}"
        places = self.places.of(self.folder) if self.places else {}
        for at, option in enumerate(arguments[:-1]):
            if option in ("--database", "--keep"):
                arguments[at + 1] = places.get(arguments[at + 1], arguments[at + 1])
        out, err = Watched(), Watched()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(arguments, now=self.now, wait=self.wait)
        lines = out.getvalue().splitlines()
        lines += [f"! {line}".rstrip() for line in err.getvalue().splitlines()]
        lines += [f"[exit {code}]"] if code else []
        said = "\n".join(lines).replace(f"{self.folder}/", "")
        for name, url in places.items():
            said = said.replace(str(locate(url)), name)
        return re.sub(r"(?<=SHA-256 )[0-9a-f]{64}", "…", said)


Prepare = Callable[..., Scene]
"""Runs commands in a scene, or copies what they leave; returns the scene."""


def data(scene: Scene, command: str) -> str:
    """What a command writes to standard output."""
    lines = scene.run(f"irbtrack {command}").splitlines()
    return "\n".join(line for line in lines if not line.startswith("! "))


def as_csv(scene: Scene, command: str) -> list[dict[str, str]]:
    """The rows of a command's CSV."""
    return list(csv.DictReader(io.StringIO(data(scene, f"{command} --format csv"))))


def as_json(scene: Scene, command: str) -> list[dict[str, Any]]:
    """The objects of a command's JSON."""
    rows: list[dict[str, Any]] = json.loads(data(scene, f"{command} --format json"))
    return rows


def replayed(transcript: str, scene: Scene) -> str:
    """The transcript as it comes out now: the same commands, with what they write today."""
    written = []
    for line in _kept(transcript.splitlines()):
        written.append(line)
        if match := re.fullmatch(r"# now: (.+)", line):
            scene.now = datetime.fromisoformat(match[1])
        if match := re.fullmatch(r"# file: (.+)", line):
            trackers.make(match[1], scene.folder)
        if line.startswith("$ ") and (output := scene.run(line[2:])):
            written.append(output)
    return "\n".join(written) + "\n"


def _kept(lines: list[str]) -> Iterator[str]:
    """The lines that were not written by a command: scene, comments, commands, and spaces.

    An empty line is somebody's only before a comment or a command.
    """
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(("# ", "$ ")) or (not line and following.startswith(("# ", "$ "))):
            yield line
