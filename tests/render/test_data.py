"""CSV and JSON: the same fields under the same names, and no formulas."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.answers import Column, Table
from irbtrack.render.data import to_csv, to_json

MOMENT = datetime(2023, 11, 1, 9, 30, tzinfo=UTC)


def one(value: Any) -> Table:
    return Table((Column("x"),), [(value,)])


def csv_cell(value: Any) -> str:
    """A value as a reader of CSV gets it."""
    _, *rows = csv.reader(io.StringIO(to_csv(one(value))))
    return rows[0][0] if rows and rows[0] else ""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (("ed-finance", "ed-place"), "ed-finance; ed-place"),
        (("ed-finance",), "ed-finance"),
        ((), ""),
        ((2, 3, 4), "2; 3; 4"),
        (("=1+1", "b"), "'=1+1; b"),
        (("a", "=1+1"), "a; =1+1"),
        (("-",), "'-"),
        ({"due_on": date(2023, 10, 31)}, '{"due_on": "2023-10-31"}'),
        ([{"rag": "A", "from": date(2023, 10, 31)}], '[{"rag": "A", "from": "2023-10-31"}]'),
        ([], ""),
        (True, "true"),
        (False, "false"),
        (None, ""),
        (0, "0"),
        (-3, "-3"),
        (date(2023, 10, 31), "2023-10-31"),
        (MOMENT, "2023-11-01T09:30:00.000000+00:00"),
        ("- a list\n- of two", "'- a list\n- of two"),
        ("** bold **", "** bold **"),
    ],
)
def test_a_cell_of_csv(value: Any, written: str) -> None:
    assert csv_cell(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (("ed-finance", "ed-place"), ["ed-finance", "ed-place"]),
        ((), []),
        (["a", "b"], ["a", "b"]),
        ([{"rag": "A", "from": date(2023, 10, 31)}], [{"rag": "A", "from": "2023-10-31"}]),
        (True, True),
        (None, None),
        ("=1+1", "=1+1"),
        (MOMENT, "2023-11-01T09:30:00.000000+00:00"),
    ],
)
def test_a_cell_of_json(value: Any, written: Any) -> None:
    assert json.loads(to_json(one(value))) == [{"x": written}]


kept = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]))
"""What the register keeps, which refuses carriage returns."""


@given(st.lists(kept, max_size=4).map(tuple))
def test_no_tuple_begins_like_a_formula(value: tuple[str, ...]) -> None:
    written = csv_cell(value)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.tuples(kept, st.none() | st.integers(), st.booleans()), max_size=4))
def test_csv_and_json_have_the_same_rows_and_names(rows: list[tuple[Any, ...]]) -> None:
    table = Table((Column("text"), Column("number", "Number"), Column("late")), rows)
    names, *of_csv = csv.reader(io.StringIO(to_csv(table), newline=""))
    of_json = json.loads(to_json(table))
    assert names == ["text", "number", "late"]
    assert len(of_csv) == len(of_json) == len(rows)
    assert all(list(row) == names for row in of_json)
