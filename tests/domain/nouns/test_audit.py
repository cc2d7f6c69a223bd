"""Audits: what must hold of one, and of those of a year."""

from datetime import date
from typing import Any

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.record import Version

DAY, LATER = date(2023, 9, 1), date(2023, 10, 1)


def version(ref: str, name: str, year: str = "23/24", **others: Any) -> Version[Audit]:
    given = {"valid_from": DAY, "valid_to": FOREVER} | others
    return Version(Audit(ref=ref, year=year, name=name), **given)


def clashes(*versions: Version[Audit]) -> dict[str, str]:
    """The sentence that refuses each audit that has another's name, by reference."""
    told: dict[str, list[Version[Audit]]] = {}
    for one in versions:
        told.setdefault(one.record.ref, []).append(one)
    found = list(Audit.contradictions_among(told))
    assert {one.field for one in found} <= {"name"}
    return {one.ref: str(one) for one in found}


def test_two_audits_of_a_year_are_not_called_the_same() -> None:
    assert clashes(version("A1", "Payroll"), version("A2", "payroll")) == {
        "A1": "23/24 has the audit 'payroll' (A2) already; give another name or year",
        "A2": "23/24 has the audit 'Payroll' (A1) already; give another name or year",
    }


def test_audits_of_two_years_and_of_other_names_are() -> None:
    assert clashes(version("A1", "Payroll"), version("A2", "Payroll", "22/23")) == {}
    assert clashes(version("A1", "Payroll"), version("A2", "Payroll 2")) == {}


def test_a_name_that_was_given_up_can_be_given_again() -> None:
    renamed = (version("A1", "Payroll", valid_to=LATER), version("A1", "Pay", valid_from=LATER))
    assert clashes(*renamed, version("A2", "Payroll", valid_from=LATER)) == {}
    assert clashes(*renamed, version("A2", "Payroll", valid_from=DAY)).keys() == {"A1", "A2"}


def test_its_opinion_and_findings_are_those_of_the_councils_scales() -> None:
    council = Council(name="C", priorities=("High", "Low"), classifications=("Bad", "Good"))
    there = {"council": {"council": [Version(council, DAY, FOREVER)]}}

    def wrong(**fields: Any) -> list[tuple[str, str]]:
        audit = Audit(ref="A1", year="23/24", name="Payroll", **fields)
        found = audit.contradictions(DAY, None, lambda noun: there.get(noun, {}))
        return [(one.field, str(one)) for one in found]

    assert wrong(classification="Good", findings=(1, 2)) == []
    assert wrong(classification="Fair") == [
        (
            "classification",
            "A1 has an opinion that is not on the council's scale, 'Fair'; it is one of Bad or"
            " Good",
        )
    ]
    assert wrong(findings=(1, 2, 3)) == [
        (
            "findings",
            "A1 has 3 findings, and the council has 2 priorities, High and Low; give one number for"
            " each",
        )
    ]
