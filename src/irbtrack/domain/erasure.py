"""What an erasure can't remove: what the journal's texts say, and copies that were made."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from irbtrack.domain.journal import Entry


class CopyMade(NamedTuple):
    """A copy that was made of what is kept of people: where, of what, when and by whom."""

    machine: str
    place: str
    holds: str
    made_at: datetime
    made_by: str


HOLDERS = "holders"
"""What a copy holds that has the names and addresses of those who hold posts."""

WHOLE = "register"
"""What a copy holds that has everything, login names included."""


class Mentioned(NamedTuple):
    """Where a name stands in the journal: an entry's number, and which of its texts."""

    entry: int
    where: str


def sought_of(*known: str | None) -> list[str]:
    """Return what to look for of people by their names and addresses: family names, too.

    >>> sought_of("Ann Example", "a.example@example.org")
    ['Ann Example', 'Example', 'a.example@example.org']
    >>> sought_of("Example, Ann", None)
    ['Example, Ann', 'Example']
    """
    sought: list[str] = []
    for one in filter(None, known):
        sought.append(one)
        if "@" not in one and (family := _family_name(one)):
            sought.append(family)
    return list(dict.fromkeys(sought))


def _family_name(name: str) -> str | None:
    """Return the last word of a name, or the last one before a comma."""
    words = re.findall(r"\w[\w'\N{RIGHT SINGLE QUOTATION MARK}-]*", name.partition(",")[0])
    return words[-1] if words else None


def is_mentioned(text: str, sought: Sequence[str]) -> bool:
    """Return whether a text has one of the words or phrases that are sought.

    Whole words count, in whatever case and with whatever spaces between them. A single word
    that is written with a capital counts only with one, so that Mr Field isn't found in a field.

    >>> is_mentioned("Agreed with ann  EXAMPLE.", ["Ann Example"])
    True
    >>> is_mentioned("for example, examples", ["Example"])
    False
    """
    return any(_finds(one, text) for one in sought)


def _finds(sought: str, text: str) -> bool:
    if sought.isalpha() and sought[:1].isupper():
        written = f"(?:{re.escape(sought)}|{re.escape(sought.upper())})"
    else:
        text, written = text.casefold(), r"\s+".join(map(re.escape, sought.casefold().split()))
    return re.search(rf"(?<!\w){written}(?!\w)", text) is not None


def mentioned_in(
    recorded: Iterable[tuple[int, Entry]], sought: Sequence[str]
) -> Iterator[Mentioned]:
    """Yield each text of the journal that has what is sought, in the order of recording."""
    for number, entry in recorded:
        for where, text in _texts(entry):
            if is_mentioned(text, sought):
                yield Mentioned(number, where)


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield each text that an entry keeps, after what it is."""
    if entry.reason:
        yield "its reason", entry.reason
    for change in entry.changes:
        yield f"the reference of {change.ref}", change.ref
        if change.reason:
            yield f"the reason for {change.ref}", change.reason
        for field, value in change.fields.items():
            for text in _within(value):
                yield f"the {field.replace('_', ' ')} of {change.ref}", text


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (text for one in value for text in _within(one))
