"""Read a file of any kind, whatever its name, as a book of sheets: the only way in."""

import re
import stat
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from irbtrack.domain.tracker.sheet import Book, Sheet
from irbtrack.errors import SheetUnusable, listed, printable, quoted
from irbtrack.sheets.decoding import opened
from irbtrack.sheets.limits import FILE_LIMIT, MIB, PLAIN_TEXT_LIMIT, CellRows, Unreadable, damaged
from irbtrack.sheets.objects import rows_of_json
from irbtrack.sheets.texts import rows_of_csv

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".json")

_TEXTS: dict[str, Callable[[bytes], CellRows]] = {
    ".csv": rows_of_csv,
    ".tsv": partial(rows_of_csv, delimiter="\t"),
    ".json": rows_of_json,
}
_AS_XLSX = "open it in a spreadsheet program and save it as .xlsx"
_MARKUP = re.compile(rb"<(?:!doctype|!--|\?xml|html|head|body|meta|table|style)\b", re.I)
_OTHER = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a text document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
}


def read_book(path: Path) -> Book:
    """Return the sheets of a file: .xlsx, .xlsm, .xls, .ods, .csv, .tsv or .json.

    Cells are as the file has them: dates as dates, whole numbers as int even where the file
    has 45230.0, a percentage as its fraction. Formulas give the value that was saved with
    them; nothing is worked out, and no link is followed. Charts and macros are left out.

    Raise :class:`SheetUnusable` for whatever cannot be read, or would take more than a few
    seconds or 300 MiB of memory to read.
    """
    from hashlib import sha256  # loads OpenSSL, which a text that is piped in does without

    data = read_bytes(path)
    with _naming(path.name):
        return Book(path.name, sha256(data).hexdigest(), tuple(_sheets_of(path, data)))


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, read once.

    Raise :class:`SheetUnusable` unless it is a regular file with something in it, which may be
    read and isn't too large.
    """
    with _naming(path.name or str(path)):
        return _bytes_of(path)


def plain_text_of(data: bytes, name: str) -> str:
    """Return the text that some bytes are, in any encoding that a CSV file may have.

    ``name`` is what they are called in a refusal. Raise :class:`SheetUnusable` if they are no
    text, none at all, or more than a file may have.
    """
    with _naming(name):
        if not data:
            raise Unreadable("is empty; give a list of actions, or a text with their references")
        if len(data) > PLAIN_TEXT_LIMIT:
            raise Unreadable(
                f"has more than {PLAIN_TEXT_LIMIT // MIB} MiB, the most that is read of a text;"
                " save a table as a .csv file, and of a text only what has references"
            )
        if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
            raise Unreadable(
                "is a document or a workbook, and not named as one that irbtrack reads; save its"
                f" text as .txt, or its table so that it ends in {listed(SUFFIXES)}"
            )
        for start, kind in _OTHER.items():
            if data.startswith(start):
                raise Unreadable(f"is {kind}; save its text as .txt")
        return opened(data).read()


def table_of_text(data: bytes, name: str) -> Book | None:
    """Return the table that a text is, delimited as a CSV file may be; None if it is none.

    Its only sheet is called ``text``, and it has no digest.
    """
    try:
        return Book(name, "", (Sheet("text", rows_of_csv(data)),))
    except Unreadable:
        return None


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Refuse what is read within by the name of its file."""
    try:
        yield
    except Unreadable as refusal:
        raise SheetUnusable(f"{printable(file)} {refusal}") from None


def _sheets_of(path: Path, data: bytes) -> list[Sheet]:
    """Return the sheets of a file that is named as it is. Raise :class:`Unreadable`."""
    called = path.suffix.casefold().replace(".xlsm", ".xlsx")
    if called not in SUFFIXES:
        ending = f"ends in {quoted(path.suffix)}" if path.suffix else "has no ending"
        raise Unreadable(f"{ending}; irbtrack reads {listed(SUFFIXES, 'and')}")
    found = _suffix_by_content(data)
    if found is None:
        _refuse_other_kinds(data, "text file" if called in _TEXTS else "workbook")
        if called not in _TEXTS:
            raise Unreadable(f"is text under the name of a workbook; {_AS_XLSX}")
        return [Sheet(path.stem, _TEXTS[called](data))]
    if found != called:
        kind = "a text file" if called in _TEXTS else "another kind of workbook"
        raise Unreadable(
            f"is a workbook under the name of {kind}; rename it so that it ends in {found}"
        )
    return sheets_of_workbook(found, data)


def sheets_of_workbook(kind: str, data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook of a kind: .xlsx, .xls or .ods. Raise :class:`Unreadable`.

    Only what its kind needs is imported.
    """
    if kind == ".xls":
        from irbtrack.sheets.biff import sheets_of_xls as sheets_of
    elif kind == ".ods":
        from irbtrack.sheets.opendocument import sheets_of_ods as sheets_of
    else:
        from irbtrack.sheets.openxml import sheets_of_xlsx as sheets_of
    try:
        sheets = sheets_of(data)
    except (ValueError, LookupError, OverflowError, struct.error):
        raise damaged() from None  # by what can't be a number, a date or a place in a workbook
    if not sheets:
        raise Unreadable("is a workbook without sheets; give one with a table")
    names = Counter(sheet.name.casefold() for sheet in sheets)
    for sheet in reversed(sheets):
        if names[sheet.name.casefold()] > 1:
            raise Unreadable(f"has two sheets of the name {quoted(sheet.name)}; rename one of them")
    return sheets


def _bytes_of(path: Path) -> bytes:
    """Return the bytes of a regular file. Raise :class:`Unreadable`."""
    try:
        if path.is_dir():
            raise Unreadable("is a folder; name a file in it")
        if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe would wait for ever
            raise Unreadable("is a pipe or a device; give a file")
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        raise Unreadable("does not exist; check the name and the folder") from None
    except PermissionError:
        raise Unreadable(
            "may not be read; close it in other programs, or ask for the permission to read it"
        ) from None
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or "its name cannot be that of a file"
        raise Unreadable(f"cannot be read: {reason}; copy it to another folder") from None
    if len(data) > FILE_LIMIT:
        raise Unreadable(
            f"has more than {FILE_LIMIT // MIB} MiB, the most that is read;"
            " take out what it need not have, or save it as several files"
        )
    if not data:
        raise Unreadable("is empty; give a file with a header row")
    return data


def _suffix_by_content(data: bytes) -> str | None:
    """Return the ending that a workbook should have, or None if it is not one."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from irbtrack.sheets.packages import kind_of_package

        return kind_of_package(data)
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return None
    from irbtrack.sheets.compound import workbook_stream

    workbook_stream(data)  # which refuses other documents
    return ".xls"


def _refuse_other_kinds(data: bytes, called: str) -> None:
    """Raise for web pages, pictures and the like that are named as tables."""
    for start, kind in _OTHER.items():
        if data.startswith(start):
            raise Unreadable(f"is {kind} under the name of a {called}; save its table as .xlsx")
    start = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lstrip()
    if _MARKUP.match(start):
        kind = "an XML file" if start.startswith(b"<?xml") else "a web page"
        raise Unreadable(f"is {kind} under the name of a {called}; {_AS_XLSX}")
