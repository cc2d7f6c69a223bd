"""RAG ratings: how they are read and said, how they compare, and the trend of a direction."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from irbtrack.domain.lifecycle import different
from irbtrack.domain.records import Direction, Milestone, Rag
from irbtrack.domain.words import read_choice
from irbtrack.errors import Misused, listed, quoted

RAG_NAMES = {Rag.RED: "Red", Rag.AMBER: "Amber", Rag.GREEN: "Green", Rag.COMPLETE: "Complete"}

_ORDER = {rag: place for place, rag in enumerate(Rag)}


class Trend(StrEnum):
    """Where a direction's rating went between two days."""

    UP = "up"
    SAME = "same"
    DOWN = "down"


TREND_SIGNS = {Trend.UP: "▲", Trend.SAME: "=", Trend.DOWN: "▼"}
"""As the report's tables have them."""

COMPUTED = "computed"
"""What takes an officer's word about a trend back."""


def read_rag(text: str) -> str:
    """The rating that a letter or a name means. Raises :class:`Misused`.

    >>> read_rag("amber"), read_rag("g")
    ('A', 'G')
    """
    asked = text.strip().casefold()
    for rag, name in RAG_NAMES.items():
        if asked in (rag.value.casefold(), name.casefold()):
            return rag.value
    known = listed(f"{rag.value} ({name.lower()})" for rag, name in RAG_NAMES.items())
    raise Misused(f"{quoted(text)} is not a RAG; it is one of {known}")


def read_trend(text: str) -> str:
    """The trend that a word or a sign means, or :data:`COMPUTED`. Raises :class:`Misused`.

    >>> read_trend("Down"), read_trend("=")
    ('down', 'same')
    """
    signs = {sign: trend.value for trend, sign in TREND_SIGNS.items()}
    asked = text.strip()
    words = [*(trend.value for trend in Trend), COMPUTED]
    return signs.get(asked) or read_choice("a trend", asked, words)


def say_rag(rag: str | None) -> str:
    """A rating's name.

    >>> say_rag("A"), say_rag(None)
    ('Amber', 'not rated')
    """
    return RAG_NAMES[Rag(rag)] if rag else "not rated"


def trend_between(before: str | None, now: str | None) -> Trend | None:
    """Where a rating went, by R < A < G < C (DESIGN section 3); None where either is missing.

    >>> trend_between("G", "A").value
    'down'
    """
    if before is None or now is None:
        return None
    step = _ORDER[Rag(now)] - _ORDER[Rag(before)]
    return Trend.SAME if step == 0 else Trend.UP if step > 0 else Trend.DOWN


def trend_of(
    now: Direction, then: Direction | None, compared_on: date | None
) -> tuple[Trend | None, bool]:
    """A direction's trend since the day ``compared_on``, and whether it is an officer's word.

    An officer's word holds until the rating changes, and against days before the one it was
    given on: the next board, which compares with this one, computes again. ``then`` is the
    direction as it stood on the day compared with.
    """
    if now.trend and now.trend_on:
        rated_since = now.rag_on is not None and now.rag_on > now.trend_on
        if not rated_since and (compared_on is None or compared_on < now.trend_on):
            return Trend(now.trend), True
    return trend_between(then.rag if then else None, now.rag), False


def rated_changes(then: Direction | Milestone, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``given`` that differ from what a record says on that day, and its rating.

    A rating that is confirmed is a fact of that day too: what is recorded later, of earlier
    days, does not run past it.
    """
    confirmed = {field: value for field, value in given.items() if field == "rag"}
    return different(then, dict(given)) | confirmed
