"""Which record each row is about: the order of rows, and which of them are there, don't matter."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.tracker.identity import alike, identities

KEY, FURTHER = ("audit", "title"), ("directorate", "owner")

Row = dict[str, Any]

rows_of_trackers = st.lists(
    st.fixed_dictionaries(
        {"audit": st.sampled_from(["A01", "A02"]), "title": st.sampled_from(["Train", "Check"])},
        optional={
            "directorate": st.sampled_from(["finance", "housing", "place"]),
            "owner": st.sampled_from(["hs-revenues", "hs-repairs"]),
            "due_on": st.sampled_from([1, 2, 3]),
        },
    ),
    max_size=8,
)


def recorded(rows: list[Row]) -> dict[str, Row]:
    """What the register has once the rows were taken in."""
    return {f"R{n:02}": row for n, row in enumerate(rows)}


def found(rows: dict[int, Row], records: dict[str, Row]) -> dict[int, str]:
    told = identities(rows, records, KEY, FURTHER)
    assert not {row for one in told.unclear for row in one.rows} & told.found.keys()
    return dict(told.found)


@given(rows_of_trackers, st.data())
def test_any_rows_in_any_order_are_the_records_that_say_the_same(
    rows: list[Row], data: st.DataObject
) -> None:
    records = recorded(rows)
    some = data.draw(st.permutations(range(len(rows))))[: data.draw(st.integers(0, len(rows)))]
    told = found({row: rows[row] for row in some}, records)
    assert told.keys() == set(some)
    assert len(set(told.values())) == len(told), "no record is two rows'"
    for row, ref in told.items():
        assert rows[row].items() <= records[ref].items(), "nothing would change"


@given(rows_of_trackers, rows_of_trackers)
def test_no_record_is_ever_that_of_two_rows(rows: list[Row], others: list[Row]) -> None:
    told = found(dict(enumerate(rows)), recorded(others))
    assert len(set(told.values())) == len(told)
    for row, ref in told.items():
        record = recorded(others)[ref]
        assert {name: rows[row][name] for name in KEY} == {name: record[name] for name in KEY}


@given(rows_of_trackers)
def test_rows_that_are_not_alike_are_known_again_whatever_else_they_say_later(
    rows: list[Row],
) -> None:
    later = {number: {**row, "due_on": 9} for number, row in enumerate(rows)}
    doubtful = {number for group in alike(later, KEY, FURTHER) for number in group}
    told = found(later, recorded(rows))
    for number in later.keys() - doubtful:
        assert told[number] == f"R{number:02}"


AGENCIES = [
    {"audit": "A01", "title": "Train", "directorate": f"agency-{n}", "due_on": n} for n in range(12)
]


def test_one_recommendation_for_twelve_agencies_is_twelve_records() -> None:
    without = {n: row | {"due_on": 99} for n, row in enumerate(AGENCIES) if n != 3}
    assert found(without, recorded(AGENCIES)) == {n: f"R{n:02}" for n in without}
    another = {0: AGENCIES[0], 1: {**AGENCIES[1], "directorate": "agency-99"}}
    assert found(another, recorded(AGENCIES)) == {0: "R00"}, "another agency is a new record"


def test_an_only_row_is_its_record_whoever_owns_it_now() -> None:
    row = {"audit": "A01", "title": "TRAIN ", "directorate": "place", "owner": "x"}
    assert found({7: row}, {"R1": {**row, "title": "Train", "owner": "y"}}) == {7: "R1"}


def test_rows_that_nothing_tells_apart_are_never_matched_by_their_place() -> None:
    row = {"audit": "A01", "title": "Train"}
    records = recorded([row | {"due_on": 1}, row | {"due_on": 2}, row | {"due_on": 3}])
    told = identities({1: row | {"due_on": 2}, 2: row | {"due_on": 9}}, records, KEY, FURTHER)
    assert told.found == {1: "R01"}
    assert told.unclear == [((2,), ("R00", "R02"))]
    as_many = {n: row | {"due_on": due_on} for n, due_on in enumerate((3, 9, 1))}
    assert found(as_many, records) == {0: "R02", 1: "R01", 2: "R00"}, "the last is the last"


def test_a_further_field_that_some_rows_lack_tells_none_apart() -> None:
    both = {"audit": "A01", "title": "Train", "owner": "x"}
    rows = {1: both | {"directorate": "place"}, 2: both}
    records = recorded([both | {"directorate": "place"}, both | {"directorate": "housing"}])
    assert found(rows, records) == {1: "R00", 2: "R01"}
    other = {"audit": "A02", "title": "Check"}
    rows |= {3: other | {"owner": "y"}, 4: other | {"owner": "z"}}
    records |= {"R03": other | {"owner": "z"}, "R04": other | {"owner": "y"}}
    assert found(rows, records) == {1: "R00", 2: "R01", 3: "R04", 4: "R03"}


def test_a_row_that_says_more_chooses_first() -> None:
    row = {"audit": "A01", "title": "Train"}
    records = recorded([row | {"due_on": 1}, row | {"due_on": 2}])
    assert found({1: row, 2: row | {"due_on": 1}}, records) == {1: "R01", 2: "R00"}


def test_what_is_left_on_one_side_only_is_new_or_unchanged() -> None:
    row = {"audit": "A01", "title": "Train"}
    told = identities({1: row, 2: row}, recorded([row]), KEY, FURTHER)
    assert (told.found, list(told.unclear)) == ({1: "R00"}, [])
    told = identities({1: row}, recorded([row, row]), KEY, FURTHER)
    assert (told.found, list(told.unclear)) == ({1: "R00"}, [])
    told = identities({1: row | {"due_on": 9}}, recorded([row, row]), KEY, FURTHER)
    assert (told.found, list(told.unclear)) == ({}, [((1,), ("R00", "R01"))])


def test_a_key_that_was_given_says_all() -> None:
    rows = dict(enumerate(AGENCIES))
    records = recorded([{**row, "directorate": "merged"} for row in AGENCIES])
    assert not identities(rows, records, ("audit", "title", "directorate")).found
    assert len(identities(rows, records, ("audit", "title", "due_on")).found) == 12
