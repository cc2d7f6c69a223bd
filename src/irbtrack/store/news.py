"""Find out when progress on each action was last reported."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from irbtrack.domain.nouns.action import Action
from irbtrack.store.database import Reader, as_date
from irbtrack.store.gather import Known
from irbtrack.store.narrowing import MOST_NAMED


def news_as_of(
    reader: Reader, day: date, known_at: Known | None = None, only: Sequence[str] = ()
) -> dict[str, date]:
    """Return the day, up to ``day``, on which progress was last reported, by reference.

    ``only`` names the references that are asked about, where they are few; others may be there.

    What counts is a change that gives a progress text or a percentage, by whatever command. An
    action for which none was ever given is left out. With ``known_at``, what was recorded later is
    left out of account.
    """
    known: dict[str, Any] = {} if known_at is None else {"known_at": known_at}
    few = dict(enumerate(only)) if len(only) <= MOST_NAMED else {}
    of_few = f" AND c.ref IN ({', '.join(f':ref{n}' for n in few)})" if few else ""
    so_far = "id > 0"
    if known_at is not None:
        so_far = f"{'id' if isinstance(known_at, int) else 'recorded_at'} <= :known_at"
    # The journal's JSON has no spaces, and a quotation mark within a text has a backslash before
    # it: so these patterns fit only a field that has a value.
    rows = reader.rows(
        "SELECT c.ref, MAX(c.effective_on) FROM change c JOIN entry e ON e.id = c.entry"
        f" WHERE c.noun = :noun AND c.effective_on <= :day AND e.{so_far}{of_few}"
        " AND (c.fields LIKE :told OR (c.fields LIKE :percent AND c.fields NOT LIKE :cleared))"
        f" AND e.id NOT IN (SELECT undoes FROM entry WHERE undoes IS NOT NULL AND {so_far})"
        " GROUP BY c.ref",
        noun=Action.NOUN,
        day=day,
        told='%"progress":"%',
        percent='%"percent_complete":%',
        cleared='%"percent_complete":null%',
        **known,
        **{f"ref{n}": ref for n, ref in few.items()},
    )
    return {ref: heard_on for ref, last in rows if (heard_on := as_date(last))}
