"""The database: where it is, and what it holds."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.checks import BY_NAME, WHOLE, Check, Finding
from irbtrack.domain.journal import NO_DIGEST
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.council import Council
from irbtrack.errors import Refused
from irbtrack.reports.check import FoundByCheck, found_tables
from irbtrack.store.database import REVISION, Location, Reader, as_moment, revision_of
from irbtrack.store.gather import council, last_entry, refs
from irbtrack.store.integrity import (
    Extent,
    chain_findings,
    people_findings,
    snapshot_findings,
    stamp_findings,
    version_findings,
)
from irbtrack.store.reading import opened, reading


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


class PartVerified(NamedTuple):
    """A part of the database that is verified: the check, and how its rows are found and counted.

    ``rows`` are the tables whose rows are counted.
    """

    name: str
    check: Check
    tables: tuple[str, ...]
    findings: Callable[[Reader, Extent], Iterable[Finding]]


VERIFIED = (
    PartVerified("entries", BY_NAME["journal-chain"], ("entry",), chain_findings),
    PartVerified(
        "versions",
        BY_NAME["versions-equal-fold"],
        tuple(f"{noun}_version" for noun in NOUNS),
        version_findings,
    ),
    PartVerified(
        "snapshots",
        BY_NAME["snapshot-digest"],
        ("snapshot",),
        lambda reader, _: snapshot_findings(reader),
    ),
    PartVerified(
        "people", BY_NAME["people-as-kept"], ("person",), lambda reader, _: people_findings(reader)
    ),
    PartVerified("tables", WHOLE, (), lambda reader, _: _whole(reader)),
)
"""What is verified, in the order in which it is said."""


def _whole(reader: Reader) -> Iterable[Finding]:
    from irbtrack.store.schema import schema_findings  # imports SQLAlchemy

    yield from stamp_findings(reader)
    yield from schema_findings(reader)


def verified(location: Location, extent: Extent, digest: str | None) -> tuple[Answer, str | None]:
    """Return what was verified and what is wrong; and the refusal, if anything is wrong."""
    with reading(location) as reader:
        return _verified(reader, extent, digest)


def _verified(reader: Reader, extent: Extent, digest: str | None) -> tuple[Answer, str | None]:
    last = last_entry(reader)
    if extent.since > (last.number if last else 0) + 1:
        raise Refused(f"there is no entry {extent.since}; 'irbtrack history' shows their numbers")
    found = {part: list(part.findings(reader, extent)) for part in VERIFIED}
    told = [FoundByCheck(p.check, one, None) for p, findings in found.items() for one in findings]
    counts = Table(
        (
            Column("part", "Verified"),
            Column("rows", "Rows", Kind.NUMBER),
            Column("wrong", "Wrong", Kind.NUMBER),
        ),
        [(p.name, _rows(reader, p.tables), len(findings)) for p, findings in found.items()],
    )
    data, blocks = found_tables(told)
    return Answer(data, (counts, *blocks)), None


def _rows(reader: Reader, tables: Iterable[str]) -> int | None:
    """Return how many rows tables have; None if there is nothing to count."""
    counts = [next(reader.rows(f"SELECT COUNT(*) FROM {table}"))[0] for table in tables]
    return sum(counts) if counts else None


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
