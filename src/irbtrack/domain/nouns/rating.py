"""Read, name and compare RAG ratings."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from irbtrack.domain.record import Record, different
from irbtrack.domain.words import read_choice
from irbtrack.errors import Misused, listed, quoted


class Rag(StrEnum):
    """How well a direction or milestone goes, from worst to best. C is complete."""

    RED = "R"
    AMBER = "A"
    GREEN = "G"
    COMPLETE = "C"


RAG_NAMES = {Rag.RED: "Red", Rag.AMBER: "Amber", Rag.GREEN: "Green", Rag.COMPLETE: "Complete"}

_ORDER = {rag: place for place, rag in enumerate(Rag)}


class Trend(StrEnum):
    """Whether a direction's rating went up or down between two days."""

    UP = "up"
    SAME = "same"
    DOWN = "down"


TREND_SIGNS = {Trend.UP: "▲", Trend.SAME: "=", Trend.DOWN: "▼"}
"""The signs in the report's tables."""

COMPUTED = "computed"
"""The word that takes back an officer's trend, so that it is computed again."""


def read_rag(text: str) -> str:
    """Return the rating that a letter or a name means. Raises :class:`Misused`.

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
    """Return the trend that a word or a sign means, or :data:`COMPUTED`. Raises :class:`Misused`.

    >>> read_trend("Down"), read_trend("=")
    ('down', 'same')
    """
    signs = {sign: trend.value for trend, sign in TREND_SIGNS.items()}
    asked = text.strip()
    words = [*(trend.value for trend in Trend), COMPUTED]
    return signs.get(asked) or read_choice("a trend", asked, words)


def say_rag(rag: str | None) -> str:
    """Return a rating's name.

    >>> say_rag("A"), say_rag(None)
    ('Amber', 'not rated')
    """
    return RAG_NAMES[Rag(rag)] if rag else "not rated"


def trend_between(before: str | None, now: str | None) -> Trend | None:
    """Return how a rating moved, where R < A < G < C (DESIGN section 3).

    Return None if either rating is missing.

    >>> trend_between("G", "A").value
    'down'
    """
    if before is None or now is None:
        return None
    step = _ORDER[Rag(now)] - _ORDER[Rag(before)]
    return Trend.SAME if step == 0 else Trend.UP if step > 0 else Trend.DOWN


def rated_changes(then: Record, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of ``given`` that differ from a record's, and its rating in any case.

    A rating that is confirmed is a fact of that day too. So a change that is recorded later, for
    an earlier day, ends where the rating was confirmed.
    """
    confirmed = {field: value for field, value in given.items() if field == "rag"}
    return different(then, dict(given)) | confirmed
