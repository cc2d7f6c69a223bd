"""A view: a register on a day, as far as was known by a moment."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from irbtrack.domain.answers import Kind
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.selection import Selection, selected
from irbtrack.domain.journal import Entry
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.record import Record, Version
from irbtrack.render.cell_text import cell_text
from irbtrack.store.database import Reader
from irbtrack.store.facts import sources_as_of
from irbtrack.store.gather import (
    Known,
    as_of_or_first,
    council,
    entries,
    names_as_of,
    recorder_names,
    records_as_of,
    versions_by,
)
from irbtrack.store.narrowing import narrowed
from irbtrack.store.news import news_as_of

R = TypeVar("R", bound=Record)


class View(NamedTuple):
    """The register that is read, the day it is asked for, and how far its journal is read.

    ``known_at`` is a moment, or None for all that is recorded. ``entry`` is the last entry that
    is known, where that is certain: clocks can differ, and entries follow one another. Unless it
    ``says_known``, titles don't say how far it is known, as in a pack, which says it once.
    """

    reader: Reader
    day: date
    known_at: datetime | None = None
    entry: int | None = None
    says_known: bool = True

    @property
    def known_to(self) -> Known | None:
        """How far the journal is read: to the entry, to the moment, or to its end."""
        return self.known_at if self.entry is None else self.entry

    @property
    def council(self) -> Council:
        """The council and its scales, as they are now, as far as is known."""
        return council(self.reader, self.known_to)

    def records(self, kind: type[R]) -> list[R]:
        """Return every record of a kind that was there on the day, by reference."""
        return records_as_of(self.reader, kind, self.day, self.known_to)

    def selected(self, wanted: Selection) -> list[Action]:
        """Return the actions that pass the filters as they stood on the day, by reference."""
        reader, day, known_at = self.reader, self.day, self.known_to
        sources = sources_as_of(reader, day, known_at) if wanted.sources else {}
        actions = records_as_of(reader, Action, day, known_at, narrowed(wanted, day, sources))
        asked = [one.ref for one in actions] if wanted.stale is not None else []
        news = news_as_of(reader, day, known_at, asked) if asked else {}
        return selected(actions, day, wanted, sources=sources, news=news)

    def names(self, kind: type[Record]) -> dict[str, str]:
        """Return what each record of a kind was called on the day, by reference."""
        return names_as_of(self.reader, kind, self.day, self.known_to)

    def records_or_first(self, kind: type[R]) -> dict[str, R]:
        """Return every record as it stood on the day or, if it began later, as it began."""
        return as_of_or_first(self.reader, kind, self.day, self.known_to)

    def versions(self, kind: type[R]) -> dict[str, list[Version[R]]]:
        """Return the versions of each record that had begun by the day, by reference."""
        return versions_by(self.reader, kind, self.day, self.known_to)

    def entries(self, refs: Iterable[str] = (), noun: str | None = None) -> list[tuple[int, Entry]]:
        """Return the entries recorded by the moment, with their numbers.

        They have only those changes that took effect by the day. With ``refs`` or a ``noun``
        they are the entries that changed those records, and have only the changes of those.
        Whoever recorded by a login name is named as the register knows them now.
        """
        names = recorder_names(self.reader)
        return [
            (
                number,
                entry._replace(
                    changes=changes, recorded_by=names.get(entry.recorded_by, entry.recorded_by)
                ),
            )
            for number, entry in entries(self.reader, noun=noun, refs=refs, known_at=self.known_to)
            for changes in [tuple(c for c in entry.changes if c.effective_on <= self.day)]
        ]

    def on(self, day: date) -> "View":
        """Return the same view of another day."""
        return self._replace(day=day)

    @property
    def said(self) -> str:
        """Which day it is of, and how far it is known, in words."""
        return f"as of {say_date(self.day)}{self.known}"

    @property
    def known(self) -> str:
        """How far it is known, in words; nothing if that is all there is."""
        if self.known_at is None or not self.says_known:
            return ""
        return f", as known on {cell_text(self.known_at, Kind.DATE)}"
