"""``irbtrack init`` and ``irbtrack db upgrade | info``: the database itself."""

from typing import Annotated

import typer

from irbtrack.commands.options import Form
from irbtrack.commands.session import Session, ask, at_terminal, note, session_of
from irbtrack.domain.board import Answer, Column, Table
from irbtrack.domain.journal import NO_DIGEST, Change
from irbtrack.domain.records import CLASSIFICATIONS, NOUNS, PRIORITIES
from irbtrack.domain.tally import column_name
from irbtrack.domain.words import read_title
from irbtrack.errors import Misused, quoted
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import REVISION, as_moment, refuse_unless_current, revision_of
from irbtrack.store.gather import council, refs
from irbtrack.store.reading import opened


def init(
    ctx: typer.Context,
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
) -> None:
    """Make the database.

    The council's name and its scales of priorities and of assurance opinions are set here.
    """
    session = session_of(ctx)
    if name is None and at_terminal():
        name = ask("Name of the council", lambda text: read_title("the council's name", text))
    fields = {
        "name": read_title("the council's name", name or "The council"),
        "priorities": read_scale("--priorities", priorities),
        "classifications": read_scale("--classifications", classifications),
    }
    from irbtrack.store.migrate import create

    change = Change("council", "council", session.today, fields)
    create(session.location, session.entry("init", [change]))
    note(f"{session.location} is ready; 'irbtrack directorate add' comes next")


RESERVED = {
    *("as_of", "year", "status", "total", "percent", "ref", "quarter", "name"),
    *("classification", "directorate", "audit", "owner", "priority"),
}
"""The fields that stand beside the priorities in an answer's data."""


def read_scale(option: str, text: str) -> tuple[str, ...]:
    """The names of an ordered scale, parted by commas: at least two, no two alike."""
    scale = tuple(read_title(option, one) for one in text.split(","))
    if len(scale) < 2 or len({column_name(one) for one in scale}) < len(scale):
        raise Misused(f"{option} {quoted(text)} is not a scale; give two or more different names")
    for one in scale:
        if column_name(one) in RESERVED:
            raise Misused(f"{option} cannot have {quoted(one)}, which names another column")
    return scale


def upgrade(ctx: typer.Context) -> None:
    """Bring the database up to date.

    It gets this program's tables wholly or not at all; what is recorded stays.
    """
    session = session_of(ctx)
    with opened(session.location) as reader:
        before = revision_of(session.location, reader)
    if before >= REVISION:
        refuse_unless_current(session.location, before)
        note(f"{session.location} is at revision {before} already")
        return
    from irbtrack.store.migrate import upgrade as migrate

    migrate(session.location)
    note(f"{session.location} is now at revision {REVISION}, it was at {before}")


def info(ctx: typer.Context, form: Form = TABLE) -> None:
    """Where the database is, and what it holds."""
    session = session_of(ctx)
    facts = _facts(session)
    shown = Table(
        (Column("fact", "Database"), Column("value", str(session.location))),
        [
            (name.replace("_", " ").capitalize(), value)
            for name, value in facts.items()
            if name != "database"
        ],
    )
    data = Table(tuple(Column(name) for name in facts), [tuple(facts.values())])
    put_out(Answer(data, (shown,)), form)


def _facts(session: Session) -> dict[str, object]:
    location = session.location
    facts: dict[str, object] = {"database": str(location)}
    with opened(location) as reader:
        revision = revision_of(location, reader)
        facts |= {"revision": revision, "needs": REVISION}
        if revision != REVISION:
            return facts
        if location.path:
            facts["bytes"] = location.path.stat().st_size
        scale = council(reader)
        facts |= {
            "council": scale.name,
            "priorities": ", ".join(scale.priorities),
            "classifications": ", ".join(scale.classifications),
        }
        facts |= {f"{noun}s": len(refs(reader, noun)) for noun in NOUNS if noun != "council"}
        [(snapshots,)] = reader.rows("SELECT COUNT(*) FROM snapshot")
        last = list(
            reader.rows("SELECT id, recorded_at, digest FROM entry ORDER BY id DESC LIMIT 1")
        )
    number, recorded_at, digest = last[0] if last else (0, None, NO_DIGEST)
    facts |= {
        "snapshots": snapshots,
        "entries": number,
        "last_recorded_at": as_moment(recorded_at) if recorded_at else None,
        "digest": digest,
    }
    return facts
