"""What was changed by other means than by recording it is found, in whatever column."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from irbtrack.cli import main
from irbtrack.domain.checks import Finding
from irbtrack.domain.journal import entry_digest
from irbtrack.store.database import Location, locate
from irbtrack.store.gather import entries
from irbtrack.store.integrity import (
    broken_links,
    chain_findings,
    recorders,
    snapshot_findings,
    version_findings,
)
from irbtrack.store.reading import reading
from irbtrack.store.tables import metadata

JOURNAL = ("entry", "change")
SNAPSHOTS = ("snapshot", "snapshot_action")
COLUMNS = [
    (table.name, column.name)
    for table in metadata.tables.values()
    if table.name != "person"  # it is outside the digests, so that it can be corrected
    for column in table.columns
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, with a waiver and with an entry taken back, as commands leave it."""
    path = tmp_path_factory.mktemp("sound") / "irbtrack.db"
    assert main(["demo", "--keep", str(path)]) == 0
    here = ["--database", str(path), "--officer", "register-officer"]
    why = ["--reason", "Kept elsewhere"]
    assert main([*here, "waiver", "add", "no-evidence", "--ref", "2223-001", *why]) == 0
    assert main([*here, "snapshot", "take", "--as-of", "31/10/2023"]) == 0
    assert main([*here, "action", "update", "2223-001", "--priority", "low"]) == 0
    with reading(locate(str(path))) as reader:
        last = max(number for number, _ in entries(reader))
    assert main([*here, "undo", str(last), *why]) == 0
    return path


@pytest.fixture
def tampered(sound: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of it that anybody may write to."""
    path = shutil.copy(sound, tmp_path / "irbtrack.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


def everything(path: Path) -> dict[str, list[Finding]]:
    with reading(locate(str(path))) as reader:
        return {
            "journal-chain": list(chain_findings(reader)),
            "versions-equal-fold": list(version_findings(reader)),
            "snapshot-digest": list(snapshot_findings(reader)),
        }


def of(connection: sqlite3.Connection) -> Path:
    [(_, _, path)] = connection.execute("PRAGMA database_list").fetchall()
    return Path(path)


def found(connection: sqlite3.Connection) -> dict[str, list[Finding]]:
    return {name: wrong for name, wrong in everything(of(connection)).items() if wrong}


def said(connection: sqlite3.Connection) -> str:
    return "\n".join(one.wrong for wrong in found(connection).values() for one in wrong)


def test_a_sound_register_has_nothing_wrong(sound: Path) -> None:
    assert not any(everything(sound).values())


def edited(connection: sqlite3.Connection, table: str, column: str, to: str) -> bool:
    """Whether the last row's value could be set to an expression, and is another one now."""
    row = f'(SELECT MAX(rowid) FROM "{table}")'
    where = f"WHERE rowid = {row}"
    asked = f'SELECT "{column}" FROM "{table}" {where}'
    before = connection.execute(asked).fetchone()
    try:
        connection.execute(f'UPDATE "{table}" SET "{column}" = {to} {where}')
    except sqlite3.IntegrityError:
        return False  # the table itself refuses it
    rowid_moved = connection.execute(asked).fetchone()
    return rowid_moved != before


EDITS = {
    "nothing": "NULL",
    "another text": "'x'",
    "a number": "99999",
    "a date": "'2022-02-02'",
    "no date": "'2022-02-30'",
    "a broken list": "'[\"a\"'",
    "bytes": "X'00ff'",
}


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda value: str(value))
def test_an_edit_of_any_column_is_found_and_named(
    table: str, column: str, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = 0
    for number, to in enumerate(EDITS.values()):
        path = shutil.copy(sound, tmp_path / f"{number}.db")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            changed = edited(connection, table, column, to)
        if not changed:
            continue
        tried += 1
        capsys.readouterr()
        code = main(["--database", str(path), "check", "--format", "csv"])
        told = capsys.readouterr()
        assert code == 5, (to, told)
        assert "Traceback" not in told.err
        names = {"entry": "entry", "change": "entry", "snapshot_action": "snapshot"}
        noun = names.get(table, table.removesuffix("_version"))
        assert any(f",{noun}," in line for line in told.out.splitlines()), (to, told.out)
    assert tried
