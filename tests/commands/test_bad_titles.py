"""Titles that no shell line shows well: control characters, direction marks, great lengths."""

import shlex

import pytest
from shared.transcript import Prepare, Scene, kept


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    """A register with a directorate, an audit and one action."""
    return prepared(
        'init --council "Test Council"',
        'directorate add finance "Finance"',
        'audit add "Council Tax"',
        'action add "The first" --audit "Council Tax" --priority high --directorate finance',
    )


def add(scene: Scene, title: str) -> str:
    return scene.run(
        f"irbtrack action add {shlex.quote(title)} --audit 2324-A01 --priority high"
        " --directorate finance"
    )


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x1b", r"\x1b"),
        ("\x00", r"\x00"),
        ("\x07", r"\x07"),
        ("\x7f", r"\x7f"),
        ("\x9b", r"\x9b"),
        ("\n", r"\n"),
        ("\r", r"\r"),
        ("\t", r"\t"),
        ("\u200b", r"\u200b"),
        ("\u2028", r"\u2028"),
        ("\u202e", r"\u202e"),
        ("\u2066", r"\u2066"),
        ("\ufeff", r"\ufeff"),
    ],
)
def test_a_character_that_does_not_print_is_refused_and_shown(
    character: str, shown: str, register: Scene
) -> None:
    before = kept(register.folder / "irbtrack.db")
    refused = (
        f"! irbtrack: the title has the character {shown}, which does not print,"
        " at position 4; take it out\n[exit 1]"
    )
    assert add(register, f"Pay{character}roll") == refused
    updating = f"irbtrack action update 2324-001 --title {shlex.quote(f'Pay{character}roll')}"
    assert register.run(updating) == refused
    assert kept(register.folder / "irbtrack.db") == before


@pytest.mark.parametrize("option", ["--text", "--audit", "--directorate", "--year", "--as-of"])
def test_a_control_sequence_that_is_asked_for_is_never_written_out(
    option: str, register: Scene
) -> None:
    written = register.run(f"irbtrack action list {option} {shlex.quote(chr(27) + '[31mred')}")
    assert "\x1b" not in written


def test_an_unknown_reference_with_a_control_sequence_is_shown(register: Scene) -> None:
    assert register.run("irbtrack action show '\x1b]0;title\x07'") == (
        r"! irbtrack: no action '\x1b]0;title\x07';"
        " 'irbtrack action list --text WORD' finds one\n[exit 1]"
    )


@pytest.mark.parametrize("length", [301, 100_000])
def test_a_title_that_is_too_long_is_refused(length: int, register: Scene) -> None:
    before = kept(register.folder / "irbtrack.db")
    assert add(register, "x" * length) == (
        f"! irbtrack: the title has {length:,} characters; it may have at most 300\n[exit 1]"
    )
    assert kept(register.folder / "irbtrack.db") == before


def test_a_title_of_the_greatest_length_is_kept_whole(register: Scene) -> None:
    title = "Ab " * 99 + "end"
    assert add(register, title).startswith("2324-002\n")
    assert f'"title": "{title}"' in register.run("irbtrack action list --format json")


def test_a_very_long_name_is_not_said_again_in_full(register: Scene) -> None:
    written = register.run(f"irbtrack action list --directorate {'x' * 100_000}")
    assert written == (
        f"! irbtrack: no directorate '{'x' * 57}...'; 'irbtrack directorate list' shows them,"
        " 'irbtrack directorate add' adds one\n[exit 1]"
    )


def test_spaces_are_trimmed_and_made_single(register: Scene) -> None:
    assert add(register, "  Reconcile \u00a0  the   account ").startswith("2324-002\n")
    assert '"title": "Reconcile the account"' in register.run("irbtrack action list --format json")


def test_a_text_may_have_lines_and_its_line_ends_stay_in_its_cell(register: Scene) -> None:
    told = shlex.quote("Line one\r\nLine two | =1+1\n\n\tLine four")
    assert register.run(f"irbtrack action progress 2324-001 --note {told}") == (
        "! 2324-001 progress kept for 23 November 2023"
    )
    shown = register.run("irbtrack action show 2324-001 --format md")
    assert r"progress: Line one<br>Line two \| =1+1<br><br>\\tLine four" in shown
    assert r'"progress": "Line one\nLine two | =1+1\n\n\tLine four"' in register.run(
        "irbtrack action show 2324-001 --format json"
    )


def test_a_text_of_more_than_ten_thousand_characters_is_refused(register: Scene) -> None:
    assert register.run(f"irbtrack action progress 2324-001 --note {'x' * 10_001}") == (
        "! irbtrack: the note has 10,001 characters; it may have at most 10,000\n[exit 1]"
    )


def test_bytes_that_are_no_text_are_refused(register: Scene) -> None:
    assert register.run("irbtrack action show Pay\udcffroll") == (
        r"! irbtrack: the REF 'Pay\udcffroll' is not text in UTF-8; type it again" "\n[exit 2]"
    )
