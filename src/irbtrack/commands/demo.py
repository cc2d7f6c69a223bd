"""``irbtrack demo``: the November 2023 board in a throwaway database, with its tables."""

import shlex
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from irbtrack import lasting
from irbtrack.domain.dates import read_period_end, say_date
from irbtrack.domain.journal import entry_from_json
from irbtrack.domain.nouns.note import Section
from irbtrack.errors import listed, printable
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.register.snapshots import freeze
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.render.progress import progress
from irbtrack.reports.audit import audit_plan
from irbtrack.reports.direction import direction_list
from irbtrack.reports.due import falling_due
from irbtrack.reports.exceptions import exceptions_since
from irbtrack.reports.note import NotesWanted, note_list
from irbtrack.reports.overview import overview_tables
from irbtrack.reports.plan import plan_on_a_page
from irbtrack.reports.question import Question
from irbtrack.reports.summary import summary_tables
from irbtrack.shipped import shipped
from irbtrack.store.database import Location, locate
from irbtrack.store.reading import reading

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
    pack: Annotated[
        str | None,
        typer.Option(
            "--pack",
            metavar="FOLDER",
            help="Write its board pack there, in every format that can be written.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over packs that are there.")
    ] = False,
) -> None:
    """Show the board of November 2023.

    Its tables come out of an example register, in a throwaway database unless it is kept.

    The figures are the published ones; the actions and words behind them are made up.
    """
    if keep is not None:
        location = locate(keep, session.location.wait, session.location.say)
        load(location)
        _tell(session, location, pack, keep if location.path else str(location), force=force)
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="irbtrack-") as folder:
        location = locate(str(Path(folder) / "demo.db"))
        load(location)
        lasting.begin()  # of this database nothing stays
        _tell(session, location, pack, keep, force=force)


def _tell(
    session: Session, location: Location, pack: str | None, kept: str | None, *, force: bool
) -> None:
    """Write the board pack to a folder, or put out what some commands answer."""
    if pack is not None:
        _write_pack(location, pack, force=force)
    else:
        _show(session, location)
        typer.echo(_how_to_go_on(kept))


def _write_pack(location: Location, folder: str, *, force: bool) -> None:
    """Write the example's board pack in each format whose libraries are installed."""
    from irbtrack.arguments.pack_options import annexed, chosen_settings
    from irbtrack.packs.filing import pack_files, write_pack
    from irbtrack.packs.formats import FORMATS, HOW_TO_GET, missing
    from irbtrack.packs.making import made_pack, pack_view

    settings = chosen_settings(str(shipped("examples") / EXAMPLE / "pack.toml"))
    lacking = [ending for ending in FORMATS if missing(ending)]
    there = [ending for ending in FORMATS if ending not in lacking]
    files = pack_files(there, f"{folder}/", BOARD, force=force)
    with progress() as bar:
        with reading(location) as reader:
            view = pack_view(reader, BOARD)
            wanted, coded = annexed(view, settings)
            pack, _ = made_pack(view, coded, wanted)
        write_pack(pack, files, {}, bar)
    if lacking:
        note(f"not written: {listed(lacking, 'and')}; {HOW_TO_GET} installs what is needed")


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
    """Put out a little of each: what some commands answer on the day of the board."""
    day = BOARD.isoformat()
    with session._replace(location=location).viewing(day) as view:
        finance = find.workstream(view.reader, "finance-plan").ref
        digital = find.workstream(view.reader, "ict-digital").ref
        headlines = NotesWanted(frozenset({Section.HEADLINE}))
        shown = {
            f"summary --as-of {day}": summary_tables(Question(view)),
            f"overview --as-of {day}": overview_tables(view),
            f"direction list --brief --as-of {day}": direction_list(view, brief=True),
            f"exceptions --workstream finance-plan --to {day}": exceptions_since(
                view, None, finance
            ),
            f"plan ict-digital --as-of {day}": plan_on_a_page(view, digital),
            f"audit list --year 23/24 --as-of {day}": audit_plan(view, "23/24"),
            f"note list --section headline --as-of {REPORTED}": note_list(
                view.on(REPORTED), headlines
            ),
            f"due --within 1w --as-of {day}": falling_due(view, read_period_end("1w", view.day)),
        }
    for position, (command, answer) in enumerate(shown.items()):
        if position:
            typer.echo(f"\n>>> irbtrack {command}\n")
        put_out(answer, TABLE)


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
