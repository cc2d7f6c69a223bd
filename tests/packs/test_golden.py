"""The words of the example's pack in each format, read by another library than wrote it.

``golden/board.md`` is the pack in Markdown as it is. The other files have the words that their
format has more or fewer times than Markdown, and a digest of all its words in order. The PDF may
break a word, and repeats what stands on the edges of each page. ``poe golden`` writes the files
anew; what changed is then for a person to read.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from shared.slides import DeckXml
from shared.transcript import GOLDEN

from irbtrack.packs.formats import FORMATS

FOLDER = Path(__file__).parent / "golden"


class Page(HTMLParser):
    """The texts of a page that people see."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, _: object) -> None:
        self.within = tag

    def handle_endtag(self, _: str) -> None:
        self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within not in ("script", "style"):
            self.texts.append(data)


def of_html(content: bytes) -> Iterable[str]:
    page = Page()
    page.feed(content.decode())
    return page.texts


def of_pdf(content: bytes) -> Iterable[str]:
    return (page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def of_docx(content: bytes) -> Iterator[str]:
    with ZipFile(BytesIO(content)) as package:
        names = sorted(package.namelist())
        edges = [name for name in names if name.startswith(("word/header", "word/footer"))]
        for name in ("word/document.xml", *edges):
            yield from paragraphs(ElementTree.fromstring(package.read(name)))


def paragraphs(part: ElementTree.Element) -> Iterator[str]:
    """The paragraphs of a part of Word or PowerPoint."""
    for one in part.iter():
        if one.tag.endswith("}p"):
            texts = (each for each in one.iter() if each.tag.endswith(("}t", "}tab", "}br")))
            yield "".join(each.text or " " for each in texts)


def of_md(content: bytes) -> Iterator[str]:
    for token in MarkdownIt().enable("table").parse(content.decode()):
        yield " ".join(each.content for each in token.children or ())


def of_pptx(content: bytes) -> Iterator[str]:
    for slide in DeckXml(content).slides:
        yield from paragraphs(slide.root)
        yield slide.notes


def of_xlsx(content: bytes) -> Iterator[str]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python():
            yield from (f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row)


TEXTS: Mapping[str, Callable[[bytes], Iterable[str]]] = {
    "docx": of_docx,
    "html": of_html,
    "md": of_md,
    "pdf": of_pdf,
    "pptx": of_pptx,
    "xlsx": of_xlsx,
}
"""What reads each format, by its ending."""


def test_markdown_is_as_it_is_written(board_files: Mapping[str, bytes]) -> None:
    compare(FOLDER / "board.md", board_files["md"].decode())


@pytest.mark.parametrize("ending", sorted({*FORMATS} - {"md"}))
def test_the_words_of_a_format_are_as_they_are_written(
    ending: str, board_files: Mapping[str, bytes]
) -> None:
    words, plain = (
        " ".join(TEXTS[one](board_files[one])).replace("<br>", " ").split()
        for one in (ending, "md")
    )
    compare(FOLDER / f"{ending}.txt", told(words, plain))


def told(words: list[str], plain: list[str]) -> str:
    """How many words there are, a digest of their order, and how they differ from others."""
    digest = hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]
    more = Counter(words)
    more.subtract(Counter(plain))
    differing = [f"{count:+} {word}" for word, count in sorted(more.items()) if count]
    counted = f"{len(words):,} words, in an order whose digest is {digest}"
    return "\n".join((counted, *differing, ""))


def compare(path: Path, written: str) -> None:
    """Compare with what a file has, or write that anew."""
    if GOLDEN:
        path.parent.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")
