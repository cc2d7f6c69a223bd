"""``irbtrack summary``: the report's tables, for any day, beside another day's."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import (
    AsOf,
    By,
    Format,
    KnownAt,
    Original,
    as_of_day,
    grouping,
    known_at_moment,
)
from irbtrack.domain.answers import Answer, Block
from irbtrack.domain.dates import read_date, read_year, say_date
from irbtrack.domain.figures.tally import unfooted
from irbtrack.errors import Misused
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.summary import Question, differs_from_published, group_names
from irbtrack.reports.tallies import tally_rows, year_blocks


def summary(
    session: Session,
    year: Annotated[
        list[str] | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            autocompletion=completing.years,
            help="Of that financial year, as 22/23; all.",
        ),
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    compare: Annotated[
        str | None,
        typer.Option(
            "--compare",
            metavar="DATE",
            autocompletion=completing.snapshots,
            help="The day to compare with; the previous snapshot's.",
        ),
    ] = None,
    original: Original = False,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """Show the report's tables, for any day.

    How many actions are not due, overdue, complete and not allocated, by priority, beside
    the previous snapshot or the day of --compare. JSON and CSV have the other day's rows
    only when --compare asks for them.
    """
    years = [read_year(one) for one in year or ()]
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    grouped = grouping(by)
    other = read_date(compare, session.today, month_end=True) if compare else None
    if other == day:
        raise Misused(f"--compare names {say_date(day)} too; give another day")
    with session.reading() as reader:
        question = Question(reader, grouped, original, moment)
        now = question.told_on(day)
        then = question.told_on(other) if other else question.told_before(day)
        names = group_names(reader, grouped, day, moment)
        restated = not (original or moment) and differs_from_published(reader, day)
    for problem in unfooted(now.tally.figures):
        note(f"warning: {problem}")
    chosen = list(dict.fromkeys(years)) or sorted(
        {*now.tally.years, *(then.tally.years if then else ())}
    )
    both = [now.tally, then.tally] if other and then else [now.tally]
    blocks: list[Block] = []
    for one in chosen:
        blocks += year_blocks(now, then, one, grouped, names)
    data = tally_rows(both, chosen, grouped, names)
    put_out(Answer(data, tuple(blocks) or ("There are no actions.",)), form)
    if restated:
        note(
            f"these are not the figures published for {say_date(day)};"
            f" 'irbtrack snapshot compare {day}' shows what differs"
        )
    if then is None and form in (TABLE, "md"):
        note(
            f"no snapshot before {say_date(day)} to compare with; --compare DATE chooses a day,"
            " and 'irbtrack snapshot take' freezes one"
        )
