"""Write seals and keys to files, and read seals from them."""

import sys
from pathlib import Path

from irbtrack.domain.seal import LONGEST, Seal, read_seal, seal_text
from irbtrack.errors import Refused, quoted
from irbtrack.exports.files import refuse_if_there, write_whole
from irbtrack.register.signing import new_keys

STANDARD_STREAM = "-"
"""What stands for standard output or input where a file is named."""


def seal_file(file: str) -> Path | None:
    """Return the file that a seal is written to, which isn't there yet; None if to no file."""
    if file == STANDARD_STREAM:
        return None
    path = Path(file)
    refuse_if_there(path)
    return path


def write_seal(seal: Seal, path: Path | None) -> None:
    """Write a seal to a file, whole or not at all, or to standard output."""
    text = seal_text(seal)
    if path is None:
        sys.stdout.write(text)
    else:
        write_whole(path, lambda to: to.write_text(text, "utf-8", newline="\n"))


def seal_in(file: str) -> Seal:
    """Return the seal in a file. Raise :class:`Refused` if it can't be read."""
    name = "standard input" if file == STANDARD_STREAM else quoted(file)
    try:
        if file == STANDARD_STREAM:
            text = sys.stdin.read(LONGEST + 1)
        else:
            with Path(file).open(encoding="utf-8") as told:
                text = told.read(LONGEST + 1)
    except OSError as error:
        raise Refused(f"{name} cannot be read ({error.strerror or 'unknown reason'})") from None
    except ValueError:
        text = ""
    return read_seal(text, name)


def write_new_keys(file: str) -> Path:
    """Write a new private key to a file that only its owner can read, and the public one beside it.

    Return the public one's file.
    """
    private, public = Path(file), Path(f"{file}.pub")
    for path in (private, public):
        refuse_if_there(path)
    keys = new_keys()
    write_whole(private, lambda to: to.write_bytes(keys.private))
    write_whole(public, lambda to: to.write_bytes(keys.public))
    return public
