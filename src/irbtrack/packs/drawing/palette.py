"""The colours of a pack, chosen so that what they show can be read by everyone.

Every ink contrasts with its fill by 4.5:1 or more, and every fill with white paper by 3:1.
Colour-blind readers can tell neighbouring fills apart, and so can readers of a print in grey.
"""

from collections.abc import Mapping

from irbtrack.domain.nouns.rating import Rag

INK = "#000000"
PAPER = "#ffffff"

READABLE = 4.5
"""The least contrast of text with what is behind it (WCAG 2.2, 1.4.3)."""

FAINT = "#595959"
"""The ink of text that matters less, such as the numbers of an axis."""

LINE = "#d0d0d0"
"""The colour of lines that only guide the eye."""

RAG: Mapping[Rag, tuple[str, str]] = {
    Rag.RED: ("#b3151f", PAPER),
    Rag.AMBER: ("#ffb000", INK),
    Rag.GREEN: ("#1f7a3d", PAPER),
    Rag.COMPLETE: ("#1d3f8f", PAPER),
}
"""The fill of each rating and the ink of its letter. The letter always stands there too."""

UNRATED = ("#595959", PAPER)
"""The fill and the ink of what has no rating."""

SERIES = ("#700e1f", "#e06f12", "#4378a8", "#72339a", "#0b1a33")
"""The fills of stacked bars: High, Medium, Low, and those of a longer scale."""

PENS = (SERIES[0], SERIES[2], SERIES[3], SERIES[4], SERIES[1])
"""The colours of lines, in the order of their series."""

TOTAL, WORSE, BETTER = "#2f3a4a", "#b3261e", "#2f8fb5"
"""The fills of a bridge: its figures, and the steps for the worse and for the better."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2.2 defines it, from 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(fill: str) -> str:
    """Return the ink for text on a fill: white or black, and 4.5:1 or more on any fill.

    >>> ink_on("#1f3864")
    '#ffffff'
    """
    return max(PAPER, INK, key=lambda ink: contrast(ink, fill))


def readable(colour: str) -> str:
    """Return a colour if text in it can be read on white paper, or else black.

    >>> readable("#1f3864"), readable("#ffee00")
    ('#1f3864', '#000000')
    """
    return colour if contrast(colour, PAPER) >= READABLE else INK


def tint(colour: str, share: float) -> str:
    """Return a colour mixed with white, of which it is the ``share``, from 0 to 1.

    >>> tint("#1f3864", 0.5)
    '#8f9cb2'
    """
    mixed = (round(255 - (255 - part) * share) for part in _parts(colour))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
