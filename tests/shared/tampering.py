"""A small register with something of each noun, and copies of it that anybody may write to."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from irbtrack.cli import main

RECORDED = [
    "init --council Council",
    "directorate add finance Finance --on 1/4/2022",
    "directorate add housing Housing --on 1/4/2022",
    "officer add ed-finance Executive --on 1/4/2022 --name Ann --email a@b.uk",
    "officer add ha-audit Auditor --on 1/4/2022 --name Bob",
    "audit add Payroll --year 22/23 --quarter Q1 --findings 1/1/0 --status final --on 1/4/2022",
    "action add Reconcile --audit Payroll --priority high --directorate finance --owner ed-finance"
    " --due 31/8/2022 --raised 1/5/2022",
    "action add Review --audit Payroll --priority low --directorate finance --raised 1/5/2022",
    "action redate 2223-001 --due 30/9/2022 --reason Delay --on 1/8/2022",
    "direction add 3a Funds --rag A --target 31/3/2024 --strategic-lead ed-finance --on 1/5/2022",
    "direction update 3a --rag G Agreed --on 1/6/2022",
    "workstream add plan Plan --on 1/5/2022",
    "milestone add Ledger --workstream plan --due 30/6/2022 --on 1/5/2022",
    "note add headline Improving --on 1/6/2022",
    "waiver add no-evidence --ref 2223-001 --reason Elsewhere",
    "snapshot take --as-of 30/9/2022 --label Board",
    "snapshot take --as-of 31/10/2022",
    "action update 2223-001 --priority low",
    "undo 18 --reason Mistake",
]


def recorded(register: str) -> str:
    """Record the register in a database, and return its name."""
    for command in RECORDED:
        assert main(["--database", register, *command.split()]) == 0, command
    return register


def record(path: Path) -> Path:
    """Record the register in a file, and return the file."""
    recorded(str(path))
    assert main(["--database", str(path), "db", "backup", str(path.with_name("copy.db"))]) == 0
    return path


@contextmanager
def tampering(sound: Path, path: Path) -> Iterator[sqlite3.Connection]:
    """Copy a register, and give a connection to the copy that the guards don't keep out.

    The guards are there again afterwards.
    """
    shutil.copy(sound, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in guards:
            connection.execute(sql)
        connection.execute("COMMIT")
