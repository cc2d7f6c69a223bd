"""Tables are read back out of packs, and out of files that somebody made up."""

import re
import time
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from shared.packs import AWKWARD, grid_of, pack_of

from irbtrack.domain.answers import Kind
from irbtrack.errors import Refused
from irbtrack.packs.document import Signed
from irbtrack.packs.formats import FORMATS, written
from irbtrack.packs.proving import MARK, token
from irbtrack.packs.reading_back import as_read, tables_in, token_in

PACKED = ("docx", "pptx", "xlsx")
WORD = f"{MARK}eJyrVkosSs7ILEtVslIqSCwqTi1KVaoFAFgPB5c="

SLIDES = "ppt/presentation.xml"
MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of parts."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def word_file(body: str, declared: str = "") -> bytes:
    """A Word document with a body."""
    return packed({"word/document.xml": f"{declared}<w:document xmlns:w='w'>{body}</w:document>"})


def slides(*contents: str) -> bytes:
    """A presentation whose slides are listed the other way round than their files are named."""
    count = len(contents)
    listed = "".join(f"<p:sldId id='{256 + n}' r:id='r{n}'/>" for n in range(count))
    links = "".join(
        f"<Relationship Id='r{n}' Type='x/slide' Target='slides/slide{count - n}.xml'/>"
        for n in range(count)
    )
    return packed(
        {
            "_rels/.rels": f"<R><Relationship Id='m' Type='{MAIN}' Target='{SLIDES}'/></R>",
            SLIDES: f"<p:presentation xmlns:p='p' xmlns:r='r'>{listed}</p:presentation>",
            "ppt/_rels/presentation.xml.rels": f"<R>{links}</R>",
            **{
                f"ppt/slides/slide{count - n}.xml": f"<p:sld xmlns:p='p' xmlns:a='a'>{one}</p:sld>"
                for n, one in enumerate(contents)
            },
        }
    )


def on_slide(title: str, *rows: tuple[str, ...]) -> str:
    """A table on a slide, with its title."""
    cells = "".join(
        f"<a:tr>{''.join(f'<a:tc><a:p><a:t>{text}</a:t></a:p></a:tc>' for text in row)}</a:tr>"
        for row in rows
    )
    return (
        f"<p:graphicFrame><p:cNvPr id='2' name='t' descr='{title}'/>"
        f"<a:tbl>{cells}</a:tbl></p:graphicFrame>"
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Agreed:\n- one\n  - two\n3. three", "Agreed: one two three"),
        ("• one\n– two", "one two"),
        ("2023. A year", "A year"),
        ("two  words ", "two words"),
        ("-", "-"),
        ("-2", "-2"),
        ("+9", "9"),
        ("=", "0"),
        ("= same", "= same"),
        ("+9 days", "+9 days"),
        ("= 9", "= 9"),
    ],
)
def test_cells_are_compared_by_their_words(text: str, read: str) -> None:
    assert as_read(grid_of([text])) == [["A"], [read]]
    for ending in ("html", "md", "xlsx"):
        pack = pack_of(grid_of([text, "beside"]))
        assert tables_in(written(pack, ending), ending) == [[["A", "B"], [read, "beside"]]]


@pytest.mark.parametrize("ending", [ending for ending in FORMATS if ending != "pdf"])
def test_awkward_texts_come_back(ending: str) -> None:
    kinds = (Kind.TEXT, Kind.MARKDOWN, Kind.CHANGE)
    rows = [[text, f"**{n}** {text}", n - 9] for n, text in enumerate(AWKWARD)]
    rows.append([None, "Agreed:\n- *one*\n- two\n\nAfter", Signed(3)])
    pack = pack_of(grid_of(*rows, kinds=kinds), grid_of(["x", 1], title="Another"))
    content = written(pack, ending)
    assert tables_in(content, ending) == [as_read(grid) for grid in pack.grids()]
    assert token_in(content, ending) == token(pack.proof)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_word_that_people_typed_is_no_proof(ending: str) -> None:
    typed = (WORD, f"<!-- {WORD} -->", f'<meta name="irbtrack" content="{WORD}">')
    more = (
        f"<cp:keywords>{WORD}</cp:keywords>",
        f"stream <?xpacket <pdf:Keywords>{WORD}</pdf:Keywords>",
    )
    texts = " ".join((*typed, *more))
    pack = pack_of(grid_of([texts]), title=texts, council=texts, author=texts, owner=texts)
    assert token_in(written(pack, ending), ending) == token(pack.proof)


def test_a_table_that_goes_on_is_one() -> None:
    header = ("Ref", "Title")
    first = on_slide("Actions", header, ("1", "one"), ("2", "two,"))
    second = on_slide("Actions (continued)", header, ("2 (continued)", "and more"), ("3", "three"))
    other = on_slide("Others", header, ("4", "four"))
    wider = on_slide("Wider (continued)", ("Ref", "Name"), ("5", "five"))
    found = tables_in(slides(first, second, other, wider), "pptx")
    assert found == [
        [["Ref", "Title"], ["1", "one"], ["2", "two, and more"], ["3", "three"]],
        [["Ref", "Title"], ["4", "four"]],
        [["Ref", "Name"], ["5", "five"]],
    ]


def test_cells_of_word_are_read_by_paragraph() -> None:
    body = (
        "<w:p><w:r><w:t>before</w:t></w:r></w:p><w:tbl><w:tr><w:tc>\n"
        "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>"
        "<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>d</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    assert tables_in(word_file(body), "docx") == [[["ab c d"]]]


@pytest.mark.parametrize("ending", PACKED)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing",
        b"PK\x03\x04" + b"\0" * 40,
        packed({"other.txt": "x"}),
        packed({"word/document.xml": "<open>", "ppt/presentation.xml": "<open>"}),
    ],
)
def test_what_is_no_document_is_refused(ending: str, content: bytes) -> None:
    for reading in (tables_in, token_in):
        with pytest.raises(Refused, match=r"^the file is "):
            reading(content, ending)


@pytest.mark.parametrize("ending", PACKED)
def test_a_document_that_is_cut_off_is_refused(ending: str) -> None:
    content = written(pack_of(grid_of(["x"])), ending)
    with pytest.raises(Refused, match=r"^the file is damaged"):
        tables_in(content[: len(content) // 2], ending)


def test_entities_are_never_resolved() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    declared = f'<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]>'
    with pytest.raises(Refused, match="damaged"):
        tables_in(word_file("<w:t>&l12;</w:t>", declared), "docx")
    with pytest.raises(Refused, match="damaged"):
        tables_in(slides(f"{declared}<a:t>&l12;</a:t>"), "pptx")


def test_xml_in_an_encoding_that_nobody_knows_is_refused() -> None:
    strange = "<?xml version='1.0' encoding='strange'?><R/>"
    for content, ending in (
        (word_file("", strange.removesuffix("<R/>")), "docx"),
        (packed({"_rels/.rels": strange}), "pptx"),
        (packed({"_rels/.rels": strange}), "xlsx"),
    ):
        with pytest.raises(Refused, match="damaged"):
            tables_in(content, ending)


def test_a_slide_that_nothing_leads_to_is_refused() -> None:
    with ZipFile(BytesIO(slides("<a:tbl/>"))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    listed = packed({**parts, SLIDES: parts[SLIDES].replace(b"r:id='r0'", b"r:id='r9'")})
    with pytest.raises(Refused, match="damaged"):
        tables_in(listed, "pptx")


def test_a_workbook_with_what_cannot_be_a_number_is_refused() -> None:
    content = written(pack_of(grid_of(["x"])), "xlsx")
    with ZipFile(BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb'<row r="1"', b'<row r="one"', parts[sheet])
    with pytest.raises(Refused, match="damaged"):
        tables_in(packed(parts), "xlsx")


def test_what_would_unpack_to_too_much_is_refused() -> None:
    bomb = word_file(f"<w:t>{'x' * 140_000_000}</w:t>")
    assert len(bomb) < 200_000
    with pytest.raises(Refused, match="holds more than"):
        tables_in(bomb, "docx")


@pytest.mark.parametrize(
    "page",
    [
        b"<table>" * 100_000,
        b"<td>x</td>" * 100_000,
        b"<table><tr>" + b"<td>x" * 100_000,
        b"<!--" * 100_000,
        b"<a " * 100_000,
        b"<a '<\"" * 100_000,
        b"<a " + b"x=" * 200_000,
        b"&" * 300_000,
        b"<table><tr><td>\xff\xfe</td></tr></table>",
    ],
)
def test_strange_pages_are_read_in_no_time(page: bytes) -> None:
    begun = time.process_time()
    tables_in(page, "html")
    assert time.process_time() - begun < 2


@given(st.text(max_size=200), st.sampled_from(["html", "md"]))
def test_any_text_can_be_read(text: str, ending: str) -> None:
    tables_in(text.encode(errors="replace"), ending)
    assert token_in(text.encode(errors="replace"), ending) is None or MARK in text


def test_a_file_without_proof_has_none() -> None:
    assert token_in(b"nothing", "html") is None
    assert token_in(b"nothing", "md") is None
    assert token_in(b"%PDF-1.7", "pdf") is None
    core = "<cp:coreProperties xmlns:cp='c'><cp:keywords>audit</cp:keywords></cp:coreProperties>"
    assert token_in(packed({"docProps/core.xml": core}), "docx") is None


def test_a_workbook_that_was_saved_again_is_read_alike() -> None:
    content = written(pack_of(grid_of(["x", 1]), grid_of(["y", 2])), "xlsx")
    again = BytesIO()
    load_workbook(BytesIO(content)).save(again)
    assert again.getvalue() != content
    assert token_in(again.getvalue(), "xlsx") == token_in(content, "xlsx")
    assert tables_in(again.getvalue(), "xlsx") == tables_in(content, "xlsx")
