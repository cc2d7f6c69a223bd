"""Days that an import had to assume: how they are marked, found and put right."""

import json

import pytest
from shared.transcript import Prepare, Scene, as_json

HEADER = "Ref,Agreed action,Priority,Dept,Responsible officer,Due date,Status"
FIRST = (
    HEADER,
    "A1,Publish how,High,finance,hf,30/09/2023,Complete",
    "A2,Keep a log,Medium,finance,hf,31-Mar-24,In progress",
)
SECOND = (
    f"{HEADER},Date completed,Date raised",
    f"{FIRST[1]},20/09/2023,1/6/2023",
    f"{FIRST[2]},,June 2023",
)


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared(
        'init --council "Test Council"',
        'directorate add finance "Finance and Commercial"',
        'officer add hf "Head of Finance"',
    )


def imported(scene: Scene, *lines: str, on: str) -> str:
    scene.folder.joinpath("t.csv").write_text("\n".join(lines), encoding="utf-8")
    return scene.run(f"irbtrack import actions t.csv --default year=23/24 --on {on}")


def assumed(scene: Scene) -> list[str]:
    text = scene.run("irbtrack check assumed-day --format json")
    told, _ = json.JSONDecoder().raw_decode(text)
    return [f"{one['ref']}: {one['wrong']}" for one in told]


def test_the_next_edition_puts_the_true_days_in_place_of_assumed_ones(register: Scene) -> None:
    imported(register, *FIRST, on="31/10/2023")
    assert assumed(register) == [
        "A1: it is only assumed that it was raised on 30 September 2023 and completed on"
        " 31 October 2023",
        "A2: it is only assumed that it was raised on 31 October 2023",
    ]
    assert "Assumed days" in register.run("irbtrack action show A2")
    said = imported(register, *SECOND, on="20/11/2023").splitlines()
    assert "! raised in a month, taken as the latest day of it that it can be: row 3 of t" in (said)
    assert assumed(register) == ["A2: it is only assumed that it was raised on 30 June 2023"]
    days = "action list A1 A2 --columns ref,raised_on,original_due_on,completed_on"
    told = [tuple(one.values()) for one in as_json(register, days)]
    assert told == [
        ("A1", "2023-06-01", "2023-09-30", "2023-09-20"),
        ("A2", "2023-06-30", "2024-03-31", None),
    ]
    again = imported(register, *SECOND, on="20/11/2023")
    assert again.startswith("! nothing to change")


def test_a_command_puts_a_true_day_in_place_of_an_assumed_one(register: Scene) -> None:
    imported(register, *FIRST, on="31/10/2023")
    said = register.run("irbtrack action update A1 A2 --raised 1/6/2023")
    assert "A1: raised on 1 June 2023, not on 30 September 2023" in said
    assert register.run("irbtrack action complete A1 --on 20/9/2023").startswith("! A1 complete")
    assert assumed(register) == []
    refused = register.run("irbtrack action update A1 --raised 2/6/2023")
    assert (
        "A1 cannot have been raised on 2 June 2023, because it is recorded from 1 June" in refused
    )
    register.run("irbtrack undo 6 --reason Mistyped")
    assert len(assumed(register)) == 1


def test_a_history_that_is_exported_keeps_which_days_are_assumed(register: Scene) -> None:
    imported(register, *FIRST, on="31/10/2023")
    register.run("irbtrack export actions told.csv --history")
    header, *rows = (register.folder / "told.csv").read_text("utf-8-sig").splitlines()
    assert "assumed_days" in header
    assert any("raised_on, completed_on" in row for row in rows)
