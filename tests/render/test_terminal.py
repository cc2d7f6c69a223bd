"""Tables in a terminal: nothing is cut off, whatever the width."""

import re
from datetime import UTC, date, datetime

import pytest

from irbtrack.domain.answers import LAST, Block, Column, Kind, Mark, Table, Timeline, Unbroken
from irbtrack.render.cell_text import text_width
from irbtrack.render.terminal import RAG_STYLES, _fitted, show
from irbtrack.render.timeline import drawn
from irbtrack.reports.history import HISTORY_COLUMNS

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


RATED = Table(
    (
        Column("ref", "Ref", Kind.CODE),
        Column("rag", "RAG", Kind.RAG),
        Column("title", "Direction"),
        Column("commentary", "Commentary", Kind.MARKDOWN, rank=1),
    ),
    [
        ("3a", "R", "Finance", "The **gap** remains."),
        ("4", "C", "Reporting", None),
        ("5", None, "R", None),
    ],
)

SUMMED = Table(
    (Column("audit", "Audit"), Column("high", "High", Kind.NUMBER)),
    [("Ledger", 2), ("Quarter", 7), ("Payroll", 3), ("Whole", 9)],
    totals=frozenset({1, -1}),
)

PLAN = Timeline(
    rows=(
        (
            *(0, "HR"),
            (Mark("Posts filled", None, date(2023, 9, 1), date(2023, 9, 1), "A"),),
        ),
    ),
    first=date(2023, 7, 1),
    until=date(2024, 3, 1),
    today=date(2023, 10, 31),
    table=SUMMED,
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
        if not re.search(rf"too narrow for the column.*{column.label}", written, re.DOTALL):
            for word in str(value).split():
                assert all(letters.count(one) >= word.count(one) for one in word), word


def test_what_is_left_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    written = shown([LIST], 60, capsys)
    assert "The terminal is too narrow for the column Audit." in written
    assert "hs-placements" in written
    assert "Enrolment" not in written
    assert "too narrow" not in shown([LIST], 120, capsys)


def test_tables_stand_side_by_side_where_there_is_room(capsys: pytest.CaptureFixture[str]) -> None:
    wide, narrow = (shown([STATUSES], width, capsys) for width in (100, 50))
    assert len(wide.splitlines()) == 4
    assert wide.count("Overdue") == 1
    assert narrow.count("Overdue") == 2
    assert max(map(text_width, narrow.splitlines())) <= 50


def coloured(
    blocks: list[Block], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """The lines that a terminal with colours is sent."""
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    show(blocks)
    return capsys.readouterr().out.splitlines()


def test_a_rag_is_coloured_and_its_letter_stays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, red, complete, unrated = coloured([RATED], capsys, monkeypatch)
    assert re.search(r"\x1b\[[0-9;]+mR *\x1b\[0m", red)
    assert re.search(r"\x1b\[[0-9;]+mC *\x1b\[0m", complete)
    assert "\x1b" not in unrated


def test_every_rag_has_a_colour_of_its_own() -> None:
    assert set(RAG_STYLES) == set("RAGC")
    assert len(set(RAG_STYLES.values())) == 4


@pytest.mark.parametrize("block", [RATED, SUMMED, PLAN], ids=["rated", "summed", "plan"])
def test_no_color_takes_every_style_away_and_no_letter(
    block: Block, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_colours = coloured([block], capsys, monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    show([block])
    without = capsys.readouterr().out
    assert "\x1b" in "".join(with_colours)
    assert "\x1b" not in without
    bare = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in with_colours]
    assert [line.rstrip() for line in without.splitlines()] == [line.rstrip() for line in bare]


def test_rows_that_sum_others_are_bold_and_no_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = coloured([SUMMED], capsys, monkeypatch)
    bold = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines if line.startswith("\x1b[1m")]
    assert [line.split()[0] for line in bold] == ["Audit", "Quarter", "Whole"]


def test_a_plan_in_a_terminal_is_the_plan_as_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    for width in (60, 80, 200):
        drawn_ = ["".join(span.text for span in line).rstrip() for line in drawn(PLAN, width)]
        assert [line.rstrip() for line in shown([PLAN], width, capsys).splitlines()] == drawn_


@pytest.mark.parametrize("width", [60, 80])
def test_a_command_to_be_pasted_is_one_line_and_a_sentence_is_several(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    command = "irbtrack import actions t.csv " + "--value 'status:Nearly done=in progress' " * 5
    text = f"To take it in:\n{command.strip()}"
    assert shown([Unbroken(text)], width, capsys) == f"{text}\n"
    assert max(map(len, shown([text], width, capsys).splitlines())) <= width


def test_commentary_in_a_table_has_its_markdown_rendered_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = "- The **gap** [bold]remains[/bold]\n- :smile: <b>\x1b[31m"
    table = Table((Column("commentary", "Commentary", Kind.MARKDOWN),), [(typed,)])
    assert [line.strip() for line in shown([table], 80, capsys).splitlines()[2:]] == [
        "• The gap [bold]remains[/bold]",
        r"• :smile: <b>\x1b[31m",
    ]


def test_a_history_keeps_when_it_was_recorded_and_by_whom() -> None:
    row = [683, datetime(2022, 9, 13, 15, 3, tzinfo=UTC), "hs-tenancy", "action redate"]
    row += ["2223-032", date(2023, 1, 25), "due: 30 Apr 2023 " * 4, "More cases than expected " * 3]
    table = Table([one for one in HISTORY_COLUMNS if one.label], [row])
    fitting, spared = _fitted(table, 80)
    assert {"recorded_at", "recorded_by"} <= {one.name for one in fitting.columns}
    assert spared == ["Command"]
