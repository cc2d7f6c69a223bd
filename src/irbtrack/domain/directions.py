"""Directions: how a target is read, what an update changes, and the progress table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.board import Column, Kind, Table
from irbtrack.domain.dates import (
    date_and_note,
    read_date,
    say_date,
    say_date_briefly,
    say_partial_date,
)
from irbtrack.domain.rating import TREND_SIGNS, trend_of
from irbtrack.domain.records import Direction, Note
from irbtrack.domain.words import read_title
from irbtrack.errors import Misused, quoted

Fields = dict[str, Any]


def read_target(text: str, today: date) -> Fields:
    """The target date and its note, as in ``31-Mar-24 (FOR REVIEW)``; :class:`Misused`.

    A month alone is its last day, and ``none`` is no target.

    >>> read_target("31-Mar-24 (FOR REVIEW)", date(2023, 11, 23))
    {'target_on': datetime.date(2024, 3, 31), 'target_note': 'FOR REVIEW'}
    """
    if text.strip().casefold() == "none":
        return {"target_on": None, "target_note": None}
    date_part, note = date_and_note(text)
    try:
        day = read_date(date_part, today, month_end=True)
    except Misused:
        raise Misused(
            f"{quoted(text)} is not a target; write 31-Mar-24, Mar-24, 31-Mar-24 (FOR REVIEW) or"
            " none"
        ) from None
    if note is not None:
        note = read_title("the note of the target", note)
    return {"target_on": day, "target_note": note}


class Compared(NamedTuple):
    """The day that directions are compared with, and how they stood then, by reference.

    ``published`` says that this is what was known when the day's snapshot was taken.
    """

    day: date | None
    then: Mapping[str, Direction]
    published: bool = False

    @property
    def since(self) -> str | None:
        """Since when trends are, in words; None if there is nothing to compare with."""
        if self.day is None:
            return None
        what = "what was published for " if self.published else ""
        return f"since {what}{say_date(self.day)}"


DIRECTION_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Direction"),
    Column("strategic_leads", "Strategic lead", rank=2),
    Column("operational_leads", "Operational lead", rank=3),
    Column("members", "Member", rank=4),
    Column("target_on", "Target", Kind.DATE),
    Column("target_note"),
    Column("original_target_on", kind=Kind.DATE),
    Column("times_redated", kind=Kind.NUMBER),
    Column("rag_before"),
    Column("rag", "RAG", Kind.RAG),
    Column("trend", "Trend", Kind.CODE),
    Column("trend_overruled"),
    Column("commented_on"),
    Column("commentary", "Commentary", Kind.MARKDOWN, rank=1),
)


def directions_table(
    directions: Iterable[Direction],
    compared: Compared,
    comments: Mapping[str, Sequence[Note]],
) -> Table:
    """One row for each direction: leads and members by their codes, and recent commentary."""
    rows = []
    for one in directions:
        then = compared.then.get(one.ref)
        trend, overruled = trend_of(one, then, compared.day)
        newest = next(iter(comments[one.ref]), None)
        rows.append(
            (
                one.ref,
                one.title,
                one.strategic_leads,
                one.operational_leads,
                one.members,
                one.target_on,
                one.target_note,
                one.original_target_on,
                one.times_redated,
                then.rag if then else None,
                one.rag,
                trend.value if trend else None,
                overruled,
                newest.dated_on if newest else None,
                _recent_text(one, compared, comments),
            )
        )
    return Table(DIRECTION_COLUMNS, rows)


def progress_table(
    directions: Iterable[Direction],
    compared: Compared,
    comments: Mapping[str, Sequence[Note]],
    titles: Mapping[str, str],
) -> Table:
    """The same as the report's progress table: posts by their titles, the trend as a sign.

    Of the commentary, the newest first, what is newer than the day compared with, and the
    newest of all in any case.
    """
    target = Kind.TEXT  # its note may be long
    columns = [
        column._replace(kind=target) if column.name == "target_on" else column
        for column in DIRECTION_COLUMNS
        if column.label
    ]
    rows = []
    for one in directions:
        trend, overruled = trend_of(one, compared.then.get(one.ref), compared.day)
        rows.append(
            (
                one.ref,
                one.title,
                *(say_posts(c, titles) for c in (one.strategic_leads, one.operational_leads)),
                say_posts(one.members, titles),
                say_target(one, link="\n"),
                one.rag,
                TREND_SIGNS[trend] + ("*" if overruled else "") if trend else None,
                _recent_text(one, compared, comments),
            )
        )
    return Table(tuple(columns), rows)


def _recent_text(
    one: Direction, compared: Compared, comments: Mapping[str, Sequence[Note]]
) -> str | None:
    return "\n".join(map(say_comment, recent(comments[one.ref], compared.day))) or None


def say_posts(codes: Iterable[str], titles: Mapping[str, str]) -> str | None:
    """The titles of posts, one after the other."""
    return " / ".join(titles.get(code, code) for code in codes) or None


def say_target(direction: Direction, link: str = " ") -> str | None:
    """A target as the report has it: the date, and after ``link`` its note in brackets."""
    if direction.target_on is None:
        return None
    note = f"{link}({direction.target_note})" if direction.target_note else ""
    return f"{say_date_briefly(direction.target_on)}{note}"


def say_comment(note: Note) -> str:
    """A commentary with its date, as closely as that is known; a list begins its own line."""
    link = "\n" if re.match(r"([-*+]|\d+[.)])\s", note.text) else " "
    return f"{say_partial_date(note.dated_on, note.dated_to)} -{link}{note.text}"


def recent(comments: Sequence[Note], since: date | None) -> Sequence[Note]:
    """Those of ``comments`` dated after ``since``, or, if none is, those of the newest date.

    They come newest first.
    """
    newer = [note for note in comments if since and note.dated_on > since]
    return newer or [note for note in comments if note.dated_on == comments[0].dated_on]
