"""A pack as a Word document, read back from its XML."""

import re
import time
from datetime import date
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from shared.packs import AWKWARD, grid_of, pack_of
from shared.word_files import NAMESPACES, R, W, Word, fields_of, opened, text_of, value

from irbtrack.domain.answers import Kind
from irbtrack.domain.figures.sentences import sentence
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    ChartKind,
    Drawing,
    Heading,
    Image,
    Look,
    Points,
    Prose,
    Series,
)
from irbtrack.packs.drawing.palette import RAG, contrast
from irbtrack.packs.proving import say_proof, token
from irbtrack.packs.reading_back import as_read, tables_in
from irbtrack.packs.word.to_docx import to_docx

LONG = "تم الاتفاق على الخطة"


def written(pack: BoardPack, template: bytes | None = None) -> Word:
    return opened(to_docx(pack, template))


@pytest.fixture(scope="module")
def content(board_pack: BoardPack) -> bytes:
    return to_docx(board_pack)


@pytest.fixture(scope="module")
def board(content: bytes) -> Word:
    return opened(content)


def test_every_cell_is_found_again_in_its_place(board_pack: BoardPack, board: Word) -> None:
    tables = board.all("w:tbl")
    grids = list(board_pack.grids())
    assert len(tables) == len(grids)
    for table, grid in zip(tables, grids, strict=True):
        header, *rows = [
            [
                "\n".join(map(text_of, cell.findall("w:p", NAMESPACES)))
                for cell in row.findall("w:tc", NAMESPACES)
            ]
            for row in table.findall("w:tr", NAMESPACES)
        ]
        assert header == grid.labels
        typed = {n for n, column in enumerate(grid.table.columns) if column.kind is Kind.MARKDOWN}
        plain = [[cell for n, cell in enumerate(row) if n not in typed] for row in rows]
        assert plain == [
            [cell for n, cell in enumerate(row) if n not in typed] for row in grid.texts
        ]


def test_what_verifying_reads_is_what_was_written(board_pack: BoardPack, content: bytes) -> None:
    assert tables_in(content, "docx") == list(map(as_read, board_pack.grids()))


def test_the_text_stands_in_the_order_of_the_pack(board_pack: BoardPack, board: Word) -> None:
    told = [text_of(one) for one in board.styled("Normal")]
    asked = [b.text for s in board_pack.sections for b in s.blocks if isinstance(b, Prose)]
    assert [text for text in told if text in asked] == asked


def test_headings_are_those_of_the_pack_and_of_the_contents(
    board_pack: BoardPack, board: Word
) -> None:
    asked = []
    for section in board_pack.sections:
        asked.append(section.title)
        asked += [block.text for block in section.blocks if isinstance(block, Heading)]
    assert [text_of(one) for one in board.styled("heading 1", "heading 2")] == asked
    assert [text_of(one) for one in board.styled("toc 1", "toc 2")] == asked


def test_each_entry_of_the_contents_leads_to_its_heading(board: Word) -> None:
    marked = {
        start.get(f"{W}name"): text_of(heading)
        for heading in board.styled("heading 1", "heading 2")
        for start in heading.findall("w:bookmarkStart", NAMESPACES)
    }
    for entry in board.styled("toc 1", "toc 2"):
        link = entry.find("w:hyperlink", NAMESPACES)
        assert link is not None
        assert marked.pop(link.get(f"{W}anchor")) == text_of(entry)
    assert not marked


def test_fields_are_whole_and_the_programs_own(board: Word) -> None:
    codes = fields_of(board.body)
    assert codes[0] == 'TOC \\o "1-2" \\h \\z \\u'
    assert {code.split()[0] for code in codes} == {"TOC", "PAGEREF", "SEQ"}
    depth = 0
    for one in board.body.iter(f"{W}fldChar"):
        depth += {"begin": 1, "separate": 0, "end": -1}[one.get(f"{W}fldCharType", "")]
        assert depth in (0, 1, 2)
    assert depth == 0
    assert board.parts["word/settings.xml"].find("w:updateFields", NAMESPACES) is None


def test_tables_and_figures_are_numbered_and_named(board_pack: BoardPack, board: Word) -> None:
    captions = [text_of(one) for one in board.styled("caption")]
    titles = [grid.table.title for grid in board_pack.grids()]
    drawn = [b for s in board_pack.sections for b in s.blocks if isinstance(b, Chart | Drawing)]
    assert [one for one in captions if one.startswith("Table")] == [
        f"Table {number}: {title}" for number, title in enumerate(titles, 1)
    ]
    assert [one for one in captions if one.startswith("Figure")] == [
        f"Figure {number}: {block.title}" for number, block in enumerate(drawn, 1)
    ]


def test_a_caption_is_never_parted_from_its_table_or_picture(board: Word) -> None:
    before: Element | None = None
    for element in board.body:
        if element.tag == f"{W}tbl":
            assert before in list(board.styled("caption"))
            assert before is not None
            assert before.find("w:pPr/w:keepNext", NAMESPACES) is not None
        before = element
    figure = next(one for one in board.parts["word/styles.xml"] if value(one, "w:name") == "Figure")
    assert figure.find("w:pPr/w:keepNext", NAMESPACES) is not None


def test_each_table_has_a_header_row_a_title_and_a_description(
    board_pack: BoardPack, board: Word
) -> None:
    for table, grid in zip(board.all("w:tbl"), board_pack.grids(), strict=True):
        first, *others = table.findall("w:tr", NAMESPACES)
        assert first.find("w:trPr/w:tblHeader", NAMESPACES) is not None
        assert all(row.find("w:trPr/w:tblHeader", NAMESPACES) is None for row in others)
        look = table.find("w:tblPr/w:tblLook", NAMESPACES)
        assert look is not None
        assert (look.get(f"{W}firstRow"), look.get(f"{W}firstColumn")) == ("1", "1")
        assert value(table, "w:tblPr/w:tblCaption") == grid.table.title
        assert str(len(others)) in (value(table, "w:tblPr/w:tblDescription") or "")


def test_no_table_is_wider_than_its_page(board: Word) -> None:
    widest = 0
    for element in board.body:
        if element.tag == f"{W}tbl":
            columns = element.findall("w:tblGrid/w:gridCol", NAMESPACES)
            widest = max(widest, sum(int(one.get(f"{W}w", "")) for one in columns))
        pages = element if element.tag == f"{W}sectPr" else element.find(".//w:sectPr", NAMESPACES)
        if pages is not None:
            assert widest <= width_of_text(pages) + 10
            widest = 0


def width_of_text(pages: Element) -> int:
    size, margin = (pages.find(path, NAMESPACES) for path in ("w:pgSz", "w:pgMar"))
    assert size is not None
    assert margin is not None
    return int(size.get(f"{W}w", "")) - sum(int(margin.get(W + side, "")) for side in SIDES)


SIDES = ("left", "right")


def test_wide_tables_and_the_plan_stand_on_pages_turned_sideways(board: Word) -> None:
    pages = board.all(".//w:sectPr")
    sizes = [one.find("w:pgSz", NAMESPACES) for one in pages]
    turned = [one is not None and one.get(f"{W}orient") == "landscape" for one in sizes]
    assert turned[:3] == [False, True, False]
    assert len(pages[0].findall("w:footerReference", NAMESPACES)) == 1
    assert not any(one.findall("w:footerReference", NAMESPACES) for one in pages[1:])


def test_pages_are_of_the_size_that_is_asked_for() -> None:
    pack = pack_of(grid_of(("a",)))
    for page, size in {"A4": (11906, 16838), "A3 landscape": (23811, 16838)}.items():
        word = written(pack._replace(look=Look("#1f3864", page)))
        found = word.body.find("w:sectPr/w:pgSz", NAMESPACES)
        assert found is not None
        assert tuple(int(found.get(W + side, "")) for side in ("w", "h")) == pytest.approx(
            size, abs=2
        )


def test_pictures_say_what_they_show(board_pack: BoardPack, board: Word) -> None:
    drawn = [b for s in board_pack.sections for b in s.blocks if isinstance(b, Chart | Drawing)]
    pictures = board.all(".//wp:inline/wp:docPr")
    assert [(one.get("title"), one.get("descr")) for one in pictures] == [
        (block.title, block.says) for block in drawn
    ]
    assert len({one.get("id") for one in pictures}) == len(drawn)
    assert not board.all(".//wp:anchor")


def test_numbers_stand_to_the_right_and_totals_are_bold() -> None:
    kinds = (Kind.TEXT, Kind.NUMBER)
    word = written(pack_of(grid_of(("a", 1), ("Total", 2), kinds=kinds, totals=frozenset({-1}))))
    numbers = [text_of(one) for one in word.styled("Table Number", "Table Number Heading")]
    assert numbers == ["B", "1", "2"]
    bold = [
        text_of(row)
        for row in word.all("w:tbl/w:tr")
        if all(run.find("w:rPr/w:b", NAMESPACES) is not None for run in row.iter(f"{W}r"))
    ]
    assert bold == ["Total2"]


def test_ratings_have_their_colours_and_their_words() -> None:
    word = written(pack_of(grid_of(*[(one.value,) for one in RAG], (None,), kinds=(Kind.RAG,))))
    _, *rows, unrated = word.all("w:tbl/w:tr/w:tc")
    for row, (rag, (fill, ink)) in zip(rows, RAG.items(), strict=True):
        shade = row.find("w:tcPr/w:shd", NAMESPACES)
        assert shade is not None
        assert f"#{shade.get(f'{W}fill')}" == fill
        assert f"#{value(row, './/w:rPr/w:color')}" == ink
        assert text_of(row).startswith(f"{rag.value} ")
    assert unrated.find("w:tcPr/w:shd", NAMESPACES) is None


@pytest.mark.parametrize("colour", ["#1f3864", "#ffcc00", "#777777"])
def test_headings_and_headers_can_be_read_in_any_colour(colour: str) -> None:
    word = written(pack_of(grid_of(("a",)))._replace(look=Look(colour, "A4")))
    styles = {value(one, "w:name"): one for one in word.parts["word/styles.xml"]}
    for name in ("heading 1", "heading 2", "Title"):
        assert contrast(f"#{value(styles[name], 'w:rPr/w:color')}", "#ffffff") >= 4.5
    header = styles["Board Table"].find("w:tblStylePr", NAMESPACES)
    assert header is not None
    shade = header.find("w:tcPr/w:shd", NAMESPACES)
    assert shade is not None
    assert contrast(f"#{value(header, 'w:rPr/w:color')}", f"#{shade.get(f'{W}fill')}") >= 4.5


def test_the_language_is_british_throughout(board: Word) -> None:
    styles = board.parts["word/styles.xml"]
    said = {one.get(f"{W}val") for one in styles.iter(f"{W}lang")}
    assert said == {"en-GB"}
    assert value(styles, "w:docDefaults/w:rPrDefault/w:rPr/w:lang") == "en-GB"


def test_headings_leave_out_no_level_and_no_paragraph_is_empty(board: Word) -> None:
    first = next(board.styled("heading 1", "heading 2"))
    assert first in list(board.styled("heading 1"))
    ends = list(board.styled("Section End"))
    for paragraph in board.all("w:p"):
        pictured = paragraph.find(".//wp:inline", NAMESPACES) is not None
        assert text_of(paragraph) or pictured or paragraph in ends
    assert all(one.find("w:pPr/w:sectPr", NAMESPACES) is not None for one in ends)


def test_properties_carry_the_proof(board_pack: BoardPack, board: Word) -> None:
    core = {one.tag.partition("}")[2]: one.text for one in board.parts["docProps/core.xml"]}
    assert core == {
        "title": board_pack.cover.full_title,
        "subject": "Example Borough Council",
        "creator": "Improvement Team",
        "lastModifiedBy": "Improvement Team",
        "language": "en-GB",
        "identifier": token(board_pack.proof),
        "keywords": token(board_pack.proof),
        "description": say_proof(board_pack.proof),
        "revision": "1",
        "created": f"{board_pack.proof.recorded_at:%Y-%m-%dT%H:%M:%SZ}",
        "modified": f"{board_pack.proof.recorded_at:%Y-%m-%dT%H:%M:%SZ}",
    }


def test_nothing_of_the_librarys_own_template_is_left(board: Word) -> None:
    assert sorted(name for name in board.parts if not name.endswith(".rels")) == [
        "[Content_Types].xml",
        "docProps/core.xml",
        "word/document.xml",
        "word/fontTable.xml",
        "word/footer1.xml",
        "word/numbering.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
        "word/webSettings.xml",
    ]
    assert b"python-docx" not in ElementTree.tostring(board.parts["docProps/core.xml"])


def test_the_same_pack_has_the_same_bytes(board_pack: BoardPack, content: bytes) -> None:
    assert to_docx(board_pack) == content


def test_the_cover_says_what_is_known() -> None:
    pack = pack_of(Prose((sentence("Told."),)), meeting_on=date(2023, 11, 23), marking="OFFICIAL")
    told = [text_of(one) for one in written(pack).all("w:p")][:5]
    assert told == [
        "Example Borough Council",
        "Progress report",
        "Meeting23 November 2023",
        "Figuresas of 31 October 2023",
        "OFFICIAL",
    ]


def test_every_page_says_its_document_marking_and_number(board: Word) -> None:
    footer = board.parts["word/footer1.xml"]
    assert text_of(footer) == (
        "Improvement and Recovery Board: progress report, 23 November 2023  |  OFFICIAL  |"
        "  Page 1 of 1"
    )
    assert fields_of(footer) == ["PAGE", "NUMPAGES"]


LOGO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def test_a_logo_stands_on_the_cover() -> None:
    word = written(pack_of(Prose((sentence("Told."),)), logo=Image(LOGO, "png")))
    (picture,) = word.all("w:p[1]//wp:docPr")
    assert picture.get("descr") == "The logo of Example Borough Council"


def items_of(word: Word) -> list[tuple[int, str, str]]:
    """The items of lists: their level, the list that they belong to, and their text."""
    return [
        (
            int(value(one, "w:pPr/w:numPr/w:ilvl") or 0),
            value(one, "w:pPr/w:numPr/w:numId") or "",
            text_of(one),
        )
        for one in word.styled("List Bullet", "List Number")
    ]


def starts_of(word: Word) -> dict[str, tuple[str, str]]:
    """The level and the number with which each list begins."""
    return {
        one.get(f"{W}numId", ""): (at.get(f"{W}ilvl", ""), value(at, "w:startOverride") or "")
        for one in word.parts["word/numbering.xml"].findall("w:num", NAMESPACES)
        for at in one.findall("w:lvlOverride", NAMESPACES)
    }


def test_each_numbered_list_begins_anew_and_each_item_goes_on() -> None:
    points = Points(("one", "two"), numbered=True)
    word = written(pack_of(points, Prose((sentence("Next:"),)), points))
    items = items_of(word)
    assert [text for *_, text in items] == ["one", "two", "one", "two"]
    first, second, third, fourth = (number for _, number, _ in items)
    assert (first, third) == (second, fourth)
    assert first != third
    starts = starts_of(word)
    assert starts[first] == starts[third] == ("0", "1")


def test_lists_within_lists_keep_their_depth_and_numbers() -> None:
    text = "Agreed:\n\n3. three\n   - within\n     1. deep\n4. four"
    word = written(pack_of(Points((text,))))
    agreed, three, within, deep, four = items_of(word)
    assert [level for level, *_ in (agreed, three, within, deep, four)] == [0, 1, 2, 3, 1]
    starts = starts_of(word)
    assert starts[three[1]] == ("1", "3")
    assert starts[deep[1]] == ("3", "1")
    assert four[1] == three[1]
    assert within[1] not in starts


def test_a_point_may_have_paragraphs_and_lists_of_its_own() -> None:
    word = written(pack_of(Points(("First\n\n- within\n\nMore", "- only"), numbered=False)))
    assert [(level, text) for level, _, text in items_of(word)] == [
        (0, "First"),
        (1, "within"),
        (0, "only"),
    ]
    assert [text_of(one) for one in word.styled("List Continue")] == ["More"]


def test_what_people_typed_stays_text() -> None:
    kinds = (Kind.TEXT, Kind.MARKDOWN)
    grid = grid_of(*[(text, text) for text in AWKWARD], kinds=kinds)
    pack = pack_of(Heading(AWKWARD[5]), Points(AWKWARD), grid, title=AWKWARD[11], marking="<&>")
    word = written(pack)
    cells = [text_of(row[0]) for row in word.all("w:tbl/w:tr")[1:]]
    assert [row[-2] for row in grid.texts] == [
        text_of(row.findall("w:tc", NAMESPACES)[0]) for row in word.all("w:tbl/w:tr")[1:]
    ]
    assert len(cells) == len(AWKWARD)
    assert {code.split()[0] for code in fields_of(word.body)} == {"TOC", "PAGEREF", "SEQ"}
    assert "\\x1b[31mred\\x07" in [text_of(one) for one in word.styled("heading 1")]
    everything = ElementTree.tostring(word.body, encoding="unicode")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\ufffe\uffff]", everything)


def test_only_safe_links_are_links() -> None:
    text = "[a](https://example.org/?a=1&b=2) [b](javascript:alert(1)) [c](file:///etc/passwd)"
    word = written(pack_of(Points((text,))))
    links = word.all(".//w:hyperlink[@r:id]")
    relations = {
        one.get("Id"): (one.get("Target"), one.get("TargetMode"))
        for one in word.parts["word/_rels/document.xml.rels"]
    }
    assert [(text_of(one), relations[one.get(f"{R}id")]) for one in links] == [
        ("a", ("https://example.org/?a=1&b=2", "External"))
    ]
    external = [target for target, mode in relations.values() if mode == "External"]
    assert external == ["https://example.org/?a=1&b=2"]


def test_what_is_read_from_right_to_left_is_set_so() -> None:
    mixed = f"Plan: {LONG} 🚧"
    word = written(pack_of(Points((LONG,)), Points((mixed,)), grid_of((LONG,))))
    arabic, english = word.styled("List Bullet")
    assert arabic.find("w:pPr/w:bidi", NAMESPACES) is not None
    assert english.find("w:pPr/w:bidi", NAMESPACES) is None
    assert text_of(english) == mixed
    turned = [
        text_of(run)
        for run in english.findall("w:r", NAMESPACES)
        if run.find("w:rPr/w:rtl", NAMESPACES) is not None
    ]
    assert turned == [LONG]
    assert word.all("w:tbl//w:bidi")


def test_a_pack_that_tells_nothing_is_a_cover() -> None:
    word = written(pack_of()._replace(sections=()))
    assert [text_of(one) for one in word.all("w:p")] == [
        "Example Borough Council",
        "Progress report",
        "Figuresas of 31 October 2023",
    ]
    assert not word.all("w:sdt")


def test_a_long_commentary_is_whole_and_its_row_may_go_on_over_pages() -> None:
    long = " ".join(["commentary"] * 5_000)
    grid = grid_of(("short", long), ("short", "short"), kinds=(Kind.TEXT, Kind.MARKDOWN))
    word = written(pack_of(Points((long,)), grid))
    _, broken, whole = word.all("w:tbl/w:tr")
    assert text_of(broken) == f"short{long}"
    assert broken.find("w:trPr/w:cantSplit", NAMESPACES) is None
    assert whole.find("w:trPr/w:cantSplit", NAMESPACES) is not None
    assert [long] == [text_of(one) for one in word.styled("List Bullet")]


def test_a_tall_chart_fits_its_page() -> None:
    names = tuple(f"Directorate of Housing, Neighbourhoods and Communities {n}" for n in range(40))
    series = (Series("High", tuple(range(40))), Series("Low", (3,) * 40))
    grid = grid_of(*[(name, n) for n, name in enumerate(names)], kinds=(Kind.TEXT, Kind.NUMBER))
    word = written(pack_of(Chart(ChartKind.STACKED, "Overdue", "Bars", names, series, grid)))
    (extent,) = word.all(".//wp:inline/wp:extent")
    assert int(extent.get("cy", "")) < 257 * 36_000
    assert len(word.all("w:tbl/w:tr")) == 41


def test_a_table_of_thousands_of_rows_takes_no_longer_by_the_row() -> None:
    rows = [(f"2122-{n}", "Agree how quickly referred debts are acted on", n) for n in range(3_000)]
    grid = grid_of(*rows, kinds=(Kind.CODE, Kind.TEXT, Kind.NUMBER))
    began = time.process_time()
    content = to_docx(pack_of(grid))
    assert time.process_time() - began < 5
    assert len(opened(content).all("w:tbl/w:tr")) == 3_001
