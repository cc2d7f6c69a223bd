"""The report's tables for any day, beside another day's."""

from collections import Counter
from datetime import date, datetime
from typing import NamedTuple

from irbtrack.domain.answers import Kind
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.restatement import Snapshot, snapshot_counts
from irbtrack.domain.figures.tally import Counts, tally
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.status import COUNTED
from irbtrack.domain.record import Record
from irbtrack.render.cell_text import cell_text
from irbtrack.reports.tallies import DayTally
from irbtrack.store.counting import counts_as_of
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, names_as_of
from irbtrack.store.published import current_snapshots, published_lines, snapshot_before


def differs_from_published(reader: Reader, day: date) -> bool:
    """Whether there is a snapshot of that very day, and what is now known is not as it says."""
    snapshot = current_snapshots(reader).get(day)
    if snapshot is None:
        return False
    published = snapshot_counts(published_lines(reader, snapshot), "directorate")
    known = counts_as_of(reader, day, by="directorate")
    return published != Counter({c: n for c, n in known.items() if c.status in COUNTED})


class Question(NamedTuple):
    """What is asked of the register, the same for each day that is compared."""

    reader: Reader
    by: str | None
    original: bool
    known_at: datetime | None

    def told_on(self, day: date) -> DayTally:
        """The figures of a day, as the register has them."""
        counts = counts_as_of(
            self.reader, day, by=self.by, original=self.original, known_at=self.known_at
        )
        how = f"as of {say_date(day)}"
        if self.original:
            how += ", by original due dates"
        if self.known_at:
            how += f", as known on {cell_text(self.known_at, Kind.DATE)}"
        return self._told(counts, day, how)

    def told_before(self, day: date) -> DayTally | None:
        """The figures of the newest snapshot before ``day``; None if there is none.

        They are as published, unless overdue is asked for by the original due dates, which
        is not how they were published: then they are worked out again.
        """
        snapshot = snapshot_before(self.reader, day, self.known_at)
        if snapshot is None:
            return None
        if self.original:
            return self.told_on(snapshot.as_of)
        counts = snapshot_counts(published_lines(self.reader, snapshot), self.by)
        return self._told(counts, snapshot.as_of, say_published(snapshot))

    def _told(self, counts: Counts, day: date, how: str) -> DayTally:
        priorities = council(self.reader).priorities
        return DayTally(tally(counts, priorities, day, order=priorities), how)


def say_published(snapshot: Snapshot) -> str:
    """How a snapshot's figures are told."""
    return f"as published for {say_date(snapshot.as_of)}"


NAMED: dict[str, type[Record]] = {"directorate": Directorate, "audit": Audit, "owner": Officer}


def group_names(
    reader: Reader, by: str | None, day: date, known_at: datetime | None = None
) -> dict[str, str]:
    """What the groups of a tally were called on a day, by their codes or references."""
    return names_as_of(reader, NAMED[by], day, known_at) if by in NAMED else {}
