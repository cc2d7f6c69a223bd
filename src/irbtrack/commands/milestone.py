"""``irbtrack milestone``: keep what the plans promise, and when."""

from datetime import date
from typing import Annotated, Any

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import needed_reason, refuse_unless_any, required
from irbtrack.arguments.options import (
    Comment,
    Dated,
    DryRun,
    NewTitle,
    OfDirection,
    On,
    RagGiven,
    ReasonNeeded,
    Recorded,
    Viewed,
)
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.milestone import (
    Milestone,
    milestone_changes,
)
from irbtrack.domain.nouns.rating import read_rag, say_rag
from irbtrack.domain.record import refuse_if_dropped
from irbtrack.domain.words import read_ref, read_title
from irbtrack.register import find
from irbtrack.register.commentary import dated_day, kept_comment
from irbtrack.register.references import Allocator
from irbtrack.register.session import Planned, Session, Words, each, from_day, say_changes, say_day
from irbtrack.render import put_out
from irbtrack.reports.plan import MilestonesWanted, milestone_list
from irbtrack.reports.stories import milestone_story
from irbtrack.store.database import Reader
from irbtrack.store.gather import newest

Upon = Annotated[
    str | None,
    typer.Option(
        "--workstream",
        metavar="CODE",
        autocompletion=completing.workstreams,
        help="The workstream it is on.",
    ),
]
Starts = Annotated[
    str | None, typer.Option("--starts", metavar="DATE", help="Its start, which makes it a bar.")
]
Asked = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        autocompletion=completing.milestones,
        help="The milestone's reference or title.",
    ),
]


def add(
    session: Session,
    title: Annotated[str | None, typer.Argument(metavar="TITLE", help="What it is.")] = None,
    workstream: Upon = None,
    due: Annotated[
        str | None,
        typer.Option("--due", metavar="DATE", help="The day it is, or ends: its baseline."),
    ] = None,
    starts: Starts = None,
    direction: OfDirection = None,
    rag: RagGiven = None,
    ref: Annotated[
        str | None,
        typer.Option("--ref", metavar="REF", help="Its reference; given out if left out."),
    ] = None,
    on: On = None,
) -> None:
    """Add a milestone, and print its reference.

    With --starts it is a bar, from then to --due; without --due it has no date yet.
    """
    day = session.day(on)
    name = required(title, "the TITLE", "Title", lambda t: read_title("the title", t))
    upon = required(workstream, "--workstream", "Workstream", str)
    dates = _dates(session.today, starts, due)
    rating = read_rag(rag) if rag else None

    def plan(reader: Reader) -> list[Planned]:
        given = read_ref(ref) if ref else Allocator(reader, Milestone).give({})
        find.refuse_if_taken(given, newest(reader, Milestone), "a milestone", "reference")
        row = find.workstream(reader, upon)
        dated = {field: day for field, day in dates.items() if day is not None}
        fields: dict[str, Any] = {"title": name, "workstream": row.ref} | dated
        if direction is not None:
            fields["direction"] = find.direction(reader, direction).ref
        if rating is not None:
            fields["rag"] = rating
        when = say_date(fields["forecast_on"]) if "forecast_on" in fields else "no date"
        said = f"{given} added to {row.name}: {name}, {when}"
        return [Planned(Change("milestone", given, day, fields), said)]

    [change] = session.record("milestone add", plan)
    typer.echo(change.ref)


def _dates(today: date, starts: str | None, ends: str | None) -> dict[str, Any]:
    """Return the dates that were given; an end that is only a month is its last day."""
    read: dict[str, Any] = {}
    if starts is not None:
        read["starts_on"] = None if _is_none(starts) else read_date(starts, today)
    if ends is not None:
        read["forecast_on"] = None if _is_none(ends) else read_date(ends, today, month_end=True)
    return read


def _is_none(text: str) -> bool:
    return text.strip().casefold() == "none"


def update(
    session: Session,
    milestone: Asked,
    comment: Comment = None,
    rag: RagGiven = None,
    forecast: Annotated[
        str | None,
        typer.Option(
            "--forecast",
            "--due",
            metavar="DATE",
            help="The day it is, or ends, as expected now; 'none' if that is open.",
        ),
    ] = None,
    starts: Starts = None,
    title: NewTitle = None,
    workstream: Upon = None,
    direction: OfDirection = None,
    dated: Dated = None,
    *,
    recorded: Recorded,
) -> None:
    """Record how a milestone goes.

    Its RAG, forecast, commentary, or all of them. A RAG of C says that it was complete on the
    day of --on. A new forecast keeps the baseline, and needs a --reason or commentary.
    """
    day = session.day(recorded.on)
    refuse_unless_any(comment, rag, forecast, starts, title, workstream, direction)
    given = _dates(session.today, starts, forecast)
    if rag is not None:
        given["rag"] = read_rag(rag)
    if title is not None:
        given["title"] = read_title("the title", title)
    dated_on = dated_day(dated, comment, day)
    why = recorded.reason
    if forecast is not None and comment is None:
        why = needed_reason(why, "--reason, or commentary,")

    def plan(reader: Reader) -> list[Planned]:
        found = find.milestone(reader, milestone)
        then = find.record_on(reader, Milestone, found.ref, day)
        where: dict[str, Any] = {}
        if workstream is not None:
            where["workstream"] = find.workstream(reader, workstream).ref
        if direction is not None:
            none = _is_none(direction)
            where["direction"] = None if none else find.direction(reader, direction).ref
        changes = milestone_changes(then, given | where)
        said = f"{found.ref}{from_day(session, day)}: {say_changes(then, changes, SAID, found)}"
        planned = [Planned(Change("milestone", found.ref, day, changes), said)]
        if comment is not None:
            planned.append(kept_comment(reader, ("milestone", found.ref), comment, dated_on, day))
        return planned

    session.record("milestone update", plan, reason=why, dry_run=recorded.dry_run)


SAID: Words = {
    "title": ("title", str),
    "rag": ("RAG", say_rag),
    "forecast_on": ("forecast", say_day),
    "starts_on": ("start", say_day),
    "workstream": ("workstream", str),
    "direction": ("direction", lambda ref: ref or "none"),
}


def drop(
    session: Session,
    references: Annotated[
        list[str],
        typer.Argument(
            metavar="REF", autocompletion=completing.milestones, help="References of milestones."
        ),
    ],
    reason: ReasonNeeded = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Take milestones out of the plan.

    From that day on they are in no plan; they stay in the journal.
    """
    day = session.day(on)
    why = needed_reason(reason)

    def one(reader: Reader, ref: str) -> Planned:
        found = find.milestone(reader, ref)
        refuse_if_dropped(found)
        then = find.record_on(reader, Milestone, found.ref, day)
        changes = milestone_changes(then, {"dropped_on": day})
        said = f"{found.ref} dropped from the plan: {then.title}"
        return Planned(Change("milestone", found.ref, day, changes), said)

    session.record(
        "milestone drop",
        lambda reader: each(references, lambda ref: [one(reader, ref)]),
        reason=why,
        dry_run=dry_run,
    )


def list_(
    session: Session,
    workstream: Annotated[
        str | None,
        typer.Option(
            "--workstream",
            metavar="CODE",
            autocompletion=completing.workstreams,
            help="Only of this plan or workstream.",
        ),
    ] = None,
    direction: OfDirection = None,
    rag: Annotated[
        list[str] | None,
        typer.Option(
            "--rag", metavar="R|A|G|C", autocompletion=completing.rags, help="Only of this RAG."
        ),
    ] = None,
    late: Annotated[
        bool, typer.Option("--late", help="Whose date has passed without completion.")
    ] = False,
    slipped: Annotated[
        bool, typer.Option("--slipped", help="Forecast later than first planned.")
    ] = False,
    *,
    viewed: Viewed,
) -> None:
    """List the milestones on a day, in the plan's order."""
    ratings = frozenset(read_rag(one) for one in rag or ())
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        wanted = MilestonesWanted(
            workstream and find.workstream(view.reader, workstream).ref,
            direction and find.direction(view.reader, direction).ref,
            ratings,
            late=late,
            slipped=slipped,
        )
        answer = milestone_list(view, wanted)
    put_out(answer, viewed.form)


def show(session: Session, milestone: Asked, viewed: Viewed) -> None:
    """Tell the whole story of a milestone up to a day.

    How it stands, its RAG over time, its commentary, and every change of it.
    """
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = milestone_story(view, find.milestone(view.reader, milestone).ref)
    put_out(answer, viewed.form)


VERBS = {
    "add": add,
    "list": list_,
    "show": show,
    "update": update,
    "drop": drop,
}
