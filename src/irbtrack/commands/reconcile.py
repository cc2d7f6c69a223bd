"""``irbtrack reconcile``: why somebody else's list has another number than ours."""

from typing import Annotated

import typer

from irbtrack.arguments.filters import Filters, selection
from irbtrack.arguments.options import Viewed
from irbtrack.arguments.sheet_options import HowRead, mapping_of
from irbtrack.errors import CheckFailed
from irbtrack.imports.their_list import FIELDS_READ, list_file, their_list
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.reports.reconcile import reconciled


def reconcile(
    session: Session,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A spreadsheet, a text with references, or - for standard input."
        ),
    ],
    filters: Filters,
    how: HowRead,
    viewed: Viewed,
) -> None:
    """Compare somebody else's list of actions with ours.

    Which are on theirs only and why we don't count them, which are on ours only, and which differ
    in a field that both have; free texts are not compared. Ours are the actions that the filters
    of 'action list' let through on the day: without filters, all that the totals count. A table is
    read as an import reads it, and of any other text its references are taken. Nothing is stored.
    The exit code is 5 if the two differ.
    """
    asked = mapping_of(how, FIELDS_READ)
    given = list_file(file)
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        wanted = selection(view, session.today, filters)
        year = next(iter(wanted.years)) if len(wanted.years) == 1 else None
        theirs = their_list(view.reader, given, asked, session.today, year)
        found = reconciled(view, theirs, wanted)
    put_out(found.answer, viewed.form)
    if not found.agree:
        raise CheckFailed(
            f"{theirs.name} and the register differ; 'irbtrack history REF' tells why"
        )
