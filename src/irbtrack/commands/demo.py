"""``irbtrack demo``: the November 2023 board in a throwaway database, with its tables."""

import shlex
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from irbtrack.commands.session import Session
from irbtrack.commands.snapshots import freeze
from irbtrack.commands.summary import Question
from irbtrack.domain.board import Answer
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures import tally_rows, year_blocks
from irbtrack.domain.journal import entry_from_json
from irbtrack.errors import printable
from irbtrack.render import put_out
from irbtrack.shipped import shipped
from irbtrack.store.database import Location, locate
from irbtrack.store.reading import reading

BOARD = date(2023, 10, 31)
PREVIOUS = date(2023, 10, 3)
PREVIOUS_TAKEN = datetime(2023, 10, 4, 9, 0, tzinfo=UTC)
EXAMPLE = "board-2023-11"


def demo(
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="FILE", help="Keep the database there.")
    ] = None,
) -> None:
    """Show the board of November 2023.

    Its tables come out of an example register, in a throwaway database unless it is kept.

    The figures are the published ones; the actions behind them are made up.
    """
    if keep is not None:
        location = locate(keep)
        load(location)
        _print_tables(location)
        typer.echo(_how_to_go_on(keep))
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="irbtrack-") as folder:
        location = locate(str(Path(folder) / "demo.db"))
        load(location)
        _print_tables(location)
    typer.echo(_how_to_go_on(None))


def load(location: Location) -> None:
    """Make a database there and record the example in it, with the snapshot of 3 October."""
    from irbtrack.store.migrate import create
    from irbtrack.store.write import writing

    text = (shipped("examples") / EXAMPLE / "register.jsonl").read_text(encoding="utf-8")
    recorded = [entry_from_json(line) for line in text.splitlines()]
    create(location)
    with writing(location) as journal:
        journal.record(*(entry for entry in recorded if entry.recorded_at < PREVIOUS_TAKEN))
        board = Session(location, PREVIOUS_TAKEN, lambda: PREVIOUS_TAKEN, "register-officer")
        freeze(journal, board, PREVIOUS, "October board", None)
        journal.record(*(entry for entry in recorded if entry.recorded_at > PREVIOUS_TAKEN))


def _print_tables(location: Location) -> None:
    with reading(location) as reader:
        question = Question(reader, None, original=False, known_at=None)
        now, then = question.told_on(BOARD), question.told_before(BOARD)
    years = now.tally.years
    blocks = [block for year in years for block in year_blocks(now, then, year, None, {})]
    put_out(Answer(tally_rows([now.tally], years, None, {}), tuple(blocks)))


def _how_to_go_on(kept: str | None) -> str:
    if kept is None:
        return (
            "\nThe actions behind these figures are made up. 'irbtrack demo --keep board.db' keeps"
            " them;\nthen 'irbtrack --database board.db action list --year 22/23 --status overdue"
            f" --as-of {BOARD}'\nlists the 59, and 'irbtrack init' begins a register of your own."
        )
    asked = f"irbtrack --database {shlex.quote(printable(kept))}"
    return (
        f"\nKept in {printable(kept)}. Ask it, for {say_date(BOARD)} or any other day:\n"
        f"  {asked} action list --year 22/23 --status overdue --as-of {BOARD}\n"
        f"  {asked} summary --by directorate --as-of {BOARD}\n"
        f"  {asked} history 2223-001"
    )
