"""The same answers from a file and from a server: every reading command in every format.

The register is the example with tens of thousands of actions more, whose words sort differently
from one language to another. It is copied to the server with ``db copy``. What each command writes
has to be the same to the byte. How long it takes is told as a ratio, server to file.
"""

import contextlib
import csv
import io
import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import NamedTuple

from shared.servers import Server

from irbtrack.cli import main
from irbtrack.guide import page
from irbtrack.store.database import locate

DATABASES = ("postgresql",)
SHORT = {"actions": 300, "formats": ("csv",)}

NOW = datetime(2023, 11, 23, 9, tzinfo=UTC)
FORMATS = ("table", "md", "csv", "json")
NOUNS = (
    *("directorates", "officers", "audits", "actions", "directions", "workstreams"),
    *("milestones", "notes", "waivers"),
)

ASKED = (
    "overview --as-of 31/10/2023",
    "summary --as-of 31/10/2023 --compare 3/10/2023",
    "summary --as-of 31/10/2023 --by directorate --original",
    "summary --by owner --known-at 20/11/2023",
    "summary --by audit --year 22/23",
    "movement --to 31/10/2023 --status all",
    "movement --known --to 3/10/2023",
    "narrative --as-of 31/10/2023",
    "ageing --as-of 31/10/2023 --by audit --refs",
    "ageing --as-of 31/10/2023 --by source --basis original",
    "trend --to 31/10/2023 --refs",
    "kpi --to 31/10/2023 --refs",
    "plan --as-of 31/10/2023",
    "exceptions --from 3/10/2023 --to 31/10/2023",
    "due --within 1m --as-of 31/10/2023",
    "reconcile theirs.csv --as-of 23/11/2023",
    "check",
    "check --list",
    "history",
    "history 2223-171",
    "council show",
    "action list",
    "action list --as-of 31/10/2023 --status overdue --sort owner",
    "action list --text ÅR",
    "action list --text straße",
    "action list --text 100%_",
    "action list --audit 'aab audit 5'",
    "action list --sort title --year 20/21",
    "action list --stale 90 --as-of 31/10/2023",
    "action list --known-at 20/11/2023 --year 19/20",
    "action show 2223-171",
    "audit list",
    "audit show 'Council Tax'",
    "direction list --as-of 31/10/2023 --compare 3/10/2023",
    "direction show 3a --as-of 23/11/2023",
    "workstream list",
    "milestone list --as-of 31/10/2023",
    "milestone show M001",
    "note list --as-of 23/11/2023",
    "directorate list",
    "officer list",
    "snapshot list",
    "snapshot show --by audit",
    "snapshot compare",
    "waiver list",
    "db verify",
)
"""What is asked. Each command that has ``--format`` is among it, but for those below."""

NOT_ASKED = {
    "db info": "it tells what the database is",
    "demo": "it asks the example",
    "import inspect": "it reads no register",
    "report": "its formats are those of files",
}

WORDS = (
    *("Ärea", "area", "Zebra", "zèbre", "Åre", "aab", "Aase", "ñandú", "nado", "O’Neill", "oneill"),
    *("Straße", "STRASSE", "co-op", "coop", "100%_sure", "100 sure", "ǅ", "ß", "İstanbul", "ıd"),
    *("Item 2", "Item 10", "item 1", "Łódź", "lodz", "日本", "Ωmega", "е́ж", "🏛 hall"),
)


class Asked(NamedTuple):
    """A command's answer, and how many seconds it took."""

    code: int
    out: str
    err: str
    took: float


def same_answers(
    database: str = "postgresql", actions: int = 58_000, formats: tuple[str, ...] = FORMATS
) -> None:
    """Ask a file and a server the same, and print how long each took."""
    assert database == "postgresql", "a file is what the server is compared with"
    refuse_unless_all_are_asked()
    with TemporaryDirectory(prefix="irbtrack-same-") as name, contextlib.chdir(name):
        file = "register.db"
        make(file, actions)
        server = Server(Path(gettempdir()) / f"irbtrack-same-{os.getpid()}")
        url = server.url(server.make())
        begun = time.perf_counter()
        refuse_failed(ask(file, f"db copy {file} {url}"))
        print(f"copied to the server in {time.perf_counter() - begun:.0f} s", flush=True)
        differing = [one for one in commands(formats) if not is_same(file, url, one)]
        server.drop(url.partition("@/")[2].partition("?")[0])
    if differing:
        raise SystemExit(f"{len(differing)} answers differ: {'; '.join(differing)}")


def refuse_unless_all_are_asked() -> None:
    """Raise an error if a command has come whose answers aren't compared."""
    sections = re.split(r"^#+ irbtrack ", page("commands"), flags=re.MULTILINE)
    have = {one.splitlines()[0] for one in sections if "--format" in one}
    missing = {
        name
        for name in have - {*NOT_ASKED, *(f"import {noun}" for noun in NOUNS)}
        if not any(f"{one} ".startswith(f"{name} ") for one in ASKED)
    }
    assert not missing, f"nothing asks {', '.join(sorted(missing))}"


def commands(formats: tuple[str, ...]) -> Iterator[str]:
    """Yield every command to be compared."""
    for one in ASKED:
        for form in formats:
            yield f"{one} --format {form}"
    for noun in NOUNS:
        for ending in {"csv", "json"} & {*formats, "csv"}:
            yield f"export {noun} answer.{ending}"
    yield "export actions answer.csv --history"
    yield "report --as-of 31/10/2023 --format md --output answer.md"


def is_same(file: str, url: str, command: str) -> bool:
    """Return whether the answers to a command are the same, and print how long they took."""
    theirs, ours = ask(url, command), ask(file, command)
    ratio = theirs.took / ours.took
    same = theirs[:3] == ours[:3]
    print(
        f"{'same' if same else 'DIFFERS'} {ours.took:7.2f} s {theirs.took:7.2f} s {ratio:5.1f}"
        f"  exit {ours.code}, {len(ours.out):,} characters: {command}",
        flush=True,
    )
    if not same:
        print(*difference(ours, theirs), sep="\n")
    return same


def difference(ours: Asked, theirs: Asked) -> Iterator[str]:
    """Yield the first lines in which two answers differ."""
    pairs = zip(*(f"{one.out}\n{one.err}".splitlines() for one in (ours, theirs)), strict=False)
    differing = [f"  file:   {a[:200]}\n  server: {b[:200]}" for a, b in pairs if a != b]
    yield from differing[:3] or [f"  exit {ours.code} and {theirs.code}, or lines are missing"]


def ask(register: str, command: str) -> Asked:
    """Return a command's answer, in which the register isn't named; of a file, what is in it."""
    import shlex

    answer = Path("answer").absolute()
    out, err = io.StringIO(), io.StringIO()
    begun = time.perf_counter()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["--database", register, *shlex.split(command)], now=NOW)
    took = time.perf_counter() - begun
    said = err.getvalue().replace(str(locate(register)), "register")
    told = out.getvalue().replace(str(locate(register)), "register")
    for written in answer.parent.glob("answer*"):
        for path in [written] if written.is_file() else sorted(written.iterdir()):
            told += path.read_text(encoding="utf-8")
            path.unlink()
    return Asked(code, told, said, took)


def refuse_failed(asked: Asked) -> None:
    """Raise an error if what prepares the register was refused."""
    assert asked.code == 0, asked.err


def make(file: str, actions: int) -> None:
    """Make the example's register with more actions, of which some are re-dated later."""
    begun = time.perf_counter()
    refuse_failed(ask(file, f"demo --keep {file}"))
    table(Path("more.csv"), actions, timedelta())
    refuse_failed(ask(file, "import actions more.csv --create-missing --on 22/11/2023"))
    table(Path("later.csv"), actions, timedelta(days=45))
    refuse_failed(ask(file, "import actions later.csv --on 23/11/2023 --reason Delay"))
    table(Path("theirs.csv"), actions // 20, timedelta(days=10))
    refuse_failed(ask(file, "snapshot take --as-of 31/10/2023 --label November"))
    print(f"{actions:,} actions more, made in {time.perf_counter() - begun:.0f} s", flush=True)


def table(path: Path, actions: int, later: timedelta) -> None:
    """Write a sheet of actions. If it is a later one, those that are open are due later."""
    columns = ("ref", "audit", "year", "title", "priority", "directorate", "raised_on", "due_on")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, "completed_on"] if not later else columns)
        for n in range(actions):
            raised = date(2018 + n % 5, 4, 1) + timedelta(days=n % 300)
            due = raised + timedelta(days=100 + n % 500)
            done = raised + timedelta(days=90) if n % 2 else None
            if later and done:
                continue
            start = raised.year % 100
            row = (
                f"{start}{start + 1}-{50_000 + n}",
                f"{WORDS[n % len(WORDS)]} audit {n % 12}",
                f"{start}/{start + 1}",
                f"{WORDS[n % 17]} {WORDS[n % 29]} {n % 1000}, to be done",
                ("High", "Medium", "Low")[n % 3],
                f"{WORDS[n % 7]} services",
                *(raised, due + later),
            )
            writer.writerow([*row, done] if not later else row)
