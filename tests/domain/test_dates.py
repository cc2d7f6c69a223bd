"""Dates, moments and financial years, read as people in the UK write them."""

import os
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import any_days

from irbtrack.domain.dates import (
    MONTHS,
    PartialDate,
    last_month_end,
    read_date,
    read_days,
    read_days_or_range,
    read_moment,
    read_partial_date,
    read_period_end,
    read_year,
    say_date,
    say_date_briefly,
    say_moment,
    say_partial_date,
    year_of,
)
from irbtrack.errors import Misused

TODAY = date(2023, 11, 23)
ACCEPTED = (
    "a date is written 31/10/2023, 31 Oct 23, 2023-10-31, today, yesterday, last month end or +30d,"
    " and a due date also Nov-23"
)


@pytest.mark.parametrize(
    "written",
    [
        "31/10/2023",
        "31/10/23",
        "31-10-2023",
        "31.10.2023",
        "31 10 2023",
        "2023-10-31",
        "31 Oct 23",
        "31 Oct 2023",
        "31-Oct-23",
        "31 October 2023",
        "31 OCTOBER 2023",
        "31st October 2023",
        "  31   oct   23 ",
        "31\u00a0Oct\u00a02023",
        "last month end",
        "Last Month End",
    ],
)
def test_the_31st_of_october_is_read_however_it_is_written(written: str) -> None:
    assert read_date(written, TODAY) == date(2023, 10, 31)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1/2/2023", date(2023, 2, 1)),
        ("01/02/2023", date(2023, 2, 1)),
        ("1-2-23", date(2023, 2, 1)),
        ("2023-02-01", date(2023, 2, 1)),
        ("2023-2-1", date(2023, 2, 1)),
        ("12/11/2023", date(2023, 11, 12)),
        ("2023-11-12", date(2023, 11, 12)),
        ("2nd Sept 2023", date(2023, 9, 2)),
        ("3rd May 23", date(2023, 5, 3)),
        ("29 Feb 2024", date(2024, 2, 29)),
        ("23/11/99", date(2099, 11, 23)),
    ],
)
def test_numbers_alone_are_day_first_and_iso_never_is(written: str, expected: date) -> None:
    assert read_date(written, TODAY) == expected


@pytest.mark.parametrize(
    ("written", "today", "expected"),
    [
        ("today", TODAY, TODAY),
        ("Yesterday", TODAY, date(2023, 11, 22)),
        ("yesterday", date(2024, 3, 1), date(2024, 2, 29)),
        ("tomorrow", date(2024, 2, 29), date(2024, 3, 1)),
        ("last month end", date(2024, 3, 1), date(2024, 2, 29)),
        ("last month end", date(2023, 3, 31), date(2023, 2, 28)),
        ("last month end", date(2024, 1, 15), date(2023, 12, 31)),
        ("+30d", TODAY, date(2023, 12, 23)),
        ("+0d", TODAY, TODAY),
        ("-2w", TODAY, date(2023, 11, 9)),
        ("- 2 w", TODAY, date(2023, 11, 9)),
        ("+1m", date(2023, 1, 31), date(2023, 2, 28)),
        ("+1m", date(2024, 1, 31), date(2024, 2, 29)),
        ("+1m", date(2023, 11, 30), date(2023, 12, 30)),
        ("-1m", date(2023, 3, 31), date(2023, 2, 28)),
        ("+1Y", date(2024, 2, 29), date(2025, 2, 28)),
        ("-4y", date(2024, 2, 29), date(2020, 2, 29)),
    ],
)
def test_what_is_relative_counts_from_today(written: str, today: date, expected: date) -> None:
    assert read_date(written, today) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Nov-23", date(2023, 11, 30)),
        ("Nov 2023", date(2023, 11, 30)),
        ("november 2023", date(2023, 11, 30)),
        ("Sept-23", date(2023, 9, 30)),
        ("Dec-23", date(2023, 12, 31)),
        ("Feb-23", date(2023, 2, 28)),
        ("Feb/24", date(2024, 2, 29)),
    ],
)
def test_a_month_alone_is_its_last_day_where_a_month_will_do(written: str, expected: date) -> None:
    assert read_date(written, TODAY, month_end=True) == expected


def test_a_month_alone_is_refused_where_a_day_is_needed() -> None:
    with pytest.raises(Misused) as refusal:
        read_date("Nov-23", TODAY)
    assert str(refusal.value) == "'Nov-23' names a month; give the day, as in 31/10/2023"


@pytest.mark.parametrize("month_end", [False, True])
@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "45230",
        "20231031",
        "10/31/2023",
        "2023-31-10",
        "2023/10/31",
        "31/10",
        "31 Oct",
        "31/10/202",
        "31 Foo 2023",
        "Foo-23",
        "0/10/2023",
        "2023-10-31T00:00",
        "31/10/2023 09:30",
        "the day after tomorrow",
        "30d",
        "+30",
        "+30x",
        "+9999y",
        "-9999y",
        "31/10/2023; 1",
        "\x1b[31m",
    ],
)
def test_what_is_no_date_or_two_dates_is_refused(written: str, *, month_end: bool) -> None:
    with pytest.raises(Misused) as refusal:
        read_date(written, TODAY, month_end=month_end)
    shown = written.replace("\x1b", "\\x1b")
    assert str(refusal.value) == f"'{shown}' is not a date; {ACCEPTED}"


@pytest.mark.parametrize("written", ["1/1/0023", "31 Dec 1899", "2200-01-01", "+9990w"])
def test_a_day_of_another_age_is_refused(written: str) -> None:
    year = {"1/1/0023": 23, "31 Dec 1899": 1899, "2200-01-01": 2200, "+9990w": 2215}[written]
    with pytest.raises(Misused) as refusal:
        read_date(written, TODAY)
    assert str(refusal.value) == f"'{written}' is in the year {year}; give one from 1900 to 2199"


def test_the_first_and_the_last_day_that_are_taken() -> None:
    for day in (date(1900, 1, 1), date(2199, 12, 31)):
        assert read_date(day.isoformat(), TODAY) == day


def test_a_day_before_the_calendar_begins_is_refused() -> None:
    for written in ("yesterday", "last month end", "-1d"):
        with pytest.raises(Misused):
            read_date(written, date(1, 1, 1))


@given(any_days, st.sampled_from(["/", "-", ".", " "]))
def test_every_written_form_of_a_day_is_read_as_that_day(day: date, part: str) -> None:
    month = MONTHS[day.month - 1]
    for written in (
        day.isoformat(),
        f"{day.day}{part}{day.month}{part}{day.year}",
        f"{day.day:02}{part}{day.month:02}{part}{day.year}",
        f"{day.day}{part}{month}{part}{day.year}",
        f"{day.day}{part}{month[:3]}{part}{day.year}",
        say_date(day),
        say_date_briefly(day),
    ):
        assert read_date(written, TODAY) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_two_digits_of_a_year_are_of_this_century(day: date) -> None:
    assert read_date(f"{day:%d/%m/%y}", TODAY) == day
    assert read_date(f"{day.day} {MONTHS[day.month - 1]} {day:%y}", TODAY) == day


@given(any_days)
def test_the_last_day_of_a_month_is_followed_by_a_first(day: date) -> None:
    last = read_date(f"{MONTHS[day.month - 1]} {day.year}", TODAY, month_end=True)
    assert (last.year, last.month) == (day.year, day.month)
    assert (last + timedelta(days=1)).day == 1
    assert last_month_end(last + timedelta(days=1)) == last


@given(st.dates(date(1950, 1, 1), date(2149, 12, 31)), st.integers(0, 2600))
def test_days_and_weeks_ahead_and_back_are_exact(today: date, number: int) -> None:
    assert read_date(f"+{number}d", today) == today + timedelta(days=number)
    assert read_date(f"-{number}d", today) == today - timedelta(days=number)
    assert read_date(f"+{number}w", today) == today + timedelta(weeks=number)


@given(st.text())
def test_any_text_is_a_date_or_misused(text: str) -> None:
    try:
        assert isinstance(read_date(text, TODAY, month_end=True), date)
    except Misused as refusal:
        assert str(refusal).endswith((ACCEPTED, "from 1900 to 2199"))  # noqa: PT017 - either outcome is right


def test_days_are_said_without_a_leading_zero() -> None:
    assert say_date(date(2023, 10, 3)) == "3 October 2023"
    assert say_date_briefly(date(2023, 10, 31)) == "31 Oct 2023"


@pytest.mark.parametrize(
    ("written", "report", "expected"),
    [
        ("14/11", TODAY, date(2023, 11, 14)),
        ("14/11", date(2023, 11, 14), date(2023, 11, 14)),
        ("14/11", date(2023, 11, 13), date(2022, 11, 14)),
        ("14 Nov", TODAY, date(2023, 11, 14)),
        ("14th November", TODAY, date(2023, 11, 14)),
        (" 14-nov ", TODAY, date(2023, 11, 14)),
        ("14.11", TODAY, date(2023, 11, 14)),
        ("01/11", TODAY, date(2023, 11, 1)),
        ("13 Dec", date(2024, 1, 18), date(2023, 12, 13)),
        ("13/1", date(2024, 1, 18), date(2024, 1, 13)),
        ("31/12", date(2024, 1, 1), date(2023, 12, 31)),
        ("29 Feb", date(2024, 2, 29), date(2024, 2, 29)),
        ("29 Feb", date(2024, 2, 28), date(2020, 2, 29)),
        ("29/02", TODAY, date(2020, 2, 29)),
        ("29/02", date(1904, 2, 28), date(1896, 2, 29)),
        ("14/11/2022", TODAY, date(2022, 11, 14)),
        ("14 Nov 22", TODAY, date(2022, 11, 14)),
        ("2022-11-14", TODAY, date(2022, 11, 14)),
        ("14/11/2024", TODAY, date(2024, 11, 14)),
        ("yesterday", TODAY, date(2023, 11, 22)),
    ],
)
def test_a_day_without_a_year_is_the_newest_that_is_not_after_the_report(
    written: str, report: date, expected: date
) -> None:
    assert read_partial_date(written, report) == PartialDate(expected, "day")


@pytest.mark.parametrize(
    ("written", "report", "expected"),
    [
        ("October", TODAY, date(2023, 10, 31)),
        ("oct", TODAY, date(2023, 10, 31)),
        ("Sept", TODAY, date(2023, 9, 30)),
        ("November", TODAY, TODAY),
        ("December", TODAY, date(2022, 12, 31)),
        ("December", date(2024, 1, 18), date(2023, 12, 31)),
        ("January", date(2024, 1, 18), date(2024, 1, 18)),
        ("February", date(2024, 3, 1), date(2024, 2, 29)),
        ("Oct 2022", TODAY, date(2022, 10, 31)),
        ("Feb-24", TODAY, date(2024, 2, 29)),
        ("Dec 2022", TODAY, date(2022, 12, 31)),
        ("Nov-23", TODAY, TODAY),
        ("Nov-23", date(2023, 11, 30), date(2023, 11, 30)),
    ],
)
def test_a_month_alone_is_its_last_day_or_the_reports(
    written: str, report: date, expected: date
) -> None:
    assert read_partial_date(written, report) == PartialDate(expected, "month")


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "14",
        "2023",
        "0/11",
        "14/13",
        "11/14",
        "14 Foo",
        "Foo",
        "Q2 2024",
        "Dec 9999",
        "Nov 0000",
    ],
)
def test_what_is_no_date_of_a_report_is_refused(written: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_partial_date(written, TODAY)
    assert str(refusal.value) == (
        f"'{written}' is not a date; write 14/11/2023, or as in a report 14/11, 14 Nov or October"
    )


@given(st.dates(date(1920, 1, 1), date(2199, 12, 31)), any_days, st.sampled_from(["/", " ", "-"]))
def test_a_day_and_month_are_of_the_year_before_the_report_or_the_last_leap_year(
    day: date, report: date, part: str
) -> None:
    for month in (str(day.month), MONTHS[day.month - 1], MONTHS[day.month - 1][:3]):
        found, known_to = read_partial_date(f"{day.day}{part}{month}", report)
        assert (found.day, found.month, known_to) == (day.day, day.month, "day")
        assert found <= report
        years = report.year - found.year
        leap = (day.month, day.day) == (2, 29)
        assert years <= (8 if leap else 1)
        if not leap:
            assert found > report - timedelta(days=366)


@given(any_days, st.integers(1, 12))
def test_a_month_is_of_the_year_before_the_report(report: date, month: int) -> None:
    found, known_to = read_partial_date(MONTHS[month - 1], report)
    assert (found.month, known_to) == (month, "month")
    assert report - timedelta(days=366) < found <= report
    assert found == report or (found + timedelta(days=1)).day == 1


@given(st.text(), any_days)
def test_any_text_is_a_date_of_a_report_or_misused(text: str, report: date) -> None:
    try:
        assert isinstance(read_partial_date(text, report).day, date)
    except Misused as refusal:
        assert str(refusal).endswith("14/11, 14 Nov or October")  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("1m", date(2023, 10, 31), date(2023, 11, 30)),
        ("1M", date(2024, 1, 31), date(2024, 2, 29)),
        ("30d", date(2023, 10, 31), date(2023, 11, 30)),
        ("0d", TODAY, TODAY),
        (" 2 w ", date(2023, 10, 31), date(2023, 11, 14)),
        ("1y", date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_a_period_ends_so_many_days_weeks_months_or_years_on(
    written: str, start: date, end: date
) -> None:
    assert read_period_end(written, start) == end


@pytest.mark.parametrize("written", ["", "m", "1", "+1m", "-1m", "1.5m", "1q", "a month", "1m 2d"])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_period_end(written, TODAY)
    assert (
        str(refusal.value) == f"'{written}' is not a period; write 30d, 2w, 1m or 1y, not past 2199"
    )


def test_a_period_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Misused):
        read_period_end("9999y", TODAY)


def test_a_date_is_said_as_closely_as_it_is_known() -> None:
    assert say_partial_date(date(2023, 10, 3), "day") == "3 Oct 2023"
    assert say_partial_date(date(2023, 10, 31), "month") == "Oct 2023"


@given(any_days)
def test_a_partial_date_as_it_is_said_reads_back_as_itself(day: date) -> None:
    report = date(2199, 12, 31)
    assert read_partial_date(say_partial_date(day, "day"), report) == PartialDate(day)
    month = read_partial_date(say_partial_date(day, "month"), report)
    assert (month.day.year, month.day.month, month.known_to) == (day.year, day.month, "month")


@pytest.mark.parametrize(
    "written",
    ["22/23", "22-23", "2022/23", "2022-23", "2022/2023", "FY23", "fy 23", "FY2023", " 22 / 23 "],
)
def test_a_financial_year_is_read_however_it_is_written(written: str) -> None:
    assert read_year(written) == "22/23"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("99/00", "99/00"), ("FY00", "99/00"), ("20/21", "20/21"), ("2020/21", "20/21")],
)
def test_a_financial_year_may_end_a_century_or_begin_with_20(written: str, expected: str) -> None:
    assert read_year(written) == expected


@pytest.mark.parametrize(
    "written", ["22/24", "23/22", "22/22", "2022", "22", "FY", "FY1", "2022/3", "Q1 22/23", ""]
)
def test_years_that_do_not_follow_one_another_are_refused(written: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_year(written)
    assert str(refusal.value) == (
        f"'{written}' is not a financial year; write 22/23, 2022/23, 2022-23 or FY23"
    )


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2023, 3, 31), "22/23"),
        (date(2023, 4, 1), "23/24"),
        (date(2023, 12, 31), "23/24"),
        (date(2024, 1, 1), "23/24"),
        (date(2000, 3, 31), "99/00"),
        (date(1999, 4, 1), "99/00"),
    ],
)
def test_the_financial_year_turns_on_the_first_of_april(day: date, year: str) -> None:
    assert year_of(day) == year


@given(any_days)
def test_the_year_of_any_day_reads_back_as_itself(day: date) -> None:
    assert read_year(year_of(day)) == year_of(day)


ZONES = ["UTC", "Europe/London", "Asia/Tokyo", "America/New_York"]


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The time zone of the machine, for one test."""
    monkeypatch.setenv("TZ", request.param)
    clock.tzset()
    yield request.param
    monkeypatch.undo()
    clock.tzset()


needs_zones = pytest.mark.skipif(os.name == "nt", reason="a Windows process has one time zone")


@needs_zones
@pytest.mark.parametrize("zone", ["UTC"], indirect=True)
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("31/10/2023", datetime(2023, 10, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("today", datetime(2023, 11, 23, 23, 59, 59, 999999, tzinfo=UTC)),
        ("31/10/2023 17:30", datetime(2023, 10, 31, 17, 30, tzinfo=UTC)),
        ("31/10/2023 9:30", datetime(2023, 10, 31, 9, 30, tzinfo=UTC)),
        ("31/10/2023 9:30:15", datetime(2023, 10, 31, 9, 30, 15, tzinfo=UTC)),
        ("31 Oct 23 17:30", datetime(2023, 10, 31, 17, 30, tzinfo=UTC)),
        ("last month end 17:30", datetime(2023, 10, 31, 17, 30, tzinfo=UTC)),
        ("2023-10-31 17:30", datetime(2023, 10, 31, 17, 30, tzinfo=UTC)),
        ("2023-10-31T17:30", datetime(2023, 10, 31, 17, 30, tzinfo=UTC)),
        ("2023-10-31T17:30:15.250000", datetime(2023, 10, 31, 17, 30, 15, 250000, tzinfo=UTC)),
    ],
)
@pytest.mark.usefixtures("zone")
def test_a_moment_is_a_day_with_a_time_or_the_end_of_a_day(
    written: str, expected: datetime
) -> None:
    assert read_moment(written, TODAY) == expected


@needs_zones
@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", datetime(2023, 7, 31, 17, 30, tzinfo=UTC)),
        ("Europe/London", datetime(2023, 7, 31, 16, 30, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2023, 7, 31, 8, 30, tzinfo=UTC)),
    ],
    indirect=["zone"],
)
@pytest.mark.usefixtures("zone")
def test_a_time_without_an_offset_is_local(expected: datetime) -> None:
    assert read_moment("31/07/2023 17:30", TODAY) == expected
    assert read_moment("2023-07-31T17:30", TODAY) == expected


@needs_zones
@pytest.mark.parametrize("zone", ZONES, indirect=True)
@pytest.mark.usefixtures("zone")
def test_a_moment_with_an_offset_is_the_same_everywhere() -> None:
    expected = datetime(2023, 10, 31, 9, 30, tzinfo=UTC)
    for written in ("2023-10-31T09:30+00:00", "2023-10-31T09:30Z", "2023-10-31T11:30+02:00"):
        moment = read_moment(written, TODAY)
        assert moment == expected
        assert moment.utcoffset() == timedelta(0)


@needs_zones
@pytest.mark.parametrize("zone", ZONES, indirect=True)
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    "written", ["31/12/9999", "9999-12-31T23:59", "0001-01-01", "0001-01-01T00:00", "1/1/0001 0:00"]
)
def test_a_moment_at_either_end_of_the_calendar_is_read_or_misused(written: str) -> None:
    try:
        assert read_moment(written, TODAY).tzinfo is UTC
    except Misused as refusal:
        assert written.split(maxsplit=1)[0] in str(refusal)  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    "written", ["31/10/2023 25:00", "31/10/2023 17:60", "2023-10-31T99:00", "2023-02-31T09:00"]
)
def test_a_time_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_moment(written, TODAY)
    assert str(refusal.value) == f"'{written}' is not a moment; write 31/10/2023 17:30"


def test_a_moment_of_no_day_is_refused_as_a_date_is() -> None:
    for written in ("soon", "", "32/02/2023", "32/02/2023 17:30"):
        with pytest.raises(Misused, match="is not a date; a date is written 31/10/2023"):
            read_moment(written, TODAY)


DAYS = "a number of days; give a whole number from 0 to 99,999, or a period such as 6m"


@pytest.mark.parametrize(
    ("text", "days"),
    [("0", 0), (" 99999 ", 99_999), ("007", 7), ("6m", 184), (" 2W ", 14), ("1y", 365), ("9d", 9)],
)
def test_days_are_a_number_or_a_period_before_the_day(text: str, days: int) -> None:
    assert read_days(text, date(2023, 10, 31)) == days
    assert read_days_or_range(text, date(2023, 10, 31)) == (days, None)


@pytest.mark.parametrize("text", ["", "x", "-1", "100000", "1.5", "9999y", "6 months", "1-2-3"])
def test_what_is_no_number_of_days_is_refused(text: str) -> None:
    for read in (read_days, read_days_or_range):
        with pytest.raises(Misused) as refused:
            read(text, TODAY)
        assert str(refused.value) == f"'{text}' is not {DAYS}"


def test_a_range_of_days_begins_with_the_smaller_number() -> None:
    assert read_days_or_range(" 31 - 90 ", TODAY) == (31, 90)
    assert read_days_or_range("31-31", TODAY) == (31, 31)
    with pytest.raises(Misused) as refused:
        read_days_or_range("90-31", TODAY)
    assert str(refused.value) == "'90-31' ends before it begins; give the smaller number first"


def test_a_moment_is_said_in_utc() -> None:
    moment = datetime(2023, 11, 1, 0, 30, 7, tzinfo=timezone(timedelta(hours=1)))
    assert say_moment(moment) == "31 October 2023, 23:30 UTC"
    assert say_moment(moment, seconds=True) == "31 October 2023, 23:30:07 UTC"
