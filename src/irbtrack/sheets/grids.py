"""The cells of a sheet, put in their places as they are met in a file."""

from sys import getsizeof

from irbtrack.domain.tracker.sheet import Cell, Sheet, Span
from irbtrack.sheets.limits import (
    COLUMNS_LIMIT,
    MIB,
    ROWS_LIMIT,
    Allowance,
    damaged,
    too_much,
)

_BLOCK = MIB
"""The bytes of cells that are counted at once."""
NOT_WORKED_OUT = "its formula has not been worked out"


def shows(error: str) -> str:
    """Return why a cell that shows an error is unread."""
    return f"it shows the error {error}"


class CellGrid:
    """The cells of one sheet so far. It grows to the last row and column with content.

    Every method raises :class:`Unreadable` for more than a file may hold, before it takes the
    memory for it.
    """

    def __init__(self, name: str, allowance: Allowance, *, hidden: bool = False) -> None:
        allowance.take(getsizeof(name))
        self.name = name
        self.hidden = hidden
        self._allowance = allowance
        self._lines: list[list[Cell]] = []
        self._width = self._taken = 0
        self._merged: list[Span] = []
        self._unread: dict[tuple[int, int], str] = {}

    def put(self, row: int, column: int, value: Cell) -> None:
        """Put a value into a cell. A text of spaces only is no value, and None is none."""
        if value is None or (type(value) is str and (not value or value.isspace())):
            return
        if not (0 <= row < len(self._lines) and column < self._width):
            self.reach(row, column)
        line = self._lines[row]
        missing = column - len(line)
        if missing < 0:
            if line[column] is not None:
                raise damaged()
            line[column] = value
        else:
            if missing:
                line.extend([None] * missing)
            line.append(value)
        self._taken += getsizeof(value) + 8 * (missing + 1)
        if self._taken > _BLOCK:
            self._allowance.take(self._taken)
            self._taken = 0

    def leave(self, row: int, column: int, why: str) -> None:
        """Leave a cell unread."""
        self.reach(row, column)
        self._allowance.mark()
        self._unread[row, column] = why

    def merge(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Merge the cells from the ``first`` to the ``last``."""
        if first[0] > last[0] or first[1] > last[1]:
            raise damaged()
        if first != last:
            self._allowance.mark()
            self._merged.append((first, last))

    def reach(self, row: int, column: int) -> None:
        """Grow as far as a cell."""
        if row < 0 or not 0 <= column < COLUMNS_LIMIT:
            raise damaged()
        if row >= ROWS_LIMIT:
            raise too_much()
        height, width = max(row + 1, len(self._lines)), max(column + 1, self._width)
        further = height - len(self._lines)
        self._allowance.take(64 * further, height * width - len(self._lines) * self._width)
        self._lines.extend([] for _ in range(further))
        self._width = width

    def sheet(self) -> Sheet:
        """Return the sheet. The grid is empty afterwards, because both would take the memory."""
        self._lines.reverse()
        rows = [tuple(self._lines.pop()) for _ in range(len(self._lines))]
        return Sheet(self.name, rows, self.hidden, tuple(self._merged), self._unread)
