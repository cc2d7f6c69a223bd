"""CONTRIBUTING.md's recipes for a noun and a field, followed in a copy of the program.

What the recipes say follows by itself must follow: the table, import, export, history, undo.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

TOP = Path(__file__).parents[1]
RECIPES = TOP.joinpath("CONTRIBUTING.md").read_text(encoding="utf-8")

RUN = """
import contextlib, io, json, sys
from irbtrack.cli import main
said = []
for command in json.loads(sys.argv[1]):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = main(command)
    said.append([code, out.getvalue()])
print(json.dumps(said))
"""


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name}: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with a noun ``risk``, and a field ``impact`` of actions."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("src", "migrations"):
        shutil.copytree(TOP / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "pyproject.toml", copy)
    package = copy / "src" / "irbtrack"
    nouns = package / "domain" / "nouns"

    [record] = re.findall(r"^ *```python\n(.*?)^ *```", RECIPES, re.DOTALL | re.MULTILINE)
    nouns.joinpath("risk.py").write_text(dedent(record), encoding="utf-8")
    workstream = "from irbtrack.domain.nouns.workstream import Workstream\n"
    replace(
        nouns / "__init__.py",
        workstream,
        f"from irbtrack.domain.nouns.risk import Risk\n{workstream}",
    )
    replace(nouns / "__init__.py", "Note, Waiver)", "Note, Waiver, Risk)")

    [attribute] = re.findall(r"`(impact: [^`]+)`", RECIPES)
    [field] = re.findall(r'`(Field\("impact"[^`]+)`', RECIPES)
    outcome = "    outcome_on: date | None = None\n"
    replace(nouns / "action.py", outcome, f"{outcome}    {attribute}\n")
    last = "    TIMES_REDATED,\n    Field"
    replace(nouns / "action.py", last, f"    {field},\n{last}")

    database = copy / "migration.db"
    ran(copy, "-m", "alembic", "-x", f"database={database}", "upgrade", "head")
    making = ("revision", "--autogenerate", "--rev-id", "9999", "-m", "recipes")
    ran(copy, "-m", "alembic", "-x", f"database={database}", *making)
    revision = package / "store" / "database.py"
    text = revision.read_text(encoding="utf-8")
    revision.write_text(re.sub(r"(?m)^REVISION = .*", 'REVISION = "9999"', text), encoding="utf-8")
    return copy


def ran(copy: Path, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=os.environ
        | {
            "PYTHONPATH": str(copy / "src"),
            "IRBTRACK_DATABASE": str(copy / "irbtrack.db"),
            "IRBTRACK_OFFICER": "register-officer",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def said(copy: Path) -> dict[str, str]:
    """What commands answer in the copy, all of them done."""
    copy.joinpath("risks.csv").write_text(
        "Risk,Risk owner\nThe one who knows leaves,boss\n", encoding="utf-8"
    )
    copy.joinpath("actions.csv").write_text(
        "Ref,Audit,Action,Priority,Directorate,Effect\n"
        "CT/1,Council Tax,Keep a log,High,finance,Refunds are late\n",
        encoding="utf-8",
    )
    copy.joinpath("again.csv").write_text(
        "Ref,Action,Impact\nCT/1,Keep a log,Refunds go to the wrong people\n", encoding="utf-8"
    )
    commands = [
        ["init", "--council", "Council"],
        ["directorate", "add", "finance", "Finance"],
        ["officer", "add", "boss", "Chief Executive"],
        ["import", "risks", "risks.csv"],
        ["history", "R001"],
        ["export", "risks", "risks.xlsx"],
        ["import", "risks", "risks.xlsx"],
        ["import", "actions", "actions.csv", "--default", "year=23/24", "--create-missing"],
        ["import", "actions", "again.csv"],
        ["action", "show", "CT/1"],
        ["export", "actions", "actions.json"],
        ["undo", "6", "--reason", "Another council's"],
        ["undo", "4", "--reason", "Another council's"],
        ["export", "risks", "none.csv"],
    ]
    answers = json.loads(ran(copy, "-c", RUN, json.dumps(commands)))
    assert [answer for answer in answers if answer[0]] == []
    return {" ".join(c): text for c, (_, text) in zip(commands, answers, strict=True)}


def test_a_new_noun_is_imported_told_of_exported_and_taken_back(
    copy: Path, said: dict[str, str]
) -> None:
    assert "1 added" in said["import risks risks.csv"]
    assert "title: The one who knows leaves" in said["history R001"]
    assert "0 added, 0 changed, 1 as they were" in said["import risks risks.xlsx"]
    assert "taken back" in said["undo 4 --reason Another council's"]
    assert copy.joinpath("none.csv").read_text(encoding="utf-8").splitlines()[1:] == []


def test_a_new_field_is_imported_shown_and_exported(copy: Path, said: dict[str, str]) -> None:
    for impact in ("Refunds are late", "Refunds go to the wrong people"):
        assert f"impact: {impact}" in said["action show CT/1"]
    [action] = json.loads(copy.joinpath("actions.json").read_text(encoding="utf-8"))
    assert action["impact"] == "Refunds go to the wrong people"
