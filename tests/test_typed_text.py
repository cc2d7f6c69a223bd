"""Every place where typed text leaves the program, each with hostile texts.

``PLACES`` has a row for each call that writes, by module, with the sink that its text gets to.
``SINKS`` has what is done with hostile texts at each sink. A call or a format without a row fails.
"""

import ast
import csv
import io
import json
import re
import shlex
import sqlite3
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
from markdown_it import MarkdownIt
from shared.packs import grid_of, pack_of
from shared.strategies import RAISED, entry, raised

import irbtrack
from irbtrack import packs, render
from irbtrack.cli import main
from irbtrack.domain.answers import Answer, Bars, Block, Column, Kind, Mark, Stripe, Table, Timeline
from irbtrack.domain.guarding import guarded, unguarded
from irbtrack.domain.journal import Change
from irbtrack.domain.seal import read_seal, seal_text
from irbtrack.errors import legible, printable, quoted
from irbtrack.exports import files
from irbtrack.packs import filing, formats
from irbtrack.packs.document import Drawing, Grid, Points
from irbtrack.packs.reading_back import tables_in
from irbtrack.register.sealing import refuse_other_register, seal_of
from irbtrack.render import put_out
from irbtrack.render.messages import note
from irbtrack.render.terminal import show
from irbtrack.store.backup import dumping, fill
from irbtrack.store.database import locate
from irbtrack.store.dump import read_dump
from irbtrack.store.migrate import create
from irbtrack.store.reading import reading

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07 escape",
    "\x9b31m C1",
    "\u202egpj.exe \u2066 bidi",
    "zero\u200bwidth\ufeff",
    "nul\0",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "＝1＋1",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "]]>&lt;&#0; <!-- <?x ?>",
    '#panic("x") $x$ #read("/etc/passwd") \\',
    "'); DROP TABLE entry; --",
    "../../../etc/passwd",
    "$(touch x) `touch y`; touch z",
    "[x](javascript:alert(1)) ![x](http://x/y) [r]: javascript:a",
    "[bold]x[/bold] [/]",
    "| a | b |",
    "Subject\r\nBcc: all@example.org",
)
"""What steers a terminal, is a formula, is markup, or is meant for a shell, a server or a path."""

MEGABYTE = "<=" + "x" * 2**20

OWN = "own words"
"""The sink of what is only the program's own: no typed text gets there."""

PLACES = {
    "arguments/asking.py write": (1, OWN),  # prompts
    "arguments/left_files.py write": (1, "refused rows"),
    "arguments/left_files.py write_text": (1, "mapping"),
    "cli.py echo": (1, OWN),  # the version
    "cli.py write": (1, "message"),
    "commands/action.py echo": (1, "reference"),
    "commands/audit.py echo": (1, "reference"),
    "commands/demo.py echo": (2, "shell"),
    "commands/export.py write": (3, "export .csv"),  # Gathered.write; each form has its trial
    "commands/milestone.py echo": (1, "reference"),
    "commands/note.py echo": (1, "reference"),
    "commands/report.py write": (1, "message"),
    "commands/report.py write_text": (1, OWN),  # an example of pack.toml
    "commands/waiver.py echo": (1, "reference"),
    "exports/files.py write_text": (1, "export .csv"),
    "exports/seals.py write": (1, "seal"),
    "exports/seals.py write_bytes": (2, OWN),  # keys
    "exports/seals.py write_text": (1, "seal"),
    "lasting.py write": (1, "message"),
    "packs/filing.py write": (1, "pack html"),
    "packs/filing.py write_bytes": (1, "pack html"),
    "packs/lettering/typesetting.py write_bytes": (1, "pack pdf"),
    "packs/office/fixed_times.py writestr": (1, "pack docx"),
    "packs/office/office_template.py writestr": (1, "pack docx"),
    "packs/slides/slide_charts.py write": (1, "pack pptx"),
    "packs/slides/slide_shapes.py write": (1, "pack pptx"),
    "packs/slides/to_pptx.py write": (4, "pack pptx"),
    "packs/word/word_document.py writestr": (1, "pack docx"),
    "render/__init__.py write": (3, "answer table"),
    "render/data.py writerow": (1, "answer csv"),
    "render/data.py writerows": (1, "answer csv"),
    "render/manual.py Console": (1, OWN),  # the manual
    "render/manual.py print": (1, OWN),
    "render/manual.py write": (1, OWN),
    "render/messages.py write": (1, "message"),
    "render/outlet.py write": (2, "message"),
    "render/paging.py Popen": (1, "terminal"),
    "render/paging.py write": (1, "terminal"),
    "render/progress.py Console": (1, "bar"),
    "render/terminal.py print": (17, "terminal"),
    "sheets/ods.py write": (3, "export .ods"),
    "store/backup.py exec_driver_sql": (4, OWN),  # the tables' names
    "store/backup.py execute": (7, OWN),
    "store/backup.py write_bytes": (1, OWN),  # nothing
    "store/dump.py execute": (1, "dump"),
    "store/dump.py write": (1, "dump"),
    "store/free_space.py execute": (3, OWN),
    "store/guards.py exec_driver_sql": (5, OWN),  # the tables' names
    "store/migrate.py exec_driver_sql": (2, OWN),
    "store/migrate.py execute": (2, OWN),
    "store/reading.py execute": (2, "sql"),
    "store/rights.py exec_driver_sql": (3, "sql"),  # names of users
    "store/schema.py execute": (5, OWN),
    "store/server.py exec_driver_sql": (7, "sql"),
    "store/server.py execute": (2, "sql"),
    "store/server.py getLogger": (1, OWN),  # SQLAlchemy's, to keep it silent
    "store/server_functions.py exec_driver_sql": (3, OWN),
    "store/stamping.py exec_driver_sql": (3, OWN),
    "store/stamping.py execute": (3, OWN),  # digests and numbers
    "store/waiting.py execute": (4, OWN),
    "store/write.py exec_driver_sql": (2, "sql"),
    "store/write.py execute": (6, "sql"),
}
"""Each call that writes, how often its module has it, and the sink that it writes to."""

WRITING = frozenset({
    "Console", "Popen", "critical", "debug", "echo", "error", "exception", "exec_driver_sql",
    "execute", "executemany", "executescript", "getLogger", "info", "log", "popen", "print", "run",
    "secho", "send_message", "sendmail", "system", "warning", "write", "write_bytes", "write_text",
    "writelines", "writerow", "writerows", "writestr",
})  # fmt: skip
"""The names of what writes to somewhere."""

NEVER = ("smtplib", "email", "syslog", "http", "urllib.request", "socket", "ftplib")
"""The modules of mail, logs and networks, to which the program puts nothing itself."""

SINKS: dict[str, Callable[[Path], None]] = {}


def sink(*names: str) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Make a function the trial of one or more sinks."""

    def named(trial: Callable[[Path], None]) -> Callable[[Path], None]:
        SINKS.update(dict.fromkeys(names, trial))
        return trial

    return named


SOURCE = Path(irbtrack.__file__).parent


@cache
def modules() -> Sequence[tuple[str, ast.Module]]:
    return [
        (path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts  # an installed program has them within
    ]


def test_every_call_that_writes_has_a_row() -> None:
    found: Counter[str] = Counter()
    for module, tree in modules():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
            found[f"{module} {name}"] += name in WRITING
    counted = {place: number for place, number in found.items() if number}
    rows = {place: number for place, (number, _) in PLACES.items()}
    assert counted == rows, "give each call that writes a row in PLACES, and its sink a trial"


def test_nothing_is_mailed_logged_or_sent() -> None:
    for module, tree in modules():
        for node in ast.walk(tree):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in named:
                assert not f"{name}.".startswith(tuple(f"{one}." for one in NEVER)), (
                    f"{module} imports {name}"
                )


def test_every_sink_has_a_trial() -> None:
    named = {sink for _, sink in PLACES.values()} - {OWN}
    named |= {f"answer {form}" for form in render.FORMS}
    named |= {f"export {ending}" for ending in files.FORMATS}
    named |= {f"pack {ending}" for ending in formats.FORMATS}
    named |= {"terminal", "file name", "formula", "sheet"}
    assert named == SINKS.keys()


def assert_steers_nothing(text: str) -> None:
    assert legible(text) == text


def assert_no_formula(cells: Iterable[object]) -> None:
    """No cell is one that a spreadsheet takes for a formula."""
    for cell in cells:
        if isinstance(cell, str) and cell:
            assert cell[0] not in "=+-@\t\r＝＋－＠" or cell[:1] == "-" == cell, cell


def assert_no_markup(markdown: str) -> None:
    """Markdown has no HTML, no image, and no link but to a page or an address."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    waiting = list(parser.parse(markdown))
    while waiting:
        token = waiting.pop()
        waiting += token.children or ()
        assert token.type != "image", token
        if token.type in ("html_inline", "html_block"):
            assert re.fullmatch("<br>|<!-- irbtrack-pack-[A-Za-z0-9_-]+ -->", token.content.strip())
        if token.type == "link_open":
            assert str(token.attrGet("href")).startswith(("http:", "https:", "mailto:")), token


def answer_of(texts: Sequence[str]) -> Answer:
    """An answer that has the texts wherever an answer can have text."""
    columns = (Column("code", "Code"), Column("text", texts[0], Kind.MARKDOWN))
    columns += tuple(Column(text, text) for text in texts)
    table = Table(columns, [[text, text, *texts] for text in texts], texts[0])
    day = date(2023, 10, 31)
    marks = tuple(Mark(text, None, day, day, "R") for text in texts)
    timeline = Timeline(
        tuple((1, text, marks) for text in texts[:3]),
        date(2023, 9, 1),
        date(2024, 1, 1),
        day,
        table,
    )
    bars = Bars(texts[0], tuple(Stripe(text, 0, 1, text) for text in texts))
    blocks: tuple[Block, ...] = (table, (table, table), timeline, bars, *texts)
    return Answer(table, blocks, tuple(texts))


def put(answer: Answer, form: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        put_out(answer, form)
    return out.getvalue(), err.getvalue()


@sink("answer table", "message")
def _plain(folder: Path) -> None:
    del folder
    for line in "".join(put(answer_of(HOSTILE), "table")).split("\n"):
        assert printable(line) == line


@sink("answer md")
def _markdown(folder: Path) -> None:
    del folder
    out, _ = put(answer_of(HOSTILE), "md")
    assert_steers_nothing(out)
    assert_no_markup(out)


@sink("answer csv")
def _csv(folder: Path) -> None:
    del folder
    out, _ = put(answer_of(HOSTILE), "csv")
    assert_steers_nothing(out)
    rows = list(csv.reader(io.StringIO(out)))
    assert_no_formula(cell for row in rows for cell in row)
    assert [unguarded(row[0]) for row in rows[1:]] == [legible(text) for text in HOSTILE]


@sink("answer json")
def _json(folder: Path) -> None:
    del folder
    out, _ = put(answer_of(HOSTILE), "json")
    assert_steers_nothing(out)
    assert [row["code"] for row in json.loads(out)] == list(HOSTILE)


@sink("terminal")
def _terminal(folder: Path) -> None:
    del folder
    out = io.StringIO()
    with redirect_stdout(out):
        show(answer_of(HOSTILE).shown())
    assert_steers_nothing(out.getvalue())


@sink("bar")
def _bar(folder: Path) -> None:
    del folder
    from rich.console import Console

    from irbtrack.render.progress import _Shown

    shown = _Shown()
    shown.step("[bold]x[/bold] [/]")
    out = io.StringIO()
    Console(file=out, width=200).print(shown._progress.get_renderable())
    assert "[bold]x[/bold] [/]" in out.getvalue()


@sink("formula")
def _formula(folder: Path) -> None:
    del folder
    for text in HOSTILE:
        assert_no_formula([guarded(text)])
        assert unguarded(guarded(text)) == text


def register_with(folder: Path) -> tuple[list[str], list[str]]:
    """Return how a register is named, and the texts that it took as names of directorates."""
    at = ["--database", str(folder / "register.db")]
    with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
        assert main([*at, "init", "--council", "Council", "--priorities", "=high,@low"]) == 0
    taken = []
    for n, text in enumerate((*HOSTILE, MEGABYTE)):
        err = io.StringIO()
        with redirect_stderr(err), redirect_stdout(io.StringIO()):
            code = main([*at, "directorate", "add", f"d{n}", f" {text}"])
        assert code in (0, 1, 2)
        assert len(err.getvalue()) < 1000
        assert all(printable(line) == line for line in err.getvalue().split("\n"))
        taken += [] if code else [text]
    return at, taken


def run(*arguments: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        assert main(arguments) == 0
    return out.getvalue()


@sink("sql", "reference")
def _sql(folder: Path) -> None:
    at, taken = register_with(folder)
    assert len(taken) > len(HOSTILE) / 2
    with closing(sqlite3.connect(folder / "register.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM directorate_version")]
        assert sorted(names) == sorted(text.strip() for text in taken)
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (1 + len(taken),)
    for text in HOSTILE:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as err:
            main([*at, "action", "list", "--text", text])
            main([*at, "action", "show", text])
            main([*at, "audit", "add", "x", "--year", text])
        assert_steers_nothing(err.getvalue())


@sink(*(f"export {ending}" for ending in files.FORMATS))
def _exports(folder: Path) -> None:
    at, taken = register_with(folder)
    for ending in files.FORMATS:
        run(*at, "export", "directorates", str(folder / f"out{ending}"))
    wanted = {text.strip() for text in taken}
    rows = list(csv.reader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8-sig"))))
    assert_no_formula(cell for row in rows for cell in row)
    assert {unguarded(row[1]) for row in rows[1:]} == wanted
    told = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert {row["name"] for row in told} == wanted
    book = openpyxl.load_workbook(folder / "out.xlsx")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    assert wanted <= {str(cell.value) for cell in cells}
    with zipfile.ZipFile(folder / "out.ods") as package:
        content = package.read("content.xml").decode()
    ElementTree.fromstring(content)
    assert "table:formula" not in content
    assert "<script" not in content


@sink("sheet", "refused rows", "mapping")
def _sheets(folder: Path) -> None:
    at, _ = register_with(folder)
    named = folder / "=x $(touch y) [b].csv"
    rows = [("Action", "Audit", "Priority", "Directorate", HOSTILE[0])]
    rows += [(text, "Pay", "=high", "d5", text) for text in HOSTILE]
    with named.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(row for row in rows)
    for form in render.FORMS:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            main([*at, "import", "inspect", str(named), "--format", form])
        assert_steers_nothing(out.getvalue() + err.getvalue())
    left = {name: folder / name for name in ("rejects.csv", "problems.csv", "how.toml")}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as err:
        main([
            *(*at, "import", "actions", str(named), "--default", "year=23/24", "--create-missing"),
            *("--partial", "--rejects", str(left["rejects.csv"])),
            *("--every-problem", str(left["problems.csv"])),
            *("--save-mapping", str(left["how.toml"])),
        ])  # fmt: skip
    assert_steers_nothing(err.getvalue())
    for name in ("rejects.csv", "problems.csv"):
        if left[name].exists():
            written = left[name].read_text(encoding="utf-8-sig")
            assert_no_formula(cell for row in csv.reader(io.StringIO(written)) for cell in row)
    if left["how.toml"].exists():
        tomllib.loads(left["how.toml"].read_text(encoding="utf-8"))


@sink("shell")
def _shell(folder: Path) -> None:
    at, _ = register_with(folder)
    for text in HOSTILE:
        if set(text) & set("/\0\r\n") or not text.isprintable():
            continue
        sheet = folder / f"{text}.csv"
        sheet.write_text("Action,Audit\nOne,Pay\n", encoding="utf-8")
        told = run(*at, "import", "inspect", str(sheet))
        command = shlex.split(told.partition("To take it in")[2].partition(":\n")[2])
        assert str(sheet) in command, told


@sink("file name")
def _file_name(folder: Path) -> None:
    at, _ = register_with(folder)
    before = {path.name for path in folder.parent.iterdir()}
    for text in HOSTILE:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as err:
            code = main([*at, "export", "directorates", f"{folder}/{text}.csv"])
        assert code in (0, 1, 2)
        assert all(printable(line) == line for line in err.getvalue().split("\n"))
    assert {path.name for path in folder.parent.iterdir()} == before
    wanted = filing.pack_files(("md",), str(folder), date(2023, 10, 31), force=False)
    assert wanted == {"md": folder / "board-pack-2023-10-31.md"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        for name, value in attrs:
            if name in ("href", "src"):
                assert not re.match(r"\s*(javascript|data:text|file)", value or "", re.I), value


def pack_with(texts: Sequence[str]) -> Iterable[object]:
    """A pack that has the texts wherever a pack can have text."""
    grid: Grid = grid_of(*[(text, text) for text in texts], kinds=[Kind.TEXT, Kind.MARKDOWN])
    grid = grid._replace(table=grid.table._replace(title=texts[0]))
    day = date(2023, 10, 31)
    marks = (Mark(texts[0], None, day, day, "R"),)
    timeline = Timeline(
        ((0, texts[0], marks),), date(2023, 9, 1), date(2024, 1, 1), day, grid.table
    )
    return grid, Points(tuple(texts)), Drawing(texts[0], texts[0], timeline, grid)


@sink(*(f"pack {ending}" for ending in formats.FORMATS))
def _packs(folder: Path) -> None:
    del folder
    texts = tuple(texts_for_packs())
    plain = tuple("Words" for _ in texts)
    for ending in formats.FORMATS:
        made = formats.written(_pack(texts), ending)
        assert "DROP TABLE entry" in _read(made, ending), ending
        if ending == "html":
            found, usual = _Tags(), _Tags()
            found.feed(made.decode())
            usual.feed(formats.written(_pack(plain), ending).decode())
            for tag in ("script", "img", "iframe", "style", "link", "object"):
                assert found.tags[tag] == usual.tags[tag], tag
            assert found.handlers == usual.handlers
        elif ending == "md":
            assert_steers_nothing(made.decode())
            assert_no_markup(made.decode())
        elif ending != "pdf":
            _assert_plain_package(made, ending)


def _read(made: bytes, ending: str) -> str:
    if ending == "pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    return str(tables_in(made, ending))


def texts_for_packs() -> Iterable[str]:
    yield from HOSTILE
    yield MEGABYTE[:10_000]  # the longest that a register takes


@sink("seal")
def to_a_seal(folder: Path) -> None:
    """A council's name can't make a line of its own, or steer a terminal."""
    for text in HOSTILE:
        location = locate(str(folder / "register.db"))
        create(location, entry(Change("council", "council", RAISED, {"name": text})))
        with reading(location) as reader:
            seal = seal_of(reader)
            told = seal_text(seal)
            refuse_other_register(reader, read_seal(told, "it"))
        assert len(told.splitlines()) == 5
        for line in told.splitlines():
            assert_steers_nothing(line)
        assert location.path is not None
        location.path.unlink()


@sink("dump")
def to_a_dump(folder: Path) -> None:
    """What is dumped comes back as it was, and each row is one line."""
    there, here = (locate(str(folder / name)) for name in ("there.db", "here.db"))
    create(there, *(entry(raised(f"A{n}", title=text)) for n, text in enumerate(HOSTILE)))
    with dumping(there) as lines:
        told = list(lines)
    assert [line.index("\n") + 1 for line in told] == [len(line) for line in told]
    fill(here, read_dump(iter(told), "it"), "it")
    with reading(here) as reader:
        titles = [
            json.loads(fields)["title"] for (fields,) in reader.rows("SELECT fields FROM change")
        ]
    assert titles == list(HOSTILE)


def _pack(texts: Sequence[str]) -> packs.document.BoardPack:
    title = printable(texts[-2])
    return pack_of(*pack_with(texts), title=title, council=title, owner=title, marking=title)  # type: ignore[arg-type]


def _assert_plain_package(made: bytes, ending: str) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        for name in package.namelist():
            content = package.read(name)
            if name.endswith((".xml", ".rels")):
                tree = ElementTree.fromstring(content)
                assert not [one for one in tree.iter() if one.tag.rpartition("}")[2] == "script"]
                for one in tree.iter():
                    if one.get("TargetMode") == "External":
                        assert re.match("https?:|mailto:", one.get("Target", "")), name
            if ending == "xlsx" and name.startswith("xl/worksheets/"):
                assert b"<f>" not in content, name


TRIALS = {trial: name for name, trial in reversed(SINKS.items())}


@pytest.mark.parametrize("trial", TRIALS, ids=TRIALS.values())
def test_hostile_text_is_only_text(trial: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    trial(folder)


def test_a_megabyte_is_put_out_whole_or_refused_briefly() -> None:
    assert len(quoted(MEGABYTE)) <= 62
    with redirect_stderr(io.StringIO()) as err:
        note(MEGABYTE)
    assert err.getvalue() == MEGABYTE + "\n"
    for form in render.FORMS:
        out, _ = put(Answer(Table((Column("text", "Text"),), [[MEGABYTE]])), form)
        assert "x" * 2**20 in out, form
