"""Read dates, months, moments and financial years as people in the UK write them.

A date that could be read in two ways is refused rather than guessed. Nothing here looks at
the clock: the functions that need it are given ``today``.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from irbtrack.errors import Misused, quoted

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

FEBRUARY = 2

FOREVER = date.max
"""The ``valid_to`` of what still holds."""

ACCEPTED_DATES = (
    "a date is written 31/10/2023, 31 Oct 23, 2023-10-31, today, yesterday, last month end or"
    " +30d, and a due date also Nov-23"
)

_MONTH_NUMBERS = {name.casefold(): n for n, name in enumerate(MONTHS, 1)} | {
    name[:3].casefold(): n for n, name in enumerate(MONTHS, 1)
} | {"sept": 9}  # fmt: skip

_SEP = r"[\s/.-]+"
_ISO = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_DAY_FIRST = rf"(\d{{1,2}})(?:st|nd|rd|th)?{_SEP}(\d{{1,2}}|[a-z]+){_SEP}(\d{{4}}|\d{{2}})"
_MONTH = rf"([a-z]+){_SEP}(\d{{4}}|\d{{2}})"
_RELATIVE = r"([+-])\s*(\d{1,4})\s*([dwmy])"
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


class DayMissing(Misused):
    """A day that its month is too short for; ``why`` says how many it has."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"{quoted(text)} is not a date; {why}")
        self.why = why


def read_date(text: str, today: date, *, month_end: bool = False) -> date:
    """Return the day that ``text`` names.

    Numbers alone are day first; ISO dates are year first. Years are from 1900 to 2199, and one of
    two digits is 20xx. With ``month_end`` a month alone, such as ``Nov-23``, means its last day,
    as it does for a due date. Without it a month alone is refused. Raise :class:`Misused`,
    naming what is accepted or how many days the month has.

    >>> read_date("31/10/23", date(2023, 11, 23)).isoformat()
    '2023-10-31'
    >>> read_date("Feb-24", date(2023, 11, 23), month_end=True).isoformat()
    '2024-02-29'
    """
    day = _read_date(text, today, month_end)
    if not 1900 <= day.year <= 2199:
        raise Misused(f"{quoted(text)} is in the year {day.year}; give one from 1900 to 2199")
    return day


def _read_date(text: str, today: date, month_end: bool) -> date:
    asked = " ".join(text.split()).casefold()
    try:
        if asked in ("today", "yesterday", "tomorrow", "last month end"):
            return {
                "today": today,
                "yesterday": today - timedelta(days=1),
                "tomorrow": today + timedelta(days=1),
                "last month end": last_month_end(today),
            }[asked]
        if match := re.fullmatch(_ISO, asked):
            return _day_of(text, *map(int, match.groups()))
        if match := re.fullmatch(_DAY_FIRST, asked):
            day, month, year = match.groups()
            return _day_of(text, _year(year), _month(month), int(day))
        if match := re.fullmatch(_RELATIVE, asked):
            sign, number, unit = match.groups()
            from dateutil.relativedelta import relativedelta  # 2 ms that few dates need

            return today + relativedelta(**{_UNITS[unit]: int(f"{sign}{number}")})  # type: ignore[arg-type]
        if (match := re.fullmatch(_MONTH, asked)) and match[1] in _MONTH_NUMBERS:
            if not month_end:
                raise Misused(f"{quoted(text)} names a month; give the day, as in 31/10/2023")
            return _last_day(_year(match[2]), _month(match[1]))
    except (ValueError, OverflowError, KeyError):
        pass
    raise Misused(f"{quoted(text)} is not a date; {ACCEPTED_DATES}")


def is_month(text: str) -> bool:
    """Return whether a text that names a date names a month and no day.

    >>> is_month("March 2023"), is_month("1 March 2023")
    (True, False)
    """
    return re.fullmatch(_MONTH, " ".join(text.split()).casefold()) is not None


def _day_of(text: str, year: int, month: int, day: int) -> date:
    """Return a day of a month, as ``text`` names it.

    Raises :class:`DayMissing` if the month has fewer days, and ValueError for another month or
    a day that no month has.
    """
    try:
        return date(year, month, day)
    except ValueError:
        if not (28 < day <= 31 and 1 <= month <= 12):
            raise
        name = MONTHS[month - 1]
        why = f"{name} has 30 days"
        if month == FEBRUARY:
            why = f"{name} {year} has 28 days" if day == 29 else f"{name} has 28 or 29 days"
        raise DayMissing(text, why) from None


def date_and_note(text: str) -> tuple[str, str | None]:
    """Split a text into its date and the note in brackets after it, or None.

    >>> date_and_note("31-Mar-24 (FOR REVIEW)")
    ('31-Mar-24', 'FOR REVIEW')
    """
    day, opened, note = text.strip().removesuffix(")").partition("(")
    whole = opened and text.rstrip().endswith(")") and day.strip()
    if not whole or any(bracket in day + note for bracket in "()"):
        return text, None
    return day.strip(), note


class PartialDate(NamedTuple):
    """A day, and how closely it is known: to the ``day``, or only to the ``month``."""

    day: date
    known_to: str = "day"


_DAY_AND_MONTH = rf"(\d{{1,2}})(?:st|nd|rd|th)?{_SEP}(\d{{1,2}}|[a-z]+)"


def read_partial_date(text: str, against: date) -> PartialDate:
    """Return the day that ``text`` names in a report of the day ``against``.

    Where the text has no year, it means the newest such day that is not after the report. A month
    alone is known only to the month: its day is the month's last, or the report's if that is
    earlier. Any date that :func:`read_date` takes is read as it stands. Raise :class:`Misused`.

    >>> read_partial_date("14/11", date(2023, 11, 23))
    PartialDate(day=datetime.date(2023, 11, 14), known_to='day')
    >>> read_partial_date("October", date(2023, 11, 23))
    PartialDate(day=datetime.date(2023, 10, 31), known_to='month')
    >>> read_partial_date("13 Dec", date(2023, 11, 23)).day.isoformat()
    '2022-12-13'
    """
    asked = " ".join(text.split()).casefold()
    if match := re.fullmatch(_DAY_AND_MONTH, asked):
        short = None
        for year in range(against.year, against.year - 9, -1):  # 29 February may be 8 years ago
            try:
                day = _day_of(text, year, _month(match[2]), int(match[1]))
            except DayMissing as missing:
                short = missing
                continue
            except (ValueError, KeyError):
                continue
            if day <= against:
                return PartialDate(day)
        if short:
            raise short
    if asked in _MONTH_NUMBERS:
        month = _MONTH_NUMBERS[asked]
        year = against.year if month <= against.month else against.year - 1
        return PartialDate(min(_last_day(year, month), against), "month")
    try:
        if (match := re.fullmatch(_MONTH, asked)) and match[1] in _MONTH_NUMBERS:
            last = read_date(text, against, month_end=True)
            in_month = (against.year, against.month) == (last.year, last.month)
            return PartialDate(min(last, against) if in_month else last, "month")
        return PartialDate(read_date(text, against))
    except DayMissing:
        raise
    except Misused:
        raise Misused(
            f"{quoted(text)} is not a date; write 14/11/2023, or as in a report 14/11, 14 Nov or"
            " October"
        ) from None


def read_period_end(text: str, start: date) -> date:
    """Return the last day of the period that ``text`` names, counted from ``start``.

    Raise :class:`Misused` if it is not a period.

    >>> read_period_end("1m", date(2023, 10, 31)).isoformat()
    '2023-11-30'
    """
    if re.fullmatch(r"\s*\d{1,4}\s*[dwmy]\s*", text, re.IGNORECASE):
        try:
            return read_date(f"+{text.strip()}", start)
        except Misused:
            pass  # too far ahead
    raise Misused(f"{quoted(text)} is not a period; write 30d, 2w, 1m or 1y, not past 2199")


def read_days(text: str, day: date) -> int:
    """Return a number of days, from 0 to 99,999.

    A period, such as 6m, is as many days as it has before ``day``. Raise :class:`Misused`.

    >>> read_days("90", date(2023, 10, 31)), read_days("6m", date(2023, 10, 31))
    (90, 184)
    """
    if re.fullmatch(r"\s*[0-9]{1,5}\s*", text):
        return int(text)
    if re.fullmatch(r"\s*[0-9]{1,4}\s*[dwmy]\s*", text, re.IGNORECASE):
        try:
            return (day - read_date(f"-{text.strip()}", day)).days
        except Misused:
            pass  # too far back
    raise Misused(
        f"{quoted(text)} is not a number of days; give a whole number from 0 to 99,999, or a"
        " period such as 6m"
    )


def read_days_or_range(text: str, day: date) -> tuple[int, int | None]:
    """Return the least and the most of a number of days; the most is None without a range.

    Raise :class:`Misused` for a range that ends before it begins, or what :func:`read_days`
    refuses.

    >>> read_days_or_range("31-90", date(2023, 10, 31))
    (31, 90)
    """
    if not (match := re.fullmatch(r"\s*([0-9]{1,5})\s*-\s*([0-9]{1,5})\s*", text)):
        return read_days(text, day), None
    least, most = map(int, match.groups())
    if least > most:
        raise Misused(f"{quoted(text)} ends before it begins; give the smaller number first")
    return least, most


def say_partial_date(day: date, known_to: str) -> str:
    """Return a date in a few letters, as closely as it is known.

    >>> say_partial_date(date(2023, 10, 31), "month")
    'Oct 2023'
    """
    said = say_date_briefly(day)
    return said.split(" ", 1)[1] if known_to == "month" else said


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTH_NUMBERS[text]


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _last_day(year: int, month: int) -> date:
    return last_month_end(date(year + month // 12, month % 12 + 1, 1))


def last_month_end(today: date) -> date:
    """Return the last day of the month before the one that ``today`` is in.

    >>> last_month_end(date(2023, 11, 23)).isoformat()
    '2023-10-31'
    """
    return today.replace(day=1) - timedelta(days=1)


def read_moment(text: str, today: date) -> datetime:
    """Return the UTC moment that ``text`` names.

    A date alone means the end of that day. A date with a time is in the machine's time zone,
    unless it has its own offset, as in ``2023-10-31T09:30+00:00``. Raise :class:`Misused`.
    """
    try:
        return _read_moment(text.strip(), today).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Misused(f"{quoted(text)} is not a moment; write 31/10/2023 17:30") from None


def _read_moment(asked: str, today: date) -> datetime:
    if "T" in asked and re.match(_ISO, asked):
        return datetime.fromisoformat(asked)
    if match := re.fullmatch(r"(.+)[\sT](\d{1,2}:\d{2}(?::\d{2})?)", asked):
        clock = time.fromisoformat(match[2].zfill(len(match[2]) + (match[2][1] == ":")))
        return datetime.combine(read_date(match[1], today), clock)
    return datetime.combine(read_date(asked, today), time.max)


def say_date(day: date) -> str:
    """Return a date as the report writes it.

    >>> say_date(date(2023, 10, 31))
    '31 October 2023'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_moment(moment: datetime, *, seconds: bool = False) -> str:
    """Return a moment in UTC, in words."""
    at = moment.astimezone(UTC)
    return f"{say_date(at.date())}, {at:{'%H:%M:%S' if seconds else '%H:%M'}} UTC"


def say_date_briefly(day: date) -> str:
    """Return a date as a table cell shows it.

    >>> say_date_briefly(date(2023, 10, 3))
    '3 Oct 2023'
    """
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


_YEAR = r"(?:20)?(\d{2})\s*[/-]\s*(?:20)?(\d{2})"
_FY = r"fy\s*(?:20)?(\d{2})"


def read_year(text: str) -> str:
    """Return a financial year, April to March, as ``22/23``.

    ``FY23`` is the year that ends in 2023. Raise :class:`Misused` for two years that do not
    follow one another.

    >>> [read_year(t) for t in ("22/23", "2022/23", "2022-23", "FY23")]
    ['22/23', '22/23', '22/23', '22/23']
    """
    asked = text.strip()
    if match := re.fullmatch(_FY, asked, re.IGNORECASE):
        last = int(match[1])
        return f"{(last - 1) % 100:02}/{last:02}"
    if match := re.fullmatch(_YEAR, asked):
        first, last = int(match[1]), int(match[2])
        if (first + 1) % 100 == last:
            return f"{first:02}/{last:02}"
    raise Misused(f"{quoted(text)} is not a financial year; write 22/23, 2022/23, 2022-23 or FY23")


def year_of(day: date) -> str:
    """Return the financial year that ``day`` falls in.

    >>> year_of(date(2023, 3, 31)), year_of(date(2023, 4, 1))
    ('22/23', '23/24')
    """
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first % 100:02}/{(first + 1) % 100:02}"
