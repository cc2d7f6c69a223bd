"""The paragraphs on slides: their words, their heights, where they are cut, and their XML."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from irbtrack.errors import printable
from irbtrack.packs.document import Heading, Points, Prose
from irbtrack.packs.lettering.language import LANGUAGE, is_right_to_left
from irbtrack.packs.lettering.line_breaks import line_starts
from irbtrack.packs.marked_text import Run, Stanza, stanzas

LEADING = 1.2
"""How high a line is, as a multiple of the size of its letters."""

AFTER = 0.45
"""The room after a paragraph, as such a multiple too."""

INDENT = 1.5
"""The indent of each depth of a list, as such a multiple too."""

Linking = Callable[[str], str]
"""A function that links to an address, and returns the identifier of the link."""

TextBlock = Heading | Prose | Points


class SlideParagraph(NamedTuple):
    """A paragraph, a heading within text, or the item of a list.

    ``depth`` is 0 for a paragraph, and 1 or more for an item. ``number`` is that of an item in a
    numbered list, and ``begun`` the number with which the list begins on its slide. The
    ``continued`` part of an item that was cut has no bullet.
    """

    runs: tuple[Run, ...]
    depth: int = 0
    number: int | None = None
    begun: int = 1
    is_heading: bool = False
    continued: bool = False

    @property
    def text(self) -> str:
        """Return its words alone."""
        return "".join(run.text for run in self.runs)

    def starts(self, width: float, size: float) -> tuple[int, ...]:
        """Return where its lines begin, in a box of this width."""
        room = width / size - INDENT * self.depth
        bold = any(run.bold for run in self.runs)
        return line_starts(self.text, max(room, 1), bold=bold)

    def height(self, width: float, size: float) -> float:
        """Return how high it is, in a box of this width, with the room after it."""
        return (len(self.starts(width, size)) * LEADING + AFTER + self.before) * size

    @property
    def before(self) -> float:
        """How much room there is before it, as a multiple of the size of its letters."""
        return AFTER if self.is_heading else 0.0

    def cut(self, place: int) -> "tuple[SlideParagraph, SlideParagraph]":
        """Return the parts before and after a place of its text. A line end between is dropped."""
        before, after = [], []
        end = place - 1 if self.text[:place].endswith("\n") else place
        begin = 0
        for run in self.runs:
            before.append(run._replace(text=run.text[: max(end - begin, 0)]))
            after.append(run._replace(text=run.text[max(place - begin, 0) :]))
            begin += len(run.text)
        return (
            self._replace(runs=tuple(run for run in before if run.text)),
            self._replace(runs=tuple(run for run in after if run.text), continued=True),
        )


def plain(text: str, *, bold: bool = False) -> SlideParagraph:
    """Return what isn't Markdown as a paragraph; characters that don't print are made visible."""
    safe = "\n".join(map(printable, text.split("\n")))
    return SlideParagraph((Run(safe, bold),))


def marked(text: str) -> list[SlideParagraph]:
    """Return what people typed in Markdown as paragraphs."""
    return [_of_stanza(one) for one in stanzas(text)]


def _of_stanza(one: Stanza) -> SlideParagraph:
    return SlideParagraph(one.runs, one.depth, one.number)


def paragraphs_of(block: TextBlock) -> list[SlideParagraph]:
    """Return the paragraphs of a block of text."""
    match block:
        case Heading(text):
            return [plain(text, bold=True)._replace(is_heading=True)]
        case Prose():
            return [plain(block.text)]
        case Points():
            return list(_points(block))


def _points(block: Points) -> Iterator[SlideParagraph]:
    for place, text in enumerate(block.texts, 1):
        first, *others = marked(text) or [plain("")]
        number = place if block.numbered else None
        if first.depth:
            yield from (one._replace(depth=one.depth + 1) for one in (first, *others))
            continue
        yield first._replace(depth=1, number=number)
        for one in others:
            yield one._replace(depth=one.depth + 1, continued=one.depth == 0)


def height_of(paragraphs: Iterable[SlideParagraph], width: float, size: float) -> float:
    """Return how high paragraphs are below one another in a box of this width."""
    return sum(one.height(width, size) for one in paragraphs)


def cut_at(
    paragraphs: Sequence[SlideParagraph], width: float, size: float, height: float
) -> tuple[list[SlideParagraph], list[SlideParagraph]]:
    """Return the paragraphs that fit into a height, and the others.

    A paragraph that doesn't fit is cut between its lines, unless only a line of it would be left
    on either side.
    """
    left = height
    for place, one in enumerate(paragraphs):
        starts = one.starts(width, size)
        needed = one.height(width, size)
        if needed <= left:
            left -= needed
            continue
        room = left - one.before * size
        fitting = min(int(room / (LEADING * size)), len(starts) - 1)
        if len(starts) - fitting == 1:
            fitting -= 1
        if fitting >= 2:
            before, after = one.cut(starts[fitting])
            return [*paragraphs[:place], before], [after, *paragraphs[place + 1 :]]
        return list(paragraphs[:place]), list(paragraphs[place:])
    return list(paragraphs), []


def numbered(paragraphs: Iterable[SlideParagraph]) -> Iterator[SlideParagraph]:
    """Yield the paragraphs of a slide. Each item gets the number that its list begins with."""
    lists: dict[int, tuple[int, int]] = {}
    for one in paragraphs:
        lists = {depth: numbers for depth, numbers in lists.items() if depth <= one.depth}
        if one.number is None:
            if not one.continued:
                lists.pop(one.depth, None)
            yield one
            continue
        begun, last = lists.get(one.depth, (one.number, one.number - 1))
        if one.number != last + 1:
            begun = one.number
        lists[one.depth] = (begun, one.number)
        yield one._replace(begun=begun)


def no_link(address: str) -> str:
    """Raise an error, because the program's own texts have no links."""
    raise ValueError(f"{address} is an address in a text without links")


def paragraph_xml(
    one: SlideParagraph,
    link: Linking,
    *,
    size: float | None = None,
    letters: float | None = None,
    ink: str | None = None,
    bold: bool = False,
    right: bool = False,
) -> str:
    """Return the XML of a paragraph.

    ``size`` is that of its letters, to which its indents and the room after it belong. Titles
    have only the size of their ``letters``. What isn't given is as the shape has it.
    """
    look = f' sz="{round((size or letters or 0) * 100)}"' if size or letters else ""
    fill = f'<a:solidFill><a:srgbClr val="{ink.removeprefix("#")}"/></a:solidFill>' if ink else ""
    runs = "".join(_run_xml(run, look, fill, link, bold=bold) for run in one.runs if run.text)
    end = runs or f'<a:endParaRPr lang="{LANGUAGE}"{look}/>'
    return f"<a:p>{_properties_xml(one, size, right=right)}{end}</a:p>"


def _properties_xml(one: SlideParagraph, size: float | None, *, right: bool) -> str:
    """Return how a paragraph is set: its direction and side, its indent, its bullet, its room."""
    backward = is_right_to_left(one.text)
    side = ' algn="r"' if right or backward else ""
    direction = ' rtl="1"' if backward else ""
    if size is None:
        return f"<a:pPr{side}{direction}/>" if side or direction else ""
    step = round(INDENT * size * 12_700)
    hanging = one.depth and not one.continued
    indents = f' marL="{one.depth * step}" indent="{-step if hanging else 0}"'
    level = f' lvl="{min(one.depth, 8)}"' if one.depth else ""
    return (
        f"<a:pPr{indents}{level}{side}{direction}>"
        '<a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="{round(one.before * size * 100)}"/></a:spcBef>'
        f'<a:spcAft><a:spcPts val="{round(AFTER * size * 100)}"/></a:spcAft>'
        f"{_bullet_xml(one) if hanging else '<a:buNone/>'}</a:pPr>"
    )


def _bullet_xml(one: SlideParagraph) -> str:
    """Return the bullet or number of an item."""
    if one.number is None:
        return '<a:buFont typeface="Arial"/><a:buChar char="•"/>'
    begun = f' startAt="{one.begun}"' if one.begun > 1 else ""
    return f'<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod"{begun}/>'


def _run_xml(run: Run, look: str, fill: str, link: Linking, *, bold: bool) -> str:
    weight = ' b="1"' if run.bold or bold else ""
    slant = ' i="1"' if run.italic else ""
    leads = f"<a:hlinkClick r:id={quoteattr(link(run.address))}/>" if run.address else ""
    properties = f'<a:rPr lang="{LANGUAGE}"{look}{weight}{slant} dirty="0">{fill}{leads}</a:rPr>'
    lines = (f"<a:r>{properties}<a:t>{escape(line)}</a:t></a:r>" for line in run.text.split("\n"))
    return f"<a:br>{properties}</a:br>".join(lines)
