"""Rows without references: the same tracker again, sorted otherwise, or with rows taken out."""

import random
from typing import Any

import pytest
from shared import trackers
from shared.transcript import Prepare, Scene, as_json

OPTIONS = "--default year=23/24 --default priority=high --create-missing --on 31/10/2023"
NOTHING_NEW = "0 added, 0 changed"


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared('init --council "Test Council"')


def given(scene: Scene, rows: trackers.Rows, options: str = "", name: str = "t.csv") -> str:
    """What the import of rows says."""
    (scene.folder / name).write_bytes(trackers.written([trackers.AGENCIES[0], *rows]))
    return scene.run(f"irbtrack import actions {name} {OPTIONS} {options}")


def actions(scene: Scene) -> dict[str, Any]:
    return {one["ref"]: one for one in as_json(scene, "action list")}


def test_the_same_tracker_changes_nothing_in_any_order_and_in_any_part(register: Scene) -> None:
    rows = trackers.AGENCIES[1:]
    assert f"{len(rows)} added, 0 changed" in given(register, rows)
    kept = actions(register)
    chance = random.Random(12)
    for size in (len(rows), len(rows), len(rows) - 1, 20, 7, 1):
        some = chance.sample(rows, size)
        assert f"{NOTHING_NEW}, {size} as they were" in given(register, some, name="u.csv")
    assert actions(register) == kept


def test_the_second_edition_changes_exactly_what_differs(register: Scene) -> None:
    rows = trackers.AGENCIES[1:]
    given(register, rows)
    before = actions(register)
    later = [list(row) for row in rows]
    random.Random(3).shuffle(later)
    del later[5]
    later[2][4] = "Head of Something Else"
    later[8][5] = "31/12/2024"
    later.append(
        ["Cyber", "Patch the servers each month", "Agency 99", "", "Head of 99", "1/2/2024"]
    )
    said = given(register, later, "--reason Agreed")
    assert "1 added, 2 changed" in said
    after = actions(register)
    changed = [ref for ref, one in before.items() if after[ref] != one]
    assert sorted((before[ref]["title"], before[ref]["directorate"]) for ref in changed) == sorted(
        (row[1], row[2].lower().replace(" ", "-")) for row in (later[2], later[8])
    ), said


def test_a_title_that_changed_a_little_is_refused_until_somebody_says_what_it_is(
    register: Scene,
) -> None:
    rows = [["Cyber", "Keep a log of refunds", "Place", "", "Head of Place", "31/3/2024"]]
    given(register, rows)
    [before] = actions(register).values()
    rows[0][1] = "Keep a log of all refunds"
    refused = given(register, rows)
    assert refused.splitlines()[0] == (
        "! irbtrack: t!B2: 'Keep a log of all refunds' may be 2324-001, 'Keep a log of refunds',"
        " which has no row; '--retitled same' takes such rows as the same with another title,"
        " '--retitled new' as others"
    )
    assert refused.endswith("nothing was stored\n[exit 4]")
    assert list(actions(register).values()) == [before]
    assert "[exit 2]" in given(register, rows, "--retitled both")
    same = given(register, rows, "--retitled same --dry-run")
    assert "0 would be added, 1 would be changed" in same
    assert "known actions with another title: row 2" in same
    assert "1 would be added, 0 would" in given(register, rows, "--retitled new --dry-run")
    given(register, rows, "--retitled same")
    assert [one["title"] for one in actions(register).values()] == ["Keep a log of all refunds"]


def test_rows_that_cannot_be_told_apart_are_named_with_what_could_tell_them(
    register: Scene,
) -> None:
    rows = [["Cyber", "Patch", "Place", "", "Head of Place", f"{day}/3/2024"] for day in (1, 2, 3)]
    given(register, rows)
    kept = actions(register)
    fewer = [rows[0], [*rows[1][:5], "9/9/2024"]]
    said = given(register, fewer, "--reason Agreed")
    assert said.startswith(
        "! irbtrack: t!B3: row 3 of t can be any of 2324-002 and 2324-003, which are alike in year,"
        " audit, title, directorate and owner; "
    )
    assert "[exit 4]" in said
    assert actions(register) == kept


def test_a_key_is_kept_with_the_mapping_and_in_the_journal(register: Scene) -> None:
    rows = trackers.AGENCIES[1:]
    key = "--key audit,title,directorate"
    assert "[exit" not in given(register, rows, f"{key} --save-mapping kept.toml")
    assert 'key = [\n    "audit",\n    "title",\n    "directorate",\n]' in (
        register.folder / "kept.toml"
    ).read_text("utf-8")
    assert "rows known by audit, title, directorate" in register.run("irbtrack history --last 1")
    assert NOTHING_NEW in given(register, rows[::-1], "--mapping kept.toml")
    assert "there is no field 'agency'" in given(register, rows, "--key audit,agency")
    assert "--key has raised_on, and no column is taken for it" in given(
        register, rows, "--key audit,raised_on"
    )


# What the sheet leaves out.


def test_open_actions_that_the_sheet_leaves_out_are_named(register: Scene) -> None:
    given(register, trackers.AGENCIES[1:])
    estates = [row for row in trackers.AGENCIES[1:] if row[0] == "Estates"]
    said = given(register, estates[1:], name="november.csv")
    [gone] = [ref for ref, one in actions(register).items() if one["owner"] == "head-of-1"
              and one["title"] == "Survey the roofs"]  # fmt: skip
    leaves_out = f"! open, and not in the sheet: {gone}; '--absent close --as withdrawn"
    assert leaves_out in said
    assert "open, and not" not in given(register, estates[1:], "--absent keep", "november.csv")
    assert "open, and not in the sheet" in given(register, estates), "the file had others before"
    closing = "--absent close --as withdrawn --reason 'No longer followed up'"
    assert f"not in the sheet, and would be closed as Withdrawn: {gone}" in given(
        register, estates[1:], f"{closing} --dry-run", "november.csv"
    )
    said = given(register, estates[1:], closing, "november.csv")
    assert "0 added, 1 changed" in said
    assert f"! not in the sheet, and closed as Withdrawn: {gone}" in said
    [closed] = as_json(register, "action list --closed-as withdrawn")
    assert closed["ref"] == gone
    assert "in the sheet" not in given(register, estates[1:], name="november.csv")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("--absent close", "go together"),
        ("--as withdrawn", "is not what --absent does"),
        ("--absent close --as withdrawn", "needs --reason"),
        ("--absent close --as lost --reason R", "'lost' is not a closure"),
        ("--absent close --as withdrawn --reason R --partial --rejects r.csv", "--partial"),
    ],
)
def test_closing_what_is_left_out_is_said_in_full(options: str, why: str, register: Scene) -> None:
    said = given(register, trackers.AGENCIES[1:3], options)
    assert why in said
    assert said.endswith("[exit 2]")
