"""``irbtrack movement``: how each figure got from one day's to another's."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import (
    By,
    Explain,
    Format,
    KnownAt,
    Original,
    Refs,
    Sources,
    Years,
    grouping,
)
from irbtrack.arguments.windows import Tallied, To
from irbtrack.domain.dates import read_date, read_year
from irbtrack.domain.figures.tally import read_tallied
from irbtrack.errors import Misused
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.reports.movement import ends_of, ends_of_restatement, movement_tables
from irbtrack.reports.question import Question


def movement(
    session: Session,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DATE",
            autocompletion=completing.snapshots,
            help="The first day; the last snapshot, or else the last month end, if left out.",
        ),
    ] = None,
    until: To = None,
    year: Years = None,
    status: Tallied = None,
    by: By = None,
    source: Sources = None,
    original: Original = False,
    known: Annotated[
        bool,
        typer.Option(
            "--known",
            help="From what was published for the day of --to to what is now known of that day.",
        ),
    ] = False,
    refs: Refs = False,
    explain: Explain = False,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """Explain how a figure got from one day's to another's.

    A bridge from the opening to the closing figure, with a line for each cause. It always
    balances. Actions that were re-dated just before they fell due stand below: their status
    never changed.
    """
    years = [read_year(one) for one in year or ()]
    grouped = grouping(by)
    statuses = read_tallied(status or ["overdue"])
    if known and since:
        raise Misused("--known is about one day, that of --to; leave out --from")
    if known and original:
        raise Misused("what was published counts by the revised due dates; leave out --original")
    first = read_date(since, session.today, month_end=True) if since else None
    with session.viewing(until, known_at) as view:
        sources = tuple(dict.fromkeys(find.source(view.reader, one) for one in source or ()))
        question = Question(view, grouped, original, sources)
        if known:
            ends = ends_of_restatement(view, view.day if until else None)
        else:
            ends = ends_of(question, first)
        if not known and ends.opening.day == view.day:
            raise Misused("--from and --to name the same day; give two days, or --known")
        answer = movement_tables(question, ends, statuses, years, refs=refs, explain=explain)
    put_out(answer, form)
