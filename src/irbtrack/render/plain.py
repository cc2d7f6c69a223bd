"""Answers as plain text, for a pipe, a file or cron: aligned, unwrapped, without colour.

It does without Rich, because importing that and laying out a few hundred rows with it takes
longer than all the rest of a command.
"""

import os
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from irbtrack.domain.answers import Block, Kind, Table, Timeline, without_bars
from irbtrack.domain.words import whole
from irbtrack.render.cell_text import cell_text, text_width, without_key, wrapped

GAP = "  "
BESIDE = "     "

PAGE = 120
"""The width that a plan is drawn for, unless the environment has COLUMNS, and of a title."""


def to_plain(blocks: Iterable[Block]) -> str:
    """Return the blocks as lines, an empty line between blocks.

    Nothing is cut, and of a table only its title is broken into lines.
    """
    parts = []
    for block in without_bars(blocks):
        if isinstance(block, str):
            parts.append(cell_text(block, Kind.TEXT))
        elif isinstance(block, Timeline):
            from irbtrack.render.timeline import drawn

            width = whole(os.environ.get("COLUMNS", "")) or PAGE
            lines = ("".join(span.text for span in line) for line in drawn(block, width))
            parts.append("\n".join(line.rstrip() for line in lines))
        else:
            tables = [block] if isinstance(block, Table) else without_key(block)
            parts.append("\n".join(_beside([_lines(table) for table in tables])))
    return "\n\n".join(parts) + "\n" if parts else ""


def _beside(tables: list[list[str]]) -> Iterable[str]:
    """Yield the lines of tables side by side, each table padded to its own width."""
    columns = [_aligned(lines) for lines in zip(*zip_longest(*tables, fillvalue=""), strict=True)]
    return (BESIDE.join(row).rstrip() for row in zip(*columns, strict=True))


def _lines(table: Table) -> list[str]:
    """Return a table's lines: its title, if any, the header, a rule, and the rows."""
    header = [column.label or column.name for column in table.columns]
    rows = [
        line
        for row in table.rows
        for line in _split(
            [
                cell_text(value, column.kind)
                for value, column in zip(row, table.columns, strict=True)
            ]
        )
    ]
    columns = []
    for column, cells in zip(table.columns, zip(header, *rows, strict=True), strict=True):
        top, *rest = _aligned(cells, right=column.is_number)
        columns.append([top, "-" * text_width(top), *rest])
    lines = [GAP.join(row).rstrip() for row in zip(*columns, strict=True)]
    return [*wrapped(table.title, PAGE), *lines] if table.title else lines


def _split(cells: list[str]) -> Iterable[Sequence[str]]:
    """Yield the lines of a row: as many as the cell with the most lines has."""
    if not any("\n" in cell for cell in cells):
        return [cells]
    return zip_longest(*(cell.split("\n") for cell in cells), fillvalue="")


def _aligned(cells: Sequence[str], *, right: bool = False) -> list[str]:
    """Return the cells of a column, padded to the widest."""
    if all(map(str.isascii, cells)):
        width = max(map(len, cells))
        return [cell.rjust(width) if right else cell.ljust(width) for cell in cells]
    widths = [text_width(cell) for cell in cells]
    widest = max(widths)
    spaces = [" " * (widest - width) for width in widths]
    pairs = zip(spaces, cells, strict=True)
    return [space + cell if right else cell + space for space, cell in pairs]
