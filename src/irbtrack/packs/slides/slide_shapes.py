"""The shapes of a slide that hold text and tables, and what screen readers are told of shapes.

The library would set one property at a time, which takes longer than everything else.
"""

from collections.abc import Iterable
from copy import deepcopy
from functools import partial
from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from irbtrack.packs.slides.slide_flow import Box, PlacedTable
from irbtrack.packs.slides.slide_tables import table_xml
from irbtrack.packs.slides.slide_text import Linking, SlideParagraph, numbered, paragraph_xml

TABLE = "http://schemas.openxmlformats.org/drawingml/2006/table"


def length(points: float) -> int:
    """Return a length in points as files have it."""
    return round(points * 12_700)


def frame_xml(box: Box, name: str = "a:xfrm") -> str:
    """Return the XML of where a shape is."""
    left, top, width, height = map(length, box)
    return f'<{name}><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></{name}>'


def put_text(
    slide: Any,
    box: Box,
    paragraphs: Iterable[SlideParagraph],
    size: float,
    placeholder: Any = None,
) -> None:
    """Put paragraphs on a slide: into a placeholder, which is moved there, or into a text box."""
    link = link_from(slide)
    text = "".join(paragraph_xml(one, link, size=size) for one in numbered(paragraphs))
    xml = (
        f'<p:spPr>{frame_xml(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        '<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t">'
        f"<a:noAutofit/></a:bodyPr><a:lstStyle/>{text}</p:txBody>"
    )
    tree = slide.shapes._spTree
    if placeholder is not None:
        placeholder[1:] = list(parsed(f"<p:sp>{xml}</p:sp>"))
        tree.append(placeholder)
        return
    number = next_number(tree)
    tree.append(
        parsed(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Text {number}"/>'
            f'<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>{xml}</p:sp>'
        )
    )


def put_table(slide: Any, placed: PlacedTable, colour: str) -> Any:
    """Put rows of a table on a slide, and return their frame."""
    tree = slide.shapes._spTree
    number = next_number(tree)
    frame = parsed(
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number}" name="Table {number}"/>'
        '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
        f"</p:nvGraphicFramePr>{frame_xml(placed.box, 'p:xfrm')}<a:graphic>"
        f'<a:graphicData uri="{TABLE}">'
        f"{table_xml(placed.table, placed.rows, link_from(slide), colour)}"
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
    tree.append(frame)
    return frame


def put_like(slide: Any, model: Any, paragraphs: str) -> None:
    """Copy a placeholder of a layout to a slide, with other paragraphs."""
    tree = slide.shapes._spTree
    shape = deepcopy(model)
    shape.nvSpPr.cNvPr.set("id", str(next_number(tree)))
    write(shape, paragraphs)
    tree.append(shape)


def write(shape: Any, paragraphs: str) -> None:
    """Replace the paragraphs of a shape."""
    body = shape.get_or_add_txBody()
    for old in body.findall(qn("a:p")):
        body.remove(old)
    body.extend(parsed(f"<a:txBody>{paragraphs}</a:txBody>"))


def describe(shape: Any, title: str, text: str) -> None:
    """Give a shape its title and its alternative text, which the library can't."""
    named = next(shape.iter(qn("p:cNvPr")))
    named.set("title", title)
    named.set("descr", text)


def link_from(slide: Any) -> Linking:
    """Return a function that links a slide to an address and returns the link's identifier."""
    return partial(slide.part.relate_to, reltype=RT.HYPERLINK, is_external=True)


def next_number(tree: Any) -> int:
    """Return an identifier that no shape of a slide has."""
    return 1 + max(int(named.get("id")) for named in tree.iter(qn("p:cNvPr")))


def parsed(xml: str) -> Any:
    """Return an element of XML, in which the usual prefixes needn't be declared."""
    return parse_xml(xml.replace(">", f" {nsdecls('a', 'p', 'r')}>", 1))
