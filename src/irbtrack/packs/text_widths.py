"""How wide a text is, and where its lines break, without a font at hand.

The widths are those of Arial, with some room to spare. A reader's program may have another font
in its place, so whoever fits text into a box leaves some room, too.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from unicodedata import category, east_asian_width

ROOM = 1.06
"""By how much a text is taken to be wider than it is."""

BOLD = 1.08
"""How much wider than other text bold text is."""

_WIDTHS = {
    character: width / 1000
    for width, characters in (
        (222, "ijl'|"),
        (278, " !,./:;I[]\\ft"),
        (333, "()-`r"),
        (500, "ckszvxyJ\""),
        (556, "0123456789abdeghnopqu?$_"),
        (611, "FTZ+=<>~#"),
        (667, "ABEKPSVXY&*"),
        (722, "CDHNRUw"),
        (778, "GOQ"),
        (833, "mM"),
        (889, "%—"),
        (944, "W@"),
    )
    for character in characters
}
_WORDS = re.compile(r"\n|[^\S\n]+|\S+")


def text_size(text: str, *, bold: bool = False) -> float:
    """Return how wide a line is, as a multiple of the size of its letters."""
    return _width(text) * ROOM * (BOLD if bold else 1)


def longest_word(text: str, *, bold: bool = False) -> float:
    """Return how wide the longest word of a text is, as a multiple of the size of its letters."""
    return max((text_size(word, bold=bold) for word in text.split()), default=0.0)


def longest_line(text: str, *, bold: bool = False) -> float:
    """Return how wide a text is if only its line ends break it."""
    return max((text_size(line, bold=bold) for line in text.split("\n")), default=0.0)


def line_starts(text: str, width: float, *, bold: bool = False) -> list[int]:
    """Return where each line of a text begins if it is at most ``width`` wide.

    The width is a multiple of the size of its letters. A line breaks after a space, or within a
    word that is longer than a line.

    >>> line_starts("All is well", 4)
    [0, 7]
    """
    limit = width / (ROOM * (BOLD if bold else 1))
    starts, used = [0], 0.0
    for found in _WORDS.finditer(text):
        word = found.group()
        if word == "\n":
            starts.append(found.end())
            used = 0.0
            continue
        size = _width(word)
        if word.isspace() or used + size <= limit:
            used += size
            continue
        if used:
            starts.append(found.start())
        used = size
        if size > limit:
            breaks = list(_breaks(word, limit))
            starts += [found.start() + place for place in breaks]
            used = _width(word[breaks[-1] :]) if breaks else size
    return starts


def _breaks(word: str, limit: float) -> Iterator[int]:
    """Yield where a word breaks that is longer than a line."""
    used = 0.0
    for place, character in enumerate(word):
        size = _character(character)
        if place and used + size > limit:
            yield place
            used = 0.0
        used += size


def lines_of(text: str, width: float, *, bold: bool = False) -> list[str]:
    """Return the lines of a text, which put together are the text again."""
    starts = line_starts(text, width, bold=bold)
    return [text[begin:end] for begin, end in pairwise([*starts, len(text)])]


@lru_cache(20_000)
def _width(text: str) -> float:
    return sum(_WIDTHS[c] if c in _WIDTHS else _character(c) for c in text)


def _character(character: str) -> float:
    """Return the width of a character. Those that aren't Latin are taken to be wide."""
    if found := _WIDTHS.get(character):
        return found
    if category(character) in ("Mn", "Me", "Cf"):  # accents and joiners take no room
        return 0.0
    return 1.05 if east_asian_width(character) in "WF" else 0.72
