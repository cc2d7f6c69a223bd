"""Read tables in JSON: a list of flat objects, as ``--format json`` writes them.

The text is read token by token, because :func:`json.loads` builds whatever a file asks for,
however deep and large, before anything can be checked.
"""

import re
from collections.abc import Iterator, Sequence
from json import JSONDecodeError, JSONDecoder
from math import isfinite
from typing import Any

from irbtrack.domain.tracker.sheet import Cell
from irbtrack.errors import quoted
from irbtrack.sheets.decoding import encoding_of, opened
from irbtrack.sheets.limits import (
    COLUMNS_LIMIT,
    ROWS_LIMIT,
    TEXT_LIMIT,
    Allowance,
    CellRows,
    Unreadable,
    too_much,
)

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|true|false|null")
_NAMED: dict[str, Cell] = {"true": True, "false": False, "null": None}
_DIGITS_LIMIT = 40
_INT_LIMIT = 10**_DIGITS_LIMIT
_SURROGATE = re.compile("[\ud800-\udfff]")


def _value_of(value: Any) -> Cell:
    """Return a value as a cell. Raise :class:`ValueError` if it needs a closer look."""
    if isinstance(value, str):
        if len(value) > TEXT_LIMIT or not (value.isascii() or not _SURROGATE.search(value)):
            raise ValueError
        return value if value and not value.isspace() else None
    if isinstance(value, int):
        if abs(value) >= _INT_LIMIT:
            raise ValueError
        return value
    if isinstance(value, float) and not isfinite(value):
        raise ValueError
    assert value is None or isinstance(value, float)
    return value


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Cell]:
    pairs = {key: _value_of(value) for key, value in found}
    if len(pairs) != len(found) or any(map(_SURROGATE.search, pairs)):
        raise ValueError
    return pairs


_decode = JSONDecoder().raw_decode
_decode_usual = JSONDecoder(object_pairs_hook=_pairs).decode


def rows_of_json(data: bytes) -> CellRows:
    """Return the rows of a list of flat objects: first the keys, as they first appear.

    null and texts of spaces only are empty cells; other values are kept. Raise
    :class:`Unreadable` for anything else, naming the object by its number from 1.
    """
    encoding = encoding_of(data, may_be_cp1252=False)
    wide = 1 if data.isascii() else 4 if max(data) >= 0xF0 or "16" in encoding else 2
    allowance = Allowance()
    allowance.hold(len(data) * (1 + 2 * wide))  # to decode it takes its text twice
    with opened(data, encoding) as text:
        source = _Source(text.read())
    allowance.hold(len(data) * (1 + wide))
    columns: dict[str, int] = {}
    rows: list[Sequence[Cell]] = [()]
    for pairs in source.objects():
        for key in pairs:
            columns.setdefault(key, len(columns))
        if len(columns) > COLUMNS_LIMIT or len(rows) > ROWS_LIMIT:
            raise too_much()
        row: list[Cell] = [None] * (1 + max((columns[key] for key in pairs), default=-1))
        for key, value in pairs.items():
            row[columns[key]] = value
        allowance.keep(row)
        rows.append(tuple(row))
    rows[0] = tuple(columns)
    return rows


class _Source:
    """A JSON text, read from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._number = 0

    def objects(self) -> Iterator[dict[str, Cell]]:
        """Yield the objects of the list. Raise :class:`Unreadable`."""
        if not self._takes("["):
            raise Unreadable("is not a list of objects; write [{...}, {...}]")
        if not self._takes("]"):
            while True:
                self._number += 1
                yield self._object()
                if self._takes("]"):
                    break
                self._need(",")
        if self._next():
            raise self._wrong("has something after its list")

    def _object(self) -> dict[str, Cell]:
        if not self._takes("{"):
            raise self._wrong("is no object")
        quickly = self._usual_object()
        return self._any_object() if quickly is None else quickly

    def _usual_object(self) -> dict[str, Cell] | None:
        """Return the next object if it can be read in one go, as most can, or None."""
        start, end = self._at - 1, self._text.find("}", self._at) + 1
        written = self._text[start:end]
        if "[" in written or "{" in written[1:]:  # it may be nested; or a text has them
            return None
        try:
            pairs = _decode_usual(written)
        except (ValueError, RecursionError):
            return None
        self._at = end
        return dict(pairs)

    def _any_object(self) -> dict[str, Cell]:
        pairs: dict[str, Cell] = {}
        if self._takes("}"):
            return pairs
        while True:
            if self._next() != '"':
                raise self._wrong("is not written as JSON is")
            key = self._string()
            if key in pairs:
                raise self._wrong(f"has {quoted(key)} twice")
            self._need(":")
            pairs[key] = self._value(key)
            if self._takes("}"):
                return pairs
            self._need(",")

    def _value(self, key: str) -> Cell:
        start = self._next()
        if start == '"':
            text = self._string()
            return text if text and not text.isspace() else None
        if start in ("[", "{") and start:
            raise self._wrong(f"has {'a list' if start == '[' else 'an object'} as {quoted(key)}")
        match = _SCALAR.match(self._text, self._at)
        if not match:
            raise self._wrong(f"has something as {quoted(key)} that is not a value of JSON")
        self._at = match.end()
        if match[1] is None:
            return _NAMED[match[0]]
        return self._number_in(match[1], key)

    def _number_in(self, written: str, key: str) -> int | float:
        is_whole = written.lstrip("-").isdigit()
        if is_whole and len(written) > _DIGITS_LIMIT:
            raise self._wrong(f"has a number of {len(written):,} digits as {quoted(key)}")
        number = int(written) if is_whole else float(written)
        if not isfinite(number):
            raise self._wrong(f"has a number as {quoted(key)} that is too large")
        return number

    def _string(self) -> str:
        text: str
        try:
            text, self._at = _decode(self._text, self._at)
        except JSONDecodeError:
            raise self._wrong("has a text that is not written as JSON is") from None
        if len(text) > TEXT_LIMIT:
            raise self._wrong(f"has a text of more than {TEXT_LIMIT:,} characters")
        if not text.isascii() and _SURROGATE.search(text):
            raise self._wrong("has half a character in a text")
        return text

    def _next(self) -> str:
        """Return the next character that is no space, or an empty text at the end."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _takes(self, sign: str) -> bool:
        if self._next() != sign:
            return False
        self._at += 1
        return True

    def _need(self, sign: str) -> None:
        if not self._takes(sign):
            raise self._wrong(f"lacks a {quoted(sign)} or what comes before it")

    def _wrong(self, what: str) -> Unreadable:
        line = self._text.count("\n", 0, self._at) + 1
        place = f"object {self._number:,}, line {line:,}" if self._number else f"line {line:,}"
        return Unreadable(
            f"is not a list of flat objects: {place} {what};"
            " give each a text, a number, true, false or null for each name"
        )
