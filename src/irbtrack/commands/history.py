"""``irbtrack history``: every change, in the order of recording."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import AsOf, Format, KnownAt, as_of_day, known_at_moment
from irbtrack.domain.dates import read_date
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.words import folded, read_whole, unknown
from irbtrack.errors import Misused
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.history import history_answer, known_by
from irbtrack.store.database import Reader
from irbtrack.store.gather import entries, newest, notes_about, refs


def history(
    session: Session,
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="REF",
            autocompletion=completing.records,
            help="Of that record, by its reference, code or audit's name; or that snapshot's day.",
        ),
    ] = None,
    last: Annotated[
        str | None, typer.Option("--last", metavar="N", help="Only the last N entries.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Recorded on that day or later.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """Show every change, in the order of recording.

    When it was recorded, by whom, by which command, from what day it holds, and why.
    """
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    how_many = read_whole("a number of entries", last, 10**6) if last else None
    began = read_date(since, session.today) if since else None
    with session.reading() as reader:
        wanted = _refs_meant(session, reader, reference) if reference else []
        recorded = known_by(entries(reader, refs=wanted), day, moment)
    if began:
        recorded = [one for one in recorded if one[1].recorded_at.astimezone().date() >= began]
    put_out(history_answer(recorded[-how_many:] if how_many else recorded), form)
    if not recorded:
        note("no change fits")


def _refs_meant(session: Session, reader: Reader, asked: str) -> list[str]:
    """The references that a reference, a code, an audit's name or a snapshot's day means."""
    known = [ref for noun in (*NOUNS, "snapshot") for ref in refs(reader, noun)]
    name = folded(asked)
    audits = newest(reader, Audit).values()
    try:
        day = read_date(asked, session.today, month_end=True).isoformat()
    except Misused:
        day = ""
    meant = [ref for ref in known if ref.casefold() == name or ref == day]
    meant += [audit.ref for audit in audits if audit.name.casefold() == name]
    meant += [note for ref in dict.fromkeys(meant) for note in notes_about(reader, ref)]
    if not meant:
        raise unknown("record", asked, known, "'irbtrack history' shows every change")
    return meant
