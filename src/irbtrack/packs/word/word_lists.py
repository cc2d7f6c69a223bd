"""Lists of a Word document: bullets, and numbers that begin anew with each list."""

from collections.abc import Iterator
from itertools import count

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart

from irbtrack.packs.word.word_styles import StyleSheet
from irbtrack.packs.word.word_xml import NAMESPACES

LEVELS = 9
"""How deep a list of Word goes."""

INDENT = 360
"""How far each level is from the one above it, in twentieths of a point."""

_BULLETS = ("•", "–")


class WordLists:
    """The lists of a document. Their look is that of the styles List Bullet and List Number."""

    def __init__(self, document: Document, styles: StyleSheet, *, is_template: bool) -> None:
        self._root = _numbering(document)
        if not is_template:
            for child in list(self._root):
                self._root.remove(child)
        for hint in self._root.findall(qn("w:numIdMacAtCleanup")):  # it may only stand at the end
            self._root.remove(hint)
        self._open: dict[int, tuple[int, int]] = {}
        self._numbers: Iterator[int] = self._unused("num", "numId")
        self.bullets = self._list_of(styles, "List Bullet")
        self._numbered = self._abstract_of(self._list_of(styles, "List Number"))

    def numbered(self, level: int, number: int) -> int:
        """Return the list of an item. A new one is begun unless ``number`` follows the last one."""
        self.leave(level + 1)
        going_on, last = self._open.get(level, (0, 0))
        if not going_on or number != last + 1:
            going_on = self._begun(self._numbered, level, number)
        self._open[level] = (going_on, number)
        return going_on

    def leave(self, level: int = 0) -> None:
        """End the numbered lists at a level and below it."""
        self._open = {at: one for at, one in self._open.items() if at < level}

    def _list_of(self, styles: StyleSheet, name: str) -> int:
        """Return the list that a style belongs to, which is added if there is none."""
        style = styles.element(name)
        said = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        own = None if said is None else self._find("num", "numId", said.get(qn("w:val")))
        if own is not None and self._deepened(own, name):
            return int(own.get(qn("w:numId"), "0"))
        abstract = next(self._unused("abstractNum", "abstractNumId"))
        definition = parse_xml(
            f'<w:abstractNum {NAMESPACES} w:abstractNumId="{abstract}">'
            f'<w:multiLevelType w:val="multilevel"/>{"".join(_levels(name, range(LEVELS)))}'
            "</w:abstractNum>"
        )
        first = self._root.find(qn("w:num"))
        self._root.insert(len(self._root) if first is None else self._root.index(first), definition)
        begun = self._begun(abstract)
        style.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = begun
        return begun

    def _deepened(self, own: BaseOxmlElement, name: str) -> bool:
        """Add the levels that a template's list lacks; return whether that can be done."""
        said = own.find(qn("w:abstractNumId"))
        abstract = (
            None
            if said is None
            else self._find("abstractNum", "abstractNumId", said.get(qn("w:val")))
        )
        if abstract is None or abstract.find(qn("w:lvl")) is None:
            return False
        there = {level.get(qn("w:ilvl")) for level in abstract.findall(qn("w:lvl"))}
        missing = [level for level in range(LEVELS) if str(level) not in there]
        for level in _levels(name, missing):
            abstract.append(parse_xml(level.replace("<w:lvl ", f"<w:lvl {NAMESPACES} ", 1)))
        kind = abstract.find(qn("w:multiLevelType"))
        if kind is not None and missing:
            kind.set(qn("w:val"), "multilevel")
        return True

    def _begun(self, abstract: int, level: int = 0, number: int | None = None) -> int:
        """Begin a list whose items at a level are counted from a number."""
        begun = next(self._numbers)
        start = (
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{number}"/></w:lvlOverride>'
            if number is not None
            else ""
        )
        xml = (
            f'<w:num {NAMESPACES} w:numId="{begun}"><w:abstractNumId w:val="{abstract}"/>'
            f"{start}</w:num>"
        )
        self._root.append(parse_xml(xml))
        return begun

    def _abstract_of(self, number: int) -> int:
        own = self._find("num", "numId", str(number))
        assert own is not None
        return int(own.find(qn("w:abstractNumId")).get(qn("w:val")))

    def _find(self, tag: str, key: str, value: str | None) -> BaseOxmlElement | None:
        there = self._root.findall(qn(f"w:{tag}"))
        return next((one for one in there if one.get(qn(f"w:{key}")) == value), None)

    def _unused(self, tag: str, key: str) -> Iterator[int]:
        """Return numbers that no definition of a kind has yet, in order."""
        used = [int(one.get(qn(f"w:{key}"), "0")) for one in self._root.findall(qn(f"w:{tag}"))]
        return count(max(used, default=0) + 1)


def _levels(name: str, levels: range | list[int]) -> Iterator[str]:
    for level in levels:
        if name == "List Bullet":
            kind, text = "bullet", _BULLETS[level % len(_BULLETS)]
        else:
            kind, text = "decimal", f"%{level + 1}."
        yield (
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>'
            f'<w:ind w:left="{INDENT * (level + 1)}" w:hanging="{INDENT}"/></w:pPr></w:lvl>'
        )


def _numbering(document: Document) -> BaseOxmlElement:
    """Return the definitions of a document's lists. If a template has none, they are added."""
    main = document.part
    for relation in main.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING:
            there: BaseOxmlElement = relation.target_part.element
            if there.tag != qn("w:numbering"):
                raise ValueError("the part for lists has none")
            return there
    root = parse_xml(f"<w:numbering {NAMESPACES}/>")
    part = NumberingPart(
        PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, root, main.package
    )
    main.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return root
