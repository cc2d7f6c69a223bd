"""Ctrl-C by the hundred, at system calls and at random moments: each run says what is so.

``python tests/benchmarks/interrupts.py --runs 400 --seed 1`` runs commands that store something,
each on a register of its own, and sends SIGINT to each once. With strace half of them get it at
a system call, which are taken in turn from the first to the last; the others get it at a random
moment. A run must exit with 130 and say what was stored, or else be done already and exit with 0.
What it says must be true of the register, no traceback may be shown, and no file may be left that
wasn't there.

Python itself answers Ctrl-C until it has begun with irbtrack's own modules. Runs that end like
that are counted apart, and nothing may be stored then.
"""

import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

SECONDS = 60.0


class Storing(NamedTuple):
    """A command that stores something, and the files that it may leave beside the database."""

    arguments: tuple[str, ...]
    files: frozenset[str] = frozenset()
    has_register: bool = True


SHEET = "sheet.csv"
DEFAULTS = ("--default", "year=23/24", "--default", "directorate=housing")

COMMANDS = (
    Storing(("directorate", "add", "parks", "Parks")),
    Storing(("init", "--council", "Council"), has_register=False),
    Storing(("import", "actions", SHEET, *DEFAULTS, "--create-missing")),
    Storing(("snapshot", "take")),
    Storing(("export", "directorates", "out.xlsx"), frozenset({"out.xlsx"})),
)


class Ended(NamedTuple):
    """How a run ended: its exit code, what it said, and the entries of its register."""

    code: int
    said: str
    entries: int
    left: frozenset[str]


def prepared(folder: Path) -> Path:
    """Make a register with a directorate, and return its file."""
    register = folder / "register.db"
    for arguments in (("init", "--council", "Council"), ("directorate", "add", "housing", "Homes")):
        subprocess.run(_program(register, arguments), check=True, capture_output=True)
    return register


def _program(register: Path, arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "irbtrack", "--database", str(register), *arguments]


def entries_in(register: Path) -> int:
    """Count the entries of a register; none is there if it isn't one."""
    if not register.exists():
        return 0
    with closing(sqlite3.connect(register)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def ended(
    storing: Storing, good: Path, before: Sequence[str] = (), delay: float | None = None
) -> Ended:
    """Run a command in a folder of its own, under ``before`` or with SIGINT after a delay."""
    with tempfile.TemporaryDirectory() as folder:
        register = Path(folder) / "register.db"
        if storing.has_register:
            shutil.copy(good, register)
        (Path(folder) / SHEET).write_text("Ref,Audit,Action,Priority\nR1,Payroll,Pay,High\n")
        (Path(folder) / "tmp").mkdir()
        with subprocess.Popen(
            [*before, *_program(register, storing.arguments)],
            cwd=folder,
            env=os.environ | {"TMPDIR": f"{folder}/tmp"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as program:
            if delay is not None:
                time.sleep(delay)
                program.send_signal(signal.SIGINT)
            _, said = program.communicate(timeout=SECONDS)
        entries = entries_in(register)
        names = {path.name for path in (*Path(folder).iterdir(), *Path(folder, "tmp").iterdir())}
        left = frozenset(names - {"register.db", SHEET, "tmp"})
        return Ended(program.returncode, said, entries, left)


NOTHING = "irbtrack: interrupted; nothing was stored\n"


def outcome(storing: Storing, run: Ended, before: int) -> str:
    """Return in a few words how a run ended. Raise :class:`AssertionError` if it isn't true."""
    stored = run.entries - before
    assert run.left <= storing.files, f"left behind: {sorted(run.left)}"
    if "KeyboardInterrupt" in run.said and "irbtrack/cli" not in run.said:
        assert not stored, "stored, though irbtrack hadn't begun"
        return "before irbtrack began"
    assert "KeyboardInterrupt" not in run.said, run.said
    if run.code == 0:
        assert stored or (storing.files and run.left == storing.files), "done, but nothing is there"
        return "done already"
    if run.code == -signal.SIGINT and not run.said:
        assert not stored, "stored, and nothing was said"
        return "before irbtrack began"
    assert run.code == 128 + signal.SIGINT, f"exit code {run.code}: {run.said}"
    if run.said.endswith(NOTHING):
        assert not stored, f"said that nothing was stored, but {run.entries} entries are there"
        assert not run.left, f"said that nothing was stored, but {sorted(run.left)} is there"
        return "nothing stored"
    told = re.search(r"entry ([\d,]+) was stored|(was made)|(was written)\n$", run.said)
    assert told, run.said
    assert stored == (0 if told[3] else 1), run.said
    assert not told[1] or int(told[1].replace(",", "")) == run.entries, run.said
    return "stored"


def calls_of(storing: Storing, good: Path, folder: Path) -> tuple[int, int]:
    """Return which system call is the first after irbtrack has begun, and which is the last."""
    log = folder / "calls"
    ended(storing, good, ("strace", "-f", "-o", str(log)))
    lines = log.read_text(errors="replace").splitlines()
    calls = [line for line in lines if re.match(r"\d+ +\w+\(", line)]
    begun = max(n for n, line in enumerate(calls) if "lasting" in line)
    answers = next(n for n, line in enumerate(calls) if n > begun and "rt_sigaction(SIGINT" in line)
    return answers + 2, len(calls)


def moments(storing: Storing, good: Path, folder: Path, runs: int) -> Iterator[list[str]]:
    """Yield what stands before a command so that it gets SIGINT at its system calls in turn."""
    first, last = calls_of(storing, good, folder)
    for n in range(runs):
        call = first + (last - first) * n // runs
        inject = ("-e", "trace=all", "-e", f"inject=all:signal=SIGINT:when={call}")
        yield ["strace", "-o", os.devnull, *inject]


def tallied(
    runs: int, seed: int, commands: Sequence[Storing] = COMMANDS, *, by_calls: bool = True
) -> Counter[tuple[str, str]]:
    """Interrupt so many runs, and count how they ended, by command. Exit at what isn't so.

    With ``by_calls`` half of them are interrupted at system calls, if strace is there.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored, and inherited
    chance = random.Random(seed)
    tally: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        good = prepared(folder)
        by_calls = by_calls and shutil.which("strace") is not None
        each = max(1, runs // len(commands) // (2 if by_calls else 1))
        for storing in commands:
            before = entries_in(good) if storing.has_register else 0
            begun = time.perf_counter()
            assert ended(storing, good).code == 0, storing
            lasted = time.perf_counter() - begun
            planned: list[dict[str, object]] = [
                {"delay": chance.uniform(0, lasted)} for _ in range(each)
            ]
            if by_calls:
                planned += [{"before": one} for one in moments(storing, good, folder, each)]
            for how in planned:
                run = ended(storing, good, **how)  # type: ignore[arg-type]
                try:
                    tally[" ".join(storing.arguments[:2]), outcome(storing, run, before)] += 1
                except AssertionError as error:
                    sys.exit(f"{' '.join(storing.arguments)}, {how}: {error}\n{run}")
    return tally


def main() -> None:
    """Print how the runs ended."""
    parser = argparse.ArgumentParser(description="Interrupt commands that store something.")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    tally = tallied(given.runs, given.seed)
    for (command, how), number in sorted(tally.items()):
        print(f"{command:24}{how:24}{number:6}")
    print(f"{sum(tally.values())} runs, each of them true to what it said")


if __name__ == "__main__":
    main()
