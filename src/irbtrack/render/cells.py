"""A cell's value as text for people; the terminal and Markdown share it."""

from datetime import date, datetime
from typing import Any

from irbtrack.domain.board import Kind
from irbtrack.domain.dates import say_date_briefly
from irbtrack.errors import printable


def cell_text(value: Any, kind: Kind) -> str:
    """What people read: dates as 31 Oct 2023, local times, changes signed, None empty.

    Characters that could steer a terminal are made visible; line ends are kept.
    """
    if value is None:
        return ""
    if type(value) is str and value.isprintable():
        return value
    if isinstance(value, datetime):
        return f"{say_date_briefly(value.astimezone())} {value.astimezone():%H:%M}"
    if isinstance(value, date):
        return say_date_briefly(value)
    if kind is Kind.CHANGE:
        return f"{value:+}" if value else "="
    return "\n".join(printable(line) for line in str(value).split("\n"))
