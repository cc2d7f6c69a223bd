"""Notes: which hold on a day, and in what order."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.records import replace
from shared.strategies import any_days, found_wrong, note

from irbtrack.domain.dates import PartialDate
from irbtrack.domain.nouns.note import (
    Note,
    Section,
    comment_date,
    commentary,
    in_force,
    recent,
    say_comment,
    say_comments,
)
from irbtrack.errors import Refused

BOARD = date(2023, 11, 23)
BEFORE, AFTER = BOARD - timedelta(days=1), BOARD + timedelta(days=1)


def refs(notes: list[Note]) -> list[str]:
    return [one.ref for one in notes]


def test_a_note_holds_until_the_day_before_it_is_dropped() -> None:
    dropped = note("N1", "Headline", dropped_on=BOARD)
    assert [refs(in_force([dropped], day)) for day in (BEFORE, BOARD, AFTER)] == [["N1"], [], []]


def test_a_note_for_one_board_holds_up_to_its_day() -> None:
    own = note("N1", "Headline", board_on=BOARD)
    assert [refs(in_force([own], day)) for day in (BEFORE, BOARD, AFTER)] == [["N1"], ["N1"], []]


def test_a_note_for_one_board_that_is_dropped_before_it_does_not_reach_it() -> None:
    own = note("N1", "Headline", board_on=BOARD, dropped_on=BOARD)
    assert [refs(in_force([own], day)) for day in (BEFORE, BOARD)] == [["N1"], []]


@given(st.none() | any_days, st.none() | any_days, any_days)
def test_a_note_without_an_end_holds_on_every_day(
    dropped_on: date | None, board_on: date | None, day: date
) -> None:
    one = note("N1", "Headline", dropped_on=dropped_on, board_on=board_on)
    ended = (dropped_on is not None and dropped_on <= day) or (
        board_on is not None and board_on < day
    )
    assert in_force([one], day) == ([] if ended else [one])


def test_notes_come_in_the_order_of_the_report() -> None:
    every = [note(f"N{n}", section) for n, section in enumerate(reversed(Section), 1)]
    assert [one.section for one in in_force(every, BOARD)] == [
        "Headline",
        "Forward Look",
        "Commentary",
        "Progress",
        "Next Step",
        "Theme",
    ]


def test_themes_come_as_they_were_begun_and_each_by_its_places() -> None:
    notes = [
        note("N1", "Theme", theme="Procurement", position=2),
        note("N2", "Theme", theme="Finance", position=1),
        note("N10", "Theme", theme="Procurement", position=1),
    ]
    assert refs(in_force(notes, BOARD)) == ["N10", "N1", "N2"]


def test_the_commentary_on_one_thing_is_no_other_section_and_on_nothing_else() -> None:
    notes = [
        note("N1", direction="3a", dated_on=date(2023, 10, 11)),
        note("N2", "Progress", direction="3a"),
        note("N3", direction="3b"),
        note("N4", milestone="3a"),
        note("N5", direction="3a", dated_on=date(2023, 11, 14)),
    ]
    assert refs(commentary(notes, "direction", "3a")) == ["N5", "N1"]
    assert refs(commentary(notes, "milestone", "3a")) == ["N4"]
    assert refs(commentary(notes, "direction", "4")) == []


def test_the_commentary_of_one_day_comes_as_it_was_recorded() -> None:
    notes = [note(ref, direction="3a") for ref in ("N2", "N10", "N9")]
    assert refs(commentary(notes, "direction", "3a")) == ["N2", "N9", "N10"]
    assert refs(in_force(notes, BOARD)) == ["N2", "N9", "N10"]


def test_commentary_may_be_of_the_day_it_is_recorded_for_and_of_none_later() -> None:
    for dated in (PartialDate(BOARD), PartialDate(BEFORE), PartialDate(BOARD, "month")):
        assert comment_date(dated, BOARD) == dated
    with pytest.raises(Refused) as refusal:
        comment_date(PartialDate(AFTER), BOARD)
    assert str(refusal.value) == (
        "a text dated 24 November 2023 cannot hold from 23 November 2023, which is earlier;"
        " give it an earlier date, or let it hold from a later day"
    )


PREVIOUS = date(2023, 10, 3)
LONG_AGO = note("N1", dated_on=date(2023, 8, 10), text="Begun.")
MONTH = note("N2", dated_on=date(2023, 9, 30), dated_to="month", text="Under way.")
AT_PREVIOUS = note("N3", dated_on=PREVIOUS, text="Told.")
NEWER = note("N4", dated_on=date(2023, 10, 11), text="The **gap** remains.")
NEWEST = note("N5", dated_on=date(2023, 10, 31), text="- Budget\n- Savings")


def test_recent_commentary_is_what_is_newer_than_the_other_day() -> None:
    assert recent([NEWEST, NEWER, AT_PREVIOUS, LONG_AGO], PREVIOUS) == [NEWEST, NEWER]


def test_where_nothing_is_newer_the_newest_of_all_is_recent() -> None:
    assert recent([AT_PREVIOUS, LONG_AGO], PREVIOUS) == [AT_PREVIOUS]
    paragraphs = [AT_PREVIOUS, note("N6", dated_on=PREVIOUS)]
    assert recent([*paragraphs, LONG_AGO], PREVIOUS) == paragraphs
    assert recent([NEWEST, NEWER], None) == [NEWEST]
    assert recent([], PREVIOUS) == recent([], None) == []


def test_commentary_is_said_with_its_date_and_a_list_begins_a_line() -> None:
    assert say_comment(NEWER) == "11 Oct 2023 - The **gap** remains."
    assert say_comment(MONTH) == "Sep 2023 - Under way."
    assert say_comment(NEWEST) == "31 Oct 2023 -\n- Budget\n- Savings"


def test_the_commentary_after_a_list_is_not_of_its_last_item() -> None:
    assert say_comments([NEWEST, NEWER, MONTH]) == (
        "31 Oct 2023 -\n- Budget\n- Savings\n\n11 Oct 2023 - The **gap** remains."
        "\nSep 2023 - Under way."
    )
    assert say_comments([]) == ""


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"section": "Theme"},
            "theme",
            "a note of Theme needs the name of its theme; give it",
        ),
        (
            {"section": "Headline", "theme": "Money"},
            "theme",
            "only a note of Theme has the name of a theme, and this is one of Headline; leave the"
            " name out",
        ),
        (
            {"section": "Progress"},
            "direction",
            "a note of Progress is about a direction; name it",
        ),
        (
            {"section": "Next Step"},
            "direction",
            "a note of Next Step is about a direction; name it",
        ),
        (
            {"section": "Headline", "direction": "3a", "workstream": "money"},
            "workstream",
            "a note is about one thing; name a direction or a workstream, not both",
        ),
        (
            {"section": "Commentary", "direction": "3a", "milestone": "M1"},
            "milestone",
            "a note is about one thing; name a direction or a workstream, not both",
        ),
        (
            {"section": "Commentary"},
            "direction",
            "Commentary is about a direction or a milestone; name it",
        ),
        (
            {"section": "Headline", "milestone": "M1"},
            "milestone",
            "only Commentary is about a milestone; leave it out",
        ),
        (
            {"section": "Headline", "position": 0},
            "position",
            "a place is counted from 1; give 1 for the first",
        ),
        (
            {"section": "Headline", "dated_on": AFTER},
            "dated_on",
            "a text dated 24 November 2023 cannot hold from 23 November 2023, which is earlier;"
            " give it an earlier date, or let it hold from a later day",
        ),
        (
            {"section": "Headline", "board_on": date(2020, 1, 1)},
            "board_on",
            "the board of 1 January 2020 was before 23 November 2023, from when the note would"
            " hold; give a later board, or let the note hold from an earlier day",
        ),
        (
            {"section": "Headline", "dropped_on": AFTER},
            "dropped_on",
            "N1 is dropped on 24 November 2023, and cannot be so from 23 November 2023 on, which is"
            " earlier; give an earlier day",
        ),
    ],
)
def test_what_does_not_fit_a_note_is_wrong(
    fields: dict[str, Any], field: str, sentence: str
) -> None:
    assert found_wrong(note(**{"position": 1} | fields), BOARD) == [(field, sentence)]


def test_a_note_may_be_changed_after_its_board() -> None:
    before = note(section="Headline", position=1, board_on=date(2023, 10, 26))
    later = replace(before, text="It was agreed.")
    assert found_wrong(later, BOARD, before) == []
    again = replace(before, board_on=date(2023, 10, 27))
    assert [field for field, _ in found_wrong(again, BOARD, before)] == ["board_on"]


def test_a_note_may_be_dated_on_the_day_it_holds_from_and_be_for_the_board_of_that_day() -> None:
    assert found_wrong(note(section="Headline", position=1, dated_on=BOARD), BOARD) == []
    assert found_wrong(note(section="Headline", position=1, board_on=BOARD), BOARD) == []
    assert found_wrong(note(milestone="M1"), BOARD) == []
    assert found_wrong(note(direction="3a"), BOARD) == []
