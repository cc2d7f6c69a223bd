"""The colours of a pack: contrast by WCAG, and told apart by colour-blind readers and in grey."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.packs.drawing.palette import (
    BETTER,
    FAINT,
    INK,
    PAPER,
    PENS,
    RAG,
    SERIES,
    TOTAL,
    UNRATED,
    WORSE,
    contrast,
    ink_on,
    luminance,
    tint,
)

BRIDGE = (TOTAL, WORSE, BETTER)

Matrix = tuple[tuple[float, float, float], ...]

SIGHT: dict[str, Matrix] = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""How colours are seen, by Machado, Oliveira and Fernandes (2009), in linear RGB."""

TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)


def times(matrix: Matrix, vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def lab(colour: str, sight: str = "full") -> tuple[float, ...]:
    """A colour in CIELAB, as it is seen."""
    parts = (part / 255 for part in bytes.fromhex(colour[1:]))
    linear = tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    seen = tuple(min(1, max(0, part)) for part in times(SIGHT[sight], linear))
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (part / white for part, white in zip(times(TO_XYZ, seen), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: str, other: str, sight: str) -> float:
    """How far two colours are from one another (CIE76)."""
    pairs = zip(lab(one, sight), lab(other, sight), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


@pytest.mark.parametrize(("fill", "ink"), [*RAG.values(), UNRATED, (PAPER, INK), (PAPER, FAINT)])
def test_text_contrasts_with_what_it_stands_on(fill: str, ink: str) -> None:
    assert contrast(fill, ink) >= 4.5


@pytest.mark.parametrize("fill", [*SERIES, *PENS, *BRIDGE])
def test_fills_contrast_with_paper(fill: str) -> None:
    assert contrast(fill, PAPER) >= 3


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("fills", [SERIES, BRIDGE, tuple(fill for fill, _ in RAG.values())])
def test_fills_are_told_apart(fills: tuple[str, ...], sight: str) -> None:
    assert min(difference(*pair, sight) for pair in combinations(fills, 2)) >= 15


@pytest.mark.parametrize("fills", [SERIES, BRIDGE])
def test_fills_are_told_apart_in_grey(fills: tuple[str, ...]) -> None:
    lightness = sorted(lab(fill)[0] for fill in fills)
    assert min(b - a for a, b in pairwise(lightness)) >= 9


def test_pens_are_the_colours_of_series() -> None:
    assert sorted(PENS) == sorted(SERIES)


colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(colours)
def test_any_fill_has_an_ink(fill: str) -> None:
    assert contrast(fill, ink_on(fill)) >= 4.5


@given(colours, st.floats(0, 1))
def test_a_tint_is_between_the_colour_and_white(colour: str, share: float) -> None:
    assert luminance(colour) <= luminance(tint(colour, share)) <= 1
    assert (tint(colour, 0), tint(colour, 1)) == (PAPER, colour)
