"""The one exception family: each says in a sentence what was refused, and has an exit code.

Every message says what was refused, where, and what to do next. ``cli.main`` prints it
after ``irbtrack: `` and exits with ``exit_code``. Any other exception is a fault of the
program and keeps its traceback.
"""

import re
from collections.abc import Iterable


class IrbtrackError(Exception):
    """A refusal, whose message is a whole sentence for the person who asked."""

    exit_code = 1


class Refused(IrbtrackError):
    """A well-formed request that the register does not allow (exit code 1)."""


class Misused(IrbtrackError):
    """A request that cannot be read, such as a date that isn't one (exit code 2)."""

    exit_code = 2


class DatabaseUnusable(IrbtrackError):
    """A database that is missing, locked, read-only, behind, newer or unreadable (exit code 3)."""

    exit_code = 3


class SheetUnusable(IrbtrackError):
    """A file or sheet that cannot be read, or that has bad cells (exit code 4)."""

    exit_code = 4


class CheckFailed(IrbtrackError):
    """A check that found something, such as a digest that does not match (exit code 5)."""

    exit_code = 5


def prints(character: str) -> bool:
    """Return whether a character is safe to show.

    Control characters, direction marks and unusual spaces are not. The two joiners that some
    scripts and emoji need are.
    """
    return character.isprintable() or character in "\u200c\u200d"


def printable(text: str) -> str:
    r"""Return ``text`` with control, bidirectional and other unprintable characters made visible.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if prints(c) else repr(c)[1:-1] for c in text)


STEERING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
"""Control characters, but for tabs and the ends of lines, direction marks, and what isn't seen."""


def legible(text: str) -> str:
    r"""Return a whole output with what could steer a terminal made visible.

    Unlike :func:`printable` it keeps the ends of lines, tabs, and unusual spaces, which are data.

    >>> legible("a\x9b31mb\n\tc")
    'a\\x9b31mb\n\tc'
    """
    return STEERING.sub(lambda found: repr(found[0])[1:-1], text)


def quoted(text: str) -> str:
    """Return ``text`` in single quotes for a message: printable, and at most 60 characters.

    >>> quoted("Little Progress")
    "'Little Progress'"
    """
    shown = printable(text)
    return f"'{shown}'" if len(shown) <= 60 else f"'{shown[:57]}...'"


def near(asked: str, known: Iterable[str]) -> list[str]:
    """Return at most three of the ``known`` names that ``asked`` may have meant.

    The nearest comes first.

    >>> near("finanse", ["finance", "housing"])
    ['finance']
    """
    from difflib import get_close_matches  # costs 5 ms, and only a refusal needs it

    by_folded = {name.casefold(): name for name in known}
    likeness = 0.6 if len(asked) > 3 else 0.5  # 3x may be 3a
    matches = get_close_matches(asked.casefold(), by_folded, n=3, cutoff=likeness)
    return [by_folded[match] for match in matches]


def listed(names: Iterable[str], last: str = "or") -> str:
    """Return the names as a phrase.

    >>> listed(["High", "Medium", "Low"])
    'High, Medium or Low'
    """
    *first, final = list(names)
    return f"{', '.join(first)} {last} {final}" if first else final
