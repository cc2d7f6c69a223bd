"""Answers as data: what people are shown of a table, and of an answer's blocks."""

from datetime import date

from irbtrack.domain.answers import (
    Answer,
    Bars,
    Column,
    Kind,
    Stripe,
    Table,
    Timeline,
    without_bars,
)

REF, NOTE = Column("ref", "Ref", Kind.CODE), Column("note", "Note")
COLUMNS = (REF, Column("entry", None, Kind.NUMBER), NOTE)
TABLE = Table(COLUMNS, [("A1", 7, "x"), (None, 9, "y")], "Actions", frozenset({1}))
SHOWN = Table((REF, NOTE), [["A1", "x"], [None, "y"]], "Actions", frozenset({1}))
NONE = Table(COLUMNS, [])
BARS = Bars("Overdue", (Stripe("22/23", 0, 7, "7"),))
PLAN = Timeline((), date(2023, 9, 1), date(2024, 1, 1), date(2023, 10, 31), NONE)


def test_people_see_the_columns_that_have_a_label() -> None:
    assert TABLE.shown() == SHOWN
    assert TABLE.having([NOTE, REF]) == SHOWN


def test_only_numbers_stand_to_the_right_and_only_texts_are_wrapped() -> None:
    of = {kind: Column("x", kind=kind) for kind in Kind}
    assert [kind for kind, one in of.items() if one.is_number] == [Kind.NUMBER, Kind.CHANGE]
    assert [kind for kind, one in of.items() if one.wraps] == [Kind.TEXT, Kind.MARKDOWN]


def test_an_answer_without_blocks_is_shown_as_its_data() -> None:
    assert Answer(TABLE).shown() == (SHOWN,)
    assert Answer(NONE).shown() == ()
    assert Answer(TABLE, ("All is well.",)).shown() == ("All is well.",)


def test_empty_tables_and_bars_are_left_out() -> None:
    side_by_side = (TABLE, NONE)
    blocks = (TABLE, NONE, BARS, BARS._replace(stripes=()), "", side_by_side, PLAN)
    assert Answer(NONE, blocks).shown() == (TABLE, BARS, "", side_by_side, PLAN)


def test_bars_are_their_table_where_they_cannot_be_drawn() -> None:
    blocks = ["Above", BARS._replace(table=TABLE), BARS, PLAN]
    assert list(without_bars(blocks)) == ["Above", SHOWN, PLAN]
