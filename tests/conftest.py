"""What all tests share: how Hypothesis searches, and a real database of one's own."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, event

from irbtrack.store.database import Location, locate
from irbtrack.store.migrate import create

settings.register_profile(
    "irbtrack",
    deadline=None,
    derandomize="CI" in os.environ,
    max_examples=int(os.environ.get("IRBTRACK_EXAMPLES", "50")),
)
settings.load_profile("irbtrack")


@event.listens_for(Engine, "connect")
def _without_waiting_for_the_disk(connection: object, _: object) -> None:
    """Let a commit return before the disk has it: no test's register outlives a power cut."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database made by the migrations, to be copied and never written to."""
    path = tmp_path_factory.mktemp("migrated") / "irbtrack.db"
    create(locate(str(path)))
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Location:
    """A fresh database in a folder of its own."""
    return locate(str(shutil.copy(migrated, tmp_path / "irbtrack.db")))
