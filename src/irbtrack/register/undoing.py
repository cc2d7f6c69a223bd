"""Whether an entry can be taken back, and what it was the first to tell of."""

from irbtrack.domain.journal import Entry
from irbtrack.errors import Refused
from irbtrack.store.database import Reader
from irbtrack.store.gather import others_rest_on


def added_by(reader: Reader, number: int, recorded: dict[int, Entry]) -> set[tuple[str, str]]:
    """The records, by noun and reference, that an entry was the first to tell of.

    Raises :class:`Refused` if it cannot be taken back, because something rests on it.
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
        command = in_force[later[-1]].command
        raise Refused(
            f"entry {later[-1]} ({command}) came later and is about the same; take that back"
            f" before entry {number}"
        )
    if not any(change.fields for change in asked.changes):
        raise Refused(
            f"entry {number} ({asked.command}) has nothing to take back: who holds a post is"
            " not in the journal; 'irbtrack officer update' corrects it"
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
    renamed = any(
        c.noun == "audit" and "name" in c.fields and (c.noun, c.ref) in known_before
        for c in asked.changes
    )
    added = {(noun, ref) for noun, ref in touched if (noun, ref) not in known_before}
    if renamed or any(others_rest_on(reader, noun, ref, touched) for noun, ref in added):
        raise Refused(
            f"entry {number} ({asked.command}) cannot be taken back, because other records"
            " may rest on it; change what it says instead"
        )
    return added


def _touched(entry: Entry) -> set[tuple[str, str]]:
    """The records that an entry is about, by noun and reference.

    Of one that it only moved from its place, to make room for another, it is not.
    """
    return {(c.noun, c.ref) for c in entry.changes if c.fields.keys() != {"position"}}
