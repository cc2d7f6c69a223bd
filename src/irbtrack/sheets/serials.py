"""Numbers, dates and times as workbooks write them."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from math import isfinite

from irbtrack.domain.tracker.sheet import Cell
from irbtrack.sheets.limits import damaged

NumberShown = Callable[[float], Cell]
"""What a number is in a cell of some format."""

_WHOLE = 1e15
"""The number below which a float can still tell one whole number from the next."""
_DAY = timedelta(days=1)
_BEGINNING = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
_LAST_DAY = 2_958_466
_SINCE_1904 = 1462
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NO_SIGN = re.compile(r'"[^"]*"?|[\\_*].|\[[^\]]*\]', re.DOTALL)
_SIGN_OF_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)
_BUILT_IN = {**dict.fromkeys([*range(14, 23), 45, 47], "d/m/yy"), 46: "[h]:mm:ss"}
_DURATION = re.compile(r"PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?", re.ASCII)


def number(value: float) -> int | float:
    """Return a number; as an int if it is whole. Raise :class:`Unreadable` if it is none."""
    if not isfinite(value):  # no spreadsheet has such a number
        raise damaged()
    return int(value) if value.is_integer() and abs(value) < _WHOLE else value


def number_in(text: str) -> float:
    """Return the number that is written. Raise :class:`ValueError` if none is."""
    if "_" in text:  # as Python writes 1_000
        raise ValueError(text)
    return float(text)


def moment_in(text: str) -> date | datetime:
    """Return a date or a moment in ISO 8601. Raise :class:`ValueError` if it is neither."""
    moment = datetime.fromisoformat(text).replace(tzinfo=None)
    return moment if moment.time() != time.min else moment.date()


def duration_in(text: str) -> time | timedelta:
    """Return a duration in ISO 8601, such as PT09H30M00S; as a time if it is below a day."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise damaged()
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return _of_a_day(timedelta(hours=hours, minutes=minutes, seconds=seconds))


def shown_as(code: str | int, formats: dict[int, str], *, since_1904: bool) -> NumberShown:
    """Return what numbers are in a number format: built in, or one of the ``formats``.

    >>> shown_as(14, {}, since_1904=False)(45230.0)
    datetime.date(2023, 10, 31)
    >>> shown_as(164, {164: '0.0 "days"'}, since_1904=False)(45230.0)
    45230
    """
    form = formats.get(int(code)) or _BUILT_IN.get(int(code), "")
    if _ELAPSED.search(form):
        return _elapsed
    if _SIGN_OF_DATE.search(_NO_SIGN.sub("", form)):
        return partial(_moment, since_1904=since_1904)
    return number


def _elapsed(days: float) -> Cell:
    return timedelta(seconds=round(days * 86_400)) if abs(days) < _LAST_DAY else number(days)


@lru_cache(maxsize=65_536)
def _moment(days: float, *, since_1904: bool) -> Cell:
    """Return the time, date or moment that a number of days is; the number if it is none."""
    if not 0 <= days < _LAST_DAY:
        return number(days)
    if days < 1:
        return _of_a_day(timedelta(milliseconds=round(days * 86_400_000)))
    # Lotus 1-2-3 took 1900 for a leap year, and Excel counts as it did
    further = _SINCE_1904 if since_1904 else days < 60
    moment = _BEGINNING + timedelta(milliseconds=round((days + further) * 86_400_000))
    return moment if moment.time() != time.min else moment.date()


def _of_a_day(duration: timedelta) -> time | timedelta:
    return duration if duration >= _DAY else (_BEGINNING + duration).time()
