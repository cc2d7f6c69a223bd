"""The rows of a sheet read into statements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns.action import ACTION
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.direction import DIRECTION
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.tracker.cells import Reading
from irbtrack.domain.tracker.mapping import TrackerMapping
from irbtrack.domain.tracker.outcomes import Open
from irbtrack.domain.tracker.sheet import Cell, RowPlace
from irbtrack.domain.tracker.statements import ColumnHabits, Intake, Statement, YearFrom, of_columns
from irbtrack.domain.words import NOTHING
from irbtrack.errors import Misused, Refused

TODAY = date(2023, 11, 23)
OCT_31 = date(2023, 10, 31)
PLAIN = TrackerMapping()
PLACE = RowPlace("Tracker", 6)


class Register:
    """Finds every text except "Nobody's", and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Holds, str, str | None]] = []

    def find(self, holds: Holds, text: str, year: str | None) -> str:
        self.asked.append((holds, text, year))
        if text == "Nobody's":
            raise Refused("no such thing")
        return f"{text.casefold()}" if holds is not Holds.AUDIT else f"{text.casefold()} {year}"


def columns_of(
    cells: Mapping[str, Sequence[Cell]],
    reader: TrackerMapping = PLAIN,
    fields: Sequence[Field] = ACTION,
    register: Register | None = None,
) -> ColumnHabits:
    reading = Reading(TODAY, Council(name="Fensham"), (register or Register()).find)
    return of_columns(lambda name: cells.get(name, ()), fields, reading, reader)


def intake(
    reader: TrackerMapping = PLAIN,
    *,
    fields: Sequence[Field] = ACTION,
    unread: Mapping[tuple[int, str], str] | None = None,
    columns: ColumnHabits | None = None,
    register: Register | None = None,
) -> Intake:
    read = columns or columns_of({}, reader, fields, register)
    return Intake(fields, read, reader, unread or {})


def statement(
    found: Mapping[str, Cell],
    reader: TrackerMapping = PLAIN,
    **others: Any,
) -> Statement:
    return intake(reader, **others).statement(PLACE, found, None)


def test_a_row_says_what_its_cells_say() -> None:
    told = statement(
        {
            "ref": 45.0,
            "title": "Reconcile\nthe account",
            "priority": "high",
            "due_on": "31/10/2023",
            "completed_on": "TBC",
            "status": "In progress",
            "owner": " Head of Finance",
        }
    )
    assert told.said == {
        "ref": "45",
        "title": "Reconcile the account",
        "priority": "High",
        "due_on": OCT_31,
        "status": Open.IN_PROGRESS,
        "owner": " head of finance",
    }
    assert told.place == PLACE
    assert "completed_on" in told.empty
    assert "detail" in told.empty
    assert not told.empty & told.said.keys()
    assert (told.problems, told.notes, told.shortened, told.unread) == ((), {}, False, frozenset())


def test_every_field_is_said_or_empty_or_a_problem_and_those_only_shown_are_none() -> None:
    told = statement(
        {"title": "Reconcile", "priority": "P1", "due_on": "Ongoing", "days_overdue": 3}
    )
    names = {field.name for field in ACTION if not field.derived}
    assert "days_overdue" not in names
    assert told.said.keys() | told.empty | {name for name, _ in told.problems} == names
    assert told.cells.keys() == names


def test_every_bad_cell_of_a_row_is_a_problem() -> None:
    told = statement({"priority": "P1", "due_on": "Q2 2024", "owner": "Nobody's", "title": "x"})
    assert dict(told.problems) == {
        "priority": "'P1' is not a priority; it is one of High, Medium or Low",
        "due_on": (
            "'Q2 2024' is not a date; write 31/10/2023, 31 Oct 23, 2023-10-31, Oct-23, or nothing"
        ),
        "owner": "no such thing",
    }
    assert told.said == {"title": "x"}
    assert told.cells["due_on"] == "Q2 2024"


VALUES = TrackerMapping(
    values={
        "status": {"implemented": "complete", "ongoing": "open"},
        "priority": {"p1": "high", "1": "Low", "true": "Medium"},
        "due_on": {"ongoing": "", "q2 2024": "30/06/2024", "2023-10-31": "N/A"},
        "percent_complete": {"half": "50"},
    }
)


def test_texts_mean_what_they_were_said_to() -> None:
    told = statement(
        {
            "status": " IMPLEMENTED ",
            "priority": "P1",
            "due_on": "Q2  2024",
            "percent_complete": "Half",
            "title": "Implemented",
        },
        VALUES,
    )
    assert told.said == {
        "status": Status.COMPLETE,
        "priority": "High",
        "due_on": date(2024, 6, 30),
        "percent_complete": 50,
        "title": "Implemented",
    }
    assert told.cells["status"] == "complete"


def test_a_text_may_mean_nothing_and_a_number_or_date_is_known_as_it_is_typed() -> None:
    assert "due_on" in statement({"due_on": "Ongoing"}, VALUES).empty
    assert "due_on" in statement({"due_on": OCT_31}, VALUES).empty
    assert statement({"priority": 1.0}, VALUES).said == {"priority": "Low"}
    assert statement({"priority": True}, VALUES).said == {"priority": "Medium"}


def test_a_meaning_is_read_as_any_cell_and_may_be_refused() -> None:
    told = statement({"status": "Done"}, TrackerMapping(values={"status": {"done": "wrapped up"}}))
    [(name, sentence)] = told.problems
    assert name == "status"
    assert sentence.startswith("'wrapped up' is not a status; ")


def test_an_empty_cell_is_given_no_meaning() -> None:
    reader = TrackerMapping(values={"status": {"": "complete"}})
    assert "status" in statement({"status": None}, reader).empty


def test_defaults_are_read_as_cells_are() -> None:
    reader = TrackerMapping(
        defaults={"audit": "Payroll", "year": "2022-23", "due_on": "Mar-24", "owner": "N/A"}
    )
    assert intake(reader).defaults() == {
        "year": "22/23",
        "audit": "payroll 22/23",
        "due_on": date(2024, 3, 31),
        "owner": None,
    }
    assert statement({"title": "x"}, reader).said == {"title": "x"}
    with pytest.raises(Misused, match="'P1' is not a priority"):
        intake(TrackerMapping(defaults={"priority": "P1"})).defaults()


def test_the_meaning_of_a_text_is_for_defaults_too_or_they_are_refused() -> None:
    reader = TrackerMapping(values={"priority": {"p1": "High"}}, defaults={"priority": "High"})
    assert intake(reader).defaults() == {"priority": "High"}


def test_a_cell_that_nobody_can_know_is_a_problem_and_not_empty() -> None:
    told = statement({"due_on": None, "title": "x"}, unread={(6, "due_on"): "F7 shows #REF!"})
    assert told.problems == (("due_on", "F7 shows #REF!; type its value"),)
    assert told.unread == {"due_on"}
    assert "due_on" not in told.empty
    elsewhere = statement({"due_on": None}, unread={(5, "due_on"): "F6 shows #REF!"})
    assert (elsewhere.problems, elsewhere.unread) == ((), frozenset())


def test_notes_beside_dates_are_kept() -> None:
    told = statement({"due_on": "31-Oct-23 (FOR REVIEW)", "completed_on": "31 Oct 23"})
    assert told.said == {"due_on": OCT_31, "completed_on": OCT_31}
    assert told.notes == {"due_on": "FOR REVIEW"}


def test_the_note_of_a_target_is_a_field_unless_the_row_has_its_own() -> None:
    told = statement({"target_on": "31-Mar-24 (subject to review)"}, fields=DIRECTION)
    assert told.said == {"target_on": date(2024, 3, 31), "target_note": "subject to review"}
    assert told.notes == {}
    own = statement(
        {"target_on": "31-Mar-24 (subject to review)", "target_note": "agreed"}, fields=DIRECTION
    )
    assert own.said["target_note"] == "agreed"


# Titles that are too long


WORDS = "Reconcile the suspense account monthly and report to the board "


def test_a_long_title_is_shortened_and_kept_whole_in_the_detail() -> None:
    whole = (WORDS * 6).strip()
    told = statement({"title": f" {whole}\n"})
    assert told.shortened
    assert told.problems == ()
    assert told.said == {"title": f"{whole[:299].rstrip()}…", "detail": whole}
    assert len(told.said["title"]) <= 300
    assert told.cells["title"] == f" {whole}\n"


def test_the_lines_of_a_long_title_are_kept_in_the_detail_before_what_it_has() -> None:
    whole = f"{WORDS * 3}\n{WORDS * 3}"
    told = statement({"title": whole, "detail": "Seen in May"})
    assert told.said["detail"] == f"{whole.strip()}\n\nSeen in May"
    assert "\n" not in told.said["title"]


def test_a_long_title_that_is_kept_whole_is_not_refused() -> None:
    assert intake().refusal("title", "x" * 301) is None
    assert intake().refusal("title", "x" * 301 + "\x07") is not None
    fields = [field for field in ACTION if field.name != "detail"]
    assert intake(fields=fields).refusal("title", "x" * 301) is not None


@pytest.mark.parametrize(
    ("status", "name"),
    [("Complete", "completed_on"), ("Superseded", "closed_on"), ("Closed - done", "completed_on")],
)
@pytest.mark.parametrize("column", ["completed_on", "closed_on"])
def test_the_date_of_any_end_is_of_the_end_that_the_status_tells_of(
    status: str, name: str, column: str
) -> None:
    fields = [f for f in ACTION if f.name in ("status", column)]
    reading = Intake(fields, columns_of({}, fields=fields), PLAIN, {}, end_date=column)
    told = reading.statement(PLACE, {"status": status, column: OCT_31}, None)
    assert told.said[name] == OCT_31
    assert set(told.said) == {"status", name}
    still = reading.statement(PLACE, {"status": "Open", column: OCT_31}, None)
    assert still.said[column] == OCT_31, "a contradiction stays one"


def test_a_title_of_300_characters_is_as_long_as_one_may_be() -> None:
    assert not statement({"title": "x" * 300}).shortened
    told = statement({"title": "x" * 301})
    assert told.said == {"title": "x" * 299 + "…", "detail": "x" * 301}


def test_a_long_title_without_a_detail_to_keep_it_in_is_a_problem() -> None:
    fields = [field for field in ACTION if field.name != "detail"]
    told = statement({"title": "x" * 301}, fields=fields)
    assert (told.said, told.shortened) == ({}, False)
    assert told.problems == (("title", "the title has 301 characters; it may have at most 300"),)


@pytest.mark.parametrize(
    ("title", "detail"),
    [
        ("x" * 301 + "\x07", None),
        ("x" * 10_001, None),
        ("\u0958" * 299 + "xx", None),
        ("x" * 400, "y" * 9_700),
    ],
    ids=["unprintable", "longer than a text", "longer when composed", "too long with its detail"],
)
def test_a_long_title_that_cannot_be_kept_is_a_problem_of_its_row(
    title: str, detail: str | None
) -> None:
    told = statement({"title": title, "detail": detail})
    assert {name for name, _ in told.problems} & {"title", "detail"} or (
        len(told.said["title"]) <= 300 and len(told.said["detail"]) <= 10_000
    )


# Never twice, never mixed


def test_a_text_is_looked_for_once_in_each_field_and_year() -> None:
    register = Register()
    taking = intake(register=register)
    for row in range(3):
        taking.statement(
            RowPlace("T", row),
            {"owner": "Clerk", "verified_by": "Clerk", "audit": "Payroll"},
            "22/23",
        )
    taking.statement(PLACE, {"audit": "Payroll", "year": "2023/24"}, "22/23")
    assert Counter(register.asked) == {
        (Holds.OFFICER, "Clerk", None): 2,
        (Holds.AUDIT, "Payroll", "22/23"): 1,
        (Holds.AUDIT, "Payroll", "23/24"): 1,
    }


def test_an_audit_is_of_the_year_of_its_row_or_else_of_the_default() -> None:
    taking = intake()
    assert taking.statement(PLACE, {"audit": "Payroll"}, "22/23").said["audit"] == "payroll 22/23"
    own = taking.statement(PLACE, {"audit": "Payroll", "year": "23/24"}, "22/23")
    assert own.said["audit"] == "payroll 23/24"
    assert taking.statement(PLACE, {"audit": "Payroll"}, "22/23").said["audit"] == "payroll 22/23"


def test_cells_that_are_equal_but_not_the_same_are_not_mixed_up() -> None:
    taking = intake()

    def titled(cell: Cell) -> str:
        said: str = taking.statement(PLACE, {"title": cell}, None).said["title"]
        return said

    for _ in range(2):
        assert [titled(cell) for cell in (1, 1.0, True, "1", 0, False)] == [
            *("1", "1", "TRUE", "1", "0", "FALSE")
        ]
        morning = datetime(2023, 10, 31)  # noqa: DTZ001
        assert [titled(cell) for cell in (OCT_31, morning)] == ["2023-10-31", "2023-10-31"]


def test_fields_are_not_mixed_up_and_neither_are_problems() -> None:
    told = statement(dict.fromkeys(("title", "priority", "due_on", "percent_complete"), "40"))
    assert told.said == {"title": "40", "percent_complete": 40}
    assert {name for name, _ in told.problems} == {"priority", "due_on"}
    taking = intake()
    places = (RowPlace("T", 1), RowPlace("T", 2))
    first, second = (taking.statement(place, {"due_on": "Ongoing"}, None) for place in places)
    assert first.problems == second.problems != ()
    assert taking.statement(PLACE, {"due_on": OCT_31}, None).problems == ()


cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, 0.0, 1.0, 45_230, 45_230.0, 0.4]),
    st.sampled_from(["High", "Oct-23 (so)", "31/10/2023", "22/23", "Open", "1", "TBC", "Nobody's"]),
    st.text(max_size=8),
    st.text("a b", min_size=290, max_size=310),
    st.dates(),
    st.datetimes(),
    st.floats(),
)
rows = st.dictionaries(
    st.sampled_from([field.name for field in ACTION if not field.derived]), cells, max_size=8
)


@given(st.lists(rows, min_size=1, max_size=4))
def test_a_row_says_the_same_whatever_rows_were_read_before(found: list[dict[str, Cell]]) -> None:
    taking = intake()
    together = [taking.statement(PLACE, row, "22/23") for row in found]
    alone = [intake().statement(PLACE, row, "22/23") for row in found]
    assert [(t.said, t.notes, t.problems) for t in together] == [
        (t.said, t.notes, t.problems) for t in alone
    ]


# Whole columns


def test_a_month_first_column_is_a_problem_unless_that_was_said() -> None:
    of = {"due_on": ["04/05/2023", "10/31/2023"], "completed_on": ["04/05/2023"]}
    columns = columns_of(of)
    assert columns.problems == {
        "due_on": (
            "'10/31/2023' can only be month first, and so the whole column; give --date-order mdy"
            " if that is how it was written"
        )
    }
    assert columns.reading.month_first == frozenset()
    told = statement({"due_on": "04/05/2023", "completed_on": "04/05/2023"}, columns=columns)
    assert told.said == {"completed_on": date(2023, 5, 4)}
    assert told.problems == ()


def test_with_month_first_all_columns_of_dates_are() -> None:
    reader = TrackerMapping(date_order="mdy")
    columns = columns_of({"due_on": ["10/31/2023"]}, reader)
    assert columns.problems == {}
    assert columns.reading.month_first == {f.name for f in ACTION if f.holds is Holds.DATE}
    told = statement({"due_on": "10/31/2023", "raised_on": "04/05/2023"}, reader, columns=columns)
    assert told.said == {"due_on": OCT_31, "raised_on": date(2023, 4, 5)}


def test_with_day_first_a_month_first_date_is_a_problem_of_its_cell() -> None:
    reader = TrackerMapping(date_order="dmy")
    columns = columns_of({"due_on": ["10/31/2023"]}, reader)
    assert columns.problems == {}
    assert columns.reading.month_first == frozenset()
    [(name, _)] = statement({"due_on": "10/31/2023"}, reader, columns=columns).problems
    assert name == "due_on"


def test_fractions_are_percentages_where_the_column_has_no_others() -> None:
    columns = columns_of({"percent_complete": [0.29, 1.0], "times_redated": [0, 1]})
    assert columns.fractions == {"percent_complete"}
    percent = [
        statement({"percent_complete": cell}, columns=columns).said["percent_complete"]
        for cell in (0.29, 1.0, 0.005, 0.145, "40%")
    ]
    assert percent[:2] == [29, 100]
    assert percent[-1] == 40
    times = statement({"times_redated": 1, "percent_complete": 0.0}, columns=columns).said
    assert times == {"times_redated": 1, "percent_complete": 0}


def test_whole_percentages_are_left_as_they_are() -> None:
    columns = columns_of({"percent_complete": [0, 1, 40]})
    assert columns.fractions == frozenset()
    assert statement({"percent_complete": 1.0}, columns=columns).said == {"percent_complete": 1}


def test_a_truth_value_is_no_percentage_in_a_column_of_fractions() -> None:
    columns = columns_of({"percent_complete": [0.4, True]})
    [(name, _)] = statement({"percent_complete": True}, columns=columns).problems
    assert name == "percent_complete"


@given(st.sampled_from(sorted(NOTHING - {""})))
def test_a_meaning_of_nothing_is_nothing_even_in_a_text(word: str) -> None:
    reader = TrackerMapping(values={"progress": {"see above": word}})
    assert "progress" in statement({"progress": "See above"}, reader).empty


# One statement


def test_a_statement_of_some_fields_has_what_was_said_of_those() -> None:
    cells = {"title": "Check", "due_on": "31/10/2023 (so)", "owner": "clerk", "status": "Late?"}
    told = statement(cells)._replace(columns={"ref": 3, "title": 5})
    assert (told.column("title"), told.column("owner")) == (5, 3)
    assert told._replace(columns={"title": 5}).column("owner") == 0
    some = told.only(["due_on", "detail", "title"])
    assert (some.said, some.notes) == ({"title": "Check", "due_on": OCT_31}, {"due_on": "so"})
    assert some.cells == {"title": "Check", "due_on": "31/10/2023 (so)", "detail": None}
    assert told.only(["owner"]).notes == {}
    assert some.problems == told.problems != ()


def test_the_dates_of_a_column_are_those_that_can_be_read() -> None:
    reader = TrackerMapping(values={"due_on": {"soon": "1/11/2023", "ongoing": ""}})
    found = ["31/10/2023", None, "TBC", "x", OCT_31, "Soon", "ongoing", "Nov-23 (so)"]
    assert list(intake(reader).dates("due_on", found)) == [
        OCT_31, OCT_31, date(2023, 11, 1), date(2023, 11, 30)
    ]  # fmt: skip


# What a row doesn't say itself


def taking(year_from: YearFrom | None = None, reader: TrackerMapping = PLAIN, **others: Any) -> Any:
    register = Register()
    return register, Intake(
        ACTION, columns_of({}, reader, ACTION, register), reader, {}, year_from, **others
    )


@pytest.mark.parametrize(
    ("certain", "raised", "years"),
    [
        (True, OCT_31, ["23/24"]),
        (True, None, ["21/22"]),
        (False, OCT_31, ["21/22", "23/24"]),
        (False, None, ["21/22"]),
    ],
)
def test_an_audit_is_looked_for_in_the_year_of_a_date(
    certain: bool, raised: date | None, years: list[str]
) -> None:
    register, of_dates = taking(YearFrom("raised_on", certain))
    found = {"audit": "Nobody's", "raised_on": raised}
    told = of_dates.statement(PLACE, found, "21/22")
    assert register.asked == [(Holds.AUDIT, "Nobody's", year) for year in years]
    assert told.problems == (("audit", "no such thing"),)
    assert told.said.get("year") == ("23/24" if raised else None)
    assert told.inferred == ({"year"} if raised else set())


def test_a_year_of_its_own_is_that_of_a_row() -> None:
    register, of_dates = taking(YearFrom("raised_on", certain=True))
    found = {"audit": "Payroll", "year": "22/23", "raised_on": OCT_31}
    told = of_dates.statement(PLACE, found, "21/22")
    assert (told.said["audit"], told.said["year"], told.inferred) == (
        "payroll 22/23",
        "22/23",
        frozenset(),
    )
    assert register.asked == [(Holds.AUDIT, "Payroll", "22/23")]


def test_a_date_beside_a_status_counts_only_where_it_is_complete() -> None:
    _, reading = taking(status_date=True)
    rows = [
        {"status": status, "completed_on": on}
        for status in ("Overdue", "Complete", None)
        for on in (OCT_31, "x", None)
    ]
    told = [reading.statement(RowPlace("T", n), row, None) for n, row in enumerate(rows)]
    assert [one.said.get("completed_on") for one in told] == [
        *(None, None, None), OCT_31, None, None, OCT_31, None, None
    ]  # fmt: skip
    assert [bool(one.problems) for one in told] == [n in (4, 7) for n in range(9)]
    assert reading.undated == [RowPlace("T", 0), RowPlace("T", 1)]


def test_the_date_of_any_end_is_that_of_the_end_that_the_status_tells_of() -> None:
    _, reading = taking(end_date="closed_on")

    def ended(status: str) -> dict[str, Any]:
        said = reading.statement(PLACE, {"status": status, "closed_on": OCT_31}, None).said
        return {name: value for name, value in said.items() if name.endswith("_on")}

    assert ended("Complete") == {"completed_on": OCT_31}
    assert ended("Withdrawn") == ended("Overdue") == {"closed_on": OCT_31}


def test_a_cell_is_refused_with_the_sentence_that_a_row_has() -> None:
    _, reading = taking()
    assert reading.refusal("status", "Closed") is None
    assert reading.refusal("due_on", "#REF!") == "it shows the error #REF!; type its value"
    assert reading.refusal("due_on", " #N/A ") == "it shows the error #N/A; type its value"
    assert reading.refusal("due_on", "TBC") is None
    assert reading.refusal("due_on", "31/10/2023") is None
    assert reading.refusal("audit", "Nobody's") == "no such thing"
    assert reading.refusal("title", "#REF!") is None
    assert reading.refusal("title", "long " * 100) is None
    without = [one for one in ACTION if one.name not in ("closed_as", "detail")]
    other = Intake(without, columns_of({}, PLAIN, without), PLAIN, {}, of_refused_rows=True)
    assert other.refusal("status", "Closed") == "Closed does not say how"
    assert other.refusal("status", "Complete") is None
    assert other.refusal("title", "#REF!") == "it shows the error #REF!; type its value"
    assert str(other.refusal("title", "long " * 100)).startswith("the title has 499 characters")


def test_the_first_of_several_owners_is_the_owner() -> None:
    reader = TrackerMapping(split_owners=True)
    fields = [one for one in ACTION if one.name in ("owner", "co_owners", "title")]
    reading = Reading(TODAY, Council(name="Fensham"), lambda _, text, __: tuple(text.split("; ")))
    one = Intake(fields, ColumnHabits(reading, frozenset(), {}), reader, {})
    assert one.statement(PLACE, {"owner": "a; b; c"}, None).said == {
        "owner": "a", "co_owners": ("b", "c")
    }  # fmt: skip
    both = {"owner": "a; b", "co_owners": "d"}
    assert one.statement(PLACE, both, None).said == {"owner": "a", "co_owners": ("d",)}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Jane Smith / Bob Jones", "ap; Bob Jones"),
        ("Bob Jones;\njane  smith", "Bob Jones; ap"),
        ("Bob Jones / Nobody", "Bob Jones"),
        ("Both / Jane Smith", "ap; hr"),
        ("Bob Jones / Ann Lee", "Bob Jones / Ann Lee"),
        ("Nobody / Nobody", None),
    ],
)
def test_what_a_name_means_holds_among_several(cell: str, found: str | None) -> None:
    means = {"jane smith": "ap", "nobody": "none", "both / jane smith": "ap; hr"}
    names = ("owner", "members", "co_owners")
    values = dict.fromkeys(names, means)
    fields = [one for one in (*ACTION, *DIRECTION) if one.name in names]
    reader = TrackerMapping(split_owners=True, values=values)
    reading = Reading(TODAY, Council(name="Fensham"), lambda _, text, __: (text,))
    one = Intake(fields, ColumnHabits(reading, frozenset(), {}), reader, {})
    said = one.statement(PLACE, dict.fromkeys(names, cell), None).said
    expected = {"owner": found, "co_owners": (found,), "members": (found,)} if found else {}
    assert said == expected


def test_a_name_alone_means_nothing_in_a_cell_that_is_one_post() -> None:
    reader = TrackerMapping(values={"owner": {"jane smith": "ap"}})
    fields = [one for one in ACTION if one.name == "owner"]
    reading = Reading(TODAY, Council(name="Fensham"), lambda _, text, __: text)
    one = Intake(fields, ColumnHabits(reading, frozenset(), {}), reader, {})
    both = "Jane Smith / Bob Jones"
    assert one.statement(PLACE, {"owner": both}, None).said == {"owner": both}
