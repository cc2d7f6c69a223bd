"""The forward look: what falls due in the next period, and whose commentary has gone stale."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.rating import Rag
from irbtrack.domain.nouns.status import Status, status_as_of
from irbtrack.domain.words import natural_order

STALE_AFTER = 35
"""The days without news after which the commentary on a direction is stale.

They are the month between two boards and a few days.
"""


class Due(NamedTuple):
    """An action, milestone or direction whose date is near.

    ``posts`` are the codes of those who answer for it; ``state`` is a priority or a RAG.
    """

    due_on: date
    noun: str
    ref: str
    title: str
    posts: tuple[str, ...]
    state: str | None


def due_between(
    actions: Iterable[Action],
    milestones: Iterable[Milestone],
    directions: Iterable[Direction],
    day: date,
    until: date,
) -> list[Due]:
    """Return what is open on ``day`` and falls due from then to ``until``, by date.

    Both days count. What is complete, closed or dropped is left out.
    """
    leads = {d.ref: (*d.strategic_leads, *d.operational_leads) for d in directions}
    found = [
        *(
            Due(a.due_on, a.NOUN, a.ref, a.title, (a.owner,) if a.owner else (), a.priority)
            for a in actions
            if a.due_on and status_as_of(standing(a), day) in (Status.NOT_DUE, Status.NOT_ALLOCATED)
        ),
        *(
            Due(m.forecast_on, m.NOUN, m.ref, m.title, leads.get(m.direction or "", ()), m.rag)
            for m in milestones
            if m.forecast_on and m.completed_on is None and m.dropped_on is None
        ),
        *(
            Due(d.target_on, d.NOUN, d.ref, d.title, leads[d.ref], d.rag)
            for d in directions
            if d.target_on and d.rag != Rag.COMPLETE
        ),
    ]
    nouns = (Direction.NOUN, Milestone.NOUN, Action.NOUN)
    near = [one for one in found if day <= one.due_on <= until]
    return sorted(near, key=lambda o: (o.due_on, nouns.index(o.noun), natural_order(o.ref)))


def stale(
    directions: Iterable[Direction], comments: Mapping[str, Sequence[Note]], day: date
) -> list[tuple[Direction, date | None]]:
    """Return the directions without news for over :data:`STALE_AFTER` days by ``day``.

    Each comes with the date of its newest commentary, or None if it has none. ``comments`` has
    the commentary on each direction, the newest first. A direction that is complete needs none.
    """
    oldest = day - timedelta(days=STALE_AFTER)
    newest = [(one, next((n.dated_on for n in comments[one.ref]), None)) for one in directions]
    return [
        (one, dated)
        for one, dated in newest
        if one.rag != Rag.COMPLETE and (dated is None or dated < oldest)
    ]
