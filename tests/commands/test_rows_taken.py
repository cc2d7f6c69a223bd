"""What became of the rows of a sheet: which references they got, and which records changed."""

from pathlib import Path

import pytest
from shared.transcript import Prepare, Scene, as_json

HEADER = "Ref,Action,Priority,Directorate,Year"


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared(
        'init --council "Test Council"', 'directorate add finance "Finance and Commercial"'
    )


def write(scene: Scene, *lines: str) -> str:
    Path(scene.folder / "t.csv").write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return "import actions t.csv"


def test_references_that_are_given_out_are_named_with_their_rows(register: Scene) -> None:
    command = write(register, "C1,One,High,finance,23/24", ",Two,Low,finance,23/24")
    said = register.run(f"irbtrack {command}").splitlines()
    assert said[1] == "! references given out to rows of t: 2324-001 (row 3)"
    command = write(register, "C1,One,Low,finance,23/24", ",Two,Low,finance,23/24")
    assert register.run(f"irbtrack {command}").splitlines()[1] == "! changed: C1"


def test_of_many_rows_the_first_twenty_are_named_and_all_where_asked(register: Scene) -> None:
    command = write(register, *(f",Action {n},Low,finance,23/24" for n in range(25)))
    said = register.run(f"irbtrack {command} --list").splitlines()
    [told] = [line for line in said if line.startswith("! references given out")]
    assert told.endswith("2324-020 (row 21) and 5 more; --list names all")
    assert "t       26  2324-025  added    Action 24" in said


def test_programs_are_told_of_every_row(register: Scene) -> None:
    command = write(register, "C1,One,High,finance,23/24", ",Two,Low,finance,23/24")
    told = as_json(register, command)
    assert told == [
        {"sheet": "t", "row": 2, "ref": "C1", "outcome": "added", "title": "One"},
        {"sheet": "t", "row": 3, "ref": "2324-001", "outcome": "added", "title": "Two"},
    ]
    assert as_json(register, command) == []


def test_a_file_of_more_records_than_are_compared_at_once_says_how_to_go_on(
    register: Scene,
) -> None:
    rows = "\n".join(f"Act {n},High" for n in range(120_001))
    (register.folder / "t.csv").write_text(f"Action,Priority\n{rows}", encoding="utf-8")
    assert register.run("irbtrack import actions t.csv") == (
        "! irbtrack: t.csv has 120,001 records, and at most 120,000 are taken in at once; save it"
        " as several files, each with the header, and import one after the other\n[exit 4]"
    )
