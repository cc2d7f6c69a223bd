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

    ``NOUN`` is the journal's word for the kind. ``TRACKED`` names the fields of which the
    fold keeps the first value and counts the later ones, and the two fields it does that in.
    """

    NOUN: ClassVar[str]
    TRACKED: ClassVar[Mapping[str, tuple[str, str]]] = {}

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


class Person(NamedTuple):
    """Who holds a post. Kept outside the journal, so that it can be corrected or erased."""

    officer: str
    name: str | None = None
    email: str | None = None


NOUNS: Mapping[str, type[Record]] = {
    kind.NOUN: kind for kind in (Council, Directorate, Officer, Audit, Action)
}
"""The nouns of the journal whose changes fold into versions."""
