"""Workbooks that are zip files of XML: unpack their parts with care, block by block."""

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from posixpath import normpath

from irbtrack.sheets.limits import (
    ELEMENTS_LIMIT,
    MIB,
    PARTS_LIMIT,
    UNPACKED_LIMIT,
    Unreadable,
    damaged,
    locked,
    too_much,
)
from irbtrack.sheets.markup import Element, elements

_BLOCK = MIB // 4
_LISTED_LIMIT = 64 * MIB
"""Bytes of a part that only lists what others hold."""
_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, IndexError,
    NotImplementedError, OverflowError,
)  # fmt: skip
_ENCRYPTED = 0x41


class Package:
    """The parts of a zip file, by name. At most ``most`` bytes of all of them are unpacked."""

    def __init__(self, data: bytes, most: int = UNPACKED_LIMIT) -> None:
        if data.count(b"PK\x01\x02") > PARTS_LIMIT:
            raise Unreadable(
                f"has more than {PARTS_LIMIT:,} parts;"
                " open it in a spreadsheet program and save it again"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS:
            raise damaged() from None
        self._parts = {_plain(part.filename): part for part in self._zip.infolist()}
        if len(self._parts) < len(self._zip.infolist()):
            raise damaged()
        self._left = most
        self._elements = 0

    @property
    def names(self) -> list[str]:
        """The names of its parts, as programs compare them."""
        return list(self._parts)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def blocks(self, name: str, most: int = UNPACKED_LIMIT) -> Iterator[bytes]:
        """Yield the blocks of a part.

        Raise :class:`Unreadable` if it is missing, damaged, or has more than ``most`` bytes.
        """
        part = self._parts.get(_plain(name))
        if part is None or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged()
        if part.flag_bits & _ENCRYPTED:
            raise locked()
        try:
            with self._zip.open(part) as file:
                while block := file.read(_BLOCK):
                    most -= len(block)
                    self._left -= len(block)
                    if most < 0 or self._left < 0:
                        raise too_much()
                    yield block
        except _FAULTS:
            raise damaged() from None

    def whole(self, name: str, most: int = 4 * MIB) -> bytes:
        """Return a whole part. Raise :class:`Unreadable` as :meth:`blocks` does."""
        return b"".join(self.blocks(name, most))

    def elements(
        self, name: str, starts: Collection[str], wholes: Collection[str] = ()
    ) -> Iterator[Element]:
        """Yield elements of a part of XML, as :func:`elements` does.

        Raise :class:`Unreadable` as that and :meth:`blocks` do.
        """
        most = UNPACKED_LIMIT if wholes else _LISTED_LIMIT
        return elements(self._counted(self.blocks(name, most)), starts, wholes)

    def _counted(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the blocks. Refuse the package if its parts have too many elements."""
        for block in blocks:
            self._elements += block.count(b"<") - block.count(b"</")
            if self._elements > ELEMENTS_LIMIT:
                raise too_much()
            yield block


def _plain(name: str) -> str:
    """Return a part's name as programs compare them: relative, with slashes, in one case."""
    return normpath(name.replace("\\", "/")).lstrip("/").casefold()


def kind_of_package(data: bytes) -> str:
    """Return the ending that a zip file should have: .xlsx or .ods.

    Raise :class:`Unreadable` for others.
    """
    package = Package(data)
    if "mimetype" in package:
        if b"opendocument.spreadsheet" in next(package.blocks("mimetype"), b""):
            return ".ods"
        raise Unreadable("is a document but not a spreadsheet; save its table as .ods")
    if "xl/workbook.bin" in package:
        raise Unreadable("is a binary workbook (.xlsb); save it as .xlsx")
    if "word/document.xml" in package:
        raise Unreadable("is a Word document; save its table as .xlsx")
    if "_rels/.rels" in package:
        return ".xlsx"
    raise Unreadable("is a zip file and not a workbook; take out the workbook that is in it")
