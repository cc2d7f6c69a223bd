"""``irbtrack db``: look after the database."""

from irbtrack.arguments.options import Format
from irbtrack.domain.answers import Answer, Column, Table
from irbtrack.domain.journal import NO_DIGEST
from irbtrack.domain.nouns import NOUNS
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.store.database import REVISION, as_moment, refuse_unless_current, revision_of
from irbtrack.store.gather import council, refs
from irbtrack.store.reading import opened


def upgrade(session: Session) -> None:
    """Bring the database up to date.

    It gets this program's tables wholly or not at all; what is recorded stays.
    """
    with opened(session.location) as reader:
        before = revision_of(session.location, reader)
    if before >= REVISION:
        refuse_unless_current(session.location, before)
        note(f"{session.location} is at revision {before} already")
        return
    from irbtrack.store.migrate import upgrade as migrate

    migrate(session.location)
    note(f"{session.location} is now at revision {REVISION}, it was at {before}")


def info(session: Session, form: Format = TABLE) -> None:
    """Where the database is, and what it holds."""
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


VERBS = {
    "upgrade": upgrade,
    "info": info,
}
