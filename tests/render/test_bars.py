"""Bars at a terminal: on one scale, with their figures, and left out where they can't be drawn."""

import re
from contextlib import redirect_stdout
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.answers import Answer, Bars, Block, Column, Kind, Stripe, Table, Tone
from irbtrack.render.cell_text import text_width
from irbtrack.render.markdown import to_markdown
from irbtrack.render.plain import to_plain
from irbtrack.render.terminal import TONES, show

BRIDGE = Bars(
    "22/23 Overdue",
    (
        Stripe("opening", 0, 60, "60"),
        Stripe("newly overdue", 60, 65, "+5", Tone.BAD),
        Stripe("completed", 65, 59, "-6", Tone.GOOD),
        Stripe("closing", 0, 59, "59"),
    ),
)

LINES = Table((Column("line", "Line"), Column("total", "Total", Kind.NUMBER)), [("opening", 60)])


def shown(block: Block, width: int, **others: str) -> list[str]:
    """The lines that a terminal is sent, without colours unless ``others`` ask for them."""
    written = StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(written):
        for name, value in ({"COLUMNS": str(width), "NO_COLOR": "1"} | others).items():
            if value:
                patch.setenv(name, value)
            else:
                patch.delenv(name, raising=False)
        show([block])
    return written.getvalue().splitlines()


def test_a_bridge_steps_from_its_opening_to_its_closing() -> None:
    title, *lines = shown(BRIDGE, 44)
    assert title == "22/23 Overdue"
    assert [line.rstrip() for line in lines] == [
        "opening        60  ███████████████████████",
        "newly overdue  +5                         ██",
        "completed      -6                        ▐██",
        "closing        59  ██████████████████████▋",
    ]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_bars_fill_the_terminal_and_no_more(width: int) -> None:
    lines = shown(BRIDGE, width)
    assert max(map(text_width, lines)) <= width
    assert max(len(line.rstrip()) for line in lines) >= width - 2


def test_without_colour_the_text_says_which_way() -> None:
    written = "\n".join(shown(BRIDGE, 80))
    assert "\x1b" not in written
    assert "+5" in written
    assert "-6" in written


def test_every_tone_has_a_colour_of_its_own() -> None:
    assert set(TONES) == set(Tone)
    assert len(set(TONES.values())) == len(Tone)
    colours = {"NO_COLOR": "", "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    _, opening, rise, fall, _ = shown(BRIDGE, 80, **colours)
    found = [re.findall(r"\x1b\[[0-9;]+m", line)[0] for line in (opening, rise, fall)]
    assert len(set(found)) == 3


lengths = st.lists(st.tuples(st.integers(-50, 1000), st.integers(-50, 1000)), min_size=1)


@given(lengths, st.integers(60, 140))
def test_every_bar_with_a_length_is_drawn(ends: list[tuple[int, int]], width: int) -> None:
    stripes = tuple(Stripe(f"bar {n}", *both, str(n)) for n, both in enumerate(ends))
    lines = shown(Bars("", stripes), width)
    assert len(lines) == len(ends)
    for line, (begin, end) in zip(lines, ends, strict=True):
        assert bool(re.search(r"[▏▎▍▌▋▊▉█▐▕]", line)) == (begin != end), line


def test_writers_of_text_leave_bars_out() -> None:
    blocks: list[Block] = ["Before.", BRIDGE, "After."]
    assert to_plain(blocks) == "Before.\n\nAfter.\n"
    assert to_markdown(blocks) == "Before.\n\nAfter.\n"


def test_writers_of_text_put_out_the_table_of_bars_that_have_one() -> None:
    bars = Bars(BRIDGE.title, BRIDGE.stripes, LINES)
    assert to_plain([bars]) == to_plain([LINES])
    assert to_markdown([bars]) == to_markdown([LINES])


def test_a_terminal_draws_bars_at_the_ends_of_the_rows_of_their_table() -> None:
    columns = (Column("line", "Line"), Column("total", "Total", Kind.CHANGE))
    rows = [(stripe.label, int(stripe.text)) for stripe in BRIDGE.stripes]
    bars = Bars("", BRIDGE.stripes, Table(columns, rows, "22/23 Overdue"))
    title, header, _, opening, rise, fall, closing = shown(bars, 46)
    assert (title, header.split()) == ("22/23 Overdue", ["Line", "Total"])
    assert re.fullmatch(r"opening          \+60  █{22}▏?", opening.rstrip())
    assert re.fullmatch(r"newly overdue     \+5 {24}█+▉?", rise.rstrip())
    assert re.fullmatch(r"completed         -6 +[▐▕]?██", fall.rstrip())
    assert closing.startswith("closing          +59  █████████████████████")
    assert shown(bars, 24) == shown(bars.table or "", 24)


def test_bars_without_any_are_not_shown() -> None:
    assert Answer(LINES, (Bars("none", ()), "Nothing.")).shown() == ("Nothing.",)


def test_what_people_typed_is_not_markup() -> None:
    typed = Bars("[bold]x", (Stripe("[red]a\x1b[1m", 0, 1, "1"),))
    title, line = shown(typed, 60)
    assert title == "[bold]x"
    assert line.startswith("[red]a")
    assert "\x1b" not in line
