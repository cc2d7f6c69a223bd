"""What was changed by other means than by recording it is found, in whatever column."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from shared.strategies import entry

from irbtrack.cli import main
from irbtrack.domain.checks import Finding
from irbtrack.domain.journal import Login
from irbtrack.store.database import locate
from irbtrack.store.integrity import (
    broken_links,
    chain_findings,
    snapshot_findings,
    unknown_recorders,
    version_findings,
)
from irbtrack.store.reading import reading
from irbtrack.store.tables import metadata
from irbtrack.store.write import writing

COLUMNS = [
    (table.name, column.name)
    for table in metadata.tables.values()
    if table.name not in ("person", "recorder", "copy_made")  # outside the digests, to be erased
    for column in table.columns
]


RECORDED = [
    "init --council Council",
    "directorate add finance Finance --on 1/4/2022",
    "officer add ed-finance Executive --directorate finance --on 1/4/2022",
    "officer add ha-audit Auditor --on 1/4/2022",
    "audit add Payroll --year 22/23 --quarter Q1 --findings 1/1/0 --status final --on 1/4/2022",
    "action add Reconcile --audit Payroll --priority high --directorate finance --owner ed-finance"
    " --due 31/8/2022 --raised 1/5/2022",
    "action add Review --audit Payroll --priority low --directorate finance --raised 1/5/2022",
    "action redate 2223-001 --due 30/9/2022 --reason Delay --on 1/8/2022",
    "direction add 3a Funds --rag A --target 31/3/2024 --strategic-lead ed-finance --on 1/5/2022",
    "direction update 3a --rag G Agreed --on 1/6/2022",
    "workstream add plan Plan --on 1/5/2022",
    "milestone add Ledger --workstream plan --due 30/6/2022 --on 1/5/2022",
    "waiver add no-evidence --ref 2223-001 --reason Elsewhere",
    "snapshot take --as-of 30/9/2022 --label Board",
    "snapshot take --as-of 31/10/2022",
    "action update 2223-001 --priority low",
    "undo 16 --reason Mistake",
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small register with something of each noun, and with an entry taken back."""
    path = tmp_path_factory.mktemp("sound") / "irbtrack.db"
    for command in RECORDED:
        assert main(["--database", str(path), *command.split()]) == 0, command
    return path


@contextmanager
def tampering(sound: Path, path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of it that anybody may write to."""
    shutil.copy(sound, path)
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


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=str)
def test_an_edit_of_any_column_is_found_and_named(
    table: str, column: str, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = 0
    for number, to in enumerate(EDITS.values()):
        path = tmp_path / f"{number}.db"
        with tampering(sound, path) as connection:
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


@pytest.mark.parametrize(
    ("table", "check", "wrong"),
    [
        ("action_version", "versions-equal-fold", "action_version lacks"),
        ("change", "journal-chain", "entry.digest is not that of what the entry"),
        ("snapshot", "snapshot-digest", "took is not there"),
        ("snapshot_action", "snapshot-digest", "does not have the lines that were frozen"),
    ],
)
def test_a_row_that_is_removed_is_missed(
    table: str, check: str, wrong: str, sound: Path, tmp_path: Path
) -> None:
    with tampering(sound, tmp_path / "irbtrack.db") as connection:
        last = f'(SELECT MAX(rowid) FROM "{table}")'
        connection.execute(f'DELETE FROM "{table}" WHERE rowid = {last}')
    told = everything(tmp_path / "irbtrack.db")[check]
    assert any(wrong in one.wrong for one in told), told


def test_a_version_that_is_put_in_is_found(sound: Path, tmp_path: Path) -> None:
    with tampering(sound, tmp_path / "irbtrack.db") as connection:
        connection.execute(
            "INSERT INTO directorate_version (ref, valid_from, valid_to, name)"
            " VALUES ('ghost', '2023-01-01', '9999-12-31', 'Ghosts')"
        )
    told = everything(tmp_path / "irbtrack.db")["versions-equal-fold"]
    wrong = "directorate_version has ghost, and the journal has not"
    assert told == [Finding("directorate", "ghost", wrong)]


def test_an_entry_that_is_removed_with_its_changes_breaks_the_chain(
    sound: Path, tmp_path: Path
) -> None:
    with tampering(sound, tmp_path / "irbtrack.db") as connection:
        connection.execute("DELETE FROM change WHERE entry = 8")
        connection.execute("DELETE FROM entry WHERE id = 8")
    told = everything(tmp_path / "irbtrack.db")["journal-chain"]
    assert [(one.ref, one.wrong) for one in told] == [
        ("8", "entry 8 is not there, and entry 9 is the next"),
        ("9", "entry 9: entry.previous_digest is not the digest of the entry before it"),
    ]
    with reading(locate(str(tmp_path / "irbtrack.db"))) as reader:
        assert broken_links(reader) == [9]


def test_overview_says_that_the_chain_is_broken(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "irbtrack.db"
    with tampering(sound, path) as connection:
        connection.execute("UPDATE entry SET digest = 'x' WHERE id = 8")
    assert main(["--database", str(path), "overview"]) == 0
    assert "1 error: 'irbtrack check' says what is wrong" in capsys.readouterr().out
    assert main(["--database", str(sound), "overview"]) == 0
    assert "irbtrack check" not in capsys.readouterr().out


def test_who_recorded_after_the_first_officer_and_is_none_is_told(
    sound: Path, tmp_path: Path
) -> None:
    location = locate(str(shutil.copy(sound, tmp_path / "irbtrack.db")))
    with writing(location) as journal:
        before = unknown_recorders(journal)
        last = journal.record(
            entry(recorded_by="ed-finance"),
            entry(recorded_by=Login("ed-finance")),
            entry(recorded_by="somebody"),
            entry(recorded_by=Login("somebody")),
        )
        found = unknown_recorders(journal)
    assert [(number, first) for _, number, first in before] == [(len(RECORDED) - 3, 4)]
    assert sorted(set(found) - set(before)) == [
        ("ed-finance", 1, last - 2),
        ("somebody", 2, last - 1),
    ]
