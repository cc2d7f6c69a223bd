"""The pack as HTML: what it holds, that it is well made, and that what people typed stays text."""

import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.pages import pack_of

from irbtrack.domain.answers import Kind
from irbtrack.errors import printable
from irbtrack.packs.document import BoardPack, Chart, Drawing, Image, Look, PackSection, Points
from irbtrack.packs.drawing.palette import contrast
from irbtrack.packs.marked_text import stanzas
from irbtrack.packs.page.hypertext import as_paragraphs
from irbtrack.packs.page.to_html import DARK, to_html
from irbtrack.packs.proving import token

VOID = {"meta", "img", "br"}


class Element:
    """An element with what is in it: others, and texts."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.inside: list[Element | str] = []

    def every(self, *tags: str) -> Iterator["Element"]:
        """Yield the elements of these tags in it, of all tags if none is named."""
        for one in self.inside:
            if isinstance(one, Element):
                if not tags or one.tag in tags:
                    yield one
                yield from one.every(*tags)

    def one(self, tag: str) -> "Element":
        """Return the only element of a tag in it."""
        [found] = self.every(tag)
        return found

    @property
    def text(self) -> str:
        """What is read; a line ends at ``br``."""
        if self.tag == "br":
            return "\n"
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)


class Strict(HTMLParser):
    """A reader that takes no tag that isn't closed, no attribute twice and no stray character."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Element("page", {})
        self.open = [self.page]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"{tag} is closed out of turn"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(content: bytes) -> Element:
    """The page that a file of HTML has."""
    reader = Strict()
    reader.feed(content.decode("utf-8"))
    reader.close()
    assert reader.open == [reader.page], "something isn't closed"
    return reader.page


def page_of(pack: BoardPack) -> Element:
    return read(to_html(pack))


def cells(table: Element) -> list[list[str]]:
    """The texts of a table's rows, the headers first."""
    return [[cell.text for cell in row.every("th", "td")] for row in table.every("tr")]


def meta(page: Element, name: str) -> str:
    [found] = [m for m in page.every("meta") if m.attributes.get("name") == name]
    return found.attributes["content"]


def expected(pack: BoardPack) -> list[list[list[str]]]:
    """The tables of a pack as they are read: Markdown without its marks."""
    tables = []
    for grid in pack.grids():
        marked = [column.kind is Kind.MARKDOWN for column in grid.table.columns]
        rows = [
            [as_read(text) if md else text for text, md in zip(row, marked, strict=True)]
            for row in grid.texts
        ]
        tables.append([[printable(label) for label in grid.labels], *rows])
    return tables


def as_read(typed: str) -> str:
    """What a text reads as in Markdown."""
    return "".join(stanza.text for stanza in stanzas(typed))


@pytest.fixture(scope="module")
def page() -> Element:
    """The page of a pack made by hand."""
    return page_of(pack_of())


@pytest.fixture(scope="module")
def board(board_pack: BoardPack) -> Element:
    """The page of the example."""
    return page_of(board_pack)


def test_every_cell_of_the_example_is_there(board: Element, board_pack: BoardPack) -> None:
    assert [cells(table) for table in board.every("table")] == expected(board_pack)


def test_every_cell_has_its_header_and_every_table_its_caption(page: Element) -> None:
    for table in page.every("table"):
        assert table.one("caption").text
        head, body = table.one("thead"), table.one("tbody")
        assert {cell.attributes["scope"] for cell in head.every("th")} == {"col"}
        for row in body.every("tr"):
            [heading] = row.every("th")
            assert heading.attributes["scope"] == "row"
            assert heading.text


def test_a_total_is_marked_and_headed_by_its_name(page: Element) -> None:
    totals = [row for row in page.every("tr") if row.attributes.get("class") == "total"]
    assert [row.one("th").text for row in totals] == ["Totals", "Q1 Total", "Q2 Total"]


def test_a_rating_is_letter_and_word(page: Element) -> None:
    badges = [
        s.text for s in page.every("span") if s.attributes.get("class", "").startswith("badge")
    ]
    assert badges == ["A Amber", "R Red"]


def test_a_figure_leads_to_the_list_behind_it(board: Element, board_pack: BoardPack) -> None:
    lists = {
        one.attributes["id"]: [item.text for item in one.every("li")]
        for one in board.every("div")
        if one.attributes.get("id", "").startswith("list-")
    }
    found = list(map(frozenset, lists.values()))
    assert len(found) == len(set(found)), "a list is there twice"
    for table, grid in zip(board.every("table"), board_pack.grids(), strict=True):
        rows = list(table.one("tbody").every("tr"))
        linked = {
            (place, column): lists[link.attributes["href"].removeprefix("#")]
            for place, row in enumerate(rows)
            for column, cell in enumerate(row.every("th", "td"))
            for link in cell.every("a")
            if link.attributes.get("class") == "figure"
        }
        assert {at: set(refs) for at, refs in linked.items()} == {
            at: set(refs) for at, refs in grid.lists.items()
        }


def test_a_list_is_called_by_the_figures_that_it_is_behind(page: Element) -> None:
    [section] = [s for s in page.every("section") if s.attributes["id"] == "lists"]
    told = {d.one("summary").text: d for d in section.every("details")}
    assert "Finance, High (1)" in told
    assert "1 in “Of the 3 directions, 1 is amber (33%).” (1)" in told
    [also] = told["Finance, High (1)"].every("p")
    assert also.text == "The same list is behind Overdue by directorate: Totals, High"


def test_a_share_has_no_list_and_no_link(page: Element) -> None:
    [told] = [p for p in page.every("p") if p.text.startswith("Of the 3 directions")]
    assert [link.text for link in told.every("a")] == ["3", "1"]


def test_a_pack_without_lists_says_nothing_of_them() -> None:
    pack = pack_of()
    page = page_of(pack._replace(sections=(PackSection("a", "A", (Points(("One",)),)),)))
    assert "lists" not in page.one("body").one("main").text
    assert [a.attributes["href"] for a in page.one("nav").every("a")] == ["#a"]


def test_a_picture_says_what_it_shows_and_its_numbers_come_right_after(page: Element) -> None:
    pack = pack_of()
    drawn = [b for s in pack.sections for b in s.blocks if isinstance(b, Chart | Drawing)]
    figures = list(page.every("figure"))
    assert [f.one("figcaption").text for f in figures] == [b.title for b in drawn]
    assert [f.one("img").attributes["alt"] for f in figures] == [b.says for b in drawn]
    for figure in figures:
        content = figure.one("img").attributes["src"].removeprefix("data:image/svg+xml;base64,")
        assert b64decode(content).startswith(b"<svg")
    [section] = [s for s in page.every("section") if s.attributes["id"] == "pictures"]
    order = [e.tag for e in section.every("figure", "table", "details")]
    assert order == ["figure", "table", "figure", "details", "table"]


def test_without_the_library_that_draws_a_chart_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "lets_plot"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lets_plot", None)
    chart = next(page_of(pack_of()).every("figure"))
    assert [e.tag for e in chart.every()] == ["figcaption", "p"]
    assert chart.one("p").text == "Bars: Housing 10, Finance 3."


def test_headings_are_in_order_and_the_contents_name_every_section(page: Element) -> None:
    levels = [int(h.tag[1]) for h in page.every("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = {e.attributes["id"] for e in page.every() if "id" in e.attributes}
    links = list(page.one("nav").every("a"))
    assert [a.text for a in links] == [
        "Directions",
        "Pictures",
        "Annex",
        "The lists behind the figures",
    ]
    assert {a.attributes["href"].removeprefix("#") for a in links} <= ids


def test_every_id_is_there_once_and_every_name_that_is_referred_to(page: Element) -> None:
    ids = [e.attributes["id"] for e in page.every() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    for element in page.every():
        assert element.attributes.get("aria-labelledby", ids[0]) in ids
        if (href := element.attributes.get("href", "")).startswith("#"):
            assert href.removeprefix("#") in ids


def test_the_file_says_what_it_is_and_proves_it(page: Element) -> None:
    pack = pack_of()
    assert page.one("html").attributes["lang"] == "en-GB"
    assert page.one("title").text == "Progress report, 23 November 2023 - Example Borough Council"
    assert meta(page, "author") == "Improvement Team"
    assert meta(page, "dcterms.created") == "2023-11-20T14:11:00+00:00"
    assert meta(page, "irbtrack") == token(pack.proof)
    assert meta(page, "description") in page.one("footer").text
    assert "31 October 2023" in meta(page, "description")


def test_the_cover_has_its_facts_its_marking_and_its_logo() -> None:
    pack = pack_of()
    logo = Image(b"\x89PNG", "png")
    page = page_of(pack._replace(cover=pack.cover._replace(logo=logo)))
    cover = next(page.every("header"))
    assert [
        (d.text, v.text) for d, v in zip(cover.every("dt"), cover.every("dd"), strict=True)
    ] == (pack.cover.facts)
    assert next(cover.every("p")).text == "OFFICIAL"
    assert cover.one("img").attributes["src"] == "data:image/png;base64,iVBORw=="


def test_the_same_pack_is_the_same_page() -> None:
    assert to_html(pack_of()) == to_html(pack_of())


def digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def assert_nothing_is_loaded_or_run(page: Element) -> None:
    """Assert that only this file's style and script come through its policy."""
    [policy] = [
        m.attributes["content"]
        for m in page.every("meta")
        if m.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    style, script = page.one("style"), page.one("script")
    assert policy == (
        f"default-src 'none'; img-src data:; style-src {digest(style.text)};"
        f" script-src {digest(script.text)}; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style.text
    assert "@import" not in style.text
    for element in page.every():
        assert element.tag not in (
            "iframe",
            "object",
            "embed",
            "link",
            "base",
            "form",
            "svg",
            "input",
        )
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert name not in ("style", "srcset", "srcdoc", "action")
            if name == "src":
                assert re.match(r"data:image/(png|jpeg|svg\+xml);base64,", value)
            if name == "href":
                assert re.match(r"#|https?:|mailto:", value)


def test_nothing_is_loaded_or_run_but_what_the_file_has(board: Element) -> None:
    assert_nothing_is_loaded_or_run(board)


HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "</style><style>*{background:url(https://example.org/x)}",
    "\"'><b onmouseover='alert(1)'>",
    "[look](javascript:alert(1)) <javascript:alert(1)>",
    "![x](https://example.org/x.png)",
    "a\x00b\x1b[31mc",
    "abc\u202ecba\u2066",
    "&lt;b&gt; &amp; &#60;",
    "<!-- --> ]]> <![CDATA[ -->",
    "مجلس المدينة وتقدمه",
    "👩‍👩‍👧 done 🇬🇧 ✅",
    '{"a": "</script>"} \\";}',
    "\ud800 alone",
)


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_typed_is_text_wherever_they_did(typed: str) -> None:
    clean = page_of(pack_of())
    pack = pack_of(lambda usual: f"{usual.split(chr(10))[0].strip('-1. ')} {typed}")
    page = page_of(pack)
    assert_nothing_is_loaded_or_run(page)
    assert {e.tag for e in page.every()} <= {e.tag for e in clean.every()} | {"a"}
    assert [cells(table) for table in page.every("table")] == expected(pack)
    shown = printable(typed)
    assert page.one("title").text.startswith(f"Progress report {shown}, 23 November 2023 - ")
    assert page.one("h1").text == f"Progress report {shown}"
    assert [h.text for h in page.every("h2")][1] == f"Directions {shown}"
    assert next(page.every("h3")).text == f"3a Financial sustainability {shown}"
    assert [p.text for p in page.every("p")][:2] == [
        f"OFFICIAL {shown}",
        f"Example Borough Council {shown}",
    ]
    assert next(page.every("img")).attributes["alt"] == (f"Bars: Housing 10, Finance 3 {shown}")


def test_the_marking_on_printed_pages_stays_in_its_string() -> None:
    style = page_of(pack_of(lambda usual: f'{usual}"}}</style>')).one("style").text
    [content] = re.findall(r'@top-center\{content:"([^"]*)"\}', style)
    codes = content.removeprefix("\\").split("\\")
    assert "".join(chr(int(code, 16)) for code in codes) == 'OFFICIAL"}</style>'


def test_a_long_commentary_is_all_there() -> None:
    text = " ".join(f"word{n}" for n in range(5000))
    section = PackSection("long", "Long", (Points((text,)),))
    page = page_of(pack_of()._replace(sections=(section,)))
    assert text in page.one("main").text


@given(st.integers(0, 0xFFFFFF))
def test_a_council_may_have_any_colour(colour: int) -> None:
    page = page_of(pack_of(look=Look(f"#{colour:06x}", "A4"))._replace(sections=()))
    told = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6});", page.one("style").text.split("\n")[0]))
    assert contrast(told["on-cover"], told["cover"]) >= 4.5
    assert contrast(told["accent"], "#ffffff") >= 4.5
    assert contrast(told["accent-in-dark"], DARK) >= 4.5


def test_the_dark_page_is_of_the_colour_that_the_accent_is_made_for() -> None:
    style = page_of(pack_of()).one("style").text
    dark = style.split("(prefers-color-scheme: dark)")[1]
    assert f"--page: {DARK};" in dark.split("}")[0]


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("One\ntwo", '<p dir="auto">One<br>two</p>'),
        (
            "- a\n  - b\n- c",
            '<ul><li dir="auto"><p>a</p><ul><li dir="auto"><p>b</p></li></ul></li>'
            '<li dir="auto"><p>c</p></li></ul>',
        ),
        (
            "3. c\n4. d",
            '<ol start="3"><li dir="auto"><p>c</p></li><li dir="auto"><p>d</p></li></ol>',
        ),
        (
            "- - deep",
            '<ul><li dir="auto"><ul><li dir="auto"><p>deep</p></li></ul></li></ul>',
        ),
        (
            "[the **plan** here](https://example.org/?a=1&b=2)",
            '<p dir="auto"><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">'
            "the <strong>plan</strong> here</a></p>",
        ),
        ("***both***", '<p dir="auto"><strong><em>both</em></strong></p>'),
        ("[x](javascript:alert(1))", '<p dir="auto">[x](javascript:alert(1))</p>'),
    ],
)
def test_what_is_marked_is_marked_in_html(typed: str, html: str) -> None:
    assert as_paragraphs(typed) == html


@given(st.lists(st.sampled_from(["- ", "1. ", "  - ", "    1. ", "> ", "*a*", "b", "\n", "\n\n"])))
def test_any_lists_are_closed_as_they_were_opened(parts: list[str]) -> None:
    page = read(as_paragraphs("".join(parts)).encode())
    for one in page.every("ul", "ol"):
        assert {e.tag for e in one.inside if isinstance(e, Element)} == {"li"}
