"""A workstream: a row of the plan, or a plan that others are within."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Self

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.journal import version_on
from irbtrack.domain.record import Contradiction, Others, Record, Version
from irbtrack.domain.words import natural_order

WORKSTREAM = (
    Field("ref", "Code", Holds.CODE, ("ref", "reference", "id"), fixed=True, width=22),
    Field("name", "Workstream", Holds.LINE, (
        "name", "title", "plan",
    ), needed=True, width=44),
    Field("within", "Within", Holds.WORKSTREAM, ("parent", "part of"), width=22),
    Field("position", "Place", Holds.NUMBER, ("position", "order"), width=8),
)  # fmt: skip


class Workstream(Record):
    """A row of the plan or, if others are ``within`` it, a plan; ``ref`` is its code.

    ``position`` is its place, from 1, among those that are within the same workstream.
    """

    NOUN: ClassVar[str] = "workstream"
    ABOUT: ClassVar[str] = "the plans and their workstreams"
    FIELDS: ClassVar[tuple[Field, ...]] = WORKSTREAM
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    within: str | None = None
    position: int

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield a place below 1."""
        del since, before, others
        if self.position < 1:
            yield Contradiction("position", "a place is counted from 1; give 1 for the first")

    @classmethod
    def contradictions_among(
        cls, told: Mapping[str, Sequence[Version[Any]]]
    ) -> Iterator[Contradiction]:
        """Yield every workstream that is within itself on some day, directly or indirectly."""
        seen: set[tuple[str, str]] = set()
        for day in {version.valid_from for versions in told.values() for version in versions}:
            there = {ref: version_on(of, day) or of[0].record for ref, of in told.items()}
            for ref in there:
                path = _path_outwards(there, ref)
                if path[-1] == ref and len(path) > 1:
                    why = (
                        f"{' within '.join(path)} would be a circle; put one of them elsewhere"
                        " first"
                    )
                    if (ref, why) not in seen:
                        seen.add((ref, why))
                        yield Contradiction("within", why, ref)

    @classmethod
    def listed(cls, records: Iterable[Any], day: date) -> list[Any]:
        """Return the workstreams in the order of the plan."""
        del day
        return [one for _, one in outline(records)]


def outline(
    workstreams: Iterable[Workstream], top: str | None = None
) -> list[tuple[int, Workstream]]:
    """Return the workstreams in the order of the plan, each with its depth.

    Each comes after the one it is within. If that one isn't there, it is at the top. With ``top``,
    return only that workstream and those within it, or nothing if it isn't there.
    """
    there = {one.ref: one for one in workstreams}
    inner: dict[str | None, list[Workstream]] = {}
    for one in there.values():
        inner.setdefault(one.within if one.within in there else None, []).append(one)

    def below(parent: str | None, depth: int) -> Iterator[tuple[int, Workstream]]:
        for one in sorted(inner.get(parent, []), key=lambda w: (w.position, natural_order(w.ref))):
            yield depth, one
            yield from below(one.ref, depth + 1)

    if top is None:
        return list(below(None, 0))
    if top not in there:
        return []
    return [(0, there[top]), *below(top, 1)]


def plan_of(workstreams: Mapping[str, Workstream], ref: str) -> Workstream:
    """Return the plan of a workstream: the outermost that it is within, or itself."""
    one = workstreams[ref]
    while one.within is not None and one.within in workstreams:
        one = workstreams[one.within]
    return one


def _path_outwards(there: Mapping[str, Workstream], ref: str) -> list[str]:
    """Return the references from a workstream outwards, up to the first that repeats."""
    path, outer = [ref], there[ref].within
    while outer is not None and outer in there:
        path.append(outer)
        if outer in path[:-1]:
            break
        outer = there[outer].within
    return path
