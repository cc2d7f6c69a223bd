"""``irbtrack db``: look after the database."""

from irbtrack.arguments.options import Format
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.db import database_facts
from irbtrack.store.database import REVISION, refuse_unless_current, revision_of
from irbtrack.store.reading import opened


def upgrade(session: Session) -> None:
    """Bring the database up to date.

    It gets this program's tables wholly or not at all; what is recorded stays.
    """
    with opened(session.location) as reader:
        before = revision_of(session.location, reader)
    if before >= REVISION:
        refuse_unless_current(session.location, before)
        note(f"{session.location} is at revision {before} already")
        return
    from irbtrack.store.migrate import upgrade as migrate

    migrate(session.location)
    note(f"{session.location} is now at revision {REVISION}, it was at {before}")


def info(session: Session, form: Format = TABLE) -> None:
    """Say where the database is, and what it holds."""
    put_out(database_facts(session.location), form)


VERBS = {
    "upgrade": upgrade,
    "info": info,
}
