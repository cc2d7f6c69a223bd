"""A note: a dated piece of commentary for a section of the report."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self

from irbtrack.domain.dates import PartialDate, say_date, say_partial_date
from irbtrack.domain.field import DROPPED, Field, Holds
from irbtrack.domain.record import Contradiction, Others, Record, not_before
from irbtrack.domain.words import natural_order
from irbtrack.errors import Refused


class Section(StrEnum):
    """The section of the report that a note is for, in the report's order."""

    HEADLINE = "Headline"
    FORWARD = "Forward Look"
    COMMENTARY = "Commentary"
    PROGRESS = "Progress"
    NEXT_STEP = "Next Step"
    THEME = "Theme"


NOTE = (
    Field("ref", "Ref", Holds.REF, ("reference", "id"), fixed=True, given=True),
    Field("section", "Section", Holds.CHOICE, choices=tuple(Section), needed=True, width=14),
    Field("direction", "Direction", Holds.DIRECTION),
    Field("workstream", "Workstream", Holds.WORKSTREAM, width=24),
    Field("milestone", "Milestone", Holds.MILESTONE),
    Field("theme", "Theme", Holds.LINE, width=24),
    Field("text", "Text", Holds.TEXT, ("note", "commentary"), needed=True, width=60),
    Field("dated_on", "Dated", Holds.DATE, ("date",)),
    Field("dated_to", "Dated to the", Holds.CHOICE, choices=("day", "month")),
    Field("board_on", "Board", Holds.DATE, ("board date",)),
    Field("position", "Place", Holds.NUMBER, width=8),
    DROPPED,
)


class Note(Record):
    """A dated piece of text, in Markdown, for a section of the report.

    It is about a direction, a workstream, a milestone, or none of these. ``dated_to`` says how
    closely ``dated_on`` is known: to the ``day`` or only to the ``month``. With ``board_on`` it is
    for that board only. ``position`` is its place in its section, from 1. Commentary has no place,
    because it is ordered by date.
    """

    NOUN: ClassVar[str] = "note"
    ABOUT: ClassVar[str] = "the notes of the report"
    FIELDS: ClassVar[tuple[Field, ...]] = NOTE
    KEY: ClassVar[tuple[str, ...]] = (
        *("section", "direction", "workstream", "milestone", "theme", "text"),
    )

    section: str
    direction: str | None = None
    workstream: str | None = None
    milestone: str | None = None
    theme: str | None = None
    text: str
    dated_on: date
    dated_to: str = "day"
    board_on: date | None = None
    position: int = 0
    dropped_on: date | None = None

    @classmethod
    def numbering(cls, fields: Mapping[str, Any]) -> tuple[str, int]:
        """Give notes references in one row, as in ``N7``."""
        del fields
        return "N", 1

    @classmethod
    def listed(cls, records: Iterable[Any], day: date) -> list[Any]:
        """Return the notes that hold on a day, in the report's order."""
        return in_force(records, day)

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield what doesn't fit the note's section, and impossible days."""
        del others
        yield from self._misfits()
        if before is None and self.dated_on > since:
            yield Contradiction("dated_on", _dated_later(self.dated_on, since))
        new_board = self.board_on if before is None or before.board_on != self.board_on else None
        if new_board is not None and new_board < since:
            yield Contradiction(
                "board_on",
                f"the board of {say_date(new_board)} was before {say_date(since)}, from when the"
                " note would hold; give a later board, or let the note hold from an earlier day",
            )
        yield from not_before("dropped_on", f"{self.ref} is dropped", self.dropped_on, since)

    def _misfits(self) -> Iterator[Contradiction]:
        """Yield what a note of this section lacks, or must not have."""
        about = [self.direction, self.workstream, self.milestone]
        if self.section in (Section.PROGRESS, Section.NEXT_STEP) and self.direction is None:
            yield Contradiction(
                "direction", f"a note of {self.section} is about a direction; name it"
            )
        if self.section == Section.THEME and self.theme is None:
            yield Contradiction("theme", "a note of Theme needs the name of its theme; give it")
        if self.section != Section.THEME and self.theme is not None:
            yield Contradiction(
                "theme",
                f"only a note of Theme has the name of a theme, and this is one of {self.section};"
                " leave the name out",
            )
        if len(about) - about.count(None) > 1:
            yield Contradiction(
                "workstream" if self.workstream else "milestone",
                "a note is about one thing; name a direction or a workstream, not both",
            )
        if self.section == Section.COMMENTARY and not (self.direction or self.milestone):
            yield Contradiction(
                "direction", "Commentary is about a direction or a milestone; name it"
            )
        if self.section != Section.COMMENTARY and self.milestone is not None:
            yield Contradiction("milestone", "only Commentary is about a milestone; leave it out")
        if self.section != Section.COMMENTARY and self.position < 1:
            yield Contradiction("position", "a place is counted from 1; give 1 for the first")


_SECTIONS = {section.value: place for place, section in enumerate(Section)}


def in_force(notes: Iterable[Note], day: date) -> list[Note]:
    """Return the notes that hold on ``day``, in the report's order.

    A note holds until it is dropped. A note for one board holds until the day of that board.
    Notes are ordered by their section and by what they are about. Then commentary is newest
    first, themes are in the order in which they began, and other notes are by their place.
    """
    holding = [
        note
        for note in notes
        if not (note.dropped_on and note.dropped_on <= day)
        and not (note.board_on and note.board_on < day)
    ]
    begun: dict[str | None, int] = {}
    for note in sorted(holding, key=lambda note: natural_order(note.ref)):
        begun.setdefault(note.theme, len(begun))

    def in_order(note: Note) -> tuple[Any, ...]:
        about = natural_order(note.direction or note.milestone or note.workstream or "")
        newest_first = -note.dated_on.toordinal() if note.section == Section.COMMENTARY else 0
        place = (newest_first, note.position, natural_order(note.ref))
        return (_SECTIONS[note.section], about, begun[note.theme], *place)

    return sorted(holding, key=in_order)


def commentary(notes: Iterable[Note], noun: str, ref: str) -> list[Note]:
    """Return the commentary among ``notes`` on a direction or milestone, the newest first.

    Commentary of one date, such as the paragraphs of an old report, is in the order in which it
    was recorded.
    """
    return sorted(
        (n for n in notes if n.section == Section.COMMENTARY and getattr(n, noun) == ref),
        key=lambda note: (-note.dated_on.toordinal(), natural_order(note.ref)),
    )


def comment_date(dated: PartialDate, on: date) -> PartialDate:
    """Return the date of a commentary, unless it is after the day it is recorded for."""
    if dated.day > on:
        raise Refused(_dated_later(dated.day, on))
    return dated


def _dated_later(dated_on: date, since: date) -> str:
    return (
        f"a text dated {say_date(dated_on)} cannot hold from {say_date(since)}, which is earlier;"
        " give it an earlier date, or let it hold from a later day"
    )


LIST_ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s")
"""What begins the line of a list in Markdown."""


def say_comment(note: Note) -> str:
    """Return a commentary with its date, as closely as that is known.

    A list begins a line of its own.
    """
    link = "\n" if LIST_ITEM.match(note.text) else " "
    return f"{say_partial_date(note.dated_on, note.dated_to)} -{link}{note.text}"


def say_comments(notes: Iterable[Note]) -> str:
    """Return commentary, one after the other, each with its date.

    An empty line follows a list. Otherwise the next commentary would belong to its last item.
    """
    said = ""
    for note in notes:
        last_line = said.rpartition("\n")[2]
        said += ("\n\n" if LIST_ITEM.match(last_line) else "\n" if said else "") + say_comment(note)
    return said


def recent(comments: Sequence[Note], since: date | None) -> Sequence[Note]:
    """Return the comments dated after ``since``, or else those of the newest date.

    ``comments`` are newest first, and so is what is returned.
    """
    newer = [note for note in comments if since and note.dated_on > since]
    return newer or [note for note in comments if note.dated_on == comments[0].dated_on]
