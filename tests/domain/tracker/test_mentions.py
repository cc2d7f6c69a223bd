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


def test_what_has_as_many_digits_and_letters_in_as_many_parts_looks_like_one() -> None:
    known = Mentions(["2223-017", "IA/12", "Rec_4.b"])
    text = "bb-34 REC.9_x 1111.222 2223-. aaa-1 12-34 1234-5678 abcd-efg"
    assert [tuple(one) for one in known.of(text)] == [
        (1, ref, False) for ref in ("bb-34", "REC.9_x", "1111.222")
    ]
    assert [tuple(one) for one in Mentions(["SE-ND"]).of("SE-XX SEND")] == []


def test_an_unusual_reference_is_found_between_blanks_in_whatever_surrounds_it() -> None:
    odd = Mentions(["R(1)", "(a)", "POA&M-001"])
    text = "R(1), (poa&m-001). (a): ((a)) xR(1)"
    assert [(one.ref, one.known) for one in odd.of(text)] == [
        ("R(1)", True), ("POA&M-001", True), ("(a)", True)
    ]  # fmt: skip
    assert [one.ref for one in odd.of("- R(1)\n\t• (A) ;\n(a).")] == ["R(1)", "(a)", "(a)"]


def test_the_longest_reference_within_a_word_is_meant() -> None:
    nested = Mentions(["A-1", "A-1-2", "B.3"])
    assert [one.ref for one in nested.of("A-1-2.B.3 x-A-1-9-b.3 A-1")] == [
        "A-1-2", "B.3", "A-1", "B.3", "A-1"
    ]  # fmt: skip


def test_a_month_is_a_date_even_where_references_are_made_alike() -> None:
    assert list(Mentions(["Abc-12"]).of("Oct-23 Nov.23 22-23")) == []
    assert [one.ref for one in Mentions(["Abc-12"]).of("Xyz-23")] == ["Xyz-23"]


def test_years_dates_and_other_words_do_not_look_like_one() -> None:
    assert found("In 22/23, 2022/23 or FY23 by 31/10/2023, 2023-10-31, up-to-date, 1.5, a/b") == []


@given(st.lists(st.sampled_from(KNOWN[:4]), min_size=1), st.sampled_from([" ", ", ", "\n", "; "]))
def test_every_reference_of_a_list_is_found_in_its_order(refs: list[str], parting: str) -> None:
    assert [ref for _, ref, known in found(parting.join(refs)) if known] == refs


@given(st.text())
def test_any_text_is_searched_without_fault(text: str) -> None:
    lines = text.splitlines()
    assert all(1 <= line <= len(lines) for line, _, _ in found(text))
