"""Read XML with care: an element at a time, so that no part of a workbook is held whole."""

from collections.abc import Callable, Collection, Iterable, Iterator
from xml.parsers import expat

from irbtrack.sheets.limits import (
    ELEMENTS_LIMIT,
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
    starts, wholes = frozenset(starts), frozenset(wholes)
    names, found = _LocalNames(), list[Element]()
    around: list[Element | str] = [""]
    """The elements that are open: those that are kept, and the names of the others."""
    held = strange = seen = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal held, strange
        local, parent = names[name], around[-1]
        if type(parent) is Element:
            if local in starts or local in wholes or len(around) > _DEEPEST:
                raise damaged()
            held += _WEIGHT
            parent.append(element := Element(local, attributes))
            around.append(element)
        elif local in wholes:
            held = 0
            around.append(Element(local, attributes))
        else:
            strange += 1
            if strange > STRANGE_LIMIT:
                raise too_much()
            if len(around) > _DEEPEST or (local in starts and local in around):
                raise damaged()
            if local in starts:
                found.append(Element(local, attributes))
            around.append(local)

    def end(_: str) -> None:
        element = around.pop()
        if type(element) is Element and type(around[-1]) is str:
            found.append(element)

    def text(words: str) -> None:
        nonlocal held
        if type(parent := around[-1]) is Element:
            held += len(words)
            parent.append(words)

    parser = _parser(start, end, text)
    parser.CommentHandler = _refuse
    fed = 0
    try:
        for block in blocks:
            parser.Parse(block)
            fed += len(block)
            seen += block.count(b"<") - block.count(b"</")
            if held > TEXT_LIMIT or seen > ELEMENTS_LIMIT:
                raise too_much()
            if len(names) > NAMES_LIMIT or len(parser.intern) > NAMES_LIMIT:
                raise damaged()
            if fed - parser.CurrentByteIndex > TEXT_LIMIT:  # a tag that doesn't end
                raise damaged()
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except _NO_XML:
        raise damaged() from None
    yield from found


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
