"""The checks: what each asks of a register, how severe it is, and what to do about it.

This is the table of them. How each is made stands in :mod:`irbtrack.reports.check`.
"""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How severe it is when a check finds something.

    An error means that the register can't be relied on. A warning is about what is incomplete,
    and a notice about what deserves a question.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


ASKED = {
    Severity.ERROR: "always",
    Severity.WARNING: "with --strict",
    Severity.NOTICE: "by name",
}
"""When the checks of each severity are made. Every check is made when it is named."""


class Check(NamedTuple):
    """A check: its name, its severity, what it looks for, and what to do about a finding."""

    name: str
    severity: Severity
    looks_for: str
    to_do: str


MOST_REDATED = 2
"""How often an action may be re-dated, unless ``--most`` says otherwise."""

SILENT_OVERDUE = 90
"""The days for which an action of the highest priority may be overdue before it needs news."""

RESTORE = "Restore the database from a backup; 'irbtrack history' shows what the journal says."

REBUILD = "'irbtrack db rebuild' makes the versions anew from the journal, which has them all."

WHOLE = Check(
    "database-whole",
    Severity.ERROR,
    "a table, a trigger or a view that is not as irbtrack makes it, or damage to the file",
    "'irbtrack db rebuild' makes triggers and views anew; if anything else is wrong, restore the"
    " database from a backup.",
)
"""What only ``irbtrack db verify`` looks for, because it takes longer than a check may."""

ORDER = Check(
    "journal-order",
    Severity.ERROR,
    "an entry whose moment is before that of the entry before it, as a clock that was set back"
    " once left it",
    "What goes by moments, as '--known-at' and 'history --since' do, can leave such an entry out"
    " or tell it too early. Entries never change, and their numbers have the order of recording.",
)
"""What ``irbtrack db verify`` looks for beside damage: the register is as it was recorded."""

CHECKS = (
    Check(
        "journal-chain",
        Severity.ERROR,
        "an entry of the journal that was changed, removed or put in after it was recorded",
        RESTORE,
    ),
    Check(
        "versions-equal-fold",
        Severity.ERROR,
        "a version of a record that is not what the journal gives",
        REBUILD,
    ),
    Check(
        "snapshot-digest",
        Severity.ERROR,
        "a snapshot that is not what was frozen",
        RESTORE,
    ),
    Check(
        "people-as-kept",
        Severity.ERROR,
        "a name or an address of an officer that irbtrack did not write, or that is of no post",
        "Compare 'irbtrack officer list' with a backup, and correct it with 'irbtrack officer"
        " update'; 'irbtrack db rebuild' then takes what is there.",
    ),
    Check(
        "figures-foot",
        Severity.ERROR,
        "figures that do not sum to their totals, on the day and on the day of each snapshot",
        "Look at the actions with 'irbtrack action list'; a priority must be on the scale of"
        " 'irbtrack council show'.",
    ),
    Check(
        "bridges-balance",
        Severity.ERROR,
        "a movement since the last snapshot that does not lead from what was published to what is"
        " counted now",
        "Look at the other errors first: they are the cause. If there are none, 'irbtrack movement"
        " --status all' shows the bridges; please report it as a fault of irbtrack.",
    ),
    Check(
        "restated-snapshot",
        Severity.WARNING,
        "a snapshot whose day is now known otherwise",
        "'irbtrack snapshot compare DATE' shows what differs, and which entries caused it; say so"
        " in the next report.",
    ),
    Check(
        "findings-equal-actions",
        Severity.WARNING,
        "an audit whose findings, as entered, are not its actions",
        "Enter what is missing, or amend the findings with 'irbtrack audit update'.",
    ),
    Check(
        "no-evidence",
        Severity.WARNING,
        "a complete action without evidence",
        "Ask its owner for the evidence, and give it in the column Evidence of a workbook:"
        " 'irbtrack export actions' writes one, and 'irbtrack import actions' reads it.",
    ),
    Check(
        "due-before-raised",
        Severity.WARNING,
        "an action whose due date, or first due date, is before the day it was raised",
        "Ask where its dates come from; 'irbtrack history REF' names the file, and 'irbtrack action"
        " redate' gives it another due date.",
    ),
    Check(
        "assumed-day",
        Severity.WARNING,
        "an action with a day that an import assumed, because its sheet doesn't give it",
        "Ask when it was: 'irbtrack action update REF --raised', 'irbtrack action complete REF"
        " --on' or a later edition of the sheet puts the true day in its place.",
    ),
    Check(
        "no-email",
        Severity.WARNING,
        "an owner of open actions who has no e-mail address",
        "Give the address with 'irbtrack officer update CODE --email'.",
    ),
    Check(
        "unknown-post",
        Severity.WARNING,
        "an officer or directorate that records name and the register does not have",
        "Add it with 'irbtrack officer add' or 'irbtrack directorate add', or name another.",
    ),
    Check(
        "unknown-recorder",
        Severity.WARNING,
        "somebody who recorded entries and is no officer of the register",
        "Add the post with 'irbtrack officer add', or find out who it was.",
    ),
    Check(
        "redated-often",
        Severity.NOTICE,
        f"an open action that was re-dated more than {MOST_REDATED} times, or --most",
        "Ask its owner for a date that will be kept; 'irbtrack history REF' has the reasons.",
    ),
    Check(
        "redated-late",
        Severity.NOTICE,
        "an open action that was re-dated when it was overdue already",
        "Ask why the new date was not agreed in time; 'irbtrack history REF' has the reasons.",
    ),
    Check(
        "high-silent",
        Severity.NOTICE,
        f"an action of the highest priority, overdue for {SILENT_OVERDUE} days or more, without"
        " recent news",
        "Ask its owner, and record the answer with 'irbtrack action progress'.",
    ),
    Check(
        "stale-direction",
        Severity.NOTICE,
        "a direction without recent commentary",
        "Ask its lead, and record the answer with 'irbtrack direction update'.",
    ),
    Check(
        "due-on-rest-day",
        Severity.NOTICE,
        "an action that falls due on a weekend or on a bank holiday of England",
        "Agree a working day, and record it with 'irbtrack action redate'.",
    ),
)
"""Every check, the most severe first."""

BY_NAME = {check.name: check for check in CHECKS}


class Finding(NamedTuple):
    """What a check found wrong, in a sentence, and the record that it is wrong of.

    ``noun`` may also name a table of the journal, whose rows are known by their numbers.
    """

    noun: str
    ref: str
    wrong: str
