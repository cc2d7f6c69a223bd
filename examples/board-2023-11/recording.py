"""When the made-up events were recorded, and what one command recorded together."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from histories import DAY_BEFORE, FIRST_BOARD, SECOND_BOARD, Event, days, is_working

from irbtrack.domain.journal import Entry, fields_to_json

START = date(2021, 4, 1)

COMMANDS = (
    "init", "directorate add", "officer add", "audit add", "audit update", "action add",
    "action update", "action allocate", "action progress", "action redate", "action reopen",
    "action complete", "action verify", "action close",
)  # fmt: skip
"""The commands, in the order in which those of one day are recorded."""


def recorded(rng: Random, events: Iterable[Event]) -> list[Entry]:
    """Return the events as entries: one for what one command would have recorded together."""
    groups: dict[tuple[Any, ...], list[Event]] = defaultdict(list)
    for event in events:
        on, due_on = event.change.effective_on, event.change.fields.get("due_on")
        same_date = due_on if event.command == "action redate" else None
        same_fields = (
            fields_to_json(event.change.fields) if event.command == "action update" else None
        )
        order = COMMANDS.index(event.command)
        key = (on, order, event.group, event.reason, event.recorded_by, same_date, same_fields)
        groups[key].append(event)
    taken: set[datetime] = set()
    last_at: dict[str, datetime] = {}
    entries = []
    for together in (groups[key] for key in sorted(groups, key=lambda key: key[:2])):
        refs = [event.change.ref for event in together]
        before = max((last_at[ref] for ref in refs if ref in last_at), default=None)
        at = moment(rng, together[0], before, taken)
        last_at |= dict.fromkeys(refs, at)
        first, changes = together[0], tuple(event.change for event in together)
        entries.append(Entry(at, first.recorded_by, first.command, first.reason, changes))
    return sorted(entries, key=lambda entry: entry.recorded_at)


def moment(rng: Random, event: Event, before: datetime | None, taken: set[datetime]) -> datetime:
    """Return when an event was recorded.

    It is in working hours, mostly within days, and after ``before``.
    """
    on = event.change.effective_on
    if on == START:
        at = datetime.combine(START, time(8, 30), UTC)
    else:
        day = recording_day(rng, on)
        at = datetime.combine(day, time(rng.randint(9, 15), rng.randint(0, 59)), UTC)
        if day == days(FIRST_BOARD, 1):
            at = at.replace(hour=rng.randint(11, 15))
        at += timedelta(seconds=rng.randint(0, 59))
    if before is not None and at <= before:
        at = before + timedelta(minutes=rng.randint(2, 9))
    while at in taken:
        at += timedelta(seconds=41)
    taken.add(at)
    return at


def recording_day(rng: Random, on: date) -> date:
    """Return a working day on or soon after ``on``.

    It is by 3 October for what was shown to that board.
    """
    if on > DAY_BEFORE and on.month == 10 and on.day >= 20 and rng.random() < 0.5:
        return rng.choice([date(2023, 11, day) for day in (2, 3, 6, 7, 8, 9, 10)])
    lag = rng.choices(range(7), (30, 22, 16, 12, 8, 6, 6))[0]
    day = working_day(days(on, lag))
    if on <= FIRST_BOARD:
        return min(day, FIRST_BOARD)
    return min(day, date(2023, 11, 10)) if on <= SECOND_BOARD else min(day, date(2023, 11, 20))


def working_day(day: date) -> date:
    """Return ``day``, or the next working day if it is none."""
    return next(d for d in (days(day, n) for n in count()) if is_working(d))
