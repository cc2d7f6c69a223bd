"""The things the register keeps: frozen records, and the words their fields may hold.

A record is one *version* of a thing: what was true of it from one day to another. A field
whose name ends in ``_on`` holds a date or None; :mod:`irbtrack.domain.journal` relies on
that, and on ``TRACKED``, to make records from changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple


class Status(StrEnum):
    """Where an action stands on a day, in the order of the report's tables."""

    NOT_DUE = "Not Due"
    OVERDUE = "Overdue"
    COMPLETE = "Complete"
    NOT_ALLOCATED = "Not Allocated"
    CLOSED = "Closed"


COUNTED = (Status.NOT_DUE, Status.OVERDUE, Status.COMPLETE, Status.NOT_ALLOCATED)
"""The statuses that a year's total is the sum of; a closed action has left it."""


class Closure(StrEnum):
    """Why an action left the register without being completed."""

    WITHDRAWN = "Withdrawn"
    SUPERSEDED = "Superseded"
    RISK_ACCEPTED = "Risk Accepted"
    NO_LONGER_APPLICABLE = "No Longer Applicable"


class AuditStatus(StrEnum):
    """How far one review of the audit plan has got."""

    PLANNED = "Planned"
    IN_PROGRESS = "In Progress"
    DRAFT = "Draft"
    FINALISED = "Finalised"


class Rag(StrEnum):
    """How a direction or milestone goes, worst to best; C is done."""

    RED = "R"
    AMBER = "A"
    GREEN = "G"
    COMPLETE = "C"


class Section(StrEnum):
    """What part of the report a note is for, in the report's order."""

    HEADLINE = "Headline"
    FORWARD = "Forward Look"
    COMMENTARY = "Commentary"
    PROGRESS = "Progress"
    NEXT_STEP = "Next Step"
    THEME = "Theme"


QUARTERS = ("Q1", "Q2", "Q3", "Q4")

PRIORITIES = ("High", "Medium", "Low")

CLASSIFICATIONS = (
    "Poor Progress",
    "Little Progress",
    "Minimal Assurance",
    "Partial Assurance",
    "Reasonable Progress",
    "Reasonable Assurance",
    "Good Progress",
    "Substantial Assurance",
)
"""Assurance opinions, worst to best, until the council sets its own at ``init``."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What all records have: a reference, unique among those of their noun.

    ``NOUN`` is the journal's word for the kind, and ``LABEL`` the field that says what one is
    called. ``TRACKED`` names the fields of which the
    fold keeps the first value and counts the later ones, and the two fields it does that in.
    ``SINCE`` names those of which it keeps the day from which they have had their value.
    """

    NOUN: ClassVar[str]
    LABEL: ClassVar[str] = "name"
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {}
    SINCE: ClassVar[Mapping[str, str]] = {}

    ref: str


@dataclass(frozen=True, kw_only=True)
class Council(Record):
    """The council whose register this is, and its ordered scales."""

    NOUN: ClassVar[str] = "council"

    ref: str = "council"
    name: str
    priorities: tuple[str, ...] = PRIORITIES
    classifications: tuple[str, ...] = CLASSIFICATIONS


@dataclass(frozen=True, kw_only=True)
class Directorate(Record):
    """A part of the council that answers for actions; ``ref`` is its code."""

    NOUN: ClassVar[str] = "directorate"
    name: str


@dataclass(frozen=True, kw_only=True)
class Officer(Record):
    """A post; ``ref`` is its code. Its holder's name and e-mail address are kept elsewhere."""

    NOUN: ClassVar[str] = "officer"
    LABEL: ClassVar[str] = "title"
    title: str
    directorate: str | None = None


@dataclass(frozen=True, kw_only=True)
class Audit(Record):
    """One review of the audit plan. ``findings`` counts by priority, in the scale's order."""

    NOUN: ClassVar[str] = "audit"
    year: str
    name: str
    quarter: str | None = None
    status: str = AuditStatus.PLANNED
    classification: str | None = None
    findings: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Action(Record):
    """What management agreed to do about a finding.

    ``audit``, ``directorate``, ``owner`` and ``verified_by`` hold references.
    ``original_due_on`` and ``times_redated`` are worked out by the fold from ``due_on``.
    ``approved_by`` says who approved the latest re-dating; ``expires_on`` is the last day of a
    risk acceptance; ``outcome_on`` the day it was last completed, closed or reopened.
    """

    NOUN: ClassVar[str] = "action"
    LABEL: ClassVar[str] = "title"
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "due_on": ("original_due_on", "times_redated")
    }

    raised_on: date
    year: str
    audit: str | None = None
    title: str
    detail: str | None = None
    priority: str
    directorate: str
    owner: str | None = None
    original_due_on: date | None = None
    due_on: date | None = None
    times_redated: int = 0
    approved_by: str | None = None
    progress: str | None = None
    percent_complete: int | None = None
    completed_on: date | None = None
    evidence: str | None = None
    verified_on: date | None = None
    verified_by: str | None = None
    closed_on: date | None = None
    closed_as: str | None = None
    expires_on: date | None = None
    outcome_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Direction(Record):
    """One government direction. Leads and members are posts, by their codes.

    ``original_target_on`` and ``times_redated`` are worked out by the fold from ``target_on``,
    and ``rag_on`` from ``rag``: the day from which it has had that rating. ``trend`` is an
    officer's word in place of the computed one, given on ``trend_on``. What is said of a
    direction are notes.
    """

    NOUN: ClassVar[str] = "direction"
    LABEL: ClassVar[str] = "title"
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "target_on": ("original_target_on", "times_redated")
    }
    SINCE: ClassVar[Mapping[str, str]] = {"rag": "rag_on"}

    title: str
    strategic_leads: tuple[str, ...] = ()
    operational_leads: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    original_target_on: date | None = None
    target_on: date | None = None
    times_redated: int = 0
    target_note: str | None = None
    rag: str | None = None
    rag_on: date | None = None
    trend: str | None = None
    trend_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Workstream(Record):
    """A row of the plan, or, if others are ``within`` it, a plan; ``ref`` is its code.

    ``position`` is its place among those within the same one, from 1.
    """

    NOUN: ClassVar[str] = "workstream"

    name: str
    within: str | None = None
    position: int


@dataclass(frozen=True, kw_only=True)
class Milestone(Record):
    """A point of the plan or, with ``starts_on``, a bar; one without dates is only a plan item.

    ``baseline_on`` and ``times_redated`` are worked out by the fold from ``forecast_on``, the
    day it is, or ends, and ``rag_on`` from ``rag``: the day from which it has had that rating.
    """

    NOUN: ClassVar[str] = "milestone"
    LABEL: ClassVar[str] = "title"
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {
        "forecast_on": ("baseline_on", "times_redated")
    }
    SINCE: ClassVar[Mapping[str, str]] = {"rag": "rag_on"}

    title: str
    workstream: str
    direction: str | None = None
    starts_on: date | None = None
    baseline_on: date | None = None
    forecast_on: date | None = None
    times_redated: int = 0
    rag: str | None = None
    rag_on: date | None = None
    dropped_on: date | None = None

    @property
    def completed_on(self) -> date | None:
        """The day it was completed: that from which its rating is C."""
        return self.rag_on if self.rag == Rag.COMPLETE else None


@dataclass(frozen=True, kw_only=True)
class Note(Record):
    """A dated piece of text, in Markdown, for a section of the report.

    It is about a direction, a workstream, a milestone, or nothing of the register. ``dated_to``
    says how closely ``dated_on`` is known: to the ``day`` or only to the ``month``. With
    ``board_on`` it is for that board only. ``position`` is its place in its section, from 1;
    commentary is in the order of its dates instead.
    """

    NOUN: ClassVar[str] = "note"

    section: str
    direction: str | None = None
    workstream: str | None = None
    milestone: str | None = None
    theme: str | None = None
    text: str
    dated_on: date
    dated_to: str = "day"
    board_on: date | None = None
    position: int = 0
    dropped_on: date | None = None


class Person(NamedTuple):
    """Who holds a post. Kept outside the journal, so that it can be corrected or erased."""

    officer: str
    name: str | None = None
    email: str | None = None


NOUNS: Mapping[str, type[Record]] = {
    kind.NOUN: kind
    for kind in (
        *(Council, Directorate, Officer, Audit, Action),
        *(Direction, Workstream, Milestone, Note),
    )
}
"""The nouns of the journal whose changes fold into versions."""
