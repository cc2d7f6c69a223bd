"""``irbtrack trend``: how the figures went from point to point over time."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import By, Explain, Format, KnownAt, Original, Refs, Years, grouping
from irbtrack.arguments.windows import Tallied, To, first_day
from irbtrack.domain.dates import read_year
from irbtrack.domain.figures.series import year_before
from irbtrack.domain.figures.tally import read_tallied
from irbtrack.domain.words import read_choice
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.reports.trend import EVERY, TrendWanted, trend_of


def trend(
    session: Session,
    status: Tallied = None,
    year: Years = None,
    by: By = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DATE", help="The first day; twelve months before the last one."
        ),
    ] = None,
    until: To = None,
    every: Annotated[
        str,
        typer.Option(
            "--every",
            metavar="month|quarter|board",
            autocompletion=completing.points,
            help="At each month end, at each quarter end, or at each snapshot.",
        ),
    ] = "month",
    original: Original = False,
    refs: Refs = False,
    explain: Explain = False,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """Show how the figures went over time.

    Each figure at each month end, quarter end or board from one day to another, as 'summary'
    gives it for that day, with a bar at a terminal. The days whose figures were published are
    marked. Where they have been restated, what was published is given too.
    """
    asked = TrendWanted(
        every=read_choice("how often", every, EVERY),
        statuses=read_tallied(status or ["overdue"]),
        years=tuple(dict.fromkeys(read_year(one) for one in year or ())),
        by=grouping(by),
        original=original,
        refs=refs,
        explain=explain,
    )
    with session.viewing(until, known_at) as view:
        first = first_day(since, session.today, view.day, year_before(view.day))
        answer = trend_of(view, first, asked)
    put_out(answer, form)
