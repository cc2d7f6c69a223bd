"""The list behind a figure: the command that is said lists what was counted."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.arguments.filters import Filters, selection
from irbtrack.arguments.options import Viewed
from irbtrack.cli import built, main
from irbtrack.commands.action import AnyReferences
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns.action import Action, Closure
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import COUNTED, Status
from irbtrack.register.session import Session
from irbtrack.register.view import View
from irbtrack.reports.explained import Counted, explanation, listing_command
from irbtrack.store.database import locate
from irbtrack.store.gather import newest

NOW = datetime(2023, 11, 23, 9, tzinfo=UTC)
DAY = date(2023, 10, 31)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A session at the example's register."""
    path = tmp_path_factory.mktemp("board") / "board.db"
    assert main(["demo", "--keep", str(path)]) == 0
    return Session(locate(str(path)), NOW, lambda: NOW)


@contextmanager
def viewing(board: Session, known_at: datetime | None = None) -> Iterator[View]:
    with board.reading() as reader:
        yield View(reader, DAY, known_at)


def read_back(session: Session, command: str) -> tuple[Selection, View]:
    """What 'action list' would select for the words after irbtrack, and on which day."""
    read: list[tuple[Selection, View]] = []

    def list_(
        session: Session, references: AnyReferences = None, *, filters: Filters, viewed: Viewed
    ) -> None:
        with session.viewing(viewed.as_of, viewed.known_at) as view:
            read.append((selection(view, session.today, filters, references or ()), view))

    noun, verb, *words = shlex.split(command)
    assert (noun, verb) == ("action", "list")
    built("list", list_)(words, standalone_mode=False, obj=session)
    return read[0]


def sets(values: list[Any]) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(values), max_size=3)


some_days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
numbers = st.none() | st.integers(0, 999)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@st.composite
def selections(draw: st.DrawFn, actions: list[Action], audits: list[Audit]) -> Selection:
    """Any selection that options can ask for, of a register's own names."""
    overdue = draw(st.none() | st.tuples(st.integers(0, 500), st.none() | st.integers(500, 900)))
    return Selection(
        refs=draw(sets([one.ref for one in actions])),
        years=draw(sets(["21/22", "22/23", "23/24"])),
        audits=draw(sets([None, *(one.ref for one in audits)])),
        sources=draw(sets([None, *{one.source for one in audits}])),
        directorates=draw(sets([one.directorate for one in actions])),
        owners=draw(sets([None, *(one.owner for one in actions if one.owner)])),
        priorities=draw(sets(["High", "Medium", "Low"])),
        statuses=draw(sets(list(Status))),
        closed_as=draw(sets([closure.value for closure in Closure])),
        due_before=draw(some_days),
        due_after=draw(some_days),
        overdue_by=overdue and overdue[0],
        overdue_to=overdue and overdue[1],
        redated=draw(numbers),
        stale=draw(numbers),
        text=draw(st.none() | texts.filter(str.strip)),
        unverified=draw(st.booleans()),
        original=draw(st.booleans()),
    )


moments = st.datetimes(datetime(2023, 1, 1), datetime(2024, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.data(), st.none() | moments)
def test_a_command_that_is_said_asks_for_the_selection_it_was_made_of(
    board: Session, data: st.DataObject, known_at: datetime | None
) -> None:
    with viewing(board, known_at) as view:
        actions, audits = newest(view.reader, Action), newest(view.reader, Audit)
        wanted = data.draw(selections(list(actions.values()), list(audits.values())))
        said = listing_command(wanted, view)
        read, viewed = read_back(board, said)
    assert read == wanted
    assert (viewed.day, viewed.known_at) == (DAY, known_at)


def test_a_command_is_said_in_the_words_of_the_options(board: Session) -> None:
    wanted = Selection(
        years=frozenset({"22/23"}),
        statuses=frozenset({Status.OVERDUE, Status.NOT_DUE}),
        audits=frozenset({None}),
        overdue_by=31,
        overdue_to=90,
        text="it's",
        original=True,
    )
    with viewing(board, NOW) as view:
        assert listing_command(wanted, view) == (
            "action list --as-of 2023-10-31 --known-at 2023-11-23T09:00:00.000000+00:00"
            " --year 22/23 --audit none --status not-due --status overdue --overdue-by 31-90"
            """ --text 'it'"'"'s' --basis original"""
        )


def figures(view: View) -> list[Counted]:
    """How many actions have each status, in each year and of each audit."""
    actions = view.records(Action)
    chosen = [
        *(Selection(years=frozenset({year})) for year in sorted({one.year for one in actions})),
        *(
            Selection(audits=frozenset({ref}))
            for ref in sorted({str(a.audit) for a in actions})[::9]
        ),
    ]
    return [
        Counted(f"{status}, one of several", len(view.selected(wanted)), wanted)
        for status in (*COUNTED, Status.CLOSED)
        for one in chosen
        for wanted in [one._replace(statuses=frozenset({status}))]
    ]


def test_each_command_of_an_explanation_lists_as_many_as_it_says(
    board: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    with viewing(board) as view:
        asked = figures(view)
        table = explanation(view, asked)
    assert {number for number, *_ in table.rows} > {1, 59}
    assert len(table.rows) == sum(one.number > 0 for one in asked) < len(asked)
    for number, _, command in table.rows:
        program, *words = shlex.split(command)
        assert program == "irbtrack"
        at = str(board.location.path)
        assert main(["--database", at, *words, "--format", "csv"], now=NOW) == 0
        assert len(capsys.readouterr().out.splitlines()) == 1 + number
