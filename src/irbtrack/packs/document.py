"""A board pack as data: a cover, and sections of blocks.

Every writer puts out the same pack, so no two formats can tell different figures. A writer works
nothing out: whatever stands in a document stands here.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple

from irbtrack.domain.answers import Column, Kind, Table, Timeline
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.sentences import Number, Sentence, sentence
from irbtrack.domain.nouns.rating import RAG_NAMES, Rag
from irbtrack.render.cell_text import cell_text

Refs = tuple[str, ...]
"""The references of the actions behind a figure."""


class Signed(int):
    """A number that is a change, in a column that has figures too."""


class Heading(NamedTuple):
    """A heading within a section, one level below the section's own title."""

    text: str


class Prose(NamedTuple):
    """A paragraph in the program's own words, whose numbers know what is behind them."""

    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """Return the paragraph as it is read."""
        return " ".join(one.text for one in self.sentences)

    @property
    def numbers(self) -> list[Number]:
        """Return its numbers, in the order of the text."""
        return [number for one in self.sentences for number in one.numbers]


class Points(NamedTuple):
    """A list of what people typed, in Markdown. ``marked_text`` reads it for every writer."""

    texts: tuple[str, ...]
    numbered: bool = False


class Grid(NamedTuple):
    """A table of typed cells. Its title is its caption.

    ``lists`` has the references behind its figures, by row and column, both from 0.
    The first column heads the rows. Only columns with a label are there.
    """

    table: Table
    lists: Mapping[tuple[int, int], Refs] = {}

    @property
    def labels(self) -> list[str]:
        """Return the headers of the columns."""
        return [column.label or "" for column in self.table.columns]

    @property
    def texts(self) -> list[list[str]]:
        """Return the text of every cell, by row."""
        return [
            [shown(value, column) for value, column in zip(row, self.table.columns, strict=True)]
            for row in self.table.rows
        ]

    @property
    def totals(self) -> frozenset[int]:
        """Return the places of the rows that sum others, from 0."""
        count = len(self.table.rows)
        return frozenset(place % count for place in self.table.totals) if count else frozenset()

    def about(self, row: int, column: int) -> str:
        """Say which figure a cell is, as in ``22/23 Overdue, High``."""
        heads, figures = self.table.columns[0], self.table.columns[column]
        return f"{shown(self.table.rows[row][0], heads)}, {figures.label}"


class ChartKind(Enum):
    """What a chart looks like.

    STACKED has a horizontal bar for each label, parted by series. LINES has a line for each
    series, with the labels as points in time. BRIDGE has one series of steps, of which the first
    and the last are figures and the others are changes.
    """

    STACKED = "stacked"
    LINES = "lines"
    BRIDGE = "bridge"


class Series(NamedTuple):
    """The values of a chart that belong together, one for each label, and their name."""

    name: str
    values: tuple[int, ...]


class Chart(NamedTuple):
    """A chart, with what it shows in words and a table with its numbers.

    ``says`` is its alternative text. Whoever puts it out also puts out ``grid``, right after it.
    """

    kind: ChartKind
    title: str
    says: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    grid: Grid


class Drawing(NamedTuple):
    """The plan on a page, to be drawn.

    ``says`` is its alternative text, and ``grid`` has its milestones.
    """

    title: str
    says: str
    timeline: Timeline
    grid: Grid


PackBlock = Heading | Prose | Points | Grid | Chart | Drawing


class PackSection(NamedTuple):
    """A section of a pack: its name in ``pack.toml``, its title, and its blocks."""

    name: str
    title: str
    blocks: tuple[PackBlock, ...]


class Image(NamedTuple):
    """A picture that a council gave, such as its logo. ``ending`` is ``png`` or ``jpg``."""

    content: bytes
    ending: str


class Cover(NamedTuple):
    """What the front of a pack says. What isn't known is None."""

    council: str
    title: str
    meeting_on: date | None
    as_of: date
    compared_on: date | None
    owner: str | None = None
    author: str | None = None
    marking: str | None = None
    logo: Image | None = None

    @property
    def full_title(self) -> str:
        """Return the title of the document, with its date."""
        return f"{self.title}, {say_date(self.meeting_on or self.as_of)}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return what the cover says below the title: what it is called, and what it is."""
        figures = f"as of {say_date(self.as_of)}"
        if self.compared_on:
            figures += f", compared with {say_date(self.compared_on)}"
        told = {
            "Meeting": self.meeting_on and say_date(self.meeting_on),
            "Figures": figures,
            "Report owner": self.owner,
            "Report author": self.author,
        }
        return [(name, value) for name, value in told.items() if value]


class Look(NamedTuple):
    """How a pack looks: its main colour, as in ``#1f3864``, and the size of its pages."""

    colour: str
    page: str


class Proof(NamedTuple):
    """What a pack was made from, so that it can be verified and made again.

    ``entry`` is the number of the last journal entry that was known, and ``journal`` its digest.
    ``recorded_at`` is its moment to the second, because documents know none closer. ``figures`` is
    the digest of the pack's content. ``settings`` are those of ``pack.toml``, as they were used.
    """

    version: str
    as_of: date
    compared_on: date | None
    entry: int
    recorded_at: datetime
    journal: str
    figures: str
    settings: Mapping[str, Any]


class BoardPack(NamedTuple):
    """A board pack: all that a writer puts out."""

    cover: Cover
    sections: tuple[PackSection, ...]
    look: Look
    proof: Proof

    def grids(self) -> Iterator[Grid]:
        """Yield every table, in the order of the document, those of charts and drawings too."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Grid):
                    yield block
                elif isinstance(block, Chart | Drawing):
                    yield block.grid


def shown(value: Any, column: Column) -> str:
    """Return a cell as people read it: a rating with its letter and its name.

    >>> shown("A", Column("rag", "RAG", Kind.RAG))
    'A Amber'
    """
    if column.kind is Kind.RAG and value in RAG_NAMES:
        return f"{value} {RAG_NAMES[Rag(value)]}"
    return cell_text(value, Kind.CHANGE if isinstance(value, Signed) else column.kind)


def prose(*paragraphs: str) -> Iterator[Prose]:
    """Yield paragraphs without numbers that anything is behind."""
    for text in paragraphs:
        yield Prose((sentence(text),))


def content_digest(cover: Cover, sections: tuple[PackSection, ...]) -> str:
    """Return the digest of what a pack says, whatever it looks like."""
    told = _plain((cover._replace(logo=None), sections))
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: a record with its kind, a mapping as pairs, days in ISO."""
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(one)] for key, one in value.items()]
    if isinstance(value, tuple | list | frozenset):
        kind = [type(value).__name__] if hasattr(value, "_fields") else []
        inside = sorted(value) if isinstance(value, frozenset) else value
        return [*kind, *map(_plain, inside)]
    if value is None or isinstance(value, str | int | float):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
