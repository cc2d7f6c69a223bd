"""Read the cells of a sheet as the values of fields, or say why they are none.

A cell is read by the rules of :mod:`irbtrack.domain.words` and :mod:`irbtrack.domain.dates`,
as if somebody had typed it. What a spreadsheet holds as a date, a number or a serial number
is read as what it is.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from irbtrack.domain.dates import DayMissing, date_and_note, is_month, read_date, read_year
from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns.audit import read_findings
from irbtrack.domain.nouns.council import Council, read_offered
from irbtrack.domain.nouns.rating import TREND_SIGNS, Trend, read_rag
from irbtrack.domain.tracker.outcomes import InDoubt, read_status
from irbtrack.domain.tracker.sheet import Cell
from irbtrack.domain.words import (
    NOTHING,
    read_choice,
    read_code,
    read_ref,
    read_text,
    read_title,
    read_whole,
)
from irbtrack.errors import IrbtrackError, Misused, quoted

TEXTS = frozenset({Holds.LINE, Holds.TEXT})
"""The fields that keep any words as they were typed."""

FIRST_SERIAL, LAST_SERIAL = 10_000, 109_574
"""The days that a number in a column of dates may mean: 18 May 1927 to 31 December 2199."""

_SERIAL_0 = date(1899, 12, 30)
_NUMERIC = r"(\d{1,2})([\s/.-]+)(\d{1,2})([\s/.-]+)(\d{4}|\d{2})"
_CLOCK = r"(?<=\d)[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$"

_ERROR = re.compile(
    r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!|ERROR)|Err:[0-9]{3}"
)
_PARTS = r";|\n|\s/\s"


def names_in(text: str) -> list[str]:
    """Return the names in a text that may have several, parted by semicolons, slashes or lines.

    >>> names_in("Head of Adults / Head of Finance;"), names_in("Head of HR/OD")
    (['Head of Adults', 'Head of Finance'], ['Head of HR/OD'])
    """
    return [one.strip() for one in re.split(_PARTS, text) if one.strip()]


_JOINTS = r"\s*&\s*|\s+and\s+|\s*,\s*(?:and\s+)?"
_OF = r"\b(?:of|for)\b"


def owners_in(text: str, whole: Collection[str] = ()) -> list[str]:
    """Return the owners in a text, who may also be joined by an ampersand, a comma or ``and``.

    A name that is one for all its parts isn't parted: one that has a name of ``whole`` in it,
    which are in lower case, and one whose parts are not alike.

    >>> owners_in("Head of Adults & Head of Finance"), owners_in("J. Smith, A. Jones and B. Lee")
    (['Head of Adults', 'Head of Finance'], ['J. Smith', 'A. Jones', 'B. Lee'])
    >>> owners_in("Head of Revenues & Benefits"), owners_in("Director of Parks and Open Spaces")
    (['Head of Revenues & Benefits'], ['Director of Parks and Open Spaces'])
    >>> owners_in("Housing & Regeneration", {"housing & regeneration"})
    ['Housing & Regeneration']
    """
    return [owner for name in names_in(text) for owner in _joined_in(name, whole)]


def _joined_in(name: str, whole: Collection[str]) -> list[str]:
    parts = [one.strip() for one in re.split(_JOINTS, name, flags=re.IGNORECASE) if one.strip()]
    are_words = {len(one.split()) > 1 for one in parts}
    have_of = {re.search(_OF, one, re.IGNORECASE) is not None for one in parts}
    asked = " ".join(name.split()).casefold()
    alike = len(are_words) == len(have_of) == 1
    return parts if alike and not any(one in asked for one in whole) else [name]


def is_joined(name: str) -> bool:
    """Return whether a name has an ampersand, a comma or ``and`` between its parts."""
    return re.search(_JOINTS, name, re.IGNORECASE) is not None


Find = Callable[[Holds, str, str | None], str]
"""A function that returns the reference of what a text names.

It may need the row's year. It raises :class:`Refused` if there is no such record.
"""


class Reading(NamedTuple):
    """What is needed to read cells: the day, the council's scales, and the register.

    ``month_first`` has the names of the fields whose dates are written month first.
    """

    today: date
    scale: Council
    find: Find
    month_first: frozenset[str] = frozenset()


class CellValue(NamedTuple):
    """The value of a cell, and the note in brackets after its date, if there is one.

    A date is known only ``to_month`` if the cell has no day.
    """

    value: Any
    note: str | None = None
    to_month: bool = False


def as_typed(cell: Cell) -> str:
    """Return a cell as somebody would type it.

    Dates are in ISO form, and whole numbers have no point.

    >>> as_typed(45230.0), as_typed(date(2023, 10, 31)), as_typed(None)
    ('45230', '2023-10-31', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def error_in(text: str) -> str | None:
    """Return the error of a spreadsheet that a text has, such as ``#REF!``, or None.

    >>> error_in("it shows the error #REF!"), error_in("#12")
    ('#REF!', None)
    """
    found = _ERROR.search(text)
    return found[0] if found else None


def says_nothing(field: Field, cell: Cell) -> bool:
    """Return whether a cell is empty or says that there is nothing.

    Words for nothing, such as ``n/a``, don't count in a field that holds text.
    """
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    folded = cell.strip().casefold()
    return not folded or (folded in NOTHING and field.holds not in TEXTS)


def read_cell(field: Field, cell: Cell, reading: Reading, year: str | None = None) -> CellValue:
    """Return what a cell says of a field; the value is None where it says that there is nothing.

    ``year`` is the row's, which is needed to find an audit. Raise :class:`IrbtrackError`, with a
    sentence that says what was read and what is accepted.
    """
    if says_nothing(field, cell):
        return CellValue(None)
    if field.holds is Holds.DATE:
        month_first = field.name in reading.month_first
        return read_day(
            cell, reading.today, month_first=month_first, month_end=not field.to_the_day
        )
    text = as_typed(cell)
    if field.holds in _FOUND:
        return CellValue(reading.find(field.holds, text, year) or None)
    return CellValue(_READ[field.holds](field, text, reading.scale))


_FOUND = frozenset(
    {
        *(Holds.DIRECTORATE, Holds.OFFICER, Holds.OFFICERS, Holds.AUDIT),
        *(Holds.DIRECTION, Holds.WORKSTREAM, Holds.MILESTONE),
    }
)


def _the(field: Field) -> str:
    return f"the {'title' if field.name == 'title' else field.label.lower()}"


def _line(field: Field, text: str, scale: Council) -> str:
    """Return a line of text, spelt as the council's list does if it is offered from one."""
    line = read_title(_the(field), " ".join(text.split()))
    return read_offered(line, getattr(scale, field.offered)) if field.offered else line


_READ: dict[Holds, Callable[[Field, str, Council], Any]] = {
    Holds.REF: lambda _, text, __: _read_ref(text),
    Holds.CODE: lambda _, text, __: read_code("anything", text),
    Holds.LINE: _line,
    Holds.TEXT: lambda field, text, _: read_text(_the(field), text),
    Holds.YEAR: lambda _, text, __: read_year(text),
    Holds.PRIORITY: lambda _, text, scale: read_choice("a priority", text, scale.priorities),
    Holds.CLASSIFICATION: lambda _, text, scale: read_choice(
        "a classification", text, scale.classifications
    ),
    Holds.CHOICE: lambda field, text, _: read_choice(f"one for {field.label}", text, field.choices),
    Holds.STATUS: lambda _, text, __: read_status(text),
    Holds.RAG: lambda _, text, __: read_rag(text),
    Holds.TREND: lambda _, text, __: _read_trend(text),
    Holds.NUMBER: lambda field, text, _: _read_number(field, text),
    Holds.FINDINGS: lambda _, text, scale: read_findings(text, scale.priorities),
}


def _read_ref(text: str) -> str:
    """Return a reference, with hyphens for the spaces in it.

    A refusal quotes the text as it stands in the cell.
    """
    try:
        return read_ref(_hyphened(text))
    except IrbtrackError:
        return read_ref(text)


def read_ref_alike(cell: Cell) -> str:
    """Return the form by which references are compared.

    It is in lower case, with hyphens for spaces.

    >>> read_ref_alike("Rec 1"), read_ref_alike(12.0)
    ('rec-1', '12')
    """
    return _hyphened(as_typed(cell)).casefold()


def _hyphened(text: str) -> str:
    return re.sub(r"\s*-\s*|\s+", "-", text.strip())


def _read_trend(text: str) -> str:
    """Return a trend that is written as a word or as the report's sign."""
    signs = {sign: trend.value for trend, sign in TREND_SIGNS.items()}
    return signs.get(text.strip()) or read_choice("a trend", text, [one.value for one in Trend])


def _read_number(field: Field, text: str) -> int:
    """Return a whole number; a percentage may have its sign."""
    return read_whole(f"a number for {field.label}", text.strip().removesuffix("%"), field.most)


def fits(field: Field, cell: Cell, reading: Reading) -> bool:
    """Return whether a cell could be a value of the field, as far as it alone can tell."""
    try:
        return read_cell(field, cell, reading).value is not None
    except InDoubt:
        return True
    except IrbtrackError:
        return False


def read_day(
    cell: Cell, today: date, *, month_first: bool = False, month_end: bool = True
) -> CellValue:
    """Return the day that a cell says, and the note after it.

    A month alone means its last day, or is refused without ``month_end``. A number from
    :data:`FIRST_SERIAL` on, typed or not, is a spreadsheet's serial number. Numbers alone are
    day first, or month first with ``month_first``; ISO dates are always year first. Raise
    :class:`Misused`.

    >>> read_day("31-Mar-24 (FOR REVIEW)", date(2023, 11, 23))
    CellValue(value=datetime.date(2024, 3, 31), note='FOR REVIEW', to_month=False)
    >>> read_day(45230.0, date(2023, 11, 23)).value.isoformat()
    '2023-10-31'
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return CellValue(_in_range(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if FIRST_SERIAL <= cell < LAST_SERIAL + 1:
            return CellValue(_SERIAL_0 + timedelta(days=int(cell)))
        raise Misused(f"the number {as_typed(cell)} is not a date; write the day, as 31/10/2023")
    typed, note = date_and_note(as_typed(cell))
    if re.fullmatch(r"\d{5,6}", bare := typed.strip()):  # int() takes fewer kinds of space
        return CellValue(read_day(int(bare), today).value, _trimmed(note))
    plain = re.sub(_CLOCK, "", typed.strip())
    if month_first and (match := re.fullmatch(_NUMERIC, plain)):
        first, gap, second, other_gap, year = match.groups()
        plain = f"{second}{gap}{first}{other_gap}{year}"
    try:
        day = read_date(plain, today, month_end=month_end)
        if day != read_date(plain, today + timedelta(days=40), month_end=month_end):
            raise Misused("it is relative")
    except DayMissing as missing:
        raise DayMissing(as_typed(cell), missing.why) from None
    except Misused:
        order, example = "", "31/10/2023"
        if month_first:
            order, example = ", and the column is month first", "10/31/2023"
        raise Misused(
            f"{quoted(as_typed(cell))} is not a date{order}; write {example}, 31 Oct 23,"
            f" 2023-10-31,{' Oct-23,' if month_end else ''} or nothing"
        ) from None
    return CellValue(day, _trimmed(note), is_month(plain))


def _trimmed(note: str | None) -> str | None:
    return note.strip() or None if note else None


def _in_range(day: date) -> date:
    if not 1900 <= day.year <= 2199:
        raise Misused(f"{day.isoformat()} is in the year {day.year}; give one from 1900 to 2199")
    return day


def only_month_first(cells: Iterable[Cell]) -> str | None:
    """Return a date that can only be month first, or None.

    It is None if no date of the column is such, or if another can only be day first.

    >>> only_month_first(["04/05/2023", "10/31/2023"])
    '10/31/2023'
    """
    found = None
    for cell in cells:
        if isinstance(cell, str) and (
            match := re.fullmatch(_NUMERIC, re.sub(_CLOCK, "", date_and_note(cell)[0].strip()))
        ):
            first, second = int(match[1]), int(match[3])
            if first > 12:
                return None
            if second > 12 and found is None:
                found = cell.strip()
    return found


def are_fractions(cells: Iterable[Cell]) -> bool:
    """Return whether a column of percentages holds fractions, such as 0.4 for 40%.

    Cells that are shown with % do. A column of only 0 and 1 is not taken for fractions, because
    nobody could tell 1% from 100%.
    """
    numbers = [c for c in cells if isinstance(c, int | float) and not isinstance(c, bool)]
    parts = any(number % 1 for number in numbers)
    return parts and all(0 <= number <= 1 for number in numbers)
