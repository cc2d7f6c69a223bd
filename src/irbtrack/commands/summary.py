"""``irbtrack summary``: the report's tables, for any day, beside another day's."""

from collections import Counter
from datetime import date, datetime
from typing import Annotated, NamedTuple

import typer

from irbtrack.commands.options import (
    AsOf,
    By,
    Form,
    KnownAt,
    Original,
    as_of_day,
    grouping,
    known_at_moment,
)
from irbtrack.commands.session import note, session_of
from irbtrack.domain.board import Answer, Block, Kind
from irbtrack.domain.dates import read_date, read_year, say_date
from irbtrack.domain.figures import Told, tally_rows, year_blocks
from irbtrack.domain.records import COUNTED, Audit, Directorate, Officer, Record
from irbtrack.domain.restatement import Snapshot, snapshot_counts
from irbtrack.domain.tally import Counts, tally, unfooted
from irbtrack.errors import Misused
from irbtrack.render import TABLE, put_out
from irbtrack.render.cells import cell_text
from irbtrack.store.counting import counts_as_of
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, names_as_of
from irbtrack.store.published import current_snapshots, published_lines, snapshot_before


def summary(
    ctx: typer.Context,
    year: Annotated[
        list[str] | None,
        typer.Option("--year", metavar="YEAR", help="Of that financial year, as 22/23; all."),
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    compare: Annotated[
        str | None,
        typer.Option(
            "--compare", metavar="DATE", help="The day to compare with; the previous snapshot's."
        ),
    ] = None,
    original: Original = False,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """The report's tables, for any day.

    How many actions are not due, overdue, complete and not allocated, by priority, beside
    the previous snapshot or the day of --compare. JSON and CSV have the other day's rows
    only when --compare asks for them.
    """
    session = session_of(ctx)
    years = [read_year(one) for one in year or ()]
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    grouped = grouping(by)
    other = read_date(compare, session.today, month_end=True) if compare else None
    if other == day:
        raise Misused(f"--compare names {say_date(day)} too; give another day")
    with session.reading() as reader:
        question = Question(reader, grouped, original, moment)
        now = question.told_on(day)
        then = question.told_on(other) if other else question.told_before(day)
        names = group_names(reader, grouped, day, moment)
        restated = not (original or moment) and differs_from_published(reader, day)
    for problem in unfooted(now.tally.figures):
        note(f"warning: {problem}")
    chosen = list(dict.fromkeys(years)) or sorted(
        {*now.tally.years, *(then.tally.years if then else ())}
    )
    both = [now.tally, then.tally] if other and then else [now.tally]
    blocks: list[Block] = []
    for one in chosen:
        blocks += year_blocks(now, then, one, grouped, names)
    data = tally_rows(both, chosen, grouped, names)
    put_out(Answer(data, tuple(blocks) or ("There are no actions.",)), form)
    if restated:
        note(
            f"these are not the figures published for {say_date(day)};"
            f" 'irbtrack snapshot compare {day}' shows what differs"
        )
    if then is None and form in (TABLE, "md"):
        note(
            f"no snapshot before {say_date(day)} to compare with; --compare DATE chooses a day,"
            " and 'irbtrack snapshot take' freezes one"
        )


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

    def told_on(self, day: date) -> Told:
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

    def told_before(self, day: date) -> Told | None:
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

    def _told(self, counts: Counts, day: date, how: str) -> Told:
        priorities = council(self.reader).priorities
        return Told(tally(counts, priorities, day, order=priorities), how)


def say_published(snapshot: Snapshot) -> str:
    """How a snapshot's figures are told."""
    return f"as published for {say_date(snapshot.as_of)}"


NAMED: dict[str, type[Record]] = {"directorate": Directorate, "audit": Audit, "owner": Officer}


def group_names(
    reader: Reader, by: str | None, day: date, known_at: datetime | None = None
) -> dict[str, str]:
    """What the groups of a tally were called on a day, by their codes or references."""
    return names_as_of(reader, NAMED[by], day, known_at) if by in NAMED else {}
