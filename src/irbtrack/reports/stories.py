"""The whole story of a direction or milestone up to a day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from irbtrack.domain.answers import Block, Column, Kind, Table
from irbtrack.domain.dates import say_date, say_date_briefly, say_partial_date
from irbtrack.domain.journal import Entry, explanation_of
from irbtrack.domain.nouns.note import Note, commentary, in_force
from irbtrack.domain.record import Record, Version
from irbtrack.errors import Refused
from irbtrack.reports.history import known_by
from irbtrack.reports.notes import notes_table
from irbtrack.store.database import Reader
from irbtrack.store.gather import entries, notes_about, records_as_of, versions_by


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
        """The commentary, or the reason, of the entry that gave a rating from ``day`` on."""
        undone = {entry.undoes for _, entry in self.recorded}
        for number, entry in reversed(self.recorded):
            rated = [c for c in entry.changes if "rag" in c.fields and c.effective_on == day]
            if rated and number not in undone:
                told = {c.ref for c in entry.changes if c.noun == Note.NOUN}
                texts = [note.text for note in self.notes if note.ref in told]
                return "\n".join(texts) or explanation_of(entry, rated[0])
        return None


def life_story(
    reader: Reader, kind: type[Record], ref: str, day: date, moment: datetime | None
) -> LifeStory:
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
    return LifeStory(versions[-1].record, versions, own, recorded)


RATING_COLUMNS = (
    Column("rag", "RAG", Kind.RAG),
    Column("since", "From", Kind.DATE),
    Column("until", "Until", Kind.DATE),
    Column("said", "What was said then", Kind.MARKDOWN),
)


def story_blocks(story: LifeStory, facts: dict[str, Any]) -> list[Block]:
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


def whole_row(row: Table, story: LifeStory, **more: Any) -> Table:
    """A row of a list, with ratings, commentary and more as lists of objects."""
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
    """The dates that it had before, in their order, each as often as it was given."""
    given = [day for day in days if day]
    kept = [day for day, after in zip(given, [*given[1:], now], strict=False) if day != after]
    return ", ".join(map(say_date_briefly, kept)) or None


def without_columns(table: Table, *names: str) -> Table:
    """Return the table without the columns of these names."""
    return table.having([column for column in table.columns if column.name not in names])
