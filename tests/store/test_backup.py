"""Backups: written while others write, verified, restored, and never half done."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shared.failing_migration import next_migration
from shared.small_register import fill_small
from shared.strategies import another, entry, raised

from irbtrack.cli import main
from irbtrack.errors import CheckFailed, DatabaseUnusable, IrbtrackError, Refused
from irbtrack.exports import files
from irbtrack.exports.backups import (
    copy_register,
    file_beside,
    put_register,
    remove_older,
    write_backup,
)
from irbtrack.store import backup as backups
from irbtrack.store.backup import (
    DUMP,
    SQLITE,
    dumping,
    head_of_backup,
    head_of_register,
    put_in_place,
    staged,
    upgrade_or_put_back,
)
from irbtrack.store.database import REVISION, Location, locate
from irbtrack.store.gather import last_entry
from irbtrack.store.migrate import create, upgrade
from irbtrack.store.reading import opened, reading
from irbtrack.store.write import writing

NOW = datetime(2023, 11, 1, 10, tzinfo=UTC)
ENDINGS = pytest.mark.parametrize("ending", [SQLITE, DUMP])


@pytest.fixture(scope="module")
def kept(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Location:
    """A register that is never written to."""
    return fill_small(another(migrated, tmp_path_factory))


@pytest.fixture
def small(kept: Location, tmp_path: Path) -> Location:
    """The same, to be written to."""
    assert kept.path is not None
    return locate(str(shutil.copy(kept.path, tmp_path / "irbtrack.db")))


def content(location: Location) -> list[str]:
    """The register as a dump."""
    with dumping(location) as lines:
        return list(lines)


def restored(backup: Path, location: Location, *, force: bool = False) -> Path | None:
    """Restore as the command does; return where the former register is kept."""
    former = file_beside(location, None, "former", NOW) if force else None
    with staged(backup) as whole:
        put_register(whole, location, former)
    return former


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@ENDINGS
def test_what_is_restored_is_what_was_backed_up(
    ending: str, small: Location, tmp_path: Path
) -> None:
    path, target = tmp_path / f"b{ending}", locate(str(tmp_path / "new" / "r.db"))
    write_backup(small, path)
    restored(path, target)
    assert content(target) == content(small)
    assert head_of_backup(path) == head_of_register(target)
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
        assert target.path is not None
        assert target.path.stat().st_mode & 0o777 == 0o600


def test_a_backup_of_an_empty_register_can_be_restored(database: Location, tmp_path: Path) -> None:
    write_backup(database, tmp_path / "b.jsonl.gz")
    target = locate(str(tmp_path / "r.db"))
    restored(tmp_path / "b.jsonl.gz", target)
    assert content(target) == content(database)


@ENDINGS
def test_backups_are_whole_while_others_write(ending: str, small: Location, tmp_path: Path) -> None:
    done = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not done.is_set():
            with writing(small) as journal:
                number = journal.record(entry(raised(f"2223-{len(written) + 100}")))
            written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            before = len(written)
            write_backup(small, path := tmp_path / f"{n}{ending}")
            head = head_of_backup(path)
            assert head is not None
            # All that was stored when it began is in it, and no more than when it ended.
            assert 7 + before <= head.entries <= 7 + len(written) + 1
    finally:
        done.set()
        writer.join()
    assert written == list(range(8, 8 + len(written)))
    assert len(written) > 5


@ENDINGS
def test_a_backup_that_is_killed_leaves_nothing_under_its_name(
    ending: str, small: Location, tmp_path: Path
) -> None:
    if os.name == "nt":
        pytest.skip("there is no SIGKILL")
    path = tmp_path / "backups" / f"b{ending}"
    path.parent.mkdir()
    killing = (
        "import os, signal, sys\n"
        "from irbtrack.exports import backups, files\n"
        "from irbtrack.store.database import locate\n"
        "from pathlib import Path\n"
        "files._sync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "backups.write_backup(locate(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", killing, str(small.path), str(path)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert all(name.startswith(".irbtrack-") for name in listed(path.parent))
    write_backup(small, path)
    assert head_of_backup(path) == head_of_register(small)


def test_a_backup_that_fails_leaves_nothing(
    small: Location, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listed(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "write_dump", full)
    with pytest.raises(Refused, match="No space left"):
        write_backup(small, tmp_path / "b.jsonl.gz")
    assert listed(tmp_path) == before


def tampered(location: Location, statement: str, *, unguarded: bool = True) -> None:
    """Change a register behind irbtrack's back, without its triggers."""
    assert location.path is not None
    with closing(sqlite3.connect(location.path)) as connection:
        if unguarded:
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in connection.execute(triggers).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        connection.commit()


TAMPERED = [
    ("UPDATE action_version SET due_on = '2030-01-01'", "action_version"),
    ("UPDATE entry SET recorded_by = 'another' WHERE id = 3", "entry 3: entry.digest"),
    ("DELETE FROM snapshot_action", "does not have the lines that were frozen"),
    ("DELETE FROM change WHERE entry = 7", "entry 7: entry.digest"),
    ("UPDATE action_version SET raised_on = 'soon'", "raised_on is 'soon'"),
]


@pytest.mark.parametrize(("statement", "said"), TAMPERED)
def test_a_backup_that_was_tampered_with_is_refused(
    statement: str, said: str, small: Location, tmp_path: Path
) -> None:
    path = tmp_path / "b.db"
    write_backup(small, path)
    tampered(locate(str(path)), statement)
    with pytest.raises(CheckFailed, match=r"b\.db does not verify: ") as refusal:
        restored(path, small, force=True)
    assert said in str(refusal.value)
    assert listed(tmp_path) == ["b.db", "irbtrack.db"]


@ENDINGS
def test_a_register_that_does_not_verify_is_not_backed_up(
    ending: str, small: Location, tmp_path: Path
) -> None:
    tampered(small, "UPDATE change SET fields = '{}' WHERE entry = 4")
    with pytest.raises(CheckFailed, match=r"irbtrack.db does not verify: entry 4: "):
        write_backup(small, tmp_path / f"b{ending}")
    assert listed(tmp_path) == ["irbtrack.db"]


def not_a_database(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(5000))


def another_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE something (x)")
        connection.commit()


def with_bytes_changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(8, len(content) // 4096):
        content[page * 4096 : page * 4096 + 40] = os.urandom(40)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_bytes(b""), "is not a backup of irbtrack's"),
        (lambda path: path.write_text("a,b\n1,2\n"), "is not a backup of irbtrack's"),
        (lambda path: path.write_bytes(b"\x1f\x8b" + bytes(90)), "is not a dump"),
        (lambda path: path.write_bytes(path.read_bytes()[:20_000]), "damaged"),
        (with_bytes_changed, "damaged"),
        (not_a_database, "is not a database"),
        (another_database, "is a database, but not one of irbtrack's"),
        (lambda path: path.unlink(), r"cannot be read \(No such file"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read"),
    ],
)
def test_what_is_no_backup_is_refused(
    damage: Callable[[Path], object], said: str, small: Location, tmp_path: Path
) -> None:
    path, before = tmp_path / "b.db", content(small)
    write_backup(small, path)
    damage(path)
    with pytest.raises(IrbtrackError, match=said):
        restored(path, small, force=True)
    assert content(small) == before
    assert head_of_backup(path) is None or "damaged" in said


@ENDINGS
def test_a_register_is_only_replaced_by_force_and_is_then_kept(
    ending: str, small: Location, tmp_path: Path
) -> None:
    path, before = tmp_path / f"b{ending}", content(small)
    write_backup(small, path)
    with writing(small) as journal:
        journal.record(entry(raised("2223-500")))
    later = content(small)
    with pytest.raises(Refused, match="has a register already"):
        restored(path, small)
    assert content(small) == later
    former = restored(path, small, force=True)
    assert former == tmp_path / "irbtrack-former-2023-11-01T100000Z.db"
    assert content(small) == before
    assert content(locate(str(former))) == later
    with writing(small) as journal:  # it goes on
        assert journal.record(entry(raised("2223-501"))) == 8


def test_a_register_is_put_in_place_once_its_writer_is_done(
    small: Location, tmp_path: Path
) -> None:
    write_backup(small, tmp_path / "b.db")
    impatient = small._replace(wait=0.1)
    with writing(small) as journal:
        journal.record(entry(raised("2223-500")))
        with pytest.raises(DatabaseUnusable, match="in use by another program"):
            restored(tmp_path / "b.db", impatient, force=True)
    with reading(small) as reader:
        assert next(reader.rows("SELECT COUNT(*) FROM entry")) == (8,)
    assert listed(tmp_path) == ["b.db", "irbtrack.db"]


def test_what_cannot_be_kept_is_not_replaced(small: Location, tmp_path: Path) -> None:
    write_backup(small, tmp_path / "b.db")
    before = content(small)

    def refuse(_: object) -> None:
        raise Refused("no room for the former register")

    with staged(tmp_path / "b.db") as whole, pytest.raises(Refused, match="no room"):
        put_in_place(whole, small, refuse)
    assert content(small) == before


@pytest.mark.parametrize(
    "damage", [not_a_database, with_bytes_changed, lambda path: path.write_text("gone")]
)
def test_a_damaged_register_gives_way_to_its_backup(
    damage: Callable[[Path], object], small: Location, tmp_path: Path
) -> None:
    assert small.path is not None
    path, before = tmp_path / "b.db", content(small)
    write_backup(small, path)
    damage(small.path)
    damaged = small.path.read_bytes()
    former = restored(path, small, force=True)
    assert content(small) == before
    assert former is not None
    assert former.read_bytes()[100:] == damaged[100:]  # SQLite counts changes in the header


def test_an_older_register_is_backed_up_as_it_is_and_restored_up_to_date(tmp_path: Path) -> None:
    tmp_path.joinpath("older.db").touch()
    older = locate(str(tmp_path / "older.db"))
    upgrade(older, "0004")
    write_backup(older, tmp_path / "b.db")
    write_backup(older, tmp_path / "b.jsonl.gz")
    for name in ("b.db", "b.jsonl.gz"):
        head = head_of_backup(tmp_path / name)
        assert head is not None
        assert head.revision == "0004"
        target = locate(str(tmp_path / f"restored-{name}"))
        restored(tmp_path / name, target)
        assert head_of_register(target).revision == REVISION


def test_a_backup_of_a_newer_revision_is_refused(small: Location, tmp_path: Path) -> None:
    write_backup(small, path := tmp_path / "b.db")
    tampered(locate(str(path)), "UPDATE alembic_version SET version_num = '9000'")
    with pytest.raises(DatabaseUnusable, match="at revision 9000, newer than this irbtrack"):
        restored(path, locate(str(tmp_path / "r.db")))


def test_the_newest_are_kept_and_nothing_else_is_touched(
    small: Location, migrated: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    other = fill_small(locate(str(shutil.copy(migrated, tmp_path / "other.db"))), "Another")
    named = [f"irbtrack-2023-11-0{day}T020000Z" for day in range(1, 7)]
    for name, ending in zip(named, [SQLITE, DUMP] * 3, strict=True):
        write_backup(small, folder / f"{name}{ending}")
    strangers = [
        "irbtrack-2023-10-01T020000Z.db",  # of another register
        "irbtrack-2023-10-02T020000Z.jsonl.gz",  # damaged
        "irbtrack-2023-10-03T020000Z.db",  # no database
        "irbtrack-former-2023-10-01T020000Z.db",
        "board.db",
        "irbtrack-2023-10-01T020000Z.db.txt",
    ]
    write_backup(other, folder / strangers[0])
    for name in strangers[1:]:
        shutil.copy(folder / f"{named[0]}.db", folder / name)
    for name in strangers[1:3]:
        folder.joinpath(name).write_bytes(b"\x1f\x8bno")
    removed = remove_older(folder, small, 2)
    assert [path.name for path in removed] == [
        f"{named[3]}{DUMP}",
        f"{named[2]}{SQLITE}",
        f"{named[1]}{DUMP}",
        f"{named[0]}{SQLITE}",
    ]
    assert listed(folder) == sorted([*strangers, f"{named[4]}{SQLITE}", f"{named[5]}{DUMP}"])


def test_backups_of_a_copy_that_went_on_by_itself_are_kept(small: Location, tmp_path: Path) -> None:
    copy, folder = locate(str(tmp_path / "copy.db")), tmp_path / "backups"
    folder.mkdir()
    copy_register(small, copy)
    for location, ref in ((copy, "2223-700"), (small, "2223-701")):
        with writing(location) as journal:
            journal.record(entry(raised(ref)))
    for location, day in ((copy, 1), (small, 2), (copy, 3), (small, 4)):
        write_backup(location, folder / f"irbtrack-2023-11-0{day}T020000Z{DUMP}")
    assert [path.name[:19] for path in remove_older(folder, small, 1)] == ["irbtrack-2023-11-02"]
    assert [path.name[:19] for path in remove_older(folder, copy, 1)] == ["irbtrack-2023-11-01"]


def test_a_copy_is_the_register_and_is_made_where_none_is(small: Location, tmp_path: Path) -> None:
    target = locate(str(tmp_path / "copy.db"))
    copy_register(small, target)
    assert content(target) == content(small)
    with pytest.raises(Refused, match="has a register already"):
        copy_register(small, target)
    with pytest.raises(DatabaseUnusable, match="there is no database at"):
        copy_register(locate(str(tmp_path / "none.db")), locate(str(tmp_path / "x.db")))
    tmp_path.joinpath("older.db").touch()
    older = locate(str(tmp_path / "older.db"))
    upgrade(older, "0004")
    with pytest.raises(DatabaseUnusable, match="is at revision 0004"):
        copy_register(older, locate(str(tmp_path / "x.db")))
    assert "x.db" not in listed(tmp_path)


@pytest.mark.parametrize("then", ["", 'op.execute("COMMIT")'], ids=["transactional", "committed"])
def test_a_migration_that_fails_half_way_leaves_the_register_as_it_was(
    then: str, small: Location, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def schema() -> list[object]:
        with opened(small) as reader:
            return list(reader.rows("SELECT name, sql FROM sqlite_master ORDER BY name"))

    before, tables = content(small), schema()
    write_backup(small, tmp_path / "b.db")
    next_migration(tmp_path, monkeypatch, then)
    with pytest.raises(ZeroDivisionError):
        upgrade_or_put_back(small, tmp_path / "b.db")
    assert (content(small), schema()) == (before, tables)
    with writing(small) as journal:
        assert journal.record(entry(raised("2223-500"))) == 8


def test_a_register_can_be_made_where_an_empty_file_is(small: Location, tmp_path: Path) -> None:
    write_backup(small, tmp_path / "b.db")
    target = locate(str(tmp_path / "empty.db"))
    tmp_path.joinpath("empty.db").touch()
    restored(tmp_path / "b.db", target)
    with reading(target) as reader:
        assert last_entry(reader) is not None
    create(locate(str(tmp_path / "another.db")))


def test_what_a_killed_program_left_is_removed_after_a_day(small: Location, tmp_path: Path) -> None:
    names = (".irbtrack-0ld_ab1x.db", ".irbtrack-n3w_ab1x.db", ".irbtrack-mine.cfg")
    old, new, mine = (tmp_path / name for name in names)
    for path in (old, new, mine):
        path.touch()
    before = old.stat().st_mtime - 86_500
    for path in (old, mine):
        os.utime(path, (before, before))
    write_backup(small, tmp_path / "b.db")
    assert [path for path in (old, new, mine) if path.exists()] == [new, mine]


def _fails(*_: object) -> None:
    raise OSError(5, "Input/output error")


def test_a_file_whose_folder_cannot_be_synced_is_there_and_said_to_be(
    small: Location, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = files._sync
    monkeypatch.setattr(files, "_sync", lambda to: _fails() if to.is_dir() else really(to))
    with pytest.raises(Refused, match="is written, but it is not known whether"):
        write_backup(small, tmp_path / "b.db")
    assert (tmp_path / "b.db").exists()


def test_what_cannot_be_removed_of_a_file_that_is_not_written_is_no_fault(
    small: Location, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_sync", _fails)
    monkeypatch.setattr(Path, "unlink", _fails)
    with pytest.raises(Refused, match="cannot be written"):
        write_backup(small, tmp_path / "b.db")


def test_a_journal_that_sqlite_left_beside_a_temporary_file_goes_with_it(tmp_path: Path) -> None:
    def write(to: Path) -> None:
        to.with_name(f"{to.name}-journal").touch()
        _fails()

    with pytest.raises(Refused, match="cannot be written"):
        files.write_whole(tmp_path / "b.db", write)
    assert list(tmp_path.iterdir()) == []


def test_a_restored_register_that_cannot_be_stamped_is_said_to_be_restored(
    small: Location,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(location: Location) -> None:
        raise DatabaseUnusable(f"{location} is gone")

    write_backup(small, tmp_path / "b.db")
    monkeypatch.setattr("irbtrack.exports.backups.stamp", fails)
    restoring = ["--database", str(small), "db", "restore", "--force", str(tmp_path / "b.db")]
    assert main(restoring) == 3
    assert f"{small} was restored, but {small} is gone" in capsys.readouterr().err
