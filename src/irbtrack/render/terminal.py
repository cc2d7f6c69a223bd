"""Print answers as tables at a terminal, with Rich."""

import os
from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table as RichTable
from rich.text import Text

from irbtrack.domain.answers import (
    Bars,
    Block,
    Column,
    Kind,
    Stripe,
    Table,
    Timeline,
    Tone,
    Unbroken,
)
from irbtrack.domain.nouns.rating import Rag
from irbtrack.domain.nouns.status import Status
from irbtrack.errors import legible, listed
from irbtrack.render.cell_text import cell_text, text_width, without_key
from irbtrack.render.paging import paged

GAP = 2
BESIDE = 4
LEAST_TEXT = 20
"""The least width of a column of text, in characters, unless its cells are shorter."""

BESIDE_MARKDOWN = 26
"""The greatest width of a column of text beside a column of commentary, which gets the rest."""

LEAST_MARKDOWN = 60
"""The least width of commentary. With less room in a table, it is set below its row's cells."""

LEAST_SQUEEZED = 6
"""The least width of a column of text in a table that is too wide even with the widths above."""

STYLES = {Status.OVERDUE.value: "bold red", Status.COMPLETE.value: "green"}

RAG_STYLES = {
    Rag.RED.value: "bold red",
    Rag.AMBER.value: "dark_orange3",
    Rag.GREEN.value: "green",
    Rag.COMPLETE.value: "deep_sky_blue3",
}
"""Colours that can be read on a light and on a dark ground. The letter says the same."""

TONES = {
    Tone.PLAIN: "deep_sky_blue3",
    Tone.GOOD: "green",
    Tone.BAD: "red",
    Tone.FAINT: "bright_black",
}
"""The colours of bars, which can be read on either ground. The text beside a bar says the same."""

LEAST_BAR = 8
"""The least width of what bars are drawn in, also where their labels leave less."""


class _Legible(Console):
    """A console on which nothing that is shown steers the terminal."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Return the pieces of what is shown, with steering characters made visible."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else piece._replace(text=legible(piece.text))


def show(blocks: Iterable[Block]) -> None:
    """Write blocks to the terminal, separated by empty lines, through the pager if they are long.

    Where there is no room, tables that belong side by side are put one below the other, and
    commentary is put below the other cells of its row. Any other table that is too wide loses the
    columns that can be spared, and a line below says which. If that isn't enough, words are
    broken. On a terminal of at least 60 columns nothing is cut off.
    """
    console = terminal_console()
    with paged(console):
        for position, block in enumerate(blocks):
            if position:
                console.print()
            _print(console, block)


def terminal_console() -> Console:
    """Return a console on standard output, as wide as the terminal is now."""
    plain = "NO_COLOR" in os.environ
    return _Legible(
        color_system=None if plain else "auto",
        no_color=plain,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _print(console: Console, block: Block) -> None:
    if isinstance(block, str):
        text = Text(cell_text(block, Kind.TEXT))
        console.print(text, soft_wrap=isinstance(block, Unbroken))
    elif isinstance(block, Timeline):
        _print_timeline(console, block)
    elif isinstance(block, Bars):
        _print_bars(console, block)
    elif not isinstance(block, Table):
        _print_beside(console, block)
    elif _crowds_commentary(block, console.width):
        _print_in_turn(console, block)
    else:
        _print_table(console, block)


def _print_table(console: Console, table: Table) -> None:
    fitting, spared = _fitted(table, console.width)
    if table.title:
        console.print(Text(table.title, style="bold"))
    console.print(_rich_table(fitting, squeezed=_least(fitting) > console.width))
    if spared:
        columns = "column" if len(spared) == 1 else "columns"
        said = f"The terminal is too narrow for the {columns} {listed(spared, 'and')}."
        console.print(Text(said, style="dim"))


def _crowds_commentary(table: Table, width: int) -> bool:
    """Return whether the commentary in a table needs more room than the table leaves it."""
    beside, longest = len(table.columns) * GAP, 0
    for column, least, cells in zip(table.columns, _widths(table), _cells(table), strict=True):
        widest = max((text_width(line) for cell in cells for line in cell.split("\n")), default=0)
        if column.kind is Kind.MARKDOWN:
            longest = max(longest, widest)
        else:
            beside += max(least, min(widest, BESIDE_MARKDOWN))
    return longest > max(width - beside, 0) < LEAST_MARKDOWN and len(table.columns) > 1


HEADING_CELLS = 2
"""How many cells of a row make its heading when its commentary is set below it."""


def _print_in_turn(console: Console, table: Table) -> None:
    """Print each row as a heading, its other cells with their labels, and its commentary."""
    if table.title:
        console.print(Text(table.title, style="bold"), end="\n\n")
    heading = [
        column
        for column in table.columns
        if column.rank == 0 and column.kind in (Kind.CODE, Kind.TEXT)
    ][:HEADING_CELLS]
    columns = sorted(table.columns, key=lambda column: (column.kind is not Kind.RAG, column.rank))
    for position, row in enumerate(table.rows):
        if position:
            console.print()
        texts = {
            column: cell_text(value, column.kind)
            for column, value in zip(table.columns, row, strict=True)
        }
        console.print(Text("  ".join(filter(None, map(texts.get, heading))), style="bold"))
        facts = [
            _fact(column, texts[column])
            for column in columns
            if texts[column] and column not in heading and column.kind is not Kind.MARKDOWN
        ]
        for line in _in_lines(facts, console.width):
            console.print(line)
        for column in columns:
            if texts[column] and column.kind is Kind.MARKDOWN:
                console.print(_commentary(texts[column]))


def _fact(column: Column, text: str) -> Text:
    label = (f"{column.label or column.name} ", "dim")
    styles = RAG_STYLES if column.kind is Kind.RAG else STYLES
    return Text.assemble(label, (text.replace("\n", " "), styles.get(text, "")))


def _in_lines(facts: list[Text], width: int) -> Iterator[Text]:
    """Yield the facts in as few lines as possible, none of them broken."""
    between = Text(" · ", style="dim")
    line = Text()
    for fact in facts:
        if line and line.cell_len + between.cell_len + fact.cell_len > width:
            yield line
            line = Text()
        line = between.join([line, fact]) if line else fact
    if line:
        yield line


def _commentary(text: str) -> RenderableType:
    """Return rendered Markdown. Rich's Markdown is imported only when there is some."""
    from irbtrack.render.typed_markdown import rendered

    return rendered(text)


def _print_timeline(console: Console, timeline: Timeline) -> None:
    from irbtrack.render.timeline import drawn

    for line in drawn(timeline, console.width):
        spans = [(span.text, RAG_STYLES.get(span.style, span.style)) for span in line]
        console.print(Text.assemble(*spans), soft_wrap=True)


def _print_bars(console: Console, bars: Bars) -> None:
    """Print each bar at the end of its row of the table or, without one, after its own words."""
    table = bars.table.shown() if bars.table else None
    if table is None or len(table.rows) != len(bars.stripes):
        if bars.title:
            console.print(Text(cell_text(bars.title, Kind.TEXT), style="bold"))
        console.print(_labelled_bars(bars.stripes, console.width))
        return
    room = console.width - _least(table) - GAP
    if room < LEAST_BAR:
        _print_table(console, table)
        return
    if title := table.title or bars.title:
        console.print(Text(cell_text(title, Kind.TEXT), style="bold"))
    console.print(_rich_table(table, bars=_drawn_bars(bars.stripes, room), room=room))


def _labelled_bars(stripes: Sequence[Stripe], width: int) -> RichTable:
    """Return bars for Rich, each after its label and its figure."""
    labels = [cell_text(stripe.label, Kind.TEXT) for stripe in stripes]
    texts = [cell_text(stripe.text, Kind.TEXT) for stripe in stripes]
    beside = min(max(map(text_width, labels)), width // 3)
    room = max(width - beside - max(map(text_width, texts)) - 2 * GAP, LEAST_BAR)
    grid = RichTable.grid(padding=(0, GAP, 0, 0), pad_edge=False)
    grid.add_column(width=beside, overflow="fold")
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(width=room)
    for label, text, bar in zip(labels, texts, _drawn_bars(stripes, room), strict=True):
        grid.add_row(Text(label), Text(text), bar)
    return grid


def _drawn_bars(stripes: Sequence[Stripe], width: int) -> list[RenderableType]:
    """Return bars for Rich, on one scale that contains 0.

    A bar that has any length is drawn, however short it is.
    """
    from rich.bar import Bar  # which no other block needs

    ends = [0.0, *(end for stripe in stripes for end in (stripe.begin, stripe.end))]
    lowest, size = min(ends), (max(ends) - min(ends)) or 1.0
    shortest = size / (width * 8)  # a character is drawn in eighths
    drawn: list[RenderableType] = []
    for stripe in stripes:
        begin, end = sorted((stripe.begin - lowest, stripe.end - lowest))
        if begin < end < begin + shortest:
            begin = min(begin, size - shortest)
            end = begin + shortest
        drawn.append(Bar(size, begin, end, width=width, color=TONES[stripe.tone]))
    return drawn


def _print_beside(console: Console, tables: Sequence[Table]) -> None:
    beside = without_key(tables)
    width = sum(max(_least(t), text_width(t.title)) for t in beside) + BESIDE * (len(beside) - 1)
    if width > console.width:
        for position, table in enumerate(tables):
            if position:
                console.print()
            _print_table(console, table)
        return
    grid = RichTable.grid(padding=(0, BESIDE, 0, 0), pad_edge=False)
    grid.add_row(*(Text(table.title, style="bold") for table in beside))
    grid.add_row(*(_rich_table(table) for table in beside))
    console.print(grid)


def _fitted(table: Table, width: int) -> tuple[Table, list[str]]:
    """Return the table with as many of its columns as there is room for, and those left out."""
    columns = list(table.columns)
    for may_go, least in ((_goes_first, _least), (_goes_last, _least_squeezed)):
        while least(table.having(columns)) > width and any(map(may_go, columns)):
            going = filter(may_go, reversed(columns))
            columns.remove(max(going, key=lambda column: column.rank))
    spared = [c.label or c.name for c in table.columns if c not in columns]
    return table.having(columns), spared


def _goes_first(column: Column) -> bool:
    return column.rank > 0


def _goes_last(column: Column) -> bool:
    return column.rank < 0


def _least_squeezed(table: Table) -> int:
    """Return the fewest columns of the terminal for a table whose words may break."""
    widths = zip(table.columns, _widths(table), strict=True)
    least = (min(width, LEAST_SQUEEZED) if column.wraps else width for column, width in widths)
    return sum(least) + GAP * (len(table.columns) - 1)


def _least(table: Table) -> int:
    """Return the fewest columns of the terminal that a table can do with."""
    return sum(_widths(table)) + GAP * (len(table.columns) - 1)


def _widths(table: Table) -> list[int]:
    """Return what each column needs: its longest cell, or a little if it is text."""
    widths = []
    for column, cells in zip(table.columns, _cells(table), strict=True):
        longest = max((text_width(line) for cell in cells for line in cell.split("\n")), default=0)
        words = max(map(text_width, (column.label or column.name).split()))
        room = min(longest, LEAST_TEXT) if column.wraps else longest
        widths.append(max(room, words))
    return widths


def _cells(table: Table) -> list[list[str]]:
    """Return the text of the cells, column by column."""
    return [
        [cell_text(row[n], column.kind) for row in table.rows]
        for n, column in enumerate(table.columns)
    ]


def _rich_table(
    table: Table,
    *,
    squeezed: bool = False,
    bars: Sequence[RenderableType] = (),
    room: int | None = None,
) -> RichTable:
    """Return the table for Rich; ``squeezed``, its words may break, so that nothing is cut off.

    ``bars`` stand in a last column, which is ``room`` wide.
    """
    rich = RichTable(
        box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )
    commented = any(column.kind is Kind.MARKDOWN for column in table.columns)
    for column, width in zip(table.columns, _widths(table), strict=True):
        most = BESIDE_MARKDOWN if commented and column.kind is Kind.TEXT else None
        _add_column(rich, column, width, most, squeezed)
    if bars:
        rich.add_column("", width=room)
    totals = {place % len(table.rows) for place in table.totals} if table.rows else set()
    for place, cells in enumerate(zip(*_cells(table), strict=True)):
        rich.add_row(
            *map(_rich_cell, cells, table.columns),
            *bars[place : place + 1],
            style="bold" if place in totals else None,
        )
    return rich


def _rich_cell(cell: str, column: Column) -> RenderableType:
    if column.kind is Kind.MARKDOWN and cell:
        return _commentary(cell)
    return Text(cell, style=(RAG_STYLES if column.kind is Kind.RAG else STYLES).get(cell, ""))


def _add_column(
    rich: RichTable, column: Column, width: int, most: int | None, squeezed: bool
) -> None:
    wraps = column.wraps or (squeezed and column.kind is Kind.CODE)
    rich.add_column(
        Text(column.label or column.name),
        justify="right" if column.is_number else "left",
        width=None if wraps else width,
        min_width=min(width, LEAST_SQUEEZED) if squeezed else width if wraps else None,
        max_width=None if most is None else max(width, most),
        overflow="fold",
    )
