"""``irbtrack summary``: the report's tables, for any day, beside another day's."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import (
    By,
    Compare,
    Explain,
    Original,
    Refs,
    Sources,
    Viewed,
    grouping,
)
from irbtrack.domain.dates import read_date, read_year, say_date
from irbtrack.errors import Misused
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.reports.question import Question
from irbtrack.reports.summary import summary_tables


def summary(
    session: Session,
    year: Annotated[
        list[str] | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            autocompletion=completing.years,
            help="Only of this financial year, such as 22/23.",
        ),
    ] = None,
    by: By = None,
    source: Sources = None,
    compare: Compare = None,
    original: Original = False,
    refs: Refs = False,
    explain: Explain = False,
    *,
    viewed: Viewed,
) -> None:
    """Show the report's tables, for any day.

    How many actions are not due, overdue, complete and not allocated, by priority, beside
    the previous snapshot or the day of --compare. JSON and CSV have the other day's rows
    only when --compare asks for them.
    """
    years = [read_year(one) for one in year or ()]
    grouped = grouping(by)
    compared_on = read_date(compare, session.today, month_end=True) if compare else None
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        if compared_on == view.day:
            raise Misused(f"--compare names {say_date(view.day)} too; give another day")
        sources = tuple(dict.fromkeys(find.source(view.reader, one) for one in source or ()))
        question = Question(view, grouped, original, sources)
        answer = summary_tables(question, years, compared_on, refs=refs, explain=explain)
    put_out(answer, viewed.form)
