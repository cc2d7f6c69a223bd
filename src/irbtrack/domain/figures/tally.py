"""The tallies of the board report: actions by status and priority, for each year or group.

A tally is worked out from *counts*: how many actions share a year, a group, a status and a
priority. The counts come from the register on any day, or from a snapshot.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from irbtrack.domain.dates import say_date
from irbtrack.domain.nouns.status import COUNTED, Status
from irbtrack.domain.words import read_choice

TOTALS = "Totals"

TALLIED = (*(status.value for status in COUNTED), TOTALS)
"""The figures of a year, in the order of the report's tables."""


def read_tallied(words: Iterable[str]) -> tuple[str, ...]:
    """Return the statuses that are meant, in the order of the report. Raises :class:`Misused`.

    A word may name several, with commas between. ``all`` stands for every one.

    >>> read_tallied(["complete,overdue"])
    ('Overdue', 'Complete')
    """
    named = [one for word in words for one in word.split(",")]
    meant = {read_choice("a status", one, [*TALLIED, "all"]) for one in named}
    return tuple(status for status in TALLIED if meant & {status, "all"})


class Bucket(NamedTuple):
    """What an action is counted under; ``group`` is None in a tally without groups."""

    year: str
    group: str | None
    status: Status
    priority: str


Counts = Mapping[Bucket, int]


class Figure(NamedTuple):
    """One row of a tally: a status, or :data:`TOTALS`, of a year or of a group within it.

    ``total`` counts actions, and ``by_priority`` counts them in the order of the scale.
    ``percent`` is the share of the year's total, a whole number rounded half up. It is 0 in an
    empty year.
    """

    year: str
    group: str | None
    status: str
    total: int
    by_priority: tuple[int, ...]
    percent: int


class Tally(NamedTuple):
    """All figures of one day, ordered by year, group and the report's order of status."""

    as_of: date
    priorities: tuple[str, ...]
    figures: tuple[Figure, ...]

    def group(self, year: str, group: str | None = None) -> tuple[Figure, ...]:
        """Return the five figures of a year or group; all are zero if it has no actions."""
        found = tuple(f for f in self.figures if f.year == year and f.group == group)
        return found or tuple(_group(year, group, {}, self.priorities, 0))

    def groups(self, year: str) -> list[str | None]:
        """Return the groups of a year that have actions, in order."""
        return list(dict.fromkeys(f.group for f in self.figures if f.year == year))

    def figure(self, year: str, status: str, group: str | None = None) -> Figure:
        """Return one figure; it is zero if the year or group has no actions."""
        return next(f for f in self.group(year, group) if f.status == status)

    @property
    def years(self) -> list[str]:
        """Return the years that have actions, in order."""
        return list(dict.fromkeys(f.year for f in self.figures))


def tally(
    counts: Counts, priorities: Sequence[str], as_of: date, order: Sequence[str] = ()
) -> Tally:
    """Return the figures of ``counts``: for each year and group the four statuses, then Totals.

    Closed actions are not counted. Groups come in ``order``, then alphabetically; actions without
    a group come last. A priority that is not on the scale counts in the totals but has no column,
    which :func:`unfooted` then reports.
    """
    counted = {cell: n for cell, n in counts.items() if cell.status in COUNTED and n}
    rank = {name: position for position, name in enumerate(order)}
    in_order = sorted(
        {(cell.year, cell.group) for cell in counted},
        key=lambda at: (at[0], at[1] is None, rank.get(at[1] or "", len(rank)), at[1] or ""),
    )
    year_totals: Counter[str] = Counter()
    for cell, n in counted.items():
        year_totals[cell.year] += n
    by_group: dict[tuple[str, str | None], dict[Bucket, int]] = {at: {} for at in in_order}
    for cell, n in counted.items():
        by_group[cell.year, cell.group][cell] = n
    figures = [
        figure
        for (year, group), cells in by_group.items()
        for figure in _group(year, group, cells, priorities, year_totals[year])
    ]
    return Tally(as_of, tuple(priorities), tuple(figures))


def _group(
    year: str, group: str | None, cells: Counts, priorities: Sequence[str], year_total: int
) -> Iterable[Figure]:
    for status in (*COUNTED, None):
        chosen = Counter[str]()
        for cell, n in cells.items():
            if status is None or cell.status is status:
                chosen[cell.priority] += n
        yield Figure(
            year,
            group,
            TOTALS if status is None else status.value,
            chosen.total(),
            tuple(chosen[priority] for priority in priorities),
            percent(chosen.total(), year_total),
        )


def percent(part: int, whole: int) -> int:
    """Return ``part`` of ``whole`` in per cent, a whole number rounded half up.

    It is 0 if ``whole`` is 0.

    >>> percent(59, 225), percent(1, 8)
    (26, 13)
    """
    return (200 * part + whole) // (2 * whole) if whole else 0


def unfooted(figures: Iterable[Figure]) -> list[str]:
    """Return a sentence for each row whose priorities, or year whose statuses, miss the total.

    The list is empty if all figures foot (DESIGN section 3, 4).
    """
    problems = []
    sums: dict[tuple[str, str | None], tuple[int, ...]] = {}
    for figure in figures:
        where = f"{figure.year} {figure.group or ''}".strip()
        row = (figure.total, *figure.by_priority)
        if sum(figure.by_priority) != figure.total:
            problems.append(
                f"{where}: {figure.status} is {figure.total}, "
                f"but its priorities sum to {sum(figure.by_priority)}"
            )
        at = (figure.year, figure.group)
        if figure.status != TOTALS:
            before = sums.get(at, (0,) * len(row))
            sums[at] = tuple(a + b for a, b in zip(before, row, strict=True))
        elif sums.get(at, row) != row:
            problems.append(f"{where}: the statuses do not sum to the totals")
    return problems


def unsummed(grouped: Tally, whole: Tally) -> list[str]:
    """Return a sentence for each figure of a year that its groups do not sum to.

    The list is empty if all groups sum to their years.
    """
    sums: Counter[tuple[str, str]] = Counter()
    for figure in grouped.figures:
        sums[figure.year, figure.status] += figure.total
    return [
        f"{figure.year}: {figure.status} is {figure.total}, but the groups sum to"
        f" {sums[figure.year, figure.status]}"
        for figure in whole.figures
        if sums[figure.year, figure.status] != figure.total
    ]


def say_shares(figures: Sequence[Figure]) -> str:
    """Say a year in one sentence: its total, and each status with its share of it."""
    *statuses, totals = figures
    if not totals.total:
        return f"{totals.year} has no actions."
    shares = "; ".join(f"{f.total} {f.status.lower()} ({f.percent}%)" for f in statuses)
    noun = "action" if totals.total == 1 else "actions"
    return f"{totals.year} has {totals.total} {noun}: {shares}."


def say_overdue(
    now: Figure, then: Figure, since: date, priorities: Sequence[str], link: str = "since"
) -> str:
    """Say how overdue changed since another day, and what the net figure hides.

    It hides each priority that went another way than the total. ``link`` is "until" if the
    other day is the later one; its figure is then ``now``.
    """
    change = now.total - then.total
    if change:
        way = "rose" if change > 0 else "fell"
        net = f"Overdue {way} by {abs(change)}, from {then.total} to {now.total},"
    else:
        net = f"Overdue is unchanged at {now.total}"
    sentence = f"{net} {link} {say_date(since)}"
    hidden = [
        f"{priority} {'rose' if after > before else 'fell'} by {abs(after - before)}"
        f" ({before} to {after})"
        for priority, before, after in zip(
            priorities, then.by_priority, now.by_priority, strict=True
        )
        if (after - before) * change < 0 or (not change and after != before)
    ]
    return f"{sentence}; within it, {' and '.join(hidden)}." if hidden else f"{sentence}."
