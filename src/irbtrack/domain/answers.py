"""Answers as data: tables of typed cells, and sentences, which every writer can put out.

A command's answer has ``data``, a flat table that JSON and CSV carry, and ``blocks``, which
say the same for people: tables, tables side by side, and sentences. A list needs no blocks;
people are shown its data, without the columns that only programs need.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import Enum
from typing import Any, NamedTuple


class Kind(Enum):
    """How the cells of a column are written for people.

    Only TEXT and MARKDOWN may be wrapped.
    """

    TEXT = "text"
    MARKDOWN = "markdown"
    RAG = "rag"
    CODE = "code"
    NUMBER = "number"
    CHANGE = "change"
    DATE = "date"


class Column(NamedTuple):
    """A column: ``name`` is for programs, and ``label`` for people.

    People are not shown a column whose label is None. Where there is no room for all columns,
    those of the highest ``rank`` are left out first. One of rank 0 is never left out, and one of a
    rank below 0 only if there is too little room even for words that are broken.
    """

    name: str
    label: str | None = None
    kind: Kind = Kind.TEXT
    rank: int = 0

    @property
    def is_number(self) -> bool:
        """Return whether its cells are numbers, which are set to the right."""
        return self.kind in (Kind.NUMBER, Kind.CHANGE)

    @property
    def wraps(self) -> bool:
        """Return whether its cells may be broken into lines."""
        return self.kind in (Kind.TEXT, Kind.MARKDOWN)


class Table(NamedTuple):
    """Rows of cells under columns.

    ``totals`` are the places of the rows that sum others. They count from 0, or from the end if
    they are negative.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    title: str = ""
    totals: frozenset[int] = frozenset()

    def shown(self) -> "Table":
        """Return the table as people see it: only the columns that have a label."""
        return self.having([c for c in self.columns if c.label is not None])

    def having(self, columns: Sequence[Column]) -> "Table":
        """Return the table with only these of its columns."""
        kept = [n for n, column in enumerate(self.columns) if column in columns]
        return Table(
            tuple(self.columns[n] for n in kept),
            [[row[n] for n in kept] for row in self.rows],
            self.title,
            self.totals,
        )


LAST = frozenset({-1})
"""The ``totals`` of a table whose last row sums all others."""


class Mark(NamedTuple):
    """A point on a timeline or, if it has a start, a bar.

    A mark without an end has no date. ``planned_on`` is where its end was first planned, and
    ``rag`` is a letter or None. A mark that is ``late`` is drawn even if it ends before the first
    month shown.
    """

    text: str
    starts_on: date | None
    planned_on: date | None
    ends_on: date | None
    rag: str | None
    late: bool = False


class Timeline(NamedTuple):
    """Marks on rows, from the day ``first`` up to but not including ``until``.

    Each row has its depth, its name and its marks. ``table`` says the same for writers that
    cannot draw.
    """

    rows: tuple[tuple[int, str, tuple[Mark, ...]], ...]
    first: date
    until: date
    today: date
    table: Table


class Tone(Enum):
    """How a bar is coloured. What a colour says must also stand in the text beside the bar."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    FAINT = "faint"


class Stripe(NamedTuple):
    """One bar, with its label before it and its figure as ``text``, such as ``-7``.

    It goes from ``begin`` to ``end``, in either order, and may begin elsewhere than at 0.
    """

    label: str
    begin: float
    end: float
    text: str
    tone: Tone = Tone.PLAIN


class Bars(NamedTuple):
    """Bars below one another, on one scale, which are drawn at a terminal only.

    ``table`` says the same for writers that can't draw. If it has a row for each bar, a terminal
    shows it too, with each bar at the end of its row and without labels. Writers that can't draw
    leave out bars without a table, because a table of the same answer says it already.
    """

    title: str
    stripes: tuple[Stripe, ...]
    table: Table | None = None


class Unbroken(str):
    """A text that is not broken into lines to fit a terminal, as a command to be pasted is not."""

    __slots__ = ()


Block = Table | tuple[Table, ...] | Timeline | Bars | str
"""A table, a sentence, a timeline, bars, or tables in a tuple.

Tables in a tuple stand side by side where there is room, and share their first column.
"""

Undrawn = Table | tuple[Table, ...] | Timeline | str
"""A block that writers of text can put out."""


def without_bars(blocks: Iterable[Block]) -> Iterator[Undrawn]:
    """Yield the blocks with bars replaced by their tables, or left out if they have none."""
    for block in blocks:
        if not isinstance(block, Bars):
            yield block
        elif block.table is not None:
            yield block.table.shown()


class Answer(NamedTuple):
    """What a reading command answers: flat data, and the blocks that show them to people."""

    data: Table
    blocks: tuple[Block, ...] = ()
    remarks: tuple[str, ...] = ()

    def shown(self) -> tuple[Block, ...]:
        """Return the blocks or, if there are none, the data as people see them.

        Empty tables and bars are left out.
        """
        blocks = self.blocks or (self.data.shown(),)
        return tuple(block for block in blocks if not _is_empty(block))


def _is_empty(block: Block) -> bool:
    if isinstance(block, Bars):
        return not block.stripes
    return isinstance(block, Table) and not block.rows
