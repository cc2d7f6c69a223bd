"""Count the actions of a day for its tally."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.nouns.status import status_as_of
from irbtrack.store.database import Reader
from irbtrack.store.facts import standings
from irbtrack.store.gather import Known


def counts_as_of(
    reader: Reader,
    as_of: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: Known | None = None,
    of_sources: Collection[str | None] = (),
) -> Counter[Bucket]:
    """Return how many actions stood where on a day, by year, group, status and priority.

    ``by``, one of :data:`irbtrack.domain.figures.selection.GROUPS`, says what a group is. With
    ``of_sources`` only the actions of audits of these are counted.
    """
    counts: Counter[Bucket] = Counter()
    facts = standings(reader, as_of, by, original, known_at, of_sources)
    for (year, group, priority, stands), n in facts:
        counts[Bucket(year, group, status_as_of(stands, as_of), priority)] += n
    return counts
