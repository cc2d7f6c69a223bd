"""What an erasure leaves in the journal's texts, and where."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import changed, entry, raised

from irbtrack.domain.erasure import Mentioned, is_mentioned, mentioned_in, sought_of
from irbtrack.domain.journal import Change, file_of, is_from_file, source_of

DAY = date(2023, 10, 31)
WORDS = st.text("abcdefghijklmnopqrstuvwxyzåéß", min_size=2, max_size=9)
NAMES = st.lists(WORDS.map(str.capitalize), min_size=2, max_size=4).map(" ".join)
AROUND = st.text(" .,;:()'\n\t\"-", max_size=4)


@given(NAMES, AROUND, AROUND, st.sampled_from([" ", "  ", "\n"]), st.booleans())
def test_a_name_is_found_however_it_is_spaced_and_cased(
    name: str, before: str, after: str, space: str, shouted: bool
) -> None:
    written = space.join(name.split())
    assert is_mentioned(f"{before}{written.casefold() if shouted else written}{after}", [name])


@given(NAMES, WORDS)
def test_a_name_within_a_word_is_not_a_mention(name: str, letters: str) -> None:
    assert not is_mentioned(f"{letters}{name}", [name])
    assert not is_mentioned(f"{name}{letters}", [name])


@given(st.text(max_size=40), st.text(max_size=20).filter(str.strip))
def test_any_text_can_be_searched_for_anything(text: str, sought: str) -> None:
    assert not is_mentioned(text, [])
    assert is_mentioned(f"{text} {sought} {text}", sought_of(sought, None)) or not sought.split()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Agreed with Mrs Hill", True),
        ("AGREED WITH HILL", True),
        ("hill top estate", False),
        ("Hilltop estate", False),
        ("ask A.Hill@Example.org.", True),
        ("ann hill", True),
        ("Ann agreed", False),
    ],
)
def test_what_counts_as_a_mention(text: str, found: bool) -> None:
    assert is_mentioned(text, sought_of("Ann Hill", "a.hill@example.org")) is found


@pytest.mark.parametrize(
    ("name", "email", "sought"),
    [
        (None, None, []),
        ("Prince", None, ["Prince"]),
        ("O'Hare, Jo", None, ["O'Hare, Jo", "O'Hare"]),
        (None, "a@example.org", ["a@example.org"]),
        ("...", None, ["..."]),
    ],
)
def test_what_is_looked_for(name: str | None, email: str | None, sought: list[str]) -> None:
    assert sought_of(name, email) == sought


def test_each_text_of_an_entry_is_searched() -> None:
    recorded = [
        (1, entry(raised(title="Asked by Ann Hill"), reason="Ann Hill")),
        (2, entry(changed(DAY, progress="nothing of hers"))),
        (3, entry(Change("action", "2223-001", DAY, {"co_owners": ("Hill",)}, "Hill agreed"))),
        (4, entry(Change("audit", "Hill", DAY, {"name": "Payroll"}))),
    ]
    assert list(mentioned_in(recorded, ["Ann Hill", "Hill"])) == [
        Mentioned(1, "its reason"),
        Mentioned(1, "the title of 2223-001"),
        Mentioned(3, "the reason for 2223-001"),
        Mentioned(3, "the co owners of 2223-001"),
        Mentioned(4, "the reference of Hill"),
    ]


@given(st.text(min_size=1).filter(lambda s: "\n" not in s and s.strip() == s), st.booleans())
def test_the_file_of_a_reason_is_the_one_that_was_taken_in(name: str, keyed: bool) -> None:
    reason = "Agreed; " + source_of(name, "0" * 64, ["title"] if keyed else [])
    found = file_of(reason)
    assert found is not None
    assert is_from_file(reason, found)
    assert file_of("Agreed") is None
