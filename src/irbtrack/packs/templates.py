"""Read a council's own document, whose design Word or PowerPoint takes over."""

from pathlib import Path

from irbtrack.errors import Misused, Refused, listed, quoted
from irbtrack.packs.formats import FORMATS
from irbtrack.sheets.limits import Unreadable
from irbtrack.sheets.packages import Package

LARGEST = 50_000_000
"""The bytes that a template has at most."""

MAIN_PARTS = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml"}
"""The part by which a package is known to be a document of its kind."""


def format_of_template(path: Path) -> str:
    """Return the format that can take a template over, by the ending of its name."""
    for ending, one in FORMATS.items():
        if path.suffix.lower() in one.templates:
            return ending
    known = [suffix for one in FORMATS.values() for suffix in one.templates]
    raise Misused(f"--template {quoted(str(path))} ends in none of {listed(known, 'and')}")


def read_template(path: Path) -> bytes:
    """Return the content of a template. Raises :class:`Refused` if it isn't what its name says."""
    where = f"the template {quoted(path.name)}"
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{where} is larger than 50 MB; take pictures out of it")
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{where} cannot be read ({error.strerror or 'unknown reason'})") from None
    ending = format_of_template(path)
    name = FORMATS[ending].name
    try:
        package = Package(content)
        for part in package.names:
            for _ in package.blocks(part):  # reading a part checks it
                pass
    except Unreadable:
        raise Refused(f"{where} is damaged or no {name} file; save it again from {name}") from None
    if MAIN_PARTS[ending] not in package:
        raise Refused(f"{where} is no {name} file; save it again from {name}")
    return content
