"""``irbtrack import``: take in spreadsheets, each as one journal entry."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.deciding import SAME, confirmed, read_retitled, settled, stop_if_in_doubt
from irbtrack.arguments.inspecting import proposal
from irbtrack.arguments.left_files import (
    KeepFile,
    kept_if_stored,
    new_file,
    problems_text,
    refuse_another_mapping,
    rejects_text,
    write_mapping,
)
from irbtrack.arguments.options import DryRun, Format, Reason
from irbtrack.arguments.proposing import (
    Proposed,
    asked_for,
    kept_mapping,
    proposed,
    saved_mapping,
)
from irbtrack.arguments.sheet_options import File, HowRead, SheetDay, WhatIsNew, mapping_of
from irbtrack.domain.answers import Answer, Block, Table
from irbtrack.domain.field import FROM
from irbtrack.domain.journal import source_of
from irbtrack.domain.nouns import FIELDS, NOUNS
from irbtrack.domain.nouns.action import Action, Closure
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.merging import state_of
from irbtrack.domain.tracker.sheet import Book
from irbtrack.domain.tracker.story import Occasion
from irbtrack.domain.words import counted, read_choice, read_text
from irbtrack.errors import Misused, SheetUnusable, listed, printable
from irbtrack.imports.absent import Absence
from irbtrack.imports.account import (
    Account,
    changes_table,
    nothing_taken,
    problem_lines,
    rows_table,
    said_of,
)
from irbtrack.imports.inspection import (
    INSPECTED_COLUMNS,
    SHEETS,
    Understood,
    column_rows,
    inspected,
    sheet_row,
    understood,
)
from irbtrack.imports.proposal import before_changes, worked_out
from irbtrack.imports.remembered import remembered_key
from irbtrack.imports.sheet_choice import is_of_refused_rows
from irbtrack.imports.sheet_rows import Wanted
from irbtrack.register.session import NOTHING_TO_CHANGE, Outrun, Planned, Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import at_terminal, note
from irbtrack.render.progress import progress
from irbtrack.sheets.opening import read_book
from irbtrack.store.database import Reader
from irbtrack.store.gather import last_number

TAKES = ("theirs", "ours")


class Manner(NamedTuple):
    """How an import is to be recorded, and which files it is to leave."""

    reason: str | None
    dry_run: bool
    rejects: Path | None
    """Where the refused rows go; without it one refused row refuses all."""
    save_mapping: Path | None
    mapping: str | None
    """The file that said how the sheet is read, which may be written anew."""
    every_problem: Path | None
    """Where each problem gets a line."""


def _importer(kind: type[Record]) -> Callable[..., None]:
    """Return the command that takes in records of a noun."""
    noun = kind.NOUN

    def command(
        session: Session,
        file: File,
        how: HowRead,
        new: WhatIsNew,
        save_mapping: Annotated[
            str | None,
            typer.Option("--save-mapping", metavar="FILE", help="Keep how the sheet was read."),
        ] = None,
        take: Annotated[
            str | None,
            typer.Option(
                "--take",
                metavar="theirs|ours",
                help="Of what changed in both: the workbook's word, or the register's.",
            ),
        ] = None,
        retitled: Annotated[
            str | None,
            typer.Option(
                "--retitled",
                metavar="same|new",
                help="A title that is nearly a known one: the same action's, or a new one's.",
            ),
        ] = None,
        absent: Annotated[
            str | None,
            typer.Option(
                "--absent",
                metavar="close|keep",
                help="What becomes of open actions that the sheet leaves out; said if left out.",
            ),
        ] = None,
        closure: Annotated[
            str | None,
            typer.Option(
                "--as",
                metavar="CLOSURE",
                autocompletion=completing.closures,
                help="With --absent close: withdrawn, superseded, no longer applicable ...",
            ),
        ] = None,
        raised_earliest: Annotated[
            bool,
            typer.Option(
                "--raised-earliest",
                help="What was done before it was raised was raised on the day it was done.",
            ),
        ] = False,
        partial: Annotated[
            bool, typer.Option("--partial", help="Store the good rows; needs --rejects.")
        ] = False,
        rejects: Annotated[
            str | None,
            typer.Option("--rejects", metavar="FILE.csv", help="Where the refused rows are put."),
        ] = None,
        every_problem_file: Annotated[
            str | None,
            typer.Option(
                "--every-problem", metavar="FILE.csv", help="Where each problem gets a line."
            ),
        ] = None,
        on: SheetDay = None,
        reason: Reason = None,
        dry_run: DryRun = False,
        listing: Annotated[
            bool,
            typer.Option(
                "--list", help="List each row that added or changed something, or was closed."
            ),
        ] = False,
        form: Format = TABLE,
    ) -> None:
        fields = (*FIELDS[noun], FROM)
        asked = mapping_of(how, fields, new)
        if raised_earliest:
            asked = replace(asked, raised_earliest=True)
        if partial != (rejects is not None):
            raise Misused("--partial and --rejects go together: what is refused must be kept")
        manner = Manner(
            read_text("the reason", reason) if reason is not None else None,
            dry_run,
            new_file("--rejects", rejects),
            Path(save_mapping) if save_mapping is not None else None,
            how.mapping,
            new_file("--every-problem", every_problem_file),
        )
        decision = read_choice("what --take takes", take, TAKES) if take else None
        day = Occasion(
            *(session.day(on), session.today, bool(reason)), raised_earliest=asked.raised_earliest
        )
        with progress() as bar:
            bar.step(f"reading {printable(Path(file).name)}")
            book = read_book(Path(file))
        absence = _read_absence(noun, absent, closure, reason)
        if absence.how is not None and partial:
            raise Misused("--absent close needs all rows to be taken; leave --partial out")
        asked = _with_remembered_key(session, noun, book, asked, how)
        wanted = Wanted(book, noun, asked, day, decision, absence=absence)
        if retitled is not None:
            is_same = read_retitled(retitled) == SAME
            wanted = wanted._replace(same=lambda _: is_same)
        told = (*how, new.defaults, dry_run, partial, state_of(book), is_of_refused_rows(book))
        if at_terminal() and sys.stdout.isatty() and not any(told):
            walked = _walked_through(session, wanted, manner, file)
            if walked is None:
                return
            wanted, manner = walked
        account, wanted = settled(wanted, lambda now: _recorded(session, now, manner))
        if (listing or form != TABLE) and not dry_run:
            table = rows_table(account, wanted.absence)
            put_out(Answer(table, (table.shown(),) if table.rows else ()), form)
        _say(account, wanted, manner)

    command.__doc__ = f"""Take in {kind.ABOUT}.

    What is known changes where it differs, what is not is added, and all of it is one entry of
    the journal, or nothing is. 'irbtrack import inspect FILE' shows how a file is understood.

    Fields: {", ".join(one.name for one in FIELDS[noun] if not one.derived)}.
    """
    return command


def _read_absence(
    noun: str, absent: str | None, closure: str | None, reason: str | None
) -> Absence:
    """Return what is to become of the actions that a sheet leaves out."""
    if absent is None and closure is None:
        return Absence()
    if noun != Action.NOUN:
        raise Misused("--absent is for actions, which can be closed; leave it out")
    what = read_choice("what --absent does", absent or "", ("close", "keep"))
    if (what == "close") != (closure is not None):
        raise Misused(
            "'--absent close' and --as go together, as in '--absent close --as withdrawn'"
        )
    if closure is None:
        return Absence(kept=True)
    if not reason:
        raise Misused("--absent close needs --reason, why those actions are no longer followed up")
    return Absence(Closure(read_choice("a closure", closure, Closure)))


def _with_remembered_key(
    session: Session, noun: str, book: Book, asked: Asked, how: HowRead
) -> Asked:
    """Return what was said, with the key by which rows of the same file were known before."""
    if asked.key or how.mapping or state_of(book) or is_of_refused_rows(book):
        return asked
    with session.reading() as reader:
        key = remembered_key(reader, noun, printable(book.name))
    if key:
        note(
            f"rows are known by {listed(key, 'and')}, as when {printable(book.name)} was imported"
            " before; --key names other fields"
        )
    return replace(asked, key=key)


def _walked_through(
    session: Session, wanted: Wanted, manner: Manner, file: str
) -> tuple[Wanted, Manner] | None:
    """Ask how a file is to be read, show what would change, and ask whether to store that.

    Only what is in doubt is asked. Return None if nothing is to be stored.
    """
    columns = understood(session, wanted).columns
    table = Table(INSPECTED_COLUMNS, [row for rows in columns.values() for row in rows])
    put_out(Answer(table, (table.shown(),)))
    new = WhatIsNew(create_missing=wanted.asked.create_missing)
    one = proposed(session, wanted, Proposed(HowRead(), new), asked_for)
    said = mapping_of(one.how, wanted.fields, one.new)
    wanted = wanted._replace(asked=said.over(wanted.asked))
    dry = manner._replace(dry_run=True)
    account, wanted = settled(wanted, lambda now: _recorded(session, now, dry))
    _say(account, wanted, dry)
    if not account.taken.planned:
        return None
    if not confirmed("store this"):
        note("nothing was stored")
        return None
    kept = kept_mapping(file)
    save = manner.save_mapping or (Path(kept) if kept else None)
    return wanted, manner._replace(save_mapping=save)


def _recorded(session: Session, wanted: Wanted, manner: Manner) -> Account:
    """Make one entry of what can be taken in: all of it or, if that was asked for, the good rows.

    That is planned while others may record. If somebody does, it is planned again; the last time
    others have to wait.

    Raise :class:`SheetUnusable`, with every problem in a line, if nothing is to be stored.
    """
    book = wanted.book
    source = source_of(printable(book.name), book.digest, wanted.asked.key)
    why = f"{manner.reason}; {source}" if manner.reason else source
    record = partial(session.record, f"import {wanted.noun}s", reason=why, quiet=True)
    said = set[str]()
    with progress() as bar:
        for _ in range(PLANNED_ASIDE):
            with session.reading() as reader:
                last = last_number(reader)
                session.refuse_unknown_recorder(reader)
                account = worked_out(reader, wanted, bar)
                changes = None
                if manner.dry_run:
                    planned = account.taken.planned
                    changes = changes_table(planned, before_changes(reader, planned))
            _remark(account, said)
            with suppress(Outrun), kept_if_stored() as keep:
                _refuse(account, wanted, manner, keep)
                if changes is not None:
                    _show_changes(changes)
                    return account
                _keep_rejects(account, manner, keep)
                bar.step("storing")
                record(partial(_as_planned, account), planned_after=last)
                return account
        with kept_if_stored() as keep:

            def plan(journal: Reader) -> list[Planned]:
                nonlocal account
                account = worked_out(journal, wanted, bar)
                _refuse(account, wanted, manner, keep)
                _keep_rejects(account, manner, keep)
                return account.taken.planned

            record(plan)
    return account


def _as_planned(account: Account, _: Reader) -> list[Planned]:
    return account.taken.planned


PLANNED_ASIDE = 3
"""How often an import is planned while others may record."""


def _remark(account: Account, said: set[str]) -> None:
    """Say how the file is read, unless that was ``said``."""
    for remark in account.remarks:
        if remark not in said:
            note(remark)
            said.add(remark)


def _refuse(account: Account, wanted: Wanted, manner: Manner, keep: KeepFile) -> None:
    """Raise what keeps an import from storing anything."""
    stop_if_in_doubt(account)
    if account.is_empty:
        raise SheetUnusable("\n".join(nothing_taken(account)))
    refused = account.taken.refused
    if refused and manner.every_problem is not None:
        keep(manner.every_problem, problems_text(account))
    if account.is_barred or (refused and (account.taken.absent or manner.rejects is None)):
        which = f"{counted(len(refused), 'row')} cannot be taken; " if refused else ""
        said = f"{which}nothing was stored"
        raise SheetUnusable("\n".join([*problem_lines(account), said]))
    if manner.save_mapping is not None:
        refuse_another_mapping(manner.save_mapping, manner.mapping, wanted.asked, account)


def _keep_rejects(account: Account, manner: Manner, keep: KeepFile) -> None:
    """Keep the refused rows in their file."""
    if account.taken.refused and manner.rejects is not None:
        keep(manner.rejects, rejects_text(account))


CHANGES_SHOWN = 100
"""The most changes that a dry run shows."""


def _show_changes(table: Table) -> None:
    """Put out the first of the changes that an import would make."""
    shown = Table(table.columns, table.rows[:CHANGES_SHOWN])
    put_out(Answer(shown, (shown,) if shown.rows else ()))
    if len(table.rows) > CHANGES_SHOWN:
        note(f"and {len(table.rows) - CHANGES_SHOWN:,} more changes")


NOTHING_EDITED = "nothing to change: the workbook has no edit that the register lacks"


def _say(account: Account, wanted: Wanted, manner: Manner) -> None:
    """Say what an import did; raises :class:`SheetUnusable` for the rows that it did not take."""
    if not account.taken.planned and not account.taken.refused:
        note(NOTHING_EDITED if account.returned else NOTHING_TO_CHANGE)
    tally, *rest = said_of(account, wanted, dry_run=manner.dry_run)
    for sentence in (*rest, tally) if manner.dry_run else (tally, *rest):
        note(sentence)
    if manner.save_mapping is not None and not manner.dry_run:
        write_mapping(manner.save_mapping, wanted.asked, account)
        note(f"how the sheet was read is kept in {printable(str(manner.save_mapping))}")
    if account.taken.refused:
        refused = account.taken.refused
        was, they = ("was", "it is") if len(refused) == 1 else ("were", "they are")
        where = "" if manner.dry_run else f"; {they} in {printable(str(manner.rejects))}"
        said = f"{counted(len(refused), 'row')} {was} refused{where}"
        raise SheetUnusable("\n".join([*problem_lines(account), said]))


def inspect(
    session: Session,
    file: File,
    how: HowRead,
    new: WhatIsNew,
    of: Annotated[
        str,
        typer.Option("--as", metavar="NOUN", help="What it holds: actions, audits, directions ..."),
    ] = "actions",
    on: SheetDay = None,
    form: Format = TABLE,
) -> None:
    """Show how a file is understood; nothing is stored.

    Its sheets, where the header seems to be, which column is taken for which field and why,
    what some of the cells hold, and which texts can't be read. Last comes the command that
    takes the file in, with all that it needs. If an import has saved how the file is read beside
    it, under its name with .toml at the end, it is read so.
    """
    noun = read_choice("something to import", of, [f"{one}s" for one in FIELDS]).removesuffix("s")
    fields = (*FIELDS[noun], FROM)
    saved = saved_mapping(file, fields) if how.mapping is None else None
    if saved is not None:
        how = how._replace(mapping=saved)
    asked = mapping_of(how, fields, new)
    book = read_book(Path(file))
    found = inspected(session, book, asked, fields)
    wanted = Wanted(book, noun, asked, Occasion(session.day(on), session.today))
    read = understood(session, wanted) if found.read else Understood()
    shown = {
        one.name: read.columns.get(one.name) or column_rows(one, layout)
        for one, layout in found.sheets
        if layout is not None
    }
    sheets = Table(SHEETS, [sheet_row(one, layout, fields) for one, layout in found.sheets])
    blocks: list[Block] = []
    if saved is not None:
        blocks.append(f"It is read as {printable(saved)} says, which an import has saved.")
    blocks.append(sheets.shown())
    known = INSPECTED_COLUMNS if read.register or not found.read else INSPECTED_COLUMNS[:-1]
    for name, columns in shown.items():
        table = Table(INSPECTED_COLUMNS, columns, f"{name}, as {noun}s")
        blocks.append(table.having(known).shown())
    if found.read:
        if len(found.sheets) > 1:
            command = f"'irbtrack import {noun}s {book.name}'"
            sheet = "sheet" if len(found.read) == 1 else "sheets"
            blocks.append(f"{command} would take the {sheet} {listed(found.read, 'and')}.")
        blocks += proposal(session, wanted, read, Proposed(how, new, on=on), file)
    data = [row for columns in shown.values() for row in columns]
    put_out(Answer(Table(INSPECTED_COLUMNS, data), tuple(blocks)), form)
    if not data:
        note("no header row is found; --header-row N says which it is, --as what it holds")


VERBS = {
    "inspect": inspect,
    **{f"{noun}s": _importer(kind) for noun, kind in NOUNS.items() if kind.FIELDS},
}
