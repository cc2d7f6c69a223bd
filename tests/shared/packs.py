"""Packs put together by hand, for what a register would take long to bring about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.packs.document import (
    BoardPack,
    Cover,
    Grid,
    Look,
    PackBlock,
    PackSection,
    Proof,
    content_digest,
)

AWKWARD = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("https://example.org")',
    "<script>alert(1)</script>",
    "<b onclick=x>bold</b>",
    "a | b \\| c",
    "![x](https://example.org/x.png)",
    "[x](javascript:alert(1))",
    "&lt;b&gt; &copy;",
    "\x1b[31mred\x07",
    "\u202eright to left\ufffe",
    "https://example.org/ www.example.org",
    "_x0041_",
    "١٢٣ مرحبا 🚧 👩‍🚒",
    "$$ `code` ~~struck~~ #heading\n# heading\n> quoted\n===\n---\n1. one\n+ two",
    "{{ 7*7 }} #set page()",
    "12345678901234567890",
    "0012",
    "10/11",
    "\\",
    "' leading",
)
"""What people may type that one format or another takes for something else."""


def pack_of(*blocks: PackBlock, title: str = "Section", **cover: Any) -> BoardPack:
    """A pack of one section."""
    front = Cover("Example Borough Council", "Progress report", None, date(2023, 10, 31), None)
    front = front._replace(**cover)
    sections = (PackSection("section", title, blocks),)
    digest = content_digest(front, sections)
    made_at = datetime(2023, 11, 20, 14, 11, 59, tzinfo=UTC)
    proof = Proof("0.1.0", front.as_of, None, 7, made_at, "0" * 64, digest, {})
    return BoardPack(front, sections, Look("#1f3864", "A4"), proof)


def grid_of(
    *rows: Sequence[Any],
    kinds: Sequence[Kind] = (),
    title: str = "Table",
    totals: frozenset[int] = frozenset(),
) -> Grid:
    """A table whose columns are called A, B and so on."""
    asked = kinds or [Kind.TEXT] * len(rows[0])
    columns = tuple(Column(f"c{n}", "ABCDEFGH"[n], kind) for n, kind in enumerate(asked))
    return Grid(Table(columns, rows, title, totals))
