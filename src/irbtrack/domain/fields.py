"""What a sheet may say of each noun: its fields, what they hold, and how trackers call them.

The names are those of the records, so that an export has the columns of the register. Some
are of the sheet alone: ``status``, which follows from dates; ``reason``, which the journal
keeps; ``commentary``, which becomes a note; ``from_on``, the day from which a row holds.
"""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from irbtrack.domain.records import QUARTERS, AuditStatus, Closure, Section


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


_REASON = Field("reason", "Reason for a change", Holds.TEXT, (
    "reason", "reason for change", "reason for revision", "reason for delay",
), width=30)  # fmt: skip
_TIMES = Field("times_redated", "Re-dated", Holds.NUMBER, ("times re-dated",), width=9)
_DROPPED = Field("dropped_on", "Dropped", Holds.DATE, ("dropped on",))

FROM = Field("from_on", "From", Holds.DATE, width=11)
"""The day from which a row of a history holds."""

ACTION = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "ref no", "rec no", "rec ref", "recommendation no", "recommendation ref",
        "action no", "action ref", "action reference", "number", "no", "id", "action id",
    ), fixed=True, width=11),
    Field("audit", "Audit", Holds.AUDIT, (
        "audit title", "audit name", "audit area", "audit review", "review", "name of audit",
        "report", "report title", "audit report", "assignment", "audit assignment",
    ), width=24),
    Field("year", "Year", Holds.YEAR, (
        "audit year", "financial year", "plan year", "fy",
    ), width=8),
    Field("title", "Action", Holds.LINE, (
        "title", "agreed action", "management action", "agreed management action",
        "recommendation", "action agreed", "agreed actions", "action description",
        "recommendation title", "action title", "required action", "action required",
        "management response", "action plan", "remediation plan",
    ), needed=True, width=48),
    Field("detail", "Detail", Holds.TEXT, (
        "details", "finding", "description", "background", "issue", "weakness", "risk",
        "finding and risk", "control weakness", "recommendation", "observation",
    ), width=40),
    Field("priority", "Priority", Holds.PRIORITY, (
        "priority rating", "rating", "grade", "risk rating", "severity", "recommendation priority",
        "priority level", "category",
    ), needed=True, width=10),
    Field("directorate", "Directorate", Holds.DIRECTORATE, (
        "dept", "department", "service", "service area", "directorate service", "division",
    ), needed=True, width=22),
    Field("owner", "Owner", Holds.OFFICER, (
        "responsible officer", "action owner", "lead officer", "officer responsible", "lead",
        "responsible manager", "responsibility", "responsible person", "manager responsible",
        "assigned to", "officer", "action by", "by whom", "post responsible", "point of contact",
    ), width=28),
    Field("raised_on", "Raised", Holds.DATE, (
        "date raised", "raised on", "report date", "date of report", "date issued",
        "final report date", "date agreed", "issue date", "date added", "detection date",
        "original detection date", "date identified",
    ), fixed=True),
    Field("original_due_on", "Original due", Holds.DATE, (
        "original due date", "original target date", "original date", "original deadline",
        "initial due date", "original implementation date", "original completion date",
        "agreed date", "agreed implementation date", "original",
    ), fixed=True),
    Field("due_on", "Due", Holds.DATE, (
        "due date", "target date", "revised date", "revised due date", "revised target date",
        "implementation date", "deadline", "target completion date", "due by",
        "current due date", "revised implementation date", "date due", "completion due",
        "revised", "date for completion", "date for implementation", "by when",
    )),
    Field("status", "Status", Holds.STATUS, (
        "action status", "current status", "implementation status", "rag", "rag status",
        "state", "position", "progress status", "brag",
    ), width=15),
    Field("completed_on", "Completed", Holds.DATE, (
        "date completed", "completion date", "completed on", "date closed", "closed date",
        "implemented on", "date implemented", "actual completion date", "actual date",
        "date of completion", "date of implementation",
    )),
    Field("verified_on", "Verified", Holds.DATE, (
        "date verified", "verified date", "verified on", "audit verified", "ia verified",
        "follow up date", "validated on", "date validated",
    )),
    Field("progress", "Progress", Holds.TEXT, (
        "progress update", "latest update", "update", "comments", "management update",
        "management comments", "current position", "status update", "latest position",
        "progress comments", "commentary", "position", "current status", "action taken",
        "notes",
    ), width=44),
    Field("percent_complete", "% complete", Holds.NUMBER, (
        "percent complete", "percentage complete", "complete %", "% done", "progress %",
    ), most=100, width=11),
    Field("evidence", "Evidence", Holds.TEXT, (
        "evidence of completion", "evidence provided", "link to evidence", "evidence link",
        "supporting evidence", "supporting documents",
    ), width=30),
    _REASON,
    Field("approved_by", "Re-dating approved by", Holds.LINE, ("approved by",), width=22),
    Field("verified_by", "Verified by", Holds.OFFICER, (
        "verified by officer", "auditor",
    ), width=20),
    Field("closed_on", "Closed", Holds.DATE, ("closed on", "date withdrawn")),
    Field("closed_as", "Closed as", Holds.CHOICE, (
        "reason closed", "closure",
    ), choices=tuple(Closure), width=20),
    Field("expires_on", "Acceptance expires", Holds.DATE, ("expires", "expires on"), width=18),
    _TIMES,
    Field("days_overdue", "Days overdue", Holds.NUMBER, ("days late",), derived=True),
)  # fmt: skip

AUDIT = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "audit ref", "audit reference", "audit no", "id", "no",
    ), fixed=True),
    Field("year", "Year", Holds.YEAR, (
        "audit year", "financial year", "fy",
    ), needed=True, fixed=True, width=8),
    Field("quarter", "Quarter", Holds.CHOICE, (
        "qtr", "planned quarter", "timing",
    ), choices=QUARTERS, width=9),
    Field("name", "Audit", Holds.LINE, (
        "name", "audit name", "audit title", "title", "review", "audit area", "audit review",
    ), needed=True, width=44),
    Field("status", "Status", Holds.CHOICE, (
        "state", "stage", "audit status", "report status",
    ), choices=tuple(AuditStatus), width=13),
    Field("classification", "Classification", Holds.CLASSIFICATION, (
        "opinion", "assurance", "assurance opinion", "assurance level", "audit opinion", "rating",
    ), width=24),
    Field("findings", "Findings", Holds.FINDINGS, (
        "recommendations", "number of findings",
    ), width=12),
)  # fmt: skip

OFFICER = (
    Field("ref", "Code", Holds.CODE, ("ref", "reference", "post code", "id"), fixed=True, width=22),
    Field("title", "Post", Holds.LINE, (
        "title", "post title", "job title", "role", "position",
    ), needed=True, width=44),
    Field("directorate", "Directorate", Holds.DIRECTORATE, (
        "department", "dept", "service",
    ), width=22),
    Field("name", "Name", Holds.LINE, ("holder", "post holder", "postholder", "officer"), width=24),
    Field("email", "E-mail", Holds.LINE, (
        "email", "email address", "e mail", "e mail address",
    ), width=30),
)  # fmt: skip

DIRECTORATE = (
    Field("ref", "Code", Holds.CODE, ("ref", "reference", "id"), fixed=True, width=22),
    Field("name", "Directorate", Holds.LINE, ("name", "department"), needed=True, width=44),
)

DIRECTION = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "direction no", "direction ref", "no", "number", "id",
    ), needed=True, fixed=True),
    Field("title", "Direction", Holds.LINE, ("title", "direction title"), needed=True, width=44),
    Field("strategic_leads", "Strategic lead", Holds.OFFICERS, (
        "strategic leads", "sro", "senior responsible officer", "lead director",
    ), width=28),
    Field("operational_leads", "Operational lead", Holds.OFFICERS, (
        "operational leads", "lead", "lead officer", "responsible officer",
    ), width=28),
    Field("members", "Member", Holds.OFFICERS, (
        "members", "lead member", "cabinet member", "portfolio holder",
    ), width=28),
    Field("original_target_on", "Original target", Holds.DATE, (
        "original target date",
    ), fixed=True, width=14),
    Field("target_on", "Target", Holds.DATE, ("target date", "due date", "deadline")),
    Field("target_note", "Note of the target", Holds.LINE, ("target note",), width=20),
    Field("rag", "RAG", Holds.RAG, ("rag rating", "rag status", "status"), width=8),
    Field("rag_on", "RAG since", Holds.DATE, ("rag date",)),
    Field("trend", "Trend", Holds.TREND, (
        "direction of travel", "dot",
    ), choices=("up", "same", "down"), width=8),
    Field("trend_on", "Trend given", Holds.DATE),
    Field("commentary", "New commentary", Holds.TEXT, (
        "commentary", "update", "comments", "progress", "progress update", "latest update",
    ), width=48),
    _REASON,
    _TIMES,
    Field("latest_commentary", "Latest commentary", Holds.TEXT, derived=True, width=48),
)  # fmt: skip

WORKSTREAM = (
    Field("ref", "Code", Holds.CODE, ("ref", "reference", "id"), fixed=True, width=22),
    Field("name", "Workstream", Holds.LINE, (
        "name", "title", "plan",
    ), needed=True, width=44),
    Field("within", "Within", Holds.WORKSTREAM, ("parent", "part of"), width=22),
    Field("position", "Place", Holds.NUMBER, ("position", "order"), width=8),
)  # fmt: skip

MILESTONE = (
    Field("ref", "Ref", Holds.REF, (
        "reference", "milestone no", "milestone ref", "no", "number", "id",
    ), fixed=True),
    Field("title", "Milestone", Holds.LINE, (
        "title", "milestone title", "deliverable", "task", "activity", "item",
    ), needed=True, width=44),
    Field("workstream", "Workstream", Holds.WORKSTREAM, (
        "plan", "stream", "work stream", "theme",
    ), needed=True, width=24),
    Field("direction", "Direction", Holds.DIRECTION, ("direction ref",)),
    Field("starts_on", "Starts", Holds.DATE, ("start", "start date"), to_the_day=True),
    Field("baseline_on", "First planned", Holds.DATE, (
        "baseline", "baseline date", "original date", "original due date", "planned date",
    ), fixed=True, width=13),
    Field("forecast_on", "Forecast", Holds.DATE, (
        "forecast date", "due date", "due", "end date", "end", "target date", "revised date",
        "finish", "finish date", "deadline",
    )),
    Field("rag", "RAG", Holds.RAG, ("rag rating", "rag status", "status"), width=8),
    Field("rag_on", "RAG since", Holds.DATE, ("rag date",)),
    Field("commentary", "New commentary", Holds.TEXT, (
        "commentary", "update", "comments", "progress", "progress update",
    ), width=48),
    _REASON,
    _TIMES,
    _DROPPED,
)  # fmt: skip

NOTE = (
    Field("ref", "Ref", Holds.REF, ("reference", "id"), fixed=True),
    Field("section", "Section", Holds.CHOICE, choices=tuple(Section), needed=True, width=14),
    Field("direction", "Direction", Holds.DIRECTION),
    Field("workstream", "Workstream", Holds.WORKSTREAM, width=24),
    Field("milestone", "Milestone", Holds.MILESTONE),
    Field("theme", "Theme", Holds.LINE, width=24),
    Field("text", "Text", Holds.TEXT, ("note", "commentary"), needed=True, width=60),
    Field("dated_on", "Dated", Holds.DATE, ("date",)),
    Field("dated_to", "Dated to the", Holds.CHOICE, choices=("day", "month")),
    Field("board_on", "Board", Holds.DATE, ("board date",)),
    Field("position", "Place", Holds.NUMBER, width=8),
    _DROPPED,
)

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
