"""Write to the database, in one transaction in which a command also reads what it needs.

Only this module and ``migrate`` write to the database. An error inside :func:`writing` leaves
it as it was.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice

from sqlalchemy import Table, text

from irbtrack.domain.figures.restatement import SnapshotLine
from irbtrack.domain.journal import NO_DIGEST, Entry, entry_digest, fields_to_json
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.officer import Person
from irbtrack.store.contradictions import refuse_contradictions
from irbtrack.store.database import (
    Location,
    explained,
    refuse_unless_current,
    refuse_unless_file,
    revision_of,
)
from irbtrack.store.gather import folded
from irbtrack.store.server import ConnectionReader, engine_for
from irbtrack.store.tables import (
    VERSION_TABLES,
    ChangeRow,
    EntryRow,
    PersonRow,
    SnapshotActionRow,
    SnapshotRow,
    table_of,
)
from irbtrack.store.version_rows import version_row


class Journal(ConnectionReader):
    """The database during a write. It can be read, and records entries."""

    def record(self, *entries: Entry) -> int:
        """Append entries, bring versions up to date, and return the last entry's number.

        Entries are numbered without gaps, and each one's digest covers the one before it. Raise
        :class:`Refused` if the register would contradict itself.
        """
        last = self.rows("SELECT id, digest FROM entry ORDER BY id DESC LIMIT 1")
        number: int
        number, digest = next(last, (0, NO_DIGEST))
        before = number
        touched: dict[str, set[str]] = {}
        for entry in entries:
            number += 1
            previous, digest = digest, entry_digest(digest, entry)
            row = {
                "id": number,
                "recorded_at": entry.recorded_at,
                "recorded_by": entry.recorded_by,
                "command": entry.command,
                "reason": entry.reason,
                "undoes": entry.undoes,
                "previous_digest": previous,
                "digest": digest,
            }
            self._insert(table_of(EntryRow), [row])
            self._insert(table_of(ChangeRow), _change_rows(number, entry))
            for change in entry.changes:
                touched.setdefault(change.noun, set()).add(change.ref)
        for noun in touched.keys() & NOUNS.keys():
            self._rebuild(noun, sorted(touched[noun]))
        refuse_contradictions(self, touched, before)
        return number

    def _rebuild(self, noun: str, refs: Sequence[str]) -> None:
        table = VERSION_TABLES[noun]
        for start in range(0, len(refs), 500):  # a statement takes some thousand parameters
            some = refs[start : start + 500]
            self._connection.execute(table.delete().where(table.c.ref.in_(some)))
            self._insert(
                table,
                [
                    version_row(version)
                    for versions in folded(self, NOUNS[noun], only=some)
                    for version in versions
                ],
            )

    def set_person(self, person: Person) -> None:
        """Replace what is kept of a post's holder. Keep nothing if no field is given."""
        table = table_of(PersonRow)
        self._connection.execute(table.delete().where(table.c.officer == person.officer))
        if person.name is not None or person.email is not None:
            self._insert(table, [person._asdict()])

    def keep_snapshot(
        self,
        entry: int,
        as_of: date,
        label: str | None,
        taken_at: datetime,
        lines: Iterable[SnapshotLine],
    ) -> None:
        """Freeze a snapshot's lines under the entry that records it."""
        [(last,)] = self.rows("SELECT COALESCE(MAX(id), 0) FROM snapshot")
        number = last + 1
        self._insert(
            table_of(SnapshotRow),
            [
                {
                    "id": number,
                    "as_of": as_of,
                    "label": label,
                    "taken_at": taken_at,
                    "entry": entry,
                }
            ],
        )
        self._insert(
            table_of(SnapshotActionRow), [{"snapshot": number} | line._asdict() for line in lines]
        )

    def _insert(self, table: Table, rows: Iterable[dict[str, object]]) -> None:
        """Insert rows in portions, because an import has many."""
        rest = iter(rows)
        while some := list(islice(rest, 1000)):
            self._connection.execute(table.insert(), some)


def _change_rows(number: int, entry: Entry) -> Iterator[dict[str, object]]:
    for position, change in enumerate(entry.changes):
        yield {
            "entry": number,
            "position": position,
            "noun": change.noun,
            "ref": change.ref,
            "effective_on": change.effective_on,
            "fields": fields_to_json(change.fields),
            "reason": change.reason,
        }


@contextmanager
def writing(location: Location) -> Iterator[Journal]:
    """Open a write transaction: all of it is stored at the end or, on any error, nothing.

    Writers wait for one another. Raise :class:`DatabaseUnusable` as
    :func:`irbtrack.store.reading.reading` does, and for a database that is read-only.
    """
    with explained(location):
        refuse_unless_file(location)
        with engine_for(location).begin() as connection:
            journal = Journal(connection)
            refuse_unless_current(location, revision_of(location, journal))
            if location.path is None:
                connection.execute(text("LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE"))
            yield journal
