"""What people type, at random: each text is read or refused in a sentence, and soon.

Random texts are given to the readers of dates, years, references, periods, statuses and the like,
and of every hundred inputs one is a command line of random commands, options and values. The
inputs are the same in every run of a seed.

Exits 1, and shows the input, if one raises what is not refused by irbtrack, or takes more than a
second of the processor.
"""

import contextlib
import io
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from irbtrack.cli import COMMANDS, main, module_of, program
from irbtrack.domain import dates, words
from irbtrack.domain.figures.age_bands import read_bands
from irbtrack.domain.figures.selection import read_statuses
from irbtrack.domain.figures.tally import read_tallied
from irbtrack.domain.nouns.action import Closure
from irbtrack.domain.nouns.audit import read_findings
from irbtrack.domain.nouns.council import read_list, read_offered, read_scale
from irbtrack.domain.nouns.direction import read_target
from irbtrack.domain.nouns.rating import read_rag, read_trend
from irbtrack.domain.tracker.cells import read_day, read_ref_alike
from irbtrack.domain.tracker.mapping import read_date_order
from irbtrack.domain.tracker.outcomes import read_status
from irbtrack.errors import IrbtrackError

SECONDS = 1.0
TODAY = date(2023, 11, 23)
NOW = datetime(2023, 11, 23, 9, tzinfo=UTC)

READERS: Mapping[str, Callable[[str], object]] = {
    "date": lambda text: dates.read_date(text, TODAY),
    "due date": lambda text: dates.read_date(text, TODAY, month_end=True),
    "part of a date": lambda text: dates.read_partial_date(text, TODAY),
    "moment": lambda text: dates.read_moment(text, TODAY),
    "year": dates.read_year,
    "period": lambda text: dates.read_period_end(text, TODAY),
    "days": lambda text: dates.read_days(text, TODAY),
    "range of days": lambda text: dates.read_days_or_range(text, TODAY),
    "day of a cell": lambda text: read_day(text, TODAY),
    "bands": read_bands,
    "reference": words.read_ref,
    "reference of a cell": read_ref_alike,
    "order of references": words.natural_order,
    "code": partial(words.read_code, "an officer"),
    "title": partial(words.read_title, "the title"),
    "text": partial(words.read_text, "the text"),
    "number": lambda text: words.read_whole("a number", text, 999),
    "closure": lambda text: words.read_choice("a closure", text, Closure),
    "status": read_status,
    "statuses": lambda text: read_statuses(text.split(",")),
    "tallied": lambda text: read_tallied(text.split(",")),
    "rating": read_rag,
    "trend": read_trend,
    "target": lambda text: read_target(text, TODAY),
    "findings": lambda text: read_findings(text, ("High", "Medium", "Low")),
    "scale": partial(read_scale, "--priorities"),
    "list": partial(read_list, "--sources"),
    "offered": lambda text: read_offered(text, ("Substantial", "Limited")),
    "date order": read_date_order,
}

PIECES = (
    "31/10/2023", "31 Oct 23", "2023-10-31", "Nov-23", "today", "last month end", "+30d", "-1w",
    "22/23", "2022/23", "FY23", "2324-017", "POA&M-001", "overdue", "Not Due", "complete", "risk",
    "accepted", "High", "low", "3 high, 2 low", "R", "A->G", "up", "down", "same", "none", "TBC",
    "n/a", "Q3", "1w", "6 months", "30-60", "30,90,180", "mdy", "ed-finance", "1/1/0001",
    "9999-12-31", "29/02/2023", "23:59:60", "2023-10-31T09:00Z", "T", "+00:00", "-", "–", ":", "/",
    ".", ",", ";", "(", ")", "=", "'", "`", "[", "]", "%", "\\", "\0", "\x1b[2J", "\x9b31m", "\t",
    "\n", "\r\n", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00a0", "\u2028", "é",
    "e\u0301", "ﷺ", "١٢", "３", "𝟙", "😀", "ß", "İ", "\U000e0041", "\ud800",
    "9" * 400, "1" * 5000, "a" * 11_000,
)  # fmt: skip


def text_by(chance: random.Random) -> str:
    """Return a random text: pieces that mean something, characters, or one altered."""
    made = "".join(
        chance.choice(PIECES)
        if chance.random() < 0.8
        else chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x110000))))
        for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 3, 12)))
    )
    if made and chance.random() < 0.2:
        at = chance.randrange(len(made))
        made = made[:at] + made[at + 1 :] if chance.random() < 0.5 else made[:at] + " " + made[at:]
    return made


LEFT_OUT = frozenset({"demo", "report", "import", "export", "init", "db"})
"""The commands that make files or whole registers, which takes longer than reading words."""


def command_lines() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return every command as it is typed, with its options."""
    from typer.main import get_command

    found: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    root: Any = get_command(program())
    for name in COMMANDS:
        if name in LEFT_OUT:
            continue
        command = root.get_command(None, name)
        verbs = getattr(module_of(name), "VERBS", {})
        for typed, one in [((name,), command)] + [
            ((name, verb), command.get_command(None, verb)) for verb in verbs
        ]:
            found.append((typed, tuple(option for p in one.params for option in p.opts)))
    return found


def command_line(
    chance: random.Random, known: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
) -> list[str]:
    """Return a random command line, which may even be a good one."""
    typed, options = chance.choice(known)
    line = [*typed]
    for _ in range(chance.choice((0, 1, 2, 3, 5))):
        match chance.randrange(4):
            case 0 if options:
                line.append(chance.choice(options))
            case 1 if options:
                line += [chance.choice(options), text_by(chance)]
            case _:
                line.append(text_by(chance))
    return line


def inputs(
    number: int, seed: int, register: Path
) -> Iterator[tuple[str, object, Callable[[], Any]]]:
    """Yield what is given, to which reader, and the call that does so."""
    chance = random.Random(seed)
    readers = list(READERS.items())
    known = command_lines()
    for n in range(number):
        if n % 100 == 99:
            line = command_line(chance, known)
            yield "command line", line, partial(_run, register, line)
        else:
            name, reader = chance.choice(readers)
            text = text_by(chance)
            yield name, text, partial(reader, text)


def _run(register: Path, line: list[str]) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["--database", str(register), *line], now=NOW)
    if code:
        assert err.getvalue() or out.getvalue(), f"exited with {code} and said nothing"
        raise IrbtrackError(err.getvalue())


def read_all(number: int, seed: int) -> Counter[tuple[str, bool]]:
    """Give so many inputs, and count which readers took them. Exit at one that isn't as said."""
    tally: Counter[tuple[str, bool]] = Counter()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        register = Path(folder) / "register.db"
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            main(["demo", "--keep", str(register)])
        os.chdir(folder)
        try:
            for name, given, call in inputs(number, seed, register):
                begun = time.process_time()
                try:
                    call()
                    tally[name, True] += 1
                except IrbtrackError as refusal:
                    if not str(refusal):
                        sys.exit(f"{name}: {given!r} is refused without a word")
                    tally[name, False] += 1
                except BaseException:
                    print(f"{name}: {given!r}", file=sys.stderr)
                    raise
                took = time.process_time() - begun
                if took > SECONDS:
                    sys.exit(f"{name}: {given!r} took {took:.1f} s")
        finally:
            os.chdir(before)
    return tally


DATABASES = ("sqlite",)
"""Most inputs are given to readers, which know of no database. So this is done once."""


def typed(database: str, inputs: int = 1_000_000, seed: int = 1) -> None:
    """Give so many inputs, and print how many were taken and refused."""
    del database
    begun = time.perf_counter()
    tally = read_all(inputs, seed)
    for name in sorted({name for name, _ in tally}):
        print(f"{name:24}{tally[name, True]:9,} taken{tally[name, False]:9,} refused")
    rate = inputs / (time.perf_counter() - begun)
    print(f"{inputs:,} inputs, {rate:,.0f} a second, each read or refused in a sentence")


SHORT = {"inputs": 3000}
