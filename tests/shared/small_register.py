"""A small register with something in every table: entries, one undone, a person and a snapshot."""

from datetime import date

from shared.strategies import RAISED, RECORDED, changed, entry, raised

from irbtrack.domain.figures.restatement import SnapshotLine
from irbtrack.domain.journal import Change, lines_digest
from irbtrack.domain.nouns.officer import Person
from irbtrack.store.database import Location
from irbtrack.store.write import writing

DAY = date(2023, 10, 31)
LINE = SnapshotLine("2223-001", "22/23", None, "finance", "ed-finance", "High", "Not Due")


def fill_small(location: Location, council: str = "Test Council") -> Location:
    """Record the small register in an empty database."""
    first = [
        entry(Change("council", "council", RAISED, {"name": council}), command="init"),
        entry(Change("directorate", "finance", RAISED, {"name": "Finance – Zürich"})),
        entry(Change("officer", "ed-finance", RAISED, {"title": "Executive Director"})),
        entry(raised(), raised("2223-010", due_on=None), raised("2223-009", title='"Ä\n=1')),
        entry(changed(DAY, progress="Half"), reason="Said on the telephone"),
    ]
    frozen = {"label": "Board", "actions": 1, "digest": lines_digest([LINE])}
    taking = entry(Change("snapshot", DAY.isoformat(), DAY, frozen), command="snapshot take")
    undoing = entry(Change("action", "2223-001", DAY, {}), command="undo", undoes=5)
    with writing(location) as journal:
        journal.record(*first)
        journal.keep_snapshot(journal.record(taking), DAY, "Board", RECORDED, [LINE])
        journal.record(undoing)
        journal.set_person(Person("ed-finance", "Zoë Nobody", None))
    return location
