"""A day that its month is too short for: the sentence says how many days the month has."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.dates import (
    MONTHS,
    DayMissing,
    read_date,
    read_moment,
    read_partial_date,
)
from irbtrack.domain.nouns.direction import read_target
from irbtrack.domain.tracker.cells import read_day
from irbtrack.errors import Misused

TODAY = date(2023, 11, 23)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("31/11/2023", "November has 30 days"),
        ("31 sept 23", "September has 30 days"),
        ("2023-06-31", "June has 30 days"),
        ("29/2/2023", "February 2023 has 28 days"),
        ("29 Feb 2100", "February 2100 has 28 days"),
        ("30/2/2024", "February has 28 or 29 days"),
        ("31/02/2023", "February has 28 or 29 days"),
        ("31/2/0000", "February has 28 or 29 days"),
    ],
)
def test_it_is_said_wherever_a_date_is_read(written: str, why: str) -> None:
    for read in (
        lambda text: read_date(text, TODAY),
        lambda text: read_partial_date(text, TODAY),
        lambda text: read_moment(text, TODAY),
        lambda text: read_target(text, TODAY),
        lambda text: read_day(text, TODAY),
    ):
        with pytest.raises(Misused) as refusal:
            read(written)
        assert str(refusal.value) == f"'{written}' is not a date; {why}"


def test_a_cell_and_a_moment_say_so_too() -> None:
    with pytest.raises(DayMissing, match=r"^'31-Nov-23 \(FOR REVIEW\)' is not a date; November"):
        read_day("31-Nov-23 (FOR REVIEW)", TODAY)
    with pytest.raises(DayMissing, match=r"^'11/31/2023' is not a date; November has 30 days$"):
        read_day("11/31/2023", TODAY, month_first=True)
    with pytest.raises(DayMissing, match=r"^'31/11/2023' is not a date; November has 30 days$"):
        read_moment("31/11/2023 17:30", TODAY)


@pytest.mark.parametrize(
    ("written", "why"),
    [("31/9", "September has 30 days"), ("30 Feb", "February has 28 or 29 days")],
)
def test_a_date_without_a_year_names_none(written: str, why: str) -> None:
    with pytest.raises(DayMissing) as refusal:
        read_partial_date(written, TODAY)
    assert str(refusal.value) == f"'{written}' is not a date; {why}"


@pytest.mark.parametrize("written", ["32/11/2023", "31/13/2023", "0/2/2023", "31/0/2023"])
def test_what_is_a_day_of_no_month_or_of_none_is_refused_as_before(written: str) -> None:
    with pytest.raises(Misused, match="is not a date; a date is written 31/10/2023"):
        read_date(written, TODAY)


@given(st.integers(1900, 2199), st.integers(1, 12), st.integers(1, 31))
def test_a_day_is_missing_exactly_if_its_month_is_shorter(year: int, month: int, day: int) -> None:
    if day <= monthrange(year, month)[1]:
        assert read_date(f"{day}/{month}/{year}", TODAY) == date(year, month, day)
        return
    with pytest.raises(DayMissing, match=f"{MONTHS[month - 1]}.* has .* days$"):
        read_date(f"{day}/{month}/{year}", TODAY)
