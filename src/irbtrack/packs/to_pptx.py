"""A board pack as PowerPoint slides, with tables and charts that can be edited."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from irbtrack.errors import printable
from irbtrack.packs.document import BoardPack, Cover
from irbtrack.packs.fixed_times import with_fixed_times
from irbtrack.packs.proving import token
from irbtrack.packs.slide_charts import draw_chart
from irbtrack.packs.slide_design import Design, designed
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
from irbtrack.packs.slide_text import LANGUAGE, SlideParagraph, paragraph_xml, plain
from irbtrack.packs.text_widths import line_starts

TITLES = (24.0, 20.0, 16.0, 12.0, 9.0)
"""The sizes of titles, of which the largest that fits is taken."""

KICKER = 12.0
"""The size of the section's title above a slide's own."""

LOGO = (190.0, 110.0)
"""How wide and how high a logo is at most."""

_XML = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


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
    title = next(shape for shape in slide.placeholders if _is_title(shape))
    bodies = [shape for shape in slide.placeholders if not _is_title(shape)]
    for shape in bodies[1 if texts else 0 :]:
        _remove(shape)
    _write_title(design, slide, title, plan)
    for placed in plan.placed:
        body = bodies[0] if texts and placed is texts[0] else None
        _put(design, slide, placed, body, pack)
    _put_footer(slide, pack.cover)
    if plan.notes:
        _note(slide, plan.notes)


def _write_title(design: Design, slide: Any, shape: Any, plan: SlidePlan) -> None:
    """Write the title of a slide, below that of its section, in letters with which it fits."""
    room = design.title_room
    high = room.height - (KICKER * 1.3 if plan.section else 0)
    for size in TITLES:
        lines = len(line_starts(plan.title, (room.width - 16) / size, bold=True))
        if lines * size * 1.2 <= high:
            break
    above = [paragraph_xml(plain(plan.section), _unlinked, size=KICKER)] if plan.section else []
    title = paragraph_xml(plain(plan.title), _unlinked, size=size)
    if above:
        joined = f'<a:br><a:rPr lang="{LANGUAGE}" sz="{round(KICKER * 100)}"/></a:br>'
        title = above[0].replace("</a:p>", joined) + title.removeprefix(title[: title.index("<a:r>")])
    _fill(shape, title)


def _put(design: Design, slide: Any, placed: Placed, body: Any, pack: BoardPack) -> None:
    match placed:
        case PlacedText():
            shape = body or slide.shapes.add_textbox(0, 0, 0, 0)
            _place(slide, shape, placed.box)
            _write(slide, shape, placed.paragraphs, placed.size)
        case PlacedTable(box, table, rows, caption):
            frame = slide.shapes.add_table(1, 1, *(Pt(one) for one in box))
            xml = table_xml(table, rows, slide.part.relate_to_address, design.colour)
            old = frame._element.graphic.graphicData.tbl
            old.getparent().replace(old, parse_xml(xml))
            title = table.grid.table.title
            _describe(frame, "Table", printable(caption or title))
        case PlacedChart(_, chart):
            frame = draw_chart(slide.shapes, placed, pack.proof.recorded_at)
            _describe(frame, printable(chart.title), printable(chart.says))
        case PlacedDrawing(_, drawing):
            pass
