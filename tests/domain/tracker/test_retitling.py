"""Titles that were changed in a word or two."""

from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.tracker.retitling import ALIKE, likeness, retitled

LONG = "Review the scheme of delegation and have it approved by members each autumn " * 5


def test_a_title_changed_in_a_word_is_offered_and_another_is_not() -> None:
    gone = {"A1": "Keep a log of refunds", "A2": "Review discounts every year", "A3": LONG + "x"}
    new = {4: "Keep a log of all refunds", 5: "Train the staff", 6: LONG + "y z"}
    assert retitled(new, gone) == {4: "A1", 6: "A3"}


def test_each_title_is_given_to_the_one_that_is_most_alike() -> None:
    gone = {"A1": "Check the overtime of staff in housing"}
    new = {
        1: "Check the overtime of staff in housings",
        2: "Check overtime of the staff in housing",
    }
    assert retitled(new, gone) == {1: "A1"}


def test_what_shares_less_than_half_of_its_words_is_not_looked_at() -> None:
    assert retitled({1: "check the logs weekly"}, {"A1": "check the log week"}) == {1: "A1"}
    assert retitled({1: "check the logs weekly"}, {"A1": "check the log each week"}) == {}


def test_the_rarest_words_of_a_title_find_what_it_was() -> None:
    gone = {f"A{n:02}": f"add all and any of {n:02} zebras {n:02}x" for n in range(60)}
    assert retitled({1: "add all and any of 59 zebra 59x"}, gone) == {1: "A59"}


def test_titles_are_alike_from_four_fifths_on() -> None:
    assert likeness("keep a log", "keep a log well") == ALIKE
    assert retitled({1: "keep a log"}, {"A1": "keep a log well"}) == {1: "A1"}
    assert likeness("do it; " + "to do it " * 30, "to do it " * 30) > ALIKE


words = st.lists(
    st.sampled_from(["check", "keep", "review", "the", "log", "of", "refunds", "staff"]), max_size=6
)
titles = words.map(" ".join)


@given(titles, titles)
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1


@given(st.dictionaries(st.integers(0, 9), titles), st.dictionaries(st.sampled_from("ABCD"), titles))
def test_what_is_offered_is_alike_and_offered_once(
    new: dict[int, str], gone: dict[str, str]
) -> None:
    found = retitled(new, gone)
    assert len(set(found.values())) == len(found)
    assert all(likeness(new[row], gone[ref]) >= ALIKE for row, ref in found.items())
