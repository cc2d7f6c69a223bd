"""Pictures as people have them, and what may have become of them on the way."""

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind and the body of each chunk of a PNG file."""
    place = len(SIGNATURE)
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        yield kind, content[place + 8 : place + 8 + length]
        place += 12 + length


def png(
    width: int = 3,
    height: int = 3,
    depth: int = 8,
    colours: int = 0,
    interlacing: int = 0,
    rows: bytes | None = None,
    before: bytes = b"",
) -> bytes:
    """A PNG file; ``before`` are the chunks before its pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlacing)
    bits = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colours, 1) * depth * width
    data = bytes((1 + (bits + 7) // 8) * height) if rows is None else rows
    pixels = chunk(b"IDAT", zlib.compress(data))
    return SIGNATURE + chunk(b"IHDR", header) + before + pixels + chunk(b"IEND", b"")


def saved(mode: str, kind: str, **options: Any) -> bytes:
    """A picture as Pillow saves it."""
    picture = Image.new("RGB", (21, 17))
    picture.putdata([(x * 12, y * 15, x * y % 256) for y in range(17) for x in range(21)])
    file = BytesIO()
    picture.convert(mode).save(file, kind, **options)
    return file.getvalue()


def pictures() -> dict[str, bytes]:
    """A picture of every common kind."""
    made = {
        f"png {mode}": saved(mode, "PNG", **options)
        for mode, options in {
            "1": {},
            "L": {"transparency": 7},
            "LA": {},
            "P": {"transparency": bytes(range(9))},
            "RGB": {"transparency": (0, 0, 0)},
            "RGBA": {"dpi": (300, 300)},
            "I;16": {},
        }.items()
    }
    made["png interlaced"] = png(3, 3, interlacing=1, rows=bytes(2 + 2 + 3 + 4 + 4))
    made |= {
        "jpeg grey": saved("L", "JPEG"),
        "jpeg": saved("RGB", "JPEG", comment=b"private", dpi=(300, 300)),
        "jpeg progressive": saved("RGB", "JPEG", progressive=True),
        "jpeg with restarts": saved("RGB", "JPEG", restart_marker_blocks=2, subsampling=0),
    }
    return made


def altered(content: bytes, by: random.Random) -> bytes:
    """The picture as something may have left it: with other bytes, fewer, or in another order."""
    if content.startswith(SIGNATURE) and by.random() < 0.8:
        ways = [_with_another_chunk, _with_chunks_in_disorder, _with_other_pixels]
        return by.choice(ways)(by.choice(ways)(content, by), by)
    return by.choice((_with_another_byte, _without_some, _with_some_twice, _cut_off))(content, by)


def _with_another_byte(content: bytes, by: random.Random) -> bytes:
    place = by.randrange(len(content))
    other = by.choice((by.randrange(256), content[place] ^ 1 << by.randrange(8), 0, 255))
    return content[:place] + bytes([other]) + content[place + 1 :]


def _without_some(content: bytes, by: random.Random) -> bytes:
    place = by.randrange(len(content))
    return content[:place] + content[place + by.randrange(1, 9) :]


def _with_some_twice(content: bytes, by: random.Random) -> bytes:
    place = by.randrange(len(content))
    return content[: place + by.randrange(1, 40)] + content[place:]


def _cut_off(content: bytes, by: random.Random) -> bytes:
    return content[: by.randrange(3, len(content))]


def _with_another_chunk(content: bytes, by: random.Random) -> bytes:
    """With bytes of a chunk altered, and its check made right."""
    parts = list(chunks(content))
    place = by.randrange(len(parts))
    kind, body = parts[place]
    if body:
        alter = by.choice((_with_another_byte, _without_some, _with_some_twice))
        parts[place] = kind, alter(body, by)
    return SIGNATURE + b"".join(chunk(*one) for one in parts)


def _with_chunks_in_disorder(content: bytes, by: random.Random) -> bytes:
    parts = list(chunks(content))
    one = parts.pop(by.randrange(len(parts)))
    others = by.choice(([], [one], [one, one], [(by.choice((b"tRNS", b"PLTE", b"IDAX")), b"abc")]))
    place = by.randrange(len(parts) + 1)
    return SIGNATURE + b"".join(chunk(*one) for one in (*parts[:place], *others, *parts[place:]))


def _with_other_pixels(content: bytes, by: random.Random) -> bytes:
    """With its pixels unpacked, altered and packed again."""
    parts = list(chunks(content))
    packed = b"".join(body for kind, body in parts if kind == b"IDAT")
    try:
        pixels = zlib.decompress(packed)
    except zlib.error:
        return content
    alter = by.choice((_with_another_byte, _with_another_byte, _without_some, _with_some_twice))
    other = (b"IDAT", zlib.compress(alter(pixels, by)))
    rest = [one for one in parts if one[0] not in (b"IDAT", b"IEND")]
    return SIGNATURE + b"".join(chunk(*one) for one in (*rest, other, (b"IEND", b"")))
