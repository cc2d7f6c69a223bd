"""A board pack as Markdown, for a wiki or to be compared line by line.

Each paragraph, item and row is a line, so that a comparison shows what changed. What people typed
is parsed and written anew, so that it can't become HTML or break a table.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from irbtrack.domain.answers import Kind
from irbtrack.errors import printable
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    Cover,
    Drawing,
    Grid,
    Heading,
    PackBlock,
    Points,
    Prose,
)
from irbtrack.packs.marked_text import Run, Stanza, stanzas
from irbtrack.packs.proving import say_proof, token
from irbtrack.render.markdown import escaped, pipe_table

_BEGINNING = re.compile(r"^[ \t]*(?:([-+=:])|(\d+)(?=[.)](?:\s|$)))?", re.MULTILINE)
"""What would make a line begin a list or underline a heading, with the spaces before it."""

_SIGNS = {"address": "", "bold": "**", "italic": "*"}


def to_markdown(pack: BoardPack) -> bytes:
    """Return the pack as Markdown: CommonMark, with tables of pipes."""
    parts = [*_front(pack.cover)]
    for section in pack.sections:
        parts.append(f"## {_line(section.title)}")
        for block in section.blocks:
            parts += _parts(block)
    parts += ["---", _line(say_proof(pack.proof)), f"<!-- {token(pack.proof)} -->"]
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def _front(cover: Cover) -> Iterator[str]:
    yield f"# {_line(cover.full_title)}"
    facts = [("Council", cover.council), ("Marking", cover.marking), *cover.facts]
    yield "\n".join(f"- **{name}:** {_line(value)}" for name, value in facts if value)


def _parts(block: PackBlock) -> Iterator[str]:
    """Yield the parts of a block, which empty lines keep apart."""
    match block:
        case Heading(text):
            yield f"### {_line(text)}"
        case Prose():
            yield _line(block.text)
        case Points(texts, numbered):
            marks = (f"{n}. " if numbered else "- " for n in range(1, len(texts) + 1))
            yield "\n".join(map(_point, marks, texts))
        case Grid():
            yield from _grid(block)
        case Chart() | Drawing():
            yield f"*{_line(block.says)}*"
            yield from _grid(block.grid)


def _grid(grid: Grid) -> Iterator[str]:
    yield f"**{_line(grid.table.title)}**" if grid.table.title else ""
    columns = [column._replace(label=_spaced(column.label or "")) for column in grid.table.columns]
    rows = (
        [
            _in_a_cell(text) if column.kind is Kind.MARKDOWN else escaped(text)
            for text, column in zip(row, columns, strict=True)
        ]
        for row in grid.texts
    )
    yield pipe_table(columns, rows)


def _in_a_cell(text: str) -> str:
    """Return a text for a cell. Markdown has no lists there, so each item is a line."""
    return "\n".join(f"{one.mark}{_marked(one.runs)}" for one in stanzas(text))


def _point(mark: str, text: str) -> str:
    """Return what people typed as an item of a list."""
    lines = _written(stanzas(text)).split("\n")
    return mark + "\n".join([lines[0], *(line and " " * len(mark) + line for line in lines[1:])])


def _written(told: Sequence[Stanza]) -> str:
    """Return paragraphs and items as Markdown. Items of a list have no empty lines between."""
    text = ""
    before = Stanza(())
    widths: list[int] = []  # of the marks of the items that a stanza is within
    for one in told:
        depth = min(one.depth, len(widths) + 1)
        del widths[max(depth - 1, 0) :]
        margin = " " * sum(widths)
        if depth:
            widths.append(len(one.mark))
        line = _begun(_marked(one.runs).strip()).replace("\n", f"\\\n{' ' * sum(widths)}")
        is_next = depth and before.depth and (depth <= before.depth or one.number in (None, 1))
        text += ("\n" if is_next else "\n\n") + margin + one.mark + line
        before = one._replace(depth=depth)
    return text.strip("\n")


def _marked(runs: Sequence[Run]) -> str:
    """Return runs as Markdown. An exclamation mark before a link doesn't make it an image."""
    return re.sub(r"!(?=\[)", r"\!", _nested(runs))


def _nested(runs: Sequence[Run]) -> str:
    """Return runs as Markdown. Runs that share a mark stand within one pair of it."""
    parts = []
    while runs:
        reach = {sign: _reach(runs, sign) for sign in _SIGNS}
        sign = max(reach, key=lambda one: reach[one])
        if count := reach[sign]:
            plain: dict[str, Any] = {sign: None}
            inside = _nested([run._replace(**plain) for run in runs[:count]])
            parts.append(_within(sign, inside, runs[0].address or ""))
        else:
            count = 1
            parts.append(escaped(runs[0].text))
        runs = runs[count:]
    return "".join(parts)


def _reach(runs: Sequence[Run], sign: str) -> int:
    """Return how many runs from the first on share a mark of the first, or 0 without it."""
    mark = getattr(runs[0], sign)
    return sum(1 for _ in takewhile(lambda run: getattr(run, sign) == mark, runs)) if mark else 0


def _within(sign: str, text: str, address: str) -> str:
    """Return a text within marks, or as a link; the spaces around it stay outside."""
    words = text.strip()
    if not words:
        return text
    start = text.index(words)
    link = f"[{words}](<{address.replace('&', '&amp;')}>)"
    marked = link if sign == "address" else f"{_SIGNS[sign]}{words}{_SIGNS[sign]}"
    return f"{text[:start]}{marked}{text[start + len(words) :]}"


def _line(text: str) -> str:
    """Return a text that isn't Markdown as a line of it."""
    return _begun(escaped(_spaced(text)))


def _spaced(text: str) -> str:
    return printable(" ".join(text.split()))


def _begun(text: str) -> str:
    """Return Markdown none of whose lines begins a list or underlines a heading."""
    return _BEGINNING.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    sign, number = found.groups()
    return f"\\{sign}" if sign else f"{number}\\" if number else ""
