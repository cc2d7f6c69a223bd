"""``irbtrack db``: look after the database."""

from typing import Annotated

import typer

from irbtrack.arguments.asking import needed_reason
from irbtrack.arguments.options import Format, ReasonNeeded
from irbtrack.domain.journal import Change
from irbtrack.domain.words import read_title
from irbtrack.errors import printable
from irbtrack.register import find
from irbtrack.register.erasing import clear, left_of_login, refuse_if_it_names
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.db import database_facts
from irbtrack.store.database import REVISION, refuse_unless_current, revision_of
from irbtrack.store.gather import recorder_names
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


def pseudonym(
    session: Session,
    login: Annotated[
        str,
        typer.Argument(metavar="LOGIN", help="The login name, as 'irbtrack history' shows it."),
    ],
    instead: Annotated[
        str | None,
        typer.Argument(metavar="PSEUDONYM", help="What is shown instead; or else a reference."),
    ] = None,
    reason: ReasonNeeded = None,
) -> None:
    """Forget the login name of somebody who recorded.

    It is for people who recorded without naming their post. Their entries stay, and the journal
    says that a login name was replaced, and why. The database is written anew, as by 'officer
    erase', and what still has the login name is told.
    """
    why = needed_reason(reason)
    shown = None if instead is None else read_title("the pseudonym", instead)
    with session.reading() as reader:
        ref = find.login(reader, login)
        was = recorder_names(reader)[ref]
        sought = [was] if was != ref else []
        refuse_if_it_names(why, sought)
        find.refuse_if_recorder(reader, shown)
        left = left_of_login(reader, sought)
    from irbtrack.store.write import writing

    change = Change("recorder", ref, session.today, {})
    with writing(session.location) as journal:
        session.refuse_unknown_recorder(journal)
        journal.record(session.entry("db pseudonym", [change], why))
        journal.set_pseudonym(ref, shown)
    note(f"whoever recorded as {printable(was)} is now shown as {shown or ref}")
    left.say()
    clear(session, f"irbtrack db pseudonym {ref}")


VERBS = {
    "upgrade": upgrade,
    "info": info,
    "pseudonym": pseudonym,
}
