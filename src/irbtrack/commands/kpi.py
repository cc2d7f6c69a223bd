"""``irbtrack kpi``: what committees ask of a period."""

from datetime import date
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import Explain, Format, KnownAt, Refs, Years
from irbtrack.arguments.windows import To, first_day
from irbtrack.domain.dates import read_year
from irbtrack.domain.words import read_choice
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.reports.kpi import GROUPINGS, performance_between


def kpi(
    session: Session,
    since: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DATE", help="The first day; 1 April of the financial year."
        ),
    ] = None,
    until: To = None,
    year: Years = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="directorate|year",
            autocompletion=completing.groupings,
            help="Show only these groups; both if left out.",
        ),
    ] = None,
    refs: Refs = False,
    explain: Explain = False,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """Measure what committees ask of a period.

    An action was completed in the period if it is complete on the last day, since a day of the
    period. Of these: how many were completed by the original and by the current due date, of
    those that have one; how many audit has verified by the last day; and the median days from
    raised to complete, and from complete to verified, whole days rounded half up. The same
    shares are given for the highest priority.

    Of the actions that are open on the last day, that is neither complete nor closed: how many
    were re-dated once, twice, or more often.

    Of the overdue ones of the highest priority: those without a new progress text or percentage
    after their due date.

    Then how many were raised in the period, and how many were overdue on the day before it and
    on its last day. An action is of the directorate and year that it has on that day.
    """
    with session.viewing(until, known_at) as view:
        april = date(view.day.year - (view.day.month < 4), 4, 1)
        answer = performance_between(
            view,
            first_day(since, session.today, view.day, april),
            {read_year(one) for one in year or ()},
            read_choice("something to group by", by, GROUPINGS) if by else None,
            refs=refs,
            explain=explain,
        )
    put_out(answer, form)
