"""References in a text: those that are known, and what looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.tracker.mentions import Mentions

KNOWN = ["2223-017", "2223-018", "IA/12", "R7.1b", "17", "SEND"]


def found(text: str) -> list[tuple[int, str, bool]]:
    return [tuple(one) for one in Mentions(KNOWN).of(text)]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("We count 2223-017, and 2223-018.", ["2223-017", "2223-018"]),
        ("ia/12 and r7.1B", ["IA/12", "R7.1b"]),
        ("2223\u2013017 2223\u2011018", ["2223-017", "2223-018"]),
        ("evidence/2223-017.pdf", ["2223-017"]),
        ("2223-017/2223-018", ["2223-017", "2223-018"]),
        ("Ref:2223-017;(2223-018)", ["2223-017", "2223-018"]),
        ("| 2223-017 | 2223-018 |", ["2223-017", "2223-018"]),
    ],
)
def test_known_references_are_found_in_any_writing(text: str, refs: list[str]) -> None:
    assert found(text) == [(1, ref, True) for ref in refs]


def test_a_number_or_a_word_is_a_reference_only_alone_in_its_line() -> None:
    assert found("17 of them; SEND it\n 17\n- send,\n") == [(2, "17", True), (3, "SEND", True)]


def test_what_begins_or_is_made_as_a_known_one_looks_like_one() -> None:
    assert found("2223-0171 2223/017 2232-017 ia/99") == [
        (1, ref, False) for ref in ("2223-0171", "2223/017", "2232-017", "ia/99")
    ]


def test_years_dates_and_other_words_do_not_look_like_one() -> None:
    assert found("In 22/23, 2022/23 or FY23 by 31/10/2023, 2023-10-31, up-to-date, 1.5, a/b") == []


@given(st.lists(st.sampled_from(KNOWN[:4]), min_size=1), st.sampled_from([" ", ", ", "\n", "; "]))
def test_every_reference_of_a_list_is_found_in_its_order(refs: list[str], parting: str) -> None:
    assert [ref for _, ref, known in found(parting.join(refs)) if known] == refs


@given(st.text())
def test_any_text_is_searched_without_fault(text: str) -> None:
    lines = text.splitlines()
    assert all(1 <= line <= len(lines) for line, _, _ in found(text))
