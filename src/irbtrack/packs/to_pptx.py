"""A board pack as PowerPoint slides, with tables and charts that can be edited."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC
from functools import partial
from io import BytesIO
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import XmlPart
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from irbtrack.errors import printable
from irbtrack.packs.document import BoardPack, Cover
from irbtrack.packs.fixed_times import with_fixed_times
from irbtrack.packs.line_breaks import line_starts
from irbtrack.packs.proving import say_proof, token
from irbtrack.packs.slide_charts import draw_chart
from irbtrack.packs.slide_design import Design, designed
from irbtrack.packs.slide_drawings import draw_plan
from irbtrack.packs.slide_flow import (
    Box,
    Placed,
    PlacedChart,
    PlacedDrawing,
    PlacedTable,
    PlacedText,
    SlidePlan,
    slides_of,
)
from irbtrack.packs.slide_tables import table_xml
from irbtrack.packs.slide_text import (
    LANGUAGE,
    LEADING,
    Link,
    SlideParagraph,
    no_link,
    numbered,
    paragraph_xml,
    plain,
)

TITLES = (24.0, 20.0, 16.0, 12.0, 9.0)
"""The sizes of titles, of which the largest that fits is taken."""

KICKER = 12.0
"""The size of the section's title above a slide's own."""

LOGO = (190.0, 110.0)
"""How wide and how high a logo is at most."""

NUMBER = (
    '<a:p><a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
    f'<a:rPr lang="{LANGUAGE}"/><a:t>‹#›</a:t></a:fld></a:p>'
)
"""The number of a slide, which the program that shows it knows."""

LATER = 100_000
"""Above the identifiers of all other shapes of a slide."""

LETTERED = tuple(qn(f"a:{name}") for name in ("rPr", "endParaRPr", "defRPr"))
"""What says how letters look, and in which language they are."""


def to_pptx(pack: BoardPack, template: bytes | None = None) -> bytes:
    """Return a pack as a PowerPoint presentation, in our own design or a council's template.

    Raise :class:`Refused` if the template can't be used.
    """
    design = designed(pack.look, template)
    _put_cover(design, pack.cover)
    for plan in slides_of(pack, design.room):
        _put_slide(design, plan, pack)
    _prove(design.presentation, pack)
    _speak_english(design.presentation)
    content = BytesIO()
    design.presentation.save(content)
    return with_fixed_times(content.getvalue())


def _put_cover(design: Design, cover: Cover) -> None:
    """Make the first slide: the title, the council, and the facts."""
    slide = design.presentation.slides.add_slide(design.cover)
    title, below, *others = sorted(slide.placeholders, key=_is_title, reverse=True)
    _write(slide, title, [plain(cover.title)])
    facts = [plain(f"{name}: {value}") for name, value in cover.facts]
    marking = [plain(cover.marking, bold=True)] if cover.marking else []
    _write(slide, below, [plain(cover.council, bold=True), *facts, *marking])
    for other in others:
        _remove(other)
    if cover.logo and cover.logo.ending in ("png", "jpg"):
        _put_logo(design, slide, cover)


def _is_title(shape: Any) -> bool:
    return shape.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def _put_logo(design: Design, slide: Any, cover: Cover) -> None:
    """Put the logo into the lower right corner of the cover."""
    assert cover.logo is not None
    picture = slide.shapes.add_picture(BytesIO(cover.logo.content), 0, 0)
    wide, high = (Pt(one) for one in LOGO)
    scale = min(wide / picture.width, high / picture.height)
    picture.width, picture.height = round(picture.width * scale), round(picture.height * scale)
    whole = design.presentation
    picture.left = whole.slide_width - picture.width - Pt(design.room.left)
    picture.top = whole.slide_height - picture.height - Pt(50)
    _describe(picture, "Logo", f"The logo of {cover.council}")


def _put_slide(design: Design, plan: SlidePlan, pack: BoardPack) -> None:
    texts = [one for one in plan.placed if isinstance(one, PlacedText)]
    slide = design.presentation.slides.add_slide(design.content if texts else design.bare)
    title, *bodies = sorted(slide.placeholders, key=_is_title, reverse=True)
    for shape in bodies[1 if texts else 0 :]:
        _remove(shape)
    _write_title(design, title, plan)
    for placed in plan.placed:
        body = bodies[0] if texts and placed is texts[0] else None
        _put(design, slide, placed, body, pack)
    _put_footer(design, slide, pack.cover)
    if plan.notes:
        _note(slide, plan.notes)


def _write_title(design: Design, shape: Any, plan: SlidePlan) -> None:
    """Write the title of a slide, below that of its section, in letters with which it fits."""
    room = design.title_room
    high = room.height - (KICKER * LEADING if plan.section else 0)
    for size in TITLES:
        lines = len(line_starts(plan.title, (room.width - 16) / size, bold=True))
        if lines * size * LEADING <= high:
            break
    section = paragraph_xml(plain(plan.section), no_link, letters=KICKER) if plan.section else ""
    _fill(
        shape.text_frame._txBody, section + paragraph_xml(plain(plan.title), no_link, letters=size)
    )


def _put(design: Design, slide: Any, placed: Placed, body: Any, pack: BoardPack) -> None:
    match placed:
        case PlacedText():
            shape = body or slide.shapes.add_textbox(0, 0, 0, 0)
            _place(slide, shape, placed.box)
            _write(slide, shape, placed.paragraphs, placed.size)
        case PlacedTable(box, table, rows, caption):
            frame = slide.shapes.add_table(1, 1, *(Pt(one) for one in box))
            xml = table_xml(table, rows, _link_from(slide), design.colour)
            old = frame._element.graphic.graphicData.tbl
            old.getparent().replace(old, parse_xml(xml))
            title = table.grid.table.title
            _describe(frame, "Table", printable(caption or title))
        case PlacedChart(_, chart):
            frame = draw_chart(slide.shapes, placed, pack.proof.recorded_at)
            _describe(frame, printable(chart.title), printable(chart.says))
        case PlacedDrawing(box, drawing, laid_out):
            group = draw_plan(slide.shapes, laid_out, box)
            _describe(group, printable(drawing.title), printable(drawing.says))


def _place(slide: Any, shape: Any, box: Box) -> None:
    """Put a shape where it is to be, last in the order in which a slide is read."""
    shape.left, shape.top, shape.width, shape.height = (Pt(one) for one in box)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    slide.shapes._spTree.append(shape.element)


def _write(
    slide: Any, shape: Any, paragraphs: Iterable[SlideParagraph], size: float | None = None
) -> None:
    """Write paragraphs into a shape whose box has the room that they need, and no more."""
    _fill(
        shape.text_frame._txBody,
        "".join(paragraph_xml(one, _link_from(slide), size=size) for one in numbered(paragraphs)),
    )


def _link_from(slide: Any) -> Link:
    """Return what relates a slide to an address, and gives the relationship's identifier."""
    return partial(slide.part.relate_to, reltype=RT.HYPERLINK, is_external=True)


def _fill(body: Any, paragraphs: str) -> None:
    """Put paragraphs into the text of a shape in place of its own."""
    for old in body.findall(qn("a:p")):
        body.remove(old)
    body.extend(parse_xml(f"<a:txBody {nsdecls('a', 'r')}>{paragraphs}</a:txBody>"))


def _remove(shape: Any) -> None:
    shape.element.getparent().remove(shape.element)


def _describe(shape: Any, title: str, text: str) -> None:
    """Give a shape its alternative text, which the library can't."""
    named = next(shape._element.iter(qn("p:cNvPr")))
    named.set("title", title)
    named.set("descr", text)


def _put_footer(design: Design, slide: Any, cover: Cover) -> None:
    """Put the marking, the council and the number where the layout has places for them.

    A marking stands below the content if the layout has no place for it.
    """
    said = plain("  |  ".join(filter(None, [cover.marking, cover.council, cover.full_title])))
    told = {"ftr": paragraph_xml(said, no_link), "sldNum": NUMBER}
    there = set()
    for place in list(slide.slide_layout._element.iter(qn("p:ph"))):
        kind = place.get("type")
        if kind in told and kind not in there:
            there.add(kind)
            shape = deepcopy(place.getparent().getparent().getparent())
            slide.shapes._spTree.append(shape)
            _fill(shape.get_or_add_txBody(), told[kind])
            shape.nvSpPr.cNvPr.set("id", str(LATER + len(there)))
    if "ftr" not in there and cover.marking:
        box = slide.shapes.add_textbox(0, 0, 0, 0)
        room = design.room
        _place(slide, box, Box(room.left, design.height - 20, room.width, 14))
        _write(slide, box, [plain(cover.marking, bold=True)], 10)


def _note(slide: Any, notes: Sequence[str]) -> None:
    """Write speaker notes, and the number of the slide where the notes have a place for it."""
    for shape in slide.notes_slide.placeholders:
        match shape.placeholder_format.type:
            case PP_PLACEHOLDER.BODY:
                _write(slide.notes_slide, shape, [plain(one) for one in notes])
            case PP_PLACEHOLDER.SLIDE_NUMBER:
                _fill(shape.text_frame._txBody, NUMBER)


def _prove(presentation: Any, pack: BoardPack) -> None:
    """Write into the properties what the pack is, who made it, and what it was made from.

    The library takes 255 characters at most, and a proof may be longer.
    """
    cover, proof = pack.cover, pack.proof
    author = cover.author or cover.council
    moment = f"{proof.recorded_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    told = {
        "dc:title": cover.full_title,
        "dc:subject": cover.council,
        "dc:creator": author,
        "cp:keywords": token(proof),
        "dc:description": say_proof(proof),
        "cp:lastModifiedBy": author,
        "dcterms:created": moment,
        "dcterms:modified": moment,
        "dc:language": LANGUAGE,
    }
    root = presentation.core_properties._element
    for old in list(root):
        root.remove(old)
    for name, text in told.items():
        element = OxmlElement(name)
        element.text = printable(text)
        if name.startswith("dcterms:"):
            element.set(qn("xsi:type"), "dcterms:W3CDTF")
        root.append(element)


def _speak_english(presentation: Any) -> None:
    """Say of every text that it is in English, those of layouts, charts and notes too."""
    for part in presentation.part.package.iter_parts():
        if not isinstance(part, XmlPart):
            continue
        for element in part._element.iter(*LETTERED):
            element.set("lang", LANGUAGE)
