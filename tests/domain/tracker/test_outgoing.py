"""Records as the cells of a sheet, from which an import reads the same records again."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import RAISED, direction, note, texts

from irbtrack.domain.field import FROM, Field, Holds
from irbtrack.domain.nouns import FIELDS, NOUNS
from irbtrack.domain.nouns.action import Action, Closure, standing
from irbtrack.domain.nouns.audit import QUARTERS, Audit, AuditStatus
from irbtrack.domain.nouns.council import CLASSIFICATIONS, PRIORITIES, Council
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.note import Section
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.domain.nouns.rating import Rag
from irbtrack.domain.nouns.status import Status, status_as_of
from irbtrack.domain.nouns.waiver import WAIVABLE
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.cells import Reading, read_cell
from irbtrack.domain.tracker.outgoing import (
    Names,
    exported_cell,
    exported_fields,
    exported_row,
    only_unique,
)
from irbtrack.domain.words import folded, read_text, read_title
from irbtrack.errors import IrbtrackError

DAY = date(2023, 10, 31)
TODAY = date(2023, 11, 23)

PLAIN = Names({})
FOR_PEOPLE = Names(
    {
        Holds.AUDIT: {"2223-A01": "Payroll", "2223-A02": "Council Tax"},
        Holds.DIRECTORATE: {"finance": "Finance and Assets", "housing": "Housing"},
        Holds.OFFICER: {"ed-finance": "Executive Director, Finance", "ad-housing": "AD / Housing"},
        Holds.WORKSTREAM: {"ledger": "The Ledger"},
    },
    ratings=True,
)


def field(noun: str, name: str) -> Field:
    return next(one for one in FIELDS[noun] if one.name == name)


def held_by(kind: type[Record]) -> set[str]:
    """The fields of a kind of record."""
    return set(kind.TYPES)


def finder(names: Names) -> Any:
    """A function that finds references by name, and returns unknown names unchanged."""

    def find(holds: Holds, text: str, _: str | None) -> Any:
        if holds is Holds.OFFICERS:
            return tuple(find(Holds.OFFICER, name.strip(), None) for name in text.split(";"))
        called = {folded(name): ref for ref, name in names.of.get(holds, {}).items()}
        return called.get(folded(text), text)

    return find


def readable(read: Any) -> st.SearchStrategy[str]:
    """Texts that the register takes, as it keeps them."""

    def kept(text: str) -> str | None:
        try:
            taken: str = read("a text", text)
        except IrbtrackError:
            return None
        return taken

    return st.one_of(texts, st.text(" -='\n\t\u00a0ab\u00e9", min_size=1)).map(kept).filter(bool)


lines, paragraphs = readable(read_title), readable(read_text)
refs = st.from_regex(r"[0-9]{4}-[0-9]{3}|[0-9]{1,3}[a-z]?|[A-Z]{4}", fullmatch=True)
codes = st.from_regex(r"[a-z]{4,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
dates = st.dates(date(1950, 1, 1), date(2199, 12, 31))
officers = st.sampled_from(["ed-finance", "ad-housing", "monitoring-officer"])
leads = st.lists(officers, max_size=3, unique=True).map(tuple)
numbers = st.integers(0, 9_999)
tuples_of_findings = st.tuples(*(st.integers(0, 9_999) for _ in PRIORITIES))

BY_HOLDS: Mapping[Holds, st.SearchStrategy[Any]] = {
    Holds.REF: refs,
    Holds.CODE: codes,
    Holds.LINE: lines,
    Holds.TEXT: paragraphs,
    Holds.DATE: dates,
    Holds.YEAR: st.integers(0, 98).map(lambda year: f"{year:02}/{year + 1:02}"),
    Holds.PRIORITY: st.sampled_from(PRIORITIES),
    Holds.CLASSIFICATION: st.sampled_from(CLASSIFICATIONS),
    Holds.RAG: st.sampled_from([rag.value for rag in Rag]),
    Holds.TREND: st.sampled_from(["up", "same", "down"]),
    Holds.NUMBER: numbers,
    Holds.FINDINGS: tuples_of_findings,
    Holds.DIRECTORATE: st.sampled_from(["finance", "housing", "assets"]),
    Holds.OFFICER: officers,
    Holds.OFFICERS: leads,
    Holds.AUDIT: st.sampled_from(["2223-A01", "2223-A02", "2223-A03"]),
    Holds.DIRECTION: st.sampled_from(["3a", "SEND"]),
    Holds.WORKSTREAM: st.sampled_from(["ledger", "people"]),
    Holds.MILESTONE: st.sampled_from(["M1", "M2"]),
}

CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("audit", "quarter"): QUARTERS,
    ("audit", "status"): tuple(status.value for status in AuditStatus),
    ("action", "closed_as"): tuple(closure.value for closure in Closure),
    ("note", "section"): tuple(section.value for section in Section),
    ("note", "dated_to"): ("day", "month"),
    ("waiver", "check_name"): WAIVABLE,
}


def values_of(noun: str, one: Field) -> st.SearchStrategy[Any]:
    if one.holds is Holds.CHOICE:
        return st.sampled_from(CHOICES[noun, one.name])
    if one.holds is Holds.NUMBER:
        return st.integers(0, one.most)
    return BY_HOLDS[one.holds]


def records_of(noun: str) -> st.SearchStrategy[Record]:
    """Records of a noun with whatever their fields may hold."""
    kind = NOUNS[noun]
    needed: dict[str, st.SearchStrategy[Any]] = {}
    others: dict[str, st.SearchStrategy[Any]] = {}
    for one in FIELDS[noun]:
        if one.name in held_by(kind):
            whole = one.needed or one.name in {"ref", "raised_on", "year", "position", "dated_on"}
            target = needed if whole else others
            target[one.name] = values_of(noun, one)
    optional = {
        name: values if name in _NEVER_NONE else st.none() | values
        for name, values in others.items()
    }
    return st.fixed_dictionaries(needed, optional=optional).map(lambda given: kind(**given))


_NEVER_NONE = {
    *("times_redated", "strategic_leads", "operational_leads", "members", "dated_to", "status")
}


@pytest.mark.parametrize("names", [PLAIN, FOR_PEOPLE], ids=["for programs", "for people"])
@pytest.mark.parametrize("noun", FIELDS)
@given(st.data())
def test_what_an_import_reads_from_a_cell_is_what_the_record_holds(
    noun: str, names: Names, data: st.DataObject
) -> None:
    record = data.draw(records_of(noun))
    reading = Reading(TODAY, Council(name="Fensham"), finder(names))
    for one in FIELDS[noun]:
        if one.derived or one.name not in held_by(type(record)):
            continue
        told = read_cell(one, exported_cell(record, one, names, DAY), reading, "22/23")
        held = getattr(record, one.name)
        assert told.value == (None if held == () else held), one.name
        assert told.note is None


def actions() -> st.SearchStrategy[Action]:
    return st.builds(
        Action,
        ref=st.just("2223-001"),
        year=st.just("22/23"),
        title=st.just("Reconcile"),
        priority=st.just("High"),
        directorate=st.just("finance"),
        raised_on=st.just(RAISED),
        owner=st.none() | officers,
        due_on=st.none() | st.dates(DAY - timedelta(days=3), DAY + timedelta(days=3)),
        completed_on=st.none() | st.just(RAISED),
        closed_on=st.just(RAISED),
        closed_as=st.none() | st.sampled_from([closure.value for closure in Closure]),
        expires_on=st.none() | st.dates(DAY - timedelta(days=1), DAY + timedelta(days=1)),
    ).map(_closed_in_full)


def _closed_in_full(action: Action) -> Action:
    given = dict(vars(action))
    if action.closed_as is None:
        given |= {"closed_on": None, "expires_on": None}
    elif action.closed_as != Closure.RISK_ACCEPTED:
        given["expires_on"] = None
    return Action(**given)


@given(actions())
def test_the_status_of_an_action_is_read_as_where_it_stands(action: Action) -> None:
    reading = Reading(TODAY, Council(name="Fensham"), finder(PLAIN))
    one = field("action", "status")
    claim = read_cell(one, exported_cell(action, one, PLAIN, DAY), reading).value
    status = status_as_of(standing(action), DAY)
    if status is Status.CLOSED:
        assert action.closed_as is not None
        assert claim is Closure(action.closed_as)
    else:
        assert claim is status


def cell(record: Record, name: str, names: Names = FOR_PEOPLE) -> Any:
    return exported_cell(record, field(record.NOUN, name), names, DAY)


OVERDUE = Action(
    ref="2223-001",
    raised_on=RAISED,
    year="22/23",
    audit="2223-A01",
    title="Reconcile",
    priority="High",
    directorate="finance",
    owner="ed-finance",
    original_due_on=date(2023, 6, 30),
    due_on=date(2023, 10, 1),
    times_redated=1,
    verified_by="monitoring-officer",
)


def test_an_action_is_told_by_names_dates_and_what_follows_from_them() -> None:
    row = dict(
        zip(
            (one.name for one in FIELDS["action"]),
            exported_row(OVERDUE, FIELDS["action"], FOR_PEOPLE, DAY),
            strict=True,
        )
    )
    assert {name: value for name, value in row.items() if value is not None} == {
        "ref": "2223-001",
        "audit": "Payroll",
        "year": "22/23",
        "title": "Reconcile",
        "priority": "High",
        "directorate": "Finance and Assets",
        "owner": "Executive Director, Finance",
        "raised_on": RAISED,
        "original_due_on": date(2023, 6, 30),
        "due_on": date(2023, 10, 1),
        "status": "Overdue",
        "verified_by": "monitoring-officer",
        "times_redated": 1,
        "days_overdue": 30,
    }


def test_what_is_not_overdue_has_no_days_of_it() -> None:
    assert cell(Action(**vars(OVERDUE) | {"due_on": DAY}), "days_overdue") is None
    assert cell(Action(**vars(OVERDUE) | {"completed_on": DAY}), "days_overdue") is None


def test_for_programs_codes_and_letters_are_written() -> None:
    assert cell(OVERDUE, "owner", PLAIN) == "ed-finance"
    assert cell(OVERDUE, "directorate", PLAIN) == "finance"
    assert cell(direction(rag="A"), "rag", PLAIN) == "A"
    assert cell(direction(rag="A"), "rag") == "Amber"
    assert cell(direction(rag=None), "rag") is None


def test_leads_are_parted_by_semicolons() -> None:
    one = direction(strategic_leads=("ed-finance", "clerk"), members=())
    assert cell(one, "strategic_leads") == "Executive Director, Finance; clerk"
    assert cell(one, "members") is None


def test_findings_are_written_as_they_are_read() -> None:
    audit = Audit(ref="2223-A01", year="22/23", name="Payroll", findings=(0, 3, 12))
    assert cell(audit, "findings") == "0/3/12"
    assert cell(audit, "name") == "Payroll"
    assert cell(audit, "status") == "Planned"


PEOPLE = {"finance": Person("finance", "A N Other", "a.other@example.org")}


def test_who_holds_a_post_is_written_beside_it() -> None:
    names = FOR_PEOPLE._replace(people=PEOPLE)
    post = Officer(ref="finance", title="Head of Finance", directorate="finance")
    assert [
        cell(post, name, names) for name in ("ref", "title", "directorate", "name", "email")
    ] == [*("finance", "Head of Finance", "Finance and Assets", "A N Other", "a.other@example.org")]
    vacant = Officer(ref="clerk", title="Clerk")
    assert [cell(vacant, name, names) for name in ("directorate", "name", "email")] == [None] * 3


@pytest.mark.parametrize(
    "record",
    [
        Directorate(ref="finance", name="Finance"),
        Audit(ref="finance", year="22/23", name="Finance"),
        Workstream(ref="finance", name="Finance", position=1),
    ],
    ids=lambda record: record.NOUN,
)
def test_the_holder_of_a_post_is_never_the_name_of_something_else(record: Record) -> None:
    assert cell(record, "name", FOR_PEOPLE._replace(people=PEOPLE)) == "Finance"


def test_the_latest_commentary_is_written_and_there_may_be_none() -> None:
    notes = [
        note("N1", direction="3a", text="First", dated_on=date(2023, 9, 1)),
        note("N2", direction="3a", text="Second", dated_on=date(2023, 10, 1)),
        note("N3", direction="3b", text="Third", dated_on=date(2023, 10, 2)),
    ]
    names = FOR_PEOPLE._replace(notes=notes)
    assert cell(direction("3a"), "latest_commentary", names) == "1 Oct 2023 - Second"
    assert cell(direction("3c"), "latest_commentary", names) is None
    assert cell(direction("3a"), "commentary", names) is None


@pytest.mark.parametrize("noun", FIELDS)
def test_an_export_has_every_field_and_one_of_a_history_those_that_can_be_told_again(
    noun: str,
) -> None:
    assert exported_fields(noun) == FIELDS[noun]
    told = [one.name for one in exported_fields(noun, history=True)]
    assert told[:2] == ["ref", "from_on"]
    assert len(told) == len(set(told))
    assert not {"reason", "commentary", "latest_commentary", "days_overdue"} & set(told)
    assert held_by(NOUNS[noun]) - {"outcome_on"} <= set(told)


def test_a_row_of_a_history_has_the_day_it_holds_from() -> None:
    one = Directorate(ref="finance", name="Finance")
    fields = exported_fields("directorate", history=True)
    assert fields[1] is FROM
    assert exported_row(one, fields, PLAIN, DAY, RAISED) == ["finance", RAISED, "Finance"]


def test_names_that_two_records_have_find_neither() -> None:
    names = {"a": "Clerk", "b": "clerk", "c": "Head of Finance"}
    assert only_unique(names) == {"c": "Head of Finance"}
    assert only_unique({}) == {}


@given(st.dictionaries(codes, lines, max_size=5), st.dictionaries(codes, lines, max_size=5))
def test_a_unique_name_finds_its_record_again(names: dict[str, str], more: dict[str, str]) -> None:
    named = {**names, **more, "copy": next(iter(names.values()), "x")}
    unique = only_unique(named)
    for ref, name in unique.items():
        assert [other for other, one in named.items() if folded(one) == folded(name)] == [ref]
