"""A pack as a workbook, read back with openpyxl and, for what that leaves out, from its XML."""

import re
import time
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from shared.packs import AWKWARD, grid_of, pack_of
from xlsxwriter.utility import quote_sheetname

from irbtrack.domain.answers import Kind
from irbtrack.domain.figures.bridge import BETTER_WHEN
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    ChartKind,
    Heading,
    Image,
    Points,
    Series,
    Signed,
)
from irbtrack.packs.drawing.palette import RAG
from irbtrack.packs.lettering.table_layout import HEADER_ROW
from irbtrack.packs.proving import say_proof, token
from irbtrack.packs.reading_back import as_read, tables_in
from irbtrack.packs.workbook.to_xlsx import to_xlsx
from irbtrack.sheets.xlsx import TEXT_LIMIT


@pytest.fixture(scope="module")
def content(board_pack: BoardPack) -> bytes:
    return to_xlsx(board_pack)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return opened(content)


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def sheet_of(book: Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def only_table(pack: BoardPack) -> Worksheet:
    """The sheet of a pack's only table."""
    book = opened(to_xlsx(pack))
    return sheet_of(book, book.sheetnames[2])


def parts(content: bytes, ending: str) -> Iterator[str]:
    """The parts of a package whose names match."""
    with ZipFile(BytesIO(content)) as package:
        for name in package.namelist():
            if re.fullmatch(ending, name):
                yield package.read(name).decode()


def charts(board_pack: BoardPack) -> list[Chart]:
    return [b for s in board_pack.sections for b in s.blocks if isinstance(b, Chart)]


def test_each_table_has_a_sheet_which_the_contents_lead_to(
    book: Workbook, board_pack: BoardPack
) -> None:
    contents = sheet_of(book, "Contents")
    first = next(n for n in range(1, 30) if contents.cell(n, 1).value == "Sheet") + 1
    listed = [contents.cell(n, 1) for n in range(first, contents.max_row + 1)]
    assert [cell.value for cell in listed] == book.sheetnames[1:]
    assert [cell.hyperlink and cell.hyperlink.location for cell in listed] == [
        f"{quote_sheetname(name)}!A1" for name in book.sheetnames[1:]
    ]
    captions = [contents.cell(n, 2).value for n in range(first + 1, contents.max_row + 1)]
    grids = list(board_pack.grids())
    assert captions == [grid.table.title for grid in grids]
    assert captions == [sheet_of(book, name)["A1"].value for name in book.sheetnames[2:]]
    assert [sheet_of(book, n).sheet_state for n in book.sheetnames] == ["visible"] * len(
        book.sheetnames
    )


def test_the_contents_say_what_the_pack_is(book: Workbook, board_pack: BoardPack) -> None:
    contents = sheet_of(book, "Contents")
    told = {row[0].value: row[1].value for row in contents.iter_rows(max_row=9)}
    assert contents["A1"].value == board_pack.cover.full_title
    assert told["Marking"] == "OFFICIAL"
    assert told["Figures"] == "as of 31 October 2023, compared with 3 October 2023"
    assert told["Made from"] == say_proof(board_pack.proof)


def test_the_list_of_actions_is_ready_for_a_pivot_table(book: Workbook) -> None:
    sheet = sheet_of(book, "Actions")
    (table,) = sheet.tables.values()
    assert table.ref == f"A{HEADER_ROW + 1}:J{HEADER_ROW + 157}"
    assert table.autoFilter is not None
    refs = [str(cell.value) for cell in sheet["A"][HEADER_ROW + 1 :]]
    assert len(set(refs)) == 156
    assert all(re.fullmatch(r"\d{4}-\d{3}", ref) for ref in refs)


def test_no_sheet_has_merged_cells_and_each_header_is_marked(book: Workbook) -> None:
    for name in book.sheetnames:
        sheet = sheet_of(book, name)
        assert not sheet.merged_cells.ranges
        (table,) = sheet.tables.values()
        assert table.headerRowCount in (None, 1)
        assert sheet.freeze_panes == (None if name == "Contents" else f"A{HEADER_ROW + 2}")


def test_sheets_are_printed_one_page_wide_with_marking_and_page(book: Workbook) -> None:
    for name in book.sheetnames:
        sheet = sheet_of(book, name)
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.oddFooter.left.text == "OFFICIAL"
        assert sheet.oddFooter.right.text == "Page &P of &N"
        if name != "Contents":
            assert sheet.print_title_rows == f"${HEADER_ROW + 1}:${HEADER_ROW + 1}"


def test_a_marking_is_no_code_of_a_footer() -> None:
    sheet = only_table(pack_of(grid_of(["x"]), marking="R&D &P 1"))
    assert "&LR&&D &&P 1&C" in next(
        parts(to_xlsx(pack_of(grid_of(["x"]), marking="R&D &P 1")), r"xl/worksheets/sheet3\.xml")
    ).replace("&amp;", "&")
    assert sheet.oddFooter.right.text == "Page &P of &N"


def test_cells_are_typed() -> None:
    kinds = (Kind.DATE, Kind.NUMBER, Kind.CHANGE, Kind.NUMBER, Kind.RAG, Kind.MARKDOWN, Kind.CODE)
    row = (date(2023, 10, 31), 1234, 0, Signed(9), "A", "**Agreed:**\n- one\n- two", None)
    sheet = only_table(pack_of(grid_of(row, kinds=kinds)))
    cells = sheet[HEADER_ROW + 2]
    assert [cell.value for cell in cells] == [
        datetime(2023, 10, 31),  # noqa: DTZ001
        1234,
        0,
        9,
        "A Amber",
        "Agreed:\n- one\n- two",
        None,
    ]
    assert [cell.number_format for cell in cells[:4]] == [
        "d mmm yyyy",
        "General",
        "+0;-0;=",
        "+0;-0;=",
    ]
    fill, ink = RAG["A"]  # type: ignore[index]  # a letter is a rating
    assert cells[4].fill.fgColor.rgb == f"FF{fill[1:].upper()}"
    assert cells[4].font.color.rgb == f"FF{ink[1:].upper()}"


def test_totals_stand_below_the_table_that_can_be_sorted() -> None:
    sheet = only_table(pack_of(grid_of(["x", 1], ["y", 2], ["Total", 3], totals=frozenset({-1}))))
    (table,) = sheet.tables.values()
    assert table.ref == "A4:B6"
    assert table.autoFilter is not None
    assert [cell.value for cell in sheet[7]] == ["Total", 3]
    assert sheet["A7"].font.b
    assert not sheet["A6"].font.b


@pytest.mark.parametrize("totals", [{0}, {0, 2}, {0, 1, 2}])
def test_a_table_with_totals_in_between_cannot_be_sorted(totals: set[int]) -> None:
    rows = (["x", 1], ["y", 2], ["z", 3])
    sheet = only_table(pack_of(grid_of(*rows, totals=frozenset(totals))))
    (table,) = sheet.tables.values()
    assert table.ref == "A4:B7"
    assert table.autoFilter is None


def test_a_table_without_rows_has_its_header() -> None:
    grid = grid_of(["x", 1])
    empty = grid._replace(table=grid.table._replace(rows=[]))
    sheet = only_table(pack_of(empty))
    assert [cell.value for cell in sheet[HEADER_ROW + 1]] == ["A", "B"]
    assert tables_in(to_xlsx(pack_of(empty)), "xlsx") == [[["A", "B"]]]


def test_headers_are_distinct_as_excel_wants_them() -> None:
    grid = grid_of(["x", "y", "z"])
    columns = [
        c._replace(label=label)
        for c, label in zip(grid.table.columns, ("High", "high", "A\nB"), strict=True)
    ]
    sheet = only_table(pack_of(grid._replace(table=grid.table._replace(columns=tuple(columns)))))
    assert [cell.value for cell in sheet[HEADER_ROW + 1]] == ["High", "high (2)", "A B"]
    (table,) = sheet.tables.values()
    assert [column.name for column in table.tableColumns] == ["High", "high (2)", "A B"]


def test_names_of_sheets_are_short_valid_and_distinct() -> None:
    headings = (
        "Words",
        "history",
        "22/23: overdue [by] directorate?*",
        "'",
        "Ends in 'quotes'",
        "🚧" * 20,
        "x" * 40,
        "X" * 40,
    )
    blocks = [block for heading in headings for block in (Heading(heading), grid_of(["x"]))]
    names = opened(to_xlsx(pack_of(*blocks))).sheetnames
    assert names[:2] == ["Contents", "Words"]
    assert names[2:7] == [
        "Words (2)",
        "history (2)",
        "22-23 overdue by directorate",
        "Table",
        "Ends in 'quotes",
    ]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)


def test_what_people_typed_is_text() -> None:
    blocks = (
        Heading("=1+1"),
        grid_of(*([text, text] for text in AWKWARD), kinds=(Kind.TEXT, Kind.MARKDOWN), title="=A1"),
        Points(("=2+2", "+3")),
    )
    pack = pack_of(*blocks, title="=cmd|x", council="=1", author="@x", marking="=1")
    content = to_xlsx(pack)
    for sheet in parts(content, r"xl/worksheets/.*\.xml"):
        assert "<f>" not in sheet
    assert not [part for part in parts(content, r".*\.rels") if "External" in part]
    assert tables_in(content, "xlsx") == [as_read(grid) for grid in pack.grids()]
    words = "".join(parts(content, r"xl/sharedStrings\.xml"))
    assert r"\x1b[31mred\x07" in words
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ufffe]", words)


def test_a_text_too_long_for_a_cell_goes_on_in_the_next_column() -> None:
    text = ("All works agreed 🚧 " * 5_000).strip()
    grid = grid_of(["x", text, 1], ["y", "short", 2], kinds=(Kind.CODE, Kind.TEXT, Kind.NUMBER))
    pack = pack_of(grid, Points((text,)))
    content = to_xlsx(pack)
    sheet = sheet_of(opened(content), "Section")
    header = [str(cell.value) for cell in sheet[HEADER_ROW + 1]]
    assert header[:3] == ["A", "B", "B (continued)"]
    assert header[-1] == "C"
    first, second = ([cell.value for cell in sheet[HEADER_ROW + n]] for n in (2, 3))
    long = [str(value) for value in first[1:-1]]
    assert "".join(long) == text
    assert all(len(part.encode("utf-16-le")) <= 2 * TEXT_LIMIT for part in long)
    assert second == ["y", "short", *([None] * (len(long) - 1)), 2]
    assert tables_in(content, "xlsx") == [as_read(grid)]
    words = sheet_of(opened(content), "Words")
    assert "".join(str(c.value) for c in words["C"][HEADER_ROW + 2 :]) == f"- {text}"


def test_the_words_of_the_pack_are_all_there(book: Workbook, board_pack: BoardPack) -> None:
    said = " ".join(str(row[2].value) for row in sheet_of(book, "Words").iter_rows(min_row=5))
    for chart in charts(board_pack):
        assert chart.says in said
    assert "Three High ones are left" in said
    assert "**" not in said


def test_each_chart_is_drawn_from_its_table(content: bytes, board_pack: BoardPack) -> None:
    book = opened(content)
    drawn = {
        name: sheet_of(book, name)._charts[0]  # type: ignore[attr-defined]
        for name in book.sheetnames
        if sheet_of(book, name)._charts  # type: ignore[attr-defined]
    }
    told = charts(board_pack)
    assert len(drawn) == len(told)
    for (name, native), chart in zip(drawn.items(), told, strict=True):
        sheet = sheet_of(book, name)
        read = drawn_of(sheet, native)
        labels = [*cells(sheet, (native.series[0].cat.numRef or native.series[0].cat.strRef).f)]
        assert labels == [
            datetime.combine(row[0], datetime.min.time()) if isinstance(row[0], date) else row[0]
            for row in chart.grid.table.rows[: len(chart.labels)]
        ]
        if chart.kind is ChartKind.BRIDGE:
            assert_bridge(read, *chart.series[0])
        else:
            assert read == {one.name: list(one.values) for one in chart.series}
            assert not any(d.hidden for d in sheet.column_dimensions.values())


def drawn_of(sheet: Worksheet, native: Any) -> dict[object, list[object]]:
    """What a chart draws: the values of each series, by its name."""
    return {
        next(cells(sheet, one.tx.strRef.f)): list(cells(sheet, one.val.numRef.f))
        for one in native.series
    }


def cells(sheet: Worksheet, formula: str) -> Iterator[object]:
    """The values of the cells that a chart names."""
    place = formula.rpartition("!")[2].replace("$", "")
    found = sheet[place]
    yield from ([row[0].value for row in found] if isinstance(found, tuple) else [found.value])


def assert_bridge(read: dict[object, list[object]], name: str, steps: tuple[int, ...]) -> None:
    """Assert that the columns of a bridge begin where the one before ends, and what they mean."""
    below, _, ends = (read.pop(one) for one in ("Gap below", "Room for figures", name))
    level = steps[0]
    for place, step in enumerate(steps[1:-1], 1):
        before, level = level, level + step
        assert below[place] == min(before, level)
        is_better = (step > 0) == (name == "Complete")
        meaning = ("Better" if is_better else "Worse") if name in BETTER_WHEN else "Change"
        shown = {one: values[place] for one, values in read.items() if values[place] is not None}
        assert shown == {meaning: abs(step)}
    assert level == steps[-1]
    assert ends == [steps[0], *[None] * (len(steps) - 2), steps[-1]]


@pytest.mark.parametrize("name", ["Overdue", "Complete", "Not Due"])
def test_a_bridge_says_what_is_better(name: str) -> None:
    values = (5, 3, -6, 2)
    labels = ("Opening", "Raised", "Completed", "Closing")
    grid = grid_of(*zip(labels, values, strict=True), kinds=(Kind.TEXT, Kind.NUMBER))
    chart = Chart(ChartKind.BRIDGE, "Movement", "Bars", labels, (Series(name, values),), grid)
    sheet = sheet_of(opened(to_xlsx(pack_of(chart))), "Section")
    (native,) = sheet._charts  # type: ignore[attr-defined]
    assert_bridge(drawn_of(sheet, native), name, values)


def test_charts_have_alternative_text_and_titles(content: bytes, board_pack: BoardPack) -> None:
    drawings = "".join(parts(content, r"xl/drawings/drawing\d+\.xml"))
    told = [re.sub("&amp;", "&", text) for text in re.findall(r'descr="([^"]*)"', drawings)]
    assert told == [chart.says for chart in charts(board_pack)]
    for chart, xml in zip(
        charts(board_pack), parts(content, r"xl/charts/chart\d+\.xml"), strict=True
    ):
        title = re.search(r"<c:title>.*?<c:v>([^<]*)</c:v>", xml, re.DOTALL)
        assert title is not None
        assert title[1] == chart.grid.table.title


def test_a_chart_that_is_not_in_its_table_has_cells_of_its_own() -> None:
    chart = Chart(
        ChartKind.STACKED,
        "t",
        "says",
        ("x", "=1"),
        (Series("High", (3, 4)),),
        grid_of(["other", 1]),
    )
    sheet = only_table(pack_of(chart))
    assert [sheet.cell(HEADER_ROW + n, 4).value for n in (2, 3)] == ["x", "=1"]
    assert sheet.cell(HEADER_ROW + 3, 4).data_type == "s"
    assert [sheet.cell(HEADER_ROW + n, 5).value for n in (1, 2, 3)] == ["High", 3, 4]
    assert sheet.column_dimensions["D"].hidden
    assert tables_in(to_xlsx(pack_of(chart)), "xlsx") == [as_read(chart.grid)]


def test_the_logo_has_alternative_text() -> None:
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    content = to_xlsx(pack_of(grid_of(["x"]), logo=Image(png, "png"), council="Town & Country"))
    (drawing,) = parts(content, r"xl/drawings/drawing1\.xml")
    assert 'descr="Logo of Town &amp; Country"' in drawing


def test_the_properties_carry_the_proof(book: Workbook, board_pack: BoardPack) -> None:
    known, proof = book.properties, board_pack.proof
    assert known.title == board_pack.cover.full_title
    assert known.creator == "Improvement Team"
    assert known.keywords == token(proof)
    assert known.description == say_proof(proof)
    assert known.created == known.modified == proof.recorded_at.replace(tzinfo=None)
    assert {p.name: p.value for p in book.custom_doc_props.props} == {
        "as_of": "2023-10-31",
        "compared_on": "2023-10-03",
        "version": proof.version,
        "digest": proof.figures,
    }


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system can't change its time zone")
def test_the_same_pack_gives_the_same_bytes_anywhere(
    content: bytes, board_pack: BoardPack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert to_xlsx(board_pack) == content
    finally:
        monkeypatch.undo()
        time.tzset()
