"""``irbtrack action allocate | redate | progress | complete | verify | reopen | close``.

Each verb takes several references and makes one entry of them, from one effective day. What
a verb changes, and when it is refused, is :mod:`irbtrack.domain.lifecycle`'s to say.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated

import typer

from irbtrack.commands import find
from irbtrack.commands.options import DryRun, On, Reason, ReasonNeeded, Refs
from irbtrack.commands.session import Planned, Session, each, needed_reason, required, session_of
from irbtrack.domain import lifecycle
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.lifecycle import Fields, History
from irbtrack.domain.records import Action, Closure
from irbtrack.domain.words import read_choice, read_text, read_title, read_whole
from irbtrack.errors import Misused
from irbtrack.store.database import Reader

Verb = Callable[[History], Fields]
Say = Callable[[Action, Fields], str]


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
    """One entry of what a verb changes on each action, from ``day``.

    ``plan_verb`` looks up what the verb needs to know, and returns it; ``say`` puts one
    action's change into words.
    """

    def plan(reader: Reader) -> list[Planned]:
        verb = plan_verb(reader)

        def one(ref: str) -> Planned:
            history = find.action_history(reader, ref)
            fields = verb(history)
            then = version_on(history, day)
            assert then is not None, "a verb refuses a day on which the action was not there"
            said = f"{then.ref} {say(then, fields)}" if fields else ""
            return Planned(Change("action", then.ref, day, fields), said)

        return each(references, one)

    session.record(command, plan, reason=reason, dry_run=dry_run)


def _text(what: str, given: str | None) -> str | None:
    return None if given is None else read_text(what, given)


def allocate(
    ctx: typer.Context,
    references: Refs,
    owner: Annotated[
        str | None,
        typer.Option("--owner", metavar="CODE", help="The officer's code; 'none' for nobody."),
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="DATE", help="The first due date.")
    ] = None,
    on: On = None,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Give actions an owner, their first due date, or both."""
    session = session_of(ctx)
    day = session.day(on)
    if owner is None and due is None:
        raise Misused("nothing to allocate; give --owner, --due or both")
    due_on = read_date(due, session.today, month_end=True) if due else None

    def verb(reader: Reader) -> Verb:
        given: Fields = {}
        if owner is not None:
            given["owner"] = find.owner(reader, owner)
        if due_on is not None:
            given["due_on"] = due_on
        return lambda history: lifecycle.allocated(history, day, given)

    def say(_: Action, fields: Fields) -> str:
        to = f" to {fields['owner'] or 'nobody'}" if "owner" in fields else ""
        when = f", due {say_date(fields['due_on'])}" if "due_on" in fields else ""
        return f"allocated{to}{when}"

    _record(session, "action allocate", references, day, verb, say, reason=reason, dry_run=dry_run)


def redate(
    ctx: typer.Context,
    references: Refs,
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
    session = session_of(ctx)
    day = session.day(on)
    due_on = required(
        due, "--due", "Revised due date", lambda t: read_date(t, session.today, month_end=True)
    )
    why = needed_reason(reason)
    approval = None if approved_by is None else read_title("--approved-by", approved_by)

    def say(action: Action, _: Fields) -> str:
        was = f", it was {say_date(action.due_on)}" if action.due_on else ""
        times = action.times_redated + 1
        how_often = {1: "once", 2: "twice"}.get(times, f"{times} times")
        return f"re-dated to {say_date(due_on)}{was}; re-dated {how_often} by then"

    _record(
        session,
        "action redate",
        references,
        day,
        lambda _: lambda history: lifecycle.redated(history, day, due_on, approval),
        say,
        reason=why,
        dry_run=dry_run,
    )


def progress(
    ctx: typer.Context,
    references: Refs,
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
    session = session_of(ctx)
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
        lambda _: lambda history: lifecycle.progressed(history, day, told, how_far),
        lambda _, fields: (
            f"progress kept for {say_date(day)}"
            + (f", {how_far}% complete" if "percent_complete" in fields else "")
        ),
        dry_run=dry_run,
    )


def complete(
    ctx: typer.Context,
    references: Refs,
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
    session = session_of(ctx)
    day = session.day(on)
    shown, told = _text("the evidence", evidence), _text("the note", note)
    _record(
        session,
        "action complete",
        references,
        day,
        lambda _: lambda history: lifecycle.completed(history, day, shown, told),
        lambda *_: f"complete on {say_date(day)}",
        dry_run=dry_run,
    )


def verify(
    ctx: typer.Context,
    references: Refs,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="CODE", help="The officer who confirms it, not the owner."),
    ] = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Record that audit has confirmed completions."""
    session = session_of(ctx)
    day = session.day(on)
    asked = required(by, "--by", "Verified by (officer's code)", str)

    def verb(reader: Reader) -> Verb:
        code = find.officer(reader, asked).ref
        return lambda history: lifecycle.verified(history, day, code)

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
    ctx: typer.Context,
    references: Refs,
    reason: ReasonNeeded = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Take back completions or closures."""
    session = session_of(ctx)
    day = session.day(on)
    why = needed_reason(reason)
    _record(
        session,
        "action reopen",
        references,
        day,
        lambda _: lambda history: lifecycle.reopened(history, day),
        lambda *_: f"reopened on {say_date(day)}",
        reason=why,
        dry_run=dry_run,
    )


def close(
    ctx: typer.Context,
    references: Refs,
    closure: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="CLOSURE",
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
    session = session_of(ctx)
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
        lambda _: lambda history: lifecycle.closed(history, day, how, expires_on),
        lambda *_: f"closed on {say_date(day)} as {how.value}",
        reason=why,
        dry_run=dry_run,
    )
