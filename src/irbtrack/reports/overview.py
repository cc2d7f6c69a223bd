"""The overview: the few figures that one looks at first, each with what is behind it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from irbtrack.domain.answers import LAST, Answer, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.forward import STALE_AFTER, Due, due_between, stale
from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.domain.figures.selection import open_until
from irbtrack.domain.figures.tally import TOTALS, Tally, unfooted
from irbtrack.domain.nouns.direction import Direction, trend_of
from irbtrack.domain.nouns.milestone import Milestone, in_plan, is_late
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.rating import TREND_SIGNS, Rag, Trend, say_rag
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.words import counted
from irbtrack.register.view import View
from irbtrack.render.cell_text import text_width, wrapped
from irbtrack.reports.direction import Compared, comments_on, compared_with
from irbtrack.reports.question import Question
from irbtrack.reports.restatements import restatement_remarks
from irbtrack.store.integrity import broken_links
from irbtrack.store.published import current_snapshots


class Fact(NamedTuple):
    """A figure: what it counts, of what, and the references behind it where they are few.

    ``change`` is since the last snapshot. ``high`` counts those of the highest priority, and
    is of actions only. ``says`` is the same for people, and empty for what has a table.
    """

    figure: str
    of: str | None
    number: int | None
    change: int | None = None
    high: int | None = None
    high_change: int | None = None
    refs: tuple[str, ...] = ()
    says: str = ""


DAYS_AHEAD = 30
"""How far ahead the overview looks for what falls due."""


def overview_tables(view: View) -> Answer:
    """Return overdue actions by year, and how all else stands, each beside the last snapshot."""
    day, question = view.day, Question(view)
    now, then = question.told_on(day), question.told_before(day)
    directions, milestones = view.records(Direction), in_plan(view.records(Milestone))
    compared, comments = compared_with(view, None), comments_on(view, directions)
    until = day + timedelta(days=DAYS_AHEAD)
    ahead = due_between(
        view.selected(open_until(view.day, until)), milestones, directions, day, until
    )
    counted = overdue(now.tally, then.tally if then else None)
    told = {
        f"Due in {DAYS_AHEAD} days": due_soon(ahead),
        "Past their date": late(milestones, directions, day),
        "Directions": by_rag(directions),
        "Moved": moved(directions, compared),
        f"No commentary for {STALE_AFTER} days": gone_stale(directions, comments, day),
        "Last snapshot": last_snapshot(current_snapshots(view.reader, view.known_to).values(), day),
    }
    if wrong := found_wrong(view, now.tally):
        told["Check"] = wrong
    facts = [*counted, *(fact for several in told.values() for fact in several)]
    data = Table(tuple(Column(name) for name in Fact._fields), facts)
    title = f"{view.council.name} {view.said}"
    if then:
        title += f"; change since {say_date(then.tally.as_of)}"
    table = overdue_table(counted, view.council.priorities[0], title)
    kept = data.having([c for c in data.columns if c.name != "says"])
    remarks = restatement_remarks(view, [then.tally.as_of]) if then else []
    return Answer(kept, (table, standing_table(told)), tuple(remarks))


def overdue(now: Tally, then: Tally | None) -> list[Fact]:
    """Return how many actions are overdue, for each year and in all, beside the last snapshot."""
    years = sorted({*now.years, *(then.years if then else ())})
    rows = [_overdue_of(year, now, then) for year in years]
    changes = [r.change for r in rows if r.change is not None]
    high_changes = [r.high_change for r in rows if r.high_change is not None]
    totals = Fact(
        "overdue",
        TOTALS,
        sum(row.number or 0 for row in rows),
        sum(changes) if then else None,
        sum(row.high or 0 for row in rows),
        sum(high_changes) if then else None,
    )
    return [*rows, totals]


def _overdue_of(year: str, now: Tally, then: Tally | None) -> Fact:
    here = now.figure(year, Status.OVERDUE)
    there = then.figure(year, Status.OVERDUE) if then else None
    return Fact(
        "overdue",
        year,
        here.total,
        here.total - there.total if there else None,
        here.by_priority[0],
        here.by_priority[0] - there.by_priority[0] if there else None,
    )


def due_soon(ahead: Sequence[Due]) -> list[Fact]:
    """Return how many actions, milestones and directions are due."""
    return [
        Fact("due", noun, len(refs), refs=refs, says=counted(len(refs), noun))
        for noun in ("action", "milestone", "direction")
        for refs in [tuple(one.ref for one in ahead if one.noun == noun)]
    ]


def late(milestones: Iterable[Milestone], directions: Iterable[Direction], day: date) -> list[Fact]:
    """Return the milestones and directions whose date has passed without completion."""
    passed = {
        Milestone.NOUN: [one.ref for one in milestones if is_late(one, day)],
        Direction.NOUN: [
            one.ref
            for one in directions
            if one.target_on and one.target_on < day and one.rag != Rag.COMPLETE
        ],
    }
    facts = []
    for noun, refs in passed.items():
        says = counted(len(refs), noun)
        if refs:
            says += f" ({_named(refs)})"
            if len(refs) > FEW:
                says += f": {LISTED[noun]}"
        facts.append(Fact("late", noun, len(refs), refs=tuple(refs), says=says))
    return facts


FEW = 5
"""How many of the references behind a figure are named; a command lists the others."""

LISTED = {
    Milestone.NOUN: "'irbtrack milestone list --late'",
    Direction.NOUN: "'irbtrack direction list'",
}


def _named(names: Sequence[str]) -> str:
    return ", ".join([*names[:FEW], *(["..."] if len(names) > FEW else [])])


def by_rag(directions: Iterable[Direction]) -> list[Fact]:
    """Return how many directions have each RAG.

    Those without a RAG are counted only if there are any.
    """
    there = list(directions)
    facts = []
    for rag in (*Rag, None):
        refs = tuple(one.ref for one in there if one.rag == rag)
        if refs or rag:
            says = f"{len(refs)} {say_rag(rag).lower()}"
            facts.append(Fact("directions", rag, len(refs), refs=refs, says=says))
    return facts


def moved(directions: Iterable[Direction], compared: Compared) -> list[Fact]:
    """Return the directions whose trend since the last snapshot is up or down, one for each."""
    facts = []
    for one in directions:
        then = compared.then.get(one.ref)
        trend, overruled = trend_of(one, then, compared.day)
        if trend in (Trend.UP, Trend.DOWN):
            was = then.rag if then else None
            how = "an officer's word" if overruled else f"{was} to {one.rag}"
            says = f"{one.ref} {TREND_SIGNS[trend]} {how}"
            facts.append(Fact("moved", trend, 1, refs=(one.ref,), says=says))
    return facts


def gone_stale(
    directions: Iterable[Direction], comments: Mapping[str, Sequence[Note]], day: date
) -> list[Fact]:
    """Return the directions of which nothing was said for too long, one for each.

    ``number`` is how many days ago that was, None if nothing ever was said.
    """
    facts = []
    for one, dated in stale(directions, comments, day):
        days = (day - dated).days if dated else None
        says = f"{one.ref} ({days} days)" if dated else f"{one.ref} (none yet)"
        facts.append(Fact("stale", one.ref, days, refs=(one.ref,), says=says))
    return facts


def last_snapshot(taken: Iterable[Snapshot], day: date) -> list[Fact]:
    """Return the newest snapshot of a day up to ``day``, if there is one."""
    last = max((s for s in taken if s.as_of <= day), key=lambda s: s.as_of, default=None)
    if last is None:
        return []
    label = f", {last.label}" if last.label else ""
    says = f"{say_date(last.as_of)}{label}, taken on {say_date(last.taken_at.astimezone().date())}"
    return [Fact("snapshot", last.as_of.isoformat(), 1, says=says)]


def found_wrong(view: View, now: Tally) -> list[Fact]:
    """Return how many errors the quick part of ``irbtrack check`` finds, if there are any.

    Those are figures that don't foot, and entries that don't have the digest of the one before.
    """
    number = len(unfooted(now.figures)) + len(broken_links(view.reader))
    if not number:
        return []
    says = f"{counted(number, 'error')}: 'irbtrack check' says what is wrong"
    return [Fact("check", "error", number, says=says)]


LONGEST_LABEL = 40

WIDEST = 93
"""How many columns the second cell of a row takes, so that a page of 120 holds both."""


def overdue_table(facts: list[Fact], high: str, title: str) -> Table:
    """Return the overdue actions by year, with the change since the last snapshot if any.

    ``high`` is the name of the highest priority, which is left unsaid if it is very long.
    """
    columns = (
        Column("of", "Overdue", Kind.CODE),
        Column("number", "Total", Kind.NUMBER),
        Column("change", "Change", Kind.CHANGE),
        Column("high", high if text_width(high) <= LONGEST_LABEL else "Highest", Kind.NUMBER),
        Column("high_change", "Change", Kind.CHANGE),
    )
    rows = [(f.of, f.number, f.change, f.high, f.high_change) for f in facts]
    table = Table(columns, rows, title, LAST)
    compared = any(fact.change is not None for fact in facts)
    return table if compared else table.having([c for c in columns if c.kind is not Kind.CHANGE])


ONE_EACH = ("moved", "stale")
"""The figures that have a fact for each direction."""


def standing_table(told: Mapping[str, Sequence[Fact]]) -> Table:
    """Return how all else stands, by what it is called; a long cell is broken into lines."""
    rows = [(what, "\n".join(_said(facts))) for what, facts in told.items()]
    return Table((Column("figure", "Also"), Column("says", "As it stands")), rows)


def _said(facts: Sequence[Fact]) -> list[str]:
    """Return what is said of facts, in one line if that is short."""
    parts = [fact.says for fact in facts]
    whole = ", ".join(parts) or "none"
    if text_width(whole) <= WIDEST:
        return [whole]
    if facts[0].figure in ONE_EACH:
        parts = [f"{len(facts)} directions: {_named(parts)}", LISTED[Direction.NOUN]]
    return [line for part in parts for line in wrapped(part, WIDEST)]
