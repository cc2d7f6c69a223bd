"""The database: where it is, and what it holds."""

from typing import Any

from irbtrack.domain.answers import Answer, Column, Table
from irbtrack.domain.journal import NO_DIGEST
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.council import Council
from irbtrack.store.database import REVISION, Location, Reader, as_moment, revision_of
from irbtrack.store.gather import council, refs
from irbtrack.store.reading import opened


def database_facts(location: Location) -> Answer:
    """Return where a database is, its revision and, if that is this program's, what it holds."""
    facts: dict[str, Any] = {}
    with opened(location) as reader:
        revision = revision_of(location, reader)
        facts |= {"revision": revision, "needs": REVISION}
        if revision == REVISION:
            if location.path:
                facts["bytes"] = location.path.stat().st_size
            facts |= _held(reader)
    shown = Table(
        (Column("fact", "Database"), Column("value", str(location))),
        [(name.replace("_", " ").capitalize(), value) for name, value in facts.items()],
    )
    facts = {"database": str(location)} | facts
    return Answer(Table(tuple(map(Column, facts)), [tuple(facts.values())]), (shown,))


def _held(reader: Reader) -> dict[str, Any]:
    """Return the council and its scales, how many records there are, and the last entry."""
    scale = council(reader)
    [(snapshots,)] = reader.rows("SELECT COUNT(*) FROM snapshot")
    last = list(reader.rows("SELECT id, recorded_at, digest FROM entry ORDER BY id DESC LIMIT 1"))
    number, recorded_at, digest = last[0] if last else (0, None, NO_DIGEST)
    return {
        "council": scale.name,
        "priorities": ", ".join(scale.priorities),
        "classifications": ", ".join(scale.classifications),
        **{f"{noun}s": len(refs(reader, noun)) for noun in NOUNS if noun != Council.NOUN},
        "snapshots": snapshots,
        "entries": number,
        "last_recorded_at": as_moment(recorded_at) if recorded_at else None,
        "digest": digest,
    }
