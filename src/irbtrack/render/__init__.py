"""Answers put out: to the terminal, as Markdown, JSON and CSV."""

import sys
from enum import StrEnum

from irbtrack.domain.board import Answer


class Format(StrEnum):
    """The forms that every reading command can answer in."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"


def put_out(answer: Answer, form: Format) -> None:
    """Write an answer to standard output. Each form's writer is imported when it is asked for."""
    if form is Format.TABLE:
        from irbtrack.render.terminal import show

        show(answer.shown())
    elif form is Format.MD:
        from irbtrack.render.markdown import to_markdown

        sys.stdout.write(to_markdown(answer.shown()))
    else:
        from irbtrack.render.data import to_csv, to_json

        sys.stdout.write((to_json if form is Format.JSON else to_csv)(answer.data))
