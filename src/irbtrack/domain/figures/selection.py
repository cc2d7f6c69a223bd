"""Which actions a list shows: filters that combine, as a pure function of a day."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.status import COUNTED, Status, days_overdue, status_as_of
from irbtrack.domain.words import read_choice


class Selection(NamedTuple):
    """The filters of a list. An empty set or None lets everything through.

    An action is listed if it passes every filter: it is of one of the years, has one of the
    statuses, and so on. None among ``owners`` stands for actions without an owner. Without
    ``statuses``, closed actions are left out. ``of_sources`` are the audits of the sources that
    are meant, by reference, or None for those of all.
    """

    years: frozenset[str] = frozenset()
    audits: frozenset[str] = frozenset()
    of_sources: frozenset[str] | None = None
    directorates: frozenset[str] = frozenset()
    owners: frozenset[str | None] = frozenset()
    priorities: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    due_before: date | None = None
    due_after: date | None = None
    overdue_by: int | None = None
    text: str | None = None
    unverified: bool = False


OPEN = "Open"
"""The word for every status but complete and closed."""


def read_statuses(words: Iterable[str]) -> frozenset[Status]:
    """Return the statuses that are meant. Raises :class:`Misused`.

    >>> sorted(status.value for status in read_statuses(["open"]))
    ['Not Allocated', 'Not Due', 'Overdue']
    """
    wanted = set[Status]()
    for word in words:
        meant = read_choice("a status", word, [*Status, OPEN])
        if meant == OPEN:
            wanted.update(set(COUNTED) - {Status.COMPLETE})
        else:
            wanted.add(Status(meant))
    return frozenset(wanted)


def selected(
    actions: Iterable[Action], day: date, wanted: Selection, *, original: bool = False
) -> list[Action]:
    """Return those of ``actions`` that pass the filters on ``day``, in the order given.

    With ``original``, overdue is counted by the original due dates. ``overdue_by`` lets through
    what is overdue by that many days or more, and ``unverified`` what is complete but not
    confirmed by audit. ``text`` is looked for in reference, title, detail and progress, whatever
    its case.
    """
    return [action for action in actions if _fits(action, day, wanted, original)]


def _fits(action: Action, day: date, wanted: Selection, original: bool) -> bool:
    stands = standing(action, original=original)
    status = status_as_of(stands, day)
    in_sets = (
        (action.year, wanted.years),
        (action.audit, wanted.audits),
        (action.directorate, wanted.directorates),
        (action.owner, wanted.owners),
        (action.priority, wanted.priorities),
        (status, wanted.statuses),
    )
    if any(chosen and value not in chosen for value, chosen in in_sets):
        return False
    if wanted.of_sources is not None and action.audit not in wanted.of_sources:
        return False
    if status is Status.CLOSED and Status.CLOSED not in wanted.statuses:
        return False
    due_on = action.original_due_on if original else action.due_on
    if wanted.due_before and not (due_on and due_on < wanted.due_before):
        return False
    if wanted.due_after and not (due_on and due_on > wanted.due_after):
        return False
    if wanted.overdue_by is not None and days_overdue(stands, day) < max(wanted.overdue_by, 1):
        return False
    if wanted.unverified and not (status is Status.COMPLETE and action.verified_on is None):
        return False
    words = (action.ref, action.title, action.detail, action.progress)
    asked = (wanted.text or "").casefold()
    return any(asked in (text or "").casefold() for text in words)
