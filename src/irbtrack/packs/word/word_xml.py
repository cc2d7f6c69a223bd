"""Paragraphs, words and fields in the XML of Word, in which everything that was typed is text."""

import re
from collections.abc import Iterator
from html import escape

from irbtrack.errors import printable
from irbtrack.packs.lettering.language import is_right_to_left

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)

TAB = "<w:r><w:tab/></w:r>"

_RIGHT_TO_LEFT = (
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]"
)
_BY_DIRECTION = re.compile(rf"({_RIGHT_TO_LEFT}(?:[^\w]*{_RIGHT_TO_LEFT})*)")


def attribute(text: str) -> str:
    """Return a text as the value of an attribute, in quotes."""
    return f'"{escape(printable(text))}"'


def words(
    text: str, *, style: str = "", bold: bool = False, italic: bool = False, ink: str = ""
) -> str:
    r"""Return a text as runs, with a line break for each ``\n``."""
    look = f'<w:rStyle w:val="{style}"/>' if style else ""
    look += "<w:b/><w:bCs/>" if bold else ""
    look += "<w:i/><w:iCs/>" if italic else ""
    look += f'<w:color w:val="{ink.removeprefix("#")}"/>' if ink else ""
    lines = ("".join(_runs(printable(line), look)) for line in text.split("\n"))
    return "<w:r><w:br/></w:r>".join(lines)


def _runs(line: str, look: str) -> Iterator[str]:
    """Yield a line as runs of one direction each. Word chooses fonts and order by direction."""
    parts = [line] if line.isascii() else _BY_DIRECTION.split(line)
    for place, part in enumerate(parts):
        if part:
            inside = f"{look}<w:rtl/>" if place % 2 else look
            properties = f"<w:rPr>{inside}</w:rPr>" if inside else ""
            said = escape(part, quote=False)
            yield f'<w:r>{properties}<w:t xml:space="preserve">{said}</w:t></w:r>'


def paragraph(
    content: str,
    text: str,
    style: str,
    *,
    keeps_next: bool = False,
    begins_page: bool = False,
    number: tuple[int, int] | None = None,
    indent: int = 0,
    ends: str = "",
) -> str:
    """Return a paragraph of some content, whose direction is that of ``text``.

    ``number`` is that of a list and of the level within it, from 0. ``indent`` is that of an item
    whose style doesn't say it, in twentieths of a point. ``ends`` are the properties of the pages
    that end with the paragraph.
    """
    inside = f'<w:pStyle w:val="{style}"/>'
    inside += "<w:keepNext/>" if keeps_next else ""
    inside += "<w:pageBreakBefore/>" if begins_page else ""
    if number:
        inside += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    inside += "<w:bidi/>" if is_right_to_left(text) else ""
    inside += f'<w:ind w:left="{indent}" w:hanging="{min(indent, 200)}"/>' if indent else ""
    return f"<w:p><w:pPr>{inside}{ends}</w:pPr>{content}</w:p>"


def field(code: str, result: str) -> str:
    """Return a field, with the result that is shown until Word updates it."""
    begin, end = around_field(code)
    return f"{begin}{words(result) if result else ''}{end}"


def around_field(code: str) -> tuple[str, str]:
    """Return what stands before and after the result of a field.

    ``code`` is always the program's own. Nothing that was typed can become one.
    """
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(code, quote=False)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )


def bookmarked(content: str, name: str, number: int) -> str:
    """Return some content with a bookmark around it, so that links can lead there."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}'
        f'<w:bookmarkEnd w:id="{number}"/>'
    )
