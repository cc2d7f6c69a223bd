"""A pack as Markdown, read back by a parser of CommonMark with tables."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from shared.packs import AWKWARD, grid_of, pack_of

from irbtrack.domain.answers import Kind
from irbtrack.packs.document import BoardPack, Chart, Drawing, Heading, Points, prose
from irbtrack.packs.marked_text import SCHEMES, stanzas
from irbtrack.packs.proving import say_proof, token
from irbtrack.packs.reading_back import as_read, tables_in
from irbtrack.packs.to_markdown import to_markdown

READER = MarkdownIt("commonmark").enable(["table"])

PIECES = (
    *AWKWARD, "a", "two words ", " ", "\n", "\n\n", "    ", "*", "**", "_", "- ", "1. ", "7. ",
    "# ", "> ", "[", "](https://example.org/?a=1&b=2)", "](mailto:x@example.org)",
    "!", "\\", "|", "`",
)  # fmt: skip

typed = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def point(text: str) -> str:
    """What a pack says of a text that people typed, without the mark of its list."""
    written = to_markdown(pack_of(Points((text,)))).decode()
    item = written.partition("## Section\n\n- ")[2].rpartition("\n\n---\n")[0]
    return "\n".join(line.removeprefix("  ") for line in item.split("\n"))


def words(text: str) -> list[str]:
    """The paragraphs and items of a text as they are read, each on a line."""
    told = (" ".join(stanza.text.split()) for stanza in stanzas(text))
    return [line for line in told if line]


def test_the_example_is_laid_out(board_pack: BoardPack) -> None:
    lines = to_markdown(board_pack).decode().split("\n")
    assert lines[:5] == [
        "# Improvement and Recovery Board: progress report, 23 November 2023",
        "",
        "- **Council:** Example Borough Council",
        "- **Marking:** OFFICIAL",
        "- **Meeting:** 23 November 2023",
    ]
    assert lines[-6:] == [
        "---",
        "",
        re.sub(r"([_&#~])", r"\\\1", say_proof(board_pack.proof)),
        "",
        f"<!-- {token(board_pack.proof)} -->",
        "",
    ]
    assert [line for line in lines if line != line.rstrip()] == []
    assert [line[3:] for line in lines if line.startswith("## ")] == [
        section.title for section in board_pack.sections
    ]
    levels = [len(found[1]) for line in lines if (found := re.match(r"(#+) ", line))]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_charts_and_drawings_are_told_before_their_tables(board_pack: BoardPack) -> None:
    written = to_markdown(board_pack).decode()
    for section in board_pack.sections:
        for block in section.blocks:
            if isinstance(block, Chart | Drawing):
                said = re.escape(block.says.replace("&", "\\&")).replace(r"\ ", " ")
                caption = re.escape(block.grid.table.title)
                assert re.search(
                    rf"\n\n\*{said}\*\n\n\*\*{caption}\*\*\n\n\|", written.replace("\\#", "#")
                )


def test_only_the_lines_of_what_changed_differ(board_pack: BoardPack) -> None:
    before = to_markdown(board_pack).decode().split("\n")
    assert to_markdown(board_pack).decode().split("\n") == before
    cover = board_pack.cover._replace(owner="Somebody else")
    after = to_markdown(board_pack._replace(cover=cover)).decode().split("\n")
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [
        (
            "- **Report owner:** Executive Director, Strategy and Improvement",
            "- **Report owner:** Somebody else",
        )
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("The **gap** in the _draft_", "The **gap** in the *draft*"),
        ("***Both* bold**", "***Both* bold**"),
        ("a\nb", "a\\\nb"),
        ("Agreed:\n- one\n  - two\n- three", "Agreed:\n\n- one\n  - two\n- three"),
        ("3. three\n4. four\n   - five", "3. three\n4. four\n   - five"),
        ("[the plan](https://example.org/)", "[the plan](<https://example.org/>)"),
        ("[the plan](javascript:x)", "\\[the plan\\](javascript:x)"),
        ("See! [the plan](mailto:a@b.c)", "See! [the plan](<mailto:a@b.c>)"),
        (r"See\![the plan](mailto:a@b.c)", r"See\![the plan](<mailto:a@b.c>)"),
        ("2023\\. A year", "2023\\. A year"),
        ("\\- no item", "\\- no item"),
        ("# Title", "**Title**"),
        ("> quoted", "*quoted*"),
        ("<b>bold</b>", "\\<b\\>bold\\</b\\>"),
    ],
)
def test_what_is_typed_is_written_anew(text: str, written: str) -> None:
    assert point(text) == written.replace(
        "See![the plan](mailto:a@b.c)", "See\\![the plan](<mailto:a@b.c>)"
    )


@given(typed)
@example("1. one\n\n   - two\n     3. three")
@example("- - a")
@example("**a **b")
def test_any_commentary_says_the_same_when_it_is_read_again(text: str) -> None:
    written = point(text)
    assert words(written) == words(text)
    assert written == "\n".join(line.rstrip() for line in written.split("\n"))


@given(typed)
def test_any_commentary_becomes_no_markup_of_its_own(text: str) -> None:
    assert_harmless(to_markdown(pack_of(Points((text,)), Points((text, "b"), numbered=True))))


@given(st.lists(typed, min_size=2, max_size=2))
def test_any_cells_stay_in_their_table(texts: list[str]) -> None:
    grid = grid_of(texts, texts, kinds=(Kind.TEXT, Kind.MARKDOWN), title=texts[0])
    written = to_markdown(pack_of(grid))
    assert_harmless(written)
    assert tables_in(written, "md") == [as_read(grid)]


@pytest.mark.parametrize("text", AWKWARD)
def test_titles_are_text(text: str) -> None:
    blocks = (Heading(text), *prose(text), grid_of(["x"], title=text))
    written = to_markdown(pack_of(*blocks, title=text, council=text, marking=text))
    assert_harmless(written)
    html = READER.render(written.decode())
    assert len(re.findall(r"<h2>", html)) == len(re.findall(r"<h3>", html)) == 1


def assert_harmless(written: bytes) -> None:
    """Assert that a text has no HTML but line ends and the proof, no image, no other address."""
    tokens = READER.parse(written.decode())
    assert [one.content for one in tokens if one.type == "html_block"] == [
        written.decode().split("\n")[-2] + "\n"
    ]
    assert not [one for one in tokens if one.type in ("code_block", "fence")]
    for one in (child for parent in tokens for child in parent.children or ()):
        assert one.type not in ("image", "code_inline")
        assert one.type != "html_inline" or one.content == "<br>"
        assert one.type != "link_open" or str(one.attrGet("href")).startswith(SCHEMES)
