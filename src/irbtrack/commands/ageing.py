"""``irbtrack ageing``: how long actions have been overdue."""

from typing import Annotated

import typer

from irbtrack.arguments.filters import OverdueBy
from irbtrack.arguments.options import (
    Basis,
    By,
    Explain,
    Refs,
    Sources,
    Viewed,
    Years,
    by_original,
    grouping,
)
from irbtrack.domain.dates import read_days_or_range, read_year
from irbtrack.domain.figures.age_bands import BANDS, read_bands
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.words import read_whole
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.reports.ageing import AgeingWanted, ageing_tables


def ageing(
    session: Session,
    bands: Annotated[
        str | None,
        typer.Option(
            "--bands",
            metavar="DAYS,DAYS,...",
            help="The last day of each band but the oldest; 30,90,180,365 if left out.",
        ),
    ] = None,
    basis: Basis = None,
    by: By = None,
    each_year: Annotated[
        bool, typer.Option("--each-year", help="Show each year, and then all together.")
    ] = False,
    year: Years = None,
    source: Sources = None,
    overdue_by: OverdueBy = None,
    top: Annotated[
        str, typer.Option("--top", metavar="N", help="How many of the longest overdue to list.")
    ] = "10",
    refs: Refs = False,
    explain: Explain = False,
    *,
    viewed: Viewed,
) -> None:
    """Show how long actions have been overdue.

    How many are in each band of days, by priority and, with --by, for each group, the worst
    first: the one with the most in the oldest band. Below stand those that have been overdue
    longest, and how often and how far they were re-dated. --basis original counts the days from
    the first due date that was agreed, so '--basis original --overdue-by 6m' is what is six
    months or more behind it.
    """
    within = read_bands(bands) if bands else BANDS
    listed = read_whole("a number of actions", top, 1_000)
    grouped = grouping(by)
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        overdue = overdue_by and read_days_or_range(overdue_by, view.day)
        least, most = overdue or (None, None)
        wanted = Selection(
            years=frozenset(read_year(one) for one in year or ()),
            sources=frozenset(find.source(view.reader, one) for one in source or ()),
            statuses=frozenset({Status.OVERDUE}),
            overdue_by=least,
            overdue_to=most,
            original=by_original(basis),
        )
        asked = AgeingWanted(wanted, within, grouped, each_year, listed, refs, explain)
        answer = ageing_tables(view, asked)
    put_out(answer, viewed.form)
