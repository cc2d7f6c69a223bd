"""Compound files, which .xls workbooks are: take their one stream out, and write it anew."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import olefile

from irbtrack.sheets.limits import MIB, Unreadable, damaged, locked, too_much

_FAULTS = (
    OSError,
    struct.error,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
)
_STREAM_LIMIT = 24 * MIB
_SECTOR = 4096
_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _OF_THE_TABLE, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def kind_of_compound(data: bytes) -> str:
    """Return ``.xls``, the ending of such a file. Raise :class:`Unreadable` for others."""
    with _opened(data) as file:
        _name_of_stream(file)
    return ".xls"


def workbook_stream(data: bytes) -> bytearray:
    """Return the records of the workbook in a compound file. Raise :class:`Unreadable`."""
    with _opened(data) as file:
        name = _name_of_stream(file)
        # a chain of sectors that goes in a circle would be followed as long as its size says
        if max(file.root.size, file.get_size(name)) > len(data):
            raise damaged()
        if file.get_size(name) > _STREAM_LIMIT:
            raise too_much()
        return bytearray(file.openstream(name).read())


@contextmanager
def _opened(data: bytes) -> Iterator[olefile.OleFileIO]:
    _check_header(data)
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            yield file
    except _FAULTS:
        raise damaged() from None


def _name_of_stream(file: olefile.OleFileIO) -> list[str]:
    names = {"/".join(path).casefold(): path for path in file.listdir()}
    if "encryptedpackage" in names:
        raise locked()
    name: list[str] | None = names.get("workbook") or names.get("book")
    if name is None:
        kind = "a Word document" if "worddocument" in names else "not a workbook"
        raise Unreadable(f"is {kind}; save its table as .xlsx")
    return name


def _check_header(data: bytes) -> None:
    """Raise for a file whose tables are larger than it can need.

    olefile would load them.
    """
    if len(data) < 512 or data[30] not in (9, 12):
        raise damaged()
    shift = data[30]
    tables, small_tables, more = (
        int.from_bytes(data[at : at + 4], "little") for at in (44, 64, 72)
    )
    covered = 1 << (2 * shift - 2)  # bytes of the file that one sector of the table describes
    if max(tables, small_tables, more) > 2 + 2 * len(data) // covered:
        raise damaged()


def compound_file(stream: bytes) -> bytes:
    """Return a compound file with ``stream`` as its workbook and nothing else."""
    stream = stream.ljust(_SECTOR, b"\0")  # smaller ones are kept elsewhere
    sectors = -(-len(stream) // _SECTOR)
    tables = 1
    while tables * (_SECTOR // 4) < tables + 1 + sectors:
        tables += 1
    chain = [*range(tables + 2, tables + 1 + sectors), _END]
    table = struct.pack(f"<{tables + 1 + sectors}I", *[_OF_THE_TABLE] * tables, _END, *chain).ljust(
        tables * _SECTOR, b"\xff"
    )
    header = struct.pack(
        "<8s16xHHHHH6x9I",
        _SIGNATURE,
        *(0x3E, 4, 0xFFFE, 12, 6),
        *(1, tables, tables, 0, _SECTOR, 0, 0, _END, 0),
    )
    places = struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, child=1, start=0, size=0) + _entry(
        "Workbook", 2, child=_FREE, start=tables + 1, size=len(stream)
    )
    return b"".join(
        [
            (header + places).ljust(_SECTOR, b"\0"),
            table,
            directory.ljust(_SECTOR, b"\0"),
            stream.ljust(sectors * _SECTOR, b"\0"),
        ]
    )


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    """Return the 128 bytes of an entry of a directory; it has no siblings."""
    text = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        text,
        *(len(text) + 2, kind, 1, _FREE, _FREE, child),
        *(0, start, size),
    )
