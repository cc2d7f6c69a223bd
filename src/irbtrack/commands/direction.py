"""``irbtrack direction``: keep how far the government's directions are."""

from datetime import date
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import needed_reason, refuse_unless_any, required
from irbtrack.arguments.options import (
    Comment,
    Compare,
    Dated,
    NewTitle,
    On,
    RagGiven,
    Recorded,
    Viewed,
)
from irbtrack.domain.dates import read_date
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.direction import (
    Direction,
    read_target,
)
from irbtrack.domain.nouns.rating import (
    COMPUTED,
    rated_changes,
    read_rag,
    read_trend,
    say_rag,
)
from irbtrack.domain.record import FieldValues
from irbtrack.domain.words import read_ref, read_title
from irbtrack.register import find
from irbtrack.register.commentary import dated_day, kept_comment
from irbtrack.register.session import Planned, Session, Words, from_day, say_changes, say_day
from irbtrack.render import put_out
from irbtrack.reports.direction import (
    direction_list,
)
from irbtrack.reports.stories import direction_story
from irbtrack.store.database import Reader
from irbtrack.store.gather import newest

POST = "The post; again for each of several. They replace those before."

Strategic = Annotated[
    list[str] | None,
    typer.Option("--strategic-lead", metavar="CODE", autocompletion=completing.officers, help=POST),
]
Operational = Annotated[
    list[str] | None,
    typer.Option(
        "--operational-lead", metavar="CODE", autocompletion=completing.officers, help=POST
    ),
]
Member = Annotated[
    list[str] | None,
    typer.Option("--member", metavar="CODE", autocompletion=completing.officers, help=POST),
]
Target = Annotated[
    str | None,
    typer.Option(
        "--target", metavar="DATE", help="The target date, as 31-Mar-24 or 31-Mar-24 (FOR REVIEW)."
    ),
]
Asked = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        autocompletion=completing.directions,
        help="The direction's reference or title.",
    ),
]


def add(
    session: Session,
    ref: Annotated[
        str | None, typer.Argument(metavar="REF", help="Its reference, as 3a or SEND.")
    ] = None,
    title: Annotated[str | None, typer.Argument(metavar="TITLE", help="What it is called.")] = None,
    strategic_lead: Strategic = None,
    operational_lead: Operational = None,
    member: Member = None,
    target: Target = None,
    rag: RagGiven = None,
    on: On = None,
) -> None:
    """Add a direction.

    Leads and members are posts of 'irbtrack officer'; several may share one.
    """
    day = session.day(on)
    given = required(ref, "the REF", "Reference", read_ref)
    name = required(title, "the TITLE", "Title", lambda t: read_title("the title", t))
    fields: FieldValues = {"title": name} | (read_target(target, session.today) if target else {})
    if rag:
        fields["rag"] = read_rag(rag)

    def plan(reader: Reader) -> list[Planned]:
        find.refuse_if_taken(given, newest(reader, Direction), "a direction", "reference")
        posts = _posts(reader, strategic_lead, operational_lead, member)
        whole = {f: v for f, v in (fields | posts).items() if v not in (None, ())}
        due = (
            f", target {say_day(fields['target_on'])}" if fields.get("target_on") else ", no target"
        )
        said = f"direction {given} added: {name}{due}, {say_rag(fields.get('rag')).lower()}"
        return [Planned(Change("direction", given, day, whole), said)]

    session.record("direction add", plan)


def _posts(
    reader: Reader,
    strategic: list[str] | None,
    operational: list[str] | None,
    member: list[str] | None,
) -> FieldValues:
    """Return the posts that were given, by their codes."""
    given = {
        "strategic_leads": strategic,
        "operational_leads": operational,
        "members": member,
    }
    return {field: find.officers(reader, asked) for field, asked in given.items() if asked}


def update(
    session: Session,
    direction: Asked,
    comment: Comment = None,
    rag: RagGiven = None,
    trend: Annotated[
        str | None,
        typer.Option(
            "--trend",
            metavar="TREND",
            autocompletion=completing.trends,
            help="Up, same or down in place of the computed trend, with --reason; or computed.",
        ),
    ] = None,
    target: Target = None,
    title: NewTitle = None,
    strategic_lead: Strategic = None,
    operational_lead: Operational = None,
    member: Member = None,
    dated: Dated = None,
    *,
    recorded: Recorded,
) -> None:
    """Record how a direction goes.

    Its RAG, commentary, or both; a new target; or who leads it. A new target keeps the old
    ones, and needs a --reason or commentary. 'none' takes a target,
    leads or members away.
    """
    day = session.day(recorded.on)
    people = (strategic_lead or None, operational_lead or None, member or None)
    refuse_unless_any(comment, rag, trend, target, title, *people)
    given = _read(session.today, rag, target, title) | _read_trend(trend, day)
    dated_on = dated_day(dated, comment, day)
    why = recorded.reason
    if given.get("trend"):
        why = needed_reason(why)
    elif target is not None and comment is None:
        why = needed_reason(why, "--reason, or commentary,")

    def plan(reader: Reader) -> list[Planned]:
        found = find.direction(reader, direction)
        then = find.record_on(reader, Direction, found.ref, day)
        changes = rated_changes(then, given | _posts(reader, *people))
        said = f"{found.ref}{from_day(session, day)}: {say_changes(then, changes, SAID, found)}"
        planned = [Planned(Change("direction", found.ref, day, changes), said)]
        if comment is not None:
            planned.append(kept_comment(reader, ("direction", found.ref), comment, dated_on, day))
        return planned

    session.record("direction update", plan, reason=why, dry_run=recorded.dry_run)


def _read(today: date, rag: str | None, target: str | None, title: str | None) -> FieldValues:
    """Return what was given of a direction."""
    given: FieldValues = read_target(target, today) if target is not None else {}
    if title is not None:
        given["title"] = read_title("the title", title)
    if rag is not None:
        given["rag"] = read_rag(rag)
    return given


def _read_trend(trend: str | None, day: date) -> FieldValues:
    """Return an officer's word about the trend; None where it is to be computed again."""
    if trend is None:
        return {}
    word = read_trend(trend)
    return (
        {"trend": None, "trend_on": None} if word == COMPUTED else {"trend": word, "trend_on": day}
    )


SAID: Words = {
    "title": ("title", str),
    "rag": ("RAG", say_rag),
    "target_on": ("target", say_day),
    "target_note": ("note of the target", lambda note: note or "none"),
    "trend": ("trend", lambda trend: trend or COMPUTED),
    "strategic_leads": ("strategic lead", lambda codes: ", ".join(codes) or "none"),
    "operational_leads": ("operational lead", lambda codes: ", ".join(codes) or "none"),
    "members": ("member", lambda codes: ", ".join(codes) or "none"),
}


def list_(
    session: Session,
    rag: Annotated[
        list[str] | None,
        typer.Option(
            "--rag", metavar="R|A|G|C", autocompletion=completing.rags, help="Only of this RAG."
        ),
    ] = None,
    lead: Annotated[
        list[str] | None,
        typer.Option(
            "--lead",
            metavar="CODE",
            autocompletion=completing.officers,
            help="Only what this post leads, or is the member of.",
        ),
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="A line each, without leads and commentary.")
    ] = False,
    compare: Compare = None,
    *,
    viewed: Viewed,
) -> None:
    """Show the report's progress table, for any day.

    The trend is since the previous snapshot, or the day of --compare. Of the commentary you
    see what is newer than that, and the newest of all in any case.
    """
    other = read_date(compare, session.today, month_end=True) if compare else None
    ratings = frozenset(read_rag(one) for one in rag or ())
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        posts = frozenset(find.officer(view.reader, one).ref for one in lead or ())
        answer = direction_list(view, other, ratings, posts, brief=brief)
    put_out(answer, viewed.form)


def show(session: Session, direction: Asked, compare: Compare = None, *, viewed: Viewed) -> None:
    """Tell the whole story of a direction up to a day.

    How it stands, its RAG over time, its commentary, notes and milestones, and every change of
    it.
    """
    other = read_date(compare, session.today, month_end=True) if compare else None
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = direction_story(view, find.direction(view.reader, direction).ref, other)
    put_out(answer, viewed.form)


VERBS = {
    "add": add,
    "list": list_,
    "show": show,
    "update": update,
}
