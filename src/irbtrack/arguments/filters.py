"""Declare the filters of ``action list`` and of exports."""

from datetime import date
from typing import Annotated, NamedTuple

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import Original
from irbtrack.domain.dates import read_date, read_year
from irbtrack.domain.figures.selection import Selection, read_statuses
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.words import read_choice, read_whole
from irbtrack.register import find
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, newest

Years = Annotated[
    list[str] | None,
    typer.Option(
        "--year",
        metavar="YEAR",
        autocompletion=completing.years,
        help="Only of this financial year.",
    ),
]
Audits = Annotated[
    list[str] | None,
    typer.Option(
        "--audit", metavar="NAME", autocompletion=completing.audits, help="Only of this audit."
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="SOURCE",
        autocompletion=completing.sources,
        help="Only what this source reviewed.",
    ),
]
Directorates = Annotated[
    list[str] | None,
    typer.Option(
        "--directorate",
        metavar="CODE",
        autocompletion=completing.directorates,
        help="Only of this directorate.",
    ),
]
Owners = Annotated[
    list[str] | None,
    typer.Option(
        "--owner",
        metavar="CODE",
        autocompletion=completing.officers,
        help="Only of this officer; 'none' for no owner.",
    ),
]
Priorities = Annotated[
    list[str] | None,
    typer.Option(
        "--priority",
        metavar="PRIORITY",
        autocompletion=completing.priorities,
        help="Only of this priority.",
    ),
]
Statuses = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        autocompletion=completing.statuses,
        help="Not due, overdue, complete, not allocated, closed, or open: neither complete nor"
        " closed.",
    ),
]
DueBefore = Annotated[
    str | None, typer.Option("--due-before", metavar="DATE", help="Only due before this day.")
]
DueAfter = Annotated[
    str | None, typer.Option("--due-after", metavar="DATE", help="Only due after this day.")
]
OverdueBy = Annotated[
    str | None,
    typer.Option("--overdue-by", metavar="DAYS", help="Only overdue by this many days or more."),
]
WithText = Annotated[
    str | None,
    typer.Option(
        "--text", metavar="TEXT", help="Only with these words in the reference, title or detail."
    ),
]
Unverified = Annotated[
    bool, typer.Option("--unverified", help="Only complete, and not confirmed by audit.")
]


class Filters(NamedTuple):
    """The filters of a command. An action must fit every one that is given."""

    year: Years = None
    audit: Audits = None
    source: Sources = None
    directorate: Directorates = None
    owner: Owners = None
    priority: Priorities = None
    status: Statuses = None
    due_before: DueBefore = None
    due_after: DueAfter = None
    overdue_by: OverdueBy = None
    text: WithText = None
    unverified: Unverified = False
    original: Original = False


def selection(reader: Reader, today: date, given: Filters) -> Selection:
    """Return the selection that a command's filters ask for.

    Raise :class:`IrbtrackError` for a value that isn't in the register or can't be read.
    """
    overdue_by = given.overdue_by
    return Selection(
        years=frozenset(read_year(one) for one in given.year or ()),
        audits=frozenset(ref for one in given.audit or () for ref in find.audit_refs(reader, one)),
        of_sources=_of_sources(reader, given.source),
        directorates=frozenset(find.directorate(reader, d).ref for d in given.directorate or ()),
        owners=frozenset(find.owner(reader, one) for one in given.owner or ()),
        priorities=frozenset(
            read_choice("a priority", one, council(reader).priorities)
            for one in given.priority or ()
        ),
        statuses=read_statuses(given.status or ()),
        due_before=read_date(given.due_before, today) if given.due_before else None,
        due_after=read_date(given.due_after, today, month_end=True) if given.due_after else None,
        overdue_by=read_whole("a number of days", overdue_by, 99_999) if overdue_by else None,
        text=given.text,
        unverified=given.unverified,
    )


def _of_sources(reader: Reader, sources: list[str] | None) -> frozenset[str] | None:
    """Return the audits that are reviews of some sources, or None if any source is meant."""
    if not sources:
        return None
    wanted = {find.source(reader, one) for one in sources}
    return frozenset(ref for ref, one in newest(reader, Audit).items() if one.source in wanted)
