"""The directions as tables: for programs, and as progress for people."""

from datetime import date
from typing import Any

from shared.strategies import direction, note

from irbtrack.domain.answers import Kind
from irbtrack.reports.direction import (
    DIRECTION_COLUMNS,
    Compared,
    directions_table,
    progress_table,
)

BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)
LONG_AGO = note("N1", dated_on=date(2023, 8, 10), text="Begun.")
NEWER = note("N4", dated_on=date(2023, 10, 11), text="The **gap** remains.")
NEWEST = note("N5", dated_on=BOARD, text="- Budget\n- Savings")
NOW = [
    direction(
        "3a",
        rag="R",
        strategic_leads=("chief-executive",),
        operational_leads=("ed-finance", "ed-place"),
        original_target_on=date(2023, 12, 31),
        times_redated=1,
        target_note="FOR REVIEW",
    ),
    direction("4", title="Reporting", rag="G", trend="down", trend_on=BOARD, members=("leader",)),
    direction("5", title="Culture", rag=None, target_on=None),
]
THEN = Compared(PREVIOUS, {"3a": direction("3a", rag="A"), "4": direction("4", rag="A")})
COMMENTS = {"3a": [NEWER, LONG_AGO], "4": [NEWEST, NEWER], "5": []}
TITLES = {"chief-executive": "Chief Executive", "leader": "Leader"}


def test_programs_get_codes_dates_and_recent_commentary() -> None:
    table = directions_table(NOW, THEN, COMMENTS)
    names = [column.name for column in table.columns]
    rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in table.rows]
    assert rows[0] == {
        "ref": "3a",
        "title": "Financial Sustainability",
        "strategic_leads": ("chief-executive",),
        "operational_leads": ("ed-finance", "ed-place"),
        "members": (),
        "target_on": date(2024, 3, 31),
        "target_note": "FOR REVIEW",
        "original_target_on": date(2023, 12, 31),
        "times_redated": 1,
        "rag_before": "A",
        "rag": "R",
        "trend": "down",
        "trend_overruled": False,
        "commented_on": date(2023, 10, 11),
        "commentary": "11 Oct 2023 - The **gap** remains.",
    }
    assert [(r["rag_before"], r["trend"], r["trend_overruled"]) for r in rows] == [
        ("A", "down", False),
        ("A", "down", True),
        (None, None, False),
    ]
    assert [(r["commented_on"], r["commentary"]) for r in rows[1:]] == [
        (
            BOARD,
            "31 Oct 2023 -\n- Budget\n- Savings\n\n11 Oct 2023 - The **gap** remains.",
        ),
        (None, None),
    ]


def test_people_get_titles_signs_and_what_is_new() -> None:
    table = progress_table(NOW, THEN, COMMENTS, TITLES)
    assert [column.label for column in table.columns] == [
        "Ref",
        "Direction",
        "Strategic lead",
        "Operational lead",
        "Member",
        "Target",
        "RAG",
        "Trend",
        "Commentary",
    ]
    assert table.columns[-1].kind is Kind.MARKDOWN
    assert [tuple(row) for row in table.rows] == [
        (
            *("3a", "Financial Sustainability", "Chief Executive", "ed-finance / ed-place", None),
            *("31 Mar 2024\n(FOR REVIEW)", "R", "▼", "11 Oct 2023 - The **gap** remains."),
        ),
        (
            *("4", "Reporting", None, None, "Leader", "31 Mar 2024", "G", "▼*"),
            "31 Oct 2023 -\n- Budget\n- Savings\n\n11 Oct 2023 - The **gap** remains.",
        ),
        ("5", "Culture", None, None, None, None, None, None, None),
    ]


def test_both_tables_tell_the_same_directions_in_the_same_order() -> None:
    data, shown = directions_table(NOW, THEN, COMMENTS), progress_table(NOW, THEN, COMMENTS, {})
    labelled = [column.name for column in DIRECTION_COLUMNS if column.label]
    assert [column.name for column in shown.columns] == labelled
    assert data.columns == DIRECTION_COLUMNS
    for place in (0, 1, labelled.index("rag")):
        name = labelled[place]
        of_data = [row[[c.name for c in data.columns].index(name)] for row in data.rows]
        assert of_data == [row[place] for row in shown.rows]


def test_the_day_of_the_officers_word_itself_computes_again() -> None:
    then = Compared(BOARD, {"4": direction("4", rag="G")})
    [row] = progress_table([NOW[1]], then, COMMENTS, {}).rows
    assert row[7] == "="
