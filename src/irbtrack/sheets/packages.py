"""Workbooks that are zip files: read their parts with care, and pack them again for calamine.

calamine is given only a package that was written here, from parts that were checked here.
Two readers of zip files may see different things in a strange one; so calamine sees exactly
what was checked.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from posixpath import normpath
from typing import NamedTuple
from xml.parsers import expat

from irbtrack.domain.tracker.sheet import Span
from irbtrack.sheets.limits import (
    MEMORY_LIMIT,
    MIB,
    PARTS_LIMIT,
    UNPACKED_LIMIT,
    Unreadable,
    damaged,
    locked,
    too_much,
)

_BLOCK = MIB
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    NotImplementedError,
    OverflowError,
)
_ENCRYPTED = 0x41


class Found(NamedTuple):
    """What checking a sheet found that calamine does not tell.

    ``making`` and ``holding`` are the bytes that calamine takes at most to make the sheet, and
    to hold it while its cells are read; both include what it holds of other sheets. ``name`` is
    empty and ``merged`` None where calamine does tell it. A sheet that is no table, such as a
    chart, is listed and not read.
    """

    name: str
    hidden: bool
    unread: dict[tuple[int, int], str]
    making: int
    holding: int
    merged: tuple[Span, ...] | None = None
    is_table: bool = True


class Checked(NamedTuple):
    """A workbook that calamine can read without harm, and its sheets in order.

    The package is closed after reading, because it may be large.
    """

    package: io.BytesIO
    sheets: tuple[Found, ...]


class Package:
    """The parts of a zip file, by name. At most 128 MiB of all of them are unpacked."""

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\x01\x02") > PARTS_LIMIT:
            raise Unreadable(
                f"has more than {PARTS_LIMIT:,} parts;"
                " open it in a spreadsheet program and save it again"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS:
            raise damaged() from None
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for part in self._zip.infolist():
            name = _plain(part.filename)
            if name in self._parts:
                raise damaged()
            self._parts[name] = part
        self._unpacked = 0

    @property
    def names(self) -> list[str]:
        """The names of its parts, as programs compare them."""
        return list(self._parts)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the blocks of a part.

        Raise :class:`Unreadable` if it is missing, damaged or too big.
        """
        part = self._parts.get(_plain(name))
        if part is None or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged()
        if part.flag_bits & _ENCRYPTED:
            raise locked()
        try:
            with self._zip.open(part) as file:
                while block := file.read(_BLOCK):
                    self._unpacked += len(block)
                    if self._unpacked > UNPACKED_LIMIT:
                        raise too_much()
                    yield block
        except _FAULTS:
            raise damaged() from None

    def whole(self, name: str, most: int = 4 * MIB) -> bytes:
        """Return a whole part.

        Raise :class:`Unreadable` as :meth:`blocks` does, and if it has more than ``most`` bytes.
        """
        whole = bytearray()
        for block in self.blocks(name):
            whole += block
            if len(whole) > most:
                raise too_much()
        return bytes(whole)


def _plain(name: str) -> str:
    """Return a part's name as programs compare them: relative, with slashes, in one case."""
    return normpath(name.replace("\\", "/")).lstrip("/").casefold()


def kind_of_package(data: bytes) -> str:
    """Return the ending that a zip file should have: .xlsx or .ods.

    Raise :class:`Unreadable` for others.
    """
    package = Package(data)
    if "mimetype" in package:
        if b"opendocument.spreadsheet" in package.whole("mimetype"):
            return ".ods"
        raise Unreadable("is a document but not a spreadsheet; save its table as .ods")
    if "xl/workbook.bin" in package:
        raise Unreadable("is a binary workbook (.xlsb); save it as .xlsx")
    if "word/document.xml" in package:
        raise Unreadable("is a Word document; save its table as .xlsx")
    if "_rels/.rels" in package:
        return ".xlsx"
    raise Unreadable("is a zip file and not a workbook; take out the workbook that is in it")


def repacked(parts: Iterable[tuple[str, Iterable[bytes]]]) -> io.BytesIO:
    """Return a zip file of ``parts``: the name of each, and its blocks, read one after another.

    Raise :class:`Unreadable` if it grows too large for calamine, which makes two copies.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, blocks in parts:
            with target.open(name, "w") as part:
                for block in blocks:
                    part.write(block)
                    if 3 * file.tell() > MEMORY_LIMIT:
                        raise too_much()
    return file


def elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a small part of XML in order: names without prefixes, and attributes.

    Raise :class:`Unreadable` if it is not well-formed or has a document type. Entities are
    declared there, so none is ever resolved.
    """
    found: list[tuple[str, dict[str, str]]] = []

    def refuse(*_: object) -> None:
        raise damaged()

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        found.append((name.rpartition(":")[2], plain))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise damaged() from None
    return found
