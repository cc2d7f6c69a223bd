"""Which actions a list shows: filters that combine, as a pure function of a day."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.status import COUNTED, Status, days_overdue, status_as_of
from irbtrack.domain.words import read_choice


class Selection(NamedTuple):
    """The filters of a list. An empty set or None lets everything through.

    An action is listed if it passes every filter: it is of one of the years, has one of the
    statuses, and so on. None among ``audits``, ``sources`` or ``owners`` stands for actions
    without one. A closed action is left out unless ``statuses``, ``closed_as`` or ``refs`` ask
    for it. ``overdue_by`` and ``overdue_to`` are the least and the most days overdue, and
    ``redated`` is the least number of re-datings. ``stale`` lets through what is open and had no
    news for that many days. ``unverified`` lets through what is complete but not confirmed by
    audit. ``text`` is looked for in reference, title, detail and progress, whatever its case.
    With ``original`` all dates that an action is due are its original ones.
    """

    refs: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    audits: frozenset[str | None] = frozenset()
    sources: frozenset[str | None] = frozenset()
    directorates: frozenset[str] = frozenset()
    owners: frozenset[str | None] = frozenset()
    priorities: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    closed_as: frozenset[str] = frozenset()
    due_before: date | None = None
    due_after: date | None = None
    overdue_by: int | None = None
    overdue_to: int | None = None
    redated: int | None = None
    stale: int | None = None
    text: str | None = None
    unverified: bool = False
    original: bool = False

    @property
    def with_closed(self) -> bool:
        """Whether closed actions are asked for."""
        return Status.CLOSED in self.statuses or bool(self.closed_as or self.refs)


_OF_GROUP = {
    "directorate": "directorates",
    "audit": "audits",
    "owner": "owners",
    "priority": "priorities",
    "source": "sources",
}

GROUPS = tuple(_OF_GROUP)
"""What figures can be grouped by within a year."""


def of_group(wanted: Selection, by: str | None, group: str | None) -> Selection:
    """Return a selection that is narrowed to one group; None is what has no such group.

    ``by`` is what groups are, as in ``--by``. Without it the selection stays as it is.
    """
    narrower: dict[str, Any] = {_OF_GROUP[by]: frozenset({group})} if by else {}
    return wanted._replace(**narrower)


OPEN = "Open"
"""The word for every status but complete and closed."""

OPEN_STATUSES = frozenset(COUNTED) - {Status.COMPLETE}
"""What :data:`OPEN` stands for."""


def read_statuses(words: Iterable[str]) -> frozenset[Status]:
    """Return the statuses that are meant. Raises :class:`Misused`.

    >>> sorted(status.value for status in read_statuses(["open"]))
    ['Not Allocated', 'Not Due', 'Overdue']
    """
    wanted = set[Status]()
    for word in words:
        meant = read_choice("a status", word, [*Status, OPEN])
        wanted.update(OPEN_STATUSES if meant == OPEN else {Status(meant)})
    return frozenset(wanted)


def open_until(day: date, until: date) -> Selection:
    """Return the selection of what is open on ``day`` and due from then to ``until``.

    Both days count.
    """
    return Selection(
        statuses=OPEN_STATUSES,
        due_after=day - timedelta(days=1),
        due_before=until + timedelta(days=1),
    )


NOTHING_KNOWN: Mapping[Any, Any] = MappingProxyType({})


def selected(
    actions: Iterable[Action],
    day: date,
    wanted: Selection,
    *,
    sources: Mapping[str, str] = NOTHING_KNOWN,
    news: Mapping[str, date] = NOTHING_KNOWN,
) -> list[Action]:
    """Return those of ``actions`` that pass the filters on ``day``, in the order given.

    ``sources`` has who made each review, by the audit's reference. ``news`` has the day on which
    progress was last reported, by the action's reference; an action that it lacks had its last
    news when it was raised.
    """
    named: list[tuple[str, frozenset[Any]]] = [
        (field, chosen)
        for field, chosen in (
            ("ref", wanted.refs),
            ("year", wanted.years),
            ("audit", wanted.audits),
            ("directorate", wanted.directorates),
            ("owner", wanted.owners),
            ("priority", wanted.priorities),
            ("closed_as", wanted.closed_as),
        )
        if chosen
    ]
    return [
        action
        for action in actions
        if all(getattr(action, field) in chosen for field, chosen in named)
        and _fits(action, day, wanted, sources, news)
    ]


def _fits(
    action: Action,
    day: date,
    wanted: Selection,
    sources: Mapping[str, str],
    news: Mapping[str, date],
) -> bool:
    status = status_as_of(standing(action, original=wanted.original), day)
    if wanted.statuses and status not in wanted.statuses:
        return False
    if wanted.sources and sources.get(action.audit or "") not in wanted.sources:
        return False
    if status is Status.CLOSED and not wanted.with_closed:
        return False
    if wanted.closed_as and status is not Status.CLOSED:
        return False
    if wanted.unverified and not (status is Status.COMPLETE and action.verified_on is None):
        return False
    if wanted.redated is not None and action.times_redated < wanted.redated:
        return False
    return (
        _is_due(action, day, wanted)
        and _is_stale(action, status, day, wanted, news)
        and has_words(action, wanted.text)
    )


def _is_due(action: Action, day: date, wanted: Selection) -> bool:
    """Return whether its due date, and the days it is overdue, pass the filters."""
    due_on = action.original_due_on if wanted.original else action.due_on
    if wanted.due_before and not (due_on and due_on < wanted.due_before):
        return False
    if wanted.due_after and not (due_on and due_on > wanted.due_after):
        return False
    if wanted.overdue_by is None and wanted.overdue_to is None:
        return True
    days = days_overdue(standing(action, original=wanted.original), day)
    least = max(wanted.overdue_by or 1, 1)
    return least <= days and (wanted.overdue_to is None or days <= wanted.overdue_to)


def has_words(action: Action, text: str | None) -> bool:
    """Return whether an action has some words in one of :data:`TEXTS`, in whatever case."""
    return text is None or has_text((getattr(action, field) for field in TEXTS), text)


def _is_stale(
    action: Action, status: Status, day: date, wanted: Selection, news: Mapping[str, date]
) -> bool:
    """Return whether it is open and had no news for as long as is asked."""
    if wanted.stale is None:
        return True
    heard_on = news.get(action.ref, action.raised_on)
    return status in OPEN_STATUSES and (day - heard_on).days >= wanted.stale


TEXTS = ("ref", "title", "detail", "progress")
"""The fields of an action in which words are looked for."""


def has_text(texts: Iterable[str | None], asked: str | None) -> bool:
    """Return whether any of the texts has what is asked for in it, whatever its case."""
    folded = (asked or "").casefold()
    return any(folded in (one or "").casefold() for one in texts)
