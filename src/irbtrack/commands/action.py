"""``irbtrack action``: record audit actions, and list them."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import (
    ask,
    needed_reason,
    refuse_unless_any,
    refuse_unless_asked,
    required,
)
from irbtrack.arguments.filters import Filters, selection
from irbtrack.arguments.options import (
    DryRun,
    NewTitle,
    On,
    ReasonNeeded,
    Recorded,
    References,
    Viewed,
    Year,
)
from irbtrack.domain.dates import read_date, read_year, say_date
from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.nouns import action as lifecycle
from irbtrack.domain.nouns.action import Action, Closure, DatedFields, History, due_day, updated
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.record import FieldValues
from irbtrack.domain.words import read_choice, read_ref, read_text, read_title, read_whole
from irbtrack.errors import Misused, Refused, listed
from irbtrack.register import find
from irbtrack.register.references import Allocator
from irbtrack.register.session import Planned, Session, each
from irbtrack.render import put_out
from irbtrack.reports.action import action_list, action_story, read_fields, read_sort
from irbtrack.store.database import Reader
from irbtrack.store.gather import changes_of, council, newest

Title = Annotated[str | None, typer.Argument(metavar="TITLE", help="What management agreed to do.")]
Detail = Annotated[
    str | None, typer.Option("--detail", metavar="TEXT", help="More about it, in as many lines.")
]
OfAudit = Annotated[
    str | None,
    typer.Option(
        "--audit",
        metavar="NAME",
        autocompletion=completing.audits,
        help="The audit's name or reference.",
    ),
]
Priority = Annotated[
    str | None,
    typer.Option(
        "--priority",
        metavar="PRIORITY",
        autocompletion=completing.priorities,
        help="One of the council's scale.",
    ),
]
Dir = Annotated[
    str | None,
    typer.Option(
        "--directorate",
        metavar="CODE",
        autocompletion=completing.directorates,
        help="The directorate's code or name.",
    ),
]
Owner = Annotated[
    str | None,
    typer.Option(
        "--owner",
        metavar="CODE",
        autocompletion=completing.officers,
        help="The officer's code or post title.",
    ),
]

CoOwners = Annotated[
    list[str] | None,
    typer.Option(
        "--co-owner",
        metavar="CODE",
        autocompletion=completing.officers,
        help="A post that shares in the work; give it again for more, 'none' for no one.",
    ),
]

AnyReferences = Annotated[
    list[str] | None,
    typer.Argument(metavar="REF", autocompletion=completing.actions, help="Only these actions."),
]

NEEDED = ("the TITLE", "--audit", "--priority", "--directorate")
"""What an action can't do without."""


def add(
    session: Session,
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
        own_ref = read_ref(ref) if ref else Allocator(reader, Action).give(fields)
        find.refuse_if_taken(own_ref, there, "an action", "reference")
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
    """Return whose the action is and when it is due, or what it lacks, in words."""
    owner, due_on = fields.get("owner"), fields.get("due_on")
    due = f"due {say_date(due_on)}" if due_on else "no due date"
    said = f"{owner or 'no owner'}, {due}"
    return said if owner and due_on else f"{said}: not allocated"


def _alike(fields: dict[str, Any], there: dict[str, Action]) -> str:
    """Return a word of warning if the audit has an action with the same title."""
    for other in there.values():
        same_title = other.title.casefold() == fields["title"].casefold()
        if other.audit == fields["audit"] and same_title:
            return f"; note that {other.ref} has the same title"
    return ""


def _ask(session: Session, given: dict[str, str | None], year: str | None) -> dict[str, str | None]:
    """Return what is given, and the answers to what is not.

    What is given is read first. An answer that contradicts what came before is asked for again.
    Owner and due date may be left empty.
    """
    with session.reading() as reader:
        scale = council(reader).priorities
        codes = sorted(newest(reader, Directorate))

    def known(find_one: Callable[..., object], *more: object) -> Callable[[Any], object]:
        """Return a check that an answer names something.

        It opens the database each time, so that it isn't held while somebody thinks.
        """

        def look(text: str | None) -> object:
            if text is None:
                return None
            with session.reading() as reader:
                return find_one(reader, text, *more)

        return look

    settled: dict[str, Any] = {o: value for o, value in given.items() if value is not None}

    def due_on(text: str) -> date:
        return read_date(text, session.today, month_end=True)

    def raised(text: str | None) -> object:
        day = session.day(text)
        if "--due" in settled and day > (last := due_on(settled["--due"])):
            raise Refused(
                f"{say_date(day)} is after the due date, {say_date(last)}; give an earlier day"
            )
        return day

    def due(text: str | None) -> object:
        day = text and due_on(text)
        if not day or "--raised" not in settled:
            return day
        return due_day("the action", day, session.day(settled["--raised"]))

    questions: dict[str, tuple[str, Callable[[Any], object]]] = {
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
        "--raised": ("Raised on (empty for today)", raised),
        "--owner": ("Owner (empty if not allocated)", known(find.owner)),
        "--due": ("Due date (empty if not allocated)", due),
    }
    for option, value in settled.items():
        questions[option][1](value)
    for option, (question, read) in questions.items():
        if option not in settled:
            settled[option] = ask(question, read, optional=option not in NEEDED)
    return settled


def update(
    session: Session,
    references: References,
    title: NewTitle = None,
    detail: Detail = None,
    priority: Priority = None,
    directorate: Dir = None,
    audit: OfAudit = None,
    year: Year = None,
    co_owner: CoOwners = None,
    raised: Annotated[
        str | None,
        typer.Option(
            "--raised", metavar="DATE", help="The day it was raised, if that was recorded too late."
        ),
    ] = None,
    *,
    recorded: Recorded,
) -> None:
    """Change title, priority, directorate, audit, co-owners or the day it was raised.

    The change holds from the day of --on; what the action said before is kept. Owners are
    given by 'action allocate', due dates by 'action allocate' and 'action redate'. --raised
    needs no --on: it takes the place of a day that an import assumed, or that was mistyped.
    """
    day = session.day(recorded.on)
    if year is not None and audit is None:
        raise Misused("--year says which year's audit is meant; give --audit too")
    raised_on = None if raised is None else session.day(raised)
    refuse_unless_any(title, detail, priority, directorate, audit, co_owner or None, raised)

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
            "co_owners": find.officers(reader, co_owner) if co_owner else None,
        }

        def one(ref: str) -> list[Planned]:
            history = find.action_history(reader, ref)
            own_ref = history[0].record.ref
            known = _changes(reader, history)
            moved = lifecycle.raised_anew(known, raised_on) if raised_on else []
            planned = [Planned(Change("action", own_ref, on, told), "") for on, told in moved]
            if moved:
                planned[0] = planned[0]._replace(
                    sentence=f"{own_ref}: raised on {say_date(moved[0][0])}, not on"
                    f" {say_date(history[0].record.raised_on)}"
                )
            change = updated(history, day, fields)
            said = ", ".join(f"{_called(f)} now {_words(value)}" for f, value in change.items())
            return [*planned, Planned(Change("action", own_ref, day, change), f"{own_ref}: {said}")]

        return each(references, one)

    session.record("action update", plan, reason=recorded.reason, dry_run=recorded.dry_run)


def _called(field: str) -> str:
    return field.replace("_", "-")


def _words(value: object) -> str:
    return ", ".join(value) or "none" if isinstance(value, tuple) else str(value)


Verb = Callable[[History], DatedFields]
Say = Callable[[Action, FieldValues], str]


def _record(
    session: Session,
    command: str,
    references: list[str],
    day: date,
    plan_verb: Callable[[Reader], Verb],
    say: Say,
    *,
    reason: str | None = None,
    dry_run: bool = False,
) -> None:
    """Make one entry of what a verb changes on each action, from ``day`` or from other days.

    ``plan_verb`` looks up what the verb needs to know, and returns the verb. ``say`` puts one
    action's change into words.
    """

    def plan(reader: Reader) -> list[Planned]:
        verb = plan_verb(reader)

        def one(ref: str) -> list[Planned]:
            history = find.action_history(reader, ref)
            changes = verb(history)
            then = version_on(history, day)
            assert then is not None, "a verb refuses a day on which the action was not there"
            fields = dict(changes)[day]
            said = f"{then.ref} {say(then, fields)}" if fields else ""
            return [
                Planned(Change("action", then.ref, on, told), said if on == day else "")
                for on, told in changes
            ]

        return each(references, one)

    session.record(command, plan, reason=reason, dry_run=dry_run)


def _changes(reader: Reader, history: History) -> list[Change]:
    """Return the changes in force that an action's history is of."""
    [changes] = changes_of(reader, Action, [history[0].record.ref])
    return changes


def _text(what: str, given: str | None) -> str | None:
    return None if given is None else read_text(what, given)


def allocate(
    session: Session,
    references: References,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            metavar="CODE",
            autocompletion=completing.officers,
            help="The officer's code; 'none' for nobody.",
        ),
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="DATE", help="The first due date.")
    ] = None,
    *,
    recorded: Recorded,
) -> None:
    """Give actions an owner, their first due date, or both."""
    day = session.day(recorded.on)
    if owner is None and due is None:
        raise Misused("nothing to allocate; give --owner, --due or both")
    due_on = read_date(due, session.today, month_end=True) if due else None

    def verb(reader: Reader) -> Verb:
        given: FieldValues = {}
        if owner is not None:
            given["owner"] = find.owner(reader, owner)
        if due_on is not None:
            given["due_on"] = due_on
        return lambda history: [(day, lifecycle.allocated(history, day, given))]

    def say(_: Action, fields: FieldValues) -> str:
        to = f" to {fields['owner'] or 'nobody'}" if "owner" in fields else ""
        when = f", due {say_date(fields['due_on'])}" if "due_on" in fields else ""
        return f"allocated{to}{when}"

    _record(
        session,
        "action allocate",
        references,
        day,
        verb,
        say,
        reason=recorded.reason,
        dry_run=recorded.dry_run,
    )


def redate(
    session: Session,
    references: References,
    due: Annotated[
        str | None, typer.Option("--due", metavar="DATE", help="The revised due date. Needed.")
    ] = None,
    reason: ReasonNeeded = None,
    approved_by: Annotated[
        str | None,
        typer.Option("--approved-by", metavar="TEXT", help="Who agreed to it, and where."),
    ] = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Revise due dates, with the reason.

    The original due date stays, and how often an action was re-dated is counted.
    """
    day = session.day(on)
    due_on = required(
        due, "--due", "Revised due date", lambda t: read_date(t, session.today, month_end=True)
    )
    why = needed_reason(reason)
    approval = None if approved_by is None else read_title("--approved-by", approved_by)

    def say(action: Action, _: FieldValues) -> str:
        was = f", it was {say_date(action.due_on)}" if action.due_on else ""
        times = action.times_redated + 1
        how_often = {1: "once", 2: "twice"}.get(times, f"{times} times")
        return f"re-dated to {say_date(due_on)}{was}; re-dated {how_often} by then"

    _record(
        session,
        "action redate",
        references,
        day,
        lambda _: lambda history: [(day, lifecycle.redated(history, day, due_on, approval))],
        say,
        reason=why,
        dry_run=dry_run,
    )


def progress(
    session: Session,
    references: References,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="What has been done.")
    ] = None,
    percent: Annotated[
        str | None, typer.Option("--percent", metavar="0-100", help="How far it has got.")
    ] = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Keep what the owner reports."""
    day = session.day(on)
    if note is None and percent is None:
        raise Misused("nothing to keep; give --note, --percent or both")
    told = _text("the note", note)
    how_far = None if percent is None else read_whole("a percentage", percent.rstrip("% "), 100)
    _record(
        session,
        "action progress",
        references,
        day,
        lambda _: lambda history: [(day, lifecycle.progressed(history, day, told, how_far))],
        lambda _, fields: (
            f"progress kept for {say_date(day)}"
            + (f", {how_far}% complete" if "percent_complete" in fields else "")
        ),
        dry_run=dry_run,
    )


def complete(
    session: Session,
    references: References,
    on: On = None,
    evidence: Annotated[
        str | None,
        typer.Option("--evidence", metavar="TEXT", help="What shows it, such as a link."),
    ] = None,
    note: Annotated[
        str | None,
        typer.Option("--note", metavar="TEXT", help="What to say of it; kept as its progress."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Record what management reports as done."""
    day = session.day(on)
    shown, told = _text("the evidence", evidence), _text("the note", note)
    _record(
        session,
        "action complete",
        references,
        day,
        lambda reader: (
            lambda history: lifecycle.completion(_changes(reader, history), day, shown, told)
        ),
        lambda *_: f"complete on {say_date(day)}",
        dry_run=dry_run,
    )


def verify(
    session: Session,
    references: References,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="CODE",
            autocompletion=completing.officers,
            help="The officer who confirms it, not the owner.",
        ),
    ] = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Record that audit has confirmed completions."""
    day = session.day(on)
    asked = required(by, "--by", "Verified by (officer's code)", str)

    def verb(reader: Reader) -> Verb:
        code = find.officer(reader, asked).ref
        return lambda history: [(day, lifecycle.verified(history, day, code))]

    _record(
        session,
        "action verify",
        references,
        day,
        verb,
        lambda _, fields: f"verified by {fields['verified_by']} on {say_date(day)}",
        dry_run=dry_run,
    )


def reopen(
    session: Session,
    references: References,
    reason: ReasonNeeded = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Take back completions or closures."""
    day = session.day(on)
    why = needed_reason(reason)
    _record(
        session,
        "action reopen",
        references,
        day,
        lambda _: lambda history: [(day, lifecycle.reopened(history, day))],
        lambda *_: f"reopened on {say_date(day)}",
        reason=why,
        dry_run=dry_run,
    )


def close(
    session: Session,
    references: References,
    closure: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="CLOSURE",
            autocompletion=completing.closures,
            help="Withdrawn, superseded, risk accepted or no longer applicable. Needed.",
        ),
    ] = None,
    reason: ReasonNeeded = None,
    expires: Annotated[
        str | None,
        typer.Option("--expires", metavar="DATE", help="The last day of a risk acceptance."),
    ] = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Close actions that will not be completed.

    They leave the totals, and are kept. An accepted risk may expire: it then counts again.
    """
    day = session.day(on)
    how = Closure(
        required(closure, "--as", "Closed as", lambda t: read_choice("a closure", t, Closure))
    )
    why = needed_reason(reason)
    expires_on = read_date(expires, session.today, month_end=True) if expires else None
    _record(
        session,
        "action close",
        references,
        day,
        lambda reader: (
            lambda history: lifecycle.closing(_changes(reader, history), day, how, expires_on)
        ),
        lambda *_: f"closed on {say_date(day)} as {how.value}",
        reason=why,
        dry_run=dry_run,
    )


def list_(
    session: Session,
    references: AnyReferences = None,
    sort: Annotated[
        list[str] | None,
        typer.Option(
            "--sort",
            metavar="FIELD[-]",
            help="Sort by these fields, parted by commas; FIELD- sorts downwards.",
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="FIELD,FIELD,...",
            help="Show these fields, such as ref,title,progress, in this order.",
        ),
    ] = None,
    *,
    filters: Filters,
    viewed: Viewed,
) -> None:
    """List actions as they stood on a day.

    Filters combine, and those of names may be given more than once. What is closed has left
    the register, and is listed only by --status closed, --closed-as or its reference. The fields
    of --sort and --columns are those of JSON, and also source, detail, progress, percent_complete
    and the others of an action.
    """
    keys = [key for one in sort or () for key in read_sort(one)]
    fields = read_fields(columns) if columns else ()
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        wanted = selection(view, session.today, filters, references or ())
        answer = action_list(view, wanted, sort=keys, fields=fields)
    put_out(answer, viewed.form)


def show(
    session: Session,
    reference: Annotated[
        str, typer.Argument(metavar="REF", autocompletion=completing.actions, help="The action.")
    ],
    viewed: Viewed,
) -> None:
    """Show an action on a day, and how it came to be so."""
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = action_story(view, find.action_ref(view.reader, reference))
    put_out(answer, viewed.form)


VERBS = {
    "add": add,
    "list": list_,
    "show": show,
    "update": update,
    "allocate": allocate,
    "redate": redate,
    "progress": progress,
    "complete": complete,
    "verify": verify,
    "reopen": reopen,
    "close": close,
}
