"""A pack as PDF: read back with pypdf, and held against every rule of PDF/UA-1 and PDF/A-2a."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NamedTuple

import page
import pytest
from pypdf import PdfReader
from shared.packs import AWKWARD, grid_of, pack_of

from irbtrack.domain.answers import LAST, Column, Kind, Table
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    ChartKind,
    Drawing,
    Grid,
    Heading,
    Image,
    PackBlock,
    Points,
    Series,
    prose,
)
from irbtrack.packs.lettering.letter_widths import INSTEAD
from irbtrack.packs.lettering.typesetting import picture_of
from irbtrack.packs.marked_text import stanzas
from irbtrack.packs.print.to_pdf import UNDRAWN, to_pdf
from irbtrack.packs.proving import say_proof, token

SENTENCE = "Officers met every fortnight to go through the savings that were put forward. "

STREAM_LENGTH = "PDFA2A-STREAM-LENGTH-001"


@pytest.fixture(scope="module")
def content(board_pack: BoardPack) -> bytes:
    return to_pdf(board_pack)


@pytest.fixture(scope="module")
def document(content: bytes) -> PdfReader:
    return opened(content)


@pytest.fixture(scope="module")
def texts(document: PdfReader) -> list["Placed"]:
    return placed(document)


@pytest.fixture(scope="module")
def text(texts: list["Placed"]) -> str:
    return as_one(texts)


def opened(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text_of(document: PdfReader) -> str:
    """The text of all pages, without spaces and the marks of lists."""
    return as_one(placed(document))


def as_one(texts: Iterable["Placed"]) -> str:
    return close("".join(one.text for one in texts)).replace("•", "")


def close(text: str) -> str:
    """A text without the spaces at which a line may have ended."""
    return re.sub(r"[\s\u200b]+", "", text)


def failures(content: bytes) -> list[str]:
    """What is wrong with a PDF by the rules that it claims to keep.

    The validator takes a last byte of a stream that happens to be a carriage return for part of
    the line end that follows. So the lengths of streams are looked at here.
    """
    found = [
        f"{one.rule_id}: {one.message}"
        for profile in ("ua1", "2a")
        for one in page.validate_pdf_bytes(content, profile=profile).failures
        if one.rule_id != STREAM_LENGTH
    ]
    for stream in re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", content):
        end = stream.end() + int(stream[1])
        if content[end : end + 10] != b"\nendstream":
            found.append(f"{STREAM_LENGTH}: at {stream.start()}")
    return found


def tagged(document: PdfReader, *kinds: str) -> Iterator[Any]:
    """The elements of these kinds in the tree of tags, in its order."""

    def below(element: Any) -> Iterator[Any]:
        found = element.get_object()
        if isinstance(found, list):
            for one in found:
                yield from below(one)
        elif isinstance(found, dict):
            if found.get("/S") in kinds:
                yield found
            if "/K" in found:
                yield from below(found["/K"])

    yield from below(document.root_object["/StructTreeRoot"]["/K"])


def read(grid: Grid) -> Iterator[str]:
    """The rows of a table as ``text_of`` has them, and before them its headers."""
    yield close("".join(grid.labels))
    markdown = [column.kind is Kind.MARKDOWN for column in grid.table.columns]
    for row in grid.texts:
        cells = zip(row, markdown, strict=True)
        yield close("".join(typed_words(cell) if typed else cell for cell, typed in cells))


def typed_words(text: str) -> str:
    """What people typed in Markdown, as it is read where points have no marks."""
    return "".join(one.mark.removeprefix("- ") + one.text for one in stanzas(text))


class Placed(NamedTuple):
    """A text, where it begins, and how large its page is, in points."""

    text: str
    x: float
    y: float
    width: float
    height: float

    @property
    def is_inside(self) -> bool:
        """Whether it begins on the page, and not on its edges."""
        return 20 < self.x < self.width - 20 and 20 < self.y < self.height - 20


def placed(document: PdfReader) -> list[Placed]:
    """Where each text of a document is."""
    found: list[Placed] = []
    for one in document.pages:
        size = (float(one.mediabox.width), float(one.mediabox.height))

        def seen(
            text: str, on: list[float], at: list[float], _: Any, __: float, size: Any = size
        ) -> None:
            if text.strip():
                x = at[4] * on[0] + at[5] * on[2] + on[4]
                y = at[4] * on[1] + at[5] * on[3] + on[5]
                found.append(Placed(text.strip(), x, y, *size))

        one.extract_text(visitor_text=seen)
    return found


def test_it_keeps_every_rule_of_pdf_ua_1_and_pdf_a_2a(content: bytes) -> None:
    assert failures(content) == []


def test_it_holds_every_row_of_every_table(board_pack: BoardPack, text: str) -> None:
    rows = [row for grid in board_pack.grids() for row in read(grid)]
    assert [row for row in rows if row not in text] == []
    assert len(rows) > 400


def test_it_holds_every_sentence(board_pack: BoardPack, text: str) -> None:
    prose = [b.text for s in board_pack.sections for b in s.blocks if hasattr(b, "sentences")]
    assert [one for one in prose if close(one) not in text] == []
    assert prose


def test_it_says_what_it_is_and_what_it_was_made_from(
    board_pack: BoardPack, document: PdfReader, text: str
) -> None:
    told, root = document.metadata, document.root_object
    assert told is not None
    assert told.title == board_pack.cover.full_title
    assert told.author == "Improvement Team"
    assert told.keywords == token(board_pack.proof)
    assert told.subject == say_proof(board_pack.proof)
    assert told.creation_date == told.modification_date == board_pack.proof.recorded_at
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("en-GB", True)
    assert close(say_proof(board_pack.proof)) in text


def test_the_same_pack_has_the_same_bytes(board_pack: BoardPack, content: bytes) -> None:
    assert to_pdf(board_pack) == content


def test_sections_are_headings_bookmarks_and_contents(
    board_pack: BoardPack, document: PdfReader
) -> None:
    bookmarks = [one.title for one in document.outline if not isinstance(one, list)]
    assert bookmarks == [section.title for section in board_pack.sections]
    headings = [b for s in board_pack.sections for b in s.blocks if isinstance(b, Heading)]
    assert len([*tagged(document, "/H2")]) == len(headings)
    assert len([*tagged(document, "/H1")]) == len(bookmarks) + 1  # that of the contents
    assert len([*tagged(document, "/TOCI")]) == len(bookmarks)


def test_every_table_has_marked_headers(board_pack: BoardPack, document: PdfReader) -> None:
    tables = list(tagged(document, "/Table"))
    grids = list(board_pack.grids())
    assert len(tables) == len(grids)
    headers = len(list(tagged(document, "/TH")))
    assert headers == sum(len(grid.labels) for grid in grids)


def test_charts_and_drawings_say_what_they_show(board_pack: BoardPack, document: PdfReader) -> None:
    shown = [b for s in board_pack.sections for b in s.blocks if isinstance(b, Chart | Drawing)]
    alternatives = [str(one["/Alt"]) for one in tagged(document, "/Figure")]
    assert alternatives == [one.says for one in shown]
    assert alternatives


def test_only_fonts_of_our_own_are_in_it(document: PdfReader) -> None:
    fonts = {
        re.sub(r"^/\w+\+", "", font.get_object()["/BaseFont"])
        for one in document.pages
        for font in one["/Resources"].get("/Font", {}).values()
    }
    assert {re.sub("-.*", "", font) for font in fonts} <= {"OpenSans", "DejaVuSans"}


def test_nothing_begins_outside_of_its_page(texts: list[Placed]) -> None:
    assert [one for one in texts if not one.is_inside] == []


def test_crowded_tables_and_plans_have_pages_turned(
    board_pack: BoardPack, document: PdfReader
) -> None:
    first = {
        section.title: document.pages[document.get_destination_page_number(one)]
        for section, one in zip(
            board_pack.sections,
            (one for one in document.outline if not isinstance(one, list)),
            strict=True,
        )
    }
    turned = {name for name, one in first.items() if one.mediabox.width > one.mediabox.height}
    assert turned == {"Directions progress summary", "The plan on a page", "Annex"}


@pytest.mark.parametrize("size", ["A4 landscape", "A3", "Letter"])
def test_a_pack_has_pages_of_the_size_that_its_look_names(size: str) -> None:
    pack = pack_of(*prose("Words"))
    made = opened(to_pdf(pack._replace(look=pack.look._replace(page=size))))
    sizes = {tuple(map(round, one.mediabox[2:])) for one in made.pages}
    assert sizes == {{"A4 landscape": (842, 595), "A3": (842, 1191), "Letter": (612, 792)}[size]}


def test_a_pack_without_sections_is_its_cover(board_pack: BoardPack) -> None:
    content = to_pdf(board_pack._replace(sections=()))
    made = opened(content)
    assert len(made.pages) == 1
    assert close("Executive Director, Strategy and Improvement") in text_of(made)
    assert failures(content) == []


def test_what_people_typed_is_text() -> None:
    rows = [(one, one) for one in AWKWARD]
    pack = pack_of(
        Heading(AWKWARD[0]),
        *(Points((one,)) for one in AWKWARD),
        Points(AWKWARD, numbered=True),
        grid_of(*rows, kinds=(Kind.TEXT, Kind.MARKDOWN)),
        Heading(""),
        title='#read("/etc/hostname")',
        council="$x$ *y* #panic()",
        marking="#image('x.png')",
    )
    content = to_pdf(pack)
    text = text_of(opened(content))
    for one in ('#read("/etc/hostname")', "$x$*y*#panic()", "#image('x.png')", "{{7*7}}#setpage()"):
        assert one in text
    assert "\\x1b[31mred\\x07" in text
    addresses = [
        note.get_object()["/A"]["/URI"]
        for one in opened(content).pages
        for note in one.get("/Annots", ())
        if "/A" in note.get_object()
    ]
    assert all(one.startswith("https://example.org") for one in addresses)
    assert failures(content) == []


def test_links_of_commentary_lead_to_where_they_say() -> None:
    content = to_pdf(pack_of(Points(("See [the site](https://example.org/?a=1&b=2).",))))
    (note,) = (note for one in opened(content).pages for note in one.get("/Annots", ()))
    assert note.get_object()["/A"]["/URI"] == "https://example.org/?a=1&b=2"
    assert failures(content) == []


def test_lists_within_lists_are_lists() -> None:
    typed = "Agreed:\n\n1. one\n   - inner\n     - deep\n2. two\n\n> quoted"
    content = to_pdf(pack_of(Points((typed,))))
    made = opened(content)
    assert (len([*tagged(made, "/L")]), len([*tagged(made, "/LI")])) == (4, 5)
    assert "Agreed:1.one–innerdeep2.twoquoted" in text_of(made)
    assert failures(content) == []


def test_scripts_and_signs_are_drawn_or_replaced_by_a_box() -> None:
    typed = "مرحبا שלום Ελλάδα Привет e\u0301 → ☺ 中文 🎉 👩\u200d👩\u200d👧"
    typed += "\n\u0301lone \ue000"
    content = to_pdf(pack_of(Heading(typed), Points((f"**{typed}**",)), grid_of((typed,))))
    text = text_of(opened(content))
    for drawn in ("Ελλάδα", "Привет", "→", "☺", INSTEAD * 3, "◌\u0301lone"):
        assert drawn in text
    assert "中" not in text
    assert close(UNDRAWN) in text
    assert failures(content) == []


@pytest.mark.parametrize("kind", ChartKind)
def test_charts_have_names_in_any_script(kind: ChartKind) -> None:
    names = ("Ḥousing مَرحبا e\u0316", "中文 🎉 \u0301lone", "שָׁלוֹם 👩\u200d🚒 ກຳ ⴰé")
    grid = grid_of(*((name, 1) for name in names), kinds=(Kind.TEXT, Kind.NUMBER))
    chart = Chart(kind, names[0], names[1], names, (Series(names[2], (3, 1, 4)),), grid)
    content = to_pdf(pack_of(chart))
    assert "Ḥousing" in text_of(opened(content))
    assert failures(content) == []


def test_no_box_is_explained_where_there_is_none(text: str) -> None:
    assert INSTEAD not in text


def test_a_cell_higher_than_a_page_goes_on_on_the_next() -> None:
    long = " ".join(f"{n}. {SENTENCE}" for n in range(220))
    content = to_pdf(
        pack_of(
            grid_of(
                ("1", long, "A"), ("2", "W" * 300, None), kinds=(Kind.CODE, Kind.TEXT, Kind.RAG)
            )
        )
    )
    texts = placed(opened(content))
    text = as_one(texts)
    assert len(opened(content).pages) > 3
    assert all(close(f"{n}. {SENTENCE}") in text for n in (0, 110, 219))
    assert "W" * 300 in text
    assert [one for one in texts if not one.is_inside] == []
    assert failures(content) == []


def test_forty_directorates_with_long_names_fit() -> None:
    names = [f"Housing, Neighbourhoods, Regeneration and Partnerships {n}" for n in range(40)]
    columns = (Column("d", "Directorate"), Column("t", "Overdue", Kind.NUMBER))
    rows = [*((name, 9) for name in names), ("Totals", 360)]
    grid = Grid(Table(columns, rows, "Overdue by directorate", LAST))
    chart = Chart(
        ChartKind.STACKED, "Overdue", "Bars", tuple(names), (Series("High", (9,) * 40),), grid
    )
    content = to_pdf(pack_of(chart))
    text = text_of(opened(content))
    assert [name for name in names if close(f"{name}9") not in text] == []
    assert failures(content) == []


def test_a_logo_is_on_the_cover() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="9"/></svg>'
    content = to_pdf(pack_of(logo=Image(picture_of(svg, 90), "png")))
    (logo,) = tagged(opened(content), "/Figure")
    assert logo["/Alt"] == "Logo of Example Borough Council"
    assert failures(content) == []


def test_long_names_stay_within_the_page() -> None:
    long = "Longest" * 25
    pack = pack_of(*prose(long), title=long, council=long, marking=long, owner=long, author=long)
    made = opened(to_pdf(pack))
    assert [one for one in placed(made) if not one.is_inside] == []
    assert len(made.pages) == 2


def test_tables_that_are_compared_stand_beside_one_another() -> None:
    tables: list[PackBlock] = [
        grid_of(("Overdue", 9), kinds=(Kind.CODE, Kind.NUMBER), title=title)
        for title in ("First title", "Second title")
    ]
    made = opened(to_pdf(pack_of(*tables)))
    first, second = (one for one in placed(made) if one.text.endswith("title"))
    assert first.y == second.y
    assert first.x < second.x


def test_a_pack_is_dated_by_its_last_entry() -> None:
    pack = pack_of(*prose("Words"))
    later = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
    told = opened(to_pdf(pack._replace(proof=pack.proof._replace(recorded_at=later)))).metadata
    assert told is not None
    assert told.creation_date == later
