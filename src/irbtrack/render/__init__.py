"""Write answers to the terminal, or as plain text, Markdown, JSON or CSV."""

import sys

from irbtrack.domain.answers import Answer
from irbtrack.domain.words import read_choice
from irbtrack.errors import legible
from irbtrack.render.messages import note

TABLE = "table"

FORMS = (TABLE, "json", "csv", "md")
"""The formats in which every reading command can answer."""


def put_out(answer: Answer, asked: str = TABLE) -> None:
    """Write an answer to standard output, in one of :data:`FORMS`, and then its remarks.

    Whatever could steer a terminal is made visible in all of them, wherever in the answer it is.
    A format's writer is imported only when it is asked for. Raise :class:`Misused` for another
    format.
    """
    form = read_choice("a format", asked, FORMS)
    if form == TABLE and sys.stdout.isatty():
        from irbtrack.render.terminal import show

        show(answer.shown())
    elif form == TABLE:
        from irbtrack.render.plain import to_plain

        sys.stdout.write(legible(to_plain(answer.shown())))
    elif form == "md":
        from irbtrack.render.markdown import to_markdown

        sys.stdout.write(legible(to_markdown(answer.shown())))
    else:
        from irbtrack.render.data import to_csv, to_json

        sys.stdout.write(to_json(answer.data) if form == "json" else legible(to_csv(answer.data)))
    for remark in answer.remarks:
        note(remark)
