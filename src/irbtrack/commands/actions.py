"""``irbtrack action add | list | show | update``: what is in the register of actions."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from irbtrack.commands import find
from irbtrack.commands.options import (
    DryRun,
    NewTitle,
    On,
    Reason,
    Refs,
    Year,
)
from irbtrack.commands.session import (
    Planned,
    Session,
    ask,
    each,
    refuse_unless_any,
    refuse_unless_asked,
    session_of,
)
from irbtrack.domain.dates import read_date, read_year, say_date
from irbtrack.domain.journal import Change
from irbtrack.domain.lifecycle import due_day, next_ref, updated
from irbtrack.domain.records import Action, Directorate
from irbtrack.domain.words import read_choice, read_ref, read_text, read_title
from irbtrack.errors import Misused, listed
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, newest, refs

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
        str | None,
        typer.Option("--raised", "--on", metavar="DATE", help="The day it was raised; today."),
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
    title: NewTitle = None,
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
    if year is not None and audit is None:
        raise Misused("--year says which year's audit is meant; give --audit too")
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
