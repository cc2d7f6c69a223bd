"""``irbtrack direction show`` and ``irbtrack milestone show``: how something came to be so."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

import typer

from irbtrack.commands import find
from irbtrack.commands.directions import Asked, compared_with
from irbtrack.commands.histories import history_answer, known_by
from irbtrack.commands.notes import notes_shown, notes_table
from irbtrack.commands.options import AsOf, Compare, Form, KnownAt, as_of_day, known_at_moment
from irbtrack.commands.session import session_of
from irbtrack.domain.board import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import read_date, say_date, say_date_briefly, say_partial_date
from irbtrack.domain.directions import directions_table, say_posts, say_target
from irbtrack.domain.journal import Entry, Version, explanation_of
from irbtrack.domain.notes import commentary, in_force
from irbtrack.domain.plan import in_plan, milestones_table, plan_of, slipped_days
from irbtrack.domain.rating import TREND_SIGNS, say_rag, trend_of
from irbtrack.domain.records import Direction, Milestone, Note, Officer, Record, Section, Workstream
from irbtrack.errors import Refused
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import Reader
from irbtrack.store.gather import (
    as_of_or_first,
    entries,
    names_as_of,
    notes_about,
    records_as_of,
    versions_by,
)


class Rating(NamedTuple):
    """A rating from a day until another, None if it still holds, and what was said then."""

    rag: str | None
    since: date
    until: date | None
    said: str | None


class Story(NamedTuple):
    """All that was known of a direction or milestone up to a day.

    ``notes`` are those about it that hold on the day; ``recorded`` has its entries with their
    numbers, and in them the changes of it and of its notes.
    """

    now: Any
    versions: Sequence[Version[Any]]
    notes: Sequence[Note]
    recorded: Sequence[tuple[int, Entry]]

    @property
    def comments(self) -> list[Note]:
        """Its commentary, the newest first."""
        return commentary(self.notes, self.now.NOUN, self.now.ref)

    @property
    def own(self) -> list[tuple[int, Entry]]:
        """Its entries with only the changes of itself."""
        only = [
            (number, entry._replace(changes=tuple(c for c in entry.changes if c.noun != Note.NOUN)))
            for number, entry in self.recorded
        ]
        return [(number, entry) for number, entry in only if entry.changes]

    def ratings(self) -> list[Rating]:
        """Its RAG over time."""
        starts = [
            version
            for before, version in zip([None, *self.versions], self.versions, strict=False)
            if before is None or before.record.rag != version.record.rag
        ]
        ends = [*(version.valid_from for version in starts[1:]), None]
        return [
            Rating(v.record.rag, v.valid_from, until, self._said_with_rating(v.valid_from))
            for v, until in zip(starts, ends, strict=True)
        ]

    def _said_with_rating(self, day: date) -> str | None:
        """The commentary, or the reason, of the entry that gave a rating from ``day`` on."""
        undone = {entry.undoes for _, entry in self.recorded}
        for number, entry in reversed(self.recorded):
            rated = [c for c in entry.changes if "rag" in c.fields and c.effective_on == day]
            if rated and number not in undone:
                told = {c.ref for c in entry.changes if c.noun == Note.NOUN}
                texts = [note.text for note in self.notes if note.ref in told]
                return "\n".join(texts) or explanation_of(entry, rated[0])
        return None


def _story(
    reader: Reader, kind: type[Record], ref: str, day: date, moment: datetime | None
) -> Story:
    """Gather a story. Refused if there is nothing of it by that day."""
    versions = versions_by(reader, kind, day, moment).get(ref, [])
    if not versions:
        known = ", as far as was known then" if moment else ""
        raise Refused(
            f"{ref} was not there on {say_date(day)}{known};"
            f" 'irbtrack history {ref}' tells its story"
        )
    about = notes_about(reader, ref)
    notes = in_force(records_as_of(reader, Note, day, moment), day)
    ours = {(kind.NOUN, ref), *((Note.NOUN, note) for note in about)}
    recorded = [
        (number, entry._replace(changes=tuple(c for c in entry.changes if (c.noun, c.ref) in ours)))
        for number, entry in known_by(entries(reader, refs=[ref, *about]), day, moment)
    ]
    own = [note for note in notes if getattr(note, kind.NOUN) == ref]
    return Story(versions[-1].record, versions, own, recorded)


RATING_COLUMNS = (
    Column("rag", "RAG", Kind.RAG),
    Column("since", "From", Kind.DATE),
    Column("until", "Until", Kind.DATE),
    Column("said", "What was said then", Kind.MARKDOWN),
)


def _facts(story: Story, facts: dict[str, Any]) -> list[Block]:
    """What holds, the RAG over time, and the commentary."""
    head = (Column("field", story.now.ref), Column("value", story.now.title))
    return [
        Table(head, [(name, value) for name, value in facts.items() if value]),
        Table(RATING_COLUMNS, story.ratings()),
        _texts(story.comments),
    ]


def _texts(notes: list[Note]) -> Table:
    """Commentary with its dates and references, one row for each."""
    columns = (
        Column("dated", "Dated", Kind.CODE),
        Column("ref", "Ref", Kind.CODE),
        Column("text", "Commentary", Kind.MARKDOWN),
    )
    return Table(
        columns, [(say_partial_date(n.dated_on, n.dated_to), n.ref, n.text) for n in notes]
    )


def _whole(row: Table, story: Story, **more: Any) -> Table:
    """A row of a list, with ratings, commentary and more as lists of objects."""
    lists = {
        "ratings": [rating._asdict() for rating in story.ratings()],
        "comments": _objects(notes_table(story.comments)),
    } | more
    return Table((*row.columns, *map(Column, lists)), [(*row.rows[0], *lists.values())])


def _objects(table: Table) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def _earlier(days: Iterable[date | None], now: date | None) -> str | None:
    """The dates that it had before, in their order, each as often as it was given."""
    given = [day for day in days if day]
    kept = [day for day, after in zip(given, [*given[1:], now], strict=False) if day != after]
    return ", ".join(map(say_date_briefly, kept)) or None


def _without(table: Table, *names: str) -> Table:
    return table.having([column for column in table.columns if column.name not in names])


def show_direction(
    ctx: typer.Context,
    direction: Asked,
    compare: Compare = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """The whole story of a direction up to a day.

    How it stands, its RAG over time, its commentary, notes and milestones, and every change of
    it.
    """
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    other = read_date(compare, session.today, month_end=True) if compare else None
    with session.reading() as reader:
        ref = find.direction(reader, direction).ref
        story = _story(reader, Direction, ref, day, moment)
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
        "Earlier targets": _earlier((v.record.target_on for v in story.versions), now.target_on),
        "RAG": say_rag(now.rag).capitalize(),
        "Trend": trend and f"{TREND_SIGNS[trend]} {trend}{basis}",
    }
    others = [one for one in story.notes if one.section != Section.COMMENTARY]
    own = milestones_table([m for m in milestones if m.direction == ref], workstreams, day)
    blocks = [
        *_facts(story, facts),
        _without(notes_shown(others), "about"),
        _without(own.shown(), "direction"),
        history_answer(story.own).blocks[0],
    ]
    row = directions_table([now], compared, {ref: story.comments})
    more = {"notes": _objects(notes_table(others)), "milestones": _objects(own)}
    put_out(Answer(_whole(row, story, **more), tuple(blocks)), form)


def show_milestone(
    ctx: typer.Context,
    milestone: Annotated[
        str, typer.Argument(metavar="REF", help="The milestone's reference or title.")
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """The whole story of a milestone up to a day.

    How it stands, its RAG over time, its commentary, and every change of it.
    """
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        ref = find.milestone(reader, milestone).ref
        story = _story(reader, Milestone, ref, day, moment)
        workstreams = as_of_or_first(reader, Workstream, day, moment)
    now = story.now
    slip = slipped_days(now)
    facts = {
        "Plan": plan_of(workstreams, now.workstream).name,
        "Workstream": workstreams[now.workstream].name,
        "Direction": now.direction,
        "Starts": now.starts_on and say_date_briefly(now.starts_on),
        "First planned": now.baseline_on and say_date_briefly(now.baseline_on),
        "Forecast": now.forecast_on and say_date_briefly(now.forecast_on),
        "Earlier forecasts": _earlier(
            (v.record.forecast_on for v in story.versions), now.forecast_on
        ),
        "RAG": say_rag(now.rag).capitalize(),
        "Completed": now.completed_on and say_date_briefly(now.completed_on),
        "Slipped": slip and f"{slip:+} days",
        "Dropped": now.dropped_on and say_date_briefly(now.dropped_on),
    }
    blocks = [*_facts(story, facts), history_answer(story.own).blocks[0]]
    row = milestones_table([now], workstreams, day)
    put_out(Answer(_whole(row, story), tuple(blocks)), form)
