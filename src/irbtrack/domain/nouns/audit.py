"""An audit: one review of the audit plan."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from irbtrack.domain.nouns.field import Field, Holds
from irbtrack.domain.record import Record
from irbtrack.errors import Misused, listed, quoted


class AuditStatus(StrEnum):
    """How far one review of the audit plan has got."""

    PLANNED = "Planned"
    IN_PROGRESS = "In Progress"
    DRAFT = "Draft"
    FINALISED = "Finalised"


QUARTERS = ("Q1", "Q2", "Q3", "Q4")


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


AUDIT = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "audit ref", "audit reference", "audit no", "id", "no",
    ), fixed=True),
    Field("year", "Year", Holds.YEAR, (
        "audit year", "financial year", "fy",
    ), needed=True, fixed=True, width=8),
    Field("quarter", "Quarter", Holds.CHOICE, (
        "qtr", "planned quarter", "timing",
    ), choices=QUARTERS, width=9),
    Field("name", "Audit", Holds.LINE, (
        "name", "audit name", "audit title", "title", "review", "audit area", "audit review",
    ), needed=True, width=44),
    Field("status", "Status", Holds.CHOICE, (
        "state", "stage", "audit status", "report status",
    ), choices=tuple(AuditStatus), width=13),
    Field("classification", "Classification", Holds.CLASSIFICATION, (
        "opinion", "assurance", "assurance opinion", "assurance level", "audit opinion", "rating",
    ), width=24),
    Field("findings", "Findings", Holds.FINDINGS, (
        "recommendations", "number of findings",
    ), width=12),
)  # fmt: skip

Findings = tuple[int, ...]
"""How many of each priority, in the order of the council's scale."""


def read_findings(text: str, priorities: Sequence[str]) -> Findings:
    """How many findings there were of each priority, as in ``2/3/4``; :class:`Misused`.

    >>> read_findings("2/3/4", ("High", "Medium", "Low"))
    (2, 3, 4)
    """
    counts = [count.strip() for count in re.split("[/,]", text)]
    if len(counts) != len(priorities) or not all(re.fullmatch(r"\d{1,4}", n) for n in counts):
        raise Misused(
            f"{quoted(text)} are not findings; write {len(priorities)} numbers, as 2/3/4, for"
            f" {listed(priorities, 'and')}"
        )
    return tuple(map(int, counts))
