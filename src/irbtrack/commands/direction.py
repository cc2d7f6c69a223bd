"""``irbtrack direction``: keep how far the government's directions are."""

from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import needed_reason, refuse_unless_any, required
from irbtrack.arguments.options import (
    AsOf,
    Comment,
    Compare,
    Dated,
    DryRun,
    Format,
    KnownAt,
    NewTitle,
    On,
    RagGiven,
    Reason,
    as_known,
    as_of_day,
    known_at_moment,
)
from irbtrack.domain.answers import Answer
from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.figures.plan_on_a_page import milestones_table
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.direction import (
    Direction,
    leads,
    read_target,
    say_posts,
    say_target,
    trend_of,
)
from irbtrack.domain.nouns.milestone import Milestone, in_plan
from irbtrack.domain.nouns.note import Section
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.rating import (
    COMPUTED,
    TREND_SIGNS,
    rated_changes,
    read_rag,
    read_trend,
    say_rag,
)
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import FieldValues
from irbtrack.domain.words import read_ref, read_title
from irbtrack.register import find
from irbtrack.register.commentary import dated_day, kept_comment
from irbtrack.register.session import Planned, Session, Words, from_day, say_changes, say_day
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.directions import comments_on, compared_with, directions_table, progress_table
from irbtrack.reports.history import history_answer
from irbtrack.reports.notes import notes_shown, notes_table
from irbtrack.reports.stories import (
    as_objects,
    earlier_dates,
    life_story,
    story_blocks,
    whole_row,
    without_columns,
)
from irbtrack.store.database import Reader
from irbtrack.store.gather import as_of_or_first, names_as_of, newest, records_as_of

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
    """The posts that were given, by their codes."""
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
    on: On = None,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Record how a direction goes.

    Its RAG, commentary, or both; a new target; or who leads it. A new target keeps the old
    ones, and needs a --reason or commentary. 'none' takes a target,
    leads or members away.
    """
    day = session.day(on)
    people = (strategic_lead or None, operational_lead or None, member or None)
    refuse_unless_any(comment, rag, trend, target, title, *people)
    given = _read(session.today, rag, target, title) | _read_trend(trend, day)
    dated_on = dated_day(dated, comment, day)
    why = reason
    if given.get("trend"):
        why = needed_reason(reason)
    elif target is not None and comment is None:
        why = needed_reason(reason, "--reason, or commentary,")

    def plan(reader: Reader) -> list[Planned]:
        found = find.direction(reader, direction)
        then = find.record_on(reader, Direction, found.ref, day)
        changes = rated_changes(then, given | _posts(reader, *people))
        said = f"{found.ref}{from_day(session, day)}: {say_changes(then, changes, SAID, found)}"
        planned = [Planned(Change("direction", found.ref, day, changes), said)]
        if comment is not None:
            planned.append(kept_comment(reader, ("direction", found.ref), comment, dated_on, day))
        return planned

    session.record("direction update", plan, reason=why, dry_run=dry_run)


def _read(today: date, rag: str | None, target: str | None, title: str | None) -> FieldValues:
    """What was given of a direction."""
    given: FieldValues = read_target(target, today) if target is not None else {}
    if title is not None:
        given["title"] = read_title("the title", title)
    if rag is not None:
        given["rag"] = read_rag(rag)
    return given


def _read_trend(trend: str | None, day: date) -> FieldValues:
    """An officer's word about the trend; None where it is to be computed again."""
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
            "--rag", metavar="R|A|G|C", autocompletion=completing.rags, help="Of that RAG."
        ),
    ] = None,
    lead: Annotated[
        list[str] | None,
        typer.Option(
            "--lead",
            metavar="CODE",
            autocompletion=completing.officers,
            help="That this post leads, or is the member of.",
        ),
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="A line each, without leads and commentary.")
    ] = False,
    compare: Compare = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """The report's progress table, for any day.

    The trend is since the previous snapshot, or the day of --compare. Of the commentary you
    see what is newer than that, and the newest of all in any case.
    """
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    other = read_date(compare, session.today, month_end=True) if compare else None
    ratings = [read_rag(one) for one in rag or ()]
    with session.reading() as reader:
        posts = {find.officer(reader, one).ref for one in lead or ()}
        found = [
            one
            for one in records_as_of(reader, Direction, day, moment)
            if (not ratings or one.rag in ratings) and (not posts or posts & set(leads(one)))
        ]
        compared = compared_with(reader, day, other, moment)
        comments = comments_on(reader, found, day, moment)
        titles = names_as_of(reader, Officer, day, moment)
    table = progress_table(found, compared, comments, titles)
    kept = [column for column in table.columns if not (brief and column.rank)]
    table = replace(table.having(kept), title=f"Directions {as_known(day, moment)}")
    since = [f"Trend {compared.since}."] if compared.since else []
    if any(trend_of(one, None, compared.day)[1] for one in found):
        since.append("* An officer's word, in place of the computed trend.")
    blocks = (table, " ".join(since)) if since else (table,)
    put_out(Answer(directions_table(found, compared, comments), blocks if found else ()), form)
    if not found:
        note("no direction fits")
    elif compared.day is None and form in (TABLE, "md"):
        note(f"no snapshot before {say_date(day)} to compare with; --compare DATE gives trends")


def show(
    session: Session,
    direction: Asked,
    compare: Compare = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Format = TABLE,
) -> None:
    """The whole story of a direction up to a day.

    How it stands, its RAG over time, its commentary, notes and milestones, and every change of
    it.
    """
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    other = read_date(compare, session.today, month_end=True) if compare else None
    with session.reading() as reader:
        ref = find.direction(reader, direction).ref
        story = life_story(reader, Direction, ref, day, moment)
        compared = compared_with(reader, day, other, moment)
        titles = names_as_of(reader, Officer, day, moment)
        milestones = in_plan(records_as_of(reader, Milestone, day, moment))
        workstreams = as_of_or_first(reader, Workstream, day, moment)
    now = story.now
    trend, overruled = trend_of(now, compared.then.get(ref), compared.day)
    basis = f" {compared.since}"
    if overruled:
        basis = ", an officer's word"
    facts = {
        "Strategic lead": say_posts(now.strategic_leads, titles),
        "Operational lead": say_posts(now.operational_leads, titles),
        "Member": say_posts(now.members, titles),
        "Target": say_target(now),
        "Earlier targets": earlier_dates(
            (v.record.target_on for v in story.versions), now.target_on
        ),
        "RAG": say_rag(now.rag).capitalize(),
        "Trend": trend and f"{TREND_SIGNS[trend]} {trend}{basis}",
    }
    others = [one for one in story.notes if one.section != Section.COMMENTARY]
    own = milestones_table([m for m in milestones if m.direction == ref], workstreams, day)
    blocks = [
        *story_blocks(story, facts),
        without_columns(notes_shown(others), "about"),
        without_columns(own.shown(), "direction"),
        history_answer(story.own).blocks[0],
    ]
    row = directions_table([now], compared, {ref: story.comments})
    more = {"notes": as_objects(notes_table(others)), "milestones": as_objects(own)}
    put_out(Answer(whole_row(row, story, **more), tuple(blocks)), form)


VERBS = {
    "add": add,
    "list": list_,
    "show": show,
    "update": update,
}
