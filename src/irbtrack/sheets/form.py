"""A workbook that people fill in, as data: the same for every format that it is written in.

The sheet of rows comes first, and reading relies on its layout: row 1, hidden, has the names
of the fields, row 2 has their labels, and the rows begin in row 3; spare rows for new records
come after them. The guide follows, if there is one. The last sheet is hidden and has what the
program needs when the workbook comes back: keys in column A and their values in column B, and
from column D on the lists to choose from. Its name is in
:mod:`irbtrack.domain.tracker.merging`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from textwrap import wrap
from typing import NamedTuple

from irbtrack.domain.tracker.sheet import column_letters

GUIDE_SHEET = "How to fill this in"

FIRST_ROW = 2
"""The place of the first row below the names and the labels, counted from 0."""

FIRST_LIST = 3
"""The column of the hidden sheet that has the first list, counted from 0."""

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
"""The days within which a typed date must be, which stops slips of the year.

Dates that are written may be any.
"""

Value = str | int | float | date | None
"""What is written to a cell. None and an empty text leave it empty."""


class CellKind(Enum):
    """What the cells of a column hold: it decides their format and what may be typed."""

    TEXT = "text"
    DATE = "a date"
    NUMBER = "a whole number"


class Lock(Enum):
    """The rows in which the cells of a column are locked."""

    NEVER = "in none"
    RECORDED = "in those that are recorded; in a spare row it is typed"
    ALWAYS = "in all, because the program gives it"


class Shade(NamedTuple):
    """A colour of the text and one behind it, as #RRGGBB, with a contrast of at least 4.5 to 1."""

    ink: str
    paper: str


class Colour(Enum):
    """A shade that stands out. The word in the cell says the same."""

    RED = Shade("#7A1210", "#FBD9D7")
    AMBER = Shade("#6B4400", "#FFE9BF")
    GREEN = Shade("#1D5321", "#D8EFD9")
    BLUE = Shade("#1B4478", "#DBE8F7")


HEADER = Shade("#FFFFFF", "#1F3864")
LOCKED = Shade("#404040", "#F0F0F0")
LINES = "#BFBFBF"
"""The colour of the lines between cells, which a shade would otherwise hide."""


@dataclass(frozen=True)
class FormColumn:
    """A column: ``name`` is for programs, and ``label`` and ``hint`` are for people.

    ``width`` is in characters. If there are ``choices``, nothing else can be typed. ``most`` is
    the largest number that can be. A cell that holds one of the words of ``marks``, in any case,
    has the word's shade.
    """

    name: str
    label: str
    kind: CellKind = CellKind.TEXT
    width: int = 12
    lock: Lock = Lock.NEVER
    hidden: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    marks: Mapping[str, Colour] = field(default_factory=dict)
    most: int = 9_999

    def locked(self, *, spare: bool) -> bool:
        """Return whether its cells are locked, in spare rows or in the others."""
        return self.lock is Lock.ALWAYS or (self.lock is Lock.RECORDED and not spare)

    @property
    def complaint(self) -> str:
        """Return what a spreadsheet says when something else is typed.

        It is empty if anything may be typed.

        >>> FormColumn("percent_complete", "% complete", CellKind.NUMBER, most=100).complaint
        'Please type a whole number from 0 to 100, or leave the cell empty.'
        """
        if self.lock is Lock.ALWAYS:
            return ""
        if self.choices:
            return "Please choose one from the list, or leave the cell empty."
        if self.kind is CellKind.DATE:
            return (
                "Please type a date as day/month/year, such as 31/10/2023, or leave the cell"
                f" empty. The year is from {EARLIEST.year} to {LATEST.year}."
            )
        if self.kind is CellKind.NUMBER:
            return f"Please type a whole number from 0 to {self.most:,}, or leave the cell empty."
        return ""


@dataclass(frozen=True)
class Form:
    """A workbook: a sheet ``name`` with ``columns`` and ``rows``, to be filled in and sent back.

    ``title`` is that of the document, and ``made_at`` the moment that the file says it was made.
    The same form gives the same file. ``guide`` has headings, and what is said under them.
    ``state`` is what the program needs back. Each row has a value for each column.
    """

    name: str
    title: str
    columns: tuple[FormColumn, ...]
    rows: Sequence[Sequence[Value]]
    made_at: datetime
    guide: tuple[tuple[str, str], ...] = ()
    state: Mapping[str, str] = field(default_factory=dict)
    spare_rows: int = 50

    @property
    def last_row(self) -> int:
        """Return the place of the last row, spare or not, counted from 0; at least the first."""
        return FIRST_ROW + max(len(self.rows) + self.spare_rows, 1) - 1

    @property
    def lists(self) -> tuple[tuple[str, ...], ...]:
        """Return the lists to choose from, each once, in the order of the columns."""
        return tuple(dict.fromkeys(c.choices for c in self.columns if c.choices))

    def list_ends(self, choices: tuple[str, ...]) -> tuple[str, str]:
        """Return the first and last cell of a list on the hidden sheet, such as $D$1 and $D$60."""
        letters = column_letters(FIRST_LIST + self.lists.index(choices))
        return f"${letters}$1", f"${letters}${len(choices)}"

    @property
    def header_lines(self) -> int:
        """Return how many lines the longest label needs, beside the button that filters."""
        return max((len(wrap(c.label, max(c.width - 3, 3))) for c in self.columns), default=1)

    def state_rows(self) -> list[list[str | None]]:
        """Return the rows of the hidden sheet, all as long as the longest."""
        height = max([len(self.state), *map(len, self.lists)])
        keys, values = list(self.state), list(self.state.values())
        shown = [keys, values, [], *self.lists]
        return [[_at(column, n) for column in shown] for n in range(height)]


def _at(column: Sequence[str], n: int) -> str | None:
    return column[n] if n < len(column) else None
