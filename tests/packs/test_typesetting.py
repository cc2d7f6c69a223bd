"""Typst with fonts of our own, and how wide columns are."""

import struct
from datetime import UTC, datetime

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from shared.packs import grid_of

from irbtrack.domain.answers import Kind
from irbtrack.packs.lettering.column_widths import column_widths
from irbtrack.packs.lettering.letter_widths import width_of
from irbtrack.packs.lettering.typesetting import FONTS, picture_of, typeset

MADE_AT = datetime(2023, 11, 20, tzinfo=UTC)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100">'
    '<text x="10" y="50" font-family="{font}" font-size="20">Overdue</text></svg>'
)


def test_a_picture_is_as_many_pixels_wide_as_asked() -> None:
    picture = picture_of(SVG.format(font="Open Sans"), 600)
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack_from(">II", picture, 16) == (600, 300)


def test_a_picture_has_text_in_open_sans() -> None:
    picture = picture_of(SVG.format(font="Open Sans"), 300)
    assert picture == picture_of(SVG.format(font="Open Sans"), 300)
    assert picture != picture_of(SVG.format(font="DejaVu Sans"), 300)
    assert picture != picture_of(SVG.format(font="Open Sans").replace("Overdue", ""), 300)


def test_fonts_come_with_their_licences() -> None:
    found = {path.name for path in FONTS.iterdir()}
    families = {name.split("-")[0].removesuffix(".ttf") for name in found if name.endswith(".ttf")}
    assert families == {"OpenSans", "DejaVuSans"}
    assert {f"{family}-LICENSE.txt" for family in families} <= found


@pytest.mark.parametrize("path", ["/etc/hostname", "../../etc/hostname", "https://example.org/x"])
def test_a_document_reads_only_the_files_that_it_is_given(path: str) -> None:
    with pytest.raises(typst.TypstError):
        typeset(f'#read("{path}")', {}, MADE_AT)


def test_an_unknown_font_is_not_taken_from_the_machine() -> None:
    source = '#set document(title: "T")\n#set text(font: "{}", lang: "en")\nwords'
    open_sans, serif = (
        typeset(source.format(font), {}, MADE_AT) for font in ("Open Sans", "Liberation Serif")
    )
    assert b"OpenSans" in open_sans
    assert b"Liberation" not in serif


def bold(text: str) -> float:
    """How wide a text is in bold type, in parts of its size."""
    return width_of(text, bold=True)


ROWS = st.lists(st.tuples(st.text(), st.text(), st.integers()), max_size=5)


@given(ROWS, st.integers(20, 120))
def test_columns_fit_into_their_room(rows: list[tuple[str, str, int]], room: int) -> None:
    kinds = (Kind.TEXT, Kind.CODE, Kind.NUMBER)
    grid = grid_of(*(rows or [("", "", 0)]), kinds=kinds)
    found = column_widths(grid, room, 1)
    assert len(found.columns) == 3
    assert sum(found.columns) <= room + 1e-6
    assert all(width >= 1 for width in found.columns)


def test_a_table_that_fits_is_as_wide_as_its_texts() -> None:
    grid = grid_of(("Overdue", 9), kinds=(Kind.TEXT, Kind.NUMBER))
    assert column_widths(grid, 100, 1).columns == (bold("Overdue") + 1, bold("B") + 1)


def test_a_long_text_gets_the_room_that_short_ones_leave() -> None:
    long = "a long commentary " * 20
    grid = grid_of(("Ref 1", long, "31 Oct 2023"), kinds=(Kind.CODE, Kind.TEXT, Kind.DATE))
    first, second, third = column_widths(grid, 60, 1).columns
    assert first >= bold("Ref 1") + 1
    assert third >= bold("31 Oct 2023") + 1
    assert second > 40


def test_the_word_that_is_too_long_is_broken_and_numbers_are_not() -> None:
    grid = grid_of(("x" * 500, 123456, "y" * 500), kinds=(Kind.TEXT, Kind.NUMBER, Kind.TEXT))
    first, second, third = column_widths(grid, 30, 1).columns
    assert second >= bold("123456") + 1
    assert first == pytest.approx(third, rel=0.3)
