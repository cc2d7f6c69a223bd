"""A figure over time: how many actions stood where on each of several days, in one sweep.

It is worked out from *spells*: the facts of actions, each with the days from which and until
which they held. Within a spell the status changes at most when a closure expires and when the
due date passes. So the rule is asked once for each stretch between, not once for each day.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from irbtrack.domain.dates import FEBRUARY, last_month_end
from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.nouns.status import Standing, status_as_of

QUARTER_MONTHS = (3, 6, 9, 12)
"""The months that end the quarters of the financial year, April to March."""


class Spell(NamedTuple):
    """What an action is counted under, and how it stands, before ``valid_to``.

    It begins on ``valid_from``. ``group`` is None in a tally without groups.
    """

    year: str
    group: str | None
    priority: str
    standing: Standing
    valid_from: date
    valid_to: date


def month_ends(first: date, last: date) -> list[date]:
    """Return the last day of each month from ``first`` to ``last``, both included.

    >>> [day.isoformat() for day in month_ends(date(2023, 1, 31), date(2023, 3, 30))]
    ['2023-01-31', '2023-02-28']
    """
    ends = []
    day = last_month_end(last + timedelta(days=1))
    while day >= first:
        ends.append(day)
        day = last_month_end(day)
    return ends[::-1]


def quarter_ends(first: date, last: date) -> list[date]:
    """Return the last day of each quarter of the financial year, as :func:`month_ends` does."""
    return [day for day in month_ends(first, last) if day.month in QUARTER_MONTHS]


def year_before(last: date) -> date:
    """Return the first day of the year that ends on ``last``.

    >>> year_before(date(2023, 10, 31)).isoformat(), year_before(date(2024, 2, 29)).isoformat()
    ('2022-11-01', '2023-03-01')
    """
    day = last + timedelta(days=1)
    return day.replace(year=day.year - 1, day=min(day.day, 28 if day.month == FEBRUARY else 31))


def stays(spell: Spell, points: Sequence[date]) -> Iterator[tuple[Bucket, int, int]]:
    """Yield under what a spell is counted at some days, which come in order.

    With each bucket are the places of the first day at which it is, and of the first after
    that at which it isn't. Days outside the spell are left out.
    """
    begin, end = bisect_left(points, spell.valid_from), bisect_left(points, spell.valid_to)
    last_days = (spell.standing.closed_until, spell.standing.due_on)
    turns = {bisect_right(points, day, begin, end) for day in last_days if day is not None}
    for first, until in pairwise(sorted({begin, end, *turns})):
        status = status_as_of(spell.standing, points[first])
        yield Bucket(spell.year, spell.group, status, spell.priority), first, until


def series(spells: Mapping[Spell, int], points: Sequence[date]) -> list[Counter[Bucket]]:
    """Return the counts of each of the days ``points``, which come in order.

    ``spells`` says how many actions share each spell.
    """
    changes = [Counter[Bucket]() for _ in (*points, None)]
    for spell, n in spells.items():
        for bucket, first, until in stays(spell, points):
            changes[first][bucket] += n
            changes[until][bucket] -= n
    counts, standing = list[Counter[Bucket]](), Counter[Bucket]()
    for change in changes[:-1]:
        standing.update(change)
        counts.append(+standing)
    return counts


def listed_series(
    spells: Iterable[tuple[str, Spell]], points: Sequence[date]
) -> list[dict[Bucket, list[str]]]:
    """Return the references behind the counts of each day, in the order of ``spells``."""
    lists = [dict[Bucket, list[str]]() for _ in points]
    for ref, spell in spells:
        for bucket, first, until in stays(spell, points):
            for listed in lists[first:until]:
                listed.setdefault(bucket, []).append(ref)
    return lists
