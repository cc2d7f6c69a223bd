"""The audit plan as a table: findings by priority, with totals of each quarter and year."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.domain.figures.tally import Counts
from irbtrack.domain.nouns.audit import Audit, Findings
from irbtrack.domain.nouns.council import Council, column_name
from irbtrack.domain.nouns.status import COUNTED

ENTERED, COUNTED_FROM_ACTIONS = "entered", "counted"


def actions_counted(counts: Counts, scale: Council) -> dict[str, Findings]:
    """Return how many actions of each priority an audit has, by the audit's reference.

    ``counts`` are grouped by audit. Closed actions are not counted, and an audit without actions
    is not in the result.
    """
    found: dict[str, list[int]] = {}
    for cell, number in counts.items():
        if cell.group is not None and cell.status in COUNTED and cell.priority in scale.priorities:
            of_audit = found.setdefault(cell.group, [0] * len(scale.priorities))
            of_audit[scale.priorities.index(cell.priority)] += number
    return {ref: tuple(numbers) for ref, numbers in found.items()}


def findings_of(
    audit: Audit, counted: Mapping[str, Findings]
) -> tuple[Findings | None, str | None]:
    """Return an audit's findings, and whether they were entered or counted from its actions."""
    if audit.findings is not None:
        return audit.findings, ENTERED
    if audit.ref in counted:
        return counted[audit.ref], COUNTED_FROM_ACTIONS
    return None, None


def plan_table(audits: Iterable[Audit], scale: Council, counted: Mapping[str, Findings]) -> Table:
    """Return one row for each audit, as in the report's plan, with reference, year and quarter.

    Two columns are for programs only: where the findings are from, and how many actions there are.
    """
    audits = list(audits)
    columns = (
        *_columns(audits, scale),
        Column("findings"),
        *(Column(f"actions_{column_name(p)}", kind=Kind.NUMBER) for p in scale.priorities),
    )
    none = (None,) * len(scale.priorities)
    nothing = (0,) * len(scale.priorities)
    rows = []
    for audit in audits:
        findings, where_from = findings_of(audit, counted)
        actions = counted.get(audit.ref, nothing)
        rows.append((*_facts(audit), *(findings or none), where_from, *actions))
    return Table(columns, rows)


def _columns(audits: Sequence[Audit], scale: Council) -> tuple[Column, ...]:
    """Return the columns of the plan.

    People see the source where there is more than one, and a date of issue or a directorate
    where an audit has one.
    """
    several = len({audit.source for audit in audits}) > 1
    issued = any(audit.issued_on for audit in audits)
    placed = any(audit.directorate for audit in audits)
    return (
        Column("ref", "Ref", Kind.CODE, rank=1),
        Column("year", "Year", Kind.CODE, rank=2),
        Column("quarter", "Quarter", Kind.CODE),
        Column("status", "Status", Kind.CODE),
        Column("name", "Name"),
        Column("source", "Source" if several else None, Kind.CODE, rank=3),
        Column("issued_on", "Issued" if issued else None, Kind.DATE, rank=4),
        Column("directorate", "Directorate" if placed else None, Kind.CODE, rank=5),
        Column("classification", "Classification"),
        *(Column(column_name(p), p, Kind.NUMBER) for p in scale.priorities),
    )


def _facts(audit: Audit) -> tuple[str | date | None, ...]:
    return (
        audit.ref,
        audit.year,
        audit.quarter,
        audit.status,
        audit.name,
        audit.source,
        audit.issued_on,
        audit.directorate,
        audit.classification,
    )


def with_totals(audits: Sequence[Audit], scale: Council, counted: Mapping[str, Findings]) -> Table:
    """Return the plan for people, with the sum of the findings after each quarter and year.

    The audits come by year and quarter.
    """
    rows: list[tuple[Any, ...]] = []
    totals: set[int] = set()

    def add_total(name: str, of: list[Audit]) -> None:
        totals.add(len(rows))
        facts = (None, None, name, *[None] * (len(_facts(of[0])) - 3))
        rows.append((*facts, *_sum(of, scale, counted)))

    for year in dict.fromkeys(audit.year for audit in audits):
        of_year = [audit for audit in audits if audit.year == year]
        for quarter in dict.fromkeys(audit.quarter for audit in of_year):
            of_quarter = [audit for audit in of_year if audit.quarter == quarter]
            for audit in of_quarter:
                findings, _ = findings_of(audit, counted)
                rows.append((*_facts(audit), *(findings or (None,) * len(scale.priorities))))
            if quarter is not None:
                add_total(f"{quarter} Total", of_quarter)
        add_total(f"{year} Total", of_year)
    return Table(_columns(audits, scale), rows, totals=frozenset(totals)).shown()


def _sum(
    audits: list[Audit], scale: Council, counted: Mapping[str, Findings]
) -> tuple[int | None, ...]:
    """Return how many findings of each priority the audits have, or None if none are known."""
    known = [findings for audit in audits if (findings := findings_of(audit, counted)[0])]
    return tuple(
        sum(one[n] for one in known) if known else None for n in range(len(scale.priorities))
    )


def differences(
    audits: Iterable[Audit], scale: Council, counted: Mapping[str, Findings]
) -> list[str]:
    """Return sentences about audits that have not as many findings as actions."""
    told = [
        f"{audit.name} ({audit.year}): {say_findings(audit.findings)} entered,"
        f" {say_findings(actions)} counted"
        for audit, actions in unequal(audits, scale, counted)
    ]
    if not told:
        return []
    return ["\n".join(["Findings as entered are not the actions as counted:", *told])]


def unequal(
    audits: Iterable[Audit], scale: Council, counted: Mapping[str, Findings]
) -> list[tuple[Audit, Findings]]:
    """Return the audits whose findings, as entered, are not their actions, with the latter."""
    nothing = (0,) * len(scale.priorities)
    with_actions = ((audit, counted.get(audit.ref, nothing)) for audit in audits)
    return [
        (audit, actions) for audit, actions in with_actions if audit.findings not in (None, actions)
    ]


def say_findings(findings: Findings | None) -> str:
    """Return findings as people write them, as ``2/3/4``; nothing for None."""
    return "/".join(map(str, findings or ()))
