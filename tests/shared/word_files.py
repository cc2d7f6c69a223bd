"""Word documents as another program finds them: their parts, paragraphs and fields."""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}
W, R = f"{{{NAMESPACES['w']}}}", f"{{{NAMESPACES['r']}}}"


class Word(NamedTuple):
    """A document by its parts, as another program finds them."""

    parts: dict[str, Element]
    body: Element

    def all(self, path: str) -> list[Element]:
        return self.body.findall(path, NAMESPACES)

    def styled(self, *names: str) -> Iterator[Element]:
        """The paragraphs that have one of these styles, by the styles' names."""
        styles = self.parts["word/styles.xml"].findall("w:style", NAMESPACES)
        ids = {value(style, "w:name"): style.get(f"{W}styleId") for style in styles}
        wanted = {ids[name] for name in names}
        for paragraph in self.body.iter(f"{W}p"):
            if value(paragraph, "w:pPr/w:pStyle") in wanted:
                yield paragraph


def value(element: Element, path: str) -> str | None:
    found = element.find(path, NAMESPACES)
    return None if found is None else found.get(f"{W}val")


def text_of(element: Element) -> str:
    """The text of an element as a reader sees it, with its line breaks."""
    shown = {f"{W}t": None, f"{W}br": "\n"}
    return "".join(shown[one.tag] or one.text or "" for one in element.iter() if one.tag in shown)


def opened(content: bytes) -> Word:
    with ZipFile(BytesIO(content)) as package:
        parts = {
            name: ElementTree.fromstring(package.read(name))
            for name in package.namelist()
            if name.endswith((".xml", ".rels"))
        }
    body = parts["word/document.xml"].find("w:body", NAMESPACES)
    assert body is not None
    return Word(parts, body)


def fields_of(element: Element) -> list[str]:
    return [(one.text or "").strip() for one in element.iter(f"{W}instrText")]
