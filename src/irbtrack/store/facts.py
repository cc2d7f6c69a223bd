"""Read the facts of actions on a day that figures are worked out from, with SQL.

The rows are read with no more than the status rule needs. So the rule can be asked once for
each distinct set of facts: a million actions have some hundreds of them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.selection import GROUPS
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import Standing
from irbtrack.store.database import Reader, as_date
from irbtrack.store.gather import Known, names_as_of, past_of


def sources_as_of(reader: Reader, day: date, known_at: Known | None) -> dict[str, str]:
    """Return who made each review, by the audit's reference."""
    return names_as_of(reader, Audit, day, known_at, field="source")


class FactsAsked(NamedTuple):
    """What is asked of the actions of a day; ``sources`` are those of audits, by reference."""

    by: str | None
    original: bool
    known_at: Known | None
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


def fact_rows(
    reader: Reader, day: date, asked: FactsAsked, *first: str
) -> Iterator[tuple[Any, ...]]:
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


def standings(
    reader: Reader,
    as_of: date,
    by: str | None,
    original: bool,
    known_at: Known | None,
    of_sources: Collection[str | None],
) -> Iterator[tuple[tuple[str, str | None, str, Standing], int]]:
    """Return how many actions share year, group, priority and standing."""
    sources = sources_as_of(reader, as_of, known_at) if of_sources or by == "source" else {}
    asked = FactsAsked(by, original, known_at, of_sources, sources)
    facts = Counter(fact_rows(reader, as_of, asked))
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
