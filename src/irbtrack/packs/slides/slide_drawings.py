"""The plan on a page as native shapes of a slide, grouped."""

from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from irbtrack.packs.drawing.palette import PAPER
from irbtrack.packs.drawing.plan_drawing import (
    PlanBox,
    PlanDiamond,
    PlanLayout,
    PlanLine,
    PlanShape,
    PlanText,
)
from irbtrack.packs.lettering.language import LANGUAGE
from irbtrack.packs.slides.slide_flow import Box
from irbtrack.packs.slides.slide_shapes import frame_xml, length, next_number, parsed

DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
    ' val="1"/></a:ext></a:extLst>'
)
"""What hides a shape from screen readers, because its group has the alternative text."""

SIDES = {"start": ("l", 0.0), "middle": ("ctr", 0.5), "end": ("r", 1.0)}
"""The alignment of a text by its anchor, and the share of it that is left of its place."""

OUTLINE, THIN = 1.25, 0.5
"""How thick outlines and lines are, in points."""


class _PlanScale(NamedTuple):
    """How the page of a drawing is scaled to a part of a slide.

    Places are ``wide`` and ``high`` times as far apart. Letters and diamonds keep their shape, so
    they are all ``high`` times as large.
    """

    left: float
    top: float
    wide: float
    high: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place of the drawing is on the slide."""
        return self.left + x * self.wide, self.top + y * self.high


def draw_plan(tree: Any, plan: PlanLayout, box: Box) -> Any:
    """Draw a plan as large as a box allows, and return the group of its shapes."""
    wide = box.width / plan.width
    scale = _PlanScale(box.left, box.top, wide, min(wide, box.height / plan.height))
    number = next_number(tree)
    left, top = length(box.left), length(box.top)
    across, down = length(box.width), length(plan.height * scale.high)
    group = parsed(
        f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="{number}" name="Plan {number}"/><p:cNvGrpSpPr/>'
        "<p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>"
        f'<a:off x="{left}" y="{top}"/><a:ext cx="{across}" cy="{down}"/>'
        f'<a:chOff x="{left}" y="{top}"/><a:chExt cx="{across}" cy="{down}"/>'
        f"</a:xfrm></p:grpSpPr>{''.join(_shapes(plan, scale, number))}</p:grpSp>"
    )
    tree.append(group)
    return group


def _shapes(plan: PlanLayout, scale: _PlanScale, group: int) -> Iterator[str]:
    paper = PlanBox(0, 0, plan.width, plan.height, PAPER)
    for number, one in zip(count(group + 1), (paper, *plan.shapes), strict=False):
        yield _shape_xml(one, scale, number)


def _shape_xml(one: PlanShape, scale: _PlanScale, number: int) -> str:
    left, top = scale.place(one.x, one.y)
    match one:
        case PlanBox(_, _, width, height, fill, outline):
            frame = frame_xml(Box(left, top, width * scale.wide, height * scale.high))
            return _figure("Box", number, "rect", frame, fill, outline)
        case PlanDiamond(_, _, half, fill, outline):
            size = half * scale.high
            frame = frame_xml(Box(left - size, top - size, 2 * size, 2 * size))
            return _figure("Diamond", number, "diamond", frame, fill, outline)
        case PlanLine(_, _, right, down, colour, dashed):
            frame = frame_xml(Box(left, top, right * scale.wide, down * scale.high))
            return _line(number, frame, colour, dashed=dashed)
        case PlanText():
            side, before = SIDES[one.anchor]
            width, height = one.width * scale.high, one.size * 1.4 * scale.high
            frame = frame_xml(Box(left - width * before, top - height / 2, width, height))
            return _text(number, one, side, frame, one.size * scale.high)


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
        f'<a:ln w="{length(OUTLINE)}">{_solid(outline)}</a:ln></p:spPr></p:sp>'
    )


def _line(number: int, frame: str, colour: str, *, dashed: bool) -> str:
    dash = '<a:prstDash val="sysDash"/>' if dashed else ""
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{_named('Line', number)}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>"
        f'<p:spPr>{frame}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
        f'<a:ln w="{length(THIN)}">{_solid(colour)}{dash}</a:ln></p:spPr></p:cxnSp>'
    )


def _text(number: int, one: PlanText, side: str, frame: str, size: float) -> str:
    look = f'lang="{LANGUAGE}" sz="{round(size * 10) * 10}" b="{int(one.bold)}"'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Text {number}"/><p:cNvSpPr txBox="1"/>'
        f'<p:nvPr/></p:nvSpPr><p:spPr>{frame}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:noFill/></p:spPr><p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0"'
        f' anchor="ctr"/><a:lstStyle/><a:p><a:pPr algn="{side}"/>'
        f"<a:r><a:rPr {look}>{_solid(one.colour)}</a:rPr><a:t>{escape(one.text)}</a:t></a:r></a:p>"
        "</p:txBody></p:sp>"
    )
