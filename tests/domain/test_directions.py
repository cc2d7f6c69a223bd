"""Directions: their targets, what an update changes, and the progress table."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import days, direction, note, rags

from irbtrack.domain.answers import Kind
from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns.direction import Direction, read_target, say_posts, say_target
from irbtrack.domain.nouns.note import recent, say_comment
from irbtrack.domain.nouns.rating import rated_changes
from irbtrack.errors import IrbtrackError, Misused, Refused
from irbtrack.reports.directions import (
    DIRECTION_COLUMNS,
    Compared,
    directions_table,
    progress_table,
)

TODAY = date(2023, 11, 23)
BOARD, PREVIOUS = date(2023, 10, 31), date(2023, 10, 3)
TARGET = date(2024, 3, 31)


@pytest.mark.parametrize(
    ("written", "note_"),
    [
        ("31-Mar-24", None),
        ("31/03/2024", None),
        ("2024-03-31", None),
        ("Mar-24", None),
        ("March 2024", None),
        ("31-Mar-24 (FOR REVIEW)", "FOR REVIEW"),
        ("31-Mar-24(for review)", "for review"),
        ("  Mar-24  (  subject to  approval ) ", "subject to approval"),
        ("31 March 2024\n(FOR REVIEW)", "FOR REVIEW"),
        ("31/03/2024 (Q4; see 3a, [bold])", "Q4; see 3a, [bold]"),
    ],
)
def test_a_target_is_a_date_and_perhaps_a_note(written: str, note_: str | None) -> None:
    assert read_target(written, TODAY) == {"target_on": TARGET, "target_note": note_}


@pytest.mark.parametrize("written", ["none", " None "])
def test_a_target_may_be_taken_away_with_its_note(written: str) -> None:
    assert read_target(written, TODAY) == {"target_on": None, "target_note": None}


def test_a_target_may_be_relative() -> None:
    assert read_target("+1m (stretch)", TODAY) == {
        "target_on": date(2023, 12, 23),
        "target_note": "stretch",
    }


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "TBC",
        "Q2 2024",
        "Ongoing",
        "March",
        "(FOR REVIEW)",
        "FOR REVIEW 31-Mar-24",
        "31-Mar-24 FOR REVIEW",
        "31-Mar-24 (FOR REVIEW",
        "31-Mar-24 FOR REVIEW)",
        "31-Mar-24 (FOR) (REVIEW)",
        "31-Mar-24 ((FOR REVIEW))",
        "(FOR REVIEW) 31-Mar-24",
        "31-Mar-24 (FOR REVIEW) soon",
    ],
)
def test_what_is_no_target_is_refused(written: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_target(written, TODAY)
    assert str(refusal.value) == (
        f"'{written}' is not a target; write 31-Mar-24, Mar-24, 31-Mar-24 (FOR REVIEW) or none"
    )


@pytest.mark.parametrize("written", ["31-Mar-24 ()", "31-Mar-24 (  )"])
def test_an_empty_note_is_refused(written: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_target(written, TODAY)
    assert str(refusal.value) == "the note of the target is empty; give it at least a word"


def test_a_note_that_would_steer_a_terminal_is_refused() -> None:
    with pytest.raises(Refused, match="does not print"):
        read_target("31-Mar-24 (\x1b[31mred)", TODAY)


@given(st.text())
def test_any_text_is_a_target_or_refused(text: str) -> None:
    for written in (text, f"31-Mar-24 ({text})"):
        try:
            found = read_target(written, TODAY)["target_on"]
            assert isinstance(found, date) or written.strip().casefold() == "none"
        except IrbtrackError as refusal:
            assert "target" in str(refusal)  # noqa: PT017 - either outcome is right


def test_only_what_differs_is_changed() -> None:
    then = direction(strategic_leads=("chief-executive",), target_note="FOR REVIEW")
    same = {"strategic_leads": ("chief-executive",), "target_note": "FOR REVIEW"}
    assert rated_changes(then, same) == {}
    assert rated_changes(then, same | {"target_note": None}) == {"target_note": None}


def test_a_rating_that_is_confirmed_is_kept_and_nothing_else_is() -> None:
    then = direction(rag="A", trend="down", trend_on=BOARD)
    assert rated_changes(then, {"rag": "A", "title": then.title}) == {"rag": "A"}
    assert rated_changes(then, {"rag": "G"}) == {"rag": "G"}
    assert rated_changes(then, {"title": "Finance"}) == {"title": "Finance"}


def test_an_officers_word_is_given_with_a_new_rating_or_without() -> None:
    told = {"trend": "same", "trend_on": BOARD}
    then = direction(rag="A", trend="down", trend_on=PREVIOUS)
    assert rated_changes(then, told) == told
    assert rated_changes(then, told | {"rag": "G"}) == told | {"rag": "G"}


def test_a_confirmed_rating_outlasts_an_earlier_one_that_is_recorded_later() -> None:
    middle = date(2023, 10, 16)
    changes = [Change("direction", "3a", PREVIOUS, {"title": "Finance", "rag": "A"})]
    then = version_on(fold(Direction, "3a", changes), BOARD)
    assert then is not None
    changes.append(Change("direction", "3a", BOARD, rated_changes(then, {"rag": "A"})))
    changes.append(Change("direction", "3a", middle, {"rag": "R"}))
    versions = fold(Direction, "3a", changes)
    assert [(v.record.rag, v.record.rag_on) for v in versions] == [
        ("A", PREVIOUS),
        ("R", middle),
        ("A", BOARD),
    ]


def test_an_officers_word_is_taken_back() -> None:
    then = direction(trend="down", trend_on=PREVIOUS)
    taken_back = {"trend": None, "trend_on": None}
    assert rated_changes(then, taken_back) == taken_back
    assert rated_changes(direction(), taken_back) == {}


LONG_AGO = note("N1", dated_on=date(2023, 8, 10), text="Begun.")
MONTH = note("N2", dated_on=date(2023, 9, 30), dated_to="month", text="Under way.")
AT_PREVIOUS = note("N3", dated_on=PREVIOUS, text="Told.")
NEWER = note("N4", dated_on=date(2023, 10, 11), text="The **gap** remains.")
NEWEST = note("N5", dated_on=BOARD, text="- Budget\n- Savings")


def test_recent_commentary_is_what_is_newer_than_the_other_day() -> None:
    assert recent([NEWEST, NEWER, AT_PREVIOUS, LONG_AGO], PREVIOUS) == [NEWEST, NEWER]


def test_where_nothing_is_newer_the_newest_of_all_is_recent() -> None:
    assert recent([AT_PREVIOUS, LONG_AGO], PREVIOUS) == [AT_PREVIOUS]
    paragraphs = [AT_PREVIOUS, note("N6", dated_on=PREVIOUS)]
    assert recent([*paragraphs, LONG_AGO], PREVIOUS) == paragraphs
    assert recent([NEWEST, NEWER], None) == [NEWEST]
    assert recent([], PREVIOUS) == recent([], None) == []


def test_posts_are_said_one_after_the_other_and_unknown_ones_by_their_codes() -> None:
    titles = {"chief-executive": "Chief Executive", "ed-finance": "ED Finance"}
    assert say_posts(("chief-executive", "ed-finance"), titles) == "Chief Executive / ED Finance"
    assert say_posts(("ed-place",), titles) == "ed-place"
    assert say_posts((), titles) is None


def test_a_target_is_said_with_its_note_in_brackets() -> None:
    assert say_target(direction()) == "31 Mar 2024"
    assert say_target(direction(target_note="FOR REVIEW")) == "31 Mar 2024 (FOR REVIEW)"
    assert say_target(direction(target_note="FOR REVIEW"), link="\n") == "31 Mar 2024\n(FOR REVIEW)"
    assert say_target(direction(target_on=None)) is None


def test_a_target_as_it_is_said_reads_back_as_itself() -> None:
    for one in (direction(), direction(target_note="FOR REVIEW")):
        assert read_target(say_target(one) or "", TODAY) == {
            "target_on": one.target_on,
            "target_note": one.target_note,
        }


def test_commentary_is_said_with_its_date_and_a_list_begins_a_line() -> None:
    assert say_comment(NEWER) == "11 Oct 2023 - The **gap** remains."
    assert say_comment(MONTH) == "Sep 2023 - Under way."
    assert say_comment(NEWEST) == "31 Oct 2023 -\n- Budget\n- Savings"


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
        "target_on": TARGET,
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
            "31 Oct 2023 -\n- Budget\n- Savings\n11 Oct 2023 - The **gap** remains.",
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
            "31 Oct 2023 -\n- Budget\n- Savings\n11 Oct 2023 - The **gap** remains.",
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


targets = st.lists(st.tuples(days, st.none() | days), min_size=1, max_size=8)


@given(targets)
def test_the_original_target_never_changes(told: list[tuple[date, date | None]]) -> None:
    first = Change("direction", "3a", date(2023, 1, 1), {"title": "Finance"})
    changes = [first, *(Change("direction", "3a", on, {"target_on": day}) for on, day in told)]
    versions = fold(Direction, "3a", changes)
    originals = [v.record.original_target_on for v in versions]
    known = [one for one in originals if one is not None]
    assert len(set(known)) <= 1
    assert originals == [None] * (len(originals) - len(known)) + known


def test_a_target_that_moves_is_counted_and_the_old_ones_stay_in_their_versions() -> None:
    told = [date(2023, 12, 31), TARGET, TARGET, date(2024, 6, 30)]
    on = date(2023, 1, 1)
    changes = [
        Change("direction", "3a", on + timedelta(days=n), {"title": "Finance", "target_on": day})
        for n, day in enumerate(told)
    ]
    versions = fold(Direction, "3a", changes)
    assert [
        (v.record.original_target_on, v.record.target_on, v.record.times_redated) for v in versions
    ] == [(told[0], told[0], 0), (told[0], told[1], 1), (told[0], told[3], 2)]


@given(rags, rags)
def test_a_change_of_rating_in_the_journal_is_a_version(before: str, now: str) -> None:
    changes = [
        Change("direction", "3a", PREVIOUS, {"title": "Finance", "rag": before}),
        Change("direction", "3a", BOARD, {"rag": now}),
    ]
    versions = fold(Direction, "3a", changes)
    assert [v.record.rag for v in versions] == ([before, now] if before != now else [before])
