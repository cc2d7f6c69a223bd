"""Altered files by the thousand: each is imported or refused in sentences, soon and in bounds.

``python tests/benchmarks/fuzz.py --files 100000 --seed 1`` makes files of every format and
alters them: bytes flipped, cut, doubled and put in, parts of zip files altered and packed
again, numbers replaced by extreme ones. Each is given to ``import actions --dry-run`` and
``import inspect``. A file of a number is the same in every run of a seed. The work is done in
batches by child processes, so that one that is aborted or hangs takes only itself along; the
file it had is kept.

Exits 1, and keeps the file, if one raises what is not refused by irbtrack, aborts, takes more
than 5 seconds, or more than 300 MiB.
"""

import argparse
import contextlib
import faulthandler
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from shared import spreadsheets

from irbtrack.cli import main as main_of_irbtrack

BATCH = 1000
SECONDS = 5.0
MIB = 300.0


NOW = datetime(2023, 11, 23, 9, tzinfo=UTC)
COMMANDS = (
    ("import", "actions", "{file}", "--dry-run", "--create-missing", "--default", "year=22/23"),
    ("import", "inspect", "{file}"),
)


def exercise(path: Path, register: Path) -> bool:
    """Whether the commands under test take the file. Raises :class:`AssertionError` if not as said.

    A refusal has an exit code of its own, and its sentences begin with the program's name.
    """
    taken = True
    for command in COMMANDS:
        out, err = io.StringIO(), io.StringIO()
        arguments = [word.format(file=path) for word in command]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main_of_irbtrack(["--database", str(register), *arguments], now=NOW)
        said = err.getvalue().splitlines()
        assert code in (0, 2, 4), f"{arguments[1]} exited with {code}: {said}"
        if code:
            assert said, f"{arguments[1]} exited with {code} and said nothing"
            assert said[-1].startswith("irbtrack: "), said
        taken = taken and code == 0
    return taken


ACTIONS = [
    ["Recommendations as at October"],
    ["Ref", "Audit", "Action", "Priority", "Dept", "Owner", "Raised", "Due date", "Status", "%"],
    ["R/1", "Payroll", "Reconcile the ledger", "High", "Finance", "Head of Payroll",
     date(2022, 6, 1), date(2023, 3, 31), "Complete", 0.5],
    ["R/2", "Payroll", "Keep a log\nof refunds", "Low", "Finance", "Clerk / Head of Payroll",
     "01/06/2022", "31-Mar-24 (FOR REVIEW)", "Open", 1],
    ["R/3", "Voids", "=Charge the right budget", "Medium", "Housing", "TBC", 44713, "Mar-24",
     "Not Due", None],
    ["Total", None, 3],
]  # fmt: skip
"""A tracker that is taken whole."""


def exported() -> bytes:
    """A workbook as an export writes it."""
    with tempfile.TemporaryDirectory() as folder:
        register, path = Path(folder) / "irbtrack.db", Path(folder) / "out.xlsx"
        source = Path(folder) / "tracker.csv"
        source.write_bytes(spreadsheets.csv_of(ACTIONS))
        imported = ["import", "actions", str(source), "--create-missing", "--default", "year=22/23"]
        with contextlib.redirect_stderr(io.StringIO()):
            for command in (
                ["init", "--council", "Council"],
                imported,
                ["export", "actions", str(path)],
            ):
                assert main_of_irbtrack(["--database", str(register), *command], now=NOW) == 0
        return path.read_bytes()


EXTREMES = [b"0", b"-1", b"1", b"255", b"256", b"65535", b"65536", b"1048576", b"1048577", b"16384",
            b"2147483647", b"2147483648", b"4294967295", b"4294967296", b"99999999999999999999",
            b"", b"XFD1048576", b"XFD1", b"A1048576", b"A1:XFD1048576", b"ZZZZ99999999", b"NaN",
            b"1e308", b"1e999", b"true", b"e", b"s", b"str", b"inlineStr", b"d", b"float", b"date",
            b"string", b"&#0;", b"&#x10FFFF;", b"&a;", b"2023-13-45", b"9999-12-31T23:59:59",
            b"PT99999999999H"]  # fmt: skip
TEXTS = [b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\0", b"{", b"}", b"[", b"]", b":", b"\\",
         b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\x81", b"\\ud800", b"1e999", b"NaN", b"null",
         b"-", b"[[", b"=", b"\xf0\x9f\x98\x80"]  # fmt: skip
WORDS = [0, 1, 2, 0x7F, 0x80, 0xFF, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]


def seeds() -> list[tuple[str, bytes]]:
    """A file of every kind, with an ending and its bytes."""
    table = spreadsheets.TRACKER
    sheets = {"Actions": table, "Other": [["x", 1], [None, 2.5]]}
    long = [[f"text {n}" * (n % 40), n, n / 7] for n in range(200)]
    rich = spreadsheets.parts_of(spreadsheets.xlsx_with_shared_texts([*table] * 3))
    rich[spreadsheets.SHEET] = rich[spreadsheets.SHEET].replace(
        b"</sheetData>",
        b'<row r="20"><c r="A20" t="e"><v>#N/A</v></c><c r="B20"><f>1+1</f></c>'
        b'<c r="C20" t="str"><f t="shared" si="0" ref="C20:C21">A1</f><v>x</v></c></row>'
        b'<x:row><x:c t="b"><x:v>1</x:v></x:c></x:row></sheetData>'
        b'<mergeCells count="1"><mergeCell ref="A1:B3"/></mergeCells>',
    )
    content = spreadsheets.parts_of(spreadsheets.ods_of(sheets))
    content["content.xml"] = content["content.xml"].replace(
        b"</table:table>",
        b'<table:table-row table:number-rows-repeated="3"><table:table-cell'
        b' table:number-columns-spanned="2" table:number-rows-spanned="2"'
        b' office:value-type="string"><text:p>a<text:s text:c="3"/>b<text:tab/></text:p>'
        b"<text:p>c</text:p></table:table-cell><table:covered-table-cell/>"
        b'<table:table-cell table:number-columns-repeated="5" table:formula="of:=1/0"'
        b' calcext:value-type="error" office:value-type="string" office:string-value="">'
        b"<text:p>#DIV/0!</text:p></table:table-cell></table:table-row><table:table-row"
        b' table:number-rows-repeated="1048000"><table:table-cell'
        b' table:number-columns-repeated="16384"/></table:table-row></table:table>',
        1,
    )
    return [
        ("xlsx", exported()),
        ("xlsx", spreadsheets.xlsx_of({"Actions": ACTIONS})),
        ("ods", spreadsheets.ods_of({"Actions": ACTIONS})),
        ("xls", spreadsheets.xls_of({"Actions": ACTIONS})),
        ("csv", spreadsheets.csv_of(ACTIONS)),
        ("json", spreadsheets.json_of(ACTIONS[1:-1])),
        ("xlsx", spreadsheets.xlsx_of(sheets)),
        ("xlsx", spreadsheets.zip_of(rich)),
        ("xlsm", spreadsheets.xlsx_with_shared_texts(table)),
        ("ods", spreadsheets.ods_of(sheets)),
        ("ods", spreadsheets.zip_of(content)),
        ("xls", spreadsheets.xls_of(sheets)),
        ("xls", spreadsheets.xls_of({"A": long})),
        ("csv", spreadsheets.csv_of(table)),
        ("csv", spreadsheets.csv_of(table, "utf-16")),
        ("csv", spreadsheets.csv_of(table, "cp1252", ";")),
        ("tsv", spreadsheets.csv_of(table, "utf-8-sig", "\t")),
        ("json", spreadsheets.json_of(table)),
    ]


def altered(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few alterations of any kind."""
    made = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 3, 8, 30])):
        at, size = chance.randrange(len(made) + 1), chance.choice([1, 2, 4, 8, 64, 512, 4096])
        match chance.randrange(8):
            case 0 | 1:
                made[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                made[at : at + 1] = bytes([made[at] ^ (1 << chance.randrange(8))] if at < len(made)
                                          else [0])  # fmt: skip
            case 3:
                del made[at : at + size]
            case 4:
                made[at:at] = made[at : at + size]
            case 5:
                made[at:at] = chance.randbytes(size)
            case 6:
                width = chance.choice([2, 4])
                word = chance.choice(WORDS) & (1 << 8 * width) - 1
                made[at : at + width] = word.to_bytes(width, "little")
            case 7:
                del made[at:]
    return bytes(made)


def altered_markup(data: bytes, chance: random.Random) -> bytes:
    """XML with attributes, numbers and tags replaced, doubled or cut out."""
    made = data
    for _ in range(chance.choice([1, 1, 2, 4])):
        pattern = chance.choice([rb'"[^"<>]*"', rb">[^<>]+<", rb"<[^<>]*>", rb"[0-9]+", rb" \S+="])
        found = list(re.finditer(pattern, made))
        if not found:
            continue
        match = chance.choice(found)
        start, end = match.span()
        if pattern in (rb'"[^"<>]*"', rb">[^<>]+<"):
            start, end = start + 1, end - 1
        old = made[start:end]
        new = chance.choice([chance.choice(EXTREMES), old + old, b"", altered(old or b"x", chance),
                             chance.choice(found).group()])  # fmt: skip
        made = made[:start] + new + made[end:]
    return made


def altered_text(data: bytes, chance: random.Random) -> bytes:
    """Text with characters that mean something put in, or long runs of them."""
    made = data
    for _ in range(chance.choice([1, 1, 2, 5])):
        at = chance.randrange(len(made) + 1)
        made = made[:at] + chance.choice(TEXTS) * chance.choice([1, 1, 1, 2, 5000]) + made[at:]
    return made


def made_file(number: int, seed: int, sources: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """The file of a number: its ending and its bytes."""
    chance = random.Random(f"{seed}/{number}")
    suffix, data = chance.choice(sources)
    if chance.random() < 0.02:
        suffix = chance.choice(sources)[0]
    if data.startswith(b"PK") and chance.random() < 0.8:
        parts = spreadsheets.parts_of(data)
        name = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))
                              and "docProps" not in name and "theme" not in name])  # fmt: skip
        if chance.random() < 0.5:
            name = "content.xml" if "content.xml" in parts else spreadsheets.SHEET
        alter = chance.choice([altered_markup, altered_markup, altered])
        parts[name] = alter(parts[name], chance)
        return suffix, spreadsheets.zip_of(parts, compression=zipfile.ZIP_STORED)
    if suffix in ("csv", "tsv", "json") and chance.random() < 0.6:
        return suffix, altered_text(data, chance)
    return suffix, altered(data, chance)


def peak() -> float:
    """The most memory that this process has had, in MiB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_batch(first: int, count: int, seed: int, folder: Path) -> None:
    """Read so many files, write the results to stdout as JSON, and keep the bad files."""
    sources, register = seeds(), folder / f"register-{os.getpid()}.db"
    with contextlib.redirect_stderr(io.StringIO()):
        main_of_irbtrack(["--database", str(register), "init", "--council", "Council"], now=NOW)
    result: dict[str, Any] = {"taken": 0, "refused": 0, "slowest": 0.0, "bad": []}
    for number in range(first, first + count):
        suffix, data = made_file(number, seed, sources)
        path = folder / f"current-{number}.{suffix}"
        path.write_bytes(data)
        faulthandler.dump_traceback_later(4 * SECONDS, exit=True)
        started, before, why = time.process_time(), peak(), ""
        try:
            result["taken" if exercise(path, register) else "refused"] += 1
        except BaseException:
            why = traceback.format_exc()
        faulthandler.cancel_dump_traceback_later()
        seconds = time.process_time() - started
        result["slowest"] = max(result["slowest"], seconds)
        if seconds > SECONDS:
            why = why or f"took {seconds:.1f} s"
        if peak() > MIB >= before:
            why = why or f"took {peak():.0f} MiB"
        if why:
            result["bad"].append([str(kept(path, folder)), why])
        path.unlink(missing_ok=True)
    register.unlink()
    result["peak"] = peak()
    print(json.dumps(result))


def kept(path: Path, folder: Path) -> Path:
    """A copy of a file that fails, where it stays."""
    return Path(shutil.copy(path, folder / path.name.replace("current", "bad")))


def batch(first: int, count: int, seed: int, folder: Path) -> dict[str, Any]:
    """The results of a batch in a child process, and the number of the file to go on with.

    When it is aborted or hangs, the file it had is bad and the rest of the batch is next; the
    files before are not counted.
    """
    command = [sys.executable, __file__, "--batch", str(first), "--files", str(count)]
    command += ["--seed", str(seed), "--keep", str(folder)]
    child = subprocess.run(command, capture_output=True, check=False)
    err = child.stderr.decode(errors="replace")[-3000:]
    if child.returncode == 0:
        if err:
            print(f"written to stderr: {err}")
        return json.loads(child.stdout) | {"next": first + count}
    bad, last = [], first + count
    for path in folder.glob("current-*"):
        last = int(path.stem.partition("-")[2])
        bad.append([str(kept(path, folder)), f"exit code {child.returncode}: {err}"])
        path.unlink()
    return {"taken": 0, "refused": 0, "slowest": 0.0, "peak": 0.0, "bad": bad or [["?", err]],
            "next": last + 1}  # fmt: skip


def main() -> int:
    """Run what was asked for; 1 if a file was bad."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "irbtrack-fuzz")
    parser.add_argument("--batch", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    asked.keep.mkdir(parents=True, exist_ok=True)
    if asked.batch is not None:
        run_batch(asked.batch, asked.files, asked.seed, asked.keep)
        return 0
    for path in asked.keep.glob("current-*"):
        path.unlink()
    started, bad = time.perf_counter(), []
    total = {"taken": 0, "refused": 0}
    slowest = most = 0.0
    done = 0
    while done < asked.files:
        result = batch(done, min(BATCH, asked.files - done), asked.seed, asked.keep)
        for name in total:
            total[name] += result[name]
        slowest, most = max(slowest, result["slowest"]), max(most, result["peak"])
        bad += result["bad"]
        for path, why in result["bad"]:
            print(f"BAD {path}: {why}", flush=True)
        done = result["next"]
        print(f"{done:,} files, {total}, {len(bad)} bad", flush=True)
    seconds = time.perf_counter() - started
    print(
        f"{asked.files:,} files: {total['taken']:,} taken, {total['refused']:,} refused,"
        f" {len(bad)} bad; {seconds:.0f} s, slowest {slowest:.2f} s, peak {most:.0f} MiB"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())
