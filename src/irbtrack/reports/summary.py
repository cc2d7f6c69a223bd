"""The report's tables for any day, beside another day's."""

from collections.abc import Iterable
from datetime import date

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.tally import Tally, unfooted
from irbtrack.domain.nouns.status import COUNTED
from irbtrack.reports.movement import (
    ends_of,
    moves_by_year,
    positions_in,
    references_behind,
)
from irbtrack.reports.question import Question
from irbtrack.reports.restatements import is_restated, restatement_remarks
from irbtrack.reports.tallies import Behind, group_name, tally_rows, year_blocks


def summary_tables(
    question: Question,
    years: Iterable[str] = (),
    compared_on: date | None = None,
    *,
    refs: bool = False,
    explain: bool = False,
) -> Answer:
    """Return how many actions stand where, by year, beside the figures of another day.

    The other day is ``compared_on`` or, without it, that of the previous snapshot. Programs get
    its figures only if it is asked for. Without ``years`` they are all that have actions. With
    ``refs`` each figure has the references behind it. With ``explain`` people are told the
    commands that list them.
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
    ends = ends_of(question, compared_on)
    if then is not None and by is None:
        moves = moves_by_year(question, ends if then.tally.as_of < view.day else ends.turned)
    blocks = [block for year in chosen for block in year_blocks(now, then, year, by, names, moves)]
    remarks = [f"warning: {problem}" for problem in unfooted(now.tally.figures)]
    if not (question.original or view.known_at) and is_restated(view):
        remarks.append(
            f"these are not the figures published for {say_date(view.day)};"
            f" 'irbtrack snapshot compare {view.day}' shows what differs"
        )
    if then and not question.original:
        remarks += restatement_remarks(view, [then.tally.as_of])
    if not blocks:
        blocks.append("There are no actions.")
    if then is None:
        blocks.append(
            f"There is no snapshot before {say_date(view.day)} to compare with. --compare DATE"
            " chooses a day, and 'irbtrack snapshot take' freezes one."
        )
    behind = []
    if refs:
        behind = [references_behind(positions_in(question, view.on(one.as_of))) for one in both]
        blocks += [_references(now.tally, question, behind[0], chosen)]
    if explain:
        from irbtrack.reports.explained import counted_in, explanation  # only this needs it

        told = [(now, view), *([(then, ends.opening)] if then else [])]
        for one, end in told:
            blocks.append(explanation(end, counted_in(one.tally, question, chosen), one.how))
    return Answer(tally_rows(both, chosen, by, names, behind), tuple(blocks), tuple(remarks))


def _references(told: Tally, question: Question, behind: Behind, years: Iterable[str]) -> Table:
    """Return the references behind each figure of the view's day, as people read them."""
    columns = (
        Column("figure", "Figure"),
        Column("count", "Count", Kind.NUMBER),
        Column("refs", "References"),
    )
    names = question.names
    rows = []
    for year in years:
        for group in told.groups(year) if question.by else [None]:
            called = group_name(group, names) if question.by else None
            for status in COUNTED:
                if refs := behind.get((year, group, status.value)):
                    what = " ".join(filter(None, (year, called, status.value)))
                    rows.append((what, len(refs), " ".join(refs)))
    return Table(columns, rows)
