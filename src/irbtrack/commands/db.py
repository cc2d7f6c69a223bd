"""``irbtrack db``: look after the database."""

import re
from typing import Annotated

import typer

from irbtrack.arguments.options import Format
from irbtrack.domain.words import read_whole
from irbtrack.errors import CheckFailed, DatabaseUnusable, Misused, quoted
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.db import database_facts, verified
from irbtrack.store.database import REVISION, Location, refuse_unless_current, revision_of
from irbtrack.store.integrity import ALL, Extent
from irbtrack.store.reading import opened
from irbtrack.store.stamping import counter_in, stamp

MOST_ENTRIES = 10**9


def read_digest(text: str) -> str:
    """Return a digest as it is kept. Raise :class:`Misused` for what can't be one."""
    digest = text.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise Misused(f"{quoted(text)} is not a digest; one has 64 characters, 0 to 9 and a to f")
    return digest


def read_sample(text: str) -> tuple[int, int]:
    """Return which of how many parts is meant. Raise :class:`Misused` if it can't be read."""
    if found := re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", text.strip()):
        part, parts = int(found[1]), int(found[2])
        if 1 <= part <= parts:
            return part, parts
    raise Misused(f"{quoted(text)} is not a part of the register; give one such as 1/7")


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


def verify(
    session: Session,
    digest: Annotated[
        str | None,
        typer.Option(
            "--digest",
            metavar="HEX",
            help="Prove that the journal is unchanged up to the entry with this digest, which a"
            " board pack and a snapshot print.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="ENTRY", help="Only from this entry on, and only what changed since."
        ),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(
            "--sample", metavar="N/PARTS", help="Only a part of a large register, such as 1/7."
        ),
    ] = None,
    form: Format = TABLE,
) -> None:
    """Prove that the register is as irbtrack recorded it.

    Everything is worked out again from the journal, and compared with what is kept. Exits with 5
    if anything differs.
    """
    if digest and (since or sample):
        raise Misused("--digest asks for the whole journal; leave --since and --sample out")
    extent = Extent(
        read_whole("an entry", since, MOST_ENTRIES) if since else 1,
        *(read_sample(sample) if sample else (1, 1)),
    )
    location, warned = session.location, list[str]()
    counter = counter_in(location.path)
    answer, refusal = verified(location, extent, digest and read_digest(digest), warned.append)
    put_out(answer, form)
    if refusal:
        raise CheckFailed(refusal)
    if warned and extent == ALL:
        anew = "is stamped anew" if _stamped(location, counter) else "could not be stamped anew"
        note(
            f"{location} was written to by another program, and all in it is as irbtrack recorded"
            f" it; it {anew}"
        )


def _stamped(location: Location, counter: int | None) -> bool:
    """Return whether a database could be stamped that was verified when it had that counter."""
    try:
        return stamp(location, counter)
    except DatabaseUnusable:
        return False


def rebuild(session: Session) -> None:
    """Make the versions of all records anew from the journal.

    The triggers and the views are made anew, too. Refuses if the journal itself is not as it was
    recorded.
    """
    from irbtrack.store.write import writing

    with writing(session.location) as journal:
        differing = len(journal.rebuild())
    rows = "row of the versions" if differing == 1 else "rows of the versions"
    note(f"{differing:,} {rows} differed; all are made anew from the journal")


VERBS = {
    "verify": verify,
    "rebuild": rebuild,
    "upgrade": upgrade,
    "info": info,
}
