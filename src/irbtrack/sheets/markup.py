"""Read XML with care: an element at a time, so that no part of a workbook is held whole."""

from collections.abc import Callable, Collection, Iterable, Iterator
from xml.parsers import expat

from irbtrack.sheets.limits import (
    NAMES_LIMIT,
    STRANGE_LIMIT,
    TEXT_LIMIT,
    damaged,
    too_much,
)

_DEEPEST = 200
_WEIGHT = 64
"""The characters of text that an element within another counts as."""
_NO_XML = (expat.ExpatError, ValueError, LookupError)
"""What expat raises for XML that isn't well-formed, or is in an encoding that nobody knows."""


class Element(list["Element | str"]):
    """An element: its name without a prefix, its attributes, and in order what is in it."""

    __slots__ = ("attributes", "name")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes

    @property
    def inner(self) -> Iterator["Element"]:
        """The elements that are directly in it."""
        return (part for part in self if not isinstance(part, str))

    @property
    def text(self) -> str:
        """The text that is directly in it."""
        if len(self) == 1 and isinstance(self[0], str):
            return self[0]
        return "".join([part for part in self if isinstance(part, str)])


def elements(
    blocks: Iterable[bytes], starts: Collection[str], wholes: Collection[str] = ()
) -> Iterator[Element]:
    """Yield the elements of some names: those of ``wholes`` with all that is in them.

    Those of ``starts`` come as they begin, and have only their attributes. Raise
    :class:`Unreadable` unless the part is well-formed, without comments, and in bounds, and for
    one of these elements within one of ``wholes`` or within another of its name.
    """
    reading = _OpenElements(frozenset(starts), frozenset(wholes))
    parser = _parser(reading.start, reading.end, reading.text)
    parser.CommentHandler = _refuse
    fed = 0
    try:
        for block in blocks:
            parser.Parse(block)
            fed += len(block)
            if reading.held > TEXT_LIMIT:
                raise too_much()
            # the second is a tag that doesn't end
            if len(parser.intern) > NAMES_LIMIT or fed - parser.CurrentByteIndex > TEXT_LIMIT:
                raise damaged()
            yield from reading.found
            reading.found.clear()
        parser.Parse(b"", True)
    except _NO_XML:
        raise damaged() from None
    yield from reading.found


class _OpenElements:
    """The elements that are open, and those that are found: what :func:`elements` has in hand."""

    def __init__(self, starts: frozenset[str], wholes: frozenset[str]) -> None:
        self._starts, self._wholes = starts, wholes
        self._names = _LocalNames()
        self._around: list[Element | str] = [""]
        """The elements that are open: those that are kept, and the names of the others."""
        self._strange = 0
        self.found: list[Element] = []
        self.held = 0
        """The weight of what is kept of the last of ``wholes``."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        local, parent = self._names[name], self._around[-1]
        if type(parent) is Element:
            if local in self._starts or local in self._wholes or len(self._around) > _DEEPEST:
                raise damaged()
            self.held += _WEIGHT
            parent.append(element := Element(local, attributes))
            self._around.append(element)
        elif local in self._wholes:
            self.held = 0
            self._around.append(Element(local, attributes))
        else:
            self._strange += 1
            if self._strange > STRANGE_LIMIT:
                raise too_much()
            is_wanted = local in self._starts
            if len(self._around) > _DEEPEST or (is_wanted and local in self._around):
                raise damaged()
            if is_wanted:
                self.found.append(Element(local, attributes))
            self._around.append(local)

    def end(self, _: str) -> None:
        """End an element."""
        element = self._around.pop()
        if type(element) is Element and type(self._around[-1]) is str:
            self.found.append(element)

    def text(self, words: str) -> None:
        """Add to the text of the element that is open, if it is kept."""
        if type(parent := self._around[-1]) is Element:
            self.held += len(words)
            parent.append(words)


def parse(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None] | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read a part of a document, of which more matters than elements of some names.

    Raise :class:`Unreadable` unless it is well-formed, and for a document type, where entities
    would be declared.
    """
    try:
        _parser(start, end, text).Parse(xml, True)
    except _NO_XML:
        raise damaged() from None


def _parser(
    start: Callable[[str, dict[str, str]], None] | None,
    end: Callable[[str], None] | None,
    text: Callable[[str], None] | None,
) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    return parser


def _refuse(*_: object) -> None:
    raise damaged()


class _LocalNames(dict[str, str]):
    """Names without their prefixes, by names with them."""

    def __missing__(self, name: str) -> str:
        self[name] = local = name.rpartition(":")[2]
        return local
