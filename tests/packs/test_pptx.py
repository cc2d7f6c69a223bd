"""The pack as slides, read back from their XML: what stands there, for whom, and how it looks."""

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from datetime import date
from xml.etree.ElementTree import Element

import pytest
from openpyxl import load_workbook
from shared.packs import AWKWARD, grid_of, pack_of
from shared.slides import A, C, DeckXml, P, R, named, text_of

from irbtrack.domain.answers import Kind, Mark, Table, Timeline
from irbtrack.domain.figures.sentences import Number, Sentence
from irbtrack.errors import printable
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    ChartKind,
    Drawing,
    Grid,
    Heading,
    Image,
    Points,
    Prose,
    Series,
    prose,
)
from irbtrack.packs.drawing.palette import RAG, contrast
from irbtrack.packs.drawing.plan_drawing import PlanText, laid_out
from irbtrack.packs.formats import ON_SLIDES
from irbtrack.packs.marked_text import stanzas
from irbtrack.packs.proving import read_token
from irbtrack.packs.slides.to_pptx import to_pptx

LANGUAGE = "en-GB"
NUMBERED = f"{A}pPr/{A}buAutoNum"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"


@pytest.fixture(scope="module")
def board_pptx(board_pack: BoardPack) -> bytes:
    """The file of the example."""
    return to_pptx(board_pack)


@pytest.fixture(scope="module")
def board(board_pptx: bytes) -> DeckXml:
    """The slides of the example."""
    return DeckXml(board_pptx)


def deck(*blocks: object, **cover: object) -> DeckXml:
    """The slides of a pack of one section."""
    return checked(DeckXml(to_pptx(pack_of(*blocks, **cover))))  # type: ignore[arg-type]


def checked(made: DeckXml) -> DeckXml:
    """The same slides, of which all holds that must hold of every deck."""
    titles = [slide.titles for slide in made.slides]
    assert all(len(one) == 1 and one[0].strip() for one in titles), titles
    assert len({one[0] for one in titles}) == len(titles)
    for slide in made.slides:
        shapes = next(slide.root.iter(f"{P}spTree"))
        first = next(one for one in shapes if one.tag == f"{P}sp")
        assert next(first.iter(f"{P}ph")).get("type") in ("title", "ctrTitle"), slide.name
        numbers = [one.attrib["id"] for one in slide.root.iter(f"{P}cNvPr")]
        assert len(numbers) == len(set(numbers)), slide.name
        for shape in shapes:
            if any(True for _ in shape.iter(f"{P}ph")):
                assert text_of(shape).strip(), f"{slide.name} has an empty placeholder"
            if shape.tag in (f"{P}graphicFrame", f"{P}pic", f"{P}grpSp"):
                assert named(shape).attrib["descr"], slide.name
                assert named(shape).attrib["title"], slide.name
        _check_places(slide.root, made)
    for name in made.parts:
        if name.endswith(".xml") and name.startswith("ppt/"):
            _check_language(name, made.root(name))
    return made


def _check_places(root: Element, made: DeckXml) -> None:
    """Check that no shape reaches beyond its slide, whatever is in it."""
    size = next(made.root("ppt/presentation.xml").iter(f"{P}sldSz"))
    wide, high = int(size.attrib["cx"]), int(size.attrib["cy"])
    for place in (*root.iter(f"{A}xfrm"), *root.iter(f"{P}xfrm")):
        start, extent = place.find(f"{A}off"), place.find(f"{A}ext")
        if start is not None and extent is not None:
            assert 0 <= int(start.attrib["x"]) <= wide - int(extent.attrib["cx"]) + 1
            assert 0 <= int(start.attrib["y"]) <= high - int(extent.attrib["cy"]) + 1
    for frame in root.iter(f"{P}graphicFrame"):
        rows = [int(row.attrib["h"]) for row in frame.iter(f"{A}tr")]
        extent = next(frame.iter(f"{A}ext"))
        assert sum(rows) <= int(extent.attrib["cy"]) + len(rows)


def _check_language(name: str, root: Element) -> None:
    for run in (*root.iter(f"{A}r"), *root.iter(f"{A}br"), *root.iter(f"{A}fld")):
        assert run.find(f"{A}rPr").get("lang") == LANGUAGE, name  # type: ignore[union-attr]
    for tag in ("rPr", "endParaRPr", "defRPr"):
        assert all(one.get("lang") == LANGUAGE for one in root.iter(f"{A}{tag}")), name


def cells_of(grid: Grid) -> list[list[str]]:
    """What a slide is to show of a table."""
    columns = grid.table.columns
    return [
        grid.labels,
        *(
            [
                "\n".join(one.text for one in stanzas(text))
                if column.kind is Kind.MARKDOWN
                else text
                for text, column in zip(row, columns, strict=True)
            ]
            for row in grid.texts
        ),
    ]


def fill_of(cell: Element) -> str:
    (fill,) = (one for one in cell.findall(f"{A}tcPr/{A}solidFill/{A}srgbClr"))
    return f"#{fill.attrib['val'].lower()}"


# The example


def test_every_slide_is_accessible(board: DeckXml) -> None:
    checked(board)


def test_every_table_is_there_cell_for_cell(board: DeckXml, board_pack: BoardPack) -> None:
    grids = list(board_pack.grids())
    found = board.tables()
    assert [rows for _, rows in found] == [cells_of(grid) for grid in grids]
    captions = [grid.table.title for grid in grids]
    charts = {one.grid.table.title for one in charts_of(board_pack)}
    told = [caption for caption in captions if caption not in charts]
    assert [name for name, _ in found if name not in charts] == told


def test_tables_have_header_rows_and_header_columns(board: DeckXml) -> None:
    for slide in board.slides:
        for properties in slide.root.iter(f"{A}tblPr"):
            assert (properties.get("firstRow"), properties.get("firstCol")) == ("1", "1")


def charts_of(pack: BoardPack) -> list[Chart]:
    return [one for s in pack.sections for one in s.blocks if isinstance(one, Chart)]


def series_of(chart: Element) -> list[tuple[str, list[str], list[float | None]]]:
    """The name, the labels and the values of each series of a chart."""
    found = []
    for series in chart.iter(f"{C}ser"):
        name = "".join(one.text or "" for one in series.find(f"{C}tx").iter(f"{C}v"))  # type: ignore[union-attr]
        labels = [one.text or "" for one in series.find(f"{C}cat").iter(f"{C}v")]  # type: ignore[union-attr]
        values: list[float | None] = [None] * len(labels)
        for point in series.find(f"{C}val").iter(f"{C}pt"):  # type: ignore[union-attr]
            values[int(point.attrib["idx"])] = float(point.find(f"{C}v").text or "")  # type: ignore[union-attr]
        found.append((name, labels, values))
    return found


def test_native_charts_have_the_numbers_of_the_pack(board: DeckXml, board_pack: BoardPack) -> None:
    told, found = charts_of(board_pack), list(board.charts())
    assert len(found) == len(told)
    for chart, drawn in zip(told, found, strict=True):
        series = series_of(drawn)
        if chart.kind is not ChartKind.BRIDGE:
            assert [(name, tuple(values)) for name, _, values in series] == list(chart.series)
            continue
        parts = {name: values for name, _, values in series}
        name, steps = chart.series[0]
        below, figures = parts.pop("Gap below"), parts.pop(name)
        assert figures == [steps[0], *[None] * (len(steps) - 2), steps[-1]]
        level = steps[0]
        for place, step in enumerate(steps[1:-1], 1):
            before, level = level, level + step
            assert below[place] == min(before, level)
            shown = {meaning: of[place] for meaning, of in parts.items() if of[place] is not None}
            assert (name, shown) == ("Overdue", {"Worse" if step > 0 else "Better": abs(step)})
        assert level == steps[-1]


def test_the_plan_is_a_group_of_native_shapes_which_says_what_it_shows(
    board: DeckXml, board_pack: BoardPack
) -> None:
    drawings = [o for s in board_pack.sections for o in s.blocks if isinstance(o, Drawing)]
    groups = [group for slide in board.slides for group in slide.root.iter(f"{P}grpSp")]
    assert [named(group).attrib["descr"] for group in groups] == [one.says for one in drawings]
    for group, drawing in zip(groups, drawings, strict=True):
        shapes = [one for one in group if one.tag in (f"{P}sp", f"{P}cxnSp")]
        texts = [text_of(one) for one in shapes if one.find(f"{P}txBody") is not None]
        plan = laid_out(drawing.timeline)
        assert texts == [one.text for one in plan.shapes if isinstance(one, PlanText)]
        for shape in shapes:
            assert shape.find(f"{P}txBody") is not None or list(shape.iter(DECORATIVE))


def test_notes_have_the_references_behind_the_figures(
    board: DeckXml, board_pack: BoardPack
) -> None:
    behind = {
        f"{grid.about(*place)} ({grid.texts[place[0]][place[1]]}): {', '.join(refs)}"
        for grid in board_pack.grids()
        for place, refs in grid.lists.items()
    }
    notes = {line for slide in board.slides for line in slide.notes.split("\n")}
    assert len(behind) > 50
    assert behind <= notes
    for chart in charts_of(board_pack):
        (shown,) = (s for s in board.slides if chart.says in s.notes)
        assert any(link.kind == "chart" for link in shown.links.values())


def test_the_properties_say_what_the_pack_is(board: DeckXml, board_pack: BoardPack) -> None:
    core = board.root("docProps/core.xml")
    told = {one.tag.rpartition("}")[2]: one.text for one in core}
    assert told["title"] == board_pack.cover.full_title
    assert told["creator"] == told["lastModifiedBy"] == "Improvement Team"
    assert told["language"] == LANGUAGE
    assert told["created"] == told["modified"]
    assert told["created"] == f"{board_pack.proof.recorded_at:%Y-%m-%dT%H:%M:%SZ}"
    assert read_token(told["keywords"] or "") == board_pack.proof
    assert len(core) == len(told)
    assert set(board.parts) >= {"ppt/presentation.xml", "ppt/slides/slide1.xml"}
    assert not any("printerSettings" in name or "thumbnail" in name for name in board.parts)


def test_the_same_pack_has_the_same_bytes(
    board_pack: BoardPack, board_pptx: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(1_700_000_000))
    assert to_pptx(board_pack) == board_pptx


def test_slides_are_16_to_9(board: DeckXml) -> None:
    size = next(board.root("ppt/presentation.xml").iter(f"{P}sldSz"))
    assert int(size.attrib["cx"]) * 9 == int(size.attrib["cy"]) * 16
    assert "type" not in size.attrib


# What people type


def test_what_people_type_is_text() -> None:
    names = AWKWARD[:18]
    series = tuple(Series(text, (1,) * len(names)) for text in AWKWARD[:3])
    grid = grid_of(*((text, text) for text in AWKWARD), kinds=(Kind.TEXT, Kind.MARKDOWN))
    parts = (
        grid,
        Chart(ChartKind.STACKED, AWKWARD[5], "Bars", names, series, grid),
        Chart(ChartKind.LINES, AWKWARD[5], "Lines", names, series, grid),
        Chart(ChartKind.BRIDGE, AWKWARD[5], "A bridge", names, series[:1], grid),
        *(one for text in AWKWARD for one in (Heading(text), Points((text,)))),
    )
    front = {"council": AWKWARD[5], "author": AWKWARD[6], "marking": AWKWARD[12]}
    made = deck(*parts, title=AWKWARD[7], **front)
    assert [rows for _, rows in made.tables()] == [cells_of(grid)] * 4
    links = [one for s in made.slides for one in s.links.values() if one.kind == "hyperlink"]
    assert not [one for one in links if not one.target.startswith("https://")]
    printed = [printable(text) for text in names]
    assert [labels for c in made.charts() for _, labels, _ in series_of(c)] == [printed] * 9
    for book in workbooks(made):
        cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s", "n"}
        assert not any(cell.hyperlink for cell in cells)
        assert [cell.value for cell in book.active["A"][1:]] == printed


def workbooks(made: DeckXml) -> list:  # type: ignore[type-arg]
    return [
        load_workbook(io.BytesIO(content))
        for name, content in made.parts.items()
        if name.endswith(".xlsx")
    ]


def test_a_link_is_one_only_where_it_leads_to_the_web_or_a_mailbox() -> None:
    text = "[plan](https://example.org/?a=1&b=2) [mail](mailto:a@example.org) [bad](file:///etc)"
    made = deck(Points((text,)), grid_of((text,), kinds=(Kind.MARKDOWN,)))
    targets = Counter(
        one.target for s in made.slides for one in s.links.values() if one.kind == "hyperlink"
    )
    assert set(targets) == {"https://example.org/?a=1&b=2", "mailto:a@example.org"}
    for slide in made.slides:
        for run in slide.root.iter(f"{A}r"):
            link = run.find(f"{A}rPr/{A}hlinkClick")
            expected = {"plan": "https://example.org/?a=1&b=2", "mail": "mailto:a@example.org"}
            said = run.find(f"{A}t").text or ""  # type: ignore[union-attr]
            target = link is not None and slide.links[link.attrib[f"{R}id"]].target
            assert target == expected.get(said, False)


def test_right_to_left_text_goes_from_the_right_and_emoji_stay() -> None:
    made = deck(Points(("مرحبا بالعالم",)), Points(("Done 🚧 👩‍🚒 ✅",)))
    paragraphs = [
        (text_of_paragraph(one), one.find(f"{A}pPr").get("rtl"))  # type: ignore[union-attr]
        for one in made.slides[1].root.iter(f"{A}p")
        if one.find(f"{A}pPr") is not None
    ]
    assert paragraphs == [("مرحبا بالعالم", "1"), ("Done 🚧 👩‍🚒 ✅", None)]


def text_of_paragraph(paragraph: Element) -> str:
    return "".join(one.text or "" for one in paragraph.iter(f"{A}t"))


# How much there is


def test_an_empty_pack_has_a_cover() -> None:
    empty = pack_of()
    made = checked(DeckXml(to_pptx(empty._replace(sections=()))))
    assert [slide.titles for slide in made.slides] == [["Progress report"]]
    assert "Example Borough Council" in made.slides[0].text


def test_headings_and_sections_without_a_word_still_have_titles() -> None:
    made = deck(Heading(" "), *prose("One"), grid_of(("x",)), Heading("\n"), title=" ")
    assert len(made.slides) > 1


def test_a_long_commentary_goes_on_and_no_word_is_lost() -> None:
    words = [f"word{n}" for n in range(5_000)]
    made = deck(Points((" ".join(words),)))
    bodies = [
        text_of(shape)
        for slide in made.slides
        for shape in slide.root.iter(f"{P}sp")
        if any(one.get("idx") == "1" for one in shape.iter(f"{P}ph"))
    ]
    assert "".join(bodies[1:]).split() == words
    assert len(bodies) > 10


def test_a_cell_that_is_higher_than_a_slide_goes_on_in_a_row_that_says_so() -> None:
    paragraphs = [f"{n} " + "and so on " * 60 for n in range(40)]
    made = deck(grid_of(("3a", "\n\n".join(paragraphs)), kinds=(Kind.CODE, Kind.MARKDOWN)))
    ((_, rows),) = made.tables()
    assert {row[0] for row in rows[2:]} == {"3a (continued)"}
    assert " ".join(row[1] for row in rows[1:]).split() == " ".join(paragraphs).split()


def test_a_row_whose_first_cell_is_higher_than_a_slide_loses_nothing() -> None:
    words = [f"word{n}" for n in range(2_000)]
    made = deck(grid_of((" ".join(words), "x")))
    ((_, rows),) = made.tables()
    assert " ".join(row[0] for row in rows[1:]).split() == words


def test_a_long_table_says_how_many_of_its_rows_are_elsewhere() -> None:
    made = deck(grid_of(*((f"2223-{n:04}", "Write a plan") for n in range(5_000)), title="Actions"))
    ((caption, rows),) = made.tables()
    assert len(rows) == 1 + ON_SLIDES
    assert caption.startswith(
        f"Actions (the first {ON_SLIDES} of 5,000; all of them are in the pack"
    )
    assert any(caption in slide.text for slide in made.slides)


def test_40_directorates_with_long_names_have_bars_on_several_slides() -> None:
    labels = tuple(f"Directorate of Everything that Has No Other Home, {n}" for n in range(40))
    values = tuple(range(40, 0, -1))
    grid = grid_of(*zip(labels, values, strict=True), kinds=(Kind.TEXT, Kind.NUMBER))
    series = (Series("High", values), Series("Low", values))
    made = deck(Chart(ChartKind.STACKED, "Overdue", "Bars", labels, series, grid))
    charts = list(made.charts())
    assert len(charts) == 3
    shown = [series_of(chart)[0] for chart in charts]
    assert [label for _, part, _ in shown for label in part] == list(labels)
    assert [value for _, _, part in shown for value in part] == list(values)
    scales = {next(chart.iter(f"{C}max")).attrib["val"] for chart in charts}
    assert len(scales) == 1


def test_a_tall_plan_goes_on_on_further_slides() -> None:
    mark = Mark("Milestone", None, date(2023, 6, 1), date(2023, 7, 1), "G")
    rows = tuple((1, f"Workstream {n}", (mark, mark)) for n in range(60))
    table = Table((), [])
    days = date(2023, 2, 1), date(2024, 2, 1), date(2023, 10, 31)
    drawing = Drawing("The plan", "What it shows", Timeline(rows, *days, table), grid_of(("x",)))
    made = deck(drawing)
    groups = [group for slide in made.slides for group in slide.root.iter(f"{P}grpSp")]
    named_rows = [text for group in groups for text in map(text_of, group) if "Workstream" in text]
    assert named_rows == [name for _, name, _ in rows]
    assert len(groups) > 1


def test_short_parts_of_text_share_a_slide_and_tables_share_one_with_their_text() -> None:
    made = deck(
        Heading("First"),
        *prose("One."),
        Heading("Second"),
        Points(("a", "b")),
        Heading("Third"),
        *prose("Before."),
        grid_of(("x", 1), title="Left"),
        grid_of(("y", 2), title="Right"),
        *prose("After."),
    )
    assert [slide.titles for slide in made.slides[1:]] == [["Section"], ["Section\nThird"]]
    third = made.slides[2]
    assert [name for name, _ in third.tables] == ["Left", "Right"]
    order = [third.text.index(word) for word in ("Before.", "Left", "Right", "After.")]
    assert order == sorted(order)


def test_each_numbered_list_counts_from_1() -> None:
    first, second = Points(("one", "two"), numbered=True), Points(("a",), numbered=True)
    made = deck(first, *prose("Next:"), second)
    lists = [
        [text_of_paragraph(one) for one in shape.iter(f"{A}p") if one.find(NUMBERED) is not None]
        for shape in made.slides[1].root.iter(f"{P}sp")
    ]
    assert [one for one in lists if one] == [["one", "two"], ["a"]]


# How it looks


def test_ratings_are_a_letter_and_a_word_on_their_colour() -> None:
    made = deck(grid_of(*((rag.value,) for rag in RAG), kinds=(Kind.RAG,)))
    cells = list(made.slides[1].root.iter(f"{A}tc"))[1:]
    assert [text_of(cell) for cell in cells] == ["R Red", "A Amber", "G Green", "C Complete"]
    assert [fill_of(cell) for cell in cells] == [fill for fill, _ in RAG.values()]


@pytest.mark.parametrize("colour", ["#1f3864", "#ffee00", "#ffffff", "#777777", "#000000"])
def test_text_contrasts_with_what_it_is_on(colour: str) -> None:
    kinds = (Kind.RAG, Kind.NUMBER)
    pack = pack_of(grid_of(("R", 1), ("A", 2), kinds=kinds, totals=frozenset({1})))
    made = DeckXml(to_pptx(pack._replace(look=pack.look._replace(colour=colour))))
    for cell in made.slides[1].root.iter(f"{A}tc"):
        found = cell.iterfind(f".//{A}rPr/{A}solidFill/{A}srgbClr")
        inks = [f"#{one.attrib['val']}" for one in found]
        assert inks
        assert all(contrast(ink, fill_of(cell)) >= 4.5 for ink in inks)
    theme = next(made.root(name) for name in made.parts if name.startswith("ppt/theme/"))
    dark = next(theme.iter(f"{A}dk2"))[0].attrib["val"]
    assert contrast(f"#{dark}", "#ffffff") >= 4.5


def test_numbers_stand_to_the_right_and_totals_are_bold() -> None:
    kinds = (Kind.TEXT, Kind.NUMBER)
    made = deck(grid_of(("a", 1), ("Totals", 2), kinds=kinds, totals=frozenset({-1})))
    rows = list(made.slides[1].root.iter(f"{A}tr"))
    for row in rows:
        assert row[1].find(f".//{A}pPr").get("algn") == "r"  # type: ignore[union-attr]
    assert {one.get("b") for one in rows[2].iter(f"{A}rPr")} == {"1"}


def sizes_in(root: Element) -> set[int]:
    return {int(one.get("sz", "0")) for one in root.iter(f"{A}rPr")}


def test_text_is_never_smaller_than_14_points_and_tables_never_than_9(board: DeckXml) -> None:
    for slide in board.slides[1:]:
        captions = {name for name, _ in slide.tables}
        captions |= {named(frame).attrib["title"] for frame in slide.root.iter(f"{P}graphicFrame")}
        for shape in next(slide.root.iter(f"{P}spTree")).findall(f"{P}sp"):
            places = [one.get("type", "obj") for one in shape.iter(f"{P}ph")]
            if text_of(shape) not in captions and places in ([], ["obj"]):
                assert min(sizes_in(shape)) >= 1400, text_of(shape)
        for table in slide.root.iter(f"{A}tbl"):
            assert min(sizes_in(table)) >= 900


def test_a_logo_is_on_the_cover_and_described() -> None:
    rows = b"".join(b"\0" + b"\x20\x40\x80" * 40 for _ in range(10))
    header = struct.pack(">IIBBBBB", 40, 10, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    made = deck(logo=Image(png, "png"))
    (picture,) = made.slides[0].root.iter(f"{P}pic")
    assert named(picture).attrib["descr"] == "The logo of Example Borough Council"
    extent = next(picture.iter(f"{A}ext"))
    assert int(extent.attrib["cx"]) == 4 * int(extent.attrib["cy"])


def test_the_numbers_of_prose_have_their_references_in_the_notes() -> None:
    number = Number(2, "action list", refs=("2223-001", "2223-002"))
    made = deck(Prose((Sentence((number, " are late.")),)))
    assert made.slides[1].notes == "2 are late.\n2: 2223-001, 2223-002"


def test_embedded_workbooks_have_the_numbers_and_no_time_of_their_own() -> None:
    grid = grid_of(("a", 1), kinds=(Kind.TEXT, Kind.NUMBER))
    series = (Series("High", (1, 2)), Series("Low", (3, 4)))
    made = deck(Chart(ChartKind.STACKED, "Chart", "Bars", ("a", "b"), series, grid))
    (book,) = workbooks(made)
    assert list(book.active.values) == [(None, "High", "Low"), ("a", 1, 3), ("b", 2, 4)]
    assert f"{book.properties.created:%Y-%m-%d}" == "2023-11-20"
    (content,) = (made.parts[name] for name in made.parts if name.endswith(".xlsx"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}


def test_no_part_has_a_character_that_xml_forbids() -> None:
    made = deck(Points(("".join(map(chr, range(32))) + "\uffff",)))
    forbidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
    assert not forbidden.search(made.slides[1].text)
    assert r"\x00\x01" in made.slides[1].text
