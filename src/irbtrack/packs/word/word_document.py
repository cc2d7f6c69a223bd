"""A Word document without text, from a council's template or our own, its pages and properties."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.rel import Relationships
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.section import Section, _Footer
from docx.shared import Mm, Pt, Twips

from irbtrack.errors import Refused
from irbtrack.packs.document import BoardPack
from irbtrack.packs.lettering.language import LANGUAGE
from irbtrack.packs.lettering.paper import paper_of
from irbtrack.packs.office.core_properties import core_properties
from irbtrack.packs.office.office_template import WORD, as_document
from irbtrack.packs.word.word_styles import StyleSheet
from irbtrack.packs.word.word_xml import NAMESPACES, field, paragraph, words

TWIP = int(Twips(1))
"""A twentieth of a point, in the units of the library."""

WORD_2013 = "15"
"""The version of Word that has no "compatibility mode"."""

MARGINS = 20
"""The margin at each side of a page of ours, in millimetres."""

XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_SPEAKING = ("w:t", "w:fldChar", "w:fldSimple", "w:drawing", "w:pict", "w:object")

_KEPT_PARTS = frozenset(
    {
        RELATIONSHIP_TYPE.STYLES,
        RELATIONSHIP_TYPE.SETTINGS,
        RELATIONSHIP_TYPE.WEB_SETTINGS,
        RELATIONSHIP_TYPE.THEME,
        RELATIONSHIP_TYPE.FONT_TABLE,
        RELATIONSHIP_TYPE.NUMBERING,
        RELATIONSHIP_TYPE.HEADER,
        RELATIONSHIP_TYPE.FOOTER,
        RELATIONSHIP_TYPE.FOOTNOTES,
        RELATIONSHIP_TYPE.ENDNOTES,
    }
)
"""What is kept of a template's parts. The others belong to its text, or tell of its author."""

_KEPT_OF_PACKAGE = frozenset(
    {
        RELATIONSHIP_TYPE.OFFICE_DOCUMENT,
        RELATIONSHIP_TYPE.CORE_PROPERTIES,
        RELATIONSHIP_TYPE.CUSTOM_PROPERTIES,
    }
)


@contextmanager
def refusing_the_strange(*, is_template: bool) -> Iterator[None]:
    """Raise :class:`Refused` where a template has something the library cannot read."""
    try:
        yield
    except (AttributeError, LookupError, SyntaxError, TypeError, ValueError):
        if not is_template:
            raise
        raise Refused(
            "the template is not as Word would have saved it; open it in Word and save it again"
        ) from None


def opened_document(template: bytes | None) -> Document:
    """Return a document without text, from a council's template if there is one.

    It has one section, with the headers and footers of the template's last one. Raises
    :class:`Refused` for a template that is damaged or of another program.
    """
    document = docx.Document(None if template is None else as_document(template, WORD))
    _empty(document)
    if template is None:
        for mode in document.settings.element.xpath(
            "w:compat/w:compatSetting[@w:name='compatibilityMode']"
        ):
            mode.set(qn("w:val"), WORD_2013)
    return document


def _empty(document: Document) -> None:
    """Remove a document's text and what belongs to it. Page sizes, headers and footers stay."""
    body = document.element.body
    references = {
        (edge.tag, edge.get(qn("w:type"))): edge
        for edge in body.xpath(".//w:sectPr/w:headerReference | .//w:sectPr/w:footerReference")
    }
    last = body.get_or_add_sectPr()
    body.clear_content()
    for child in last.xpath("w:headerReference | w:footerReference | w:cols"):
        last.remove(child)
    for place, edge in enumerate(references.values()):
        last.insert(place, edge)
    used = {edge.get(qn("r:id"), "") for edge in references.values()}
    _keep_parts(document.part.rels, _KEPT_PARTS, used)
    package = document.part.package
    assert package is not None
    _keep_parts(package.rels, _KEPT_OF_PACKAGE)
    settings = document.settings.element
    for origin in settings.xpath("w:attachedTemplate | w:rsids | w:proofState | w:mailMerge"):
        settings.remove(origin)
    _keep_parts(document.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS).rels, frozenset())
    for said in settings.xpath("w:themeFontLang"):
        said.set(qn("w:val"), LANGUAGE)


def _keep_parts(
    relations: Relationships, kinds: frozenset[str], used: Iterable[str] | None = None
) -> None:
    """Keep the parts of some kinds; of headers and footers, only those that are used."""
    for identifier, relation in list(relations.items()):
        is_edge = relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
        if relation.reltype not in kinds or (is_edge and identifier not in (used or ())):
            del relations[identifier]


def set_pages(document: Document, page: str, *, is_template: bool) -> None:
    """Set the size of the pages as the look has it, unless a template says it."""
    section = document.sections[-1]
    section.start_type = WD_SECTION.NEW_PAGE
    if is_template and section.page_width and section.page_height:
        return
    paper = paper_of(page)
    section.page_width, section.page_height = Pt(paper.width), Pt(paper.height)
    is_turned = paper.width > paper.height
    section.orientation = WD_ORIENT.LANDSCAPE if is_turned else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Mm(MARGINS)
    section.top_margin = section.bottom_margin = Mm(MARGINS)
    section.header_distance = section.footer_distance = Mm(10)
    section.gutter = Mm(0)


class PageText(NamedTuple):
    """The width and the height of the text of a page, in twentieths of a point."""

    width: int
    height: int


def page_text(section: Section) -> PageText:
    """Return how large the text of a section's pages is."""
    width, height = section.page_width or Mm(210), section.page_height or Mm(297)
    sides = (section.left_margin or 0, section.right_margin or 0, section.gutter or 0)
    edges = (abs(section.top_margin or 0), abs(section.bottom_margin or 0))
    return PageText((width - sum(sides)) // TWIP, (height - sum(edges)) // TWIP)


def is_upright(section: Section) -> bool:
    """Return whether the pages of a section are higher than wide."""
    return (section.page_width or 0) < (section.page_height or 1)


def turned(section: Section) -> str:
    """Turn the pages from here on, and return the XML that describes those up to here.

    The pages that follow have the same headers and footers, but none of their own for a first page.
    """
    pages = section.part.element.body.get_or_add_sectPr()
    before: str = pages.xml
    for child in pages.xpath("w:headerReference | w:footerReference | w:titlePg | w:pgNumType"):
        pages.remove(child)
    section.page_width, section.page_height = section.page_height, section.page_width
    section.orientation = WD_ORIENT.PORTRAIT if is_upright(section) else WD_ORIENT.LANDSCAPE
    return before


def set_footers(document: Document, pack: BoardPack, styles: StyleSheet) -> None:
    """Say on each page which document it is of, its marking, and its number.

    A template's own footer stays, and gets the marking only.
    """
    section = document.sections[0]
    footers: list[_Footer] = [section.footer]
    if section.different_first_page_header_footer:
        footers.append(section.first_page_footer)
    if document.settings.odd_and_even_pages_header_footer:
        footers.append(section.even_page_footer)
    marking = pack.cover.marking
    pages = f"{words('Page ')}{field('PAGE', '1')}{words(' of ')}{field('NUMPAGES', '1')}"
    said = [words(text) for text in (pack.cover.full_title, marking) if text]
    for footer in footers:
        root = footer.part.element
        told = words(marking) if marking else ""
        if not root.xpath(" | ".join(f".//{tag}" for tag in _SPEAKING)):
            told = words("  |  ").join([*said, pages])
            for child in list(root):
                root.remove(child)
        if told:
            xml = paragraph(told, pack.cover.full_title, styles["Footer"])
            root.append(parse_xml(xml.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))


def set_properties(document: Document, pack: BoardPack) -> None:
    """Say in the document's properties what it is, and what it was made from."""
    document.core_properties.language = LANGUAGE  # this makes the part if there is none
    package = document.part.package
    assert package is not None
    part = package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    part._element = parse_xml(core_properties(pack))


def saved_with(document: Document, text: Iterable[str]) -> bytes:
    """Return a document with its text, given as XML, as a file.

    The text is written past the library, which takes minutes over a long table.
    """
    written, whole = BytesIO(), BytesIO()
    document.save(written)
    pages = document.element.body.get_or_add_sectPr().xml
    main = f"<w:document {NAMESPACES}><w:body>{''.join(text)}{pages}</w:body></w:document>"
    with ZipFile(written) as given, ZipFile(whole, "w") as packed:
        for name in given.namelist():
            is_main = name == document.part.partname.membername
            packed.writestr(name, XML + main.encode() if is_main else given.read(name))
    return whole.getvalue()
