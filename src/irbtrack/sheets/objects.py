"""Read tables in JSON: a list of flat objects, as ``--format json`` writes them.

The text is read object by object, and each is seen to be flat before the standard library
reads it, because that builds whatever a file asks for, however deep and large.
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

_TEXT = r'"(?:[^"\\\x00-\x1f]++|\\.)*+"'
_SCALAR = rf"(?:{_TEXT}|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)"
_PAIR = rf"\s*+{_TEXT}\s*+:\s*+{_SCALAR}\s*+"
_OBJECT = re.compile(rf"\{{(?:\s*+|{_PAIR}(?:,{_PAIR})*+)\}}", re.ASCII)
_BEGINNING = re.compile(rf"\{{(?:{_PAIR},)*+\s*+", re.ASCII)
_KEY = re.compile(rf"({_TEXT})\s*+(:?)\s*+", re.ASCII)
_VALUE = re.compile(rf"({_SCALAR})|[\[{{\"]", re.ASCII)
_SPACE = re.compile(r"\s*+", re.ASCII)
_NO_TEXT = "has a text that is not written as JSON is"
_DIGITS_LIMIT = 40
_SURROGATE = re.compile("[\ud800-\udfff]")


def rows_of_json(data: bytes) -> CellRows:
    """Return the rows of a list of flat objects: first the keys, as they first appear.

    null and texts of spaces only are empty cells; other values are kept. Raise
    :class:`Unreadable` for anything else, naming the object by its number from 1.
    """
    encoding = encoding_of(data, may_be_cp1252=False)
    wide = 1 if data.isascii() else 4 if max(data) >= 0xF0 or "16" in encoding else 2
    Allowance(len(data) * (1 + 2 * wide)).take(0)  # to decode it takes its text twice
    with opened(data, encoding) as text:
        source = text.read()
    allowance = Allowance(len(data) * (1 + wide))
    columns: dict[str, int] = {}
    rows: list[Sequence[Cell]] = [()]
    for pairs in _objects(source):
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


def _objects(text: str) -> Iterator[dict[str, Cell]]:
    """Yield the objects of the list. Raise :class:`Unreadable`."""
    at, number = _after_spaces(text, 0), 0
    if text[at : at + 1] != "[":
        raise Unreadable("is not a list of objects; write [{...}, {...}]")
    at = _after_spaces(text, at + 1)
    is_last = text[at : at + 1] == "]"
    while not is_last:
        number += 1
        try:
            if not (match := _OBJECT.match(text, at)):
                at, fault = _fault(text, at)
                raise ValueError(fault)
            yield _decode(match[0])
            at = _after_spaces(text, match.end())
            is_last = text[at : at + 1] == "]"
            if not is_last and text[at : at + 1] != ",":
                raise ValueError("lacks a ',' or what comes before it")
        except JSONDecodeError:
            raise _refusal(text, at, number, _NO_TEXT) from None
        except ValueError as fault:
            raise _refusal(text, at, number, str(fault)) from None
        at = at if is_last else _after_spaces(text, at + 1)
    if _after_spaces(text, at + 1) < len(text):
        raise _refusal(text, at, number, "has something after its list")


def _after_spaces(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Cell]:
    """Return the names and values of an object. Raise :class:`ValueError` if one is no cell."""
    pairs: dict[str, Cell] = {}
    for key, value in found:
        if key in pairs:
            raise ValueError(f"has {quoted(key)} twice")
        if isinstance(value, bytes):
            raise ValueError(f"has a number of {len(value):,} digits as {quoted(key)}")
        if isinstance(value, float) and not isfinite(value):
            raise ValueError(f"has a number as {quoted(key)} that is too large")
        for text in (key, value):
            if isinstance(text, str) and len(text) > TEXT_LIMIT:
                raise ValueError(f"has a text of more than {TEXT_LIMIT:,} characters")
            if isinstance(text, str) and not text.isascii() and _SURROGATE.search(text):
                raise ValueError("has half a character in a text")
        is_blank = isinstance(value, str) and (not value or value.isspace())
        pairs[key] = None if is_blank else value
    return pairs


def _whole(digits: str) -> int | bytes:
    """Return a whole number, or its digits if they are too many."""
    return int(digits) if len(digits) <= _DIGITS_LIMIT else digits.encode()


_decode = JSONDecoder(object_pairs_hook=_pairs, parse_int=_whole).decode


def _fault(text: str, at: int) -> tuple[int, str]:
    """Return where an object is not as it should be, and how."""
    begun = _BEGINNING.match(text, at)
    if not begun:
        return at, "is no object"
    at = begun.end()
    key = _KEY.match(text, at)
    if not key:
        return at, _NO_TEXT if text[at : at + 1] == '"' else "is not written as JSON is"
    if not key[2]:
        return at, "lacks a ':' or what comes before it"
    at, name = key.end(), quoted(_decode(key[1]))
    value = _VALUE.match(text, at)
    if not value:
        return at, f"has something as {name} that is not a value of JSON"
    if value[1]:
        return at, "lacks a ',' or what comes before it"
    kinds = {"[": f"has a list as {name}", "{": f"has an object as {name}", '"': _NO_TEXT}
    return at, kinds[value[0]]


def _refusal(text: str, at: int, number: int, fault: str) -> Unreadable:
    line = text.count("\n", 0, at) + 1
    place = f"object {number:,}, line {line:,}" if number else f"line {line:,}"
    return Unreadable(
        f"is not a list of flat objects: {place} {fault};"
        " give each a text, a number, true, false or null for each name"
    )
