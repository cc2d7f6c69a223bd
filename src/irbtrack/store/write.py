"""Write to the database, in one transaction in which a command also reads what it needs.

Only this module and ``migrate`` write to the database. An error inside :func:`writing` leaves
it as it was.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice, pairwise

from sqlalchemy import Connection, Table

from irbtrack.domain.checks import Finding
from irbtrack.domain.erasure import CopyMade
from irbtrack.domain.figures.restatement import SnapshotLine
from irbtrack.domain.journal import (
    Entry,
    Login,
    entry_digest,
    entry_to_json,
    fields_to_json,
    refuse_before,
)
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.officer import Person
from irbtrack.errors import CheckFailed
from irbtrack.lasting import lasts, uninterrupted
from irbtrack.store import stamping
from irbtrack.store.contradictions import refuse_contradictions
from irbtrack.store.database import (
    Location,
    explained,
    refuse_unless_current,
    refuse_unless_file,
    revision_of,
    sqlite_parameters,
)
from irbtrack.store.gather import folded, last_entry, refs
from irbtrack.store.guards import drop_guards, make_guards
from irbtrack.store.integrity import chain_findings, version_findings
from irbtrack.store.reading import readable
from irbtrack.store.server import ConnectionReader, commit, engine_for, take_turn
from irbtrack.store.tables import (
    VERSION_TABLES,
    ChangeRow,
    CopyRow,
    EntryRow,
    PersonRow,
    RecorderRow,
    SnapshotActionRow,
    SnapshotRow,
    table_of,
)
from irbtrack.store.version_rows import version_row

Columns = dict[str, object]
"""What goes into a row of a table, by column."""


class Journal(ConnectionReader):
    """The database during a write. It can be read, and records entries.

    On a server, :class:`ServerJournal` writes through functions, and not to the tables.
    """

    def __init__(self, connection: Connection) -> None:
        """Begin with ``remarks``: what is to be said of the write when it has ended.

        ``strange`` is what is to be said of another program's write before, if there was one.
        """
        super().__init__(connection)
        self.remarks: list[str] = []
        self.strange: str | None = None

    recorded = 0
    """The number of the last entry that was recorded, or 0 if none was."""

    _is_open = False
    _people: str | None = None

    def _open(self) -> None:
        """Have the guards let this write through, and leave no damage covered up."""
        if not self._is_open:
            self._refuse_other_journal()
            stamping.is_open(self._connection)
            self._is_open = True

    def _refuse_other_journal(self) -> None:
        """Raise :class:`CheckFailed` if entries were taken out of the journal, or put in."""
        found = stamping.stamps(self)
        if [(one.entry, one.digest) for one in found] != [stamping.end_of_journal(self)]:
            raise CheckFailed(
                "the journal does not end where irbtrack left it: entries were taken out or put in"
                " by another program; 'irbtrack db verify' says which"
            )

    def leave_stamp(self) -> None:
        """End the write with a stamp, if it wrote anything."""
        if self._is_open:
            stamping.close(self._connection, self, self._people)

    def record(self, *entries: Entry) -> int:
        """Append entries, bring versions up to date, and return the last entry's number.

        Entries are numbered without gaps, and each one's digest covers the one before it. Raise
        :class:`Refused` if the register would contradict itself, or if a moment is before that of
        the entry before it.
        """
        self._open()
        number, digest = stamping.end_of_journal(self)
        if not entries:
            return number
        last = last_entry(self)
        so_far = [last.recorded_at] if last else []
        for before_it, moment in pairwise([*so_far, *(one.recorded_at for one in entries)]):
            refuse_before(before_it, moment)
        entries = tuple(
            entry._replace(recorded_by=self._referred_to(entry.recorded_by)) for entry in entries
        )
        self._append(number, digest, entries)
        touched: dict[str, set[str]] = {}
        for entry in entries:
            for change in entry.changes:
                touched.setdefault(change.noun, set()).add(change.ref)
        for noun in touched.keys() & NOUNS.keys():
            self._rebuild(noun, sorted(touched[noun]))
        refuse_contradictions(self, touched, before=number)
        self.recorded = number + len(entries)
        return self.recorded

    def _append(self, number: int, digest: str, entries: Sequence[Entry]) -> None:
        """Store entries and their changes after the last entry's number and digest."""
        for entry in entries:
            number += 1
            previous, digest = digest, entry_digest(digest, entry)
            row: Columns = {
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

    def rebuild(self) -> list[Finding]:
        """Make the versions, the views and the triggers anew, and return which versions differed.

        Raise :class:`CheckFailed` if the journal itself is not as it was recorded.
        """
        for failing in chain_findings(self):
            raise CheckFailed(
                f"nothing was made anew, because the journal is not as it was recorded:"
                f" {failing.wrong}; restore the database from a backup"
            )
        differing = list(version_findings(self))
        left = stamping.stamps(self)
        drop_guards(self._connection)
        if len(left) == 1:  # people stay under the digest that irbtrack left
            self.work_out_versions(left[0].counter, left[0].people)
        else:
            self.work_out_versions(0)
        make_guards(self._connection)
        return differing

    def work_out_versions(self, counter: int, people: str | None = None) -> None:
        """Make all versions from the journal as it is, under a new stamp.

        ``counter`` is what the header of a SQLite file counts. ``people`` is as in
        :func:`irbtrack.store.stamping.open_anew`.
        """
        stamping.open_anew(self._connection, self, counter, people)
        self._is_open = True
        tables = Journal(self._connection)  # whoever does this owns them
        for noun, table in VERSION_TABLES.items():
            self._connection.execute(table.delete())
            tables._rebuild(noun, refs(self, noun))

    def _rebuild(self, noun: str, refs: Sequence[str]) -> None:
        for start in range(0, len(refs), 500):  # a statement takes some thousand parameters
            some = refs[start : start + 500]
            rows = [
                version_row(version)
                for versions in folded(self, NOUNS[noun], only=some)
                for version in versions
            ]
            self._replace_versions(noun, some, rows)

    def _replace_versions(self, noun: str, refs: Sequence[str], rows: list[Columns]) -> None:
        table = VERSION_TABLES[noun]
        self._connection.execute(table.delete().where(table.c.ref.in_(refs)))
        self._insert(table, rows)

    def _referred_to(self, recorder: str) -> str:
        """Return what an entry says of who records it: an officer's code is kept as it is.

        A login name gets a reference when it first records. No code has a colon.
        """
        if not isinstance(recorder, Login):
            return recorder
        asked = "SELECT ref FROM recorder WHERE login = :login"
        for (known,) in self.rows(asked, login=str(recorder)):
            return str(known)
        [(given,)] = self.rows("SELECT COUNT(*) FROM recorder")  # a row stays for good
        ref = f"login:{given + 1}"
        self._keep_recorder(ref, str(recorder))
        return ref

    def _keep_recorder(self, ref: str, login: str) -> None:
        with self._changing_people():
            self._insert(table_of(RecorderRow), [{"ref": ref, "login": login}])

    def set_pseudonym(self, ref: str, pseudonym: str | None) -> None:
        """Forget the login name behind a reference, and keep a pseudonym instead, or nothing."""
        table = table_of(RecorderRow)
        kept = {"login": None, "pseudonym": pseudonym}
        with self._changing_people():
            self._connection.execute(table.update().where(table.c.ref == ref).values(kept))

    def keep_copy(self, copy: CopyMade) -> None:
        """Remember a copy in place of an earlier one at the same place."""
        self._keep_copy(copy._replace(made_by=self._referred_to(copy.made_by)))

    def _keep_copy(self, copy: CopyMade) -> None:
        table = table_of(CopyRow)
        here = (table.c.machine == copy.machine) & (table.c.place == copy.place)
        with self._changing_people():
            self._connection.execute(table.delete().where(here))
            self._insert(table, [copy._asdict()])

    def set_person(self, person: Person) -> None:
        """Replace what is kept of a post's holder. Keep nothing if no field is given."""
        table = table_of(PersonRow)
        with self._changing_people():
            self._connection.execute(table.delete().where(table.c.officer == person.officer))
            if person.name is not None or person.email is not None:
                self._insert(table, [person._asdict()])

    @contextmanager
    def _changing_people(self) -> Iterator[None]:
        """Let what is kept of people change, without covering up what another program changed."""
        self._open()
        [stamp] = stamping.stamps(self)
        is_as_left = (self._people or stamp.people) == stamping.people_digest(self)
        yield
        if is_as_left:
            self._people = stamping.people_digest(self)

    def keep_snapshot(
        self,
        entry: int,
        as_of: date,
        label: str | None,
        taken_at: datetime,
        lines: Iterable[SnapshotLine],
    ) -> None:
        """Freeze a snapshot's lines under the entry that records it."""
        self._open()
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

    def _insert(self, table: Table, rows: Iterable[Columns]) -> None:
        """Insert rows in portions, because an import has many."""
        rest = iter(rows)
        for_driver = self._connection.dialect.name == "sqlite"
        while some := list(islice(rest, 1000)):
            if for_driver:  # SQLAlchemy's own way takes longer than the database
                sql = _insertion(table, some[0])
                self._connection.exec_driver_sql(sql, [sqlite_parameters(row) for row in some])
            else:
                self._connection.execute(table.insert(), some)


def _insertion(table: Table, columns: Iterable[str]) -> str:
    """Return the statement that inserts a row into a table of a SQLite file."""
    names = [*columns]
    values = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})"


def _change_rows(number: int, entry: Entry) -> Iterator[Columns]:
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


class ServerJournal(Journal):
    """A PostgreSQL server's database during a write, which goes through its functions.

    Each of them leaves a stamp of its own. Only the owner can forget a login name.
    """

    def _open(self) -> None:
        self._refuse_other_journal()

    def leave_stamp(self) -> None:
        """End what the owner wrote to the tables themselves, such as a migration."""
        if any(one.writing for one in stamping.stamps(self)):
            stamping.close(self._connection, self, self._people)

    def _append(self, number: int, digest: str, entries: Sequence[Entry]) -> None:
        del number, digest  # the server works them out from the entries
        self._call("irbtrack_record", [entry_to_json(entry) for entry in entries])

    def _replace_versions(self, noun: str, refs: Sequence[str], rows: list[Columns]) -> None:
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
        self._open()
        rows = _as_json([line._asdict() for line in lines])
        self._call("irbtrack_keep_snapshot", entry, as_of, label, taken_at, rows)

    def set_person(self, person: Person) -> None:
        """Replace what is kept of a post's holder, within the transaction of an entry about it."""
        self._open()
        self._call("irbtrack_set_person", person.officer, person.name, person.email)

    def _keep_recorder(self, ref: str, login: str) -> None:
        self._open()
        self._call("irbtrack_keep_recorder", ref, login)

    def _keep_copy(self, copy: CopyMade) -> None:
        self._open()
        self._call("irbtrack_keep_copy", *copy[:3], copy.made_at, copy.made_by)

    def set_pseudonym(self, ref: str, pseudonym: str | None) -> None:
        """Forget the login name behind a reference, as the owner of the table."""
        stamping.is_open(self._connection)
        super().set_pseudonym(ref, pseudonym)

    def _call(self, function: str, *arguments: object) -> None:
        places = ", ".join("%s" for _ in arguments)
        self._connection.exec_driver_sql(f"SELECT {function}({places})", arguments)


def _as_json(rows: Sequence[Columns]) -> str:
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
    with (
        stamping.counting(location.path) as counted,
        readable(location),
        explained(location),
    ):
        refuse_unless_file(location)
        with engine_for(location).connect() as connection, connection.begin() as transaction:
            journal = journal_on(connection)
            refuse_unless_current(location, revision_of(location, journal))
            if location.path is None:
                take_turn(location, connection)
                refuse_unless_current(location, revision_of(location, journal))
            journal.strange = stamping.strange_write(location, journal, counted())
            yield journal
            journal.leave_stamp()
            with uninterrupted():
                commit(location, transaction)
                if journal.recorded:
                    lasts(f"entry {journal.recorded:,} was stored")
