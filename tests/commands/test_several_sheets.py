"""Trackers of several sheets: one import takes the rows of those that are meant."""

import csv
import io
from typing import Any

import pytest
from shared.spreadsheets import xlsx_of
from shared.transcript import Prepare, Scene, as_json

OPEN = [
    ["Ref", "Audit", "Year", "Agreed action", "Priority", "Directorate", "Due date", "Status"],
    ["C1", "Payroll", "23/24", "Keep a log of refunds", "High", "finance", "31/3/2024", "Open"],
    ["C2", "Payroll", "23/24", "Review discounts", "Low", "finance", "31/3/2024", "Open"],
    ["C3", "Payroll", "23/24", "Chase the arrears", "Low", "finance", "31/3/2024", "Open"],
]
CLOSED = [
    ["Closed items", None, None, None, None, None, None],
    ["Status", "Completed", "Item", "Priority", "Directorate", "Audit", "Ref", "Year"],
    ["Complete", "1/6/2023", "Write a policy", "High", "finance", "Payroll", "D1", "23/24"],
    ["Complete", "1/7/2023", "Train the staff", "High", "finance", "Payroll", "D2", "23/24"],
]
LISTS = [["Status", "Priority"], ["Open", "High"], ["Complete", "Low"]]
BOTH = "--sheet Open --sheet Closed --map Closed!title=Item --create-missing --on 23/11/2023"

Rows = list[list[Any]]


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared('init --council "Test Council"', "directorate add finance Finance")


def given(scene: Scene, options: str, name: str = "t.xlsx", **sheets: Rows) -> list[str]:
    """What the import of a workbook of these sheets says."""
    whole = sheets or {"Open": OPEN, "Closed": CLOSED, "Lists": LISTS}
    (scene.folder / name).write_bytes(xlsx_of(whole))
    return scene.run(f"irbtrack import actions {name} {options}").splitlines()


def refs(scene: Scene) -> list[str]:
    return [one["ref"] for one in as_json(scene, "action list")]


def test_one_entry_takes_the_rows_of_several_sheets_each_laid_out_in_its_own_way(
    register: Scene,
) -> None:
    said = given(register, f"{BOTH} --save-mapping t.toml")
    assert (
        said[0] == "! actions of t.xlsx, sheets Open and Closed: 5 added, 0 changed, 0 as they were"
    )
    assert refs(register) == ["C1", "C2", "C3", "D1", "D2"]
    changes = [one for one in as_json(register, "history") if one["command"] == "import actions"]
    assert {one["ref"] for one in changes} >= {"C1", "D1"}
    assert len({one["entry"] for one in changes}) == 1


def test_a_saved_mapping_keeps_the_sheets_and_what_is_otherwise_in_each(register: Scene) -> None:
    given(register, f"{BOTH} --save-mapping t.toml")
    kept = (register.folder / "t.toml").read_text("utf-8")
    assert 'sheet = [\n    "Open",\n    "Closed",\n]' in kept
    assert "create_missing = true" in kept
    assert '[columns]\nref = "Ref"' in kept
    [of_closed] = kept.split("[sheets.Closed.columns]")[1:]
    assert sorted(of_closed.strip().splitlines()) == [
        'completed_on = "Completed"',
        'title = "Item"',
    ]
    said = given(register, "--mapping t.toml --on 23/11/2023")
    assert said[1] == (
        "! actions of t.xlsx, sheets Open and Closed: 0 added, 0 changed, 5 as they were"
    )


def test_all_sheets_are_those_that_are_shown_and_fit_and_the_others_are_named(
    register: Scene,
) -> None:
    said = given(
        register,
        "--all-sheets --map Closed!title=Item --create-missing",
        Open=OPEN,
        Closed=CLOSED,
        Notes=[["What this is"], ["A tracker"]],
    )
    assert "sheets Open and Closed: 5 added" in said[0]
    assert "! not taken: the sheet Notes, in which no header row is found" in said
    assert "contradict each other" in given(register, "--all-sheets --sheet Open")[0]


def test_every_message_says_in_which_sheet_a_row_is(register: Scene) -> None:
    sheets = {
        "Open": [*OPEN, ["C4", "Payroll", "23/24", "Act", "High", "nobody", "soon", "Open"]],
        "Closed": [*CLOSED, ["Complete", "when", "Go", "High", "nobody", "Payroll", "D3", "23/24"]],
    }
    partial = f"{BOTH} --partial --rejects r.csv --every-problem p.csv --map title=D"
    said = given(register, BOTH.replace("--create-missing ", ""), **sheets)
    assert any(line.startswith("! irbtrack: Closed!B5: 'when' is not a date") for line in said)
    assert any(line.startswith("! irbtrack: Open!G5: 'soon' is not a date") for line in said)
    said = given(register, partial.replace(" --map title=D", ""), **sheets)
    assert said[-2:] == ["! irbtrack: 2 rows were refused; they are in r.csv", "[exit 4]"]
    problems = list(csv.DictReader(io.StringIO((register.folder / "p.csv").read_text("utf-8-sig"))))
    assert {(one["sheet"], one["cell"]) for one in problems} == {("Open", "G5"), ("Closed", "B5")}
    rejected = (register.folder / "r.csv").read_text("utf-8-sig")
    assert "Open!G5" in rejected
    assert "Closed!B5" in rejected
    assert [one["sheet"] for one in as_json(register, "import inspect t.xlsx --all-sheets")]


def test_refused_rows_of_several_sheets_come_back_with_the_mapping_that_made_them(
    register: Scene,
) -> None:
    sheets = {
        "Open": [*OPEN, ["C4", "Payroll", "23/24", "Act", "High", "finance", "soon", "Open"]],
        "Closed": [
            *CLOSED,
            ["Complete", "when", "Go", "High", "finance", "Payroll", "D3", "23/24"],
        ],
    }
    given(register, f"{BOTH} --partial --rejects r.csv --save-mapping t.toml", **sheets)
    path = register.folder / "r.csv"
    mended = (
        path.read_text("utf-8-sig").replace(",soon,", ",30/6/2024,").replace(",when,", ",1/8/23,")
    )
    path.write_text(mended, "utf-8")
    said = register.run("irbtrack import actions r.csv --mapping t.toml --on 23/11/2023")
    assert "sheet r: 2 added, 0 changed" in said
    assert refs(register) == ["C1", "C2", "C3", "C4", "D1", "D2", "D3"]


def test_one_record_in_two_sheets_is_refused_and_both_places_are_named(register: Scene) -> None:
    said = given(register, "--sheet One --sheet Two --create-missing", One=OPEN, Two=OPEN[:2])
    assert said[-2] == "! irbtrack: 2 rows cannot be taken; nothing was stored"
    assert any("C1 is in row 2 of Two too" in line for line in said)
    without = [row[1:] for row in OPEN]
    said = given(register, "--sheet One --sheet Two --create-missing", One=without, Two=without[:2])
    assert any(
        "row 2 of One and row 2 of Two are alike in year, audit, title and directorate" in line
        for line in said
    )
    assert refs(register) == []
    given(register, "--create-missing", "one.xlsx", One=without)
    said = given(register, "--sheet One --sheet Two", One=without, Two=without[:2])
    assert said[-1] == "[exit 4]", "a known record too"


def test_what_all_sheets_leave_out_is_named(register: Scene) -> None:
    given(register, BOTH)
    moved = {"Open": [OPEN[0], OPEN[2]], "Closed": CLOSED[:3]}
    said = given(register, BOTH, **moved)
    assert any(line.startswith("! open, and not in the sheet: C1 and C3;") for line in said)


def test_a_sheet_that_is_not_there_or_has_no_header_is_refused(register: Scene) -> None:
    assert "--sheet 'Opn' is not in t.xlsx" in given(register, "--sheet Open --sheet Opn")[0]
    assert "--map 'Clsd' is not in t.xlsx" in given(register, "--map Clsd!title=Item")[0]
    said = given(register, "--sheet Open --sheet N", Open=OPEN, N=[["A note"]])
    assert said[0].startswith("! irbtrack: no header row is found in 'N' of 't.xlsx'")
    said = given(register, "--sheet Open --sheet Closed --map title=Nowhere")
    assert "no header 'Nowhere' to take title from" in said[0]


def test_what_inspect_proposes_takes_all_the_sheets_in(register: Scene) -> None:
    (register.folder / "t.xlsx").write_bytes(xlsx_of({"Open": OPEN, "Closed": CLOSED}))
    said = register.run("irbtrack import inspect t.xlsx --sheet Open --sheet Closed").splitlines()
    assert "--sheet Open --sheet Closed" in said[-1]
    assert "5 added" in register.run(said[-1])


def test_headers_may_be_in_another_row_of_each_sheet(register: Scene) -> None:
    said = given(register, f"{BOTH} --header-row Open!1 --header-row Closed!2")
    assert "5 added" in said[0]
    assert "is one too many" in given(register, "--header-row 1 --header-row 2")[0]
    assert "is not a row" in given(register, "--header-row Closed!two")[0]


def test_a_list_in_several_sheets_is_compared_as_a_whole(register: Scene) -> None:
    given(register, BOTH)
    how = "--sheet Open --sheet Closed --map Closed!title=Item"
    said = register.run(f"irbtrack reconcile t.xlsx {how} --status open --status complete")
    assert said.startswith("Theirs and ours agree"), said
    assert "no such option" in register.run("irbtrack reconcile t.xlsx --default year=23/24")


# What an import remembers, and what it gives out.


def test_the_key_of_a_file_is_remembered_by_the_journal(register: Scene) -> None:
    rows = [row[1:] for row in OPEN]
    given(register, "--key audit,title --create-missing", "t.xlsx", One=rows)
    rows[1][5] = "1/4/2024"
    said = given(register, "--reason Agreed --dry-run", "t.xlsx", One=rows)
    assert (
        "! rows are known by audit and title, as when t.xlsx was imported before; --key names"
        " other fields"
    ) in said
    assert not any("known by" in line for line in given(register, "--dry-run", "u.xlsx", One=rows))
    said = given(register, "--key title --reason Agreed", "t.xlsx", One=rows)
    assert not any("imported before" in line for line in said)
    assert "rows known by title" in register.run("irbtrack history --last 1")


def test_audits_that_only_refused_rows_name_leave_no_gap(register: Scene) -> None:
    rows = [OPEN[0], *([*row] for row in OPEN[1:])]
    for number, row in enumerate(rows[1:]):
        row[1] = f"Audit {number}"
    rows[1][6] = "soon"
    given(register, "--create-missing --partial --rejects r.csv", One=rows)
    audits = {one["ref"]: one["name"] for one in as_json(register, "audit list")}
    assert audits == {"2324-A01": "Audit 1", "2324-A02": "Audit 2"}
    assert [one["audit"] for one in as_json(register, "action list")] == ["Audit 1", "Audit 2"]


def test_new_rows_that_nothing_tells_apart_are_counted_and_named(register: Scene) -> None:
    rows = [row[1:] for row in OPEN]
    said = given(register, "--create-missing", One=[*rows, rows[1], rows[1], rows[2]])
    assert any(
        line.startswith("! 5 new rows are like others in all that tells rows apart")
        and ": rows 2, 5 and 6 of One and rows 3 and 7 of One; give" not in line
        and "rows 2-3 and 5-7 of One; give each its own reference" in line
        for line in said
    ), said


def test_inspect_counts_the_cells_that_cannot_be_read(register: Scene) -> None:
    rows = [[*row] for row in OPEN]
    rows[1][6] = rows[2][6] = "soon"
    (register.folder / "t.xlsx").write_bytes(xlsx_of({"One": rows}))
    told = as_json(register, "import inspect t.xlsx --key audit,title --split-owners")
    assert {one["field"]: one["unread"] for one in told}["due_on"] in (2, None)
    assert sum(one["unread"] or 0 for one in told) >= 2
    said = register.run("irbtrack import inspect t.xlsx --key audit,title --split-owners")
    assert "--key audit,title --split-owners" in said.splitlines()[-1]


def test_a_column_in_doubt_is_suggested_once_for_all_sheets_that_have_it(register: Scene) -> None:
    header = ["Action", "Category", "Directorate", "Year"]
    sheets = {
        name: [header, *([f"{name} {n}", word, "finance", "23/24"] for n, word in enumerate(words))]
        for name, words in (("Open", ("Critical", "Moderate")), ("Closed", ("Moderate", "Minor")))
    }
    (register.folder / "t.xlsx").write_bytes(xlsx_of(sheets))
    command = register.run("irbtrack import inspect t.xlsx --all-sheets").splitlines()[-1]
    assert "--map priority=Category" in command
    assert "!priority" not in command
    assert "4 added" in register.run(command)
