"""A pack is the same whenever it is made, and says what it was made from."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from packs.conftest import BOARD, MakePack

from irbtrack.cli import main
from irbtrack.errors import Refused
from irbtrack.packs.document import BoardPack, Grid, Prose
from irbtrack.packs.making import pack_view
from irbtrack.packs.proving import read_token, say_proof, token
from irbtrack.packs.settings import Settings
from irbtrack.store.database import locate
from irbtrack.store.gather import last_entry
from irbtrack.store.reading import reading


@pytest.fixture
def changed(board_db: Path, tmp_path: Path) -> Path:
    """The example, in which much was recorded after the pack, for days before it too."""
    path = tmp_path / "later.db"
    path.write_bytes(board_db.read_bytes())
    for command in (
        "action complete 2223-031 --on 1/10/2023",
        "action update 2223-032 --title Renamed --on 1/9/2023",
        "direction update 3a --rag R --on 30/10/2023 Worse",
        "milestone update M009 --forecast 1/2/2024 --on 29/10/2023 --reason Late",
        "note add headline Later --on 1/11/2023",
        "directorate rename finance Money",
        "snapshot take --as-of 31/10/2023",
        "undo 1700 --reason Slip",
        "audit update 2324-A01 --status finalised --on 20/10/2023",
    ):
        assert (
            main(["--database", str(path), "--officer", "register-officer", *command.split()]) == 0
        )
    return path


def test_it_is_the_same_as_it_was_known_then(make: MakePack, board_db: Path, changed: Path) -> None:
    then = make(board_db)
    assert make(changed) != then
    assert make(changed, known_to=then.proof.entry) == then
    assert make(changed, known_to=then.proof.recorded_at) == then


def test_words_that_are_known_later_change_it(
    make: MakePack, board_db: Path, changed: Path
) -> None:
    then, now = make(board_db), make(changed)
    assert then.proof.figures != now.proof.figures
    assert then.proof.entry < now.proof.entry


def test_the_look_is_not_in_the_digest_of_the_figures(make: MakePack, board_db: Path) -> None:
    plain = make(board_db).proof
    coloured = make(board_db, settings=Settings(colour="#004400", page="A3")).proof
    assert plain.figures == coloured.figures
    assert plain.settings == {}
    assert coloured.settings == {"colour": "#004400", "page": "A3"}


def test_a_chosen_year_and_chosen_sections(make: MakePack, board_db: Path) -> None:
    chosen = Settings(
        sections=("tallies", "headline"), titles={"tallies": "Counts"}, years=("22/23",)
    )
    pack = make(board_db, settings=chosen)
    assert [(one.name, one.title) for one in pack.sections] == [
        ("tallies", "Counts"),
        ("headline", "Headline commentary"),
    ]
    assert all(one.table.title.startswith("22/23") for one in pack.grids())


def test_a_plan_that_is_not_there_is_refused(make: MakePack, board_db: Path) -> None:
    with pytest.raises(Refused, match="no plan 'recovry' to draw; there are recovery and"):
        make(board_db, settings=Settings(plans=("recovry",)))


def test_an_empty_register_has_a_pack(
    make: MakePack, register: Callable[[str], None], tmp_path: Path
) -> None:
    register("init --council 'Empty Council'")
    pack = make(tmp_path / "irbtrack.db", day=date(2024, 1, 31))
    assert [one.name for one in pack.sections] == ["annex"]
    assert pack.cover.compared_on is None
    assert pack.cover.council == "Empty Council"


def test_a_year_with_nothing_overdue(
    make: MakePack, register: Callable[[str], None], tmp_path: Path
) -> None:
    register("init --council 'Tidy Council'")
    register("directorate add people People")
    register("officer add ha-audit 'Head of Audit'")
    register("audit add Payroll --year 23/24 --on 1/6/2023")
    register(
        "action add 'Check leavers' --audit Payroll --priority low --directorate people"
        " --owner ha-audit --due 1/3/2024 --raised 1/6/2023"
    )
    pack = make(tmp_path / "irbtrack.db", day=date(2023, 12, 31))
    words = [b.text for s in pack.sections for b in s.blocks if isinstance(b, Prose)]
    assert "No action of 23/24 is overdue." in words


def test_the_proof_is_read_back(board_pack: BoardPack) -> None:
    assert read_token(token(board_pack.proof)) == board_pack.proof
    assert "31 October 2023" in say_proof(board_pack.proof)
    assert board_pack.proof.journal in say_proof(board_pack.proof)


@pytest.mark.parametrize("word", ["irbtrack-pack-AAAA", "irbtrack-pack-", "other"])
def test_a_damaged_proof_is_refused(word: str) -> None:
    with pytest.raises(Refused, match="made from is damaged"):
        read_token(word)


@pytest.mark.parametrize(
    "forged",
    [
        {"entry": "x"},
        {"entry": None},
        {"entry": 10**30},
        {"entry": True},
        {"journal": 7},
        {"version": None},
        {"settings": [1]},
        {"settings": None},
        {"as_of": date(1, 1, 1)},
        {"compared_on": date(9999, 12, 31)},
    ],
    ids=str,
)
def test_a_proof_made_by_hand_is_refused(board_pack: BoardPack, forged: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="made from is damaged"):
        read_token(token(board_pack.proof._replace(**forged)))


def test_a_clock_that_was_set_back_changes_no_pack(
    make: MakePack, board_db: Path, tmp_path: Path
) -> None:
    then = make(board_db)
    path = tmp_path / "slow.db"
    path.write_bytes(board_db.read_bytes())
    earlier = datetime.fromisoformat("2023-10-20T09:00Z")
    for command in ("snapshot take --as-of 10/10/2023", "action complete 2223-031 --on 12/10/2023"):
        by = ["--database", str(path), "--officer", "register-officer", "--clock-is-right"]
        asked = [*by, *command.split()]
        assert main(asked, now=earlier) == 0
    assert make(path, known_to=then.proof.entry) == then


def test_the_council_is_told_as_it_was_known(
    make: MakePack, board_db: Path, tmp_path: Path
) -> None:
    then = make(board_db)
    path = tmp_path / "renamed.db"
    path.write_bytes(board_db.read_bytes())
    assert main(["--database", str(path), "council", "update", "--name", "Another Council"]) == 0
    assert make(path, known_to=then.proof.entry) == then
    assert make(path).cover.council == "Another Council"


def test_the_place_of_a_logo_is_not_in_the_pack() -> None:
    assert Settings(logo="/home/somebody/logo.png").as_told() == {}


def test_names_of_filters_are_kept_as_codes(make: MakePack, board_db: Path) -> None:
    chosen = Settings(actions={"owner": ("Assistant Director, Digital and Data", "none")})
    assert make(board_db, settings=chosen).proof.settings == {
        "actions": {"owner": ("ad-digital", "none")}
    }


def test_a_year_without_actions_and_a_meeting_in_the_past_are_refused(
    make: MakePack, board_db: Path
) -> None:
    with pytest.raises(Refused, match="no actions of '19/20' to tell of; there are some of 21/22"):
        make(board_db, settings=Settings(years=("19/20",)))
    with pytest.raises(Refused, match="before the day of the figures"):
        make(board_db, settings=Settings(meeting_on=date(2023, 10, 20)))


def test_directorates_of_the_same_name_are_told_apart(
    make: MakePack, register: Callable[[str], None], tmp_path: Path
) -> None:
    register("init --council 'Test Council'")
    register("officer add ha-audit 'Head of Audit'")
    register("audit add Payroll --year 23/24 --on 1/6/2023")
    for code, name in (("north", "Services"), ("south", "Services"), ("totals", "Totals")):
        register(f"directorate add {code} {name}")
        register(
            f"action add 'Check {code}' --audit Payroll --priority low --directorate {code}"
            " --owner ha-audit --due 1/9/2023 --raised 1/6/2023"
        )
    pack = make(tmp_path / "irbtrack.db", day=date(2023, 12, 31))
    [table] = [one for one in pack.grids() if one.labels[0] == "Directorate"]
    assert [row[:2] for row in table.texts] == [
        ["Services (north)", "1"],
        ["Services (south)", "1"],
        ["Totals (totals)", "1"],
        ["Totals", "3"],
    ]


def test_a_dropped_note_does_not_call_a_board(
    make: MakePack, board_db: Path, tmp_path: Path
) -> None:
    path = tmp_path / "dropped.db"
    path.write_bytes(board_db.read_bytes())
    for command in (
        "note add headline Wrong --board 1/11/2023 --on 31/10/2023",
        "note drop N82 --on 1/11/2023",
    ):
        asked = ["--database", str(path), "--officer", "register-officer", *command.split()]
        assert main(asked) == 0
    assert make(path).cover.meeting_on == date(2023, 11, 23)


def test_the_proof_names_the_last_entry_that_is_known(make: MakePack, board_db: Path) -> None:
    with reading(locate(str(board_db))) as reader:
        last = last_entry(reader)
        assert last is not None
        before = last_entry(reader, last.number - 1)
        assert before is not None
        assert before.number == last.number - 1
        with pytest.raises(Refused, match="nothing was recorded by then"):
            pack_view(reader, BOARD, datetime.fromisoformat("2000-01-01T00:00Z"))
    assert make(board_db, known_to=before.number).proof.journal == before.digest


def test_titles_do_not_say_how_far_the_register_is_known(make: MakePack, changed: Path) -> None:
    pack = make(changed, known_to=1727)
    titles = [one.table.title for one in pack.grids()]
    assert not [title for title in titles if "known" in title and "otherwise" not in title]
    assert any(isinstance(block, Grid) for block in pack.sections[-1].blocks)
