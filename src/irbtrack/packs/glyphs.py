"""Which characters our fonts can draw, and how wide they are.

Both are read from DejaVu Sans, which has every character that Open Sans has. Its letters are as
wide as bold ones of Open Sans, so whatever is measured with it has room enough.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from unicodedata import category

from irbtrack.errors import printable
from irbtrack.packs.typesetting import FONTS

INSTEAD = "□"
"""What stands for a character that can't be drawn."""

BEARER = "◌"
"""What bears a mark at the beginning of a line, where no letter does."""

PRIVATE = "Co"
"""The category of characters without a meaning of their own, which PDF/A-2a doesn't allow."""


@cache
def widths() -> Mapping[str, float]:
    """Return the width of every character that can be drawn, in parts of the size of the type."""
    font = (FONTS / "DejaVuSans.ttf").read_bytes()
    unit = _numbers(font, "H", _table(font, b"head") + 18)[0]
    measured = _numbers(font, "H", _table(font, b"hhea") + 34)[0]
    advances = _numbers(font, "Hh" * measured, _table(font, b"hmtx"))[::2]
    return {
        character: advances[min(glyph, measured - 1)] / unit
        for character, glyph in _glyphs(font)
        if glyph and category(character) != PRIVATE
    }


@lru_cache(50_000)
def width_of(text: str) -> float:
    """Return how wide a line is, in parts of the size of the type."""
    known = widths()
    return sum([known.get(character, 0) for character in text])


def drawable(text: str) -> str:
    """Return a text with what can't be drawn replaced by a box; line ends are kept.

    >>> drawable("→ 中")
    '→ □'
    """
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(map(_drawable_line, text.split("\n")))


def is_mark(character: str) -> bool:
    """Return whether a character is drawn upon the one before it, such as an accent."""
    return category(character).startswith("M")


def _drawable_line(line: str) -> str:
    known = widths()
    shown = "".join(c if c in known else INSTEAD for c in printable(line))
    return BEARER + shown if shown and is_mark(shown[0]) else shown


def _table(font: bytes, name: bytes) -> int:
    """Return where a table of a font begins."""
    entries = struct.iter_unpack(">4sLLL", font[12 : 12 + 16 * _numbers(font, "H", 4)[0]])
    return int(next(begin for found, _, begin, _ in entries if found == name))


def _glyphs(font: bytes) -> Iterator[tuple[str, int]]:
    """Yield each character with its glyph, from the mapping of all of Unicode (format 12)."""
    cmap = _table(font, b"cmap")
    count = _numbers(font, "H", cmap + 2)[0]
    entries = struct.iter_unpack(">HHL", font[cmap + 4 : cmap + 4 + 8 * count])
    begin = cmap + next(place for *found, place in entries if found == [3, 10])
    groups = _numbers(font, "L", begin + 12)[0]
    for first, last, glyph in struct.iter_unpack(
        ">LLL", font[begin + 16 : begin + 16 + 12 * groups]
    ):
        for code in range(first, last + 1):
            yield chr(code), glyph + code - first


def _numbers(font: bytes, form: str, place: int) -> tuple[int, ...]:
    return struct.unpack_from(f">{form}", font, place)
