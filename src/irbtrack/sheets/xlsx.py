"""Write a form as an Excel workbook, which is what directors get.

Cells of text have the format Text, so that what people type stays what they typed: a line
that begins with a hyphen is no formula, 10/11 is no date, and 0012 keeps its noughts. People
cannot type formulas there, but those would not come back anyhow.

The font is Arial, which is as wide in LibreOffice as in Excel.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from irbtrack.domain.tracker.merging import STATE_SHEET
from irbtrack.domain.tracker.sheet import cell_name
from irbtrack.errors import Refused
from irbtrack.sheets.form import (
    EARLIEST,
    FIRST_ROW,
    GUIDE_SHEET,
    HEADER,
    LATEST,
    LINES,
    LOCKED,
    CellKind,
    Colour,
    Form,
    FormColumn,
    Value,
)

ROW_LIMIT = 1_048_576
TEXT_LIMIT = 32_767
"""The most UTF-16 units that a cell of Excel holds."""

_HINT_LIMIT, _HINT_TITLE_LIMIT = 255, 32
_MAY = dict.fromkeys(
    ("format_columns", "format_rows", "insert_rows", "sort", "autofilter"), True
)  # what the protection of a sheet lets people do

FONT = {"font_name": "Arial", "font_size": 10, "font_scheme": "none"}
_ROW_HEIGHT = 17

A4 = 9
"""The number of the paper's size in Excel."""

_LINE, _HIGHEST = 12.75, 409.0
"""The height of a line of the font, and the most that a row has, in points."""

Formats = Mapping[tuple[CellKind, bool], Format]


class FittedSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose rows are fitted to their texts.

    XlsxWriter marks each height as chosen by somebody, so that no row would grow when more is
    typed into it. The mark is left out here. The heights stay as a first guess, because without
    them LibreOffice shows one line over another.
    """

    def _xml_start_tag_unencoded(self, tag: str, attributes: Iterable[tuple[str, Any]]) -> None:
        super()._xml_start_tag_unencoded(tag, [a for a in attributes if a[0] != "customHeight"])


def to_xlsx(form: Form, path: Path) -> None:
    """Write the form to ``path``, over what is there; the same form gives the same bytes.

    Texts come back unchanged, except one that has two of Excel's escapes in a row, like
    _x0041_x0042_, of which the writer marks only the first. Raise :class:`Refused` if a text
    or the number of rows is more than Excel takes, and OSError if ``path`` can't be written.
    """
    _refuse_too_much(form)
    workbook = Workbook(str(path), usual_options(FONT))
    workbook.worksheet_class = FittedSheet
    workbook.set_properties({"title": form.title, "created": form.made_at})
    _write_rows(workbook, form)
    if form.guide:
        _write_guide(workbook, form)
    _write_state(workbook, form)
    try:
        workbook.close()
    except FileCreateError as fault:
        raise fault.args[0] from None


def usual_options(look: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a workbook whose cells have a look unless another is asked for.

    XlsxWriter keeps notes in what it is given, which would change the next workbook.
    """
    return {
        "default_format_properties": {**look},
        "default_row_height": _ROW_HEIGHT,
        "in_memory": True,  # or files would be left behind by an interrupt
    }


def _refuse_too_much(form: Form) -> None:
    if form.last_row >= ROW_LIMIT:
        raise Refused(f"{len(form.rows):,} rows are more than a sheet of Excel holds; select fewer")
    for place, row in enumerate(form.rows, FIRST_ROW):
        for column, value in enumerate(row):
            if (
                isinstance(value, str)
                and len(value) > TEXT_LIMIT // 2
                and len(value.encode("utf-16-le")) > TEXT_LIMIT * 2
            ):
                raise Refused(
                    f"cell {cell_name(place, column)} would have {len(value):,} characters,"
                    f" and Excel holds {TEXT_LIMIT:,}; shorten the text"
                )


def _write_rows(workbook: Workbook, form: Form) -> None:
    sheet = workbook.add_worksheet(form.name)
    _write_header(workbook, sheet, form)
    formats = _formats(workbook)
    widths = [None if column.hidden else column.width for column in form.columns]
    for place, row in enumerate(form.rows, FIRST_ROW):
        fit_row(sheet, place, row, widths)
        for n, (column, value) in enumerate(zip(form.columns, row, strict=True)):
            _write_cell(sheet, place, n, value, column, formats)
    spare = [formats[c.kind, c.locked(spare=True)] for c in form.columns]
    for place in range(FIRST_ROW + len(form.rows), form.last_row + 1):
        for n, cell_format in enumerate(spare):
            sheet.write_blank(place, n, None, cell_format)
    for n, column in enumerate(form.columns):
        _restrict(sheet, form, n, column)
        _mark(workbook, sheet, form, n, column)
    _arrange(sheet, form)


def _formats(workbook: Workbook) -> Formats:
    """Return the formats of cells, by what they hold and whether they are locked."""
    by_kind: dict[CellKind, dict[str, Any]] = {
        CellKind.TEXT: {"num_format": "@", "text_wrap": True},
        CellKind.DATE: {"num_format": "dd/mm/yyyy", "align": "left"},
        CellKind.NUMBER: {"num_format": "0"},
    }
    shared = {"valign": "top", "border": 1, "border_color": LINES}
    shaded = {"font_color": LOCKED.ink, "bg_color": LOCKED.paper}
    return {
        (kind, locked): workbook.add_format(
            {**shared, **given, "locked": locked, **(shaded if locked else {})}
        )
        for kind, given in by_kind.items()
        for locked in (False, True)
    }


def _write_cell(
    sheet: Worksheet, row: int, n: int, value: Value, column: FormColumn, formats: Formats
) -> None:
    locked = column.locked(spare=False)
    if value is None or value == "":
        sheet.write_blank(row, n, None, formats[column.kind, locked])
    elif isinstance(value, str):
        sheet.write_string(row, n, value, formats[CellKind.TEXT, locked])
    elif isinstance(value, date):
        sheet.write_datetime(row, n, value, formats[CellKind.DATE, locked])
    else:
        sheet.write_number(row, n, value, formats[CellKind.NUMBER, locked])


def fit_row(
    sheet: Worksheet,
    place: int,
    row: Iterable[Value],
    widths: Iterable[int | None],
    gap: float = 2,
) -> None:
    """Give a row the height that its texts need, if that is more than a line."""
    lines = max(
        (
            _lines(value, width)
            for value, width in zip(row, widths, strict=True)
            if width and isinstance(value, str)
        ),
        default=1,
    )
    if lines > 1 or gap > _LINE:
        sheet.set_row(place, min(_LINE * lines + gap, _HIGHEST))


def _lines(text: str, width: int) -> int:
    """Return about how many lines a text takes.

    The width counts digits. A tenth more letters than digits fit, and three are lost to whole
    words.
    """
    fits = width * 11 // 10
    if len(text) <= fits and "\n" not in text:
        return 1
    filled = max(fits - 3, 3)
    return sum(1 if len(line) <= fits else -(-len(line) // filled) for line in text.split("\n"))


def _write_header(workbook: Workbook, sheet: Worksheet, form: Form) -> None:
    names = workbook.add_format({"num_format": "@", "font_size": 8, "font_color": LOCKED.ink})
    labels = workbook.add_format({
        "num_format": "@", "bold": True, "font_color": HEADER.ink, "bg_color": HEADER.paper,
        "text_wrap": True, "valign": "top", "border": 1, "border_color": LINES,
    })  # fmt: skip
    sheet.set_row(0, 9, None, {"hidden": True})
    sheet.set_row(1, _LINE * form.header_lines + 4)
    for n, column in enumerate(form.columns):
        sheet.set_column(n, n, column.width, None, {"hidden": column.hidden})
        sheet.write_string(0, n, column.name, names)
        sheet.write_string(1, n, column.label, labels)
        if column.hint:
            sheet.data_validation(1, n, 1, n, {
                "validate": "any",
                "input_title": _shortened(column.label, _HINT_TITLE_LIMIT),
                "input_message": _shortened(column.hint, _HINT_LIMIT),
            })  # fmt: skip


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _restrict(sheet: Worksheet, form: Form, n: int, column: FormColumn) -> None:
    """Let only what the column holds be typed into its cells."""
    if not column.complaint:
        return
    rule: dict[str, Any]
    if column.choices:
        rule = {
            "validate": "list",
            "source": f"={STATE_SHEET}!{':'.join(form.list_ends(column.choices))}",
        }
    elif column.kind is CellKind.DATE:
        rule = {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
    else:
        rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": column.most}
    rule |= {
        "error_type": "stop",
        "error_title": _shortened(column.label, _HINT_TITLE_LIMIT),
        "error_message": column.complaint,
    }
    sheet.data_validation(FIRST_ROW, n, form.last_row, n, rule)


def _mark(workbook: Workbook, sheet: Worksheet, form: Form, n: int, column: FormColumn) -> None:
    """Shade the cells whose word is marked, also after it has changed."""
    for word, mark in column.marks.items():
        shade = workbook.add_format(
            {"bold": mark is Colour.RED, "font_color": mark.value.ink, "bg_color": mark.value.paper}
        )
        quoted = word.replace('"', '""')
        sheet.conditional_format(
            FIRST_ROW, n, form.last_row, n,
            {"type": "cell", "criteria": "==", "value": f'="{quoted}"', "format": shade},
        )  # fmt: skip


def _arrange(sheet: Worksheet, form: Form) -> None:
    """Give a sheet of rows its panes, filter, protection and paper."""
    last_column = len(form.columns) - 1
    sheet.freeze_panes(FIRST_ROW, 1)
    typed = [n for n, c in enumerate(form.columns) if not c.hidden and not c.locked(spare=False)]
    sheet.set_selection(cell_name(FIRST_ROW, typed[0] if typed else 0))
    sheet.autofilter(FIRST_ROW - 1, 0, form.last_row, last_column)
    sheet.protect("", _MAY)
    cells = f"A1:{cell_name(form.last_row, last_column)}"
    sheet.ignore_errors({"number_stored_as_text": cells, "two_digit_text_year": cells})
    sheet.set_landscape()
    sheet.repeat_rows(FIRST_ROW - 1)
    set_paper(sheet)


def set_paper(sheet: Worksheet, footer: str = "&L&A&RPage &P of &N", size: int = A4) -> None:
    """Let a sheet be printed one page wide. Sizes of paper are numbered as Excel does."""
    sheet.set_paper(size)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(footer)


def _write_guide(workbook: Workbook, form: Form) -> None:
    sheet = workbook.add_worksheet(GUIDE_SHEET)
    widths = (26, 84)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    sheet.hide_gridlines(2)
    title = workbook.add_format({"bold": True, "font_size": 16, "font_color": HEADER.paper})
    heading = workbook.add_format(
        {"num_format": "@", "bold": True, "text_wrap": True, "valign": "top"}
    )
    text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, form.title, title)
    sheet.set_row(0, 24)
    for row, (head, said) in enumerate(form.guide, 2):
        fit_row(sheet, row, (head, said), widths, gap=_LINE + 1)
        sheet.write_string(row, 0, head, heading)
        sheet.write_string(row, 1, said, text)
    sheet.protect("", _MAY)
    set_paper(sheet)


def _write_state(workbook: Workbook, form: Form) -> None:
    sheet = workbook.add_worksheet(STATE_SHEET)
    text = workbook.add_format({"num_format": "@"})
    for place, row in enumerate(form.state_rows()):
        for n, value in enumerate(row):
            if value:
                sheet.write_string(place, n, value, text)
    sheet.protect("", _MAY)
    sheet.hide()
