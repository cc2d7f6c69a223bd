"""The properties of an Office document: what it is, who made it, and what it was made from."""

from collections.abc import Iterator
from datetime import UTC
from html import escape

from irbtrack.errors import printable
from irbtrack.packs.document import BoardPack
from irbtrack.packs.lettering.language import LANGUAGE
from irbtrack.packs.proving import say_proof, token

_ROOT = (
    "<cp:coreProperties"
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def core_properties(pack: BoardPack) -> bytes:
    """Return the core properties of a pack as XML, for a library whose own are limited.

    python-docx and python-pptx take 255 characters at most, and a proof may be longer.
    """
    return f"{_ROOT}{''.join(_properties(pack))}</cp:coreProperties>".encode()


def _properties(pack: BoardPack) -> Iterator[str]:
    cover, proof = pack.cover, pack.proof
    author = cover.author or cover.council
    made_at = f"{proof.recorded_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    told = {
        "dc:title": cover.full_title,
        "dc:subject": cover.council,
        "dc:creator": author,
        "cp:keywords": token(proof),
        "dc:description": say_proof(proof),
        "cp:lastModifiedBy": author,
        "cp:revision": "1",
        "dcterms:created": made_at,
        "dcterms:modified": made_at,
        "dc:identifier": token(proof),
        "dc:language": LANGUAGE,
    }
    for name, text in told.items():
        kind = ' xsi:type="dcterms:W3CDTF"' if name.startswith("dcterms:") else ""
        yield f"<{name}{kind}>{escape(printable(text), quote=False)}</{name}>"
