"""Count actions in SQL, and work out the status once for each distinct set of facts."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.status import Standing, status_as_of
from irbtrack.store.database import Reader, as_date
from irbtrack.store.gather import records_as_of

GROUPS = ("directorate", "audit", "owner", "priority")
"""The columns of ``action_version`` by which a tally can group a year's actions."""


def counts_as_of(
    reader: Reader,
    as_of: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: datetime | None = None,
) -> Counter[Bucket]:
    """Count the actions of a day by year, group, status and priority.

    ``by`` is one of :data:`GROUPS`. SQL counts the rows by the facts that the status rule needs,
    so that the rule runs once for each distinct set of facts. A million actions have only some
    hundreds of them.
    """
    counts: Counter[Bucket] = Counter()
    facts = _facts(reader, as_of, by, original, known_at)
    for (year, group, priority, closed_until, completed, due_on), n in facts.items():
        stands = Standing(as_date(closed_until), completed, as_date(due_on))
        counts[Bucket(year, group, status_as_of(stands, as_of), priority)] += n
    return counts


def _facts(
    reader: Reader, as_of: date, by: str | None, original: bool, known_at: datetime | None
) -> Counter[tuple[Any, ...]]:
    """Count the actions that share a year, group, priority and :class:`Standing`."""
    if by not in (None, *GROUPS):
        raise ValueError(f"no tally by {by}")
    if known_at is not None:
        return Counter(
            (a.year, getattr(a, by) if by else None, a.priority, *standing(a, original=original))
            for a in records_as_of(reader, Action, as_of, known_at)
        )
    due_on = "original_due_on" if original else "due_on"
    return Counter(
        reader.rows(
            f"SELECT year, {by or 'NULL'}, priority,"
            " CASE WHEN closed_on IS NOT NULL THEN COALESCE(expires_on, :forever) END,"
            " completed_on IS NOT NULL,"
            f" CASE WHEN owner IS NOT NULL THEN {due_on} END"
            " FROM action_version WHERE valid_from <= :as_of AND :as_of < valid_to",
            as_of=as_of,
            forever=FOREVER,
        )
    )
