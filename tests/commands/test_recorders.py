"""Who records: an officer of the register, or one who has recorded before."""

import pytest
from shared.transcript import Scene, kept

REFUSED = (
    "! irbtrack: no officer 'ed-finanse'; did you mean 'ed-finance'? 'irbtrack officer list'"
    " shows them, 'irbtrack officer add' adds one\n[exit 1]"
)


@pytest.fixture
def register(scene: Scene) -> Scene:
    """A new register whose keeper, register-officer, has no post in it."""
    scene.run("irbtrack init --council Council")
    assert "[exit" not in scene.run("irbtrack officer add ed-finance 'Executive Director'")
    return scene


@pytest.mark.parametrize(
    "command",
    [
        "directorate add place Place",
        "direction add 3a Finance",
        "snapshot take --as-of 31/10/2023",
        "note add headline 'Overdue fell'",
    ],
)
def test_a_post_that_is_not_there_records_nothing(command: str, register: Scene) -> None:
    before = kept(register.folder / "irbtrack.db")
    assert register.run(f"irbtrack --officer ed-finanse {command}") == REFUSED
    assert kept(register.folder / "irbtrack.db") == before


def test_a_dry_run_says_so_too(register: Scene) -> None:
    register.run("irbtrack direction add 3a Finance")
    said = register.run("irbtrack --officer ed-finanse direction update 3a --rag g --dry-run")
    assert said == REFUSED


def test_the_environment_is_held_to_it_as_well(
    register: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRBTRACK_OFFICER", "ed-finanse")
    assert register.run("irbtrack directorate add place Place") == REFUSED


def test_an_officer_and_the_keeper_of_the_register_record(register: Scene) -> None:
    for code, who in (("a", "ed-finance"), ("b", "ED-Finance"), ("c", "register-officer")):
        said = register.run(f"irbtrack --officer {who} directorate add {code} 'Called {code}'")
        assert "[exit" not in said, said


def test_reading_asks_for_no_officer(register: Scene) -> None:
    assert "[exit" not in register.run("irbtrack --officer ed-finanse officer list")


def test_a_login_name_is_no_officer_and_need_not_be(
    register: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IRBTRACK_OFFICER")
    monkeypatch.setenv("LOGNAME", "somebody")
    assert "[exit" not in register.run("irbtrack directorate add place Place")


def test_without_any_officer_any_code_records(scene: Scene) -> None:
    scene.run("irbtrack init --council Council")
    assert "[exit" not in scene.run("irbtrack --officer ed-finanse directorate add place Place")
