"""``irbtrack export``: write spreadsheets that can come back."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from irbtrack.arguments.asking import session_of
from irbtrack.arguments.filters import (
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
from irbtrack.arguments.options import AsOf, Original, as_of_day
from irbtrack.domain.figures.selection import Selection, selected
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.record import Record
from irbtrack.errors import Misused, Refused, listed
from irbtrack.exports.files import (
    Exports,
    make_folder,
    refuse_to_overwrite,
    target_file,
    write_export,
)
from irbtrack.register.session import Session
from irbtrack.render.messages import note
from irbtrack.store.gather import names_as_of, newest, records_as_of

File = Annotated[str, typer.Argument(metavar="FILE", help="Its ending says: xlsx, csv, json, ods.")]
History = Annotated[
    bool,
    typer.Option("--history", help="Every version, each in a row with the day it holds from."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")]


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
    path, day = target_file(file, replace=replace), _day(session, as_of, history=history)
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
        write_export(session, reader, Exports("action", day, found), path, history=history)


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
        path, day = (
            target_file(file, replace=replace),
            _day(session, as_of, history=history),
        )
        with session.reading() as reader:
            kind = NOUNS[noun]
            if history:
                found: Sequence[Record] = list(newest(reader, kind).values())
            else:
                found = kind.listed(records_as_of(reader, kind, day), day)
            write_export(session, reader, Exports(noun, day, found), path, history=history)

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
            refuse_to_overwrite(path, replace=replace)
        make_folder(folder)
        for code, path in files.items():
            own = [action for action in found if action.directorate == code]
            write_export(session, reader, Exports("action", day, own), path)
        without = sorted(names_as_of(reader, Directorate, day).keys() - files.keys())
    if without:
        note(f"no workbook for {listed(without, 'and')}: no action fits")


def _day(session: Session, as_of: str | None, *, history: bool) -> date:
    """The day that is exported; a history has all of them."""
    if history and as_of is not None:
        raise Misused("--history has every day; leave out --as-of")
    return as_of_day(session, as_of)
