"""Write to standard error, so that standard output is for data only."""

import sys

from irbtrack.errors import printable


def note(sentence: str) -> None:
    """Write a sentence to standard error."""
    sys.stderr.write("\n".join(map(printable, sentence.split("\n"))) + "\n")


def at_terminal() -> bool:
    """Return whether somebody is there to be asked and told."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
