"""Next month's tracker: omissions, equal names and moved rows must not mislead the import."""

from pathlib import Path

import openpyxl
import pytest
from shared.transcript import Scene, as_json


def write(scene: Scene, name: str, *lines: str) -> str:
    """A CSV file in the scene's folder, and its name."""
    scene.folder.joinpath(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


@pytest.fixture
def register(scene: Scene) -> Scene:
    """Two actions of Creditors in 21/22, and an audit of that name in 22/23 too."""
    first = write(
        scene,
        "first.csv",
        "Ref,Audit,Action,Priority,Directorate,Owner,Due,Progress",
        "C1,Creditors,Reconcile the ledger,High,Finance,Head of Finance,31/3/2023,Under way",
        "C2,Creditors,Keep a log of refunds,Low,Finance,Head of Finance,30/4/2023,Begun",
    )
    for command in (
        "init --council Council",
        f"import actions {first} --default year=21/22 --create-missing --on 1/3/2023",
        'audit add "Creditors" --year 22/23',
    ):
        assert "[exit" not in scene.run(f"irbtrack {command}")
    return scene


def test_the_name_of_an_audit_alone_is_that_of_the_actions_own_year(register: Scene) -> None:
    name = write(register, "t.csv", "Ref,Audit,Action,Progress", "C1,Creditors,New title,Done")
    said = register.run(f"irbtrack import actions {name}")
    assert "0 added, 1 changed, 0 as they were" in said
    assert [one["year"] for one in as_json(register, "action list")] == ["21/22", "21/22"]


@pytest.mark.parametrize("table", ["Year,Audit/22/23,Creditors", "Year,Audit/22/23,2223-A01"])
def test_a_year_moves_an_action_to_the_audit_of_that_year(register: Scene, table: str) -> None:
    header, _, row = table.partition("/")
    name = write(register, "t.csv", f"Ref,{header}", f"C1,{row}")
    assert "1 changed" in register.run(f"irbtrack import actions {name}")
    assert as_json(register, "action list")[0]["year"] == "22/23"


def test_the_reference_of_an_audit_moves_an_action_without_a_year(register: Scene) -> None:
    name = write(register, "t.csv", "Ref,Audit,Action", "C1,2223-A01,Reconcile the ledger")
    assert "1 changed" in register.run(f"irbtrack import actions {name}")
    assert as_json(register, "action list")[0]["year"] == "22/23"


@pytest.mark.parametrize("word", ["-", "n/a", "TBC"])
def test_a_word_for_nothing_says_nothing_of_a_known_text(register: Scene, word: str) -> None:
    name = write(register, "t.csv", "Ref,Action,Progress", f"C1,Reconcile the ledger,{word}")
    assert "nothing to change" in register.run(f"irbtrack import actions {name}")
    action = as_json(register, "action show C1")[0]
    assert action["progress"] == "Under way"


def test_a_mapping_keeps_the_header_of_a_column_that_was_given_by_its_letter(
    register: Scene,
) -> None:
    one = write(register, "one.csv", "Ref,Matter,Priority", "C1,Reconcile the ledger,High")
    given = "--map title=B --save-mapping kept.toml"
    assert "[exit" not in register.run(f"irbtrack import actions {one} {given}")
    two = write(
        register, "two.csv", "Ref,Weakness,Matter,Priority", "C1,It was not,Reconcile it,High"
    )
    register.run(f"irbtrack import actions {two} --mapping kept.toml --save-mapping kept.toml")
    assert as_json(register, "action list")[0]["title"] == "Reconcile it"
    assert 'title = "Matter"' in Path(register.folder / "kept.toml").read_text(encoding="utf-8")


def test_a_status_that_cannot_be_read_is_asked_about(register: Scene) -> None:
    lines = "Ref,Action,State", "C1,Reconcile the ledger,Agreed", "C2,Keep a log,Partly agreed"
    name = write(register, "t.csv", *lines)
    said = register.run(f"irbtrack import actions {name}").splitlines()
    assert said[0].startswith("! irbtrack: t!C: its header may mean Status, but its cells are")
    assert said[-1] == "[exit 4]"
    assert "[exit" not in register.run(f"irbtrack import actions {name} --map status=")


def test_columns_that_are_left_out_and_actions_without_an_audit_are_said(register: Scene) -> None:
    name = write(
        register,
        "t.csv",
        "Ref,Audit,Action,Priority,Directorate,Days,Sponsor",
        "C3,,Answer appeals in time,High,Finance,3,Someone",
    )
    said = register.run(f"irbtrack import actions {name} --default year=22/23")
    assert "without an audit, with only a year: row 2" in said
    assert "not taken: column F (Days) and column G (Sponsor)" in said


def test_of_a_history_that_is_refused_every_row_is_kept(register: Scene) -> None:
    name = write(
        register,
        "h.csv",
        "ref,from_on,raised_on,year,title,priority,directorate,due_on",
        "H1,2023-01-10,2023-01-10,22/23,One,High,finance,2023-06-30",
        "H1,2023-02-10,2023-01-09,22/23,One,High,finance,2023-06-30",
        "H2,2023-01-10,2023-01-10,22/23,Two,High,finance,2023-06-30",
    )
    said = register.run(f"irbtrack import actions {name} --partial --rejects r.csv")
    assert said.splitlines()[-2:] == [
        "! irbtrack: 2 rows were refused; they are in r.csv",
        "[exit 4]",
    ]
    kept = (register.folder / "r.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in kept] == ["ref", "H1", "H1"]


def test_the_board_is_not_told_from_which_file_a_reason_was(register: Scene) -> None:
    register.run("irbtrack workstream add plan Plan --on 1/1/2023")
    one = write(register, "m1.csv", "Ref,Milestone,Workstream,Due,RAG", "M1,Go,plan,31/12/2023,G")
    two = write(register, "m2.csv", "Ref,Milestone,Workstream,Due,RAG", "M1,Go,plan,31/12/2023,R")
    assert "1 added" in register.run(f"irbtrack import milestones {one} --on 1/10/2023")
    assert "1 changed" in register.run(f"irbtrack import milestones {two} --on 1/11/2023")
    dates = "--from 2/10/2023 --to 2/11/2023 --format csv"
    assert "SHA-256" not in register.run(f"irbtrack exceptions {dates}")
    assert "SHA-256" in register.run("irbtrack history M1 --format csv")


def test_a_start_is_a_day_and_a_completion_without_one_is_said(register: Scene) -> None:
    register.run("irbtrack workstream add plan Plan --on 1/1/2023")
    bar = write(register, "b.csv", "Ref,Milestone,Workstream,Start,End", "M1,Go,plan,Sep-23,Dec-23")
    assert "b!D2: 'Sep-23' is not a date" in register.run(f"irbtrack import milestones {bar}")
    done = write(register, "d.csv", "Ref,Milestone,Workstream,Due,RAG", "M1,Go,plan,Dec-23,C")
    said = register.run(f"irbtrack import milestones {done} --on 1/11/2023")
    assert "complete without a date, taken as of 1 November 2023: row 2" in said


def test_audits_without_a_year_are_asked_for_it(register: Scene) -> None:
    name = write(register, "a.csv", "Audit,Status", "Payroll,Finalised", "Council Tax,Planned")
    said = register.run(f"irbtrack import audits {name}")
    assert "no column is taken for year" in said.splitlines()[0]
    assert "2 added" in register.run(f"irbtrack import audits {name} --default year=22/23")
    assert "nothing to change" in register.run(
        f"irbtrack import audits {name} --default year=22/23"
    )


def test_a_reference_of_the_sheet_is_given_out_to_no_other_row(register: Scene) -> None:
    name = write(
        register,
        "g.csv",
        "Ref,Year,Action,Priority,Directorate",
        ",22/23,Answer appeals in time,High,Finance",
        "2223-001,22/23,Publish the policy,High,Finance",
    )
    assert "2 added" in register.run(f"irbtrack import actions {name}")
    refs = [one["ref"] for one in as_json(register, "action list --year 22/23")]
    assert refs == ["2223-001", "2223-002"]


def test_other_sheets_that_could_be_taken_are_said(register: Scene) -> None:
    header = ["Ref", "Year", "Action", "Priority", "Directorate"]
    book = openpyxl.Workbook()
    for year in ("21-22", "22-23"):
        sheet = book.create_sheet(year)
        sheet.append(header)
        sheet.append([f"R{year}", year.replace("-", "/"), "Publish the policy", "High", "Finance"])
    book.remove(book.worksheets[0])
    book.save(register.folder / "two.xlsx")
    said = register.run("irbtrack import actions two.xlsx")
    assert "not taken: the sheet 22-23, which has 1 record; --sheet '22-23' takes it" in said


def test_a_rating_holds_from_the_day_that_the_sheet_gives(register: Scene) -> None:
    for number, row in enumerate(("3a,Money,A,1/9/2023", "3a,Money,G,1/11/2023")):
        name = write(register, f"d{number}.csv", "Ref,Direction,RAG,RAG since", row)
        assert "[exit" not in register.run(f"irbtrack import directions {name} --on 15/11/2023")
    rags = {
        day: as_json(register, f"direction list --as-of {day}")[0]["rag"]
        for day in ("2023-10-31", "2023-11-01")
    }
    assert rags == {"2023-10-31": "A", "2023-11-01": "G"}
    again = write(register, "d2.csv", "Ref,Direction,RAG,RAG since", "3a,Money,G,2/11/2023")
    said = register.run(f"irbtrack import directions {again} --on 15/11/2023")
    assert "3a has its rating since 1 November 2023" in said
