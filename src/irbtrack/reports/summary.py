"""The report's tables for any day, beside another day's."""

from collections.abc import Iterable
from datetime import date

from irbtrack.domain.answers import Answer
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.tally import unfooted
from irbtrack.reports.movement import ends_of, moves_by_year
from irbtrack.reports.question import Question
from irbtrack.reports.restatements import is_restated
from irbtrack.reports.tallies import tally_rows, year_blocks


def summary_tables(
    question: Question, years: Iterable[str] = (), compared_on: date | None = None
) -> Answer:
    """Return how many actions stand where, by year, beside the figures of another day.

    The other day is ``compared_on`` or, without it, that of the previous snapshot. Programs get
    its figures only if it is asked for. Without ``years`` they are all that have actions.
    """
    view, by = question.view, question.by
    now = question.told_on(view.day)
    then = question.told_on(compared_on) if compared_on else question.told_before(view.day)
    chosen = list(dict.fromkeys(years)) or sorted(
        {*now.tally.years, *(then.tally.years if then else ())}
    )
    both = [now.tally, then.tally] if compared_on and then else [now.tally]
    names = question.names
    moves = {}
    if then is not None and by is None:
        ends = ends_of(question, compared_on)
        moves = moves_by_year(question, ends if then.tally.as_of < view.day else ends.turned)
    blocks = [block for year in chosen for block in year_blocks(now, then, year, by, names, moves)]
    remarks = [f"warning: {problem}" for problem in unfooted(now.tally.figures)]
    if not (question.original or view.known_at) and is_restated(view):
        remarks.append(
            f"these are not the figures published for {say_date(view.day)};"
            f" 'irbtrack snapshot compare {view.day}' shows what differs"
        )
    if then and not (question.original or view.known_at) and is_restated(view.on(then.tally.as_of)):
        before = then.tally.as_of
        remarks.append(
            f"the figures published for {say_date(before)} have been restated since;"
            f" 'irbtrack movement --known --to {before}' shows how"
        )
    if not blocks:
        blocks.append("There are no actions.")
    if then is None:
        blocks.append(
            f"There is no snapshot before {say_date(view.day)} to compare with. --compare DATE"
            " chooses a day, and 'irbtrack snapshot take' freezes one."
        )
    return Answer(tally_rows(both, chosen, by, names), tuple(blocks), tuple(remarks))
