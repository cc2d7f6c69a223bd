"""Where the lines of a text break, and how a line is shortened, so that it fits its room."""

import re
from collections.abc import Iterator
from functools import lru_cache

from irbtrack.packs.lettering.letter_widths import width_of

FIT = 0.98
"""The width of Arial as a share of that of Open Sans, whose letters are measured."""

ELLIPSIS = "…"

_WORDS = re.compile(r"\n|[^\S\n]+|\S+")


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return a line as it fits, with an ellipsis in place of what doesn't.

    >>> shortened("Housing and Neighbourhoods", 80, 10)
    'Housing and N…'
    """
    if width_of(text, size, bold=bold) <= room:
        return text
    room -= width_of(ELLIPSIS, size, bold=bold)
    kept, width = 0, 0.0
    for character in text:
        width += width_of(character, size, bold=bold)
        if width > room:
            break
        kept += 1
    return text[:kept].rstrip(" \u200d") + ELLIPSIS


def broken(text: str, room: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """Return a text as at most so many lines, of which the last may end with an ellipsis.

    >>> broken("Housing and Neighbourhoods of the North", 80, 10, 2)
    ['Housing and', 'Neighbourhoo…']
    """
    words, lines = text.split(), list[list[str]]()
    for place, word in enumerate(words):
        if lines and width_of(" ".join([*lines[-1], word]), size, bold=bold) <= room:
            lines[-1].append(word)
        elif len(lines) < most:
            lines.append([word])
        else:
            lines[-1] += words[place:]
            break
    return [shortened(" ".join(line), room, size, bold=bold) for line in lines] or [""]


def line_size(line: str, *, bold: bool = False) -> float:
    """Return how wide a line is in Arial, as a multiple of the size of its letters."""
    return width_of(line, FIT, bold=bold)


@lru_cache(5_000)
def line_starts(text: str, width: float, bold: bool = False) -> tuple[int, ...]:
    """Return where each line of a text in Arial begins if it is at most ``width`` wide.

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
        size = line_size(word, bold=bold)
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
    """Yield the places at which a word breaks that is longer than a line."""
    used = 0.0
    for place, character in enumerate(word):
        size = line_size(character, bold=bold)
        if place and used + size > width:
            yield place
            used = 0.0
        used += size
