"""The commands that store something, and how what they leave is judged."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from stress.programs import Ended, forked
from stress.registers import NAME, Files, Found, Home, done, home_of, recorded, scratch

from irbtrack.store.backup import staged
from irbtrack.store.database import REVISION, locate
from irbtrack.store.migrate import changing_tables, migrate

SHEET = "sheet.csv"
ROWS = "Ref,Audit,Action,Priority,Directorate,Year\nR1,Rents,Pay,High,finance,22/23\n"


class Storing(NamedTuple):
    """A command that stores something, and what it begins with: ``none``, ``sound`` or ``older``.

    ``adds`` is how many entries it adds.
    """

    name: str
    begins: str
    arguments: tuple[str, ...]
    adds: int = 0


ADDED = ("--audit", "Payroll", "--priority", "low", "--directorate", "finance")

COMMANDS = (
    Storing("init", "none", ("init", "--council", "Council"), adds=1),
    Storing("adding", "sound", ("action", "add", "Thing", *ADDED), adds=1),
    Storing("completing", "sound", ("action", "complete", "2223-001", "2223-002"), adds=1),
    Storing("importing", "sound", ("import", "actions", SHEET, "--create-missing"), adds=1),
    Storing("taking snapshots", "sound", ("snapshot", "take"), adds=1),
    Storing("upgrading", "older", ("db", "upgrade")),
    Storing("backing up", "sound", ("db", "backup", "kept/")),
    Storing("restoring", "sound", ("db", "restore", "--force", "backup")),
    Storing("restoring where none is", "none", ("db", "restore", "backup")),
)


class Beginnings(NamedTuple):
    """What the trials begin with: registers that are copied, and a backup of a later one."""

    home: Home
    sound: str
    older: str
    backup: Path
    restored: Found

    def place(self, storing: Storing, folder: Path) -> str:
        """Return the register that a command begins with, in a folder with all that it needs."""
        (folder / SHEET).write_text(ROWS, encoding="utf-8")
        shutil.copy(self.backup, folder / "backup")
        if storing.begins == "none":
            return self.home.new(folder)
        return self.home.copy(self.older if storing.begins == "older" else self.sound, folder)


@contextmanager
def beginnings(database: str) -> Iterator[Beginnings]:
    """Make what the trials on a kind of database begin with."""
    home = home_of(database)
    with scratch() as folder:
        places = [folder / name for name in ("sound", "older", "later")]
        for place in places:
            place.mkdir()
        sound = recorded(home.new(places[0]))
        older = home.new(places[1])
        if isinstance(home, Files):
            Path(older).touch()
        with changing_tables(locate(older)) as (connection, counter):
            migrate(locate(older), connection, counter, "0006")
        later = home.copy(sound, places[2])
        done(later, "directorate", "add", "parks", "Parks")
        backup = folder / ("backup.db" if isinstance(home, Files) else "backup.jsonl.gz")
        done(later, "db", "backup", str(backup))
        yield Beginnings(home, sound, older, backup, home.look(later))


class Scene(NamedTuple):
    """A command that stores something, in a folder of its own with a register of its own."""

    begun: Beginnings
    storing: Storing
    folder: Path
    register: str
    before: Found

    def run(self, *options: str, **how: Any) -> Ended:
        """Run the command as :func:`stress.programs.forked` says."""
        given = ("--database", self.register, *options, *self.storing.arguments)
        return forked(given, self.folder, **how)

    def is_stored(self) -> bool:
        """Return whether the command did what it does. Fail if it did a part of it."""
        after, before = self.begun.home.look(self.register), self.before
        backups = self._whole_backups()
        if self.storing.arguments[:2] == ("db", "restore"):
            assert after in (before, self.begun.restored), "a part is restored"
            return after == self.begun.restored
        assert after.digests[: len(before.digests)] == before.digests, "an entry is lost"
        more = len(after.digests) - len(before.digests)
        if before.revision != REVISION:
            assert (after.revision, more) in ((before.revision, 0), (REVISION, self.storing.adds))
            return after.revision == REVISION
        assert after.revision == REVISION
        assert more in (0, self.storing.adds), "entries are stored in part"
        return more > 0 or (self.storing.arguments[:2] == ("db", "backup") and backups > 0)

    def _whole_backups(self) -> int:
        """Return how many backups there are by their names. Fail if one isn't whole."""
        named = [*self.folder.glob("kept/irbtrack-*"), *self.folder.glob("register-former-*")]
        for path in named:
            with staged(path):
                pass
        return len(named)

    def goes_on(self) -> None:
        """Let the next command work, and verify the register."""
        match self.begun.home.look(self.register).revision:
            case None:
                done(self.register, "init", "--council", "Council")
            case version if version != REVISION:
                (self.folder / "next").mkdir()
                done(self.register, "db", "upgrade", "--backup", str(self.folder / "next"))
            case _:
                done(self.register, "directorate", "add", "next", "Next")
        done(self.register, "db", "verify")

    def left_behind(self) -> tuple[str, ...]:
        """Return what is there that nobody asked for."""
        names = [path.name for path in self.folder.rglob("*") if path.name.startswith(".")]
        names += [path.name for path in self.folder.glob(f"{NAME}-*")]
        names += [path.name for path in self.folder.with_name("tmp").iterdir()]
        return tuple(names)


@contextmanager
def scene(begun: Beginnings, storing: Storing) -> Iterator[Scene]:
    """Set a scene for a command."""
    with scratch() as folder:
        register = begun.place(storing, folder)
        try:
            yield Scene(begun, storing, folder, register, begun.home.look(register))
        finally:
            begun.home.drop(register)


class Complete(NamedTuple):
    """How a command ends that nothing happens to, and after how many seconds."""

    ended: Ended
    seconds: float


def completed(begun: Beginnings, storing: Storing) -> Complete:
    """Let a command end."""
    with scene(begun, storing) as one:
        begins: list[float] = []
        ended = one.run(strace=[], meanwhile=lambda *_: begins.append(time.monotonic()))
        seconds = time.monotonic() - begins[0]
        assert ended.code == 0, ended
        assert one.is_stored(), storing
        assert not one.left_behind(), one.left_behind()
        return Complete(ended, seconds)


MAY_BE_STORED = (
    "'irbtrack history' tells",
    "was restored, but",
    "is written, but",
    "there is no database at",  # whatever was done is in the file that was moved away
)
"""What a true refusal says if something may be stored all the same."""


def refuse_untrue(ended: Ended, *, is_stored: bool) -> None:
    """Fail unless a command that was refused says so in a sentence that is true."""
    assert ended.code in (1, 3), ended
    assert "Traceback" not in ended.err, ended.err
    said = ended.err.splitlines()
    assert said, "refused without a word"
    assert said[-1].startswith("irbtrack: "), ended.err
    is_told = any(sign in said[-1] for sign in MAY_BE_STORED)
    assert is_told or not is_stored, f"stored, though it said: {ended.err}"
