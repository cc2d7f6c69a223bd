"""A migration that fails half way, after those that there are."""

import shutil
from pathlib import Path

import pytest

from irbtrack.store import migrate
from irbtrack.store.database import REVISION

MIGRATION = '''
"""Fails half way."""
from alembic import op

revision, down_revision = "9000", "{before}"


def upgrade() -> None:
    """Change tables, and fail."""
    op.drop_table("person")
    op.execute("ALTER TABLE entry ADD COLUMN half_done TEXT")
    {then}
    raise ZeroDivisionError
'''


def next_migration(folder: Path, patch: pytest.MonkeyPatch, then: str = "") -> None:
    """Have the program know that migration, too; ``then`` is what it does before it fails."""
    scripts = shutil.copytree(migrate.shipped("migrations"), folder / "migrations")
    text = MIGRATION.format(before=REVISION, then=then)
    scripts.joinpath("versions", "9000_fails.py").write_text(text, encoding="utf-8")
    patch.setattr(migrate, "shipped", lambda _: scripts)
    patch.setattr(migrate, "REVISION", "9000")
