"""``irbtrack undo``: a command taken back, by an entry that says so; nothing is deleted."""

from collections import Counter
from typing import Annotated

import typer

from irbtrack.arguments.asking import needed_reason
from irbtrack.arguments.options import DryRun, ReasonNeeded
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.officer import Person
from irbtrack.domain.words import read_whole
from irbtrack.errors import Refused, listed
from irbtrack.register.session import Planned, Session
from irbtrack.register.undoing import added_by
from irbtrack.store.database import Reader
from irbtrack.store.gather import entries


def undo(
    session: Session,
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
    number = read_whole("the number of an entry", entry, 10**9)
    why = needed_reason(reason)

    def plan(reader: Reader) -> list[Planned]:
        recorded = dict(entries(reader))
        if number not in recorded:
            raise Refused(f"there is no entry {number}; 'irbtrack history' shows their numbers")
        taken_back = recorded[number]
        added = added_by(reader, number, recorded)
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
