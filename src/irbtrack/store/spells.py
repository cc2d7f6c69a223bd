"""Read spells: how long each action stood so, for figures over time in one sweep."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.series import Spell
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import Standing
from irbtrack.domain.record import Version
from irbtrack.domain.words import natural_order
from irbtrack.store.database import Reader, as_date
from irbtrack.store.facts import column_of, standing_columns
from irbtrack.store.gather import Known, versions_by


def spells_between(
    reader: Reader,
    first: date,
    last: date,
    *,
    by: str | None = None,
    original: bool = False,
    known_at: Known | None = None,
) -> Counter[Spell]:
    """Return the spells of actions that hold on some day from ``first`` to ``last``.

    The counter says how many actions share each. ``by`` is one of :data:`GROUPS`.
    """
    rows = _spell_rows(reader, first, last, column_of(by), original, known_at)
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
    known_at: Known | None = None,
) -> list[tuple[str, Spell]]:
    """Return the same spells one by one, each with its action's reference, by reference."""
    rows = _spell_rows(reader, first, last, column_of(by), original, known_at)
    in_order = sorted(rows, key=lambda row: natural_order(row[0]))
    spells = [(row[0], _spell(row[1:])) for row in in_order]
    if by != "source":
        return spells
    made_by = _reviewers(reader, known_at)
    return [(ref, part) for ref, spell in spells for part in _by_source(spell, made_by)]


def _reviewers(reader: Reader, known_at: Known | None) -> dict[str, list[Version[Audit]]]:
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
    known_at: Known | None,
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
        f"SELECT ref, year, {by or 'NULL'}, priority, {standing_columns(original)},"
        " valid_from, valid_to FROM action_version"
        " WHERE valid_from <= :last AND :first < valid_to",
        first=first,
        last=last,
        forever=FOREVER,
    )
