"""Reduce a PNG picture to what shows it, and refuse one that not every program can show.

A PNG file may also hold a place, a name, a text or a profile of colours. Programs differ in what
they make of these, and nobody means to publish them.
"""

import struct
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from irbtrack.packs.pictures.picture_refusals import broken, check_size

SIGNATURE = b"\x89PNG\r\n\x1a\n"
"""What a PNG file begins with."""

GREY, PALETTE = 0, 3
CHANNELS = {GREY: 1, 2: 3, PALETTE: 1, 4: 2, 6: 4}
"""The numbers of a pixel, by the kind of colour."""

DEPTHS = {
    GREY: (1, 2, 4, 8, 16),
    2: (8, 16),
    PALETTE: (1, 2, 4, 8),
    4: (8, 16),
    6: (8, 16),
}
"""The bits that each of these numbers can have."""

TRANSPARENT_BYTES = {GREY: 2, 2: 6}
"""The bytes that name a transparent colour; a palette has one for each of its colours."""

INTERLACING = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""The pixels of each pass: the first across and down, and the steps from one to the next."""

FILTERS = 5
"""In how many ways a row may be written."""

BLOCK = 1 << 20
"""The bytes that are unpacked at a time, and not kept."""


class _PngHeader(NamedTuple):
    width: int
    height: int
    depth: int
    colours: int
    compression: int
    filtering: int
    interlacing: int

    def passes(self) -> Iterator[tuple[int, int]]:
        """Yield the bytes of a row, and how many rows there are, for each pass."""
        for left, top, across, down in INTERLACING if self.interlacing else ((0, 0, 1, 1),):
            pixels = len(range(left, self.width, across))
            if pixels:
                bits = pixels * CHANNELS[self.colours] * self.depth
                yield 1 + (bits + 7) // 8, len(range(top, self.height, down))


def plain_png(content: bytes) -> bytes:
    """Return a PNG picture without what doesn't show it.

    Raises :class:`Unreadable` for one that is damaged or too large.
    """
    bodies = defaultdict[bytes, list[bytes]](list)
    for kind, body in _chunks(content):
        bodies[kind].append(body)
    header = _read_header(bodies[b"IHDR"])
    kept = [_chunk(b"IHDR", struct.pack(">IIBBBBB", *header))]
    kept += [_chunk(kind, body) for kind, body in _palette(header, bodies)]
    pixels = b"".join(bodies[b"IDAT"])
    _check_pixels(header, pixels)
    return b"".join((SIGNATURE, *kept, _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the body of each chunk up to the last."""
    place = len(SIGNATURE)
    while place + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + 8 + length]
        check = content[place + 8 + length : place + 12 + length]
        needed = not kind[0] & 0x20
        known = kind in (b"IHDR", b"PLTE", b"IDAT", b"IEND")
        if check != _check_of(kind, body) or (needed and not known):
            raise broken()
        if kind == b"IEND":
            return
        yield kind, body
        place += 12 + length
    raise broken()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + _check_of(kind, body)


def _check_of(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def _read_header(bodies: list[bytes]) -> _PngHeader:
    if len(bodies) != 1 or len(bodies[0]) != 13:
        raise broken()
    header = _PngHeader(*struct.unpack(">IIBBBBB", bodies[0]))
    check_size(header.width, header.height)
    if (
        header.depth not in DEPTHS.get(header.colours, ())
        or header.compression
        or header.filtering
        or header.interlacing > 1
    ):
        raise broken()
    return header


def _palette(header: _PngHeader, bodies: dict[bytes, list[bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunk of the colours, if pixels are given by their number, and of transparency."""
    most = TRANSPARENT_BYTES.get(header.colours, 0)
    if header.colours == PALETTE:
        colours = _only(bodies[b"PLTE"])
        most = len(colours) // 3
        if len(colours) % 3 or not 1 <= most <= 1 << header.depth:
            raise broken()
        yield b"PLTE", colours
    if most and bodies[b"tRNS"]:
        transparent = _only(bodies[b"tRNS"])
        fewer = header.colours == PALETTE and 1 <= len(transparent) < most
        if len(transparent) != most and not fewer:
            raise broken()
        yield b"tRNS", transparent


def _only(bodies: list[bytes]) -> bytes:
    if len(bodies) != 1:
        raise broken()
    return bodies[0]


def _check_pixels(header: _PngHeader, packed: bytes) -> None:
    """Raise :class:`Unreadable` if what is packed isn't, to the byte, a picture of its size."""
    unpacker, rest = zlib.decompressobj(), packed
    try:
        for length, rows in header.passes():
            at_a_time = max(1, BLOCK // length)
            for first in range(0, rows, at_a_time):
                wanted = length * min(at_a_time, rows - first)
                block = unpacker.decompress(rest, wanted)
                rest = unpacker.unconsumed_tail
                if len(block) != wanted or max(block[::length]) >= FILTERS:
                    raise broken()
        beyond = unpacker.decompress(rest, 1)
    except zlib.error:
        raise broken() from None
    if beyond or not unpacker.eof or unpacker.unused_data:
        raise broken()
