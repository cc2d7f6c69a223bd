"""Put a register under stress, and print what it withstood. ``poe stress MATTER`` runs one.

Each matter is a function below, and its docstring says what it does and what must hold. It prints
its figures, and raises an error if something doesn't hold.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from shared.servers import Server  # noqa: E402

from irbtrack.commands.demo import load  # noqa: E402
from irbtrack.store.database import Location, locate  # noqa: E402
from irbtrack.store.gather import last_number  # noqa: E402
from irbtrack.store.integrity import chain_findings, version_findings  # noqa: E402
from irbtrack.store.reading import reading  # noqa: E402

DATABASES = ("sqlite", "postgresql")


@contextmanager
def example(database: str) -> Iterator[Location]:
    """Where the example's register is, in a folder or on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="irbtrack-stress-") as folder:
        if database == "sqlite":
            location = locate(str(Path(folder) / "board.db"))
        else:
            server = Server(Path(tempfile.gettempdir()) / f"irbtrack-stress-{os.getpid()}")
            location = server.location(server.make())  # stopped when the program ends
        load(location)
        yield location


WRITER = """
import sys, time
from irbtrack.cli import main
url, number = sys.argv[1], sys.argv[2]
for turn in range(int(sys.argv[3])):
    begun = time.perf_counter()
    code = main(["--database", url, "--officer", "register-officer", "action", "add",
        f"Thing {turn} of {number}", "--audit", "2324-A08", "--priority", "low",
        "--directorate", "finance"])
    print("took", time.perf_counter() - begun, code)
"""

READER = """
import contextlib, io, os, sys, time
from irbtrack.cli import main
while os.path.exists(sys.argv[2]):
    begun = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        code = main(["--database", sys.argv[1], "summary", "--format", "csv"])
    print("took", time.perf_counter() - begun, code)
    time.sleep(1)
"""


def writers(database: str, processes: int = 16, entries: int = 50) -> None:
    """Have many processes record at once, while two read all the time.

    Every entry must be there, in one unbroken chain, and nobody may be told of an error.
    """
    with example(database) as location, tempfile.TemporaryDirectory() as folder:
        going_on = Path(folder) / "going-on"
        going_on.touch()
        with reading(location) as reader:
            before = last_number(reader)
        url = str(location.path or location.url)
        readers = [_started(READER, url, str(going_on)) for _ in range(2)]
        alone = _times(_started(WRITER, url, "alone", str(entries)))
        begun = time.perf_counter()
        many = [_started(WRITER, url, str(one), str(entries)) for one in range(processes)]
        waits = [wait for one in many for wait in _times(one)]
        took = time.perf_counter() - begun
        going_on.unlink()
        reads = [wait for one in readers for wait in _times(one)]
        with reading(location) as reader:
            assert last_number(reader) == before + entries * (processes + 1), "an entry is lost"
            assert not list(chain_findings(reader)), "the chain is broken"
            assert not list(version_findings(reader)), "a version differs"
    print(
        f"{database}: {processes} writers recorded {processes * entries} entries in {took:.0f} s,"
        f" {processes * entries / took:.0f} a second, against {1 / statistics.mean(alone):.0f} by"
        f" one alone; the longest took {max(waits):.1f} s, half at most"
        f" {statistics.median(waits):.2f} s; {len(reads)} summaries meanwhile, the longest"
        f" {max(reads):.1f} s, half at most {statistics.median(reads):.2f} s"
    )


def _started(program: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )


def _times(process: "subprocess.Popen[str]") -> list[float]:
    """How long each command of a process took, none of which may have failed."""
    out, err = process.communicate()
    told = [line.split() for line in out.splitlines() if line.startswith("took ")]
    assert process.returncode == 0, err
    assert all(code == "0" for _, _, code in told), err
    assert "irbtrack:" not in err, err
    return [float(seconds) for _, seconds, _ in told]


MATTERS: dict[str, Callable[..., None]] = {"writers": writers}


def main() -> None:
    """Run the matters that the command line names, or all, on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("matter", nargs="?", choices=MATTERS, help="what to do; all if left out")
    parser.add_argument("--database", choices=DATABASES, help="on which; on both if left out")
    parser.add_argument("--short", action="store_true", help="a short form, as CI runs it")
    given = parser.parse_args()
    for name in [given.matter] if given.matter else MATTERS:
        for database in [given.database] if given.database else DATABASES:
            MATTERS[name](database, **(SHORT[name] if given.short else {}))


SHORT: dict[str, dict[str, int]] = {"writers": {"processes": 4, "entries": 5}}
"""How much of each matter the short form does."""

if __name__ == "__main__":
    main()
