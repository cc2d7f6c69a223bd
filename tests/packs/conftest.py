"""The pack of the example, made once, and a register of one's own to make others from."""

import shlex
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from irbtrack.arguments.pack_options import annexed
from irbtrack.cli import main
from irbtrack.packs.document import BoardPack
from irbtrack.packs.formats import FORMATS, written
from irbtrack.packs.making import made_pack, pack_view
from irbtrack.packs.settings import Settings
from irbtrack.store.database import locate
from irbtrack.store.gather import Known
from irbtrack.store.reading import reading

BOARD = date(2023, 10, 31)

MakePack = Callable[..., BoardPack]
"""Makes a pack of a database: its path, the day, settings, and up to when it is known."""


def make_pack(
    path: Path, day: date = BOARD, settings: Settings | None = None, known_to: Known | None = None
) -> BoardPack:
    """The pack of a day, from a register in a file."""
    chosen = settings or Settings()
    with reading(locate(str(path))) as reader:
        view = pack_view(reader, day, known_to)
        wanted, coded = annexed(view, chosen)
        return made_pack(view, coded, wanted)[0]


@pytest.fixture(scope="session")
def make() -> MakePack:
    """What makes a pack of a database."""
    return make_pack


@pytest.fixture(scope="session")
def board_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's database, not to be written to."""
    path = tmp_path_factory.mktemp("board") / "board.db"
    assert main(["demo", "--keep", str(path)]) == 0
    return path


@pytest.fixture(scope="session")
def board_pack(board_db: Path) -> BoardPack:
    """The pack of the example, as the board of November 2023 would have had it."""
    settings = Settings(
        owner="Executive Director, Strategy and Improvement",
        author="Improvement Team",
        marking="OFFICIAL",
    )
    return make_pack(board_db, settings=settings)


@pytest.fixture(scope="session")
def board_files(board_pack: BoardPack) -> Mapping[str, bytes]:
    """The pack of the example in every format, by its ending."""
    return {ending: written(board_pack, ending) for ending in FORMATS}


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Run commands on a register of one's own, ``irbtrack.db`` in the temporary folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRBTRACK_DATABASE", str(tmp_path / "irbtrack.db"))
    monkeypatch.setenv("IRBTRACK_OFFICER", "register-officer")

    def run(command: str) -> None:
        assert main(shlex.split(command)) == 0, command

    return run
