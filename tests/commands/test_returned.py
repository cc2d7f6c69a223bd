"""A workbook that was sent out, changed by hand, and comes back."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from shared.transcript import Prepare, Scene, as_json, kept

REGISTER = (
    'directorate add finance "Finance and Commercial"',
    'directorate add housing "Housing and Neighbourhoods"',
    'officer add hs-revenues "Head of Revenues" --directorate finance',
    'officer add hs-repairs "Head of Repairs" --directorate housing',
    'audit add "Council Tax" --year 22/23',
    *(
        f'action add "{title}" --audit "Council Tax" --priority {priority} --directorate finance'
        f" --owner hs-revenues --raised 1/2/2023 --due {due}"
        for title, priority, due in (
            ("Reconcile the suspense account", "high", "31/8/2023"),
            ("Review every discount", "medium", "31/3/2024"),
            ("Publish the hardship policy", "low", "30/6/2024"),
            ("Write off what cannot be collected", "low", "31/7/2024"),
        )
    ),
    'action progress 2223-001 --note "Two months are done." --percent 20',
)
"""What the register knows when the workbook goes out."""

Change = Callable[["Returned"], None]


class Returned:
    """The exported workbook as somebody has it open; rows go by reference, columns by name."""

    def __init__(self, path: Path, noun: str = "actions") -> None:
        self.path, self.noun = path, noun
        self.book = openpyxl.load_workbook(path)
        self.sheet: Worksheet = self.book.worksheets[0]

    def columns(self) -> Mapping[str, int]:
        return {str(cell.value): cell.column for cell in self.sheet[1] if cell.value}

    def row(self, ref: str) -> int:
        column = self.columns()["ref"]
        return next(
            row
            for row in range(3, self.sheet.max_row + 1)
            if self.sheet.cell(row, column).value == ref
        )

    def cell(self, ref: str, name: str) -> Any:
        return self.sheet.cell(self.row(ref), self.columns()[name])

    def set(self, ref: str, name: str, value: Any) -> str:
        """Type something into a cell; returns what the cell is called."""
        cell = self.cell(ref, name)
        cell.value = value
        return f"{self.sheet.title}!{cell.coordinate}"

    def add(self, **cells: Any) -> int:
        """Fill in the first of the empty rows below; returns its number."""
        row = next(
            row
            for row in range(3, self.sheet.max_row + 2)
            if not any(cell.value for cell in self.sheet[row])
        )
        for name, value in cells.items():
            self.sheet.cell(row, self.columns()[name], value)
        return row

    def save(self) -> None:
        self.book.save(self.path)


@pytest.fixture
def register(scene: Scene, prepared: Prepare) -> Scene:
    """A register with four actions, exported to actions.xlsx; a month later."""
    scene.now = scene.now.replace(month=10)
    prepared('init --council "Test Council"', *REGISTER, "export actions actions.xlsx")
    scene.now = scene.now.replace(month=11)
    return scene


def edited(scene: Scene, name: str = "actions.xlsx", noun: str = "actions") -> Returned:
    return Returned(scene.folder / name, noun)


def taken_in(scene: Scene, options: str = "", name: str = "actions.xlsx") -> list[str]:
    """What an import says, but for the references of the rows, which test_rows_taken tests."""
    said = scene.run(f"irbtrack import actions {name} {options}").splitlines()
    return [one for one in said if not one.startswith(("! changed: ", "! references given out "))]


def counted(added: int, changed: int, kept: int) -> str:
    return (
        f"! actions of actions.xlsx, sheet Actions: {added} added, {changed} changed,"
        f" {kept} as they were"
    )


def known(scene: Scene, ref: str) -> Mapping[str, Any]:
    """An action as it stands, with what lists leave out."""
    [one] = as_json(scene, f"action show {ref}")
    found: Mapping[str, Any] = one
    return found


UNCHANGED = [
    "! nothing to change: the workbook has no edit that the register lacks",
    counted(0, 0, 4),
]


def test_a_workbook_that_nobody_touched_changes_nothing(register: Scene) -> None:
    edited(register).save()
    assert taken_in(register) == UNCHANGED


def test_each_changed_cell_is_a_change_and_nothing_else_is(register: Scene) -> None:
    workbook = edited(register)
    workbook.set("2223-001", "status", "Complete")
    workbook.set("2223-001", "completed_on", date(2023, 11, 10))
    workbook.set("2223-001", "evidence", "Minutes of 10 November")
    workbook.set("2223-002", "owner", "Head of Repairs")
    workbook.set("2223-002", "due_on", date(2024, 6, 30))
    workbook.set("2223-002", "reason", "The supplier is late")
    workbook.set("2223-003", "progress", "A draft is with legal.\n- two points are open")
    workbook.set("2223-003", "percent_complete", 60)
    workbook.set("2223-003", "priority", "High")
    workbook.save()
    assert taken_in(register) == [counted(0, 3, 1)]
    entry = as_json(register, "history --last 1")
    assert {one["ref"] for one in entry} == {"2223-001", "2223-002", "2223-003"}
    [done] = [one for one in entry if "completed_on" in one["fields"]]
    assert (done["effective_on"], done["fields"]["completed_on"]) == ("2023-11-10",) * 2
    [redated] = [one for one in entry if "due_on" in one["fields"]]
    assert redated["reason"].startswith("The supplier is late; from actions.xlsx, SHA-256 ")
    assert taken_in(register) == UNCHANGED
    action = known(register, "2223-002")
    assert (action["owner"], action["due_on"]) == ("hs-repairs", "2024-06-30")
    assert (action["times_redated"], action["original_due_on"]) == (1, "2024-03-31")
    assert known(register, "2223-001")["status"] == "Complete"
    assert known(register, "2223-001")["evidence"] == "Minutes of 10 November"
    action = known(register, "2223-003")
    assert action["progress"] == "A draft is with legal.\n- two points are open"
    assert (action["percent_complete"], action["priority"]) == (60, "High")


@pytest.mark.parametrize(
    ("name", "value"),
    [("due_on", "31/08/2023"), ("priority", "high"), ("owner", "hs-revenues"), ("title", None)],
)
def test_a_cell_that_is_typed_anew_as_it_was_says_nothing(
    name: str, value: Any, register: Scene
) -> None:
    register.run('irbtrack action redate 2223-001 --due 31/12/2023 --reason "Late"')
    register.run("irbtrack action allocate 2223-001 --owner hs-repairs")
    register.run('irbtrack action update 2223-001 --priority low --title "Another title"')
    workbook = edited(register)
    same = value or f"  {workbook.cell('2223-001', name).value} "
    workbook.set("2223-001", name, same)
    workbook.save()
    assert taken_in(register) == UNCHANGED


def test_a_workbook_that_is_changed_further_comes_back_again(register: Scene) -> None:
    workbook = edited(register)
    workbook.set("2223-001", "due_on", date(2023, 12, 31))
    workbook.set("2223-001", "reason", "The supplier is late")
    workbook.set("2223-002", "progress", "It has begun.")
    workbook.save()
    assert taken_in(register) == [counted(0, 2, 2)]
    assert taken_in(register) == UNCHANGED
    workbook.set("2223-002", "status", "Complete")
    workbook.set("2223-003", "progress", "That has begun, too.")
    workbook.save()
    assert taken_in(register) == [
        counted(0, 2, 2),
        "! complete without a date, taken as of 23 November 2023: row 4 of Actions",
    ]
    assert known(register, "2223-001")["times_redated"] == 1
    assert known(register, "2223-002")["progress"] == "It has begun."
    assert known(register, "2223-002")["status"] == "Complete"


def test_an_action_may_be_closed_in_a_workbook_with_the_reason(register: Scene) -> None:
    workbook = edited(register)
    cell = workbook.set("2223-004", "status", "No Longer Applicable")
    workbook.save()
    assert taken_in(register)[0].startswith(
        f"! irbtrack: {cell}: 2223-004 would be closed as No Longer Applicable without a reason; "
    )
    workbook.set("2223-004", "reason", "The service has ended")
    workbook.save()
    assert taken_in(register) == [
        counted(0, 1, 3),
        "! closed without a date, taken as of 23 November 2023: row 6 of Actions",
    ]
    action = known(register, "2223-004")
    assert (action["status"], action["closed_as"]) == ("Closed", "No Longer Applicable")
    assert taken_in(register) == UNCHANGED


def test_what_was_not_touched_says_nothing_about_what_changed_meanwhile(register: Scene) -> None:
    register.run('irbtrack action redate 2223-001 --due 31/12/2023 --reason "Late"')
    register.run("irbtrack action complete 2223-002 --on 20/11/2023")
    register.run("irbtrack action allocate 2223-003 --owner hs-repairs")
    workbook = edited(register)
    workbook.set("2223-001", "progress", "Nine months are done.")
    workbook.set("2223-003", "title", "Publish the new hardship policy")
    workbook.save()
    assert taken_in(register) == [counted(0, 2, 2)]
    assert known(register, "2223-001")["due_on"] == "2023-12-31"
    assert known(register, "2223-001")["progress"] == "Nine months are done."
    assert known(register, "2223-002")["status"] == "Complete"
    assert known(register, "2223-003")["owner"] == "hs-repairs"
    assert known(register, "2223-003")["title"] == "Publish the new hardship policy"


@pytest.fixture
def conflicting(register: Scene) -> Scene:
    """Both changed an owner, a progress and a priority; they agree only on the priority."""
    register.run("irbtrack action allocate 2223-001 --owner hs-repairs")
    register.run('irbtrack action progress 2223-002 --note "The register says this."')
    register.run("irbtrack action update 2223-003 --priority high")
    workbook = edited(register)
    workbook.set("2223-001", "owner", None)
    workbook.set("2223-002", "progress", "The workbook says that.")
    workbook.set("2223-003", "priority", "High")
    workbook.set("2223-004", "progress", "Nobody else said anything.")
    workbook.save()
    return register


def test_a_conflict_shows_both_values_and_stores_nothing(conflicting: Scene) -> None:
    before = kept(conflicting.folder / "irbtrack.db")
    decided = (
        " since it was exported; '--take theirs' takes the workbook's word, '--take ours' keeps"
        " the register's"
    )
    assert taken_in(conflicting) == [
        "! irbtrack: Actions!D3: 2223-001: the workbook says nothing, and the register says"
        f" 'hs-repairs'{decided}",
        "! irbtrack: Actions!H4: 2223-002: the workbook says 'The workbook says that.', and the"
        f" register says 'The register says this.'{decided}",
        "! irbtrack: 2 rows cannot be taken; nothing was stored",
        "[exit 4]",
    ]
    assert kept(conflicting.folder / "irbtrack.db") == before


def test_of_conflicts_theirs_can_be_taken(conflicting: Scene) -> None:
    assert taken_in(conflicting, "--take theirs") == [counted(0, 3, 1)]
    assert known(conflicting, "2223-001")["owner"] is None
    assert known(conflicting, "2223-002")["progress"] == "The workbook says that."
    assert known(conflicting, "2223-004")["progress"] == "Nobody else said anything."


def test_of_conflicts_ours_can_be_kept(conflicting: Scene) -> None:
    assert taken_in(conflicting, "--take ours") == [counted(0, 1, 3)]
    assert known(conflicting, "2223-001")["owner"] == "hs-repairs"
    assert known(conflicting, "2223-002")["progress"] == "The register says this."
    assert known(conflicting, "2223-004")["progress"] == "Nobody else said anything."


def test_what_was_refused_for_a_conflict_brings_back_nothing_else(conflicting: Scene) -> None:
    conflicting.run('irbtrack action progress 2223-001 --note "The register moved on."')
    said = taken_in(conflicting, "--partial --rejects refused.csv")
    assert said[-2:] == ["! irbtrack: 2 rows were refused; they are in refused.csv", "[exit 4]"]
    conflicting.run("irbtrack import actions refused.csv")
    assert known(conflicting, "2223-001")["progress"] == "The register moved on."
    assert known(conflicting, "2223-004")["progress"] == "Nobody else said anything."


def test_a_date_that_both_moved_is_a_conflict_and_neither_is_lost(register: Scene) -> None:
    register.run('irbtrack action redate 2223-001 --due 31/12/2023 --reason "Late"')
    workbook = edited(register)
    cell = workbook.set("2223-001", "due_on", date(2024, 1, 31))
    workbook.set("2223-001", "reason", "Later still")
    workbook.save()
    said = taken_in(register)
    assert said[0].startswith(
        f"! irbtrack: {cell}: 2223-001: the workbook says 31 January 2024, and the register says"
        " 31 December 2023 since it was exported; "
    )
    assert said[-1] == "[exit 4]"
    assert taken_in(register, "--take theirs") == [counted(0, 1, 3)]
    action = known(register, "2223-001")
    assert (action["due_on"], action["times_redated"]) == ("2024-01-31", 2)


def test_a_completion_that_the_register_has_too_is_a_conflict(register: Scene) -> None:
    register.run("irbtrack action complete 2223-001 --on 10/11/2023")
    workbook = edited(register)
    workbook.set("2223-001", "status", "Complete")
    cell = workbook.set("2223-001", "completed_on", date(2023, 11, 20))
    workbook.save()
    said = taken_in(register)
    assert said[0].startswith(f"! irbtrack: {cell}: 2223-001: the workbook says 20 November 2023")
    assert said[-1] == "[exit 4]"
    assert taken_in(register, "--take ours") == UNCHANGED


def test_an_added_row_is_a_new_action_once(register: Scene) -> None:
    workbook = edited(register)
    row = workbook.add(
        title="Answer appeals in time", priority="High", owner="Head of Revenues",
        due_on=date(2024, 5, 31), audit="Council Tax", year="22/23",
        directorate="Finance and Commercial", raised_on=date(2023, 11, 1),
    )  # fmt: skip
    assert row == 7
    workbook.save()
    assert taken_in(register) == [counted(1, 0, 4)]
    action = known(register, "2223-005")
    assert (action["title"], action["due_on"]) == ("Answer appeals in time", "2024-05-31")
    assert (action["status"], action["audit"]) == ("Not Due", "Council Tax")
    assert taken_in(register) == [
        "! nothing to change: the workbook has no edit that the register lacks",
        counted(0, 0, 5),
    ]
    assert len(as_json(register, "action list")) == 5


def test_an_added_row_that_lacks_what_it_needs_is_named(register: Scene) -> None:
    workbook = edited(register)
    workbook.add(title="Answer appeals in time", directorate="finance", year="22/23")
    workbook.save()
    assert taken_in(register) == [
        "! irbtrack: Actions!C7: Priority is empty, and an action needs it; fill the cell",
        "! irbtrack: 1 row cannot be taken; nothing was stored",
        "[exit 4]",
    ]


def test_a_title_alone_in_an_empty_row_is_a_new_action_that_lacks_the_rest(register: Scene) -> None:
    workbook = edited(register)
    workbook.add(title="Answer appeals in time")
    workbook.save()
    assert "Actions!C7: Priority is empty, and an action needs it" in taken_in(register)[0]


def test_a_workbook_of_one_directorate_gives_it_to_its_new_actions(register: Scene) -> None:
    assert register.run("irbtrack export actions one.xlsx --directorate finance")
    workbook = Returned(register.folder / "one.xlsx")
    workbook.add(title="Answer appeals in time", priority="High", year="22/23")
    workbook.save()
    assert "1 added" in register.run("irbtrack import actions one.xlsx")
    [added] = json.loads(register.run("irbtrack action list --text appeals --format json"))
    assert added["directorate"] == "finance"


def test_a_reference_that_was_not_exported_is_no_new_action(register: Scene) -> None:
    workbook = edited(register)
    workbook.set("2223-002", "ref", "2223-002a")
    workbook.save()
    said = taken_in(register)
    assert "2223-002a is not a reference that was exported" in said[0]
    assert said[-1] == "[exit 4]"


def test_a_removed_row_is_nothing_and_is_said(register: Scene) -> None:
    workbook = edited(register)
    workbook.sheet.delete_rows(workbook.row("2223-002"))
    workbook.save()
    assert taken_in(register) == [
        "! nothing to change: the workbook has no edit that the register lacks",
        counted(0, 0, 3),
        "! no longer in the workbook, and left as they are: 2223-002",
    ]
    assert known(register, "2223-002")["status"] == "Not Due"


def test_rows_may_be_in_another_order(register: Scene) -> None:
    workbook = edited(register)
    rows = [[cell.value for cell in workbook.sheet[row]] for row in range(3, 7)]
    for row, cells in enumerate(reversed(rows), 3):
        for column, value in enumerate(cells, 1):
            workbook.sheet.cell(row, column).value = value
    workbook.set("2223-001", "progress", "Nine months are done.")
    workbook.save()
    assert workbook.row("2223-001") == 6
    assert taken_in(register) == [counted(0, 1, 3)]
    assert known(register, "2223-001")["progress"] == "Nine months are done."


def test_rows_that_a_filter_hides_are_there(register: Scene) -> None:
    workbook = edited(register)
    workbook.sheet.auto_filter.add_filter_column(2, ["High"])
    for row in (4, 5, 6):
        workbook.sheet.row_dimensions[row].hidden = True
    workbook.set("2223-002", "progress", "Changed before it was hidden.")
    workbook.save()
    assert taken_in(register) == [counted(0, 1, 3)]
    assert known(register, "2223-002")["progress"] == "Changed before it was hidden."


def _without(workbook: Returned, name: str) -> None:
    workbook.sheet.delete_cols(workbook.columns()[name])


def _hidden(workbook: Returned) -> None:
    for letter in "BCDEF":
        workbook.sheet.column_dimensions[letter].hidden = True


def _moved(workbook: Returned) -> None:
    """The first columns come last, and the last first."""
    table = [[cell.value for cell in row] for row in workbook.sheet.iter_rows()]
    for row, cells in enumerate(table, 1):
        for column, value in enumerate([*cells[9:], *cells[:9]], 1):
            workbook.sheet.cell(row, column).value = value


def _renamed(workbook: Returned) -> None:
    for cell in workbook.sheet[2]:
        cell.value = f"Our {str(cell.value).lower()} (please fill in)"


def _swapped(workbook: Returned) -> None:
    """The labels of two columns are exchanged. That has no effect, because row 1 decides."""
    due, done = (workbook.sheet.cell(2, workbook.columns()[n]) for n in ("due_on", "completed_on"))
    due.value, done.value = done.value, due.value


def _inserted(workbook: Returned) -> None:
    """A column for notes, and one without a header."""
    workbook.sheet.insert_cols(3, 2)
    workbook.sheet.cell(2, 3, "Our own priority")
    for row in range(3, 7):
        workbook.sheet.cell(row, 3, "Urgent")
        workbook.sheet.cell(row, 4, "Ask the Head of Repairs")


def _commented_below(workbook: Returned) -> None:
    """Something that somebody typed beside the table, and a sheet of their own."""
    workbook.sheet.cell(70, 40, "Seen by the directorate's management team")
    workbook.book.create_sheet("Our workings", 0).append(["Ref", "Action", "Priority", "Due"])


def _without_the_rest(workbook: Returned) -> None:
    for name in ("detail", "evidence", "audit", "year", "raised_on", "times_redated"):
        _without(workbook, name)


@pytest.mark.parametrize(
    "change",
    [
        *(_hidden, _moved, _renamed, _swapped, _inserted, _commented_below),
        _without_the_rest,
    ],
    ids=lambda change: change.__name__.strip("_"),
)
def test_columns_may_be_changed_by_hand(change: Change, register: Scene) -> None:
    workbook = edited(register)
    change(workbook)
    workbook.set("2223-001", "progress", "Nine months are done.")
    workbook.save()
    passed_over = ", 1 passed over" if change is _commented_below else ""
    assert taken_in(register)[0] == counted(0, 1, 3) + passed_over
    action = known(register, "2223-001")
    assert action["progress"] == "Nine months are done."
    assert (action["priority"], action["due_on"]) == ("High", "2023-08-31")
    assert [one["fields"] for one in as_json(register, "history --last 1")] == [
        {"progress": "Nine months are done."}
    ]


def test_an_emptied_owner_is_taken_away(register: Scene) -> None:
    workbook = edited(register)
    workbook.set("2223-001", "owner", None)
    workbook.set("2223-002", "owner", "  ")
    workbook.save()
    assert taken_in(register) == [counted(0, 2, 2)]
    for ref in ("2223-001", "2223-002"):
        assert (known(register, ref)["owner"], known(register, ref)["status"]) == (
            None,
            "Not Allocated",
        )


def test_an_emptied_progress_is_taken_away(register: Scene) -> None:
    workbook = edited(register)
    workbook.set("2223-001", "progress", None)
    workbook.set("2223-001", "percent_complete", None)
    workbook.save()
    assert taken_in(register) == [counted(0, 1, 3)]
    action = known(register, "2223-001")
    assert (action["progress"], action["percent_complete"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("due_on", "2223-001 is due on 31 August 2023, and a due date is not taken away; "),
        ("title", "Action is empty, and "),
        ("priority", "Priority is empty, and "),
        ("directorate", "Directorate is empty, and "),
    ],
)
def test_what_cannot_be_taken_away_is_refused(name: str, said: str, register: Scene) -> None:
    workbook = edited(register)
    cell = workbook.set("2223-001", name, None)
    workbook.save()
    first, *rest = taken_in(register)
    assert first.startswith(f"! irbtrack: {cell}: {said}")
    assert rest == ["! irbtrack: 1 row cannot be taken; nothing was stored", "[exit 4]"]


@pytest.mark.parametrize(
    ("noun", "name"),
    [
        *(("audits", "name"), ("directions", "title"), ("milestones", "title")),
        *(("milestones", "workstream"), ("officers", "title"), ("directorates", "name")),
        *(("workstreams", "name"), ("notes", "text"), ("notes", "section")),
    ],
)
def test_what_other_records_need_cannot_be_taken_away_either(
    noun: str, name: str, scene: Scene, databases: dict[str, Path]
) -> None:
    database = scene.folder / "irbtrack.db"
    database.write_bytes(databases["board"].read_bytes())
    assert "[exit" not in scene.run(f"irbtrack export {noun} {noun}.xlsx")
    workbook = edited(scene, f"{noun}.xlsx")
    before = kept(database)
    ref = str(workbook.sheet.cell(3, workbook.columns()["ref"]).value)
    cell = workbook.set(ref, name, None)
    workbook.save()
    first, *rest = scene.run(f"irbtrack import {noun} {noun}.xlsx").splitlines()
    assert first.startswith(f"! irbtrack: {cell}: ")
    assert " is empty, and " in first
    assert rest == ["! irbtrack: 1 row cannot be taken; nothing was stored", "[exit 4]"]
    assert kept(database) == before


@pytest.mark.parametrize(
    ("noun", "ref", "name", "value"),
    [
        ("audits", "2223-A10", "quarter", "Q1"),
        ("directions", "3a", "rag", "Red"),
        ("directions", "3b", "commentary", "The review has begun."),
        ("milestones", "M001", "rag", "Amber"),
        ("officers", "ed-finance", "name", "Postholder One"),
        ("directorates", "finance", "name", "Finance and Procurement"),
        ("workstreams", "finance-plan", "name", "The Finance Plan"),
        ("notes", "N1", "text", "What was said is put right."),
    ],
)
def test_workbooks_of_other_records_come_back_too(
    noun: str, ref: str, name: str, value: str, scene: Scene, databases: dict[str, Path]
) -> None:
    scene.folder.joinpath("irbtrack.db").write_bytes(databases["board"].read_bytes())
    assert "[exit" not in scene.run(f"irbtrack export {noun} {noun}.xlsx")
    workbook = edited(scene, f"{noun}.xlsx")
    rows = sum(bool(row[0].value) for row in workbook.sheet.iter_rows(min_row=3))
    workbook.set(ref, name, value)
    workbook.save()
    sheet = workbook.sheet.title
    assert scene.run(f"irbtrack import {noun} {noun}.xlsx").splitlines() == [
        f"! {noun} of {noun}.xlsx, sheet {sheet}: 0 added, 1 changed, {rows - 1} as they were",
        f"! changed: {ref}",
    ]
    assert scene.run(f"irbtrack export {noun} again.xlsx") != ""
    shown = edited(scene, "again.xlsx").cell(ref, name.replace("commentary", "latest_commentary"))
    assert value in str(shown.value)
    assert ": 0 added, 0 changed, " in scene.run(f"irbtrack import {noun} {noun}.xlsx")


def test_a_date_that_is_moved_without_a_reason_is_refused(register: Scene) -> None:
    workbook = edited(register)
    cell = workbook.set("2223-002", "due_on", date(2024, 6, 30))
    workbook.save()
    assert taken_in(register)[0] == (
        f"! irbtrack: {cell}: 2223-002 would be re-dated from 31 March 2024 to 30 June 2024"
        " without a reason; give it in the column 'Reason for a change', or for all with --reason"
    )
    assert taken_in(register, '--reason "Elections"') == [counted(0, 1, 3)]


def test_a_formula_that_somebody_typed_is_named(register: Scene) -> None:
    workbook = edited(register)
    cell = workbook.set("2223-002", "due_on", "=EDATE(E3,6)")
    workbook.set("2223-001", "progress", "Nine months are done.")
    workbook.save()
    before = kept(register.folder / "irbtrack.db")
    said = taken_in(register)
    assert said[0].startswith(f"! irbtrack: {cell}: its formula has not been worked out")
    assert said[1:] == ["! irbtrack: 1 row cannot be taken; nothing was stored", "[exit 4]"]
    assert kept(register.folder / "irbtrack.db") == before


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("original_due_on", date(2024, 9, 30),
         "2223-001: Original due is 31 August 2023, and never changes; put it back, or leave the"
         " column out with '--map original_due_on='"),
        ("raised_on", date(2023, 3, 1),
         "2223-001: Raised is 1 February 2023, and never changes; put it back, or leave the column"
         " out with '--map raised_on='"),
        ("original_due_on", None,
         "2223-001: Original due is 31 August 2023, and never changes; put it back, or leave the"
         " column out with '--map original_due_on='"),
    ],
)  # fmt: skip
def test_a_date_that_never_changes_is_refused(
    name: str, value: Any, said: str, register: Scene
) -> None:
    workbook = edited(register)
    cell = workbook.set("2223-001", name, value)
    workbook.save()
    assert taken_in(register) == [
        f"! irbtrack: {cell}: {said}",
        "! irbtrack: 1 row cannot be taken; nothing was stored",
        "[exit 4]",
    ]


def test_what_is_only_shown_is_not_read(register: Scene) -> None:
    workbook = edited(register)
    workbook.set("2223-001", "days_overdue", 0)
    workbook.save()
    assert taken_in(register) == UNCHANGED


def test_a_reference_that_somebody_changed_is_another_action(register: Scene) -> None:
    workbook = edited(register)
    workbook.set("2223-002", "ref", "2223-001")
    workbook.save()
    said = taken_in(register)
    places = [line.partition(": 2223-001 is in row")[0] for line in said[:2]]
    assert places == ["! irbtrack: Actions!A3", "! irbtrack: Actions!A4"]
    assert said[-1] == "[exit 4]"


def test_a_post_that_is_called_otherwise_since_is_still_found(register: Scene) -> None:
    register.run('irbtrack officer update hs-revenues --title "Head of Revenues and Benefits"')
    workbook = edited(register)
    workbook.set("2223-001", "progress", "Nine months are done.")
    workbook.set("2223-002", "owner", "Head of Repairs")
    workbook.save()
    assert taken_in(register) == [counted(0, 2, 2)]
    assert known(register, "2223-001")["owner"] == "hs-revenues"
    assert known(register, "2223-002")["owner"] == "hs-repairs"
    assert len(as_json(register, "officer list")) == 2


def test_a_post_is_put_back_by_the_name_it_had(register: Scene) -> None:
    register.run('irbtrack officer update hs-repairs --title "Head of Repairs and Safety"')
    workbook = edited(register)
    workbook.set("2223-002", "owner", "Head of Repairs")
    workbook.save()
    assert taken_in(register, "--create-missing") == [counted(0, 1, 3)]
    assert known(register, "2223-002")["owner"] == "hs-repairs"
    assert len(as_json(register, "officer list")) == 2


def test_a_workbook_of_another_register_is_read_as_any_sheet(register: Scene) -> None:
    workbook = edited(register)
    workbook.set("2223-001", "progress", "Nine months are done.")
    workbook.save()
    other = "irbtrack --database other.db"
    register.run(f'{other} init --council "Another Council"')
    said = register.run(f"{other} import actions actions.xlsx --create-missing").splitlines()
    assert said[:2] == [
        "! actions.xlsx was exported from another register; it is read like any other sheet",
        counted(4, 0, 0),
    ]
    shown = register.run(f"{other} action list --format csv").splitlines()
    assert shown[1].startswith("2223-001,22/23,Council Tax,Reconcile the suspense account,High,")


def test_a_workbook_whose_state_was_changed_is_refused(register: Scene) -> None:
    workbook = edited(register)
    workbook.book["irbtrack"]["B3"].value = "many"
    workbook.save()
    [said, code] = taken_in(register)
    assert said.startswith("! irbtrack: actions.xlsx: its hidden sheet 'irbtrack' was changed")
    assert code == "[exit 4]"


AWKWARD = (
    *("=1+1", "+44 20 7946 0000", "-1", "- a list\n- of two", "@post", "'quoted'", "'=1"),
    *('=HYPERLINK("http://example.org")', "\ttabbed", "0012", "1e5", "TRUE", "2023-10-31", "10/11"),
    *(
        "a _x000D_ b",
        "two  spaces",
        "<b>&amp;</b>",
        "café 👩‍👩‍👧",
        "#REF!",
        "=",
        "-",
        "http://example.org",
    ),
)
"""What a spreadsheet may take for something else."""


def _typed(text: str) -> str:
    """A text as the register keeps it."""
    return text.strip()


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv", "json"])
def test_what_looks_like_something_else_goes_out_and_comes_back_as_typed(
    ending: str, register: Scene
) -> None:
    kept = {}
    for n, text in enumerate(AWKWARD, 5):
        ref = f"2223-{n:03}"
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "␤")
        title = text.replace("\n", " ").replace("\t", " ").strip()
        quoted_title = title.replace('"', '\\"')
        said = register.run(
            f"irbtrack action add --year 22/23 --priority low --directorate finance"
            f' --detail "{quoted}" --audit "Council Tax" -- "{quoted_title}"'
        )
        assert "[exit" not in said, said
        kept[ref] = (" ".join(title.split(" ")), _typed(text))
    a_workbook = ending in ("xlsx", "ods")
    why = "the workbook has no edit that the register lacks"
    why = why if a_workbook else "the register says so already"
    register.run(f"irbtrack export actions all.{ending}")
    assert taken_in(register, "", f"all.{ending}") == [
        f"! nothing to change: {why}",
        f"! actions of all.{ending}, sheet {'Actions' if a_workbook else 'all'}:"
        f" 0 added, 0 changed, {4 + len(AWKWARD)} as they were",
    ]
    other = "irbtrack --database other.db"
    register.run(f'{other} init --council "Another Council"')
    assert "[exit" not in register.run(f"{other} import actions all.{ending} --create-missing")
    same = "action list --format json"
    mine = as_json(register, "action list")
    shown = register.run(f"{other} {same}")
    for one in mine:
        assert f'"title": {_as_json(one["title"])}' in shown
    for ref in kept:
        before, after = (
            register.run(f"{program} action show {ref} --format json").split('"detail": ')[1]
            for program in ("irbtrack", other)
        )
        assert before.split(', "')[0] == after.split(', "')[0], ref


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def test_what_begins_like_a_formula_may_be_typed_into_a_workbook(register: Scene) -> None:
    workbook = edited(register)
    for ref, text in (("2223-001", "- half are done\n- the rest in May"), ("2223-002", "@post")):
        workbook.set(ref, "progress", text)
    cell = workbook.cell("2223-003", "progress")
    cell.value = "=1+1"
    cell.data_type = "s"
    workbook.set("2223-004", "progress", "'quoted")
    workbook.save()
    assert taken_in(register) == [counted(0, 4, 0)]
    assert [known(register, f"2223-00{n}")["progress"] for n in (1, 2, 3, 4)] == [
        *("- half are done\n- the rest in May", "@post", "=1+1", "'quoted"),
    ]


# Of LibreOffice's format the core: one library wrote it, another changes it, a third reads it.


@pytest.fixture
def opendocument(register: Scene) -> Scene:
    assert "[exit" not in register.run("irbtrack export actions actions.ods")
    return register


def _edit_ods(path: Path, edit: Callable[[list[list[Any]]], None]) -> None:
    """Change the cells of a workbook's first sheet."""
    import odfdo

    document = odfdo.Document(str(path))
    table = document.body.tables[0]
    cells = [list(row) for row in table.get_values()]
    was = [list(row) for row in cells]
    edit(cells)
    for y, row in enumerate(cells):
        for x, value in enumerate(row):
            if y >= len(was) or value != was[y][x]:
                table.set_cell((x, y), odfdo.Cell(value) if value is not None else odfdo.Cell())
    document.save(str(path))


def test_an_opendocument_workbook_comes_back_too(opendocument: Scene) -> None:
    path = opendocument.folder / "actions.ods"

    def edit(cells: list[list[Any]]) -> None:
        names = cells[0]
        assert (cells[2][0], cells[5][0]) == ("2223-001", "2223-004")
        cells[2][names.index("progress")] = "=Nine months are done."
        cells[3][names.index("owner")] = None
        cells[4][names.index("due_on")] = date(2024, 9, 30)
        cells[4][names.index("reason")] = "Elections"
        cells[2], cells[5] = cells[5], cells[2]

    _edit_ods(path, edit)
    opendocument.run("irbtrack action allocate 2223-004 --owner hs-repairs")
    said = taken_in(opendocument, "", "actions.ods")
    assert said == ["! actions of actions.ods, sheet Actions: 0 added, 3 changed, 1 as they were"]
    assert known(opendocument, "2223-001")["progress"] == "=Nine months are done."
    assert known(opendocument, "2223-002")["owner"] is None
    assert known(opendocument, "2223-003")["due_on"] == "2024-09-30"
    assert known(opendocument, "2223-004")["owner"] == "hs-repairs"


def test_an_opendocument_workbook_has_conflicts_and_new_rows_too(opendocument: Scene) -> None:
    path = opendocument.folder / "actions.ods"

    def edit(cells: list[list[Any]]) -> None:
        names = cells[0]
        cells[2][names.index("progress")] = "The workbook says that."
        for name, value in {
            "title": "Answer appeals in time", "priority": "High", "audit": "Council Tax",
            "year": "22/23", "directorate": "Finance and Commercial",
        }.items():  # fmt: skip
            cells[6][names.index(name)] = value

    _edit_ods(path, edit)
    opendocument.run('irbtrack action progress 2223-001 --note "The register says this."')
    said = taken_in(opendocument, "", "actions.ods")
    assert said[0].startswith(
        "! irbtrack: Actions!H3: 2223-001: the workbook says 'The workbook says that.', and the"
        " register says 'The register says this.'"
    )
    assert said[-1] == "[exit 4]"
    said = taken_in(opendocument, "--take theirs", "actions.ods")
    assert said[0] == "! actions of actions.ods, sheet Actions: 1 added, 1 changed, 3 as they were"
    assert known(opendocument, "2223-005")["title"] == "Answer appeals in time"


def test_a_percentage_of_one_stays_one(register: Scene) -> None:
    register.run("irbtrack action progress 2223-001 --percent 1")
    register.run("irbtrack export actions actions.xlsx --replace")
    assert taken_in(register)[0].startswith("! nothing to change")


def test_an_end_that_both_say_otherwise_is_a_conflict(register: Scene) -> None:
    register.run("irbtrack action complete 2223-001 --on 20/11/2023")
    workbook = edited(register)
    cell = workbook.set("2223-001", "status", "Open")
    workbook.save()
    said = taken_in(register, '--reason "Returned"')
    assert said[0].startswith(
        f"! irbtrack: {cell}: 2223-001: the workbook says 'Open', and the register says 'Complete'"
    )
    ours = taken_in(register, '--reason "Returned" --take ours')
    assert ours[0].startswith("! nothing to change")
    assert taken_in(register, '--reason "Returned" --take theirs') == [counted(0, 1, 3)]
    assert known(register, "2223-001")["completed_on"] is None


def test_what_was_refused_brings_back_no_date_that_nobody_changed(register: Scene) -> None:
    register.run('irbtrack action redate 2223-001 --due 31/12/2024 --reason "The board agreed"')
    workbook = edited(register)
    workbook.set("2223-001", "priority", "Bogus")
    workbook.save()
    taken_in(register, "--partial --rejects refused.csv")
    refused = register.folder / "refused.csv"
    refused.write_text(refused.read_text("utf-8-sig").replace("Bogus", "Low"), "utf-8")
    said = register.run('irbtrack import actions refused.csv --reason "Returned"')
    assert "1 changed" in said
    action = known(register, "2223-001")
    assert (action["priority"], action["due_on"]) == ("Low", "2024-12-31")


def test_a_name_that_means_another_post_by_now_is_asked_about(register: Scene) -> None:
    register.run('irbtrack officer update hs-repairs --title "Head of Homes"')
    register.run('irbtrack officer add hs-new "Head of Repairs"')
    workbook = edited(register)
    workbook.set("2223-002", "owner", "Head of Repairs")
    workbook.save()
    assert "was hs-repairs when this was exported, and is hs-new now" in taken_in(register)[0]


def test_a_change_that_a_later_one_would_hide_is_refused(register: Scene) -> None:
    register.run("irbtrack action allocate 2223-001 --owner hs-repairs --on 15/11/2023")
    register.run("irbtrack export actions actions.xlsx --replace")
    workbook = edited(register)
    workbook.set("2223-001", "owner", "Head of Revenues")
    workbook.save()
    said = taken_in(register, "--on 10/11/2023")
    assert "this was changed after the day of --on; give a later day" in said[0]
    assert taken_in(register) == [counted(0, 1, 3)]
