"""Several owners of an action: the first is the owner, the others share in the work."""

import csv
from pathlib import Path

import pytest
from shared.transcript import Prepare, Scene, as_json

HEADER = "Ref,Action,Priority,Directorate,Owner"
BOTH = "A1,Chase arrears,High,finance,Head of Adults / Head of Finance"
ALONE = "A2,Keep a log,Low,finance,Head of Adults"
OPTIONS = "--default year=22/23 --create-missing"


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    return prepared(
        'init --council "Test Council"',
        'directorate add finance "Finance and Commercial"',
        'officer add hf "Head of Finance"',
    )


def imported(scene: Scene, *lines: str, options: str = "") -> list[str]:
    text = "\n".join([HEADER, *lines])
    Path(scene.folder / "t.csv").write_text(text, encoding="utf-8")
    return scene.run(f"irbtrack import actions t.csv {OPTIONS} {options}").splitlines()


def owners(scene: Scene, ref: str) -> tuple[str | None, list[str]]:
    [one] = as_json(scene, f"action show {ref}")
    return one["owner"], one["co_owners"]


def test_the_first_owner_of_a_cell_is_the_owner_and_the_others_are_kept(register: Scene) -> None:
    said = imported(register, BOTH, ALONE, options="--split-owners --save-mapping t.toml")
    assert "! officer head-of-adults made: Head of Adults" in said
    assert not any("seem" in line for line in said)
    assert owners(register, "A1") == ("head-of-adults", ["hf"])
    assert owners(register, "A2") == ("head-of-adults", [])
    assert "split_owners = true" in (register.folder / "t.toml").read_text()
    said = imported(register, BOTH, ALONE, options="--mapping t.toml")
    assert said[0] == "! nothing to change: the register says so already"


def test_a_cell_with_one_owner_takes_the_co_owners_away(register: Scene) -> None:
    imported(register, BOTH, options="--split-owners")
    imported(register, BOTH.replace(" / Head of Finance", ""), options="--split-owners")
    assert owners(register, "A1") == ("head-of-adults", [])


def test_without_the_option_it_is_said_once_how_many_cells_name_several(register: Scene) -> None:
    other = BOTH.replace("A1", "A3").replace("arrears", "debts")
    said = imported(register, BOTH, ALONE, other)
    assert (
        "! 2 cells seem to name several owners, as 'Head of Adults / Head of Finance', and each is"
        " taken for one post; --split-owners makes the first the owner, and the others co-owners"
    ) in said
    assert owners(register, "A1") == ("head-of-adults-head-of-finance", [])


def test_what_a_cell_is_said_to_mean_is_one_owner(register: Scene) -> None:
    meant = "--value 'owner:Head of Adults / Head of Finance=hf'"
    said = imported(register, BOTH, options=meant)
    assert not any("seem" in line for line in said)
    assert owners(register, "A1") == ("hf", [])


def test_what_a_name_is_said_to_mean_holds_among_several(register: Scene) -> None:
    meant = "--split-owners --value 'owner:Head of Adults=hf' --value 'owner:Head of Finance=none'"
    imported(register, BOTH, options=meant)
    assert owners(register, "A1") == ("hf", [])


def test_a_cell_of_nothing_but_separators_names_no_owner(register: Scene) -> None:
    imported(register, "A1,Chase arrears,High,finance,;", options="--split-owners")
    assert owners(register, "A1") == (None, [])


def test_co_owners_are_listed_exported_and_read_back(register: Scene) -> None:
    imported(register, BOTH, ALONE, options="--split-owners")
    register.run("irbtrack export actions out.csv")
    with (register.folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [one["co_owners"] for one in csv.DictReader(file)] == ["hf", ""]
    said = register.run("irbtrack import actions out.csv").splitlines()
    assert said[0].startswith("! nothing to change")
    said = register.run("irbtrack action list --columns ref,co_owners").splitlines()
    assert [line.split() for line in said[2:4]] == [["A1", "hf"], ["A2"]]
    shown = [line.split() for line in register.run("irbtrack action show A1").splitlines()]
    assert ["Co", "owners", "hf"] in shown


def test_a_command_gives_and_takes_co_owners(register: Scene) -> None:
    imported(register, ALONE, options="--split-owners")
    said = register.run("irbtrack action update A2 --co-owner 'Head of Finance'")
    assert said.strip() == "! A2: co-owners now hf"
    assert owners(register, "A2") == ("head-of-adults", ["hf"])
    assert register.run("irbtrack action update A2 --co-owner none").strip() == (
        "! A2: co-owners now none"
    )
    assert owners(register, "A2") == ("head-of-adults", [])


PEOPLE = 'A1,Chase arrears,High,finance,"Head of Adults {} Head of Care"'
POST = "A2,Keep a log,Low,Adults & Care,Director for Adults & Care"


@pytest.mark.parametrize("joint", ["&", "and", ","])
def test_names_that_are_joined_are_said_once_and_parted_if_asked(
    register: Scene, joint: str
) -> None:
    more = PEOPLE.format(joint).replace("A1", "A3")
    said = imported(register, PEOPLE.format(joint), POST, more, options="--dry-run")
    told = [line for line in said if "seem" in line]
    assert told == [
        f"! 2 cells seem to name several owners, as 'Head of Adults {joint} Head of Care', and"
        " each is taken for one post; --split-owners makes the first the owner, and the others"
        " co-owners"
    ]
    imported(register, PEOPLE.format(joint), POST, options="--split-owners")
    assert owners(register, "A1") == ("head-of-adults", ["head-of-care"])
    assert owners(register, "A2") == ("director-for-adults-care", [])


def test_a_name_of_several_parts_is_not_parted(register: Scene) -> None:
    register.run('irbtrack directorate add place "Housing & Regeneration"')
    register.run('irbtrack officer add cfe "Children, Families and Education"')
    names = "Housing & Regeneration", "Children, Families and Education", "Head of Tax & Benefits"
    rows = [f'A{n},Act {n},High,finance,"{name}"' for n, name in enumerate(names)]
    assert not any("seem" in line for line in imported(register, *rows))
