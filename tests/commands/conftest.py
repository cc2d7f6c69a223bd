"""A scene for each test: an empty folder, a fixed moment, London's clock, no colours."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shared.servers import Server
from shared.transcript import Places, Prepare, Scene, name_on_server, named

from irbtrack.cli import main

ON_SERVER = os.environ.get("IRBTRACK_TEST_DATABASE") == "postgresql"


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The example's database, a new one, and one made today: copy them, do not write to them.

    What runs as a program of its own, with the clock as it is, needs the one made today.
    """
    folder = tmp_path_factory.mktemp("databases")
    board, new, today = (folder / f"{name}.db" for name in ("board", "new", "today"))
    if ON_SERVER:
        server: Server = request.getfixturevalue("server")
        for path in (board, new, today):
            path.write_text(server.url(server.make()), encoding="utf-8")
    assert main(["demo", "--keep", named(board)]) == 0
    for path, moment in ((new, datetime(2023, 10, 1, 9, tzinfo=UTC)), (today, None)):
        keeper = ["--database", named(path), "--officer", "register-officer"]
        assert main([*keeper, "init", "--council", "Test Council"], now=moment) == 0
    return {"board": board, "new": new, "today": today}


@pytest.fixture(scope="session")
def copied(request: pytest.FixtureRequest) -> Callable[[Path, Path], Path]:
    """Copies one of the databases, or what stands for it, to a path outside a scene."""

    def copy(database: Path, to: Path) -> Path:
        if name := name_on_server(database):
            server: Server = request.getfixturevalue("server")
            to.write_text(server.url(server.copy(name)), encoding="utf-8")
            return to
        return Path(shutil.copy(database, to))

    return copy


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    """A folder of its own to run in; its irbtrack.db is the database."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("IRBTRACK_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("IRBTRACK_DATABASE", str(tmp_path / "irbtrack.db"))
    monkeypatch.setenv("IRBTRACK_OFFICER", "register-officer")
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    places = Places(request.getfixturevalue("server")) if ON_SERVER else None
    yield Scene(tmp_path, places=places)
    if places:
        places.drop()
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="session")
def left() -> dict[tuple[object, ...], Path]:
    """The folders that commands have left, by the moment and the commands."""
    return {}


@pytest.fixture
def prepared(
    scene: Scene, left: dict[tuple[object, ...], Path], tmp_path_factory: pytest.TempPathFactory
) -> Prepare:
    """Give the scene what some commands leave; they are run once, and copied from then on."""

    def prepare(*commands: str) -> Scene:
        key = (scene.now, *commands)
        if key in left and not ON_SERVER:  # the folder only says where its database is
            shutil.copytree(left[key], scene.folder, dirs_exist_ok=True)
            return scene
        for command in commands:
            assert "[exit" not in scene.run(f"irbtrack {command}"), command
        if not ON_SERVER:
            left[key] = shutil.copytree(scene.folder, tmp_path_factory.mktemp("left") / "scene")
        return scene

    return prepare
