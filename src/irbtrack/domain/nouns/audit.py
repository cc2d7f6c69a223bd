"""An audit: one review of the audit plan."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import permutations
from typing import Any, ClassVar, Self

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns.council import off_scale, scale_of
from irbtrack.domain.record import Contradiction, Others, Record, Version
from irbtrack.errors import Misused, listed, quoted


class AuditStatus(StrEnum):
    """How far one review of the audit plan has got."""

    PLANNED = "Planned"
    IN_PROGRESS = "In Progress"
    DRAFT = "Draft"
    FINALISED = "Finalised"


INTERNAL_AUDIT = "Internal Audit"
"""The source of an audit, unless another is named."""

QUARTERS = ("Q1", "Q2", "Q3", "Q4")


AUDIT = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "audit ref", "audit reference", "audit no", "id", "no",
    ), fixed=True, given=True),
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
    Field("source", "Source", Holds.LINE, (
        "reviewer", "reviewed by", "provider", "assurance provider", "audit body", "audit source",
        "audited by",
    ), offered="sources", width=18),
    Field("issued_on", "Issued", Holds.DATE, (
        "date issued", "issue date", "issued on", "report date", "date of report", "report issued",
        "final report date", "raised", "raised on", "date raised", "published", "date published",
        "release date",
    ), aside=True),
    Field("directorate", "Directorate", Holds.DIRECTORATE, (
        "auditee", "dept", "department", "service", "service area", "division", "agency", "entity",
        "audited body",
    ), width=22, aside=True),
)  # fmt: skip


class Audit(Record):
    """One review of the audit plan.

    ``findings`` counts by priority, in the scale's order. ``source`` says who reviewed, and
    ``directorate`` who was reviewed. The report was issued on ``issued_on``.
    """

    NOUN: ClassVar[str] = "audit"
    ABOUT: ClassVar[str] = "the audit plan"
    FIELDS: ClassVar[tuple[Field, ...]] = AUDIT
    KEY: ClassVar[tuple[str, ...]] = ("year", "name")
    MADE_BY_IMPORT: ClassVar[bool] = True
    year: str
    name: str
    quarter: str | None = None
    status: str = AuditStatus.PLANNED
    classification: str | None = None
    findings: tuple[int, ...] | None = None
    source: str = INTERNAL_AUDIT
    issued_on: date | None = None
    directorate: str | None = None

    @classmethod
    def numbering(cls, fields: Mapping[str, Any]) -> tuple[str, int]:
        """Give audits references within their year, as in ``2324-A07``."""
        return f"{str(fields.get('year', '')).replace('/', '')}-A", 2

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield an opinion or findings that the council's scales do not have."""
        del since, before
        scale = scale_of(others)
        yield from off_scale(
            self.ref, "classification", "an opinion", self.classification, scale.classifications
        )
        if self.findings is not None and len(self.findings) != len(scale.priorities):
            yield Contradiction(
                "findings",
                f"{self.ref} has {len(self.findings)} findings, and the council has"
                f" {len(scale.priorities)} priorities, {listed(scale.priorities, 'and')}; give one"
                " number for each",
            )

    @classmethod
    def contradictions_among(
        cls, told: Mapping[str, Sequence[Version[Any]]]
    ) -> Iterator[Contradiction]:
        """Yield every audit that has the name of another one of its year on some day."""
        called: dict[tuple[str, str], list[Version[Audit]]] = {}
        for versions in told.values():
            for version in versions:
                record = version.record
                called.setdefault((record.year, record.name.casefold()), []).append(version)
        for alike in called.values():
            for one, other in permutations(alike, 2):
                overlap = one.valid_from < other.valid_to and other.valid_from < one.valid_to
                if one.record.ref != other.record.ref and overlap:
                    yield Contradiction(
                        "name",
                        f"{other.record.year} has the audit {quoted(other.record.name)}"
                        f" ({other.record.ref}) already; give another name or year",
                        one.record.ref,
                    )


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
