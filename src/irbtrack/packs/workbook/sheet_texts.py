"""What Excel can hold of a text. It counts the units of UTF-16, of which an emoji takes two."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from irbtrack.errors import printable
from irbtrack.sheets.xlsx import TEXT_LIMIT

_NAME_LIMIT = 31
_LINKING = frozenset(
    ["a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "over", "the", "to", "with"]
)


def sheet_name(text: str, taken: set[str]) -> str:
    """Return a valid name for a sheet that isn't among those ``taken``, and add it to them.

    >>> taken = {"overdue"}
    >>> sheet_name("22/23: overdue?", taken), sheet_name("Overdue", taken)
    ('22-23 overdue', 'Overdue (2)')
    """
    words = re.sub(r"[\[\]:*?\\\s]+", " ", text.replace("/", "-")).strip(" '") or "Table"
    for number in range(1, len(taken) + 2):
        ending = f" ({number})" if number > 1 else ""
        name = _shortened(words, _NAME_LIMIT - len(ending)) + ending
        if name.casefold() not in taken:
            break
    taken.add(name.casefold())
    return name


def _shortened(text: str, limit: int) -> str:
    """Return the first words of a text that take at most so many units of UTF-16.

    A word such as "of" at the end is cut off too.

    >>> _shortened("Overdue actions of 21-22 by directorate", 31)
    'Overdue actions of 21-22'
    """
    if _units(text) <= limit:
        return text
    cut = first_units(text, limit)
    words = cut[: cut.rfind(" ")].split(" ") if " " in cut else [cut]
    while len(words) > 1 and words[-1] in _LINKING:
        words.pop()
    return " ".join(words).strip(" '")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def first_units(text: str, limit: int) -> str:
    """Return as much of a text as takes at most so many units."""
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


def cell_parts(text: str) -> Iterator[str]:
    """Yield a text in parts that each fit into a cell, cut between words where that can be."""
    while len(text) > TEXT_LIMIT // 2 and _units(text) > TEXT_LIMIT:
        part = first_units(text, TEXT_LIMIT)
        part = part[: part.rfind(" ") + 1] or part
        yield part
        text = text[len(part) :]
    yield text


def distinct_headers(labels: Iterable[str]) -> list[str]:
    """Return headers as a table of Excel needs them: on one line, and no two alike."""
    seen = Counter[str]()
    distinct = []
    for label in labels:
        name = printable(" ".join(label.split()))
        seen[name.casefold()] += 1
        again = seen[name.casefold()]
        distinct.append(f"{name} ({again})" if again > 1 else name)
    return distinct
