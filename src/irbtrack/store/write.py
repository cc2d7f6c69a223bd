"""Write to the database, in one transaction in which a command also reads what it needs.

Only this module and ``migrate`` write to the database. An error inside :func:`writing` leaves
it as it was.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection, Table

from irbtrack.domain.figures.restatement import SnapshotLine
from irbtrack.domain.journal import (
    NO_DIGEST,
    Entry,
    entry_digest,
    entry_to_json,
    fields_to_json,
)
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
from irbtrack.store.server import ConnectionReader, engine_for, take_turn
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


Row = dict[str, object]
"""What goes into a row of a table, by column."""


class Journal(ConnectionReader):
    """The database during a write. It can be read, and records entries.

    On a server, :class:`ServerJournal` writes through functions, and not to the tables.
    """

    def record(self, *entries: Entry) -> int:
        """Append entries, bring versions up to date, and return the last entry's number.

        Entries are numbered without gaps, and each one's digest covers the one before it. Raise
        :class:`Refused` if the register would contradict itself.
        """
        last = self.rows("SELECT id, digest FROM entry ORDER BY id DESC LIMIT 1")
        number: int
        number, digest = next(last, (0, NO_DIGEST))
        if not entries:
            return number
        self._append(number, digest, entries)
        touched: dict[str, set[str]] = {}
        for entry in entries:
            for change in entry.changes:
                touched.setdefault(change.noun, set()).add(change.ref)
        for noun in touched.keys() & NOUNS.keys():
            self._rebuild(noun, sorted(touched[noun]))
        refuse_contradictions(self, touched, before=number)
        return number + len(entries)

    def _append(self, number: int, digest: str, entries: Sequence[Entry]) -> None:
        """Store entries and their changes after the last entry's number and digest."""
        entry_rows, change_rows = [], []
        for entry in entries:
            number += 1
            previous, digest = digest, entry_digest(digest, entry)
            entry_rows.append(
                {
                    "id": number,
                    "recorded_at": entry.recorded_at,
                    "recorded_by": entry.recorded_by,
                    "command": entry.command,
                    "reason": entry.reason,
                    "undoes": entry.undoes,
                    "previous_digest": previous,
                    "digest": digest,
                }
            )
            for position, change in enumerate(entry.changes):
                change_rows.append(
                    {
                        "entry": number,
                        "position": position,
                        "noun": change.noun,
                        "ref": change.ref,
                        "effective_on": change.effective_on,
                        "fields": fields_to_json(change.fields),
                        "reason": change.reason,
                    }
                )
        self._insert(table_of(EntryRow), entry_rows)
        self._insert(table_of(ChangeRow), change_rows)

    def _rebuild(self, noun: str, refs: Sequence[str]) -> None:
        for start in range(0, len(refs), 500):  # a statement takes some thousand parameters
            some = refs[start : start + 500]
            rows = [
                version_row(version)
                for versions in folded(self, NOUNS[noun], only=some)
                for version in versions
            ]
            self._replace_versions(noun, some, rows)

    def _replace_versions(self, noun: str, refs: Sequence[str], rows: list[Row]) -> None:
        table = VERSION_TABLES[noun]
        self._connection.execute(table.delete().where(table.c.ref.in_(refs)))
        self._insert(table, rows)

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

    def _insert(self, table: Table, rows: list[Row]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)


class ServerJournal(Journal):
    """A PostgreSQL server's database during a write, which goes through its functions."""

    def _append(self, number: int, digest: str, entries: Sequence[Entry]) -> None:
        del number, digest  # the server works them out from the entries
        self._call("irbtrack_record", [entry_to_json(entry) for entry in entries])

    def _replace_versions(self, noun: str, refs: Sequence[str], rows: list[Row]) -> None:
        self._call("irbtrack_rebuild", noun, list(refs), _as_json(rows))

    def keep_snapshot(
        self,
        entry: int,
        as_of: date,
        label: str | None,
        taken_at: datetime,
        lines: Iterable[SnapshotLine],
    ) -> None:
        """Freeze a snapshot's lines under the entry that records it."""
        rows = _as_json([line._asdict() for line in lines])
        self._call("irbtrack_keep_snapshot", entry, as_of, label, taken_at, rows)

    def _call(self, function: str, *arguments: object) -> None:
        places = ", ".join("%s" for _ in arguments)
        self._connection.exec_driver_sql(f"SELECT {function}({places})", arguments)


def _as_json(rows: Sequence[Row]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=date.isoformat)


def journal_on(connection: Connection) -> Journal:
    """Return the journal of a database in a write transaction."""
    kind = Journal if connection.dialect.name == "sqlite" else ServerJournal
    return kind(connection)


@contextmanager
def writing(location: Location) -> Iterator[Journal]:
    """Open a write transaction: all of it is stored at the end or, on any error, nothing.

    Writers wait for one another. Raise :class:`DatabaseUnusable` as
    :func:`irbtrack.store.reading.reading` does, and for a database that is read-only.
    """
    with explained(location):
        refuse_unless_file(location)
        with engine_for(location).begin() as connection:
            journal = journal_on(connection)
            refuse_unless_current(location, revision_of(location, journal))
            if location.path is None:
                take_turn(location, connection)
                refuse_unless_current(location, revision_of(location, journal))
            yield journal
