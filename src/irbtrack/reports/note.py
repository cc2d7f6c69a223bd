"""The notes of the report, as tables."""

from datetime import date
from typing import NamedTuple

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.dates import say_partial_date
from irbtrack.domain.nouns.note import Note, in_force
from irbtrack.register.view import View

NOTE_COLUMNS = (
    Column("ref"),
    Column("section"),
    Column("direction"),
    Column("workstream"),
    Column("milestone"),
    Column("theme"),
    Column("position"),
    Column("dated_on"),
    Column("dated_to"),
    Column("board_on"),
    Column("text"),
)

SHOWN_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("section", "Section", Kind.CODE),
    Column("about", "About", rank=1),
    Column("dated", "Dated", Kind.CODE, rank=2),
    Column("board_on", "Board", Kind.DATE, rank=3),
    Column("text", "Note", Kind.MARKDOWN),
)


class NotesWanted(NamedTuple):
    """Which notes a list is of.

    They are of ``sections``. ``direction`` and ``workstream`` are what they are about, or None
    for any. ``board_on`` wants those for that board and those for every board.
    """

    sections: frozenset[str]
    direction: str | None = None
    workstream: str | None = None
    board_on: date | None = None

    def fits(self, one: Note) -> bool:
        """Return whether a note is one of them."""
        return (
            one.section in self.sections
            and self.direction in (None, one.direction)
            and self.workstream in (None, one.workstream)
            and (self.board_on is None or one.board_on in (None, self.board_on))
        )


def note_list(view: View, wanted: NotesWanted) -> Answer:
    """Return the notes that are wanted and hold on the day, in the report's order."""
    found = [one for one in in_force(view.records(Note), view.day) if wanted.fits(one)]
    if not found:
        return Answer(notes_table(found), remarks=("no note fits",))
    return Answer(notes_table(found), (notes_shown(found)._replace(title=f"Notes {view.said}"),))


def notes_table(notes: list[Note]) -> Table:
    """Return one row for each note, in the order given, with its fields."""
    names = [column.name for column in NOTE_COLUMNS]
    return Table(NOTE_COLUMNS, [[getattr(one, name) for name in names] for one in notes])


def notes_shown(notes: list[Note]) -> Table:
    """Return the same for people: what each is about in one column."""
    return Table(
        SHOWN_COLUMNS,
        [
            (
                n.ref,
                n.section,
                n.theme or n.direction or n.workstream or n.milestone,
                say_partial_date(n.dated_on, n.dated_to),
                n.board_on,
                n.text,
            )
            for n in notes
        ],
    )
