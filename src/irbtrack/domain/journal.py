"""Keep the journal: entries of dated changes, the digest that chains them, and the fold.

An *entry* says when something was recorded, by whom, by which command, and why. It has
*changes*: each sets some fields of a record from a day on. ``fold`` turns the changes of one
record into its versions. The day of effect and the moment of recording never mix: the fold
orders by day, and uses the order of recording only between changes of the same field on the
same day.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain, groupby
from sys import intern
from typing import Any, NamedTuple, TypeVar

from irbtrack.domain.dates import FOREVER, say_date, say_moment
from irbtrack.domain.record import Record, Version
from irbtrack.errors import Refused

R = TypeVar("R", bound=Record)

Fields = Mapping[str, Any]
"""The values that a change sets, by field name: plain values, dates, and tuples of plain ones."""

NO_DIGEST = "0" * 64
"""The previous digest of the first entry."""


class Login(str):
    """The login name of who records. An entry keeps a reference to it, outside of its digest."""

    __slots__ = ()


class Change(NamedTuple):
    """The fields that a record has from ``effective_on`` on.

    ``reason`` is the change's own. An import is one entry whose changes have different reasons.
    """

    noun: str
    ref: str
    effective_on: date
    fields: Fields
    reason: str | None = None


class Entry(NamedTuple):
    """One command's changes, and who recorded them, when and why. ``recorded_at`` is aware.

    ``undoes`` is the number of the entry that this one takes back. The changes of such an entry
    name the same records, and have no fields.
    """

    recorded_at: datetime
    recorded_by: str
    command: str
    reason: str | None
    changes: tuple[Change, ...]
    undoes: int | None = None


def fold(kind: type[R], ref: str, changes: Iterable[Change]) -> list[Version[R]]:
    """Return the versions of one record, oldest first, from its changes as recorded.

    The changes are in the order of recording. Each version has every field that was set up to
    its day. For a field that ``kind.TRACKED`` names, the fold keeps the first value and counts
    the later different ones: an original due date, and how often it was re-dated. For a field
    that ``kind.SINCE`` names, it keeps the day from which the field has had its value. Versions
    never overlap and have no gaps, and the last one is valid until :data:`FOREVER`. Changes
    without fields are ignored; without other changes there are no versions.
    """
    state: dict[str, Any] = {}
    starts: list[tuple[date, R]] = []
    in_effect = sorted((c for c in changes if c.fields), key=_effective_on)  # stable
    for day, together in groupby(in_effect, _effective_on):
        before = {field: state.get(field) for field in kind.SINCE}
        for change in together:
            _apply(change.fields, state, kind.TRACKED)
        for field, since in kind.SINCE.items():
            if state.get(field) != before[field]:
                state[since] = day
        record = kind(ref=ref, **state)
        if not starts or record != starts[-1][1]:
            starts.append((day, record))
    ends = [*(day for day, _ in starts[1:]), FOREVER]
    return [Version(record, start, end) for (start, record), end in zip(starts, ends, strict=False)]


def _effective_on(change: Change) -> date:
    return change.effective_on


def _apply(fields: Fields, state: dict[str, Any], tracked: Mapping[str, tuple[str, str]]) -> None:
    for field, value in fields.items():
        if field in tracked and value is not None:
            original, times = tracked[field]
            if state.get(original) is None:
                state[original] = value
            elif value != state.get(field):
                state[times] = state.get(times, 0) + 1
        state[field] = value


def version_on(versions: Iterable[Version[R]], day: date) -> R | None:
    """Return the record as it stood on ``day``, or None if it was not there yet."""
    for version in versions:
        if version.valid_from <= day < version.valid_to:
            return version.record
    return None


def fields_to_json(fields: Fields) -> str:
    """Return the canonical text of a change's fields: sorted, without spaces, dates as ISO."""
    return _canonical(fields)


def fields_from_json(text: str) -> dict[str, Any]:
    """Return the fields that :func:`fields_to_json` wrote, with dates and tuples restored."""
    return _restored_fields(_decoded(text))


_decoded = json.JSONDecoder().decode


def _restored_fields(fields: Fields) -> dict[str, Any]:
    return {
        intern(field): tuple(value)
        if isinstance(value, list)
        else date.fromisoformat(value)
        if value is not None and field.endswith("_on")
        else value
        for field, value in fields.items()
    }


def entry_to_json(entry: Entry) -> str:
    """Return the canonical text of an entry, on one line.

    It is JSON with sorted keys and no spaces, in UTF-8. Dates are ISO, and the moment of
    recording is in UTC to the microsecond. So any later program can work the digest out again.
    """
    return "".join(_parts_of(entry))


def _parts_of(entry: Entry) -> Iterator[str]:
    """Yield the canonical text of an entry change by change, because an import has many."""
    undoes = {} if entry.undoes is None else {"undoes": entry.undoes}
    rest = _canonical(
        undoes
        | {
            "recorded_at": moment_text(entry.recorded_at),
            "recorded_by": entry.recorded_by,
            "command": entry.command,
            "reason": entry.reason,
        }
    )
    yield '{"changes":['
    for place, change in enumerate(entry.changes):
        own = [] if change.reason is None else [change.reason]
        yield "," if place else ""
        yield _canonical([change.noun, change.ref, change.effective_on, change.fields, *own])
    yield f"],{rest[1:]}"


def entry_from_json(text: str) -> Entry:
    """Return the entry that :func:`entry_to_json` wrote."""
    entry = json.loads(text)
    return Entry(
        datetime.fromisoformat(entry["recorded_at"]),
        entry["recorded_by"],
        entry["command"],
        entry["reason"],
        tuple(
            Change(noun, ref, date.fromisoformat(day), _restored_fields(fields), *reason)
            for noun, ref, day, fields, *reason in entry["changes"]
        ),
        entry.get("undoes"),
    )


def reason_of(entry: Entry, change: Change) -> str | None:
    """Return why a change was made: its own reason, its entry's, both, or None."""
    return "; ".join(filter(None, (change.reason, entry.reason))) or None


def source_of(name: str, digest: str, key: Sequence[str] = ()) -> str:
    """Return what an entry says of the file it was taken from, at the end of its reason.

    ``key`` names the fields by which rows without references were known, if somebody said so.
    """
    known_by = f", rows known by {', '.join(key)}" if key else ""
    return f"from {name}{known_by}, SHA-256 {digest}"


def file_of(reason: str) -> str | None:
    """Return the name of the file that an entry with this reason was taken from, or None.

    >>> file_of("Agreed; " + source_of("a.csv", "0" * 64, ["title"]))
    'a.csv'
    """
    source = r"(?:^|; )from (.+?)(?:, rows known by [a-z_, ]+)?, SHA-256 [0-9a-f]{64}$"
    found = re.search(source, reason)
    return found[1] if found else None


def is_from_file(reason: str, name: str) -> bool:
    """Return whether an entry with this reason was taken from a file of that name.

    >>> is_from_file("Agreed; " + source_of("a.csv", "0" * 64), "a.csv")
    True
    """
    return _source(reason, name) is not None


def key_of_file(reason: str, name: str) -> tuple[str, ...]:
    """Return the fields by which the rows of a file were known, if the reason names any.

    >>> key_of_file(source_of("a.csv", "0" * 64, ("audit", "title")), "a.csv")
    ('audit', 'title')
    """
    source = _source(reason, name)
    return tuple(source[2].split(", ")) if source and source[2] else ()


def _source(reason: str, name: str) -> re.Match[str] | None:
    """Find what a reason says of the file, if it is of that name."""
    known_by = r"(?:, rows known by ([a-z_, ]+))?"
    return re.search(rf"(^|; )from {re.escape(name)}{known_by}, SHA-256 [0-9a-f]{{64}}$", reason)


def explanation_of(entry: Entry, change: Change) -> str | None:
    """Return the same as :func:`reason_of` for the board, which is not told of a file.

    >>> change = Change("action", "A1", date(2023, 10, 31), {})
    >>> why = "Agreed; " + source_of("a.csv", "0" * 64)
    >>> explanation_of(Entry(datetime.now(UTC), "x", "import actions", why, (change,)), change)
    'Agreed'
    """
    reason = reason_of(entry, change) or ""
    return re.sub(r"(^|; )from [^\n]*, SHA-256 [0-9a-f]{64}$", "", reason) or None


def moment_text(moment: datetime) -> str:
    """Return an aware moment as ISO text, in UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def entry_digest(previous: str, entry: Entry) -> str:
    """Return the SHA-256 of the previous digest, a newline and the canonical entry, in hex."""
    return _sha256(chain([f"{previous}\n"], _parts_of(entry)))


def lines_digest(lines: Iterable[tuple[Any, ...]]) -> str:
    """Return the SHA-256 of a snapshot's lines, in hex. Their order doesn't matter."""
    return _sha256(["\n".join(sorted(_canonical(line) for line in lines))])


def _sha256(parts: Iterable[str]) -> str:
    from hashlib import sha256  # loads OpenSSL, which most commands do without

    digest = sha256()
    for part in parts:
        digest.update(part.encode())
    return digest.hexdigest()


_canonical = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=date.isoformat
).encode


FAR_AHEAD = timedelta(days=366)
"""How long after the last entry a clock is doubted."""


def refuse_before(last: datetime, moment: datetime) -> None:
    """Raise :class:`Refused` for a moment of recording before that of the last entry."""
    if moment < last:
        raise Refused(
            f"the clock says {say_moment(moment, seconds=True)}, and the last entry was recorded"
            f" later, on {say_moment(last, seconds=True)}; set the clock right, or if it is right,"
            " give --clock-is-right before the command"
        )


def effective_day(on: date, today: date) -> date:
    """Return a day from which a change takes effect. Raise :class:`Refused` if it is to come.

    The register keeps facts. What is planned is a due date or a forecast.
    """
    if on > today:
        raise Refused(f"{say_date(on)} is in the future; the latest day to record is today")
    return on
