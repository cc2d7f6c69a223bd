"""The tables of a TrueType font that say which characters it has, and how wide they are."""

import struct
from collections.abc import Iterator

ALL_OF_UNICODE, FIRST_65536 = (3, 10), (3, 1)
"""The mappings from characters to glyphs that are read: the first one that a font has."""


def advances(font: bytes) -> dict[str, float]:
    """Return the width of every character of a font, in parts of the size of the type."""
    unit = _numbers(font, "H", _table(font, b"head") + 18)[0]
    measured = _numbers(font, "H", _table(font, b"hhea") + 34)[0]
    widths = _numbers(font, "Hh" * measured, _table(font, b"hmtx"))[::2]
    return {
        chr(code): widths[min(glyph, measured - 1)] / unit for code, glyph in _glyphs(font) if glyph
    }


def _table(font: bytes, name: bytes) -> int:
    """Return where a table of a font begins."""
    entries = struct.iter_unpack(">4sLLL", font[12 : 12 + 16 * _numbers(font, "H", 4)[0]])
    return int(next(begin for found, _, begin, _ in entries if found == name))


def _glyphs(font: bytes) -> Iterator[tuple[int, int]]:
    """Yield the number of each character with that of its glyph."""
    cmap = _table(font, b"cmap")
    count = _numbers(font, "H", cmap + 2)[0]
    entries = struct.iter_unpack(">HHL", font[cmap + 4 : cmap + 4 + 8 * count])
    begins = {(system, kind): cmap + place for system, kind, place in entries}
    if ALL_OF_UNICODE in begins:
        return _in_groups(font, begins[ALL_OF_UNICODE])
    return _in_segments(font, begins[FIRST_65536])


def _in_groups(font: bytes, begin: int) -> Iterator[tuple[int, int]]:
    """Yield characters and glyphs from a mapping of format 12."""
    end = begin + 16 + 12 * _numbers(font, "L", begin + 12)[0]
    for first, last, glyph in struct.iter_unpack(">LLL", font[begin + 16 : end]):
        for code in range(first, last + 1):
            yield code, glyph + code - first


def _in_segments(font: bytes, begin: int) -> Iterator[tuple[int, int]]:
    """Yield characters and glyphs from a mapping of format 4.

    The glyph of a character is its own number and a difference or, if the segment has an offset,
    stands so many bytes after the offset.
    """
    count = _numbers(font, "H", begin + 6)[0] // 2
    lasts, firsts, differences, offsets = (
        _numbers(font, "H" * count, begin + place)
        for place in (14, 16 + 2 * count, 16 + 4 * count, 16 + 6 * count)
    )
    for n in range(count):
        for code in range(firsts[n], lasts[n] + 1):
            glyph = code
            if offsets[n]:
                place = begin + 16 + 6 * count + 2 * n + offsets[n] + 2 * (code - firsts[n])
                glyph = _numbers(font, "H", place)[0]
            yield code, (glyph + differences[n]) % 0x10000 if glyph else 0


def _numbers(font: bytes, form: str, place: int) -> tuple[int, ...]:
    return struct.unpack_from(f">{form}", font, place)
