"""What people say about how to read a tracker: its sheet, its columns, and its words.

The rest is guessed from the sheet. A mapping is kept as TOML, so that next month's tracker is
read as this month's was.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.words import folded, whole
from irbtrack.errors import Misused, listed, near, quoted

DATE_ORDERS = ("dmy", "mdy")
"""Day first, as everywhere in the UK, or month first."""


_NUMBER = r"\d+(?:\.\d+)?"
_NUMBERS = rf"({_NUMBER})\s*[-\u2013]\s*({_NUMBER})"


class _Range(NamedTuple):
    """The numbers from the first to the last, and what they mean."""

    first: float
    last: float
    meant: str


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(_NUMBER, text.strip()) else None


class SheetMapping(NamedTuple):
    """Where the headers of a sheet are, and which column each field is in.

    ``header_row`` counts from 1. ``columns`` has a header or column letters by field, empty for a
    field to be left out.
    """

    header_row: int | None = None
    columns: Mapping[str, str] = {}


@dataclass(frozen=True)
class TrackerMapping:
    """What people said about how to read a file; what is None or absent is to be guessed.

    ``sheets`` are the sheets to be read, and with ``all_sheets`` they are all that fit.
    ``header_row`` and ``columns`` are those of any sheet, as in a :class:`SheetMapping`;
    ``only`` has, by sheet, what is otherwise in it.
    ``values`` has what a cell's text means, by field and text. ``defaults`` has what a new record
    gets where its cell is empty. ``key`` names the fields by which
    a row without a reference is known. With ``raised_earliest`` what was done before it was raised
    was raised on that day. ``year_from`` is the date whose financial year is that of a row
    without a year. With ``split_owners``, a cell may name co-owners after the owner. With
    ``create_missing`` the records that cells name are made if they are not there.
    """

    sheets: tuple[str, ...] = ()
    all_sheets: bool = False
    header_row: int | None = None
    date_order: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, SheetMapping] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    raised_earliest: bool = False
    year_from: str | None = None
    split_owners: bool = False
    create_missing: bool = False

    @property
    def names_sheets(self) -> bool:
        """Whether somebody said which sheets are meant."""
        return bool(self.sheets) or self.all_sheets

    def of_sheet(self, name: str) -> SheetMapping:
        """Return what holds of one sheet: what was said of it alone, and what of any."""
        row, columns = self.header_row, dict(self.columns)
        for of, own in self.only.items():
            if folded(of) == folded(name):
                row, columns = own.header_row or row, columns | dict(own.columns)
        return SheetMapping(row, columns)

    def meant(self, name: str, text: str) -> str | None:
        """Return what a cell's text of a field is to be read as, or None if nobody said.

        A number that has no meaning of its own has that of the first range it is in.
        """
        known = self.values.get(name)
        if not known:
            return None
        meant = known.get(folded(text))
        if meant is None and name in self._ranges and (number := _number(text)) is not None:
            within = (one.meant for one in self._ranges[name] if one.first <= number <= one.last)
            return next(within, None)
        return meant

    @cached_property
    def _ranges(self) -> dict[str, list["_Range"]]:
        """The numbers that mean the same, by field."""
        ranges: dict[str, list[_Range]] = {}
        for name, meanings in self.values.items():
            for text, meant in meanings.items():
                if match := re.fullmatch(_NUMBERS, text):
                    one = _Range(float(match[1]), float(match[2]), meant)
                    ranges.setdefault(name, []).append(one)
        return ranges

    def over(self, saved: "TrackerMapping") -> "TrackerMapping":
        """Return this mapping, completed with what was ``saved``."""
        picked = self if self.names_sheets else saved
        return TrackerMapping(
            picked.sheets,
            picked.all_sheets,
            self.header_row or saved.header_row,
            self.date_order or saved.date_order,
            {**saved.columns, **self.columns},
            self._only_over(saved),
            {
                name: {**saved.values.get(name, {}), **self.values.get(name, {})}
                for name in {**saved.values, **self.values}
            },
            {**saved.defaults, **self.defaults},
            self.key or saved.key,
            self.raised_earliest or saved.raised_earliest,
            self.year_from or saved.year_from,
            self.split_owners or saved.split_owners,
            self.create_missing or saved.create_missing,
        )

    def _only_over(self, saved: "TrackerMapping") -> dict[str, SheetMapping]:
        """Return what is said of single sheets; what is said now of any sheet goes before it."""
        only: dict[str, SheetMapping] = {}
        for name, one in saved.only.items():
            columns = {of: header for of, header in one.columns.items() if of not in self.columns}
            only[name] = SheetMapping(None if self.header_row else one.header_row, columns)
        for name, one in self.only.items():
            was = only.get(name, SheetMapping())
            columns = {**was.columns, **one.columns}
            only[name] = SheetMapping(one.header_row or was.header_row, columns)
        return only


def read_sheet_mappings(
    rows: Iterable[str], columns: Iterable[str], fields: Iterable[Field]
) -> dict[str, SheetMapping]:
    """Return what is said of each sheet, by its name; the empty name stands for any sheet.

    It is said as in ``Closed!title=Agreed action``, or without the sheet. Raise :class:`Misused`
    for what cannot be read.

    >>> from irbtrack.domain.nouns.action import ACTION
    >>> read_sheet_mappings(["Closed!2"], ["title=Agreed action"], ACTION)["Closed"]
    SheetMapping(header_row=2, columns={})
    """
    known = list(fields)
    found: dict[str, SheetMapping] = {}
    for given in rows:
        sheet, _, row = given.rpartition("!")
        was = found.get(sheet, SheetMapping())
        if was.header_row is not None:
            raise Misused(f"--header-row {quoted(given)} is one too many; give one for a sheet")
        found[sheet] = was._replace(header_row=_header_row(given, row))
    for given in columns:
        sheet, of_sheet = _of_sheet(given)
        name, header = _pair("--map", of_sheet, known, "HEADER")
        was = found.get(sheet, SheetMapping())
        found[sheet] = was._replace(columns={**was.columns, name: header})
    return found


def _of_sheet(given: str) -> tuple[str, str]:
    """Return the sheet before an exclamation mark, or an empty name, and what is said of it.

    >>> _of_sheet("Closed risks!title=Risk"), _of_sheet("title=Act now!")
    (('Closed risks', 'title=Risk'), ('', 'title=Act now!'))
    """
    name, equals, header = given.partition("=")
    sheet, _, field = name.rpartition("!")
    return sheet, f"{field}{equals}{header}"


def _header_row(given: str, text: str) -> int:
    number = whole(text)
    if number is not None and 1 <= number <= _LAST_ROW:
        return number
    raise Misused(f"--header-row {quoted(given)} is not a row; give its number, from 1 on")


_LAST_ROW = 1_048_576


def read_defaults(given: Iterable[str], fields: Iterable[Field]) -> dict[str, str]:
    """Return values by field, from ``year=22/23`` and the like.

    Raise :class:`Misused` for what cannot be read.
    """
    known = list(fields)
    return dict(_pair("--default", one, known, "VALUE") for one in given)


def read_values(given: Iterable[str], fields: Iterable[Field]) -> dict[str, dict[str, str]]:
    """Return what texts mean, by field, from ``status:Implemented=complete`` and the like.

    A text such as ``15-25`` stands for the numbers of that range too.
    Raise :class:`Misused` for what cannot be read.

    >>> from irbtrack.domain.nouns.action import ACTION
    >>> read_values(["status:Implemented=complete"], ACTION)
    {'status': {'implemented': 'complete'}}
    """
    known = list(fields)
    values: dict[str, dict[str, str]] = {}
    for one in given:
        name, colon, rest = one.partition(":")
        text, equals, meant = rest.rpartition("=")
        if not colon or not equals or not text.strip():
            raise Misused(
                f"--value {quoted(one)} has no field, text and meaning; write"
                " status:Implemented=complete"
            )
        values.setdefault(known_field("--value", name, known), {})[folded(text)] = meant.strip()
    return values


def read_key(
    given: str | Iterable[str], fields: Iterable[Field], where: str = "--key"
) -> tuple[str, ...]:
    """Return the fields by which a row is known, from ``audit,title`` and the like.

    Raise :class:`Misused` for what cannot be read.
    """
    known = [one for one in fields if one.name not in _NO_KEY]
    names = given.split(",") if isinstance(given, str) else given
    return tuple(dict.fromkeys(known_field(where, name, known) for name in names))


_NO_KEY = frozenset({"ref", "status", "reason", "commentary"})
"""Fields by which no row can be known: a reference needs no key, and a record has no others."""


def _pair(option: str, given: str, fields: Iterable[Field], what: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals:
        raise Misused(f"{option} {quoted(given)} has no '='; write {option} FIELD={what}")
    return known_field(option, name, fields), value.strip()


def known_field(where: str, name: str, fields: Iterable[Field]) -> str:
    """Return the field of that name. Raise :class:`Misused`, naming those there are."""
    names = [one.name for one in fields if not one.derived]
    asked = name.strip().casefold().replace("-", "_")
    if asked in names:
        return asked
    alike = near(asked, names)
    meant = f"did you mean {listed(alike)}?" if alike else f"they are {listed(names, 'and')}"
    raise Misused(f"{where}: there is no field {quoted(name.strip())}; {meant}")


_KINDS = {
    "sheet": list, "all_sheets": bool, "header_row": int, "date_order": str, "key": list,
    "year_from": str, "split_owners": bool, "raised_earliest": bool, "create_missing": bool,
    "columns": dict, "sheets": dict, "values": dict, "defaults": dict,
}  # fmt: skip
"""What a mapping file may have, and of which type."""


def reader_from_toml(
    where: str, kept: Mapping[str, Any], fields: Iterable[Field]
) -> TrackerMapping:
    """Return the mapping that a TOML file keeps.

    Raise :class:`Misused`, naming what is not understood.
    """
    known = list(fields)
    if isinstance(kept.get("sheet"), str):
        kept = {**kept, "sheet": [kept["sheet"]]}
    _refuse_unknown(where, kept, _KINDS)
    columns = _texts(where, "columns", kept.get("columns", {}), known)
    defaults = _texts(where, "defaults", kept.get("defaults", {}), known)
    values: dict[str, dict[str, str]] = {}
    for name, meanings in kept.get("values", {}).items():
        if not isinstance(meanings, dict):
            raise Misused(f"{where}: values.{name} is not a table of texts and what they mean")
        own = {folded(text): _text(where, name, meant) for text, meant in meanings.items()}
        values[known_field(where, name, known)] = own
    order = kept.get("date_order")
    if order is not None:
        order = read_date_order(order, f"{where}: date_order")
    known_by = read_key([str(name) for name in kept.get("key", ())], known, f"{where}: key")
    year_from = kept.get("year_from")
    if year_from is not None:
        year_from = read_year_from(year_from, known, f"{where}: year_from")
    return TrackerMapping(
        tuple(str(name) for name in kept.get("sheet", ())),
        kept.get("all_sheets", False),
        kept.get("header_row"),
        order,
        columns,
        _of_single_sheets(where, kept.get("sheets", {}), known),
        values,
        defaults,
        known_by,
        kept.get("raised_earliest", False),
        year_from,
        kept.get("split_owners", False),
        kept.get("create_missing", False),
    )


def _refuse_unknown(where: str, kept: Mapping[str, Any], kinds: Mapping[str, type]) -> None:
    """Raise :class:`Misused` for a key that a table can't have, or of another type."""
    for key, value in kept.items():
        kind = kinds.get(key)
        if kind is None or type(value) is not kind or (type(value) is int and value < 1):
            example = "'irbtrack help spreadsheets' has an example"
            raise Misused(f"{where}: {quoted(key)} is not understood; {example}")


def _of_single_sheets(
    where: str, kept: Mapping[str, Any], fields: Iterable[Field]
) -> dict[str, SheetMapping]:
    """Return what is kept of single sheets, by name. Raise :class:`Misused`."""
    _refuse_unknown(where, kept, dict.fromkeys(kept, dict))
    found: dict[str, SheetMapping] = {}
    for name, one in kept.items():
        _refuse_unknown(f"{where}: sheets.{name}", one, {"header_row": int, "columns": dict})
        columns = _texts(where, "columns", one.get("columns", {}), fields)
        found[name] = SheetMapping(one.get("header_row"), columns)
    return found


def _texts(
    where: str, table: str, kept: Mapping[str, Any], fields: Iterable[Field]
) -> dict[str, str]:
    return {
        known_field(where, name, fields): _text(where, f"{table}.{name}", value)
        for name, value in kept.items()
    }


def _text(where: str, key: str, value: object) -> str:
    if isinstance(value, dict | list | bool):
        raise Misused(f"{where}: {key} is not a text; put it in quotes")
    return str(value)


def reader_to_toml(reader: TrackerMapping) -> dict[str, Any]:
    """Return what :func:`reader_from_toml` reads, without what is left to be guessed."""
    kept = {
        "sheet": list(reader.sheets),
        "all_sheets": reader.all_sheets or None,
        "header_row": reader.header_row,
        "date_order": reader.date_order,
        "key": list(reader.key),
        "raised_earliest": reader.raised_earliest or None,
        "year_from": reader.year_from,
        "split_owners": reader.split_owners or None,
        "create_missing": reader.create_missing or None,
        "columns": dict(reader.columns),
        "sheets": {name: _without_nothing(one._asdict()) for name, one in reader.only.items()},
        "values": {name: dict(meanings) for name, meanings in reader.values.items()},
        "defaults": dict(reader.defaults),
    }
    return _without_nothing(kept)


def _without_nothing(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in kept.items() if value not in (None, {}, [])}


def read_date_order(text: str, where: str = "--date-order") -> str:
    """Return one of :data:`DATE_ORDERS`. Raise :class:`Misused`, naming ``where`` it was given."""
    if text.strip().casefold() in DATE_ORDERS:
        return text.strip().casefold()
    raise Misused(f"{where} {quoted(text)} is neither dmy (day first) nor mdy (month first)")


def read_year_from(name: str, fields: Iterable[Field], where: str = "--year-from") -> str:
    """Return the date that gives a row its year. Raise :class:`Misused` for any other field."""
    dates = [one for one in fields if one.holds is Holds.DATE]
    return known_field(where, name, dates)
