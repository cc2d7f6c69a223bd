"""How something came to be as it is: every change, in the order of recording."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.journal import Entry, reason_of
from irbtrack.domain.nouns import UNSAID
from irbtrack.register.view import View
from irbtrack.render.cell_text import cell_text, wrapped

HISTORY_COLUMNS = (
    Column("entry", "Entry", Kind.NUMBER),
    Column("recorded_at", "Recorded", Kind.DATE, rank=-2),
    Column("recorded_by", "By", Kind.CODE, rank=-1),
    Column("command", "Command", Kind.CODE, rank=1),
    Column("noun"),
    Column("ref", "Ref", Kind.CODE),
    Column("effective_on", "From", Kind.DATE),
    Column("fields", "What holds from then on"),
    Column("undoes"),
    Column("reason", "Reason"),
)


def history_list(
    view: View, refs: Sequence[str] = (), *, since: date | None = None, last: int | None = None
) -> Answer:
    """Return every change that the view knows of, one row for each.

    With ``refs`` they are the changes of those records. With ``since`` they are of entries
    recorded on that day or later, and with ``last`` of so many entries at the end.
    """
    recorded = [
        (number, entry)
        for number, entry in view.entries(refs)
        if since is None or entry.recorded_at.astimezone().date() >= since
    ]
    answer = history_answer(recorded[-last:] if last else recorded)
    return answer if recorded else answer._replace(remarks=("no change fits",))


def history_answer(recorded: list[tuple[int, Entry]]) -> Answer:
    """Return one row for each change of the entries."""
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
    shown = [
        (*row[:7], _broken(_say_fields(row, undone.get(row[0]))), row[8], _broken(row[9] or ""))
        for row in rows
    ]
    return Answer(Table(HISTORY_COLUMNS, rows), (Table(HISTORY_COLUMNS, shown).shown(),))


LINE = 72
"""The characters in a line of a cell, which has room for a digest and what it is."""


def _broken(text: str) -> str:
    """Return a text in lines that a table has room for beside the other columns.

    A digest begins a line, so that it stays in one piece with what it is.
    """
    parts = text.replace(" SHA-256 ", "\nSHA-256 ").split("\n")
    return "\n".join(line for one in parts for line in wrapped(one, LINE))


WITHOUT_FIELDS = {"officer": "who holds the post", "recorder": "a login name was replaced"}
"""What a change was of that has no fields, by noun."""


def _say_fields(row: Sequence[Any], undone_by: int | None) -> str:
    noun, *_, changed, undoes, _ = row[4:]
    if undoes is not None:
        return f"(takes back entry {undoes})"
    if not changed:
        return WITHOUT_FIELDS.get(noun, "nothing")
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
