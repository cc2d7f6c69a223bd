"""Write a form as an OpenDocument workbook, for people who have LibreOffice.

It has what the Excel workbook has, except the buttons that filter and the layout of printed
pages: LibreOffice lets nobody filter, sort or widen a column while a sheet is protected.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date
from io import BytesIO
from pathlib import Path

import odfdo
from odfdo import Cell, Column, Container, Document, Element, Paragraph, Row, Style, Table

from irbtrack.domain.tracker.merging import STATE_SHEET
from irbtrack.domain.tracker.sheet import cell_name
from irbtrack.errors import printable
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
    Shade,
    Value,
)

_Attributes = Mapping[str, str | bool]

_BASE = "table:base-cell-address"
_DAY_ZERO = date(1899, 12, 30)
_GUIDE_WIDTHS = (26, 84)
_FORMATS = (
    '<number:text-style style:name="text"><number:text-content/></number:text-style>',
    '<number:date-style style:name="date"><number:day number:style="long"/>'
    '<number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/></number:date-style>',
    '<number:number-style style:name="number"><number:number number:decimal-places="0"'
    ' number:min-integer-digits="1"/></number:number-style>',
)
_TYPES = {
    CellKind.TEXT: ("string", "office:string-value"),
    CellKind.DATE: ("date", "office:date-value"),
    CellKind.NUMBER: ("float", "office:value"),
}
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COLLAPSING = re.compile(r"^ | $|  |[\t\r\n]")
_ROWS_HERE = Row(style="rows-here")


def to_ods(form: Form, path: Path) -> None:
    """Write the form to ``path``, over what is there.

    Texts come back unchanged, except that control characters, which the format cannot hold, are
    made visible. Raise OSError if ``path`` can't be written.
    """
    document = _blank_document(form)
    for style in _styles(form):
        document.insert_style(style, automatic=True)
    body = document.body
    body.append(_element("table:content-validations", {}, *_validations(form)))
    body.append(_rows_table(form))
    if form.guide:
        body.append(_listing(GUIDE_SHEET, [(form.title,), *form.guide]))
    body.append(_listing(STATE_SHEET, form.state_rows()))
    document.set_table_displayed(STATE_SHEET, False)
    saved = BytesIO()
    document.save(saved)
    _put_rows(Container(saved), form, path)


def _put_rows(package: Container, form: Form, path: Path) -> None:
    """Save the workbook with its rows.

    They are written one by one, because 50,000 would take over a gigabyte as part of the
    document.
    """
    content = package.get_part("content.xml")
    assert isinstance(content, bytes)
    before, _, after = content.partition(_ROWS_HERE.serialize().encode())
    whole = BytesIO()
    whole.write(before)
    columns = [_Cells(form, n, spare=False) for n in range(len(form.columns))]
    for values in form.rows:
        row = _row(cells.of(value) for cells, value in zip(columns, values, strict=True))
        # Leaving out the namespaces, odfdo leaves out texts that look like one.
        whole.write(row.serialize(with_ns=True).encode())
    whole.write(after)
    package.set_part("content.xml", whole.getvalue())
    package.save(path)


def _element(tag: str, attributes: _Attributes, *children: Element) -> Element:
    element = Element.from_tag(tag)
    for name, value in attributes.items():
        element.set_attribute(name, value)
    element.extend(children)
    return element


def _blank_document(form: Form) -> Document:
    """Return a workbook without sheets, and without the French texts of odfdo's template."""
    document = Document("spreadsheet")
    document.body.clear()
    for part in (document.content, document.styles):
        for name in ("font-face-decls", "styles", "automatic-styles", "master-styles"):
            if found := part.get_element(f"office:{name}"):
                found.clear()
    document.del_part("Thumbnails/thumbnail.png")
    document.manifest.del_full_path("Thumbnails/thumbnail.png")
    document.meta.strip(creation_date=form.made_at.astimezone(UTC))
    document.meta.title = form.title
    document.insert_style(Style("table-cell"), default=True)
    document.language = "en-GB"
    for number_format in _FORMATS:
        document.insert_style(number_format)
    for mark in Colour:
        style = Style("table-cell", name=mark.name, background_color=mark.value.paper)
        style.set_properties(area="text", color=mark.value.ink)
        document.insert_style(style)
    document.settings.body.clear()
    document.settings.body.append(_view(form))
    return document


def _view(form: Form) -> Element:
    """Return the settings that keep the labels and the first column in sight."""
    view: Element = odfdo.ConfigItemMapEntry(form.name)
    for split, side, lines in (("Horizontal", "Right", 1), ("Vertical", "Bottom", FIRST_ROW)):
        view.append(odfdo.ConfigItem(f"{split}SplitMode", "short", 2))
        view.append(odfdo.ConfigItem(f"{split}SplitPosition", "int", lines))
        view.append(odfdo.ConfigItem(f"Position{side}", "int", lines))
    sheets, first = odfdo.ConfigItemMapNamed("Tables"), odfdo.ConfigItemMapEntry()
    views = odfdo.ConfigItemMapIndexed("Views")
    for holder in (sheets, first, views, odfdo.ConfigItemSet("ooo:view-settings")):
        holder.append(view)
        view = holder
    return view


def _address(form: Form, row: int, column: int) -> str:
    name = form.name.replace("'", "''")
    return f"'{name}'.{cell_name(row, column)}"


def _styles(form: Form) -> Iterator[Style]:
    """Yield the styles of columns, and those of cells: one for each column, kind and lock."""
    for width in sorted({column.width for column in form.columns} | {*_GUIDE_WIDTHS}):
        yield Style("table-column", name=f"width{width}", width=f"{width * 5.25 + 4}pt")
    for name, shade in (("plain", LOCKED), ("heading", LOCKED), ("label", HEADER)):
        style = _cell_style(name, CellKind.TEXT, shade)
        if name != "plain":
            style.set_properties({"fo:font-weight": "bold"}, area="text")
        yield style
    for n, column in enumerate(form.columns):
        for kind in CellKind:
            for ending, paper in (("", None), ("locked", LOCKED)):
                style = _cell_style(f"{kind.name}{n}{ending}", kind, paper)
                style.extend(_marks(form, n, column))
                yield style


def _cell_style(name: str, kind: CellKind, shade: Shade | None) -> Style:
    """Return a style of cells, which are locked if they have a shade."""
    style = Style("table-cell", name=name)
    style.set_attribute("style:data-style-name", kind.name.lower())
    style.set_properties({
        "style:cell-protect": "protected" if shade else "none",
        "style:vertical-align": "top",
        "fo:wrap-option": "wrap",
        "fo:border": f"0.5pt solid {LINES}",
        "fo:background-color": shade and shade.paper,
    })  # fmt: skip
    style.set_properties({"fo:color": shade and shade.ink}, area="text")
    return style


def _marks(form: Form, n: int, column: FormColumn) -> Iterator[Element]:
    for word, mark in column.marks.items():
        quoted = word.replace('"', '""')
        yield _element("style:map", {
            "style:condition": f'cell-content()="{quoted}"',
            "style:apply-style-name": mark.name,
            "style:base-cell-address": _address(form, FIRST_ROW, n),
        })  # fmt: skip


def _validations(form: Form) -> Iterator[Element]:
    """Yield what is shown at the labels, and what may be typed below them."""
    for n, column in enumerate(form.columns):
        shown: _Attributes = {"table:title": column.label, "table:display": True}
        if column.hint:
            place = {"table:name": f"label{n}", _BASE: _address(form, FIRST_ROW - 1, n)}
            hint = _element("table:help-message", shown, *_paragraphs(column.hint))
            yield _element("table:content-validation", place, hint)
        if column.complaint:
            rule: _Attributes = {
                "table:name": f"cell{n}",
                "table:condition": f"of:{_condition(form, column)}",
                "table:allow-empty-cell": True,
                "table:display-list": "unsorted",
                _BASE: _address(form, FIRST_ROW, n),
            }
            shown = {**shown, "table:message-type": "stop"}
            complaint = _element("table:error-message", shown, *_paragraphs(column.complaint))
            yield _element("table:content-validation", rule, complaint)


def _condition(form: Form, column: FormColumn) -> str:
    if column.choices:
        first, last = form.list_ends(column.choices)
        return f"cell-content-is-in-list([${STATE_SHEET}.{first}:.{last}])"
    if column.kind is CellKind.DATE:
        ends = f"{(EARLIEST - _DAY_ZERO).days},{(LATEST - _DAY_ZERO).days}"
        return f"cell-content-is-date() and cell-content-is-between({ends})"
    return f"cell-content-is-whole-number() and cell-content-is-between(0,{column.most})"


def _rows_table(form: Form) -> Table:
    """Return the sheet of rows, with one row in place of those that are recorded."""
    columns = [Column(style=f"width{column.width}") for column in form.columns]
    names = _row(_cell(column.name, "plain") for column in form.columns)
    labels = _row(
        _cell(column.label, "label", f"label{n}" if column.hint else "")
        for n, column in enumerate(form.columns)
    )
    hidden = [columns[n] for n, column in enumerate(form.columns) if column.hidden]
    for line in (names, *hidden):
        line.set_attribute("table:visibility", "collapse")
    rows = [_element("table:table-header-rows", {}, names, labels), _ROWS_HERE.clone]
    if form.spare_rows:
        spare = _row(_Cells(form, n, spare=True).of(None) for n in range(len(columns)))
        spare.repeated = form.spare_rows
        rows.append(spare)
    return _table(form.name, *columns, *rows)


def _listing(name: str, rows: Iterable[Sequence[str | None]]) -> Table:
    """Return a sheet of texts, with headings in its first column."""
    columns = (Column(style=f"width{width}") for width in _GUIDE_WIDTHS)
    texts = (
        _row(_cell(text, "plain" if n else "heading") for n, text in enumerate(row)) for row in rows
    )
    return _table(name, *columns, *texts)


def _table(name: str, *parts: Element) -> Table:
    """Return a sheet that is protected, without a password, whose cells can be selected."""
    table = Table(name)
    table.protected = True
    allowed = ("select-protected-cells", "select-unprotected-cells", "insert-rows")
    table.append(_element("loext:table-protection", {f"loext:{what}": True for what in allowed}))
    table.extend(parts)
    return table


def _row(cells: Iterable[Cell]) -> Row:
    row = Row()
    row.extend_cells(cells)
    return row


class _Cells:
    """The cells of one column. They are used again in each row, because making them is slow."""

    def __init__(self, form: Form, n: int, *, spare: bool) -> None:
        self._column, self._n = form.columns[n], n
        self._ending = "locked" if self._column.locked(spare=spare) else ""
        self._made: dict[CellKind | None, Cell] = {}

    def of(self, value: Value) -> Cell:
        """Return the cell with this value. The next call may change it."""
        kind = _kind(value)
        if kind is CellKind.TEXT and _COLLAPSING.search(str(value)):
            return self._new(value)
        cell = self._made.get(kind)
        if cell is None:
            cell = self._made[kind] = self._new(value)
        elif kind:
            cell.children[0].text = _shown(value)
            if kind is not CellKind.TEXT:
                cell.set_attribute(_TYPES[kind][1], str(value))
        return cell

    def _new(self, value: Value) -> Cell:
        kind = _kind(value) or self._column.kind
        rule = f"cell{self._n}" if self._column.complaint else ""
        return _cell(value, f"{kind.name}{self._n}{self._ending}", rule)


def _kind(value: Value) -> CellKind | None:
    """Return what a cell with this value holds, or None if it is empty."""
    if isinstance(value, str):
        return CellKind.TEXT if value else None
    if isinstance(value, date):
        return CellKind.DATE
    return None if value is None else CellKind.NUMBER


def _shown(value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return _NOT_XML.sub(lambda match: printable(match[0]), str(value))


def _cell(value: Value, style: str, rule: str = "") -> Cell:
    """Return a cell.

    A text with tabs is in it a second time unchanged, for readers that lose tabs.
    """
    cell = Cell(style=style)
    if rule:
        cell.set_attribute("table:content-validation-name", rule)
    if kind := _kind(value):
        shown = _shown(value)
        cell.type, attribute = _TYPES[kind]
        if kind is not CellKind.TEXT:
            cell.set_attribute(attribute, str(value))
        elif re.search(r"[\t\r]", shown):
            cell.set_attribute(attribute, shown)
        cell.extend(_paragraphs(shown))
    return cell


def _paragraphs(text: str) -> Iterator[Paragraph]:
    return (Paragraph(line) for line in text.split("\n"))
