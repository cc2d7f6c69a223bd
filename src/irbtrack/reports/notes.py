"""The notes of the report, as tables."""

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.domain.dates import say_partial_date
from irbtrack.domain.nouns.note import Note

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


def notes_table(notes: list[Note]) -> Table:
    """One row for each note, in the order given, with its fields."""
    names = [column.name for column in NOTE_COLUMNS]
    return Table(NOTE_COLUMNS, [[getattr(one, name) for name in names] for one in notes])


def notes_shown(notes: list[Note]) -> Table:
    """The same for people: what each is about in one column."""
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
