"""The journal: the fold of changes into versions, and the digests."""

from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import (
    RAISED,
    action_changes,
    any_entries,
    any_fields,
    changed,
    days,
    entry,
    history,
    raised,
    settled_changes,
    texts,
)

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.journal import (
    NO_DIGEST,
    Change,
    Entry,
    entry_digest,
    entry_from_json,
    entry_to_json,
    explanation_of,
    fields_from_json,
    fields_to_json,
    file_of,
    fold,
    is_from_file,
    key_of_file,
    lines_digest,
    moment_text,
    reason_of,
    refuse_before,
    source_of,
    version_on,
)
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.record import Version
from irbtrack.errors import Refused

OCT_1, OCT_10, OCT_20, OCT_31 = (date(2023, 10, day) for day in (1, 10, 20, 31))


def test_no_changes_give_no_versions() -> None:
    assert fold(Action, "2223-001", []) == []


def test_a_change_without_fields_is_none() -> None:
    assert fold(Action, "2223-001", [changed(OCT_10)]) == []
    assert history(raised(), changed(OCT_10)) == history(raised())
    assert fold(Action, "2223-001", [changed(RAISED - timedelta(days=1)), raised()]) == (
        history(raised())
    )


def test_one_change_gives_one_version_that_lasts_for_ever() -> None:
    [version] = fold(
        Directorate, "finance", [Change("directorate", "finance", OCT_1, {"name": "F"})]
    )
    assert version == Version(Directorate(ref="finance", name="F"), OCT_1, FOREVER)


def test_a_version_carries_every_field_set_up_to_its_day() -> None:
    versions = history(
        raised(), changed(OCT_20, priority="Low"), changed(OCT_10, progress="Half done")
    )
    assert [(v.valid_from, v.record.priority, v.record.progress) for v in versions] == [
        (RAISED, "High", None),
        (OCT_10, "High", "Half done"),
        (OCT_20, "Low", "Half done"),
    ]


def test_a_change_that_changes_nothing_begins_no_version() -> None:
    assert history(raised(), changed(OCT_10, priority="High")) == history(raised())


def test_of_two_changes_of_a_field_on_a_day_the_one_recorded_later_holds() -> None:
    low, medium = changed(OCT_10, priority="Low"), changed(OCT_10, priority="Medium")
    assert history(raised(), low, medium)[-1].record.priority == "Medium"
    assert history(raised(), medium, low)[-1].record.priority == "Low"


def test_a_back_dated_change_gives_way_to_what_was_set_after_its_day() -> None:
    versions = history(
        raised(), changed(OCT_20, priority="Low"), changed(OCT_10, priority="Medium")
    )
    assert [v.record.priority for v in versions] == ["High", "Medium", "Low"]


def test_the_record_was_not_there_before_its_first_day() -> None:
    versions = history(raised())
    assert version_on(versions, RAISED - timedelta(days=1)) is None
    assert version_on(versions, RAISED) == versions[0].record
    assert version_on([], RAISED) is None


def test_the_original_due_date_stays_and_redatings_are_counted() -> None:
    versions = history(
        raised(due_on=None),
        changed(OCT_1, due_on=OCT_10),
        changed(OCT_10, due_on=OCT_20),
        changed(OCT_20, due_on=OCT_31),
    )
    assert [
        (v.record.original_due_on, v.record.due_on, v.record.times_redated) for v in versions
    ] == [
        (None, None, 0),
        (OCT_10, OCT_10, 0),
        (OCT_10, OCT_20, 1),
        (OCT_10, OCT_31, 2),
    ]


def test_a_due_date_given_again_is_no_redating() -> None:
    [version] = history(raised(due_on=OCT_31), changed(OCT_10, due_on=OCT_31))
    assert (version.record.original_due_on, version.record.times_redated) == (OCT_31, 0)


def test_a_due_date_moved_back_to_the_original_is_counted_twice() -> None:
    versions = history(
        raised(due_on=OCT_20), changed(OCT_1, due_on=OCT_31), changed(OCT_10, due_on=OCT_20)
    )
    assert versions[-1].record.times_redated == 2
    assert versions[-1].record.original_due_on == OCT_20


@given(action_changes(), days)
def test_changes_effective_after_a_day_never_matter_to_that_day(
    changes: list[Change], day: date
) -> None:
    by_then = [change for change in changes if change.effective_on <= day]
    assert version_on(history(*changes), day) == version_on(history(*by_then), day)


@given(settled_changes(), st.randoms(use_true_random=False))
def test_the_order_of_recording_never_matters_between_different_fields_or_days(
    changes: list[Change], chance: object
) -> None:
    shuffled = list(changes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(Action, "2223-001", shuffled) == fold(Action, "2223-001", changes)


@given(settled_changes())
def test_fields_recorded_together_or_one_by_one_are_the_same(changes: list[Change]) -> None:
    singly = [
        Change(change.noun, change.ref, change.effective_on, {field: value})
        for change in changes
        for field, value in change.fields.items()
    ]
    assert fold(Action, "2223-001", singly) == fold(Action, "2223-001", changes)


@given(action_changes())
def test_versions_follow_on_without_gap_overlap_or_repetition(changes: list[Change]) -> None:
    versions = history(*changes)
    assert versions[0].valid_from == RAISED
    assert versions[-1].valid_to == FOREVER
    for earlier, later in pairwise(versions):
        assert earlier.valid_from < earlier.valid_to == later.valid_from
        assert earlier.record != later.record


@given(action_changes(), days)
def test_a_day_has_the_values_set_last_by_then(changes: list[Change], day: date) -> None:
    expected: dict[str, object] = {}
    for change in sorted(changes, key=lambda change: change.effective_on):
        if change.effective_on <= day:
            expected |= change.fields
    record = version_on(history(*changes), day)
    assert {field: getattr(record, field) for field in expected} == expected


@given(action_changes())
def test_the_original_due_date_never_changes_and_redatings_never_fall(
    changes: list[Change],
) -> None:
    records = [version.record for version in history(*changes)]
    originals = {record.original_due_on for record in records} - {None}
    assert len(originals) <= 1
    for earlier, later in pairwise(records):
        assert earlier.original_due_on in (None, later.original_due_on)
        assert earlier.times_redated <= later.times_redated


@given(st.lists(days))
def test_every_other_due_date_is_counted_once(dates: list[date]) -> None:
    changes = [
        changed(RAISED + timedelta(days=n), due_on=due_on) for n, due_on in enumerate(dates, 1)
    ]
    record = history(raised(due_on=OCT_31), *changes)[-1].record
    assert record.original_due_on == OCT_31
    assert record.times_redated == sum(a != b for a, b in pairwise([OCT_31, *dates]))


@given(any_fields)
def test_fields_read_back_as_they_were_written(fields: dict[str, object]) -> None:
    assert fields_from_json(fields_to_json(fields)) == fields


def test_the_text_of_fields_is_sorted_without_spaces_and_keeps_letters() -> None:
    written = fields_to_json({"title": "Café", "due_on": OCT_31, "audit": None, "findings": (1, 2)})
    assert written == '{"audit":null,"due_on":"2023-10-31","findings":[1,2],"title":"Café"}'


def test_lists_are_restored_as_tuples_so_that_records_stay_frozen() -> None:
    fields = fields_from_json('{"name":"C","priorities":["High","Low"]}')
    assert Council(**fields).priorities == ("High", "Low")


@given(any_entries)
def test_an_entry_reads_back_as_it_was_written_on_one_line(made: Entry) -> None:
    written = entry_to_json(made)
    assert entry_from_json(written) == made
    assert len(written.split("\n")) == 1


@given(any_entries)
def test_the_text_of_an_entry_is_canonical(made: Entry) -> None:
    written = entry_to_json(made)
    assert entry_to_json(entry_from_json(written)) == written


def test_the_order_in_which_fields_were_given_is_no_part_of_an_entry() -> None:
    one = entry(changed(OCT_10, priority="Low", progress="Half done"))
    other = entry(changed(OCT_10, progress="Half done", priority="Low"))
    assert entry_digest(NO_DIGEST, one) == entry_digest(NO_DIGEST, other)


def test_a_moment_is_written_in_utc_to_the_microsecond() -> None:
    summer = timezone(timedelta(hours=1))
    assert moment_text(datetime(2023, 7, 1, 0, 30, tzinfo=summer)) == (
        "2023-06-30T23:30:00.000000+00:00"
    )


KNOWN = Entry(
    datetime(2023, 10, 31, 9, 30, tzinfo=UTC),
    "register-officer",
    "action redate",
    "The supplier’s delay",
    (Change("action", "2223-001", OCT_10, {"due_on": OCT_31, "approved_by": None}),),
)

KNOWN_TEXT = (
    '{"changes":[["action","2223-001","2023-10-10",{"approved_by":null,"due_on":"2023-10-31"}]],'
    '"command":"action redate","reason":"The supplier’s delay",'
    '"recorded_at":"2023-10-31T09:30:00.000000+00:00","recorded_by":"register-officer"}'
)

KNOWN_DIGEST = "12673b5feba9ebeaa2675fabb4c11b87b567b7a7bcb0c7284eb87303fa1f4fb2"


def test_the_digest_is_as_documented_so_that_any_reader_can_work_it_out() -> None:
    assert sha256(f"{'0' * 64}\n{KNOWN_TEXT}".encode()).hexdigest() == KNOWN_DIGEST
    assert entry_to_json(KNOWN) == KNOWN_TEXT
    assert entry_digest(NO_DIGEST, KNOWN) == KNOWN_DIGEST


[_CHANGE] = KNOWN.changes


@pytest.mark.parametrize(
    "other",
    [
        KNOWN._replace(recorded_at=KNOWN.recorded_at + timedelta(microseconds=1)),
        KNOWN._replace(recorded_by="ed-finance"),
        KNOWN._replace(command="action update"),
        KNOWN._replace(reason=None),
        KNOWN._replace(reason=""),
        KNOWN._replace(reason="The supplier's delay"),
        KNOWN._replace(undoes=1),
        KNOWN._replace(changes=()),
        KNOWN._replace(changes=(_CHANGE, _CHANGE)),
        KNOWN._replace(changes=(_CHANGE._replace(noun="audit"),)),
        KNOWN._replace(changes=(_CHANGE._replace(ref="2223-002"),)),
        KNOWN._replace(changes=(_CHANGE._replace(effective_on=OCT_20),)),
        KNOWN._replace(changes=(_CHANGE._replace(fields={"due_on": OCT_31}),)),
        KNOWN._replace(changes=(_CHANGE._replace(fields={**_CHANGE.fields, "due_on": OCT_20}),)),
    ],
)
def test_the_digest_changes_when_any_part_changes(other: Entry) -> None:
    assert entry_digest(NO_DIGEST, other) != KNOWN_DIGEST


def test_the_digest_changes_when_the_one_before_it_does() -> None:
    assert entry_digest("1" * 64, KNOWN) != KNOWN_DIGEST


def test_the_digest_depends_on_the_moment_and_not_on_its_time_zone() -> None:
    elsewhere = KNOWN.recorded_at.astimezone(timezone(timedelta(hours=-5)))
    assert entry_digest(NO_DIGEST, KNOWN._replace(recorded_at=elsewhere)) == KNOWN_DIGEST


@given(any_entries, any_entries)
def test_different_entries_have_different_digests(one: Entry, other: Entry) -> None:
    alike = entry_digest(NO_DIGEST, one) == entry_digest(NO_DIGEST, other)
    assert alike == (entry_to_json(one) == entry_to_json(other))


lines = st.lists(st.tuples(texts, st.none() | texts, texts))


@given(lines, st.randoms(use_true_random=False))
def test_the_digest_of_lines_is_independent_of_their_order(
    some: list[tuple[object, ...]], chance: object
) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert lines_digest(shuffled) == lines_digest(some)


@given(lines)
def test_the_digest_of_lines_notices_a_line_more(some: list[tuple[object, ...]]) -> None:
    assert lines_digest([*some, ("2223-001", None, "Overdue")]) != lines_digest(some)


def test_the_digest_of_lines_is_as_documented() -> None:
    text = '["2223-001",null,"Overdue"]\n["2223-002","2223-A01","Café"]'
    assert (
        lines_digest([("2223-002", "2223-A01", "Café"), ("2223-001", None, "Overdue")])
        == sha256(text.encode()).hexdigest()
        == "26cf3898b4ca6f5a47bde86ee67f325446bcc93b82891bf6bb35753dc1f8586a"
    )


OF_FILE = source_of("a.csv", "0" * 64)
KEYED = source_of("a.csv", "0" * 64, ("audit", "title"))


def test_a_change_has_its_own_reason_before_that_of_its_entry() -> None:
    one = changed(OCT_10, progress="Begun")._replace(reason="Late news")
    why = entry(one, reason="Agreed")
    assert reason_of(why, one) == "Late news; Agreed"
    assert reason_of(why, one._replace(reason=None)) == "Agreed"
    assert reason_of(why._replace(reason=None), one) == "Late news"
    assert reason_of(why._replace(reason=None), one._replace(reason=None)) is None


def test_the_board_is_not_told_of_a_file() -> None:
    one = changed(OCT_10, progress="Begun")
    for told, said in (
        (OF_FILE, None),
        (f"Agreed; {OF_FILE}", "Agreed"),
        (f"Agreed\nin May; {KEYED}", "Agreed\nin May"),
        (f"{OF_FILE}; agreed", f"{OF_FILE}; agreed"),
        ("from a file", "from a file"),
        (None, None),
    ):
        assert explanation_of(entry(one, reason=told), one) == said


def test_the_reason_of_an_import_names_its_file_and_key() -> None:
    assert (file_of(OF_FILE), file_of("Agreed")) == ("a.csv", None)
    assert (is_from_file(KEYED, "a.csv"), is_from_file(KEYED, "b.csv")) == (True, False)
    assert key_of_file(f"Agreed; {KEYED}", "a.csv") == ("audit", "title")
    assert (key_of_file(OF_FILE, "a.csv"), key_of_file(KEYED, "b.csv")) == ((), ())


def test_a_moment_before_the_last_is_refused_with_both() -> None:
    last = datetime(2023, 11, 1, 9, 30, 5, tzinfo=UTC)
    refuse_before(last, last)
    with pytest.raises(Refused) as refused:
        refuse_before(last, last - timedelta(seconds=1))
    assert str(refused.value) == (
        "the clock says 1 November 2023, 09:30:04 UTC, and the last entry was recorded later, on"
        " 1 November 2023, 09:30:05 UTC; set the clock right, or if it is right, give"
        " --clock-is-right before the command"
    )
