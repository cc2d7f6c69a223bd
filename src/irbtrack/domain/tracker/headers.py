"""Find the table in a sheet: where its header is, and which column each field is in.

Trackers are made by hand. A title stands above the table; a header has two lines, with a group
such as "Dates" over "Original" and "Revised"; columns have whatever names somebody liked. The
words of a header say what its column is, and the cells may contradict them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from irbtrack.domain.field import Field
from irbtrack.domain.tracker.fitting import Fits
from irbtrack.domain.tracker.guesses import Guess
from irbtrack.domain.tracker.header_words import LONGEST, Close, Vocabulary, distinct, in_order
from irbtrack.domain.tracker.layout import Layout, collapsed
from irbtrack.domain.tracker.sheet import Cell, Sheet, column_letters
from irbtrack.errors import Misused, quoted

HEADER_WITHIN = 60
"""The number of rows in which a header is looked for."""

CELLS_WITHIN = 200
"""About how many rows after the header are looked at, spread over the sheet."""

_HEADER_LINES, _ACROSS = 3, 1_000  # lines of a header, cells of a line


def find_layout(sheet: Sheet, fields: Sequence[Field], fits: Fits) -> Layout | None:
    """Return where the header is and which column each field is in.

    Return None if fewer than two fields are found. The header is the first row that says nearly
    as many fields as any other. A field is taken from the column whose header says it most
    closely, unless the cells contradict it. A field without a header is taken from the only
    column whose cells are nearly all of it. At most the first 60 rows are looked at for the
    header, and some 200 rows for what the cells hold.

    Where one date is original and another is later, they are read as such; a date alone is the
    due date. Empty cells of a revised date stay empty: what was not revised is due as it was.
    """
    vocabulary = Vocabulary(fields)
    scores = [
        _score(vocabulary, row) if sum(map(_is_text, row[:_ACROSS])) > 1 else 0
        for row in sheet.rows[:HEADER_WITHIN]
    ]
    best = max(scores, default=0)
    if best < 5:
        return None
    row = next(n for n, score in enumerate(scores) if score * 3 >= best * 2 and score >= 5)
    layout = _laid_out(sheet, row, vocabulary, fits)
    return layout if len(layout.columns) > 1 else None


def own_layout(sheet: Sheet, fields: Sequence[Field]) -> Layout | None:
    """Return the layout of a sheet that the program wrote, whatever its labels say now.

    Return None if its first row does not have the program's names any more.
    """
    known = {field.name for field in fields}
    names = [cell for cell in sheet.rows[0] if cell is not None] if len(sheet.rows) > 1 else []
    if not names or not known.issuperset(names):
        return None
    return _own_layout(sheet, 0, max(map(len, sheet.rows)))


def layout_at(sheet: Sheet, header_row: int, fields: Sequence[Field], fits: Fits) -> Layout:
    """Return the layout with the header in the row that somebody named, counted from 0.

    It may be either line of a header of two, and it need not say any field. Raise
    :class:`Misused` if the row is empty.
    """
    rows = sheet.rows
    if not 0 <= header_row < len(rows) or not any(collapsed(cell) for cell in rows[header_row]):
        raise Misused(
            f"row {header_row + 1:,} of sheet {quoted(sheet.name)} is empty; give the row that"
            " has the headers of the columns"
        )
    return _laid_out(sheet, header_row, Vocabulary(fields), fits)


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


def _score(vocabulary: Vocabulary, row: Sequence[Cell]) -> int:
    """Return how much a row looks like a header.

    Each field that it says counts four, or less if the word is vague.
    """
    said: dict[str, int] = {}
    for text in filter(_is_text, row[:_ACROSS]):
        found = vocabulary.matches(collapsed(text))
        if found:
            name, match = min(found.items(), key=lambda one: in_order(one[1]))
            worth = 1 if match.closeness == Close.WITHIN else 2 if match.vague else 4
            said[name] = max(worth, said.get(name, 0))
    return sum(said.values()) if len(said) > 1 else 0


def _laid_out(sheet: Sheet, row: int, vocabulary: Vocabulary, fits: Fits) -> Layout:
    width = max((len(cells) for cells in sheet.rows), default=0)
    for names in (row, row - 1):
        if names >= 0 and _is_own(sheet, names, vocabulary):
            return _own_layout(sheet, names, width)
    lines = _HeaderLines(sheet, vocabulary, width)
    first, last = lines.around(row)
    labels, lower = lines.labels(first, last)
    below = sheet.rows[last + 1 :]
    cells = below[:: len(below) // CELLS_WITHIN or 1]
    return Guess(vocabulary, labels, lower, cells, fits).layout(first, last)


def _is_own(sheet: Sheet, row: int, vocabulary: Vocabulary) -> bool:
    """Return whether a row has the program's names, and the next row some of its labels."""
    names = {c: cell for c, cell in enumerate(sheet.rows[row]) if cell is not None}
    if len(names) < 2 or not all(cell in vocabulary.fields for cell in names.values()):
        return False
    below = sheet.rows[row + 1] if row + 1 < len(sheet.rows) else ()
    labels = [(vocabulary.fields[str(n)], below[c]) for c, n in names.items() if c < len(below)]
    same = sum(collapsed(label) == field.label for field, label in labels)
    return same >= 2 and same * 3 >= len(names)


def _own_layout(sheet: Sheet, row: int, width: int) -> Layout:
    labels = distinct([collapsed(cell) for cell in _padded(sheet.rows[row + 1], width)])
    columns: dict[str, int] = {}
    untaken: dict[int, str] = {}
    for column, name in enumerate(sheet.rows[row]):
        if name is None:
            continue
        if str(name) in columns:
            has = column_letters(columns[str(name)])
            untaken[column] = f"its name is {name}, as is that of column {has}"
        else:
            columns[str(name)] = column
    reasons = {name: f"its name is {name}" for name in columns}
    return Layout(row, row + 1, labels, columns, reasons, untaken, own=True)


def _padded(row: Sequence[Cell], width: int) -> list[Cell]:
    return [*row, *[None] * (width - len(row))]


class _HeaderLines:
    """The lines of a header; all but the last may have groups over several columns."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, width: int) -> None:
        self._sheet, self._vocabulary, self._width = sheet, vocabulary, width

    def around(self, row: int) -> tuple[int, int]:
        """Return the first and last row of the header that ``row`` is a line of."""
        last = row
        if self._are_groups(row) or self._goes_on(row):
            last = row + 1
        elif self._tells_more(row):
            return row - 1, row
        ends = {end for (start, _), (end, _) in self._sheet.merged if start == row}
        for end in sorted(end for end in ends if last < end < row + _HEADER_LINES):
            if not any(filter(None, map(collapsed, self._cells(last + 1, end)))):
                last = end
        return row, last

    def labels(self, first: int, last: int) -> tuple[list[str], list[str]]:
        """Return each column's label from all lines, and that from its lowest line alone."""
        lower = self._texts(last)
        labels = lower
        for row in range(last - 1, first - 1, -1):
            upper = self._spread(row, lower)
            labels = [
                a if a == b else f"{a} {b}".strip() for a, b in zip(upper, labels, strict=True)
            ]
            lower = [low or text for low, text in zip(lower, upper, strict=True)]
        return labels, lower

    def _cells(self, first: int, last: int) -> Iterator[Cell]:
        return (cell for row in self._sheet.rows[first : last + 1] for cell in row)

    def _texts(self, row: int) -> list[str]:
        cells = self._sheet.rows[row] if 0 <= row < len(self._sheet.rows) else ()
        return [collapsed(cell) for cell in _padded(cells, self._width)]

    def _groups(self, row: int) -> list[tuple[int, int]]:
        """Return the first and last column of each run of cells that is merged within a row."""
        spans = self._sheet.merged
        across = [(left, right) for (a, left), (b, right) in spans if a == b == row]
        within = [(left, min(right, self._width - 1)) for left, right in across]
        return [(left, right) for left, right in within if left < right]

    def _spread(self, row: int, lower: list[str]) -> list[str]:
        """Return the texts of a line, with the text of a group in all of its columns.

        Where nothing is merged, a text that has one below it is also that of the columns to its
        right that are empty in this line, if their texts in the next line do not say enough alone.
        """
        texts = self._texts(row)
        alone = {column for column, text in enumerate(texts) if text and not lower[column]}
        groups = self._groups(row)
        for left, right in groups:
            texts[left : right + 1] = [texts[left]] * (right + 1 - left)
        if not groups:
            for column in range(1, self._width):
                within = column - 1 not in alone and not texts[column] and lower[column]
                if within and not self._is_plain(lower[column]):
                    texts[column] = texts[column - 1]
        return texts

    def _is_plain(self, label: str) -> bool:
        """Return whether a header says a field without doubt."""
        return any(
            match.closeness <= Close.ASIDE and not match.vague
            for match in self._vocabulary.matches(label).values()
        )

    def _are_groups(self, row: int) -> bool:
        """Return whether the next row holds only short texts below groups of this one."""
        upper, lower = self._texts(row), self._texts(row + 1)
        below = [column for column, text in enumerate(lower) if text]
        cells = list(filter(None, map(collapsed, self._cells(row + 1, row + 1))))
        texts = list(filter(_is_text, self._cells(row + 1, row + 1)))
        if len(below) < 2 or len(texts) < len(cells) or max(map(len, cells)) > LONGEST:
            return False
        merged = self._groups(row)
        groups = merged or [
            (left, right)
            for left, right in _runs(upper, self._width)
            if left < right and all(lower[left : left + 2])
        ]
        within = {column for left, right in groups for column in range(left, right + 1)}
        if not groups or not all(column in within or not upper[column] for column in below):
            return False
        if merged:
            return any(sum(map(bool, lower[left : right + 1])) > 1 for left, right in groups)
        return self._gains(self._spread(row, lower), lower)

    def _goes_on(self, row: int) -> bool:
        """Return whether the next row has the headers that the columns of this one lack."""
        upper, lower = self._texts(row), self._texts(row + 1)
        cells = [cell for cell in self._cells(row + 1, row + 1) if collapsed(cell)]
        return (
            all(map(_is_text, cells))
            and all(
                self._is_plain(f"{a} {b}") for a, b in zip(upper, lower, strict=True) if a and b
            )
            and self._adds(row + 1, row)
        )

    def _adds(self, line: int, beside: int) -> bool:
        """Return whether a line has headers of full columns that have none in the line beside it.

        One such header is enough if it says a field. Otherwise it may be a title.
        """
        have = self._texts(beside)
        rows = self._sheet.rows[max(line, beside) + 1 :][:CELLS_WITHIN]
        added = [
            text
            for column, text in enumerate(self._texts(line))
            if text and len(text) <= LONGEST and not have[column] and _is_full(rows, column)
        ]
        return len(added) > 1 or any(map(self._is_plain, added))

    def _tells_more(self, row: int) -> bool:
        """Return whether the line above a header has groups or headers that its columns need."""
        above = self._sheet.rows[row - 1] if row else ()
        if not any(map(_is_text, above)) or not all(
            cell is None or _is_text(cell) for cell in above
        ):
            return False
        lower = self._texts(row)
        upper = self._spread(row - 1, lower)
        if self._gains(upper, lower) or self._adds(row - 1, row):
            return True
        twice = {text for text, number in Counter(filter(None, lower)).items() if number > 1}
        parted = {(a, b) for a, b in zip(upper, lower, strict=True) if b in twice}
        named = [a for a, b in zip(upper, lower, strict=True) if b in twice and a]
        return len(parted) > len(twice) and len(named) == sum(b in twice for b in lower)

    def _gains(self, upper: list[str], lower: list[str]) -> bool:
        """Return whether a column means a field only if the texts of both lines are read."""
        return any(
            a and b and self._is_plain(f"{a} {b}") and not self._is_plain(b)
            for a, b in zip(upper, lower, strict=True)
        )


def _is_full(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    """Return whether a column has a cell in at least half of the rows that have any."""
    filled = [row for row in rows if any(cell is not None for cell in row)]
    full = sum(column < len(row) and row[column] is not None for row in filled)
    return bool(full) and full * 2 >= len(filled)


def _runs(texts: list[str], width: int) -> list[tuple[int, int]]:
    """Return the column of each text, and the last of the empty columns after it."""
    starts = [column for column, text in enumerate(texts) if text]
    return list(zip(starts, [start - 1 for start in starts[1:]] + [width - 1], strict=True))
