"""What the cells of a sheet say, field by field, and the sentences that refuse others."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import any_days

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns import FIELDS
from irbtrack.domain.nouns.action import ACTION, Closure
from irbtrack.domain.nouns.audit import AUDIT
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.direction import DIRECTION
from irbtrack.domain.nouns.directorate import DIRECTORATE
from irbtrack.domain.nouns.milestone import MILESTONE
from irbtrack.domain.nouns.note import NOTE
from irbtrack.domain.nouns.officer import OFFICER
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.tracker.cells import (
    FIRST_SERIAL,
    LAST_SERIAL,
    CellValue,
    Reading,
    are_fractions,
    as_typed,
    error_in,
    fits,
    names_in,
    only_month_first,
    read_cell,
    read_day,
    read_ref_alike,
    says_nothing,
)
from irbtrack.domain.tracker.layout import Layout, table_rows
from irbtrack.domain.tracker.outcomes import Open
from irbtrack.domain.tracker.sheet import Cell, Sheet
from irbtrack.errors import IrbtrackError, Refused, quoted

TODAY = date(2023, 11, 23)
OCT_31 = date(2023, 10, 31)
SERIAL = 45_230
"""What a spreadsheet calls 31 October 2023."""


def find(holds: Holds, text: str, year: str | None) -> Any:
    """The reference of what a text names, in a register that has one of each."""
    if text == "nobody's":
        raise Refused("no such thing 'nobody's'; the list shows them")
    if holds is Holds.OFFICERS:
        return tuple(f"officer {name.strip()}" for name in text.split(";"))
    return f"{holds.name.lower()} {text} of {year}"


READING = Reading(TODAY, Council(name="Fensham"), find)
MONTH_FIRST = READING._replace(month_first=frozenset({"due_on"}))


def field(name: str, fields: Sequence[Field] = ACTION) -> Field:
    return next(one for one in fields if one.name == name)


DUE = field("due_on")


def said(
    name: str, cell: Cell, fields: Sequence[Field] = ACTION, reading: Reading = READING
) -> Any:
    """What a cell of a field says; there is no note beside it."""
    told = read_cell(field(name, fields), cell, reading)
    assert told.note is None
    return told.value


def refusal(
    name: str, cell: Cell, fields: Sequence[Field] = ACTION, reading: Reading = READING
) -> str:
    """The sentence with which a cell of a field is refused."""
    with pytest.raises(IrbtrackError) as refused:
        read_cell(field(name, fields), cell, reading)
    return str(refused.value)


def no_date(cell: str) -> str:
    return (
        f"{quoted(cell)} is not a date; write 31/10/2023, 31 Oct 23, 2023-10-31, Oct-23, or nothing"
    )


@pytest.mark.parametrize(
    "cell",
    [
        OCT_31,
        datetime(2023, 10, 31),  # noqa: DTZ001 - as a spreadsheet has it
        datetime(2023, 10, 31, 17, 45, 3),  # noqa: DTZ001
        SERIAL,
        float(SERIAL),
        SERIAL + 0.75,
        str(SERIAL),
        f" {SERIAL} ",
        "31/10/2023",
        "31/10/23",
        "31.10.2023",
        "31-Oct-23",
        "31st October 2023",
        " 31 OCT 23\n",
        "2023-10-31",
        "2023-10-31 00:00:00",
        "2023-10-31T09:30:00Z",
        "2023-10-31 09:30:00.125",
        "31/10/2023 9:30",
        "31 October 2023 17:45",
        "Oct-23",
        "October 2023",
    ],
    ids=repr,
)
def test_a_date_is_read_however_a_sheet_holds_it(cell: Cell) -> None:
    assert said("due_on", cell) == OCT_31
    assert type(said("due_on", cell)) is date


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("Mar-24", date(2024, 3, 31)),
        ("Feb-24", date(2024, 2, 29)),
        ("04/05/2023", date(2023, 5, 4)),
        (FIRST_SERIAL, date(1927, 5, 18)),
        (str(FIRST_SERIAL), date(1927, 5, 18)),
        (LAST_SERIAL, date(2199, 12, 31)),
        (LAST_SERIAL + 0.999, date(2199, 12, 31)),
        (str(LAST_SERIAL), date(2199, 12, 31)),
        (date(1900, 1, 1), date(1900, 1, 1)),
        (date(2199, 12, 31), date(2199, 12, 31)),
    ],
)
def test_months_serial_numbers_and_the_ends_of_the_calendar(cell: Cell, day: date) -> None:
    assert said("due_on", cell) == day


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ("31-Oct-23 (FOR REVIEW)", "FOR REVIEW"),
        ("31/10/2023 ( was June )", "was June"),
        ("2023-10-31(agreed)", "agreed"),
        ("Oct-23 (provisional)", "provisional"),
        (f"{SERIAL} (provisional)", "provisional"),
        (f"{SERIAL} ( provisional )", "provisional"),
        ("31/10/2023 09:30 (by noon)", "by noon"),
        ("31-Oct-23 ()", None),
        ("31-Oct-23 ( )", None),
        (f"{SERIAL} ()", None),
    ],
)
def test_a_note_in_brackets_after_a_date_is_kept_beside_it(cell: str, note: str | None) -> None:
    to_month = cell.startswith("Oct")
    assert read_cell(DUE, cell, READING) == CellValue(OCT_31, note, to_month)


@pytest.mark.parametrize(
    "cell", [None, "", " \n", "TBC", "tba", "N/A", "n/a ", "NA", "-", "–", "—", "None", "nil"]
)
def test_what_says_that_there_is_nothing_is_no_date(cell: Cell) -> None:
    assert says_nothing(DUE, cell)
    assert read_cell(DUE, cell, READING) == CellValue(None)


@pytest.mark.parametrize(
    "cell",
    [
        "Q2 2024",
        "Ongoing",
        "asap",
        "31/10",
        "2023",
        "2024/25",
        "10/31/2023",
        "2023-13-01",
        "2023-10-31 and after",
        "31/10/2023 (a) (b)",
        "(31/10/2023)",
        "End of Oct-23",
        "31/10/1899",
        "31/10/2200",
        "1234567",
        "9999.5",
        "Wednesday",
    ],
)
def test_another_text_is_no_date_and_the_sentence_says_what_is(cell: str) -> None:
    assert refusal("due_on", cell) == no_date(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "today",
        "Yesterday",
        "tomorrow",
        "last month end",
        "+30d",
        "+0d",
        "-2w",
        "+1m",
        "+1y",
        "today 09:30",
        "today (again)",
    ],
)
@pytest.mark.parametrize("reading", [READING, MONTH_FIRST], ids=["day first", "month first"])
@pytest.mark.parametrize("today", [TODAY, date(2023, 1, 31), date(2024, 2, 29)], ids=str)
def test_a_word_that_means_another_day_tomorrow_is_no_date(
    cell: str, reading: Reading, today: date
) -> None:
    order = ", and the column is month first" if reading is MONTH_FIRST else ""
    sentence = refusal("due_on", cell, reading=reading._replace(today=today))
    assert sentence.startswith(f"{quoted(cell)} is not a date{order}; write ")


@pytest.mark.parametrize(
    "cell",
    [True, False, time(9, 30), timedelta(days=45_230), timedelta(hours=36)],
    ids=repr,
)
def test_truth_values_and_times_are_no_dates(cell: Cell) -> None:
    assert refusal("due_on", cell) == no_date(as_typed(cell))


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (FIRST_SERIAL - 1, "9999"),
        (LAST_SERIAL + 1, "109575"),
        (2023, "2023"),
        (0, "0"),
        (-45_230.0, "-45230"),
        (0.5, "0.5"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (20_231_031, "20231031"),
        ("09999", "9999"),
        ("999999", "999999"),
    ],
)
def test_a_number_that_no_spreadsheet_means_by_a_day_is_refused(cell: Cell, shown: str) -> None:
    assert refusal("due_on", cell) == (
        f"the number {shown} is not a date; write the day, as 31/10/2023"
    )


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (date(1899, 12, 31), "1899-12-31 is in the year 1899; give one from 1900 to 2199"),
        (
            datetime(2200, 1, 1, 12),  # noqa: DTZ001
            "2200-01-01 is in the year 2200; give one from 1900 to 2199",
        ),
    ],
)
def test_a_date_outside_the_calendar_is_refused(cell: Cell, sentence: str) -> None:
    assert refusal("due_on", cell) == sentence


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("10/31/2023", OCT_31),
        ("10-31-23", OCT_31),
        ("10/31/2023 09:30", OCT_31),
        ("04/05/2023", date(2023, 4, 5)),
        ("4.5.23", date(2023, 4, 5)),
        ("2023-10-31", OCT_31),
        ("31 Oct 23", OCT_31),
        ("Oct-23", OCT_31),
        (SERIAL, OCT_31),
        (str(SERIAL), OCT_31),
        (date(2023, 4, 5), date(2023, 4, 5)),
    ],
)
def test_in_a_month_first_column_numbers_alone_are_month_first(cell: Cell, day: date) -> None:
    assert said("due_on", cell, reading=MONTH_FIRST) == day


def test_a_month_first_column_keeps_its_notes() -> None:
    assert read_cell(DUE, "10/31/2023 (FOR REVIEW)", MONTH_FIRST) == CellValue(OCT_31, "FOR REVIEW")


def test_month_first_is_said_of_one_column_and_is_of_no_other() -> None:
    assert said("completed_on", "04/05/2023", reading=MONTH_FIRST) == date(2023, 5, 4)
    assert refusal("completed_on", "10/31/2023", reading=MONTH_FIRST) == no_date("10/31/2023")


def test_a_day_first_date_in_a_month_first_column_is_refused_and_not_recommended() -> None:
    sentence = refusal("due_on", "31/10/2023", reading=MONTH_FIRST)
    assert sentence.startswith("'31/10/2023' is not a date, and the column is month first; write ")
    assert "write 31/10/2023" not in sentence


@given(any_days, st.booleans())
def test_a_date_that_a_sheet_holds_is_itself(day: date, month_first: bool) -> None:
    noon = datetime.combine(day, time(12))
    for cell in (day, noon, day.isoformat(), f"{noon.isoformat()}Z", as_typed(noon)):
        assert read_day(cell, TODAY, month_first=month_first) == CellValue(day)


@given(st.integers(FIRST_SERIAL, LAST_SERIAL), st.floats(0, 0.99))
def test_a_serial_number_is_as_many_days_after_the_last_of_1899(number: int, part: float) -> None:
    day = date(1899, 12, 30) + timedelta(days=number)
    for cell in (number, float(number), number + part, str(number), f"{number} (so)"):
        assert read_day(cell, TODAY).value == day


@pytest.mark.parametrize("around", [" ", "\x1e", "\u3000"])
def test_a_serial_number_may_have_any_kind_of_space_around_it(around: str) -> None:
    assert read_day(f"{around}45230{around}", TODAY).value == date(2023, 10, 31)


@given(
    any_days.filter(lambda day: 2000 <= day.year <= 2099), st.sampled_from("/.- "), st.booleans()
)
def test_numbers_alone_are_in_the_order_of_their_column(day: date, gap: str, short: bool) -> None:
    year = f"{day:%y}" if short else f"{day:%Y}"
    day_first = gap.join([f"{day:%d}", f"{day:%m}", year])
    month_first = gap.join([str(day.month), str(day.day), year])
    assert read_day(day_first, TODAY) == CellValue(day)
    assert read_day(month_first, TODAY, month_first=True) == CellValue(day)


texts_and_numbers: st.SearchStrategy[Cell] = st.one_of(
    st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.times(), st.timedeltas()
)


@given(texts_and_numbers, st.sampled_from([one for all_of in FIELDS.values() for one in all_of]))
def test_any_cell_is_read_or_refused_in_a_sentence(cell: Cell, one: Field) -> None:
    try:
        told = read_cell(one, cell, READING)
    except IrbtrackError:
        assert not fits(one, cell, READING)
        return
    assert fits(one, cell, READING) == (told.value is not None)
    assert told.value is None or one.holds is not Holds.DATE or 1900 <= told.value.year <= 2199


# Other fields


@pytest.mark.parametrize("cell", ["High", " high\n", "HIGH", "h"])
def test_a_priority_is_one_of_the_scale(cell: str) -> None:
    assert said("priority", cell) == "High"


def test_another_priority_is_refused_with_those_there_are() -> None:
    assert refusal("priority", "P1") == ("'P1' is not a priority; it is one of High, Medium or Low")


def test_a_scale_of_numbers_is_read_from_numbers() -> None:
    reading = READING._replace(scale=Council(name="Fensham", priorities=("1", "2", "3")))
    assert said("priority", 2.0, reading=reading) == "2"
    assert said("priority", 2, reading=reading) == "2"
    assert refusal("priority", 4.0, reading=reading) == (
        "'4' is not a priority; it is one of 1, 2 or 3"
    )


@pytest.mark.parametrize("cell", ["22/23", "2022/23", "2022-23", "FY23", " fy2023 ", "2022/2023"])
def test_a_year_is_read_however_it_is_written(cell: str) -> None:
    assert said("year", cell) == "22/23"


@pytest.mark.parametrize("cell", ["2022/24", "2023", 2023.0, OCT_31])
def test_another_year_is_refused(cell: Cell) -> None:
    assert refusal("year", cell) == (
        f"'{as_typed(cell)}' is not a financial year; write 22/23, 2022/23, 2022-23 or FY23"
    )


@pytest.mark.parametrize("cell", [40, 40.0, "40", "40%", " 40 % "])
def test_a_percentage_may_have_its_sign(cell: Cell) -> None:
    assert said("percent_complete", cell) == 40


@pytest.mark.parametrize("cell", [101, -1, 40.5, "half", "101%", "%", True])
def test_what_is_no_percentage_is_refused(cell: Cell) -> None:
    shown = as_typed(cell).removesuffix("%")
    assert refusal("percent_complete", cell) == (
        f"'{shown}' is not a number for % complete; give a whole number from 0 to 100"
    )


def test_a_count_of_nothing_is_not_nothing() -> None:
    assert said("times_redated", 0) == 0
    assert not says_nothing(field("times_redated"), 0)


@pytest.mark.parametrize(
    ("cell", "ref"),
    [
        ("2223-001", "2223-001"),
        (" 2223-001\n", "2223-001"),
        ("REC 01", "REC-01"),
        ("IA 22/23 4.1", "IA-22/23-4.1"),
        (45.0, "45"),
        (45, "45"),
        (4.1, "4.1"),
        ("3a", "3a"),
    ],
)
def test_a_reference_is_kept_with_hyphens_for_its_spaces(cell: Cell, ref: str) -> None:
    assert said("ref", cell) == ref


@pytest.mark.parametrize("cell", ["x" * 61, "-1", "a\u202eb"])
def test_what_cannot_be_a_reference_is_refused(cell: str) -> None:
    assert refusal("ref", cell) == (
        f"{quoted(cell)} cannot be a reference; use at most 60 characters without blanks, as in"
        " 2324-017 or POA&M-001, and no hyphen at the beginning"
    )


@pytest.mark.parametrize("fields", [OFFICER, DIRECTORATE], ids=["officer", "directorate"])
def test_a_code_is_in_lower_case_and_another_is_refused(fields: Sequence[Field]) -> None:
    assert said("ref", " ED-Finance ", fields) == "ed-finance"
    sentence = refusal("ref", "ED Finance", fields)
    assert sentence.startswith("'ED Finance' cannot be ")
    assert "code of a code" not in sentence


def test_a_title_is_one_line() -> None:
    assert said("title", "  Reconcile\nthe suspense \t account\r\nmonthly ") == (
        "Reconcile the suspense account monthly"
    )
    assert said("title", 45.0) == "45"
    assert said("title", OCT_31) == "2023-10-31"


def test_a_title_that_is_too_long_or_does_not_print_is_refused() -> None:
    assert said("title", "x" * 300) == "x" * 300
    assert refusal("title", "x" * 301) == ("the title has 301 characters; it may have at most 300")
    assert refusal("title", "Bell\x07") == (
        "the title has the character \\x07, which does not print, at position 5; take it out"
    )


def test_a_text_keeps_its_lines() -> None:
    assert said("detail", " One\r\n\r\n  two\n") == "One\n\n  two"
    assert refusal("detail", "x" * 10_001) == (
        "the detail has 10,001 characters; it may have at most 10,000"
    )


@pytest.mark.parametrize("cell", ["N/A", "-", "None", "TBC", "nil"])
def test_in_a_text_the_words_for_nothing_are_words(cell: str) -> None:
    assert said("progress", cell) == cell
    assert said("title", cell) == cell


@pytest.mark.parametrize(
    "name", ["ref", "audit", "year", "priority", "directorate", "owner", "status", "closed_as"]
)
def test_in_other_fields_the_words_for_nothing_say_nothing(name: str) -> None:
    for cell in ("N/A", "-", "none", "TBC", "  ", None):
        assert said(name, cell) is None
        assert not fits(field(name), cell, READING)


@pytest.mark.parametrize("cell", ["2/3/4", " 2 / 3 / 4 ", "2, 3, 4"])
def test_findings_are_numbers_by_priority(cell: str) -> None:
    assert said("findings", cell, AUDIT) == (2, 3, 4)


def test_other_findings_are_refused() -> None:
    for cell in ("2/3", "two", 9):
        assert refusal("findings", cell, AUDIT) == (
            f"'{cell}' are not findings; write 3 numbers, as 2/3/4, for High, Medium and Low"
        )


@pytest.mark.parametrize(
    ("cell", "claim"),
    [
        ("completed", Status.COMPLETE),
        ("Not due", Status.NOT_DUE),
        ("Risk Accepted", Closure.RISK_ACCEPTED),
        ("In Progress", Open.IN_PROGRESS),
    ],
)
def test_a_status_is_a_claim(cell: str, claim: object) -> None:
    assert said("status", cell) is claim


@pytest.mark.parametrize("fields", [DIRECTION, MILESTONE], ids=["direction", "milestone"])
def test_a_rag_is_a_letter_or_its_name(fields: Sequence[Field]) -> None:
    assert [said("rag", cell, fields) for cell in ("R", "amber", " Green ", "complete")] == [
        *("R", "A", "G", "C")
    ]
    assert refusal("rag", "Blue", fields) == (
        "'Blue' is not a RAG; it is one of R (red), A (amber), G (green) or C (complete)"
    )


def test_choices_are_read_whatever_their_case_and_others_are_refused() -> None:
    assert said("quarter", "q2", AUDIT) == "Q2"
    assert said("status", "finalised", AUDIT) == "Finalised"
    assert said("classification", "substantial", AUDIT) == "Substantial Assurance"
    assert said("section", "next-step", NOTE) == "Next Step"
    assert said("closed_as", "withdrawn") == "Withdrawn"
    assert said("trend", "DOWN", DIRECTION) == "down"
    assert "Q1, Q2, Q3 or Q4" in refusal("quarter", "Q5", AUDIT)
    assert refusal("trend", "sideways", DIRECTION) == (
        "'sideways' is not a trend; it is one of up, same or down"
    )


def test_what_a_cell_names_is_found_in_the_register() -> None:
    audit = read_cell(field("audit"), "Payroll", READING, "22/23")
    assert audit == CellValue("audit Payroll of 22/23")
    assert said("owner", "Head of Finance / Head of Housing") == (
        "officer Head of Finance / Head of Housing of None"
    )
    assert said("directorate", 12.0) == "directorate 12 of None"
    assert said("members", "A; B", DIRECTION) == ("officer A", "officer B")
    assert refusal("owner", "nobody's") == "no such thing 'nobody's'; the list shows them"


def test_a_cell_fits_a_field_that_can_read_it() -> None:
    assert fits(DUE, "31/10/2023", READING)
    assert fits(field("owner"), "Head of Finance", READING)
    assert not fits(DUE, "Ongoing", READING)
    assert not fits(DUE, "TBC", READING)
    assert not fits(field("owner"), "nobody's", READING)


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (None, ""),
        ("", ""),
        ("  as it stands\n", "  as it stands\n"),
        (True, "TRUE"),
        (False, "FALSE"),
        (45_230, "45230"),
        (45_230.0, "45230"),
        (-3.0, "-3"),
        (0.0, "0"),
        (0.4, "0.4"),
        (1e15, "1000000000000000.0"),
        (999_999_999_999_999.0, "999999999999999"),
        (OCT_31, "2023-10-31"),
        (datetime(2023, 10, 31), "2023-10-31"),  # noqa: DTZ001
        (datetime(2023, 10, 31, 9, 30), "2023-10-31T09:30:00"),  # noqa: DTZ001
        (time(9, 30), "09:30:00"),
        (timedelta(hours=36), "1 day, 12:00:00"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
    ids=repr,
)
def test_a_cell_as_it_would_be_typed(cell: Cell, typed: str) -> None:
    assert as_typed(cell) == typed


# Whole columns


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["04/05/2023", "10/31/2023"], "10/31/2023"),
        (["10/31/2023", "11/30/2023"], "10/31/2023"),
        ([" 10-31-23 (FOR REVIEW)"], "10-31-23 (FOR REVIEW)"),
        (["10/31/2023 00:00"], "10/31/2023 00:00"),
        (["04/05/2023"], None),
        (["31/10/2023"], None),
        (["10/31/2023", "31/10/2023"], None),
        (["31/10/2023", "10/31/2023"], None),
        (["10/31/2023 (moved)", "31/10/2023 (moved)"], None),
        (["2023-10-31", "31 Oct 23", "Oct-23", "Ongoing", None, 45_230.0, OCT_31], None),
        (["2023-10-31", None, 45_230.0, OCT_31, "10/31/2023"], "10/31/2023"),
        ([], None),
    ],
)
def test_a_column_that_can_only_be_month_first_is_told_by_a_date(
    cells: list[Cell], found: str | None
) -> None:
    assert only_month_first(cells) == found


clocks = st.sampled_from(["", " 00:00", " 09:30:00", " (FOR REVIEW)"])
gaps = st.sampled_from("/.-")
other_cells: st.SearchStrategy[Cell] = st.sampled_from(
    [None, "TBC", "Ongoing", "2023-10-31", "Oct-23", 45_230.0, OCT_31]
)


@given(
    st.lists(st.tuples(any_days, gaps, clocks), min_size=1),
    st.lists(other_cells),
    st.randoms(use_true_random=False),
)
def test_a_column_of_day_first_dates_is_never_month_first_only(
    written: list[tuple[date, str, str]], others: list[Cell], chance: Any
) -> None:
    cells: list[Cell] = [f"{d:%d}{gap}{d:%m}{gap}{d.year}{after}" for d, gap, after in written]
    column = [*cells, *others]
    chance.shuffle(column)
    assert only_month_first(column) is None


@given(
    st.lists(st.tuples(any_days, gaps, clocks)),
    any_days.filter(lambda day: day.day > 12),
    clocks,
    st.lists(other_cells),
    st.randoms(use_true_random=False),
)
def test_a_column_of_month_first_dates_with_a_day_past_12_is_month_first_only(
    written: list[tuple[date, str, str]],
    telling: date,
    clock: str,
    others: list[Cell],
    chance: Any,
) -> None:
    dates = [*written, (telling, "/", clock)]
    cells: list[Cell] = [f"{d.month}{gap}{d.day}{gap}{d.year}{after}" for d, gap, after in dates]
    column = [*cells, *others]
    chance.shuffle(column)
    assert only_month_first(column) in cells


@pytest.mark.parametrize(
    ("cells", "fractions"),
    [
        ([0.4, 1.0, 0.0], True),
        ([0.4, None, "TBC"], True),
        ([0.4, 40.0], False),
        ([40.0, 100.0], False),
        ([0.0, 0.0], False),
        ([-0.5, 0.5], False),
        (["40%", "100%"], False),
        ([], False),
        ([True, True], False),
        ([True, 0.4], True),
    ],
)
def test_a_column_of_percentages_may_hold_fractions(cells: list[Cell], fractions: bool) -> None:
    assert are_fractions(cells) is fractions


@pytest.mark.parametrize("run", [" ", "1", "-", "(", ")", "1 ", "a(", " /", "'", "=", "0.0,"])
def test_a_cell_of_a_million_characters_is_read_or_refused_at_once(run: str) -> None:
    text = "1" + run * (1_000_000 // len(run)) + "x"
    began = process_time()
    for field in (*FIELDS["action"], *FIELDS["direction"], *FIELDS["audit"]):
        fits(field, text, READING)
    only_month_first([text])
    layout = Layout(0, 0, ("Ref", "Action"), {}, {})
    table_rows(Sheet("T", [["Ref", "Action"], [text, text]]), layout)
    assert process_time() - began < 8


def test_errors_names_and_references_are_found_in_texts() -> None:
    assert [error_in(text) for text in ("it shows #REF!", "#N/A", "#12", "none")] == [
        *("#REF!", "#N/A"), None, None
    ]  # fmt: skip
    assert names_in(" Head of HR/OD / B;\nC ;; ") == ["Head of HR/OD", "B", "C"]
    assert [read_ref_alike(cell) for cell in ("Rec  1 a", 12.0, "R-1")] == ["rec-1-a", "12", "r-1"]
