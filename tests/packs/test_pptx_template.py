"""A pack in a council's own template for PowerPoint, and templates that can't be used."""

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from pptx import Presentation
from pptx.util import Inches, Pt
from shared.packs import grid_of, pack_of
from shared.slides import A, DeckXml, P

from irbtrack.errors import Refused
from irbtrack.packs.document import Heading, Points, prose
from irbtrack.packs.slides.to_pptx import to_pptx

PACK = pack_of(
    Heading("First"),
    *prose("Before the table."),
    grid_of(("Write a plan", 7), title="A table"),
    Heading("Second"),
    Points(("One", "Two")),
    marking="OFFICIAL-SENSITIVE",
)

SLIDES = b"presentationml.presentation.main+xml"


def template(change: Callable[..., object] | None = None) -> bytes:
    """A council's presentation: 4 to 3, in its colour, with a slide of its own and a comment."""
    given = Presentation()
    slide = given.slides.add_slide(given.slide_layouts[1])
    slide.shapes.title.text = "SECRET plans of the council"
    slide.notes_slide.notes_text_frame.text = "SECRET notes"
    given.core_properties.author = "SECRET author"
    given.core_properties.keywords = "SECRET keywords"
    if change:
        change(given)
    content = io.BytesIO()
    given.save(content)
    return content.getvalue()


def altered(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A package with its parts changed, or left out where the change is None."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w") as new:
        for name in given.namelist():
            if (part := change(name, given.read(name))) is not None:
                new.writestr(name, part)
    return made.getvalue()


def in_colour(name: str, part: bytes) -> bytes:
    """The theme with green as its first accent."""
    if name != "ppt/theme/theme1.xml":
        return part
    was, is_now = (b'<a:accent1><a:srgbClr val="%s"' % one for one in (b"4F81BD", b"006633"))
    return part.replace(was, is_now)


def without_layouts(*kept: str) -> Callable[..., object]:
    """What removes all layouts but some from a presentation."""

    def change(given: object) -> None:
        slides = given.slides._sldIdLst  # type: ignore[attr-defined]
        for one in list(slides):
            given.part.drop_rel(one.rId)  # type: ignore[attr-defined]
            slides.remove(one)
        layouts = given.slide_layouts  # type: ignore[attr-defined]
        for layout in list(layouts):
            if layout.name not in kept:
                layouts.remove(layout)

    return change


def test_a_templates_master_and_colours_stay_and_its_slides_go() -> None:
    content = to_pptx(PACK, altered(template(), in_colour))
    made = DeckXml(content)
    assert not [name for name, part in made.parts.items() if b"SECRET" in part]
    size = next(made.root("ppt/presentation.xml").iter(f"{P}sldSz"))
    assert (size.attrib["cx"], size.attrib["cy"]) == ("9144000", "6858000")
    assert [one.titles[0] for one in made.slides] == [
        "Progress report",
        "Section\nFirst",
        "Section\nSecond",
    ]
    header = next(made.slides[1].root.iter(f"{A}tc"))
    assert header.find(f"{A}tcPr/{A}solidFill/{A}srgbClr").attrib["val"] == "006633"  # type: ignore[union-attr]
    assert [name for name, _ in made.tables()] == ["A table"]
    assert "OFFICIAL-SENSITIVE" in made.slides[2].text
    assert made.slides[0].name == "ppt/slides/slide1.xml"


def test_layouts_are_found_by_what_they_have_room_for() -> None:
    def renamed(given: object) -> None:
        for number, layout in enumerate(given.slide_layouts):  # type: ignore[attr-defined]
            layout.name = f"Folie {number}"

    names = [
        next(link.target for link in slide.links.values() if link.kind == "slideLayout").rpartition(
            "/"
        )[2]
        for slide in DeckXml(to_pptx(PACK, template(renamed))).slides
    ]
    assert names == ["slideLayout1.xml", "slideLayout2.xml", "slideLayout2.xml"]


def test_a_template_of_its_own_kind_is_taken() -> None:
    given = template()
    as_template = altered(
        given,
        lambda name, part: (
            part.replace(SLIDES, b"presentationml.template.main+xml")
            if name == "[Content_Types].xml"
            else part
        ),
    )
    assert as_template != given
    assert to_pptx(PACK, as_template) == to_pptx(PACK, given)


def test_a_marking_is_there_though_the_layouts_have_no_place_for_it() -> None:
    def without_footers(given: object) -> None:
        for layout in given.slide_layouts:  # type: ignore[attr-defined]
            for shape in list(layout.placeholders):
                if shape.placeholder_format.idx >= 10:
                    shape.element.getparent().remove(shape.element)

    made = DeckXml(to_pptx(PACK, template(without_footers)))
    assert all("OFFICIAL-SENSITIVE" in slide.text for slide in made.slides)


def test_a_template_without_a_layout_for_titles_alone_is_enough() -> None:
    content = template(without_layouts("Title Slide", "Title and Content"))
    made = DeckXml(to_pptx(PACK, content))
    assert len(made.slides) == 3


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (("Title and Content", "Blank"), "the template lacks a title slide; add it"),
        (("Title Slide", "Title Only"), "the template lacks a layout with a title and content"),
    ],
)
def test_what_a_template_lacks_is_said(kept: tuple[str, ...], said: str) -> None:
    with pytest.raises(Refused, match=said):
        to_pptx(PACK, template(without_layouts(*kept)))


def test_a_template_without_room_is_refused() -> None:
    def cramped(given: object) -> None:
        body = given.slide_layouts[1].placeholders[1]  # type: ignore[attr-defined]
        body.left, body.top, body.width, body.height = (Inches(1), Inches(1), Inches(2), Pt(40))

    with pytest.raises(Refused, match="leaves too little room for content"):
        to_pptx(PACK, template(cramped))


def word_document() -> bytes:
    content = io.BytesIO()
    Document().save(content)
    return content.getvalue()


def without(missing: str) -> bytes:
    """A template that lacks a part."""
    return altered(template(), lambda name, part: None if name == missing else part)


def with_part(changed: str, part: bytes) -> bytes:
    """A template of which a part is another."""
    return altered(template(), lambda name, old: part if name == changed else old)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        template()[:5_000],
        template()[:-100],
        word_document(),
        without("ppt/presentation.xml"),
        without("ppt/slideMasters/slideMaster1.xml"),
        without("ppt/theme/theme1.xml"),
        without("ppt/_rels/presentation.xml.rels"),
        without("[Content_Types].xml"),
        with_part("ppt/presentation.xml", b"<a"),
        with_part("ppt/presentation.xml", b"<a/>"),
        with_part("ppt/slideMasters/slideMaster1.xml", b"<a/>"),
        with_part("ppt/slideLayouts/slideLayout2.xml", b"<a/>"),
        with_part("ppt/theme/theme1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ],
)
def test_a_file_that_is_no_template_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused, match=r"^the template .*; .*$"):
        to_pptx(PACK, content)


def test_a_template_that_unpacks_to_too_much_is_refused() -> None:
    content = io.BytesIO(template())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("ppt/media/image1.bin", bytes(60_000_000))
    assert len(content.getvalue()) < 200_000
    with pytest.raises(Refused, match="protected by a password, or larger than"):
        to_pptx(PACK, content.getvalue())
