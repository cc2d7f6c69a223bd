"""``irbtrack undo``: a command taken back, by an entry that says so; nothing is deleted."""

from collections import Counter
from typing import Annotated

import typer

from irbtrack.commands.options import DryRun, ReasonNeeded
from irbtrack.commands.session import Planned, needed_reason, session_of
from irbtrack.domain.journal import Change, Entry
from irbtrack.domain.records import Person
from irbtrack.domain.words import read_whole
from irbtrack.errors import Refused, listed
from irbtrack.store.database import Reader
from irbtrack.store.gather import entries, others_rest_on


def undo(
    ctx: typer.Context,
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY", help="The entry's number, as history shows it.")
    ],
    reason: ReasonNeeded = None,
    dry_run: DryRun = False,
) -> None:
    """Take an entry back, as if it had not been.

    For what was recorded by mistake. The entry stays in the journal, and so does the undoing
    of it; --known-at a moment before still tells what was known then. Who held a post that
    is taken back is forgotten.
    """
    session = session_of(ctx)
    number = read_whole("the number of an entry", entry, 10**9)
    why = needed_reason(reason)

    def plan(reader: Reader) -> list[Planned]:
        recorded = dict(entries(reader))
        if number not in recorded:
            raise Refused(f"there is no entry {number}; 'irbtrack history' shows their numbers")
        taken_back = recorded[number]
        added = _added_by(reader, number, recorded)
        refs = {(c.noun, c.ref): c.effective_on for c in taken_back.changes}
        said = _said(f"entry {number} ({taken_back.command}) taken back", list(refs))
        return [
            Planned(
                Change(noun, ref, day, {}),
                sentence,
                Person(ref) if noun == "officer" and (noun, ref) in added else None,
            )
            for ((noun, ref), day), sentence in zip(refs.items(), said, strict=True)
        ]

    session.record("undo", plan, reason=why, undoes=number, dry_run=dry_run)


MOST_SAID = 20
"""Of more records than these an undoing says how many of each noun, not which."""


def _said(what: str, records: list[tuple[str, str]]) -> list[str]:
    """A sentence for each record or, of many, one for all and nothing for the others."""
    if len(records) <= MOST_SAID:
        return [f"{what}: {ref}" for _, ref in records]
    counts = Counter(noun for noun, _ in records)
    told = listed((f"{n:,} {noun}{'s' if n > 1 else ''}" for noun, n in counts.items()), "and")
    return [f"{what}: {told}", *("" for _ in records[1:])]


def _added_by(reader: Reader, number: int, recorded: dict[int, Entry]) -> set[tuple[str, str]]:
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
