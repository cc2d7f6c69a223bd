"""Workbooks that are zip files of XML: read their parts with care, element by element."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from posixpath import normpath
from sys import getsizeof
from typing import Any, cast
from xml.parsers import expat

from irbtrack.sheets.limits import (
    ELEMENTS_LIMIT,
    MEMORY_LIMIT,
    MIB,
    NAMES_LIMIT,
    PARTS_LIMIT,
    STRANGE_LIMIT,
    TEXT_LIMIT,
    UNPACKED_LIMIT,
    Allowance,
    Unreadable,
    damaged,
    locked,
    too_much,
)

AtStart = Callable[[dict[str, str]], None]
"""What is called with the attributes of an element."""
AtEnd = Callable[[], None]

_BLOCK = MIB // 4
_LISTED_LIMIT = 64 * MIB
_DEEPEST = 200
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
_NO_XML = (expat.ExpatError, ValueError, LookupError)
"""What expat raises for XML that isn't well-formed, or is in an encoding that nobody knows."""


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
        self._most = most
        self._unpacked = self._elements = 0

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
                    self._elements += block.count(b"<") - block.count(b"</")
                    if self._unpacked > self._most or self._elements > ELEMENTS_LIMIT:
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

    def read(self, name: str, part: "Markup") -> None:
        """Read a part of XML. Raise :class:`Unreadable` as :meth:`blocks` and the part do."""
        part.read(self.blocks(name))

    def listed(self, name: str, *wanted: str) -> list[tuple[str, dict[str, str]]]:
        """Return the elements of some names in a part, in order, with their attributes.

        Raise :class:`Unreadable` as :meth:`read` does, and for more than a part may have.
        """
        found: list[tuple[str, dict[str, str]]] = []
        part = Markup()
        allowance = Allowance(MEMORY_LIMIT - _LISTED_LIMIT)

        def take(local: str, attributes: dict[str, str]) -> None:
            found.append((local, attributes))
            allowance.take(getsizeof(attributes) + sum(map(getsizeof, attributes.values())))

        for local in wanted:
            part.at(local, partial(take, local))
        self.read(name, part)
        return found


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


def _do_nothing() -> None:
    pass


class Markup:
    """What is done at the elements of a part of XML: set by :meth:`at`, and then :meth:`read`.

    Elements go by their names without prefixes. Text is kept between :meth:`begin_text` and
    :meth:`end_text`, and taken by :meth:`text`.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        """The text since the last :meth:`text`: what is kept, and then some that isn't yet."""
        self._kept = self._strange = 0
        self._starts = _ByName(self._pass_over)
        self._ends = _ByName(_do_nothing)

    def at(self, local: str, start: AtStart, end: AtEnd = _do_nothing) -> None:
        """Say what is called at the start and the end of each element of a name."""
        self._starts[local], self._ends[local] = start, end

    def begin_text(self, _: object = None) -> None:
        """Forget the text since the last that was kept."""
        del self.words[self._kept :]

    def end_text(self) -> None:
        """Keep the text so far."""
        self._kept = len(self.words)

    def text(self) -> str:
        """Return the text that was kept, and begin anew."""
        text = self.words[0] if self._kept == 1 else "".join(self.words[: self._kept])
        self.words.clear()
        self._kept = 0
        return text

    def read(self, blocks: Iterator[bytes]) -> None:
        """Read the part. Raise :class:`Unreadable` unless it is well-formed and in bounds.

        So it is for a document type, where entities would be declared, and for a comment, which
        spreadsheet programs do not write.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = parser.CommentHandler = _refuse
        parser.StartElementHandler, parser.EndElementHandler = self._handlers()
        parser.CharacterDataHandler = self.words.append
        fed = 0
        try:
            for block in blocks:
                parser.Parse(block)
                fed += len(block)
                if len(parser.intern) > NAMES_LIMIT or fed - parser.CurrentByteIndex > TEXT_LIMIT:
                    raise damaged()
                if len(self.words) + sum(map(len, self.words)) > TEXT_LIMIT:
                    raise too_much()
            parser.Parse(b"", True)
        except _NO_XML:
            raise damaged() from None

    def _handlers(self) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
        """Return what is called at the start and the end of every element."""
        starts, ends, depth = self._starts, self._ends, 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > _DEEPEST:
                raise damaged()
            starts[name](attributes)

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            ends[name]()

        return start, end

    def _pass_over(self, _: object) -> None:
        self._strange += 1
        if self._strange > STRANGE_LIMIT:
            raise too_much()


class _ByName(dict[str, Any]):
    """What is called for elements, by their names with prefixes or without."""

    def __init__(self, otherwise: Callable[..., None]) -> None:
        super().__init__()
        self._otherwise = otherwise

    def __missing__(self, name: str) -> Callable[..., None]:
        self[name] = self.get(name.rpartition(":")[2], self._otherwise)
        return cast("Callable[..., None]", self[name])


def parse(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None] | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read a part of a document, of which more matters than what :class:`Markup` finds by name.

    Raise :class:`Unreadable` unless it is well-formed, and for a document type, where entities
    would be declared.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except _NO_XML:
        raise damaged() from None


def _refuse(*_: object) -> None:
    raise damaged()
