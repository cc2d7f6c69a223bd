"""``irbtrack audit``: keep the audit plan."""

from datetime import date
from typing import Annotated, Any, NamedTuple

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import refuse_unless_any, required
from irbtrack.arguments.options import On, Reason, Sources, Viewed, Year
from irbtrack.domain.dates import read_date, read_year, say_date, year_of
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.action import Action, moved_with_audit
from irbtrack.domain.nouns.audit import QUARTERS, Audit, AuditStatus, read_findings
from irbtrack.domain.nouns.council import read_offered
from irbtrack.domain.record import FieldValues, differing, only_given
from irbtrack.domain.words import read_choice, read_ref, read_title
from irbtrack.register import find
from irbtrack.register.references import Allocator
from irbtrack.register.session import Planned, Session
from irbtrack.render import put_out
from irbtrack.reports.audit import audit_plan, audit_shown
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, history, referring, refs

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="The name of the review.")]
Asked = Annotated[
    str,
    typer.Argument(
        metavar="AUDIT", autocompletion=completing.audits, help="The audit's name or reference."
    ),
]
Quarter = Annotated[
    str | None,
    typer.Option(
        "--quarter", metavar="QUARTER", autocompletion=completing.quarters, help="Q1, Q2, Q3 or Q4."
    ),
]
State = Annotated[
    str | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        autocompletion=completing.audit_statuses,
        help="Planned, in progress, draft or finalised.",
    ),
]
Opinion = Annotated[
    str | None,
    typer.Option(
        "--classification",
        metavar="OPINION",
        autocompletion=completing.classifications,
        help="The assurance opinion, of the scale.",
    ),
]
Findings = Annotated[
    str | None,
    typer.Option(
        "--findings", metavar="N/N/N", help="How many, by priority, as 2/3/4 in the scale's order."
    ),
]
Source = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="SOURCE",
        autocompletion=completing.sources,
        help="Who reviews, as Internal Audit or Ofsted.",
    ),
]
Issued = Annotated[
    str | None,
    typer.Option("--issued", metavar="DATE", help="The day its report was issued."),
]
Auditee = Annotated[
    str | None,
    typer.Option(
        "--directorate",
        metavar="CODE",
        autocompletion=completing.directorates,
        help="Who is audited: a directorate's code or name.",
    ),
]


class _Given(NamedTuple):
    """The options that are the same of a new audit and of a known one."""

    quarter: str | None
    status: str | None
    classification: str | None
    findings: str | None
    source: str | None
    issued: str | None
    directorate: str | None


def add(
    session: Session,
    name: Name = None,
    year: Year = None,
    quarter: Quarter = None,
    status: State = None,
    classification: Opinion = None,
    findings: Findings = None,
    source: Source = None,
    issued: Issued = None,
    directorate: Auditee = None,
    ref: Annotated[
        str | None,
        typer.Option("--ref", metavar="REF", help="Its reference; given out if left out."),
    ] = None,
    on: On = None,
) -> None:
    """Add an audit to the plan, and print its reference.

    Its year is this financial year if left out, and its source is Internal Audit.
    """
    day = session.day(on)
    title = required(name, "the NAME", "Name of the review", lambda t: read_title("the name", t))
    of_year = read_year(year) if year else year_of(day)
    given = _Given(quarter, status, classification, findings, source, issued, directorate)

    def plan(reader: Reader) -> list[Planned]:
        known = _read(reader, given, session.today)
        fields: FieldValues = {
            "year": of_year,
            "name": title,
            "status": AuditStatus.PLANNED.value,
        } | only_given(known)
        own_ref = read_ref(ref) if ref else Allocator(reader, Audit).give(fields)
        find.refuse_if_taken(own_ref, refs(reader, Audit.NOUN), "an audit", "reference")
        state = ", ".join(filter(None, (fields["status"], fields.get("classification"))))
        said = f"audit {own_ref} added: {title} ({of_year}), {state}"
        return [Planned(Change(Audit.NOUN, own_ref, day, fields), said)]

    [change] = session.record("audit add", plan)
    typer.echo(change.ref)


def update(
    session: Session,
    audit: Asked,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="A new name.")] = None,
    year: Annotated[
        str | None,
        typer.Option("--year", metavar="YEAR", help="The year that it moves to, with its actions."),
    ] = None,
    quarter: Quarter = None,
    status: State = None,
    classification: Opinion = None,
    findings: Findings = None,
    source: Source = None,
    issued: Issued = None,
    directorate: Auditee = None,
    within: Annotated[
        str | None,
        typer.Option("--in", metavar="YEAR", help="Which year's audit of that name; the newest."),
    ] = None,
    on: On = None,
    reason: Reason = None,
) -> None:
    """Record what changed of an audit.

    --year moves one that was entered under a wrong year. Without --on the audit and its actions
    are then of that year from their first day on. The other changes hold from --on, or today.
    """
    given = _Given(quarter, status, classification, findings, source, issued, directorate)
    refuse_unless_any(name, year, *given)
    day = session.day(on)
    to_year = read_year(year) if year else None

    def plan(reader: Reader) -> list[Planned]:
        found = find.audit(reader, audit, read_year(within) if within else None)
        then = find.record_on(reader, Audit, found.ref, day)
        fields = _read(reader, given, session.today)
        fields["name"] = None if name is None else read_title("the name", name)
        changes = differing(then, fields)
        planned = []
        if to_year is not None and to_year != then.year:
            planned = _moved(reader, found, to_year, day if on else date.min)
        if changes or not planned:
            said = ", ".join(f"{_called(f)} now {_words(value)}" for f, value in changes.items())
            change = Change(Audit.NOUN, found.ref, day, changes)
            planned.append(Planned(change, f"{found.name}: {said}"))
        return planned

    session.record("audit update", plan, reason=reason)


def _moved(reader: Reader, audit: Audit, year: str, from_day: date) -> list[Planned]:
    """Plan the move of an audit and its actions to another year, from a day on."""
    begun = history(reader, Audit, audit.ref)[0].valid_from
    own = Change(Audit.NOUN, audit.ref, max(begun, from_day), {"year": year})
    moved = [
        Change(Action.NOUN, ref, day, fields)
        for ref in referring(reader, Action, Audit.NOUN, [audit.ref])
        for day, fields in moved_with_audit(history(reader, Action, ref), audit.ref, year, from_day)
    ]
    number = len({change.ref for change in moved})
    actions = f", with {number} action{'s' if number > 1 else ''}" if number else ""
    return [
        Planned(own, f"{audit.name} moved to {year}, it was in {audit.year}{actions}"),
        *(Planned(change, "") for change in moved),
    ]


def _called(field: str) -> str:
    return field.removesuffix("_on")


def _words(value: Any) -> str:
    if isinstance(value, date):
        return say_date(value)
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _read(reader: Reader, given: _Given, today: date) -> FieldValues:
    """Return the fields that were given, read by the council's scales; the others None."""
    scale, status = council(reader), given.status
    quarter, classification, findings = given.quarter, given.classification, given.findings
    source = given.source
    return {
        "quarter": quarter and read_choice("a quarter", quarter, QUARTERS),
        "status": status and read_choice("a status", status, AuditStatus),
        "classification": classification
        and read_choice("a classification", classification, scale.classifications),
        "findings": findings and read_findings(findings, scale.priorities),
        "source": source and read_offered(read_title("the source", source), scale.sources),
        "issued_on": given.issued and read_date(given.issued, today),
        "directorate": given.directorate and find.directorate(reader, given.directorate).ref,
    }


def list_(
    session: Session,
    viewed: Viewed,
    year: Year = None,
    source: Sources = None,
) -> None:
    """List the audit plan on a day, by year and quarter, with totals.

    Findings are those that were entered or, if none were, the actions counted. Where the two
    differ, it is said.
    """
    of_year = read_year(year) if year else None
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        sources = [find.source(view.reader, one) for one in source or ()]
        answer = audit_plan(view, of_year, sources)
    put_out(answer, viewed.form)


def show(session: Session, audit: Asked, viewed: Viewed, year: Year = None) -> None:
    """Show an audit on a day, and what became of its actions."""
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        found = find.audit(view.reader, audit, read_year(year) if year else None)
        answer = audit_shown(view, found)
    put_out(answer, viewed.form)


VERBS = {"add": add, "list": list_, "show": show, "update": update}
