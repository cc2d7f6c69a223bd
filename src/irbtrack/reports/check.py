"""The checks of a register, each made where it is asked for, and what they find."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from irbtrack.domain.answers import Answer, Block, Column, Kind, Table
from irbtrack.domain.checks import ASKED, CHECKS, MOST_REDATED, Check, Finding, Severity
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.audit_plan import actions_counted
from irbtrack.domain.figures.bridge import unbalanced
from irbtrack.domain.figures.forward import stale
from irbtrack.domain.figures.scrutiny import (
    days_assumed,
    due_on_rest_days,
    early_due,
    redated_late,
    redated_often,
    silent,
    unheard,
    unknown_posts,
    unlike_findings,
    without_address,
    without_evidence,
)
from irbtrack.domain.figures.selection import GROUPS
from irbtrack.domain.figures.tally import tally, unfooted, unsummed
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.waiver import Waiver, waived_by
from irbtrack.domain.record import Version
from irbtrack.domain.words import natural_order
from irbtrack.errors import listed
from irbtrack.register.view import View
from irbtrack.reports.direction import comments_on
from irbtrack.reports.movement import ends_of, moved_between
from irbtrack.reports.question import Question
from irbtrack.reports.restatements import is_restated
from irbtrack.reports.waiver import waivers_told
from irbtrack.store.counting import counts_as_of
from irbtrack.store.gather import people
from irbtrack.store.integrity import (
    chain_findings,
    people_findings,
    snapshot_findings,
    unknown_recorders,
    version_findings,
)
from irbtrack.store.news import news_as_of
from irbtrack.store.published import current_snapshots, snapshot_before

INTEGRITY = ("journal-chain", "versions-equal-fold", "snapshot-digest", "people-as-kept")
"""The checks of the rows as they are kept. All others rely on what these have found sound."""


class Asked(NamedTuple):
    """Which checks are asked for: those named or, if none is, those of the severities.

    ``most`` is how often an action may be re-dated. With ``waived``, findings that are switched
    off are shown too.
    """

    names: tuple[str, ...] = ()
    strict: bool = False
    most: int = MOST_REDATED
    waived: bool = False

    @property
    def checks(self) -> list[Check]:
        """Return the checks that are meant, the most severe first."""
        if self.names:
            return [check for check in CHECKS if check.name in self.names]
        severities = {Severity.ERROR, *([Severity.WARNING] if self.strict else [])}
        return [check for check in CHECKS if check.severity in severities]


@dataclass(frozen=True)
class Material:
    """The view that is checked. What several checks need is read once."""

    view: View
    most: int

    @cached_property
    def actions(self) -> list[Action]:
        """Return the actions of the day."""
        return self.view.records(Action)

    @cached_property
    def histories(self) -> list[list[Version[Action]]]:
        """Return the versions of each action that had begun by the day, by reference."""
        told = self.view.versions(Action)
        return [told[ref] for ref in sorted(told, key=natural_order)]


def _figures(of: Material) -> Iterator[Finding]:
    """Yield the figures that don't foot, of the day and of the day of each snapshot."""
    view, priorities = of.view, of.view.council.priorities
    days = {view.day, *current_snapshots(view.reader, view.known_to)}
    for day in sorted(days):
        whole = tally(counts_as_of(view.reader, day, known_at=view.known_to), priorities, day)
        wrong = unfooted(whole.figures)
        for group in GROUPS:
            counts = counts_as_of(view.reader, day, by=group, known_at=view.known_to)
            grouped = tally(counts, priorities, day)
            wrong += [*unfooted(grouped.figures), *unsummed(grouped, whole)]
        for one in dict.fromkeys(wrong):
            yield Finding("figures", day.isoformat(), f"as of {say_date(day)}, {one}")


def _bridges(of: Material) -> Iterator[Finding]:
    """Yield what doesn't balance in the movement since the last snapshot.

    Its lines must sum, and its ends must be what was published and what is counted now.
    """
    view, question = of.view, Question(of.view)
    snapshot = snapshot_before(view.reader, view.day, view.known_to)
    if snapshot is None:
        return
    bridges = moved_between(question, ends_of(question)).bridges
    wrong = unbalanced(bridges)
    for told, end in ((question.told_in(snapshot), 0), (question.told_on(view.day), -1)):
        for bridge in bridges:
            figure = told.tally.figure(bridge.year, bridge.status)
            reached = bridge.lines[end]
            if (reached.total, reached.by_priority) != (figure.total, figure.by_priority):
                wrong.append(
                    f"{bridge.year} {bridge.status}: the movement has {reached.total}, and"
                    f" {told.how} it is {figure.total}"
                )
    for one in wrong:
        yield Finding("figures", view.day.isoformat(), one)


def _restated(of: Material) -> Iterator[Finding]:
    for day in sorted(current_snapshots(of.view.reader, of.view.known_to)):
        if is_restated(of.view.on(day)):
            wrong = f"the figures published for {say_date(day)} are now known otherwise"
            yield Finding("snapshot", day.isoformat(), wrong)


def _unlike(of: Material) -> list[Finding]:
    view, scale = of.view, of.view.council
    counts = counts_as_of(view.reader, view.day, by="audit", known_at=view.known_to)
    return unlike_findings(view.records(Audit), scale, actions_counted(counts, scale))


def _addressless(of: Material) -> list[Finding]:
    addressed = [code for code, who in people(of.view.reader).items() if who.email]
    return without_address(of.actions, of.view.day, addressed)


def _unknown_posts(of: Material) -> list[Finding]:
    records = (one for kind in NOUNS.values() for one in of.view.records(kind))
    known = {kind.NOUN: of.view.names(kind) for kind in (Officer, Directorate)}
    return unknown_posts(records, known)


def _unknown_recorders(of: Material) -> list[Finding]:
    """Return who recorded entries, once the register had officers, and is none of them."""
    return [
        Finding("entry", who, f"recorded {number:,} entries, the first of them {first}")
        for who, number, first in unknown_recorders(of.view.reader)
    ]


def _silent(of: Material) -> list[Finding]:
    view = of.view
    news = news_as_of(view.reader, view.day, view.known_to)
    return silent(of.actions, news, view.day, view.council.priorities[0])


def _unheard(of: Material) -> list[Finding]:
    directions = of.view.records(Direction)
    return unheard(stale(directions, comments_on(of.view, directions), of.view.day))


def _due_on_rest_days(of: Material) -> list[Finding]:
    from holidays import country_holidays  # 30 ms that only this check needs

    return due_on_rest_days(of.actions, of.view.day, country_holidays("GB", subdiv="ENG").get)


MADE: Mapping[str, Callable[[Material], Iterable[Finding]]] = {
    "journal-chain": lambda of: chain_findings(of.view.reader),
    "versions-equal-fold": lambda of: version_findings(of.view.reader),
    "snapshot-digest": lambda of: snapshot_findings(of.view.reader),
    "people-as-kept": lambda of: people_findings(of.view.reader),
    "figures-foot": _figures,
    "bridges-balance": _bridges,
    "restated-snapshot": _restated,
    "findings-equal-actions": _unlike,
    "no-evidence": lambda of: without_evidence(of.actions, of.view.day),
    "due-before-raised": lambda of: early_due(of.actions),
    "assumed-day": lambda of: days_assumed(of.actions),
    "no-email": _addressless,
    "unknown-post": _unknown_posts,
    "unknown-recorder": _unknown_recorders,
    "redated-often": lambda of: redated_often(of.actions, of.view.day, of.most),
    "redated-late": lambda of: redated_late(of.histories, of.view.day),
    "high-silent": _silent,
    "stale-direction": _unheard,
    "due-on-rest-day": _due_on_rest_days,
}
"""How each check is made."""


class FoundByCheck(NamedTuple):
    """A finding of a check, and why it is switched off, or None."""

    check: Check
    finding: Finding
    waived: str | None


def told_by(view: View, asked: Asked) -> list[FoundByCheck]:
    """Return what the checks that are asked for find, the most severe first.

    If a value can't be read, what the checks of :data:`INTEGRITY` find comes in place of what
    can't be worked out.
    """
    of = Material(view, asked.most)
    try:
        waivers = waivers_told(view)
        return [
            FoundByCheck(check, finding, waiver.why if waiver else None)
            for check in asked.checks
            for finding in MADE[check.name](of)
            for waiver in [waived_by(waivers, check.name, finding.ref)]
        ]
    except Exception:
        damage = [
            FoundByCheck(c, one, None)
            for c in CHECKS
            if c.name in INTEGRITY
            for one in MADE[c.name](of)
        ]
        if not damage:
            raise  # the register is as it was recorded, so this is a fault of the program
        return damage


COLUMNS = (
    Column("check"),
    Column("severity"),
    Column("noun", "What", Kind.CODE, rank=1),
    Column("ref", "Ref", Kind.CODE),
    Column("wrong", "What is wrong"),
    Column("to_do"),
    Column("waived", "Switched off, because", rank=2),
)


def check_results(view: View, asked: Asked) -> tuple[Answer, int]:
    """Return what the checks that are asked for find, and how many findings count.

    A finding that is switched off doesn't count.
    """
    told = told_by(view, asked)
    counting = [one for one in told if one.waived is None]
    shown = told if asked.waived else counting
    data, blocks = found_tables(shown, waived=asked.waived)
    hidden = len(told) - len(shown)
    remark = f"{hidden:,} more are switched off by a waiver; --waived shows them"
    return Answer(data, tuple(blocks), (remark,) if hidden and asked.names else ()), len(counting)


def found_tables(
    shown: Sequence[FoundByCheck], *, waived: bool = False
) -> tuple[Table, list[Block]]:
    """Return findings as one flat table, and as a table for each check with what is to be done."""
    blocks: list[Block] = []
    for check in dict.fromkeys(one.check for one in shown):
        of_check = [one for one in shown if one.check is check]
        blocks += [_block(check, of_check, waived=waived), check.to_do]
    return Table(COLUMNS, [_row(one) for one in shown]), blocks


def _row(told: FoundByCheck) -> tuple[Any, ...]:
    check, finding, waived = told
    return (check.name, check.severity, *finding, check.to_do, waived)


def _block(check: Check, told: list[FoundByCheck], *, waived: bool) -> Table:
    title = f"{check.name} ({check.severity}): {len(told):,}"
    table = Table(COLUMNS, [_row(one) for one in told], title).shown()
    return table if waived else table.having(table.columns[:-1])


LIST_COLUMNS = (
    Column("check", "Check", Kind.CODE),
    Column("severity", "Severity", Kind.CODE),
    Column("made", "Made", Kind.CODE, rank=1),
    Column("looks_for", "Finds"),
    Column("to_do"),
    Column("off", "Switched off", rank=2),
)


def check_list(view: View) -> Answer:
    """Return every check, what it finds, and whether it is switched off."""
    waivers = waivers_told(view)
    rows = [
        (c.name, c.severity, ASKED[c.severity], c.looks_for, c.to_do, _off(waivers, c.name))
        for c in CHECKS
    ]
    return Answer(Table(LIST_COLUMNS, rows))


def _off(waivers: list[Waiver], check: str) -> str | None:
    """Return for what a check is switched off; None if it is not."""
    about = [one.about or "all" for one in waivers if one.check_name == check]
    return f"for {listed(about, 'and')}" if about else None
