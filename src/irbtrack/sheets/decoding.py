"""Find the encoding of a text file, and open it."""

import codecs
import io

from irbtrack.sheets.limits import Unreadable

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before the one of UTF-16, which it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_BLOCK = 65_536


def opened(data: bytes, *, may_be_cp1252: bool = True) -> io.TextIOWrapper:
    """Return a text in UTF-8, UTF-16, UTF-32 or Windows-1252, to be read with its line ends.

    Raise :class:`Unreadable` with the place of the first byte that fits none of them, or of a
    NUL character, which no text has.
    """
    marked = next((name for bom, name in _BOMS.items() if data.startswith(bom)), None)
    encoding = marked or _unmarked_utf_16(data) or "utf-8"
    bad = _first_bad_byte(data, encoding)
    if bad is not None and encoding == "utf-8" and may_be_cp1252:
        encoding = "cp1252"
        bad = _first_bad_byte(data, encoding)
    if bad is not None:
        line = data.count(b"\n", 0, bad) + 1
        raise Unreadable(
            f"has the byte 0x{data[bad]:02X} in line {line:,}, which is no character;"
            " save it again as UTF-8"
        )
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")


def _unmarked_utf_16(data: bytes) -> str | None:
    """Return the name of UTF-16 without a byte order mark, or None.

    In such a text in English every other byte is 0.
    """
    start = data[:4096]
    for name, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if start[zeros::2].count(0) * 5 > len(start) and 0 not in start[letters::2]:
            return name
    return None


def _first_bad_byte(data: bytes, encoding: str) -> int | None:
    """Return the place of the first byte that does not fit, or of a NUL; None if all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), _BLOCK):
        block = data[start : start + _BLOCK]
        try:
            text = decoder.decode(block, start + _BLOCK >= len(data))
        except UnicodeDecodeError as failure:
            # what the decoder had kept of the block before counts in its places
            kept = len(failure.object) - len(block)
            return min(start - kept + failure.start, len(data) - 1)
        if "\0" in text:
            at = data.find(b"\0", start)
            return at if at >= 0 else start
    return None
