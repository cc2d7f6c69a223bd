"""Read where each action stands on a day, for the movement between two days."""

from collections.abc import Collection
from datetime import date
from typing import Any

from irbtrack.domain.figures.bridge import Position
from irbtrack.domain.nouns.status import Standing, status_as_of
from irbtrack.store.database import Reader, as_date
from irbtrack.store.facts import FactsAsked, fact_rows, sources_as_of
from irbtrack.store.gather import Known


def positions_as_of(
    reader: Reader,
    day: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: Known | None = None,
    of_sources: Collection[str | None] = (),
) -> dict[str, Position]:
    """Return where each action stood on a day, by reference, closed ones included.

    The parameters are those of :func:`irbtrack.store.counting.counts_as_of`, and the positions
    sum to its counts. Actions that stand alike share one position.
    """
    sources = sources_as_of(reader, day, known_at) if of_sources or by == "source" else {}
    asked = FactsAsked(by, original, known_at, of_sources, sources)
    positions: dict[tuple[Any, ...], Position] = {}
    found: dict[str, Position] = {}
    for ref, *facts in fact_rows(reader, day, asked, "ref"):
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
