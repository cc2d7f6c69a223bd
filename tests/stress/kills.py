"""Programs that are killed: at random moments, and at the n-th call that writes.

Each trial runs a command on a register of its own and kills it. Afterwards every entry that was
confirmed must be there, and none may be there in part. The next command must work, ``db verify``
must pass, and nothing may be left behind but what is named here.

Half of the trials at least must end within a transaction. strace tells: see
:func:`stress.programs.is_within`.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from stress.programs import HAS_STRACE, Ended, Moment, at, is_within, moments
from stress.registers import OnServer
from stress.trials import (
    COMMANDS,
    Beginnings,
    Complete,
    Storing,
    beginnings,
    completed,
    refuse_untrue,
    scene,
)


class Killed(NamedTuple):
    """How a command was found that was to be killed."""

    was_killed: bool
    within: bool
    is_stored: bool
    left: tuple[str, ...]


def killed(
    begun: Beginnings, storing: Storing, complete: Ended, how: Moment | float, *, backend: bool
) -> Killed:
    """Kill a command at a moment, or after a delay, and judge what it left.

    With ``backend`` the server ends the connection, and the program has to say so.
    """
    home = begun.home
    with scene(begun, storing) as one:

        def kill(process: int, _: Path) -> None:
            if isinstance(how, float):
                time.sleep(how)
                if backend:
                    assert isinstance(home, OnServer)
                    home.end_connections(one.register)
                else:
                    os.kill(process, signal.SIGKILL)

        ended = one.run(
            strace=at(how, "signal=KILL") if isinstance(how, Moment) else [], meanwhile=kill
        )
        if isinstance(home, OnServer):
            home.wait_until_alone(one.register)
        is_stored = one.is_stored()
        if ended.code > 0:
            assert backend, ended
            refuse_untrue(ended, is_stored=is_stored)
        elif ended.code == 0 or is_confirmed(ended, complete):
            assert is_stored, f"confirmed, and not there: {ended.err}"
        one.goes_on()
        return Killed(ended.code != 0, is_within(ended.calls), is_stored, one.left_behind())


def is_confirmed(ended: Ended, complete: Ended) -> bool:
    """Return whether a killed command had already said all that it says."""
    said, says = ended.err.splitlines(), complete.err.splitlines()
    return bool(says) and len(said) == len(says)


def planned(complete: Complete, number: int, chance: random.Random) -> Iterator[Moment | float]:
    """Yield when to kill: a quarter at random, and the others at calls from the first to the last.

    Most of the calls are within the transaction.
    """
    calls = list(moments(complete.ended.calls))
    at_random = number // 4 if calls else number
    for _ in range(at_random):
        yield chance.uniform(0, complete.seconds)
    for n in range(few := number - at_random):
        yield calls[(2 * n + 1) * len(calls) // (2 * few)]


def kills(database: str, each: int = 80, of: int = 1, seed: int = 1) -> None:
    """Kill each command so often, or one of so many commands, and judge what it has left."""
    chance = random.Random(seed)
    tally: Counter[str] = Counter()
    left: Counter[str] = Counter()
    with beginnings(database) as begun:
        for storing in COMMANDS[of // 2 :: of]:
            complete = completed(begun, storing)
            plan = planned(complete, each, chance)
            for number, how in enumerate(plan):
                backend = isinstance(how, float) and database != "sqlite" and number % 2 == 0
                try:
                    found = killed(begun, storing, complete.ended, how, backend=backend)
                except BaseException as fault:
                    fault.add_note(f"{database}: {storing.name}, killed at {how}, {backend=}")
                    raise
                tally["programs"] += 1
                if found.was_killed:
                    tally["backend" if backend else "killed"] += 1
                    tally["within"] += found.within
                    tally["stored"] += found.is_stored
                    left.update({f"{storing.name}: {_kind(name)}" for name in found.left})
    number = tally["killed"] + tally["backend"]
    by_server = f" ({tally['backend']} by the server)" if database != "sqlite" else ""
    within = f"{tally['within']} within a transaction" if HAS_STRACE else "without strace"
    print(
        f"{database}: {number} of {tally['programs']} programs were killed{by_server}, {within};"
        f" {tally['stored']} had stored what they were to; nothing confirmed was lost, nothing half"
        " done stayed, and each register took the next command and verified"
    )
    for what, often in left.items():
        print(f"  left behind {often} times: {what}")


def _kind(name: str) -> str:
    return "a temporary file" if name.startswith((".irbtrack-", "irbtrack-")) else name


SHORT = {"each": 3, "of": 3}
