"""A command and an import take the same records, and refuse the same ones.

Random records of each noun, good and bad, are given to both, each in a register of its own.
``IRBTRACK_EXAMPLES`` says how many there are of each noun.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared.transcript import Scene, kept, named, rows_in

from irbtrack.domain.nouns import FIELDS
from irbtrack.store.tables import VERSION_TABLES

EXAMPLES = int(os.environ.get("IRBTRACK_EXAMPLES", "12"))

ON = "2023-11-20"

SET_UP = [
    "officer add register-officer 'Register Officer' --on 1/9/2023",
    "directorate add finance Finance --on 1/9/2023",
    "officer add ed-finance 'Executive Director' --on 1/9/2023",
    "audit add 'Council Tax' --year 23/24 --on 1/9/2023",
    "workstream add money Money --on 1/9/2023",
    "direction add 3a 'Financial Sustainability' --on 1/9/2023",
]


class Said(NamedTuple):
    """How one field is given: as an argument or option, as a column, and what may be said."""

    option: str
    column: str
    texts: tuple[str | None, ...]


def said(option: str, column: str, *texts: str | None) -> Said:
    return Said(option, column, texts)


TITLES = ("Agreed", "[bold]", "=1+1", "a\x1bb", " ", "x" * 301)
RAGS = (None, "R", "amber", "Z")
DAYS = (None, "31/10/2023", "30/9/2023", "31/11/2023", "Dec-23", "soon")
POSTS = (None, "ed-finance", "Executive Director", "nobody")

RECORDS: dict[str, tuple[Said, ...]] = {
    "directorate": (
        said("", "ref", "new", "New-One", "two words", "x" * 41),
        said("", "name", *TITLES),
    ),
    "officer": (
        said("", "ref", "new", "New-One", "two words"),
        said("", "title", *TITLES),
        said("--directorate", "directorate", None, "finance", "Finance", "parks"),
    ),
    "audit": (
        said("", "name", "Council Tax", "council tax", "Payroll", *TITLES),
        said("--year", "year", "23/24", "2022-23", "23/25"),
        said("--ref", "ref", "PAY-1", "PAY/1", "#1"),
        said("--quarter", "quarter", None, "q1", "Q5"),
        said("--status", "status", None, "draft", "done"),
        said("--classification", "classification", None, "good progress", "superb"),
        said("--findings", "findings", None, "1/2/3", "1/2"),
        said("--source", "source", None, "peer review", "Ofsted"),
    ),
    "action": (
        said("", "title", *TITLES[:-1]),
        said("--audit", "audit", "Council Tax", "Payroll"),
        said("--ref", "ref", "CT-1", "CT/1", "#1"),
        said("--priority", "priority", "high", "urgent"),
        said("--directorate", "directorate", "finance", "parks"),
        said("--owner", "owner", *POSTS),
        said("--raised", "raised_on", "1/10/2023", "1/12/2024", "31/9/2023"),
        said("--due", "due_on", *DAYS),
    ),
    "direction": (
        said("", "ref", "SEND", "3.b", "#1"),
        said("", "title", *TITLES),
        said("--target", "target_on", None, "31-Mar-24 (FOR REVIEW)", "Mar-24", "soon"),
        said("--rag", "rag", *RAGS),
        said("--strategic-lead", "strategic_leads", *POSTS),
    ),
    "workstream": (
        said("", "ref", "new", "two words"),
        said("", "name", *TITLES),
        said("--within", "within", None, "money", "new", "nowhere"),
    ),
    "milestone": (
        said("", "title", *TITLES),
        said("--ref", "ref", "B-1", "#1"),
        said("--workstream", "workstream", "money", "nowhere"),
        said("--starts", "starts_on", None, "1/10/2023", "1/11/2023", "31/9/2023"),
        said("--due", "forecast_on", *DAYS),
        said("--direction", "direction", None, "3a", "9z"),
        said("--rag", "rag", *RAGS),
    ),
    "note": (
        said("", "section", "Headline", "theme", "Progress", "next step", "Forward Look", "News"),
        said("", "text", "Agreed.", "a\x1bb", " "),
        said("--direction", "direction", None, None, "3a", "9z"),
        said("--workstream", "workstream", None, None, "money", "nowhere"),
        said("--theme", "theme", None, None, "Money"),
        said("--board", "board_on", None, None, "1/1/2020", "21/12/2023"),
        said("--dated", "dated_on", None, "15/10/2023", "21/11/2023"),
    ),
    "waiver": (
        said("", "check_name", "no-email", "stale direction", "journal-chain", "no-such"),
        said("--ref", "about", None, None, "3a", "a\x1bb", "-"),
        said("--reason", "why", "Agreed.", "a\x1bb", " "),
    ),
}

NOT_COMPARED = {"ref", "valid_from", "valid_to", "position"}
"""A sheet gives places in its own order, and a new reference where it has none."""


def newest(database: Path, noun: str) -> list[tuple[Any, ...]]:
    """The newest versions of a noun's records, without what is not compared."""
    compared = [one.name for one in VERSION_TABLES[noun].columns if one.name not in NOT_COMPARED]
    return rows_in(database, f"SELECT {', '.join(compared)} FROM {noun} ORDER BY ref")


@pytest.fixture(scope="module")
def begun(
    databases: dict[str, Path],
    copied: Callable[[Path, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A register with one record of most nouns."""
    path = copied(databases["new"], tmp_path_factory.mktemp("begun") / "begun.db")
    scene = Scene(path.parent)
    for command in SET_UP:
        assert "[exit" not in scene.run(f"irbtrack --database {quote(named(path))} {command}")
    return path


@pytest.mark.parametrize("noun", RECORDS)
def test_a_command_and_an_import_accept_the_same_or_both_refuse(
    noun: str, begun: Path, scene: Scene
) -> None:
    typed, sheet = scene.folder / "typed.db", scene.folder / "sheet.db"

    @settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.tuples(*(st.sampled_from(one.texts) for one in RECORDS[noun])))
    def same(texts: tuple[str | None, ...]) -> None:
        for database in (typed, sheet):
            database.write_bytes(begun.read_bytes())
        told = [(one, text) for one, text in zip(RECORDS[noun], texts, strict=True) if text]
        words = [quote(text) for one, text in told if not one.option]
        words += [f"{one.option} {quote(text)}" for one, text in told if one.option]
        on = "" if noun == "action" else f"--on {ON}"
        by_command = scene.run(f"irbtrack --database typed.db {noun} add {' '.join(words)} {on}")
        row = {one.column: text for one, text in told}
        (scene.folder / "sheet.json").write_text(json.dumps([row]), encoding="utf-8")
        by_import = scene.run(f"irbtrack --database sheet.db import {noun}s sheet.json --on {ON}")
        both = f"{by_command}\n{by_import}"
        if "cannot be due on" in by_command:  # a person is refused, and a list keeps its dates
            assert (": 1 added" in by_import) == ("kept as the sheet has it" in by_import), both
            return
        assert ("[exit" not in by_command) == (": 1 added" in by_import), both
        assert newest(typed, noun) == newest(sheet, noun), both

    same()


def test_every_noun_that_sheets_can_hold_is_compared() -> None:
    assert RECORDS.keys() == FIELDS.keys()


@pytest.mark.parametrize(
    ("command", "noun", "row", "sentence"),
    [
        (
            "note add theme Agreed",
            "note",
            {"section": "Theme", "text": "Agreed"},
            "a note of Theme needs the name of its theme; give it",
        ),
        (
            "note add headline Agreed --direction 3a --workstream money",
            "note",
            {"section": "Headline", "text": "Agreed", "direction": "3a", "workstream": "money"},
            "a note is about one thing; name a direction or a workstream, not both",
        ),
        (
            "note add headline Agreed --theme Money",
            "note",
            {"section": "Headline", "text": "Agreed", "theme": "Money"},
            "only a note of Theme has the name of a theme, and this is one of Headline; leave the"
            " name out",
        ),
        (
            "note add headline Agreed --board 1/1/2020",
            "note",
            {"section": "Headline", "text": "Agreed", "board_on": "1/1/2020"},
            "the board of 1 January 2020 was before 20 November 2023, from when the note would"
            " hold; give a later board, or let the note hold from an earlier day",
        ),
        (
            "audit add 'council tax' --year 23/24 --ref CT-2",
            "audit",
            {"name": "council tax", "year": "23/24", "ref": "CT-2"},
            "23/24 has the audit 'Council Tax' (2324-A01) already; give another name or year",
        ),
        (
            "milestone add Vote --workstream money --starts 1/11/2023 --due 31/10/2023",
            "milestone",
            {
                "title": "Vote",
                "workstream": "money",
                "starts_on": "1/11/2023",
                "forecast_on": "31/10/2023",
            },
            "'Vote' cannot end on 31 October 2023, before it starts on 1 November 2023; give a"
            " later end or an earlier start",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " add " in value else "",
)
def test_both_refuse_with_the_same_sentence(
    command: str, noun: str, row: dict[str, str], sentence: str, begun: Path, scene: Scene
) -> None:
    database = scene.folder / "irbtrack.db"
    database.write_bytes(begun.read_bytes())
    before = kept(database)
    assert scene.run(f"irbtrack {command} --on {ON}") == f"! irbtrack: {sentence}\n[exit 1]"
    (scene.folder / "sheet.json").write_text(json.dumps([row]), encoding="utf-8")
    refused, *_ = scene.run(f"irbtrack import {noun}s sheet.json --on {ON}").splitlines()
    assert refused.startswith("! irbtrack: sheet!")
    assert refused.endswith(f": {sentence}")
    assert kept(database) == before


def test_an_audit_is_not_renamed_onto_a_name_that_is_taken(begun: Path, scene: Scene) -> None:
    (scene.folder / "irbtrack.db").write_bytes(begun.read_bytes())
    scene.run("irbtrack audit add Payroll --year 23/24 --on 1/9/2023")
    sentence = "23/24 has the audit 'Council Tax' (2324-A01) already; give another name or year"
    renaming = scene.run("irbtrack audit update Payroll --name 'Council Tax'")
    assert renaming == f"! irbtrack: {sentence}\n[exit 1]"
    row = {"ref": "2324-A02", "year": "23/24", "name": "Council Tax"}
    (scene.folder / "sheet.json").write_text(json.dumps([row]), encoding="utf-8")
    refused = scene.run("irbtrack import audits sheet.json")
    assert sentence in refused
    assert refused.endswith("[exit 4]")


def test_undo_brings_no_contradiction_about(begun: Path, scene: Scene) -> None:
    (scene.folder / "irbtrack.db").write_bytes(begun.read_bytes())
    scene.run("irbtrack audit update 'Council Tax' --year 22/23")
    scene.run("irbtrack audit add 'Council Tax' --year 23/24 --on 11/10/2023")
    undone = scene.run("irbtrack undo 8 --reason 'It was of this year'")
    assert undone == (
        "! irbtrack: 23/24 has the audit 'Council Tax' (2324-A02) already; give another name or"
        " year\n[exit 1]"
    )


def test_a_rename_is_taken_back_while_the_name_is_free(begun: Path, scene: Scene) -> None:
    (scene.folder / "irbtrack.db").write_bytes(begun.read_bytes())
    scene.run("irbtrack audit update 'Council Tax' --name 'Local Taxes'")
    assert "[exit" not in scene.run("irbtrack undo 8 --reason 'It has its old name'")
    scene.run("irbtrack audit update 'Council Tax' --name 'Local Taxes'")
    scene.run("irbtrack audit add 'Council Tax' --year 23/24")
    assert scene.run("irbtrack undo 10 --reason 'It has its old name'") == (
        "! irbtrack: 23/24 has the audit 'Council Tax' (2324-A02) already; give another name or"
        " year\n[exit 1]"
    )
