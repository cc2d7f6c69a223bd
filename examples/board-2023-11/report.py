"""What else the made-up council reports: directions, plans with milestones, and notes.

``report.toml`` and ``plans.toml`` say what happened on which day. Here it becomes journal
entries, recorded in sittings. The directions and the exceptions of the finance plan are
compared with the published figures.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count, groupby
from random import Random
from typing import Any, NamedTuple, TypeVar

from histories import FIRST_BOARD, KEEPER, SECOND_BOARD, days
from recording import recording_day, working_day

from irbtrack.domain.journal import Change, Entry, Fields, fold, version_on
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note, Section, commentary, in_force
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.rating import COMPUTED, Rag, trend_between
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import Record

REPORTER = "programme-officer"
OFFICERS_SINCE = date(2021, 11, 22)
BOARD = date(2023, 11, 23)

PLACED_BY = ("section", "direction", "workstream", "theme")
"""The fields in which notes must agree to have places among each other."""

Told = dict[str, Any]
"""A table of one of the TOML files."""

Rows = list[dict[str, str]]
"""The rows of a CSV file."""

Changes = Mapping[tuple[str, str], list[Change]]
"""All changes, by noun and reference."""

R = TypeVar("R", bound=Record)


class Step(NamedTuple):
    """What one command records on a day.

    What it adds is only counted until it is recorded.
    """

    on: date
    command: str
    changes: tuple[Change, ...]
    reason: str | None = None
    by: str = REPORTER


def report_entries(
    rng: Random, told: Told, titles: Mapping[str, str], taken: set[datetime]
) -> list[Entry]:
    """Return the entries of the report in order, at moments that are not ``taken`` yet."""
    fresh = (f"new-{number}" for number in count(1))
    steps = [
        *officer_steps(told["officers"]),
        *direction_steps(told["directions"], titles, fresh),
        *plan_steps(told["workstreams"], told["milestones"], fresh),
        *note_steps(told["notes"]["groups"], fresh),
    ]
    return numbered(recorded(rng, steps, taken))


# -- what happened --------------------------------------------------------------------------


def officer_steps(officers: Told) -> Iterator[Step]:
    """Yield councillors and the posts that lead directions, before the first direction."""
    for ref, fields in officers.items():
        change = Change(Officer.NOUN, ref, OFFICERS_SINCE, fields)
        yield Step(OFFICERS_SINCE, "officer add", (change,), by=KEEPER)


def direction_steps(
    directions: Told, titles: Mapping[str, str], fresh: Iterator[str]
) -> Iterator[Step]:
    """Yield each direction as it was given, and as it went on."""
    for ref, told in directions.items():
        leads = {field: tuple(posts) for field, posts in told.items() if field != "steps"}
        first, *later = told["steps"]
        fields = {"title": titles[ref]} | leads | set_by(first)
        yield Step(first["on"], "direction add", (Change("direction", ref, first["on"], fields),))
        for step in later:
            yield updating(Direction, ref, step, fresh)


def set_by(step: Told) -> Told:
    """Return the fields that a step of a direction or milestone sets."""
    fields = {k: v for k, v in step.items() if k not in ("on", "reason", "text", "dated_to")}
    if fields.get("trend") == COMPUTED:
        fields |= {"trend": None, "trend_on": None}
    elif "trend" in fields:
        fields["trend_on"] = step["on"]
    return fields


def updating(kind: type[Direction | Milestone], ref: str, told: Told, fresh: Iterator[str]) -> Step:
    """Return a change of a direction or milestone, a commentary on it, or both."""
    on, noun = told["on"], kind.NOUN
    fields = set_by(told)
    changes = [Change(noun, ref, on, fields)] if fields else []
    if "text" in told:
        about = {"section": Section.COMMENTARY.value, noun: ref}
        dated = {"dated_on": on} | {k: v for k, v in told.items() if k == "dated_to"}
        note = about | {"text": told["text"]} | dated
        changes.append(Change(Note.NOUN, next(fresh), on, note))
    return Step(on, f"{noun} update", tuple(changes), told.get("reason"))


def plan_steps(workstreams: Told, milestones: Told, fresh: Iterator[str]) -> Iterator[Step]:
    """Yield the plans: all their workstreams, then each milestone and what became of it."""
    since: dict[str, date] = {}
    places: dict[str | None, Iterator[int]] = defaultdict(lambda: count(1))
    for ref, told in workstreams.items():
        within = told.get("within")
        on = since[ref] = told["on"] if within is None else since[within]
        fields = {k: v for k, v in told.items() if k != "on"} | {"position": next(places[within])}
        yield Step(on, "workstream add", (Change(Workstream.NOUN, ref, on, fields),))
    for workstream, items in milestones.items():
        for told in items:
            yield from milestone_steps(workstream, since[workstream], told, next(fresh), fresh)


def milestone_steps(
    workstream: str, since: date, told: Told, ref: str, fresh: Iterator[str]
) -> Iterator[Step]:
    """Yield one milestone, from the day it was put into the plan."""
    on = told.get("added", since)
    fields = {k: v for k, v in told.items() if k not in ("added", "done", "steps")}
    change = Change(Milestone.NOUN, ref, on, {"workstream": workstream} | fields)
    yield Step(on, "milestone add", (change,))
    for step in told.get("steps", []):
        yield updating(Milestone, ref, step, fresh)
    if "done" in told:
        completed = {"on": told["done"], "rag": Rag.COMPLETE.value}
        yield updating(Milestone, ref, completed, fresh)


def note_steps(groups: list[Told], fresh: Iterator[str]) -> Iterator[Step]:
    """Yield the notes that are no commentary, each placed after those that hold already."""
    placed: dict[tuple[Any, ...], list[Note]] = defaultdict(list)
    for group in sorted(groups, key=lambda group: group["on"]):
        on, dropped_on = group["on"], group.get("dropped")
        about = {k: v for k, v in group.items() if k not in ("on", "dropped", "texts")}
        others = placed[
            tuple(group.get(k) for k in ("section", "direction", "workstream", "theme"))
        ]
        for text in group["texts"]:
            ref = next(fresh)
            position = 1 + max((note.position for note in in_force(others, on)), default=0)
            fields = about | {"text": text, "dated_on": on, "position": position}
            others.append(Note(ref=ref, dropped_on=dropped_on, **fields))
            yield Step(on, "note add", (Change(Note.NOUN, ref, on, fields),))
            if dropped_on:
                change = Change(Note.NOUN, ref, dropped_on, {"dropped_on": dropped_on})
                yield Step(dropped_on, "note drop", (change,))


# -- when it was recorded -------------------------------------------------------------------


def recorded(rng: Random, steps: Iterable[Step], taken: set[datetime]) -> list[Entry]:
    """Return the steps as entries: those of one day in one sitting, on or soon after it."""
    entries = []
    last_at: dict[tuple[str, str], datetime] = {}
    for on, together in groupby(sorted(steps, key=lambda step: step.on), lambda step: step.on):
        sitting = list(together)
        records = {change[:2] for step in sitting for change in step.changes}
        before = [last_at[record] for record in records if record in last_at]
        at = max(sat_down(rng, on), *before) if before else sat_down(rng, on)
        for step in sitting:
            at += timedelta(seconds=rng.randint(50, 240))
            while at in taken:
                at += timedelta(seconds=1)
            taken.add(at)
            last_at |= dict.fromkeys((change[:2] for change in step.changes), at)
            entries.append(Entry(at, step.by, step.command, step.reason, step.changes))
    return sorted(entries, key=lambda entry: entry.recorded_at)


def sat_down(rng: Random, on: date) -> datetime:
    """Return when the changes of a day began to be recorded.

    On the day after the first board it is from 11 o'clock on.
    """
    day = working_day(recording_day(rng, on))
    first = 11 if day == days(FIRST_BOARD, 1) else 9
    return datetime.combine(day, time(rng.randint(first, 13), rng.randint(0, 59)), UTC)


def numbered(entries: list[Entry]) -> list[Entry]:
    """Return the entries, with milestones and notes numbered as they were recorded."""
    numbers = {Milestone.NOUN: (f"M{n:03}" for n in count(1))}
    numbers[Note.NOUN] = (f"N{n}" for n in count(1))
    given: dict[str, str] = {}
    for change in chain.from_iterable(entry.changes for entry in entries):
        if change.noun in numbers and change.ref not in given:
            given[change.ref] = next(numbers[change.noun])

    def renamed(change: Change) -> Change:
        fields: Fields = change.fields
        if milestone := fields.get("milestone"):
            fields = {**fields, "milestone": given[milestone]}
        return change._replace(ref=given.get(change.ref, change.ref), fields=fields)

    return [entry._replace(changes=tuple(map(renamed, entry.changes))) for entry in entries]


# -- whether it is as published -------------------------------------------------------------


def check_directions(changes: Changes, published: Rows) -> Iterator[str]:
    """Yield a line for each figure that differs from directions.csv."""
    now, then = (on_day(Direction, changes, day) for day in (SECOND_BOARD, FIRST_BOARD))
    at_board = on_day(Direction, changes, BOARD)
    notes = in_force(on_day(Note, changes, BOARD).values(), BOARD)
    if (refs := sorted(now)) != (wanted := sorted(row["ref"] for row in published)):
        yield f"the directions are {wanted}, and the register has {refs}"
        return
    for row in published:
        ref = row["ref"]
        direction = now[ref]
        given = {
            "ref": ref,
            "title": direction.title,
            "target_on": str(direction.target_on),
            "target_note": direction.target_note or "",
            "rag": (row["rag"] and direction.rag) or "",
            "trend": str(trend_between(then[ref].rag, direction.rag)),
            "updates_dated": update_dates(notes, ref, row["updates_dated"]),
        }
        if given != row:
            yield f"{row} is published, and the register gives {given}"
        if direction.rag is None or at_board[ref].rag != direction.rag:
            yield f"direction {ref} has no rating, or another one when the board meets"


def update_dates(notes: Iterable[Note], ref: str, published: str) -> str:
    """Return the dates of the newest commentary, as many as are published.

    If none are published, return all.
    """
    said = [
        f"{note.dated_on:%B}" if note.dated_to == "month" else f"{note.dated_on:%d/%m}"
        for note in commentary(notes, "direction", ref)
    ]
    return "; ".join(said[: len(published.split("; "))] if published else said)


def check_exceptions(changes: Changes, published: Rows) -> Iterator[str]:
    """Yield a line for each figure that differs from exceptions.csv."""
    plans = {plan.name: ref for ref, plan in on_day(Workstream, changes, SECOND_BOARD).items()}
    for name in sorted({row["plan"] for row in published}):
        wanted = [list(row.values()) for row in published if row["plan"] == name]
        given = [
            [name, now.title, then.rag if then else None, now.rag]
            for then, now in exceptions(changes, plans[name])
        ]
        if given != wanted:
            yield f"{wanted} are the published exceptions, and the register gives {given}"


def exceptions(changes: Changes, plan: str) -> Iterator[tuple[Milestone | None, Milestone]]:
    """Yield the milestones of a plan that are exceptions, each with what it was before.

    They were rated or forecast anew, or their day passed before they were complete.
    """
    workstreams = on_day(Workstream, changes, SECOND_BOARD)
    before = on_day(Milestone, changes, FIRST_BOARD)
    for ref, now in sorted(on_day(Milestone, changes, SECOND_BOARD).items()):
        if plan not in (now.workstream, workstreams[now.workstream].within):
            continue
        then = before.get(ref)
        moved = then is None or (then.rag, then.forecast_on) != (now.rag, now.forecast_on)
        due = now.forecast_on is not None and FIRST_BOARD <= now.forecast_on < SECOND_BOARD
        if moved or (due and now.completed_on is None):
            yield then, now


def on_day(kind: type[R], changes: Changes, day: date) -> dict[str, R]:
    """Return the records of a kind that there were on a day, by their references."""
    found = {
        ref: version_on(fold(kind, ref, of_one), day)
        for (noun, ref), of_one in changes.items()
        if noun == kind.NOUN
    }
    return {ref: record for ref, record in found.items() if record is not None}
