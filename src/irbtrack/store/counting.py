"""Count actions in SQL, and work out the status once for each distinct set of facts."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.age_bands import Aged
from irbtrack.domain.figures.bridge import Position
from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import Standing, days_overdue, status_as_of
from irbtrack.store.database import Reader, as_date
from irbtrack.store.gather import names_as_of, past_of

GROUPS = ("directorate", "audit", "owner", "priority", "source")
"""What a tally can be grouped by within a year."""


def counts_as_of(
    reader: Reader,
    as_of: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: datetime | None = None,
    of_sources: Collection[str | None] = (),
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
    asked = _Facts(by, original, known_at, of_sources, sources)
    facts = Counter(_rows(reader, as_of, asked))
    for (year, group, priority, closed_until, completed, due_on), n in facts.items():
        stands = Standing(as_date(closed_until), completed, as_date(due_on))
        yield (year, asked.group(group), priority, stands), n


def standing_columns(original: bool) -> str:
    """Return the SQL of what :class:`Standing` holds. It has the parameter ``:forever``."""
    due_on = "original_due_on" if original else "due_on"
    return (
        "CASE WHEN closed_on IS NOT NULL THEN COALESCE(expires_on, :forever) END,"
        " completed_on IS NOT NULL,"
        f" CASE WHEN owner IS NOT NULL THEN {due_on} END"
    )


def column_of(by: str | None) -> str | None:
    """Return the field of an action that ``by`` groups by. Raises ValueError for another group."""
    if by not in (None, *GROUPS):
        raise ValueError(f"no tally by {by}")
    return "audit" if by == "source" else by


def sources_as_of(reader: Reader, day: date, known_at: datetime | None) -> dict[str, str]:
    """Return who made each review, by the audit's reference."""
    return names_as_of(reader, Audit, day, known_at, field="source")


def positions_as_of(
    reader: Reader,
    day: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: datetime | None = None,
    of_sources: Collection[str | None] = (),
    sources_known_at: datetime | None = None,
) -> dict[str, Position]:
    """Return where each action stood on a day, by reference, closed ones included.

    The parameters are those of :func:`counts_as_of`, and the positions sum to its counts. Actions
    that stand alike share one position. Who made each review is as known at
    ``sources_known_at``, because a snapshot doesn't keep it.
    """
    sources = sources_as_of(reader, day, sources_known_at) if of_sources or by == "source" else {}
    asked = _Facts(by, original, known_at, of_sources, sources)
    positions: dict[tuple[Any, ...], Position] = {}
    found: dict[str, Position] = {}
    for ref, *facts in _rows(reader, day, asked, "ref"):
        alike = tuple(facts)
        if (position := positions.get(alike)) is None:
            year, group, priority, closed_until, completed, due_on = facts
            stands = Standing(as_date(closed_until), completed, as_date(due_on))
            status = status_as_of(stands, day)
            position = positions[alike] = Position(
                year, asked.group(group), priority, status, stands
            )
        found[ref] = position
    return found


class _Facts(NamedTuple):
    """What is asked of the actions of a day; ``sources`` are those of audits, by reference."""

    by: str | None
    original: bool
    known_at: datetime | None
    of_sources: Collection[str | None]
    sources: Mapping[str, str]

    def group(self, value: Any) -> Any:
        """Return the group of an action from its value of the column that groups it."""
        return self.sources.get(value) if self.by == "source" else value

    @property
    def audits(self) -> list[str] | None:
        """Return the audits whose actions are counted, or None if all are."""
        if not self.of_sources:
            return None
        return sorted(ref for ref, source in self.sources.items() if source in self.of_sources)


def _rows(reader: Reader, day: date, asked: _Facts, *first: str) -> Iterator[tuple[Any, ...]]:
    """Yield year, group, priority and what :class:`Standing` holds, of each action of a day.

    Before them come the fields that ``first`` names. Dates may be texts.
    """
    by, audits = column_of(asked.by), asked.audits
    past = past_of(reader, Action, asked.known_at)
    named = dict(enumerate(audits or ()))
    only = f" AND audit IN ({', '.join(f':audit{n}' for n in named)})" if audits is not None else ""
    yield from reader.rows(
        f"SELECT {''.join(f'{field}, ' for field in first)}year, {by or 'NULL'}, priority,"
        f" {standing_columns(asked.original)} FROM action_version"
        f" WHERE valid_from <= :as_of AND :as_of < valid_to{only} AND {past.untouched}",
        as_of=day,
        forever=FOREVER,
        **{f"audit{n}": ref for n, ref in named.items()},
        **past.parameters,
    )
    for action in past.records_on(day):
        if audits is None or action.audit in audits:
            told = [getattr(action, field) for field in (*first, "year")]
            group = getattr(action, by) if by else None
            stands = standing(action, original=asked.original)
            yield (*told, group, action.priority, *stands)
