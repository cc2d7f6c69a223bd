"""``irbtrack help``: the pages of the manual."""

from typing import Annotated

import typer

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.words import folded, unknown
from irbtrack.guide import TOPICS, page, purpose
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.render.manual import put_out_page

COLUMNS = (Column("topic", "Topic", Kind.CODE), Column("purpose", "What the page is for"))


def help_(
    session: Session,
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="The page; a list of them if left out.")
    ] = None,
) -> None:
    """Show a page of the manual, or list the pages.

    It is Markdown when it is written to a file or a pipe. 'irbtrack COMMAND --help' shows what
    a command takes.
    """
    del session
    if topic is None:
        table = Table(COLUMNS, [(one, purpose(one)) for one in TOPICS])
        put_out(Answer(table, (table, "'irbtrack help TOPIC' shows a page.")))
        return
    asked = folded(topic)
    if asked not in TOPICS:
        remedy = "'irbtrack help' lists them, and 'irbtrack COMMAND --help' is about a command"
        raise unknown("topic", topic, TOPICS, remedy)
    put_out_page(page(asked))
