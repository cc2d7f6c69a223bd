"""What a command costs to start: nothing heavy is imported by what only reads."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from shared import trackers
from shared.transcript import Scene, named

from irbtrack.cli import COMMANDS, in_python, main, module_of

HEAVY = ("sqlmodel", "sqlalchemy", "pydantic", "alembic")
LIBRARIES = (
    "xlsxwriter",
    "odfdo",
    "olefile",
    "tomli_w",
    "holidays",
    "irbtrack.sheets",
    "docx",
    "lets_plot",
    "pptx",
    "typst",
    "irbtrack.packs",
)

READING = [
    ["--help"],
    ["action", "add", "--help"],
    ["summary", "--year", "22/23", "--as-of", "31/10/2023"],
    ["summary", "--by", "directorate", "--known-at", "1/11/2023", "--format", "csv"],
    ["action", "list", "--status", "overdue", "--as-of", "31 Oct 23"],
    ["action", "list", "--due-before", "+1m", "--format", "json"],
    ["action", "show", "2223-001"],
    ["audit", "list", "--year", "23/24"],
    ["audit", "show", "Council Tax"],
    ["directorate", "list"],
    ["officer", "list"],
    ["history", "2223-001", "--format", "md"],
    ["direction", "--help"],
    ["direction", "list", "--as-of", "31/10/2023", "--compare", "3/10/2023"],
    ["direction", "show", "3a", "--known-at", "20/11/2023"],
    ["workstream", "list"],
    ["milestone", "list", "--workstream", "finance-plan", "--format", "csv"],
    ["trend", "--to", "31/10/2023", "--refs"],
    ["kpi", "--to", "31/10/2023", "--refs"],
    ["plan", "--as-of", "31/10/2023"],
    ["plan", "ict-digital", "--format", "json"],
    ["note", "list", "--section", "theme", "--format", "md"],
    ["exceptions", "--from", "3/10/2023", "--to", "31/10/2023"],
    ["movement", "--to", "31/10/2023", "--status", "all"],
    ["movement", "--known", "--to", "3/10/2023"],
    ["due", "--within", "1m", "--as-of", "31/10/2023"],
    ["ageing", "--as-of", "31/10/2023", "--by", "audit", "--refs", "--explain"],
    [
        "action",
        "list",
        "2223-001",
        "--as-of",
        "31/10/2023",
        "--redated",
        "0",
        "--sort",
        "due_on-",
        "--columns",
        "ref",
    ],
    ["overview", "--as-of", "31/10/2023"],
    ["check"],
    ["check", "--list"],
    ["waiver", "list", "--help"],
    ["snapshot", "list"],
    ["snapshot", "show", "--by", "audit"],
    ["snapshot", "compare"],
    ["db", "info"],
    ["help"],
    ["help", "dates"],
]

LOADING = f"""
import contextlib, io, json, sys
from irbtrack.cli import COMMANDS, in_python, main, module_of
loaded = {{}}
for arguments in json.loads(sys.argv[1]):
    before = set(sys.modules)
    with contextlib.redirect_stdout(io.StringIO()):
        code = main(arguments)
    assert code == 0, arguments
    loaded[" ".join(arguments)] = [
        name for name in {HEAVY + LIBRARIES} if name in sys.modules and name not in before
    ]
print(json.dumps(loaded))
"""


class Loading(NamedTuple):
    """The modules that each command loads first, and what it writes to standard error."""

    loaded: dict[str, list[str]]
    stderr: str


def loading(*commands: list[str], database: str | None = None) -> Loading:
    ran = subprocess.run(
        [sys.executable, "-c", LOADING, json.dumps(commands)],
        env=os.environ | ({"IRBTRACK_DATABASE": database} if database else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return Loading(json.loads(ran.stdout), ran.stderr)


@pytest.mark.files
def test_what_only_reads_loads_nothing_heavy_and_nothing_for_spreadsheets(
    databases: dict[str, Path],
) -> None:
    found = loading(*READING, database=str(databases["board"]))
    assert found == Loading({" ".join(arguments): [] for arguments in READING}, "")


@pytest.mark.usefixtures("scene")
def test_a_writing_command_is_seen_to_load_what_is_heavy() -> None:
    assert loading(["init", "--council", "Council"]).loaded == {
        "init --council Council": list(HEAVY)
    }


MODULES = """
import sys
from irbtrack.cli import COMMANDS, in_python, main, module_of
code = main(sys.argv[1:])
own = "irbtrack.commands."
print(*sorted(m.removeprefix(own) for m in sys.modules if m.startswith(own)), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("arguments", "own"),
    [
        (["summary", "--as-of", "31/10/2023"], {"summary"}),
        (["plan", "--as-of", "31/10/2023"], {"plan"}),
        (["due", "--as-of", "31/10/2023"], {"due"}),
        (["exceptions", "--to", "31/10/2023"], {"exceptions"}),
        (["history", "--last", "1"], {"history"}),
        (["--officer", "register-officer", "db", "info"], {"db"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_run_imports_only_the_modules_of_the_command_asked_for(
    arguments: list[str], own: set[str], databases: dict[str, Path]
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MODULES, *arguments],
        env=os.environ | {"IRBTRACK_DATABASE": named(databases["board"])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert set(ran.stderr.splitlines()[-1].split()) == own


ALONE = [name for name in COMMANDS if not hasattr(module_of(name), "VERBS")]
NOUNS = [name for name in COMMANDS if hasattr(module_of(name), "VERBS")]


@pytest.mark.parametrize("name", ALONE)
def test_the_path_of_a_command_is_its_name_and_its_purpose_is_told(name: str) -> None:
    module = module_of(name)
    found = getattr(module, in_python(name))
    assert found.__module__ == module.__name__
    first, *_ = (found.__doc__ or "").strip().splitlines()
    assert first == COMMANDS[name]


def test_a_command_with_verbs_tells_its_own_purpose_too() -> None:
    own = [name for name in NOUNS if hasattr(module_of(name), "WITHOUT_VERB")]
    assert own == ["report"]
    first, *_ = (module_of("report").WITHOUT_VERB.__doc__ or "").splitlines()
    assert first == COMMANDS["report"]


@pytest.mark.parametrize("noun", NOUNS)
def test_the_verbs_of_a_noun_are_functions_of_its_module(noun: str) -> None:
    module = module_of(noun)
    for verb, function in module.VERBS.items():
        assert function.__module__ == module.__name__
        first, *_ = (function.__doc__ or "").strip().splitlines()
        assert first.endswith("."), f"{noun} {verb}: {first}"


def test_a_global_option_goes_anywhere_before_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help", "action"]) == 0
    shown = capsys.readouterr().out
    for name in COMMANDS:
        assert f"\n  {name} " in shown


def test_help_and_a_word_that_is_no_command_are_answered_with_all_of_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in COMMANDS:
        assert f"\n  {name} " in shown
    for mistyped, meant in (("directoin", "direction"), ("plans", "plan"), ("milestones", "mile")):
        assert main([mistyped, "list"]) == 2
        assert f"'{meant}" in capsys.readouterr().err


def test_what_writes_to_the_register_loads_nothing_for_spreadsheets(
    scene: Scene, databases: dict[str, Path]
) -> None:
    (scene.folder / "irbtrack.db").write_bytes(databases["board"].read_bytes())
    database = scene.database
    writing = [
        ["directorate", "add", "another", "Another directorate"],
        ["action", "update", "2223-171", "--priority", "low"],
    ]
    for command, names in loading(*writing, database=database).loaded.items():
        assert set(names) <= set(HEAVY), command


def test_each_way_in_and_out_loads_only_what_it_needs(
    scene: Scene, databases: dict[str, Path]
) -> None:
    (scene.folder / "irbtrack.db").write_bytes(databases["board"].read_bytes())
    for name in ("directorates.csv", "audits.xlsx"):
        trackers.make(name, scene.folder)
    ways: dict[tuple[str, ...], set[str]] = {
        ("export", "actions", "b.csv"): set(),
        ("reconcile", "b.csv"): set(),
        ("export", "audits", "a.csv"): set(),
        ("export", "audits", "a.json"): set(),
        ("export", "audits", "a.xlsx"): {"xlsxwriter"},
        ("export", "audits", "a.ods"): {"odfdo"},
        ("import", "directorates", "directorates.csv", "--dry-run"): set(),
        ("import", "inspect", "audits.xlsx", "--as", "audits"): set(),
    }
    for way, needed in ways.items():
        [names] = loading(list(way), database=scene.database).loaded.values()
        assert set(names) - {*HEAVY, "irbtrack.sheets"} == needed, way
