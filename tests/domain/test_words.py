"""Reading what people type for a field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.words import (
    read_choice,
    read_code,
    read_ref,
    read_text,
    read_title,
    read_whole,
    unknown,
)
from irbtrack.errors import IrbtrackError, Misused, Refused, printable, quoted


def refusal_of(kind: type[IrbtrackError], read: object, *arguments: object) -> str:
    """The sentence that a reading is refused with."""
    with pytest.raises(kind) as refusal:
        read(*arguments)  # type: ignore[operator]
    assert type(refusal.value) is kind
    return str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Reconcile the ledger", "Reconcile the ledger"),
        ("  Reconcile   the  ledger ", "Reconcile the ledger"),
        ("Reconcile\u00a0the ledger", "Reconcile the ledger"),
        ("Reconcile\u00a0 \u00a0the ledger\u00a0", "Reconcile the ledger"),
        ("[bold]Reconcile[/bold] the ledger", "[bold]Reconcile[/bold] the ledger"),
        ('=HYPERLINK("x")', '=HYPERLINK("x")'),
        ("<script>alert('1')</script>", "<script>alert('1')</script>"),
        ("../../etc/passwd %s {0}", "../../etc/passwd %s {0}"),
        ("Cafe\u0301", "Café"),
        ("مراجعة الحسابات", "مراجعة الحسابات"),
        ("👩\u200d🏫 training", "👩\u200d🏫 training"),
        ("x", "x"),
    ],
)
def test_a_title_is_text_trimmed_with_single_spaces(typed: str, kept: str) -> None:
    assert read_title("the title", typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "\u00a0", "\n", " \t "])
def test_an_empty_title_is_refused(typed: str) -> None:
    assert refusal_of(Refused, read_title, "the title", typed) == (
        "the title is empty; give it at least a word"
    )


def test_a_title_may_have_300_characters_and_no_more() -> None:
    assert read_title("the title", " " + "é" * 300 + " ") == "é" * 300
    assert refusal_of(Refused, read_title, "the title", "é" * 301) == (
        "the title has 301 characters; it may have at most 300"
    )
    assert refusal_of(Refused, read_title, "the title", "x" * 100_000) == (
        "the title has 100,000 characters; it may have at most 300"
    )


@pytest.mark.parametrize(
    ("typed", "character", "position"),
    [
        ("a\x1b[31mb", r"\x1b", 2),
        ("a\nb", r"\n", 2),
        ("ab\tc", r"\t", 3),
        ("\x00", r"\x00", 1),
        ("a\u202eb", r"\u202e", 2),
        ("a\u2028b", r"\u2028", 2),
        ("a\x85b", r"\x85", 2),
        ("a\ud800b", r"\ud800", 2),
        ("a\ufeffb", r"\ufeff", 2),
    ],
)
def test_a_title_with_a_character_that_does_not_print_is_refused(
    typed: str, character: str, position: int
) -> None:
    assert refusal_of(Refused, read_title, "the title", typed) == (
        f"the title has the character {character}, which does not print,"
        f" at position {position}; take it out"
    )


def test_a_text_keeps_its_lines() -> None:
    assert read_text("the note", "\n one\r\n\ttwo  x\n\n") == "one\n\ttwo  x"
    assert read_text("the note", "x" * 10_000) == "x" * 10_000


def test_a_text_that_is_empty_too_long_or_unprintable_is_refused() -> None:
    assert refusal_of(Refused, read_text, "the note", " \n ") == (
        "the note is empty; give it at least a word"
    )
    assert refusal_of(Refused, read_text, "the note", "x" * 10_001) == (
        "the note has 10,001 characters; it may have at most 10,000"
    )
    assert refusal_of(Refused, read_text, "the note", "one\ntwo\x07") == (
        r"the note has the character \x07, which does not print, at position 8; take it out"
    )
    assert refusal_of(Refused, read_text, "the note", "one\rtwo") == (
        r"the note has the character \r, which does not print, at position 4; take it out"
    )


@given(st.text())
def test_whatever_is_kept_as_a_title_prints_and_is_kept_again(typed: str) -> None:
    try:
        kept = read_title("the title", typed)
    except Refused:
        return
    assert printable(kept) == kept
    assert 0 < len(kept) <= 300
    assert read_title("the title", kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ed-finance", "ed-finance"),
        (" ED-Finance ", "ed-finance"),
        ("a1", "a1"),
        ("x" * 40, "x" * 40),
    ],
)
def test_a_code_is_kept_in_lower_case(typed: str, kept: str) -> None:
    assert read_code("an officer", typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "ed finance", "ed--finance", "-ed", "ed-", "ed_finance", "é", "x" * 41, "a/b", "٣"],
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert refusal_of(Refused, read_code, "an officer", typed) == (
        f"'{typed}' cannot be the code of an officer;"
        " use letters, digits and single hyphens, at most 40, as in ed-finance"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "2223-001",
        " IA/22.23_4 ",
        "3a",
        "SEND",
        "x" * 60,
        "POA&M-001",
        "R(1)",
        "#12",
        "FS2010–46",
        "É-1",
        "../x",
        "=1+1",
        "2223--001",
    ],
)
def test_a_reference_is_kept_as_typed_but_for_its_ends(typed: str) -> None:
    assert read_ref(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed", ["", "2223 001", "-1", "x" * 61, "a\nb", "a\x1bb", "a\u202eb", "a\u3000b"]
)
def test_what_is_no_reference_is_refused(typed: str) -> None:
    assert refusal_of(Refused, read_ref, typed) == (
        f"{quoted(typed)} cannot be a reference; use at most 60 characters without blanks, as in"
        " 2324-017 or POA&M-001, and no hyphen at the beginning"
    )


STATUSES = ("Not Due", "Overdue", "Complete", "Not Allocated", "Closed")


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("Not Due", "Not Due"),
        ("not-due", "Not Due"),
        ("NOT_DUE", "Not Due"),
        (" notdue ", "Not Due"),
        ("o", "Overdue"),
        ("comp", "Complete"),
        ("not a", "Not Allocated"),
    ],
)
def test_a_choice_is_known_by_its_name_or_enough_of_it(typed: str, choice: str) -> None:
    assert read_choice("a status", typed, STATUSES) == choice


def test_a_whole_name_is_chosen_though_others_begin_with_it() -> None:
    assert read_choice("a priority", "high", ("Higher", "High", "Highest")) == "High"


@pytest.mark.parametrize("typed", ["", "not", "c", "late", "Overdue!", "-"])
def test_a_choice_that_is_none_or_several_is_misused(typed: str) -> None:
    assert refusal_of(Misused, read_choice, "a status", typed, STATUSES) == (
        f"'{typed}' is not a status;"
        " it is one of Not Due, Overdue, Complete, Not Allocated or Closed"
    )


@pytest.mark.parametrize(("typed", "number"), [("0", 0), (" 7 ", 7), ("100", 100), ("007", 7)])
def test_a_whole_number_is_read(typed: str, number: int) -> None:
    assert read_whole("a percentage", typed, 100) == number


@pytest.mark.parametrize(
    "typed", ["", "-1", "101", "1.5", "1,0", "ten", "1_0", "٣", "²", "9" * 5000]
)
def test_what_is_no_whole_number_in_range_is_misused(typed: str) -> None:
    shown = typed if len(typed) < 60 else "9" * 57 + "..."
    assert refusal_of(Misused, read_whole, "a percentage", typed, 100) == (
        f"'{shown}' is not a percentage; give a whole number from 0 to 100"
    )


def test_a_name_that_is_like_none_is_refused_without_a_guess() -> None:
    assert str(unknown("directorate", "zzz", ["finance"], "see the list")) == (
        "no directorate 'zzz'; see the list"
    )
    assert str(unknown("directorate", "a\x1b", [], "see the list")) == (
        r"no directorate 'a\x1b'; see the list"
    )
