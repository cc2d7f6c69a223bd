"""The styles of a Word document: those of a council's template, and ours where it has none."""

from collections.abc import Iterator
from typing import NamedTuple

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from irbtrack.errors import Refused
from irbtrack.packs.drawing.palette import FAINT, LINE, ink_on, readable
from irbtrack.packs.lettering.language import LANGUAGE
from irbtrack.packs.word.word_xml import NAMESPACES

TABLE_POINTS = 9
"""The size of the letters in tables, in points."""

_DEFAULTS = (
    f"<w:docDefaults {NAMESPACES}><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    '<w:sz w:val="22"/><w:szCs w:val="22"/>'
    f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
)


class WordStyle(NamedTuple):
    """A style as we define it, for documents that have none of its name.

    One that is based on none is the usual one of its kind. ``paragraph`` and ``letters`` are what
    stands in its properties, and ``table`` what follows them in the style of a table.
    """

    name: str
    kind: str = "paragraph"
    based_on: str = "Normal"
    paragraph: str = ""
    letters: str = ""
    table: str = ""


def _spaced(before: int, after: int = 0, line: int = 240) -> str:
    """Return the space around a paragraph and the height of its lines, in twentieths of a point."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _letters(points: float, *, bold: bool = False, ink: str = "") -> str:
    weight = "<w:b/><w:bCs/>" if bold else ""
    colour = f'<w:color w:val="{ink.removeprefix("#")}"/>' if ink else ""
    return f'{weight}{colour}<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'


def _rule(side: str, size: int, colour: str, space: int = 0) -> str:
    shade = colour.removeprefix("#")
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{shade}"/>'


def _of_word(colour: str) -> Iterator[WordStyle]:
    """Yield the styles that Word has too, by the names in its files."""
    ink = readable(colour)
    together = "<w:keepNext/><w:keepLines/>"
    contents = '<w:tabs><w:tab w:val="right" w:pos="9600"/></w:tabs>'
    yield WordStyle("Normal", based_on="", paragraph=_spaced(140, 0, 269))
    yield WordStyle(
        "Title",
        paragraph=f"<w:pBdr>{_rule('bottom', 18, ink, 12)}</w:pBdr>{_spaced(120, 360)}",
        letters=_letters(30, bold=True, ink=ink),
    )
    yield WordStyle(
        "TOC Heading",
        paragraph=f"{together}{_spaced(0, 160)}",
        letters=_letters(20, bold=True, ink=ink),
    )
    yield WordStyle("toc 1", paragraph=f"{contents}{_spaced(130)}", letters=_letters(11, bold=True))
    yield WordStyle(
        "toc 2", paragraph=f'{contents}{_spaced(30)}<w:ind w:left="280"/>', letters=_letters(10)
    )
    yield WordStyle(
        "heading 1",
        paragraph=f'{together}<w:pageBreakBefore/>{_spaced(0, 120)}<w:outlineLvl w:val="0"/>',
        letters=_letters(20, bold=True, ink=ink),
    )
    yield WordStyle(
        "heading 2",
        paragraph=f'{together}{_spaced(320, 40)}<w:outlineLvl w:val="1"/>',
        letters=_letters(14, bold=True, ink=ink),
    )
    yield WordStyle("List Bullet", paragraph=_spaced(80, 0, 269))
    yield WordStyle("List Number", paragraph=_spaced(80, 0, 269))
    yield WordStyle("List Continue", paragraph=f'{_spaced(60)}<w:ind w:left="360"/>')
    yield WordStyle(
        "caption", paragraph=f"<w:keepLines/>{_spaced(260, 80)}", letters=_letters(10, bold=True)
    )
    yield WordStyle(
        "footer",
        paragraph=f'{_spaced(0)}<w:jc w:val="center"/>',
        letters=_letters(8.5, ink=FAINT),
    )
    yield WordStyle("Default Paragraph Font", "character", based_on="")
    yield WordStyle(
        "Hyperlink",
        "character",
        "Default Paragraph Font",
        letters='<w:color w:val="0B4F9E"/><w:u w:val="single"/>',
    )
    yield WordStyle(
        "Normal Table",
        "table",
        based_on="",
        table='<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>",
    )


def _of_ours(colour: str) -> Iterator[WordStyle]:
    """Yield the styles that only our documents have."""
    to_the_right = '<w:jc w:val="right"/>'
    yield WordStyle("Cover Logo", paragraph=_spaced(600))
    yield WordStyle("Cover Council", paragraph=_spaced(2400), letters=_letters(16, ink=FAINT))
    yield WordStyle(
        "Cover Fact",
        paragraph='<w:tabs><w:tab w:val="left" w:pos="2400"/></w:tabs>'
        f'{_spaced(120)}<w:ind w:left="2400" w:hanging="2400"/>',
        letters=_letters(12),
    )
    yield WordStyle("Marking", paragraph=_spaced(600), letters=_letters(14, bold=True))
    yield WordStyle("Figure", paragraph=f"<w:keepNext/>{_spaced(240)}")
    yield WordStyle("Table Text", paragraph=_spaced(40, 40), letters=_letters(TABLE_POINTS))
    yield WordStyle("Table Heading", based_on="Table Text", letters="<w:b/><w:bCs/>")
    yield WordStyle("Table Number", based_on="Table Text", paragraph=to_the_right)
    yield WordStyle("Table Number Heading", based_on="Table Heading", paragraph=to_the_right)
    yield WordStyle("Section End", paragraph=_spaced(0, 0, 20), letters=_letters(1))
    yield _board_table(colour)


def _board_table(colour: str) -> WordStyle:
    """Return the style of tables: hairlines, and a header in the colour of the look."""
    fill, ink = colour.removeprefix("#"), ink_on(colour).removeprefix("#")
    borders = f"{_rule('top', 4, LINE)}{_rule('bottom', 8, colour)}{_rule('insideH', 4, LINE)}"
    return WordStyle(
        "Board Table",
        "table",
        "Normal Table",
        table=f'<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>{borders}</w:tblBorders>'
        "</w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/><w:color w:val="{ink}"/></w:rPr>'
        f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>',
    )


class StyleSheet:
    """The styles that a document can use, by their names."""

    def __init__(self, document: Document, colour: str, *, is_template: bool) -> None:
        """Give a document the styles of a pack, and those that it has keep their look.

        Raises :class:`Refused` if one is there that is no style of paragraphs, or of letters, or of
        tables, as it has to be.
        """
        self._root: BaseOxmlElement = document.styles.element
        if self._root.tag != qn("w:styles"):
            raise ValueError("the part for styles has none")
        if not is_template:
            for style in self._root.findall(qn("w:style")):
                self._root.remove(style)
            self._root.replace(self._root.find(qn("w:docDefaults")), parse_xml(_DEFAULTS))
        self._there: dict[str, BaseOxmlElement] = {
            (_value(style, "w:name") or "").casefold(): style
            for style in self._root.findall(qn("w:style"))
        }
        self._ids: dict[str, str] = {}
        for style in _of_word(colour):
            self._ids[style.name.casefold()] = self._found(style)
        for style in _of_ours(colour):
            self._ids[style.name.casefold()] = self._found(style, ' w:customStyle="1"')
        self._say_language()
        usual = document.settings.element.find(qn("w:defaultTableStyle"))
        named = None if usual is None else usual.get(qn("w:val"))
        tables = (one for one in self._there.values() if one.get(qn("w:type")) == "table")
        is_there = named in {one.get(qn("w:styleId")) for one in tables}
        self.table = named if named and is_there else self["Board Table"]

    def __getitem__(self, name: str) -> str:
        """Return the identifier of a style, which may differ from its name."""
        return self._ids[name.casefold()]

    def element(self, name: str) -> BaseOxmlElement:
        """Return the definition of a style."""
        return self._there[name.casefold()]

    def _found(self, wanted: WordStyle, kind: str = "") -> str:
        """Return the identifier of a style, which is added if it is missing."""
        there = self._there.get(wanted.name.casefold())
        if there is None:
            there = self._there[wanted.name.casefold()] = parse_xml(self._xml_of(wanted, kind))
            self._root.append(there)
        elif there.get(qn("w:type"), "paragraph") != wanted.kind:
            raise Refused(
                f"the template's style '{wanted.name}' is no {wanted.kind} style, as the pack needs"
                " it to be; rename it in the template"
            )
        return str(there.get(qn("w:styleId")))

    def _xml_of(self, style: WordStyle, kind: str) -> str:
        used = {one.get(qn("w:styleId")) for one in self._there.values()}
        identifier = style.name.title().replace(" ", "")
        while identifier in used:
            identifier += "0"
        default = "" if style.based_on else ' w:default="1"'
        based_on = f'<w:basedOn w:val="{self[style.based_on]}"/>' if style.based_on else ""
        return (
            f'<w:style {NAMESPACES} w:type="{style.kind}"{default}{kind} w:styleId="{identifier}">'
            f'<w:name w:val="{style.name}"/>{based_on}<w:qFormat/>'
            f"{_properties('pPr', style.paragraph)}{_properties('rPr', style.letters)}"
            f"{style.table}</w:style>"
        )

    def _say_language(self) -> None:
        """Set the language of all styles, and of the document where it says none."""
        for said in self._root.iter(qn("w:lang")):
            said.set(qn("w:val"), LANGUAGE)
        defaults = _child(_child(_child(self._root, "docDefaults", 0), "rPrDefault", 0), "rPr", 0)
        _child(defaults, "lang").set(qn("w:val"), LANGUAGE)


def _properties(tag: str, inside: str) -> str:
    return f"<w:{tag}>{inside}</w:{tag}>" if inside else ""


def _value(style: BaseOxmlElement, tag: str) -> str | None:
    found = style.find(qn(tag))
    return None if found is None else found.get(qn("w:val"))


def _child(parent: BaseOxmlElement, name: str, place: int | None = None) -> BaseOxmlElement:
    """Return a child of an element. If it is missing, it is added at a place or at the end."""
    found: BaseOxmlElement | None = parent.find(qn(f"w:{name}"))
    if found is None:
        found = parse_xml(f"<w:{name} {NAMESPACES}/>")
        parent.insert(len(parent) if place is None else place, found)
    return found
