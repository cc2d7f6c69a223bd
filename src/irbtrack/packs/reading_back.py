"""Read the tables of a pack's file back, to find what was altered after it was made.

The formats write a cell in different ways: Excel has a number where others have ``+9``, and Word
has a list where Markdown has hyphens. So cells are compared by their words alone, which
:func:`as_read` gives for a table and :func:`tables_in` for a file.

A file may come from anyone. So its size is limited, and no entity of XML is resolved.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from html import unescape
from itertools import pairwise, takewhile
from typing import Any

from markdown_it import MarkdownIt

from irbtrack.domain.answers import Kind
from irbtrack.domain.dates import say_date_briefly
from irbtrack.domain.tracker.sheet import Sheet
from irbtrack.errors import Refused
from irbtrack.packs.document import Grid
from irbtrack.packs.lettering.table_layout import CONTENTS, CONTINUED, HEADER_ROW, WORDS
from irbtrack.packs.marked_text import plain_words
from irbtrack.packs.proving import WORD
from irbtrack.sheets.limits import MIB, PLAIN_TEXT_LIMIT, Unreadable, damaged, too_much
from irbtrack.sheets.markup import parse
from irbtrack.sheets.opening import sheets_of_workbook
from irbtrack.sheets.openxml import links_of, target_of
from irbtrack.sheets.packages import Package

Rows = list[list[str]]
"""The cells of a table as texts, with those of its header first."""

_LIMIT = 128 * MIB
"""The bytes that a page has at most, and all parts of a package, unpacked."""

_MARKS = re.compile(r"(?:(?:[-•–]|\d+[.)])\s+)+")
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*+)(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
"""A tag of HTML. html.parser would take very long over a tag that isn't closed."""

_WORD = WORD.pattern.encode()
_IN_CORE = re.compile(rb"<cp:keywords>\s*(" + _WORD + rb")\s*</cp:keywords>")
_TOKENS = {
    "html": re.compile(rb'<meta name="irbtrack" content="(' + _WORD + rb')"'),
    "md": re.compile(rb"<!-- (" + _WORD + rb") -->"),
    "pdf": re.compile(
        rb"stream\r?\n<\?xpacket (?:(?!endstream).)*?<pdf:Keywords>("
        + _WORD
        + rb")</pdf:Keywords>",
        re.DOTALL,
    ),
}


def as_read(grid: Grid) -> Rows:
    """Return a table as :func:`tables_in` gives it, whatever the format of the file."""
    columns = grid.table.columns
    rows = [
        [
            _words(plain_words(text) if column.kind is Kind.MARKDOWN else text)
            for text, column in zip(row, columns, strict=True)
        ]
        for row in grid.texts
    ]
    return [list(map(_words, grid.labels)), *rows]


def tables_in(content: bytes, ending: str) -> list[Rows] | None:
    """Return the tables of a file in order, or None for a PDF, whose tables can't be read.

    Raises :class:`Refused` for a file that is damaged or too large.
    """
    readers: Mapping[str, Callable[[bytes], list[Rows]]] = {
        "docx": _word_tables,
        "html": _html_tables,
        "md": _markdown_tables,
        "pptx": _slide_tables,
        "xlsx": _sheet_tables,
    }
    return _tried(partial(readers[ending], content)) if ending in readers else None


def token_in(content: bytes, ending: str) -> str | None:
    """Return the word that says what a file was made from, or None if it carries none.

    It is looked for where only the program writes, since people may type such a word.
    """
    if ending in _TOKENS:
        found = _TOKENS[ending].search(content)
    else:
        found = _IN_CORE.search(_tried(lambda: Package(content).whole("docProps/core.xml")))
    return found[1].decode("ascii") if found else None


def _tried(reading: Callable[[], Any]) -> Any:
    try:
        return reading()
    except Unreadable as refusal:
        raise Refused(f"the file {refusal}") from None


def _words(text: str) -> str:
    r"""Return the words of a cell on one line, without the marks of lists and the signs of changes.

    >>> _words("Agreed:\n- one\n- two"), _words("+9"), _words("=")
    ('Agreed: one two', '9', '0')
    """
    lines = (line.strip() for line in text.split("\n"))
    words = " ".join(" ".join(_unmarked(line) for line in lines).split())
    return "0" if words == "=" else re.sub(r"^\+(?=\d+$)", "", words)


def _unmarked(line: str) -> str:
    found = _MARKS.match(line)
    return line[found.end() :] if found else line


class _TableReader:
    """Collects the tables of a document from its tags, whose names depend on its kind."""

    def __init__(self, table: str, row: str, cells: Iterable[str], lines: Iterable[str]) -> None:
        self.tables: list[Rows] = []
        self._table, self._row = table, row
        self._cells, self._lines = frozenset(cells), frozenset(lines)
        self._texts: list[str] | None = None

    def start(self, name: str) -> None:
        """Begin what a tag begins."""
        if name == self._table:
            self.tables.append([])
        elif name == self._row and self.tables:
            self.tables[-1].append([])
        elif name in self._cells and self.tables and self.tables[-1]:
            self._texts = []
        elif name in self._lines:
            self.text("\n")

    def text(self, text: str) -> None:
        """Add to the text of a cell, if one has begun."""
        if self._texts is not None:
            self._texts.append(text)

    def end(self, name: str) -> None:
        """End what a tag ends."""
        if name in self._lines:
            self.text("\n")
        elif name in self._cells and self._texts is not None:
            self.tables[-1][-1].append(_words("".join(self._texts)))
            self._texts = None


def _html_tables(content: bytes) -> list[Rows]:
    reader = _TableReader("table", "tr", ("td", "th"), ("br", "div", "li", "p"))
    page = _text(content, _LIMIT)
    end = 0
    for tag in _TAG.finditer(page):
        reader.text(unescape(page[end : tag.start()]))
        closing, name = tag.groups()
        (reader.end if closing else reader.start)(name.lower())
        end = tag.end()
    return reader.tables


def _markdown_tables(content: bytes) -> list[Rows]:
    reader = _TableReader("table", "tr", ("td", "th"), ("br",))
    for token in MarkdownIt("commonmark").enable("table").parse(_text(content, PLAIN_TEXT_LIMIT)):
        if token.nesting > 0:
            reader.start(token.tag)
        elif token.nesting < 0:
            reader.end(token.tag)
        for one in token.children or ():
            reader.text("\n" if one.content == "<br>" else one.content)
    return reader.tables


def _text(content: bytes, most: int) -> str:
    if len(content) > most:
        raise too_much()
    return content.decode(errors="replace")


class _OfficeReader(_TableReader):
    """Collects tables from the XML of Word and PowerPoint, which use the same names.

    ``goes_on`` has the places of the tables that go on from an earlier slide.
    """

    def __init__(self) -> None:
        super().__init__("tbl", "tr", ("tc",), ("br", "p"))
        self.goes_on: set[int] = set()
        self._within = ""
        self._described = ""

    def read(self, xml: bytes) -> None:
        """Read a part of a package."""

        def start(name: str, attributes: Mapping[str, str]) -> None:
            self._within = _local(name)
            if self._within == "cNvPr":
                self._described = attributes.get("descr", "")
            self.start(self._within)
            if self._within == "tbl" and self._described.endswith(CONTINUED):
                self.goes_on.add(len(self.tables) - 1)

        def end(name: str) -> None:
            self._within = ""
            self.end(_local(name))

        def text(text: str) -> None:
            if self._within == "t":
                self.text(text)

        parse(xml, start, end, text)


def _word_tables(content: bytes) -> list[Rows]:
    reader = _OfficeReader()
    reader.read(Package(content, _LIMIT).whole("word/document.xml", _LIMIT))
    return reader.tables


def _slide_tables(content: bytes) -> list[Rows]:
    """Return the tables of slides. The parts of a table on several slides are joined."""
    package = Package(content, _LIMIT)
    main = target_of(links_of(package, ""), "officeDocument")
    links = links_of(package, main)
    reader = _OfficeReader()
    for element in package.elements(main, ("sldId",)):
        link = links.get(element.attributes.get("r:id", ""))
        if link is None:
            raise damaged()
        reader.read(package.whole(link.target, _LIMIT))
    found: list[Rows] = []
    for place, rows in enumerate(reader.tables):
        if place in reader.goes_on and found and found[-1][:1] == rows[:1]:
            found[-1] += rows[1:]
        else:
            found.append(rows)
    return list(map(_with_whole_rows, found))


def _with_whole_rows(rows: Rows) -> Rows:
    """Return rows, in which the parts of a row that was too high for a slide are joined."""
    found: Rows = []
    for row in rows:
        if found and row and row[0].endswith(CONTINUED):
            both = zip(found[-1][1:], row[1:], strict=False)
            found[-1] = [found[-1][0], *(f"{above} {below}".strip() for above, below in both)]
        else:
            found.append(row)
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _sheet_tables(content: bytes) -> list[Rows]:
    sheets = sheets_of_workbook(".xlsx", content)
    return [_rows_of(sheet) for sheet in sheets if sheet.name not in (CONTENTS, WORDS)]


def _rows_of(sheet: Sheet) -> Rows:
    """Return the table of a sheet, which is as wide as its header."""
    rows = sheet.rows[HEADER_ROW:]
    labels = list(takewhile(bool, rows[0])) if rows else []
    width = len(labels)
    cells = [[*map(_shown, row[:width]), *[""] * (width - len(row))] for row in rows]
    while cells and not any(cells[-1]):  # a chart may be drawn from cells further down
        cells.pop()
    return _with_whole_columns(cells)


def _with_whole_columns(rows: Rows) -> Rows:
    """Return rows, in which the columns that a long text takes are joined."""
    firsts: list[int] = []
    for n, label in enumerate(rows[0] if rows else ()):
        if not firsts or not label.startswith(f"{rows[0][firsts[-1]]} {CONTINUED}"):
            firsts.append(n)
    spans = [slice(*ends) for ends in pairwise([*firsts, None])]
    return [
        [_words(rows[0][n]) for n in firsts],
        *([_words("".join(row[span])) for span in spans] for row in rows[1:]),
    ]


def _shown(value: Any) -> str:
    """Return a cell of Excel as the pack shows it."""
    if value is None:
        return ""
    return say_date_briefly(value) if isinstance(value, date) else str(value)


def words_in(content: bytes, ending: str) -> Counter[str] | None:
    """Return how often each word stands in a file, or None for a PDF, whose words can't be read.

    They are those of its text, its notes and its charts; numbers of pages are left out, because
    the program that shows a file puts them there. Raises :class:`Refused` for a damaged file.
    """
    if ending == "pdf":
        return None
    if ending == "md":
        return Counter(_text(content, PLAIN_TEXT_LIMIT).split())
    if ending == "html":
        text = _NO_TEXT.sub(" ", _text(content, _LIMIT))
        return Counter(unescape(_ANY_TAG.sub(" ", text)).split())
    found: Counter[str] = _tried(partial(_words_of_package, content, _WORDED[ending]))
    return found


_NO_TEXT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)

_ANY_TAG = re.compile(r"<[^>]*>")

_WORDED = {
    "docx": re.compile(r"word/[a-z]+\d*\.xml"),
    "pptx": re.compile(r"ppt/(slides|notesslides|charts)/[a-z]+\d+\.xml"),
    "xlsx": re.compile(r"xl/(sharedstrings|(worksheets|charts|drawings)/[a-z]+\d+)\.xml"),
}
"""The parts of a package that have words, by their names in lower case."""


def _words_of_package(content: bytes, worded: re.Pattern[str]) -> Counter[str]:
    package = Package(content, _LIMIT)
    found = Counter[str]()
    for name in package.names:
        if worded.fullmatch(name):
            reader = _WordReader()
            parse(package.whole(name, _LIMIT), reader.start, reader.end, reader.text)
            found.update("".join(reader.texts).split())
    return found


class _WordReader:
    """Collects the texts of a part, apart from those that a field puts in."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._within: list[str] = []
        self._field = ""
        self._in_field = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        local = _local(name)
        match local, attributes.get("w:fldCharType") or attributes.get("type") or "":
            case "fldChar", "begin":
                self._field = ""
            case ("fldChar", "separate") | ("fld", "slidenum"):
                self._in_field = "PAGE" in self._field or local == "fld"
            case "fldChar", "end":
                self._in_field = False
        shared = local == "c" and attributes.get("t") == "s"  # its value is the place of a text
        self._within.append("shared" if shared else local)

    def end(self, name: str) -> None:
        """End an element; words of different paragraphs and cells stay apart."""
        self._within.pop()
        match _local(name):
            case "p" | "si" | "v" | "f" | "tab" | "br":
                self.texts.append(" ")
            case "fld":
                self._in_field = False

    def text(self, text: str) -> None:
        """Take the text of an element."""
        if self._within[-1] == "instrText":
            self._field += text
        elif self._in_field or self._within[-2:] == ["shared", "v"]:
            return
        elif self._within[-1] in ("t", "v", "f"):
            self.texts.append(text)
