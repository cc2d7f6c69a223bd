"""What a council chooses of its pack: the settings of ``pack.toml``, or sensible ones without it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns.status import Status

OVERDUE = Selection(statuses=frozenset([Status.OVERDUE]))


class Settings(NamedTuple):
    """What a pack holds and how it looks.

    ``sections`` are the names of sections with their titles, in their order. ``years`` are those
    of the audit actions, all of them if there are none. ``plans`` are the codes of plans that are
    drawn, and ``actions`` selects the actions of the annex. ``months`` is how far back charts go.
    """

    title: str = "Improvement and Recovery Board: progress report"
    meeting_on: date | None = None
    owner: str | None = None
    author: str | None = None
    marking: str | None = None
    colour: str = "#1f3864"
    page: str = "A4"
    sections: tuple[tuple[str, str], ...] = ()
    years: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    months: int = 12
    actions: Selection = OVERDUE

    def as_told(self) -> Mapping[str, Any]:
        """Return the settings as plain values, from which they can be read again."""
        return {name: value for name, value in self._asdict().items() if value}
