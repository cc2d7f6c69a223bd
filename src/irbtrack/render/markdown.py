"""Answers as Markdown: headings, sentences and pipe tables."""

import re
from collections.abc import Iterable

from irbtrack.domain.answers import Block, Column, Kind, Table, Timeline, without_bars
from irbtrack.render.cell_text import cell_text

_MARKS = r"([\\`*_\[\]<>|#~&$]|:(?=//))"

SCHEMES = ("http:", "https:", "mailto:")
"""What a link's address may begin with."""

_KNOWN = "|".join(SCHEMES)

_NOT_IN_A_CELL = rf"(\\*)([<|]|!(?=\[)|(?<=\])\((?!{_KNOWN})|(?<=\]):)"
"""HTML, an image, a link to what is none of :data:`SCHEMES`, or the end of a cell.

The backslashes before it are found too.

Code is not excepted, because only the reader's Markdown knows what is code.
"""

_ENTITIES = {"<": "&lt;", "|": "\\|", "!": "&#33;", "(": "&#40;", ":": "&#58;"}


def to_markdown(blocks: Iterable[Block]) -> str:
    """Return the blocks, with an empty line between them; a table's title is a heading before it.

    What people typed is escaped, so that it is never markup. Commentary and notes are typed as
    Markdown: in them only what would be HTML, an image, a link that isn't to a page or an address,
    or another cell is escaped.
    """
    parts: list[str] = []
    for block in without_bars(blocks):
        if isinstance(block, str):
            parts.append(escaped(block).replace("\n", "  \n"))
        elif isinstance(block, Timeline):
            parts.append(_table(block.table.shown()))
        else:
            parts += [_table(table) for table in ([block] if isinstance(block, Table) else block)]
    return "\n\n".join(parts) + "\n" if parts else ""


def _table(table: Table) -> str:
    heading = f"## {escaped(table.title)}\n\n" if table.title else ""
    rows = (
        [
            _cell(cell_text(value, column.kind), column.kind)
            for value, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    )
    return heading + pipe_table(table.columns, rows)


def pipe_table(columns: Iterable[Column], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of cells that are written as Markdown already, but for the ends of lines."""
    listed = list(columns)
    return "\n".join([
        _row(escaped(column.label or column.name) for column in listed),
        "|".join(["", *(_rule(column) for column in listed), ""]),
        *map(_row, rows),
    ])  # fmt: skip


def _rule(column: Column) -> str:
    return "---:" if column.is_number else "---"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace(chr(10), '<br>') for cell in cells)} |"


def _cell(text: str, kind: Kind) -> str:
    if kind is Kind.MARKDOWN:
        return re.sub(_NOT_IN_A_CELL, _as_entity, text)
    return escaped(text)


def escaped(text: str) -> str:
    """Return a text as Markdown that says just that, anywhere but at the beginning of a line."""
    return re.sub(_MARKS, r"\\\1", text)


def _as_entity(found: re.Match[str]) -> str:
    """Return the entity that stands for a character, without a backslash that escaped it."""
    return found[1][: len(found[1]) // 2 * 2] + _ENTITIES[found[2]]
