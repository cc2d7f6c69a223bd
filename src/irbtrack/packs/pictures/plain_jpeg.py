"""Reduce a JPEG picture to what shows it, and refuse one that not every program can show.

A JPEG file may also hold a place, a name, a smaller picture, or which way up it was taken, which
only some programs heed. What is left is a picture that all of them show alike.

Its pixels aren't unpacked here: a part of them that was altered is shown, or the program that
shows it says so.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from irbtrack.packs.pictures.picture_refusals import broken, check_size, uncommon

SIGNATURE = b"\xff\xd8\xff"
"""What a JPEG file begins with."""

BASELINE, PROGRESSIVE = 0xC0, 0xC2
CODES, END, SCAN, QUANTITIES, RESTARTS = 0xC4, 0xD9, 0xDA, 0xDB, 0xDD
ADOBE, COMMENT = 0xEE, 0xFE
NOT_SHOWING = (*range(0xE0, 0xF0), COMMENT)
"""The markers of what programs add for themselves."""

OTHER_KINDS = (*range(0xC0, 0xD0), 0xDC, 0xDE, 0xDF)
"""The markers of pictures without loss, with arithmetic codes, and others that are hardly used."""

PLAIN_START = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""The beginning by which programs know a JPEG: version 1.1, square pixels, no smaller picture."""

MARKER = re.compile(rb"\xff+([\x01-\xfe])")
"""What begins a segment."""

NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""What ends the packed pixels. In them 0xFF is followed by zero, or begins a restart."""


MOST_BLOCKS = 10
"""How many blocks of pixels the components may have for one block of the picture."""


class _Component(NamedTuple):
    """A channel of a picture: its number, how it is sampled, and its table of quantities."""

    number: int
    across: int
    down: int
    table: int


class _Frame(NamedTuple):
    marker: int
    components: tuple[_Component, ...]


class _Scan(NamedTuple):
    """Which components are in packed pixels, by which tables, and of which frequencies and bits."""

    components: tuple[tuple[int, int, int], ...]
    first: int
    last: int
    bits_before: int
    bits: int


def plain_jpeg(content: bytes) -> bytes:
    """Return a JPEG picture without what doesn't show it.

    Raises :class:`Unreadable` for one that is damaged, too large, or of a kind that is hardly used.
    """
    frame: _Frame | None = None
    quantities, codes, seen = set[int](), set[tuple[int, int]](), set[int]()
    kept, red_green_blue = [PLAIN_START], False
    for marker, body, pixels in _segments(content):
        if marker in NOT_SHOWING:
            red_green_blue |= marker == ADOBE and body[:5] == b"Adobe" and body[11:12] == b"\0"
            continue
        kept.append(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + pixels)
        if marker in (BASELINE, PROGRESSIVE):
            if frame:
                raise broken()
            frame = _read_frame(marker, body)
        elif marker == QUANTITIES:
            quantities |= set(_read_quantities(body))
        elif marker == CODES:
            codes |= set(_read_codes(body))
        elif marker == SCAN:
            if frame is None or not pixels:
                raise broken()
            scan = _read_scan(body)
            _check_scan(scan, frame, quantities, codes)
            seen |= {number for number, _, _ in scan.components if scan.first == 0}
        elif marker in OTHER_KINDS:
            raise uncommon()
        elif marker != RESTARTS or len(body) != 2:
            raise broken()
    if frame is None or seen != {one.number for one in frame.components}:
        raise broken()
    if len(frame.components) == 3 and red_green_blue:
        raise uncommon()
    return b"".join((*kept, struct.pack(">BB", 0xFF, END)))


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the marker and the body of each segment up to the end, and pixels that follow it."""
    place = 2
    while found := MARKER.match(content, place):
        marker, place = found[1][0], found.end()
        if marker == END:
            return
        length = int.from_bytes(content[place : place + 2], "big")
        body = content[place + 2 : place + length]
        place += length
        if length < 2 or len(body) != length - 2:
            raise broken()
        pixels = b""
        if marker == SCAN:
            following = NEXT_MARKER.search(content, place)
            if following is None:
                raise broken()
            pixels = content[place : following.start()]
            place = following.start()
        yield marker, body, pixels
    raise broken()


def _read_frame(marker: int, body: bytes) -> _Frame:
    if len(body) < 6 or len(body) != 6 + 3 * body[5]:
        raise broken()
    precision, height, width, count = struct.unpack_from(">BHHB", body)
    check_size(width, height)
    if precision != 8 or count not in (1, 3):
        raise uncommon()
    components = tuple(
        _Component(number, sampling >> 4, sampling & 15, table)
        for number, sampling, table in _threes(body[6:])
    )
    numbers = [one.number for one in components]
    if bytes(numbers) == b"RGB":
        raise uncommon()
    if len({*numbers}) != count or any(one.table > 3 for one in components):
        raise broken()
    if any(not {one.across, one.down} <= {1, 2, 4} for one in components):
        raise uncommon()
    if sum(one.across * one.down for one in components) > MOST_BLOCKS:
        raise broken()
    return _Frame(marker, components)


def _threes(values: bytes) -> list[tuple[int, int, int]]:
    return list(zip(values[::3], values[1::3], values[2::3], strict=True))


def _read_quantities(body: bytes) -> Iterator[int]:
    """Yield the number of each table of quantities."""
    while body:
        wide, number = body[0] >> 4, body[0] & 15
        size = 1 + 64 * (1 + wide)
        if wide > 1 or number > 3 or len(body) < size:
            raise broken()
        if wide:
            raise uncommon()
        if 0 in body[1:size]:
            raise broken()
        yield number
        body = body[size:]


def _read_codes(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield the class of each table of codes, 0 for averages and 1 for detail, and its number."""
    while body:
        kind, number, lengths = body[0] >> 4, body[0] & 15, body[1:17]
        size = 17 + sum(lengths)
        taken = sum(count << (16 - length) for length, count in enumerate(lengths, 1))
        if (
            len(body) < max(size, 18)
            or size > 17 + 256
            or kind > 1
            or number > 3
            or taken > 1 << 16
            or (kind == 0 and max(body[17:size]) > 15)
        ):
            raise broken()
        yield kind, number
        body = body[size:]


def _read_scan(body: bytes) -> _Scan:
    if not body or len(body) != 4 + 2 * body[0]:
        raise broken()
    pairs = zip(body[1:-3:2], body[2:-3:2], strict=True)
    components = tuple((number, tables >> 4, tables & 15) for number, tables in pairs)
    return _Scan(components, body[-3], body[-2], body[-1] >> 4, body[-1] & 15)


def _check_scan(
    scan: _Scan, frame: _Frame, quantities: set[int], codes: set[tuple[int, int]]
) -> None:
    """Raise :class:`Unreadable` if pixels can't be unpacked by what the file gives before them."""
    by_number = {one.number: one for one in frame.components}
    numbers = [number for number, _, _ in scan.components]
    if not numbers or len({*numbers}) != len(numbers) or not {*numbers} <= {*by_number}:
        raise broken()
    if any(by_number[number].table not in quantities for number in numbers):
        raise broken()
    if frame.marker == BASELINE:
        whole = scan[1:] == (0, 63, 0, 0)
    else:
        apart = scan.last == 0 if scan.first == 0 else len(numbers) == 1
        refined = scan.bits_before in (0, scan.bits + 1)
        whole = apart and refined and scan.first <= scan.last <= 63 and scan.bits <= 13
    if not whole:
        raise broken()
    for _, averages, detail in scan.components:
        if scan.first == 0 and not scan.bits_before and (0, averages) not in codes:
            raise broken()
        if scan.last > 0 and (1, detail) not in codes:
            raise broken()
