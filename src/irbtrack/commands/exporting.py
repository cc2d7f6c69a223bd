"""``irbtrack export actions | audits | ... | pack``: spreadsheets that can come back."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, NamedTuple

import typer

from irbtrack.commands.filters import (
    Audits,
    Directorates,
    DueAfter,
    DueBefore,
    OverdueBy,
    Owners,
    Priorities,
    Statuses,
    Unverified,
    WithText,
    Years,
    selection,
)
from irbtrack.commands.forms import form_fields, form_of, history_form
from irbtrack.commands.naming import names_of
from irbtrack.commands.options import AsOf, Original, as_of_day
from irbtrack.commands.session import Session, note, session_of
from irbtrack.domain.board import Column, Table
from irbtrack.domain.dates import FOREVER
from irbtrack.domain.journal import NO_DIGEST
from irbtrack.domain.merging import State
from irbtrack.domain.notes import in_force
from irbtrack.domain.outgoing import exported_fields, exported_row
from irbtrack.domain.plan import in_plan, outline
from irbtrack.domain.records import NOUNS, Action, Directorate, Milestone, Note, Record, Workstream
from irbtrack.domain.selection import Selection, selected
from irbtrack.domain.words import natural_order
from irbtrack.errors import Misused, Refused, listed, printable, quoted
from irbtrack.render.data import to_csv, to_json
from irbtrack.store.database import Reader
from irbtrack.store.gather import (
    council,
    names_as_of,
    newest,
    people,
    records_as_of,
    versions_by,
)

FORMATS = (".xlsx", ".csv", ".json", ".ods")
"""The endings of a file's name, which say how it is written."""

File = Annotated[str, typer.Argument(metavar="FILE", help="Its ending says: xlsx, csv, json, ods.")]
History = Annotated[
    bool,
    typer.Option("--history", help="Every version, each in a row with the day it holds from."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")]


class Exports(NamedTuple):
    """What is to be written: a noun's records on a day, and how they are called."""

    noun: str
    day: date
    records: Sequence[Record]


def actions(
    ctx: typer.Context,
    file: File,
    year: Years = None,
    audit: Audits = None,
    directorate: Directorates = None,
    owner: Owners = None,
    priority: Priorities = None,
    status: Statuses = None,
    due_before: DueBefore = None,
    due_after: DueAfter = None,
    overdue_by: OverdueBy = None,
    text: WithText = None,
    unverified: Unverified = False,
    original: Original = False,
    as_of: AsOf = None,
    history: History = False,
    replace: Replace = False,
) -> None:
    """Write actions to a spreadsheet, as 'action list' lists them.

    A workbook (xlsx, ods) can be filled in and come back: 'irbtrack import actions' takes what
    was changed in it. With --history the actions that fit are written with all their versions.
    """
    session = session_of(ctx)
    path, day = _target(file, replace=replace), _day(session, as_of, history=history)
    with session.reading() as reader:
        wanted = selection(
            reader,
            session,
            year=year,
            audit=audit,
            directorate=directorate,
            owner=owner,
            priority=priority,
            status=status,
            due_before=due_before,
            due_after=due_after,
            overdue_by=overdue_by,
            text=text,
            unverified=unverified,
        )
        there = records_as_of(reader, Action, day)
        found = selected(there, day, wanted, original=original)
        if history and wanted == Selection():
            found = list(newest(reader, Action).values())
        _export(session, reader, Exports("action", day, found), path, history=history)


def _exporter(noun: str, about: str) -> Callable[..., None]:
    """The command that writes all records of a noun."""

    def command(
        ctx: typer.Context,
        file: File,
        as_of: AsOf = None,
        history: History = False,
        replace: Replace = False,
    ) -> None:
        session = session_of(ctx)
        path, day = _target(file, replace=replace), _day(session, as_of, history=history)
        with session.reading() as reader:
            kind = NOUNS[noun]
            if history:
                found: Sequence[Record] = list(newest(reader, kind).values())
            else:
                found = _current(records_as_of(reader, kind, day), day)
            _export(session, reader, Exports(noun, day, found), path, history=history)

    command.__doc__ = f"""Write {about} to a spreadsheet.

    A workbook (xlsx, ods) can be filled in and come back: 'irbtrack import {noun}s' takes what
    was changed in it.
    """
    return command


audits = _exporter("audit", "the audit plan")
directions = _exporter("direction", "the directions")
milestones = _exporter("milestone", "the milestones of the plans")
officers = _exporter("officer", "the posts, and who holds them,")
directorates = _exporter("directorate", "the directorates")
workstreams = _exporter("workstream", "the plans and their workstreams")
notes = _exporter("note", "the notes that hold")


def pack(
    ctx: typer.Context,
    directory: Annotated[
        str, typer.Argument(metavar="DIRECTORY", help="Where the workbooks go; made if missing.")
    ],
    year: Years = None,
    audit: Audits = None,
    owner: Owners = None,
    priority: Priorities = None,
    status: Statuses = None,
    due_before: DueBefore = None,
    due_after: DueAfter = None,
    overdue_by: OverdueBy = None,
    text: WithText = None,
    unverified: Unverified = False,
    original: Original = False,
    as_of: AsOf = None,
    replace: Replace = False,
) -> None:
    """Write a workbook of its actions for each directorate.

    They are named actions-CODE.xlsx, and the filters are those of 'action list'.
    """
    session, day = session_of(ctx), as_of_day(session_of(ctx), as_of)
    with session.reading() as reader:
        wanted = selection(
            reader,
            session,
            year=year,
            audit=audit,
            directorate=None,
            owner=owner,
            priority=priority,
            status=status,
            due_before=due_before,
            due_after=due_after,
            overdue_by=overdue_by,
            text=text,
            unverified=unverified,
        )
        found = selected(records_as_of(reader, Action, day), day, wanted, original=original)
        codes = sorted({action.directorate for action in found})
        if not codes:
            raise Refused("no action fits, so there is nothing to write")
        folder = Path(directory)
        files = {code: folder / f"actions-{code}.xlsx" for code in codes}
        for path in files.values():
            _refuse_to_overwrite(path, replace=replace)
        _make(folder)
        for code, path in files.items():
            own = [action for action in found if action.directorate == code]
            _export(session, reader, Exports("action", day, own), path)
        without = sorted(names_as_of(reader, Directorate, day).keys() - files.keys())
    if without:
        note(f"no workbook for {listed(without, 'and')}: no action fits")


def _current(found: Sequence[Record], day: date) -> Sequence[Record]:
    """The records that a list of the day would have: without what was dropped, plans in order."""
    notes = [one for one in found if isinstance(one, Note)]
    milestones = [one for one in found if isinstance(one, Milestone)]
    workstreams = [one for one in found if isinstance(one, Workstream)]
    if workstreams:
        return [one for _, one in outline(workstreams)]
    return in_force(notes, day) or in_plan(milestones) or ([] if notes or milestones else found)


def _day(session: Session, as_of: str | None, *, history: bool) -> date:
    """The day that is exported; a history has all of them."""
    if history and as_of is not None:
        raise Misused("--history has every day; leave out --as-of")
    return as_of_day(session, as_of)


def _target(file: str, *, replace: bool) -> Path:
    """The file to write, of a known ending, that is not there yet or may be replaced."""
    path = Path(file)
    if path.suffix.lower() not in FORMATS:
        raise Misused(
            f"{quoted(file)} does not end in {listed(FORMATS)}, which says how it is written"
        )
    _refuse_to_overwrite(path, replace=replace)
    return path


def _refuse_to_overwrite(path: Path, *, replace: bool) -> None:
    if path.exists() and not (replace and path.is_file()):
        raise Refused(
            f"{quoted(str(path))} is there already; name another, or give --replace to write over"
            " a file"
        )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(f"the folder {quoted(str(folder))} cannot be made ({why})") from None


def _export(
    session: Session, reader: Reader, exports: Exports, path: Path, *, history: bool = False
) -> None:
    """Write records to a file, wholly or not at all, and say how many."""
    noun, suffix = exports.noun, path.suffix.lower()
    for_people = suffix in (".xlsx", ".ods")
    names = names_of(reader, exports.day, for_people=for_people and not history)
    fields = exported_fields(noun, history=history)
    if for_people and not history:
        fields = form_fields(noun)
    if history:
        wanted = {record.ref for record in exports.records}
        told = versions_by(reader, NOUNS[noun], FOREVER)
        rows = [
            exported_row(version.record, fields, names, exports.day, version.valid_from)
            for ref in sorted(wanted, key=natural_order)
            for version in told[ref]
        ]
    else:
        rows = [exported_row(one, fields, names, exports.day) for one in exports.records]
    columns = tuple(Column(field.name) for field in fields)
    if suffix == ".csv":
        _write(path, lambda to: to.write_text(to_csv(Table(columns, rows)), "utf-8-sig"))
    elif suffix == ".json":
        _write(path, lambda to: to.write_text(to_json(Table(columns, rows)), "utf-8"))
    else:
        if history:
            form = history_form(noun, fields, rows, council(reader), session.now)
        else:
            state = _state(reader, exports)
            form = form_of(state, rows, council(reader), names, session.now)
        if suffix == ".xlsx":
            from irbtrack.sheets.xlsx import to_xlsx as to_workbook
        else:
            from irbtrack.sheets.ods import to_ods as to_workbook

        _write(path, lambda to: to_workbook(form, to))
    what = f"{noun}s" if len(exports.records) != 1 else noun
    plural = "s" if len(rows) != 1 else ""
    versions = f", in {len(rows):,} version{plural}," if history else ""
    note(f"{len(exports.records):,} {what}{versions} written to {printable(str(path))}")


def _state(reader: Reader, exports: Exports) -> State:
    """What a workbook is exported from: the register as of its last entry."""
    last = next(reader.rows("SELECT id, digest FROM entry ORDER BY id DESC LIMIT 1"), None)
    entry, digest = last or (0, NO_DIGEST)
    refs = tuple(record.ref for record in exports.records)
    holders = people(reader) if exports.noun == "officer" else {}
    kept = tuple(holders[ref] for ref in refs if ref in holders)
    return State(exports.noun, exports.day, entry, digest, refs, kept)


def _write(path: Path, writer: Callable[[Path], object]) -> None:
    """Let ``writer`` write a file beside the one that is meant, and put it in its place."""
    try:
        with NamedTemporaryFile(
            dir=path.parent, prefix=".irbtrack-", suffix=path.suffix, delete=False
        ) as kept:
            beside = Path(kept.name)
        try:
            writer(beside)
            beside.chmod(0o666 & ~_mask())
            beside.replace(path)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(f"{quoted(str(path))} cannot be written ({why})") from None


def _mask() -> int:
    """What the user's files may not be read or written by."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
