"""The forward look: what the next period brings."""

from datetime import date

from irbtrack.domain.answers import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.forward import Due, due_between
from irbtrack.domain.figures.selection import open_until
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note, Section, in_force
from irbtrack.domain.nouns.rating import RAG_NAMES, Rag
from irbtrack.register.view import View

COLUMNS = (
    Column("due_on", "Due", Kind.DATE),
    Column("noun", "What", Kind.CODE, rank=2),
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Title"),
    Column("posts", "Who answers", rank=1),
    Column("state", "State", Kind.CODE),
    Column("days"),
)


def due_in(view: View, until: date) -> list[Due]:
    """Return what is open on the day and falls due from then to ``until``, by date."""
    return due_between(
        view.selected(open_until(view.day, until)),
        view.records(Milestone),
        view.records(Direction),
        view.day,
        until,
    )


def falling_due(view: View, until: date) -> Answer:
    """Return what is open and falls due from the day to ``until``, and the forward look."""
    found = due_in(view, until)
    notes = in_force(view.records(Note), view.day)
    ahead = [one for one in notes if one.section == Section.FORWARD]
    data = Table(
        COLUMNS,
        [
            *((*one, (one.due_on - view.day).days) for one in found),
            *((None, n.NOUN, n.ref, n.text, (), None, None) for n in ahead),
        ],
    )
    period = f"from {say_date(view.day)} to {say_date(until)}"
    blocks: list[Block] = []
    if found:
        title = f"Due {period}: {len(found)}"
        blocks.append(Table(COLUMNS, [_shown(one) for one in found], title).shown())
    if ahead:
        columns = (Column("about", "About"), Column("text", "Forward look", Kind.MARKDOWN))
        blocks.append(Table(columns, [(n.direction or n.workstream, n.text) for n in ahead]))
    return Answer(data, tuple(blocks), () if found else (f"nothing is due {period}",))


def _shown(one: Due) -> tuple[object, ...]:
    """Return what is due as people read it: a RAG by its name, posts in a row."""
    state = RAG_NAMES[Rag(one.state)] if one.state in RAG_NAMES else one.state
    return (*one[:1], one.noun.capitalize(), *one[2:4], ", ".join(one.posts), state, None)
