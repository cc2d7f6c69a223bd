"""A board pack as PDF: for printing, for archives, and for people with assistive technology.

``page/pack.typ`` says how it looks. What it says goes there as data, never as Typst code.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import ceil, inf
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

from irbtrack.domain.answers import Column, Kind
from irbtrack.errors import Refused
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    Cover,
    Drawing,
    Grid,
    Heading,
    PackBlock,
    PackSection,
    Points,
    Prose,
)
from irbtrack.packs.drawing.charts import chart_svg
from irbtrack.packs.drawing.palette import FAINT, INK, LINE, RAG
from irbtrack.packs.drawing.plan_drawing import plan_svg
from irbtrack.packs.lettering.column_widths import column_widths
from irbtrack.packs.lettering.letter_widths import INSTEAD, drawable, is_mark, width_of
from irbtrack.packs.lettering.line_breaks import shortened
from irbtrack.packs.lettering.paper import Paper, paper_of
from irbtrack.packs.lettering.turned_pages import is_turned
from irbtrack.packs.lettering.typesetting import typeset
from irbtrack.packs.marked_text import Run, Stanza, stanzas
from irbtrack.packs.proving import say_proof, token

TEMPLATE = Path(__file__).with_name("pack.typ")

TYPE, SMALL, EDGE = 10.0, 8.5, 8.0
"""The sizes of type, in points: of text, of tables, and of the edges of pages."""

SECTION, HEADING = 17.0, 12.0
"""The sizes of type of titles within the pack, in points."""

TITLE, COUNCIL = 28.0, 15.0
"""The sizes of type on the cover, in points."""

MARGIN, COVER_MARGIN, INSET = 45.0, 60.0, 4.0
"""What is left free beside pages, beside the cover, and beside the text of a cell, in points."""

NAMES = 105.0
"""The width of the names of the facts on the cover, in points."""

BESIDE_LOGO = 0.7
"""The share of the cover's width that the name of the council has."""

EDGE_SHARES = {"title": 0.6, "marking": 0.35, "council": 0.8}
"""The shares of a page's width that the texts on its edges have."""

OUTSIDE = 210.0
"""The height that the margins and the headings of a page take, in points."""

GUTTER = 24.0
"""What is left free between tables that stand beside one another, in points."""

SHORT = 22
"""A table of no more lines stays on one page."""

WHOLE = 30
"""If no row of a table has more lines, each row stays on one page."""

CONTENTS_FROM = 3
"""A pack of this many sections or more has a table of contents."""

BESIDE = 2 * INSET / SMALL
"""What is left free beside the text of a cell, in parts of the size of the type."""

INDENT = 2.0
"""The indent of the items of a list, in parts of the size of the type."""

MAY_BREAK = "\u200b"
"""A space without width, at which a line may end."""

SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
"""How wide and how high a drawing is."""

SVG_TEXT = re.compile(r"<text([^>]*)>([^<]*)")
"""A text of a drawing: its attributes, and its words."""

COMMON = re.compile("[ -~\u00a1-\u017e\u2010-\u2026\u20ac]*")
"""Words of characters that Open Sans is known to have."""

JOINER = "Cf"
"""The category of characters that only join or part others."""

FAILING = re.compile("[\u0e80-\u0eff\u2d30-\u2d7f]")
"""Lao and Tifinagh. Typst fails at some of their letters in drawings, though not in texts."""

SECOND_FONT = "DejaVu Sans"
"""The font that has all characters that can be drawn."""

WORDS = re.compile(r"\S+")

UNDRAWN = f"{INSTEAD} stands for a character that the fonts of this document don't have."

SIZES = {
    "type": TYPE,
    "small": SMALL,
    "edge": EDGE,
    "section": SECTION,
    "heading": HEADING,
    "title": TITLE,
    "council": COUNCIL,
    "margin": MARGIN,
    "cover-margin": COVER_MARGIN,
    "inset": INSET,
    "names": NAMES,
    "gutter": GUTTER,
}
"""What the template measures with, in points."""

UNSHOWN_LOGO = "failed to decode image"
"""What the typesetter says of a picture whose pixels can't be unpacked."""

Data = dict[str, Any]
"""What the template reads."""


def to_pdf(pack: BoardPack) -> bytes:
    """Return a pack as PDF/UA-1 and PDF/A-2a, on pages of the size that its look names."""
    cover, paper, logo = pack.cover, paper_of(pack.look.page), pack.cover.logo
    told: Data = {
        "colour": pack.look.colour,
        "ink": INK,
        "faint": FAINT,
        "line": LINE,
        "ratings": {rag.value: pair for rag, pair in RAG.items()},
        "sizes": SIZES,
        "title": drawable(cover.full_title),
        "author": drawable(cover.author or cover.council),
        "token": token(pack.proof),
        "paper": paper,
        "cover": _cover(cover, paper),
        "logo": logo and {"file": f"logo.{logo.ending}", "alt": f"Logo of {cover.council}"},
        "running": _running(cover, paper),
        "contents": len(pack.sections) >= CONTENTS_FROM,
        "spreads": list(_spreads(pack)),
        "closing": [say_proof(pack.proof)],
    }
    told["closing"] += [UNDRAWN] if INSTEAD in json.dumps(told, ensure_ascii=False) else []
    files = {f"logo.{logo.ending}": logo.content} if logo else {}
    files["pack.json"] = json.dumps(told, ensure_ascii=False).encode()
    try:
        return typeset(TEMPLATE.read_text("utf-8"), files, pack.proof.recorded_at)
    except RuntimeError as error:
        if UNSHOWN_LOGO not in str(error):
            raise
        raise Refused(
            "the pixels of the logo are damaged, so a PDF can't show it;"
            " save it again from the program that drew it"
        ) from None


def _cover(cover: Cover, paper: Paper) -> Data:
    """Return what the cover says, fitted to its columns."""
    across = paper.width - 2 * COVER_MARGIN
    return {
        "council": _fitted(cover.council, across * BESIDE_LOGO / COUNCIL),
        "title": _fitted(cover.title, across / TITLE),
        "facts": [[name, _fitted(value, (across - NAMES) / TYPE)] for name, value in cover.facts],
        "marking": _fitted(cover.marking or "", across / TYPE),
    }


def _running(cover: Cover, paper: Paper) -> Data:
    """Return what stands on the edges of every page, on a line each."""
    across = min(paper) - 2 * MARGIN
    told = {"title": cover.full_title, "council": cover.council, "marking": cover.marking or ""}
    return {
        name: drawable(shortened(text, across * EDGE_SHARES[name], EDGE, bold=name == "marking"))
        for name, text in told.items()
    }


def _spreads(pack: BoardPack) -> Iterator[Data]:
    """Yield the sections that follow one another on pages of one size, with that size."""
    usual = paper_of(pack.look.page)
    room = _room(usual, SMALL)
    for turned, sections in groupby(pack.sections, lambda one: is_turned(one, room, BESIDE)):
        paper = usual.landscape if turned else usual
        told = [_section(section, paper) for section in sections]
        yield {"paper": paper, "sections": told}


def _room(paper: Paper, size: float) -> float:
    """Return how wide the text of a page is, in parts of the size of its type."""
    return (paper.width - 2 * MARGIN) / size


def _section(section: PackSection, paper: Paper) -> Data:
    told = [one for block in section.blocks for one in _blocks(block, paper)]
    for one, following in pairwise(told):
        one["leads"] = one["what"] == "prose" and following["what"] not in ("prose", "heading")
    blocks: list[Data] = []
    for columns, alike in groupby(told, _compared):
        tables = list(alike)
        taken = sum(sum(one["widths"]) + GUTTER for one in tables) - GUTTER if columns else inf
        fits = len(tables) > 1 and taken <= paper.width - 2 * MARGIN
        blocks += [{"what": "beside", "tables": tables}] if fits else tables
    return {"title": _fitted(section.title, _room(paper, SECTION)), "blocks": blocks}


def _compared(told: Data) -> list[str] | None:
    """Return the headers of a short titled table. Tables with the same may be side by side."""
    return told["labels"] if told["what"] == "table" and told["short"] and told["title"] else None


def _blocks(block: PackBlock, paper: Paper) -> Iterator[Data]:
    """Yield a block as the template reads it: a chart or a drawing as a picture and a table."""
    room = _room(paper, TYPE)
    match block:
        case Heading(text):
            yield {"what": "heading", "text": _fitted(text, _room(paper, HEADING))}
        case Prose():
            yield {"what": "prose", "text": _fitted(block.text, room)}
        case Points(texts, numbered):
            items = [_flow(stanzas(text), room) for text in texts]
            yield {"what": "flow", "flow": [{"start": 1 if numbered else None, "items": items}]}
        case Grid():
            yield _table(block, paper)
        case Chart():
            yield from _picture(block, chart_svg(block), paper)
        case Drawing():
            yield from _picture(block, plan_svg(block), paper)


def _picture(block: Chart | Drawing, svg: str, paper: Paper) -> Iterator[Data]:
    """Yield a picture and its table. A short table goes with the picture, below its title."""
    across, down = map(float, SIZE.findall(svg)[0])
    table = _table(block.grid, paper)
    with_table = table["short"] and block.title == block.grid.table.title
    yield {
        "what": "picture",
        "title": _fitted(block.title, _room(paper, TYPE)),
        "svg": SVG_TEXT.sub(_lettered, svg),
        "alt": drawable(block.says),
        "width": min(paper.width - 2 * MARGIN, (paper.height - OUTSIDE) * across / down),
        "table": table | {"title": None} if with_table else None,
    }
    if not with_table:
        yield table


def _lettered(element: re.Match[str]) -> str:
    """Return a text of a drawing as Typst can draw it: in one font, and without marks on letters.

    In drawings, Typst has no fall-back fonts, and the PDF would not say what a mark stands for. The
    table below has the text in full.
    """
    attributes, text = element.groups()
    shown = FAILING.sub(INSTEAD, drawable(normalize("NFC", text)))
    bare = "".join(c for c in shown if not is_mark(c) and category(c) != JOINER)
    font = "" if COMMON.fullmatch(bare) else f' font-family="{SECOND_FONT}"'
    return f"<text{font}{attributes}>{bare}"


def _table(grid: Grid, paper: Paper) -> Data:
    widths = column_widths(grid, _room(paper, SMALL), BESIDE).columns
    rooms = [width - BESIDE for width in widths]
    columns = grid.table.columns
    heights = [max(map(_lines, row, rooms)) for row in grid.texts]
    return {
        "what": "table",
        "title": _fitted(grid.table.title, _room(paper, TYPE)),
        "widths": [width * SMALL for width in widths],
        "numbers": [column.is_number for column in columns],
        "labels": [_fitted(label, room) for label, room in zip(grid.labels, rooms, strict=True)],
        "rows": [list(map(_cell, row, columns, rooms)) for row in grid.texts],
        "totals": sorted(grid.totals),
        "short": sum(heights) <= SHORT,
        "whole": max(heights, default=0) <= WHOLE,
    }


def _lines(text: str, room: float) -> int:
    return sum(ceil(width_of(line, bold=True) / room) or 1 for line in text.split("\n"))


def _cell(text: str, column: Column, room: float) -> str | Data:
    """Return a cell: a text, a rating, or paragraphs and lists that people typed."""
    match column.kind:
        case Kind.MARKDOWN:
            return {"flow": _flow(stanzas(text), room)}
        case Kind.RAG:
            return {"rating": _fitted(text, room)}
        case _:
            return _fitted(text, room)


def _flow(lines: Sequence[Stanza], room: float, depth: int = 0) -> list[Data]:
    """Return paragraphs and lists within one another, as deep as they were typed."""
    nodes: list[Data] = []
    for deeper, group in groupby(lines, lambda line: line.depth > depth):
        if deeper:
            nodes.append(_list(list(group), room - INDENT, depth + 1))
        else:
            nodes += ({"runs": [_run(run, room) for run in line.runs]} for line in group)
    return nodes


def _list(lines: Sequence[Stanza], room: float, depth: int) -> Data:
    """Return a list, of whose items each begins at a line of its depth."""
    numbered = lines[0].number is not None
    items: list[list[Stanza]] = []
    for line in lines:
        if not items or (line.depth == depth and (line.number is not None) == numbered):
            items.append([])
        items[-1].append(line)
    return {"start": lines[0].number, "items": [_flow(item, room, depth) for item in items]}


def _run(run: Run, room: float) -> Data:
    return run._asdict() | {"text": _fitted(run.text, room)}


def _fitted(text: str, room: float) -> str:
    """Return a text as it can be drawn, with places to break words that are wider than the room.

    It is measured in bold type, which it may be set in.
    """
    shown = drawable(text)
    if width_of(shown, bold=True) <= room:
        return shown
    return WORDS.sub(lambda word: _broken(word[0], room), shown)


def _broken(word: str, room: float) -> str:
    if width_of(word, bold=True) <= room:
        return word
    pieces, width = [""], 0.0
    for character in word:
        width += width_of(character, bold=True)
        if width > room and pieces[-1] and not is_mark(character):
            pieces.append("")
            width = width_of(character, bold=True)
        pieces[-1] += character
    return MAY_BREAK.join(pieces)
