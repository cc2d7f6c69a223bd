"""What no write may bring about: records that contradict themselves or one another.

A rule that is asked of a change alone sees only the day it takes effect. What is recorded late,
or taken back, can make a contradiction of what was recorded before it. So what must hold of each
noun is asked of all versions that a write made, once they are brought up to date.
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
"""How many references a statement names: it takes some thousand parameters."""


def refuse_contradictions(reader: Reader, touched: Mapping[str, set[str]], before: int) -> None:
    """Raise :class:`Refused` if a write brought a contradiction about.

    ``touched`` are the references of what it changed, by noun, whose versions are up to date.
    ``before`` is the number of the last entry before it. A contradiction that was there before,
    as an earlier version of the program may have let in, doesn't bar the write.
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
    """Return what was touched, and the records whose rules depend on it, by noun."""
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
    """Yield what cannot be of records, with their noun, as far as an entry tells of them."""
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
    """Yield the references in portions that a statement can take."""
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
    """Return what gives the versions of all records of a noun, each noun read once."""

    @cache
    def others(noun: str) -> Mapping[str, Sequence[Version[Any]]]:
        return versions_by(reader, NOUNS[noun], FOREVER, known_at)

    return others
