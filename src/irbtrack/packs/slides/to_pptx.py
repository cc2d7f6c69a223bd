"""A board pack as PowerPoint slides, with tables and charts that can be edited."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pptx.opc.package import XmlPart
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from irbtrack.errors import printable
from irbtrack.packs.document import BoardPack, Cover, Image
from irbtrack.packs.lettering.language import LANGUAGE
from irbtrack.packs.lettering.line_breaks import line_size, line_starts
from irbtrack.packs.office.core_properties import core_properties
from irbtrack.packs.office.fixed_times import with_fixed_times
from irbtrack.packs.slides.slide_charts import draw_chart
from irbtrack.packs.slides.slide_design import Design, SlideLayout, designed
from irbtrack.packs.slides.slide_drawings import draw_plan
from irbtrack.packs.slides.slide_flow import (
    Box,
    OnSlide,
    PlacedChart,
    PlacedDrawing,
    PlacedTable,
    PlacedText,
    SlidePlan,
    slides_of,
)
from irbtrack.packs.slides.slide_shapes import describe, put_like, put_table, put_text, write
from irbtrack.packs.slides.slide_text import (
    LEADING,
    SlideParagraph,
    no_link,
    paragraph_xml,
    plain,
)

TITLES = (24.0, 20.0, 16.0, 12.0, 9.0)
COVER_TITLES = (36.0, 28.0, *TITLES)
FACTS = (16.0, 14.0, 12.0, 10.0, 8.0)
"""The sizes of titles and of the facts of the cover, of which the largest that fits is taken."""

KICKER = 12.0
"""The size of the section's title above a slide's own."""

BETWEEN = "  |  "
"""What stands between the parts of a footer."""

FOOTER = 12.0
"""The size of the letters of footers, at most, as PowerPoint's own templates have it."""

LOGO = (190.0, 110.0)
"""How wide and how high a logo is at most."""

FOOT = 50.0
"""How far above the lower edge of the cover its logo stands."""

NUMBER = (
    '<a:p><a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
    f'<a:rPr lang="{LANGUAGE}"/><a:t>‹#›</a:t></a:fld></a:p>'
)
"""A field with the number of a slide, which the program that shows it fills in."""

LETTERED = tuple(qn(f"a:{name}") for name in ("rPr", "endParaRPr", "defRPr"))
"""The elements that have the look of letters, and their language."""


def to_pptx(pack: BoardPack, template: bytes | None = None) -> bytes:
    """Return a pack as a PowerPoint presentation, in our own design or a council's template.

    Raise :class:`Refused` if the template can't be used.
    """
    design = designed(pack.look, template)
    _put_cover(design, pack.cover)
    for plan in slides_of(pack, design.content.room):
        _put_slide(design, plan, pack)
    design.presentation.core_properties._element = parse_xml(core_properties(pack))
    _speak_english(design.presentation)
    content = BytesIO()
    design.presentation.save(content)
    return with_fixed_times(content.getvalue())


def _put_cover(design: Design, cover: Cover) -> None:
    """Make the first slide: the title, the council, the facts, the marking and the logo."""
    slide, title, body = _add_slide(design, design.cover)
    _write_fitting(title, [plain(cover.title)], design.cover.title_room, COVER_TITLES)
    facts = [plain(f"{name}: {value}") for name, value in cover.facts]
    marking = [plain(cover.marking, bold=True)] if cover.marking else []
    told = [plain(cover.council, bold=True), *facts, *marking]
    _write_fitting(body, told, design.cover.room, FACTS)
    if cover.logo:
        _put_logo(design, slide, cover.logo, cover.council)


def _add_slide(design: Design, layout: SlideLayout) -> tuple[Any, Any, Any]:
    """Return a new slide of a layout, the placeholder for its title, and that for its text.

    Other placeholders are removed, so that none is left empty.
    """
    slide = design.presentation.slides.add_slide(layout.layout)
    title = body = None
    for place in list(slide.shapes._spTree.iter(qn("p:ph"))):
        shape = place.getparent().getparent().getparent()
        number = int(place.get("idx", "0"))
        if number == layout.title:
            title = shape
        elif number == layout.body:
            body = shape
        else:
            _remove(shape)
    return slide, title, body


def _remove(shape: Any) -> None:
    shape.getparent().remove(shape)


def _write_fitting(
    shape: Any, paragraphs: Sequence[SlideParagraph], room: Box, sizes: Sequence[float]
) -> None:
    size = _fitting(paragraphs, room, sizes)
    write(shape, "".join(paragraph_xml(one, no_link, letters=size) for one in paragraphs))


def _fitting(paragraphs: Sequence[SlideParagraph], room: Box, sizes: Sequence[float]) -> float:
    """Return the largest size with which paragraphs fit, or the smallest of all."""
    for size in sizes:
        starts = (line_starts(one.text, room.width / size, bold=True) for one in paragraphs)
        if sum(map(len, starts)) * size * LEADING <= room.height:
            break
    return size


def _put_logo(design: Design, slide: Any, logo: Image, council: str) -> None:
    """Put the logo into the lower right corner of the cover."""
    picture = slide.shapes.add_picture(BytesIO(logo.content), 0, 0)
    wide, high = (Pt(one) for one in LOGO)
    scale = min(wide / picture.width, high / picture.height)
    picture.width, picture.height = round(picture.width * scale), round(picture.height * scale)
    whole = design.presentation
    picture.left = whole.slide_width - picture.width - Pt(design.content.room.left)
    picture.top = whole.slide_height - picture.height - Pt(FOOT)
    describe(picture._element, "Logo", f"The logo of {printable(council)}")


def _put_slide(design: Design, plan: SlidePlan, pack: BoardPack) -> None:
    """Make a slide: first its title, then its content in order, then its footer and its notes."""
    texts = any(isinstance(one, PlacedText) for one in plan.placed)
    layout = design.content if texts else design.bare
    slide, title, body = _add_slide(design, layout)
    _write_title(title, plan, layout.title_room)
    for placed in plan.placed:
        _put(design, slide, placed, body, pack)
        if isinstance(placed, PlacedText):
            body = None
    if body is not None:
        _remove(body)
    _put_footer(design, layout, slide, pack.cover)
    if plan.notes:
        _note(slide, plan.notes)


def _write_title(shape: Any, plan: SlidePlan, room: Box) -> None:
    """Write the title of a slide, and above it that of its section."""
    section = [plain(plan.section)] if plan.section else []
    left = room.height - KICKER * LEADING * len(section)
    size = _fitting([plain(plan.title)], room._replace(height=left), TITLES)
    above = "".join(paragraph_xml(one, no_link, letters=KICKER) for one in section)
    write(shape, above + paragraph_xml(plain(plan.title), no_link, letters=size))


def _put(design: Design, slide: Any, placed: OnSlide, body: Any, pack: BoardPack) -> None:
    """Put something on a slide; the first text into the placeholder for it."""
    match placed:
        case PlacedText(box, paragraphs, size):
            put_text(slide, box, paragraphs, size, body)
        case PlacedTable(table=table, caption=caption):
            frame = put_table(slide, placed, design.colour)
            describe(frame, "Table", caption or printable(table.grid.table.title))
        case PlacedChart(chart=chart):
            frame = draw_chart(slide.shapes, placed, pack.proof.recorded_at)
            describe(frame._element, printable(chart.title), printable(chart.says))
        case PlacedDrawing(box, drawing, plan):
            group = draw_plan(slide.shapes._spTree, plan, box)
            describe(group, printable(drawing.title), printable(drawing.says))


def _put_footer(design: Design, layout: SlideLayout, slide: Any, cover: Cover) -> None:
    """Put the marking, the council and the number where the layout has places for them.

    A marking stands below the content if the layout has no place for it.
    """
    told = {"ftr": paragraph_xml(_footer(cover, layout.footer), no_link), "sldNum": NUMBER}
    for place in layout.layout._element.iter(qn("p:ph")):
        if text := told.pop(place.get("type"), None):
            put_like(slide, place.getparent().getparent().getparent(), text)
    if "ftr" in told and cover.marking:
        room = design.content.room
        box = Box(room.left, design.height - 20, room.width, 14)
        put_text(slide, box, [plain(cover.marking, bold=True)], 10)


def _footer(cover: Cover, width: float) -> SlideParagraph:
    """Return what a footer says: the marking always, and what else there is room for."""
    parts = [one for one in (cover.marking, cover.council, cover.full_title) if one]
    while len(parts) > 1 and line_size(BETWEEN.join(parts)) * FOOTER > width:
        parts.pop()
    return plain(BETWEEN.join(parts))


def _note(slide: Any, notes: Sequence[str]) -> None:
    """Write speaker notes, and the number of the slide where the notes have a place for it."""
    page = slide.notes_slide
    text = "".join(paragraph_xml(plain(one), no_link) for one in notes)
    for place in list(page.shapes._spTree.iter(qn("p:ph"))):
        shape = place.getparent().getparent().getparent()
        match place.get("type"):
            case "body":
                write(shape, text)
            case "sldNum":
                write(shape, NUMBER)


def _speak_english(presentation: Any) -> None:
    """Mark all text as English, in layouts, charts and notes too."""
    for part in presentation.part.package.iter_parts():
        if not isinstance(part, XmlPart):
            continue
        for element in part._element.iter(*LETTERED):
            element.set("lang", LANGUAGE)
