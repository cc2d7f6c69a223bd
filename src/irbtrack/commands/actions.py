"""``irbtrack action add | list | show | update``: what is in the register of actions."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from irbtrack.commands import find
from irbtrack.commands.options import (
    AsOf,
    DryRun,
    Form,
    KnownAt,
    On,
    Original,
    Reason,
    Refs,
    Year,
    as_of_day,
    known_at_moment,
)
from irbtrack.commands.session import (
    Planned,
    Session,
    ask,
    each,
    note,
    refuse_unless_any,
    refuse_unless_asked,
    session_of,
)
from irbtrack.domain.board import Answer, Column, Kind, Table
from irbtrack.domain.dates import read_date, read_year, say_date
from irbtrack.domain.journal import Change
from irbtrack.domain.lifecycle import due_day, next_ref, updated
from irbtrack.domain.records import Action, Audit, Directorate, Status
from irbtrack.domain.selection import Selection, selected
from irbtrack.domain.status import days_overdue, standing, status_as_of
from irbtrack.domain.words import read_choice, read_ref, read_text, read_title, read_whole
from irbtrack.errors import listed
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, names_as_of, newest, records_as_of, refs

Title = Annotated[str | None, typer.Argument(metavar="TITLE", help="What management agreed to do.")]
Detail = Annotated[
    str | None, typer.Option("--detail", metavar="TEXT", help="More about it, in as many lines.")
]
OfAudit = Annotated[
    str | None, typer.Option("--audit", metavar="NAME", help="The audit's name or reference.")
]
Priority = Annotated[
    str | None, typer.Option("--priority", metavar="PRIORITY", help="One of the council's scale.")
]
Dir = Annotated[
    str | None,
    typer.Option("--directorate", metavar="CODE", help="The directorate's code or name."),
]
Owner = Annotated[
    str | None, typer.Option("--owner", metavar="CODE", help="The officer's code or post title.")
]

NEEDED = ("the TITLE", "--audit", "--priority", "--directorate")
"""What an action cannot do without."""


def add(
    ctx: typer.Context,
    title: Title = None,
    audit: OfAudit = None,
    priority: Priority = None,
    directorate: Dir = None,
    owner: Owner = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="Due date.")] = None,
    raised: Annotated[
        str | None, typer.Option("--raised", metavar="DATE", help="The day it was raised; today.")
    ] = None,
    detail: Detail = None,
    year: Year = None,
    ref: Annotated[
        str | None,
        typer.Option("--ref", metavar="REF", help="Its reference; given out if left out."),
    ] = None,
) -> None:
    """Add an action, and print its reference.

    An action without an owner or a due date is Not Allocated. Of an audit's name in several
    years the newest is meant, unless --year says which.
    """
    session = session_of(ctx)
    of_year = read_year(year) if year else None
    given = {
        "the TITLE": title,
        "--audit": audit,
        "--priority": priority,
        "--directorate": directorate,
        "--owner": owner,
        "--due": due,
        "--raised": raised,
    }
    if missing := [option for option in NEEDED if given[option] is None]:
        refuse_unless_asked(missing)
        given = _ask(session, given, of_year)
    raised_on = session.day(given["--raised"])

    def plan(reader: Reader) -> list[Planned]:
        under = find.audit(reader, str(given["--audit"]), of_year)
        there = newest(reader, Action)
        prefix = f"{under.year.replace('/', '')}-"
        own_ref = read_ref(ref) if ref else next_ref(prefix, refs(reader, "action"))
        find.refuse_if_taken(own_ref, there, "an action", "reference")
        fields: dict[str, Any] = {
            "raised_on": raised_on,
            "year": under.year,
            "audit": under.ref,
            "title": read_title("the title", str(given["the TITLE"])),
            "priority": read_choice(
                "a priority", str(given["--priority"]), council(reader).priorities
            ),
            "directorate": find.directorate(reader, str(given["--directorate"])).ref,
        }
        if given["--owner"] is not None:
            fields["owner"] = find.owner(reader, given["--owner"])
        if given["--due"] is not None:
            due_on = read_date(given["--due"], session.today, month_end=True)
            fields["due_on"] = due_day("the action", due_on, raised_on)
        if detail is not None:
            fields["detail"] = read_text("the detail", detail)
        earlier = f"raised {say_date(raised_on)}, " if raised_on != session.today else ""
        said = (
            f"{own_ref} added to {under.name} ({under.year}), {earlier}{_allocation(fields)}"
            f"{_alike(fields, there)}"
        )
        return [Planned(Change("action", own_ref, raised_on, fields), said)]

    [change] = session.record("action add", plan)
    typer.echo(change.ref)


def _allocation(fields: dict[str, Any]) -> str:
    """Whose the action is and when it is due, or what it lacks."""
    owner, due_on = fields.get("owner"), fields.get("due_on")
    due = f"due {say_date(due_on)}" if due_on else "no due date"
    said = f"{owner or 'no owner'}, {due}"
    return said if owner and due_on else f"{said}: not allocated"


def _alike(fields: dict[str, Any], there: dict[str, Action]) -> str:
    """A word of warning if the audit has an action of that very title."""
    for other in there.values():
        same_title = other.title.casefold() == fields["title"].casefold()
        if other.audit == fields["audit"] and same_title:
            return f"; note that {other.ref} has the same title"
    return ""


def _ask(session: Session, given: dict[str, str | None], year: str | None) -> dict[str, str | None]:
    """What is given, and the answers to what is not; owner and due date may be left empty."""
    with session.reading() as reader:
        scale = council(reader).priorities
        codes = sorted(newest(reader, Directorate))

    def known(find_one: Callable[..., object], *more: object) -> Callable[[str], object]:
        """Whether an answer names something; the database is not held while one thinks."""

        def look(text: str) -> object:
            with session.reading() as reader:
                return find_one(reader, text, *more)

        return look

    def due(text: str) -> date:
        return read_date(text, session.today, month_end=True)

    questions: dict[str, tuple[str, Callable[[str], object]]] = {
        "the TITLE": ("Title", lambda text: read_title("the title", text)),
        "--audit": ("Audit", known(find.audit, year)),
        "--priority": (
            f"Priority ({listed(scale)})",
            lambda text: read_choice("a priority", text, scale),
        ),
        "--directorate": (
            f"Directorate ({listed(codes)})" if codes else "Directorate",
            known(find.directorate),
        ),
        "--raised": ("Raised on (empty for today)", session.day),
        "--owner": ("Owner (empty if not allocated)", known(find.owner)),
        "--due": ("Due date (empty if not allocated)", due),
    }
    return {
        option: ask(question, read, optional=option not in NEEDED)
        if given[option] is None
        else given[option]
        for option, (question, read) in questions.items()
    }


def update(
    ctx: typer.Context,
    references: Refs,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TITLE", help="A new title.")
    ] = None,
    detail: Detail = None,
    priority: Priority = None,
    directorate: Dir = None,
    audit: OfAudit = None,
    year: Year = None,
    on: On = None,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Change title, priority, directorate or audit.

    The change holds from the day of --on; what the action said before is kept. Owners are
    given by 'action allocate', due dates by 'action allocate' and 'action redate'.
    """
    session = session_of(ctx)
    day = session.day(on)
    refuse_unless_any(title, detail, priority, directorate, audit)

    def plan(reader: Reader) -> list[Planned]:
        of_year = read_year(year) if year else None
        under = find.audit(reader, audit, of_year) if audit is not None else None
        scale = council(reader).priorities
        fields = {
            "title": None if title is None else read_title("the title", title),
            "detail": None if detail is None else read_text("the detail", detail),
            "priority": None if priority is None else read_choice("a priority", priority, scale),
            "directorate": directorate and find.directorate(reader, directorate).ref,
            "audit": under and under.ref,
            "year": under and under.year,
        }

        def one(ref: str) -> Planned:
            history = find.action_history(reader, ref)
            change = updated(history, day, fields)
            said = ", ".join(f"{field} now {value}" for field, value in change.items())
            own_ref = history[0].record.ref
            return Planned(Change("action", own_ref, day, change), f"{own_ref}: {said}")

        return each(references, one)

    session.record("action update", plan, reason=reason, dry_run=dry_run)


def list_actions(
    ctx: typer.Context,
    year: Annotated[
        list[str] | None, typer.Option("--year", metavar="YEAR", help="Of that financial year.")
    ] = None,
    audit: Annotated[
        list[str] | None, typer.Option("--audit", metavar="NAME", help="Of that audit.")
    ] = None,
    directorate: Annotated[
        list[str] | None,
        typer.Option("--directorate", metavar="CODE", help="That this directorate answers for."),
    ] = None,
    owner: Annotated[
        list[str] | None,
        typer.Option("--owner", metavar="CODE", help="Of that officer; 'none' for no owner."),
    ] = None,
    priority: Annotated[
        list[str] | None, typer.Option("--priority", metavar="PRIORITY", help="Of that priority.")
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="Not due, overdue, complete, not allocated or closed.",
        ),
    ] = None,
    due_before: Annotated[
        str | None, typer.Option("--due-before", metavar="DATE", help="Due earlier than that day.")
    ] = None,
    due_after: Annotated[
        str | None, typer.Option("--due-after", metavar="DATE", help="Due later than that day.")
    ] = None,
    overdue_by: Annotated[
        str | None,
        typer.Option("--overdue-by", metavar="DAYS", help="Overdue by at least so many days."),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text", metavar="TEXT", help="With these words in reference, title or detail."
        ),
    ] = None,
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Complete, and not confirmed by audit.")
    ] = False,
    original: Original = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """List actions as they stood on a day.

    Filters combine, and those of names may be given more than once. What is closed has left
    the register, and is listed only by --status closed.
    """
    session = session_of(ctx)
    day = as_of_day(session, as_of)
    with session.reading() as reader:
        wanted = Selection(
            years=frozenset(read_year(one) for one in year or ()),
            audits=frozenset(ref for one in audit or () for ref in find.audit_refs(reader, one)),
            directorates=frozenset(find.directorate(reader, d).ref for d in directorate or ()),
            owners=frozenset(find.owner(reader, one) for one in owner or ()),
            priorities=frozenset(
                read_choice("a priority", one, council(reader).priorities) for one in priority or ()
            ),
            statuses=frozenset(Status(read_choice("a status", s, Status)) for s in status or ()),
            due_before=read_date(due_before, session.today) if due_before else None,
            due_after=(read_date(due_after, session.today, month_end=True) if due_after else None),
            overdue_by=read_whole("a number of days", overdue_by, 99_999) if overdue_by else None,
            text=text,
            unverified=unverified,
        )
        moment = known_at_moment(session, known_at)
        actions = records_as_of(reader, Action, day, moment)
        audits = names_as_of(reader, Audit, day, moment)
    found = selected(actions, day, wanted, original=original)
    table = actions_table(found, day, audits, original=original)
    count = "1 action" if len(found) == 1 else f"{len(found)} actions"
    put_out(Answer(table, (table.shown(), count) if found else ()), form)
    if not found:
        closed = wanted._replace(statuses=frozenset({Status.CLOSED}))
        also = selected(actions, day, closed, original=original)
        note("no action fits" + ("; --status closed lists some that are" if also else ""))


ACTION_COLUMNS = (
    Column("ref", "Ref", Kind.CODE),
    Column("year"),
    Column("audit", "Audit", rank=3),
    Column("title", "Title"),
    Column("priority", "Priority", Kind.CODE),
    Column("directorate", "Directorate", Kind.CODE, rank=2),
    Column("owner", "Owner", Kind.CODE, rank=1),
    Column("status", "Status", Kind.CODE),
    Column("raised_on", kind=Kind.DATE),
    Column("original_due_on", kind=Kind.DATE),
    Column("due_on", "Due", Kind.DATE),
    Column("times_redated", "Re-dated", Kind.NUMBER, rank=4),
    Column("completed_on", kind=Kind.DATE),
    Column("verified_on", kind=Kind.DATE),
    Column("days_overdue", "Days overdue", Kind.NUMBER),
)


def actions_table(
    actions: list[Action], day: date, audits: dict[str, str], *, original: bool = False
) -> Table:
    """One row for each action: the fifteen fields of ``action list`` (DESIGN section 5).

    With ``original`` people are shown the original due date, from which is counted then.
    """
    counted, other = ("original_due_on", "due_on") if original else ("due_on", "original_due_on")
    labels = {counted: "Original due" if original else "Due", other: None}
    columns = tuple(c._replace(label=labels.get(c.name, c.label)) for c in ACTION_COLUMNS)
    return Table(columns, [_row(action, day, audits, original) for action in actions])


def _row(action: Action, day: date, audits: dict[str, str], original: bool) -> tuple[Any, ...]:
    stands = standing(action, original=original)
    return (
        action.ref,
        action.year,
        audits.get(action.audit or ""),
        action.title,
        action.priority,
        action.directorate,
        action.owner,
        status_as_of(stands, day).value,
        action.raised_on,
        action.original_due_on,
        action.due_on,
        action.times_redated,
        action.completed_on,
        action.verified_on,
        days_overdue(stands, day),
    )
