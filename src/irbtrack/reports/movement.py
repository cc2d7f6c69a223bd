"""Movement: the bridges between two days, as tables, bars and rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.answers import LAST, Answer, Bars, Block, Column, Kind, Stripe, Table, Tone
from irbtrack.domain.dates import last_month_end, say_date
from irbtrack.domain.figures.bridge import (
    BETTER_WHEN,
    CAUSE_WORDS,
    Bridge,
    Cause,
    Position,
    Positions,
    Step,
    movement,
    redated_in_time,
    say_steps,
    unbalanced,
)
from irbtrack.domain.figures.restatement import Snapshot, explains
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.figures.tally import TALLIED, TOTALS
from irbtrack.domain.nouns.action import Action, Closure
from irbtrack.domain.nouns.council import column_name
from irbtrack.domain.nouns.status import COUNTED, Standing, Status
from irbtrack.domain.words import natural_order
from irbtrack.register.snapshots import snapshot_of
from irbtrack.register.view import View
from irbtrack.reports.question import Question
from irbtrack.reports.restatements import restatement_remarks
from irbtrack.reports.tallies import Behind, group_name
from irbtrack.store.facts import sources_as_of
from irbtrack.store.gather import versions_by
from irbtrack.store.positions import positions_as_of
from irbtrack.store.published import changed_since, published_lines, snapshot_before


class Ends(NamedTuple):
    """Where a movement begins and ends, and how the beginning is told.

    ``published`` is the snapshot that it begins with, or None.
    """

    opening: View
    closing: View
    published: Snapshot | None = None

    @property
    def turned(self) -> "Ends":
        """Return the same ends the other way round."""
        return Ends(self.closing, self.opening)

    @property
    def said(self) -> str:
        """Return from when to when it goes, in words."""
        first, last = self.opening, self.closing
        if self.published and first.day == last.day:
            return f"from what was published for {say_date(first.day)} to what is now known of it"
        how = " as published" if self.published else ""
        return f"from {say_date(first.day)}{how} to {say_date(last.day)}{last.known}"


class Moved(NamedTuple):
    """The bridges between two ends, and where each action stood at both."""

    bridges: list[Bridge]
    opening: Positions
    closing: Positions


def ends_of(question: Question, since: date | None = None) -> Ends:
    """Return the ends of a movement up to the day of a question.

    It begins on ``since``. Without that it begins with what was published for the last snapshot
    before that day or, if there is none, on the last month end before it. What was published
    counts by the revised due dates, so by the original ones it begins with what is known now.
    """
    view = question.view
    if since is not None:
        return Ends(view.on(since), view)
    snapshot = snapshot_before(view.reader, view.day, view.known_to)
    if snapshot is None:
        return Ends(view.on(last_month_end(view.day)), view)
    if question.original:
        return Ends(view.on(snapshot.as_of), view)
    return Ends(_published(view, snapshot), view, snapshot)


def _published(view: View, snapshot: Snapshot) -> View:
    """Return the view of a snapshot's day in which its figures are as they were published.

    If no action was changed of that day since, what is known now is what was known then.
    """
    if changed_since(view.reader, snapshot):
        return View(view.reader, snapshot.as_of, snapshot.taken_at, snapshot.entry)
    return view.on(snapshot.as_of)


def ends_of_restatement(view: View, day: date | None = None) -> Ends:
    """Return what was published for a day, and what the view knows of it.

    Without ``day`` it is that of the newest snapshot. Raises :class:`Refused` if there is none.
    """
    snapshot = snapshot_of(view, day)
    return Ends(_published(view, snapshot), view.on(snapshot.as_of), snapshot)


def positions_in(question: Question, view: View) -> dict[str, Position]:
    """Return where each action that a question asks of stands in a view, by reference."""
    return positions_as_of(
        view.reader,
        view.day,
        by=question.by,
        original=question.original,
        known_at=view.known_to,
        of_sources=question.sources,
    )


def _as_published(
    question: Question, snapshot: Snapshot, known: Mapping[str, Position]
) -> dict[str, Position]:
    """Return where each action stood in a snapshot: under what it was counted there.

    ``known`` has where they stood as known then, with the facts that a snapshot doesn't keep, and
    with the closed actions that it doesn't count.
    """
    reader = question.view.reader
    asks = bool(question.by == "source" or question.sources)
    sources = sources_as_of(reader, snapshot.as_of, snapshot.entry) if asks else {}
    found = {ref: one for ref, one in known.items() if one.status is Status.CLOSED}
    for line in published_lines(reader, snapshot):
        source = sources.get(line.audit or "")
        if question.sources and source not in question.sources:
            continue
        by = question.by
        group = None if by is None else source if by == "source" else getattr(line, by)
        stands = known[line.ref].stands if line.ref in known else Standing(None, False, None)
        found[line.ref] = Position(line.year, group, line.priority, Status(line.status), stands)
    return found


def moved_between(
    question: Question, ends: Ends, statuses: Iterable[str] = TALLIED, *, refs: bool = False
) -> Moved:
    """Return the movement of what a question asks. With ``refs`` its ends name their actions."""
    opening, closing = (positions_in(question, end) for end in (ends.opening, ends.closing))
    if ends.published:
        opening = _as_published(question, ends.published, opening)
    days = (ends.opening.day, ends.closing.day)
    priorities = ends.closing.council.priorities
    return Moved(
        movement(opening, closing, days, priorities, statuses, refs=refs), opening, closing
    )


def references_behind(positions: Positions) -> Behind:
    """Return the references behind each figure of a day: of each status, and of the totals."""
    behind: dict[tuple[str, str | None, str], list[str]] = {}
    for ref in sorted(positions, key=natural_order):
        where = positions[ref]
        if where.status in COUNTED:
            for status in (where.status.value, TOTALS):
                behind.setdefault((where.year, where.group, status), []).append(ref)
    return behind


def moves_by_year(question: Question, ends: Ends) -> dict[str, str]:
    """Say what entered and left Overdue between two days, and what left the totals, by year."""
    moved = moved_between(question, ends, (Status.OVERDUE.value, TOTALS))
    said: dict[str, str] = {}
    for one in moved.bridges:
        if one.status == TOTALS:
            sentences = [said[one.year], _say_gone(one, ends.closing)]
            said[one.year] = "\n".join(filter(None, sentences))
        else:
            said[one.year] = say_steps(one)
    return said


def _say_gone(totals: Bridge, closing: View) -> str:
    """Say how many actions were closed since, and as what, and how many were removed."""
    parts = []
    if closed := totals.line(Cause.CLOSED):
        told = versions_by(closing.reader, Action, closing.day, closing.known_to, closed.refs)
        kinds = Counter(str(versions[-1].record.closed_as) for versions in told.values())
        in_order = Counter({kind.value: kinds[kind.value] for kind in Closure})
        said = ", ".join(f"{n} {kind.lower()}" for kind, n in in_order.most_common() if n)
        parts.append(f"{len(closed.refs)} closed since: {said}.")
    if removed := totals.line(Cause.REMOVED):
        parts.append(f"{len(removed.refs)} removed since by undo.")
    return " ".join(parts)


def movement_tables(
    question: Question,
    ends: Ends,
    statuses: Sequence[str] = (Status.OVERDUE.value,),
    years: Iterable[str] = (),
    *,
    refs: bool = False,
    explain: bool = False,
) -> Answer:
    """Return the bridges of each year: how each status got from one end to the other.

    Without ``years`` they are all that have actions. With ``refs`` each line has its references.
    From what was published to what is now known, each has the entries that caused it. With
    ``explain`` people are told the commands that list what is behind each figure.
    """
    moved = moved_between(question, ends, statuses, refs=refs)
    chosen = list(dict.fromkeys(years))
    bridges = [one for one in moved.bridges if not chosen or one.year in chosen]
    causes = _entries_behind(ends, bridges)
    blocks: list[Block] = []
    by, names = question.by, question.names
    shown = [one for one in bridges if any(line.total or line.refs for line in one.lines)]
    priorities = ends.closing.council.priorities
    if by:
        for year, status in dict.fromkeys((one.year, one.status) for one in shown):
            alike = [one for one in shown if (one.year, one.status) == (year, status)]
            blocks.append(_grouped_table(alike, by, names, f"{year} {status}, {ends.said}"))
    else:
        for one in shown:
            blocks += _bridge_blocks(one, ends, priorities, causes, refs=refs)
    if Status.OVERDUE.value in statuses:
        blocks += _slipped(moved, ends, chosen)
    if explain and shown:
        blocks += _explained(question, ends, shown)
    there = {one.year for one in shown}
    blocks += [f"{year} has no actions." for year in chosen if year not in there]
    if not blocks:
        blocks.append("There are no actions.")
    remarks = [f"warning: {problem}" for problem in unbalanced(bridges)]
    if not question.original and ends.closing.day != ends.opening.day:
        remarks += restatement_remarks(question.view, (ends.opening.day, ends.closing.day))
    data = _rows(bridges, by, names, priorities, causes, refs=refs)
    return Answer(data, tuple(blocks), tuple(remarks))


def _explained(question: Question, ends: Ends, bridges: Sequence[Bridge]) -> list[Block]:
    """Return the commands that list what each end and each line of the bridges counts."""
    from irbtrack.reports.explained import Counted, explanation  # only this needs it

    blocks: list[Block] = []
    lines = [(one, line) for one in bridges for line in one.lines]
    for cause, view in ((Cause.OPENING, ends.opening), (Cause.CLOSING, ends.closing)):
        at_the_end = [(one, line) for one, line in lines if line.cause is cause]
        figures = [
            Counted(
                f"{_of(question, one)} {CAUSE_WORDS[cause]}",
                line.total,
                question.selection(one.year, one.status, one.group),
            )
            for one, line in at_the_end
        ]
        blocks.append(explanation(view, figures, f"{CAUSE_WORDS[cause]}, {view.said}"))
    steps = [(one, line) for one in bridges for line in one.causes]
    for removed in (False, True):
        figures = [
            Counted(
                f"{_of(question, one)} {CAUSE_WORDS[line.cause]}",
                len(line.refs),
                Selection(refs=frozenset(line.refs)),
            )
            for one, line in steps
            if (line.cause is Cause.REMOVED) is removed
        ]
        if figures:
            view = _where_they_are(ends, removed=removed)
            blocks.append(explanation(view, figures, f"In between, {view.said}"))
    return blocks


def _where_they_are(ends: Ends, *, removed: bool) -> View:
    """Return the view that has the actions of a line: the later one, unless they were removed."""
    earlier, later = sorted((ends.opening, ends.closing), key=lambda view: view.day)
    return earlier if removed else later


def _of(question: Question, one: Bridge) -> str:
    called = group_name(one.group, question.names) if question.by else None
    return " ".join(filter(None, (one.year, called, one.status)))


def _entries_behind(ends: Ends, bridges: Sequence[Bridge]) -> Mapping[str, list[int]] | None:
    """Return the entries that restated each action, by reference; None of two different days."""
    snapshot = ends.published
    if snapshot is None or ends.opening.day != ends.closing.day:
        return None
    refs = sorted({ref for one in bridges for line in one.causes for ref in line.refs})
    found: dict[str, list[int]] = {}
    for number, entry in ends.closing.entries(refs, Action.NOUN) if refs else ():
        for change in entry.changes:
            if explains(number, change, snapshot, None):
                found.setdefault(change.ref, []).append(number)
    return found


def _behind(line: Step, causes: Mapping[str, list[int]]) -> tuple[int, ...]:
    """Return the entries behind a line that moved actions; there are none behind its ends."""
    if line.cause in (Cause.OPENING, Cause.CLOSING):
        return ()
    return tuple(sorted({number for ref in line.refs for number in causes.get(ref, ())}))


def _rows(
    bridges: Iterable[Bridge],
    by: str | None,
    names: Mapping[str, str],
    priorities: Sequence[str],
    causes: Mapping[str, list[int]] | None,
    *,
    refs: bool,
) -> Table:
    """Return a row for each line: year, status, line, total and each priority, all signed."""
    columns = (
        *([Column(by)] if by else ()),
        *(Column("year"), Column("status"), Column("line")),
        Column("total", kind=Kind.NUMBER),
        *(Column(column_name(p), kind=Kind.NUMBER) for p in priorities),
        *([Column("refs")] if refs else ()),
        *([Column("entries")] if causes is not None else ()),
    )
    rows = [
        (
            *([names.get(one.group or "", one.group) if by == "audit" else one.group][: bool(by)]),
            *(one.year, one.status, line.cause.value, line.total, *line.by_priority),
            *([line.refs] if refs else ()),
            *([_behind(line, causes)] if causes is not None else ()),
        )
        for one in bridges
        for line in one.lines
    ]
    return Table(columns, rows)


def _bridge_blocks(
    one: Bridge,
    ends: Ends,
    priorities: Sequence[str],
    causes: Mapping[str, list[int]] | None,
    *,
    refs: bool,
) -> list[Block]:
    """Return a bridge for people: its table, its bars, and what entered and left."""
    columns = (
        Column("line", one.status),
        Column("total", "Total", Kind.NUMBER),
        *(Column(column_name(p), p, Kind.NUMBER) for p in priorities),
        *([Column("entries", "Entries")] if causes is not None else ()),
        *([Column("refs", "References")] if refs else ()),
    )
    rows = [
        (
            CAUSE_WORDS[line.cause],
            _signed_total(line),
            *(_signed(line, n) for n in line.by_priority),
            *([", ".join(map(str, _behind(line, causes)))] if causes is not None else ()),
            *([" ".join(line.refs)] if refs else ()),
        )
        for line in one.lines
    ]
    title = f"{one.year} {one.status}, {ends.said}"
    said = "" if ends.opening.day > ends.closing.day else say_steps(one)
    table = Table(columns, rows, title, frozenset({0, len(rows) - 1}))
    return [Bars("", _stripes(one), table), *filter(None, [said])]


def _signed_total(line: Step) -> str:
    """Return by how much a line moves a figure, or both ways if they cancel."""
    if not line.total and line.entered:
        return f"+{line.entered} -{line.left}"
    return _signed(line, line.total)


def _signed(line: Step, number: int) -> str:
    if line.cause in (Cause.OPENING, Cause.CLOSING):
        return str(number)
    return f"{number:+}" if number else ""


def _stripes(one: Bridge) -> tuple[Stripe, ...]:
    """Return a bridge as bars, each beginning where the one before it ended."""
    stripes, reached = [], 0
    for line in one.lines:
        at_an_end = line.cause in (Cause.OPENING, Cause.CLOSING)
        begin = 0 if at_an_end else reached
        reached = begin + line.total
        tone = Tone.PLAIN
        if not at_an_end and (better := BETTER_WHEN.get(one.status, 0) * line.total):
            tone = Tone.GOOD if better > 0 else Tone.BAD
        label, text = CAUSE_WORDS[line.cause], _signed_total(line)
        stripes.append(Stripe(label, begin, reached, text, tone))
    return tuple(stripes)


def _grouped_table(
    bridges: Sequence[Bridge], by: str, names: Mapping[str, str], title: str
) -> Table:
    """Return a row for each group: its opening, each cause, and its closing."""
    causes = [c for c in Cause if any(one.line(c) for one in bridges)]
    called = {one.group: group_name(one.group, names) for one in bridges}
    in_order = bridges
    if by != "priority":
        in_order = sorted(bridges, key=lambda one: (one.group is None, called[one.group]))
    rows = [[called[one.group], *_totals(one, causes)] for one in in_order]
    sums = [sum(numbers) for numbers in list(zip(*rows, strict=True))[1:]]
    columns = (
        Column(by, by.capitalize()),
        *(
            Column(
                cause.value,
                CAUSE_WORDS[cause],
                Kind.NUMBER if cause in (Cause.OPENING, Cause.CLOSING) else Kind.CHANGE,
            )
            for cause in causes
        ),
    )
    return Table(columns, [*rows, [TOTALS, *sums]], title, LAST)


def _totals(one: Bridge, causes: Sequence[Cause]) -> list[int]:
    found = {line.cause: line.total for line in one.lines}
    return [found.get(cause, 0) for cause in causes]


SLIPPED_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Title"),
    Column("priority", "Priority", Kind.CODE, rank=1),
    Column("before", "Due then", Kind.DATE),
    Column("after", "Due now", Kind.DATE),
    Column("times_redated", "Re-dated", Kind.NUMBER),
)


def _slipped(moved: Moved, ends: Ends, years: Sequence[str]) -> list[Block]:
    """Return the actions that were re-dated just before they fell due, as a table."""
    first, last = ends.opening, ends.closing
    if first.day >= last.day:
        return []
    found = [
        ref
        for ref in redated_in_time(moved.opening, moved.closing, last.day)
        if not years or moved.closing[ref].year in years
    ]
    if not found:
        return []
    told = versions_by(last.reader, Action, last.day, last.known_to, found)
    rows: list[tuple[Any, ...]] = []
    for ref in found:
        now = told[ref][-1].record
        before = moved.opening[ref].stands.due_on
        rows.append((ref, now.title, now.priority, before, now.due_on, now.times_redated))
    actions = "1 action" if len(found) == 1 else f"{len(found)} actions"
    title = f"{actions} would be overdue if not re-dated: Not Due on both days"
    return [Table(SLIPPED_COLUMNS, rows, title)]
