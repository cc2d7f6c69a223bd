"""``irbtrack demo``: the November 2023 board in a throwaway database, with its tables."""

import shlex
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from irbtrack.arguments.options import Viewed
from irbtrack.commands import audit as audits
from irbtrack.commands import direction as directions
from irbtrack.commands import due as forward
from irbtrack.commands import exceptions, overview, summary
from irbtrack.commands import note as notes
from irbtrack.commands import plan as plans
from irbtrack.domain.dates import say_date
from irbtrack.domain.journal import entry_from_json
from irbtrack.errors import printable
from irbtrack.register.session import Session
from irbtrack.register.snapshots import freeze
from irbtrack.shipped import shipped
from irbtrack.store.database import Location, locate

BOARD = date(2023, 10, 31)
REPORTED = date(2023, 11, 23)
PREVIOUS = date(2023, 10, 3)
PREVIOUS_TAKEN = datetime(2023, 10, 4, 9, 0, tzinfo=UTC)
EXAMPLE = "board-2023-11"


def demo(
    session: Session,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="FILE", help="Keep the database there.")
    ] = None,
) -> None:
    """Show the board of November 2023.

    Its tables come out of an example register, in a throwaway database unless it is kept.

    The figures are the published ones; the actions and words behind them are made up.
    """
    if keep is not None:
        location = locate(keep)
        load(location)
        _show(session, location)
        typer.echo(_how_to_go_on(keep))
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="irbtrack-") as folder:
        location = locate(str(Path(folder) / "demo.db"))
        load(location)
        _show(session, location)
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


def _show(session: Session, location: Location) -> None:
    """A little of each: what some commands answer on the day of the board."""
    session = session._replace(location=location)
    day = BOARD.isoformat()
    board_day = REPORTED.isoformat()
    shown: list[tuple[str, Callable[[], None]]] = [
        (f"summary --as-of {day}", lambda: summary.summary(session, viewed=Viewed(day))),
        (f"overview --as-of {day}", lambda: overview.overview(session, as_of=day)),
        (
            f"direction list --brief --as-of {day}",
            lambda: directions.list_(session, brief=True, as_of=day),
        ),
        (
            f"exceptions --workstream finance-plan --to {day}",
            lambda: exceptions.exceptions(session, workstream="finance-plan", until=day),
        ),
        (f"plan ict-digital --as-of {day}", lambda: plans.plan(session, "ict-digital", as_of=day)),
        (
            f"audit list --year 23/24 --as-of {day}",
            lambda: audits.list_(session, Viewed(day), year="23/24"),
        ),
        (
            f"note list --section headline --as-of {board_day}",
            lambda: notes.list_(session, section=["headline"], as_of=board_day),
        ),
        (f"due --within 1w --as-of {day}", lambda: forward.due(session, within="1w", as_of=day)),
    ]
    for position, (command, answer) in enumerate(shown):
        if position:
            typer.echo(f"\n>>> irbtrack {command}\n")
        answer()


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
        f"  {asked} history 2223-001\n"
        f"  {asked} direction show 3a --as-of {BOARD}\n"
        f"  {asked} plan --as-of {BOARD}"
    )
