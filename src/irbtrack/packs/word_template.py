"""A council's own Word template: open it with care, as a document to be filled.

A template is somebody's file. So its parts are unpacked within limits and checked before the
library reads them, and it is given only a package that was written here.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from zipfile import ZipFile

from irbtrack.errors import Refused
from irbtrack.sheets.limits import MIB, Unreadable, too_much
from irbtrack.sheets.packages import Package, elements, repacked

PART_LIMIT = 16 * MIB
"""The bytes that a part of a template has at most, unpacked."""

XML_LIMIT = 24 * MIB
"""The bytes that all its parts of XML have at most, which take many times that to be read."""

CONTENT_TYPES = "[Content_Types].xml"

TEMPLATE, DOCUMENT = (
    f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}.main+xml".encode()
    for kind in ("template", "document")
)
"""What the main part of each calls itself. They differ in nothing else."""


def as_document(template: bytes) -> BytesIO:
    """Return a template as a document that the library can open.

    Raises :class:`Refused` for one that is damaged, protected, too large, or not of Word.
    """
    try:
        package = Package(template)
        return repacked(_parts(package, ZipFile(BytesIO(template)).namelist()))
    except Unreadable:
        raise Refused(
            "the template is damaged, protected by a password, or too large; open it in Word and"
            " save it again"
        ) from None


def _parts(package: Package, names: Iterable[str]) -> Iterator[tuple[str, list[bytes]]]:
    """Yield the name and the content of each part."""
    xml = 0
    for name in names:
        if name.endswith("/"):
            continue
        part = package.whole(name, PART_LIMIT)
        if name.endswith((".xml", ".rels")):
            xml += len(part)
            if xml > XML_LIMIT:
                raise too_much()
            elements(part)
        if name == CONTENT_TYPES:
            part = part.replace(TEMPLATE, DOCUMENT)
            if DOCUMENT not in part:
                raise Refused(
                    "the template is not a Word document; give one that Word saved as .docx or"
                    " .dotx"
                )
        yield name, [part]
