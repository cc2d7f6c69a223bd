"""``irbtrack directorate``: keep who answers for actions."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import required
from irbtrack.arguments.options import Code, On, Viewed
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.record import differing
from irbtrack.domain.words import read_code, read_title
from irbtrack.register import find
from irbtrack.register.session import Planned, Session
from irbtrack.render import put_out
from irbtrack.reports.directorate import directorate_list
from irbtrack.store.database import Reader
from irbtrack.store.gather import refs


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


def list_(session: Session, viewed: Viewed) -> None:
    """List the directorates that there were on a day."""
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = directorate_list(view)
    put_out(answer, viewed.form)


VERBS = {
    "add": add,
    "list": list_,
    "rename": rename,
}
