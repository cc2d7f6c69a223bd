"""Titles, commentary and notes of directions and plans that no shell line shows well."""

import shlex

import pytest
from shared.transcript import Prepare, Scene, kept


@pytest.fixture
def register(prepared: Prepare) -> Scene:
    """A register with a direction, a workstream and a milestone."""
    return prepared(
        'init --council "Test Council"',
        'direction add 3a "Financial Sustainability"',
        'workstream add plan "The Plan"',
        'milestone add "Budget set" --workstream plan --due 7/3/2024',
    )


TITLES = {
    "direction add 9 {}": "the title",
    "direction update 3a --title {}": "the title",
    "workstream add other {}": "the name",
    "workstream update plan --name {}": "the name",
    "milestone add {} --workstream plan": "the title",
    "milestone update M001 --title {}": "the title",
    "note add theme Text --theme {}": "the theme",
}

TEXTS = {
    "direction update 3a {}": "the commentary",
    "milestone update M001 {}": "the commentary",
    "note add headline {}": "the note",
    "direction update 3a --trend up --reason {}": "the reason",
    "milestone drop M001 --reason {}": "the reason",
    "note drop N1 --reason {}": "the reason",
}


def refused(register: Scene, command: str, text: str) -> str:
    """What is said of a text, after which the database is as it was."""
    path = register.folder / "irbtrack.db"
    before = kept(path)
    said = register.run(f"irbtrack {command.format(shlex.quote(text))}")
    assert kept(path) == before
    return said


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x1b", r"\x1b"),
        ("\x00", r"\x00"),
        ("\x9b", r"\x9b"),
        ("\r", r"\r"),
        ("\u2028", r"\u2028"),
        ("\u202e", r"\u202e"),
        ("\u200b", r"\u200b"),
    ],
)
@pytest.mark.parametrize(("command", "what"), [*TITLES.items(), *TEXTS.items()])
def test_a_character_that_does_not_print_is_refused_and_shown(
    command: str, what: str, character: str, shown: str, register: Scene
) -> None:
    if "N1" in command:
        register.run("irbtrack note add headline Text")
    assert refused(register, command, f"Pay{character}roll") == (
        f"! irbtrack: {what} has the character {shown}, which does not print,"
        " at position 4; take it out\n[exit 1]"
    )


@pytest.mark.parametrize(("command", "what"), TITLES.items())
def test_a_title_is_one_line_of_at_most_300_characters(
    command: str, what: str, register: Scene
) -> None:
    for character, shown in (("\n", r"\n"), ("\t", r"\t")):
        assert refused(register, command, f"Pay{character}roll").startswith(
            f"! irbtrack: {what} has the character {shown}, which does not print"
        )
    assert refused(register, command, "x" * 301) == (
        f"! irbtrack: {what} has 301 characters; it may have at most 300\n[exit 1]"
    )
    assert "[exit" not in register.run(f"irbtrack {command.format('x' * 300)}")


@pytest.mark.parametrize(("command", "what"), TEXTS.items())
def test_a_text_has_at_most_ten_thousand_characters(
    command: str, what: str, register: Scene
) -> None:
    register.run("irbtrack note add headline Text")
    assert refused(register, command, "x" * 10_001) == (
        f"! irbtrack: {what} has 10,001 characters; it may have at most 10,000\n[exit 1]"
    )
    assert "[exit" not in register.run(f"irbtrack {command.format('x' * 10_000)}")


def test_the_note_of_a_target_is_a_title(register: Scene) -> None:
    update = "direction update 3a --reason Why --target {}"
    assert refused(register, update, f"31-Mar-24 ({'x' * 301})") == (
        "! irbtrack: the note of the target has 301 characters; it may have at most 300\n[exit 1]"
    )
    assert refused(register, update, "31-Mar-24 (FOR\x1bREVIEW)") == (
        r"! irbtrack: the note of the target has the character \x1b, which does not print,"
        " at position 4; take it out\n[exit 1]"
    )
    assert "[exit" not in register.run(f"irbtrack {update.format(repr('31-Mar-24 ([b] | =1)'))}")


BAD_WORDS = ("\x1b[31mred\x07", "x" * 100_000, "\u202edlrow", "'", "[b]", "''", "=1+1")


@pytest.mark.parametrize(
    "command",
    [
        "direction show {}",
        "direction update {} Text",
        "direction add {} Title",
        "direction list --rag {}",
        "direction list --lead {}",
        "direction list --compare {}",
        "direction update 3a --trend {} --reason Why",
        "direction update 3a --target {} --reason Why",
        "direction update 3a Text --dated {}",
        "workstream add {} Name",
        "workstream update plan --within {}",
        "workstream update plan --place {}",
        "milestone update {} Text",
        "milestone list --workstream {}",
        "milestone list --direction {}",
        "milestone add Title --workstream plan --due {}",
        "milestone drop {} --reason Why",
        "note add {} Text",
        "note add headline Text --place {}",
        "note list --section {}",
        "note list --board {}",
        "note drop {}",
        "plan {}",
        "plan --from {}",
        "plan --to {}",
        "exceptions --from {}",
        "exceptions --workstream {} --from 1/10/2023",
        "due --within {}",
        "overview --as-of {}",
        "overview --known-at {}",
        "history {}",
    ],
)
def test_a_bad_word_is_one_short_sentence_without_control_characters(
    command: str, register: Scene
) -> None:
    for bad in (
        "\x1b[31mred\x07",
        "x" * 100_000,
        "\u202edlrow",
        "-",
        "'",
        "[b]",
        "''",
        "\n",
        "=1+1",
    ):
        if command == "direction add {} Title" and bad in ("'", "[b]", "''", "=1+1"):
            continue  # all that prints, without blanks, is a reference
        said = refused(register, command, bad)
        lines = said.splitlines()
        assert lines[-1] in ("[exit 1]", "[exit 2]"), (bad, said)
        assert len(lines) == 2, said
        assert lines[0].startswith("! irbtrack: ")
        assert len(lines[0]) < 400
        assert lines[0].removeprefix("! ").isprintable()


def test_bytes_that_are_no_text_are_refused(register: Scene) -> None:
    for command, what in (
        ("direction update 3a Pay\udcffroll", "the COMMENTARY"),
        ("note add headline Pay\udcffroll", "the TEXT"),
        ("direction update 3a --target Pay\udcffroll", "--target"),
        ("milestone add Pay\udcffroll --workstream plan", "the TITLE"),
    ):
        said = refused(register, f"{command}{{}}", "")
        assert said.endswith(r"'Pay\udcffroll' is not text in UTF-8; type it again" "\n[exit 2]")
        assert said.startswith(f"! irbtrack: {what} "), said


def test_spaces_are_trimmed_and_made_single_in_titles(register: Scene) -> None:
    register.run("irbtrack direction add 9 '  Democratic \u00a0  Governance '")
    register.run("irbtrack milestone add '  Panels   reshaped ' --workstream ' THE  plan '")
    assert '"title": "Democratic Governance"' in register.run(
        "irbtrack direction list --format json"
    )
    assert '"title": "Panels reshaped"' in register.run("irbtrack milestone list --format json")


def test_a_commentary_keeps_its_lines_as_typed(register: Scene) -> None:
    told = shlex.quote("\n  Line one\r\n\r\n- [x] a *list* | =1+1\n\tindented  \n")
    register.run(f"irbtrack direction update 3a {told}")
    assert r'"text": "Line one\n\n- [x] a *list* | =1+1\n\tindented"' in register.run(
        "irbtrack direction show 3a --format json"
    )
    assert "Line one<br>" in register.run("irbtrack direction list --format md")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(1)", "'=1", "\uff1d1"])
def test_what_looks_like_a_formula_is_a_text_in_csv(formula: str, register: Scene) -> None:
    text = shlex.quote(formula)
    for command in (
        f"direction update 3a --title={text} -- {text}",
        f"milestone update M001 --title={text} -- {text}",
        f"workstream update plan --name={text}",
        f"note add --theme={text} -- theme {text}",
    ):
        assert "[exit" not in register.run(f"irbtrack {command}")
    for command in (
        "direction list",
        "milestone list",
        "workstream list",
        "note list",
        "note list --section commentary",
        "plan",
        "due --within 9m",
        "history --last 4",
    ):
        written = register.run(f"irbtrack {command} --format csv")
        cells = written.replace('"', "").replace("\n", ",").split(",")
        assert [cell for cell in cells if cell.startswith(formula)] == [], command
        assert f"'{formula}" in written or command.startswith("history")
