"""Answers as tables in a terminal, with Rich."""

import os
from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as RichTable
from rich.text import Text

from irbtrack.domain.board import Block, Kind, Table
from irbtrack.domain.records import Status
from irbtrack.render.cells import cell_text

UNBOUNDED = 100_000
"""A width at which nothing is wrapped."""

STYLES = {Status.OVERDUE.value: "bold red", Status.COMPLETE.value: "green"}


def show(blocks: Iterable[Block]) -> None:
    """Write blocks to the terminal, an empty line between them.

    Tables that stand side by side are put one below the other where it is too narrow.
    """
    plain = "NO_COLOR" in os.environ
    console = Console(
        color_system=None if plain else "auto",
        no_color=plain,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for position, block in enumerate(blocks):
        if position:
            console.print()
        if isinstance(block, str):
            console.print(Text(cell_text(block, Kind.TEXT)))
        elif isinstance(block, Table):
            _print_table(console, block)
        else:
            _print_beside(console, block)


def _print_table(console: Console, table: Table) -> None:
    if table.title:
        console.print(Text(table.title, style="bold"))
    console.print(_rich_table(table))


def _print_beside(console: Console, tables: tuple[Table, ...]) -> None:
    beside = RichTable.grid(padding=(0, 3, 0, 0))
    for table in tables:
        beside.add_column(header=table.title)
    beside.add_row(*(Text(table.title, style="bold") for table in tables))
    beside.add_row(*(_rich_table(table) for table in tables))
    wanted = Measurement.get(console, console.options.update(width=UNBOUNDED), beside).maximum
    if wanted <= console.width:
        console.print(beside)
    else:
        for position, table in enumerate(tables):
            if position:
                console.print()
            _print_table(console, table)


def _rich_table(table: Table) -> RichTable:
    rich = RichTable(
        box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold"
    )
    for column in table.columns:
        number = column.kind in (Kind.NUMBER, Kind.CHANGE)
        rich.add_column(
            Text(column.label or column.name),
            justify="right" if number else "left",
            no_wrap=column.kind is not Kind.TEXT,
            overflow="fold",
        )
    for row in table.rows:
        last = table.total and row is table.rows[-1]
        rich.add_row(
            *(
                Text(cell_text(value, column.kind), style=STYLES.get(value, ""))
                if isinstance(value, str)
                else cell_text(value, column.kind)
                for value, column in zip(row, table.columns, strict=True)
            ),
            style="bold" if last else None,
        )
    return rich
