"""``irbtrack audit``: keep the audit plan."""

from typing import Annotated, Any

import typer

from irbtrack.arguments.asking import refuse_unless_any, required
from irbtrack.arguments.options import (
    AsOf,
    Format,
    KnownAt,
    On,
    Reason,
    Year,
    as_of_day,
    known_at_moment,
)
from irbtrack.domain.answers import Answer, Block
from irbtrack.domain.dates import read_year, say_date, year_of
from irbtrack.domain.figures.audit_plan import actions_counted, differences, plan_table, with_totals
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import QUARTERS, Audit, AuditStatus, read_findings
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.record import differing, next_ref
from irbtrack.domain.words import natural_order, read_choice, read_ref, read_title
from irbtrack.errors import Refused, quoted
from irbtrack.register import find
from irbtrack.register.session import Planned, Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.actions import actions_table
from irbtrack.store.counting import counts_as_of
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, newest, records_as_of, refs

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="The name of the review.")]
Asked = Annotated[str, typer.Argument(metavar="AUDIT", help="The audit's name or reference.")]
Quarter = Annotated[
    str | None, typer.Option("--quarter", metavar="QUARTER", help="Q1, Q2, Q3 or Q4.")
]
State = Annotated[
    str | None,
    typer.Option("--status", metavar="STATUS", help="Planned, in progress, draft or finalised."),
]
Opinion = Annotated[
    str | None,
    typer.Option(
        "--classification", metavar="OPINION", help="The assurance opinion, of the scale."
    ),
]
Findings = Annotated[
    str | None,
    typer.Option(
        "--findings", metavar="N/N/N", help="How many, by priority, as 2/3/4 in the scale's order."
    ),
]


def add(
    session: Session,
    name: Name = None,
    year: Year = None,
    quarter: Quarter = None,
    status: State = None,
    classification: Opinion = None,
    findings: Findings = None,
    ref: Annotated[
        str | None,
        typer.Option("--ref", metavar="REF", help="Its reference; given out if left out."),
    ] = None,
    on: On = None,
) -> None:
    """Add an audit to the plan, and print its reference.

    Its year is this financial year if left out.
    """
    day = session.day(on)
    title = required(name, "the NAME", "Name of the review", lambda t: read_title("the name", t))
    of_year = read_year(year) if year else year_of(day)

    def plan(reader: Reader) -> list[Planned]:
        _refuse_if_named(reader, of_year, title)
        taken = refs(reader, "audit")
        given = read_ref(ref) if ref else next_ref(f"{of_year.replace('/', '')}-A", taken, digits=2)
        find.refuse_if_taken(given, taken, "an audit", "reference")
        known = _read(council(reader), quarter, status, classification, findings)
        fields = {"year": of_year, "name": title, "status": AuditStatus.PLANNED.value}
        fields |= {field: value for field, value in known.items() if value is not None}
        change = Change("audit", given, day, fields)
        state = ", ".join(filter(None, (fields["status"], fields.get("classification"))))
        return [Planned(change, f"audit {given} added: {title} ({of_year}), {state}")]

    [change] = session.record("audit add", plan)
    typer.echo(change.ref)


def update(
    session: Session,
    audit: Asked,
    year: Year = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="A new name.")] = None,
    quarter: Quarter = None,
    status: State = None,
    classification: Opinion = None,
    findings: Findings = None,
    on: On = None,
    reason: Reason = None,
) -> None:
    """Record what changed of an audit.

    --year says which year's is meant; otherwise it is the newest of that name.
    """
    refuse_unless_any(name, quarter, status, classification, findings)
    day = session.day(on)

    def plan(reader: Reader) -> list[Planned]:
        found = find.audit(reader, audit, read_year(year) if year else None)
        then = find.record_on(reader, Audit, found.ref, day)
        fields = _read(council(reader), quarter, status, classification, findings)
        fields["name"] = None if name is None else read_title("the name", name)
        changes = differing(then, fields)
        if "name" in changes:
            _refuse_if_named(reader, found.year, changes["name"], but=found.ref)
        said = ", ".join(f"{field} now {_words(value)}" for field, value in changes.items())
        return [Planned(Change("audit", found.ref, day, changes), f"{found.name}: {said}")]

    session.record("audit update", plan, reason=reason)


def _refuse_if_named(reader: Reader, year: str, name: str, but: str | None = None) -> None:
    """Raise if a year has an audit of that name already, other than ``but``."""
    for other in newest(reader, Audit).values():
        same = (other.year, other.name.casefold()) == (year, name.casefold())
        if same and other.ref != but:
            raise Refused(
                f"{year} has the audit {quoted(other.name)} ({other.ref}) already;"
                " 'irbtrack audit update' changes it"
            )


def _words(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _read(
    scale: Council,
    quarter: str | None,
    status: str | None,
    classification: str | None,
    findings: str | None,
) -> dict[str, Any]:
    """The fields that were given, read by the council's scales; the others None."""
    return {
        "quarter": quarter and read_choice("a quarter", quarter, QUARTERS),
        "status": status and read_choice("a status", status, AuditStatus),
        "classification": classification
        and read_choice("a classification", classification, scale.classifications),
        "findings": findings and read_findings(findings, scale.priorities),
    }


def list_(
    session: Session,
    year: Year = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """The audit plan on a day, by year and quarter, with their totals.

    Findings are those that were entered or, if none were, the actions counted. Where the two
    differ, it is said.
    """
    of_year = read_year(year) if year else None
    day = as_of_day(session, as_of)
    moment = known_at_moment(session, known_at)
    with session.reading() as reader:
        scale = council(reader)
        audits = records_as_of(reader, Audit, day, moment)
        counts = counts_as_of(reader, day, by="audit", known_at=moment)
    wanted = sorted(
        (audit for audit in audits if of_year in (None, audit.year)),
        key=lambda audit: (audit.year, audit.quarter or "Q9", natural_order(audit.ref)),
    )
    counted = actions_counted(counts, scale)
    table = plan_table(wanted, scale, counted)
    blocks: list[Block] = [
        with_totals(wanted, scale, counted),
        *differences(wanted, scale, counted),
    ]
    put_out(Answer(table, tuple(blocks) if wanted else ()), form)
    if not wanted:
        note("no audit fits")


def show(
    session: Session,
    audit: Asked,
    year: Year = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """An audit on a day, and what became of its actions."""
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        scale = council(reader)
        found = find.audit(reader, audit, read_year(year) if year else None)
        then = [a for a in records_as_of(reader, Audit, day, moment) if a.ref == found.ref]
        actions = records_as_of(reader, Action, day, moment)
        counted = actions_counted(counts_as_of(reader, day, by="audit", known_at=moment), scale)
    if not then:
        raise Refused(f"{found.name} was not in the plan of {found.year} on {say_date(day)}")
    own = [action for action in actions if action.audit == found.ref]
    table = plan_table(then, scale, counted)
    listed_actions = actions_table(own, day, {})
    without_audit = [c for c in listed_actions.columns if c.label and c.name != "audit"]
    blocks: list[Block] = [table.shown(), *differences(then, scale, counted)]
    if own:
        blocks.append(listed_actions.having(without_audit))
    put_out(Answer(table, tuple(blocks)), form)


VERBS = {
    "add": add,
    "list": list_,
    "show": show,
    "update": update,
}
