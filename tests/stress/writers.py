"""Writers at once: they queue, and none is lost or told of an error.

Many processes record at once, while two read all the time. Every entry must be there, in one
unbroken chain, and nobody may wait for longer than ``--wait`` says.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from stress.registers import home_of, scratch

from irbtrack.commands.demo import load
from irbtrack.store.database import locate
from irbtrack.store.gather import last_number
from irbtrack.store.integrity import chain_findings, version_findings
from irbtrack.store.reading import reading

SOURCE = Path(__file__).parents[2] / "src"

WRITER = """
import sys, time
import irbtrack.commands.action, irbtrack.store.write
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
    """Let writers record at once, and print how long it took."""
    home = home_of(database)
    with scratch() as folder:
        url = home.new(folder)
        location = locate(url)
        load(location)
        going_on = folder / "going-on"
        going_on.touch()
        with reading(location) as reader:
            before = last_number(reader)
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
        home.drop(url)
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
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )


def _times(process: "subprocess.Popen[str]") -> list[float]:
    """How long each command of a process took, none of which may have failed."""
    out, err = process.communicate()
    told = [line.split() for line in out.splitlines() if line.startswith("took ")]
    assert process.returncode == 0, err
    assert all(code == "0" for _, _, code in told), err
    assert "irbtrack:" not in err, err
    return [float(seconds) for _, seconds, _ in told]


SHORT = {"processes": 4, "entries": 5}
