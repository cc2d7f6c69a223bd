"""Programs that are forked from a warm one, so that a trial takes a tenth of a second.

All that irbtrack does is done by the forked process itself: only the importing was done before.
strace is attached before the command begins. It sends a signal, or has a system call fail, at the
n-th call of a kind, and tells which calls were made.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

STRACE = shutil.which("strace")
HAS_STRACE = STRACE is not None

WRITING = (
    "write", "pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "unlinkat", "rename",
    "sendto", "recvfrom",
)  # fmt: skip
"""The system calls at which something is stored, or a server is told and answers."""

SECONDS = 120


class Ended(NamedTuple):
    """How a program ended: its exit code, or less than nothing for a signal, and what it wrote."""

    code: int
    out: str
    err: str
    calls: tuple[str, ...] = ()


class Moment(NamedTuple):
    """The n-th call of a kind that a program makes."""

    call: str
    n: int


def forked(
    arguments: Sequence[str],
    folder: Path,
    *,
    strace: Sequence[str] | None = None,
    before: Callable[[], object] = lambda: None,
    meanwhile: Callable[[int, Path], object] = lambda *_: None,
) -> Ended:
    """Run irbtrack in a folder, with its temporary files beside that, and return how it ended.

    With ``strace``, its calls are told, and these options are given to strace. ``before`` is done
    in the new process, and ``meanwhile`` in this one, with the process's number and
    the file in which its calls are told.
    """
    with tempfile.TemporaryDirectory() as apart:
        out, err, log = (Path(apart) / name for name in ("out", "err", "calls"))
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(writing)
            _be_irbtrack(arguments, folder, (out, err), before, reading)
        os.close(reading)
        tracer = None
        if strace is not None and STRACE is not None:
            traced = ",".join((*WRITING, "fcntl"))
            options = ["-o", str(log), "-s", "160", "-e", f"trace={traced}", *strace]
            tracer = subprocess.Popen(
                [STRACE, "-p", str(process), *options], stderr=subprocess.PIPE
            )
            _wait_for_tracer(process, tracer)
        os.close(writing)
        meanwhile(process, log)
        status = _waited(process)
        if tracer:
            tracer.communicate()
        calls = tuple(log.read_text(errors="replace").splitlines()) if tracer else ()
        read = (path.read_text(errors="replace") if path.exists() else "" for path in (out, err))
        return Ended(os.waitstatus_to_exitcode(status), *read, calls)


def _wait_for_tracer(process: int, tracer: "subprocess.Popen[bytes]") -> None:
    status = Path(f"/proc/{process}/status")
    while "\nTracerPid:\t0\n" in status.read_text():
        assert tracer.poll() is None, tracer.communicate()
        time.sleep(0.001)


def _waited(process: int) -> int:
    """Return how a process ended, which is killed if it takes too long."""
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return status
        time.sleep(0.001)
    os.kill(process, 9)
    os.waitpid(process, 0)
    raise AssertionError(f"a program didn't end within {SECONDS} s")


def _be_irbtrack(
    arguments: Sequence[str],
    folder: Path,
    streams: tuple[Path, Path],
    before: Callable[[], object],
    begin: int,
) -> None:
    """Be the program from here on, and end with it."""
    code = 1
    try:
        os.chdir(folder)
        tempfile.tempdir = str(folder.parent / "tmp")
        for stream, path in enumerate(streams, start=1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), stream)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        before()
        os.read(begin, 1)  # nothing comes, but its end
        sys.argv = ["irbtrack", *arguments]
        from irbtrack.__main__ import main

        code = main()
        for left in (sys.stdout, sys.stderr):
            if left is not None:  # None is what Python makes of one that was closed
                left.flush()
    except BaseException:
        traceback.print_exc()
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()
    finally:
        os._exit(code)


def stopped(process: int, log: Path) -> bool:
    """Wait until strace has stopped a process, and return whether it did, before that ended."""
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        if "stopped by SIGSTOP" in log.read_text(errors="replace"):
            return True
        if Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] in "ZX":
            return False
        time.sleep(0.002)
    raise AssertionError(f"a program neither stopped nor ended within {SECONDS} s")


def moments(calls: Sequence[str], *, every: bool = False) -> Iterator[Moment]:
    """Yield each of the calls that write, or every call, numbered among its kind."""
    tally: Counter[str] = Counter()
    for line in calls:
        if (found := re.match(r"(\w+)\(", line)) and (every or found[1] in WRITING):
            tally[found[1]] += 1
            yield Moment(found[1], tally[found[1]])


def at(moment: Moment, what: str) -> list[str]:
    """Return the options with which strace does something at a moment, as ``signal=KILL``."""
    return ["-e", f"inject={moment.call}:{what}:when={moment.n}"]


def is_within(calls: Sequence[str]) -> bool:
    """Return whether a program was within a transaction that writes when its calls ended.

    On a file that is from the lock with which SQLite reserves it until it is given up. On a
    server it is from BEGIN, but for one that only reads, until COMMIT or ROLLBACK is answered.
    """
    reserved: set[str] = set()
    begun = False
    for line in calls:
        if found := re.match(r"fcntl\((\d+), F_SETLK, \{l_type=F_(\w+), .*, l_start=(\d+)", line):
            if found[2] == "WRLCK" and int(found[3]) == RESERVED_BYTE and line.endswith("= 0"):
                reserved.add(found[1])
            elif found[2] == "UNLCK" and int(found[3]) <= RESERVED_BYTE:
                reserved.discard(found[1])
        elif line.startswith("sendto("):
            begun = (begun or "BEGIN" in line) and "READ ONLY" not in line
        elif line.startswith("recvfrom(") and re.search(r"C\\0\\0\\0\\\w+(COMMIT|ROLLBACK)", line):
            begun = False
    return begun or bool(reserved)


RESERVED_BYTE = 0x40000001
"""The byte of a SQLite file that is locked by whoever is going to write."""
