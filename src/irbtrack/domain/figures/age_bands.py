"""How long actions have been overdue: in bands of days, by priority, for each group."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from irbtrack.domain.words import whole
from irbtrack.errors import Misused, quoted


class Band(NamedTuple):
    """A range of days overdue, with both its ends; ``most`` is None in the last band."""

    least: int
    most: int | None = None

    def holds(self, days: int) -> bool:
        """Return whether a number of days is in the band."""
        return self.least <= days and (self.most is None or days <= self.most)

    def __str__(self) -> str:
        if self.most is None:
            return f"over {self.least - 1}"
        return f"{self.least}-{self.most}" if self.least < self.most else str(self.least)


def bands_up_to(edges: Sequence[int]) -> tuple[Band, ...]:
    """Return the bands that end at each of the edges, and the one above them all.

    >>> [str(band) for band in bands_up_to([30, 90])]
    ['1-30', '31-90', 'over 90']
    """
    ends = zip([0, *edges], [*edges, None], strict=True)
    return tuple(Band(before + 1, most) for before, most in ends)


BANDS = bands_up_to([30, 90, 180, 365])
"""The bands that are used unless others are asked for."""


def read_bands(text: str) -> tuple[Band, ...]:
    """Return the bands whose upper edges are given, as in ``30,90,180``.

    Raise :class:`Misused` unless they are whole numbers from 1 to 99,999 that rise.
    """
    edges = [edge for edge in map(whole, text.split(",")) if edge is not None]
    rising = all(lower < upper for lower, upper in zip([0, *edges], edges, strict=False))
    if len(edges) == len(text.split(",")) and rising and edges[-1] <= 99_999:
        return bands_up_to(edges)
    raise Misused(
        f"{quoted(text)} are not bands; give the last day of each but the oldest, rising, as in"
        " 30,90,180,365"
    )


class Aged(NamedTuple):
    """What an overdue action is counted under; ``days`` is how long it has been overdue."""

    year: str
    group: str | None
    priority: str
    days: int


class AgeFigure(NamedTuple):
    """How many actions are in a band, and how many of each priority in the order of the scale.

    ``band`` is None in the figure of all bands together.
    """

    band: Band | None
    total: int
    by_priority: tuple[int, ...]


class Ageing(NamedTuple):
    """The figures of each group, the worst group first, and those of all groups together.

    They are one for each band, and then one of all bands.
    """

    groups: Mapping[str | None, tuple[AgeFigure, ...]]
    whole: tuple[AgeFigure, ...]


def ageing(counts: Mapping[Aged, int], bands: Sequence[Band], priorities: Sequence[str]) -> Ageing:
    """Return how many overdue actions are in each band.

    The worst group is the one with the most actions in the oldest band and, among equals, the
    one with the most in all. A group without overdue actions isn't there.
    """
    band_of = {days: _band_of(days, bands) for days in {aged.days for aged in counts}}
    cells: defaultdict[str | None, defaultdict[Band | None, Counter[str]]]
    cells = defaultdict(lambda: defaultdict(Counter))
    whole: defaultdict[Band | None, Counter[str]] = defaultdict(Counter)
    for aged, n in counts.items():
        for band in (band_of[aged.days], None):
            cells[aged.group][band][aged.priority] += n
            whole[band][aged.priority] += n
    told = {group: _figures(of_bands, bands, priorities) for group, of_bands in cells.items()}
    in_order = sorted(
        told, key=lambda g: (-told[g][-2].total, -told[g][-1].total, g is None, g or "")
    )
    return Ageing({group: told[group] for group in in_order}, _figures(whole, bands, priorities))


def _band_of(days: int, bands: Sequence[Band]) -> Band:
    return next(band for band in bands if band.holds(days))


def _figures(
    of_bands: Mapping[Band | None, Counter[str]], bands: Sequence[Band], priorities: Sequence[str]
) -> tuple[AgeFigure, ...]:
    figures = []
    for band in (*bands, None):
        own = of_bands.get(band, Counter())
        figures.append(AgeFigure(band, own.total(), tuple(own[one] for one in priorities)))
    return tuple(figures)


def days_of_the_longest(counts: Mapping[Aged, int], number: int) -> int:
    """Return the largest number of days that at least ``number`` actions have been overdue.

    It is 1 if there are fewer actions than that.
    """
    by_days = Counter[int]()
    for aged, n in counts.items():
        by_days[aged.days] += n
    reached = 0
    for days in sorted(by_days, reverse=True):
        reached += by_days[days]
        if reached >= number:
            return days
    return 1
