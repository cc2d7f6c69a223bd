"""``irbtrack undo``: a command taken back, by an entry that says so; nothing is deleted."""

from typing import Annotated

import typer

from irbtrack.arguments.asking import needed_reason
from irbtrack.arguments.options import DryRun, ReasonNeeded
from irbtrack.domain.words import read_whole
from irbtrack.register.session import Session
from irbtrack.register.undoing import undoing


def undo(
    session: Session,
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY", help="The entry's number, as history shows it.")
    ],
    reason: ReasonNeeded = None,
    dry_run: DryRun = False,
) -> None:
    """Take an entry back, as if it had never been made.

    For what was recorded by mistake. The entry stays in the journal, and so does the undoing
    of it; --known-at a moment before still tells what was known then. Who held a post that
    is taken back is forgotten.
    """
    number = read_whole("the number of an entry", entry, 10**9)
    why = needed_reason(reason)
    session.record(
        "undo", lambda reader: undoing(reader, number), reason=why, undoes=number, dry_run=dry_run
    )
