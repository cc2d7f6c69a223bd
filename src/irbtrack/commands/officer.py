"""``irbtrack officer``: keep the posts that own actions and lead directions."""

from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import needed_reason, refuse_unless_any, required
from irbtrack.arguments.options import Code, DryRun, On, ReasonNeeded, Viewed
from irbtrack.domain.erasure import sought_of
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.domain.record import differing
from irbtrack.domain.words import read_code, read_title
from irbtrack.register import find
from irbtrack.register.erasing import (
    OTHERS,
    clear,
    had_others,
    left_of_holder,
    refuse_if_it_names,
    refuse_unless_clearable,
)
from irbtrack.register.session import Planned, Session
from irbtrack.render import put_out
from irbtrack.render.messages import note
from irbtrack.reports.officer import officer_list
from irbtrack.store.database import Reader
from irbtrack.store.gather import people, refs

Holder = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Who holds the post; '' forgets the name."),
]
Email = Annotated[
    str | None,
    typer.Option("--email", metavar="ADDRESS", help="Their e-mail address; '' forgets it."),
]
PartOf = Annotated[
    str | None,
    typer.Option(
        "--directorate",
        metavar="CODE",
        autocompletion=completing.directorates,
        help="The directorate it is in.",
    ),
]


def add(
    session: Session,
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


def update(
    session: Session,
    officer: Annotated[
        str,
        typer.Argument(
            metavar="CODE", autocompletion=completing.officers, help="Which; its code stays."
        ),
    ],
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


def erase(
    session: Session,
    officer: Annotated[
        str,
        typer.Argument(
            metavar="CODE", autocompletion=completing.officers, help="Whose holder; the post stays."
        ),
    ],
    reason: ReasonNeeded = None,
    former: Annotated[
        list[str] | None,
        typer.Option(
            "--former",
            metavar="NAME",
            help="Also look for the name or address of somebody who held the post before; can be"
            " given several times.",
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Erase the name and the e-mail address of who holds a post.

    The post stays, and the journal says that its holder was erased, and why. The database is
    written anew, so that its free space has them no more, nor those of former holders. What can't
    be erased is named: texts of the journal, other posts of the same person, and copies and files
    that may have them.
    """
    why = needed_reason(reason)
    with session.reading() as reader:
        refuse_unless_clearable(session, reader)
        post = find.officer(reader, officer).ref
        holder = people(reader)[post]
        sought = sought_of(holder.name, holder.email, *former or ())
        refuse_if_it_names(why, sought)
        left = left_of_holder(reader, session.location, holder, sought)
        may_have_others = not former and had_others(reader, post)

    def plan(reader: Reader) -> list[Planned]:
        find.officer(reader, post)
        kept = "the name and e-mail address of its holder are erased"
        said = kept if holder != Person(post) else "no name or e-mail address is kept of its holder"
        change = Change(Officer.NOUN, post, session.today, {})
        return [Planned(change, f"officer {post}: {said}", Person(post))]

    session.record("officer erase", plan, reason=why, dry_run=dry_run)
    left.say()
    if may_have_others:
        note(OTHERS)
    if not dry_run:
        clear(session, f"irbtrack officer erase {post}")


def _person(given: str | None, what: str) -> str | None:
    return read_title(what, given) if given else None


def list_(session: Session, viewed: Viewed) -> None:
    """List the posts that there were on a day, and who holds them now."""
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = officer_list(view)
    put_out(answer, viewed.form)


VERBS = {
    "add": add,
    "list": list_,
    "update": update,
    "erase": erase,
}
