"""The audit plan on a day, and what became of the actions of one audit."""

from collections.abc import Sequence

from irbtrack.domain.answers import Answer, Block
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.audit_plan import (
    actions_counted,
    differences,
    plan_table,
    with_totals,
)
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.words import natural_order
from irbtrack.errors import Refused
from irbtrack.register.view import View
from irbtrack.reports.action import actions_table
from irbtrack.store.counting import counts_as_of


def audit_plan(view: View, year: str | None = None, sources: Sequence[str] = ()) -> Answer:
    """Return the audit plan, by year and quarter, with totals; of one year or of all.

    Without ``sources`` it is one plan over all of them.
    """
    wanted = sorted(
        (
            audit
            for audit in view.records(Audit)
            if year in (None, audit.year) and (not sources or audit.source in sources)
        ),
        key=lambda audit: (audit.year, audit.quarter or "Q9", natural_order(audit.ref)),
    )
    scale = view.council
    counts = counts_as_of(view.reader, view.day, by="audit", known_at=view.known_to)
    counted = actions_counted(counts, scale)
    table = plan_table(wanted, scale, counted)
    if not wanted:
        return Answer(table, remarks=("no audit fits",))
    blocks: list[Block] = [with_totals(wanted, scale, counted)]
    return Answer(table, (*blocks, *differences(wanted, scale, counted)))


def audit_shown(view: View, audit: Audit) -> Answer:
    """Return one audit as it stood, and its actions.

    Raises :class:`Refused` if it was not in the plan then.
    """
    then = [one for one in view.records(Audit) if one.ref == audit.ref]
    if not then:
        raise Refused(f"{audit.name} was not in the plan of {audit.year} on {say_date(view.day)}")
    scale = view.council
    counts = counts_as_of(view.reader, view.day, by="audit", known_at=view.known_to)
    counted = actions_counted(counts, scale)
    table = plan_table(then, scale, counted)
    blocks: list[Block] = [table.shown(), *differences(then, scale, counted)]
    own = [action for action in view.records(Action) if action.audit == audit.ref]
    if own:
        listed = actions_table(view, own)
        columns = [c for c in listed.columns if c.label and c.name != "audit"]
        blocks.append(listed.having(columns))
    return Answer(table, tuple(blocks))
