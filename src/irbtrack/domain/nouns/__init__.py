"""The nouns of the register, one module each.

A noun's module has its record, its fields, what it refers to, what must hold of it, and what its
verbs do. To add a noun is to write its module and to name it here.
"""

from collections.abc import Mapping

from irbtrack.domain.nouns.action import ACTION, Action
from irbtrack.domain.nouns.audit import AUDIT, Audit
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.direction import DIRECTION, Direction
from irbtrack.domain.nouns.directorate import DIRECTORATE, Directorate
from irbtrack.domain.nouns.field import Field
from irbtrack.domain.nouns.milestone import MILESTONE, Milestone
from irbtrack.domain.nouns.note import NOTE, Note
from irbtrack.domain.nouns.officer import OFFICER, Officer
from irbtrack.domain.nouns.workstream import WORKSTREAM, Workstream
from irbtrack.domain.record import Record

NOUNS: Mapping[str, type[Record]] = {
    kind.NOUN: kind
    for kind in (
        *(Council, Directorate, Officer, Audit, Action),
        *(Direction, Workstream, Milestone, Note),
    )
}
"""The nouns of the journal whose changes fold into versions."""

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "action": ACTION,
    "audit": AUDIT,
    "direction": DIRECTION,
    "milestone": MILESTONE,
    "officer": OFFICER,
    "directorate": DIRECTORATE,
    "workstream": WORKSTREAM,
    "note": NOTE,
}
"""The fields of each noun, in the order of an export's columns."""
