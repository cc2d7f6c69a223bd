"""Plans and stories in cases that need several commands, unusual days or narrow pages."""

import json
from pathlib import Path

import pytest
from shared.transcript import Scene, kept


@pytest.fixture
def register(scene: Scene, databases: dict[str, Path]) -> Scene:
    """A new register with two plans and a direction."""
    scene.folder.joinpath("irbtrack.db").write_bytes(databases["new"].read_bytes())
    done(scene, "officer add ed-finance 'Executive Director'")
    done(scene, "direction add 3a Finance --strategic-lead ed-finance --rag G --on 1/6/2023")
    done(scene, "workstream add a 'Plan A' --on 1/6/2023")
    done(scene, "workstream add b 'Plan B' --on 1/6/2023")
    return scene


@pytest.fixture
def board(scene: Scene, databases: dict[str, Path]) -> Scene:
    """The example, to be read."""
    scene.folder.joinpath("irbtrack.db").symlink_to(databases["board"])
    return scene


def done(scene: Scene, command: str) -> str:
    """What a command writes that is not refused."""
    written = scene.run(f"irbtrack {command}")
    assert "[exit" not in written, written
    return written


def refused(scene: Scene, command: str) -> str:
    """The sentence of a command that is refused, and changes nothing."""
    path = scene.folder / "irbtrack.db"
    before = kept(path)
    said, code = scene.run(f"irbtrack {command}").split("\n")
    assert code in ("[exit 1]", "[exit 2]")
    assert kept(path) == before
    return said


def test_taking_a_move_back_cannot_make_a_circle(register: Scene) -> None:
    done(register, "workstream update a --within b")
    done(register, "workstream update a --within none")
    done(register, "workstream update b --within a")
    said = refused(register, "undo 7 --reason 'It was within b'")
    assert "would be a circle; put one of them elsewhere first" in said
    assert register.run("irbtrack workstream list --format csv").splitlines()[1:] == [
        "a,Plan A,,0",
        "b,Plan B,a,0",
    ]


def test_a_start_recorded_late_cannot_be_after_an_end_that_holds_later(register: Scene) -> None:
    done(register, "milestone add Set --workstream a --due 31/12/2023 --rag A --on 1/6/2023")
    done(register, "milestone update M001 --forecast 30/11/2023 --reason Early --on 1/11/2023")
    said = refused(register, "milestone update M001 --starts 15/12/2023 --on 1/10/2023")
    assert "'Set' cannot end on 30 November 2023, before it starts on 15 December 2023" in said
    done(register, "milestone update M001 --starts 15/11/2023 --on 1/10/2023")
    assert "Set (-31d)" in done(register, "plan a")


def test_an_end_recorded_late_cannot_be_before_a_start_that_holds_later(register: Scene) -> None:
    done(
        register,
        "milestone add Set --workstream a --starts 1/9/2023 --due 31/12/2023 --on 1/6/2023",
    )
    done(register, "milestone update M001 --starts 1/10/2023 --on 1/11/2023")
    earlier = "milestone update M001 --forecast {} --reason Early --on 1/8/2023"
    said = refused(register, earlier.format("15/9/2023"))
    assert "'Set' cannot end on 15 September 2023, before it starts on 1 October 2023" in said
    done(register, earlier.format("15/10/2023"))
    done(register, "plan a")


def test_a_workstream_within_a_later_one_is_in_every_list_of_an_earlier_day(
    register: Scene,
) -> None:
    done(register, "workstream add later Later --on 1/10/2023")
    done(register, "workstream update a --within later --on 1/6/2023")
    done(register, "milestone add Set --workstream a --due 31/12/2023 --on 1/6/2023")
    for command in ("workstream list", "milestone list", "plan"):
        assert "Plan A" in done(register, f"{command} --as-of 1/7/2023"), command
        assert ",a," in done(register, f"{command} --as-of 1/7/2023 --format csv").replace(
            "\n", "\n,"
        ), command


def test_the_last_rating_ends_only_with_another_rating(register: Scene) -> None:
    done(register, "direction update 3a --rag A --on 1/10/2023")
    done(register, "direction update 3a --strategic-lead none --on 20/11/2023")
    for day in ("19/11/2023", "20/11/2023", "23/11/2023"):
        [shown] = json.loads(done(register, f"direction show 3a --as-of {day} --format json"))
        assert shown["ratings"] == [
            {"rag": "G", "since": "2023-06-01", "until": "2023-10-01", "said": None},
            {"rag": "A", "since": "2023-10-01", "until": None, "said": None},
        ], day


def test_an_empty_list_of_posts_is_said_to_be_none(register: Scene) -> None:
    done(register, "direction update 3a --strategic-lead none")
    assert "strategic leads: none" in done(register, "history 3a")


def test_a_commentary_taken_back_is_in_no_list(register: Scene) -> None:
    done(register, "direction update 3a --rag A 'The gap remains' --on 3/10/2023")
    for command in ("direction list", "direction show 3a", "note list --section commentary"):
        assert "The gap remains" in done(register, command)
    done(register, "undo 6 --reason 'Not so'")
    for command in (
        "direction list",
        "direction show 3a --format json",
        "exceptions --from 1/10/2023",
        "note list --section commentary",
    ):
        assert "The gap remains" not in done(register, command)
    assert "The gap remains" in done(register, "history")
    [shown] = json.loads(done(register, "direction show 3a --format json"))
    assert (shown["rag"], shown["comments"]) == ("G", [])


@pytest.mark.parametrize(
    "command",
    [
        "overview --as-of {}",
        "plan --as-of {}",
        "plan --from {} --to {}",
        "due --as-of {}",
        "due --within 9999y",
        "exceptions --from 1/10/2023 --to {}",
        "exceptions --from {}",
        "direction list --as-of {}",
        "direction list --compare {}",
        "direction show 3a --as-of {}",
        "note list --as-of {}",
        "milestone list --as-of {}",
        "audit list --as-of {}",
    ],
)
@pytest.mark.parametrize("day", ["1/1/0001", "31/12/9999", "1/10/9999"])
def test_the_ends_of_the_calendar_are_answered_or_refused(
    command: str, day: str, register: Scene
) -> None:
    written = register.run(f"irbtrack {command.format(day, day)}")
    if "[exit" in written:
        assert written.splitlines()[-2].startswith("! irbtrack: ")


@pytest.mark.parametrize("columns", ["1", "7", "30", "79", "200", "0", "-5", "wide", ""])
def test_a_plan_is_drawn_for_a_page_of_any_width(
    columns: str, board: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    drawn = done(board, "plan --as-of 31/10/2023")
    assert "◆" in drawn
    if columns in ("79", "200"):
        assert max(map(len, drawn.splitlines())) <= int(columns) + 1
    if not columns.isdecimal() or columns == "0":
        monkeypatch.delenv("COLUMNS")
        assert done(board, "plan --as-of 31/10/2023") == drawn


def test_a_plan_is_the_rows_that_the_list_has(board: Scene) -> None:
    for day, said in (("31/10/2023", "31 October 2023"), ("1/3/2023", "1 March 2023")):
        for form in ("csv", "json", "md"):
            asked = f"--as-of {day} --format {form}"
            heading = f"## Milestones as of {said}\n\n" if form == "md" else ""
            assert heading + done(board, f"plan {asked}") == done(board, f"milestone list {asked}")


def test_a_milestone_of_every_row_is_in_the_drawing_once(
    board: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    drawn = done(board, "plan --as-of 31/10/2023 --from Jan-23 --to Dec-24")
    rows = json.loads(done(board, "plan --as-of 31/10/2023 --format json"))
    assert {row["title"]: drawn.count(row["title"]) for row in rows} == {
        row["title"]: 1 for row in rows
    }


def test_what_was_known_before_the_plans_began_is_nothing(board: Scene) -> None:
    for command, said in (
        ("direction list", "no direction fits"),
        ("plan", "no milestone fits"),
        ("note list", "no note fits"),
        ("milestone list", "no milestone fits"),
    ):
        assert done(board, f"{command} --known-at 1/12/2021") == f"! {said}"
