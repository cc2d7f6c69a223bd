"""``irbtrack init``: make the database."""

from typing import Annotated

import typer

from irbtrack.arguments.asking import required
from irbtrack.domain.journal import Change, Entry
from irbtrack.domain.nouns.council import (
    CLASSIFICATIONS,
    PRIORITIES,
    SOURCES,
    read_list,
    read_scale,
)
from irbtrack.domain.words import read_title
from irbtrack.register.session import Session
from irbtrack.render.messages import note


def init(
    session: Session,
    name: Annotated[
        str | None, typer.Option("--council", metavar="NAME", help="The council's name.")
    ] = None,
    priorities: Annotated[
        str,
        typer.Option(
            "--priorities", metavar="NAME,NAME", help="The scale of priorities, the highest first."
        ),
    ] = ", ".join(PRIORITIES),
    classifications: Annotated[
        str,
        typer.Option(
            "--classifications",
            metavar="NAME,NAME",
            help="The assurance opinions, the worst first.",
        ),
    ] = ", ".join(CLASSIFICATIONS),
    sources: Annotated[
        str,
        typer.Option("--sources", metavar="NAME,NAME", help="Who reviews, beside Internal Audit."),
    ] = ", ".join(SOURCES),
) -> None:
    """Make the database.

    The council's name, its scales, and who reviews are set here. 'irbtrack council update'
    changes them later.
    """
    scales = {
        "priorities": read_scale("--priorities", priorities),
        "classifications": read_scale("--classifications", classifications),
        "sources": read_list("--sources", sources),
    }
    called = required(
        name,
        "--council",
        "Name of the council",
        lambda text: read_title("the council's name", text),
    )
    from irbtrack.store.migrate import create

    change = Change("council", "council", session.today, {"name": called} | scales)
    create(session.location, Entry(session.clock(), session.recorder, "init", None, (change,)))
    note(f"{session.location} is ready; 'irbtrack directorate add' comes next")
