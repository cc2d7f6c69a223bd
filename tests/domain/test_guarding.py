"""Texts that a spreadsheet would take for formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.guarding import guarded, unguarded


@pytest.mark.parametrize("sign", "=+-@\t\r＝＋－＠")
def test_what_begins_like_a_formula_is_guarded_and_nothing_else_is(sign: str) -> None:
    assert guarded(f"{sign}1") == f"'{sign}1"
    assert guarded(f"''{sign}1") == "'" * 3 + f"{sign}1"
    assert unguarded(f"{sign}1") == f"{sign}1"
    for plain in (f"a{sign}1", "'tis", "", "'"):
        assert guarded(plain) == unguarded(plain) == plain


@given(st.text("'=+-@ \ta", max_size=6))
def test_a_guard_is_taken_away_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in set("=+-@\t")
