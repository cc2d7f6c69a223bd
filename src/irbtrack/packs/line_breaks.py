"""Where the lines of a text break, so that it can be fitted into a box without its font."""

import re
from collections.abc import Iterator
from functools import lru_cache

from irbtrack.packs.lettering import width_of

FIT = 0.98
"""How wide Arial is beside Open Sans, whose letters are measured: at most so much."""

_WORDS = re.compile(r"\n|[^\S\n]+|\S+")


def line_size(line: str, *, bold: bool = False) -> float:
    """Return how wide a line is, as a multiple of the size of its letters."""
    return sum(word_size(word, bold) for word in _WORDS.findall(line))


@lru_cache(5_000)
def line_starts(text: str, width: float, bold: bool = False) -> tuple[int, ...]:
    """Return where each line of a text begins if it is at most ``width`` wide.

    The width is a multiple of the size of its letters. A line breaks after a space, or within a
    word that is longer than a line.

    >>> line_starts("All is well", 4)
    (0, 7)
    """
    starts, used = [0], 0.0
    for found in _WORDS.finditer(text):
        word = found.group()
        if word == "\n":
            starts.append(found.end())
            used = 0.0
            continue
        size = word_size(word, bold)
        if word.isspace() or used + size <= width:
            used += size
            continue
        if used:
            starts.append(found.start())
        used = size
        for place in _breaks(word, width, bold) if size > width else ():
            starts.append(found.start() + place)
            used = line_size(word[place:], bold=bold)
    return tuple(starts)


def _breaks(word: str, width: float, bold: bool) -> Iterator[int]:
    """Yield where a word breaks that is longer than a line."""
    used = 0.0
    for place, character in enumerate(word):
        size = word_size(character, bold)
        if place and used + size > width:
            yield place
            used = 0.0
        used += size


@lru_cache(20_000)
def word_size(word: str, bold: bool = False) -> float:
    """Return how wide a word is, as a multiple of the size of its letters."""
    return width_of(word, FIT, bold)
