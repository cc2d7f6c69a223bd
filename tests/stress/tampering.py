"""What another program changes behind irbtrack's back: it is found, and breaks no command.

Each trial changes one thing in a register of its own, with the guards switched off for as long as
that takes: a value of any column, plausible or garbage, a row that is added, removed or swapped, a
trigger, view or index that is dropped. ``db verify`` has to find it, and every other command has
to end without a traceback.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg
from shared.tampering import recorded
from stress.registers import Home, asked, home_of, quietly, scratch

from irbtrack.store.tables import metadata

COLUMNS = [(table.name, column.name) for table in metadata.tables.values() for column in table.c]

TABLES = [table for table in metadata.tables if table != "stamp"]

PLAUSIBLE = ("x", "2022-02-02", "99999", "[]", "Y", "2223-002")
GARBAGE = (
    None, "", "2022-02-30", "9999-12-31", '["a"', "[[1],{}]", '{"due_on":"x"}', "-1", "1e300",
    "\x1b[31m", "\ud800", b"\x00\xff",
)  # fmt: skip

READING = [
    command.split()
    for command in (
        "overview --as-of 31/10/2022",
        "summary --as-of 30/9/2022 --by owner",
        "summary --known-at 2999-01-01",
        "movement --from 30/9/2022",
        "narrative --as-of 31/10/2022",
        "ageing --as-of 31/10/2022 --by audit --refs",
        "trend --to 31/10/2022",
        "kpi --to 31/10/2022",
        "plan --as-of 1/7/2022",
        "exceptions --from 1/5/2022 --to 31/10/2022",
        "due --within 1y --as-of 1/6/2022",
        "check",
        "history",
        "history 2223-001",
        "history 3a",
        "action list --as-of 1/9/2022",
        "action list --format json",
        "action show 2223-001",
        "audit list",
        "audit show Payroll",
        "direction list --as-of 1/7/2022",
        "direction show 3a",
        "workstream list",
        "milestone list",
        "note list",
        "directorate list",
        "officer list",
        "council show",
        "waiver list",
        "snapshot list",
        "snapshot show",
        "snapshot compare",
        "export actions -",
        "db info",
        "action update 2223-002 --priority high --dry-run",
        "action update 2223-002 --priority high",
        "officer update ha-audit --name Eve",
        "snapshot take --replace --as-of 31/10/2022 --reason Again",
        "undo 11",
        "report --as-of 31/10/2022 --to pack.md --force",
    )
]


class Refuses(Exception):
    """The database itself doesn't take a change."""


class Connection(Protocol):
    """What both drivers' connections do."""

    def execute(self, sql: Any, values: Any = (), /) -> Any:
        """Run a statement, whose values are marked as the driver marks them."""
        ...


class Tampering(NamedTuple):
    """A connection to a register, which the guards let through."""

    connection: Connection
    mark: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return list(self.connection.execute(sql).fetchall())

    def change(self, sql: str, *values: Any) -> bool:
        """Return whether a statement changed a row. Raise :class:`Refuses` if it may not."""
        try:
            changed = self.connection.execute(sql.replace("?", self.mark), values)
        except (sqlite3.Error, psycopg.Error, UnicodeError) as error:
            raise Refuses from error
        return bool(changed.rowcount)


@contextmanager
def unguarded(register: str) -> Iterator[Tampering]:
    """Open a register without its guards, and have them there again at the end."""
    if register.startswith("postgresql:"):
        with psycopg.connect(register) as server:
            server.execute("SET session_replication_role = replica")
            yield Tampering(server, "%s")
        return
    with closing(sqlite3.connect(register, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        guards = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        file.execute("BEGIN")
        dropped = guards.fetchall()
        for name, _ in dropped:
            file.execute(f"DROP TRIGGER {name}")
        yield Tampering(file, "?")
        for _, sql in dropped:
            file.execute(sql)
        file.execute("COMMIT")


class Change(NamedTuple):
    """A change in words, and what makes it. That returns whether it changed anything."""

    words: str
    table: str
    make: Callable[[Tampering], bool]


def keys_of(table: str) -> list[str]:
    """Return the columns by which a row of a table is known."""
    return [column.name for column in metadata.tables[table].c if column.primary_key]


def last_row(there: Tampering, table: str) -> dict[str, Any]:
    """Return the last row of a table, or nothing if there is none."""
    names = [column.name for column in metadata.tables[table].c]
    order = ", ".join(f'"{key}" DESC' for key in keys_of(table))
    listed = ", ".join(f'"{name}"' for name in names)
    rows = there.rows(f'SELECT {listed} FROM "{table}" ORDER BY {order} LIMIT 1')
    return dict(zip(names, rows[0], strict=True)) if rows else {}


def set_values(there: Tampering, table: str, row: dict[str, Any], values: dict[str, Any]) -> bool:
    """Return whether a row could be given other values."""
    keys = keys_of(table)
    setting = ", ".join(f'"{name}" = ?' for name in values)
    where = " AND ".join(f'"{key}" = ?' for key in keys)
    given = (*values.values(), *(row[key] for key in keys))
    return there.change(f'UPDATE "{table}" SET {setting} WHERE {where}', *given)


def edits() -> Iterator[Change]:
    """Yield another value for each column: another row's, one more, and those above."""
    for table, column in COLUMNS:

        def of_another(there: Tampering, table: str = table, column: str = column) -> bool:
            row = last_row(there, table)
            others = there.rows(f'SELECT DISTINCT "{column}" FROM "{table}"')
            other = [value for (value,) in others if row and value != row[column]]
            return bool(other) and set_values(there, table, row, {column: other[0]})

        yield Change(f"{table}.{column} is another row's", table, of_another)
        for value in (*PLAUSIBLE, *GARBAGE):

            def edit(
                there: Tampering, table: str = table, column: str = column, value: Any = value
            ) -> bool:
                row = last_row(there, table)
                if not row or str(row[column]) == value:
                    return False
                if not set_values(there, table, row, {column: value}):
                    return False
                return column in keys_of(table) or last_row(there, table) != row

            yield Change(f"{table}.{column} is {value!r}", table, edit)


def rows_changed() -> Iterator[Change]:
    """Yield a row that is added, removed or swapped in each table."""
    for table in TABLES:
        keys = keys_of(table)

        def add(there: Tampering, table: str = table, key: str = keys[-1]) -> bool:
            row = last_row(there, table)
            if not row:
                return False
            old = row[key]
            is_day = hasattr(old, "isoformat") or str(metadata.tables[table].c[key].type) == "DATE"
            new = {key: old + 9 if isinstance(old, int) else "2031-01-01" if is_day else f"{old}0"}
            row |= new
            listed = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            return there.change(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', *row.values())

        def remove(there: Tampering, table: str = table, keys: Sequence[str] = keys) -> bool:
            row = last_row(there, table)
            where = " AND ".join(f'"{key}" = ?' for key in keys)
            return bool(row) and there.change(
                f'DELETE FROM "{table}" WHERE {where}', *(row[key] for key in keys)
            )

        def swap(there: Tampering, table: str = table, keys: Sequence[str] = keys) -> bool:
            names = [column.name for column in metadata.tables[table].c]
            order = ", ".join(f'"{key}"' for key in keys)
            listed = ", ".join(f'"{name}"' for name in names)
            found = there.rows(f'SELECT {listed} FROM "{table}" ORDER BY {order}')
            if len(found) < 2:
                return False
            first, last = (dict(zip(names, row, strict=True)) for row in (found[0], found[-1]))
            plain = [name for name in names if name not in keys]
            mine, theirs = ({name: row[name] for name in plain} for row in (first, last))
            return (
                mine != theirs
                and set_values(there, table, first, theirs)
                and set_values(there, table, last, mine)
            )

        yield Change(f"a row of {table} is added", table, add)
        yield Change(f"a row of {table} is removed", table, remove)
        yield Change(f"rows of {table} are swapped", table, swap)


def objects_dropped(register: str) -> Iterator[Change]:
    """Yield each trigger, view and index that is dropped, and some that are put in."""
    if register.startswith("postgresql:"):
        asking = (
            "SELECT 'TRIGGER', tgname || ' ON ' || tgrelid::regclass FROM pg_trigger"
            " WHERE NOT tgisinternal UNION ALL"
            " SELECT 'VIEW', viewname FROM pg_views WHERE schemaname = 'public' UNION ALL"
            " SELECT 'INDEX', indexname FROM pg_indexes WHERE schemaname = 'public'"
            " AND indexname LIKE 'ix%'"
        )
        with psycopg.connect(register) as server:
            found = server.execute(asking).fetchall()
    else:
        with closing(sqlite3.connect(register)) as file:
            found = file.execute(
                "SELECT UPPER(type), name FROM sqlite_master WHERE type <> 'table' AND sql <> ''"
            ).fetchall()
    statements = [f"DROP {kind} {name}" for kind, name in found]
    statements += [
        "CREATE TABLE strange (a INTEGER)",
        "CREATE INDEX strange ON entry (command)",
        "ALTER TABLE action_version ADD COLUMN strange INTEGER",
    ]
    for sql in statements:
        yield Change(sql, "", lambda there, sql=sql: there.change(sql) or True)


def tried(home: Home, good: str, change: Change, commands: Sequence[Sequence[str]]) -> str:
    """Make a change, and return how it was found; words if the database itself refused it."""
    with scratch() as folder:
        register = home.copy(good, folder)
        before = Path.cwd()
        os.chdir(folder)
        try:
            if change.words.startswith("DROP TRIGGER"):
                with _plain(register) as plain:
                    change.make(plain)
            else:
                try:
                    with unguarded(register) as there:
                        if not change.make(there):
                            return "not there to be changed"
                except Refuses:
                    return "refused by the database"
            said = asked(register, "db", "verify", "--format", "csv")
            if "stamp.counter" not in change.words:
                assert said.code == 5, said
            named = (change.table, "journal", "stamp", "person", "strange")
            assert said.code == 0 or any(one in said.out + said.err for one in named), said
            for command in commands:
                code = asked(register, *command).code
                assert code in (0, 1, 2, 3, 5), (command, code)
        except BaseException as fault:
            fault.add_note(change.words)
            raise
        finally:
            os.chdir(before)
            home.drop(register)
    return "found" if said.code else "told to be another program's"


@contextmanager
def _plain(register: str) -> Iterator[Tampering]:
    """Open a register with its guards, one of which is to go."""
    if register.startswith("postgresql:"):
        with psycopg.connect(register) as server:
            yield Tampering(server, "%s")
    else:
        with closing(sqlite3.connect(register, isolation_level=None)) as file:
            yield Tampering(file, "?")


def tampering(database: str, of: int = 1, commands: int = 3) -> None:
    """Make every change, or one of so many, and let so many commands read it in turn."""
    home = home_of(database)
    tally: Counter[str] = Counter()
    with scratch() as folder:
        with quietly():
            good = recorded(home.new(folder))
        turn = cycle(READING)
        changes = [*edits(), *rows_changed(), *objects_dropped(good)]
        for change in changes[of // 2 :: of]:
            tally[tried(home, good, change, list(islice(turn, commands)))] += 1
    made = tally["found"] + tally["told to be another program's"]
    print(f"{database}: {made} of {made} changes behind irbtrack's back were found by db verify")
    for how, number in tally.items():
        print(f"{number:6}  {how}")


SHORT = {"of": 299, "commands": 2}
