"""``irbtrack workstream``: keep the plans and their workstreams."""

from typing import Annotated, Any

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import refuse_unless_any, required
from irbtrack.arguments.options import (
    On,
    Place,
    Viewed,
    read_place,
)
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import different
from irbtrack.domain.words import read_code, read_title
from irbtrack.register import find
from irbtrack.register.placing import place_among
from irbtrack.register.session import Planned, Session, Words, from_day, say_changes
from irbtrack.render import put_out
from irbtrack.reports.plan import workstream_list
from irbtrack.store.database import Reader
from irbtrack.store.gather import newest

Within = Annotated[
    str | None,
    typer.Option(
        "--within",
        metavar="CODE",
        autocompletion=completing.workstreams,
        help="The plan or workstream it is a part of.",
    ),
]


def add(
    session: Session,
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A short code, as procurement.")
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="What it is called.")] = None,
    within: Within = None,
    place: Place = None,
    on: On = None,
) -> None:
    """Add a plan, or, with --within, a workstream of one."""
    day = session.day(on)
    given = required(code, "the CODE", "Code", lambda t: read_code("a workstream", t))
    title = required(name, "the NAME", "Name", lambda t: read_title("the name", t))
    nth = read_place(place)

    def plan(reader: Reader) -> list[Planned]:
        find.refuse_if_taken(given, newest(reader, Workstream), "a workstream", "code")
        parent = _within(reader, within)
        position, moved = place_among(reader, Workstream, lambda w: w.within == parent, nth, day)
        fields = {"name": title, "within": parent, "position": position}
        change = Change("workstream", given, day, {f: v for f, v in fields.items() if v})
        part = f" to {parent}" if parent else ""
        return [Planned(change, f"workstream {given} added{part}: {title}"), *moved]

    session.record("workstream add", plan)


def update(
    session: Session,
    workstream: Annotated[
        str,
        typer.Argument(
            metavar="CODE", autocompletion=completing.workstreams, help="Which; its code stays."
        ),
    ],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="A new name.")] = None,
    within: Within = None,
    place: Place = None,
    on: On = None,
) -> None:
    """Rename a workstream, or put it elsewhere.

    '--within none' makes it a plan.
    """
    refuse_unless_any(name, within, place)
    day = session.day(on)
    nth = read_place(place)

    def plan(reader: Reader) -> list[Planned]:
        found = find.workstream(reader, workstream)
        then = find.record_on(reader, Workstream, found.ref, day)
        given: dict[str, Any] = {}
        if name is not None:
            given["name"] = read_title("the name", name)
        parent = then.within
        if within is not None:
            parent = given["within"] = _within(reader, within)
        moved: list[Planned] = []
        if nth is not None or parent != then.within:
            given["position"], moved = place_among(
                reader, Workstream, lambda w: w.within == parent and w.ref != found.ref, nth, day
            )
        changes = different(then, given)
        what = say_changes(then, changes, SAID, found)
        said = f"workstream {found.ref}{from_day(session, day)}: {what}"
        return [Planned(Change("workstream", found.ref, day, changes), said), *moved]

    session.record("workstream update", plan)


SAID: Words = {
    "name": ("name", str),
    "within": ("within", lambda code: code or "none"),
    "position": ("place", str),
}


def _within(reader: Reader, asked: str | None) -> str | None:
    if asked is None or asked.strip().casefold() == "none":
        return None
    return find.workstream(reader, asked).ref


def list_(session: Session, viewed: Viewed) -> None:
    """List the plans and their workstreams on a day."""
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = workstream_list(view)
    put_out(answer, viewed.form)


VERBS = {
    "add": add,
    "list": list_,
    "update": update,
}
