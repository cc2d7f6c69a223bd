"""Count actions in SQL, and work out the status once for each distinct set of facts."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.series import Spell
from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import Standing, status_as_of
from irbtrack.domain.record import Version
from irbtrack.domain.words import natural_order
from irbtrack.store.database import Reader, as_date
from irbtrack.store.gather import names_as_of, records_as_of, versions_by

GROUPS = ("directorate", "audit", "owner", "priority", "source")
"""What a tally can be grouped by within a year."""


def counts_as_of(
    reader: Reader,
    as_of: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: datetime | None = None,
    of_sources: Collection[str] = (),
) -> Counter[Bucket]:
    """Return how many actions stood where on a day, by year, group, status and priority.

    ``by``, one of :data:`GROUPS`, says what a group is. With ``of_sources`` only the actions
    of audits of these are counted. The rows are counted by the facts that the status rule
    needs, and the rule is asked once for each distinct set of facts: a million actions have some
    hundreds of them.
    """
    sources = sources_as_of(reader, as_of, known_at) if of_sources or by == "source" else {}
    audits = {ref for ref, of in sources.items() if of in of_sources} if of_sources else None
    counts: Counter[Bucket] = Counter()
    facts = _facts(reader, as_of, _column(by), original, known_at, audits)
    for (year, group, priority, closed_until, completed, due_on), n in facts.items():
        stands = Standing(as_date(closed_until), completed, as_date(due_on))
        shown = sources.get(group) if by == "source" else group
        counts[Bucket(year, shown, status_as_of(stands, as_of), priority)] += n
    return counts


def spells_between(
    reader: Reader,
    first: date,
    last: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: datetime | None = None,
) -> Counter[Spell]:
    """Return the spells of actions that hold on some day from ``first`` to ``last``.

    The counter says how many actions share each. ``by`` is one of :data:`GROUPS`.
    """
    rows = _spell_rows(reader, first, last, _column(by), original, known_at)
    facts = Counter(row[1:] for row in rows)
    spells = ((_spell(row), n) for row, n in facts.items())
    if by != "source":
        return Counter(dict(spells))
    made_by = _reviewers(reader, known_at)
    counts: Counter[Spell] = Counter()
    for spell, n in spells:
        for part in _by_source(spell, made_by):
            counts[part] += n
    return counts


def listed_spells_between(
    reader: Reader,
    first: date,
    last: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: datetime | None = None,
) -> list[tuple[str, Spell]]:
    """Return the same spells one by one, each with its action's reference, by reference."""
    rows = _spell_rows(reader, first, last, _column(by), original, known_at)
    in_order = sorted(rows, key=lambda row: natural_order(row[0]))
    spells = [(row[0], _spell(row[1:])) for row in in_order]
    if by != "source":
        return spells
    made_by = _reviewers(reader, known_at)
    return [(ref, part) for ref, spell in spells for part in _by_source(spell, made_by)]


def _reviewers(reader: Reader, known_at: datetime | None) -> dict[str, list[Version[Audit]]]:
    """Return the versions of each audit. The first is taken to hold from the first day of all."""
    audits = versions_by(reader, Audit, FOREVER, known_at)
    return {
        ref: [begun._replace(valid_from=date.min), *later]
        for ref, (begun, *later) in audits.items()
    }


def _by_source(spell: Spell, made_by: dict[str, list[Version[Audit]]]) -> Iterable[Spell]:
    """Yield a spell that is grouped by audit as spells by source: it may change in between."""
    if spell.group not in made_by:
        yield spell._replace(group=None)
        return
    for version in made_by[spell.group]:
        begin = max(spell.valid_from, version.valid_from)
        end = min(spell.valid_to, version.valid_to)
        if begin < end:
            yield spell._replace(group=version.record.source, valid_from=begin, valid_to=end)


def _spell(facts: tuple[Any, ...]) -> Spell:
    year, group, priority, closed_until, completed, due_on, valid_from, valid_to = facts
    return Spell(
        year,
        group,
        priority,
        Standing(as_date(closed_until), bool(completed), as_date(due_on)),
        as_date(valid_from) or FOREVER,
        as_date(valid_to) or FOREVER,
    )


def _spell_rows(
    reader: Reader,
    first: date,
    last: date,
    by: str | None,
    original: bool,
    known_at: datetime | None,
) -> Iterable[tuple[Any, ...]]:
    """Return the reference, the facts and the days of every version between two days."""
    if known_at is not None:
        return [
            (
                *(ref, v.record.year, getattr(v.record, by) if by else None, v.record.priority),
                *standing(v.record, original=original),
                *(v.valid_from, v.valid_to),
            )
            for ref, versions in versions_by(reader, Action, last, known_at).items()
            for v in versions
            if v.valid_to > first
        ]
    return reader.rows(
        f"SELECT ref, year, {by or 'NULL'}, priority, {_standing_columns(original)},"
        " valid_from, valid_to FROM action_version"
        " WHERE valid_from <= :last AND :first < valid_to",
        first=first,
        last=last,
        forever=FOREVER,
    )


def _standing_columns(original: bool) -> str:
    """Return the SQL of what :class:`Standing` holds. It has the parameter ``:forever``."""
    due_on = "original_due_on" if original else "due_on"
    return (
        "CASE WHEN closed_on IS NOT NULL THEN COALESCE(expires_on, :forever) END,"
        " completed_on IS NOT NULL,"
        f" CASE WHEN owner IS NOT NULL THEN {due_on} END"
    )


def _column(by: str | None) -> str | None:
    """Return the field of an action that ``by`` groups by. Raises ValueError for another group."""
    if by not in (None, *GROUPS):
        raise ValueError(f"no tally by {by}")
    return "audit" if by == "source" else by


def sources_as_of(reader: Reader, day: date, known_at: datetime | None) -> dict[str, str]:
    """Return who made each review, by the audit's reference."""
    return names_as_of(reader, Audit, day, known_at, field="source")


def _facts(
    reader: Reader,
    as_of: date,
    by: str | None,
    original: bool,
    known_at: datetime | None,
    audits: Collection[str] | None,
) -> Counter[tuple[Any, ...]]:
    """Return how many actions share year, group, priority and what :class:`Standing` holds.

    With ``audits`` only actions of these are counted.
    """
    if known_at is not None:
        return Counter(
            (a.year, getattr(a, by) if by else None, a.priority, *standing(a, original=original))
            for a in records_as_of(reader, Action, as_of, known_at)
            if audits is None or a.audit in audits
        )
    named = dict(enumerate(sorted(audits or ())))
    only = f" AND audit IN ({', '.join(f':audit{n}' for n in named)})" if audits is not None else ""
    return Counter(
        reader.rows(
            f"SELECT year, {by or 'NULL'}, priority, {_standing_columns(original)}"
            f" FROM action_version WHERE valid_from <= :as_of AND :as_of < valid_to{only}",
            as_of=as_of,
            forever=FOREVER,
            **{f"audit{n}": ref for n, ref in named.items()},
        )
    )
