"""Plain SVG, which every reader of SVG draws alike: shapes and text at places of a white page.

What lets-plot writes has identifiers that differ each time, style sheets, nested groups and what
only its own viewer needs. :func:`plain_svg` keeps the shapes, their places and their text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from irbtrack.packs.drawing.palette import INK, PAPER

SVG = "http://www.w3.org/2000/svg"

FONTS = "Open Sans, DejaVu Sans, Arial, sans-serif"
"""The font of a pack, and what stands in for it where it or one of its characters is missing."""

_PLACED = {
    "circle": ("cx", "cy", "r"),
    "line": ("x1", "y1", "x2", "y2"),
    "path": ("d",),
    "rect": ("x", "y", "width", "height"),
    "text": ("text-anchor", "font-size", "font-weight"),
}
"""The shapes that lets-plot draws, and the attributes that give their place and size."""

_PAINTED = ("fill", "stroke", "stroke-width", "stroke-dasharray")

_STEP = re.compile(r"(translate|rotate)\(([^)]*)\)")
_NUMBER = re.compile(r"-?\d+\.\d+")
_STYLE = re.compile(r"([\w-]+):([^;]*);")

_SHIELD = str.maketrans({"<": "\ue000", "\\": "\ue001"})
UNSEEN = "\ue010\ue011\ue012\ue013\ue014\ue015\ue016\ue017"
"""Characters that make equal names differ for lets-plot. :func:`plain_svg` removes them."""

_UNSHIELD = str.maketrans({"\ue000": "<", "\ue001": "\\"} | dict.fromkeys(UNSEEN))


def shielded(text: str) -> str:
    r"""Return a text in which lets-plot finds no markup. :func:`plain_svg` undoes it.

    lets-plot makes a link of ``<a href=…>`` and a formula of ``\(…\)``, whoever typed them.
    """
    return text.translate(_SHIELD)


def svg_page(width: float, height: float, shapes: Iterable[Element]) -> str:
    """Return shapes on a white page as SVG."""
    across, down = _said(width), _said(height)
    page = Element("svg", {"xmlns": SVG, "width": across, "height": down})
    page.set("viewBox", f"0 0 {across} {down}")
    page.set("font-family", FONTS)
    page.append(shape("rect", x=0, y=0, width=width, height=height, fill=PAPER))
    page.extend(list(shapes))
    return ElementTree.tostring(page, encoding="unicode")


def shape(kind: str, text: str | None = None, /, **attributes: str | float | None) -> Element:
    """Return a shape. An attribute that is None is left out, and ``_`` in a name is ``-``."""
    told = {
        name.replace("_", "-"): value if isinstance(value, str) else _said(value)
        for name, value in attributes.items()
        if value is not None
    }
    made = Element(kind, told)
    made.text = text
    return made


def plain_svg(drawn: str) -> str:
    """Return what lets-plot drew as plain SVG, the same for the same drawing."""
    page = ElementTree.fromstring(drawn)  # noqa: S314 - the library wrote it just now
    if "width" not in page.attrib:  # lets-plot has drawn an error message
        raise ValueError(" ".join("".join(page.itertext()).split()))
    return svg_page(float(page.attrib["width"]), float(page.attrib["height"]), _shapes(page, 0, 0))


def _shapes(parent: Element, x: float, y: float) -> Iterator[Element]:
    """Yield the visible shapes within an element that begins at a place of the page."""
    for child in parent:
        kind = child.tag.removeprefix(f"{{{SVG}}}")
        if kind in ("style", "defs") or _is_unseen(child.attrib):
            continue
        right, down = _shift(child.get("transform", ""))
        if kind in ("g", "svg"):
            yield from _shapes(child, x + right, y + down)
        elif kind == "text":
            yield _text(child, x + right, y + down)
        else:
            yield _shape(kind, child.attrib, x + right, y + down)


def _is_unseen(attributes: Mapping[str, str]) -> bool:
    return _is_hollow(attributes) and attributes.get("stroke-width") == "0.0"


def _is_hollow(attributes: Mapping[str, str]) -> bool:
    return attributes.get("fill", "none") == "none" or attributes.get("fill-opacity") == "0.0"


def _shift(transform: str) -> tuple[float, float]:
    """Return how far a transformation moves a shape. One that turns it is refused."""
    right = down = 0.0
    for name, numbers in _STEP.findall(transform):
        first, *others = map(float, numbers.split())
        if name == "translate":
            right, down = right + first, down + others[0]
        elif first:
            raise ValueError(f"a chart has something turned: {transform}")
    return right, down


def _shape(kind: str, attributes: Mapping[str, str], x: float, y: float) -> Element:
    names = [*_PLACED[kind], *_PAINTED]
    told = {name: _rounded(attributes[name]) for name in names if name in attributes}
    if _is_hollow(attributes):
        told["fill"] = "none"
    if told.get("stroke-width") == "0":
        told["stroke"] = "none"
    if x or y:
        told["transform"] = f"translate({_said(x)} {_said(y)})"
    return Element(kind, told)


def _text(text: Element, x: float, y: float) -> Element:
    style = dict(_STYLE.findall(text.get("style", "")))
    size = float(style["font-size"].removesuffix("px"))
    down = float(text.get("dy", "0em").removesuffix("em")) * size + float(text.get("y", 0))
    return shape(
        "text",
        "".join(text.itertext()).strip().translate(_UNSHIELD),
        x=x + float(text.get("x", 0)),
        y=y + down,
        font_size=size,
        font_weight=style.get("font-weight"),
        text_anchor=text.get("text-anchor"),
        fill=style.get("fill", INK),
    )


def _rounded(numbers: str) -> str:
    return _NUMBER.sub(lambda found: _said(float(found[0])), numbers)


def _said(number: float) -> str:
    return f"{round(number, 2) + 0:g}"
