"""Declare the filters of ``action list`` and of exports."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import Basis, Original, Years, by_original
from irbtrack.domain.dates import read_date, read_days, read_days_or_range, read_year
from irbtrack.domain.figures.selection import Selection, read_statuses
from irbtrack.domain.nouns.action import Closure
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.words import read_choice, read_whole
from irbtrack.errors import Misused, Refused, listed, quoted
from irbtrack.register import find
from irbtrack.register.view import View
from irbtrack.store.database import Reader
from irbtrack.store.gather import refs

Audits = Annotated[
    list[str] | None,
    typer.Option(
        "--audit",
        metavar="NAME",
        autocompletion=completing.audits,
        help="Only of this audit; 'none' for no audit.",
    ),
]
SourcesOrNone = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="SOURCE",
        autocompletion=completing.sources,
        help="Only what this source reviewed; 'none' for no audit.",
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
    typer.Option(
        "--overdue-by",
        metavar="DAYS",
        help="Only overdue by this many days or more, as 90 or 6m, or by 31-90 days.",
    ),
]
Redated = Annotated[
    str | None,
    typer.Option("--redated", metavar="N", help="Only re-dated this many times or more."),
]
Stale = Annotated[
    str | None,
    typer.Option(
        "--stale",
        metavar="DAYS",
        help="Only open, and without progress reported for this many days or more.",
    ),
]
ClosedAs = Annotated[
    list[str] | None,
    typer.Option(
        "--closed-as",
        metavar="CLOSURE",
        autocompletion=completing.closures,
        help="Only closed, as withdrawn, superseded, risk accepted or no longer applicable.",
    ),
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
    source: SourcesOrNone = None
    directorate: Directorates = None
    owner: Owners = None
    priority: Priorities = None
    status: Statuses = None
    closed_as: ClosedAs = None
    due_before: DueBefore = None
    due_after: DueAfter = None
    overdue_by: OverdueBy = None
    redated: Redated = None
    stale: Stale = None
    text: WithText = None
    unverified: Unverified = False
    basis: Basis = None
    original: Original = False


FILTERS = tuple(field.replace("_", "-") for field in Filters._fields)
"""The names of the filters, as options have them."""


def filters_named(given: Mapping[str, Sequence[str]]) -> Filters:
    """Return the filters that a file names, each with its values as they would be typed.

    A filter without values is one that is only switched on. Raises :class:`Misused` for values
    that a filter can't take.
    """
    kinds = get_type_hints(Filters)
    named: dict[str, Any] = {}
    for name, values in given.items():
        field = name.replace("-", "_")
        takes = get_args(kinds[field]) or (kinds[field],)
        if bool in takes:
            if values:
                raise Misused(f"{name} is true or false, not {listed(map(quoted, values), 'and')}")
            named[field] = True
        elif not values:
            raise Misused(f"{name} takes a value, and has none")
        elif list[str] in takes:
            named[field] = list(values)
        elif len(values) > 1:
            raise Misused(f"{name} takes one value, not {listed(map(quoted, values), 'and')}")
        else:
            named[field] = values[0]
    return Filters(**named)


def selection(view: View, today: date, given: Filters, references: Iterable[str] = ()) -> Selection:
    """Return the selection that a command's filters, and the references it names, ask for.

    Raise :class:`IrbtrackError` for a value that isn't in the register or can't be read.
    """
    reader = view.reader
    overdue = given.overdue_by and read_days_or_range(given.overdue_by, view.day)
    least, most = overdue or (None, None)
    return Selection(
        refs=frozenset(find.action_refs(reader, references)),
        years=frozenset(read_year(one) for one in given.year or ()),
        audits=frozenset(ref for one in given.audit or () for ref in _audits(view, one)),
        sources=frozenset(_source(reader, one) for one in given.source or ()),
        directorates=frozenset(_directorate(view, one) for one in given.directorate or ()),
        owners=frozenset(_owner(view, one) for one in given.owner or ()),
        priorities=frozenset(
            read_choice("a priority", one, view.council.priorities) for one in given.priority or ()
        ),
        statuses=read_statuses(given.status or ()),
        closed_as=frozenset(
            read_choice("a closure", one, Closure) for one in given.closed_as or ()
        ),
        due_before=read_date(given.due_before, today) if given.due_before else None,
        due_after=read_date(given.due_after, today, month_end=True) if given.due_after else None,
        overdue_by=least,
        overdue_to=most,
        redated=read_whole("a number of times", given.redated, 999) if given.redated else None,
        stale=read_days(given.stale, view.day) if given.stale else None,
        text=given.text,
        unverified=given.unverified,
        original=by_original(given.basis, given.original),
    )


NONE = "none"
"""What stands for actions without an audit, a source or an owner."""


def _is_none(asked: str) -> bool:
    return asked.strip().casefold() == NONE


def _audits(view: View, asked: str) -> list[str | None]:
    if _is_none(asked):
        return [None]
    return list(_known(view, Audit.NOUN, asked, lambda: find.audit_refs(view.reader, asked)))


def _source(reader: Reader, asked: str) -> str | None:
    return None if _is_none(asked) else find.source(reader, asked)


def _directorate(view: View, asked: str) -> str:
    [code] = _known(
        view, Directorate.NOUN, asked, lambda: [find.directorate(view.reader, asked).ref]
    )
    return code


def _owner(view: View, asked: str) -> str | None:
    if _is_none(asked):
        return None
    [code] = _known(view, Officer.NOUN, asked, lambda: [find.officer(view.reader, asked).ref])
    return code


def _known(view: View, noun: str, asked: str, look: Callable[[], list[str]]) -> list[str]:
    """Return the references that ``look`` finds, or the one that only the journal still knows.

    A record whose adding was undone can be asked for with ``--known-at`` only.
    """
    try:
        return look()
    except Refused:
        if view.known_at is not None and asked in refs(view.reader, noun):
            return [asked]
        raise
