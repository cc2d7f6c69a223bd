"""A list of somebody else's beside ours: exports that come back, edits, texts, standard input."""

import csv
import io
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import openpyxl
import pytest
from hypothesis import strategies as st
from shared import trackers
from shared.spreadsheets import csv_of, xls_of, xlsx_of
from shared.transcript import Prepare, Scene, as_json, data, kept

FILTERS = "--as-of 31/10/2023 --year 22/23 --status overdue"


@pytest.fixture
def board(scene: Scene, databases: dict[str, Path]) -> Scene:
    """The example's register."""
    (scene.folder / "irbtrack.db").write_bytes(databases["board"].read_bytes())
    return scene


def reconciled(scene: Scene, command: str) -> list[dict[str, Any]]:
    """The rows of a reconciliation, whether or not the two lists differ."""
    rows: list[dict[str, Any]]
    said = data(scene, f"reconcile {command} --format json")
    rows, end = json.JSONDecoder().raw_decode(said)
    assert said[end:] in ("", "\n[exit 5]")
    return rows


def sides(rows: list[dict[str, Any]]) -> Counter[str]:
    """How many actions, or rows without one, are on each side."""
    return Counter(side for side, _, _ in {
        (row["side"], row["ref"], row["ref"] or row["row"]) for row in rows
    })  # fmt: skip


def piped(scene: Scene, given: bytes, command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a command writes that is given bytes on its standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    return scene.run(command)


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "ods"])
@pytest.mark.parametrize("filters", [FILTERS, "--as-of 3/10/2023", "--status closed"])
def test_an_export_of_the_same_selection_agrees(board: Scene, ending: str, filters: str) -> None:
    board.run(f"irbtrack export actions theirs.{ending} {filters}")
    said = board.run(f"irbtrack reconcile theirs.{ending} {filters}")
    ours = len(as_json(board, f"action list {filters}"))
    assert said.startswith("Theirs and ours agree")
    assert f" {ours} actions on both." in said
    assert "\n" not in said


def test_a_list_reconciles_in_every_format_that_action_list_has(
    board: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("table", "md", "csv", "json"):
        listed = board.run(f"irbtrack action list {FILTERS} --format {form}").encode()
        said = piped(board, listed, f"irbtrack reconcile - {FILTERS}", monkeypatch)
        assert said.startswith("Theirs and ours agree as of 31 October 2023: 59 actions on both")


EDITS = {
    "title": ("Another title", "Another title"),
    "priority": ("Low", "Low"),
    "directorate": ("Housing and Environment", None),
    "owner": ("Head of Internal Audit", "ha-internal-audit"),
    "due_on": ("1 Feb 2023", "2023-02-01"),
    "original_due_on": ("1/1/2023", "2023-01-01"),
    "status": ("Complete", "Complete"),
    "percent_complete": (99, 99),
    "approved_by": ("Somebody else", "Somebody else"),
    "verified_on": ("2023-10-01", "2023-10-01"),
}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_each_edited_cell_is_found(board: Scene, ending: str) -> None:
    board.run(f"irbtrack export actions theirs.{ending} {FILTERS}")
    path = board.folder / f"theirs.{ending}"
    if ending == "csv":
        rows = _csv(path)
        names, first = rows[0], 1
    else:
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        names, first = [cell.value for cell in sheet[1]], 3
    for n, (name, (typed, _)) in enumerate(EDITS.items()):
        if ending == "csv":
            rows[first + n][names.index(name)] = str(typed)
        else:
            sheet.cell(first + n, names.index(name) + 1).value = typed
    if ending == "csv":
        path.write_bytes(csv_of(rows))
    else:
        book.save(path)
    found = [r for r in reconciled(board, f"{path.name} {FILTERS}") if r["field"]]
    ours = as_json(board, f"action list {FILTERS}")
    assert [(r["side"], r["ref"], r["field"]) for r in found] == [
        ("both", one["ref"], name) for one, name in zip(ours, EDITS, strict=False)
    ]
    for row, (typed, read) in zip(found, EDITS.values(), strict=True):
        assert row["theirs"] == (typed if read is None else read)
    assert found[-1]["ours"] is None


def _csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


@hypothesis.settings(
    max_examples=12, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(st.randoms(use_true_random=False), st.integers(0, 40), st.integers(0, 5))
def test_lists_drawn_from_the_register_balance(
    board: Scene, chance: random.Random, known: int, unknown: int
) -> None:
    every = [row["ref"] for row in as_json(board, "action list --as-of 23/11/2023")]
    theirs = chance.sample(every, known) + [f"2223-9{n:03}" for n in range(unknown)]
    theirs += theirs[:2]
    table = [["Ref", "Year"], *([ref, ""] for ref in theirs)]
    (board.folder / "theirs.csv").write_bytes(csv_of(table))
    ours = {row["ref"] for row in as_json(board, f"action list {FILTERS}")}
    rows = reconciled(board, f"theirs.csv {FILTERS}")
    found = sides(rows)
    assert found["theirs"] + found["both"] == len(set(theirs))
    assert found["ours"] + found["both"] == len(ours)
    assert {r["ref"] for r in rows if r["side"] == "theirs"} == set(theirs) - ours
    assert {r["ref"] for r in rows if r["side"] == "ours"} == ours - set(theirs)
    assert all(r["why"] for r in rows if r["side"] != "both")


THEIRS = [
    ["Audit", "Agreed action", "Target date", "Dept", "Lead"],
    ["Declarations of Interest",
     "Set a review date for the Officers' Code of Conduct and name its owner", "28/02/23",
     "corporate", "Assistant Director, Human Resources"],
    ["Declarations of Interest", "Something – we never agreed to", "28/02/23", "corporate", ""],
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_standard_input_is_read_in_any_encoding_and_known_by_audit_and_title(
    board: Scene, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = csv_of(THEIRS, encoding, ";")
    command = f"irbtrack reconcile - {FILTERS} --owner ad-hr --format json"
    said = piped(board, sheet, command, monkeypatch)
    rows = json.loads(said[: said.index("]\n") + 1])
    theirs = [row for row in rows if row["side"] == "theirs"]
    assert [(row["ref"], row["theirs"], row["why"], row["row"]) for row in theirs] == [
        (
            None,
            "Something – we never agreed to",
            "no reference, and no action of that audit and title",
            "text!B3",
        )
    ]
    assert [row["ref"] for row in rows if row["side"] == "both"] == ["2223-011"]


@pytest.mark.parametrize("made", [xlsx_of, xls_of])
def test_a_column_of_references_alone_is_a_list(board: Scene, made: Any) -> None:
    refs = [row["ref"] for row in as_json(board, f"action list {FILTERS}")]
    ending = "xlsx" if made is xlsx_of else "xls"
    sheet = made({"Ours": [["Reference"], *([ref] for ref in refs)]})
    (board.folder / f"theirs.{ending}").write_bytes(sheet)
    said = board.run(f"irbtrack reconcile theirs.{ending} {FILTERS}")
    assert said.startswith("Theirs and ours agree as of 31 October 2023: 59 actions on both (only")


def test_an_unknown_reference_of_a_known_title_says_which_has_it(board: Scene) -> None:
    rows = [["Ref", "Audit", "Title"], ["X-1", *THEIRS[1][:2]]]
    (board.folder / "theirs.csv").write_bytes(csv_of(rows))
    [row] = [r for r in reconciled(board, f"theirs.csv {FILTERS}") if r["side"] == "theirs"]
    assert row["why"] == "no such reference; 2223-011 has that audit and title"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", "is empty; give a list of actions, or a text with their references"),
        (b"PK\x03\x04rest", "is a document or a workbook"),
        (b"%PDF-1.7 2223-010", "is a PDF document; save its text as .txt"),
        (b"2223-010\0\0", "has the byte 0x00 in line 1"),
        (b"nothing of that kind", "no reference of an action is found in"),
    ],
)
def test_what_is_no_text_is_refused_from_a_file_and_from_standard_input(
    board: Scene, given: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (board.folder / "theirs.docx").write_bytes(given)
    expected = why.replace("; give a list of actions, or a text with their references", "")
    said = board.run("irbtrack reconcile theirs.docx")
    assert expected in said
    assert said.endswith("[exit 4]")
    said = piped(board, given, "irbtrack reconcile -", monkeypatch)
    assert why in said
    assert said.endswith("[exit 4]")


def test_a_text_that_is_too_long_or_mentions_too_many_is_refused(board: Scene) -> None:
    for text, why in (
        ("2223-010 " * 200_001, "theirs.txt mentions more than 200,000 references"),
        ("x " * (8 << 20) + "2223-010", "theirs.txt has more than 16 MiB"),
    ):
        (board.folder / "theirs.txt").write_text(text)
        said = board.run("irbtrack reconcile theirs.txt")
        assert said.startswith(f"! irbtrack: {why}, the most that ")
        assert said.endswith("[exit 4]")


def test_without_standard_input_a_file_is_asked_for(
    board: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert board.run("irbtrack reconcile -") == (
        "! irbtrack: there is no standard input to read; name a file\n[exit 4]"
    )


def test_nothing_is_stored(board: Scene) -> None:
    before = kept(board.folder / "irbtrack.db")
    (board.folder / "theirs.csv").write_bytes(csv_of(THEIRS))
    assert board.run("irbtrack reconcile theirs.csv").endswith("[exit 5]")
    assert kept(board.folder / "irbtrack.db") == before


def test_what_is_typed_into_a_cell_is_shown_as_text(board: Scene) -> None:
    rows = [["Ref", "Audit", "Title"], ["X-1", "Council Tax", "[red]\x1b[31m=1+1"]]
    (board.folder / "theirs.csv").write_bytes(csv_of(rows))
    said = board.run(f"irbtrack reconcile theirs.csv {FILTERS}")
    assert "\x1b" not in said
    assert "[red]" in said


def test_after_a_redating_the_entry_that_made_it_is_named(prepared: Prepare) -> None:
    scene = prepared(
        "init --council Council",
        "directorate add finance Finance",
        "officer add clerk Clerk",
        "audit add Ledger --year 22/23",
        "action add Keys --audit Ledger --year 22/23 --priority high --directorate finance"
        " --owner clerk --due 1/10/2023 --on 1/2/2023 --ref K-1",
        "action redate K-1 --due 31/12/2023 --on 20/10/2023 --reason Late",
    )
    (scene.folder / "theirs.txt").write_text("K-1 is late")
    [row] = reconciled(scene, "theirs.txt --as-of 31/10/2023 --status overdue")
    assert row["why"] == (
        "re-dated on 20 October 2023 from 1 October 2023 to 31 December 2023 (entry 6), so not"
        " due until 31 December 2023"
    )


ALL = "--as-of 31/10/2023 --status open --status complete --status closed"

WORDS = (
    "--value priority:P1=High --value priority:P2=Medium --value priority:P3=Low"
    " --value 'status:Not implemented=Open' --value 'status:Not yet due=Open'"
    " --value status:Implemented=Complete --value 'status:Partly implemented=Open'"
)

IMPORTED = [
    *((name, "", "") for name in trackers.TRACKERS if name.startswith("plain")),
    ("tracker.xlsx", WORDS, ""),
    ("two-lines.xlsx", "", "--default year=22/23"),
    ("good-dates.xlsx", "", "--default year=23/24"),
    ("no-references.csv", "", "--default year=23/24"),
    (
        "vendors.csv",
        "",
        "--default year=23/24 --default directorate=finance --default priority=low",
    ),
]
"""Trackers, how both read them, and what the import needs beside."""


@pytest.mark.parametrize(("name", "how", "more"), IMPORTED, ids=[name for name, *_ in IMPORTED])
def test_a_tracker_agrees_with_what_was_imported_from_it(
    name: str, how: str, more: str, prepared: Prepare
) -> None:
    scene = prepared(
        'init --council "Test Council"',
        'directorate add finance "Finance and Commercial"',
        'directorate add housing "Housing and Neighbourhoods"',
        'officer add hs-revenues "Head of Revenues" --directorate finance',
        'officer add hs-repairs "Head of Repairs" --directorate housing',
        'audit add "Council Tax" --year 23/24',
        'audit add "Gas Safety" --year 23/24',
    )
    trackers.make(name, scene.folder)
    said = scene.run(
        f"irbtrack import actions {name} {how} {more} --create-missing --on 31/10/2023"
    )
    assert "[exit" not in said, said
    ours = len(as_json(scene, f"action list {ALL}"))
    said = scene.run(f"irbtrack reconcile {name} {how} {ALL}")
    assert said.startswith(f"Theirs and ours agree as of 31 October 2023: {ours} action"), said
