"""Which characters our fonts can draw, and how wide they are.

A character that Open Sans lacks is drawn in DejaVu Sans.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from unicodedata import category, east_asian_width

from irbtrack.errors import printable
from irbtrack.packs.lettering.font_tables import advances
from irbtrack.packs.lettering.typesetting import FONTS

INSTEAD = "□"
"""What stands for a character that can't be drawn."""

BEARER = "◌"
"""A circle under a mark, such as an accent, that has no letter before it."""

UNSEEN = ("Mn", "Me", "Cf")
"""The categories of characters that take no room: marks upon letters, and what joins others."""

OTHER, WIDE = 1.0, 1.4
"""The widths of characters that our fonts lack, and of emoji and the like among them."""


def width_of(text: str, size: float = 1, *, bold: bool = False) -> float:
    """Return how wide a line is, in the unit of the size of its type.

    >>> round(width_of("Overdue", 10))
    40
    """
    return _width(text, bold) * size


def is_mark(character: str) -> bool:
    """Return whether a character is drawn upon the one before it, such as an accent."""
    return category(character).startswith("M")


def is_drawable(character: str) -> bool:
    """Return whether our fonts have a character."""
    return character in _widths("OpenSans-Regular") or character in _widths("DejaVuSans")


def drawable(text: str) -> str:
    """Return a text with what can't be drawn replaced by a box; line ends are kept.

    Characters without a meaning of their own are made visible, since PDF/A-2a doesn't allow them.

    >>> drawable("→ 中")
    '→ □'
    """
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(map(_drawable_line, text.split("\n")))


def _drawable_line(line: str) -> str:
    shown = "".join(one if is_drawable(one) else INSTEAD for one in printable(line))
    return BEARER + shown if shown and is_mark(shown[0]) else shown


@lru_cache(50_000)
def _width(text: str, bold: bool) -> float:
    known = _widths("OpenSans-Bold" if bold else "OpenSans-Regular")
    return sum([known[one] if one in known else _width_elsewhere(one, bold) for one in text])


@cache
def _width_elsewhere(character: str, bold: bool) -> float:
    """Return the width of a character that Open Sans lacks."""
    if category(character) in UNSEEN:
        return 0
    usual = WIDE if east_asian_width(character) in "WF" else OTHER
    return _widths("DejaVuSans-Bold" if bold else "DejaVuSans").get(character, usual)


@cache
def _widths(font: str) -> Mapping[str, float]:
    """Return the width of every character of a font; a font takes some hundredths of a second."""
    return advances((FONTS / f"{font}.ttf").read_bytes())
