"""The audits of a tracker, with their dates, auditees and findings by priority."""

from pathlib import Path

import pytest
from shared.transcript import Prepare, Scene, as_json

HEADER = "Audit title,Auditee,Date issued,Audit source,High,Medium,Low findings,Financial year"
PAYROLL = "Payroll,Finance and Commercial,12/05/2023,Internal Audit,2,3,,23/24"
FOSTERING = "Fostering,Adults,01/06/2023,Ofsted,,,,23/24"


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared(
        'init --council "Test Council"', 'directorate add finance "Finance and Commercial"'
    )


def imported(scene: Scene, *lines: str, options: str = "") -> list[str]:
    Path(scene.folder / "t.csv").write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return scene.run(f"irbtrack import audits t.csv {options}").splitlines()


def test_audits_take_a_date_a_directorate_a_source_and_findings_by_priority(
    register: Scene,
) -> None:
    said = imported(register, PAYROLL, FOSTERING, options="--create-missing --save-mapping t.toml")
    assert said[0] == "! audits of t.csv, sheet t: 2 added, 0 changed, 0 as they were"
    assert not any("not taken" in line for line in said)
    told = [
        (one["name"], one["issued_on"], one["directorate"], one["source"], one["findings"],
         one["high"], one["medium"], one["low"])
        for one in as_json(register, "audit list")
    ]  # fmt: skip
    assert told == [
        ("Payroll", "2023-05-12", "finance", "Internal Audit", "entered", 2, 3, 0),
        ("Fostering", "2023-06-01", "adults", "Ofsted", None, None, None, None),
    ]
    said = imported(register, PAYROLL, FOSTERING, options="--mapping t.toml")
    assert said[0] == "! nothing to change: the register says so already"


def test_people_see_what_an_audit_has(register: Scene) -> None:
    imported(register, PAYROLL)
    shown = register.run("irbtrack audit show Payroll")
    assert "Issued       Directorate" in shown
    assert "12 May 2023  finance" in shown


def test_a_number_of_findings_that_cannot_be_read_is_refused_in_its_row(register: Scene) -> None:
    said = imported(register, PAYROLL.replace("2,3,", "2,some,"))
    assert said[0].startswith("! irbtrack: t!E2: '2/some/0' are not findings")


def test_findings_in_columns_of_their_own_can_be_left_out(register: Scene) -> None:
    said = imported(register, PAYROLL, options="--map findings=")
    assert "! not taken: column E (High) and column F (Medium) of t" in said
    assert as_json(register, "audit list")[0]["findings"] is None


def test_a_command_gives_them_too(register: Scene) -> None:
    register.run("irbtrack audit add Payroll --year 23/24 --issued 12/05/2023")
    said = register.run("irbtrack audit update Payroll --directorate finance --issued 13/05/2023")
    assert said.strip() == "! Payroll: issued now 13 May 2023, directorate now finance"
    [one] = as_json(register, "audit list")
    assert (one["issued_on"], one["directorate"]) == ("2023-05-13", "finance")


def test_audits_are_exported_and_read_back_as_they_are(register: Scene) -> None:
    imported(register, PAYROLL)
    for name in ("out.csv", "out.xlsx"):
        register.run(f"irbtrack export audits {name}")
        said = register.run(f"irbtrack import audits {name}").splitlines()
        assert said[0].startswith("! nothing to change")


@pytest.mark.parametrize("sentence", ["No log is kept", "In 12 of 25 cases no log was kept " * 3])
def test_findings_that_are_sentences_are_left_and_said(register: Scene, sentence: str) -> None:
    lines = ["Audit title,Findings,Financial year", f"Payroll,{sentence},23/24"]
    (register.folder / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    said = register.run("irbtrack import audits t.csv").splitlines()
    assert said[0] == "! audits of t.csv, sheet t: 1 added, 0 changed, 0 as they were"
    assert any(line.startswith("! not taken: column B (Findings) of t, as its") for line in said)
