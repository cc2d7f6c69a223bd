"""The whole story of a direction or milestone up to a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.answers import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import say_date, say_date_briefly, say_partial_date
from irbtrack.domain.figures.plan_on_a_page import milestones_table
from irbtrack.domain.journal import Entry, explanation_of
from irbtrack.domain.nouns.direction import Direction, say_posts, say_target, trend_of
from irbtrack.domain.nouns.milestone import Milestone, in_plan, slipped_days
from irbtrack.domain.nouns.note import Note, Section, commentary, in_force
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.rating import TREND_SIGNS, say_rag
from irbtrack.domain.nouns.workstream import Workstream, plan_of
from irbtrack.domain.record import Record, Version
from irbtrack.errors import Refused
from irbtrack.register.view import View
from irbtrack.reports.direction import compared_with, directions_table
from irbtrack.reports.history import history_answer
from irbtrack.reports.note import notes_shown, notes_table
from irbtrack.store.gather import notes_about


class Rating(NamedTuple):
    """A rating from a day until another, None if it still holds, and what was said then."""

    rag: str | None
    since: date
    until: date | None
    said: str | None


class LifeStory(NamedTuple):
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
        """Return the commentary, or the reason, of the entry that gave a rating on ``day``."""
        undone = {entry.undoes for _, entry in self.recorded}
        for number, entry in reversed(self.recorded):
            rated = [c for c in entry.changes if "rag" in c.fields and c.effective_on == day]
            if rated and number not in undone:
                told = {c.ref for c in entry.changes if c.noun == Note.NOUN}
                texts = [note.text for note in self.notes if note.ref in told]
                return "\n".join(texts) or explanation_of(entry, rated[0])
        return None


def life_story(view: View, kind: type[Record], ref: str) -> LifeStory:
    """Return all that was known of a record. Raises :class:`Refused` if there is nothing yet."""
    versions = view.versions(kind).get(ref, [])
    if not versions:
        known = ", as far as was known then" if view.known_at else ""
        raise Refused(
            f"{ref} was not there on {say_date(view.day)}{known};"
            f" 'irbtrack history {ref}' tells its story"
        )
    about = notes_about(view.reader, ref)
    notes = in_force(view.records(Note), view.day)
    ours = {(kind.NOUN, ref), *((Note.NOUN, note) for note in about)}
    found = view.entries([ref, *about])
    recorded = [
        (number, entry._replace(changes=tuple(c for c in entry.changes if (c.noun, c.ref) in ours)))
        for number, entry in found
    ]
    own = [note for note in notes if getattr(note, kind.NOUN) == ref]
    return LifeStory(versions[-1].record, versions, own, recorded)


RATING_COLUMNS = (
    Column("rag", "RAG", Kind.RAG),
    Column("since", "From", Kind.DATE),
    Column("until", "Until", Kind.DATE),
    Column("said", "What was said then", Kind.MARKDOWN),
)


def story_blocks(story: LifeStory, facts: dict[str, Any]) -> list[Block]:
    """Return what holds, the RAG over time, and the commentary."""
    head = (Column("field", story.now.ref), Column("value", story.now.title))
    return [
        Table(head, [(name, value) for name, value in facts.items() if value]),
        Table(RATING_COLUMNS, story.ratings()),
        _texts(story.comments),
    ]


def _texts(notes: list[Note]) -> Table:
    """Return commentary with its dates and references, one row for each."""
    columns = (
        Column("dated", "Dated", Kind.CODE),
        Column("ref", "Ref", Kind.CODE),
        Column("text", "Commentary", Kind.MARKDOWN),
    )
    return Table(
        columns, [(say_partial_date(n.dated_on, n.dated_to), n.ref, n.text) for n in notes]
    )


def whole_row(row: Table, story: LifeStory, **more: Any) -> Table:
    """Return a row of a list, with ratings, commentary and more as lists of objects."""
    lists = {
        "ratings": [rating._asdict() for rating in story.ratings()],
        "comments": as_objects(notes_table(story.comments)),
    } | more
    return Table((*row.columns, *map(Column, lists)), [(*row.rows[0], *lists.values())])


def as_objects(table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table as objects, by the names of its columns."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def earlier_dates(days: Iterable[date | None], now: date | None) -> str | None:
    """Return the dates that it had before, in their order, each as often as it was given."""
    given = [day for day in days if day]
    kept = [day for day, after in zip(given, [*given[1:], now], strict=False) if day != after]
    return ", ".join(map(say_date_briefly, kept)) or None


def without_columns(table: Table, *names: str) -> Table:
    """Return the table without the columns of these names."""
    return table.having([column for column in table.columns if column.name not in names])


def direction_story(view: View, ref: str, other: date | None) -> Answer:
    """Return the whole story of a direction; ``other`` is the day its trend is since."""
    story = life_story(view, Direction, ref)
    compared = compared_with(view, other)
    titles = view.names(Officer)
    now = story.now
    trend, overruled = trend_of(now, compared.then.get(ref), compared.day)
    basis = ", an officer's word" if overruled else f" {compared.since}"
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
    milestones = [one for one in in_plan(view.records(Milestone)) if one.direction == ref]
    own = milestones_table(milestones, view.records_or_first(Workstream), view.day)
    blocks = [
        *story_blocks(story, facts),
        without_columns(notes_shown(others), "about"),
        without_columns(own.shown(), "direction"),
        history_answer(story.own).blocks[0],
    ]
    row = directions_table([now], compared, {ref: story.comments})
    more = {"notes": as_objects(notes_table(others)), "milestones": as_objects(own)}
    return Answer(whole_row(row, story, **more), tuple(blocks))


def milestone_story(view: View, ref: str) -> Answer:
    """Return the whole story of a milestone."""
    story = life_story(view, Milestone, ref)
    workstreams = view.records_or_first(Workstream)
    now = story.now
    slip = slipped_days(now)
    facts = {
        "Plan": plan_of(workstreams, now.workstream).name,
        "Workstream": workstreams[now.workstream].name,
        "Direction": now.direction,
        "Starts": now.starts_on and say_date_briefly(now.starts_on),
        "First planned": now.baseline_on and say_date_briefly(now.baseline_on),
        "Forecast": now.forecast_on and say_date_briefly(now.forecast_on),
        "Earlier forecasts": earlier_dates(
            (v.record.forecast_on for v in story.versions), now.forecast_on
        ),
        "RAG": say_rag(now.rag).capitalize(),
        "Completed": now.completed_on and say_date_briefly(now.completed_on),
        "Slipped": slip and f"{slip:+} days",
        "Dropped": now.dropped_on and say_date_briefly(now.dropped_on),
    }
    blocks = [*story_blocks(story, facts), history_answer(story.own).blocks[0]]
    row = milestones_table([now], workstreams, view.day)
    return Answer(whole_row(row, story), tuple(blocks))
