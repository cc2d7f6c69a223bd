"""Tell which known record each row of a sheet is about, where rows have no references.

A row is known by its key, such as its audit and title. Where rows or records are alike in that,
further fields tell them apart, such as the directorate. Rows that are alike in all of these are
told apart by what else they say. Their places don't count, because a sheet may have been sorted,
and a row may have been taken out.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from irbtrack.domain.words import folded

P = TypeVar("P", bound=Hashable)
"""What a row is called, such as its number."""

Values = Mapping[str, Any]
"""What a row says, or what a record has, by field."""


class Unclear(NamedTuple, Generic[P]):
    """Rows that can't be told apart, and the records that they may be about."""

    rows: tuple[P, ...]
    refs: tuple[str, ...]


class Identities(NamedTuple, Generic[P]):
    """The known record of each row that is about one, and the rows of which nobody can say."""

    found: Mapping[P, str]
    unclear: Sequence[Unclear[P]]


def identities(
    rows: Mapping[P, Values],
    records: Mapping[str, Values],
    key: Sequence[str],
    further: Sequence[str] = (),
) -> Identities[P]:
    """Return which record each row is about. A row that is in neither answer is a new record.

    A row and a record are the same if they alone have their ``key``. Otherwise each of the
    ``further`` fields is looked at in turn, if all rows that are alike have it. What is still
    alike is compared in all that the rows say: a row goes with a record that says the same, and
    the last row with the last record if there are as many of both.

    >>> rows = {4: {"title": "Train", "owner": "a"}, 5: {"title": "Train", "owner": "b"}}
    >>> identities(rows, {"A1": {"title": "train", "owner": "b"}}, ["title"], ["owner"]).found
    {5: 'A1'}
    """
    found: dict[P, str] = {}
    alike = [_Alike(list(rows), list(records))]
    for fields in (key, *([one] for one in further)):
        parted: list[_Alike[P]] = []
        for group in alike:
            if fields is key or all(rows[row].get(fields[0]) is not None for row in group.rows):
                parted += _parted(group, fields, rows, records)
            else:
                parted.append(group)
        found |= {one.rows[0]: one.refs[0] for one in parted if one.is_pair}
        alike = [one for one in parted if not one.is_pair]
    unclear = []
    for group in alike:
        same = _saying_the_same(group, rows, records)
        found |= same
        left = [row for row in group.rows if row not in same]
        others = sorted(set(group.refs).difference(same.values()))
        if len(left) == len(others) == 1 and len(group.rows) == len(group.refs):
            found[left[0]] = others[0]
        elif left and others:
            unclear.append(Unclear(tuple(left), tuple(others)))
    return Identities(found, unclear)


def alike(rows: Mapping[P, Values], key: Sequence[str], further: Sequence[str]) -> list[list[P]]:
    """Return the rows that neither their key nor the further fields tell apart, in groups.

    As in :func:`identities`, a further field counts if all rows that are alike so far have it.

    >>> rows = {4: {"title": "Train"}, 5: {"title": "train"}, 6: {"title": "Report"}}
    >>> alike(rows, ["title"], ["owner"])
    [[4, 5]]
    """
    groups = [list(rows)]
    for fields in (key, *([one] for one in further)):
        parted: list[list[P]] = []
        for group in groups:
            if fields is key or all(rows[row].get(fields[0]) is not None for row in group):
                parts: dict[tuple[Any, ...], list[P]] = {}
                for row in group:
                    parts.setdefault(key_of(rows[row], fields), []).append(row)
                parted += (part for part in parts.values() if len(part) > 1)
            else:
                parted.append(group)
        groups = parted
    return groups


class _Alike(NamedTuple, Generic[P]):
    """Rows and records that are alike so far."""

    rows: list[P]
    refs: list[str]

    @property
    def is_pair(self) -> bool:
        return len(self.rows) == len(self.refs) == 1


def _parted(
    group: _Alike[P], fields: Sequence[str], rows: Mapping[P, Values], records: Mapping[str, Values]
) -> list[_Alike[P]]:
    """Return the groups that differ in some of the fields, where there are rows and records."""
    parts: dict[tuple[Any, ...], _Alike[P]] = {}
    for row in group.rows:
        parts.setdefault(key_of(rows[row], fields), _Alike([], [])).rows.append(row)
    for ref in group.refs:
        part = parts.get(key_of(records[ref], fields))
        if part is not None:
            part.refs.append(ref)
    return [part for part in parts.values() if part.refs]


def key_of(values: Values, fields: Iterable[str]) -> tuple[Any, ...]:
    """Return the values of the fields, in the form in which two are compared."""
    found = (values.get(field) for field in fields)
    return tuple(folded(value) if isinstance(value, str) else value for value in found)


def _saying_the_same(
    group: _Alike[P], rows: Mapping[P, Values], records: Mapping[str, Values]
) -> dict[P, str]:
    """Return the record of each row that says nothing else than what the record has.

    Rows that say more choose first. Records that have the same are interchangeable.
    """
    by_fields: dict[tuple[str, ...], dict[tuple[Any, ...], list[str]]] = {}
    free = set(group.refs)
    same: dict[P, str] = {}
    for row in sorted(group.rows, key=lambda row: -len(rows[row])):
        fields = tuple(sorted(rows[row]))
        if fields not in by_fields:
            having: dict[tuple[Any, ...], list[str]] = {}
            for ref in reversed(group.refs):
                having.setdefault(key_of(records[ref], fields), []).append(ref)
            by_fields[fields] = having
        candidates = by_fields[fields].get(key_of(rows[row], fields), [])
        while candidates:
            ref = candidates.pop()
            if ref in free:
                free.remove(ref)
                same[row] = ref
                break
    return same
