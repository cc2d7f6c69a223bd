"""``irbtrack export``: write spreadsheets that can come back."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from irbtrack.arguments.filters import Filters, selection
from irbtrack.arguments.options import AsOf
from irbtrack.domain.erasure import HOLDERS
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.record import Record
from irbtrack.errors import Misused, Refused, listed
from irbtrack.exports.files import (
    Exports,
    gathered,
    make_folder,
    refuse_to_overwrite,
    target_file,
)
from irbtrack.register.copies import remember_copy
from irbtrack.register.session import Session
from irbtrack.render.messages import note
from irbtrack.store.gather import newest

File = Annotated[str, typer.Argument(metavar="FILE", help="Its ending says: xlsx, csv, json, ods.")]
History = Annotated[
    bool,
    typer.Option("--history", help="Every version, each in a row with the day it holds from."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")]


def _refuse_day(as_of: str | None, *, history: bool) -> None:
    if history and as_of is not None:
        raise Misused("--history has every day; leave out --as-of")


def actions(
    session: Session,
    file: File,
    filters: Filters,
    as_of: AsOf = None,
    history: History = False,
    replace: Replace = False,
) -> None:
    """Write actions to a spreadsheet, as 'action list' lists them.

    A workbook (xlsx, ods) can be filled in and come back: 'irbtrack import actions' takes what
    was changed in it. With --history the actions that fit are written with all their versions.
    What is too much to come back in one file is written to several.
    """
    path = target_file(file, replace=replace)
    _refuse_day(as_of, history=history)
    with session.viewing(as_of) as view:
        wanted = selection(view, session.today, filters)
        found = view.selected(wanted)
        if history and wanted == Selection():
            found = list(newest(view.reader, Action).values())
        exported = Exports(Action.NOUN, view.day, found)
        made = gathered(session, view.reader, exported, path, replace=replace, history=history)
    made.write()


def _exporter(kind: type[Record]) -> Callable[..., None]:
    """Return the command that writes all records of a noun."""

    def command(
        session: Session,
        file: File,
        as_of: AsOf = None,
        history: History = False,
        replace: Replace = False,
    ) -> None:
        path = target_file(file, replace=replace)
        _refuse_day(as_of, history=history)
        with session.viewing(as_of) as view:
            if history:
                found: Sequence[Record] = list(newest(view.reader, kind).values())
            else:
                found = kind.listed(view.records(kind), view.day)
            exported = Exports(kind.NOUN, view.day, found)
            made = gathered(session, view.reader, exported, path, replace=replace, history=history)
        if kind is Officer:
            for to in made.writers:
                remember_copy(session, HOLDERS, to)
        made.write()

    command.__doc__ = f"""Write {kind.ABOUT} to a spreadsheet.

    A workbook (xlsx, ods) can be filled in and come back: 'irbtrack import {kind.NOUN}s' takes
    what was changed in it. What is too much to come back in one file is written to several.
    """
    return command


def pack(
    session: Session,
    directory: Annotated[
        str, typer.Argument(metavar="DIRECTORY", help="Where the workbooks go; made if missing.")
    ],
    filters: Filters,
    as_of: AsOf = None,
    replace: Replace = False,
) -> None:
    """Write a workbook of its actions for each directorate.

    They are named actions-CODE.xlsx, and the filters are those of 'action list'.
    """
    with session.viewing(as_of) as view:
        wanted = selection(view, session.today, filters)
        found = view.selected(wanted)
        codes = sorted({action.directorate for action in found})
        if not codes:
            raise Refused("no action fits, so there is nothing to write")
        folder = Path(directory)
        files = {code: folder / f"actions-{code}.xlsx" for code in codes}
        for path in files.values():
            refuse_to_overwrite(path, replace=replace)
        made = []
        for code, path in files.items():
            own = [action for action in found if action.directorate == code]
            exported = Exports(Action.NOUN, view.day, own)
            made.append(gathered(session, view.reader, exported, path, replace=replace))
        meant = wanted.directorates or view.names(Directorate).keys()
        without = sorted(meant - files.keys())
    make_folder(folder)
    for one in made:
        one.write()
    if without:
        note(f"no workbook for {listed(without, 'and')}: no action fits")


VERBS = {
    **{f"{noun}s": _exporter(kind) for noun, kind in NOUNS.items() if kind.FIELDS},
    "actions": actions,
    "pack": pack,
}
