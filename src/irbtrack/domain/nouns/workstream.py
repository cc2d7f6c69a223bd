"""A workstream: a row of the plan, or a plan that others are within."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from irbtrack.domain.nouns.field import Field, Holds
from irbtrack.domain.record import Record
from irbtrack.domain.words import natural_order
from irbtrack.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Workstream(Record):
    """A row of the plan, or, if others are ``within`` it, a plan; ``ref`` is its code.

    ``position`` is its place among those within the same one, from 1.
    """

    NOUN: ClassVar[str] = "workstream"

    name: str
    within: str | None = None
    position: int


WORKSTREAM = (
    Field("ref", "Code", Holds.CODE, ("ref", "reference", "id"), fixed=True, width=22),
    Field("name", "Workstream", Holds.LINE, (
        "name", "title", "plan",
    ), needed=True, width=44),
    Field("within", "Within", Holds.WORKSTREAM, ("parent", "part of"), width=22),
    Field("position", "Place", Holds.NUMBER, ("position", "order"), width=8),
)  # fmt: skip


def outline(
    workstreams: Iterable[Workstream], top: str | None = None
) -> list[tuple[int, Workstream]]:
    """The workstreams in the order of the plan, each after the one it is within, with its depth.

    One that is within another that is not there stands for itself. With ``top`` only that one
    and those within it, or nothing if it is not there.
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
    """The plan that a workstream belongs to: the outermost one it is within, or itself."""
    one = workstreams[ref]
    while one.within is not None and one.within in workstreams:
        one = workstreams[one.within]
    return one


def refuse_if_circular(workstreams: Mapping[str, Workstream]) -> None:
    """Raise :class:`Refused` if a workstream is within itself, at once or through others."""
    for one in workstreams.values():
        path, outer = [one.ref], one.within
        while outer is not None and outer in workstreams and outer not in path:
            path.append(outer)
            outer = workstreams[outer].within
        if outer == one.ref:
            raise Refused(
                f"{' within '.join([*path, one.ref])} would be a circle; put one of them"
                " elsewhere first"
            )
