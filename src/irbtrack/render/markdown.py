"""Answers as Markdown: headings, sentences and pipe tables."""

import re
from collections.abc import Iterable

from irbtrack.domain.board import Block, Column, Table
from irbtrack.render.cells import cell_text

_MARKS = r"([\\`*_\[\]<>|#~&$]|:(?=//))"


def to_markdown(blocks: Iterable[Block]) -> str:
    """The blocks, an empty line between them; a table's title is a heading before it.

    What people typed is escaped, so that it is never markup.
    """
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(_escaped(block))
        else:
            parts += [_table(table) for table in ([block] if isinstance(block, Table) else block)]
    return "\n\n".join(parts) + "\n" if parts else ""


def _table(table: Table) -> str:
    lines = [f"## {_escaped(table.title)}", ""] if table.title else []
    lines.append(_row(column.label or column.name for column in table.columns))
    lines.append("|".join(["", *(_rule(column) for column in table.columns), ""]))
    lines += [
        _row(
            cell_text(value, column.kind) for value, column in zip(row, table.columns, strict=True)
        )
        for row in table.rows
    ]
    return "\n".join(lines)


def _rule(column: Column) -> str:
    return "---:" if column.is_number else "---"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_escaped(cell).replace(chr(10), '<br>') for cell in cells)} |"


def _escaped(text: str) -> str:
    return re.sub(_MARKS, r"\\\1", text)
