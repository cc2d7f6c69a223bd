"""Files to be read, made by other libraries than those that read them."""

import csv
import io
import json
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import odfdo
import openpyxl
import xlsxwriter
import xlwt

Table = Sequence[Sequence[Any]]

MOMENT = datetime(2023, 10, 31, 9, 30)  # noqa: DTZ001 - a cell has no zone

TRACKER: Table = [
    ["Ref", "Title", "Raised", "Due", "Days", "Share", "Late"],
    ["2223-001", "Reconcile the “ledger” – monthly", date(2023, 10, 31), None, 45230, 0.5, True],
    ["2223-002", "Two\nlines", date(2024, 2, 29), MOMENT, -3, 1.25, False],
]


def xlsx_of(sheets: Mapping[str, Table]) -> bytes:
    """A workbook of openpyxl, which writes texts into their cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append(row)
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of a workbook that has a ``save`` taking a file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xlsx_with_shared_texts(table: Table) -> bytes:
    """A workbook of XlsxWriter, which shares texts between cells, as Excel does."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Actions")
    formats = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        time: book.add_format({"num_format": "hh:mm"}),
        timedelta: book.add_format({"num_format": "[h]:mm"}),
    }
    for row, values in enumerate(table):
        for column, value in enumerate(values):
            if value is None:
                sheet.write_blank(row, column, None, formats[date])
            else:
                sheet.write(row, column, value, formats.get(type(value)))
    book.close()
    return file.getvalue()


def xls_of(sheets: Mapping[str, Table]) -> bytes:
    """A workbook of xlwt."""
    book = xlwt.Workbook()
    styles = {
        date: xlwt.easyxf(num_format_str="dd/mm/yyyy"),
        datetime: xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm"),
        time: xlwt.easyxf(num_format_str="hh:mm"),
    }
    for name, table in sheets.items():
        sheet = book.add_sheet(name)
        for row, values in enumerate(table):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(row, column, value, styles.get(type(value), xlwt.XFStyle()))
    return saved(book)


def ods_of(sheets: Mapping[str, Table]) -> bytes:
    """A workbook of odfdo."""
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    for name, values in sheets.items():
        table = odfdo.Table(name)
        for row in values:
            line = odfdo.Row()
            for value in row:
                line.append_cell(odfdo.Cell(value))
            table.append_row(line)
        document.body.append(table)
    return saved(document)


def csv_of(table: Table, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """CSV of the standard library."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(table)
    return file.getvalue().encode(encoding)


def json_of(table: Table) -> bytes:
    """JSON of the standard library: the first row are the keys."""
    names, *rows = table
    objects = [dict(zip(names, row, strict=True)) for row in rows]
    return json.dumps(objects, default=str).encode()


def zip_of(parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]], **how: Any) -> bytes:
    """A zip file of parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how.get("compression", zipfile.ZIP_DEFLATED)) as target:
        for name, part in parts.items() if isinstance(parts, Mapping) else parts:
            target.writestr(name, part)
    return file.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a zip file."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    """A zip file with one of its parts replaced."""
    return zip_of(parts_of(data) | {name: part})


SHEET = "xl/worksheets/sheet1.xml"


def xlsx_of_xml(rows: bytes, *, shared: bytes = b"", after: bytes = b"") -> bytes:
    """A workbook of one sheet with the XML of its rows as given."""
    data = xlsx_with_shared_texts([["x"]])
    parts = parts_of(data)
    parts[SHEET] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns='
        b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"
    )
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    return zip_of(parts)


def ods_of_xml(tables: bytes) -> bytes:
    """A workbook with the XML of its tables as given."""
    return zip_of(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b'<m:manifest xmlns:m="m"/>',
            "content.xml": b'<?xml version="1.0" encoding="UTF-8"?>'
            b'<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">'
            b"<office:body><office:spreadsheet>"
            + tables
            + b"</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ole_of(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with its streams one after another; of large sectors if it is large."""
    sector = 512 if sum(map(len, streams.values())) < 5_000_000 else 4096
    padded = {
        name: data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0")
        for name, data in streams.items()
    }
    entries = [_entry("Root Entry", 5, 0xFFFFFFFF, 1, 0xFFFFFFFE, 0)]
    directory = -(-(len(padded) + 1) * 128 // sector)
    tables = 1
    while tables * sector // 4 < tables + directory + sum(map(len, padded.values())) // sector:
        tables += 1
    chains = [0xFFFFFFFD] * tables
    chains += [*range(tables + 1, tables + directory), 0xFFFFFFFE]
    for number, (name, data) in enumerate(padded.items(), 1):
        start, count = len(chains), len(data) // sector
        chains += [*range(start + 1, start + count), 0xFFFFFFFE]
        right = number + 1 if number < len(padded) else 0xFFFFFFFF
        entries.append(_entry(name, 2, right, 0xFFFFFFFF, start, len(data)))
    large = sector == 4096
    header = struct.pack(
        "<8s16xHHHHH6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 4 if large else 3, 0xFFFE, 12 if large else 9, 6),
        *(directory * large, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0),
    )
    places = struct.pack("<109I", *range(tables), *[0xFFFFFFFF] * (109 - tables))
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(tables * sector, b"\xff")
    listing = b"".join(entries).ljust(directory * sector, b"\0")
    return (header + places).ljust(sector, b"\0") + table + listing + b"".join(padded.values())


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII16xI16xIQ", text, len(text) + 2, kind, 1, 0xFFFFFFFF, right,
                       child, 0, start, size)  # fmt: skip


def records(*parts: tuple[int, bytes]) -> bytes:
    """Records of an .xls workbook, each of its kind and data."""
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in parts)


def xls_of_records(*sheets: bytes, texts: Sequence[tuple[int, bytes]] = ()) -> bytes:
    """A workbook of sheets whose records are given, without their beginning and end."""
    bof = (0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    listed = [struct.pack("<BBBB", 0, 0, 2, 0) + f"S{n}".encode() for n in range(len(sheets))]
    size = len(records(bof, *((0x85, b"\0\0\0\0" + one) for one in listed), *texts, (0x0A, b"")))
    bodies, boundsheets = b"", []
    for one, sheet in zip(listed, sheets, strict=True):
        boundsheets.append((0x85, struct.pack("<I", size + len(bodies)) + one))
        bodies += records(bof) + sheet + records((0x0A, b""))
    return ole_of({"Workbook": records(bof, *boundsheets, *texts, (0x0A, b"")) + bodies})
