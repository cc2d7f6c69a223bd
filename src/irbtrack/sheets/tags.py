"""Read XML in bytes tag by tag, and strictly.

What two readers could take for different things is refused.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from irbtrack.sheets.limits import MIB, TAGS_LIMIT, damaged, too_much

_TAG = re.compile(rb"""<(/?)([^\s<>/"'=]+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>([^<]*+)""")
_ATTRIBUTE = re.compile(rb"""([^\s="']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ATTRIBUTES = re.compile(rb"""(?:\s*[^\s="'/]++\s*=\s*(?:"[^"]*+"|'[^']*+'))*+\s*[/?]?""")
_PIECE = 4 * MIB


class Tag(NamedTuple):
    """One tag with the text that follows it.

    ``local`` is its name without the prefix. An empty element both ``opens`` and ``closes``.
    """

    opens: bool
    closes: bool
    name: bytes
    local: bytes
    raw: bytes
    text: bytes

    @property
    def attributes(self) -> dict[bytes, bytes]:
        """Return the attributes. Raise as :func:`attributes_in` does."""
        return attributes_in(self.raw)


def attributes_in(raw: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a tag. Raise :class:`Unreadable` if they are unusual in form."""
    if not raw:
        return {}
    found = _ATTRIBUTE.findall(raw)
    attributes = {name: double or single for name, double, single in found}
    if len(attributes) != len(found) or not _ATTRIBUTES.fullmatch(raw):
        raise damaged()
    return attributes


class Tags:
    """A reader of pieces of XML that counts their tags, up to what a file may have."""

    def __init__(self) -> None:
        self._seen = 0

    def of(self, piece: bytes) -> Iterator[Tag]:
        """Yield the tags of a piece that begins and ends between tags.

        Raise :class:`Unreadable` for more tags than a file may have. Raise it also for a comment, a
        CDATA section, a document type, and whatever else could hide a tag or look like one;
        spreadsheet programs write none of those.
        """
        self._seen += piece.count(b"<")
        if self._seen > TAGS_LIMIT:
            raise too_much()
        end = piece.find(b"<")
        for match in _TAG.finditer(piece):
            closing, name, raw, text = match.groups()
            start, at = match.span()
            if start != end or (name[:1] in b"!?" and (name, raw[-1:]) != (b"?xml", b"?")):
                raise damaged()
            end = at
            local = name.partition(b":")[2] or name
            yield Tag(not closing, closing != b"" or raw[-1:] == b"/", name, local, raw, text)
        if 0 <= end < len(piece):
            raise damaged()


def pieces(blocks: Iterable[bytes], ending: bytes) -> Iterator[bytes]:
    """Yield XML in larger pieces, each up to an ``ending`` such as a row's, or else up to a tag.

    Raise :class:`Unreadable` if it is not UTF-8, or has no tag for 4 MiB.
    """
    last = re.compile(rb"</(?:[^\s<>/]+:)?" + ending + rb"\s*>")
    kept = bytearray()
    for block in blocks:
        if b"\0" in block:  # UTF-16, which calamine takes for a sheet without cells
            raise damaged()
        kept += block
        cut = 0
        for match in last.finditer(kept):
            cut = match.end()
        if not cut and len(kept) > _PIECE:
            cut = kept.rfind(b"<")
            if cut < 1:
                raise damaged()
        if cut:
            yield bytes(kept[:cut])
            del kept[:cut]
    if kept:
        yield bytes(kept)
