"""How names and texts are put into a message."""

from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.words import (
    unknown,
)
from irbtrack.errors import listed, near, printable, quoted


def test_a_name_that_is_not_known_is_refused_with_near_ones() -> None:
    assert str(unknown("directorate", "finanse", ["finance", "housing"], "see the list")) == (
        "no directorate 'finanse'; did you mean 'finance'? see the list"
    )
    assert str(unknown("officer", "ed-place", ["ad-place", "ed-places", "x"], "add it")) == (
        "no officer 'ed-place'; did you mean 'ed-places' or 'ad-place'? add it"
    )


def test_at_most_three_near_names_are_given_whatever_their_case() -> None:
    known = ["Finance", "FINANCES", "finances-2", "finance-1", "housing"]
    assert near("FINANCE", known)[0] == "Finance"
    assert len(near("finance", known)) == 3


def test_names_are_listed_as_a_phrase() -> None:
    assert listed(["High"]) == "High"
    assert listed(["High", "Low"]) == "High or Low"
    assert listed(["High", "Medium", "Low"], "and") == "High, Medium and Low"


@given(st.text())
def test_whatever_is_quoted_prints_and_is_short(text: str) -> None:
    shown = quoted(text)
    assert len(shown) <= 62
    assert printable(shown) == shown
    assert shown.replace("\u200c", "").replace("\u200d", "").isprintable()
