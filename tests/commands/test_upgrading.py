"""``db upgrade``: the backup that it takes first, and what is said when it fails."""

import pytest
from shared.failing_migration import next_migration
from shared.transcript import Scene

from irbtrack.cli import main
from irbtrack.commands import db
from irbtrack.store.database import REVISION, locate
from irbtrack.store.migrate import upgrade

pytestmark = pytest.mark.files

OLDER = "0004"
BACKUP = f"irbtrack-at-{OLDER}-2023-11-23T090000Z.db"


@pytest.fixture
def older(scene: Scene) -> Scene:
    scene.folder.joinpath("irbtrack.db").touch()
    upgrade(locate(str(scene.folder / "irbtrack.db")), OLDER)
    return scene


def test_a_backup_is_taken_before_an_upgrade(older: Scene) -> None:
    before = older.folder.joinpath("irbtrack.db").stat().st_size
    assert older.run("irbtrack db upgrade").splitlines() == [
        f"! irbtrack.db is backed up to {BACKUP}",
        f"! irbtrack.db is now at revision {REVISION}, it was at {OLDER}",
    ]
    assert older.folder.joinpath(BACKUP).stat().st_size == before
    assert older.run("irbtrack db upgrade") == f"! irbtrack.db is at revision {REVISION} already"
    assert sorted(path.name for path in older.folder.iterdir()) == [BACKUP, "irbtrack.db"]
    assert f"revision,{OLDER}" in _facts(older.run(f"irbtrack --database {BACKUP} db info"))


def _facts(said: str) -> str:
    return ",".join(said.lower().split())


def test_the_backup_goes_to_the_folder_that_is_named(older: Scene) -> None:
    assert "cannot be written" in older.run("irbtrack db upgrade --backup kept")
    older.folder.joinpath("kept").mkdir()
    assert f"is backed up to kept/{BACKUP}" in older.run("irbtrack db upgrade --backup kept")


def test_nothing_is_upgraded_that_cannot_be_backed_up(older: Scene) -> None:
    older.folder.joinpath(BACKUP).touch()
    assert older.run("irbtrack db upgrade").splitlines() == [
        f"! irbtrack: {BACKUP} is there already; try again in a second",
        "[exit 1]",
    ]
    assert f"at revision {OLDER}" in older.run("irbtrack summary")


def test_an_upgrade_that_fails_says_that_all_is_as_it_was(
    older: Scene,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    next_migration(tmp_path_factory.mktemp("scripts"), monkeypatch, 'op.execute("COMMIT")')
    monkeypatch.setattr(db, "REVISION", "9000")
    with pytest.raises(ZeroDivisionError):  # a fault of the program keeps its traceback
        main(["db", "upgrade"], now=older.now)
    monkeypatch.undo()
    said = capsys.readouterr().err.replace(f"{older.folder}/", "").splitlines()
    assert said == [
        f"irbtrack.db is backed up to {BACKUP}",
        f"irbtrack: the upgrade failed; irbtrack.db is as it was, at revision {OLDER}",
    ]
    database = older.folder / "irbtrack.db"
    assert f"at revision {OLDER}" in older.run(f"irbtrack --database {database} summary")
