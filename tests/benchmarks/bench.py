"""How fast it is, as ratios measured in one run: ``poe bench``.

Each command is run in turn with what it is compared to, A B A B, so that a noisy machine
slows both alike; the figure is the median of the ratios pair by pair. Everything is
byte-compiled first. Exits 1 if a ratio is above what was promised.
"""

import compileall
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import irbtrack
from irbtrack.store.database import locate
from irbtrack.store.migrate import create

ACTIONS = 1_000_000
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "11"))
PYTHON = sys.executable
IRBTRACK = [PYTHON, "-m", "irbtrack"]
TABLE = "import typer; from rich.table import Table"
MIB = 1024 * 1024

STATUS_IN_SQL = """
SELECT year, priority,
       CASE WHEN closed_on IS NOT NULL AND (expires_on IS NULL OR expires_on >= '{day}')
                 THEN 'Closed'
            WHEN completed_on IS NOT NULL THEN 'Complete'
            WHEN owner IS NULL OR due_on IS NULL THEN 'Not Allocated'
            WHEN due_on < '{day}' THEN 'Overdue'
            ELSE 'Not Due' END AS status,
       COUNT(*)
FROM action_version
WHERE valid_from <= '{day}' AND '{day}' < valid_to
GROUP BY year, priority, status;
"""

MILLION = f"""
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ACTIONS}),
action(i, year, raised, first_due, due, done) AS (
    SELECT i, printf('%02d/%02d', 18 + i % 6, 19 + i % 6),
           date('2018-04-01', (i % 6) || ' years', (i * 37 % 360) || ' days'),
           date('2018-09-30', (i % 6) || ' years', (i * 53 % 400) || ' days'),
           date('2018-12-31', (i % 6) || ' years', (i * 71 % 600) || ' days'),
           date('2019-03-31', (i % 6) || ' years', (i * 91 % 700) || ' days')
    FROM n
),
span(i, valid_from, valid_to, due, done) AS (
    SELECT i, raised, date(raised, '90 days'), first_due, NULL FROM action
    UNION ALL
    SELECT i, date(raised, '90 days'), iif(i % 2, done, '9999-12-31'), due, NULL FROM action
    UNION ALL
    SELECT i, done, '9999-12-31', due, done FROM action WHERE i % 2
)
INSERT INTO action_version (ref, valid_from, valid_to, raised_on, year, audit, title, priority,
    directorate, owner, original_due_on, due_on, times_redated, completed_on)
SELECT printf('%07d', i), s.valid_from, s.valid_to, a.raised, a.year,
    printf('A%04d', i % 997), 'Review and document the procedure, and evidence the review',
    substr('High  MediumLow   ', 1 + i % 3 * 6, 6 - (i % 3 = 0) * 2 - (i % 3 = 2) * 3),
    'directorate-' || (i % 8), iif(i % 17, 'officer-' || (i % 40), NULL),
    a.first_due, s.due, s.due <> a.first_due, s.done
FROM span s JOIN action a USING (i)
"""


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, and the most memory it held, in bytes."""

    seconds: float
    memory: int


def run(command: list[str], environment: dict[str, str]) -> Run:
    """Run a command with its output thrown away; a failing one stops the benchmark."""
    began = time.perf_counter()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"{command} exited with {process.returncode}")
    return Run(took, usage.ru_maxrss * 1024)


def compare(
    name: str,
    command: Callable[[int], list[str]],
    against: list[str],
    most: float,
    environment: dict[str, str],
    *,
    rounds: int = ROUNDS,
    memory: int | None = None,
) -> bool:
    """Print the median ratio of a command to another; whether it keeps its promises."""
    run(command(-1), environment)
    run(against, environment)
    pairs = [(run(command(n), environment), run(against, environment)) for n in range(rounds)]
    ratio = statistics.median(a.seconds / b.seconds for a, b in pairs)
    ours, theirs = (
        statistics.median(one.seconds for one in side) for side in zip(*pairs, strict=True)
    )
    peak = max(a.memory for a, _ in pairs)
    kept = ratio <= most and (memory is None or peak <= memory)
    held = f"; {peak / MIB:.0f} of {memory // MIB} MiB" if memory else ""
    print(
        f"{'ok  ' if kept else 'OVER'} {name:38} {ratio:5.2f} of {most:4.2f}"
        f"   ({ours:.3f} s to {theirs:.3f} s{held}; {rounds} pairs)",
        flush=True,
    )
    return kept


@contextmanager
def million() -> Iterator[Path]:
    """A database of a million actions in two and a half million versions."""
    with tempfile.TemporaryDirectory(prefix="irbtrack-bench-") as folder:
        path = Path(folder) / "million.db"
        create(locate(str(path)))
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute(MILLION)
            [(versions,)] = connection.execute("SELECT COUNT(*) FROM action_version")
        print(f"{versions:,} versions, {path.stat().st_size / MIB:.0f} MiB", flush=True)
        yield path


def small(folder: Path, environment: dict[str, str]) -> list[bool]:
    """Starting up, on the example."""
    database = folder / "board.db"
    example = [*IRBTRACK, "--database", str(database)]
    run([*IRBTRACK, "demo", "--keep", str(database)], environment)
    asked = [*example, "summary", "--year", "22/23", "--as-of", "31/10/2023"]
    add = [*example, "action", "add", "--audit", "2324-A08", "--priority", "high", "--directorate"]
    table, model = [PYTHON, "-c", TABLE], [PYTHON, "-c", "import sqlmodel"]
    with sqlite3.connect(database) as connection:
        [(code,)] = connection.execute("SELECT MIN(ref) FROM directorate")
    reading = {
        "--help": [*IRBTRACK, "--help"],
        "summary": asked,
        "action list": [*example, "action", "list"],
        "overview": [*example, "overview", "--as-of", "31/10/2023"],
        "direction list": [*example, "direction", "list", "--as-of", "31/10/2023"],
        "plan": [*example, "plan", "--as-of", "31/10/2023"],
    }
    return [
        *(
            compare(f"irbtrack {name}", lambda _, c=command: c, table, 1.5, environment)
            for name, command in reading.items()
        ),
        compare(
            "irbtrack action add", lambda n: [*add, code, f"Action {n}"], model, 1.35, environment
        ),
    ]


def large(environment: dict[str, str]) -> list[bool]:
    """A million actions, for today and for a day in the past."""
    sqlite = shutil.which("sqlite3")
    if sqlite is None:
        raise SystemExit("the sqlite3 program is not installed; its GROUP BY is the yardstick")
    results = []
    with million() as path:
        for when, day in (("today", time.strftime("%Y-%m-%d")), ("in the past", "2021-10-31")):
            asked = [*IRBTRACK, "--database", str(path), "summary", "--format", "json", "--as-of"]
            results.append(
                compare(
                    f"summary of {ACTIONS:,}, {when}",
                    lambda _, asked=asked, day=day: [*asked, day],
                    [sqlite, str(path), STATUS_IN_SQL.format(day=day)],
                    1.8,
                    environment,
                    rounds=max(3, ROUNDS // 2),
                    memory=100 * MIB,
                )
            )
    return results


def main() -> int:
    """Measure everything; 1 if a promise is broken."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    package = Path(irbtrack.__file__).parent
    compileall.compile_dir(package, quiet=1)
    compileall.compile_dir(Path(compileall.__file__).parent / "site-packages", quiet=2)
    with tempfile.TemporaryDirectory(prefix="irbtrack-bench-") as folder:
        results = small(Path(folder), environment)
    results += large(environment)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
