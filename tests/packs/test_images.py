"""A logo is shown by every format, or refused in a sentence."""

import random
import re
import struct
import zlib
from io import BytesIO
from pathlib import Path

import PIL.Image
import pytest
from pypdf import PdfReader
from shared.packs import pack_of
from shared.pictures import altered, chunk, chunks, pictures, png, saved

from irbtrack.errors import Refused
from irbtrack.packs.document import Image
from irbtrack.packs.formats import FORMATS, written
from irbtrack.packs.pictures.images import read_image

PICTURES = pictures()
JPEG = PICTURES["jpeg"]
ALTERED = 60
"""How many altered pictures are tried."""


def read(folder: Path, content: bytes) -> Image:
    """The logo in a file with this content."""
    path = folder / "logo.png"
    path.write_bytes(content)
    return read_image(path)


@pytest.mark.parametrize("name", PICTURES)
def test_every_format_shows_a_picture_of_every_common_kind(tmp_path: Path, name: str) -> None:
    logo = read(tmp_path, PICTURES[name])
    assert logo.ending == ("png" if name.startswith("png") else "jpg")
    shown, given = (PIL.Image.open(BytesIO(one)) for one in (logo.content, PICTURES[name]))
    assert shown.convert("RGBA").tobytes() == given.convert("RGBA").tobytes()
    for ending in FORMATS:
        assert written(pack_of(logo=logo), ending)


def test_an_altered_picture_is_refused_or_shown(tmp_path: Path) -> None:
    by = random.Random(11)
    refused = 0
    for _ in range(ALTERED):
        try:
            logo = read(tmp_path, altered(PICTURES[by.choice(list(PICTURES))], by))
        except Refused:
            refused += 1
            continue
        for ending in FORMATS:
            try:
                assert written(pack_of(logo=logo), ending)
            except Refused:
                assert (logo.ending, ending) == ("jpg", "pdf")
    assert ALTERED / 2 < refused < ALTERED


def test_pixels_of_a_jpeg_that_cannot_be_unpacked_are_refused_by_a_pdf(tmp_path: Path) -> None:
    content = PICTURES["jpeg progressive"]
    begin = content.index(b"\xff\xda") + 14
    end = content.index(b"\xff", begin)
    thrice = content[:begin] + content[begin:end] * 3 + content[end:]
    logo = read(tmp_path, thrice)
    with pytest.raises(Refused, match="the pixels of the logo are damaged"):
        written(pack_of(logo=logo), "pdf")


def test_a_wide_logo_leaves_the_name_of_the_council_its_room(tmp_path: Path) -> None:
    logo = read(tmp_path, png(1500, 100))
    cover = PdfReader(BytesIO(written(pack_of(logo=logo), "pdf"))).pages[0]
    assert "Example Borough Council\n" in cover.extract_text()


def test_nothing_is_left_but_what_shows_the_picture(tmp_path: Path) -> None:
    private = chunk(b"tEXt", b"Author\0private") + chunk(b"eXIf", b"private")
    told = png(before=private + chunk(b"pHYs", struct.pack(">IIB", 1, 2, 0)))
    assert read(tmp_path, told + b"private").content == read(tmp_path, png()).content
    exif = PIL.Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "private"
    same = saved("RGB", "JPEG", exif=exif, comment=b"private", dpi=(300, 300)) + b"private"
    assert read(tmp_path, same).content == read(tmp_path, saved("RGB", "JPEG")).content
    assert b"private" not in read(tmp_path, same).content


def test_pixels_in_several_chunks_are_put_together(tmp_path: Path) -> None:
    parts = list(chunks(png()))
    pixels = parts.pop(1)[1]
    halves = [(b"IDAT", pixels[:5]), (b"IDAT", b""), (b"IDAT", pixels[5:])]
    content = png()[:8] + b"".join(chunk(*one) for one in (parts[0], *halves, parts[1]))
    assert read(tmp_path, content).content == png()


def test_a_picture_of_many_rows_is_checked_to_the_last(tmp_path: Path) -> None:
    whole = bytes(2001 * 2000)
    assert read(tmp_path, png(2000, 2000, rows=whole)).ending == "png"
    for wrong in (whole[:-1], whole + b"\0", whole[:-2001] + b"\5" + whole[-2000:]):
        with pytest.raises(Refused, match="damaged"):
            read(tmp_path, png(2000, 2000, rows=wrong))


PALETTE = chunk(b"PLTE", bytes(6))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg/>", "neither PNG nor JPEG"),
        (b"", "neither PNG nor JPEG"),
        (png()[:-20], "damaged"),
        (png()[:8], "damaged"),
        (png()[:9], "damaged"),
        (png().replace(b"IDAT", b"IDAX"), "damaged"),
        (png(before=chunk(b"IDAX", b"")), "damaged"),
        (png(0, 3), "damaged"),
        (png(3, 0), "damaged"),
        (png(rows=b""), "damaged"),
        (png(rows=bytes(1_000_000)), "damaged"),
        (png(rows=b"\5" + bytes(11)), "damaged"),
        (png(depth=3), "damaged"),
        (png(depth=4, colours=2), "damaged"),
        (png(colours=5), "damaged"),
        (png(interlacing=1), "damaged"),
        (png(interlacing=2), "damaged"),
        (png(colours=3), "damaged"),
        (png(colours=3, before=PALETTE + PALETTE), "damaged"),
        (png(colours=3, before=chunk(b"PLTE", b"")), "damaged"),
        (png(colours=3, before=chunk(b"PLTE", bytes(4))), "damaged"),
        (png(depth=1, colours=3, before=chunk(b"PLTE", bytes(9))), "damaged"),
        (png(colours=3, before=PALETTE + chunk(b"tRNS", bytes(3))), "damaged"),
        (png(before=chunk(b"tRNS", bytes(3))), "damaged"),
        (png(9000, 1), "more than 8,000 pixels"),
        (png() + bytes(5_000_001), "larger than 5 MB"),
        (b"\xff\xd8\xff\xd9", "damaged"),
        (JPEG[:-2], "damaged"),
        (JPEG[: JPEG.index(b"\xff\xda")] + b"\xff\xd9", "damaged"),
        (JPEG[: JPEG.index(b"\xff\xda") + 14] + b"\xff\xd9", "damaged"),
        (JPEG.replace(b"\xff\xdb", b"\xff\xe1"), "damaged"),
        (JPEG.replace(b"\xff\xc4", b"\xff\xe1"), "damaged"),
        (JPEG.replace(b"\xff\xc0", b"\xff\xe1"), "damaged"),
        (JPEG.replace(b"\xff\xc0", b"\xff\xc1"), "of a kind that not every program shows"),
        (JPEG.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c"), "of a kind"),
        (JPEG.replace(b"\x00\x11\x00\x15\x03", b"\x00\x00\x00\x15\x03"), "damaged"),
        (JPEG.replace(b"\x00\x11\x00\x15\x03", b"\x20\x11\x00\x15\x03"), "more than 8,000 pixels"),
        (JPEG.replace(b"\x01\x22\x00", b"\x01\x33\x00"), "of a kind"),
        (JPEG.replace(b"\x01\x22\x00", b"\x01\x44\x00"), "damaged"),
        (saved("CMYK", "JPEG"), "of a kind"),
        (saved("RGB", "JPEG", keep_rgb=True), "of a kind"),
    ],
)
def test_what_cannot_be_shown_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)) as refused:
        read(tmp_path, content)
    assert "logo.png" in str(refused.value)


def test_pixels_that_unpack_without_end_are_not_kept(tmp_path: Path) -> None:
    packed = zlib.compress(bytes(50_000_000))
    header = struct.pack(">IIBBBBB", 10, 10, 8, 0, 0, 0, 0)
    bomb = png()[:8] + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    with pytest.raises(Refused, match="damaged"):
        read(tmp_path, bomb)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_image(tmp_path / "none.png")
