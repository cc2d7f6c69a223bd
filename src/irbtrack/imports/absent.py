"""Find the open actions that a sheet leaves out, and close them if that is asked for."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from irbtrack.domain.figures.selection import OPEN_STATUSES
from irbtrack.domain.journal import Change, fold, is_from_file
from irbtrack.domain.nouns.action import Action, Closure, closed, standing
from irbtrack.domain.nouns.status import status_as_of
from irbtrack.domain.tracker.sheet import ROWS_NAMED
from irbtrack.domain.words import natural_order
from irbtrack.errors import listed
from irbtrack.imports.matching import KnownRecords
from irbtrack.register.session import Planned
from irbtrack.store.database import Reader
from irbtrack.store.gather import refs_changed_by


class Absence(NamedTuple):
    """What becomes of the open actions that a sheet leaves out: ``how`` they are closed.

    Without that they are kept, and named unless they are ``kept`` on purpose.
    """

    how: Closure | None = None
    kept: bool = False


def absent_actions(
    reader: Reader,
    register: KnownRecords,
    seen: Iterable[str],
    audits: Iterable[str],
    file: str,
    day: date,
) -> list[str]:
    """Return the actions that are open on a day, and that a sheet could have and hasn't.

    They are of the same ``audits``, or came from a file of the same name before. ``seen`` are the
    actions that it has.
    """
    of_file = set(refs_changed_by(reader, Action.NOUN, lambda why: is_from_file(why, file)))
    there, of_audits = set(seen), set(audits)
    return sorted(
        (
            ref
            for ref, one in register.newest.items()
            if isinstance(one, Action)
            and ref not in there
            and (one.audit in of_audits or ref in of_file)
            and one.raised_on <= day
            and status_as_of(standing(one), day) in OPEN_STATUSES
        ),
        key=natural_order,
    )


def closures(
    register: KnownRecords, absent: Sequence[str], how: Closure, day: date
) -> list[Planned]:
    """Return the changes that close the actions. Raise :class:`Refused` for one that can't be."""
    return [
        Planned(Change(Action.NOUN, ref, day, closed(fold(Action, ref, known), day, how, None)), "")
        for ref, known in zip(absent, register.changes(absent), strict=True)
    ]


def say_absent(absent: Sequence[str], absence: Absence, would: str) -> list[str]:
    """Return the sentence on what a sheet leaves out, or none."""
    if not absent or absence.kept:
        return []
    named = list(absent[:ROWS_NAMED])
    if len(absent) > ROWS_NAMED:
        named.append(f"{len(absent) - ROWS_NAMED:,} more")
    refs = listed(named, "and")
    if absence.how is not None:
        return [f"not in the sheet, and {would}closed as {absence.how}: {refs}"]
    return [
        f"open, and not in the sheet: {refs}; '--absent close --as withdrawn --reason WHY' closes"
        " what a sheet leaves out, '--absent keep' keeps it without a word"
    ]
