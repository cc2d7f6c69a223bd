"""Read tables in JSON: a list of flat objects, as ``--format json`` writes them."""

import json
import re
from collections.abc import Iterator, Sequence
from io import TextIOBase
from math import isfinite
from typing import Any

from irbtrack.domain.tracker.sheet import Cell
from irbtrack.errors import quoted
from irbtrack.sheets.decoding import opened
from irbtrack.sheets.limits import (
    COLUMNS_LIMIT,
    RECORD_LIMIT,
    ROWS_LIMIT,
    TEXT_LIMIT,
    Allowance,
    CellRows,
    Unreadable,
    too_much,
)

_BEGINNING = re.compile(r"[ \t\n\r]*+\[[ \t\n\r]*+(\][ \t\n\r]*+)?")
_BETWEEN = re.compile(r"[ \t\n\r]*+[,\]][ \t\n\r]*+")
_DIGITS_LIMIT = 40
_SURROGATE = re.compile("[\ud800-\udfff]")


def rows_of_json(data: bytes) -> CellRows:
    """Return the rows of a list of flat objects: first the keys, as they first appear.

    null and texts of spaces only are empty cells; other values are kept. Raise
    :class:`Unreadable` for anything else, naming the object by its number from 1.
    """
    allowance = Allowance(len(data))
    columns: dict[str, int] = {}
    rows: list[Sequence[Cell]] = [()]
    for pairs in _objects(opened(data, may_be_cp1252=False)):
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


def _objects(source: TextIOBase) -> Iterator[dict[str, Cell]]:
    """Yield the objects of a list, of which no more than two are held. Raise Unreadable."""
    text, line, number = source.read(RECORD_LIMIT), 0, 0
    mark = _BEGINNING.match(text)
    if not mark:
        raise Unreadable("is not a list of objects; write [{...}, {...}]")
    at = mark.end()
    try:
        while "]" not in mark[0]:
            number += 1
            if len(text) - at < RECORD_LIMIT and (further := source.read(RECORD_LIMIT)):
                line += text.count("\n", 0, at)
                text, at = text[at:] + further, 0
            if not text.startswith("{", at):
                raise ValueError("is no object")
            found, end = _decode(text, at)
            if end - at > RECORD_LIMIT:
                raise too_much()
            at = end
            yield found
            mark = _BETWEEN.match(text, at)
            if not mark:
                raise ValueError("lacks a ',' or what comes before it")
            at = mark.end()
        if at < len(text) or source.read(1):
            raise ValueError("has something after its list")
    except RecursionError:
        fault = "has lists within lists"
    except json.JSONDecodeError as failure:
        is_cut_off = failure.pos == len(text) or failure.msg.startswith("Unterminated")
        if is_cut_off and source.read(1):
            raise too_much() from None
        fault, at = "is not written as JSON is", failure.pos
    except ValueError as failure:
        fault = str(failure)
    else:
        return
    line += text.count("\n", 0, at) + 1
    place = f"object {number:,}, line {line:,}" if number else f"line {line:,}"
    raise Unreadable(
        f"is not a list of flat objects: {place} {fault};"
        " give each a text, a number, true, false or null for each name"
    )


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Cell]:
    """Return the names and values of an object. Raise :class:`ValueError` if one is no cell."""
    pairs: dict[str, Cell] = {}
    for key, value in found:
        if key in pairs:
            raise ValueError(f"has {quoted(key)} twice")
        if isinstance(value, list | dict):
            kind = "a list" if isinstance(value, list) else "an object"
            raise ValueError(f"has {kind} as {quoted(key)}")
        if isinstance(value, bytes) or (isinstance(value, float) and not isfinite(value)):
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


def _refuse_constant(name: str) -> None:
    raise ValueError(f"has {name}, which is not a value of JSON")


_decode = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_whole, parse_constant=_refuse_constant
).raw_decode
