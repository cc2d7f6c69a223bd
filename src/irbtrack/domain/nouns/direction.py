"""A government direction, with its leads, target, RAG and trend."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import ClassVar, Self

from irbtrack.domain.dates import DayMissing, date_and_note, read_date, say_date_briefly
from irbtrack.domain.field import REASON, TIMES_REDATED, Field, Holds
from irbtrack.domain.nouns.rating import Trend, trend_between
from irbtrack.domain.record import Contradiction, FieldValues, Others, Record, not_before
from irbtrack.domain.words import read_title
from irbtrack.errors import Misused, quoted

DIRECTION = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "direction no", "direction ref", "no", "number", "id",
    ), needed=True, fixed=True),
    Field("title", "Direction", Holds.LINE, ("title", "direction title"), needed=True, width=44),
    Field("strategic_leads", "Strategic lead", Holds.OFFICERS, (
        "strategic leads", "sro", "senior responsible officer", "lead director",
    ), width=28),
    Field("operational_leads", "Operational lead", Holds.OFFICERS, (
        "operational leads", "lead", "lead officer", "responsible officer",
    ), width=28),
    Field("members", "Member", Holds.OFFICERS, (
        "members", "lead member", "cabinet member", "portfolio holder",
    ), width=28),
    Field("original_target_on", "Original target", Holds.DATE, (
        "original target date",
    ), fixed=True, width=14),
    Field("target_on", "Target", Holds.DATE, ("target date", "due date", "deadline"),
        hint="Another date needs the reason for it, or commentary."),
    Field("target_note", "Note of the target", Holds.LINE, ("target note",), width=20),
    Field("rag", "RAG", Holds.RAG, ("rag rating", "rag status", "status"), width=8),
    Field("rag_on", "RAG since", Holds.DATE, ("rag date",)),
    Field("trend", "Trend", Holds.TREND, (
        "direction of travel", "dot",
    ), choices=("up", "same", "down"), width=8),
    Field("trend_on", "Trend given", Holds.DATE, aside=True),
    Field("commentary", "New commentary", Holds.TEXT, (
        "commentary", "update", "comments", "progress", "progress update", "latest update",
    ), width=48, hint="What there is to say now. It is kept beside what was said before."),
    REASON,
    TIMES_REDATED,
    Field("latest_commentary", "Latest commentary", Holds.TEXT, derived=True, width=48),
)  # fmt: skip


class Direction(Record):
    """One government direction. Its leads and members are codes of posts.

    The fold works out ``original_target_on`` and ``times_redated`` from ``target_on``, and
    ``rag_on``, the day from which the direction has had its rating, from ``rag``. ``trend`` is
    what an officer said on ``trend_on``, in place of the computed trend. Commentary on a direction
    is kept as notes.
    """

    NOUN: ClassVar[str] = "direction"
    ABOUT: ClassVar[str] = "the directions"
    LABEL: ClassVar[str] = "title"
    FIELDS: ClassVar[tuple[Field, ...]] = DIRECTION
    KEY: ClassVar[tuple[str, ...]] = ("title",)
    FILLED_IN: ClassVar[tuple[str, ...]] = (
        *("ref", "title", "rag", "target_on", "target_note", "latest_commentary", "commentary"),
        *("reason", "trend"),
    )
    UNSAID: ClassVar[frozenset[str]] = frozenset({"trend_on"})
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "target_on": ("original_target_on", "times_redated")
    }
    SINCE: ClassVar[Mapping[str, str]] = {"rag": "rag_on"}

    title: str
    strategic_leads: tuple[str, ...] = ()
    operational_leads: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    original_target_on: date | None = None
    target_on: date | None = None
    times_redated: int = 0
    target_note: str | None = None
    rag: str | None = None
    rag_on: date | None = None
    trend: str | None = None
    trend_on: date | None = None

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield a note of a target that is missing, and a trend without its day."""
        del before, others
        if self.target_note is not None and self.target_on is None:
            yield Contradiction(
                "target_note",
                f"the note of {self.ref}'s target goes with a date; give the target, or leave the"
                " note out",
            )
        if (self.trend is None) != (self.trend_on is None):
            yield Contradiction(
                "trend",
                f"the trend given for {self.ref} needs the day it was given; give both or neither",
            )
        yield from not_before("trend_on", f"{self.ref}'s trend was given", self.trend_on, since)


def read_target(text: str, today: date) -> FieldValues:
    """Return the target date and its note, as in ``31-Mar-24 (FOR REVIEW)``.

    Raises :class:`Misused` if it is neither.

    A month alone is its last day, and ``none`` is no target. Raise :class:`Misused` for another
    text.

    >>> read_target("31-Mar-24 (FOR REVIEW)", date(2023, 11, 23))
    {'target_on': datetime.date(2024, 3, 31), 'target_note': 'FOR REVIEW'}
    """
    if text.strip().casefold() == "none":
        return {"target_on": None, "target_note": None}
    date_part, note = date_and_note(text)
    try:
        day = read_date(date_part, today, month_end=True)
    except DayMissing:
        raise
    except Misused:
        raise Misused(
            f"{quoted(text)} is not a target; write 31-Mar-24, Mar-24, 31-Mar-24 (FOR REVIEW) or"
            " none"
        ) from None
    if note is not None:
        note = read_title("the note of the target", note)
    return {"target_on": day, "target_note": note}


def say_posts(codes: Iterable[str], titles: Mapping[str, str]) -> str | None:
    """Return the titles of posts, one after the other."""
    return " / ".join(titles.get(code, code) for code in codes) or None


def say_target(direction: Direction, link: str = " ") -> str | None:
    """Return a target as the report has it: the date, and after ``link`` its note in brackets."""
    if direction.target_on is None:
        return None
    note = f"{link}({direction.target_note})" if direction.target_note else ""
    return f"{say_date_briefly(direction.target_on)}{note}"


def leads(direction: Direction) -> tuple[str, ...]:
    """Return the code of every post that a direction names."""
    return (*direction.strategic_leads, *direction.operational_leads, *direction.members)


def trend_of(
    now: Direction, then: Direction | None, compared_on: date | None
) -> tuple[Trend | None, bool]:
    """Return a direction's trend since a day, and whether it is an officer's word.

    ``then`` is the direction as it stood on ``compared_on``. An officer's trend holds until the
    rating changes, and only in a comparison with an earlier day than the one on which it was
    given. So the next board, which compares with this one, has a computed trend again.
    """
    if now.trend and now.trend_on:
        rated_since = now.rag_on is not None and now.rag_on > now.trend_on
        if not rated_since and (compared_on is None or compared_on < now.trend_on):
            return Trend(now.trend), True
    return trend_between(then.rag if then else None, now.rag), False
