"""The nouns of the register, one module each.

A noun's module has its record, its fields, what it refers to, what must hold of it, and what its
verbs do. To add a noun is to write its module and to name it here.
"""

from collections.abc import Mapping

from irbtrack.domain.field import Field
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.waiver import Waiver
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import Record

NOUNS: Mapping[str, type[Record]] = {
    kind.NOUN: kind
    for kind in (
        *(Council, Directorate, Officer, Audit, Action),
        *(Direction, Workstream, Milestone, Note, Waiver),
    )
}
"""The nouns of the journal whose changes fold into versions, each after what it refers to."""

FIELDS: Mapping[str, tuple[Field, ...]] = {
    noun: kind.FIELDS for noun, kind in NOUNS.items() if kind.FIELDS
}
"""The fields of each noun that sheets can hold, in the order of an export's columns."""

UNSAID = frozenset(name for kind in NOUNS.values() for name in kind.UNSAID)
"""Fields that people are not shown: the day from which what they go with holds says the same."""
