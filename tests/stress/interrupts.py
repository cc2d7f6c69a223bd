"""Ctrl-C by the hundred, at system calls and at random moments: each run says what is so.

Commands that store something run as programs of their own, each on a register of its own, and get
SIGINT once. With strace half of them get it at a system call, which are taken in turn from the
first to the last; the others get it at a random moment. A run must exit with 130 and say what was
stored, or else be done already and exit with 0. What it says must be true of the register, no
traceback may be shown, and no file may be left that wasn't there.

Python itself answers Ctrl-C until it has begun with irbtrack's own modules. Runs that end like
that are counted apart, and nothing may be stored then.
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from stress.programs import HAS_STRACE, Moment, at, moments
from stress.registers import NAME, Home, OnServer, done, home_of, scratch

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


def prepared(home: Home, folder: Path) -> str:
    """Make a register with a directorate, and return its name."""
    register = home.new(folder)
    done(register, "init", "--council", "Council")
    done(register, "directorate", "add", "housing", "Homes")
    return register


def ended(
    home: Home,
    storing: Storing,
    good: str,
    before: Sequence[str] = (),
    delay: float | None = None,
) -> Ended:
    """Run a command in a folder of its own, under ``before`` or with SIGINT after a delay."""
    with scratch() as folder:
        register = home.copy(good, folder) if storing.has_register else home.new(folder)
        (folder / SHEET).write_text("Ref,Audit,Action,Priority\nR1,Payroll,Pay,High\n")
        temporary = folder.with_name("tmp")
        with subprocess.Popen(
            [*before, sys.executable, "-m", "irbtrack", "--database", register, *storing.arguments],
            cwd=folder,
            env=os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(SOURCE)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as program:
            if delay is not None:
                time.sleep(delay)
                program.send_signal(signal.SIGINT)
            _, said = program.communicate(timeout=SECONDS)
        if isinstance(home, OnServer):
            home.wait_until_alone(register)
        entries = len(home.look(register).digests)
        names = {path.name for path in (*folder.iterdir(), *temporary.iterdir())}
        home.drop(register)
        return Ended(program.returncode, said, entries, frozenset(names - {NAME, SHEET}))


SOURCE = Path(__file__).parents[2] / "src"

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


def calls_of(home: Home, storing: Storing, good: str, folder: Path) -> list[Moment]:
    """Return the system calls of a command, from when it answers Ctrl-C itself."""
    log = folder / "calls"
    ended(home, storing, good, ("strace", "-o", str(log)))
    lines = log.read_text(errors="replace").splitlines()
    begun = max(n for n, line in enumerate(lines) if "lasting" in line)
    answers = next(n for n in range(begun, len(lines)) if "rt_sigaction(SIGINT" in lines[n])
    calls = list(moments(lines, every=True))
    return calls[len(list(moments(lines[: answers + 1], every=True))) :]


def planned(
    home: Home, storing: Storing, good: str, folder: Path, runs: int
) -> Iterator[list[str]]:
    """Yield what stands before a command so that it gets SIGINT at its system calls in turn."""
    calls = calls_of(home, storing, good, folder)
    for n in range(runs):
        moment = calls[len(calls) * n // runs]
        yield ["strace", "-o", os.devnull, *at(moment, "signal=SIGINT")]


def tallied(
    database: str,
    runs: int,
    seed: int,
    commands: Sequence[Storing] = COMMANDS,
    *,
    by_calls: bool = True,
) -> Counter[tuple[str, str]]:
    """Interrupt so many runs, and count how they ended, by command. Fail at what isn't so.

    With ``by_calls`` half of them are interrupted at system calls, if strace is there.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored, and inherited
    chance = random.Random(seed)
    tally: Counter[tuple[str, str]] = Counter()
    home = home_of(database)
    by_calls = by_calls and HAS_STRACE
    each = max(1, runs // len(commands) // (2 if by_calls else 1))
    with scratch() as folder:
        good = prepared(home, folder)
        for storing in commands:
            before = len(home.look(good).digests) if storing.has_register else 0
            begun = time.perf_counter()
            assert ended(home, storing, good).code == 0, storing
            lasted = time.perf_counter() - begun
            plan: list[dict[str, object]] = [
                {"delay": chance.uniform(0, lasted)} for _ in range(each)
            ]
            if by_calls:
                plan += [{"before": one} for one in planned(home, storing, good, folder, each)]
            for how in plan:
                run = ended(home, storing, good, **how)  # type: ignore[arg-type]
                try:
                    tally[" ".join(storing.arguments[:2]), outcome(storing, run, before)] += 1
                except AssertionError as fault:
                    fault.add_note(f"{' '.join(storing.arguments)}, {how}: {run}")
                    raise
    return tally


def interrupts(database: str, runs: int = 400, of: int = 1, seed: int = 1) -> None:
    """Interrupt so many runs of each command, or of one of so many; print how they ended."""
    tally = tallied(database, runs, seed, COMMANDS[of // 2 :: of])
    for (command, how), number in sorted(tally.items()):
        print(f"{command:24}{how:24}{number:6}")
    print(f"{database}: {sum(tally.values())} runs, each of them true to what it said")


SHORT = {"runs": 4, "of": 5}
