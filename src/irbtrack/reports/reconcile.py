"""Somebody else's list beside the register: what is on one only, and what differs."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.answers import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import FOREVER, say_date
from irbtrack.domain.field import Holds
from irbtrack.domain.figures.reconciliation import (
    FieldDifference,
    Past,
    Reconciliation,
    Register,
    TheirList,
    field_differences,
    reconciliation,
    say_status,
    unknown_reference,
    why_different,
    why_not_ours,
)
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.action import ACTION, Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.officer import Officer
from irbtrack.register.view import View
from irbtrack.store.facts import sources_as_of
from irbtrack.store.gather import entries, people, refs, versions_by
from irbtrack.store.news import news_as_of

COLUMNS = (
    Column("side"),
    Column("ref", "Ref", Kind.CODE),
    Column("field", "Field", Kind.CODE),
    Column("theirs", "Theirs"),
    Column("ours", "Ours"),
    Column("why", "What we know", rank=1),
    Column("row", "Where", Kind.CODE, rank=2),
)

_ON_THEIRS = (
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Title", rank=1),
    Column("why", "Why we don't count it"),
    Column("row", "Where", Kind.CODE, rank=2),
)
_ON_OURS = (
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Title"),
    Column("owner", "Owner", Kind.CODE, rank=1),
    Column("due_on", "Due", Kind.DATE, rank=2),
    Column("why", "Why we count it"),
)
_REPEATED = (Column("ref", "Ref", Kind.CODE), Column("places", "Where"))

_LABELS = {one.name: one.label for one in ACTION}

NEAR_LOOKED_FOR = 100
"""For how many unknown references near ones are looked for. Each look goes through all."""


class Reconciled(NamedTuple):
    """The answer, and whether the two lists agree."""

    answer: Answer
    agree: bool


def reconciled(view: View, theirs: TheirList, wanted: Selection) -> Reconciled:
    """Return how their list and the actions that pass the filters on the day differ.

    The data have a row for each action on one side only, for each field in which an action
    differs, and for each action that is on both and agrees. What stands more than once on their
    list has a row with the field ``ref`` too.
    """
    found = reconciliation(theirs.rows, view.selected(wanted))
    return _Comparison(view, theirs, wanted, found).answered()


class _LeftOut(NamedTuple):
    """An action that is on theirs only: its title on either side, and why we don't count it."""

    ref: str | None
    theirs: str | None
    ours: str | None
    why: str
    place: str


class _Comparison:
    """Two lists beside one another, and what the journal tells of where they differ."""

    def __init__(
        self,
        view: View,
        theirs: TheirList,
        wanted: Selection,
        found: Reconciliation,
    ) -> None:
        self._view, self._list, self._wanted, self._found = view, theirs, wanted, found
        original = self._original = wanted.original
        self._audits = view.names(Audit)
        reader, day, known_at = view.reader, view.day, view.known_at
        self._known = Register(
            self._audits,
            sources_as_of(reader, day, known_at) if wanted.sources else {},
            news_as_of(reader, day, known_at) if wanted.stale is not None else {},
        )
        names = {
            Holds.AUDIT: {ref: [name] for ref, name in self._audits.items()},
            Holds.DIRECTORATE: {ref: [name] for ref, name in view.names(Directorate).items()},
            Holds.OFFICER: _names_of_officers(view),
        }
        self._differing = [
            (action, row, one)
            for action, rows in found.both
            for row in rows
            for one in field_differences(
                row, action, view.day, theirs.fields, names, original=original
            )
        ]
        self._refs = refs(view.reader, Action.NOUN)
        known = {row.ref for row in found.theirs if row.ref} & {*self._refs}
        self._pasts = pasts_of(view, known | {action.ref for action, *_ in self._differing})

    def answered(self) -> Reconciled:
        """Return the answer, and whether the lists agree."""
        repeated = not self._list.text and bool(self._found.repeated)
        agree = not (self._found.theirs or self._found.ours or self._differing or repeated)
        left_out = self._left_out()
        data = Table(COLUMNS, [*self._data(left_out)])
        blocks: list[Block] = [self._headline(agree)]
        rows = [(one.ref, one.ours or one.theirs, one.why, one.place) for one in left_out]
        blocks.append(Table(_ON_THEIRS, rows, f"On theirs only: {len(rows)}"))
        blocks.append(self._ours_only())
        blocks.append(self._differences())
        if repeated:
            twice = [(ref, ", ".join(places)) for ref, places in self._repeated()]
            blocks.append(Table(_REPEATED, twice, f"More than once on theirs: {len(twice)}"))
        return Reconciled(Answer(data, tuple(blocks), self._list.remarks), agree)

    def _left_out(self) -> list[_LeftOut]:
        """Return what is on theirs only, and why we don't count it."""
        found = []
        looked_for = 0
        for row in self._found.theirs:
            past = self._pasts.get(row.ref or "")
            why, ours = row.hint, None
            if past is not None:
                why = why_not_ours(past, self._view.day, self._wanted, self._known)
                ours = past.versions[-1].record.title if past.versions else None
            elif not why:
                among = self._refs if looked_for < NEAR_LOOKED_FOR else ()
                why = unknown_reference(row.ref or "", among)
                looked_for += 1
            theirs = row.typed.get("title")
            found.append(_LeftOut(row.ref, theirs, ours, why or "left out by a filter", row.place))
        return found

    def _ours_only(self) -> Table:
        rows = [
            (
                action.ref,
                action.title,
                action.owner,
                action.original_due_on if self._original else action.due_on,
                self._status(action),
            )
            for action in self._found.ours
        ]
        return Table(_ON_OURS, rows, f"On ours only: {len(rows)}")

    def _status(self, action: Action) -> str:
        return say_status(Past(), action, self._view.day, original=self._original)

    def _differences(self) -> Table:
        rows = [
            (
                "both",
                action.ref,
                _LABELS[one.field],
                _said(one.theirs),
                _said(one.ours),
                self._why(action, one),
                row.place,
            )
            for action, row, one in self._differing
        ]
        title = f"On both, and different: {self._number_differing()}"
        return Table(COLUMNS, rows, title).having(COLUMNS[1:])

    def _why(self, action: Action, one: FieldDifference) -> str | None:
        return why_different(self._pasts[action.ref], one, self._view.day) or None

    def _number_differing(self) -> int:
        return len({action.ref for action, *_ in self._differing})

    def _data(self, left_out: Iterable[_LeftOut]) -> Iterable[tuple[Any, ...]]:
        """Yield the rows for programs, in the order of :data:`COLUMNS`."""
        for out in left_out:
            yield "theirs", out.ref, None, out.theirs, out.ours, out.why, out.place
        for action in self._found.ours:
            yield "ours", action.ref, None, None, action.title, self._status(action), None
        for action, row, one in self._differing:
            why = self._why(action, one)
            yield "both", action.ref, one.field, one.theirs, one.ours, why, row.place
        differing = {action.ref for action, *_ in self._differing}
        for action, rows in self._found.both:
            if action.ref not in differing:
                title = rows[0].typed.get("title")
                yield "both", action.ref, None, title, action.title, None, rows[0].place
        own = {action.ref for action, _ in self._found.both}
        for ref, places in self._repeated():
            side, said = "both" if ref in own else "theirs", ", ".join(places)
            yield side, ref, "ref", said, None, f"stands {len(places)} times on theirs", places[0]

    def _repeated(self) -> list[tuple[str | None, list[str]]]:
        """Return what stands more than once on theirs, and where."""
        return [(rows[0].ref, [row.place for row in rows]) for rows in self._found.repeated]

    def _headline(self, agree: bool) -> str:
        """Return how many are on each side and on both, in a sentence or two."""
        found, both = self._found, len(self._found.both)
        theirs, ours = len(found.theirs) + both, len(found.ours) + both
        compared = " (only references were compared)" if not self._list.fields else ""
        if agree:
            actions = "1 action" if both == 1 else f"{both:,} actions"
            return f"Theirs and ours agree {self._view.said}: {actions} on both{compared}."
        differ = self._number_differing()
        which = f", of which {differ:,} {'differs' if differ == 1 else 'differ'}"
        which = which if both and self._list.fields else ""
        said = (
            f"Theirs has {theirs:,}, ours {ours:,} {self._view.said}: {len(found.theirs):,} on"
            f" theirs only, {len(found.ours):,} on ours only, {both:,} on both{which}{compared}."
        )
        if found.repeated:
            rows = len(self._list.rows)
            what = "mentions" if self._list.text else "rows"
            said += f" In theirs, {theirs:,} actions stand in {rows:,} {what}."
        return said


def _names_of_officers(view: View) -> dict[str, list[str]]:
    """Return what each post is called, and who holds it if that is known, by code."""
    holders = people(view.reader)
    return {
        code: [title, *filter(None, [holders[code].name if code in holders else None])]
        for code, title in view.names(Officer).items()
    }


def _said(value: Any) -> str:
    """Return a value for people: a date in words, and ``nothing`` for none."""
    if value is None:
        return "nothing"
    return say_date(value) if isinstance(value, date) else str(value)


def pasts_of(view: View, asked: Collection[str]) -> dict[str, Past]:
    """Return what the journal has of some actions, by reference, as far as the view knows it.

    What takes effect after the day of the view is among it.
    """
    if not asked:
        return {}
    some = sorted(asked)
    versions = versions_by(view.reader, Action, FOREVER, view.known_at, some)
    recorded = list(entries(view.reader, noun=Action.NOUN, refs=some))
    known = [
        (number, entry)
        for number, entry in recorded
        if view.known_at is None or entry.recorded_at <= view.known_at
    ]
    undone = {entry.undoes for _, entry in known}
    in_force: dict[str, list[tuple[int, Change]]] = {}
    undone_by: dict[str, int] = {}
    for number, entry in known:
        for change in entry.changes:
            if entry.undoes is not None:
                undone_by[change.ref] = number
            elif number not in undone:
                in_force.setdefault(change.ref, []).append((number, change))
    added_by: dict[str, int] = {}
    for number, entry in recorded:
        for change in entry.changes:
            added_by.setdefault(change.ref, number)
    there = {change.ref for _, entry in known for change in entry.changes}
    return {
        ref: Past(
            versions.get(ref, ()),
            in_force.get(ref, ()),
            undone_by.get(ref),
            None if ref in there else added_by.get(ref),
        )
        for ref in asked
    }
