"""What 'import inspect' suggests: a command that takes the file in as it stands."""

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


def test_the_command_that_is_proposed_takes_the_tracker_in(register: Scene) -> None:
    said = inspected(register, *TRACKER)
    command = said[-1]
    assert shlex.split(command)[:4] == ["irbtrack", "import", "actions", "a tracker.csv"]
    taken = register.run(command)
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
