"""What a command costs to start: nothing heavy is imported by what only reads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("sqlmodel", "sqlalchemy", "pydantic", "alembic")

READING = [
    ["--help"],
    ["action", "add", "--help"],
    ["summary", "--year", "22/23", "--as-of", "31/10/2023"],
    ["summary", "--by", "directorate", "--known-at", "1/11/2023", "--format", "csv"],
    ["action", "list", "--status", "overdue", "--as-of", "31 Oct 23"],
    ["action", "list", "--due-before", "+1m", "--format", "json"],
    ["action", "show", "2223-001"],
    ["audit", "list", "--year", "23/24"],
    ["audit", "show", "Council Tax"],
    ["directorate", "list"],
    ["officer", "list"],
    ["history", "2223-001", "--format", "md"],
    ["snapshot", "list"],
    ["snapshot", "show", "--by", "audit"],
    ["snapshot", "compare"],
    ["db", "info"],
]

PROBE = f"""
import sys
from irbtrack.cli import main
code = main(sys.argv[1:])
loaded = [name for name in {HEAVY} if name in sys.modules]
sys.exit(f"{{loaded}} loaded" if loaded else code)
"""


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_reading_command_imports_nothing_heavy(
    arguments: list[str], databases: dict[str, Path]
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        env=os.environ | {"IRBTRACK_DATABASE": str(databases["board"])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.usefixtures("scene")
def test_the_probe_sees_what_a_writing_command_imports() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, "init"], capture_output=True, text=True, check=False
    )
    assert "['sqlmodel', 'sqlalchemy', 'pydantic', 'alembic'] loaded" in ran.stderr
