"""What another program changed is found by db verify, and no command breaks.

``poe stress tampering`` makes every change on both databases.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

import pytest
from shared.tampering import record, tampering
from stress.tampering import READING

from irbtrack.cli import main
from irbtrack.store.tables import metadata

FEW = 2
"""In how many ways a value is changed otherwise."""

COLUMNS = [(table.name, column.name) for table in metadata.tables.values() for column in table.c]

PLAUSIBLE = {
    "another row's value": 'COALESCE((SELECT "{column}" FROM "{table}" WHERE rowid <> {row}'
    ' AND "{column}" <> t."{column}" LIMIT 1), \'x\')',
    "a text": "'x'",
    "a date": "'2022-02-02'",
    "a number": "99999",
    "one more": '"{column}" + 1',
    "other case": 'UPPER("{column}")',
    "an empty list": "'[]'",
}
GARBAGE = {
    "nothing": "NULL",
    "an empty text": "''",
    "no date": "'2022-02-30'",
    "a day of the year 9999": "'9999-12-31'",
    "a broken list": "'[\"a\"'",
    "a list of lists": "'[[1],{{}}]'",
    "a broken object": '\'{{"due_on":"x"}}\'',
    "bytes": "X'00ff'",
    "no UTF-8": "CAST(X'61ff' AS TEXT)",
    "less than nothing": "-1",
    "a fraction": "1e300",
    "a control character": "CAST(X'1b5b33316d' AS TEXT)",
}
EDITS = PLAUSIBLE | GARBAGE


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small register with something of each noun, and with an entry taken back."""
    return record(tmp_path_factory.mktemp("sound") / "irbtrack.db")


class Scene:
    """A register of one's own to tamper with, and the commands that are then run."""

    def __init__(self, sound: Path, folder: Path, said: pytest.CaptureFixture[str]) -> None:
        self.sound, self.path, self.said = sound, folder / "irbtrack.db", said

    def tamper(self, change: Callable[[sqlite3.Connection], object]) -> bool:
        """Return whether a change could be made."""
        with tampering(self.sound, self.path) as connection:
            try:
                return bool(change(connection))
            except sqlite3.IntegrityError:
                return False  # the table itself refuses it

    def run(self, *command: str) -> tuple[int, str, str]:
        """Return the exit code of a command, and what it said."""
        self.said.readouterr()
        code = main(["--database", str(self.path), *command])
        return code, *self.said.readouterr()


@pytest.fixture
def scene(
    sound: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    monkeypatch.chdir(tmp_path)
    return Scene(sound, tmp_path, capsys)


def edited(connection: sqlite3.Connection, table: str, column: str, to: str) -> bool:
    """Whether the last row's value is another one now."""
    connection.text_factory = bytes
    [(row,)] = connection.execute(f'SELECT MAX(rowid) FROM "{table}"').fetchall()
    everything = f'SELECT * FROM "{table}" ORDER BY rowid'
    before = connection.execute(everything).fetchall()
    value = to.format(table=table, column=column, row=row)
    connection.execute(f'UPDATE "{table}" AS t SET "{column}" = {value} WHERE rowid = {row}')
    return connection.execute(everything).fetchall() != before


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=str)
def test_another_value_of_any_column_is_found_and_breaks_no_command(
    table: str, column: str, scene: Scene
) -> None:
    turn = COLUMNS.index((table, column))
    commands = islice(cycle(READING), turn * 7 % len(READING), None)
    edits = islice(cycle(EDITS.items()), turn, turn + FEW)
    for name, to in edits:
        if (column, name) == ("counter", "one more"):
            continue  # which is what it is, now that another program has written once
        if not scene.tamper(lambda connection, to=to: edited(connection, table, column, to)):
            continue
        code, out, err = scene.run("db", "verify", "--format", "csv")
        if (table, column) == ("stamp", "counter"):
            assert (code, "by another program" in err) == (0, True), name
        else:
            assert code == 5, (name, code, out, err)
            named = {"stamp": ("stamp", "person", "journal ends")}.get(table, (table,))
            assert any(one in out for one in named), (name, out)
        for command in islice(commands, 2):
            code, out, err = scene.run(*command)
            assert code in (0, 1, 2, 3, 5), (name, command, code, out, err)


ROWS = [table for table in dict.fromkeys(table for table, _ in COLUMNS) if table != "stamp"]


def added(connection: sqlite3.Connection, table: str) -> int:
    """How many rows were added: the last one again, under a new key."""
    keys = [column for column in metadata.tables[table].c if column.primary_key]
    new = {
        "INTEGER": "{0} + 9",
        "DATE": "date({0}, '+1 day')",
    }
    listed = ", ".join(
        new.get(str(column.type), "{0} || '0'").format(column.name)
        if column is keys[-1]
        else column.name
        for column in metadata.tables[table].c
    )
    last = f'(SELECT MAX(rowid) FROM "{table}")'
    return connection.execute(
        f'INSERT INTO "{table}" SELECT {listed} FROM "{table}" WHERE rowid = {last}'
    ).rowcount


def removed(connection: sqlite3.Connection, table: str) -> int:
    """How many rows were removed: the last one."""
    last = f'(SELECT MAX(rowid) FROM "{table}")'
    return connection.execute(f'DELETE FROM "{table}" WHERE rowid = {last}').rowcount


def swapped(connection: sqlite3.Connection, table: str) -> int:
    """How many rows have what another had: the first and the last, but for their keys."""
    columns = [c.name for c in metadata.tables[table].c if not c.primary_key]
    rows = connection.execute(f'SELECT rowid, * FROM "{table}" ORDER BY rowid').fetchall()
    if len(rows) < 2:
        return 0
    named = ", ".join(columns)
    first, last = (
        connection.execute(f'SELECT {named} FROM "{table}" WHERE rowid = ?', [row[0]]).fetchone()
        for row in (rows[0], rows[-1])
    )
    setting = ", ".join(f"{column} = ?" for column in columns)
    for values, row in ((last, rows[0]), (first, rows[-1])):
        connection.execute(f'UPDATE "{table}" SET {setting} WHERE rowid = ?', [*values, row[0]])
    return 0 if first == last else 2


@pytest.mark.parametrize("change", [added, removed, swapped], ids=lambda one: one.__name__)
@pytest.mark.parametrize("table", ROWS)
def test_rows_that_are_added_removed_or_swapped_are_found(
    table: str, change: Callable[[sqlite3.Connection, str], int], scene: Scene
) -> None:
    if scene.tamper(lambda connection: change(connection, table)):
        code, out, _ = scene.run("db", "verify", "--format", "csv")
        assert code == 5, out
        assert table in out or "journal" in out, out
        for command in READING[len(table) % 5 :: 20]:
            assert scene.run(*command)[0] in (0, 1, 2, 3, 5), command


@pytest.mark.parametrize(
    "edit", ["DELETE FROM stamp", "INSERT INTO stamp SELECT 2, 1, '', '', 1, 0"]
)
def test_a_stamp_that_is_not_one_is_found_and_made_anew(edit: str, scene: Scene) -> None:
    assert scene.tamper(lambda connection: connection.execute(edit).rowcount)
    assert scene.run("db", "verify")[0] == 5
    assert scene.run("action", "update", "2223-002", "--priority", "high")[0] == 5
    assert "by another program" in scene.run("action", "list")[2]
    assert scene.run("db", "rebuild")[0] == 0
    assert scene.run("db", "verify")[0] == 0
    assert scene.run("action", "list")[2] == ""


def objects(sound: Path) -> list[tuple[str, str]]:
    """The triggers, views and indexes that a register has."""
    with closing(sqlite3.connect(sound)) as connection:
        return connection.execute(
            "SELECT type, name FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL"
        ).fetchall()


def test_triggers_views_and_indexes_that_are_dropped_or_put_in_are_found(scene: Scene) -> None:
    there = objects(scene.sound)
    assert {kind for kind, _ in there} == {"trigger", "view", "index"}
    changes = [(f"DROP {kind} {name}", kind, name) for kind, name in there]
    changes += [
        ("CREATE TRIGGER t AFTER INSERT ON entry BEGIN SELECT 1; END", "trigger", "t"),
        ("CREATE TABLE t (a)", "table", "t"),
        ("CREATE INDEX t ON entry (command)", "index", "t"),
        ("ALTER TABLE action_version ADD COLUMN t", "table", "action_version"),
        ("DROP TABLE note_version", "table", "note_version"),
        ("DROP TABLE person", "table", "person"),
    ]
    for sql, kind, name in [*changes[::7], *changes[-6:]]:
        shutil.copy(scene.sound, scene.path)
        with closing(sqlite3.connect(scene.path)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            if "note_version" in sql:
                connection.execute("DROP VIEW note")
            connection.execute(sql)
        code, out, _ = scene.run("db", "verify", "--format", "csv")
        assert (code, f"{kind} {name} is not" in out) == (5, True), (sql, out)
        for command in READING[::9]:
            assert scene.run(*command)[0] in (0, 1, 2, 3, 5), (sql, command)


@pytest.mark.parametrize("table", ROWS)
def test_the_guards_keep_out_what_is_not_written_by_irbtrack(table: str, sound: Path) -> None:
    column = metadata.tables[table].c[0].name
    with closing(sqlite3.connect(sound)) as connection:
        for sql in (
            f'UPDATE "{table}" SET "{column}" = "{column}"',
            f'DELETE FROM "{table}"',
            f'INSERT INTO "{table}" SELECT * FROM "{table}"',
            f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"',
        ):
            with pytest.raises(sqlite3.IntegrityError, match=r"irbtrack|append-only"):
                connection.execute(sql)
        connection.rollback()
