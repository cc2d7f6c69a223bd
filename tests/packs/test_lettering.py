"""How text is measured, shortened and broken; the font itself is the reference."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import irbtrack.packs
from irbtrack.packs.lettering import broken, shortened, width_of

FONTS = Path(irbtrack.packs.__file__).parent / "fonts"

SAMPLES = (
    "Housing and Neighbourhoods",
    "£1.2m saved – 30% of “all”",
    "Éire, Łódź, Søren, Ærø",
    "Казначейство",
    "המועצה",
    "المالية والتجارة",
    "▲ up → ▼ down",
)


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_text_is_at_most_as_wide_as_it_is_counted(text: str, weight: str) -> None:
    from PIL import ImageFont

    font = ImageFont.truetype(str(FONTS / f"OpenSans-{weight}.ttf"), 1000)
    counted = width_of(text, 1000, bold=weight == "Bold")
    assert font.getlength(text) <= counted * 1.01
    if text.isascii():
        assert font.getlength(text) >= counted * 0.97


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60)


@given(texts, st.floats(12, 400), st.integers(1, 3))
def test_what_is_broken_fits(text: str, room: float, most: int) -> None:
    lines = broken(text, room, 10, most)
    assert 1 <= len(lines) <= most
    assert all(width_of(line, 10) <= room for line in lines)
    if not any(line.endswith("…") for line in lines):
        assert " ".join(lines) == " ".join(text.split())


@given(texts, st.floats(12, 400))
def test_a_text_that_fits_is_left_alone(text: str, room: float) -> None:
    short = shortened(text, room, 10)
    assert (short == text) == (width_of(text, 10) <= room)
