"""Compound files, which .xls workbooks are: the one stream that holds their records."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import olefile

from irbtrack.sheets.limits import Unreadable, damaged, locked

_FAULTS = (
    OSError,
    struct.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
)


def workbook_stream(data: bytes) -> bytes:
    """Return the records of the workbook in a compound file. Raise :class:`Unreadable`."""
    with _opened(data) as file:
        name = _name_of_stream(file)
        # a chain of sectors that goes in a circle would be followed as long as its size says
        if max(file.root.size, file.get_size(name)) > len(data):
            raise damaged()
        stream: bytes = file.openstream(name).read()
        return stream


@contextmanager
def _opened(data: bytes) -> Iterator[olefile.OleFileIO]:
    """Open a compound file. Raise for one whose tables are larger than it can need."""
    if len(data) < 512 or data[30] not in (9, 12):
        raise damaged()
    tables = max(int.from_bytes(data[at : at + 4], "little") for at in (44, 64, 72))
    covered = 1 << (2 * data[30] - 2)  # bytes of the file that one sector of a table describes
    if tables > 2 + 2 * len(data) // covered:
        raise damaged()
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
