"""What a program can meet at each call: a full disk, a closed door, a moved file, a lost server.

Every call that writes fails in turn, and so does a disk that is full from then on. A limit on the
size of files is stepped through. Folders and files are read-only, the file is moved away, another
program holds it, the clock is set back, standard output is full or closed, a server doesn't
answer. Each command must then say in a plain and true sentence what was refused, exit with the
code of that, leave nothing half done and nothing behind, and go on when the trouble is over.
"""

import contextlib
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psycopg
from stress.programs import HAS_STRACE, Ended, Moment, at, forked, moments, stopped
from stress.registers import OnServer
from stress.trials import (
    COMMANDS,
    Beginnings,
    Complete,
    Scene,
    Storing,
    beginnings,
    completed,
    refuse_untrue,
    scene,
)


class Met(NamedTuple):
    """What a command met: the trouble in words, and the sentence with which it was refused."""

    trouble: str
    code: int
    sentence: str


def judged(one: Scene, ended: Ended, trouble: str, *, may_be_mute: bool = False) -> Met:
    """Judge a command that met a trouble which is over by now.

    With ``may_be_mute`` what it says may be what could not be written.
    """
    if isinstance(one.begun.home, OnServer):
        one.begun.home.wait_until_alone(one.register)
    is_stored = one.is_stored()
    assert "Traceback" not in ended.err, ended.err
    if ended.code == 0:
        assert is_stored, f"exits with 0, and nothing is stored: {ended}"
    elif not (may_be_mute and not ended.err):
        refuse_untrue(ended, is_stored=is_stored)
    one.goes_on()
    assert not one.left_behind(), f"left behind: {one.left_behind()}"
    said = ended.err.splitlines()[-1] if ended.err else ""
    return Met(trouble, ended.code, said)


FAILS = {
    "write": "ENOSPC", "pwrite64": "ENOSPC", "ftruncate": "EIO", "fsync": "EIO",
    "fdatasync": "EIO", "unlink": "EACCES", "rename": "EACCES", "recvfrom": "ETIMEDOUT",
}  # fmt: skip
"""With which error a call fails. A server whose machine is gone doesn't answer in time."""


def calls_fail(begun: Beginnings, storing: Storing, complete: Complete, few: int) -> Iterator[Met]:
    """Have each call that writes fail, or so many of them; a full disk stays full."""
    found = [one for one in moments(complete.ended.calls) if one.call in FAILS]
    step = max(1, len(found) // few)
    for moment in found[step // 2 :: step]:
        with scene(begun, storing) as one, told(storing, moment):
            what = f"error={FAILS[moment.call]}"
            lasting = moment.call == "pwrite64"
            number = Moment(moment.call, f"{moment.n}+") if lasting else moment
            ended = one.run(strace=at(number, what))
            yield judged(one, ended, f"{FAILS[moment.call]} of {moment.call}", may_be_mute=True)


@contextlib.contextmanager
def told(storing: Storing, trouble: object) -> Iterator[None]:
    """Say of a fault which command met which trouble."""
    try:
        yield
    except BaseException as fault:
        fault.add_note(f"{storing.name}: {trouble}")
        raise


def sizes_are_limited(
    begun: Beginnings, storing: Storing, complete: Complete, few: int
) -> Iterator[Met]:
    """Limit the size of files, from a page to what is enough."""
    del complete
    size, step = 1024, 1024
    while True:
        with scene(begun, storing) as one, told(storing, f"files of at most {size} bytes"):
            limited = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))
            ended = one.run(before=limited)
            yield judged(one, ended, "a limit on the size of files")
        if ended.code == 0:
            return
        step = max(1024, 400_000 // few // 1024 * 1024)
        size += step


NOBODY = 65534


def doors_are_closed(
    begun: Beginnings, storing: Storing, complete: Complete, few: int
) -> Iterator[Met]:
    """Run as somebody who may not write to the file, or neither to it nor to its folder."""
    del complete, few
    if os.geteuid() != 0:
        return  # the trial needs to become somebody else
    for what, file, folder in (("file", 0o444, 0o777), ("file and folder", 0o444, 0o555)):
        with scene(begun, storing) as one, told(storing, f"read-only {what}"):
            path = Path(one.register)
            one.folder.parent.chmod(0o755)
            one.folder.with_name("tmp").chmod(0o777)
            for name in ("backup", "sheet.csv"):
                (one.folder / name).chmod(0o444)
            if path.exists():
                path.chmod(file)
            one.folder.chmod(folder)
            ended = one.run(before=_become_nobody)
            one.folder.chmod(0o755)
            for made in one.folder.rglob("*"):
                os.chown(made, 0, 0)
                made.chmod(0o755)
            yield judged(one, ended, f"read-only {what}")


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def file_is_moved(
    begun: Beginnings, storing: Storing, complete: Complete, few: int
) -> Iterator[Met]:
    """Move the file away while the command stops at a call, and put it back afterwards."""
    found = [one for one in moments(complete.ended.calls) if one.call in FAILS]
    step = max(1, len(found) // few)
    for moment in found[step // 2 :: step]:
        with scene(begun, storing) as one, told(storing, f"moved at {moment}"):
            path, away = Path(one.register), one.folder.with_name("away")

            def move(process: int, log: Path, path: Path = path, away: Path = away) -> None:
                if stopped(process, log):
                    if path.exists():
                        path.rename(away)
                    os.kill(process, signal.SIGCONT)

            ended = one.run(strace=at(moment, "signal=STOP"), meanwhile=move)
            if away.exists():
                assert not path.exists() or storing.begins == "none", "another file is in its place"
                away.rename(path)
            if ended.code == 0 and not one.is_stored():
                raise AssertionError(f"exits with 0, and nothing is stored: {ended}")
            yield judged(one, ended, "a file that is moved away")


def another_holds_it(
    begun: Beginnings, storing: Storing, seconds: float, wait: int
) -> Iterator[Met]:
    """Have another program hold the register for longer than the command waits, and for less."""
    with scene(begun, storing) as one, told(storing, f"held, and --wait {wait}"):
        with holding(one):
            ended = one.run("--wait", str(wait))
        assert ended.code == 3, ended
        assert "is in use by another program" in ended.err, ended
        yield judged(one, ended, "another program that holds it")
    with scene(begun, storing) as one, told(storing, f"held for {seconds} s"):
        with holding(one) as let_go:
            ended = one.run("--wait", "600", meanwhile=lambda *_: let_go(seconds))
        assert ended.code == 0, ended
        assert seconds < 10 or "is in use; waiting for" in ended.err, ended
        yield judged(one, ended, "another program that holds it")


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
"""


@contextlib.contextmanager
def holding(one: Scene) -> Iterator[Callable[[float], None]]:
    """Have another program hold a register, and give what lets go of it after some seconds."""
    if isinstance(one.begun.home, OnServer):
        with psycopg.connect(one.register) as other:
            other.execute("LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE")
            yield lambda seconds: (time.sleep(seconds), other.rollback())[1]
        return
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, one.register],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        yield lambda seconds: (time.sleep(seconds), program.communicate("\n"))[0]
        if program.poll() is None:
            program.communicate("\n")


def clock_is_set_back(
    begun: Beginnings, storing: Storing, complete: Complete, few: int
) -> Iterator[Met]:
    """Set the clock back by a day: what is recorded would be before what is known already."""
    del complete, few
    for option in ((), ("--clock-is-right",)):
        with scene(begun, storing) as one, told(storing, f"a clock set back {option}"):
            ended = one.run(*option, before=_yesterday)
            if storing.adds and storing.begins == "sound" and not option:
                assert ended.code == 1, ended
                assert "--clock-is-right" in ended.err, ended
            else:
                assert ended.code == 0, ended
            yield judged(one, ended, "a clock that is set back")


def _yesterday() -> None:
    from irbtrack import cli

    cli.main = partial(cli.main, now=datetime.now(UTC) - timedelta(days=1))


def outputs_are_refused(
    begun: Beginnings, storing: Storing, complete: Complete, few: int
) -> Iterator[Met]:
    """Give standard output and standard error that are full or closed."""
    del complete, few
    for which in ((1,), (2,), (1, 2)):
        for how in ("full", "closed"):
            with scene(begun, storing) as one, told(storing, f"{how} {which}"):
                ended = one.run(before=partial(_refuse_output, which, how))
                assert ended.code == 0, ended
                yield judged(one, ended, f"an output that is {how}")


def _refuse_output(streams: tuple[int, ...], how: str) -> None:
    for stream in streams:
        if how == "full":
            os.dup2(os.open("/dev/full", os.O_WRONLY), stream)
        else:
            os.close(stream)
            setattr(sys, "stdout" if stream == 1 else "stderr", None)  # as Python does


def server_is_gone(
    begun: Beginnings, storing: Storing, complete: Complete, few: int
) -> Iterator[Met]:
    """Have the server end the connection while the command stops at a call."""
    home = begun.home
    assert isinstance(home, OnServer)
    found = [one for one in moments(complete.ended.calls) if one.call == "sendto"]
    step = max(1, len(found) // few)
    for moment in found[step // 2 :: step]:
        with scene(begun, storing) as one, told(storing, f"gone at {moment}"):

            def end(process: int, log: Path, register: str = one.register) -> None:
                if stopped(process, log):
                    home.end_connections(register)
                    os.kill(process, signal.SIGCONT)

            ended = one.run(strace=at(moment, "signal=STOP"), meanwhile=end)
            yield judged(one, ended, "a server that is gone")


def server_is_not_there(begun: Beginnings, storing: Storing) -> Iterator[Met]:
    """Ask a port at which nobody listens, and one at which nobody answers."""
    with socket.socket() as closed, socket.socket() as mute, scene(begun, storing) as one:
        for each in (closed, mute):
            each.bind(("127.0.0.1", 0))
        mute.listen()
        for each in (closed, mute):
            url = f"postgresql://u@127.0.0.1:{each.getsockname()[1]}/irb"
            with told(storing, url):
                given = ("--database", url, "--wait", "1", *storing.arguments)
                ended = forked(given, one.folder)
                assert ended.code == 3, ended
                refuse_untrue(ended, is_stored=False)
                yield Met("a server that is not there", ended.code, ended.err.splitlines()[-1])


def full(database: str, few: int = 20, of: int = 1, seconds: float = 60, wait: int = 30) -> None:
    """Let each command, or one of so many, meet each trouble, and print how it was refused.

    ``few`` is at how many calls each is met.
    """
    troubles: list[Callable[..., Iterator[Met]]] = [clock_is_set_back, outputs_are_refused]
    if database == "sqlite":
        troubles += [sizes_are_limited, doors_are_closed]
    if HAS_STRACE:
        troubles += [calls_fail, file_is_moved if database == "sqlite" else server_is_gone]
    tally: Counter[tuple[str, str]] = Counter()
    said: Counter[str] = Counter()

    def count(met: Met) -> None:
        tally[met.trouble, "refused" if met.code else "done all the same"] += 1
        if met.code:
            said[f"{met.code}: {_without_names(met.sentence)}"] += 1

    with beginnings(database) as begun:
        for storing in COMMANDS[of // 2 :: of]:
            complete = completed(begun, storing)
            for trouble in troubles:
                for met in trouble(begun, storing, complete, few):
                    count(met)
            if database == "postgresql":
                for met in server_is_not_there(begun, storing):
                    count(met)
        for met in another_holds_it(begun, COMMANDS[1], seconds, wait):
            count(met)
    for (trouble, how), often in sorted(tally.items()):
        print(f"{database}: {trouble}: {often} {how}")
    for sentence, often in said.most_common():
        print(f"{often:6}  {sentence}")


def _without_names(sentence: str) -> str:
    named = re.sub(r"(?:[^ ']*/)?[^ /']*(register|irbtrack-|irb_)[^ ';,]*", "REGISTER", sentence)
    return re.sub(r"\d\d+", "N", named)


SHORT = {"few": 2, "of": 9, "seconds": 3, "wait": 1}
