"""``irbtrack directorate``: keep who answers for actions."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import required
from irbtrack.arguments.options import AsOf, Code, Format, KnownAt, On, as_of_day, known_at_moment
from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.record import differing
from irbtrack.domain.words import read_code, read_title
from irbtrack.register import find
from irbtrack.register.session import Planned, Session
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import Reader
from irbtrack.store.gather import records_as_of, refs


def add(
    session: Session,
    code: Code = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="What it is called.")] = None,
    on: On = None,
) -> None:
    """Add a directorate under a code."""
    day = session.day(on)
    given = required(code, "the CODE", "Code", lambda t: read_code("a directorate", t))
    title = required(name, "the NAME", "Name", lambda t: read_title("the name", t))

    def plan(reader: Reader) -> list[Planned]:
        find.refuse_if_taken(given, refs(reader, "directorate"), "a directorate", "code")
        change = Change("directorate", given, day, {"name": title})
        return [Planned(change, f"directorate {given} added: {title}")]

    session.record("directorate add", plan)


def rename(
    session: Session,
    directorate: Annotated[
        str,
        typer.Argument(
            metavar="CODE", autocompletion=completing.directorates, help="Which; its code stays."
        ),
    ],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What it is called from that day on.")
    ],
    on: On = None,
) -> None:
    """Give a directorate another name from a day on."""
    day = session.day(on)
    title = read_title("the name", name)

    def plan(reader: Reader) -> list[Planned]:
        found = find.directorate(reader, directorate)
        then = find.record_on(reader, Directorate, found.ref, day)
        fields = differing(then, {"name": title})
        change = Change("directorate", found.ref, day, fields)
        return [Planned(change, f"directorate {found.ref} renamed: {title}")]

    session.record("directorate rename", plan)


def list_(
    session: Session, as_of: AsOf = None, known_at: KnownAt = None, form: Format = TABLE
) -> None:
    """The directorates that there were on a day."""
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        there = records_as_of(reader, Directorate, day, moment)
    columns = (Column("code", "Code", Kind.CODE), Column("name", "Name"))
    put_out(Answer(Table(columns, [(one.ref, one.name) for one in there])), form)


VERBS = {
    "add": add,
    "list": list_,
    "rename": rename,
}
