"""A tracker laid out: which column is which field, and which of its rows are records.

:mod:`irbtrack.domain.tracker.headers` finds the header and what its words mean. A row that is
passed over is always reported with the reason, unless it is empty, because a register that
loses a line of a spreadsheet loses an action.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from irbtrack.domain.field import Field
from irbtrack.domain.tracker.header_words import HeaderWords, words_of
from irbtrack.domain.tracker.sheet import Cell, RowPlace, Sheet, column_letters, say_rows
from irbtrack.domain.words import NOTHING, folded
from irbtrack.errors import Misused, listed, near, quoted

_NUMBER = re.compile(r"[(£$€+-]*\s*[\d.,]*\d[\d.,]*\s*%?\s*[).]?")
_TOTAL = re.compile(r"(grand|overall|running|sub)?[\s-]*totals?\b.{0,40}", re.IGNORECASE)
_LONGEST_NUMBER = 40
_LONGEST_LABEL = 1000
_HEADERS_NAMED = 12


class Layout(NamedTuple):
    """Where the table of a sheet is, and which column each field is taken from.

    The header has the rows ``first`` to ``last``, counted from 0, and the table begins after it.
    ``labels`` has the label of each column, empty if it has none; no two are the same.
    ``columns`` has the column of each field by the field's name, and ``reasons`` has why, as a
    phrase such as "its header is Agreed action". ``untaken`` has, by column, why a column that
    seems to be a field's was not taken for it. An ``own`` sheet is one that the program wrote:
    its columns go by the names in its first row only. ``doubted`` has the fields without a
    column that the header of a column may mean, although its cells don't fit. ``parts`` has the
    columns of a field that is in several, one for each priority.
    """

    first: int
    last: int
    labels: tuple[str, ...]
    columns: Mapping[str, int]
    reasons: Mapping[str, str]
    untaken: Mapping[int, str] = {}
    own: bool = False
    doubted: Mapping[str, int] = {}
    parts: Mapping[str, tuple[int, ...]] = {}

    @property
    def taken(self) -> dict[int, list[str]]:
        """Return the fields that each column is taken for."""
        taken: dict[int, list[str]] = {}
        for name, column in self.columns.items():
            for one in self.parts.get(name, (column,)):
                taken.setdefault(one, []).append(name)
        return taken


class TableRow(NamedTuple):
    """A row that is a record: its place, and its cells, merged ones filled."""

    place: RowPlace
    cells: Sequence[Cell]

    def cell(self, column: int) -> Cell:
        """Return what the row has in a column, or None if the row is shorter."""
        return self.cells[column] if column < len(self.cells) else None


class PassedOver(NamedTuple):
    """A row that is not a record: its place, the reason as a phrase, and its first text."""

    place: RowPlace
    why: str
    text: str = ""


def say_passed_over(passed: Iterable[PassedOver]) -> list[str]:
    """Return a sentence for each reason why rows are no records."""
    by_reason: dict[str, list[RowPlace]] = {}
    for one in passed:
        by_reason.setdefault(one.why, []).append(one.place)
    return [f"passed over ({why}): {say_rows(rows)}" for why, rows in by_reason.items()]


def collapsed(cell: Cell) -> str:
    r"""Return the text of a cell on one line, with single spaces.

    >>> collapsed(" Agreed\naction  date "), collapsed(datetime(2023, 10, 31)), collapsed(None)
    ('Agreed action date', '2023-10-31', '')
    """
    if cell is None:
        return ""
    return " ".join(str(cell.date() if isinstance(cell, datetime) else cell).split())


def with_columns(layout: Layout, given: Mapping[str, str], fields: Sequence[Field]) -> Layout:
    """Return the layout with the columns that somebody gave, by a field's name or label.

    A column is given as its label, in any case and spacing, or as its letters if no label fits;
    an empty text leaves the field out. A column may be given to several fields. If it was guessed
    to be another field's, that field loses it. Raise :class:`Misused` for a field or column that
    isn't there.
    """
    called = {folded(field.label): field.name for field in reversed(fields)}
    called |= {folded(field.name): field.name for field in fields}
    chosen: dict[str, int | None] = {}
    for asked, text in given.items():
        name = called.get(folded(asked))
        if name is None:
            raise Misused(_no_field(asked, [field.name for field in fields]))
        chosen[name] = _column(layout, name, text) if text.strip() else None
    given_columns = {name: column for name, column in chosen.items() if column is not None}
    holders = set(given_columns.values())
    kept = {
        name: column
        for name, column in layout.columns.items()
        if name not in chosen and column not in holders
    }
    columns = kept | given_columns
    reasons = {name: layout.reasons[name] for name in kept} | dict.fromkeys(
        given_columns, "you said so"
    )
    untaken = {column: why for column, why in layout.untaken.items() if column not in holders}
    doubted = {n: c for n, c in layout.doubted.items() if n not in chosen and c not in holders}
    return layout._replace(columns=columns, reasons=reasons, untaken=untaken, doubted=doubted)


_ABOUT_FINDINGS = frozenset({
    "finding", "recommendation", "action", "priority", "risk", "rated", "number", "no", "of",
})  # fmt: skip


def with_findings(layout: Layout, name: str, priorities: Sequence[str]) -> Layout:
    """Return the layout with the field of findings in columns called as the priorities are.

    Such a column may also be called High findings or No. of high. Each priority needs one.
    """
    called: dict[HeaderWords, int] = {}
    for column, label in enumerate(layout.labels):
        words = tuple(word for word in words_of(label) if word not in _ABOUT_FINDINGS)
        if words and column not in layout.columns.values():
            called.setdefault(words, column)
    part = tuple(called.get(words_of(one), -1) for one in priorities)
    if name in layout.columns or -1 in part:
        return layout
    return layout._replace(
        columns={**layout.columns, name: part[0]},
        reasons={**layout.reasons, name: f"its headers are {listed(priorities, 'and')}"},
        untaken={column: why for column, why in layout.untaken.items() if column not in part},
        parts={name: part},
    )


def named(layout: Layout, column: int) -> str:
    """Return what a column is called in a sentence.

    >>> named(Layout(0, 0, ("Ref", ""), {}, {}), 0), named(Layout(0, 0, ("Ref", ""), {}, {}), 1)
    ('column A (Ref)', 'column B')
    """
    label = layout.labels[column]
    return f"column {column_letters(column)}" + (f" ({label})" if label else "")


def _no_field(asked: str, names: list[str]) -> str:
    alike = near(asked, names)
    if alike:
        return f"no field {quoted(asked)}; did you mean {listed(quoted(name) for name in alike)}?"
    return f"no field {quoted(asked)}; it is one of {listed(names)}"


def column_called(layout: Layout, text: str) -> int | None:
    """Return the column that has a label or, if none has it, letters; None if there is none."""
    by_label = {folded(label): column for column, label in enumerate(layout.labels) if label}
    asked = folded(text)
    if asked in by_label:
        return by_label[asked]
    if re.fullmatch(r"[a-z]{1,3}", asked):
        number = 0
        for letter in asked:
            number = number * 26 + ord(letter) - ord("a") + 1
        if number <= len(layout.labels):
            return number - 1
    return None


def _column(layout: Layout, name: str, text: str) -> int:
    """Return the column that somebody calls ``text``. Raise :class:`Misused` without one."""
    column = column_called(layout, text)
    if column is not None:
        return column
    labels = [label for label in layout.labels if label]
    if alike := near(text, labels):
        remedy = f"did you mean {listed(quoted(label) for label in alike)}?"
    elif labels:
        shown = [quoted(label) for label in labels[:_HEADERS_NAMED]]
        rest = len(labels) - len(shown)
        remedy = f"the headers are {listed([*shown, f'{rest:,} more'] if rest else shown, 'and')}"
    else:
        remedy = "no column has a header; give its letters, as in H"
    raise Misused(f"no header {quoted(text)} to take {name} from; {remedy}")


def filled(sheet: Sheet, below: int = -1) -> Sheet:
    """Return the sheet with the value of cells that are merged downwards in each of them.

    It is repeated in the first column of the merged cells only, and only in rows after ``below``,
    the last row of the header. Cells that are merged across one row are a title or a heading, and
    stay one cell. A covered cell that holds something keeps it. What is ``unread`` is so in every
    row.
    """
    rows = list(sheet.rows)
    unread = dict(sheet.unread)
    for (first, column), last in _downward(sheet, below):
        value = rows[first][column] if column < len(rows[first]) else None
        why = sheet.unread.get((first, column))
        if value is None and why is None:
            continue
        for row in range(first + 1, last + 1):
            if why is not None:
                unread[row, column] = why
            if value is not None and (column >= len(rows[row]) or rows[row][column] is None):
                cells = list(rows[row]) + [None] * (column + 1 - len(rows[row]))
                cells[column] = value
                rows[row] = cells
    return sheet._replace(rows=rows, merged=(), unread=unread)


def _downward(sheet: Sheet, below: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield the first cell and the last row of what is merged downwards, each once."""
    reached: dict[int, int] = {}
    for (first, left), (last, _) in sorted(sheet.merged):
        end = min(last, len(sheet.rows) - 1)
        if first > max(below, reached.get(left, -1)) and first < end:
            reached[left] = end
            yield (first, left), end


def table_rows(
    sheet: Sheet, layout: Layout, needed: str = "title"
) -> tuple[list[TableRow], list[PassedOver]]:
    """Return the rows after the header that are records, and those that are passed over.

    Blank rows are in neither. ``sheet`` is as it was read; its merged cells are filled here. A row
    is a record if two of the fields have something in it, or if ``needed`` has and anything else
    is in the row. It is not a record if it is plainly a total, or the header again, or if all
    that it holds of its own is a number: such rows were numbered in advance below a merged audit
    name.
    """
    whole, taken = filled(sheet, layout.last), frozenset(layout.taken)
    merged = {
        (row, column): first
        for (first, column), last in _downward(sheet, layout.last)
        for row in range(first + 1, last + 1)
    }
    unread: dict[int, list[tuple[int, Cell]]] = {}
    for (row, column), why in sheet.unread.items():
        unread.setdefault(row, []).append((column, why))
    records, passed = [], []
    for row in range(layout.last + 1, len(sheet.rows)):
        own: list[tuple[int, Cell]] = []
        own += ((c, cell) for c, cell in enumerate(sheet.rows[row]) if cell is not None)
        own += unread.get(row, ())
        if not own:
            continue
        place = RowPlace(sheet.name, row)
        cells = TableRow(place, whole.rows[row])
        if reason := _no_record(cells, own, layout, taken, needed, merged):
            text = next((collapsed(cell) for _, cell in own if isinstance(cell, str)), "")
            passed.append(PassedOver(place, reason, text))
        else:
            records.append(cells)
    return records, passed


def _no_record(
    row: TableRow,
    own: list[tuple[int, Cell]],
    layout: Layout,
    taken: Collection[int],
    needed: str,
    merged: Mapping[tuple[int, int], int],
) -> str | None:
    """Return why a row with the cells ``own`` is not a record, or None if it is one.

    ``taken`` are the columns of fields.
    """
    if _repeats_header(own, layout):
        return "the header again"
    if _is_total(own):
        return "a total"
    if layout.own and any(not _says_nothing(row.cell(c)) for c in layout.columns.values()):
        return None
    said = (True for column, cell in own if column in taken and not _says_nothing(cell))
    if next(said, False) and next(said, False):
        return None
    real = [(column, cell) for column, cell in own if not _says_nothing(cell)]
    of_fields = [column for column, _ in real if column in taken]
    title = layout.columns.get(needed)
    number = row.place.row
    if title is not None and (number, title) in merged:
        return f"goes with row {merged[number, title] + 1}, which it is merged with"
    if len(real) <= 1 and all(_is_number(cell) for _, cell in real or own):
        return "holds only a number"
    filled_in = {c for c in taken if not _says_nothing(row.cell(c))} | set(of_fields)
    if not of_fields:
        return (
            "a heading or a note" if len(real) == 1 else "has nothing in the columns that are taken"
        )
    if len(filled_in) >= 2 or (title in filled_in and (len(real) >= 2 or len(taken) <= 2)):
        return None
    if of_fields == [layout.columns.get("ref")] and len(real) == 1:
        words = collapsed(real[0][1]).split()
        return "holds only a reference" if len(words) <= 2 else "a heading or a note"
    if len(real) > 1:
        return f"has only its {layout.labels[of_fields[0]]}, of the columns that are taken"
    return "holds only a date" if isinstance(real[0][1], date) else "a heading or a note"


def _repeats_header(own: list[tuple[int, Cell]], layout: Layout) -> bool:
    """Return whether most cells of a row are the labels of their columns, as on a second page."""
    labels = _said_by_labels(layout.labels)
    others = (
        (column, cell)
        for column, cell in own
        if column >= len(labels)
        or not isinstance(cell, str)
        or len(cell) > _LONGEST_LABEL
        or not f" {labels[column]}".endswith(f" {folded(cell)}")
    )
    most = len(own) // 4
    found = len([*islice(others, most + 1)])
    return found <= most and len(own) - found >= 2


@lru_cache(maxsize=8)
def _said_by_labels(labels: tuple[str, ...]) -> list[str]:
    """Return labels as they are compared with cells, without the numbers that tell them apart."""
    return [re.sub(r" \(\d+\)$", "", folded(label)) for label in labels]


def _is_total(own: list[tuple[int, Cell]]) -> bool:
    (_, first), *rest = own
    begins = isinstance(first, str) and _TOTAL.fullmatch(first.strip()) is not None
    return begins and all(_is_number(cell) for _, cell in rest)


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return len(cell) <= _LONGEST_NUMBER and _NUMBER.fullmatch(cell.strip()) is not None
    return isinstance(cell, int | float)


def _says_nothing(cell: Cell) -> bool:
    """Return whether a cell is no sign of a record.

    It is empty, a dash, or what a formula gives for nothing.
    """
    if isinstance(cell, str):
        return cell.strip().casefold() in NOTHING
    return cell is None or (isinstance(cell, int | float) and not cell)
