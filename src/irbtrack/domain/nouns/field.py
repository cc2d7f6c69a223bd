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


class Field(NamedTuple):
    """A field: ``name`` for programs, ``label`` for people.

    ``words`` are what trackers call it, in lower case. What is ``needed`` a new record cannot
    do without. A ``fixed`` one never changes once it is recorded, and a ``derived`` one is
    shown and never read. A date ``to_the_day`` cannot be a month. ``most`` is the largest number
    it may hold, ``width`` the characters that its column shows.
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
    width: int = 12


FROM = Field("from_on", "From", Holds.DATE, width=11)
"""The day from which a row of a history holds."""


REASON = Field("reason", "Reason for a change", Holds.TEXT, (
    "reason", "reason for change", "reason for revision", "reason for delay",
), width=30)  # fmt: skip
TIMES_REDATED = Field("times_redated", "Re-dated", Holds.NUMBER, ("times re-dated",), width=9)
DROPPED = Field("dropped_on", "Dropped", Holds.DATE, ("dropped on",))
