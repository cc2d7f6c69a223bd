"""The database: where it is, and what it holds."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from irbtrack.domain.answers import Answer, Column, Kind, Table
from irbtrack.domain.checks import BY_NAME, ORDER, WHOLE, Check, Finding
from irbtrack.domain.dates import say_moment
from irbtrack.domain.journal import NO_DIGEST
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.council import Council
from irbtrack.errors import Refused, listed, printable
from irbtrack.reports.check import FoundByCheck, found_tables
from irbtrack.store.database import (
    REVISION,
    Location,
    Reader,
    as_moment,
    is_driver_error,
    revision_of,
)
from irbtrack.store.gather import council, last_entry, refs
from irbtrack.store.integrity import (
    Extent,
    chain_findings,
    entry_proven_by,
    order_findings,
    people_findings,
    snapshot_findings,
    stamp_findings,
    version_findings,
)
from irbtrack.store.reading import opened, readable, reading
from irbtrack.store.stamping import end_of_journal


def database_facts(location: Location) -> Answer:
    """Return where a database is, its revision and, if that is this program's, what it holds."""
    facts: dict[str, Any] = {}
    with readable(location), opened(location) as reader:
        revision = revision_of(location, reader)
        facts |= {"revision": revision, "needs": REVISION}
        if revision == REVISION:
            if location.path:
                facts["bytes"] = location.path.stat().st_size
            facts |= _held(reader)
    shown = Table(
        (Column("fact", "Database"), Column("value", str(location))),
        [
            (name.replace("_", " ").capitalize(), value)
            for name, value in facts.items()
            if name != "digest"
        ],
    )
    ends = [_ending(facts["entries"], facts["digest"])] if "digest" in facts else []
    facts = {"database": str(location)} | facts
    return Answer(Table(tuple(map(Column, facts)), [tuple(facts.values())]), (shown, *ends))


def _ending(number: int, digest: str) -> str:
    """Return how far the journal goes, in a sentence that a terminal never breaks in the digest."""
    if not number:
        return "The journal has no entry."
    return f"The journal ends with entry {number:,}, which has the digest {digest}."


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
    PartVerified("moments", ORDER, (), order_findings),
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
    PartVerified("tables", WHOLE, (), lambda reader, _: stamp_findings(reader)),
)
"""What is verified, in the order in which it is said."""


class Verification(NamedTuple):
    """What was verified, and why it does not hold, or None."""

    answer: Answer
    refusal: str | None


def verified(
    location: Location, extent: Extent, digests: Iterable[str], warn: Callable[[str], None]
) -> Verification:
    """Verify a database, and that the journal is unchanged up to each entry with a digest.

    Raise :class:`Refused` if ``extent`` begins after the last entry. ``warn`` is given a sentence
    if another program wrote to the database.
    """
    from irbtrack.store.schema import schema_findings  # imports SQLAlchemy

    remarks = []
    with reading(location, warn, leniently=True) as reader:
        number, ending = end_of_journal(reader)
        if extent.since > max(number, 1):
            raise Refused(f"there is no entry {extent.since}; 'irbtrack history' has the numbers")
        found = {part: _found(part, reader, extent) for part in VERIFIED}
        try:
            found[VERIFIED[-1]][1].extend(schema_findings(location, reader))
        except Refused as not_compared:
            remarks.append(str(not_compared))
        counts = [(part.name, rows, len(wrong)) for part, (rows, wrong) in found.items()]
        failing = found[VERIFIED[0]][1]
        proven = [_proven(reader, digest, failing) for digest in dict.fromkeys(digests)]
    told = [FoundByCheck(part.check, one, None) for part, (_, of) in found.items() for one in of]
    data, blocks = found_tables(told)
    ends = _ending(number, ending)
    proof = [sentence for sentence, _ in proven if sentence]
    answer = Answer(data, (Table(PARTS, counts), ends, *proof, *blocks), tuple(remarks))
    refusal = next((why for _, why in proven if why), None)
    return Verification(answer, refusal or _refusal(told, failing))


def _found(part: PartVerified, reader: Reader, extent: Extent) -> tuple[int | None, list[Finding]]:
    """Return how many rows a part of the database has, and what is wrong with them."""
    try:
        counts = [
            next(reader.rows(f"SELECT COUNT(*) FROM {table}"))[0]  # noqa: S608
            for table in part.tables
        ]
        findings = [
            Finding(noun, printable(ref), printable(wrong))
            for noun, ref, wrong in part.findings(reader, extent)
        ]
    except Exception as error:
        if not is_driver_error(error):
            raise
        why = f"the {part.name} cannot be read: {printable(str(error))}"
        return None, [Finding("database", part.name, why)]
    return sum(counts) if counts else None, findings


PARTS = (
    Column("part", "Verified"),
    Column("rows", "Rows", Kind.NUMBER),
    Column("wrong", "Wrong", Kind.NUMBER),
)


def _proven(
    reader: Reader, digest: str, failing: Sequence[Finding]
) -> tuple[str | None, str | None]:
    """Return what a digest proves, in a sentence, and why it proves nothing, or None."""
    number = entry_proven_by(reader, digest)
    if number is None:
        return None, (
            f"no entry of the journal has the digest {digest[:12]}…, and no snapshot: this is"
            " another register, or its journal was changed; compare it with a backup"
        )
    if any(not one.ref.isdecimal() or int(one.ref) <= number for one in failing):
        failure = _failure(failing, "fails, which comes before it")
        return None, (
            f"entry {number:,} has the digest {digest[:12]}…, but {failure}; restore the database"
            " from a backup"
        )
    known = last_entry(reader, number)
    at = f" of {say_moment(known.recorded_at)}" if known else ""
    return f"Entry {number:,}{at} has this digest: the journal up to it is unchanged.", None


def _failure(failing: Sequence[Finding], why: str) -> str:
    """Return why the journal fails: its first entry that does, or that it can't be read at all."""
    first = failing[0]
    return f"entry {first.ref} {why}" if first.noun == "entry" else "the journal cannot be read"


def _refusal(told: Sequence[FoundByCheck], failing: Sequence[Finding]) -> str | None:
    """Return what is wrong and what to do, in a sentence; None if nothing is wrong."""
    if failing:
        failure = _failure(failing, "is the first of the journal that fails")
        return f"{failure}; restore the database from a backup"
    if not told:
        return None
    if {one.check for one in told} == {ORDER}:
        return (
            f"entry {told[0].finding.ref} is the first that is out of the order of time; nothing"
            " was changed, but what goes by moments, as '--known-at' and 'history --since' do, can"
            " be wrong about it"
        )
    differ = f"{len(told):,} {'thing differs' if len(told) == 1 else 'things differ'}"
    if {one.check.name for one in told} <= {"versions-equal-fold"}:
        nouns = listed(sorted({f"{one.finding.noun}_version" for one in told}), "and")
        return f"{differ} in {nouns}; 'irbtrack db rebuild' makes the versions anew"
    return f"{differ} from what irbtrack recorded; each says what to do"


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
