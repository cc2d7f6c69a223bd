"""A scene for each test: an empty folder, a fixed moment, London's clock, no colours."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared.transcript import Scene

from irbtrack.cli import main


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example's database and a new one, made once: copy them, do not write to them."""
    folder = tmp_path_factory.mktemp("databases")
    board, new = folder / "board.db", folder / "new.db"
    assert main(["demo", "--keep", str(board)]) == 0
    assert main(["--database", str(new), "init", "--council", "Test Council"]) == 0
    return {"board": board, "new": new}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A folder of its own to run in; its irbtrack.db is the database."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("IRBTRACK_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("IRBTRACK_DATABASE", str(tmp_path / "irbtrack.db"))
    monkeypatch.setenv("IRBTRACK_OFFICER", "register-officer")
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    yield Scene(tmp_path)
    monkeypatch.undo()
    time.tzset()
