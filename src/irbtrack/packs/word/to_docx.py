"""A board pack as a Word document, with Word's own headings, tables, captions and lists.

The text is put together as XML. The library has no header rows, captions or fields, and would take
minutes over a table of thousands of rows.
"""

import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import count, zip_longest

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.shape import CT_Inline
from docx.shared import Twips

from irbtrack.errors import Refused, printable
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    Cover,
    Drawing,
    Grid,
    Heading,
    PackSection,
    Points,
    Prose,
)
from irbtrack.packs.drawing.charts import chart_svg
from irbtrack.packs.drawing.plan_drawing import plan_svg
from irbtrack.packs.lettering.turned_pages import is_turned
from irbtrack.packs.lettering.typesetting import picture_of
from irbtrack.packs.marked_text import Run, Stanza, stanzas
from irbtrack.packs.office.fixed_times import with_fixed_times
from irbtrack.packs.word.word_document import (
    PageText,
    is_upright,
    opened_document,
    page_text,
    refusing_the_strange,
    saved_with,
    set_footers,
    set_pages,
    set_properties,
    turned,
)
from irbtrack.packs.word.word_lists import LEVELS, WordLists
from irbtrack.packs.word.word_styles import StyleSheet
from irbtrack.packs.word.word_tables import BESIDE, EM, table_xml
from irbtrack.packs.word.word_xml import (
    TAB,
    around_field,
    bookmarked,
    field,
    paragraph,
    words,
)

CHART_WIDTH = 9640
"""How wide a chart is at most, in twentieths of a point."""

LEAST = 2800
"""How wide and high the text of a page must be, in twentieths of a point."""

INCH = 1440
"""An inch in twentieths of a point."""

PIXELS = 180
"""How many pixels a picture has to an inch, so that it is sharp on paper."""

ABOUT_PICTURE = 2600
"""The height that a page keeps for headings and a caption, in twentieths of a point."""

LOGO = PageText(4800, 1100)
"""How large a logo is at most."""

CELL_INDENT = 200
"""How far each level of a list within a cell is from the one above it."""


def to_docx(pack: BoardPack, template: bytes | None = None) -> bytes:
    """Return a pack as a Word document, made from a council's template if there is one.

    Raises :class:`Refused` for a template that can't be used.
    """
    is_template = template is not None
    with refusing_the_strange(is_template=is_template):
        document = opened_document(template)
        styles = StyleSheet(document, pack.look.colour, is_template=is_template)
        set_pages(document, pack.look.page, is_template=is_template)
        set_footers(document, pack, styles)
        set_properties(document, pack)
        lists = WordLists(document, styles, is_template=is_template)
        writer = _PackText(document, styles, lists)
    text = list(writer.text(pack))
    return with_fixed_times(saved_with(document, text))


class _PackText:
    """The text of a pack as XML, with its headings, tables and figures counted.

    Pictures, links and lists that it needs are added to the document as it goes on.
    """

    def __init__(self, document: Document, styles: StyleSheet, lists: WordLists) -> None:
        self._document, self._styles, self._lists = document, styles, lists
        self._pages = document.sections[0]
        self._upright = page_text(self._pages)
        if min(self._upright) < LEAST:
            raise Refused(
                "the template leaves too little room for text; make its margins smaller in Word"
            )
        self._links: dict[str, str] = {}
        self._headings, self._tables, self._figures, self._pictures = (count(1) for _ in range(4))

    def text(self, pack: BoardPack) -> Iterator[str]:
        """Yield the cover, the table of contents and every section."""
        yield from self._cover(pack.cover)
        if pack.sections:
            yield from self._contents(pack.sections)
        can_turn = is_upright(self._pages)
        for section in pack.sections:
            if can_turn and self._is_turned(section) == is_upright(self._pages):
                yield paragraph("", "", self._styles["Section End"], ends=turned(self._pages))
            yield from self._section(section)

    def _is_turned(self, section: PackSection) -> bool:
        return is_turned(section, self._upright.width / EM, BESIDE)

    def _cover(self, cover: Cover) -> Iterator[str]:
        if cover.logo:
            says = f"The logo of {cover.council}"
            yield self._picture(cover.logo.content, says, says, "Cover Logo", LOGO)
        yield self._line(cover.council, "Cover Council")
        yield self._line(cover.title, "Title")
        for name, value in cover.facts:
            told = words(name, bold=True) + TAB + words(value)
            yield paragraph(told, value, self._styles["Cover Fact"])
        if cover.marking:
            yield self._line(cover.marking, "Marking")

    def _line(self, text: str, style: str, *, keeps_next: bool = False) -> str:
        return paragraph(words(text), text, self._styles[style], keeps_next=keeps_next)

    def _contents(self, sections: Iterable[PackSection]) -> Iterator[str]:
        """Yield the table of contents, with every heading and without the numbers of pages.

        Word fills the numbers in when the reader updates the table. The document doesn't ask for
        an update, because Word would then show a warning whenever it is opened.
        """
        entries: list[tuple[str, str]] = []
        for section in sections:
            entries.append((section.title, "TOC 1"))
            entries += [(one.text, "TOC 2") for one in section.blocks if isinstance(one, Heading)]
        yield (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
            "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>"
        )
        title = "Contents"
        yield paragraph(words(title), title, self._styles["TOC Heading"], begins_page=True)
        begin, end = around_field('TOC \\o "1-2" \\h \\z \\u')
        for number, (text, style) in enumerate(entries, 1):
            place = _place_of(number)
            page = TAB + field(f"PAGEREF {place} \\h", "")
            entry = (
                f'<w:hyperlink w:anchor="{place}" w:history="1">{words(text)}{page}</w:hyperlink>'
            )
            before = begin if number == 1 else ""
            after = end if number == len(entries) else ""
            yield paragraph(f"{before}{entry}{after}", text, self._styles[style])
        yield "</w:sdtContent></w:sdt>"

    def _section(self, section: PackSection) -> Iterator[str]:
        yield self._heading(section.title, "Heading 1")
        for block, after in zip_longest(section.blocks, section.blocks[1:]):
            match block:
                case Heading(text):
                    yield self._heading(text, "Heading 2")
                case Prose():
                    leads = isinstance(after, Grid | Chart | Drawing)
                    yield self._line(block.text, "Normal", keeps_next=leads)
                case Points():
                    yield from self._points(block)
                case Grid():
                    yield from self._grid(block)
                case Chart():
                    yield from self._figure(chart_svg(block), block, CHART_WIDTH)
                case Drawing():
                    yield from self._figure(plan_svg(block), block)

    def _grid(self, grid: Grid) -> Iterator[str]:
        yield self._caption("Table", next(self._tables), grid.table.title)
        yield from table_xml(grid, page_text(self._pages).width, self._styles, self._typed_in_cell)

    def _figure(self, svg: str, block: Chart | Drawing, widest: int = sys.maxsize) -> Iterator[str]:
        """Yield a picture with its caption, and its numbers in a table."""
        width, height = page_text(self._pages)
        room = PageText(min(width, widest), height - ABOUT_PICTURE)
        picture = picture_of(svg, room.width * PIXELS // INCH)
        yield self._picture(picture, block.title, block.says, "Figure", room)
        yield self._caption("Figure", next(self._figures), block.title)
        yield from self._grid(block.grid)

    def _heading(self, text: str, style: str) -> str:
        number = next(self._headings)
        marked = bookmarked(words(text), _place_of(number), number)
        return paragraph(marked, text, self._styles[style], begins_page=number == 1)

    def _caption(self, kind: str, number: int, title: str) -> str:
        told = words(f"{kind} ") + field(f"SEQ {kind} \\* ARABIC", str(number))
        told += words(f": {title}") if title else ""
        return paragraph(told, title, self._styles["Caption"], keeps_next=kind == "Table")

    def _picture(self, content: bytes, title: str, says: str, style: str, most: PageText) -> str:
        """Return a picture as large as fits, with what it shows in words."""
        relation, image = self._document.part.get_or_add_image(BytesIO(content))
        scale = min(most.width / image.px_width, most.height / image.px_height)
        number = next(self._pictures)
        inline = CT_Inline.new_pic_inline(
            number,
            relation,
            f"picture{number}.{image.ext}",
            Twips(round(image.px_width * scale)),
            Twips(round(image.px_height * scale)),
        )
        inline.docPr.set("descr", printable(says))
        inline.docPr.set("title", printable(title))
        return paragraph(f"<w:r><w:drawing>{inline.xml}</w:drawing></w:r>", "", self._styles[style])

    def _points(self, points: Points) -> Iterator[str]:
        """Yield a list, whose items may have paragraphs and lists of their own."""
        self._lists.leave()
        for number, text in enumerate(points.texts, 1):
            first, *others = stanzas(text) or [Stanza(())]
            yield self._item(first, 1, number if points.numbered else first.number)
            deeper = 0 if first.depth else 1
            for one in others:
                if one.depth:
                    yield self._item(one, one.depth + deeper, one.number)
                else:
                    yield paragraph(self._words(one), one.text, self._styles["List Continue"])

    def _typed_in_cell(self, text: str) -> str:
        """Return the paragraphs of what people typed, for the cell of a table."""
        self._lists.leave()
        return "".join(
            paragraph(
                self._words(one),
                one.text,
                self._styles["Table Text"],
                number=self._number(one.depth, one.number) if one.depth else None,
                indent=CELL_INDENT * one.depth,
            )
            for one in stanzas(text) or [Stanza(())]
        )

    def _item(self, stanza: Stanza, depth: int, number: int | None) -> str:
        style = self._styles["List Bullet" if number is None else "List Number"]
        listed = self._number(depth, number)
        return paragraph(self._words(stanza), stanza.text, style, number=listed)

    def _number(self, depth: int, number: int | None) -> tuple[int, int]:
        """Return the list and the level of an item."""
        level = min(depth, LEVELS) - 1
        if number is not None:
            return self._lists.numbered(level, number), level
        self._lists.leave(level)
        return self._lists.bullets, level

    def _words(self, stanza: Stanza) -> str:
        return "".join(map(self._run, stanza.runs))

    def _run(self, run: Run) -> str:
        if run.address is None:
            return words(run.text, bold=run.bold, italic=run.italic)
        relation = self._links.get(run.address)
        if relation is None:
            relation = self._links[run.address] = self._document.part.relate_to(
                run.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
        content = words(run.text, style=self._styles["Hyperlink"], bold=run.bold, italic=run.italic)
        return f'<w:hyperlink r:id="{relation}" w:history="1">{content}</w:hyperlink>'


def _place_of(number: int) -> str:
    """Return the name of the bookmark of a heading, as Word gives them."""
    return f"_Toc{number:09}"
