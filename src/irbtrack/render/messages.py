"""Write to standard error, so that standard output is for data only."""

import sys
from contextlib import suppress

from irbtrack.errors import printable


def note(sentence: str) -> None:
    """Write a sentence to standard error.

    A sentence that can't be written is no fault of the command. If something was stored, ``cli``
    then says so elsewhere.
    """
    with suppress(OSError):
        sys.stderr.write("\n".join(map(printable, sentence.split("\n"))) + "\n")


def at_terminal() -> bool:
    """Return whether somebody is there to be asked and told."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
