"""A database that cannot be used: one plain sentence, exit code 3, and the file as it was."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shared.transcript import Scene

from irbtrack.cli import main
from irbtrack.store.database import REVISION

pytestmark = pytest.mark.files

Maker = Callable[[Path, Path], None]
"""Makes a bad database at the first path, from the good one at the second if it needs one."""

READING = (
    "irbtrack summary --year 23/24 --format csv",
    "irbtrack action list --year 19/20 --known-at 1/10/2023",
    "irbtrack history 2223-171",
)
WRITING = (
    'irbtrack officer add new-post "A New Post"',
    "irbtrack action complete 2223-171 --on 20/10/2023",
    "irbtrack action complete 2223-171 --on 20/10/2023 --dry-run",
    "irbtrack snapshot take",
)
INFO, UPGRADE = "irbtrack db info", "irbtrack db upgrade"
INIT = "irbtrack init --council Council"

THERE = "irbtrack.db is there already; name another file"
FOREIGN = (
    "irbtrack.db is a database, but not one of irbtrack's; name another with --database,"
    " or make one with 'irbtrack init'"
)
NO_DATABASE = "irbtrack.db is not a database; name another with --database"
DAMAGED = "irbtrack.db is damaged; restore it from a backup"
BEHIND = (
    f"irbtrack.db is at revision 0000, and this irbtrack needs {REVISION};"
    " 'irbtrack db upgrade' brings it up to date"
)
NEWER = (
    f"irbtrack.db is at revision 9999, newer than this irbtrack knows ({REVISION});"
    " install the newer irbtrack that wrote it"
)


def missing(path: Path, good: Path) -> None:
    del path, good


def folder(path: Path, good: Path) -> None:
    del good
    path.mkdir()


def empty_file(path: Path, good: Path) -> None:
    del good
    path.touch()


def short_text(path: Path, good: Path) -> None:
    del good
    path.write_text("Ref", encoding="utf-8")


def long_text(path: Path, good: Path) -> None:
    del good
    path.write_text("Ref,Title\n2324-001,A list of actions\n" * 500, encoding="utf-8")


def of_another_program(path: Path, good: Path) -> None:
    del good
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE entry (id INTEGER, title TEXT)")


def cut_short(path: Path, good: Path) -> None:
    content = good.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def overwritten(path: Path, good: Path) -> None:
    content = good.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def _at_revision(path: Path, good: Path, revision: str) -> None:
    shutil.copy(good, path)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])


def behind(path: Path, good: Path) -> None:
    _at_revision(path, good, "0000")


def newer(path: Path, good: Path) -> None:
    _at_revision(path, good, "9999")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (missing, "there is no database at irbtrack.db; 'irbtrack init' makes one"),
        (folder, "irbtrack.db is a folder; name a database file with --database"),
        (empty_file, FOREIGN),
        (short_text, NO_DATABASE),
        (long_text, NO_DATABASE),
        (of_another_program, FOREIGN),
        (cut_short, DAMAGED),
        (overwritten, DAMAGED),
        (behind, BEHIND),
        (newer, NEWER),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_database_that_cannot_be_used_is_refused_and_left_as_it_is(
    make: Maker, sentence: str, scene: Scene, databases: dict[str, Path]
) -> None:
    path = scene.folder / "irbtrack.db"
    make(path, databases["board"])
    before = _everything_in(scene.folder)
    commands = [*READING, *WRITING]
    if make not in (behind, newer):
        commands += [INFO, UPGRADE]
    for command in commands:
        assert scene.run(command) == f"! irbtrack: {sentence}\n[exit 3]", command
        assert _everything_in(scene.folder) == before, command


def _everything_in(directory: Path) -> dict[str, bytes | None]:
    """The files in a folder with their bytes, journals and the like included."""
    return {
        str(path.relative_to(directory)): path.read_bytes() if path.is_file() else None
        for path in directory.rglob("*")
    }


@pytest.mark.parametrize("make", [folder, short_text, of_another_program, cut_short, behind, newer])
def test_init_leaves_alone_what_is_there(
    make: Maker, scene: Scene, databases: dict[str, Path]
) -> None:
    make(scene.folder / "irbtrack.db", databases["board"])
    before = _everything_in(scene.folder)
    assert scene.run(INIT) == f"! irbtrack: {THERE}\n[exit 1]"
    assert _everything_in(scene.folder) == before


@pytest.mark.parametrize(("make", "revision"), [(behind, "0000"), (newer, "9999")])
def test_info_says_at_which_revision_a_database_is_that_no_other_command_takes(
    make: Maker, revision: str, scene: Scene, databases: dict[str, Path]
) -> None:
    make(scene.folder / "irbtrack.db", databases["board"])
    before = _everything_in(scene.folder)
    assert scene.run(f"{INFO} --format csv") == (
        f"database,revision,needs\nirbtrack.db,{revision},{REVISION}"
    )
    assert _everything_in(scene.folder) == before


def test_upgrade_refuses_a_newer_database(scene: Scene, databases: dict[str, Path]) -> None:
    newer(scene.folder / "irbtrack.db", databases["board"])
    before = _everything_in(scene.folder)
    assert scene.run(UPGRADE) == f"! irbtrack: {NEWER}\n[exit 3]"
    assert _everything_in(scene.folder) == before


def test_upgrade_refuses_a_revision_that_never_was(
    scene: Scene, databases: dict[str, Path]
) -> None:
    behind(scene.folder / "irbtrack.db", databases["board"])
    before = _everything_in(scene.folder)
    written = scene.run(UPGRADE)
    assert written.startswith("! irbtrack: irbtrack.db is at a revision that this irbtrack does")
    assert written.endswith("\n[exit 3]")
    assert len(written.splitlines()) == 2
    assert _everything_in(scene.folder) == before


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("UPDATE alembic_version SET version_num = '8'", "'8'"),
        ("UPDATE alembic_version SET version_num = 'abcd'", "'abcd'"),
        ("DELETE FROM alembic_version", "none"),
        ("INSERT INTO alembic_version VALUES ('0007')", f"'0007' and '{REVISION}'"),
        ("DROP TABLE alembic_version", "none"),
    ],
)
def test_a_register_whose_revision_was_changed_is_not_taken_for_another_programs(
    edit: str, said: str, scene: Scene, databases: dict[str, Path]
) -> None:
    path = scene.folder / "irbtrack.db"
    shutil.copy(databases["board"], path)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(edit)
    for command in (*READING, *WRITING, INFO, UPGRADE, "irbtrack db verify"):
        assert scene.run(command) == (
            "! irbtrack: irbtrack.db is a register, but the revision of its tables is not one that"
            f" irbtrack made: it is {said}; restore a backup in its place\n[exit 3]"
        ), command
    shutil.copy(databases["board"], scene.folder / "backup.db")
    assert "irbtrack.db is restored" in scene.run("irbtrack db restore backup.db --force")
    assert "[exit" not in scene.run("irbtrack db info")


@pytest.fixture
def impatient(scene: Scene) -> Scene:
    """Return a scene whose commands wait for another program only for a moment."""
    scene.wait = 0.05
    return scene


@contextlib.contextmanager
def held(path: Path, how: str) -> Iterator[None]:
    """The database held by another connection."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"BEGIN {how}")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("command", [*READING, *WRITING, INFO, UPGRADE])
def test_a_locked_database_is_waited_for_and_then_refused(
    command: str, impatient: Scene, databases: dict[str, Path]
) -> None:
    path = Path(shutil.copy(databases["board"], impatient.folder / "irbtrack.db"))
    before = path.read_bytes()
    with held(path, "EXCLUSIVE"):
        assert impatient.run(command) == (
            "! irbtrack: irbtrack.db is in use by another program; try again in a moment\n[exit 3]"
        )
    assert path.read_bytes() == before


def test_while_another_program_writes_reading_goes_on_and_writing_waits(
    impatient: Scene, databases: dict[str, Path]
) -> None:
    path = Path(shutil.copy(databases["board"], impatient.folder / "irbtrack.db"))
    before = path.read_bytes()
    free = {command: impatient.run(command) for command in READING}
    with held(path, "IMMEDIATE"):
        for command in READING:
            assert impatient.run(command) == free[command]
        for command in (WRITING[0], WRITING[-1]):
            assert impatient.run(command).endswith("try again in a moment\n[exit 3]")
    assert path.read_bytes() == before


# Runs commands as somebody who may not write. Permissions do not bind root, who therefore
# becomes nobody, once the same commands on a copy have imported all that they need: the
# interpreter's own folder may be closed to nobody.
WITHOUT_PERMISSION = """
import contextlib, io, os, sys
from irbtrack.cli import main

copy, path, *commands = sys.argv[1:]
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    for command in commands:
        main(["--database", copy, *command.split()])
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for command in commands:
    code = main(["--database", path, *command.split()])
    sys.stdout.flush()
    print(f"[exit {code}]", file=sys.stderr)
"""

RESTRICTED = ("officer add new-post Post", "snapshot take", "summary --year 23/24 --format csv")

FIGURES = "as_of,year,status,total,high,medium,low,percent"


@contextlib.contextmanager
def restricted(good: Path, file_mode: int, folder_mode: int) -> Iterator[Path]:
    """A database whose file and folder have these permissions, where anybody may come."""
    with tempfile.TemporaryDirectory() as above:
        Path(above).chmod(0o755)
        directory = Path(above) / "register"
        directory.mkdir()
        path = Path(shutil.copy(good, directory / "irbtrack.db"))
        path.chmod(file_mode)
        directory.chmod(folder_mode)
        try:
            yield path
        finally:
            directory.chmod(0o755)


def without_permission(path: Path, copy: Path) -> tuple[list[str], list[str]]:
    """The lines that RESTRICTED commands write to standard output and to standard error."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PERMISSION, str(copy), str(path), *RESTRICTED],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        env=os.environ | {"IRBTRACK_OFFICER": "register-officer"},
    )
    assert done.returncode == 0, done.stderr
    err = done.stderr.replace(f"{path.parent}{os.sep}", "")
    return done.stdout.splitlines(), err.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
@pytest.mark.parametrize("folder_mode", [0o755, 0o555], ids=["file", "file and folder"])
def test_a_read_only_database_is_read_and_not_written(
    folder_mode: int, databases: dict[str, Path], tmp_path: Path
) -> None:
    copy = Path(shutil.copy(databases["board"], tmp_path / "copy.db"))
    refused = (
        "irbtrack: irbtrack.db is read-only; ask for permission to write to it and to its folder"
    )
    with restricted(databases["board"], 0o444, folder_mode) as path:
        out, err = without_permission(path, copy)
        assert err == [refused, "[exit 3]", refused, "[exit 3]", "[exit 0]"]
        assert out[0] == FIGURES
        assert len(out) == 6
        assert path.read_bytes() == databases["board"].read_bytes()
        assert [one.name for one in path.parent.iterdir()] == ["irbtrack.db"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_database_that_may_not_even_be_read_is_refused(
    databases: dict[str, Path], tmp_path: Path
) -> None:
    copy = Path(shutil.copy(databases["board"], tmp_path / "copy.db"))
    refused = "irbtrack: irbtrack.db cannot be opened; look at its permissions and its folder's"
    with restricted(databases["board"], 0o000, 0o755) as path:
        out, err = without_permission(path, copy)
    assert (out, err) == ([], [refused, "[exit 3]"] * 3)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_folder_that_may_not_be_entered_is_refused(
    databases: dict[str, Path], tmp_path: Path
) -> None:
    copy = Path(shutil.copy(databases["board"], tmp_path / "copy.db"))
    with restricted(databases["board"], 0o644, 0o000) as path:
        out, err = without_permission(path, copy)
    assert out == []
    assert [line for line in err if line.startswith("[exit")] == ["[exit 3]"] * 3
    assert len(err) == 6, "one sentence for each command"


def test_the_whole_name_is_said_of_a_database_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "no such folder" / "register.db"
    assert main(["--database", str(path), "summary"]) == 3
    assert capsys.readouterr().err == (
        f"irbtrack: there is no database at {path}; 'irbtrack init' makes one\n"
    )
    assert not path.parent.exists()
