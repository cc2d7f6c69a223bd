"""A logo is shown, or refused in a sentence."""

import struct
import zlib
from pathlib import Path

import pytest

from irbtrack.errors import Refused
from irbtrack.packs.images import read_image


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 2, height: int = 2, rows: bytes | None = None) -> bytes:
    """A grey picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = rows if rows is not None else (b"\0" + b"\x80" * width) * height
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04ab"
    b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00"
    b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"
)


@pytest.mark.parametrize(("content", "ending"), [(png(), "png"), (JPEG, "jpg")])
def test_a_picture_is_known_by_what_it_holds(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / "logo.anything"
    path.write_bytes(content)
    assert read_image(path) == (content, ending)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg/>", "neither PNG nor JPEG"),
        (b"", "neither PNG nor JPEG"),
        (png()[:-20], "damaged"),
        (png().replace(b"IDAT", b"IDAX"), "damaged"),
        (png(0, 0), "damaged"),
        (png(rows=b""), "damaged"),
        (png(2, 2, bytes(1_000_000)), "damaged"),
        (png(9000, 1), "more than 8,000 pixels"),
        (JPEG[:-3], "damaged"),
        (JPEG[:8] + b"\xff\xd9", "damaged"),
        (b"\xff\xd8\xff\xe0\x00\x00\xff\xd9", "damaged"),
        (png() + bytes(5_000_001), "larger than 5 MB"),
    ],
)
def test_what_cannot_be_shown_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(content)
    with pytest.raises(Refused, match=said) as refused:
        read_image(path)
    assert "logo.png" in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_image(tmp_path / "none.png")
