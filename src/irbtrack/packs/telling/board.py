"""What the sections of a board pack are told from: the register on a day, beside an earlier one."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from irbtrack.domain.figures.bridge import Positions, buckets_of
from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.figures.sentences import Number, Paragraph, Sentence
from irbtrack.domain.figures.tally import TALLIED, TOTALS, Tally, tally
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.note import Note, Section, in_force
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.domain.words import natural_order
from irbtrack.errors import Refused, listed, quoted
from irbtrack.packs.document import Prose, Refs
from irbtrack.packs.settings import Settings
from irbtrack.register.view import View
from irbtrack.reports.movement import Ends, Moved, ends_of, moved_between, positions_in
from irbtrack.reports.narrative import paragraphs
from irbtrack.reports.question import Question
from irbtrack.store.published import snapshot_before

Listed = Mapping[tuple[str, str, str | None], Refs]
"""The references behind figures, by year, status and priority; None stands for all priorities."""


class Board:
    """What the sections of a pack are told from.

    ``view`` is the register on the day of the figures. ``words`` is the same register on the day
    up to which commentary is told: that of the meeting, if it is known. ``annexed`` selects the
    actions of the annex. What several sections tell of is worked out once.
    """

    def __init__(self, view: View, words: View, settings: Settings, annexed: Selection) -> None:
        self.view, self.words, self.settings, self.annexed = view, words, settings, annexed
        self.question = Question(view)

    @cached_property
    def published(self) -> Snapshot | None:
        """The snapshot that the pack is compared with."""
        return snapshot_before(self.view.reader, self.view.day, self.view.known_to)

    @property
    def compared_on(self) -> date | None:
        """The day that the pack is compared with."""
        return self.published.as_of if self.published else None

    @cached_property
    def ends(self) -> Ends | None:
        """The two ends between which figures moved; None without an earlier pack."""
        return ends_of(self.question) if self.published else None

    @cached_property
    def moved(self) -> Moved:
        """Where each action stood at both ends, and the bridges between them."""
        if self.ends is None:
            return Moved([], {}, positions_in(self.question, self.view))
        return moved_between(self.question, self.ends, TALLIED, refs=True)

    @cached_property
    def now(self) -> Tally:
        """The figures of the day."""
        return tally(buckets_of(self.moved.closing), self.priorities, self.view.day)

    @cached_property
    def then(self) -> Tally | None:
        """The figures that they are compared with."""
        day = self.compared_on
        return tally(buckets_of(self.moved.opening), self.priorities, day) if day else None

    @cached_property
    def listed_now(self) -> Listed:
        """The references behind the figures of the day."""
        return listed_behind(self.moved.closing)

    @cached_property
    def listed_then(self) -> Listed:
        """The references behind the figures that they are compared with."""
        return listed_behind(self.moved.opening)

    @cached_property
    def priorities(self) -> tuple[str, ...]:
        """The council's scale of priorities, the highest first."""
        return self.view.council.priorities

    @cached_property
    def years(self) -> list[str]:
        """The years whose audit actions are told, the earliest first.

        Raises :class:`Refused` if one that is asked for has none.
        """
        there = sorted({*self.now.years, *(self.then.years if self.then else ())})
        for year in self.settings.years:
            if year not in there:
                known = f"; there are some of {listed(there, 'and')}" if there else ""
                raise Refused(f"there are no actions of {quoted(year)} to tell of{known}")
        return [year for year in there if year in (self.settings.years or there)]

    @cached_property
    def plans(self) -> list[Workstream]:
        """The plans that are told of.

        Raises :class:`Refused` if one that is asked for isn't there.
        """
        known = self.view.records_or_first(Workstream)
        there = {one.ref: one for depth, one in outline(known.values()) if depth == 0}
        for asked in self.settings.plans:
            if asked not in there:
                codes = f"; there are {listed(there, 'and')}" if there else ""
                raise Refused(f"there is no plan {quoted(asked)} to draw{codes}")
        return [there[code] for code in self.settings.plans or there]

    @cached_property
    def posts(self) -> Mapping[str, str]:
        """The titles of the posts, by their codes."""
        return self.view.names(Officer)

    @cached_property
    def directions(self) -> list[Direction]:
        """The directions as they stood on the day of the figures."""
        return self.view.records(Direction)

    @cached_property
    def _notes(self) -> list[Note]:
        return in_force(self.words.records(Note), self.words.day)

    def notes(self, section: Section, direction: str | None = None) -> list[Note]:
        """Return the notes of a section that hold on the day of the words.

        With a ``direction`` they are those about it.
        """
        return [
            one
            for one in self._notes
            if one.section == section and direction in (None, one.direction)
        ]

    @cached_property
    def _paragraphs(self) -> dict[str, Paragraph]:
        told = paragraphs(self.view, self.years)
        return {one.heading: one for one in told}

    def narrative(self, heading: str) -> list[Prose]:
        """Return what the narrative says under a heading; nothing if it has no such heading."""
        found = self._paragraphs.get(heading)
        return [Prose(tuple(map(_without_commands, found.sentences)))] if found else []


def _without_commands(told: Sentence) -> Sentence:
    """Return a sentence whose numbers have the references behind them, and no command.

    A command names the moment up to which the register is known. A pack is the same however
    that was asked for.
    """
    parts = [
        Number(part.value, "", refs=part.refs, word=part.word) if isinstance(part, Number) else part
        for part in told.parts
    ]
    return Sentence(tuple(parts))


def listed_behind(positions: Positions) -> Listed:
    """Return the references behind each figure of a day, in order."""
    found: dict[tuple[str, str, str | None], list[str]] = {}
    for ref in sorted(positions, key=natural_order):
        at = positions[ref]
        if at.status is not Status.CLOSED:
            for status in (at.status.value, TOTALS):
                for priority in (None, at.priority):
                    found.setdefault((at.year, status, priority), []).append(ref)
    return {place: tuple(refs) for place, refs in found.items()}
