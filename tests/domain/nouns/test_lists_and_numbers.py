"""What each noun says of itself: how its records are numbered, and what a list of them has."""

from datetime import date
from typing import Any

import pytest
from shared.records import replace
from shared.strategies import direction, milestone, note, workstream

from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.direction import Direction, leads
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.waiver import Waiver
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import Record

DAY, LATER = date(2023, 10, 31), date(2023, 11, 30)


@pytest.mark.parametrize(
    ("noun", "fields", "numbered"),
    [
        ("action", {"year": "23/24"}, ("2324-", 3)),
        ("action", {}, ("-", 3)),
        ("audit", {"year": "23/24"}, ("2324-A", 2)),
        ("audit", {}, ("-A", 2)),
        ("milestone", {}, ("M", 3)),
        ("note", {}, ("N", 1)),
        ("waiver", {}, ("W", 1)),
        ("direction", {}, None),
        ("officer", {}, None),
    ],
)
def test_records_are_numbered_by_their_noun(
    noun: str, fields: dict[str, Any], numbered: tuple[str, int] | None
) -> None:
    assert NOUNS[noun].numbering(fields) == numbered


def listed(kind: type[Record], *records: Record) -> list[str]:
    return [one.ref for one in kind.listed(iter(records), DAY)]


def test_a_list_leaves_out_what_was_dropped_and_is_in_the_order_of_the_report() -> None:
    first, second = milestone("M2", forecast_on=DAY), milestone("M1", forecast_on=LATER)
    gone = milestone("M3", dropped_on=DAY)
    assert listed(Milestone, second, gone, first) == ["M2", "M1"]
    notes = [note("N2", direction="3a"), note("N1", direction="10"), note("N3", dropped_on=DAY)]
    assert listed(Note, *notes) == ["N2", "N1"]
    waiver = Waiver(ref="W10", check_name="no-email", why="No")
    waivers = [waiver, replace(waiver, ref="W9"), replace(waiver, ref="W1", dropped_on=DAY)]
    assert listed(Waiver, *waivers) == ["W9", "W10"]
    rows = [workstream("b", "a"), workstream("c", position=1), workstream("a", position=2)]
    assert listed(Workstream, *rows) == ["c", "a", "b"]


def test_the_leads_of_a_direction_are_all_who_are_named() -> None:
    named: Direction = direction(
        strategic_leads=("a",), operational_leads=("b", "a"), members=("c",)
    )
    assert leads(named) == ("a", "b", "a", "c")
