"""Count actions in SQL, and work out the status once for each distinct set of facts."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.age_bands import Aged
from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import Standing, days_overdue, status_as_of
from irbtrack.store.database import Reader, as_date
from irbtrack.store.gather import names_as_of, records_as_of

GROUPS = ("directorate", "audit", "owner", "priority", "source")
"""What a tally can be grouped by within a year."""


def counts_as_of(
    reader: Reader,
    as_of: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: datetime | None = None,
    of_sources: Collection[str] = (),
) -> Counter[Bucket]:
    """Return how many actions stood where on a day, by year, group, status and priority.

    ``by``, one of :data:`GROUPS`, says what a group is. With ``of_sources`` only the actions
    of audits of these are counted. The rows are counted by the facts that the status rule
    needs, and the rule is asked once for each distinct set of facts: a million actions have some
    hundreds of them.
    """
    counts: Counter[Bucket] = Counter()
    facts = _standings(reader, as_of, by, original, known_at, of_sources)
    for (year, group, priority, stands), n in facts:
        counts[Bucket(year, group, status_as_of(stands, as_of), priority)] += n
    return counts


def ages_as_of(
    reader: Reader,
    as_of: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: datetime | None = None,
    of_sources: Collection[str | None] = (),
) -> Counter[Aged]:
    """Return how many actions were overdue on a day, by year, group, priority and days overdue.

    They are counted as :func:`counts_as_of` counts them, and so add up to what it says.
    """
    counts: Counter[Aged] = Counter()
    facts = _standings(reader, as_of, by, original, known_at, of_sources)
    for (year, group, priority, stands), n in facts:
        if days := days_overdue(stands, as_of):
            counts[Aged(year, group, priority, days)] += n
    return counts


def _standings(
    reader: Reader,
    as_of: date,
    by: str | None,
    original: bool,
    known_at: datetime | None,
    of_sources: Collection[str | None],
) -> Iterator[tuple[tuple[str, str | None, str, Standing], int]]:
    """Return how many actions share year, group, priority and standing."""
    sources = sources_as_of(reader, as_of, known_at) if of_sources or by == "source" else {}
    audits = {ref for ref, of in sources.items() if of in of_sources} if of_sources else None
    column = "audit" if by == "source" else by
    facts = _facts(reader, as_of, column, original, known_at, audits)
    for (year, group, priority, closed_until, completed, due_on), n in facts.items():
        shown = sources.get(group) if by == "source" else group
        stands = Standing(as_date(closed_until), completed, as_date(due_on))
        yield (year, shown, priority, stands), n


def sources_as_of(reader: Reader, day: date, known_at: datetime | None) -> dict[str, str]:
    """Return who made each review, by the audit's reference."""
    return names_as_of(reader, Audit, day, known_at, field="source")


def _facts(
    reader: Reader,
    as_of: date,
    by: str | None,
    original: bool,
    known_at: datetime | None,
    audits: Collection[str] | None,
) -> Counter[tuple[Any, ...]]:
    """Return how many actions share year, group, priority and what :class:`Standing` holds.

    With ``audits`` only actions of these are counted.
    """
    if by not in (None, *GROUPS):
        raise ValueError(f"no tally by {by}")
    if known_at is not None:
        return Counter(
            (a.year, getattr(a, by) if by else None, a.priority, *standing(a, original=original))
            for a in records_as_of(reader, Action, as_of, known_at)
            if audits is None or a.audit in audits
        )
    due_on = "original_due_on" if original else "due_on"
    named = dict(enumerate(sorted(audits or ())))
    only = f" AND audit IN ({', '.join(f':audit{n}' for n in named)})" if audits is not None else ""
    return Counter(
        reader.rows(
            f"SELECT year, {by or 'NULL'}, priority,"
            " CASE WHEN closed_on IS NOT NULL THEN COALESCE(expires_on, :forever) END,"
            " completed_on IS NOT NULL,"
            f" CASE WHEN owner IS NOT NULL THEN {due_on} END"
            f" FROM action_version WHERE valid_from <= :as_of AND :as_of < valid_to{only}",
            as_of=as_of,
            forever=FOREVER,
            **{f"audit{n}": ref for n, ref in named.items()},
        )
    )
