"""A presentation as its XML, read without the library that wrote it."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"

CONTINUED = "(continued)"

Rows = list[list[str]]


class Link(NamedTuple):
    """Where a relationship of a part leads."""

    kind: str
    target: str


class SlideXml(NamedTuple):
    """A slide with its name, its relationships by their keys, and its notes if it has some."""

    name: str
    root: Element
    links: dict[str, Link]
    notes: str

    @property
    def titles(self) -> list[str]:
        return [
            text_of(shape)
            for shape in self.root.iter(f"{P}sp")
            for place in shape.iter(f"{P}ph")
            if place.get("type") in ("title", "ctrTitle")
        ]

    @property
    def text(self) -> str:
        """All of its text, shape by shape."""
        return "\n".join(text_of(shape) for shape in self.root.iter(f"{P}sp"))

    @property
    def tables(self) -> Iterator[tuple[str, Rows]]:
        """Its tables, each with its alternative text."""
        for frame in self.root.iter(f"{P}graphicFrame"):
            for table in frame.iter(f"{A}tbl"):
                rows = [[text_of(c) for c in row.iter(f"{A}tc")] for row in table.iter(f"{A}tr")]
                yield named(frame).get("descr", ""), rows


class DeckXml:
    """The parts of a presentation, and its slides in order."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            assert len(names) == len(set(names))
            self.parts = {name: package.read(name) for name in names}
        self.slides = list(self._slides())

    def root(self, name: str) -> Element:
        return ElementTree.fromstring(self.parts[name])

    def links(self, name: str) -> dict[str, Link]:
        folder, _, file = name.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels"
        if rels not in self.parts:
            return {}
        return {
            one.attrib["Id"]: Link(
                one.attrib["Type"].rpartition("/")[2],
                one.attrib["Target"]
                if one.get("TargetMode") == "External"
                else posixpath.normpath(posixpath.join(folder, one.attrib["Target"])).lstrip("/"),
            )
            for one in self.root(rels).iter(f"{PACKAGE}Relationship")
        }

    def _slides(self) -> Iterator[SlideXml]:
        main = "ppt/presentation.xml"
        targets = self.links(main)
        for one in self.root(main).iter(f"{P}sldId"):
            name = targets[one.attrib[f"{R}id"]].target
            links = self.links(name)
            notes = [self.root(link.target) for link in links.values() if link.kind == "notesSlide"]
            said = [text_of(s) for n in notes for s in n.iter(f"{P}sp") if _is_body(s)]
            yield SlideXml(name, self.root(name), links, "\n".join(said))

    def charts(self) -> Iterator[Element]:
        """The charts, in the order of the slides."""
        for slide in self.slides:
            for link in slide.links.values():
                if link.kind == "chart":
                    yield self.root(link.target)

    def tables(self) -> list[tuple[str, Rows]]:
        """Its tables, those put together that go on from slide to slide."""
        found: list[tuple[str, Rows]] = []
        for slide in self.slides:
            for name, rows in slide.tables:
                if name.endswith(CONTINUED):
                    assert rows[0] == found[-1][1][0], name
                    assert name.removesuffix(f" {CONTINUED}") == found[-1][0]
                    found[-1][1].extend(rows[1:])
                else:
                    found.append((name, rows))
        return found


def _is_body(shape: Element) -> bool:
    return any(place.get("type") == "body" for place in shape.iter(f"{P}ph"))


def named(shape: Element) -> Element:
    """The element that names a shape and describes it."""
    return next(shape.iter(f"{P}cNvPr"))


def text_of(element: Element) -> str:
    """The text of a shape or a cell, with a line for each paragraph and break."""
    return "\n".join(
        "".join(
            "\n" if part.tag == f"{A}br" else part.text or ""
            for part in paragraph.iter()
            if part.tag in (f"{A}br", f"{A}t")
        )
        for paragraph in element.iter(f"{A}p")
    )
