"""What is asked of the actions of a view, the same for every day that is compared."""

from datetime import date
from typing import NamedTuple

from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.restatement import Snapshot, snapshot_counts
from irbtrack.domain.figures.selection import Selection, of_group
from irbtrack.domain.figures.tally import TOTALS, Counts, tally
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.record import Record
from irbtrack.errors import listed
from irbtrack.register.view import View
from irbtrack.reports.tallies import DayTally
from irbtrack.store.counting import counts_as_of
from irbtrack.store.facts import sources_as_of
from irbtrack.store.published import published_lines, snapshot_before


class Question(NamedTuple):
    """What is asked of a view, the same for each day that is compared.

    ``by`` is one of ``GROUPS`` of selections, or None. With ``original`` actions
    are overdue by their original due dates. With ``sources`` only the actions of
    their reviews are counted.
    """

    view: View
    by: str | None = None
    original: bool = False
    sources: tuple[str, ...] = ()

    def told_on(self, day: date) -> DayTally:
        """Return the figures of a day, as the register has them."""
        view = self.view.on(day)
        counts = counts_as_of(
            view.reader,
            day,
            by=self.by,
            original=self.original,
            known_at=view.known_to,
            of_sources=self.sources,
        )
        basis = ", by original due dates" if self.original else ""
        return self._told(counts, day, f"as of {say_date(day)}{basis}{view.known}")

    def told_before(self, day: date) -> DayTally | None:
        """Return the figures of the newest snapshot before ``day``; None if there is none.

        They are as published. But published figures count overdue by the revised due dates, so
        with ``original`` the figures of the snapshot's day are worked out anew.
        """
        snapshot = snapshot_before(self.view.reader, day, self.view.known_to)
        if snapshot is None:
            return None
        if self.original:
            return self.told_on(snapshot.as_of)
        return self.told_in(snapshot)

    def told_in(self, snapshot: Snapshot) -> DayTally:
        """Return the figures of a snapshot, as published."""
        reader = self.view.reader
        counts = snapshot_counts(
            published_lines(reader, snapshot),
            self.by,
            sources=sources_as_of(reader, snapshot.as_of, snapshot.entry),
            of_sources=self.sources,
        )
        return self._told(counts, snapshot.as_of, f"as published for {say_date(snapshot.as_of)}")

    def _told(self, counts: Counts, day: date, how: str) -> DayTally:
        priorities = self.view.council.priorities
        of = f", {listed(self.sources, 'and')} only" if self.sources else ""
        return DayTally(tally(counts, priorities, day, order=priorities), how + of)

    def selection(
        self, year: str, status: str, group: str | None = None, priority: str | None = None
    ) -> Selection:
        """Return what is counted in a figure: that of a status, or of :data:`TOTALS`."""
        wanted = Selection(
            years=frozenset([year]),
            statuses=frozenset() if status == TOTALS else frozenset([Status(status)]),
            priorities=frozenset([priority] if priority else ()),
            sources=frozenset(self.sources),
            original=self.original,
        )
        return of_group(wanted, self.by, group)

    @property
    def names(self) -> dict[str, str]:
        """What the groups were called on the day of the view, by their codes or references."""
        return self.view.names(NAMED[self.by]) if self.by in NAMED else {}


NAMED: dict[str | None, type[Record]] = {
    "directorate": Directorate,
    "audit": Audit,
    "owner": Officer,
}
"""The kinds of record that actions are grouped by."""
