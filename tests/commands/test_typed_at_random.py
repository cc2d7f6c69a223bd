"""Random texts and command lines: a short form of ``poe stress typed``."""

from stress import typed


def test_random_texts_and_command_lines_are_read_or_refused_in_a_sentence() -> None:
    tally = typed.read_all(2000, 3)
    assert sum(tally.values()) == 2000
    assert {name for name, taken in tally if taken} >= {"year", "reference", "title"}
    assert {name for name, taken in tally if not taken} >= {"date", "year", "command line"}
