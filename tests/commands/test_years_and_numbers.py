"""Years that follow from dates, and numbers that stand for words."""

from pathlib import Path

import pytest
from shared.transcript import Prepare, Scene, as_json

HEADER = "Action,Priority,Directorate,Raised,Status"


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared(
        'init --council "Test Council"', 'directorate add finance "Finance and Commercial"'
    )


def write(scene: Scene, *lines: str) -> str:
    Path(scene.folder / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "irbtrack import actions t.csv"


def years(scene: Scene) -> dict[str, str]:
    return {one["title"]: one["year"] for one in as_json(scene, "action list")}


def test_dates_of_several_years_give_each_action_its_year(register: Scene) -> None:
    lines = HEADER, "One,High,finance,31/03/2022,Open", "Two,Low,finance,01/04/2022,Open"
    said = register.run(write(register, *lines)).splitlines()
    assert "! without a year, of the financial year of their date: rows 2-3 of t" in said
    assert years(register) == {"One": "21/22", "Two": "22/23"}
    assert register.run(write(register, *lines)).startswith("! nothing to change")


def test_dates_of_one_year_leave_the_question_which_it_is(register: Scene) -> None:
    command = write(register, HEADER, "One,High,finance,31/03/2022,Open")
    assert register.run(command).splitlines()[0] == (
        "! irbtrack: t: no column is taken for year; '--map year=HEADER' names one, and"
        " '--default year=VALUE' gives all the same; '--year-from raised_on' takes that of the date"
    )
    register.run(f"{command} --year-from raised_on --save-mapping t.toml")
    assert years(register) == {"One": "21/22"}
    assert 'year_from = "raised_on"' in (register.folder / "t.toml").read_text()
    assert register.run(f"{command} --mapping t.toml").startswith("! nothing to change")


def test_a_year_that_a_row_has_or_a_default_gives_is_not_replaced(register: Scene) -> None:
    lines = f"{HEADER},Year", "One,High,finance,31/03/2022,Open,20/21", "Two,Low,finance,,Open,"
    register.run(f"{write(register, *lines)} --year-from raised_on --default year=19/20")
    assert years(register) == {"One": "20/21", "Two": "19/20"}


def test_an_audit_is_made_in_the_year_of_the_date_only_if_it_is_not_there(register: Scene) -> None:
    register.run('irbtrack audit add "Payroll" --year 20/21')
    lines = (
        f"{HEADER},Audit",
        "One,High,finance,31/03/2022,Open,Payroll",
        "Two,Low,finance,01/04/2022,Open,Creditors",
    )
    register.run(f"{write(register, *lines)} --create-missing")
    assert years(register) == {"One": "20/21", "Two": "22/23"}
    register.run(f"{write(register, *lines)} --create-missing --year-from raised_on")
    assert {one["year"] for one in as_json(register, "audit list --year 21/22")} == {"21/22"}


def test_a_known_action_keeps_its_year(register: Scene) -> None:
    with_ref = f"Ref,{HEADER}"
    register.run(
        f"{write(register, with_ref, 'A1,One,High,finance,31/03/2022,Open')} --default year=19/20"
    )
    command = write(register, with_ref, "A1,One,High,finance,31/03/2022,Open")
    assert register.run(f"{command} --year-from raised_on").startswith("! nothing to change")


def test_a_date_that_no_column_has_gives_no_year(register: Scene) -> None:
    command = write(register, "Action,Priority,Directorate", "One,High,finance")
    assert register.run(f"{command} --year-from raised_on").splitlines()[0] == (
        "! irbtrack: --year-from raised_on: no column is taken for it; '--map raised_on=HEADER'"
        " names one"
    )
    assert register.run(f"{command} --year-from title").startswith(
        "! irbtrack: --year-from: there is no field 'title'"
    )


def test_numbers_are_priorities_by_the_range_they_are_in(register: Scene) -> None:
    command = write(
        register,
        "Action,Risk score,Directorate",
        *(f"{score},{score},finance" for score in ("25", "15", "14", "9.5", "1")),
    )
    ranges = ("15-25=high", "8-14=medium", "1-7=low")
    given = " ".join(f"--value priority:{one}" for one in ranges)
    options = f"--map priority='Risk score' --default year=22/23 {given} --save-mapping t.toml"
    register.run(f"{command} {options}")
    told = {one["title"]: one["priority"] for one in as_json(register, "action list")}
    assert told == {"25": "High", "15": "High", "14": "Medium", "9.5": "Medium", "1": "Low"}
    assert register.run(f"{command} --mapping t.toml").startswith("! nothing to change")


def test_a_number_outside_every_range_is_refused(register: Scene) -> None:
    command = write(register, "Action,Priority,Directorate", "One,26,finance")
    said = register.run(f"{command} --default year=22/23 --value priority:15-25=high")
    assert "'26' is not a priority" in said


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_an_audit_without_a_year_is_that_of_another_row_in_any_order(
    register: Scene, order: tuple[int, ...]
) -> None:
    rows = [
        "Payroll,,Reconcile it,High,finance",
        "Payroll,22/23,Report on it,High,finance",
        "Stores,,Count it,High,finance",
    ]
    lines = ["Audit,Year,Action,Priority,Directorate", *(rows[n] for n in order)]
    (register.folder / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    importing = "irbtrack import actions t.csv --create-missing --partial --rejects"
    said = register.run(f"{importing} r.csv")
    assert "2 added" in said
    assert "no audit 'Stores'; give its year" in said
    told = {(one["audit"], one["year"], one["title"]) for one in as_json(register, "action list")}
    assert told == {("Payroll", "22/23", "Reconcile it"), ("Payroll", "22/23", "Report on it")}
    assert "0 added, 0 changed, 2 as they were" in register.run(f"{importing} r2.csv")


def test_audits_that_are_not_there_are_one_line(register: Scene) -> None:
    rows = [f"Audit {n},22/23,Report on it,High,finance" for n in "ABCDE"]
    lines = ["Audit,Year,Action,Priority,Directorate", *rows]
    (register.folder / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    said = register.run("irbtrack import actions t.csv").splitlines()
    assert said[0] == (
        "! irbtrack: t!A2, A3 and A4, first of 5: no audit 'Audit A'; --create-missing makes it"
        " (and 4 more of this kind)"
    )
