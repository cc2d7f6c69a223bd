"""How wide text is in Open Sans, and how it is broken or shortened to fit.

The widths were read once from the advances of the font, so that no font has to be read when a
pack is made. What Open Sans lacks is set in a font that stands in for it, and is counted wide.
"""

from functools import cache
from unicodedata import category, east_asian_width, normalize

ELLIPSIS = "…"

FIRST = ord(" ")

REGULAR = (
    260, 267, 401, 646, 572, 823, 730, 221, 296, 296, 552, 572, 245, 322, 266, 367,
    572, 572, 572, 572, 572, 572, 572, 572, 572, 572, 266, 266, 572, 572, 572, 429,
    899, 633, 648, 631, 729, 556, 516, 728, 738, 279, 267, 614, 519, 903, 754, 779,
    602, 779, 618, 549, 553, 728, 595, 926, 577, 560, 571, 329, 367, 329, 542, 448,
    577, 556, 613, 476, 613, 561, 339, 548, 614, 253, 253, 525, 253, 930, 614, 604,
    613, 613, 408, 477, 353, 614, 501, 778, 524, 504, 468, 379, 551, 379, 572,
)  # fmt: skip
BOLD = (
    260, 286, 472, 646, 571, 901, 750, 266, 339, 339, 545, 571, 290, 322, 285, 413,
    571, 571, 571, 571, 571, 571, 571, 571, 571, 571, 285, 290, 571, 571, 571, 477,
    897, 690, 672, 637, 740, 560, 549, 724, 765, 331, 331, 664, 565, 943, 813, 796,
    628, 796, 660, 551, 579, 756, 650, 967, 667, 624, 579, 331, 413, 331, 532, 411,
    607, 604, 633, 514, 633, 591, 387, 565, 657, 305, 305, 620, 305, 982, 657, 619,
    633, 633, 454, 497, 434, 657, 569, 856, 578, 569, 488, 394, 551, 394, 571,
)  # fmt: skip
"""The widths of the characters from the space to the tilde, in thousandths of the size."""

PUNCTUATION = {"–": 500, "—": 1000, "‘": 217, "’": 217, "“": 445, "”": 445, "…": 855}

OTHER, WIDE = 1000, 1400
"""The widths of other characters, and of emoji and the like."""


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a line is at most, in the unit of its size.

    >>> round(width_of("Overdue", 10))
    40
    """
    return sum(_advance(character, bold) for character in text) * size / 1000


def shortened(text: str, room: float, size: float, bold: bool = False) -> str:
    """Return a line as it fits, with an ellipsis if something is left out.

    >>> shortened("Housing and Neighbourhoods", 80, 10)
    'Housing and N…'
    """
    if width_of(text, size, bold) <= room:
        return text
    room -= width_of(ELLIPSIS, size, bold)
    kept, width = 0, 0.0
    for character in text:
        width += width_of(character, size, bold)
        if width > room:
            break
        kept += 1
    return text[:kept].rstrip(" \u200d") + ELLIPSIS


def broken(text: str, room: float, size: float, most: int, bold: bool = False) -> list[str]:
    """Return a text as at most so many lines, of which the last may end with an ellipsis.

    >>> broken("Housing and Neighbourhoods of the North", 80, 10, 2)
    ['Housing and', 'Neighbourhoo…']
    """
    words, lines = text.split(), list[str]()
    while words and len(lines) < most - 1:
        taken = 1
        while taken < len(words) and width_of(" ".join(words[: taken + 1]), size, bold) <= room:
            taken += 1
        lines.append(shortened(" ".join(words[:taken]), room, size, bold))
        words = words[taken:]
    return [*lines, shortened(" ".join(words), room, size, bold)] if words or not lines else lines


@cache
def _advance(character: str, bold: bool) -> int:
    widths = BOLD if bold else REGULAR
    letter = normalize("NFD", character)[0]
    if FIRST <= ord(letter) < FIRST + len(widths):
        return widths[ord(letter) - FIRST]
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    if character in PUNCTUATION:
        return PUNCTUATION[character]
    return WIDE if east_asian_width(character) in "WF" else OTHER
