"""A council's own template for Word or PowerPoint: open it with care, as a document to be filled.

A template is somebody's file. So its parts are unpacked within limits and checked before a library
reads them, and the library is given only a package that was written here.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from irbtrack.errors import Refused
from irbtrack.sheets.limits import MIB, Unreadable, too_much
from irbtrack.sheets.markup import parse
from irbtrack.sheets.packages import Package

LARGEST = 16 * MIB
"""The bytes that a template has at most."""

UNPACKED = 48 * MIB
"""The bytes that all its parts have at most, unpacked."""

CONTENT_TYPES = "[Content_Types].xml"


class OfficeKind(NamedTuple):
    """A kind of document: the program it is for, its endings, and the types of its main part.

    A template differs from a document in nothing but this type.
    """

    program: str
    endings: str
    template: bytes
    document: bytes


_WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.%s.main+xml"

_SLIDES = b"application/vnd.openxmlformats-officedocument.presentationml.%s.main+xml"

WORD = OfficeKind("Word", ".docx or .dotx", _WORD % b"template", _WORD % b"document")
POWERPOINT = OfficeKind(
    "PowerPoint", ".pptx or .potx", _SLIDES % b"template", _SLIDES % b"presentation"
)


def as_document(template: bytes, kind: OfficeKind) -> BytesIO:
    """Return a template as a document that a library can open.

    Raises :class:`Refused` for one that is damaged, protected, too large, or of another kind.
    """
    try:
        if len(template) > LARGEST:
            raise too_much()
        package = Package(template, UNPACKED)
        names = ZipFile(BytesIO(template)).namelist()
        document = BytesIO()
        with ZipFile(document, "w", ZIP_DEFLATED, compresslevel=1) as target:
            for name, part in _parts(package, names, kind):
                target.writestr(name, part)
        return document
    except Unreadable:
        raise Refused(
            f"the template is damaged, protected by a password, or larger than"
            f" {LARGEST // MIB} MB; open it in {kind.program} and save it again"
        ) from None


def _parts(package: Package, names: Iterable[str], kind: OfficeKind) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each part."""
    for name in names:
        if name.endswith("/"):
            continue
        part = package.whole(name, LARGEST)
        if name.endswith((".xml", ".rels")):
            parse(part)
        if name == CONTENT_TYPES:
            part = part.replace(kind.template, kind.document)
            if kind.document not in part:
                raise Refused(
                    f"the template is not of {kind.program};"
                    f" give one that it saved as {kind.endings}"
                )
        yield name, part
