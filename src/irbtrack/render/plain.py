"""Answers as plain text, for a pipe, a file or cron: aligned, unwrapped, without colour.

It does without Rich, which would take longer to import and to lay out a few hundred rows
than all the rest of a command.
"""

from collections.abc import Iterable
from itertools import zip_longest

from irbtrack.domain.board import Block, Kind, Table
from irbtrack.render.cells import cell_text

GAP = "  "
BESIDE = "     "


def to_plain(blocks: Iterable[Block]) -> str:
    """The blocks as lines, an empty line between blocks. Nothing is cut or wrapped."""
    parts = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(cell_text(block, Kind.TEXT))
        else:
            tables = (block,) if isinstance(block, Table) else block
            parts.append("\n".join(_beside([_lines(table) for table in tables])))
    return "\n\n".join(parts) + "\n"


def _beside(tables: list[list[str]]) -> Iterable[str]:
    """Tables' lines joined, each table padded to its own width."""
    widths = [max(map(_width, lines)) for lines in tables]
    for row in zip_longest(*tables, fillvalue=""):
        padded = (_padded(line, width) for line, width in zip(row, widths, strict=True))
        yield BESIDE.join(padded).rstrip()


def _lines(table: Table) -> list[str]:
    """A table's lines: its title, if any, the header, a rule, and the rows."""
    header = [[column.label or column.name] for column in table.columns]
    rows = [
        [
            cell_text(value, column.kind).split("\n")
            for value, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    widths = [
        max(_width(line) for cell in cells for line in cell)
        for cells in zip(header, *rows, strict=True)
    ]
    right = [column.kind in (Kind.NUMBER, Kind.CHANGE) for column in table.columns]

    def lines_of(row: list[list[str]]) -> Iterable[str]:
        for cells in zip_longest(*row, fillvalue=""):
            padded = (
                _padded(cell, width, right=to_right)
                for cell, width, to_right in zip(cells, widths, right, strict=True)
            )
            yield GAP.join(padded).rstrip()

    title = [table.title] if table.title else []
    rule = GAP.join("-" * width for width in widths)
    return [*title, *lines_of(header), rule, *(line for row in rows for line in lines_of(row))]


def _padded(text: str, width: int, *, right: bool = False) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    """How many columns a line takes; wide characters take two."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
