"""Which actions are meant: the options of ``action list`` and of exports, declared once."""

from typing import Annotated

import typer

from irbtrack.domain.dates import read_date, read_year
from irbtrack.domain.figures.selection import Selection, read_statuses
from irbtrack.domain.words import read_choice, read_whole
from irbtrack.register import find
from irbtrack.register.session import Session
from irbtrack.store.database import Reader
from irbtrack.store.gather import council

Years = Annotated[
    list[str] | None, typer.Option("--year", metavar="YEAR", help="Of that financial year.")
]
Audits = Annotated[list[str] | None, typer.Option("--audit", metavar="NAME", help="Of that audit.")]
Directorates = Annotated[
    list[str] | None,
    typer.Option("--directorate", metavar="CODE", help="That this directorate answers for."),
]
Owners = Annotated[
    list[str] | None,
    typer.Option("--owner", metavar="CODE", help="Of that officer; 'none' for no owner."),
]
Priorities = Annotated[
    list[str] | None, typer.Option("--priority", metavar="PRIORITY", help="Of that priority.")
]
Statuses = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        help="Not due, overdue, complete, not allocated, closed, or open: neither complete nor"
        " closed.",
    ),
]
DueBefore = Annotated[
    str | None, typer.Option("--due-before", metavar="DATE", help="Due earlier than that day.")
]
DueAfter = Annotated[
    str | None, typer.Option("--due-after", metavar="DATE", help="Due later than that day.")
]
OverdueBy = Annotated[
    str | None,
    typer.Option("--overdue-by", metavar="DAYS", help="Overdue by at least so many days."),
]
WithText = Annotated[
    str | None,
    typer.Option("--text", metavar="TEXT", help="With these words in reference, title or detail."),
]
Unverified = Annotated[
    bool, typer.Option("--unverified", help="Complete, and not confirmed by audit.")
]


def selection(
    reader: Reader,
    session: Session,
    *,
    year: list[str] | None,
    audit: list[str] | None,
    directorate: list[str] | None,
    owner: list[str] | None,
    priority: list[str] | None,
    status: list[str] | None,
    due_before: str | None,
    due_after: str | None,
    overdue_by: str | None,
    text: str | None,
    unverified: bool,
) -> Selection:
    """What the options of a command want. Raises for what is not in the register, or not read."""
    return Selection(
        years=frozenset(read_year(one) for one in year or ()),
        audits=frozenset(ref for one in audit or () for ref in find.audit_refs(reader, one)),
        directorates=frozenset(find.directorate(reader, d).ref for d in directorate or ()),
        owners=frozenset(find.owner(reader, one) for one in owner or ()),
        priorities=frozenset(
            read_choice("a priority", one, council(reader).priorities) for one in priority or ()
        ),
        statuses=read_statuses(status or ()),
        due_before=read_date(due_before, session.today) if due_before else None,
        due_after=read_date(due_after, session.today, month_end=True) if due_after else None,
        overdue_by=read_whole("a number of days", overdue_by, 99_999) if overdue_by else None,
        text=text,
        unverified=unverified,
    )
