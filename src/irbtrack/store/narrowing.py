"""Ask SQL for no more actions than a selection may need."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from irbtrack.domain.figures.selection import OPEN_STATUSES, TEXTS, Selection, has_text
from irbtrack.domain.nouns.status import Status

MOST_NAMED = 500
"""How many values a condition names. With more of them it is left out."""


class Narrowing(NamedTuple):
    """Conditions that a version must fit, and their parameters; none lets all through.

    ``text`` is looked for in the row that SQL returns, because each dialect folds case in its own
    way.
    """

    conditions: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = MappingProxyType({})
    text: str | None = None

    @property
    def sql(self) -> str:
        """The conditions as the end of a WHERE clause."""
        return "".join(f" AND {one}" for one in self.conditions)

    def fitting(
        self, rows: Iterable[tuple[Any, ...]], columns: Sequence[str]
    ) -> Iterable[tuple[Any, ...]]:
        """Return the rows that have the text in them, if there is one."""
        if self.text is None:
            return rows
        places = [columns.index(field) for field in TEXTS]
        return (row for row in rows if has_text((row[n] for n in places), self.text))


EVERYTHING = Narrowing()


def narrowed(wanted: Selection, day: date, sources: Mapping[str, str]) -> Narrowing:
    """Return conditions that each version of an action fits if it is selected on ``day``.

    They are necessary and not sufficient: what fits them is still to be put to
    :func:`irbtrack.domain.figures.selection.selected`, which has the rule of status.
    ``sources`` has who made each review, by the audit's reference.
    """
    named: dict[str, Collection[str | None]] = {
        "ref": wanted.refs,
        "year": wanted.years,
        "directorate": wanted.directorates,
        "owner": wanted.owners,
        "priority": wanted.priorities,
        "closed_as": wanted.closed_as,
        "audit": _audits(wanted, sources),
    }
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    for column, values in named.items():
        if values and len(values) <= MOST_NAMED:
            asked = {f"{column}{n}": v for n, v in enumerate(v for v in values if v is not None)}
            either = [f"{column} IN ({', '.join(f':{name}' for name in asked)})"] if asked else []
            either += [f"{column} IS NULL"] if None in values else []
            conditions.append(f"({' OR '.join(either)})")
            parameters |= asked
    conditions += _of_status(wanted)
    due_on = "original_due_on" if wanted.original else "due_on"
    for sign, limit in _due(wanted, day):
        name = f"due{len(parameters)}"
        conditions.append(f"{due_on} {sign} :{name}")
        parameters[name] = limit
    if wanted.redated is not None:
        conditions.append("times_redated >= :redated")
        parameters["redated"] = wanted.redated
    return Narrowing(tuple(conditions), parameters, wanted.text)


def _audits(wanted: Selection, sources: Mapping[str, str]) -> Collection[str | None]:
    """Return the audits that an action must be of; none if it may be of any."""
    if not wanted.sources or None in wanted.sources:
        return wanted.audits
    reviewed = {ref for ref, source in sources.items() if source in wanted.sources}
    return (reviewed & wanted.audits if wanted.audits else reviewed) or {""}


def _of_status(wanted: Selection) -> list[str]:
    """Return what must be of an action for its status to be one of those wanted."""
    statuses = wanted.statuses or frozenset(Status)
    if wanted.stale is not None:
        statuses &= OPEN_STATUSES
    if wanted.unverified:
        statuses &= {Status.COMPLETE}
    if _asks_overdue(wanted):
        statuses &= {Status.OVERDUE}
    if wanted.closed_as:
        statuses &= {Status.CLOSED}
    conditions = ["verified_on IS NULL"] if wanted.unverified else []
    if statuses <= {Status.COMPLETE}:
        conditions.append("completed_on IS NOT NULL")
    if statuses <= OPEN_STATUSES:
        conditions.append("completed_on IS NULL")
    if statuses <= {Status.CLOSED}:
        conditions.append("closed_on IS NOT NULL")
    if statuses <= {Status.OVERDUE, Status.NOT_DUE}:
        conditions.append("owner IS NOT NULL")
    return conditions


def _asks_overdue(wanted: Selection) -> bool:
    by_days = wanted.overdue_by is not None or wanted.overdue_to is not None
    return by_days or wanted.statuses == {Status.OVERDUE}


def _due(wanted: Selection, day: date) -> list[tuple[str, date]]:
    """Return the limits of the due date: how it compares with a day, and that day."""
    limits = [("<", wanted.due_before), (">", wanted.due_after)]
    if _asks_overdue(wanted):
        limits.append(("<=", day - timedelta(days=max(wanted.overdue_by or 1, 1))))
    if wanted.overdue_to is not None:
        limits.append((">=", day - timedelta(days=wanted.overdue_to)))
    if wanted.statuses == {Status.NOT_DUE}:
        limits.append((">=", day))
    return [(sign, limit) for sign, limit in limits if limit]
