"""The list behind a figure: the command that shows it."""

import shlex
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.figures.tally import Tally
from irbtrack.domain.journal import moment_text
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.words import natural_order
from irbtrack.register.view import View
from irbtrack.reports.question import Question
from irbtrack.reports.tallies import group_name


class Counted(NamedTuple):
    """A figure: what it counts, in words, how many that are, and the selection that they fit."""

    what: str
    number: int
    wanted: Selection


def counted_in(told: Tally, question: Question, years: Iterable[str]) -> Iterator[Counted]:
    """Yield each figure of a tally, and of each priority in it."""
    names = question.names
    for year in years:
        for group in told.groups(year) if question.by else [None]:
            for figure in told.group(year, group):
                called = group_name(group, names) if question.by else None
                what = " ".join(filter(None, (year, called, figure.status)))
                yield Counted(what, figure.total, question.selection(year, figure.status, group))
                if question.by == "priority":
                    continue
                for priority, number in zip(told.priorities, figure.by_priority, strict=True):
                    wanted = question.selection(year, figure.status, group, priority)
                    yield Counted(f"{what} {priority}", number, wanted)


COLUMNS = (
    Column("count", "Count", Kind.NUMBER),
    Column("what", "What"),
    Column("command", "The command that lists it", Kind.CODE),
)


def explanation(view: View, figures: Iterable[Counted], title: str = "") -> Table:
    """Return a row for each figure that isn't 0: how many, of what, and the command for the list.

    The commands list what was there on the day of the view, as far as it is known. They read the
    database that irbtrack is told of by the environment, or else its own.
    """
    return Table(
        COLUMNS,
        [
            (one.number, one.what, f"irbtrack {listing_command(one.wanted, view)}")
            for one in figures
            if one.number
        ],
        title,
    )


def listing_command(wanted: Selection, view: View) -> str:
    """Return the words after ``irbtrack`` that list what fits a selection on the day of a view.

    Each word is quoted as a shell needs it.
    """
    return shlex.join(["action", "list", *_words(wanted, view.day, view.known_at)])


def _words(wanted: Selection, as_of: date, known_at: datetime | None) -> Iterator[str]:
    yield from sorted(wanted.refs, key=natural_order)
    yield from ("--as-of", as_of.isoformat())
    if known_at is not None:
        yield from ("--known-at", moment_text(known_at))
    several = {
        "--year": wanted.years,
        "--audit": wanted.audits,
        "--source": wanted.sources,
        "--directorate": wanted.directorates,
        "--owner": wanted.owners,
        "--status": [_typed(status) for status in Status if status in wanted.statuses],
        "--closed-as": [_typed(closure) for closure in wanted.closed_as],
        "--priority": wanted.priorities,
    }
    for option, values in several.items():
        for value in sorted(one or "none" for one in values):
            yield from (option, value)
    if wanted.overdue_by is not None or wanted.overdue_to is not None:
        least = max(wanted.overdue_by or 0, 0)
        most = "" if wanted.overdue_to is None else f"-{wanted.overdue_to}"
        yield from ("--overdue-by", f"{least}{most}")
    single = {
        "--due-before": wanted.due_before and wanted.due_before.isoformat(),
        "--due-after": wanted.due_after and wanted.due_after.isoformat(),
        "--redated": wanted.redated,
        "--stale": wanted.stale,
        "--text": wanted.text,
    }
    for option, one in single.items():
        if one is not None:
            yield from (option, str(one))
    if wanted.unverified:
        yield "--unverified"
    if wanted.original:
        yield from ("--basis", "original")


def _typed(choice: str) -> str:
    """Return a choice as people type it.

    >>> _typed(Status.NOT_DUE)
    'not-due'
    """
    return "-".join(choice.lower().split())
