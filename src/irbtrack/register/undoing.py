"""Taking an entry back: whether it can be, and the changes that do it."""

from collections import Counter
from collections.abc import Mapping

from irbtrack.domain.journal import Change, Entry
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.errors import Refused, listed
from irbtrack.register.session import Planned
from irbtrack.store.database import Reader
from irbtrack.store.gather import entries, others_rest_on


def undoing(reader: Reader, number: int) -> list[Planned]:
    """Return the changes that take an entry back.

    Who held a post that is taken back is forgotten. Raises :class:`Refused` if there is no such
    entry, or if it can't be taken back.
    """
    recorded = dict(entries(reader))
    if number not in recorded:
        raise Refused(f"there is no entry {number}; 'irbtrack history' shows their numbers")
    asked = recorded[number]
    added = _added_by(reader, number, recorded)
    refs = {(c.noun, c.ref): c.effective_on for c in asked.changes}
    said = _said(f"entry {number} ({asked.command}) taken back", list(refs))
    return [
        Planned(
            Change(noun, ref, day, {}),
            sentence,
            Person(ref) if noun == Officer.NOUN and (noun, ref) in added else None,
        )
        for ((noun, ref), day), sentence in zip(refs.items(), said, strict=True)
    ]


MOST_SAID = 20
"""How many records an undoing names; of more it says how many of each noun there are."""


def _said(what: str, records: list[tuple[str, str]]) -> list[str]:
    """Return a sentence for each record.

    If there are many, the first sentence is about all of them, and the others are empty.
    """
    if len(records) <= MOST_SAID:
        return [f"{what}: {ref}" for _, ref in records]
    counts = Counter(noun for noun, _ in records)
    told = listed((f"{n:,} {noun}{'s' if n > 1 else ''}" for noun, n in counts.items()), "and")
    return [f"{what}: {told}", *("" for _ in records[1:])]


def _added_by(reader: Reader, number: int, recorded: dict[int, Entry]) -> set[tuple[str, str]]:
    """Return the records, by noun and reference, that an entry was the first to tell of.

    Raises :class:`Refused` if it can't be taken back, because something rests on it.
    """
    asked = recorded[number]
    undone_by = {entry.undoes: later for later, entry in recorded.items()}
    if number in undone_by:
        raise Refused(f"entry {number} was taken back by entry {undone_by[number]} already")
    if asked.undoes is not None:
        raise Refused(f"entry {number} takes another back; record what is right anew instead")
    touched = _touched(asked)
    in_force = {n: e for n, e in recorded.items() if n not in undone_by and e.undoes is None}
    if later := [n for n, entry in in_force.items() if n > number and touched & _touched(entry)]:
        raise Refused(_say_later(number, {n: in_force[n].command for n in reversed(later)}))
    if not any(change.fields for change in asked.changes):
        raise Refused(
            f"entry {number} ({asked.command}) has nothing to take back: what is kept of people is"
            " not in the journal; 'irbtrack officer update' corrects who holds a post"
        )
    if any(change.noun == "snapshot" for change in asked.changes):
        raise Refused(
            f"entry {number} took a snapshot, and what was published stays;"
            " 'irbtrack snapshot take --replace' takes another beside it"
        )
    known_before = {
        (change.noun, change.ref)
        for n, entry in in_force.items()
        if n < number
        for change in entry.changes
    }
    added = {(noun, ref) for noun, ref in touched if (noun, ref) not in known_before}
    if any(others_rest_on(reader, noun, ref, touched) for noun, ref in added):
        raise Refused(
            f"entry {number} ({asked.command}) cannot be taken back, because other records"
            " may rest on it; change what it says instead"
        )
    return added


LATER_NAMED = 10


def _say_later(number: int, later: Mapping[int, str]) -> str:
    """Return the sentence on the later entries, the last first, that stand in the way."""
    named = [f"{n} ({command})" for n, command in later.items()]
    if len(named) == 1:
        return (
            f"entry {named[0]} came later and is about the same; take that back before entry"
            f" {number}"
        )
    if len(named) > LATER_NAMED:
        named[LATER_NAMED:] = [f"{len(named) - LATER_NAMED:,} more"]
    return (
        f"entries {listed(named, 'and')} came later and are about the same; take them back in this"
        f" order before entry {number}"
    )


def _touched(entry: Entry) -> set[tuple[str, str]]:
    """Return the records that an entry is about, by noun and reference.

    A record that was only moved from its place, to make room for another, is left out.
    """
    return {(c.noun, c.ref) for c in entry.changes if c.fields.keys() != {"position"}}
