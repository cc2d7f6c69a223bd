"""What a pack's slides look like: our own design, or a council's template.

Layouts are found by what they have room for, and not by their names.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from irbtrack.errors import Refused
from irbtrack.packs.document import Look
from irbtrack.packs.drawing.palette import FAINT, INK, SERIES, ink_on, readable
from irbtrack.packs.office.office_template import POWERPOINT, as_document
from irbtrack.packs.slides.slide_flow import Box

WIDTH, HEIGHT = 960.0, 540.0
"""The size of our own slides in points, which is 16 to 9."""

MARGIN, TOP, BOTTOM = 44.0, 106.0, 500.0
"""Where our own slides have their content: from the sides, and from the top."""

FONT = "Arial"

LEAST_WIDTH, LEAST_HEIGHT = 400.0, 180.0
"""How much room a template must leave for content, in points."""

_FAULTS = (
    *(AttributeError, LookupError, TypeError, ValueError),
    *(PythonPptxError, etree.LxmlError),
)
"""What the library raises if a sound zip file of XML is no presentation."""

KEPT = {
    RT.SLIDE_MASTER,
    RT.NOTES_MASTER,
    RT.HANDOUT_MASTER,
    RT.THEME,
    RT.PRES_PROPS,
    RT.VIEW_PROPS,
    RT.TABLE_STYLES,
    RT.FONT,
}
"""The parts that a template keeps. Its slides, comments and the like are removed."""

_HEADINGS = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_BODIES = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
_LATENT = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


class SlideLayout(NamedTuple):
    """A layout, which of its placeholders have the title and the text, and where those are.

    A layout for a title alone has no ``body``. ``footer`` is the width of the place for a footer,
    or 0 if there is none.
    """

    layout: Any
    title: int
    title_room: Box
    body: int | None
    room: Box
    footer: float


class Design(NamedTuple):
    """A presentation without slides, and the layouts for them.

    ``height`` is that of a slide in points, and ``colour`` that of the headers of tables.
    """

    presentation: Any
    cover: SlideLayout
    content: SlideLayout
    bare: SlideLayout
    height: float
    colour: str


def designed(look: Look, template: bytes | None) -> Design:
    """Return the design of a pack: our own, or that of a template. Raises :class:`Refused`."""
    if template is None:
        presentation = Presentation()
        _make_own(presentation, look)
    else:
        presentation = _opened(template)
    _leave_behind(presentation)
    layouts = [one for master in presentation.slide_masters for one in master.slide_layouts]
    cover = _layout(layouts, PP_PLACEHOLDER.SUBTITLE)
    content = _layout(layouts, *_BODIES)
    if cover is None or content is None:
        missing = "a title slide" if cover is None else "a layout with a title and content"
        raise Refused(
            f"the template lacks {missing}; add it in the slide master, or make the pack without"
            " --template"
        )
    if content.room.width < LEAST_WIDTH or content.room.height < LEAST_HEIGHT:
        raise Refused(
            "the template leaves too little room for content below its titles; make that larger in"
            " the slide master"
        )
    bare = _layout(layouts) or content
    height = presentation.slide_height / 12_700
    colour = look.colour if template is None else _main_colour(presentation, look)
    return Design(presentation, cover, content, bare, height, colour)


def _opened(template: bytes) -> Any:
    """Return the presentation that a template is."""
    package = as_document(template, POWERPOINT)
    try:
        presentation = Presentation(package)
        for master in presentation.slide_masters:
            for layout in master.slide_layouts:
                list(layout.placeholders)
        _theme(presentation)
    except _FAULTS:
        raise Refused(
            "the template is not put together as PowerPoint does it; open it in PowerPoint and"
            " save it again"
        ) from None
    return presentation


def _leave_behind(presentation: Any) -> None:
    """Remove the content of a presentation: its slides, comments, preview and tags."""
    part = presentation.part
    gone = [key for key, rel in part.rels.items() if rel.reltype not in KEPT]
    root = presentation.element
    for element in list(root.iter()):
        if element.get(qn("r:id")) in gone:
            element.getparent().remove(element)
    for tag in ("p:extLst", "p:custShowLst", "p:custDataLst"):
        for element in root.findall(qn(tag)):
            root.remove(element)
    for key in gone:
        part.rels.pop(key)
    package = part.package
    for key, rel in list(package._rels.items()):
        if rel.reltype not in (RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES):
            package._rels.pop(key)


def _layout(layouts: Iterable[Any], *kinds: Any) -> SlideLayout | None:
    """Return the layout with a title, a placeholder of one of the kinds, and the least besides.

    Without kinds it has a title only. Return None if there is none.
    """
    found = []
    for place, layout in enumerate(layouts):
        there = [one for one in layout.placeholders if one.placeholder_format.type not in _LATENT]
        titles = [one for one in there if one.placeholder_format.type in _HEADINGS]
        others = [one for one in there if one.placeholder_format.type not in _HEADINGS]
        wanted = [one for one in others if one.placeholder_format.type in kinds]
        if len(titles) == 1 and (wanted if kinds else not others):
            body = max(wanted, key=lambda one: one.width * one.height, default=None)
            found.append((len(others), place, layout, titles[0], body))
    if not found:
        return None
    _, _, layout, title, body = min(found, key=lambda one: one[:2])
    kinds_there = {one.placeholder_format.type: one for one in layout.placeholders}
    footer = kinds_there.get(PP_PLACEHOLDER.FOOTER)
    return SlideLayout(
        layout,
        title.placeholder_format.idx,
        _room(title),
        body and body.placeholder_format.idx,
        _room(body or title),
        _room(footer).width if footer else 0.0,
    )


def _room(shape: Any) -> Box:
    """Return where the text of a placeholder is, in points, by its layout or else its master."""
    frame = shape.text_frame
    left, top = shape.left + frame.margin_left, shape.top + frame.margin_top
    width = shape.width - frame.margin_left - frame.margin_right
    height = shape.height - frame.margin_top - frame.margin_bottom
    return Box(*(value / 12_700 for value in (left, top, width, height)))


def _theme(presentation: Any) -> Any:
    return presentation.slide_masters[0].part.part_related_by(RT.THEME)


def _main_colour(presentation: Any, look: Look) -> str:
    """Return the first accent of a template's theme, or the pack's colour if it isn't plain."""
    found = re.search(
        rb"<a:accent1>\s*<a:srgbClr val=\"([0-9A-Fa-f]{6})\"", _theme(presentation).blob
    )
    return f"#{found[1].decode().lower()}" if found else look.colour


def _make_own(presentation: Any, look: Look) -> None:
    """Turn the library's design into ours: 16 to 9, in Arial and the pack's colour."""
    presentation.slide_width, presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
    del presentation.element.sldSz.attrib["type"]
    _colour_theme(presentation, look)
    master = presentation.slide_masters[0]
    for layout in list(master.slide_layouts)[6:]:
        master.slide_layouts.remove(layout)
    cover, content, *_, bare = list(master.slide_layouts)
    for layout in list(master.slide_layouts):
        if layout not in (cover, content, bare):
            master.slide_layouts.remove(layout)
    wide = WIDTH - 2 * MARGIN
    places = {
        PP_PLACEHOLDER.TITLE: Box(MARGIN, 24, wide, 64),
        PP_PLACEHOLDER.BODY: Box(MARGIN, TOP, wide, BOTTOM - TOP),
        PP_PLACEHOLDER.FOOTER: Box(MARGIN, 510, wide - 80, 18),
        PP_PLACEHOLDER.SLIDE_NUMBER: Box(WIDTH - MARGIN - 70, 510, 70, 18),
    }
    for shape in list(master.placeholders):
        kind = shape.placeholder_format.type
        if kind in places:
            _put(shape, places[kind])
            _without_margins(shape)
        else:
            shape.element.getparent().remove(shape.element)
    for layout in (content, bare):
        for shape in list(layout.placeholders):
            _inherit(shape)
            _without_margins(shape)
    _style_titles(master)
    _style_footers((master, cover, content, bare))
    _panel(master, Box(MARGIN, 92, wide, 1.5), readable(look.colour), "Rule")
    _make_cover(cover, look)


def _colour_theme(presentation: Any, look: Look) -> None:
    colours = {
        "dk2": readable(look.colour),
        "accent1": look.colour,
        **{f"accent{n}": colour for n, colour in enumerate(SERIES, 2)},
        "hlink": "#0b4f9e",
    }
    theme = _theme(presentation)
    root = etree.fromstring(theme.blob)
    for name, colour in colours.items():
        for element in root.iter(qn(f"a:{name}")):
            element[:] = [etree.Element(qn("a:srgbClr"), val=colour.removeprefix("#"))]
    for element in root.iter(qn("a:latin")):
        element.set("typeface", FONT)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _put(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = (Pt(one) for one in box)


def _without_margins(shape: Any) -> None:
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def _inherit(shape: Any) -> None:
    """Remove what says where a placeholder is, so that its master does; remove that for a date."""
    if shape.placeholder_format.type == PP_PLACEHOLDER.DATE:
        shape.element.getparent().remove(shape.element)
        return
    for element in shape.element.spPr.findall(qn("a:xfrm")):
        shape.element.spPr.remove(element)


def _style_titles(master: Any) -> None:
    for level in master.element.iter(qn("p:titleStyle")):
        first = level.find(qn("a:lvl1pPr"))
        first.set("algn", "l")
        letters = first.find(qn("a:defRPr"))
        letters.set("sz", "2400")
        letters.set("b", "1")
        for colour in letters.iter(qn("a:schemeClr")):
            colour.set("val", "tx2")
    for shape in master.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE:
            shape.text_frame._txBody.bodyPr.set("anchor", "b")


def _style_footers(pages: Iterable[Any]) -> None:
    sides = {PP_PLACEHOLDER.FOOTER: "l", PP_PLACEHOLDER.SLIDE_NUMBER: "r"}
    for page in pages:
        for shape in page.placeholders:
            if side := sides.get(shape.placeholder_format.type):
                _without_margins(shape)
                _style(shape, 10, FAINT, side)


def _style(shape: Any, size: int, colour: str, side: str = "l", *, bold: bool = False) -> None:
    """Say how the text of a placeholder looks."""
    style = shape.text_frame._txBody.find(qn("a:lstStyle"))
    style[:] = [
        parse_xml(
            f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" algn="{side}"><a:buNone/>'
            f'<a:defRPr sz="{size * 100}" b="{int(bold)}"><a:solidFill>'
            f'<a:srgbClr val="{colour.removeprefix("#")}"/></a:solidFill>'
            '<a:latin typeface="+mn-lt"/></a:defRPr></a:lvl1pPr>'
        )
    ]


def _panel(page: Any, box: Box, colour: str, name: str) -> None:
    """Draw a rectangle of a colour on a master or layout, behind what stands on it."""
    left, top, width, height = (Pt(one) for one in box)
    shape = parse_xml(
        f"<p:sp {nsdecls('p', 'a')}>"
        f'<p:nvSpPr><p:cNvPr id="90" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:srgbClr val="{colour.removeprefix("#")}"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    page.shapes._spTree.insert(2, shape)


def _make_cover(cover: Any, look: Look) -> None:
    """Lay out the cover: its title on a panel of the pack's colour, and the facts below."""
    ink = ink_on(look.colour)
    cover.element.set("showMasterSp", "0")
    places = {
        PP_PLACEHOLDER.CENTER_TITLE: (Box(MARGIN, 150, 720, 140), ink, 36),
        PP_PLACEHOLDER.SUBTITLE: (Box(MARGIN, 330, 620, 160), INK, 16),
    }
    for shape in list(cover.placeholders):
        kind = shape.placeholder_format.type
        if kind not in places:
            _inherit(shape)
            continue
        box, colour, size = places[kind]
        _put(shape, box)
        _without_margins(shape)
        anchor = "b" if kind == PP_PLACEHOLDER.CENTER_TITLE else "t"
        shape.text_frame._txBody.bodyPr.set("anchor", anchor)
        _style(shape, size, colour, bold=kind == PP_PLACEHOLDER.CENTER_TITLE)
    _panel(cover, Box(0, 0, WIDTH, 310), look.colour, "Panel")
