"""A Word document made from a council's template: its design stays, and its text goes."""

import random
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt
from pptx import Presentation
from shared.packs import grid_of, pack_of
from shared.word_files import NAMESPACES, W, Word, fields_of, opened, text_of, value

from irbtrack.domain.answers import Kind
from irbtrack.domain.figures.sentences import sentence
from irbtrack.errors import Refused
from irbtrack.packs.document import Heading, Points, Prose
from irbtrack.packs.office.office_template import WORD
from irbtrack.packs.word.to_docx import to_docx

PACK = pack_of(
    Heading("Progress"),
    Prose((sentence("Told."),)),
    Points(("one\n\n- within", "two"), numbered=True),
    Points(("- typed",)),
    grid_of(("a", 1), kinds=(Kind.TEXT, Kind.NUMBER)),
    marking="OFFICIAL",
)


def template_of(change: Callable[[Document], object] = lambda _: None) -> bytes:
    """A template with text, a footer and a design of its own."""
    document = docx.Document()
    document.core_properties.author = "Somebody Else"
    document.add_heading("Old heading")
    old = document.add_paragraph("Old text")
    document.add_comment(old.runs, "Old comment", author="Somebody Else")
    section = document.sections[0]
    section.page_width, section.page_height = Mm(200), Mm(280)
    section.header.paragraphs[0].text = "Example Borough Council"
    section.footer.paragraphs[0].text = "www.example.org"
    document.styles["Heading 1"].font.size = Pt(33)
    document.styles["List Bullet"].font.name = "Courier New"
    change(document)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A package with one of its parts changed."""
    changed = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(changed, "w", ZIP_DEFLATED) as made:
        for one in given.namelist():
            part = given.read(one)
            made.writestr(one, change(part) if one == name else part)
    return changed.getvalue()


def as_template(content: bytes) -> bytes:
    """The same document as Word saves a template (.dotx)."""
    types = "[Content_Types].xml"
    return with_part(content, types, lambda part: part.replace(WORD.document, WORD.template))


def made(template: bytes) -> Word:
    return opened(to_docx(PACK, template))


@pytest.mark.parametrize("saved_as", [bytes, as_template])
def test_its_design_stays_and_its_text_goes(saved_as: Callable[[bytes], bytes]) -> None:
    content = to_docx(PACK, saved_as(template_of()))
    word = opened(content)
    assert [text_of(one) for one in word.styled("heading 1", "heading 2")] == [
        "Section",
        "Progress",
    ]
    size = word.body.find("w:sectPr/w:pgSz", NAMESPACES)
    assert size is not None
    assert int(size.get(f"{W}w", "")) == pytest.approx(11339, abs=2)
    styles = {value(one, "w:name"): one for one in word.parts["word/styles.xml"]}
    assert value(styles["heading 1"], "w:rPr/w:sz") == "66"
    assert text_of(word.parts["word/header1.xml"]) == "Example Borough Council"
    with ZipFile(BytesIO(content)) as package:
        whole = b"".join(package.read(name) for name in package.namelist())
    for gone in (b"Old", b"Somebody", b"python-docx", b"thumbnail", WORD.template):
        assert gone not in whole


def test_the_result_is_the_same_each_time() -> None:
    template = template_of()
    assert to_docx(PACK, template) == to_docx(PACK, template)


def test_its_language_is_british_too() -> None:
    word = made(template_of())
    assert {one.get(f"{W}val") for one in word.parts["word/styles.xml"].iter(f"{W}lang")} == {
        "en-GB"
    }


def test_its_own_footer_gets_the_marking_and_an_empty_one_everything() -> None:
    assert text_of(made(template_of()).parts["word/footer1.xml"]) == "www.example.orgOFFICIAL"

    def emptied(document: Document) -> None:
        document.sections[0].footer.paragraphs[0].text = ""

    footer = made(template_of(emptied)).parts["word/footer1.xml"]
    assert fields_of(footer) == ["PAGE", "NUMPAGES"]
    assert "OFFICIAL" in text_of(footer)


def test_first_and_even_pages_are_marked_too() -> None:
    def differing(document: Document) -> None:
        document.sections[0].different_first_page_header_footer = True
        document.settings.odd_and_even_pages_header_footer = True
        document.sections[0].first_page_footer.paragraphs[0].text = "First"
        document.sections[0].even_page_footer.paragraphs[0].text = "Even"

    parts = made(template_of(differing)).parts
    footers = [text_of(part) for name, part in parts.items() if "footer" in name]
    assert sorted(footers) == ["EvenOFFICIAL", "FirstOFFICIAL", "www.example.orgOFFICIAL"]


def test_headers_of_an_earlier_section_stay() -> None:
    def in_two(document: Document) -> None:
        document.add_section()

    assert text_of(made(template_of(in_two)).parts["word/header1.xml"]) == "Example Borough Council"


def test_one_that_lies_sideways_is_not_turned() -> None:
    def sideways(document: Document) -> None:
        section = document.sections[0]
        section.page_width, section.page_height = Mm(280), Mm(200)
        section.orientation = WD_ORIENT.LANDSCAPE

    word = opened(to_docx(PACK, template_of(sideways)))
    (pages,) = word.all(".//w:sectPr/w:pgSz")
    assert (pages.get(f"{W}w"), pages.get(f"{W}orient")) == ("15874", "landscape")


def test_missing_styles_and_lists_are_added() -> None:
    bare = template_of()
    for part in ("word/styles.xml", "word/numbering.xml"):
        bare = with_part(bare, part, without_children)
    word = made(bare)
    assert [text_of(one) for one in word.styled("caption")] == ["Table 1: Table"]
    lists = word.parts["word/numbering.xml"]
    kinds = [value(one, "w:lvl/w:numFmt") for one in lists if one.tag == f"{W}abstractNum"]
    assert kinds == ["bullet", "decimal"]


def without_children(part: bytes) -> bytes:
    root = part[part.index(b"<w:") :].split(b">", 1)[0]
    return root + b"/>" if not root.endswith(b"/") else root + b">"


def test_its_own_lists_keep_their_look_and_get_deeper() -> None:
    word = made(template_of())
    (item, within, _, typed) = word.styled("List Bullet", "List Number")
    assert [text_of(one) for one in (item, within, typed)] == ["one", "within", "typed"]
    lists = word.parts["word/numbering.xml"]
    numbers = {one.get(f"{W}numId"): value(one, "w:abstractNumId") for one in lists.iter(f"{W}num")}
    looks = {one.get(f"{W}abstractNumId"): one for one in lists.iter(f"{W}abstractNum")}
    look = looks[numbers[value(within, "w:pPr/w:numPr/w:numId")]]
    levels = look.findall("w:lvl", NAMESPACES)
    assert [one.get(f"{W}ilvl") for one in levels] == list("012345678")
    assert value(levels[0], "w:lvlText") == "\uf0b7"


def test_its_usual_table_style_is_used() -> None:
    def usual(document: Document) -> None:
        style = OxmlElement("w:defaultTableStyle", {f"{W}val": "LightGrid"})
        document.settings.element.append(style)

    assert value(made(template_of()).body, "w:tbl/w:tblPr/w:tblStyle") == "BoardTable"
    assert value(made(template_of(usual)).body, "w:tbl/w:tblPr/w:tblStyle") == "LightGrid"


def test_a_style_of_another_kind_is_refused() -> None:
    def other(document: Document) -> None:
        document.styles["Caption"].delete()
        document.styles.add_style("Caption", WD_STYLE_TYPE.CHARACTER)

    with pytest.raises(Refused, match="the template's style 'caption' is no paragraph style"):
        made(template_of(other))


def test_margins_that_leave_no_room_are_refused() -> None:
    def narrow(document: Document) -> None:
        document.sections[0].left_margin = Mm(190)

    with pytest.raises(Refused, match="leaves too little room"):
        made(template_of(narrow))


def slides() -> bytes:
    saved = BytesIO()
    Presentation().save(saved)
    return saved.getvalue()


def bomb() -> bytes:
    """A package that is small, and hundreds of megabytes when unpacked."""
    saved = BytesIO()
    with ZipFile(saved, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(300 << 20))
    return saved.getvalue()


ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><w>&b;</w>'


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"Not a document",
        template_of()[:5000],
        slides(),
        bomb(),
        with_part(template_of(), "word/styles.xml", lambda _: ENTITIES),
        with_part(template_of(), "word/styles.xml", lambda part: part[:-50]),
        with_part(template_of(), "word/document.xml", lambda _: b"<document/>"),
        with_part(template_of(), "word/styles.xml", lambda _: b"<styles/>"),
        with_part(template_of(), "word/_rels/document.xml.rels", lambda _: b"<a/>"),
        with_part(template_of(), "word/document.xml", lambda p: p.replace(b"11339", b"wide")),
    ],
    ids=[
        "empty", "text", "truncated", "slides", "bomb", "entities", "malformed",
        "no document", "no styles", "no links", "odd size",
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused_in_a_sentence(broken: bytes) -> None:
    with pytest.raises(Refused, match=r"^the template [^\n]+; (open|give|make|rename) [^\n]+$"):
        made(broken)


def test_altered_templates_are_used_or_refused() -> None:
    template = to_docx(PACK)
    chance = random.Random(7)
    names = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml")
    for _ in range(40):
        altered = with_part(template, chance.choice(names), lambda part: mutated(part, chance))
        try:
            opened(to_docx(PACK, altered))
        except Refused:
            continue


def mutated(part: bytes, chance: random.Random) -> bytes:
    """A part of XML with something taken out, doubled, or given another value."""
    tags = part.split(b"<")
    place = chance.randrange(1, len(tags))
    match chance.randrange(3):
        case 0:
            tags[place : place + 1] = []
        case 1:
            tags[place : place + 1] = [tags[place]] * 2
        case 2:
            tags[place] = tags[place].replace(b'="', b'="x', 1)
    return b"<".join(tags)
