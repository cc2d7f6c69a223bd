"""Count the overdue actions of a day by how many days overdue they are."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from irbtrack.domain.figures.age_bands import Aged
from irbtrack.domain.nouns.status import days_overdue
from irbtrack.store.database import Reader
from irbtrack.store.facts import standings
from irbtrack.store.gather import Known


def ages_as_of(
    reader: Reader,
    as_of: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: Known | None = None,
    of_sources: Collection[str | None] = (),
) -> Counter[Aged]:
    """Return how many actions were overdue on a day, by year, group, priority and days overdue.

    They are counted as a tally counts them, and so add up to what it says.
    """
    counts: Counter[Aged] = Counter()
    facts = standings(reader, as_of, by, original, known_at, of_sources)
    for (year, group, priority, stands), n in facts:
        if days := days_overdue(stands, as_of):
            counts[Aged(year, group, priority, days)] += n
    return counts
