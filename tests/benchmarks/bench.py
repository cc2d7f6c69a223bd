"""How fast it is, as ratios measured in one run: ``poe bench``.

Each command is run in turn with what it is compared to, A B A B, so that a noisy machine
slows both alike; the figure is the median of the ratios pair by pair. Everything is
byte-compiled first. Exits 1 if a ratio is above what was promised.
"""

import compileall
import csv
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
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter

import irbtrack
from irbtrack.store.database import locate
from irbtrack.store.migrate import create
from irbtrack.store.stamping import stamp

ACTIONS = 1_000_000
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "11"))
SLOW_ROUNDS = max(3, ROUNDS // 3)
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
    against: list[str] | Callable[[int], list[str]],
    most: float,
    environment: dict[str, str],
    *,
    rounds: int = ROUNDS,
    memory: int | None = None,
) -> bool:
    """Print the median ratio of a command to another, and return whether it is low enough."""
    other = against if callable(against) else lambda _: against
    run(command(-1), environment)
    run(other(-1), environment)
    pairs = [(run(command(n), environment), run(other(n), environment)) for n in range(rounds)]
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
            connection.execute("UPDATE stamp SET writing = 1")  # the guards let it through
            connection.execute(MILLION)
            [(versions,)] = connection.execute("SELECT COUNT(*) FROM action_version")
        stamp(locate(str(path)))
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
        "--help": ([*IRBTRACK, "--help"], 1.2),
        "summary": (asked, 1.25),
        "action list": ([*example, "action", "list"], 1.35),
        "overview": ([*example, "overview", "--as-of", "31/10/2023"], 1.5),
        "direction list": ([*example, "direction", "list", "--as-of", "31/10/2023"], 1.5),
        "plan": ([*example, "plan", "--as-of", "31/10/2023"], 1.5),
        "movement": ([*example, "movement", "--to", "31/10/2023"], 1.4),
        "ageing": ([*example, "ageing", "--as-of", "31/10/2023"], 1.4),
        "kpi": ([*example, "kpi", "--to", "31/10/2023"], 1.4),
        "trend": ([*example, "trend", "--to", "31/10/2023"], 1.4),
        "narrative": ([*example, "narrative", "--as-of", "31/10/2023"], 1.4),
        "check --list": ([*example, "check", "--list"], 1.4),
    }
    return [
        *(
            compare(f"irbtrack {name}", lambda _, c=command: c, table, most, environment)
            for name, (command, most) in reading.items()
        ),
        compare(
            "completing a reference",
            lambda _: IRBTRACK,
            [PYTHON, "-c", "import typer"],
            1.5,
            environment
            | {
                "_IRBTRACK_COMPLETE": "complete_zsh",
                "_TYPER_COMPLETE_ARGS": f"irbtrack --database {database} action show 2324-0",
            },
        ),
        compare(
            "irbtrack action add", lambda n: [*add, code, f"Action {n}"], model, 1.25, environment
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


def tracker(folder: Path) -> tuple[Path, Path]:
    """A tracker of 50,000 actions as CSV, and as a workbook with real dates and numbers."""
    table, book = folder / "tracker.csv", folder / "tracker.xlsx"
    rows = [TRACKER, *(tracked(n) for n in range(TRACKED))]
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    with xlsxwriter.Workbook(book, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        sheet = workbook.add_worksheet("Actions")
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(place, column, value)
    return table, book


TRACKED = 50_000
TRACKER = (
    *("ref", "audit", "year", "title", "detail", "priority", "directorate", "owner", "raised_on"),
    *("original_due_on", "due_on", "status", "completed_on", "verified_on", "progress"),
    *("percent_complete", "evidence", "reason"),
)
OF_THE_DAY = date(2023, 11, 23)


def tracked(n: int) -> tuple[object, ...]:
    """The nth action of the tracker, with the fields of :data:`TRACKER`."""
    raised_on = date(2022, 4, 1) + timedelta(days=n % 360)
    first_due = raised_on + timedelta(days=120 + n % 200)
    due_on = first_due + timedelta(days=90 if n % 5 == 0 else 0)
    done_on = raised_on + timedelta(days=100) if n % 2 else None
    status = "Complete" if done_on else "Overdue" if due_on < OF_THE_DAY else "Not Due"
    return (
        *(f"2223-{n:05}", f"Audit {n % 97}", "22/23"),
        f"Review and document procedure {n}, and evidence the review",
        "What is to be done about it, in two lines or so, as trackers have it. " * (n % 3),
        *(("High", "Medium", "Low")[n % 3], f"Directorate {n % 8}", f"Head of Service {n % 40}"),
        *(raised_on, first_due, due_on, status, done_on, None, "Under way" if n % 3 else None),
        *(None if done_on else n % 100, None, "Supplier delay" if due_on != first_due else None),
    )


def sheets(environment: dict[str, str]) -> list[bool]:
    """Importing 50,000 actions, each time into a new register."""
    with tempfile.TemporaryDirectory(prefix="irbtrack-bench-") as name:
        folder = Path(name)
        table, book = tracker(folder)
        new = folder / "new.db"
        run([*IRBTRACK, "--database", str(new), "init", "--council", "Council"], environment)

        def importing(file: Path) -> Callable[[int], list[str]]:
            def command(n: int) -> list[str]:
                database = shutil.copy(new, folder / f"{file.name}-{n}.db")
                imported = [*IRBTRACK, "--database", str(database), "import", "actions", str(file)]
                return [*imported, "--create-missing", "--on", OF_THE_DAY.isoformat()]

            return command

        def inserting(file: Path) -> Callable[[int], list[str]]:
            def command(n: int) -> list[str]:
                into = str(folder / f"{file.name}-inserted-{n}.db")
                return [PYTHON, "-m", "sqlite_utils", "insert", into, "action", str(file), "--csv"]

            return command

        def compared(
            what: str, file: Path, against: Callable[[int], list[str]], most: float, memory: int
        ) -> bool:
            return compare(
                f"import of {what}",
                importing(file),
                against,
                most,
                environment,
                rounds=SLOW_ROUNDS,
                memory=memory * MIB,
            )

        requests = service_requests(folder)
        return [
            compared(f"{TRACKED:,} from CSV", table, inserting(table), 3.5, 300),
            compared(f"{TRACKED:,} from xlsx, to CSV", book, importing(table), 1.5, 300),
            compared(f"{REQUESTS:,} requests", requests, inserting(requests), 5, 400),
            *histories(folder, environment),
        ]


REQUESTS = 60_000


def service_requests(folder: Path) -> Path:
    """A city's service requests as CSV: 29 columns, of which a tracker would have some ten."""
    path = folder / "requests.csv"
    others = [f"Attribute {n}" for n in range(29 - len(TRACKER))]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*TRACKER, *others])
        for n in range(REQUESTS):
            writer.writerow([*tracked(n), *(f"{name} of {n % 50}" for name in others)])
    return path


IN_HISTORY = 50_000
"""As many actions as have a history of 100,000 rows."""


def histories(folder: Path, environment: dict[str, str]) -> list[bool]:
    """An exported history of 100,000 rows, back into a new register within a minute."""
    full = register_of(IN_HISTORY, folder, environment)
    results = []
    for ending in ("csv", "xlsx", "ods"):
        file, new = folder / f"history.{ending}", folder / f"history-{ending}.db"
        exported = [*IRBTRACK, "--database", str(full), "export", "actions", str(file), "--history"]
        run(exported, environment)
        at = [*IRBTRACK, "--database", str(new)]
        run([*at, "init", "--council", "Council"], environment)
        runs = [
            run([*at, "import", "actions", str(part), "--create-missing"], environment)
            for part in sorted(folder.glob(f"history*.{ending}"))
        ]
        seconds, memory = sum(one.seconds for one in runs), max(one.memory for one in runs)
        results.append(seconds <= 60)
        print(
            f"{'ok  ' if results[-1] else 'OVER'} a history of 100,000 rows back from {ending}"
            f"   {seconds:.1f} of 60 s, {len(runs)} files, in {memory / MIB:.0f} MiB",
            flush=True,
        )
    return results


IN_REGISTER = 58_000


def register_of(n: int, folder: Path, environment: dict[str, str]) -> Path:
    """A register of n actions of five years, imported from CSV: half complete, a fifth re-dated.

    They are raised over five years, and every fifth was re-dated on the day of the import.
    """
    table, database = folder / "register.csv", folder / "register.db"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([TRACKER, *(of_year(one) for one in range(n))])
    at = [*IRBTRACK, "--database", str(database)]
    run([*at, "init", "--council", "Council"], environment)
    imported = [*at, "import", "actions", str(table), "--create-missing"]
    run([*imported, "--on", OF_THE_DAY.isoformat()], environment)
    return database


def half_redated(database: Path, folder: Path, environment: dict[str, str]) -> str:
    """Re-date what isn't complete, and return a moment before that was recorded."""
    time.sleep(1)
    known = datetime.now(UTC).isoformat(timespec="seconds")
    time.sleep(1)
    table = folder / "later.csv"
    due, status = TRACKER.index("due_on"), TRACKER.index("status")
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*TRACKER[:status], *TRACKER[status + 1 :]])
        for row in map(of_year, range(IN_REGISTER)):
            if row[status] != "Complete":
                later = list(row)
                later[due] = _years_before(date.fromisoformat(str(row[due])), -1)
                later[-1] = "Supplier delay"
                writer.writerow([*later[:status], *later[status + 1 :]])
    at = [*IRBTRACK, "--database", str(database)]
    imported = [*at, "import", "actions", str(table)]
    run([*imported, "--on", (OF_THE_DAY + timedelta(days=1)).isoformat()], environment)
    return known


def of_year(n: int) -> tuple[object, ...]:
    """The nth action of the register: like that of the tracker, but up to four years earlier."""
    back = n % 5
    _, audit, _, *texts = tracked(n)
    year = f"{22 - back}/{23 - back}"
    moved = [_years_before(one, back) if isinstance(one, date) else one for one in texts]
    status = moved[TRACKER.index("status") - 3]
    if status == "Not Due" and back:
        moved[TRACKER.index("status") - 3] = "Overdue"
    return (f"{year.replace('/', '')}-{n:05}", audit, year, *moved)


def _years_before(day: date, years: int) -> date:
    return day - timedelta(days=365 * years)


def reports(environment: dict[str, str]) -> list[bool]:
    """What explains the figures of 58,000 actions, against the figures."""
    with tempfile.TemporaryDirectory(prefix="irbtrack-bench-") as name:
        database = register_of(IN_REGISTER, Path(name), environment)
        known = half_redated(database, Path(name), environment)
        asked = [*IRBTRACK, "--database", str(database)]
        day = ["--as-of", OF_THE_DAY.isoformat()]
        few = ["action", "list", "--audit", "Audit 7", "--year", "19/20", "--owner"]
        measured = {
            "action list of ten rows": ([*few, "head-of-service-8", "--status", "overdue"], 2),
            "overview": (["overview"], 3),
            "due": (["due"], 3),
            "movement over a month": (["movement", "--from", "2023-10-23"], 4),
            "movement over a year": (["movement", "--from", "2022-11-23", "--status", "all"], 4),
            "trend over 36 months": (["trend", "--from", "2020-12-01"], 4),
            "narrative": (["narrative"], 4),
            "summary --known-at before half changed": (["summary", "--known-at", known], 10),
            "ageing": (["ageing"], 4),
            "ageing --by audit": (["ageing", "--by", "audit", "--each-year"], 4),
        }
        return [
            compare(
                f"{what} of {IN_REGISTER:,}",
                lambda _, words=words: [*asked, *words, *day],
                [*asked, "summary", *day],
                most,
                environment,
            )
            for what, (words, most) in measured.items()
        ]


IN_ANNEX = 5_000

EMPTY = {
    "md": TABLE,
    "html": "import lets_plot",
    "xlsx": "import xlsxwriter; xlsxwriter.Workbook({file!r}).close()",
    "pptx": "import pptx; pptx.Presentation().save({file!r})",
    "docx": "import docx, lets_plot, typst; docx.Document().save({file!r})",
    "pdf": "import lets_plot, typst; from pathlib import Path;"
    " Path({file!r}).write_bytes(typst.compile(b'Empty'))",
}
"""What imports the libraries of a format and saves an empty document, if it has a library."""


def packs(environment: dict[str, str]) -> list[bool]:
    """The board pack of the example in each format, and that of a large register in all."""
    with tempfile.TemporaryDirectory(prefix="irbtrack-bench-") as name:
        folder = Path(name)
        board = folder / "board.db"
        run([*IRBTRACK, "demo", "--keep", str(board)], environment)
        asked = [*IRBTRACK, "--database", str(board), "report", "--as-of", "31/10/2023", "--force"]
        results = [
            compare(
                f"the pack as {ending}",
                lambda _, ending=ending: [*asked, "--output", str(folder / f"pack.{ending}")],
                [PYTHON, "-c", empty.format(file=str(folder / f"empty.{ending}"))],
                4,
                environment,
                rounds=SLOW_ROUNDS,
            )
            for ending, empty in EMPTY.items()
        ]
        database = register_of(IN_ANNEX, folder, environment)
        settings = folder / "pack.toml"
        settings.write_text('[actions]\nstatus = ["not-due", "overdue", "complete"]\n')
        whole = run(
            [
                *IRBTRACK,
                *("--database", str(database), "report", "--as-of", OF_THE_DAY.isoformat()),
                *("--pack", str(settings), "--format", ",".join(EMPTY), "--output", name),
            ],
            environment,
        )
        kept = whole.seconds <= 30 and whole.memory <= 400 * MIB
        print(
            f"{'ok  ' if kept else 'OVER'} {IN_ANNEX:,} actions in all formats"
            f"   {whole.seconds:.1f} of 30 s; {whole.memory / MIB:.0f} of 400 MiB",
            flush=True,
        )
        return [*results, kept]


def main() -> int:
    """Measure everything; 1 if a promise is broken."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    package = Path(irbtrack.__file__).parent
    compileall.compile_dir(package, quiet=1)
    compileall.compile_dir(Path(compileall.__file__).parent / "site-packages", quiet=2)
    with tempfile.TemporaryDirectory(prefix="irbtrack-bench-") as folder:
        results = small(Path(folder), environment)
    results += reports(environment)
    results += packs(environment)
    results += sheets(environment)
    results += large(environment)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
