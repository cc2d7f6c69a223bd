"""Movement: how a figure got from one day's to another's, line by line.

A *bridge* begins with the opening figure and ends with the closing one. Between them it has a
line for each cause, and the lines sum to the difference. A cause is found by comparing where an
action stood at the two ends, so a bridge balances whatever happened in between.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from irbtrack.domain.figures.tally import TOTALS, Bucket
from irbtrack.domain.nouns.status import COUNTED, Standing, Status
from irbtrack.domain.words import natural_order


class Cause(StrEnum):
    """A line of a bridge, in the order in which they are shown."""

    OPENING = "opening"
    RAISED = "raised"
    NEWLY_OVERDUE = "newly_overdue"
    COMPLETED = "completed"
    REOPENED = "reopened"
    REDATED = "redated"
    ALLOCATED = "allocated"
    DEALLOCATED = "deallocated"
    CLOSED = "closed"
    EXPIRED = "expired"
    REGRADED_IN = "regraded_in"
    REGRADED_OUT = "regraded_out"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    REMOVED = "removed"
    CLOSING = "closing"


CAUSE_WORDS: Mapping[Cause, str] = {
    Cause.OPENING: "Opening",
    Cause.RAISED: "Raised",
    Cause.NEWLY_OVERDUE: "Newly overdue",
    Cause.COMPLETED: "Completed",
    Cause.REOPENED: "Reopened",
    Cause.REDATED: "Re-dated",
    Cause.ALLOCATED: "Allocated",
    Cause.DEALLOCATED: "No longer allocated",
    Cause.CLOSED: "Closed",
    Cause.EXPIRED: "Acceptance expired",
    Cause.REGRADED_IN: "Regraded in",
    Cause.REGRADED_OUT: "Regraded out",
    Cause.MOVED_IN: "Moved in",
    Cause.MOVED_OUT: "Moved out",
    Cause.REMOVED: "Removed",
    Cause.CLOSING: "Closing",
}
"""What people read of each line."""

BETTER_WHEN: Mapping[str, int] = {
    Status.OVERDUE.value: -1,
    Status.NOT_ALLOCATED.value: -1,
    Status.COMPLETE.value: 1,
}
"""Whether it is better if a status has more actions (1) or fewer (-1)."""


class Position(NamedTuple):
    """Where an action stands on a day: what it is counted under, and the facts behind it.

    ``group`` is None in a movement without groups.
    """

    year: str
    group: str | None
    priority: str
    status: Status
    stands: Standing


Positions = Mapping[str, Position]
"""Where each action stands on a day, by reference. Closed actions are among them."""


def buckets_of(positions: Positions) -> Counter[Bucket]:
    """Return how many actions are counted under what, as a tally takes them."""
    return Counter(
        Bucket(one.year, one.group, one.status, one.priority) for one in positions.values()
    )


class Step(NamedTuple):
    """A line of a bridge: by how much it changes the figure, and which actions are behind it.

    ``by_priority`` is in the order of the scale. ``refs`` are the references that it counts, in
    order; an action that is regraded within a bridge stands on two lines. ``entered`` counts
    those that came in, and ``left`` those that went.
    """

    cause: Cause
    total: int
    by_priority: tuple[int, ...]
    refs: tuple[str, ...]
    entered: int = 0
    left: int = 0


class Bridge(NamedTuple):
    """The movement of one status, or of :data:`TOTALS`, in a year or in a group of it.

    ``lines`` are the opening, those causes that some action stands on, and the closing.
    """

    year: str
    group: str | None
    status: str
    lines: tuple[Step, ...]

    @property
    def opening(self) -> Step:
        """Return the first line."""
        return self.lines[0]

    @property
    def closing(self) -> Step:
        """Return the last line."""
        return self.lines[-1]

    @property
    def causes(self) -> tuple[Step, ...]:
        """Return the lines between the opening and the closing."""
        return self.lines[1:-1]

    def line(self, cause: Cause) -> Step | None:
        """Return the line of a cause, or None if no action stands on it."""
        return next((line for line in self.lines if line.cause is cause), None)


def cause_of(before: Position | None, after: Position | None, day: date) -> Cause:
    """Return why an action is counted otherwise on ``day``, the later day, than before.

    ``before`` and ``after`` are where it stood at the two ends, None if it was not there. They
    differ in their status, or in whether the action was there. What comes first here decides:
    whether it is there, whether it is closed, complete, allocated, and then its due date. Between
    Not Due and Overdue, an action is newly overdue if the date that it was due on has passed;
    otherwise it was re-dated.
    """
    if before is None:
        return Cause.RAISED
    if after is None:
        return Cause.REMOVED
    if before.status is Status.CLOSED:
        return Cause.EXPIRED if _ran_out(before.stands, after, day) else Cause.REOPENED
    if after.status is Status.CLOSED:
        return Cause.CLOSED
    if after.status is Status.COMPLETE:
        return Cause.COMPLETED
    if before.status is Status.COMPLETE:
        return Cause.REOPENED
    if after.status is Status.NOT_ALLOCATED:
        return Cause.DEALLOCATED
    if before.status is Status.NOT_ALLOCATED:
        return Cause.ALLOCATED
    due_on = before.stands.due_on
    passed = due_on is not None and due_on < day
    return Cause.NEWLY_OVERDUE if passed and after.status is Status.OVERDUE else Cause.REDATED


def _ran_out(closed: Standing, after: Position, day: date) -> bool:
    """Return whether a closure ran out, rather than being taken back.

    Reopening an action forgets its closure, and so does completing it after the closure ran out.
    """
    if after.status is Status.COMPLETE:
        return closed.closed_until is not None and closed.closed_until < day
    return after.stands.closed_until is not None


def movement(
    opening: Positions,
    closing: Positions,
    days: tuple[date, date],
    priorities: Sequence[str],
    statuses: Iterable[str] = (Status.OVERDUE.value,),
    *,
    refs: bool = False,
) -> list[Bridge]:
    """Return the bridges between two days, ordered by year, group and then ``statuses``.

    Groups that are priorities come in the order of the scale, others alphabetically.

    ``days`` are those of the opening and of the closing. If the first is the later one, the
    bridges are those of the other direction, reversed. ``statuses`` may have :data:`TOTALS`. A
    year or group has its bridges if any action counts in it at either end. With ``refs`` the
    opening and the closing have their references too.
    """
    first, last = days
    if first > last:
        back = movement(closing, opening, (last, first), priorities, statuses, refs=refs)
        return [_reversed(bridge) for bridge in back]
    asked = tuple(statuses)
    ends = [_figures(positions, refs=refs) for positions in (opening, closing)]
    moved: dict[_At, dict[Cause, list[tuple[str, str, int]]]] = {}
    for at, cause, ref, priority, n in _steps(opening, closing, last, asked):
        moved.setdefault(at, {}).setdefault(cause, []).append((ref, priority, n))
    rank = {name: place for place, name in enumerate(priorities)}
    groups = sorted(
        {(year, group) for end in ends for year, group, _ in end},
        key=lambda one: (one[0], one[1] is None, rank.get(one[1] or "", len(rank)), one[1] or ""),
    )
    return [
        Bridge(year, group, status, tuple(_lines(at, ends, moved.get(at, {}), priorities)))
        for year, group in groups
        for status in asked
        for at in [(year, group, status)]
    ]


_At = tuple[str, str | None, str]
"""What a bridge is of: a year, a group and a status."""

_End = tuple[Counter[str], list[str]]
"""A figure of a day: how many of each priority and, if they are asked for, which."""


def _ats(position: Position | None, statuses: Sequence[str]) -> Iterator[_At]:
    """Yield the bridges that an action counts in: that of its status, and that of the totals."""
    if position is not None and position.status in COUNTED:
        for status in (position.status.value, TOTALS):
            if status in statuses:
                yield position.year, position.group, status


def _figures(positions: Positions, *, refs: bool) -> dict[_At, _End]:
    found: dict[_At, _End] = {}
    for position, n in Counter(positions.values()).items():
        for at in _ats(position, _ALL):
            found.setdefault(at, (Counter(), []))[0][position.priority] += n
    if refs:
        for ref, position in positions.items():
            for at in _ats(position, _ALL):
                found[at][1].append(ref)
    return found


_ALL = (*(status.value for status in COUNTED), TOTALS)


def _steps(
    opening: Positions, closing: Positions, day: date, statuses: Sequence[str]
) -> Iterator[tuple[_At, Cause, str, str, int]]:
    """Yield each step out of a figure (-1) or into one (1): its cause, the action, its priority."""
    for ref in opening.keys() | closing.keys():
        before, after = opening.get(ref), closing.get(ref)
        if before is not None and after is not None and before[:4] == after[:4]:
            continue
        left, entered = set(_ats(before, statuses)), set(_ats(after, statuses))
        same_status = {status for _, _, status in left} & {status for _, _, status in entered}
        for ats, position, n in ((left, before, -1), (entered, after, 1)):
            for at in ats:
                assert position is not None, "only what is there counts in a figure"
                if at in left and at in entered:
                    if before is None or after is None or before.priority == after.priority:
                        continue
                    cause = Cause.REGRADED_IN if n > 0 else Cause.REGRADED_OUT
                elif at[2] in same_status:
                    cause = Cause.MOVED_IN if n > 0 else Cause.MOVED_OUT
                elif n > 0 and at[2] == Status.COMPLETE and before is not None:
                    cause = Cause.COMPLETED
                else:
                    cause = cause_of(before, after, day)
                yield at, cause, ref, position.priority, n


def _lines(
    at: _At,
    ends: Sequence[Mapping[_At, _End]],
    steps: Mapping[Cause, list[tuple[str, str, int]]],
    priorities: Sequence[str],
) -> Iterator[Step]:
    opening, closing = (end.get(at, (Counter[str](), list[str]())) for end in ends)
    yield _line(Cause.OPENING, opening[0], priorities, opening[1])
    for cause in Cause:
        if of_cause := steps.get(cause):
            counts = Counter[str]()
            for _, priority, n in of_cause:
                counts[priority] += n
            line = _line(cause, counts, priorities, {ref for ref, _, _ in of_cause})
            entered = sum(n > 0 for _, _, n in of_cause)
            yield line._replace(entered=entered, left=len(of_cause) - entered)
    yield _line(Cause.CLOSING, closing[0], priorities, closing[1])


def _line(
    cause: Cause, counts: Counter[str], priorities: Sequence[str], refs: Iterable[str]
) -> Step:
    by_priority = tuple(counts[priority] for priority in priorities)
    return Step(cause, counts.total(), by_priority, tuple(sorted(refs, key=natural_order)))


_OPPOSITE = {
    Cause.OPENING: Cause.CLOSING,
    Cause.CLOSING: Cause.OPENING,
    Cause.REGRADED_IN: Cause.REGRADED_OUT,
    Cause.REGRADED_OUT: Cause.REGRADED_IN,
    Cause.MOVED_IN: Cause.MOVED_OUT,
    Cause.MOVED_OUT: Cause.MOVED_IN,
}


def _reversed(bridge: Bridge) -> Bridge:
    """Return the bridge of the other direction: its ends change positions, and its signs turn."""
    turned = {_OPPOSITE.get(line.cause, line.cause): line for line in bridge.lines}
    lines = []
    for cause in Cause:
        if line := turned.get(cause):
            sign = 1 if cause in (Cause.OPENING, Cause.CLOSING) else -1
            by_priority = tuple(sign * n for n in line.by_priority)
            counted = (cause, sign * line.total, by_priority, line.refs)
            lines.append(Step(*counted, entered=line.left, left=line.entered))
    return bridge._replace(lines=tuple(lines))


def unbalanced(bridges: Iterable[Bridge]) -> list[str]:
    """Return a sentence for each bridge whose lines do not sum to its closing figure.

    The list is empty if all bridges balance (DESIGN section 3, 4).
    """
    problems = []
    for bridge in bridges:
        sums = [sum(column) for column in zip(*map(_numbers, bridge.lines[:-1]), strict=True)]
        if sums != _numbers(bridge.closing):
            where = " ".join(filter(None, (bridge.year, bridge.group, bridge.status)))
            problems.append(
                f"{where}: the movement comes to {sums[0]}, and the closing figure is"
                f" {bridge.closing.total}"
            )
    return problems


def _numbers(line: Step) -> list[int]:
    return [line.total, *line.by_priority]


def say_steps(bridge: Bridge) -> str:
    """Say how many actions entered a figure and how many left it, by cause, largest first.

    Regrading within the figure is left out. The sentence is empty if none entered or left.
    """
    regraded = (Cause.REGRADED_IN, Cause.REGRADED_OUT)
    parts = []
    for way, count in (("entered", _entered), ("left", _left)):
        lines = [line for line in bridge.causes if count(line) and line.cause not in regraded]
        if lines:
            in_order = sorted(lines, key=count, reverse=True)  # stable
            said = ", ".join(
                f"{count(line)} {CAUSE_WORDS[line.cause].lower()}" for line in in_order
            )
            parts.append(f"{sum(map(count, lines))} {way}: {said}.")
    return " ".join(parts)


def _entered(line: Step) -> int:
    return line.entered


def _left(line: Step) -> int:
    return line.left


def redated_in_time(opening: Positions, closing: Positions, day: date) -> list[str]:
    """Return the actions that were re-dated just before they fell due, in order.

    They are Not Due at both ends, and their status never changed. Without the later date they
    would be overdue on ``day``, the day of the closing.
    """
    found = []
    for ref, after in closing.items():
        before = opening.get(ref)
        if before is None or not before.status is after.status is Status.NOT_DUE:
            continue
        due_on = before.stands.due_on
        if due_on is not None and due_on < day:
            found.append(ref)
    return sorted(found, key=natural_order)
