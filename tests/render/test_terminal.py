"""Tables in a terminal: nothing is cut off, whatever the width."""

import re

import pytest

from irbtrack.commands.histories import HISTORY_COLUMNS
from irbtrack.domain.board import LAST, Block, Column, Kind, Table
from irbtrack.render.cells import text_width
from irbtrack.render.terminal import show

HISTORY = Table(
    HISTORY_COLUMNS,
    [
        (1303, "13 Sep 2023 12:12", "register-officer", "action allocate", "action", "2324-060",
         "12 Oct 2023", "progress: Agreed with the supplier, who delivers in the new year",
         None, "The supplier was late, and said so at the meeting of 4 October"),
    ],
).shown()  # fmt: skip

LIST = Table(
    (
        Column("ref", "Ref", Kind.CODE),
        Column("audit", "Audit", rank=2),
        Column("title", "Title"),
        Column("owner", "Owner", Kind.CODE, rank=1),
        Column("days", "Days overdue", Kind.NUMBER),
    ),
    [("2324-017", "Enrolment and Attendance", "Reconcile it monthly " * 4, "hs-placements", 61)],
)

STATUSES = tuple(
    Table(
        (Column("status", "Totals", Kind.CODE), Column("total", "Total", Kind.NUMBER)),
        [("Overdue", 59)],
        title,
        totals=LAST,
    )
    for title in ("22/23 as of 31 October 2023", "22/23 as published for 3 October 2023")
)


def shown(blocks: list[Block], width: int, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        patch.setenv("NO_COLOR", "1")
        show(blocks)
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("table", [HISTORY, LIST], ids=["history", "list"])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(
    table: Table, width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    written = shown([table], width, capsys)
    assert max(map(text_width, written.splitlines())) <= width
    letters = "".join(sorted(re.sub(r"\s", "", written)))
    for column, value in zip(table.columns, table.rows[0], strict=True):
        if not re.search(rf"{column.label}.* left out", written, re.DOTALL):
            for word in str(value).split():
                assert all(letters.count(one) >= word.count(one) for one in word), word


def test_what_is_left_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    written = shown([LIST], 60, capsys)
    assert "Audit is left out: the terminal is too narrow." in written
    assert "hs-placements" in written
    assert "Enrolment" not in written
    assert "left out" not in shown([LIST], 120, capsys)


def test_tables_stand_side_by_side_where_there_is_room(capsys: pytest.CaptureFixture[str]) -> None:
    wide, narrow = (shown([STATUSES], width, capsys) for width in (100, 50))
    assert len(wide.splitlines()) == 4
    assert wide.count("Overdue") == 1
    assert narrow.count("Overdue") == 2
    assert max(map(text_width, narrow.splitlines())) <= 50
