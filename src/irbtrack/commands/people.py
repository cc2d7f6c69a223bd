"""``irbtrack directorate add | list | rename`` and ``irbtrack officer add | list | update``."""

from typing import Annotated

import typer

from irbtrack.commands import find
from irbtrack.commands.options import AsOf, Form, KnownAt, On, as_of_day, known_at_moment
from irbtrack.commands.session import Planned, refuse_unless_any, required, session_of
from irbtrack.domain.board import Answer, Column, Kind, Table
from irbtrack.domain.journal import Change
from irbtrack.domain.lifecycle import differing
from irbtrack.domain.records import Directorate, Officer, Person
from irbtrack.domain.words import read_code, read_title
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import Reader
from irbtrack.store.gather import people, records_as_of, refs

Code = Annotated[
    str | None, typer.Argument(metavar="CODE", help="A short code, as finance or ed-finance.")
]


def add_directorate(
    ctx: typer.Context,
    code: Code = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="What it is called.")] = None,
    on: On = None,
) -> None:
    """Add a directorate under a code."""
    session = session_of(ctx)
    day = session.day(on)
    given = required(code, "the CODE", "Code", lambda t: read_code("a directorate", t))
    title = required(name, "the NAME", "Name", lambda t: read_title("the name", t))

    def plan(reader: Reader) -> list[Planned]:
        find.refuse_if_taken(given, refs(reader, "directorate"), "a directorate", "code")
        change = Change("directorate", given, day, {"name": title})
        return [Planned(change, f"directorate {given} added: {title}")]

    session.record("directorate add", plan)


def rename_directorate(
    ctx: typer.Context,
    directorate: Annotated[str, typer.Argument(metavar="CODE", help="Which; its code stays.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What it is called from that day on.")
    ],
    on: On = None,
) -> None:
    """Give a directorate another name from a day on."""
    session = session_of(ctx)
    day = session.day(on)
    title = read_title("the name", name)

    def plan(reader: Reader) -> list[Planned]:
        found = find.directorate(reader, directorate)
        then = find.record_on(reader, Directorate, found.ref, day)
        fields = differing(then, {"name": title})
        change = Change("directorate", found.ref, day, fields)
        return [Planned(change, f"directorate {found.ref} renamed: {title}")]

    session.record("directorate rename", plan)


def list_directorates(
    ctx: typer.Context, as_of: AsOf = None, known_at: KnownAt = None, form: Form = TABLE
) -> None:
    """The directorates that there were on a day."""
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        there = records_as_of(reader, Directorate, day, moment)
    columns = (Column("code", "Code", Kind.CODE), Column("name", "Name"))
    put_out(Answer(Table(columns, [(one.ref, one.name) for one in there])), form)


Holder = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Who holds the post; '' forgets the name."),
]
Email = Annotated[
    str | None,
    typer.Option("--email", metavar="ADDRESS", help="Their e-mail address; '' forgets it."),
]
PartOf = Annotated[
    str | None, typer.Option("--directorate", metavar="CODE", help="The directorate it is in.")
]


def add_officer(
    ctx: typer.Context,
    code: Code = None,
    title: Annotated[
        str | None, typer.Argument(metavar="TITLE", help="The title of the post.")
    ] = None,
    directorate: PartOf = None,
    name: Holder = None,
    email: Email = None,
    on: On = None,
) -> None:
    """Add a post under a code.

    Who holds it is kept outside the journal, so that it can be corrected or erased.
    """
    session = session_of(ctx)
    day = session.day(on)
    given = required(code, "the CODE", "Code", lambda t: read_code("an officer", t))
    post = required(title, "the TITLE", "Title of the post", lambda t: read_title("the title", t))
    holder, address = _person(name, "the name"), _person(email, "the e-mail address")

    def plan(reader: Reader) -> list[Planned]:
        find.refuse_if_taken(given, refs(reader, "officer"), "an officer", "code")
        fields = {"title": post}
        if directorate is not None:
            fields["directorate"] = find.directorate(reader, directorate).ref
        person = Person(given, holder, address) if holder or address else None
        change = Change("officer", given, day, fields)
        return [Planned(change, f"officer {given} added: {post}", person)]

    session.record("officer add", plan)


def update_officer(
    ctx: typer.Context,
    officer: Annotated[str, typer.Argument(metavar="CODE", help="Which; its code stays.")],
    title: Annotated[
        str | None, typer.Option("--title", metavar="TITLE", help="A new title of the post.")
    ] = None,
    directorate: PartOf = None,
    name: Holder = None,
    email: Email = None,
    on: On = None,
) -> None:
    """Change a post, or who holds it.

    A title or directorate changes from a day on; a name or address is replaced.
    """
    refuse_unless_any(title, directorate, name, email)
    session = session_of(ctx)
    day = session.day(on)
    holder, address = _person(name, "the name"), _person(email, "the e-mail address")

    def plan(reader: Reader) -> list[Planned]:
        found = find.officer(reader, officer)
        post = {
            "title": None if title is None else read_title("the title", title),
            "directorate": directorate and find.directorate(reader, directorate).ref,
        }
        was = people(reader)[found.ref]
        person = Person(
            found.ref,
            was.name if name is None else holder,
            was.email if email is None else address,
        )
        then = find.record_on(reader, Officer, found.ref, day)
        change = Change("officer", found.ref, day, differing(then, post))
        said = [f"{field} now {value}" for field, value in change.fields.items()]
        said += ["who holds it was changed"] if person != was else []
        sentence = f"officer {found.ref}: {', '.join(said)}"
        return [Planned(change, sentence, person if person != was else None)]

    session.record("officer update", plan)


def _person(given: str | None, what: str) -> str | None:
    return read_title(what, given) if given else None


def list_officers(
    ctx: typer.Context, as_of: AsOf = None, known_at: KnownAt = None, form: Form = TABLE
) -> None:
    """The posts that there were on a day, and who holds them now."""
    session = session_of(ctx)
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    with session.reading() as reader:
        posts, holders = records_as_of(reader, Officer, day, moment), people(reader)
    columns = (
        Column("code", "Code", Kind.CODE),
        Column("title", "Title"),
        Column("directorate", "Directorate", Kind.CODE),
        Column("name", "Name"),
        Column("email", "E-mail"),
    )
    rows = [
        (post.ref, post.title, post.directorate, holders[post.ref].name, holders[post.ref].email)
        for post in posts
    ]
    put_out(Answer(Table(columns, rows)), form)
