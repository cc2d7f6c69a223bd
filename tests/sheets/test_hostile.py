"""Files that are broken, or made to do harm: one sentence each, soon, and in 300 MiB."""

import csv
import io
import json
import os
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msoffcrypto
import pytest
from shared.spreadsheets import (
    SHEET,
    TRACKER,
    csv_of,
    ods_of,
    ods_of_xml,
    ole_of,
    parts_of,
    records,
    with_part,
    xls_of,
    xls_of_records,
    xlsx_of,
    xlsx_of_xml,
    xlsx_with_shared_texts,
    zip_of,
)

from irbtrack.errors import SheetUnusable
from irbtrack.sheets.opening import read_book

MIB = 1024 * 1024
DAMAGED = "is damaged; open it in a spreadsheet program and save it again"
TOO_MUCH = (
    "holds more than irbtrack reads at once;"
    " take out what it need not have, or save it as several files"
)
LOCKED = "is protected by a password; save it without one"


def refusal_of(path: Path) -> str:
    """The sentence with which a file is refused, without its name."""
    with pytest.raises(SheetUnusable) as refused:
        read_book(path)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert refused.value.exit_code == 4
    return sentence.removeprefix(f"{path.name} ")


SOON = 20.0
"""Seconds of the processor: nine on a quiet machine, and up to twice as many beside other work."""


class Outcome(NamedTuple):
    """What became of a file in a process of its own, and how long the processor took."""

    said: str
    seconds: float
    mib: float
    stderr: str


READ_ALONE = r"""
import json, re, sys, time
from pathlib import Path
from irbtrack.errors import SheetUnusable
from irbtrack.sheets.opening import read_book
path = Path(sys.argv[1])
begun = time.process_time()
try:
    said = f"read {sum(len(sheet.rows) for sheet in read_book(path).sheets)} rows"
except SheetUnusable as refusal:
    said = str(refusal).removeprefix(f"{path.name} ")
# ru_maxrss would count what the test had before this process began
peak = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([said, time.process_time() - begun, peak]))
"""


def outcome_of(path: Path) -> Outcome:
    """Read a file in a process of its own, because the file may crash it."""
    command = [sys.executable, "-c", READ_ALONE, str(path)]
    child = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert child.returncode == 0, child.stderr
    said, seconds, mib = json.loads(child.stdout)
    return Outcome(said, seconds, mib, child.stderr)


def cell(reference: str, inner: str = "<v>1</v>", kind: str = "") -> bytes:
    return f'<c r="{reference}"{kind}>{inner}</c>'.encode()


def shared(texts: bytes, count: bytes = b"1") -> bytes:
    return b'<sst uniqueCount="' + count + b'">' + texts + b"</sst>"


def many_cells(count: int, inner: str, kind: str = "") -> bytes:
    """Rows of twenty cells each."""
    letters = "ABCDEFGHIJKLMNOPQRST"
    return b"".join(
        b"<row>" + b"".join(cell(f"{x}{row}", inner, kind) for x in letters) + b"</row>"
        for row in range(1, count // 20 + 1)
    )


def squeezed(name: str, block: bytes, times: int, data: bytes, start: bytes = b"") -> bytes:
    """A workbook with a part that is a block again and again, after what it starts with."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for other, part in parts_of(data).items():
            if other != name:
                target.writestr(other, part)
        with target.open(name, "w") as part:
            part.write(start)
            for _ in range(times):
                part.write(block)
    return file.getvalue()


def in_every_sheet(rows: bytes, sheets: int) -> bytes:
    """A workbook with the same rows in each of so many sheets."""
    sheet = parts_of(xlsx_of_xml(rows))[SHEET]
    parts = parts_of(xlsx_of({f"S{n}": [] for n in range(sheets)}))
    return zip_of({name: sheet if "worksheets/" in name else part for name, part in parts.items()})


def xls_beginning(*ones: bytes) -> bytes:
    """An .xls workbook that begins with these records, and has no sheets."""
    bof = records((0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)))
    return ole_of({"Workbook": bof + b"".join(ones) + records((0x0A, b""))})


def ods_row(cells: bytes, repeated: int = 1) -> bytes:
    return b'<table:table-row table:number-rows-repeated="%d">%b</table:table-row>' % (
        repeated, cells,
    )  # fmt: skip


def ods_cell(repeated: int = 1, text: bytes = b"x", kind: bytes = b"string") -> bytes:
    return (
        b'<table:table-cell office:value-type="%b" table:number-columns-repeated="%d">'
        b"<text:p>%b</text:p></table:table-cell>" % (kind, repeated, text)
    )


def ods_table(rows: bytes) -> bytes:
    return ods_of_xml(b'<table:table table:name="A">' + rows + b"</table:table>")


ERROR = (
    b'<table:table-cell calcext:value-type="error" office:value-type="string"'
    b' table:number-columns-repeated="16384"/>'
)
EMPTY = b'<table:table-cell table:number-columns-repeated="16383"/>'


def number(row: int, column: int) -> tuple[int, bytes]:
    """The record of a number in an .xls sheet."""
    return 0x0203, struct.pack("<HHHd", row, column, 0, 1.0)


def patched(data: bytes, at: int, *words: int) -> bytes:
    return data[:at] + struct.pack(f"<{len(words)}I", *words) + data[at + 4 * len(words) :]


def with_circle(data: bytes) -> bytes:
    """A compound file whose stream goes round in its first sector, and says it is huge."""
    stream_entry = data.index("Workbook".encode("utf-16-le"))
    (start,) = struct.unpack_from("<I", data, stream_entry + 116)
    data = patched(data, 512 + 4 * start, start)
    return patched(data, stream_entry + 120, 0xFFFFFFF0)


def texts_of_xls(size: int, block: bytes) -> list[tuple[int, bytes]]:
    """The records of shared texts, so many bytes of them."""
    part = block * (8000 // len(block))
    more = [(0x3C, part) for _ in range(size // len(part))]
    return [(0xFC, struct.pack("<II", 1, 1) + part), *more]


def noise(size: int, number: int) -> bytes:
    """Letters that cannot be packed well."""
    table = bytes(33 + n % 90 if n % 90 not in (1, 5, 27, 29) else 97 for n in range(256))
    return random.Random(number).randbytes(size).translate(table)


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a far corner.xlsx": (
        lambda: xlsx_of_xml(b"<row>" + cell("A1") + cell("XFD1048576") + b"</row>"), TOO_MUCH),
    "a far corner alone.xlsx": (
        lambda: xlsx_of_xml(b"<row>" + cell("XFD1048576") + b"</row>"), TOO_MUCH),
    "a far corner with a prefix.xlsx": (
        lambda: xlsx_of_xml(b"<x:row><x:c r='A1'><x:v>1</x:v></x:c>"
                            b"<x:c r='XFD1048576'><x:v>1</x:v></x:c></x:row>"), TOO_MUCH),
    "a far corner without a reference.xlsx": (
        lambda: xlsx_of_xml(b'<row r="1048576"/><row r="1048576"><c r="XFC1"/><c><v>1</v></c>'
                            b'</row>'), TOO_MUCH),
    "beyond the corner.xlsx": (
        lambda: xlsx_of_xml(b"<row>" + cell("A1") + cell("AAAA1") + b"</row>"), DAMAGED),
    "rows beyond the last.xlsx": (
        lambda: xlsx_of_xml(b"<row>" + cell("A1") + cell("A9999999") + b"</row>"), TOO_MUCH),
    "a cell hidden in an attribute.xlsx": (
        lambda: xlsx_of_xml(b'<row x="<c r=">' + cell("XFD1048576") + b"</row>"), DAMAGED),
    "a cell hidden by a comment.xlsx": (
        lambda: xlsx_of_xml(b'<row><!-- <c r=" --><c r="XFD1048576"><v>1</v></c></row>'), DAMAGED),
    "a cell said twice.xlsx": (
        lambda: xlsx_of_xml(b'<row><c r="A1" r="XFD1048576"><v>1</v></c></row>'), DAMAGED),
    "a sheet of zeros.xlsx": (
        lambda: squeezed(SHEET, bytes(MIB), 200, xlsx_of({"A": []})), DAMAGED),
    "a sheet of spaces.xlsx": (
        lambda: squeezed(SHEET, b" " * MIB, 200, xlsx_of({"A": []})), DAMAGED),
    "texts without end.xlsx": (
        lambda: squeezed("xl/sharedStrings.xml", b"<si><t>a</t></si>" * 100_000, 100,
                         xlsx_with_shared_texts([["x"]]), b"<sst>"), TOO_MUCH),
    "texts of nothing.xlsx": (
        lambda: squeezed("xl/sharedStrings.xml", b"<si/>" * 200_000, 100,
                         xlsx_with_shared_texts([["x"]]), b"<sst>"), TOO_MUCH),
    "formats without end.xlsx": (
        lambda: squeezed("xl/styles.xml", b"<numFmt numFmtId='1' formatCode='0'/>" * 30_000, 100,
                         xlsx_with_shared_texts([["x"]]), b"<styleSheet>"), TOO_MUCH),
    "texts reserved.xlsx": (
        lambda: xlsx_of_xml(cell("A1", "<v>0</v>", ' t="s"'),
                            shared=shared(b"<si><t>a</t></si>", b"99999999999")), DAMAGED),
    "a long text again and again.xlsx": (
        lambda: xlsx_of_xml(many_cells(20_000, "<v>0</v>", ' t="s"'),
                            shared=shared(b"<si><t>" + b"a" * 100_000 + b"</t></si>")), TOO_MUCH),
    "a long text hidden behind another.xlsx": (
        lambda: xlsx_of_xml(many_cells(20_000, "<v>1</v>", ' t="s"'),
                            shared=shared(b'<si x="<si>"><t>a</t></si><si><t>'
                                          + b"a" * 100_000 + b"</t></si><si/>")), DAMAGED),
    "tags without end.xlsx": (
        lambda: xlsx_of_xml(b"<x:c>" + b"<a/>" * 4_000_000), TOO_MUCH),
    "a far corner cut in two.xlsx": (
        lambda: xlsx_of_xml(cell("A1") + b"<x:c r='XFD1048576'><x:v>1</x:v>"
                            + b"<a/>" * 1_200_000 + b"</x:c>"), TOO_MUCH),
    "texts within texts.xlsx": (
        lambda: xlsx_of_xml(cell("A1", "<v>0</v>", ' t="s"'),
                            shared=shared(b"<si><si><t>a</t></si>")), DAMAGED),
    "a cell in two places.xlsx": (
        lambda: xlsx_of_xml(b"<row>" + cell("A1") + cell("B1") + cell("A1") + b"</row>"), DAMAGED),
    "long links without end.xlsx": (
        lambda: squeezed("xl/_rels/workbook.xml.rels", b"<Relationship Target='%b'/>"
                         % (b"a" * 900_000), 400, xlsx_of({"A": []}), b"<Relationships>"),
        TOO_MUCH),
    "a tag without an end.xlsx": (
        lambda: squeezed(SHEET, b"a" * MIB, 200, xlsx_of({"A": []}), b'<worksheet x="'), DAMAGED),
    "names of elements without end.xlsx": (
        lambda: xlsx_of_xml(b"".join(b"<a%d/>" % n for n in range(900_000))), DAMAGED),
    "names of attributes without end.xlsx": (
        lambda: xlsx_of_xml(b"".join(b'<c a%d=""/>' % n for n in range(2_000_000))), DAMAGED),
    "elements within elements.xlsx": (lambda: xlsx_of_xml(b"<v>" * 5_000_000), DAMAGED),
    "cells of nothing.xlsx": (lambda: xlsx_of_xml(b"<c/>" * 20_000_000), TOO_MUCH),
    "a text in pieces without end.xlsx": (
        lambda: xlsx_of_xml(b"<c>" + b"<t>a</t>" * 4_000_000 + b"</c>"), TOO_MUCH),
    "a text without end.xlsx": (
        lambda: squeezed(SHEET, b"a" * MIB, 400, xlsx_of({"A": []}), b"<worksheet><c><v>"),
        TOO_MUCH),
    "merged cells without end.xlsx": (
        lambda: xlsx_of_xml(cell("A1"), after=b"<mergeCells>" + b'<mergeCell ref="A1:B2"/>'
                            * 1_000_000 + b"</mergeCells>"), TOO_MUCH),
    "cells of nothing in every sheet.xlsx": (
        lambda: in_every_sheet(b"<c/>" * 4_000_000, 5), TOO_MUCH),
    "errors in every sheet.xlsx": (
        lambda: in_every_sheet(many_cells(99_000, "", ' t="e"'), 20), TOO_MUCH),
    "styles without end.xlsx": (
        lambda: squeezed("xl/styles.xml", b'<xf numFmtId="14"/>' * 10_000, 115,
                         xlsx_with_shared_texts([["x"]]), b"<styleSheet><cellXfs>"), DAMAGED),
    "links without end.xlsx": (
        lambda: with_part(xlsx_of({"A": [["x"]]}), "xl/_rels/workbook.xml.rels",
                          b"<a>" + b"".join(b'<Relationship Id="%d" Target="%d"/>' % (n, n)
                                            for n in range(1_100_000)) + b"</a>"), DAMAGED),
    "errors without end.xlsx": (
        lambda: xlsx_of_xml(many_cells(400_000, "<v>#N/A</v>", ' t="e"')), TOO_MUCH),
    "many parts.xlsx": (
        lambda: zip_of(((f"xl/{n}.xml", b"") for n in range(20_000)), compression=0),
        "has more than 4,096 parts; open it in a spreadsheet program and save it again"),
    "many sheets.xlsx": (
        lambda: with_part(xlsx_of({"A": [["x"]]}), "xl/workbook.xml",
                          b'<workbook xmlns:r="r"><sheets>' + b'<sheet name="A" r:id="rId1"/>'
                          * 50_000 + b"</sheets></workbook>"), DAMAGED),
    "a text full of entities.xlsx": (
        lambda: with_part(xlsx_of({"A": [["x"]]}), "xl/workbook.xml",
                          b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                          b"<workbook>&b;</workbook>"), DAMAGED),
    "long names without end.ods": (
        lambda: squeezed("content.xml", b'<table:table table:name="%b"/>' % (b"a" * 900_000), 400,
                         ods_of_xml(b""), b"<a>"), TOO_MUCH),
    "long styles without end.ods": (
        lambda: squeezed("content.xml", b'<style style:name="%b"><table-properties'
                         b' table:display="false"/></style>' % (b"a" * 900_000), 400,
                         ods_of_xml(b""), b"<a>"), TOO_MUCH),
    "repeats without end.ods": (
        lambda: ods_table(ods_row(ods_cell(16_384), 1_048_576)), TOO_MUCH),
    "a far corner.ods": (
        lambda: ods_table(ods_row(b"", 1_048_575) + ods_row(EMPTY + ods_cell())), TOO_MUCH),
    "far columns.ods": (
        lambda: ods_table(ods_row(EMPTY + ods_cell()) * 2_000), TOO_MUCH),
    "a long text repeated.ods": (
        lambda: ods_table(ods_row(ods_cell(16_384, b"a" * MIB))), TOO_MUCH),
    "a long text in repeated rows.ods": (
        lambda: ods_table(ods_row(ods_cell(1, b"a" * MIB), 10_000)), TOO_MUCH),
    "spaces without end.ods": (
        lambda: ods_table(ods_row(ods_cell(1, b'<text:s text:c="999999999"/>'))), TOO_MUCH),
    "spaces beyond number.ods": (
        lambda: ods_table(ods_row(ods_cell(1, b'<text:s text:c="99999999999999"/>'))), DAMAGED),
    "spaces upon spaces.ods": (
        lambda: ods_table(ods_row(ods_cell(1, b'<text:s text:c="1000000"/>' * 100_000))),
        TOO_MUCH),
    "spaces of none without end.ods": (
        lambda: ods_table(ods_row(ods_cell(1, b'<text:s text:c="0"/>' * 4_000_000))), TOO_MUCH),
    "errors repeated.ods": (
        lambda: ods_table(ods_row(ERROR, 1_048_576)), TOO_MUCH),
    "errors in every row.ods": (
        lambda: ods_table(ods_row(ERROR) * 20_000), TOO_MUCH),
    "a table without an end.ods": (
        lambda: ods_of_xml(b'<table:table table:name="A">' + ods_row(ods_cell())), DAMAGED),
    "a note without an end.ods": (
        lambda: ods_table(ods_row(ods_cell(1, b"<office:annotation>"))), DAMAGED),
    "repeats said twice.ods": (
        lambda: ods_table(ods_row(b'<table:table-cell x=" table:number-columns-repeated=\'1\'"'
                                  b' table:number-columns-repeated="16384" office:value="1"/>',
                                  1_048_576)), TOO_MUCH),
    "a far corner.xls": (
        lambda: xls_of_records(records(number(0, 0), number(65_535, 255))), TOO_MUCH),
    "beyond the corner.xls": (
        lambda: xls_of_records(records(number(0, 0), number(65_535, 65_535))), DAMAGED),
    "dimensions that are not.xls": (
        lambda: xls_of_records(records((0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 255, 0)),
                                       number(0, 0))), "read 1 rows"),
    "a chain in a circle.xls": (
        lambda: with_circle(xls_of_records(records(number(0, 0)))), DAMAGED),
    "tables beyond number.xls": (
        lambda: patched(xls_of_records(records(number(0, 0))), 44, 0xFFFFFFF0), DAMAGED),
    "more tables in a circle.xls": (
        lambda: patched(xls_of_records(records(number(0, 0))), 68, 0, 0xFFFFFFF0), DAMAGED),
    "one sheet a thousand times.xls": (
        lambda: ole_of({"Workbook": records(
            (0x0809, b"\0\6\5\0" + bytes(8)), *[(0x85, bytes(6) + b"\1\0A")] * 1_000,
            (0x0A, b""))}), DAMAGED),
    "sheets without end.xls": (
        lambda: xls_beginning(*(records((0x85, struct.pack("<IBBBB", n, 0, 0, 0, 0)))
                                for n in range(3_000_000))), DAMAGED),
    "styles without end.xls": (
        lambda: xls_beginning(records((0xE0, b"\0\0\x0e\0")) * 5_000_000), DAMAGED),
    "texts of nothing.xls": (
        lambda: xls_of_records(records(number(0, 0)), texts=texts_of_xls(9 * MIB, b"\0\0\0")),
        TOO_MUCH),
    "a long text again and again.xls": (
        lambda: xls_of_records(
            records(*((0xFD, struct.pack("<HHHI", n // 9, n % 9, 0, 0)) for n in range(90_000))),
            texts=[(0xFC, struct.pack("<IIHB", 1, 1, 8000, 0) + b"a" * 8000)]), TOO_MUCH),
    "records of nothing.xls": (
        lambda: xls_of_records(bytes(60_000_000)), TOO_MUCH),
    "texts in a thousand pieces.xls": (
        lambda: xls_of_records(records(number(0, 0)), texts=[
            (0xFC, struct.pack("<II", 1, 1) + b"\1\0\0a"), *[(0x3C, b"\0")] * 400_000]), DAMAGED),
    "a million columns.csv": (lambda: b"a," * 1_000_000 + b"\n", TOO_MUCH),
    "thirty million columns.csv": (lambda: b"," * 60_000_000, TOO_MUCH),
    "rows of nothing.csv": (lambda: b"\n" * 60_000_000, TOO_MUCH),
    "a row over lines.csv": (lambda: b'"a\n",' * 12_000_000, TOO_MUCH),
    "a quotation mark without an end.csv": (
        lambda: b'Ref,Title\n1,"' + b"abc\n" * 10_000_000,
        "has a cell of more than 1,048,576 characters in or before line 262,146;"
        " a quotation mark that is not closed makes such cells, so look for one there"),
    "cells of nothing.tsv": (lambda: (b"\t" * 100 + b"\n") * 500_000, TOO_MUCH),
    "brackets without end.json": (
        lambda: b"[" * 60_000_000,
        "is not a list of flat objects: object 1, line 1 is no object;"
        " give each a text, a number, true, false or null for each name"),
    "objects without end.json": (lambda: b"[" + b"{}," * 20_000_000 + b"{}]", TOO_MUCH),
    "names without end.json": (
        lambda: b"[" + b",".join(b'{"%d":1}' % n for n in range(1_000_000)) + b"]", TOO_MUCH),
    "wide characters.json": (lambda: b'[{"a":"' + "😀".encode() * 15 * MIB, TOO_MUCH),
    "one object of everything.json": (
        lambda: b'[{"a":' + b"[" * 30_000_000,
        "is not a list of flat objects: object 1, line 1 has lists within lists;"
        " give each a text, a number, true, false or null for each name"),
    "millions of names in an object.json": (
        lambda: b"[{" + b",".join(b'"%d":%d' % (n, n) for n in range(3_600_000)) + b"}]",
        TOO_MUCH),
    "lists of nothing in an object.json": (
        lambda: b'[{"a":[' + b"[]," * 20_000_000 + b"[]]}]", TOO_MUCH),
}  # fmt: skip


READ_WHOLE = {
    "numbers.xlsx": "read 60000 rows",
    "texts.xlsx": "read 30000 rows",
    "numbers.ods": "read 50000 rows",
    "repeated.ods": "read 50000 rows",
    "numbers.xls": "read 35000 rows",
    "cells.csv": "read 50000 rows",
}
"""What of the heavy files must be read, because irbtrack's own exports may be as large."""

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux tells what a process has taken"
)


@pytest.mark.long
@needs_proc
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_soon_and_in_bounds(tmp_path: Path, name: str) -> None:
    make, said = BOMBS[name]
    path = tmp_path / name
    path.write_bytes(make())
    outcome = outcome_of(path)
    assert (outcome.said, outcome.stderr) == (said, "")
    assert outcome.mib < 300
    assert outcome.seconds < SOON


HEAVY: dict[str, Callable[[], bytes]] = {
    "numbers.xlsx": lambda: xlsx_of_xml(many_cells(1_200_000, "<v>1.5</v>")),
    "texts.xlsx": lambda: xlsx_of_xml(many_cells(600_000, "<v>some text</v>", ' t="str"')),
    "texts in the place of numbers.xlsx": lambda: xlsx_of_xml(
        many_cells(1_000_000, "<v>1abcdefghijklmnopqrstuvwxyz123</v>")),
    "corner.xlsx": lambda: xlsx_of_xml(cell("A1") + cell("AD50000")),
    "incompressible.xlsx": lambda: xlsx_of_xml(
        b"".join(cell(f"A{n}", f"<is><t>{noise(30_000, n).decode()}</t></is>", ' t="inlineStr"')
                 for n in range(1, 1_700))),
    "wide.csv": lambda: ("😀" * 50 + "\n").encode() * 300_000,
    "wide.xlsx": lambda: xlsx_of_xml(
        b"".join(cell(f"A{n}", f"<is><t>{'a' * 20_000}&#x1F600;</t></is>", ' t="inlineStr"')
                 for n in range(1, 1_200))),
    "tags.xlsx": lambda: xlsx_of_xml(cell("A1"), after=b"<a/>" * 20_000_000),
    "cells in another way.xlsx": lambda: xlsx_of_xml(
        (b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>") * 10_000),
    "numbers.ods": lambda: ods_table(
        ods_row(b'<table:table-cell office:value-type="float" office:value="1.5"/>' * 20) * 50_000),
    "repeated.ods": lambda: ods_table(ods_row(ods_cell(20, b"some text"), 50_000)),
    "numbers.xls": lambda: xls_of_records(
        records(*(number(n // 20, n % 20) for n in range(700_000)))),
    "cells.csv": lambda: (b"abc," * 24 + b"abc\n") * 50_000,
    "objects.json": lambda: (
        b"[" + b",".join([b'{"a":"text text","b":1.5,"c":"more text","d":null}'] * 400_000) + b"]"),
}  # fmt: skip


@pytest.mark.long
@needs_proc
@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_is_read_or_refused_in_bounds(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HEAVY[name]())
    outcome = outcome_of(path)
    assert outcome.said == READ_WHOLE.get(name, TOO_MUCH) or (
        name not in READ_WHOLE and outcome.said.startswith("read ")
    )
    assert (outcome.stderr, outcome.mib < 300, outcome.seconds < SOON) == ("", True, True)


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


WEB_PAGE = b"<html><body><table><tr><td>Ref</td></tr></table></body></html>"
AS_XLSX = "open it in a spreadsheet program and save it as .xlsx"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", WEB_PAGE, f"is a web page under the name of a workbook; {AS_XLSX}"),
        ("a.xls", b"\r\n <!DOCTYPE html>",
         f"is a web page under the name of a workbook; {AS_XLSX}"),
        ("a.csv", WEB_PAGE, f"is a web page under the name of a text file; {AS_XLSX}"),
        ("a.csv", WEB_PAGE.decode().encode("utf-16"),
         f"is a web page under the name of a text file; {AS_XLSX}"),
        ("a.ods", b"\xef\xbb\xbf<?xml version='1.0'?><office:document/>",
         f"is an XML file under the name of a workbook; {AS_XLSX}"),
        ("a.xlsx", b"Ref,Title\n", f"is text under the name of a workbook; {AS_XLSX}"),
        ("a.xls", b"Ref\tTitle\n", f"is text under the name of a workbook; {AS_XLSX}"),
        ("a.csv", xlsx_of({"A": [["x"]]}),
         "is a workbook under the name of a text file; rename it so that it ends in .xlsx"),
        ("a.json", xls_of({"A": [["x"]]}),
         "is a workbook under the name of a text file; rename it so that it ends in .xls"),
        ("a.xls", xlsx_of({"A": [["x"]]}),
         "is a workbook under the name of another kind of workbook;"
         " rename it so that it ends in .xlsx"),
        ("a.xlsx", ods_of({"A": [["x"]]}),
         "is a workbook under the name of another kind of workbook;"
         " rename it so that it ends in .ods"),
        ("a.xlsx", zip_of({"a.txt": b"x"}),
         "is a zip file and not a workbook; take out the workbook that is in it"),
        ("a.csv", zip_of({"a.txt": b"x"}),
         "is a zip file and not a workbook; take out the workbook that is in it"),
        ("a.xlsx", zip_of({"word/document.xml": b"x"}),
         "is a Word document; save its table as .xlsx"),
        ("a.xls", ole_of({"WordDocument": b"x"}), "is a Word document; save its table as .xlsx"),
        ("a.xls", ole_of({"Other": b"x"}), "is not a workbook; save its table as .xlsx"),
        ("a.xlsx", zip_of({"xl/workbook.bin": b"x"}),
         "is a binary workbook (.xlsb); save it as .xlsx"),
        ("a.ods", zip_of({"mimetype": b"application/vnd.oasis.opendocument.text"}),
         "is a document but not a spreadsheet; save its table as .ods"),
        ("a.csv", b"%PDF-1.7\n",
         "is a PDF document under the name of a text file; save its table as .xlsx"),
        ("a.txt", b"Ref\n",
         "ends in '.txt'; irbtrack reads .xlsx, .xlsm, .xls, .ods, .csv, .tsv and .json"),
        ("tracker", b"Ref\n",
         "has no ending; irbtrack reads .xlsx, .xlsm, .xls, .ods, .csv, .tsv and .json"),
        ("a.csv", b"", "is empty; give a file with a header row"),
        ("a.xlsx", b"", "is empty; give a file with a header row"),
    ],
)  # fmt: skip
def test_what_a_file_is_is_decided_by_its_bytes(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    assert refusal_of(written(tmp_path, name, data)) == said


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"Ref,Title\n1,a\0b\n",
         "has the byte 0x00 in line 2, which is no character; save it again as UTF-8"),
        ("a.csv", b"Ref,Title\n1,caf\xe9\n2,\x81\n",
         "has the byte 0x81 in line 3, which is no character; save it again as UTF-8"),
        ("a.csv", "Ref\n😀\n".encode("utf-16")[:-4],
         "has the byte 0x3D in line 2, which is no character; save it again as UTF-8"),
        ("a.json", b'[{"a":\n"caf\xe9"}]',
         "has the byte 0xE9 in line 2, which is no character; save it again as UTF-8"),
        ("a.csv", b'Ref,Title\n1,"a"b\n',
         "has a quotation mark in or before line 2 that is not closed, or has text after it;"
         " put a second one next to a quotation mark within a cell"),
        ("a.tsv", b'Ref\tTitle\n1\t"a\n2\tb\n',
         "has a quotation mark in or before line 3 that is not closed, or has text after it;"
         " put a second one next to a quotation mark within a cell"),
    ],
)  # fmt: skip
def test_text_that_is_none_is_refused_with_its_place(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    assert refusal_of(written(tmp_path, name, data)) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('[{"a": 1}, 2]', "object 2, line 1 is no object"),
        ('[{"a": 1},\n{"b": [1]}]', "object 2, line 2 has a list as 'b'"),
        ('[{"a": {"b": 1}}]', "object 1, line 1 has an object as 'a'"),
        ('[{"a": ' + "[" * 1000 + "]" * 1000 + "}]", "object 1, line 1 has lists within lists"),
        ("[" * 1000 + "]" * 1000, "object 1, line 1 is no object"),
        ('[{"a": 1, "a": 2}]', "object 1, line 1 has 'a' twice"),
        ('[{"a": NaN}]', "object 1, line 1 has NaN, which is not a value of JSON"),
        ('[{"a": -Infinity}]', "object 1, line 1 has -Infinity, which is not a value of JSON"),
        ('[{"a": 1e999}]', "object 1, line 1 has a number as 'a' that is too large"),
        ('[{"a": ' + "9" * 10_000 + "}]", "object 1, line 1 has a number as 'a' that is too large"),
        ('[{"a": 01}]', "object 1, line 1 is not written as JSON is"),
        ('[{"a": 1} {"a": 2}]', "object 1, line 1 lacks a ',' or what comes before it"),
        ('[{"a" 1}]', "object 1, line 1 is not written as JSON is"),
        ("[{a: 1}]", "object 1, line 1 is not written as JSON is"),
        ('[{"a": 1},]', "object 2, line 1 is no object"),
        ('[{"a": 1}', "object 1, line 1 lacks a ',' or what comes before it"),
        ('[{"a": "b', "object 1, line 1 is not written as JSON is"),
        ('[{"a": "b\nc"}]', "object 1, line 1 is not written as JSON is"),
        ('[{"a": "\\ud800"}]', "object 1, line 1 has half a character in a text"),
        ('[{"\\ud800": 1}]', "object 1, line 1 has half a character in a text"),
        ('[{"a": 1}] []', "object 1, line 1 has something after its list"),
    ],
)
def test_json_that_is_no_list_of_flat_objects_is_refused(
    tmp_path: Path, data: str, said: str
) -> None:
    assert refusal_of(written(tmp_path, "a.json", data.encode())) == (
        f"is not a list of flat objects: {said};"
        " give each a text, a number, true, false or null for each name"
    )


def test_what_stands_after_a_list_is_refused_however_far_it_is(tmp_path: Path) -> None:
    data = b'[{"a":1}' + b" " * (8 * MIB - 9) + b"]x"  # where a window of the text ends
    assert "object 1, line 1 has something after its list" in refusal_of(
        written(tmp_path, "a.json", data)
    )


@pytest.mark.parametrize("data", [b"{}", b"1", b'"a"', b"null", b"  ", b'{"actions": []}', b"x"])
def test_json_that_is_no_list_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal_of(written(tmp_path, "a.json", data)) == (
        "is not a list of objects; write [{...}, {...}]"
    )


def test_what_is_no_regular_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "none.csv") == "does not exist; check the name and the folder"
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    assert refusal_of(folder) == "is a folder; name a file in it"
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert refusal_of(pipe) == "is a pipe or a device; give a file"
    device = tmp_path / "device.csv"
    device.symlink_to("/dev/zero")
    assert refusal_of(device) == "is a pipe or a device; give a file"
    assert refusal_of(tmp_path / "none.csv" / "x.csv").startswith(("does not exist", "cannot be"))
    assert refusal_of(Path("a\0b.csv")).startswith("a\\x00b.csv ")
    assert refusal_of(tmp_path / ("a" * 300 + ".csv")).startswith("cannot be read: File name too")


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = written(tmp_path, "a.csv", b"Ref\n")
    monkeypatch.setattr(Path, "open", refuse)
    assert refusal_of(path) == (
        "may not be read; close it in other programs, or ask for the permission to read it"
    )


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.touch()
    os.truncate(path, 64 * MIB + 1)
    assert refusal_of(path) == (
        "has more than 64 MiB, the most that is read;"
        " take out what it need not have, or save it as several files"
    )


def test_a_name_is_never_a_control_sequence(tmp_path: Path) -> None:
    path = written(tmp_path, "\x1b[31m\u202ea.csv", b"")
    assert refusal_of(path).startswith("\\x1b[31m\\u202ea.csv is empty; ")


def encrypted(data: bytes) -> bytes:
    file = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(data)).encrypt("secret", file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", encrypted(xlsx_of({"A": [["x"]]}))),
        ("a.xls", xls_of_records(b"", texts=[(0x2F, b"\1\0" + bytes(52))])),
        ("a.xls", xls_of_records(b"", texts=[(0x2F, b"\0\0" + bytes(4))])),
        ("a.ods", with_part(ods_of({"A": [["x"]]}), "META-INF/manifest.xml",
                            b"<m:manifest><m:encryption-data/></m:manifest>")),
    ],
)  # fmt: skip
def test_a_protected_file_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    assert refusal_of(written(tmp_path, name, data)) == LOCKED


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", with_part(xlsx_of({"A": [["x"]]}), "xl/workbook.xml", b"<workbook/>")),
        ("a.xls", xls_of_records()),
        ("a.ods", ods_of_xml(b"")),
    ],
)
def test_a_workbook_without_sheets_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    assert refusal_of(written(tmp_path, name, data)) == (
        "is a workbook without sheets; give one with a table"
    )


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    table = b'<table:table table:name="%b">' + ods_row(ods_cell()) + b"</table:table>"
    data = ods_of_xml(table % b"Open" + table % b"open")
    assert refusal_of(written(tmp_path, "a.ods", data)) == (
        "has two sheets of the name 'open'; rename one of them"
    )


WHOLE = {
    "a.xlsx": xlsx_with_shared_texts(TRACKER),
    "a.ods": ods_of({"A": TRACKER}),
    "a.xls": xls_of({"A": TRACKER}),
    "a.json": json.dumps([{"a": 1}] * 20).encode(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, name: str) -> None:
    data = WHOLE[name]
    for size in range(5, len(data) - 600 if name == "a.xls" else len(data) - 1, len(data) // 40):
        assert "\n" not in refusal_of(written(tmp_path, name, data[:size]))


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_part_that_does_not_match_its_checksum_is_refused(tmp_path: Path, part: str) -> None:
    data = zip_of(parts_of(xlsx_with_shared_texts(TRACKER)), compression=zipfile.ZIP_STORED)
    at = data.index(parts_of(data)[part]) + 200
    data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    assert refusal_of(written(tmp_path, "a.xlsx", data)) == DAMAGED


@pytest.mark.parametrize("number", ["7", " 0 ", "-1", "+0", "0x0", "a"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_number_of_no_shared_text_is_refused(tmp_path: Path, number: str, prefix: str) -> None:
    row = f'<row r="1"><{prefix}c r="A1" t="s"><v>{number}</v></{prefix}c></row>'
    data = xlsx_of_xml(row.encode(), shared=shared(b"<si><t>a</t></si>"))
    assert refusal_of(written(tmp_path, "a.xlsx", data)) == DAMAGED


@pytest.mark.parametrize("part", ["xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels",
                                  SHEET])  # fmt: skip
@pytest.mark.parametrize("xml", [b"", b"<a", b"<a/>", b"\xff\xfe<\0", b"<!DOCTYPE a><a/>"])
def test_a_part_that_is_something_else_is_refused(tmp_path: Path, part: str, xml: bytes) -> None:
    path = written(tmp_path, "a.xlsx", with_part(xlsx_of({"A": [["x"]]}), part, xml))
    assert refusal_of(path) in (DAMAGED, "is a workbook without sheets; give one with a table")


@needs_proc
def test_merged_cells_that_are_not_there_are_a_refusal_and_nothing_else_is_said(
    tmp_path: Path,
) -> None:
    sheet = records(number(0, 0), (0xE5, b"\x64\0"))  # a hundred merged cells, and none follow
    outcome = outcome_of(written(tmp_path, "a.xls", xls_of_records(sheet)))
    assert (outcome.said, outcome.stderr) == (DAMAGED, "")


def test_nothing_is_fetched_or_worked_out(tmp_path: Path) -> None:
    xml = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
    data = with_part(xlsx_of_xml(rows), SHEET, xml + parts_of(xlsx_of_xml(rows))[SHEET])
    assert refusal_of(written(tmp_path, "a.xlsx", data)) == DAMAGED
    formula = b'<row r="1"><c r="A1"><f>WEBSERVICE("http://localhost")</f></c></row>'
    (sheet,) = read_book(written(tmp_path, "b.xlsx", xlsx_of_xml(formula))).sheets
    assert (list(sheet.rows), list(sheet.unread)) == ([()], [(0, 0)])


def test_csv_that_any_reader_of_the_process_uses_keeps_its_limit(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    read_book(written(tmp_path, "a.csv", csv_of(TRACKER)))
    refusal_of(written(tmp_path, "b.csv", b'"' + b"a" * 2 * MIB))
    assert csv.field_size_limit() == before
