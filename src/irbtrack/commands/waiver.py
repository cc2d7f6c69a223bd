"""``irbtrack waiver``: switch checks off, and say why."""

from datetime import date
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.asking import required
from irbtrack.arguments.options import DryRun, On, Recorded, Viewed
from irbtrack.domain.checks import BY_NAME
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.waiver import Waiver
from irbtrack.domain.record import refuse_if_dropped
from irbtrack.domain.words import read_choice, read_text, read_title
from irbtrack.errors import Refused
from irbtrack.register import find
from irbtrack.register.references import Allocator
from irbtrack.register.session import Planned, Session, each
from irbtrack.render import put_out
from irbtrack.reports.waiver import waiver_list
from irbtrack.store.database import Reader
from irbtrack.store.gather import has_recorded, login_reference, recorder_names


def add(
    session: Session,
    check: Annotated[
        str | None,
        typer.Argument(
            metavar="CHECK",
            autocompletion=completing.checks,
            help="The check, as 'irbtrack check --list' names it.",
        ),
    ] = None,
    ref: Annotated[
        str | None,
        typer.Option(
            "--ref",
            metavar="REF",
            autocompletion=completing.records,
            help="Only for what it finds of this record; for all if left out.",
        ),
    ] = None,
    why: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="Why it is switched off. Needed."),
    ] = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Switch a check off, for one record or for all, and print the reference of that.

    An error can't be switched off: nothing can be relied on while there is one.
    """
    day = session.day(on)
    name = required(check, "the CHECK", "Check", lambda t: read_choice("a check", t, BY_NAME))
    reason = required(why, "--reason", "Reason", lambda t: read_text("the reason", t))
    about = None if ref is None else read_title("the reference", ref)

    def plan(reader: Reader) -> list[Planned]:
        fields = {"check_name": name, "why": reason}
        if about:  # the journal keeps no login name
            fields["about"] = login_reference(reader, about) or about
        one = Allocator(reader, Waiver).give(fields)
        said = f"{one} added: {name} is switched off" + (f" for {about}" if about else "")
        if about and not _is_known(reader, about, session.today):
            said += "; the register has nothing of that name yet"
        return [Planned(Change(Waiver.NOUN, one, day, fields), said)]

    changes = session.record("waiver add", plan, dry_run=dry_run)
    if not dry_run:
        typer.echo(changes[0].ref)


def _is_known(reader: Reader, about: str, today: date) -> bool:
    """Return whether a record has that reference, or somebody of that name has recorded."""
    if login_reference(reader, about):
        return True
    if has_recorded(reader, about) or has_recorded(reader, about.lower()):
        return True
    try:
        return bool(find.refs_meant(reader, about, today))
    except Refused:
        return False


def list_(session: Session, viewed: Viewed) -> None:
    """List the checks that are switched off on a day."""
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        answer = waiver_list(view)
    put_out(answer, viewed.form)


def drop(
    session: Session,
    references: Annotated[
        list[str],
        typer.Argument(
            metavar="REF", autocompletion=completing.waivers, help="References of waivers."
        ),
    ],
    *,
    recorded: Recorded,
) -> None:
    """Switch checks on again."""
    day = session.day(recorded.on)

    def plan(reader: Reader) -> list[Planned]:
        return each(references, lambda ref: [_dropped(reader, ref, day)])

    session.record("waiver drop", plan, reason=recorded.reason, dry_run=recorded.dry_run)


def _dropped(reader: Reader, ref: str, day: date) -> Planned:
    found = find.waiver(reader, ref)
    refuse_if_dropped(found)
    then = find.record_on(reader, Waiver, found.ref, day)
    about = recorder_names(reader).get(then.about or "", then.about)
    where = f" for {about}" if about else ""
    said = f"{then.ref} dropped: {then.check_name} is made again{where}"
    return Planned(Change(Waiver.NOUN, then.ref, day, {"dropped_on": day}), said)


VERBS = {
    "add": add,
    "list": list_,
    "drop": drop,
}
