"""``irbtrack import actions | audits | ...``: a spreadsheet taken in, as one journal entry."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from irbtrack.commands.accounts import (
    Account,
    changes_table,
    problem_lines,
    rejects_table,
    said_of,
)
from irbtrack.commands.choosing import chosen
from irbtrack.commands.identity import Register, announced
from irbtrack.commands.intake import Exported, Importer
from irbtrack.commands.lookup import Lookup
from irbtrack.commands.naming import names_of
from irbtrack.commands.options import DryRun, Reason
from irbtrack.commands.progress import Bar, progress
from irbtrack.commands.session import Planned, Session, note, session_of
from irbtrack.domain.board import Answer
from irbtrack.domain.cells import Reading, as_typed, fits
from irbtrack.domain.fields import FIELDS, FROM, Field, Holds
from irbtrack.domain.intake import Intake, of_columns
from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.mapping import (
    Reader as Asked,
)
from irbtrack.domain.mapping import (
    read_columns,
    read_date_order,
    read_defaults,
    read_values,
    reader_from_toml,
    reader_to_toml,
)
from irbtrack.domain.merging import State, state_of
from irbtrack.domain.records import NOUNS, Record
from irbtrack.domain.sheet import Book, Cell
from irbtrack.domain.story import Day
from irbtrack.domain.tracker import TableRow, filled, table_rows
from irbtrack.domain.words import read_choice, read_text
from irbtrack.errors import IrbtrackError, Misused, Refused, SheetUnusable, printable, quoted
from irbtrack.render import put_out
from irbtrack.render.data import to_csv
from irbtrack.sheets.opening import read_book
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, records_as_of

File = Annotated[
    str, typer.Argument(metavar="FILE", help="xlsx, xlsm, xls, ods, csv, tsv or json.")
]
SheetName = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="The sheet; the one that fits if left out."),
]
HeaderRow = Annotated[
    str | None,
    typer.Option("--header-row", metavar="N", help="The row of the headers; found if left out."),
]


class Given(NamedTuple):
    """What an import was asked for, beside the file."""

    asked: Asked
    create_missing: bool
    take: str | None
    reason: str | None
    dry_run: bool
    partial: bool
    rejects: Path | None
    save_mapping: Path | None


def _importer(noun: str, about: str) -> Callable[..., None]:
    """The command that takes in records of a noun."""

    def command(
        ctx: typer.Context,
        file: File,
        sheet: SheetName = None,
        header_row: HeaderRow = None,
        columns: Annotated[
            list[str] | None,
            typer.Option(
                "--map", metavar="FIELD=HEADER", help="The column of a field, by header or letter."
            ),
        ] = None,
        values: Annotated[
            list[str] | None,
            typer.Option(
                "--value", metavar="FIELD:TEXT=VALUE", help="What a text of the sheet means."
            ),
        ] = None,
        defaults: Annotated[
            list[str] | None,
            typer.Option(
                "--default", metavar="FIELD=VALUE", help="What is new has, where a cell is empty."
            ),
        ] = None,
        date_order: Annotated[
            str | None,
            typer.Option("--date-order", metavar="dmy|mdy", help="Day first, or month first."),
        ] = None,
        mapping: Annotated[
            str | None,
            typer.Option("--mapping", metavar="FILE", help="Read the sheet as was saved there."),
        ] = None,
        save_mapping: Annotated[
            str | None,
            typer.Option("--save-mapping", metavar="FILE", help="Keep how the sheet was read."),
        ] = None,
        create_missing: Annotated[
            bool,
            typer.Option(
                "--create-missing", help="Make audits, directorates and posts that are not there."
            ),
        ] = False,
        take: Annotated[
            str | None,
            typer.Option(
                "--take",
                metavar="theirs|ours",
                help="Of what changed in both: the workbook's word, or the register's.",
            ),
        ] = None,
        partial: Annotated[
            bool, typer.Option("--partial", help="Store the good rows; needs --rejects.")
        ] = False,
        rejects: Annotated[
            str | None,
            typer.Option("--rejects", metavar="FILE.csv", help="Where the refused rows are put."),
        ] = None,
        on: Annotated[
            str | None,
            typer.Option("--on", metavar="DATE", help="The day that the sheet is of; today."),
        ] = None,
        reason: Reason = None,
        dry_run: DryRun = False,
    ) -> None:
        session = session_of(ctx)
        fields = (*FIELDS[noun], FROM)
        asked = Asked(
            sheet,
            read_row(header_row),
            read_date_order(date_order) if date_order else None,
            read_columns(columns or (), fields),
            read_values(values or (), fields),
            read_defaults(defaults or (), fields),
        )
        if mapping is not None:
            asked = asked.over(_saved(Path(mapping), fields))
        given = Given(
            asked,
            create_missing,
            read_choice("what --take takes", take, ("theirs", "ours")) if take else None,
            read_text("the reason", reason) if reason is not None else None,
            dry_run,
            partial,
            Path(rejects) if rejects else None,
            Path(save_mapping) if save_mapping else None,
        )
        _refuse_unless_fitting(given)
        run(session, noun, Path(file), Day(session.day(on), session.today, bool(reason)), given)

    command.__doc__ = f"""Take in {about}.

    What is known changes where it differs, what is not is added, and all of it is one entry of
    the journal, or nothing is. 'irbtrack import inspect FILE' shows how a file is understood.

    Fields: {", ".join(one.name for one in FIELDS[noun] if not one.derived)}.
    """
    return command


actions = _importer("action", "audit actions from a tracker")
audits = _importer("audit", "the audit plan")
directions = _importer("direction", "directions, with their RAG, target and commentary")
milestones = _importer("milestone", "the milestones of the plans")
officers = _importer("officer", "posts, and who holds them")
directorates = _importer("directorate", "directorates")
workstreams = _importer("workstream", "plans and their workstreams")
notes = _importer("note", "notes")


def read_row(text: str | None) -> int | None:
    """The row that --header-row names, from 1; None without it."""
    if text is None:
        return None
    if text.strip().isdecimal() and 1 <= int(text) <= 1_048_576:
        return int(text)
    raise Misused(f"--header-row {quoted(text)} is not a row; give its number, from 1 on")


def _saved(path: Path, fields: tuple[Field, ...]) -> Asked:
    """How a sheet was read before, from a file of --save-mapping."""
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Misused(f"--mapping {quoted(str(path))} cannot be read ({why})") from None
    except ValueError as error:
        raise Misused(f"--mapping {quoted(str(path))} is not TOML: {error}") from None
    return reader_from_toml(printable(path.name), kept, fields)


def _refuse_unless_fitting(given: Given) -> None:
    if given.partial != (given.rejects is not None):
        raise Misused("--partial and --rejects go together: what is refused must be kept somewhere")
    for option, path in (("--rejects", given.rejects), ("--save-mapping", given.save_mapping)):
        if path is not None and path.exists():
            raise Refused(f"{option} {quoted(str(path))} is there already; name another file")


def run(session: Session, noun: str, path: Path, day: Day, given: Given) -> None:
    """Take in a file: all of it, or, on any problem, nothing, unless the good rows were asked for.

    Raises :class:`SheetUnusable` with every problem in a line.
    """
    with progress() as bar:
        bar.step(f"reading {printable(path.name)}")
        book = read_book(path)
        accounts: list[Account] = []

        def plan(reader: Reader) -> list[Planned]:
            account = worked_out(reader, noun, book, day, given, bar)
            accounts[:] = [account]
            lines = problem_lines(account)
            if lines and (account.columns or account.taken.absent or not given.partial):
                rows = len(account.taken.refused)
                raise SheetUnusable(
                    "\n".join([*lines, f"{_of_rows(rows)} cannot be taken; nothing was stored"])
                )
            if given.dry_run:
                table = changes_table(account, _before(reader, account))
                put_out(Answer(table, (table,) if table.rows else ()))
            if account.taken.refused and given.rejects is not None and not given.dry_run:
                table = rejects_table(account, FIELDS[noun])
                _write_new(given.rejects, to_csv(table), "utf-8-sig")
            bar.step("storing")
            return account.taken.planned

        source = f"from {printable(path.name)}, SHA-256 {book.digest}"
        why = f"{given.reason}; {source}" if given.reason else source
        try:
            session.record(f"import {noun}s", plan, reason=why, dry_run=given.dry_run)
        except BaseException:
            if given.rejects is not None:
                given.rejects.unlink(missing_ok=True)
            raise
    [account] = accounts
    for sentence in said_of(account, day, dry_run=given.dry_run):
        note(sentence)
    if given.save_mapping is not None:
        _save_mapping(given.save_mapping, given.asked, account)
    if account.taken.refused:
        where = f"; they are in {given.rejects}" if not given.dry_run else ""
        raise SheetUnusable(
            "\n".join(
                [
                    *problem_lines(account),
                    f"{_of_rows(len(account.taken.refused))} were refused{where}",
                ]
            )
        )


def _of_rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def worked_out(reader: Reader, noun: str, book: Book, day: Day, given: Given, bar: Bar) -> Account:
    """What an import would come to. Raises for a file or options that cannot be used at all."""
    fields = (*FIELDS[noun], FROM)
    state, exported = _own_export(reader, noun, book)
    scale = council(reader)
    looking = Lookup(reader, create_missing=False, own={})
    guess = Reading(day.today, scale, looking.find)

    def could_be(one: Field, cell: Cell) -> bool:
        meant = given.asked.meant(one.name, as_typed(cell))
        return meant is not None or fits(one, cell, guess)

    picked = chosen(book, given.asked, fields, could_be)
    sheet, layout = picked
    needed = next((one.name for one in FIELDS[noun] if one.needed), "ref")
    rows, passed_over = table_rows(sheet, layout, needed)

    def column_of(name: str) -> list[Cell]:
        column = layout.columns.get(name)
        return [] if column is None else [row.cell(column) for row in rows]

    def found_in(row: TableRow) -> dict[str, Cell]:
        return {name: row.cell(column) for name, column in layout.columns.items()}

    lookup = Lookup(
        reader, create_missing=given.create_missing, own=_own_rows(noun, map(found_in, rows))
    )
    columns = of_columns(column_of, fields, Reading(day.today, scale, lookup.find), given.asked)
    whole = filled(sheet, layout.last)
    unread = {
        (row, name): why
        for name, column in layout.columns.items()
        for (row, at), why in whole.unread.items()
        if at == column
    }
    asked_for = {*layout.columns, *given.asked.defaults, "detail"}  # where long titles are kept
    read = [one for one in fields if one.name in asked_for]
    intake = Intake(read, columns, given.asked, unread)
    defaults = _defaults(intake)
    importer = Importer(reader, noun, lookup, day, defaults, layout.columns, exported, given.take)
    bar.step("comparing with the register")
    year = defaults.get("year")
    taken = importer.take(intake.statement(row.row, found_in(row), year) for row in bar.over(rows))
    missing = [ref for ref in state.refs if ref.casefold() not in importer.seen] if state else []
    return Account(
        printable(book.name),
        noun,
        picked,
        taken,
        passed_over,
        dict(columns.problems),
        missing,
    )


def _defaults(intake: Intake) -> Mapping[str, Any]:
    try:
        return intake.defaults()
    except IrbtrackError as error:
        raise Misused(f"--default: {error}") from None


def _own_rows(noun: str, rows: Iterable[Mapping[str, Any]]) -> dict[Holds, dict[str, str]]:
    """What the rows of a sheet are called that may refer to one another."""
    if noun != "workstream":
        return {}
    return {Holds.WORKSTREAM: announced(rows, "name")}


def _own_export(reader: Reader, noun: str, book: Book) -> tuple[State | None, Exported | None]:
    """What a workbook of irbtrack's own was exported from, if this register still knows it."""
    state = state_of(book)
    if state is None:
        return None, None
    if state.noun != noun:
        raise Misused(
            f"{printable(book.name)} holds {state.noun}s; 'irbtrack import {state.noun}s' takes it"
        )
    found = list(reader.rows("SELECT digest FROM entry WHERE id = :id", id=state.entry))
    if found != [(state.digest,)]:
        note(f"{printable(book.name)} was exported from another register; it is read as any sheet")
        return None, None
    records = records_as_of(reader, NOUNS[noun], state.as_of, state.entry)
    names = names_of(reader, state.as_of, state.entry, for_people=True)
    names = names._replace(people={one.officer: one for one in state.people})
    exported = Exported({one.ref: one for one in records}, names, state.as_of)
    return state, exported


def _before(reader: Reader, account: Account) -> Callable[[Change], Record | None]:
    """What there was before a change, on its day."""
    registers: dict[str, Register] = {}

    def before(change: Change) -> Record | None:
        kind = NOUNS[change.noun]
        if change.noun not in registers:
            registers[change.noun] = Register(reader, kind)
        known = registers[change.noun].changes.get(change.ref, ())
        return version_on(fold(kind, change.ref, known), change.effective_on)

    del account
    return before


def _write_new(path: Path, text: str, encoding: str) -> None:
    try:
        with path.open("x", encoding=encoding, newline="") as file:
            file.write(text)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(
            f"{quoted(str(path))} cannot be written ({why}); nothing was stored"
        ) from None


def _save_mapping(path: Path, asked: Asked, account: Account) -> None:
    """Keep how a sheet was read: what was said, and which columns were taken."""
    import tomli_w

    sheet, layout = account.chosen
    found = {name: layout.labels[column] for name, column in layout.columns.items()}
    whole = Asked(
        sheet.name if asked.sheet else None,
        asked.header_row,
        asked.date_order,
        {**found, **asked.columns},
        asked.values,
        asked.defaults,
    )
    _write_new(path, tomli_w.dumps(reader_to_toml(whole)), "utf-8")
    note(f"how the sheet was read is kept in {printable(str(path))}")
