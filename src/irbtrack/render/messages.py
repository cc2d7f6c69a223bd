"""What is said on standard error, which keeps standard output for data."""

import sys

from irbtrack.errors import printable


def note(sentence: str) -> None:
    """Say something on standard error, which keeps standard output for data."""
    sys.stderr.write("\n".join(map(printable, sentence.split("\n"))) + "\n")


def at_terminal() -> bool:
    """Whether somebody is there to be asked and told."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
