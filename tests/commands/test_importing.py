"""Importing spreadsheets: what is recorded, and that no file is left behind."""

import csv
import hashlib
import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from shared import trackers
from shared.spreadsheets import json_of, xlsx_of
from shared.transcript import Prepare, Scene, as_json, data, kept

_ = None

SECONDS = 30
"""How long a program may take on a busy machine."""


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    """A register with the directorates, posts and audits that the plain trackers name."""
    return prepared(
        'init --council "Test Council"',
        'directorate add finance "Finance and Commercial"',
        'directorate add housing "Housing and Neighbourhoods"',
        'officer add hs-revenues "Head of Revenues" --directorate finance',
        'officer add hs-repairs "Head of Repairs" --directorate housing',
        'audit add "Council Tax" --year 23/24',
        'audit add "Gas Safety" --year 23/24',
    )


def database(scene: Scene) -> Path:
    return scene.folder / "irbtrack.db"


def imported(scene: Scene, name: str, options: str = "") -> list[str]:
    """What the import of a tracker says."""
    trackers.make(name, scene.folder)
    return scene.run(f"irbtrack import actions {name} {options}").splitlines()


def facts(scene: Scene) -> list[dict[str, Any]]:
    """What is recorded, whichever entry it is in."""
    return [
        {key: one[key] for key in ("noun", "ref", "effective_on", "fields")}
        for one in as_json(scene, "history")
    ]


# What a file is written as makes no difference.

PLAIN = sorted(name for name in trackers.TRACKERS if name.startswith("plain"))


@pytest.fixture(scope="module")
def as_xlsx() -> dict[str, Any]:
    """What the first of the plain trackers recorded, with which the others are compared."""
    return {}


@pytest.mark.parametrize("name", PLAIN)
def test_a_tracker_says_the_same_in_every_format(
    name: str, register: Scene, as_xlsx: dict[str, Any]
) -> None:
    said = imported(register, name)
    sheet = "Actions" if Path(name).suffix.startswith((".x", ".o")) else Path(name).stem
    assert said == [f"! actions of {name}, sheet {sheet}: 4 added, 0 changed, 0 as they were"]
    told = facts(register)
    assert told == as_xlsx.setdefault("facts", told)
    [first, *_] = as_json(register, "action list")
    assert first["title"] == "Reconcile the “suspense” account – each month"
    assert (first["due_on"], first["status"]) == ("2023-09-30", "Overdue")
    [done] = as_json(register, "action show T-03")
    assert done["progress"] == "All of them, the café's too; see £-report"


def test_each_way_of_writing_a_date_is_read(register: Scene) -> None:
    said = imported(register, "good-dates.xlsx", "--default year=23/24")
    assert said == [
        "! actions of good-dates.xlsx, sheet Actions: 17 added, 0 changed, 0 as they were"
    ]
    assert [one["due_on"] for one in as_json(register, "action list")] == [
        day for _, day in trackers.GOOD_DATES
    ]
    noted = [
        one["ref"] for one in as_json(register, "history") if "FOR REVIEW" in (one["reason"] or "")
    ]
    assert noted == ["D-13"]


def test_dates_that_are_none_are_each_refused_with_what_was_read(register: Scene) -> None:
    said = imported(register, "bad-dates.xlsx", "--default year=23/24")
    read = ["'Q2 2024'", "'Ongoing'", "'31/02/2024'", "'1/13/2024'", "the number 7",
            "'tomorrow'", "'Spring'"]  # fmt: skip
    for row, (text, line) in enumerate(zip(read, said, strict=False), 2):
        refused = f"! irbtrack: Actions!G{row}: {text} is not a date; "
        assert line.startswith((f"{refused}write ", f"{refused}February has 28 or 29 days")), line
    assert said[-2:] == ["! irbtrack: 7 rows cannot be taken; nothing was stored", "[exit 4]"]
    assert as_json(register, "action list") == []


def test_a_column_that_is_month_first_is_read_so_only_if_that_is_said(register: Scene) -> None:
    said = imported(register, "month-first.csv", "--default year=23/24")
    assert said[0] == (
        "! irbtrack: month-first!G: '10/31/2023' can only be month first, and so the whole column;"
        " give --date-order mdy if that is how it was written"
    )
    assert said[-1] == "[exit 4]"
    said = imported(register, "month-first.csv", "--default year=23/24 --date-order mdy")
    assert said == [
        "! actions of month-first.csv, sheet month-first: 2 added, 0 changed, 0 as they were"
    ]
    assert [(one["raised_on"], one["due_on"]) for one in as_json(register, "action list")] == [
        ("2023-04-05", "2023-10-31"),
        ("2023-05-04", "2023-11-12"),
    ]


# One import, one entry.


def test_an_import_is_one_entry_that_names_the_file_and_its_digest(register: Scene) -> None:
    imported(register, "plain.xlsx", '--reason "As sent by the directorate"')
    digest = hashlib.sha256((register.folder / "plain.xlsx").read_bytes()).hexdigest()
    rows = json.loads(_raw(register, "history --last 1 --format json"))
    assert {one["ref"] for one in rows} == {"T-01", "T-02", "T-03", "T-04"}
    assert len({one["entry"] for one in rows}) == 1
    assert {one["reason"] for one in rows} == {
        f"As sent by the directorate; from plain.xlsx, SHA-256 {digest}"
    }
    assert {one["command"] for one in rows} == {"import actions"}


def _raw(scene: Scene, command: str) -> str:
    """What a command writes, with the digests that a transcript leaves out."""
    ran = subprocess.run(
        [sys.executable, "-m", "irbtrack", *command.split()],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    del scene
    return ran.stdout


def test_a_name_of_a_file_is_text(register: Scene) -> None:
    name = "it's a [red]tracker[red] \x1b[31m.csv"
    (register.folder / name).write_bytes(trackers.written(trackers.RESTARTING[:2]))
    said = register.run(
        f'irbtrack import actions "{name}" --default year=23/24 --create-missing'
    ).splitlines()
    assert said[0].startswith("! actions of it's a [red]tracker[red] \\x1b[31m.csv, sheet it's a ")
    assert "\x1b" not in register.run("irbtrack history --last 1")


SAYING = (
    "--value priority:P1=high --value priority:P2=medium --value priority:P3=low"
    ' --value "status:Not implemented=open" --value "status:Not yet due=not due"'
    ' --value status:Implemented=complete --value "status:Partly implemented=in progress"'
    " --default year=22/23 --value directorate:Finance=finance --value directorate:Housing=housing"
)


def test_a_mapping_that_was_saved_reads_the_same_again(
    register: Scene, databases: dict[str, Path]
) -> None:
    empty = shutil.copy(database(register), register.folder / "empty.db")
    said = imported(
        register, "tracker.xlsx", f"{SAYING} --map detail= --create-missing --save-mapping a.toml"
    )
    assert said[-1] == "! how the sheet was read is kept in a.toml"
    told = facts(register)
    kept = tomllib.loads((register.folder / "a.toml").read_text("utf-8"))
    assert kept["columns"]["title"] == "Agreed action"
    assert kept["columns"]["detail"] == ""
    assert kept["values"]["status"]["implemented"] == "complete"
    assert kept["defaults"] == {"year": "22/23"}
    shutil.copy(empty, database(register))
    again = imported(register, "tracker.xlsx", "--mapping a.toml --create-missing")
    assert again == said[:-1]
    assert facts(register) == told
    del databases


def test_what_is_said_goes_before_what_a_mapping_says(register: Scene) -> None:
    (register.folder / "b.toml").write_text(
        'header_row = 1\n[columns]\ntitle = "Latest update"\n[defaults]\nyear = "21/22"\n', "utf-8"
    )
    said = imported(register, "plain.csv", '--mapping b.toml --map title="Agreed action"')
    assert said == ["! actions of plain.csv, sheet plain: 4 added, 0 changed, 0 as they were"]
    assert as_json(register, "action list")[1]["title"] == "Review every discount once a year"


def test_a_dry_run_stores_and_writes_nothing(register: Scene) -> None:
    before = kept(database(register))
    files = {"bad.xlsx", *(one.name for one in register.folder.iterdir())}
    imported(register, "bad.xlsx", "--create-missing --partial --rejects refused.csv --dry-run")
    imported(register, "plain.csv", "--dry-run --save-mapping kept.toml")
    assert kept(database(register)) == before
    left = {one.name for one in register.folder.iterdir()} - files
    assert left <= {"plain.csv", "kept.toml"}, "only how the sheet was read may be kept"


def test_a_list_of_vendors_is_taken_in_with_a_directorate_for_each(register: Scene) -> None:
    said = imported(
        register,
        "vendors.csv",
        "--map ref=cveID --map directorate=vendorProject --map title=vulnerabilityName"
        " --map detail=requiredAction --map raised_on=dateAdded --map due_on=dueDate"
        " --default priority=high --default year=21/22 --create-missing",
    )
    assert said == [
        "! actions of vendors.csv, sheet vendors: 4 added, 0 changed, 0 as they were",
        "! directorate examplesoft made: Examplesoft",
        "! directorate n-a-systems-inc made: N/A Systems, Inc.",
        "! directorate oce-sn made: Öçé & Søn",
    ]
    assert [
        (one["ref"], one["directorate"], one["raised_on"], one["due_on"], one["priority"])
        for one in as_json(register, "action list")
    ] == [
        ("CVE-2021-0001", "examplesoft", "2021-11-03", "2021-11-17", "High"),
        ("CVE-2021-0002", "examplesoft", "2021-11-03", "2022-05-03", "High"),
        ("CVE-2022-0003", "n-a-systems-inc", "2022-01-10", "2022-07-10", "High"),
        ("CVE-2022-0004", "oce-sn", "2022-01-10", "2022-07-10", "High"),
    ]


def test_a_post_has_its_code_from_its_title_and_not_from_who_holds_it(register: Scene) -> None:
    trackers.make("officers.xlsx", register.folder)
    register.run("irbtrack import officers officers.xlsx")
    [audit] = [one for one in as_json(register, "officer list") if "Audit" in one["title"]]
    assert (audit["code"], audit["name"]) == ("head-of-internal-audit", "Postholder Two")
    assert "ostholder" not in json.dumps(facts(register))


def test_a_column_whose_header_is_clear_is_never_left_out_in_silence(register: Scene) -> None:
    rows = [[*row[:8], *row[9:]] for row in trackers.PLAIN]
    table = [
        [*trackers.PLAIN_HEADERS[:8], *trackers.PLAIN_HEADERS[9:], "Due date"],
        *([*row, "when there is money"] for row in rows),
    ]
    (register.folder / "odd.csv").write_bytes(trackers.written(table))
    said = register.run("irbtrack import actions odd.csv --map status= --map completed_on=")
    assert "Due date" in said or "when there is money" in said


# The sheet that is meant.


def books(scene: Scene, **sheets: int) -> None:
    """A workbook of sheets with the same columns and so many actions each."""
    whole = {
        name: [
            trackers.PLAIN_HEADERS,
            *([f"{name}-{n}", *trackers.PLAIN[0][1:]] for n in range(of)),
        ]
        for name, of in sheets.items()
    }
    (scene.folder / "book.xlsx").write_bytes(xlsx_of(whole))


def test_an_empty_sheet_is_never_preferred(register: Scene) -> None:
    books(register, Closed=0, Open=3)
    assert register.run("irbtrack import actions book.xlsx") == (
        "! actions of book.xlsx, sheet Open: 3 added, 0 changed, 0 as they were"
    )


def test_the_sheet_with_the_most_actions_is_taken_and_the_others_are_named(register: Scene) -> None:
    books(register, Closed=4, Open=5, Old=1)
    assert register.run("irbtrack import actions book.xlsx").splitlines() == [
        "! actions of book.xlsx, sheet Open: 5 added, 0 changed, 0 as they were",
        "! not taken: the sheet Closed, which has 4 records; --sheet 'Closed' takes it",
        "! not taken: the sheet Old, which has 1 record; --sheet 'Old' takes it",
    ]


# What a tracker has against itself.


def written(scene: Scene, rows: trackers.Rows, options: str = "") -> list[str]:
    """What the import of rows says."""
    (scene.folder / "t.csv").write_bytes(trackers.written(rows))
    return scene.run(f"irbtrack import actions t.csv {options}").splitlines()


def test_a_due_date_before_it_was_raised_is_kept_said_and_found_by_a_check(
    register: Scene,
) -> None:
    assert written(register, trackers.ODD_DATES) == [
        "! actions of t.csv, sheet t: 3 added, 0 changed, 0 as they were",
        "! due before they were raised, and kept as the sheet has it ('irbtrack check"
        " due-before-raised' finds them): rows 2-3 of t",
    ]
    kept = [(o["raised_on"], o["original_due_on"], o["due_on"])
            for o in as_json(register, "action list")]  # fmt: skip
    assert kept == [
        ("2023-05-08", "2023-04-30", "2023-04-30"),
        ("2023-05-08", "2023-04-01", "2024-03-31"),
        ("2023-05-08", "2023-05-08", "2023-05-08"),
    ]
    assert written(register, trackers.ODD_DATES)[1].endswith("0 added, 0 changed, 3 as they were")
    found = register.run("irbtrack check due-before-raised --format csv")
    assert 'O-1,"due on 30 April 2023' in found or "O-1,due on 30 April 2023" in found
    assert "O-2," in found
    assert "O-3," not in found
    moved = [[*row[:9], "1/5/2023" if row[0] == "O-1" else row[9], *row[10:]]
             for row in trackers.ODD_DATES]  # fmt: skip
    assert "0 added, 1 changed" in written(register, moved, "--reason Agreed")[0]
    refused = register.run("irbtrack action redate O-3 --due 1/5/2023 --reason Agreed")
    assert "cannot be due on 1 May 2023, before it was raised" in refused


def test_what_was_done_before_it_was_raised_is_mended_for_all_rows_with_one_option(
    register: Scene,
) -> None:
    said = written(register, trackers.DONE_EARLY)
    assert "--raised-earliest takes such actions as raised on the day they were done" in said[0]
    assert said[-1] == "[exit 4]"
    option = "--raised-earliest --save-mapping kept.toml"
    assert "7 added" in written(register, trackers.DONE_EARLY[:8], option)[0]
    assert (
        "1 added, 0 changed, 7 as they were"
        in written(register, trackers.DONE_EARLY, "--mapping kept.toml")[0]
    )
    [first, *_] = as_json(register, "action list --status complete")
    assert (first["raised_on"], first["completed_on"]) == ("2023-05-01", "2023-05-01")


STATUS_DATES: trackers.Rows = [
    ["Ref", "Audit", "Year", "Agreed action", "Priority", "Agency", "Status", "Status date"],
    ["S-1", "Council Tax", "23/24", "Done", "High", "finance", "Complete", "20/10/2023"],
    ["S-2", "Council Tax", "23/24", "Not done", "High", "finance", "Open", "1/10/2023"],
    ["S-3", "Council Tax", "23/24", "Not begun", "High", "finance", "Open", "no date yet"],
    ["S-4", "Council Tax", "23/24", "Dateless", "High", "finance", "Open", _],
]


def test_a_status_date_is_that_of_a_completion_only_where_the_status_is_complete(
    register: Scene,
) -> None:
    options = '--map "completed_on=Status date" --map directorate=Agency'
    assert written(register, STATUS_DATES, options) == [
        "! actions of t.csv, sheet t: 4 added, 0 changed, 0 as they were",
        "! without the day they were raised, taken as the earliest date in the row or 23 November"
        " 2023: rows 2-5 of t",
        "! the date in column H (Status date) counts only where the status is Complete; left out:"
        " rows 3-4 of t",
    ]
    assert [one["completed_on"] for one in as_json(register, "action list")] == [
        "2023-10-20", None, None, None,
    ]  # fmt: skip


def test_a_column_serves_two_fields_where_that_is_said(register: Scene) -> None:
    options = "--map completed_on= --map directorate=Agency --map owner=Agency --create-missing"
    said = written(register, STATUS_DATES, f"{options} --save-mapping kept.toml")
    assert said[0].startswith("! actions of t.csv, sheet t: 4 added")
    told = as_json(register, "action list")
    assert {(one["directorate"], one["owner"]) for one in told} == {("finance", "finance")}
    again = written(register, STATUS_DATES, "--mapping kept.toml")
    assert "0 added, 0 changed, 4 as they were" in again[1]


ODD_REFERENCES = ["POA&M-001", "R(1)", "#12", "FS2010–46", "É-1", "=1+1", "../etc", "$(id)", 'a"b']


def test_references_of_every_kind_are_taken_shown_and_found_again(register: Scene) -> None:
    rows = [[ref, *trackers.PLAIN[0][1:]] for ref in ODD_REFERENCES]
    for n, row in enumerate(rows):
        row[3] = f"Action {n}"
    (register.folder / "odd.json").write_bytes(json_of([trackers.PLAIN_HEADERS, *rows]))
    assert register.run("irbtrack import actions odd.json") == (
        "! actions of odd.json, sheet odd: 9 added, 0 changed, 0 as they were"
    )
    assert {one["ref"] for one in as_json(register, "action list")} == set(ODD_REFERENCES)
    for ref in ODD_REFERENCES:
        [shown] = as_json(register, f"action show {shlex.quote(ref)}")
        assert shown["ref"] == ref
    in_csv = data(register, "action list --format csv").splitlines()[1:]
    assert not [line for line in in_csv if line[0] in "=+-@"]
    quoted = " ".join(map(shlex.quote, ODD_REFERENCES))
    assert "[exit" not in register.run(f"irbtrack action progress {quoted} --note Seen")
    assert "9 actions written" in register.run("irbtrack export actions back.xlsx")
    back = register.run("irbtrack import actions back.xlsx")
    assert "0 added, 0 changed, 9 as they were" in back
    (register.folder / "letter.txt").write_text(f"We have {' and '.join(ODD_REFERENCES)}.", "utf-8")
    found = data(register, "reconcile letter.txt --format json")
    assert "no such reference" not in found


def test_references_that_are_given_out_have_no_gaps_after_a_partial_import(
    register: Scene,
) -> None:
    rows = [
        [_, "Council Tax", "23/24", f"Action number {n} of many", "High", "finance", "hs-revenues",
         "8/5/2023", "31/3/2024", "Overdue" if n % 2 else "Not Due", _, _] for n in range(6)
    ]  # fmt: skip
    said = written(
        register, [trackers.PLAIN_HEADERS, *rows], "--partial --rejects r.csv --on 23/11/2023"
    )
    assert "3 rows were refused" in said[-2]
    assert [one["ref"] for one in as_json(register, "action list")] == [
        *("2324-001", "2324-002", "2324-003")
    ]


# Many problems and many changes.


def test_problems_of_a_kind_are_one_line_and_each_is_written_where_asked(register: Scene) -> None:
    rows = [
        [f"M-{n}", "Council Tax", "23/24", f"Action {n}", "High", f"Agency {n % 2}", "hs-revenues",
         "8/5/2023", "31/3/2024", "Shut", _, _] for n in range(400)
    ]  # fmt: skip
    said = written(register, [trackers.PLAIN_HEADERS, *rows], "--every-problem each.csv")
    assert [line.partition("; ")[0] for line in said] == [
        "! irbtrack: t!F2, F4 and F6, first of 200: no directorate 'Agency 0'",
        "! irbtrack: t!F3, F5 and F7, first of 200: no directorate 'Agency 1'",
        "! irbtrack: t!J2, J3 and J4, first of 400: 'Shut' is not a status",
        "! irbtrack: --every-problem FILE.csv writes each of them",
        "! irbtrack: to say what such a text means, give --value 'status:Shut=VALUE'",
        "! irbtrack: 400 rows cannot be taken",
        "[exit 4]",
    ]
    with (register.folder / "each.csv").open(encoding="utf-8-sig", newline="") as file:
        each = list(csv.DictReader(file))
    assert len(each) == 800
    assert each[1] == {
        "sheet": "t", "cell": "J2", "field": "status", "read": "Shut",
        "problem": "'Shut' is not a status; it is one of Not Due, Overdue, Complete, Not"
        " Allocated, Open, Withdrawn, Superseded, Risk Accepted or No Longer Applicable",
    }  # fmt: skip


def test_a_dry_run_shows_a_hundred_changes_and_ends_with_its_tally(register: Scene) -> None:
    (register.folder / "some.csv").write_bytes(trackers.many(60))
    said = register.run("irbtrack import actions some.csv --default year=23/24 --dry-run")
    *shown, more, tally = said.splitlines()
    assert len(shown) == 100 + 2, "a header, a line and a hundred changes"
    assert more == "! and 320 more changes"
    assert tally == (
        "! actions of some.csv, sheet some: 60 would be added, 0 would be changed, 0 as they were"
    )


# A part of a file.


def test_a_partial_import_makes_only_what_the_kept_rows_need(register: Scene) -> None:
    said = imported(register, "bad.xlsx", "--create-missing --partial --rejects refused.csv")
    assert said[0] == "! actions of bad.xlsx, sheet Actions: 1 added, 0 changed, 0 as they were"
    assert said[-2:] == ["! irbtrack: 13 rows were refused; they are in refused.csv", "[exit 4]"]
    assert len(as_json(register, "directorate list")) == 2
    assert len(as_json(register, "officer list")) == 2
    assert [one["name"] for one in as_json(register, "audit list")] == ["Council Tax", "Gas Safety"]


def refused(scene: Scene) -> list[dict[str, str]]:
    """The rows of a file of refused ones."""
    text = (scene.folder / "refused.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


MENDS: Mapping[str, Mapping[str, str]] = {
    "B-01": {},
    "B-02": {"due_on": "30/6/2024"},
    "B-03": {"due_on": ""},
    "B-04": {"audit": "Gas Safety", "priority": "high", "directorate": "housing", "owner": ""},
    "B-05": {"status": "not due"},
    "B-06": {"completed_on": "2023-05-09"},
    "B-07": {"completed_on": "", "due_on": "30/4/2024"},
    "B-08": {"status": "", "completed_on": ""},
    "B-09": {"status": ""},
    "B-10": {"title": "It has a title now"},
    "b-01": {"ref": "B-11"},
    "B-12": {"year": "23/24", "progress": "Good"},
    trackers.NO_REFERENCE: {"ref": "B-13", "status": ""},
}


def test_what_was_refused_is_taken_in_once_it_is_mended(register: Scene) -> None:
    imported(register, "bad.xlsx", "--partial --rejects refused.csv")
    rows = refused(register)
    assert [row["ref"] for row in rows] == list(MENDS)
    assert rows[1]["due_on"] == "Q2 2024"
    assert rows[1]["why_refused"].startswith("Actions!I3: 'Q2 2024' is not a date")
    assert rows[3]["why_refused"].count(" / ") == 3, "every reason, parted by slashes"
    mended = [row | MENDS[row["ref"]] for row in rows]
    with (register.folder / "mended.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(mended)
    assert register.run("irbtrack import actions mended.csv").splitlines() == [
        "! actions of mended.csv, sheet mended: 13 added, 0 changed, 0 as they were"
    ]
    assert [one["ref"] for one in as_json(register, "action list")] == [
        f"B-{n:02}" for n in range(1, 15)
    ]


def test_of_rows_with_one_reference_none_is_taken(register: Scene) -> None:
    """Nobody can know which row is meant, and the later one would change what the first said."""
    said = imported(register, "bad.xlsx", "--partial --rejects refused.csv")
    assert [row["ref"] for row in refused(register)].count("B-01") == 1
    assert [row["ref"] for row in refused(register)].count("b-01") == 1
    assert sum("is in row" in line for line in said) == 2
    assert [one["ref"] for one in as_json(register, "action list")] == ["B-14"]


def test_a_cell_with_an_error_is_kept_as_it_was_read_and_refused_again(register: Scene) -> None:
    rejects = "--partial --rejects refused.csv"
    said = imported(register, "formulas.xlsx", rejects)
    assert said[-1] == "[exit 4]"
    by_ref = {row["ref"]: row for row in refused(register)}
    assert (by_ref["T-02"]["owner"], by_ref["T-01"]["due_on"]) == ("#REF!", "#ERROR")
    again = register.run("irbtrack import actions refused.csv --create-missing")
    assert "shows the error #REF!; type its value" in again
    assert "shows the error #ERROR; type its value" in again
    assert again.endswith("[exit 4]")


def test_refused_rows_are_taken_in_with_the_mapping_that_made_them(register: Scene) -> None:
    whole = f"{SAYING} --create-missing --header-row 4 --sheet 'Actions 2223'"
    imported(register, "tracker.xlsx", f"{whole} --save-mapping kept.toml --dry-run")
    assert not (register.folder / "kept.toml").exists(), "a dry run keeps nothing"
    said = imported(register, "tracker.xlsx", f"{whole} --save-mapping kept.toml")
    assert said[-1] == "! how the sheet was read is kept in kept.toml"
    assert "[exit" not in "".join(
        imported(register, "tracker.xlsx", f"{whole} --save-mapping kept.toml")
    ), "the same content is no error"
    (register.folder / "kept.toml").write_text("other = 1\n", "utf-8")
    said = imported(register, "tracker.xlsx", f"{whole} --save-mapping kept.toml")
    assert said[-2:] == [
        "! irbtrack: --save-mapping 'kept.toml' is there already; name another file",
        "[exit 1]",
    ]


def test_a_file_of_refused_rows_goes_by_the_names_of_fields(register: Scene) -> None:
    table = [
        ["No", "Area", "What", "How bad", "Who", "By", "State"],
        ["1", "Council Tax", "Reconcile", "P1", "finance", "31/3/2024", "Open"],
        ["2", "Council Tax", "Review", "P1", "nobody we know", "31/3/2024", "Open"],
    ]
    (register.folder / "t.csv").write_bytes(trackers.written([["Some title"], *table]))
    options = (
        "--map ref=No --map audit=B --map title=What --map priority=D --map directorate=Who"
        " --map due_on=By --map status=G --value priority:P1=high --default year=23/24"
        " --header-row 2 --sheet t"
    )
    said = register.run(
        f"irbtrack import actions t.csv {options} --partial --rejects r.csv --save-mapping m.toml"
    )
    assert "1 row was refused; it is in r.csv" in said
    mended = (register.folder / "r.csv").read_text("utf-8-sig").replace("nobody we know", "housing")
    (register.folder / "r.csv").write_text(mended, "utf-8")
    assert register.run("irbtrack import actions r.csv --mapping m.toml").startswith(
        "! actions of r.csv, sheet r: 1 added, 0 changed, 0 as they were"
    )
    assert [one["directorate"] for one in as_json(register, "action list")] == [
        *("finance", "housing")
    ]


def test_what_was_refused_can_hold_what_looks_like_a_formula(register: Scene) -> None:
    table = [
        ["Ref", "Year", "Action", "Priority", "Directorate", "Due date"],
        ["F-1", "23/24", "=1+1", "high", "finance", "30/6/2024"],
        ["F-2", "23/24", "=HYPERLINK(A1)", "high", "finance", "soon"],
        ["F-3", "23/24", "'quoted", "high", "finance", "soon"],
    ]
    (register.folder / "f.csv").write_bytes(trackers.written(table))
    said = register.run("irbtrack import actions f.csv --partial --rejects refused.csv")
    assert said.endswith("! irbtrack: 2 rows were refused; they are in refused.csv\n[exit 4]")
    with (register.folder / "refused.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
    again = register.run('irbtrack import actions refused.csv --value "due_on:soon=30/6/2024"')
    assert "refused.csv, sheet refused: 2 added, 0 changed, 0 as they were\n" in again
    assert [one["title"] for one in as_json(register, "action list")] == [
        *("=1+1", "=HYPERLINK(A1)", "'quoted")
    ]


def test_a_file_of_refused_rows_that_is_there_is_left_alone(register: Scene) -> None:
    rejects = register.folder / "refused.csv"
    rejects.write_text("mine\n", "utf-8")
    before = kept(database(register))
    assert imported(register, "bad.xlsx", "--partial --rejects refused.csv") == [
        "! irbtrack: --rejects 'refused.csv' is there already; name another file",
        "[exit 1]",
    ]
    assert rejects.read_text("utf-8") == "mine\n"
    assert kept(database(register)) == before


def test_refused_rows_that_cannot_be_kept_keep_the_rest_out_too(register: Scene) -> None:
    before = kept(database(register))
    said = imported(register, "bad.xlsx", "--partial --rejects nowhere/refused.csv")
    assert said == [
        "! irbtrack: 'nowhere/refused.csv' cannot be written (No such file or directory);"
        " nothing was stored",
        "[exit 1]",
    ]
    assert kept(database(register)) == before


def test_good_rows_alone_leave_no_file_of_refused_ones(register: Scene) -> None:
    said = imported(register, "plain.csv", "--partial --rejects refused.csv")
    assert said == ["! actions of plain.csv, sheet plain: 4 added, 0 changed, 0 as they were"]
    assert not (register.folder / "refused.csv").exists()


def test_a_sheet_of_which_no_row_is_taken_is_no_success(register: Scene) -> None:
    table = [["Finding", "Year", "Rag"], *([f"Weak control {n}", _, _] for n in range(5))]
    (register.folder / "none.csv").write_bytes(trackers.written(table))
    before = kept(database(register))
    assert register.run("irbtrack import audits none.csv").splitlines() == [
        "! irbtrack: passed over (a heading or a note): rows 2-6 of none",
        "! irbtrack: none of its rows is taken, and nothing was stored; no column is taken for"
        " name; '--map name=HEADER' names one",
        "[exit 4]",
    ]
    assert kept(database(register)) == before


def test_rows_that_are_passed_over_are_counted_on_the_first_line(register: Scene) -> None:
    table = [*trackers.RESTARTING[:2], ["9", *[_] * (len(trackers.RESTARTING[0]) - 1)]]
    (register.folder / "some.csv").write_bytes(trackers.written(table))
    said = register.run("irbtrack import actions some.csv --default year=23/24 --create-missing")
    assert said.startswith(
        "! actions of some.csv, sheet some: 1 added, 0 changed, 0 as they were, 1 passed over\n"
    )


# Taking it back.


def test_an_import_is_taken_back_with_everything_it_made(register: Scene) -> None:
    before = {
        command: as_json(register, command)
        for command in ("action list", "audit list", "directorate list", "officer list")
    }
    imported(register, "tracker.xlsx", f"{SAYING} --create-missing")
    assert len(as_json(register, "audit list")) == 4
    [entry] = {one["entry"] for one in as_json(register, "history --last 1")}
    said = register.run(f'irbtrack undo {entry} --reason "It was the wrong tracker"')
    assert "[exit" not in said, said
    assert {command: as_json(register, command) for command in before} == before


def test_an_import_that_others_rest_on_is_not_taken_back(register: Scene) -> None:
    imported(register, "tracker.xlsx", f"{SAYING} --create-missing")
    [entry] = {one["entry"] for one in as_json(register, "history --last 1")}
    register.run(
        'irbtrack action add "Another" --audit "Gas Safety" --year 22/23 --priority low'
        " --directorate housing"
    )
    before = kept(database(register))
    assert register.run(f'irbtrack undo {entry} --reason "No"').endswith("[exit 1]")
    assert kept(database(register)) == before


def test_an_import_that_changed_known_actions_is_taken_back(register: Scene) -> None:
    imported(register, "plain.csv")
    before = as_json(register, "action list")
    imported(register, "updates.xlsx", '--reason "Agreed"')
    assert as_json(register, "action list") != before
    [entry] = {one["entry"] for one in as_json(register, "history --last 1")}
    assert "[exit" not in register.run(f'irbtrack undo {entry} --reason "Not agreed"')
    assert as_json(register, "action list") == before


# Interrupted.

STOPPING = """
import importlib, sys, time
from irbtrack.cli import main
module, name = sys.argv.pop(1).split(":")
holder = importlib.import_module(module)
*path, last = name.split(".")
for one in path:
    holder = getattr(holder, one)
whole = getattr(holder, last)
def stopping(*given, **named):
    done = whole(*given, **named)
    print("there", flush=True)
    time.sleep(30)
    return done
setattr(holder, last, stopping)
sys.exit(main(sys.argv[1:]))
"""

READY = """
import sys
import irbtrack.commands.import_
from irbtrack.cli import main
print("there", flush=True)
sys.exit(main(sys.argv[1:]))
"""

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")


@POSIX_ONLY
@pytest.mark.parametrize(
    "after",
    [
        "irbtrack.commands.import_:read_book",
        "irbtrack.commands.import_:worked_out",
        "irbtrack.arguments.left_files:rejects_table",
        "irbtrack.store.write:Journal.record",
    ],
)
def test_ctrl_c_leaves_nothing_behind(after: str, register: Scene) -> None:
    trackers.make("bad.xlsx", register.folder)
    before = kept(database(register))
    files = sorted(one.name for one in register.folder.iterdir())
    importing = ["import", "actions", "bad.xlsx", "--partial", "--rejects", "refused.csv"]
    with subprocess.Popen(
        [sys.executable, "-c", STOPPING, after, *importing],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline() == "there\n"
        program.send_signal(signal.SIGINT)
        said = program.stderr.read()
        assert program.wait(SECONDS) == 130
    assert said == "irbtrack: interrupted; nothing was stored\n"
    assert kept(database(register)) == before
    assert sorted(one.name for one in register.folder.iterdir()) == files


@POSIX_ONLY
def test_ctrl_c_in_the_middle_of_twenty_thousand_rows_leaves_nothing(register: Scene) -> None:
    trackers.make("many.csv", register.folder)
    before = kept(database(register))
    importing = ["import", "actions", "many.csv", "--default", "year=23/24"]
    with subprocess.Popen(
        [sys.executable, "-c", READY, *importing],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "there\n"
        time.sleep(0.5)
        program.send_signal(signal.SIGINT)
        assert program.stderr is not None
        said = program.stderr.read()
        assert program.wait(SECONDS) == 130
    assert said == "irbtrack: interrupted; nothing was stored\n"
    assert kept(database(register)) == before
    assert {one.name for one in register.folder.iterdir()} == {"irbtrack.db", "many.csv"}


# The bar.

IMPATIENT = """
import sys
from irbtrack.render import progress
progress.PATIENCE = float(sys.argv.pop(1))
from irbtrack.cli import main
sys.exit(main(sys.argv[1:]))
"""


def at_a_terminal(patience: float, *arguments: str) -> tuple[int, str, str]:
    """The exit code of irbtrack at a terminal, what it wrote there, and its standard output."""
    import pty

    controller, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, str(patience), *arguments],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"},
        start_new_session=True,
    ) as program:
        os.close(terminal)
        seen = b""
        try:
            while written := os.read(controller, 4096):
                seen += written
        except OSError:  # Linux says so when the program has gone
            pass
        assert program.stdout is not None
        out = program.stdout.read().decode()
        code = program.wait(SECONDS)
    os.close(controller)
    return code, seen.decode(), out


@POSIX_ONLY
def test_a_long_import_shows_a_bar_at_a_terminal(register: Scene) -> None:
    (register.folder / "some.csv").write_bytes(trackers.many(3_000))
    code, seen, out = at_a_terminal(0.0, "import", "actions", "some.csv", "--default", "year=23/24")
    assert (code, out) == (0, "")
    assert "comparing with the register" in seen or "reading some.csv" in seen
    assert "━" in seen
    assert "actions of some.csv, sheet some: 3,000 added, 0 changed, 0 as they were" in seen
    last = seen.rstrip().splitlines()[-1]
    assert "━" not in last.split("\r")[-1], "the bar is gone when it is done"


@POSIX_ONLY
def test_a_short_import_shows_no_bar(register: Scene) -> None:
    trackers.make("plain.csv", register.folder)
    code, seen, out = at_a_terminal(SECONDS, "import", "actions", "plain.csv", "--on", "23/11/2023")
    assert (code, out) == (0, "")
    _, doubted, said = seen.replace("\r\n", "\n").partition("takes this back\n")
    assert doubted, "the clock is years after the register's last entry"
    assert said == ("actions of plain.csv, sheet plain: 4 added, 0 changed, 0 as they were\n")


def test_nothing_is_shown_elsewhere_than_at_a_terminal(register: Scene) -> None:
    (register.folder / "some.csv").write_bytes(trackers.many(500))
    ran = subprocess.run(
        [sys.executable, "-c", IMPATIENT, "0.0", "import", "actions", "some.csv",
         "--default", "year=23/24"],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    doubt, _, said = ran.stderr.partition("takes this back\n")
    assert doubt.startswith("the clock says ")
    assert (ran.returncode, ran.stdout, said) == (
        0,
        "",
        "actions of some.csv, sheet some: 500 added, 0 changed, 0 as they were\n",
    )


# What is loaded.
