"""Read a council's own document, whose design Word or PowerPoint takes over."""

from pathlib import Path

from irbtrack.errors import Misused, Refused, listed, quoted
from irbtrack.packs.formats import FORMATS


def format_of_template(path: Path) -> str:
    """Return the format that can take a template over, by the ending of its name."""
    for ending, one in FORMATS.items():
        if path.suffix.lower() in one.templates:
            return ending
    known = [suffix for one in FORMATS.values() for suffix in one.templates]
    raise Misused(f"--template {quoted(str(path))} ends in none of {listed(known, 'and')}")


def read_template(path: Path) -> bytes:
    """Return the content of a template, of which its writer checks that it is one.

    Raises :class:`Refused` for a file that can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(f"the template {quoted(path.name)} cannot be read ({why})") from None
