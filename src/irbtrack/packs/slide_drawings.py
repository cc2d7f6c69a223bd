"""The plan on a page as native shapes of a slide, grouped."""

from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls

from irbtrack.packs.palette import PAPER
from irbtrack.packs.plan_drawing import (
    PlanBox,
    PlanDiamond,
    PlanLayout,
    PlanLine,
    PlanShape,
    PlanText,
)
from irbtrack.packs.slide_flow import Box
from irbtrack.packs.slide_text import LANGUAGE

DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
    ' val="1"/></a:ext></a:extLst>'
)
"""What says of a shape that whoever can't see it misses nothing: its group says what is shown."""

SIDES = {"start": ("l", 0.0), "middle": ("ctr", 0.5), "end": ("r", 1.0)}
"""How a text is set, and how much of it is left of its place."""

OUTLINE, THIN = 1.25, 0.5
"""How thick outlines and lines are, in points."""


class _Scale(NamedTuple):
    """How a drawing's own page becomes a part of a slide."""

    left: float
    top: float
    factor: float

    def frame(self, x: float, y: float, width: float, height: float) -> str:
        """Return the XML of where a shape is."""
        left = _length(self.left + x * self.factor)
        top = _length(self.top + y * self.factor)
        across, down = _length(width * self.factor), _length(height * self.factor)
        start, size = f'x="{left}" y="{top}"', f'cx="{across}" cy="{down}"'
        return f"<a:xfrm><a:off {start}/><a:ext {size}/></a:xfrm>"


def draw_plan(shapes: Any, plan: PlanLayout, box: Box) -> Any:
    """Draw a plan as large as a box allows, and return the group of its shapes."""
    factor = min(box.width / plan.width, box.height / plan.height)
    scale = _Scale(box.left, box.top, factor)
    group = shapes.add_group_shape()
    xml = "".join(_shapes(plan, scale, group.shape_id))
    group._element.extend(parse_xml(f"<p:grpSp {nsdecls('p', 'a')}>{xml}</p:grpSp>"))
    frame = group._element.grpSpPr.get_or_add_xfrm()
    places = (box.left, box.top, plan.width * factor, plan.height * factor)
    for child, names, pair in (
        ("off", "xy", places[:2]),
        ("ext", ("cx", "cy"), places[2:]),
        ("chOff", "xy", places[:2]),
        ("chExt", ("cx", "cy"), places[2:]),
    ):
        element = getattr(frame, f"get_or_add_{child}")()
        for name, value in zip(names, pair, strict=True):
            element.set(name, str(_length(value)))
    return group


def _length(points: float) -> int:
    return round(points * 12_700)


def _shapes(plan: PlanLayout, scale: _Scale, group: int) -> Iterator[str]:
    paper = PlanBox(0, 0, plan.width, plan.height, PAPER)
    for number, one in zip(count(group + 1), (paper, *plan.shapes), strict=False):
        yield _shape_xml(one, scale, number)


def _shape_xml(one: PlanShape, scale: _Scale, number: int) -> str:
    match one:
        case PlanBox(x, y, width, height, fill, outline):
            frame = scale.frame(x, y, width, height)
            return _figure("Box", number, "rect", frame, fill, outline)
        case PlanDiamond(x, y, half, fill, outline):
            frame = scale.frame(x - half, y - half, 2 * half, 2 * half)
            return _figure("Diamond", number, "diamond", frame, fill, outline)
        case PlanLine(x, y, right, down, colour, dashed):
            frame = scale.frame(x, y, right, down)
            return _line(number, frame, colour, dashed=dashed)
        case PlanText():
            return _text(number, one, scale)


def _named(name: str, number: int) -> str:
    return f'<p:cNvPr id="{number}" name="{name} {number}">{DECORATIVE}</p:cNvPr>'


def _solid(colour: str | None) -> str:
    if colour is None:
        return "<a:noFill/>"
    return f'<a:solidFill><a:srgbClr val="{colour.removeprefix("#")}"/></a:solidFill>'


def _figure(
    name: str, number: int, geometry: str, frame: str, fill: str | None, outline: str | None
) -> str:
    return (
        f"<p:sp><p:nvSpPr>{_named(name, number)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{frame}"
        f'<a:prstGeom prst="{geometry}"><a:avLst/></a:prstGeom>{_solid(fill)}'
        f'<a:ln w="{_length(OUTLINE)}">{_solid(outline)}</a:ln></p:spPr></p:sp>'
    )


def _line(number: int, frame: str, colour: str, *, dashed: bool) -> str:
    dash = '<a:prstDash val="sysDash"/>' if dashed else ""
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{_named('Line', number)}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>"
        f'<p:spPr>{frame}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
        f'<a:ln w="{_length(THIN)}">{_solid(colour)}{dash}</a:ln></p:spPr></p:cxnSp>'
    )


def _text(number: int, one: PlanText, scale: _Scale) -> str:
    side, before = SIDES[one.anchor]
    high = one.size * 1.4
    frame = scale.frame(one.x - one.width * before, one.y - high / 2, one.width, high)
    size = round(one.size * scale.factor * 10) * 10
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Text {number}"/><p:cNvSpPr txBox="1"/>'
        f'<p:nvPr/></p:nvSpPr><p:spPr>{frame}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:noFill/></p:spPr><p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0"'
        f' anchor="ctr"/><a:lstStyle/><a:p><a:pPr algn="{side}"/>'
        f'<a:r><a:rPr lang="{LANGUAGE}" sz="{size}" b="{int(one.bold)}">{_solid(one.colour)}'
        f"</a:rPr><a:t>{escape(one.text)}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
