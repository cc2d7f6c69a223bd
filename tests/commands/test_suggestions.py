"""What 'import inspect' suggests: a command that takes the file in as it stands."""

import csv
import shlex
from pathlib import Path

import pytest
from shared.transcript import Prepare, Scene, as_json

TRACKER = (
    "Finding,Owner of it,Rating,Status,Date raised,Date for resolution",
    "Arrears are not chased,Head of Revenues / Head of Finance,1,Closed,1/4/2022,1/9/2022",
    "No log is kept,Head of Finance,2,Partially implemented,1/5/2023,Ongoing",
    "Discounts are not reviewed,Head of Finance,3,Awaiting a miracle,1/6/2023,1/9/2023",
)


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared(
        'init --council "Test Council"', 'directorate add finance "Finance and Commercial"'
    )


def inspected(scene: Scene, *lines: str, options: str = "") -> list[str]:
    scene.folder.joinpath("a tracker.csv").write_text("\n".join(lines), encoding="utf-8")
    return scene.run(f"irbtrack import inspect 'a tracker.csv' {options}").splitlines()


def left_open(said: list[str]) -> list[str]:
    """What nobody can suggest, with the option that would say it."""
    start = "Only you can say: "
    return [line.removeprefix(start) for line in said if line.startswith(start)]


def test_the_command_that_is_proposed_takes_the_tracker_in(register: Scene) -> None:
    said = inspected(register, *TRACKER)
    command = said[-1]
    assert shlex.split(command)[:4] == ["irbtrack", "import", "actions", "a tracker.csv"]
    taken = register.run(f"{command} --value 'status:Awaiting a miracle=none'")
    assert "3 added" in taken.splitlines()[0], taken
    listed = as_json(register, "action list --status complete --status open")
    told = {one["title"]: (one["priority"], one["year"], one["status"]) for one in listed}
    assert told == {
        "Arrears are not chased": ("High", "22/23", "Complete"),
        "No log is kept": ("Medium", "23/24", "Not Allocated"),
        "Discounts are not reviewed": ("Low", "23/24", "Overdue"),
    }
    assert Path(register.folder / "a tracker.toml").exists()


def test_a_plain_tracker_needs_nothing_but_its_name(register: Scene) -> None:
    lines = "Ref,Action,Priority,Directorate,Year", "C1,One,High,finance,23/24"
    said = inspected(register, *lines)
    assert said[-1] == "irbtrack import actions 'a tracker.csv' --save-mapping 'a tracker.toml'"
    assert "Suggested, to be checked" not in said


def test_what_is_said_already_is_not_suggested_again(register: Scene) -> None:
    options = "--value status:Closed=withdrawn --default directorate=finance --map title=Finding"
    said = inspected(register, *TRACKER, options=options)
    assert not any("status is 'Closed'" in line or "directorate=" in line for line in said[:-1])
    given = shlex.split(said[-1])
    for option in ("status:Closed=withdrawn", "directorate=finance", "title=Finding"):
        assert option in given


def test_what_nobody_can_guess_is_left_to_be_said(register: Scene) -> None:
    lines = [line.replace(",1,", ",Zebra,").replace(",2,", ",Yak,") for line in TRACKER]
    said = inspected(register, *lines, TRACKER[1].replace(",1,", ",Gnu,").replace("not", "never"))
    left = [line for line in said if line.startswith("Only you can say")]
    assert any("priority is 'Zebra' in 1 cell" in line for line in left)
    assert said[-1].startswith("irbtrack import actions")


def test_what_only_somebody_can_say_does_not_hide_what_can_be_suggested(prepared: Prepare) -> None:
    said = inspected(prepared('init --council "Test Council"'), *TRACKER)
    assert any("no column is taken for directorate" in line for line in said)
    assert "--value status:Closed=complete" in said[-1]
    assert "--create-missing" in said[-1]


def test_a_directorate_is_only_suggested_if_there_is_no_other(register: Scene) -> None:
    assert "--default directorate=finance" in inspected(register, *TRACKER)[-1]
    register.run("irbtrack directorate add housing Housing")
    assert "directorate=" not in inspected(register, *TRACKER)[-1]


def test_a_category_of_kinds_is_no_priority_and_one_of_levels_is(register: Scene) -> None:
    lines = ["Ref,Action,Category,Directorate,Year"]
    kinds = [f"C{n},Do {n},{kind},finance,23/24" for n, kind in enumerate(("Legal", "IT", "Staff"))]
    said = inspected(register, *lines, *kinds)
    assert left_open(said) == [
        "column C (Category): its header may mean Priority, but its cells are Legal, IT, Staff;"
        " --default priority=VALUE"
    ]
    assert "priority=" not in said[-1]
    levels = ("Critical", "Moderate", "Minor")
    rows = [f"C{n},Do {n},{level},finance,23/24" for n, level in enumerate(levels)]
    said = inspected(register, *lines, *rows)
    assert "--map priority=Category" in said[-1]
    assert "priority:Critical=High" in said[-1]


def test_what_is_to_stand_for_empty_cells_is_asked(register: Scene) -> None:
    lines = "Ref,Action,Priority,Directorate,Year", "C1,One,,finance,23/24", "C2,Two,,finance,23/24"
    said = inspected(register, *lines)
    assert left_open(said) == ["priority is empty in 2 cells; --default priority=VALUE"]
    assert "priority=" not in said[-1]
    assert "2 added" in register.run(f"{said[-1]} --default priority=low")


@pytest.mark.parametrize("name", ["Detail", "Progress"])
@pytest.mark.parametrize("cells", [("4", "25%", "1,200"), ("High", "Low", "High")])
def test_numbers_and_words_of_a_scale_are_no_long_text(
    register: Scene, name: str, cells: tuple[str, ...]
) -> None:
    rows = [f"C{n},Do {n},High,finance,23/24,{cell}" for n, cell in enumerate(cells)]
    inspected(register, f"Ref,Action,Priority,Directorate,Year,{name}", *rows)
    told = as_json(register, "import inspect 'a tracker.csv'")
    assert [one["field"] for one in told if one["header"] == name] == [None]


def test_rows_that_cannot_be_taken_are_said_and_kept_in_a_file(register: Scene) -> None:
    lines = (
        "Ref,Action,Priority,Directorate,Year",
        "C1,One,High,finance,23/24",
        "C2,,High,finance,23/24",
        "C1,Three,High,finance,23/24",
        "C4,Four,High,finance,23/24",
    )
    said = inspected(register, *lines)
    told = said.index("3 rows of 4 would be refused, and put into a tracker-refused.csv:")
    assert "a tracker!B3: Action is empty" in said[told + 1] + said[told + 2] + said[told + 3]
    taken = register.run(said[-1])
    assert "1 added" in taken.splitlines()[0]
    kept = register.folder.joinpath("a tracker-refused.csv").read_text(encoding="utf-8-sig")
    assert len(kept.splitlines()) == 4


def test_a_column_called_closed_has_the_date_of_any_end(register: Scene) -> None:
    lines = (
        "Ref,Recommendation,Priority,Directorate,Status,Made,Closed",
        "1/24,Fit guards,High,finance,Closed - implemented,1/5/2023,1/9/2023",
        "2/24,Log faults,High,finance,Closed superseded,1/5/2023,2/9/2023",
        "3/24,Train staff,High,finance,Open,1/5/2023,",
    )
    assert "3 added" in register.run(inspected(register, *lines)[-1])
    ended = as_json(register, "action list 1/24 2/24 3/24 --columns ref,completed_on,closed_on")
    told = [(one["ref"], one["completed_on"], one["closed_on"]) for one in ended]
    assert told == [
        ("1/24", "2023-09-01", None),
        ("2/24", None, "2023-09-02"),
        ("3/24", None, None),
    ]


def test_the_file_for_refused_rows_is_a_new_one(register: Scene) -> None:
    lines = (
        "Ref,Action,Priority,Directorate,Year",
        "1,One,High,finance,23/24",
        "2,,Low,finance,23/24",
    )
    assert "--rejects 'a tracker-refused.csv'" in inspected(register, *lines)[-1]
    register.folder.joinpath("a tracker-refused.csv").touch()
    assert "--rejects 'a tracker-refused-2.csv'" in inspected(register, *lines)[-1]


def test_an_error_is_never_suggested_to_mean_nothing(register: Scene) -> None:
    lines = (
        "Ref,Action,Priority,Directorate,Owner,Date raised,Due date,Status",
        "C1,One,High,finance,Head of Finance,1/4/2022,1/9/2022,Open",
        "C2,Two,High,finance,#REF!,1/4/2022,#REF!,Open",
    )
    said = inspected(register, *lines)
    assert not any("#REF!=none" in line for line in said)
    assert any("names 1 officer " in line for line in said)
    assert any(line.startswith("1 row of 2 would be refused") for line in said)
    taken = register.run(said[-1])
    assert "1 added" in taken, taken
    assert [one["ref"] for one in as_json(register, "action list --status open")] == ["C1"]


def test_all_that_refuses_a_new_row_is_said_at_once(register: Scene) -> None:
    lines = (
        "Ref,Action,Priority,Directorate,Year,Date raised,Date completed,Closed on,Status",
        "C1,One,High,finance,22/23,1/4/2022,1/3/2022,,Risk accepted",
        "C2,Two,High,finance,22/23,1/4/2022,,,Open",
    )
    said = "\n".join(inspected(register, *lines))
    assert "--raised-earliest takes such actions" in said
    assert "it cannot be completed and Risk Accepted" in said


def test_the_day_that_a_recommendation_was_issued_is_when_it_was_raised(register: Scene) -> None:
    lines = (
        "Audit,Agreed action,Rating,Department,Issued,Due,Status",
        "Fleet,Check licences each year,Low,finance,3/2/2022,30/6/2022,Open",
    )
    said = inspected(register, *lines)
    assert "--year-from raised_on" in said[-1]
    register.run(said[-1])
    (kept,) = as_json(register, "action list")
    assert (kept["raised_on"], kept["year"]) == ("2022-02-03", "21/22")


def test_a_tracker_of_which_no_row_can_be_taken_is_said_to_be_one(register: Scene) -> None:
    lines = (
        "Ref,Action,Priority,Directorate,Year,Date raised,Date completed,Status",
        "C1,One,High,finance,22/23,1/4/2022,1/3/2022,Complete",
    )
    said = inspected(register, *lines)
    assert "1 row of 1 would be refused, so that nothing would be stored:" in said
    assert any(line.startswith("a tracker!G2: the action cannot be complete") for line in said)
    assert "--rejects" not in said[-1]


def test_many_numbers_are_one_question_about_ranges(register: Scene) -> None:
    lines = [
        "Action,Priority,Directorate,Year",
        *(f"Act {n},{n},finance,23/24" for n in (4, 9, 12, 15, 25)),
    ]
    told = [one for one in inspected(register, *lines) if "Only you can say" in one]
    assert told == [
        "Only you can say: priority is a number from 4 to 25 in 5 cells; give the range of High,"
        " Medium and Low each, as in 12-25=high; --value priority:VALUE"
    ]
    given = "--value priority:15-25=high --value priority:9-14=medium --value priority:4-8=low"
    assert "5 added" in register.run(f"irbtrack import actions 'a tracker.csv' {given}")


def test_an_unknown_status_is_for_somebody_to_say(register: Scene) -> None:
    said = inspected(register, *TRACKER)
    assert (
        "Only you can say: status is 'Awaiting a miracle' in 1 cell;"
        " --value 'status:Awaiting a miracle=VALUE'"
    ) in said
    assert "status:Awaiting a miracle=none" not in said[-1]


def test_a_date_of_completion_is_the_day_of_a_closure_that_the_status_tells_of(
    register: Scene,
) -> None:
    header = "Ref,Action,Priority,Directorate,Year,Status,Date raised,Date completed"
    rows = [
        "C1,One,High,finance,23/24,Risk accepted,1/5/2023,1/9/2023",
        "C2,Two,High,finance,23/24,Withdrawn,1/5/2023,2/9/2023",
    ]
    assert "--partial" not in inspected(register, header, *rows)[-1]
    assert "2 added" in register.run("irbtrack import actions 'a tracker.csv'")
    register.run("irbtrack export actions told.csv --status closed")
    with (register.folder / "told.csv").open(encoding="utf-8-sig", newline="") as file:
        told = [(one["closed_as"], one["closed_on"]) for one in csv.DictReader(file)]
    assert told == [("Risk Accepted", "2023-09-01"), ("Withdrawn", "2023-09-02")]
    assert "2 as they were" in register.run("irbtrack import actions 'a tracker.csv'")
    early = rows[1].replace("C2", "C3").replace("2/9/2023", "2/4/2023")
    said = inspected(register, header, early)
    assert any("cannot be closed on 2 April 2023, before it was raised" in line for line in said)


def test_beside_a_date_of_closure_one_of_completion_contradicts_a_closure(register: Scene) -> None:
    header = "Ref,Action,Priority,Directorate,Year,Status,Date completed,Closed on"
    row = "C1,One,High,finance,23/24,Withdrawn,1/9/2023,"
    said = inspected(register, header, row)
    assert any("cannot be completed and Withdrawn" in line for line in said)


def test_the_day_that_a_sheet_is_of_is_proposed_if_it_is_given(register: Scene) -> None:
    lines = (
        "Ref,Action,Priority,Directorate,Year,Owner,Due date,Status",
        "C1,One,High,finance,23/24,Head of Finance,31/10/2023,Not due",
    )
    register.run('irbtrack officer add hf "Head of Finance" --directorate finance')
    said = inspected(register, *lines)
    assert any("cannot be Not Due on 23 November 2023" in line for line in said)
    assert "To take it in, as it stands today (--on DATE if it is of another day):" in said
    said = inspected(register, *lines, options="--on 15/10/2023")
    assert "To take it in:" in said
    assert "--on 15/10/2023" in said[-1]
    assert "1 added" in register.run(said[-1])


def test_a_guess_is_said_to_be_one_and_a_date_is_never_guessed_away(register: Scene) -> None:
    header = "Ref,Action,Priority,Directorate,Year,Due date,Status"
    rows = [
        "C1,One,High,finance,26/27,31/06/2026,Closed",
        "C2,Two,High,finance,26/27,End of Nov 2026,Open",
        "C3,Three,High,finance,26/27,Ongoing,Open",
    ]
    said = inspected(register, header, *rows)
    assert (
        "--value status:Closed=complete is a guess, to be looked at; it may be withdrawn,"
        " superseded, risk accepted or no longer applicable instead"
    ) in said
    assert (
        "--value due_on:Ongoing=none is a guess, to be looked at; it may be a day instead" in said
    )
    assert left_open(said) == ["due_on is '31/06/2026' in 1 cell; --value due_on:31/06/2026=VALUE"]
    assert "due_on:31/06/2026" not in said[-1]
    assert "'due_on:End of Nov 2026=30/11/2026'" in said[-1]
    assert not any("End of Nov 2026=30/11/2026 is a guess" in line for line in said)
    assert "3 added" in register.run(f"{said[-1]} --value due_on:31/06/2026=30/6/2026")


AUDITED = (
    "Ref,Action,Priority,Directorate,Audit",
    "C1,One,High,finance,Council Tax",
    "C2,Two,High,finance,Payroll",
)


def test_an_audit_of_another_year_is_not_made_once_more(register: Scene) -> None:
    register.run('irbtrack audit add "Council Tax" --year 21/22 --status draft')
    said = inspected(register, *AUDITED)
    assert "--default year=21/22" in said[-1]
    assert ("--default year=21/22 is a guess, to be looked at; it may be 23/24 instead") in said
    register.run(said[-1])
    audits = as_json(register, "audit list")
    assert [(one["name"], one["year"]) for one in audits] == [
        ("Council Tax", "21/22"),
        ("Payroll", "21/22"),
    ]


def test_how_a_file_was_read_before_is_how_it_is_inspected(register: Scene) -> None:
    register.run(inspected(register, *AUDITED)[-1])
    said = inspected(register, *AUDITED)
    assert said[0] == "It is read as a tracker.toml says, which an import has saved."
    assert said[-1] == "irbtrack import actions 'a tracker.csv' --mapping 'a tracker.toml'"
    (register.folder / "a tracker.toml").write_text("council = 1")
    assert "a tracker.toml" not in "".join(inspected(register, *AUDITED))


def test_what_needs_a_reason_is_not_proposed_to_be_refused(register: Scene) -> None:
    lines = "Ref,Action,Priority,Directorate,Year,Owner,Due date", "C1,One,High,finance,23/24,hf,{}"
    register.run('irbtrack officer add hf "Head of Finance"')
    inspected(register, lines[0], lines[1].format("31/12/2023"))
    register.run("irbtrack import actions 'a tracker.csv'")
    said = inspected(register, lines[0], lines[1].format("31/3/2024"))
    assert left_open(said) == ["1 row can't be taken in without a reason; --reason VALUE"]
    assert "--partial" not in said[-1]
    assert "1 changed" in register.run(f"{said[-1]} --reason Agreed")


def test_without_a_register_nothing_is_counted_as_not_read(scene: Scene) -> None:
    said = inspected(scene, *AUDITED)
    assert not any("Not read" in line for line in said)
    assert any("Taken for" in line for line in said)
