"""``irbtrack history`` and ``irbtrack action show``: how something came to be as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any

import typer

from irbtrack.commands import find
from irbtrack.commands.options import AsOf, Form, KnownAt, as_of_day, known_at_moment
from irbtrack.commands.session import Session, note, session_of
from irbtrack.domain.board import Answer, Column, Kind, Table
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.journal import Entry, reason_of
from irbtrack.domain.listing import ACTION_COLUMNS, actions_table
from irbtrack.domain.records import NOUNS, Action, Audit
from irbtrack.domain.words import folded, read_whole, unknown
from irbtrack.errors import Misused, Refused
from irbtrack.render import TABLE, put_out
from irbtrack.render.cells import cell_text
from irbtrack.store.database import Reader
from irbtrack.store.gather import entries, names_as_of, newest, notes_about, records_as_of, refs

HISTORY_COLUMNS = (
    Column("entry", "Entry", Kind.NUMBER),
    Column("recorded_at", "Recorded", Kind.DATE, rank=1),
    Column("recorded_by", "By", Kind.CODE, rank=2),
    Column("command", "Command", Kind.CODE),
    Column("noun"),
    Column("ref", "Ref", Kind.CODE),
    Column("effective_on", "From", Kind.DATE),
    Column("fields", "What holds from then on"),
    Column("undoes"),
    Column("reason", "Reason"),
)


UNSAID = ("outcome_on", "trend_on")
"""Fields that people are not shown: the day from which what they go with holds is."""


def history(
    ctx: typer.Context,
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="REF",
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
    form: Form = TABLE,
) -> None:
    """Every change, in the order of recording.

    When it was recorded, by whom, by which command, from what day it holds, and why.
    """
    session = session_of(ctx)
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


def known_by(
    found: Iterable[tuple[int, Entry]], day: date, moment: datetime | None
) -> list[tuple[int, Entry]]:
    """The entries recorded by a moment, with those of their changes that took effect by a day."""
    return [
        (number, entry._replace(changes=tuple(c for c in entry.changes if c.effective_on <= day)))
        for number, entry in found
        if moment is None or entry.recorded_at <= moment
    ]


def history_answer(recorded: list[tuple[int, Entry]]) -> Answer:
    """One row for each change of the entries."""
    rows = [
        (
            number,
            entry.recorded_at,
            entry.recorded_by,
            entry.command,
            change.noun,
            change.ref,
            change.effective_on,
            change.fields,
            entry.undoes,
            reason_of(entry, change),
        )
        for number, entry in recorded
        for change in entry.changes
    ]
    undone = {entry.undoes: number for number, entry in recorded if entry.undoes}
    shown = [(*row[:7], _say_fields(row, undone.get(row[0])), *row[8:]) for row in rows]
    return Answer(Table(HISTORY_COLUMNS, rows), (Table(HISTORY_COLUMNS, shown).shown(),))


def _say_fields(row: Sequence[Any], undone_by: int | None) -> str:
    *_, changed, undoes, _ = row
    if undoes is not None:
        return f"(takes back entry {undoes})"
    if not changed:
        return "who holds the post"
    mark = [f"(taken back by entry {undone_by})"] if undone_by else []
    return "\n".join(mark + _said_fields(changed))


def _said_fields(changed: Any) -> list[str]:
    return [
        f"{field.removesuffix('_on').replace('_', ' ')}: {_say_value(value)}"
        for field, value in changed.items()
        if field not in UNSAID
    ]


def _say_value(value: Any) -> str:
    if value is None:
        return "none"
    return (
        ", ".join(map(str, value)) or "none"
        if isinstance(value, tuple)
        else cell_text(value, Kind.TEXT)
    )


def show(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="The action.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """One action on a day, and how it came to be so."""
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        ref = find.action_ref(reader, reference)
        then = [a for a in records_as_of(reader, Action, day, moment) if a.ref == ref]
        audits = names_as_of(reader, Audit, day, moment)
        found = list(entries(reader, noun="action", refs=[ref]))
    if not then:
        known = f", as far as was known on {cell_text(moment, Kind.DATE)}" if moment else ""
        raise Refused(
            f"{ref} was not in the register on {say_date(day)}{known};"
            f" 'irbtrack history {ref}' tells its story"
        )
    data = _all_fields(then[0], actions_table(then, day, audits))
    story = [
        (_label(column), value)
        for column, value in zip(data.columns, data.rows[0], strict=True)
        if value not in (None, "", 0) and column.name not in ("ref", "title")
    ]
    facts = Table(
        (Column("field", ref), Column("value", then[0].title)),
        [(label, cell_text(value, Kind.TEXT)) for label, value in story],
    )
    put_out(Answer(data, (facts, history_answer(known_by(found, day, moment)).blocks[0])), form)


def _label(column: Column) -> str:
    return column.label or column.name.removesuffix("_on").replace("_", " ").capitalize()


def _all_fields(action: Action, listed: Table) -> Table:
    """The row of ``action list``, and after it the fields of an action that no list has."""
    names = {column.name for column in ACTION_COLUMNS}
    names.update(UNSAID)
    more = [field.name for field in fields(action) if field.name not in names]
    return Table(
        (*listed.columns, *(Column(name) for name in more)),
        [(*listed.rows[0], *(getattr(action, name) for name in more))],
    )
