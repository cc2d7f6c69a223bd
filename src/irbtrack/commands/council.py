"""``irbtrack council``: keep the council's name, and its scales."""

from typing import Annotated

import typer

from irbtrack.arguments.asking import refuse_unless_any
from irbtrack.arguments.options import DryRun, Format, On, Reason
from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.council import Council, read_list, read_scale
from irbtrack.domain.record import differing
from irbtrack.domain.words import read_title
from irbtrack.register import find
from irbtrack.register.session import Planned, Session
from irbtrack.register.view import View
from irbtrack.render import TABLE, put_out
from irbtrack.reports.council import council_shown
from irbtrack.store.database import Reader
from irbtrack.store.gather import council

NAMES = "NAME,NAME"


def show(session: Session, form: Format = TABLE) -> None:
    """Show the council's name, its scales, and its list of sources.

    'irbtrack history council' shows how they changed.
    """
    with session.reading() as reader:
        answer = council_shown(View(reader, session.today))
    put_out(answer, form)


def update(
    session: Session,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The council's new name.")
    ] = None,
    priorities: Annotated[
        str | None,
        typer.Option(
            "--priorities", metavar=NAMES, help="The scale of priorities, the highest first."
        ),
    ] = None,
    classifications: Annotated[
        str | None,
        typer.Option(
            "--classifications", metavar=NAMES, help="The assurance opinions, the worst first."
        ),
    ] = None,
    sources: Annotated[
        str | None,
        typer.Option("--sources", metavar=NAMES, help="Who reviews."),
    ] = None,
    on: On = None,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Change the council's name, its scales, or its list of sources.

    A scale is given whole. It keeps what actions or audits are graded by, and the places of the
    priorities once findings were entered.
    """
    refuse_unless_any(name, priorities, classifications, sources)
    day = session.day(on)
    fields = {
        "name": None if name is None else read_title("the council's name", name),
        "priorities": priorities and read_scale("--priorities", priorities),
        "classifications": classifications and read_scale("--classifications", classifications),
        "sources": sources and read_list("--sources", sources),
    }

    def plan(reader: Reader) -> list[Planned]:
        ref = council(reader).ref
        then = find.record_on(reader, Council, ref, day)
        changes = differing(then, fields)
        said = "; ".join(f"{field} now {_said(value)}" for field, value in changes.items())
        return [Planned(Change(Council.NOUN, ref, day, changes), f"council: {said}")]

    session.record("council update", plan, reason=reason, dry_run=dry_run)


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


VERBS = {"show": show, "update": update}
