"""Read the picture that a council gives for the cover, and refuse one that can't be shown."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from irbtrack.errors import Refused, quoted
from irbtrack.packs.document import Image

LARGEST = 5_000_000
"""The bytes that a picture has at most."""

WIDEST = 8_000
"""The pixels that a picture has at most across and down."""

BLOCK = 1 << 20
"""The bytes that are unpacked at a time, and not kept."""

SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
"""What a file of each kind begins with."""


def read_image(path: Path) -> Image:
    """Return the picture in a file, PNG or JPEG, whatever its name ends in.

    Raises :class:`Refused` for a file that can't be read, is damaged, or is too large.
    """
    where = f"the logo {quoted(path.name)}"
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{where} is larger than 5 MB; save it smaller")
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{where} cannot be read ({error.strerror or 'unknown reason'})") from None
    for ending, signature in SIGNATURES.items():
        if content.startswith(signature):
            size = _png_size(content) if ending == "png" else _jpeg_size(content)
            if size is None or 0 in size:
                raise Refused(f"{where} is damaged; save it again from the program that drew it")
            if max(size) > WIDEST:
                raise Refused(
                    f"{where} is more than {WIDEST:,} pixels wide or high; save it smaller"
                )
            return Image(content, ending)
    raise Refused(f"{where} is neither PNG nor JPEG; save it as one of them")


def _png_size(content: bytes) -> tuple[int, int] | None:
    """Return the width and height of a whole PNG file; None if it is damaged."""
    size, end, packed = None, len(SIGNATURES["png"]), b""
    while end + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, end)
        body = content[end + 8 : end + 8 + length]
        check = content[end + 8 + length : end + 12 + length]
        if check != struct.pack(">I", zlib.crc32(kind + body)):
            return None
        end += 12 + length
        if kind == b"IHDR" and length == 13:
            size = struct.unpack_from(">II", body)
        elif kind == b"IDAT":
            packed += body
        elif kind == b"IEND":
            return size if size and _unpacks(packed, size) else None
    return None


def _unpacks(packed: bytes, size: tuple[int, int]) -> bool:
    """Return whether a picture's data can be unpacked, to no more than its size can have."""
    width, height = size
    most = (width * 8 + 1) * height * 2  # four channels of two bytes, and twice if interlaced
    unpacker, found, rest = zlib.decompressobj(), 0, packed
    try:
        while rest and not unpacker.eof and found <= most:
            found += len(unpacker.decompress(rest, BLOCK))
            rest = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return unpacker.eof and height <= found <= most


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Return the width and height of a whole JPEG file; None if it is damaged."""
    if not content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return None
    for marker, body in _segments(content):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(body) >= 5:
            height, width = struct.unpack_from(">HH", body, 1)
            return width, height
    return None


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the marker and the body of each segment before the picture's own data."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if length < 2:
            return
        yield marker, content[place + 4 : place + 2 + length]
        if marker == 0xDA:
            return
        place += 2 + length
