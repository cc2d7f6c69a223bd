"""How a tracker is to be read, as options and as a file of them."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import texts

from irbtrack.domain.field import Field
from irbtrack.domain.nouns.action import ACTION
from irbtrack.domain.nouns.milestone import MILESTONE
from irbtrack.domain.tracker.mapping import (
    SheetMapping,
    TrackerMapping,
    known_field,
    read_date_order,
    read_defaults,
    read_key,
    read_sheet_mappings,
    read_values,
    reader_from_toml,
    reader_to_toml,
)
from irbtrack.domain.words import folded
from irbtrack.errors import Misused

NAMES = [field.name for field in ACTION if not field.derived]


def read_columns(given: Iterable[str], fields: Iterable[Field]) -> Mapping[str, str]:
    """What --map says of any sheet."""
    return read_sheet_mappings((), given, fields).get("", SheetMapping()).columns


def refusal(read: Any, *given: Any) -> str:
    with pytest.raises(Misused) as refused:
        read(*given)
    return str(refused.value)


def test_a_column_is_mapped_by_its_header() -> None:
    given = ["title=Agreed action", " Directorate = Dept ", "due-on=D", "DUE_ON=E"]
    assert read_columns(given, ACTION) == {
        "title": "Agreed action",
        "directorate": "Dept",
        "due_on": "E",
    }
    assert read_columns([], ACTION) == {}


def test_a_header_may_have_an_equals_sign_and_an_empty_one_leaves_a_field_out() -> None:
    assert read_columns(["title=Cost = saving", "status="], ACTION) == {
        "title": "Cost = saving",
        "status": "",
    }


def test_a_default_is_a_value_by_field() -> None:
    assert read_defaults(["year=22/23", "priority = High "], ACTION) == {
        "year": "22/23",
        "priority": "High",
    }


@pytest.mark.parametrize(
    ("read", "option", "what"),
    [(read_columns, "--map", "HEADER"), (read_defaults, "--default", "VALUE")],
)
def test_a_pair_without_an_equals_sign_is_refused(read: Any, option: str, what: str) -> None:
    assert refusal(read, ["year=22/23", "title: Agreed"], ACTION) == (
        f"{option} 'title: Agreed' has no '='; write {option} FIELD={what}"
    )


@pytest.mark.parametrize("read", [read_columns, read_defaults, read_values])
def test_the_fields_may_be_given_once_for_many(read: Any) -> None:
    given = ["title:a=A", "year:b=B"] if read is read_values else ["title=A", "year=B"]
    assert read(given, iter(ACTION)) == read(given, ACTION)


def test_a_text_of_a_field_is_given_a_meaning() -> None:
    given = [
        "status:Implemented=complete",
        "status:Partly   IMPLEMENTED = In Progress ",
        "priority:P1=high",
    ]
    assert read_values(given, ACTION) == {
        "status": {"implemented": "complete", "partly implemented": "In Progress"},
        "priority": {"p1": "high"},
    }


def test_a_text_with_a_meaning_may_have_colons_and_equals_signs() -> None:
    assert read_values(["status:Due: A=B=overdue", "due_on:Ongoing="], ACTION) == {
        "status": {"due: a=b": "overdue"},
        "due_on": {"ongoing": ""},
    }


def test_of_two_meanings_of_a_text_the_later_holds() -> None:
    given = ["status:Done=complete", "status: DONE=withdrawn"]
    assert read_values(given, ACTION) == {"status": {"done": "withdrawn"}}


@pytest.mark.parametrize(
    "given", ["status=complete", "status:complete", "status: =complete", "status:=", ""]
)
def test_a_meaning_without_field_or_text_is_refused(given: str) -> None:
    assert refusal(read_values, [given], ACTION) == (
        f"--value '{given}' has no field, text and meaning; write status:Implemented=complete"
    )


def test_a_field_that_is_not_there_is_refused_with_those_that_are() -> None:
    assert refusal(read_columns, ["statsu=State"], ACTION) == (
        "--map: there is no field 'statsu'; did you mean status?"
    )
    assert refusal(read_values, ["statsu:a=b"], ACTION) == (
        "--value: there is no field 'statsu'; did you mean status?"
    )
    assert refusal(read_defaults, ["xyz=1"], MILESTONE) == (
        "--default: there is no field 'xyz'; they are ref, title, workstream, direction, starts_on,"
        " baseline_on, forecast_on, rag, rag_on, commentary, reason, times_redated and dropped_on"
    )


def test_a_field_that_is_only_shown_is_none() -> None:
    assert "days_overdue" not in NAMES
    assert refusal(known_field, "--map", "days_overdue", ACTION).startswith(
        "--map: there is no field 'days_overdue'; "
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_known_by_its_name(name: str) -> None:
    assert known_field("--map", f" {name.upper().replace('_', '-')} ", ACTION) == name


def test_a_date_order_is_day_first_or_month_first() -> None:
    assert read_date_order(" MDY ") == "mdy"
    assert read_date_order("dmy") == "dmy"
    assert refusal(read_date_order, "ymd") == (
        "--date-order 'ymd' is neither dmy (day first) nor mdy (month first)"
    )


def test_what_a_text_means_is_found_whatever_its_case_and_spaces() -> None:
    reader = TrackerMapping(values=read_values(["status:Partly implemented=open"], ACTION))
    assert reader.meant("status", " PARTLY\nimplemented ") == "open"
    assert reader.meant("status", "implemented") is None
    assert reader.meant("priority", "partly implemented") is None


def test_what_is_said_now_goes_over_what_was_saved() -> None:
    saved = TrackerMapping(
        ("Actions",),
        False,
        5,
        "mdy",
        {"title": "Action", "status": "State"},
        {"Old": SheetMapping(2, {"title": "Issue", "status": "Stage"})},
        {"status": {"done": "complete", "part": "open"}, "priority": {"p1": "High"}},
        {"year": "22/23", "priority": "Low"},
    )
    said = TrackerMapping(
        header_row=6,
        columns={"status": ""},
        values={"status": {"done": "withdrawn"}, "year": {"old": "21/22"}},
        defaults={"year": "23/24"},
    )
    assert said.over(saved) == TrackerMapping(
        ("Actions",),
        False,
        6,
        "mdy",
        {"title": "Action", "status": ""},
        {"Old": SheetMapping(None, {"title": "Issue"})},
        {
            "status": {"done": "withdrawn", "part": "open"},
            "priority": {"p1": "High"},
            "year": {"old": "21/22"},
        },
        {"year": "23/24", "priority": "Low"},
    )
    assert saved.columns == {"title": "Action", "status": "State"}
    assert saved.values["status"] == {"done": "complete", "part": "open"}


headers = texts.filter(bool)
fields = st.sampled_from(NAMES)
rows = st.none() | st.integers(1, 1_048_576)
columns = st.dictionaries(fields, texts, max_size=3)
readers = st.builds(
    TrackerMapping,
    st.lists(headers, max_size=2).map(tuple),
    st.booleans(),
    rows,
    st.sampled_from([None, "dmy", "mdy"]),
    columns,
    st.dictionaries(headers, st.builds(SheetMapping, rows, columns), max_size=2),
    st.dictionaries(
        fields, st.dictionaries(texts.map(folded), texts, min_size=1, max_size=3), max_size=3
    ),
    st.dictionaries(fields, texts, max_size=3),
    st.lists(st.sampled_from(["audit", "title", "owner"]), unique=True).map(tuple),
    st.booleans(),
    st.none() | st.sampled_from(["due_on", "raised_on"]),
    st.booleans(),
    st.booleans(),
)


@given(readers)
def test_what_is_kept_as_toml_is_read_again(reader: TrackerMapping) -> None:
    kept = tomli_w.dumps(reader_to_toml(reader))
    assert reader_from_toml("rsm.toml", tomllib.loads(kept), ACTION) == reader


@given(readers)
def test_nothing_over_what_was_saved_is_that_and_that_over_nothing_too(
    reader: TrackerMapping,
) -> None:
    assert TrackerMapping().over(reader) == reader
    assert reader.over(TrackerMapping()) == reader
    assert reader.over(reader) == reader


@given(readers, readers, readers)
def test_three_readers_go_over_one_another_in_any_grouping(
    one: TrackerMapping, two: TrackerMapping, three: TrackerMapping
) -> None:
    assert one.over(two).over(three) == one.over(two.over(three))


@given(texts)
def test_folding_a_text_twice_is_folding_it_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_what_is_not_said_is_not_kept() -> None:
    assert reader_to_toml(TrackerMapping()) == {}
    assert reader_from_toml("rsm.toml", {}, ACTION) == TrackerMapping()
    assert reader_to_toml(TrackerMapping(header_row=5, columns={"title": "Action"})) == {
        "header_row": 5,
        "columns": {"title": "Action"},
    }


def test_a_file_that_was_written_by_hand_is_read() -> None:
    kept = tomllib.loads(
        """
        sheet = "Actions"
        header_row = 5
        date_order = "MDY"
        [columns]
        title = "Agreed action"
        due-on = "Target date"
        [sheets."Closed items"]
        header_row = 2
        columns.title = "Item"
        [values.status]
        "Partly  Implemented" = "open"
        [defaults]
        percent_complete = 0
        """
    ) | {"key": ["Audit", "title", "audit"], "year_from": "Due-on", "split_owners": True}
    assert reader_from_toml("rsm.toml", kept, ACTION) == TrackerMapping(
        ("Actions",),
        False,
        5,
        "mdy",
        {"title": "Agreed action", "due_on": "Target date"},
        {"Closed items": SheetMapping(2, {"title": "Item"})},
        {"status": {"partly implemented": "open"}},
        {"percent_complete": "0"},
        ("audit", "title"),
        year_from="due_on",
        split_owners=True,
    )


@pytest.mark.parametrize(
    ("kept", "key"),
    [
        ({"Sheet": "Actions"}, "Sheet"),
        ({"sheet": 5}, "sheet"),
        ({"header_row": "5"}, "header_row"),
        ({"header_row": 0}, "header_row"),
        ({"header_row": -1}, "header_row"),
        ({"header_row": True}, "header_row"),
        ({"date_order": ["mdy"]}, "date_order"),
        ({"columns": "title"}, "columns"),
        ({"sheets": {"Closed": 5}}, "Closed"),
        ({"values": ["a"]}, "values"),
        ({"defaults": 3}, "defaults"),
        ({"colums": {"title": "Action"}}, "colums"),
        ({"key": "title"}, "key"),
        ({"year_from": 5}, "year_from"),
        ({"raised_earliest": 1}, "raised_earliest"),
        ({"split_owners": "yes"}, "split_owners"),
    ],
)
def test_what_a_file_should_not_have_is_named(kept: dict[str, Any], key: str) -> None:
    sentence = refusal(reader_from_toml, "rsm.toml", kept, ACTION)
    said = "is not understood; 'irbtrack help spreadsheets' has an example"
    assert sentence == f"rsm.toml: {key!r} {said}"


def test_what_is_within_a_table_is_held_against_the_fields_too() -> None:
    assert refusal(reader_from_toml, "rsm.toml", {"columns": {"titel": "A"}}, ACTION) == (
        "rsm.toml: there is no field 'titel'; did you mean title?"
    )
    assert refusal(reader_from_toml, "rsm.toml", {"defaults": {"titel": "A"}}, ACTION) == (
        "rsm.toml: there is no field 'titel'; did you mean title?"
    )
    assert refusal(reader_from_toml, "rsm.toml", {"values": {"titel": {"a": "A"}}}, ACTION) == (
        "rsm.toml: there is no field 'titel'; did you mean title?"
    )
    assert refusal(reader_from_toml, "rsm.toml", {"values": {"status": "done"}}, ACTION) == (
        "rsm.toml: values.status is not a table of texts and what they mean"
    )
    for table, kept in {
        "columns.title": {"columns": {"title": ["A"]}},
        "defaults.year": {"defaults": {"year": True}},
        "status": {"values": {"status": {"done": {}}}},
    }.items():
        assert refusal(reader_from_toml, "rsm.toml", kept, ACTION) == (
            f"rsm.toml: {table} is not a text; put it in quotes"
        )


def test_a_key_is_of_fields_by_which_a_row_can_be_known() -> None:
    assert read_key(" Audit,title,raised-on,title", ACTION) == ("audit", "title", "raised_on")
    assert read_key(["title"], ACTION) == ("title",)
    for name in ("ref", "status", "reason", "commentary"):
        sentence = refusal(read_key, name, [*MILESTONE, *ACTION])
        assert sentence.startswith(f"--key: there is no field '{name}'; ")
    key = {"key": ["titel"]}
    assert refusal(reader_from_toml, "rsm.toml", key, ACTION) == (
        "rsm.toml: key: there is no field 'titel'; did you mean title?"
    )
    assert refusal(reader_from_toml, "rsm.toml", {"year_from": "dueon"}, ACTION) == (
        "rsm.toml: year_from: there is no field 'dueon'; did you mean due_on?"
    )


def test_a_date_order_of_a_file_is_refused_in_the_name_of_the_file() -> None:
    assert "rsm.toml" in refusal(reader_from_toml, "rsm.toml", {"date_order": "ymd"}, ACTION)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_range_stands_for_the_numbers_from_its_first_to_its_last(
    first: int, last: int, number: int
) -> None:
    given = [f"priority:{first} - {last}=high", "priority:7=low", "priority:1-2=medium"]
    meant = TrackerMapping(values=read_values(given, ACTION)).meant("priority", str(number))
    expected = "low" if number == 7 else "high" if first <= number <= last else None
    assert meant == (expected or ("medium" if number in (1, 2) else None))


@pytest.mark.parametrize("text", ["15 to 25", "x", "", "-16", "1e1", "16/17"])
def test_only_a_plain_number_is_in_a_range(text: str) -> None:
    assert (
        TrackerMapping(values=read_values(["priority:0-99=low"], ACTION)).meant("priority", text)
        is None
    )


def test_what_is_said_of_a_sheet_goes_before_what_is_said_of_any() -> None:
    said = read_sheet_mappings(
        ["4", "Closed!2"], ["title=Action", "Closed!title=Item", "Act now!status="], ACTION
    )
    assert said == {
        "": SheetMapping(4, {"title": "Action"}),
        "Closed": SheetMapping(2, {"title": "Item"}),
        "Act now": SheetMapping(None, {"status": ""}),
    }
    anywhere = said.pop("")
    reader = TrackerMapping(
        header_row=anywhere.header_row, columns=anywhere.columns | {"owner": "Who"}, only=said
    )
    assert reader.of_sheet("Open") == SheetMapping(4, {"title": "Action", "owner": "Who"})
    assert reader.of_sheet(" CLOSED") == SheetMapping(2, {"title": "Item", "owner": "Who"})
    assert reader.of_sheet("act  now").header_row == 4
    assert TrackerMapping(all_sheets=True).names_sheets
    assert not reader.names_sheets


@pytest.mark.parametrize("row", ["0", "x", "1048577", "", "Closed!0"])
def test_a_header_row_is_a_row_of_a_sheet(row: str) -> None:
    assert read_sheet_mappings(["1048576", "Closed!1"], (), ACTION)[""].header_row == 1_048_576
    assert refusal(read_sheet_mappings, [row], (), ACTION) == (
        f"--header-row '{row}' is not a row; give its number, from 1 on"
    )
    assert refusal(read_sheet_mappings, ["A!2", "A!2"], (), ACTION) == (
        "--header-row 'A!2' is one too many; give one for a sheet"
    )
