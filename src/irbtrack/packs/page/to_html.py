"""A board pack as one HTML file, which needs nothing else and can be read without its script.

What people typed is always escaped. A policy in the file lets a browser run this program's script
and style sheet, by their digests, and load nothing.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from irbtrack.domain.answers import Column, Kind
from irbtrack.domain.figures.sentences import Number, Sentence
from irbtrack.errors import printable
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    Cover,
    Drawing,
    Grid,
    Heading,
    Image,
    Look,
    PackBlock,
    PackSection,
    Points,
    Prose,
)
from irbtrack.packs.drawing.charts import chart_svg
from irbtrack.packs.drawing.palette import RAG, contrast, ink_on, readable, tint
from irbtrack.packs.drawing.plan_drawing import plan_svg
from irbtrack.packs.lettering.language import LANGUAGE
from irbtrack.packs.page.figure_lists import LISTS, FigureLists
from irbtrack.packs.page.hypertext import as_lines, as_paragraphs, as_text
from irbtrack.packs.proving import say_proof, token

PAGE = Path(__file__).parent
"""Where the style sheet and the script are."""

DARK = "#14181c"
"""The paper of a dark page, as ``pack.css`` has it."""

READABLE_IN_DARK = 7
"""The least contrast of the council's colour on a dark page, where thin letters fade."""

FORMATS = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}


def to_html(pack: BoardPack) -> bytes:
    """Return a pack as a page of HTML."""
    style = _colours(pack.look) + (PAGE / "pack.css").read_text("utf-8") + _margins(pack)
    script = (PAGE / "pack.js").read_text("utf-8")
    lists = FigureLists(pack)
    cover = pack.cover
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{LANGUAGE}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{as_text(cover.full_title)} - {as_text(cover.council)}</title>",
        _meta("author", cover.author or cover.council),
        _meta("description", say_proof(pack.proof)),
        _meta("dcterms.created", pack.proof.recorded_at.isoformat()),
        _meta("irbtrack", token(pack.proof)),
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#main">Skip to main content</a>',
        *_cover(cover),
        '<div class="body">',
        *_contents(pack.sections, lists),
        '<main id="main" tabindex="-1">',
    ]
    for section in pack.sections:
        lines += _section(section, lists)
    lines += lists.written()
    lines += [
        "</main>",
        "</div>",
        '<footer class="proof">',
        *_marking(cover),
        f"<p>{as_text(say_proof(pack.proof))}</p>",
        "</footer>",
        f"<script>{script}</script>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines).encode()


def _policy(style: str, script: str) -> str:
    """Return the policy that forbids a browser to load or run anything from elsewhere."""
    return (
        f"default-src 'none'; img-src data:; style-src {_digest(style)};"
        f" script-src {_digest(script)}; base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode('ascii')}'"


def _colours(look: Look) -> str:
    """Return the style of what depends on the council's colour, and of the ratings."""
    colour = look.colour
    paler = (tint(colour, share / 20) for share in range(20, -1, -1))
    accents = {
        "cover": colour,
        "on-cover": ink_on(colour),
        "accent": readable(colour),
        "accent-in-dark": next(one for one in paler if contrast(one, DARK) >= READABLE_IN_DARK),
    }
    rules = [f":root{{{''.join(f'--{name}:{value};' for name, value in accents.items())}}}"]
    rules += [f".badge.{rag}{{background:{fill};color:{ink}}}" for rag, (fill, ink) in RAG.items()]
    return "\n".join([*rules, ""])


def _margins(pack: BoardPack) -> str:
    """Return the style of printed pages: their size, and the marking and number on all but one.

    The first is the cover, which has the marking already.
    """
    marking = _in_style(pack.cover.marking or "")
    return (
        "@media print{"
        f"@page{{size:{pack.look.page};font:9pt sans-serif;"
        f'@top-center{{content:"{marking}"}}@bottom-right{{content:counter(page)}}}}'
        "@page :first{@top-center{content:none}@bottom-right{content:none}}}\n"
    )


def _in_style(text: str) -> str:
    """Return a text for a string of CSS, with every character written as its number."""
    return "".join(f"\\{ord(character):06x}" for character in printable(text))


def _meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{as_text(content)}">'


def _marking(cover: Cover) -> list[str]:
    return [f'<p class="marking" dir="auto">{as_text(cover.marking)}</p>'] if cover.marking else []


def _cover(cover: Cover) -> Iterator[str]:
    yield '<header class="cover">'
    yield from _marking(cover)
    if cover.logo:
        # The logo needs no words, because the council's name stands beside it.
        yield f'<img class="logo" src="{_address(cover.logo)}" alt="">'
    yield f'<p class="council" dir="auto">{as_text(cover.council)}</p>'
    yield f'<h1 dir="auto">{as_text(cover.title)}</h1>'
    yield "<dl>"
    for name, value in cover.facts:
        yield f'<div><dt>{as_text(name)}</dt><dd dir="auto">{as_text(value)}</dd></div>'
    yield "</dl>"
    yield "</header>"


def _address(image: Image) -> str:
    """Return the address of a picture that holds the picture itself."""
    return f"data:{FORMATS[image.ending]};base64,{b64encode(image.content).decode('ascii')}"


def _contents(sections: Iterable[PackSection], lists: FigureLists) -> Iterator[str]:
    yield '<nav aria-labelledby="contents"><h2 id="contents">Contents</h2>'
    yield "<ol>"
    for section in sections:
        yield f'<li><a href="#{as_text(section.name)}" dir="auto">{as_text(section.title)}</a></li>'
    if lists:
        yield f'<li class="to-lists"><a href="#lists">{LISTS}</a></li>'
    yield "</ol></nav>"


def _section(section: PackSection, lists: FigureLists) -> Iterator[str]:
    name = as_text(section.name)
    yield f'<section id="{name}" aria-labelledby="{name}-title">'
    yield f'<h2 id="{name}-title" dir="auto">{as_text(section.title)}</h2>'
    for block in section.blocks:
        yield from _block(block, lists)
    yield "</section>"


def _block(block: PackBlock, lists: FigureLists) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f'<h3 dir="auto">{as_text(text)}</h3>'
        case Prose():
            yield f'<p dir="auto">{_sentences(block, lists)}</p>'
        case Points(texts, numbered):
            tag = "ol" if numbered else "ul"
            yield f'<{tag} class="points">'
            for text in texts:
                yield f'<li dir="auto">{as_paragraphs(text)}</li>'
            yield f"</{tag}>"
        case Grid():
            yield from _table(block, lists)
        case Chart():
            yield from _figure(block, "chart", _drawn(block))
            yield from _table(block.grid, lists, below=block.title)
        case Drawing():
            yield from _figure(block, "plan", plan_svg(block))
            title, rows = block.grid.table.title, len(block.grid.table.rows)
            yield f'<details><summary dir="auto">{as_text(title)} ({rows})</summary>'
            yield from _table(block.grid, lists, below=title)
            yield "</details>"


def _sentences(block: Prose, lists: FigureLists) -> str:
    return " ".join("".join(_parts(sentence, lists)) for sentence in block.sentences)


def _parts(sentence: Sentence, lists: FigureLists) -> Iterator[str]:
    for part in sentence.parts:
        text = as_text(str(part))
        yield lists.linked(text, part.refs) if isinstance(part, Number) else text


def _drawn(chart: Chart) -> str | None:
    """Return a chart as SVG, or None where the library that draws it isn't installed."""
    try:
        return chart_svg(chart)
    except ModuleNotFoundError:
        return None


def _figure(block: Chart | Drawing, kind: str, svg: str | None) -> Iterator[str]:
    """Yield a picture with its title, or what it shows in words if there is none.

    The picture is an image, so that nothing in it affects the page.
    """
    title = as_text(block.title)
    yield f'<figure class="{kind}"><figcaption dir="auto">{title}</figcaption>'
    if svg is None:
        yield f'<p dir="auto">{as_text(block.says)}</p>'
    else:
        address = _address(Image(svg.encode(), "svg"))
        yield f'<div class="picture scroll" role="group" aria-label="{title}, drawn" tabindex="0">'
        yield f'<img src="{address}" alt="{as_text(block.says)}"></div>'
    yield "</figure>"


def _table(grid: Grid, lists: FigureLists, below: str = "") -> Iterator[str]:
    """Yield a table. Its title is hidden from view if it stands ``below`` the same title.

    A table that is too wide scrolls. For that it needs a name, and the Tab key must reach it.
    """
    columns, title = grid.table.columns, as_text(grid.table.title)
    look = _look_of(columns)
    unseen = ' class="unseen"' if grid.table.title == below else ""
    by_ref = " data-by-ref" if columns[0].name == "ref" else ""
    yield f'<div class="table scroll {look}" role="group" aria-label="{title}" tabindex="0">'
    yield f'<table{by_ref}><caption dir="auto"><span{unseen}>{title}</span></caption>'
    yield f"<thead><tr>{''.join(map(_header, columns))}</tr></thead>"
    yield "<tbody>"
    for row, texts in enumerate(grid.texts):
        total = ' class="total"' if row in grid.totals else ""
        # The first cell heads the row; in a row of totals it may be empty.
        head = next((place for place, text in enumerate(texts) if text), -1)
        yield f"<tr{total}>"
        for place, (text, column) in enumerate(zip(texts, columns, strict=True)):
            tag, scope = ("th", ' scope="row"') if place == head else ("td", "")
            content = lists.linked(_content(text, column), grid.lists.get((row, place)))
            yield f"<{tag}{scope}{_marked(column, look)}>{content}</{tag}>"
        yield "</tr>"
    yield "</tbody></table></div>"


def _look_of(columns: tuple[Column, ...]) -> str:
    """Return the class of a table: of figures, of paragraphs, or of neither."""
    if all(column.is_number for column in columns[1:]):
        return "figures"
    return "wordy" if any(column.kind is Kind.MARKDOWN for column in columns) else "plain"


def _kind_of(column: Column) -> str:
    return Kind.NUMBER.value if column.is_number else column.kind.value


def _header(column: Column) -> str:
    name, label = as_text(column.name), as_text(column.label or "")
    return f'<th scope="col" class="{_kind_of(column)}" data-name="{name}" dir="auto">{label}</th>'


def _marked(column: Column, look: str) -> str:
    """Return the attributes of a cell. In a table of paragraphs they name its column."""
    kind = f' class="{_kind_of(column)}"'
    label = f' data-label="{as_text(column.label or "")}"' if look == "wordy" else ""
    return f"{kind}{label}" if column.is_number else f'{kind}{label} dir="auto"'


def _content(text: str, column: Column) -> str:
    if column.kind is Kind.MARKDOWN:
        return as_paragraphs(text)
    if column.kind is Kind.RAG and text[:1] in RAG:
        return f'<span class="badge {text[0]}">{as_text(text)}</span>'
    return as_lines(text)
