"""Forms as OpenDocument workbooks, read back with odfdo and calamine."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from odfdo import Cell, Document, Element, Table
from shared.forms import ACTIONS, AWKWARD, COLUMNS, POSTS, form_of, given_rows, read_back, tables

from irbtrack.sheets.form import HEADER, LOCKED, CellKind, Colour, Form, FormColumn, Value
from irbtrack.sheets.ods import to_ods

LETTERS = {column.name: "ABCDEFGHIJ"[n] for n, column in enumerate(COLUMNS)}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ods") / "actions.ods"
    to_ods(ACTIONS, path)
    return path


@pytest.fixture(scope="module")
def document(path: Path) -> Document:
    return Document(path)


@pytest.fixture(scope="module")
def sheet(document: Document) -> Table:
    found = document.body.get_table(name="Audit actions")
    assert found is not None
    return found


def style(document: Document, family: str, name: str | None) -> Element:
    found = document.get_style(family, name)
    assert found is not None
    return found


def cell_style(document: Document, cell: Cell) -> dict[str, str]:
    """The properties that the style of a cell gives it."""
    known: dict[str, str] = {}
    for properties in style(document, "table-cell", cell.style).children:
        known |= {k: v for k, v in properties.attributes.items() if "map" not in properties.tag}
    return known


def rule(document: Document, cell: Cell) -> Element | None:
    """The validation of a cell."""
    name = cell.get_attribute("table:content-validation-name")
    query = f'//table:content-validation[@table:name="{name}"]'
    return document.body.get_element(query) if name else None


def test_what_calamine_reads(path: Path) -> None:
    read = read_back(path)
    assert read.seen == ["Audit actions", "How to fill this in"]
    assert read.hidden == ["irbtrack"]
    assert read.names == [column.name for column in COLUMNS]
    assert read.labels == [column.label for column in COLUMNS]
    assert read.rows[:2] == given_rows(ACTIONS)
    assert read.state == ACTIONS.state


def test_the_properties_name_nobody(document: Document) -> None:
    meta = document.meta
    assert meta.title == "Audit actions as of 23 November 2023"
    assert meta.creation_date == datetime(2023, 11, 23, 9, 30, tzinfo=UTC)
    assert meta.language == "en-GB"
    assert meta.initial_creator is None
    assert meta.creator is None
    assert meta.date == meta.creation_date


def test_nothing_of_the_template_is_left(path: Path) -> None:
    with ZipFile(path) as package:
        names = package.namelist()
        texts = [package.read(name).decode() for name in names if name.endswith(".xml")]
    assert "Thumbnails/thumbnail.png" not in names
    for trace in ("fr-FR", '="fr"', "Feuille", "Imprimante", "fl\u00e8che", "2026-07-18", "MacOSX"):
        assert not [text for text in texts if trace in text], trace


def test_the_names_are_hidden_and_the_labels_stay(document: Document, sheet: Table) -> None:
    names, labels = sheet.get_rows()[:2]
    assert names.get_attribute("table:visibility") == "collapse"
    assert labels.get_attribute("table:visibility") is None
    assert len(sheet.get_elements("table:table-header-rows/table:table-row")) == 2
    known = cell_style(document, sheet.get_cell("B2"))
    assert known["fo:font-weight"] == "bold"
    assert known["fo:wrap-option"] == "wrap"
    assert known["fo:background-color"] == HEADER.paper
    settings_part = document.settings.serialize().decode()
    for name, value in (("VerticalSplitPosition", 2), ("HorizontalSplitPosition", 1)):
        assert f'config:name="{name}" config:type="int">{value}<' in settings_part
    assert 'config-item-map-entry config:name="Audit actions"' in settings_part


def test_the_columns(document: Document, sheet: Table) -> None:
    columns = sheet.get_columns()
    assert columns[9].get_attribute("table:visibility") == "collapse"
    assert columns[8].get_attribute("table:visibility") is None
    (width,) = style(document, "table-column", columns[1].style).children
    assert width.get_attribute("style:column-width") == "214.0pt"


def test_all_sheets_are_protected(document: Document) -> None:
    assert [table.protected for table in document.body.get_tables()] == [True] * 3
    assert all(table.protection_key is None for table in document.body.get_tables())


@pytest.mark.parametrize(
    ("name", "recorded", "spare"),
    [
        ("ref", True, True),
        ("title", False, False),
        ("original_due_on", True, False),
        ("status", False, False),
        ("times_redated", True, True),
    ],
)
def test_which_cells_are_locked_and_shaded(
    document: Document, sheet: Table, name: str, recorded: bool, spare: bool
) -> None:
    for rows, locked in ((range(3, 5), recorded), (range(5, 10), spare)):
        for row in rows:
            known = cell_style(document, sheet.get_cell(f"{LETTERS[name]}{row}"))
            assert known["style:cell-protect"] == ("protected" if locked else "none")
            assert known.get("fo:background-color") == (LOCKED.paper if locked else None)


@pytest.mark.parametrize("row", [3, 9])
def test_the_formats_are_the_same_in_spare_rows(document: Document, sheet: Table, row: int) -> None:
    formats = {
        name: style(document, "table-cell", sheet.get_cell(f"{letter}{row}").style).get_attribute(
            "style:data-style-name"
        )
        for name, letter in LETTERS.items()
    }
    assert formats["title"] == "text"
    assert formats["due_on"] == "date"
    assert formats["percent_complete"] == "number"


def test_lists_dates_and_numbers_are_checked(document: Document, sheet: Table) -> None:
    conditions = {
        letter: found.get_attribute("table:condition")
        for letter in LETTERS.values()
        if (found := rule(document, sheet.get_cell(f"{letter}9")))
    }
    posts = "of:cell-content-is-in-list([$irbtrack.$D$1:.$D$6])"
    dates = "of:cell-content-is-date() and cell-content-is-between(32874,73050)"
    assert conditions == {
        "C": posts,
        "D": dates,
        "E": dates,
        "F": "of:cell-content-is-in-list([$irbtrack.$E$1:.$E$4])",
        "H": "of:cell-content-is-whole-number() and cell-content-is-between(0,100)",
        "I": posts,
    }
    state = document.body.get_table(name="irbtrack")
    assert state is not None
    assert [state.get_value(f"D{n}") for n in range(1, 7)] == list(POSTS)
    owner = rule(document, sheet.get_cell("C3"))
    assert owner is not None
    (said,) = owner.get_elements("table:error-message")
    assert said.get_attribute("table:message-type") == "stop"
    assert (
        said.text_recursive.strip() == "Please choose one from the list, or leave the cell empty."
    )
    assert owner.get_attribute("table:allow-empty-cell") in (True, "true")


def test_hints_are_shown_at_the_labels(document: Document, sheet: Table) -> None:
    found = rule(document, sheet.get_cell("B2"))
    assert found is not None
    (said,) = found.get_elements("table:help-message")
    assert said.text_recursive.strip() == "One line of what was agreed."


def test_statuses_are_marked_by_what_they_say(document: Document, sheet: Table) -> None:
    for row in (3, 9):
        known = style(document, "table-cell", sheet.get_cell(f"F{row}").style)
        assert [
            (m.get_attribute("style:condition"), m.get_attribute("style:apply-style-name"))
            for m in known.get_elements("style:map")
        ] == [
            ('cell-content()="Overdue"', "RED"),
            ('cell-content()="Complete"', "GREEN"),
            ('cell-content()="Not Allocated"', "AMBER"),
        ]
    for mark in Colour:
        red = cell_style(document, Cell(style=mark.name))
        assert red["fo:color"] == mark.value.ink
        assert red["fo:background-color"] == mark.value.paper


def test_without_a_guide_rows_or_spare_rows(tmp_path: Path) -> None:
    to_ods(replace(ACTIONS, guide=(), rows=[], spare_rows=0), tmp_path / "bare.ods")
    read = read_back(tmp_path / "bare.ods")
    assert (read.seen, read.hidden, read.rows) == (["Audit actions"], ["irbtrack"], [])


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_texts_come_back(tmp_path: Path, text: str) -> None:
    to_ods(form_of([[text, "end"]]), tmp_path / "text.ods")
    assert read_back(tmp_path / "text.ods").rows == [[text, "end"]]


@given(tables())
@settings(max_examples=60)
def test_any_table_comes_back(tmp_path_factory: pytest.TempPathFactory, form: Form) -> None:
    path = tmp_path_factory.getbasetemp() / "any.ods"
    to_ods(form, path)
    rows = given_rows(form)
    assert read_back(path).rows[: len(rows)] == rows


def test_texts_that_look_like_markup_come_back(tmp_path: Path) -> None:
    rows = [['a xmlns:x="urn:x" b', '<table:table-row table:style-name="rows-here"/>']]
    to_ods(form_of(rows), tmp_path / "text.ods")
    assert read_back(tmp_path / "text.ods").rows == rows


def test_a_cell_keeps_nothing_of_the_row_above(tmp_path: Path) -> None:
    column: list[Value] = ["a", None, 7, "b\tc", date(2023, 10, 31), "", "d", 0, "e\nf", "g"]
    to_ods(form_of([[value, "end"] for value in column]), tmp_path / "text.ods")
    read = read_back(tmp_path / "text.ods").rows
    assert [row[0] for row in read] == [None if value == "" else value for value in column]


def test_what_xml_cannot_hold_is_made_visible(tmp_path: Path) -> None:
    to_ods(form_of([["a\x1b[31mb\ufffe", "c\rd"]]), tmp_path / "text.ods")
    assert read_back(tmp_path / "text.ods").rows == [["a\\x1b[31mb\\ufffe", "c\rd"]]


def test_names_and_words_with_quotes(tmp_path: Path) -> None:
    column = FormColumn("x", 'A "label"', hint="<hint>", marks={'say "no" & <go>': Colour.BLUE})
    form = replace(ACTIONS, name="The board's <list>", columns=(column,), rows=[["a"]])
    to_ods(form, tmp_path / "quotes.ods")
    assert read_back(tmp_path / "quotes.ods", form.name).labels == ['A "label"']
    document = Document(tmp_path / "quotes.ods")
    (found,) = style(document, "table-cell", "TEXT0").get_elements("style:map")
    assert found.get_attribute("style:condition") == 'cell-content()="say ""no"" & <go>"'
    assert found.get_attribute("style:base-cell-address") == "'The board''s <list>'.A3"


def test_a_path_that_cannot_be_written_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        to_ods(ACTIONS, tmp_path / "no folder" / "actions.ods")


def test_dates_far_back_and_wrong_kinds_are_written_as_what_they_are(tmp_path: Path) -> None:
    columns = (FormColumn("due_on", "Due", CellKind.DATE), FormColumn("n", "N"))
    rows = [["when funded", 7], [date(1900, 3, 1), date(2199, 12, 31)]]
    to_ods(replace(ACTIONS, columns=columns, rows=rows), tmp_path / "kinds.ods")
    assert read_back(tmp_path / "kinds.ods").rows == rows
