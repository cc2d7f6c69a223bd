"""``irbtrack import``: take in spreadsheets, each as one journal entry."""

import sys
from collections.abc import Callable, Iterator, Sequence, Sized
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from irbtrack import lasting
from irbtrack.arguments import completing
from irbtrack.arguments.asking import ask
from irbtrack.arguments.options import DryRun, Format, Reason
from irbtrack.arguments.proposing import (
    as_suggested,
    asked_for,
    import_command,
    kept_mapping,
    proposed,
)
from irbtrack.arguments.sheet_options import (
    ColumnsGiven,
    DateOrder,
    DefaultsGiven,
    HeaderRow,
    HowRead,
    KeyGiven,
    MappingFile,
    SheetName,
    SplitOwners,
    ValuesGiven,
    YearFrom,
    mapping_of,
)
from irbtrack.domain.answers import Answer, Block, Column, Kind, Table
from irbtrack.domain.field import FROM
from irbtrack.domain.journal import source_of
from irbtrack.domain.nouns import FIELDS, NOUNS
from irbtrack.domain.nouns.action import Action, Closure
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.layout import with_columns
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.mapping import reader_to_toml
from irbtrack.domain.tracker.merging import state_of
from irbtrack.domain.tracker.sheet import column_letters
from irbtrack.domain.tracker.story import Occasion
from irbtrack.domain.words import read_choice, read_text
from irbtrack.errors import (
    DatabaseUnusable,
    Misused,
    Refused,
    SheetUnusable,
    legible,
    printable,
    quoted,
)
from irbtrack.exports.files import write_whole
from irbtrack.file_rights import opener, refuse_strange
from irbtrack.imports.absent import Absence
from irbtrack.imports.account import (
    Account,
    changes_table,
    every_problem,
    nothing_taken,
    problem_lines,
    rejects_table,
    rows_table,
    said_of,
)
from irbtrack.imports.inspection import (
    INSPECTED_COLUMNS,
    SHEETS,
    UNREAD,
    column_rows,
    laid_out_sheets,
    sheet_row,
)
from irbtrack.imports.matching import Retitling
from irbtrack.imports.proposal import before_changes, worked_out
from irbtrack.imports.sheet_choice import is_of_refused_rows, likeliest
from irbtrack.imports.sheet_rows import Wanted, sheet_rows
from irbtrack.imports.suggestions import unread_texts
from irbtrack.lasting import uninterrupted
from irbtrack.register.session import NOTHING_TO_CHANGE, Outrun, Planned, Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.data import to_csv
from irbtrack.render.messages import at_terminal, note
from irbtrack.render.progress import progress
from irbtrack.sheets.opening import read_book
from irbtrack.store.database import Reader
from irbtrack.store.gather import last_number

File = Annotated[
    str, typer.Argument(metavar="FILE", help="xlsx, xlsm, xls, ods, csv, tsv or json.")
]


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
        sheet: SheetName = None,
        header_row: HeaderRow = None,
        columns: ColumnsGiven = None,
        values: ValuesGiven = None,
        defaults: DefaultsGiven = None,
        year_from: YearFrom = None,
        split_owners: SplitOwners = False,
        date_order: DateOrder = None,
        key: KeyGiven = None,
        mapping: MappingFile = None,
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
        same: Annotated[
            bool,
            typer.Option(
                "--same", help="A title that is nearly that of a known action is its new title."
            ),
        ] = False,
        new: Annotated[
            bool, typer.Option("--new", help="A title that is nearly a known one is another's.")
        ] = False,
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
        on: Annotated[
            str | None,
            typer.Option("--on", metavar="DATE", help="The day that the sheet is of; today."),
        ] = None,
        reason: Reason = None,
        dry_run: DryRun = False,
        listing: Annotated[
            bool,
            typer.Option("--list", help="List each row that added or changed something."),
        ] = False,
        form: Format = TABLE,
    ) -> None:
        fields = (*FIELDS[noun], FROM)
        how = HowRead(
            *(sheet, header_row, columns, values, date_order, mapping, key, defaults, year_from),
            split_owners,
        )
        asked = mapping_of(how, fields)
        if raised_earliest:
            asked = replace(asked, raised_earliest=True)
        if partial != (rejects is not None):
            raise Misused("--partial and --rejects go together: what is refused must be kept")
        manner = Manner(
            read_text("the reason", reason) if reason is not None else None,
            dry_run,
            _new_file("--rejects", rejects),
            Path(save_mapping) if save_mapping is not None else None,
            mapping,
            _new_file("--every-problem", every_problem_file),
        )
        if same and new:
            raise Misused("--same and --new contradict each other; give one of them")
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
        wanted = Wanted(book, noun, asked, day, create_missing, decision, absence=absence)
        if same or new:
            wanted = wanted._replace(same=lambda _: same)
        whole = not (dry_run or partial or any(how) or state_of(book) or is_of_refused_rows(book))
        if at_terminal() and sys.stdout.isatty() and whole:
            walked = _walked_through(session, wanted, manner, file)
            if walked is None:
                return
            wanted, manner = walked
        account, wanted = _asking(session, wanted, manner)
        if (listing or form != TABLE) and not dry_run:
            table = rows_table(account)
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


def _walked_through(
    session: Session, wanted: Wanted, manner: Manner, file: str
) -> tuple[Wanted, Manner] | None:
    """Ask how a sheet is to be read, show what would change, and ask whether to store that.

    Only what is in doubt is asked. Return None if nothing is to be stored.
    """
    with session.reading() as reader:
        rows = sheet_rows(reader, wanted)
    table = Table(INSPECTED_COLUMNS, column_rows(rows.picked.sheet, rows.layout))
    put_out(Answer(table, (table.shown(),)))
    one = proposed(session, wanted, HowRead(), asked_for)
    wanted = wanted._replace(
        asked=mapping_of(one.how, wanted.fields), create_missing=one.create_missing
    )
    dry = manner._replace(dry_run=True)
    account, wanted = _asking(session, wanted, dry)
    _say(account, wanted, dry)
    if not account.taken.planned:
        return None
    answer = ask("store this, yes or no", lambda text: read_choice("an answer", text, YES_OR_NO))
    if read_choice("an answer", str(answer), YES_OR_NO) == "no":
        note("nothing was stored")
        return None
    kept = kept_mapping(file)
    save = manner.save_mapping or (Path(kept) if kept else None)
    return wanted, manner._replace(save_mapping=save)


YES_OR_NO = ("yes", "no")


class _Undecided(Exception):
    """What somebody at a terminal is asked before anything is recorded.

    Either several ``sheets`` may be meant, or ``rows`` may be known actions with another title.
    """

    def __init__(self, sheets: Sequence[str] = (), rows: Sequence[Retitling] = ()) -> None:
        super().__init__()
        self.sheets, self.rows = sheets, rows


def _asking(session: Session, wanted: Wanted, manner: Manner) -> tuple[Account, Wanted]:
    """Return what is recorded, and what was wanted after all questions are answered.

    The questions are asked between two tries, so that no other program waits for the answers.
    """
    while True:
        try:
            return _recorded(session, wanted, manner), wanted
        except _Undecided as undecided:
            if undecided.sheets:
                sheet = _which_sheet(undecided.sheets)
                wanted = wanted._replace(asked=replace(wanted.asked, sheet=sheet))
            else:
                answers = {one: _is_same(one) for one in undecided.rows}
                wanted = wanted._replace(same=answers.get)


def _which_sheet(names: Sequence[str]) -> str:
    note(f"any of these sheets may be meant: {', '.join(map(quoted, names))}")
    answer = ask("which sheet", lambda text: read_choice("one of the sheets", str(text), names))
    return read_choice("one of the sheets", str(answer), names)


def _is_same(one: Retitling) -> bool:
    note(f"row {one.row + 1}: {quoted(one.title)}")
    note(f"may be {one.ref}: {quoted(one.was)}")
    answer = ask("same action with another title, or new", lambda text: _read_same(str(text)))
    return _read_same(str(answer))


def _read_same(text: str) -> bool:
    return read_choice("an answer", text, ("same", "new")) == "same"


def _new_file(option: str, name: str | None) -> Path | None:
    """Return a file to be written, which is not there yet."""
    if name is None:
        return None
    path = Path(name)
    refuse_strange(path)
    if path.exists():
        raise Refused(f"{option} {quoted(str(path))} is there already; name another file")
    return path


def _recorded(session: Session, wanted: Wanted, manner: Manner) -> Account:
    """Make one entry of what can be taken in: all of it or, if that was asked for, the good rows.

    That is planned while others may record. If somebody does, it is planned again; the last time
    others have to wait.

    Raises :class:`SheetUnusable`, with every problem in a line, if nothing is to be stored, and
    :class:`_Undecided` at a terminal, if somebody must be asked what is meant.
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
                changes = changes_table(account, before_changes(reader)) if manner.dry_run else None
            _remark(account, said)
            with suppress(Outrun), _kept_if_stored() as keep:
                _refuse(account, wanted, manner, keep)
                if changes is not None:
                    _show_changes(changes)
                    return account
                _keep_rejects(account, wanted, manner, keep)
                bar.step("storing")
                record(partial(_as_planned, account), planned_after=last)
                return account
        with _kept_if_stored() as keep:

            def plan(journal: Reader) -> list[Planned]:
                nonlocal account
                account = worked_out(journal, wanted, bar)
                _refuse(account, wanted, manner, keep)
                _keep_rejects(account, wanted, manner, keep)
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


WriteFile = Callable[[Path, str], None]
"""Writes a file that is taken away again if nothing is stored."""


def _refuse(account: Account, wanted: Wanted, manner: Manner, keep: WriteFile) -> None:
    """Raise what keeps an import from storing anything."""
    if at_terminal():
        _refuse_undecided(account, wanted)
    if account.is_empty:
        raise SheetUnusable("\n".join(nothing_taken(account)))
    refused = account.taken.refused
    if refused and manner.every_problem is not None:
        keep(manner.every_problem, legible(to_csv(every_problem(account))))
    if account.columns or (refused and (account.taken.absent or manner.rejects is None)):
        which = f"{_of_rows(refused)} cannot be taken; " if refused else ""
        said = f"{which}nothing was stored"
        raise SheetUnusable("\n".join([*problem_lines(account), said]))
    if manner.save_mapping is not None:
        _refuse_another_mapping(manner, _mapping_text(wanted.asked, account))


def _keep_rejects(account: Account, wanted: Wanted, manner: Manner, keep: WriteFile) -> None:
    """Keep the refused rows in their file."""
    if account.taken.refused and manner.rejects is not None:
        keep(manner.rejects, to_csv(rejects_table(account, FIELDS[wanted.noun])))


@contextmanager
def _kept_if_stored() -> Iterator[WriteFile]:
    """Let files be written, and take them away again if nothing is stored after all."""
    written: list[Path] = []

    def keep(path: Path, text: str) -> None:
        with uninterrupted():
            _write(path, text)
            written.append(path)

    try:
        yield keep
    except SheetUnusable:
        raise  # the file of every problem says why
    except BaseException:
        if not lasting.stored():
            for path in written:
                path.unlink()
        raise


def _refuse_undecided(account: Account, wanted: Wanted) -> None:
    """Raise :class:`_Undecided` if somebody must be asked what is meant."""
    if account.chosen.near and not wanted.asked.sheet and not account.returned:
        raise _Undecided(sheets=(account.chosen.sheet.name, *account.chosen.near))
    if account.undecided:
        raise _Undecided(rows=account.undecided)


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
        _keep_mapping(manner.save_mapping, _mapping_text(wanted.asked, account))
        note(f"how the sheet was read is kept in {printable(str(manner.save_mapping))}")
    if account.taken.refused:
        refused = account.taken.refused
        was, they = ("was", "it is") if len(refused) == 1 else ("were", "they are")
        where = "" if manner.dry_run else f"; {they} in {printable(str(manner.rejects))}"
        said = f"{_of_rows(refused)} {was} refused{where}"
        raise SheetUnusable("\n".join([*problem_lines(account), said]))


def _of_rows(rows: Sized) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows):,} rows"


def _write(path: Path, text: str) -> None:
    """Write a file of CSV that is not there yet. Raise :class:`Refused` if that can't be done."""
    try:
        with open(path, "x", encoding="utf-8-sig", newline="", opener=opener) as file:
            try:
                file.write(text)
            except BaseException:
                path.unlink()  # no half of it is left
                raise
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(
            f"{quoted(str(path))} cannot be written ({why}); nothing was stored"
        ) from None


def _keep_mapping(path: Path, text: str) -> None:
    """Write a mapping. If that can't be done, the rows are stored all the same."""
    try:
        write_whole(path, lambda to: to.write_text(text, encoding="utf-8", newline=""))
    except Refused as refusal:
        raise Refused(f"{refusal}; {lasting.stored() or 'nothing was to be stored'}") from None


def _refuse_another_mapping(manner: Manner, text: str) -> None:
    """Refuse to write a mapping over a file that has anything else."""
    path = manner.save_mapping
    if path is not None:
        refuse_strange(path)
    if path is None or not path.exists() or str(path) == manner.mapping:
        return
    if not path.is_file() or path.read_bytes() != text.encode():
        raise Refused(f"--save-mapping {quoted(str(path))} is there already; name another file")


def _mapping_text(asked: Asked, account: Account) -> str:
    """Return how a sheet was read, as TOML: what was said, and which columns were taken."""
    import tomli_w

    sheet, layout = account.chosen.sheet, account.chosen.layout
    found = {
        name: layout.labels[column] or column_letters(column)
        for name, column in layout.columns.items()
        if name not in layout.parts  # those are found again by their headers
    }
    whole = Asked(
        sheet.name if asked.sheet else None,
        asked.header_row,
        asked.date_order,
        {name: "" for name, header in asked.columns.items() if not header} | found,
        asked.values,
        asked.defaults,
        asked.key,
        asked.raised_earliest,
        asked.year_from,
        asked.split_owners,
    )
    return tomli_w.dumps(reader_to_toml(whole))


def inspect(
    session: Session,
    file: File,
    of: Annotated[
        str,
        typer.Option("--as", metavar="NOUN", help="What it holds: actions, audits, directions ..."),
    ] = "actions",
    sheet: SheetName = None,
    header_row: HeaderRow = None,
    columns: ColumnsGiven = None,
    values: ValuesGiven = None,
    defaults: DefaultsGiven = None,
    year_from: YearFrom = None,
    date_order: DateOrder = None,
    mapping: MappingFile = None,
    form: Format = TABLE,
) -> None:
    """Show how a file is understood; nothing is stored.

    Its sheets, where the header seems to be, which column is taken for which field and why,
    what some of the cells hold, and which texts can't be read. Last comes the command that
    takes the file in, with all that it needs.
    """
    noun = read_choice("something to import", of, [f"{one}s" for one in FIELDS]).removesuffix("s")
    fields = (*FIELDS[noun], FROM)
    how = HowRead(
        *(sheet, header_row, columns, values, date_order, mapping, None, defaults, year_from)
    )
    asked = mapping_of(how, fields)
    book = read_book(Path(file))
    found = laid_out_sheets(session, book, asked, fields)
    likely = likeliest(found, fields)
    found = [
        (one, with_columns(layout, asked.columns, fields) if layout and one is likely else layout)
        for one, layout in found
    ]
    data = [row for one, layout in found if layout for row in column_rows(one, layout)]
    sheets = Table(SHEETS, [sheet_row(one, layout, fields) for one, layout in found])
    blocks: list[Block] = [sheets.shown()]
    for one, layout in found:
        if layout is not None:
            shown = Table(INSPECTED_COLUMNS, column_rows(one, layout), f"{one.name}, as {noun}s")
            blocks.append(shown.shown())
    if likely is not None:
        if len(found) > 1:
            command = f"'irbtrack import {noun}s {book.name}'"
            blocks.append(f"{command} would take the sheet {likely.name}.")
        occasion = Occasion(session.today, session.today, explained=False)
        blocks += _proposal(session, Wanted(book, noun, asked, occasion), how, file)
    put_out(Answer(Table(INSPECTED_COLUMNS, data), tuple(blocks)), form)
    if not data:
        note("no header row is found; --header-row N says which it is, --as what it holds")


def _proposal(session: Session, wanted: Wanted, how: HowRead, file: str) -> list[Block]:
    """Return what of a sheet can't be read, what is suggested, and the command with all of it."""
    try:
        with session.reading() as reader:
            unread = unread_texts(sheet_rows(reader, wanted), wanted)
    except DatabaseUnusable:
        return ["Begin with a register, as 'irbtrack init' makes one; then a command is proposed."]
    one = proposed(session, wanted, how, as_suggested)
    blocks: list[Block] = []
    if unread:
        title = "Texts that cannot be read"
        blocks.append(Table(UNREAD, [tuple(text) for text in unread[:TEXTS_SHOWN]], title).shown())
        if len(unread) > TEXTS_SHOWN:
            blocks.append(f"and {len(unread) - TEXTS_SHOWN:,} more texts")
    if one.suggested:
        told = [(s.option, s.given, s.why) for s in one.suggested]
        blocks.append(Table(SUGGESTED, told, "Suggested, to be checked").shown())
    blocks += [f"Only you can say: {s.why}; {s.option} {s.about}VALUE" for s in one.open]
    return [*blocks, f"To take it in:\n{import_command(session, wanted.noun, file, one)}"]


TEXTS_SHOWN = 20

SUGGESTED = (
    Column("option", "Option", Kind.CODE),
    Column("given", "Value"),
    Column("why", "Because", rank=1),
)


VERBS = {
    "inspect": inspect,
    **{f"{noun}s": _importer(kind) for noun, kind in NOUNS.items() if kind.FIELDS},
}
