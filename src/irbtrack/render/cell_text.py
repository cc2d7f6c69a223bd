"""A cell's value as text for people, which the terminal and Markdown share."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from unicodedata import category, east_asian_width

from irbtrack.domain.answers import Kind, Table
from irbtrack.domain.dates import say_date_briefly
from irbtrack.errors import printable


def cell_text(value: Any, kind: Kind) -> str:
    """Return what people read: dates as 31 Oct 2023, local times, signed changes, lists.

    None is an empty text. Characters that could steer a terminal are made visible; line ends are
    kept.
    """
    if value is None:
        return ""
    if type(value) is str and value.isprintable():
        return value
    if isinstance(value, tuple):
        return ", ".join(cell_text(one, kind) for one in value)
    if isinstance(value, datetime):
        return f"{say_date_briefly(value.astimezone())} {value.astimezone():%H:%M}"
    if isinstance(value, date):
        return say_date_briefly(value)
    if kind is Kind.CHANGE:
        return f"{value:+}" if value else "="
    return "\n".join(printable(line) for line in str(value).split("\n"))


def text_width(text: str) -> int:
    """Return how many columns of a terminal a line takes; wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf"):  # accents and joiners take no room
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def without_key(tables: Sequence[Table]) -> list[Table]:
    """Return tables that stand side by side, of which only the first keeps the shared column."""
    first, *others = tables
    return [first, *(table.having(table.columns[1:]) for table in others)]


def wrapped(text: str, width: int) -> list[str]:
    """Return a text as lines of at most ``width`` columns, split at spaces.

    Longer words are broken.

    >>> wrapped("Financial Sustainability", 12)
    ['Financial', 'Sustainabili', 'ty']
    """
    lines, line = list[str](), ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if text_width(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = ""
        for character in word:
            if line and text_width(line + character) > width:
                lines.append(line)
                line = ""
            line += character
    return [*lines, line]
