"""``irbtrack due``: what the next period brings."""

from typing import Annotated

import typer

from irbtrack.arguments.options import AsOf, Format, KnownAt, as_of_day, known_at_moment
from irbtrack.domain.answers import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import read_period_end, say_date
from irbtrack.domain.figures.forward import Due, due_between
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note, Section, in_force
from irbtrack.domain.nouns.rating import RAG_NAMES, Rag
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.store.gather import records_as_of

COLUMNS = (
    Column("due_on", "Due", Kind.DATE),
    Column("noun", "What", Kind.CODE, rank=2),
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Title"),
    Column("posts", "Who answers", rank=1),
    Column("state", "State", Kind.CODE),
    Column("days"),
)


def due(
    session: Session,
    within: Annotated[
        str, typer.Option("--within", metavar="PERIOD", help="How far ahead, as 30d, 2w or 1m.")
    ] = "1m",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """Look forward to what falls due.

    Open actions, milestones and directions whose date is in the period, and the notes of the
    forward look.
    """
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    until = read_period_end(within, day)
    with session.reading() as reader:
        found = due_between(
            records_as_of(reader, Action, day, moment),
            records_as_of(reader, Milestone, day, moment),
            records_as_of(reader, Direction, day, moment),
            day,
            until,
        )
        notes = in_force(records_as_of(reader, Note, day, moment), day)
    ahead = [one for one in notes if one.section == Section.FORWARD]
    data = Table(
        COLUMNS,
        [
            *((*one, (one.due_on - day).days) for one in found),
            *((None, n.NOUN, n.ref, n.text, (), None, None) for n in ahead),
        ],
    )
    shown = Table(COLUMNS, [_shown(one) for one in found]).shown()
    period = f"Due from {say_date(day)} to {say_date(until)}"
    blocks: list[Block] = []
    if found:
        blocks.append(Table(shown.columns, shown.rows, f"{period}: {len(found)}"))
    if ahead:
        columns = (Column("about", "About"), Column("text", "Forward look", Kind.MARKDOWN))
        blocks.append(Table(columns, [(n.direction or n.workstream, n.text) for n in ahead]))
    put_out(Answer(data, tuple(blocks)), form)
    if not found:
        note(f"nothing is due from {say_date(day)} to {say_date(until)}")


def _shown(one: Due) -> tuple[object, ...]:
    """What is due as people read it: a RAG by its name, posts in a row."""
    state = RAG_NAMES[Rag(one.state)] if one.state in RAG_NAMES else one.state
    return (*one[:1], one.noun.capitalize(), *one[2:4], ", ".join(one.posts), state, None)
