"""Find what somebody changed in a workbook that irbtrack exported, and the conflicts."""

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any, NamedTuple

from irbtrack.domain.dates import say_date
from irbtrack.domain.field import Field
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.merging import Conflict, merged, same_cell
from irbtrack.domain.tracker.outcomes import Open
from irbtrack.domain.tracker.outgoing import Names, exported_cell
from irbtrack.domain.tracker.sheet import Cell
from irbtrack.domain.tracker.statements import Statement
from irbtrack.errors import quoted


class Exported(NamedTuple):
    """What a workbook had when it was exported: its records, by reference, and the names used."""

    records: Mapping[str, Record]
    names: Names
    as_of: date

    def changed(self, ref: str, statement: Statement, fields: list[Field]) -> set[str]:
        """Return the names of the ``fields`` whose cells are not as they were exported.

        A changed title that is too long changes the detail too, which keeps the whole of it.
        """
        record, cells = self.records[ref], statement.cells
        changed = {
            one.name
            for one in fields
            if one.name in cells and not same_cell(self._cell(record, one), cells[one.name])
        }
        return changed | {"detail"} if statement.shortened and "title" in changed else changed

    def _cell(self, record: Record, one: Field) -> Cell:
        return exported_cell(record, one, self.names, self.as_of)

    def since(
        self,
        ref: str,
        told: Mapping[str, Any],
        now: Record | None,
        holders: Mapping[str, Person],
        take: str | None,
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return what of a changed row to record, and the sentence of each conflict by field.

        ``told`` is what the row says. ``now`` is the record in the register, and ``holders`` are
        the people who hold posts now.
        """
        then = _with_holder(self.records[ref], self.names.people)
        kept, conflicts = merged(told, then, _with_holder(now, holders), take)
        if "status" in kept and _ended_otherwise(then, now, kept["status"]):
            if take is None:
                conflicts.append(Conflict("status", kept["status"], _say_end(now)))
            if take != "theirs":
                kept = {name: value for name, value in kept.items() if name not in _ENDS}
        spoken = {n: v for n, v in kept.items() if v is not None or n not in _ADDED}
        return spoken, [(one.field, _say_conflict(ref, one)) for one in conflicts]


_ENDS = ("status", "completed_on", "closed_on", "closed_as", "expires_on")


def _ended_otherwise(then: object, now: object, status: Any) -> bool:
    """Return whether an action was completed, closed or reopened since, against ``status``.

    A due date that has passed since then doesn't count.
    """
    if not isinstance(then, Action) or not isinstance(now, Action) or _end(then) == _end(now):
        return False
    agreed = {Status.COMPLETE} if now.completed_on else {now.closed_as} if now.closed_as else Open
    return status not in agreed


def _end(action: Action) -> tuple[bool, str | None]:
    return action.completed_on is not None, action.closed_as


def _say_end(action: object) -> str:
    assert isinstance(action, Action), "only actions have a status"
    return Status.COMPLETE.value if action.completed_on else action.closed_as or Open.OPEN.value


_ADDED = ("reason", "commentary")
"""Fields that a row can only add to: an empty cell removes nothing."""


def _with_holder(record: Record | None, holders: Mapping[str, Person]) -> object:
    """Return a record, and of a post who holds it."""
    if not isinstance(record, Officer):
        return record
    person = holders.get(record.ref, Person(record.ref))
    return SimpleNamespace(**(vars(record) | {"name": person.name, "email": person.email}))


def _say_conflict(ref: str, one: Conflict) -> str:
    return (
        f"{ref}: the workbook says {_say(one.theirs)}, and the register says {_say(one.ours)}"
        " since it was exported; '--take theirs' takes the workbook's word, '--take ours' keeps"
        " the register's"
    )


def _say(value: Any) -> str:
    if value is None:
        return "nothing"
    return say_date(value) if isinstance(value, date) else quoted(str(value))
