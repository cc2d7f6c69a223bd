"""Name records in an export: by their codes for programs, by their names for people."""

from datetime import date

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.field import Holds
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.note import Note, in_force
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.tracker.outgoing import Names, only_unique
from irbtrack.store.database import Reader
from irbtrack.store.gather import Known, names_as_of, people, records_as_of


def names_of(
    reader: Reader, day: date, known_at: Known | None = None, *, for_people: bool = False
) -> Names:
    """Return what an export of a day calls records, as far as had been recorded by then.

    Audits have their names, as in every list. For people, directorates, posts and workstreams
    have theirs too, unless two share a name, and ratings are words.
    """
    audits = names_as_of(reader, Audit, FOREVER, known_at)
    of = {Holds.AUDIT: audits}
    if for_people:
        for holds, kind in (
            (Holds.DIRECTORATE, Directorate),
            (Holds.OFFICER, Officer),
            (Holds.WORKSTREAM, Workstream),
        ):
            of[holds] = only_unique(names_as_of(reader, kind, FOREVER, known_at))
    notes = in_force(records_as_of(reader, Note, day, known_at), day)
    return Names(of, people(reader), notes, ratings=for_people)
