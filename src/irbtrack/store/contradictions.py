"""Refuse a write after which records would contradict themselves or one another.

Checking a change alone isn't enough: it sees only the day on which the change takes effect. A
change that is recorded late, or taken back, can contradict what was recorded before it. So the
rules of each noun are checked in all versions that a write made.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.record import Contradiction, Others, Record, Version, contradictions_in
from irbtrack.errors import Refused
from irbtrack.store.database import Reader
from irbtrack.store.gather import folded, referring, refs, versions_by

MOST_SAID = 20
"""The most contradictions that a refusal names."""

AT_ONCE = 500
"""The most references in one statement, because a statement takes some thousand parameters."""


def refuse_contradictions(reader: Reader, touched: Mapping[str, set[str]], before: int) -> None:
    """Raise :class:`Refused` if a write caused a contradiction.

    ``touched`` has the references of the records that it changed, by noun; their versions are
    up to date. ``before`` is the number of the last entry before the write. A contradiction that
    was there already doesn't count; an earlier version of the program may have allowed it.
    """
    asked = _concerned(reader, touched)
    found = list(_contradictions(reader, asked))
    if not found:
        return
    concerned = {noun: {one.ref for of, one in found if of == noun} for noun, _ in found}
    known = {_key(*one) for one in _contradictions(reader, concerned, before)}
    new = dict.fromkeys(str(one) for noun, one in found if _key(noun, one) not in known)
    if new:
        raise Refused("\n".join(islice(new, MOST_SAID)))


def _key(noun: str, one: Contradiction) -> tuple[str, str, str, str]:
    return noun, one.ref, one.field, str(one)


def _concerned(reader: Reader, touched: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the references of what was touched and of what depends on it, by noun."""
    concerned = {noun: set(touched.get(noun, ())) for noun in NOUNS}
    for noun, kind in NOUNS.items():
        for witness in kind.WITNESSES & touched.keys():
            if witness == Council.NOUN:
                concerned[noun].update(refs(reader, noun))
            else:
                for some in _parted(touched[witness]):
                    concerned[noun].update(referring(reader, kind, witness, some))
    return {noun: of for noun, of in concerned.items() if of}


def _contradictions(
    reader: Reader, asked: Mapping[str, set[str]], known_at: int | None = None
) -> Iterator[tuple[str, Contradiction]]:
    """Yield the contradictions of the records asked for, each with its noun.

    With ``known_at``, later entries are left out of account.
    """
    others = _others(reader, known_at)
    for noun, concerned in asked.items():
        kind = NOUNS[noun]
        for some in _parted(concerned):
            for versions in _versions(reader, kind, some, known_at):
                yield from ((noun, one) for one in contradictions_in(versions, others))
        if "contradictions_among" in vars(kind):
            found = kind.contradictions_among(others(noun))
            yield from ((noun, one) for one in found if one.ref in concerned)


def _parted(wanted: Iterable[str]) -> Iterator[list[str]]:
    """Yield the references in portions that fit into one statement."""
    in_order = iter(sorted(wanted))
    while some := list(islice(in_order, AT_ONCE)):
        yield some


def _versions(
    reader: Reader, kind: type[Record], wanted: list[str], known_at: int | None
) -> Iterable[Sequence[Version[Any]]]:
    if known_at is None:
        return versions_by(reader, kind, FOREVER, only=wanted).values()
    return folded(reader, kind, known_at, wanted)


def _others(reader: Reader, known_at: int | None) -> Others:
    """Return a function that gives the versions of a noun's records and reads each noun once."""

    @cache
    def others(noun: str) -> Mapping[str, Sequence[Version[Any]]]:
        return versions_by(reader, NOUNS[noun], FOREVER, known_at)

    return others
