"""Declare the options of commands that look at a window of days, and read its first day."""

from datetime import date
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.domain.dates import read_date, say_date
from irbtrack.errors import Misused

To = Annotated[
    str | None,
    typer.Option(
        "--to",
        "--as-of",
        metavar="DATE",
        autocompletion=completing.snapshots,
        help="The last day; today if left out.",
    ),
]
Tallied = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        metavar="STATUS,...",
        autocompletion=completing.tallied,
        help="Not due, overdue, complete, not allocated, totals, or all; overdue if left out.",
    ),
]


def first_day(given: str | None, today: date, last: date, otherwise: date) -> date:
    """Return the day that ``--from`` names, or the other one if it is left out.

    Raises :class:`Misused` if it is after ``last``.
    """
    first = read_date(given, today) if given else otherwise
    if first > last:
        raise Misused(
            f"--from {say_date(first)} is after --to {say_date(last)}; give an earlier day"
        )
    return first
