"""Read tables in text: CSV and TSV, with any usual delimiter and encoding."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from irbtrack.domain.guarding import unguarded
from irbtrack.domain.tracker.sheet import Cell
from irbtrack.sheets.decoding import opened
from irbtrack.sheets.limits import (
    COLUMNS_LIMIT,
    RECORD_LIMIT,
    ROWS_LIMIT,
    TEXT_LIMIT,
    Allowance,
    CellRows,
    Unreadable,
    too_much,
)

DELIMITERS = (",", ";", "\t")
_SAMPLE = 65_536
_SAMPLE_ROWS = 30
_ALIKE = 20_000
"""The texts that are kept once where cells repeat them."""


def rows_of_csv(data: bytes, delimiter: str | None = None) -> CellRows:
    """Return the rows of a CSV file, by default delimited by commas, semicolons or tabs.

    Texts are kept as typed, except for an apostrophe before what looks like a formula, which
    irbtrack's own CSV puts there: it is taken away. A row may go over several lines within
    quotation marks. Raise :class:`Unreadable`.
    """
    text = opened(data)
    delimiter = delimiter or delimiter_of(text.read(_SAMPLE))
    text.seek(0)
    rows: list[Sequence[Cell]] = []
    reader = csv.reader(_lines(text, rows), delimiter=delimiter, strict=True)
    allowance = Allowance(len(data))
    alike: dict[str, str] = {}
    largest = csv.field_size_limit(TEXT_LIMIT)  # it is the same for all readers of the process
    try:
        for values in reader:
            if len(values) > COLUMNS_LIMIT or len(rows) >= ROWS_LIMIT:
                raise too_much()
            if len(alike) > _ALIKE:
                alike.clear()
            row = tuple([_cell(alike.setdefault(value, value)) for value in values])
            allowance.keep(row)
            rows.append(row)
    except csv.Error as failure:
        raise _refusal(str(failure), reader.line_num) from None
    finally:
        csv.field_size_limit(largest)
    return rows


def _lines(text: io.TextIOWrapper, rows: Sequence[object]) -> Iterator[str]:
    """Yield the lines of a text. Refuse it if it grows too long without a further row."""
    known = length = 0
    while line := text.readline(RECORD_LIMIT + 1):
        if len(rows) > known:
            known, length = len(rows), 0
        length += len(line)
        if length > RECORD_LIMIT:
            raise too_much()
        yield line


def delimiter_of(sample: str) -> str:
    r"""Return the delimiter that gives the first lines the most uniform number of cells.

    It is a comma if none does.

    >>> delimiter_of("Ref;Title\n1;Keys, cards\n2;Cash, and cheques\n")
    ';'
    """
    return max(DELIMITERS, key=lambda delimiter: _likeness(sample, delimiter))


def _likeness(sample: str, delimiter: str) -> tuple[float, int]:
    """Return the share of rows that have the commonest number of cells, and that number."""
    lines = sample.splitlines(keepends=True)
    if len(lines) > 1 and len(sample) >= _SAMPLE:
        lines.pop()  # it may be cut off
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in islice(reader, _SAMPLE_ROWS) if row)
    except csv.Error:
        return 0.0, 0
    width, number = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (number / widths.total(), width) if width > 1 else (0.0, 0)


def _cell(value: str) -> Cell:
    text = unguarded(value) if value[:1] == "'" else value
    return text if text and not text.isspace() else None


def _refusal(failure: str, line: int) -> Unreadable:
    if "field limit" in failure:
        return Unreadable(
            f"has a cell of more than {TEXT_LIMIT:,} characters in or before line {line:,};"
            " a quotation mark that is not closed makes such cells, so look for one there"
        )
    return Unreadable(
        f"has a quotation mark in or before line {line:,} that is not closed,"
        " or has text after it; put a second one next to a quotation mark within a cell"
    )
