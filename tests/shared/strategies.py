"""Changes and entries for tests: builders for one case, Hypothesis strategies for all cases."""

import shutil
import string
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from irbtrack.domain.journal import Change, Entry, fold
from irbtrack.domain.nouns.action import Action, Closure
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.rating import Rag
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import Record, Version
from irbtrack.store.database import Location, locate

RAISED = date(2023, 1, 10)
RECORDED = datetime(2023, 11, 1, 9, 30, tzinfo=UTC)


def raised(ref: str = "2223-001", on: date = RAISED, **fields: Any) -> Change:
    """The change that raises an action. Any field can be given another value."""
    given = {
        "raised_on": on,
        "year": "22/23",
        "title": "Reconcile the suspense account monthly",
        "priority": "High",
        "directorate": "finance",
        "owner": "ed-finance",
        "due_on": date(2023, 10, 31),
    }
    return Change("action", ref, on, given | fields)


def changed(on: date, ref: str = "2223-001", **fields: Any) -> Change:
    """A later change of an action."""
    return Change("action", ref, on, fields)


def history(*changes: Change) -> list[Version[Action]]:
    """The versions that the changes of one action give."""
    return fold(Action, changes[0].ref, changes)


def entry(*changes: Change, at: datetime = RECORDED, **others: Any) -> Entry:
    """An entry of these changes."""
    given = {"recorded_by": "register-officer", "command": "action update", "reason": None}
    return Entry(recorded_at=at, changes=changes, **given | others)


def direction(ref: str = "3a", **fields: Any) -> Direction:
    """A direction as it stands on a day."""
    given = {"title": "Financial Sustainability", "target_on": date(2024, 3, 31), "rag": "A"}
    return Direction(ref=ref, **given | fields)


def workstream(ref: str, within: str | None = None, position: int = 1) -> Workstream:
    """A plan, or a workstream within another; its name is its code with a capital letter."""
    return Workstream(ref=ref, name=ref.capitalize(), within=within, position=position)


def milestone(ref: str = "M1", **fields: Any) -> Milestone:
    """A milestone of the workstream ``ledger`` as it stands on a day."""
    given = {"title": "Ledger closed", "workstream": "ledger", "forecast_on": date(2023, 10, 31)}
    return Milestone(ref=ref, **given | fields)


def note(ref: str = "N1", section: str = "Commentary", **fields: Any) -> Note:
    """A note as it stands on a day."""
    given = {"text": "The plan was agreed.", "dated_on": date(2023, 10, 11)}
    return Note(ref=ref, section=section, **given | fields)


def found_wrong(
    record: Record, since: date = date(2023, 10, 31), before: Record | None = None
) -> list[tuple[str, str]]:
    """The field and sentence of each contradiction of a record that stands alone."""
    found = record.contradictions(since, before, lambda _: {})
    return [(one.field, str(one)) for one in found]


def another(migrated: Path, folders: pytest.TempPathFactory) -> Location:
    """A fresh database for one example of a property; a fixture would be shared by all."""
    return locate(str(shutil.copy(migrated, folders.mktemp("register") / "irbtrack.db")))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
"""Any text that UTF-8 can hold, control characters included."""

days = st.dates(RAISED, RAISED + timedelta(days=40))
"""Days close together, so that changes often fall on the same one."""

any_days = st.dates(date(1900, 1, 1), date(2199, 12, 31))

moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis adds the time zone
    datetime(2099, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)

rags = st.sampled_from([rag.value for rag in Rag])

_officers = st.sampled_from(["ed-finance", "ad-housing", "monitoring-officer"])

_action_fields = {
    "year": st.sampled_from(["21/22", "22/23", "23/24"]),
    "audit": st.none() | st.sampled_from(["2223-A01", "2223-A02"]),
    "title": texts,
    "priority": st.sampled_from(["High", "Medium", "Low"]),
    "directorate": st.sampled_from(["finance", "housing"]),
    "owner": st.none() | _officers,
    "due_on": st.none() | days,
    "progress": st.none() | texts,
    "percent_complete": st.none() | st.integers(0, 100),
    "completed_on": st.none() | days,
    "verified_on": st.none() | days,
    "closed_on": st.none() | days,
    "closed_as": st.none() | st.sampled_from([closure.value for closure in Closure]),
    "expires_on": st.none() | days,
}

action_fields = st.fixed_dictionaries({}, optional=_action_fields)


@st.composite
def action_changes(draw: st.DrawFn, ref: str = "2223-001", most: int = 8) -> list[Change]:
    """Changes of one action in the order of recording; the first raises it."""
    first = raised(ref, **draw(action_fields))
    later = draw(st.lists(st.tuples(days, action_fields), max_size=most))
    return [first, *(Change("action", ref, on, fields) for on, fields in later)]


_ENDS = ("completed_on", "verified_on", "closed_on", "closed_as", "expires_on")


@st.composite
def _sound_fields(draw: st.DrawFn, on: date) -> dict[str, Any]:
    """Fields that verbs could have set on a day; an end has all of its fields."""
    plain = {name: drawn for name, drawn in _action_fields.items() if name not in _ENDS}
    fields = draw(st.fixed_dictionaries({}, optional=plain))
    closure = {"closed_on": on, "closed_as": Closure.RISK_ACCEPTED.value}
    ends: list[dict[str, Any]] = [
        {"completed_on": on},
        {"completed_on": on, "verified_on": on},
        closure,
        closure | {"expires_on": on + timedelta(days=5)},
        {},
    ]
    end = draw(st.none() | st.sampled_from(ends))
    return fields if end is None else fields | dict.fromkeys(_ENDS) | end


@st.composite
def sound_changes(draw: st.DrawFn, ref: str = "2223-001", most: int = 5) -> list[Change]:
    """Changes of one action that a write accepts in any order, even if some are undone."""
    first = raised(ref, **draw(_sound_fields(RAISED)))
    later = draw(st.lists(days, max_size=most))
    return [first, *(Change("action", ref, on, draw(_sound_fields(on))) for on in later)]


@st.composite
def settled_changes(draw: st.DrawFn) -> list[Change]:
    """Changes of one action of which no two set the same field on the same day."""
    seen: set[tuple[date, str]] = set()
    settled = []
    for change in draw(action_changes()):
        fields = {f: v for f, v in change.fields.items() if (change.effective_on, f) not in seen}
        seen |= {(change.effective_on, field) for field in fields}
        settled.append(Change(change.noun, change.ref, change.effective_on, fields))
    return settled


_names = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12)
_plain = st.none() | st.booleans() | st.integers() | texts
_dated = _names.map(lambda name: f"{name}_on")
_undated = _names.filter(lambda name: not name.endswith("_on"))

any_fields = st.builds(
    lambda dated, undated: dated | undated,
    st.dictionaries(_dated, st.none() | any_days, max_size=3),
    st.dictionaries(_undated, _plain | st.lists(_plain, max_size=3).map(tuple), max_size=4),
)
"""What a change of any noun may set: dates under names in ``_on``, plain values, tuples."""

any_changes = st.builds(Change, texts, texts, any_days, any_fields, st.none() | texts)

any_entries = st.builds(
    Entry,
    moments,
    texts,
    texts,
    st.none() | texts,
    st.lists(any_changes, max_size=3).map(tuple),
    st.none() | st.integers(1, 10**6),
)


def undoing(number: int, undone: Entry, at: datetime = RECORDED) -> Entry:
    """An entry that takes back another: it names the same records, without fields."""
    named = (Change(c.noun, c.ref, c.effective_on, {}) for c in undone.changes)
    return entry(*named, at=at, command="undo", reason="Recorded by mistake", undoes=number)


@st.composite
def registers(draw: st.DrawFn) -> list[Entry]:
    """A short register in the order of recording, a minute between entries.

    The first entry raises every action; any other may be undone by a later one.
    """
    refs = [f"2223-{n + 1:03}" for n in range(draw(st.integers(1, 3)))]
    stories = [draw(sound_changes(ref)) for ref in refs]
    changes = draw(st.permutations([change for _, *later in stories for change in later]))
    entries = [entry(*(first for first, *_ in stories))]
    undone: set[int] = set()
    while changes:
        at = RECORDED + timedelta(minutes=len(entries))
        left = [n for n, e in enumerate(entries, 1) if n > 1 and not e.undoes and n not in undone]
        if left and draw(st.integers(0, 3)) == 0:
            number = draw(st.sampled_from(left))
            undone.add(number)
            entries.append(undoing(number, entries[number - 1], at))
        else:
            size = draw(st.integers(1, 3))
            entries.append(entry(*changes[:size], at=at))
            changes = changes[size:]
    return entries


def in_force(register: list[Entry]) -> dict[str, list[Change]]:
    """The changes of each reference that no later entry of a register takes back."""
    undone = {one.undoes for one in register}
    by_ref: dict[str, list[Change]] = {}
    for number, one in enumerate(register, 1):
        if number not in undone:
            for change in one.changes:
                by_ref.setdefault(change.ref, []).append(change)
    return by_ref
