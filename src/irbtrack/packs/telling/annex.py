"""The annex of a pack: what its words mean, what it rests on, and the actions behind it."""

from collections.abc import Iterator

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.domain.dates import say_date, say_moment
from irbtrack.domain.figures.age_bands import BANDS
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.packs.document import Grid, Heading, PackBlock, prose
from irbtrack.packs.telling.board import Board
from irbtrack.reports.action import actions_table
from irbtrack.reports.ageing import AgeingWanted, ageing_tables
from irbtrack.reports.restatements import snapshot_comparison
from irbtrack.store.gather import last_entry

DEFINITIONS = (
    ("Not Due", "It has an owner and a due date, and the due date has not passed."),
    ("Overdue", "Its due date has passed. On the due date itself it is not overdue yet."),
    ("Complete", "Management has reported that it is done."),
    ("Not Allocated", "It lacks an owner or a due date."),
    ("Verified", "Audit has confirmed that it is done. It is among the complete ones."),
    ("Closed", "Withdrawn, superseded, risk accepted or no longer applicable. It is not counted."),
)
"""What is said of an action, and when (DESIGN section 3)."""


def annex(board: Board) -> Iterator[PackBlock]:
    """Tell what the words mean, what was restated, how old what is overdue is, and list it."""
    yield Heading("Definitions")
    columns = (Column("status", "An action is"), Column("meaning", "when"))
    yield Grid(Table(columns, DEFINITIONS, "What is said of actions"))
    yield Heading("Basis")
    yield from prose(_say_basis(board))
    yield from _restatements(board)
    yield from _ageing(board)
    if found := board.view.selected(board.annexed):
        yield Heading("Actions")
        yield _actions(board, actions_table(board.view, found).shown())


def _say_basis(board: Board) -> str:
    entry = last_entry(board.view.reader, board.view.known_to)
    assert entry is not None
    basis = f"The figures and ratings are those of {say_date(board.view.day)}"
    if board.words.day != board.view.day:
        basis += f"; commentary is told up to {say_date(board.words.day)}"
    if board.published:
        basis += (
            f". They are compared with what was published for {say_date(board.published.as_of)}"
        )
    return (
        f"{basis}. Actions are overdue by their due dates as last revised. Percentages are of the"
        " year's total, rounded half up. The register is told as far as it was known to entry"
        f" {entry.number:,} of its journal, recorded on {say_moment(entry.recorded_at)}, which has"
        f" the digest {entry.digest}."
    )


def _restatements(board: Board) -> Iterator[PackBlock]:
    """Yield what is now known otherwise of the day whose figures were published before."""
    if board.published is None:
        return
    yield Heading("Restatements since the last pack")
    for block in snapshot_comparison(board.view, board.published).blocks:
        if isinstance(block, Table):
            title = f"What is now known otherwise of {say_date(board.published.as_of)}"
            yield Grid(block._replace(title=title))
        elif isinstance(block, str):
            yield from prose(block.partition(";")[0].rstrip(".") + ".")


def _ageing(board: Board) -> Iterator[PackBlock]:
    """Yield how long actions have been overdue, and which have been longest."""
    if not board.years:
        return
    asked = AgeingWanted(Selection(years=frozenset(board.years)), BANDS)
    found = [one for one in ageing_tables(board.view, asked).blocks if isinstance(one, Table)]
    if found:
        yield Heading("How long actions have been overdue")
    for table in found:
        yield _named(board, table)


def _actions(board: Board, table: Table) -> Grid:
    """Return the actions of the annex, as a board reads them."""
    return _named(board, table._replace(title=f"Actions {board.view.said}"))


def _named(board: Board, table: Table) -> Grid:
    """Return a table with posts and directorates by what they are called, not by their codes."""
    called = {"owner": board.posts, "directorate": board.view.names(Directorate)}
    names = [called.get(column.name, {}) for column in table.columns]
    columns = tuple(
        column._replace(kind=Kind.TEXT) if column.name in called else column
        for column in table.columns
    )
    rows = [
        [known.get(cell, cell) if known else cell for cell, known in zip(row, names, strict=True)]
        for row in table.rows
    ]
    return Grid(table._replace(columns=columns, rows=rows))
