"""Read the picture that a council gives for the cover, and refuse one that can't be shown."""

from pathlib import Path

from irbtrack.errors import Refused, quoted
from irbtrack.packs.document import Image
from irbtrack.packs.pictures import plain_jpeg, plain_png
from irbtrack.sheets.limits import Unreadable

LARGEST = 5_000_000
"""The bytes that a picture has at most."""


def read_image(path: Path) -> Image:
    """Return the picture in a file, PNG or JPEG, whatever its name ends in.

    Only what shows it is left: no place, name or text that a camera or a program put there.
    Raises :class:`Refused` for a file that can't be read, is damaged, or is too large.
    """
    where = f"the logo {quoted(path.name)}"
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{where} is larger than 5 MB; save it smaller")
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{where} cannot be read ({error.strerror or 'unknown reason'})") from None
    try:
        if content.startswith(plain_png.SIGNATURE):
            return Image(plain_png.plain_png(content), "png")
        if content.startswith(plain_jpeg.SIGNATURE):
            return Image(plain_jpeg.plain_jpeg(content), "jpg")
    except Unreadable as refusal:
        raise Refused(f"{where} {refusal}") from None
    raise Refused(f"{where} is neither PNG nor JPEG; save it as one of them")
