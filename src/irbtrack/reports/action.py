"""Actions on a day: a list of them, and the story of one."""

from datetime import date
from typing import Any

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns import UNSAID
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import Status, days_overdue, status_as_of
from irbtrack.errors import Refused
from irbtrack.register.view import View
from irbtrack.render.cell_text import cell_text
from irbtrack.reports.history import history_answer

ACTION_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("year"),
    Column("audit", "Audit", rank=3),
    Column("title", "Title"),
    Column("priority", "Priority", Kind.CODE),
    Column("directorate", "Directorate", Kind.CODE, rank=2),
    Column("owner", "Owner", Kind.CODE, rank=1),
    Column("status", "Status", Kind.CODE),
    Column("raised_on", kind=Kind.DATE),
    Column("original_due_on", kind=Kind.DATE),
    Column("due_on", "Due", Kind.DATE),
    Column("times_redated", "Re-dated", Kind.NUMBER, rank=4),
    Column("completed_on", kind=Kind.DATE),
    Column("verified_on", kind=Kind.DATE),
    Column("days_overdue", "Days overdue", Kind.NUMBER),
)


def action_list(view: View, wanted: Selection) -> Answer:
    """Return the actions that pass the filters, as they stood on the day of the view."""
    found = view.selected(wanted)
    if not found:
        closed = wanted._replace(statuses=frozenset({Status.CLOSED}))
        also = not wanted.with_closed and view.selected(closed)
        remark = "no action fits" + ("; --status closed lists some that are" if also else "")
        return Answer(Table(ACTION_COLUMNS, []), remarks=(remark,))
    table = actions_table(found, view.day, view.names(Audit), original=wanted.original)
    count = "1 action" if len(found) == 1 else f"{len(found)} actions"
    return Answer(table, (table.shown(), count))


def action_story(view: View, ref: str) -> Answer:
    """Return an action as it stood on the day of the view, and how it came to be so.

    Raises :class:`Refused` if it was not in the register on that day.
    """
    then = [action for action in view.records(Action) if action.ref == ref]
    if not then:
        raise Refused(
            f"{ref} was not in the register on {say_date(view.day)}{view.known};"
            f" 'irbtrack history {ref}' tells its story"
        )
    data = _all_fields(then[0], actions_table(then, view.day, view.names(Audit)))
    facts = Table(
        (Column("field", ref), Column("value", then[0].title)),
        [
            (_label(column), cell_text(value, Kind.TEXT))
            for column, value in zip(data.columns, data.rows[0], strict=True)
            if value not in (None, "", 0) and column.name not in ("ref", "title")
        ],
    )
    return Answer(data, (facts, *history_answer(view.entries([ref], Action.NOUN)).blocks))


def _label(column: Column) -> str:
    return column.label or column.name.removesuffix("_on").replace("_", " ").capitalize()


def _all_fields(action: Action, row: Table) -> Table:
    """Return the row of ``action list``, and after it the fields of an action that no list has."""
    names = {column.name for column in ACTION_COLUMNS}
    names.update(UNSAID)
    more = [name for name in Action.TYPES if name not in names]
    return Table(
        (*row.columns, *map(Column, more)),
        [(*row.rows[0], *(getattr(action, name) for name in more))],
    )


def actions_table(
    actions: list[Action], day: date, audits: dict[str, str], *, original: bool = False
) -> Table:
    """Return one row for each action: the fields of ``action list`` (DESIGN section 5).

    With ``original`` it is overdue by its original due date, and that is the date people see.
    """
    counted, other = ("original_due_on", "due_on") if original else ("due_on", "original_due_on")
    labels = {counted: "Original due" if original else "Due", other: None}
    columns = tuple(c._replace(label=labels.get(c.name, c.label)) for c in ACTION_COLUMNS)
    return Table(columns, [_row(action, day, audits, original) for action in actions])


def _row(action: Action, day: date, audits: dict[str, str], original: bool) -> tuple[Any, ...]:
    stands = standing(action, original=original)
    return (
        action.ref,
        action.year,
        audits.get(action.audit or ""),
        action.title,
        action.priority,
        action.directorate,
        action.owner,
        status_as_of(stands, day).value,
        action.raised_on,
        action.original_due_on,
        action.due_on,
        action.times_redated,
        action.completed_on,
        action.verified_on,
        days_overdue(stands, day),
    )
