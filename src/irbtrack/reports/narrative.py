"""The narrative: what the report says of its figures in sentences, each with its numbers."""

from collections.abc import Iterable, Iterator
from datetime import date

from irbtrack.domain.answers import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.bridge import Bridge, Cause, Step, buckets_of, redated_in_time
from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.figures.sentences import (
    Number,
    Paragraph,
    Part,
    Sentence,
    plural,
    sentence,
    series_of,
)
from irbtrack.domain.figures.tally import TOTALS, tally
from irbtrack.domain.journal import moment_text
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit, AuditStatus
from irbtrack.domain.nouns.direction import Direction, trend_of
from irbtrack.domain.nouns.rating import RAG_NAMES, Rag, Trend
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.words import natural_order
from irbtrack.register.view import View
from irbtrack.reports.direction import Compared, compared_with
from irbtrack.reports.explained import listing_command
from irbtrack.reports.movement import (
    Ends,
    Moved,
    ends_of,
    moved_between,
    positions_in,
    references_behind,
)
from irbtrack.reports.question import Question
from irbtrack.reports.restatements import restatement_remarks
from irbtrack.reports.tallies import Behind
from irbtrack.store.gather import versions_by
from irbtrack.store.published import snapshot_before

DATA_COLUMNS = (
    *(Column("section"), Column("sentence"), Column("number", kind=Kind.NUMBER)),
    *(Column("command"), Column("row"), Column("field"), Column("refs")),
)


NO_NUMBER: tuple[None] = (None,)


def narrative_of(
    view: View,
    years: Iterable[str] = (),
    compared_on: date | None = None,
    *,
    refs: bool = False,
    explain: bool = False,
) -> Answer:
    """Return what the report says in words: of each year, of the audit plan, of the directions.

    It compares with ``compared_on`` or, without it, with what was published before. Programs get
    a row for each number, with the command that gives it. With ``refs`` people are shown the
    references behind each, and with ``explain`` the commands.
    """
    told = paragraphs(view, years, compared_on)
    rows = [
        (
            paragraph.heading,
            one.text,
            *(
                (
                    number.value,
                    f"irbtrack {number.command}",
                    " ".join(f"{field}={value or ''}" for field, value in number.row) or None,
                    number.field or None,
                    number.refs,
                )
                if number
                else (None,) * 5
            ),
        )
        for paragraph in told
        for one in paragraph.sentences
        for number in (one.numbers or NO_NUMBER)
    ]
    blocks: list[Block] = []
    for paragraph in told:
        blocks.append(f"{paragraph.heading}\n{paragraph.text}")
        if refs or explain:
            blocks.append(_behind_table(paragraph, refs=refs, explain=explain))
    day = compared_on or (snapshot.as_of if (snapshot := _published_before(view)) else None)
    remarks = restatement_remarks(view, [day] if day else [])
    return Answer(Table(DATA_COLUMNS, rows), tuple(blocks), tuple(remarks))


def _published_before(view: View) -> Snapshot | None:
    return snapshot_before(view.reader, view.day, view.known_to)


def _behind_table(paragraph: Paragraph, *, refs: bool, explain: bool) -> Table:
    columns = (
        Column("number", "Number", Kind.NUMBER),
        *([Column("refs", "References")] if refs else ()),
        *([Column("command", "The command that gives it", Kind.CODE)] if explain else ()),
    )
    rows = [
        (
            number.value,
            *([" ".join(number.refs or ())] if refs else ()),
            *([f"irbtrack {number.command}"] if explain else ()),
        )
        for one in paragraph.sentences
        for number in one.numbers
        if explain or number.refs
    ]
    return Table(columns, rows)


def paragraphs(
    view: View, years: Iterable[str] = (), compared_on: date | None = None
) -> list[Paragraph]:
    """Return the paragraphs of the report, each number in them with its question.

    Without ``years`` they are of all that have actions.
    """
    question = Question(view)
    ends = None
    if compared_on or _published_before(view):
        ends = ends_of(question, compared_on)
    year = _Year(question, ends)
    chosen = list(dict.fromkeys(years)) or year.there
    told = [Paragraph(f"Internal audit actions of {one}", tuple(year.said(one))) for one in chosen]
    if not told:
        told.append(Paragraph("Internal audit actions", (sentence("There are no actions."),)))
    told += [
        Paragraph(f"The audit plan of {one}", said)
        for one in chosen
        if (said := tuple(_audit_plan(view, one)))
    ]
    if said := tuple(_directions(view, compared_with(view, compared_on))):
        told.append(Paragraph("Directions", said))
    if ends is None:
        first = "This is the first report: there is no earlier one to compare with."
        told.append(Paragraph("Comparison", (sentence(first),)))
    return told


_STATUS_WORDS = {
    Status.COMPLETE: "complete",
    Status.OVERDUE: "overdue",
    Status.NOT_DUE: "not due",
    Status.NOT_ALLOCATED: "not allocated",
}
"""The statuses in the order in which they are told."""

_ENTERED = {
    Cause.RAISED: (" was raised and is overdue", " were raised and are overdue"),
    Cause.NEWLY_OVERDUE: (" became overdue", " became overdue"),
    Cause.REOPENED: (" was reopened", " were reopened"),
    Cause.REDATED: (
        " was re-dated to a day that has passed",
        " were re-dated to days that have passed",
    ),
    Cause.ALLOCATED: (
        " was allocated with a date that has passed",
        " were allocated with dates that have passed",
    ),
    Cause.EXPIRED: (
        " is back because the acceptance of its risk expired",
        " are back because the acceptance of their risk expired",
    ),
    Cause.MOVED_IN: (" was moved here from another year", " were moved here from another year"),
}
_LEFT = {
    Cause.COMPLETED: (" was completed", " were completed"),
    Cause.CLOSED: (" was closed", " were closed"),
    Cause.REDATED: (" was re-dated", " were re-dated"),
    Cause.DEALLOCATED: (" has lost its owner or its date", " have lost their owner or their date"),
    Cause.MOVED_OUT: (" was moved to another year", " were moved to another year"),
    Cause.REMOVED: (" was removed by undo", " were removed by undo"),
}
_CHANGED_TOTAL = {
    Cause.RAISED: (" was raised", " were raised"),
    Cause.REOPENED: (" was opened again", " were opened again"),
    Cause.EXPIRED: _ENTERED[Cause.EXPIRED],
    Cause.MOVED_IN: _ENTERED[Cause.MOVED_IN],
    Cause.MOVED_OUT: _LEFT[Cause.MOVED_OUT],
    Cause.REMOVED: _LEFT[Cause.REMOVED],
}
"""What is said of one action, and of several, that a cause moved."""


TOLD = (Status.OVERDUE.value, TOTALS)
"""The figures whose movement is told."""


class _Year:
    """What is said of the actions of a year, beside those of an earlier day."""

    def __init__(self, question: Question, ends: Ends | None) -> None:
        self._question, self._ends = question, ends
        if ends is None:
            self._moved = Moved([], {}, positions_in(question, question.view))
        else:
            self._moved = moved_between(question, ends, TOLD, refs=True)
        self._behind: Behind = references_behind(self._moved.closing)
        priorities = question.view.council.priorities
        self._now = tally(buckets_of(self._moved.closing), priorities, question.view.day)

    @property
    def there(self) -> list[str]:
        """The years that have actions, or had them at the opening."""
        return sorted({*self._now.years, *(one.year for one in self._moved.bridges)})

    def said(self, year: str) -> Iterator[Sentence]:
        """Yield the sentences of a year."""
        yield self._standing(year)
        if self._ends is not None:
            bridges = {one.status: one for one in self._moved.bridges if one.year == year}
            if bridges:
                yield from self._overdue(bridges[Status.OVERDUE.value], self._ends)
                yield from self._totals(bridges[TOTALS], self._ends)
        yield from self._not_allocated(year)

    def _count(self, year: str, status: str) -> Number:
        refs = tuple(self._behind.get((year, None, status), ()))
        command = listing_command(self._question.selection(year, status), self._question.view)
        return Number(len(refs), command, refs=refs)

    def _share(self, year: str, status: Status) -> Number:
        view = self._question.view
        command = f"summary --as-of {view.day}{_known(view)} --year {year}"
        percent = self._now.figure(year, status).percent
        return Number(percent, command, (("status", status.value),), "percent")

    def _standing(self, year: str) -> Sentence:
        """Say how many actions have which status, with the share of each."""
        total = self._count(year, TOTALS)
        if not total.value:
            return sentence(f"There are no actions of {year}.")
        counts = {status: self._count(year, status) for status in _STATUS_WORDS}
        there = {status: number for status, number in counts.items() if number.value}
        if len(there) == 1:
            [status] = there
            word = _STATUS_WORDS[status]
            return _all_alike(
                total, f"action of {year}", f"actions of {year}", f"is {word}", f"are {word}"
            )
        clauses: list[list[Part]] = []
        for status, number in counts.items():
            word = _STATUS_WORDS[status]
            if number.value:
                share = self._share(year, status)
                clauses.append([*plural(number, " is ", " are "), f"{word} (", share, "%)"])
            elif status in (Status.COMPLETE, Status.OVERDUE):
                clauses.append([f"none is {word}"])
        return sentence("Of the ", total, f" actions of {year}, ", series_of(clauses), ".")

    def _end(self, bridge: Bridge, ends: Ends, place: int, priority: str | None = None) -> Number:
        """Return the figure of a bridge's opening (0) or closing (-1), or of a priority in it."""
        view = (ends.opening, ends.closing)[place]
        positions = (self._moved.opening, self._moved.closing)[place]
        refs = bridge.lines[place].refs
        if priority:
            refs = tuple(ref for ref in refs if positions[ref].priority == priority)
        wanted = self._question.selection(bridge.year, bridge.status, None, priority)
        return Number(len(refs), listing_command(wanted, view), refs=refs)

    def _moves(
        self, bridge: Bridge, words: dict[Cause, tuple[str, str]], *, into: bool, ends: Ends
    ) -> list[list[Part]]:
        """Return a clause for each cause that moved actions into a figure, or out of it."""
        inside = set(bridge.closing.refs)
        clauses = []
        for cause, (one, several) in words.items():
            line = bridge.line(cause)
            if refs := [ref for ref in line.refs if (ref in inside) is into] if line else []:
                clauses.append(plural(self._listed(refs, cause, ends), one, several))
        return clauses

    def _listed(self, refs: Iterable[str], cause: Cause | None, ends: Ends) -> Number:
        """Return how many actions are named, with the command that lists them by reference."""
        named = tuple(sorted(refs, key=natural_order))
        view = ends.opening if cause is Cause.REMOVED else ends.closing
        command = listing_command(Selection(refs=frozenset(named)), view)
        return Number(len(named), command, refs=named)

    def _overdue(self, bridge: Bridge, ends: Ends) -> Iterator[Sentence]:
        """Say how overdue moved and why, and what the net figure hides."""
        then, now = self._end(bridge, ends, 0), self._end(bridge, ends, -1)
        since = f" since {say_date(ends.opening.day)}"
        if then.value == now.value == 0:
            return
        if then.value == now.value:
            yield sentence("Overdue is unchanged at ", now, f"{since}.")
        else:
            way = "rose" if now.value > then.value else "fell"
            yield sentence(f"Overdue {way} from ", then, " to ", now, f"{since}.")
        entered = self._moves(bridge, _ENTERED, into=True, ends=ends)
        left = self._moves(bridge, _LEFT, into=False, ends=ends)
        moves = [series_of(entered)] if entered else []
        if left:
            moves.append(["of those that were overdue, ", *series_of(left)])
        if moves:
            yield sentence("In that time ", series_of(moves, "; "), ".")
        yield from self._hidden(bridge, ends)
        yield from self._restated(bridge, ends)

    def _restated(self, bridge: Bridge, ends: Ends) -> Iterator[Sentence]:
        """Say what is now known of the day of the opening, if that is not what was published."""
        if ends.published is None or ends.opening.entry is None:
            return  # what was published is what is known now
        view = self._question.view.on(ends.opening.day)
        wanted = self._question.selection(bridge.year, bridge.status)
        now = tuple(one.ref for one in view.selected(wanted))
        if len(now) != bridge.opening.total:
            then = self._end(bridge, ends, 0)
            number = Number(len(now), listing_command(wanted, view), refs=now)
            day = say_date(ends.opening.day)
            yield sentence(
                f"It is now known of {day} that not ", then, " but ", number, " were overdue."
            )

    def _hidden(self, bridge: Bridge, ends: Ends) -> Iterator[Sentence]:
        """Say what the net figure hides: priorities that went another way, and re-datings."""
        net = bridge.closing.total - bridge.opening.total
        other_way: list[list[Part]] = []
        for place, priority in enumerate(self._now.priorities):
            change = bridge.closing.by_priority[place] - bridge.opening.by_priority[place]
            if change * net < 0 or (not net and change):
                then = self._end(bridge, ends, 0, priority)
                now = self._end(bridge, ends, -1, priority)
                way = "rose" if change > 0 else "fell"
                other_way.append([f"{priority} {way} from ", then, " to ", now])
        if other_way:
            yield sentence("Within it, ", series_of(other_way), ".")
        slipped = [
            ref
            for ref in redated_in_time(self._moved.opening, self._moved.closing, ends.closing.day)
            if self._moved.closing[ref].year == bridge.year
        ]
        if slipped:
            number = self._listed(slipped, None, ends)
            yield sentence(
                plural(
                    number,
                    " more would be overdue if it had not been re-dated.",
                    " more would be overdue if they had not been re-dated.",
                )
            )

    def _totals(self, bridge: Bridge, ends: Ends) -> Iterator[Sentence]:
        """Say how the year's total moved and why, closures included."""
        clauses = self._moves(bridge, _CHANGED_TOTAL, into=True, ends=ends)
        clauses += self._moves(bridge, _CHANGED_TOTAL, into=False, ends=ends)
        if closed := bridge.line(Cause.CLOSED):
            clauses.append(self._closures(closed, ends))
        if not clauses:
            return
        then, now = self._end(bridge, ends, 0), self._end(bridge, ends, -1)
        why = series_of(clauses)
        if then.value == now.value:
            yield sentence("The total is unchanged at ", now, ": ", why, ".")
        else:
            way = "rose" if now.value > then.value else "fell"
            yield sentence(f"The total {way} from ", then, " to ", now, ": ", why, ".")

    def _closures(self, closed: Step, ends: Ends) -> list[Part]:
        """Return how many actions were closed, and as what."""
        view = ends.closing
        told = versions_by(view.reader, Action, view.day, view.known_to, closed.refs)
        kinds: dict[str, list[str]] = {}
        for ref, versions in told.items():
            kinds.setdefault(str(versions[-1].record.closed_as).lower(), []).append(ref)
        number = self._listed(closed.refs, Cause.CLOSED, ends)
        clause = plural(number, " was closed", " were closed")
        if len(kinds) == 1:
            return [*clause, f" as {next(iter(kinds))}"]
        in_order = sorted(kinds.items(), key=lambda one: -len(one[1]))
        each: list[list[Part]] = [
            [self._listed(refs, Cause.CLOSED, ends), f" as {kind}"] for kind, refs in in_order
        ]
        return [*clause, " (", *series_of(each), ")"]

    def _not_allocated(self, year: str) -> Iterator[Sentence]:
        """Say what those that are not allocated lack."""
        total = self._count(year, Status.NOT_ALLOCATED)
        if not total.value:
            return
        behind: dict[tuple[bool, bool], list[str]] = {}
        wanted = self._question.selection(year, Status.NOT_ALLOCATED)
        for one in self._question.view.selected(wanted):
            lacks = (one.owner is None, one.due_on is None)
            behind.setdefault(lacks, []).append(one.ref)
        words = {
            (True, True): (" has neither owner nor due date", " have neither owner nor due date"),
            (True, False): (" has no owner", " have no owner"),
            (False, True): (" has no due date", " have no due date"),
        }
        view = self._question.view
        clauses = []
        for lacks, (one_has, several_have) in words.items():
            if refs := behind.get(lacks):
                named = tuple(refs)
                command = listing_command(Selection(refs=frozenset(named)), view)
                clauses.append(
                    plural(Number(len(named), command, refs=named), one_has, several_have)
                )
        yield sentence("Of those not allocated, ", series_of(clauses), ".")


def _all_alike(total: Number, one: str, several: str, one_is: str, several_are: str) -> Sentence:
    """Return the sentence of several things that are all the same, or of the only one."""
    if total.value == 1:
        return sentence("The ", total._replace(word="only"), f" {one} {one_is}.")
    if total.value == 2:
        return sentence(total._replace(word="Both"), f" {several} {several_are}.")
    return sentence("All ", total, f" {several} {several_are}.")


def _known(view: View) -> str:
    return f" --known-at {moment_text(view.known_at)}" if view.known_at else ""


def _audit_plan(view: View, year: str) -> Iterator[Sentence]:
    """Yield how far a year's audit plan is."""
    audits = [one for one in view.records(Audit) if one.year == year]
    if not audits:
        return
    command = f"audit list --as-of {view.day}{_known(view)} --year {year}"
    by_status: dict[str, list[str]] = {}
    for one in audits:
        by_status.setdefault(one.status, []).append(one.ref)
    words = {
        AuditStatus.FINALISED: ("is finalised", "are finalised"),
        AuditStatus.DRAFT: ("is in draft", "are in draft"),
        AuditStatus.IN_PROGRESS: ("is in progress", "are in progress"),
        AuditStatus.PLANNED: ("is planned", "are planned"),
    }
    refs = tuple(one.ref for one in audits)
    total = Number(len(refs), command, refs=refs)
    clauses: list[list[Part]] = []
    for status, (one_is, several_are) in words.items():
        of_status = tuple(by_status.get(status.value, ()))
        number = Number(len(of_status), command, (("status", status.value),), refs=of_status)
        if number.value:
            clauses.append(plural(number, f" {one_is}", f" {several_are}"))
        elif status is AuditStatus.FINALISED:
            clauses.append([f"none {one_is}"])
    if len(by_status) == 1:
        alike = words[AuditStatus(audits[0].status)]
        yield _all_alike(total, "audit of the plan", "audits of the plan", *alike)
    else:
        yield sentence("Of the ", total, " audits of the plan, ", series_of(clauses), ".")


def _directions(view: View, compared: Compared) -> Iterator[Sentence]:
    """Yield how many directions have which RAG, and which moved."""
    directions = view.records(Direction)
    if not directions:
        return
    since = f" --compare {compared.day}" if compared.day and not compared.published else ""
    command = f"direction list --as-of {view.day}{since}{_known(view)}"
    total = Number(len(directions), command, refs=tuple(one.ref for one in directions))
    clauses: list[list[Part]] = []
    for rag in (*Rag, None):
        refs = tuple(one.ref for one in directions if one.rag == rag)
        if refs:
            number = Number(len(refs), command, (("rag", rag and rag.value),), refs=refs)
            word = RAG_NAMES[rag].lower() if rag else "without a rating"
            clauses.append(plural(number, f" is {word}", f" are {word}"))
    if len(clauses) == 1:
        yield _all_alike(total, "direction", "directions", f"is {word}", f"are {word}")
    else:
        yield sentence("Of the ", total, " directions, ", series_of(clauses), ".")
    if compared.day is None:
        return
    moved: dict[Trend, list[Direction]] = {}
    for one in directions:
        trend, _ = trend_of(one, compared.then.get(one.ref), compared.day)
        if trend in (Trend.UP, Trend.DOWN):
            moved.setdefault(trend, []).append(one)
    if not moved:
        yield sentence(f"None moved since {say_date(compared.day)}.")
        return
    each = [
        [
            *plural(
                Number(
                    len(found),
                    command,
                    (("trend", trend.value),),
                    refs=tuple(one.ref for one in found),
                ),
                f" {way}",
                f" {way}",
            ),
            f" ({', '.join(one.ref for one in found)})",
        ]
        for trend, way in ((Trend.UP, "improved"), (Trend.DOWN, "worsened"))
        if (found := moved.get(trend))
    ]
    yield sentence(f"Since {say_date(compared.day)}, ", series_of(each), ".")
