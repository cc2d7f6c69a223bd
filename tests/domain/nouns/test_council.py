"""The council's scales: how they are read, and what they can't be without."""

from datetime import date
from typing import Any

import pytest

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.council import Council, read_list, read_scale, scale_of
from irbtrack.domain.record import Record, Version
from irbtrack.errors import Misused

DAY, LATER = date(2023, 9, 1), date(2023, 10, 1)
COUNCIL = Council(name="Fensham")


def action(ref: str, priority: str) -> Action:
    return Action(
        ref=ref, raised_on=DAY, year="22/23", title="x", priority=priority, directorate="finance"
    )


def wrong(
    now: dict[str, Any], *records: Record, before: Council | None = COUNCIL
) -> list[tuple[str, str]]:
    """What cannot be of the council, beside these records; those of a reference follow it."""
    there: dict[str, dict[str, list[Version[Any]]]] = {}
    for one in records:
        of_noun = there.setdefault(one.NOUN, {})
        of_noun.setdefault(one.ref, []).append(Version(one, DAY, FOREVER))
    found = Council(name="Fensham", **now).contradictions(
        LATER, before, lambda noun: there.get(noun, {})
    )
    return [(one.field, str(one)) for one in found]


def test_a_grade_that_was_ever_given_stays_on_the_scale() -> None:
    told = [action("A1", "High"), action("A1", "Low"), action("A1", "Low"), action("A2", "Low")]
    assert wrong({"priorities": ("High", "Low", "Medium")}, *told) == []
    assert wrong({"priorities": ("High", "Medium")}, *told) == [
        ("priorities", "'Low' is the priority of 2 actions, such as A1; keep it on the scale")
    ]
    audits = [
        Audit(ref="R1", year="22/23", name="Payroll"),
        Audit(ref="R2", year="22/23", name="Debt", classification="Good Progress"),
    ]
    assert wrong({"classifications": ("Bad", "Good")}, *audits) == [
        (
            "classifications",
            "'Good Progress' is the classification of 1 audit, such as R2; keep it on the scale",
        )
    ]


def test_priorities_keep_their_places_once_findings_are_counted_by_them() -> None:
    audits = [
        Audit(ref="R1", year="22/23", name="Payroll"),
        Audit(ref="R2", year="22/23", name="Debt", findings=(1, 2, 3)),
        Audit(ref="R2", year="22/23", name="Debt"),
    ]
    kept = (
        "priorities",
        "1 audit has findings counted by the scale as it was, such as R2; keep its priorities in"
        " their places",
    )
    assert wrong({"priorities": ("Low", "Medium", "High")}, *audits) == [kept]
    assert wrong({"priorities": ("High", "Low")}, *audits) == [kept]
    assert wrong({"priorities": ("Urgent", "Medium", "Low")}, *audits) == []
    assert wrong({}, *audits) == []
    assert wrong({"priorities": ("High", "Low")}, *audits, before=None) == []
    assert wrong({"priorities": ("High", "Low")}, audits[0]) == []


def test_the_scale_is_the_newest_there_is() -> None:
    newer = Council(name="Fensham", priorities=("P1", "P2"))
    told = {"council": [Version(COUNCIL, DAY, LATER), Version(newer, LATER, FOREVER)]}
    assert scale_of(lambda noun: {"council": told}[noun]) == newer
    assert scale_of(lambda _: {}) == Council(name="The council")


def test_a_list_has_each_name_once() -> None:
    assert read_list("--sources", " Ofsted , Peer  Review") == ("Ofsted", "Peer Review")
    with pytest.raises(Misused) as refused:
        read_list("--sources", "Ofsted, ofsted")
    assert str(refused.value) == "--sources 'Ofsted, ofsted' names one twice; give each name once"


def test_a_scale_has_two_names_that_can_name_columns() -> None:
    assert read_scale("--priorities", "Very High, Low") == ("Very High", "Low")
    for text in ("High", "Very High, very-high", "Low, High, LOW"):
        with pytest.raises(Misused) as refused:
            read_scale("--priorities", text)
        assert str(refused.value) == (
            f"--priorities '{text}' is not a scale; give two or more different names"
        )
    with pytest.raises(Misused) as refused:
        read_scale("--priorities", "High, As-of")
    assert str(refused.value) == "--priorities cannot have 'As-of', which names another column"
