"""Measure the shared texts of .xls, whose records may continue in others within a text."""

import struct
from array import array

from irbtrack.sheets.limits import damaged, too_much

_TEXTS_LIMIT = 1_000_000


def sizes_of_texts(blocks: list[bytes]) -> "array[int]":
    """Return the most bytes that each shared text can take as UTF-8.

    That is three for each unit of UTF-16.
    """
    sizes = array("L")
    source = _Blocks(blocks)
    while source.left or source.turn():
        if not source.left:  # calamine counts an empty block as an empty text
            sizes.append(0)
            continue
        length, flags = source.unpacked("<HB")
        after = 4 * source.unpacked("<H")[0] if flags & 8 else 0
        after += source.unpacked("<I")[0] if flags & 4 else 0
        source.pass_text(length, flags & 1)
        source.skip(after)
        sizes.append(3 * length)
        if len(sizes) > _TEXTS_LIMIT:
            raise too_much()
    return sizes


class _Blocks:
    """A record and those that continue it, read from one to the next."""

    def __init__(self, blocks: list[bytes]) -> None:
        self._following = iter(blocks)
        self._block = b""
        self._at = 0

    @property
    def left(self) -> int:
        """Return the bytes of the block that are not read yet."""
        return len(self._block) - self._at

    def turn(self) -> bool:
        """Go on to the next block, and return whether there is one."""
        following = next(self._following, None)
        self._block, self._at = following or b"", 0
        return following is not None

    def unpacked(self, form: str) -> tuple[int, ...]:
        """Return numbers from the block. Raise :class:`struct.error` if it ends before."""
        numbers = struct.unpack_from(form, self._block, self._at)
        self._at += struct.calcsize(form)
        return numbers

    def skip(self, size: int) -> None:
        """Pass over bytes. Raise :class:`Unreadable` if there are too few."""
        while size:
            if not self.left and not self.turn():
                raise damaged()
            taken = min(size, self.left)
            self._at += taken
            size -= taken

    def pass_text(self, units: int, wide: int) -> None:
        """Pass over a text.

        Each further block says anew whether its part of the text is wide.
        """
        while units:
            taken = min(units, self.left >> wide)
            self._at += taken << wide
            units -= taken
            if units:
                if not self.turn() or not self._block:
                    raise damaged()
                wide = self._block[0] & 1
                self._at = 1
