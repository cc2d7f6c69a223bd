"""What a sheet may say of a noun: its fields, what they hold, and how trackers call them.

The names are those of the records, so that an export has the columns of the register. Some
are of the sheet alone: ``status``, which follows from dates; ``reason``, which the journal
keeps; ``commentary``, which becomes a note; ``from_on``, the day from which a row holds.
"""

from enum import Enum
from typing import NamedTuple


class Holds(Enum):
    """What the cells of a field hold, which says how they are read and written."""

    REF = "a reference"
    CODE = "a code"
    LINE = "a line of text"
    TEXT = "text"
    DATE = "a date"
    YEAR = "a financial year"
    PRIORITY = "a priority"
    CLASSIFICATION = "a classification"
    CHOICE = "one of a few words"
    STATUS = "a status"
    RAG = "a RAG"
    TREND = "a trend"
    NUMBER = "a whole number"
    FINDINGS = "findings by priority"
    DIRECTORATE = "a directorate"
    OFFICER = "an officer"
    OFFICERS = "officers"
    AUDIT = "an audit"
    DIRECTION = "a direction"
    WORKSTREAM = "a workstream"
    MILESTONE = "a milestone"

    @property
    def noun(self) -> str | None:
        """The noun that the field refers to, or None if it refers to none."""
        return _REFERRED.get(self)


_REFERRED = {
    Holds.DIRECTORATE: "directorate",
    Holds.OFFICER: "officer",
    Holds.OFFICERS: "officer",
    Holds.AUDIT: "audit",
    Holds.DIRECTION: "direction",
    Holds.WORKSTREAM: "workstream",
    Holds.MILESTONE: "milestone",
}


class Field(NamedTuple):
    """A field: ``name`` for programs, ``label`` for people.

    ``words`` are what trackers call it, in lower case. A new record cannot do without a
    ``needed`` field. A ``fixed`` one never changes once it is recorded, and a ``derived`` one
    is shown and never read. A date ``to_the_day`` cannot be a month. ``most`` is the largest
    number that it may hold. ``offered`` names the council's list of what such a text may be; any
    other text may be given too.

    The rest is about a workbook that somebody fills in: ``width`` is the number of characters
    that its column shows. A ``given`` field is never typed there, because the program or audit
    alone says it, and one that is ``only_new`` is typed only for a new record. A column that is
    seldom needed is put ``aside``, which hides it. ``hint`` tells what to type.
    """

    name: str
    label: str
    holds: Holds
    words: tuple[str, ...] = ()
    needed: bool = False
    fixed: bool = False
    derived: bool = False
    to_the_day: bool = False
    choices: tuple[str, ...] = ()
    most: int = 9_999
    offered: str = ""
    width: int = 12
    given: bool = False
    only_new: bool = False
    aside: bool = False
    hint: str = ""


FROM = Field("from_on", "From", Holds.DATE, width=11)
"""The day from which a row of a history holds."""


WHY = "why_refused"
"""The column of a file of refused rows that gives the reason. An import ignores it."""

REASON = Field("reason", "Reason for a change", Holds.TEXT, (
    "reason", "reason for change", "reason for revision", "reason for delay",
), width=30, hint="Why a date is moved.")  # fmt: skip
TIMES_REDATED = Field(
    "times_redated", "Re-dated", Holds.NUMBER, ("times re-dated",), width=9, given=True
)
DROPPED = Field("dropped_on", "Dropped", Holds.DATE, ("dropped on",))
