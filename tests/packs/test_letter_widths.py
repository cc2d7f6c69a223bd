"""How wide text is, which characters can be drawn, and how lines are shortened and broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from irbtrack.packs.lettering.letter_widths import INSTEAD, drawable, is_drawable, width_of
from irbtrack.packs.lettering.line_breaks import broken, shortened
from irbtrack.packs.lettering.typesetting import FONTS

SAMPLES = {
    "Housing and Neighbourhoods": "OpenSans-{}",
    "£1.2m saved – 30% of “all”": "OpenSans-{}",
    "Éire, Łódź, Søren, Ærø, e\u0301": "OpenSans-{}",
    "Казначейство": "OpenSans-{}",
    "▲▼→☺": "DejaVuSans{}",
    "המועצה": "DejaVuSans{}",
    "الماليةوالتجارة": "DejaVuSans{}",
}
"""Texts, and the fonts that they are drawn in, as FreeType reads them."""


@pytest.mark.parametrize(("text", "font"), SAMPLES.items())
@pytest.mark.parametrize("bold", [False, True])
def test_text_is_as_wide_as_it_is_drawn(text: str, font: str, bold: bool) -> None:
    weight = "Bold" if bold else "Regular"
    name = font.format(weight if "Open" in font else "-Bold" * bold)
    drawn = ImageFont.truetype(str(FONTS / f"{name}.ttf"), 1000).getlength(text)
    counted = width_of(text, 1000, bold=bold)
    assert drawn <= counted * 1.01
    if font.startswith("Open"):
        assert drawn >= counted * 0.97


def test_what_takes_no_room_is_not_counted() -> None:
    assert width_of("e\u0301\u200d\ufe0f") == width_of("e")


def test_what_the_fonts_lack_is_counted_wide() -> None:
    assert width_of("中") >= 1
    assert width_of("🚧") > 1.3


def test_the_fonts_draw_what_reports_are_written_in() -> None:
    assert drawable("▲ = ▼ → £ € – “Ŵŷ” ½ №") == "▲ = ▼ → £ € – “Ŵŷ” ½ №"
    assert drawable("中\U0001fae0") == INSTEAD * 2
    assert drawable("a\x1b\u202e\nb") == "a\\x1b\\u202e\nb"


@given(st.text())
def test_what_is_drawable_is_in_the_fonts(text: str) -> None:
    shown = drawable(text)
    assert all(is_drawable(character) or character == "\n" for character in shown)
    assert drawable(shown) == shown


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
