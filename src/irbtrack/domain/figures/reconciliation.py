"""Reconcile somebody else's list of actions with ours: which are on one only, and why.

Their list has rows, and each row is about one action. Ours are the actions that pass the filters
on a day. An action is on theirs only, on ours only, or on both; on both it may differ in a field
that both have.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from irbtrack.domain.dates import say_date
from irbtrack.domain.field import Field, Holds
from irbtrack.domain.figures.selection import OPEN, OPEN_STATUSES, Selection, has_words
from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.nouns.action import ACTION, Action, standing
from irbtrack.domain.nouns.status import Status, days_overdue, status_as_of
from irbtrack.domain.record import Version
from irbtrack.domain.words import counted, folded
from irbtrack.errors import listed, near

COMPARED = tuple(
    one for one in ACTION if not one.derived and one.holds not in (Holds.REF, Holds.TEXT)
)
"""The fields that are compared. Free texts, such as progress, are everybody's own words."""

_PLACING = ("audit", "year", "title")
"""Fields that say nothing when their cell is empty: the audit may stand in a row above."""


class TheirRow(NamedTuple):
    """What their list says of one action, and where: the ``place`` is a cell or a line.

    ``ref`` is the reference, as the register writes it if it knows it; None if the row has none
    and no action has its audit and title. ``said`` has the values by field, and ``typed`` the
    texts of the cells. ``unread`` has the fields whose cells can't be read, and why. ``hint``
    says why no action is found, where the row itself tells.
    """

    place: str
    ref: str | None
    said: Mapping[str, Any] = {}
    typed: Mapping[str, str] = {}
    unread: Mapping[str, str] = {}
    hint: str = ""


class TheirList(NamedTuple):
    """Somebody else's list: what it is called, its rows, and which fields it has.

    A list that is a ``text`` may name an action as often as it likes. ``remarks`` are sentences
    on how it was read.
    """

    name: str
    rows: tuple[TheirRow, ...]
    fields: frozenset[str] = frozenset()
    text: bool = False
    remarks: tuple[str, ...] = ()


class Reconciliation(NamedTuple):
    """The rows and actions of two lists, each action once on either side or on both.

    ``theirs`` are the first rows of what is on theirs only. ``both`` has the rows of each action
    that is on both, in the order of their list. ``repeated`` has the rows of whatever stands more
    than once on theirs.
    """

    theirs: list[TheirRow]
    ours: list[Action]
    both: list[tuple[Action, list[TheirRow]]]
    repeated: list[list[TheirRow]]


def reconciliation(rows: Iterable[TheirRow], ours: Iterable[Action]) -> Reconciliation:
    """Return which actions are on their list only, on ours only, and on both.

    References are the same in any case. A row without one is an action of its own.
    """
    by_ref: dict[str, list[TheirRow]] = {}
    for n, row in enumerate(rows):
        by_ref.setdefault(f"\0{n}" if row.ref is None else row.ref.casefold(), []).append(row)
    own = {action.ref.casefold(): action for action in ours}
    return Reconciliation(
        [alike[0] for ref, alike in by_ref.items() if ref not in own],
        [action for ref, action in own.items() if ref not in by_ref],
        [(own[ref], alike) for ref, alike in by_ref.items() if ref in own],
        [alike for alike in by_ref.values() if len(alike) > 1],
    )


class Past(NamedTuple):
    """What the journal has of an action: its versions, and the changes that made them.

    The changes are those in force, each with the number of its entry, in the order of recording.
    ``undone_by`` is the entry that took the action back, if it has no versions. ``unknown_by``
    is the entry that added it, if that was recorded later than is looked at.
    """

    versions: Sequence[Version[Action]] = ()
    changes: Sequence[tuple[int, Change]] = ()
    undone_by: int | None = None
    unknown_by: int | None = None

    def ended_by(self, day: date) -> list[Version[Action]]:
        """Return the versions that had come to an end by a day, oldest first."""
        return [version for version in self.versions if version.valid_to <= day]

    def since(self, field: str, action: Action, day: date) -> str:
        """Return the day on which an action got its value of a field, and the entry.

        It had another value before.
        """
        value = getattr(action, field)
        others = [v for v in self.ended_by(day) if getattr(v.record, field) != value]
        return f"{say_date(others[-1].valid_to)}{self.entry_of(field, value, day)}"

    def entry_on(self, field: str, day: date) -> str:
        """Return the entry that changed a field on a day, as :meth:`entry_of` does."""
        found = [n for n, c in self.changes if c.effective_on == day and field in c.fields]
        return f" (entry {found[-1]})" if found else ""

    def entry_of(self, field: str, value: Any, day: date) -> str:
        """Return the entry that last gave a field its value by a day, in brackets after a space.

        It is empty if no change did.
        """
        found = [
            (change.effective_on, n)
            for n, (_, change) in enumerate(self.changes)
            if change.effective_on <= day and field in change.fields
        ]
        if not found:
            return ""
        number, change = self.changes[max(found)[1]]
        return f" (entry {number})" if change.fields[field] == value else ""


class Register(NamedTuple):
    """What is known of a day beside the actions.

    ``audits`` are what audits are called, and ``sources`` who made each review, by reference.
    ``news`` has the day on which progress on an action was last reported.
    """

    audits: Mapping[str, str] = {}
    sources: Mapping[str, str] = {}
    news: Mapping[str, date] = {}


def why_not_ours(past: Past, day: date, wanted: Selection, known: Register) -> str:
    """Return the most telling reason why an action that was recorded doesn't pass the filters.

    It is a phrase such as "complete on 12 October 2023 (entry 7)". It is empty if the action
    passes.
    """
    if not past.versions:
        if past.unknown_by is not None:
            return f"not known yet then; entry {past.unknown_by} added it later"
        taken_back = f" by entry {past.undone_by}" if past.undone_by is not None else ""
        return f"its adding was undone{taken_back}"
    action = version_on(past.versions, day)
    if action is None:
        first = past.versions[0]
        return f"not raised until {say_date(first.valid_from)}{_added(past, first)}"
    if status_as_of(standing(action), day) is Status.CLOSED and not wanted.with_closed:
        return say_status(past, action, day)
    return (
        _elsewhere(past, action, day, wanted, known)
        or _otherwise(past, action, day, wanted)
        or _of_other_days(past, action, day, wanted, known)
    )


def _added(past: Past, first: Version[Action]) -> str:
    number = next((n for n, c in past.changes if c.effective_on == first.valid_from), None)
    return "" if number is None else f" (entry {number})"


def _elsewhere(past: Past, action: Action, day: date, wanted: Selection, known: Register) -> str:
    """Return which filter of a place or a scale an action doesn't pass; empty if it passes."""
    asked: tuple[tuple[str, Collection[Any]], ...] = (
        ("year", wanted.years),
        ("audit", wanted.audits),
        ("directorate", wanted.directorates),
        ("owner", wanted.owners),
        ("priority", wanted.priorities),
    )
    for name, allowed in asked:
        value = getattr(action, name)
        if not allowed or value in allowed:
            continue
        is_so = _of_another(name, value, known.audits)
        was_ours = any(getattr(one.record, name) in allowed for one in past.ended_by(day))
        return f"{is_so} since {past.since(name, action, day)}" if was_ours else is_so
    source = known.sources.get(action.audit or "")
    if wanted.sources and source not in wanted.sources:
        return f"reviewed by another source ({source})" if source else "without an audit"
    return ""


def _of_another(field: str, value: str | None, audits: Mapping[str, str]) -> str:
    if value is None:
        return f"without an {field}"
    if field == "owner":
        return f"owned by {value}"
    return f"of another {field} ({audits.get(value, value) if field == 'audit' else value})"


def _otherwise(past: Past, action: Action, day: date, wanted: Selection) -> str:
    """Return an action's status, and how it came about, unless it is one of those wanted."""
    original = wanted.original
    stands = standing(action, original=original)
    status = status_as_of(stands, day)
    closed_so = status is Status.CLOSED and action.closed_as in wanted.closed_as
    if wanted.closed_as and not closed_so:
        return say_status(past, action, day, original=original)
    if not wanted.statuses or status in wanted.statuses:
        return ""
    if Status.COMPLETE in wanted.statuses and status is not Status.COMPLETE:
        done = [v for v in past.ended_by(day) if v.record.completed_on]
        if done:
            entry = past.entry_of("completed_on", None, day)
            return f"reopened on {say_date(done[-1].valid_to)}{entry}"
    if Status.OVERDUE in wanted.statuses and status is Status.NOT_DUE and stands.due_on:
        if not original and (moved := _redated_away(past, action, day)):
            return moved
        return _not_due_until(stands.due_on, day)
    return say_status(past, action, day, original=original)


def _redated_away(past: Past, action: Action, day: date) -> str:
    """Return the re-dating but for which an action would be overdue; empty if there is none."""
    seen = [v for v in past.versions if v.valid_from <= day and v.record.due_on]
    for before, after in reversed(list(pairwise(seen))):
        was, became = before.record.due_on, after.record.due_on
        if was and became and was != became and was < day:
            entry = past.entry_of("due_on", action.due_on, day) if became == action.due_on else ""
            until = _not_due_until(action.due_on or became, day)
            return (
                f"re-dated on {say_date(after.valid_from)} from {say_date(was)} to"
                f" {say_date(became)}{entry}, so {until}"
            )
    return ""


def _not_due_until(due_on: date, day: date) -> str:
    if due_on == day:
        return f"due on {say_date(day)} itself, which is not overdue"
    return f"not due until {say_date(due_on)}"


def _of_other_days(
    past: Past, action: Action, day: date, wanted: Selection, known: Register
) -> str:
    """Return which of the filters of days, verification and text an action doesn't pass."""
    original = wanted.original
    stands = standing(action, original=original)
    due_on = action.original_due_on if original else action.due_on
    is_due = f"due on {say_date(due_on)}" if due_on else "without a due date"
    if wanted.due_before and not (due_on and due_on < wanted.due_before):
        return f"{is_due}, so not before {say_date(wanted.due_before)}"
    if wanted.due_after and not (due_on and due_on > wanted.due_after):
        return f"{is_due}, so not after {say_date(wanted.due_after)}"
    late = days_overdue(stands, day)
    if wanted.overdue_by is not None or wanted.overdue_to is not None:
        if not late:
            return say_status(past, action, day, original=original)
        if late < (wanted.overdue_by or 1):
            return f"overdue by {counted(late, 'day')} only"
        if wanted.overdue_to is not None and late > wanted.overdue_to:
            return f"overdue by {counted(late, 'day')} already"
    if wanted.redated is not None and action.times_redated < wanted.redated:
        times = {0: "never re-dated", 1: "re-dated only once"}
        return times.get(action.times_redated, f"re-dated only {action.times_redated} times")
    if wanted.stale is not None:
        if status_as_of(stands, day) not in OPEN_STATUSES:
            return say_status(past, action, day, original=original)
        heard_on = known.news.get(action.ref, action.raised_on)
        if (day - heard_on).days < wanted.stale:
            return f"heard of on {say_date(heard_on)}"
    if wanted.unverified and status_as_of(stands, day) is not Status.COMPLETE:
        return say_status(past, action, day, original=original)
    if wanted.unverified and action.verified_on is not None:
        entry = past.entry_of("verified_on", action.verified_on, day)
        return f"verified on {say_date(action.verified_on)}{entry}"
    if not has_words(action, wanted.text):
        return f"without '{wanted.text}' in its reference, title, detail or progress"
    return ""


def say_status(past: Past, action: Action, day: date, *, original: bool = False) -> str:
    """Return an action's status on a day as a phrase, with the date that makes it so.

    The entry that recorded an end is in brackets after it.
    """
    stands = standing(action, original=original)
    status = status_as_of(stands, day)
    if status is Status.CLOSED and action.closed_on:
        entry = past.entry_of("closed_on", action.closed_on, day)
        until = f" until {say_date(action.expires_on)}" if action.expires_on else ""
        return f"closed on {say_date(action.closed_on)} as {action.closed_as}{until}{entry}"
    if status is Status.COMPLETE and action.completed_on:
        entry = past.entry_of("completed_on", action.completed_on, day)
        return f"complete on {say_date(action.completed_on)}{entry}"
    if stands.due_on is None:
        lacking = [
            what
            for what, there in (("owner", action.owner), ("due date", action.due_on))
            if there is None
        ]
        return f"not allocated: no {listed(lacking)}"
    if status is Status.OVERDUE:
        since = say_date(stands.due_on + timedelta(days=1))
        return f"overdue since {since} ({counted(days_overdue(stands, day), 'day')})"
    return _not_due_until(stands.due_on, day)


class FieldDifference(NamedTuple):
    """A field in which a row of theirs differs from ours, and why as far as it is known."""

    field: str
    theirs: Any
    ours: Any
    why: str = ""


def field_differences(
    row: TheirRow,
    action: Action,
    day: date,
    fields: Collection[str],
    names: Mapping[Holds, Mapping[str, Collection[str]]],
    *,
    original: bool = False,
) -> list[FieldDifference]:
    """Return the fields in which a row differs from the action as it stood on a day.

    Only ``fields``, which their list has, are compared. An empty cell differs from a value. But
    what was not revised is due on its original date, a status tells an end without its day, and
    an empty cell for the audit, the year or the title tells nothing. A cell that can't be read is
    not compared, unless it is to name a record. A text that is one of the ``names`` of what ours
    refers to is the same.
    """
    found = []
    for field in COMPARED:
        if field.name not in fields or (field.name in row.unread and not field.holds.noun):
            continue
        ours = _our_value(field, action, day, original)
        theirs = _their_value(field, row, ours)
        text = row.typed.get(field.name, "")
        if _is_named(text, ours, names.get(field.holds, {})) or _same(field, theirs, ours):
            continue
        if theirs is None and _tells_nothing(field, row):
            continue
        found.append(FieldDifference(field.name, theirs, ours, row.unread.get(field.name, "")))
    return found


def _our_value(field: Field, action: Action, day: date, original: bool) -> Any:
    if field.holds is not Holds.STATUS:
        return getattr(action, field.name) or None  # never re-dated is as good as nothing
    status = status_as_of(standing(action, original=original), day)
    return action.closed_as if status is Status.CLOSED else status.value


def _their_value(field: Field, row: TheirRow, ours: Any) -> Any:
    if field.name in row.unread:
        return row.typed.get(field.name) or None
    value = row.said.get(field.name)
    if value is None and field.name == "due_on":
        value = row.said.get("original_due_on")
    if field.holds is Holds.STATUS and value == Status.CLOSED and ours not in set(Status):
        return ours  # it doesn't say how
    return value or None


def _is_named(text: str, ours: Any, names: Mapping[str, Collection[str]]) -> bool:
    """Return whether a text is a name of the record that ours refers to, in any case."""
    return folded(text) in [folded(name) for name in names.get(ours, ())]


def _same(field: Field, theirs: Any, ours: Any) -> bool:
    if field.holds is Holds.STATUS and theirs == OPEN:
        return ours in (Status.NOT_DUE, Status.OVERDUE, Status.NOT_ALLOCATED)
    if isinstance(theirs, str) and isinstance(ours, str):
        return folded(theirs) == folded(ours)
    return bool(theirs == ours)


def _tells_nothing(field: Field, row: TheirRow) -> bool:
    if field.name in _PLACING or field.name == "original_due_on":
        return True
    ends = ("completed_on", "closed_on", "closed_as")
    return field.name in ends and row.said.get("status") is not None


def why_different(past: Past, one: FieldDifference, day: date) -> str:
    """Return since or until when ours had their value of a field; empty if it never had it.

    >>> why_different(Past(), FieldDifference("priority", "High", "Low"), date(2023, 10, 31))
    ''
    """
    if one.why or one.theirs is None or one.field == "status":
        return one.why
    alike = [v for v in past.versions if _alike(getattr(v.record, one.field), one.theirs)]
    before = [v for v in alike if v.valid_to <= day]
    later = [v for v in alike if v.valid_from > day]
    if before:
        ended_on = before[-1].valid_to
        entry = past.entry_on(one.field, ended_on)
        return f"ours was so until {say_date(ended_on - timedelta(days=1))}{entry}"
    if later:
        return f"ours is so from {say_date(later[0].valid_from)} on"
    return ""


def _alike(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, str) and isinstance(theirs, str):
        return folded(ours) == folded(theirs)
    return bool(ours == theirs)


def unknown_reference(asked: str, known: Collection[str]) -> str:
    """Return the phrase for a reference that nothing has, with the near ones of those ``known``.

    >>> unknown_reference("2223/017", ["2223-017", "2122-001"])
    'no such reference; near: 2223-017'
    """
    same = [one for one in known if _letters_and_digits(one) == _letters_and_digits(asked)]
    alike = same or near(asked, _like(asked.casefold(), known))
    return "no such reference" + (f"; near: {', '.join(alike)}" if alike else "")


def _like(asked: str, known: Collection[str]) -> list[str]:
    """Return those that begin or end as a reference does, or all if none does.

    They begin alike up to the last sign between letters or digits, or end alike from there on.
    """
    head, tail = _head(asked), re.split(r"[^a-z0-9]", asked)[-1]
    found = [one for one in known if _head(one.casefold()) == head or one.casefold().endswith(tail)]
    return found or list(known)


def _letters_and_digits(ref: str) -> str:
    """Return what two ways of writing a reference share, without zeros before a number.

    >>> _letters_and_digits("2223-010") == _letters_and_digits("2223/10")
    True
    """
    numbers = re.sub(r"(?<![0-9])0+(?=[0-9])", "", ref.casefold())
    return re.sub(r"[^a-z0-9]", "", numbers)


def _head(ref: str) -> str:
    return re.sub(r"[^a-z0-9][a-z0-9]*$", "", ref)
