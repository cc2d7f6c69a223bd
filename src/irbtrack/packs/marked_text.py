"""What people typed as Markdown, as paragraphs of runs, which every writer can put out.

Only emphasis, lists, quotations, headings and links are read. HTML, images and blocks of code
stay as they were typed. A link has an address of the schemes in :data:`SCHEMES`, or it is text.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from irbtrack.errors import printable
from irbtrack.render.markdown import SCHEMES
from irbtrack.render.markdown_parser import DEEPEST, PARSER


class Run(NamedTuple):
    """Words of the same look. ``address`` is what they are a link to, or None."""

    text: str
    bold: bool = False
    italic: bool = False
    address: str | None = None


class Stanza(NamedTuple):
    r"""A paragraph or the item of a list.

    ``depth`` is 0 for a paragraph, and 1 or more for an item. ``number`` is that of an item in a
    numbered list, else None. Within a run, ``\n`` ends a line.
    """

    runs: tuple[Run, ...]
    depth: int = 0
    number: int | None = None

    @property
    def text(self) -> str:
        """Return its words alone."""
        return "".join(run.text for run in self.runs)

    @property
    def mark(self) -> str:
        """Return what an item begins with in plain text, such as ``3. ``; else nothing."""
        if not self.depth:
            return ""
        return "- " if self.number is None else f"{self.number}. "


def stanzas(text: str) -> list[Stanza]:
    r"""Return what a text says, paragraph by paragraph.

    Characters that don't print are made visible.

    >>> [(s.depth, s.text) for s in stanzas("Agreed:\n- **one**\n- two")]
    [(0, 'Agreed:'), (1, 'one'), (1, 'two')]
    """
    safe = "\n".join(printable(line) for line in text.split("\n"))
    tokens = PARSER.parse(safe)
    if any(token.level > DEEPEST for token in tokens):
        return [Stanza((Run(safe),))]
    return _stanzas(tokens)


def _stanzas(tokens: Sequence[Token]) -> list[Stanza]:
    found: list[Stanza] = []
    numbers: list[int | None] = []
    quoted = 0
    begun = True  # whether an item of a list has just begun; its further paragraphs are lines of it
    for place, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrGet("start") or 1) - 1)
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                begun = True
                if numbers[-1] is not None:
                    numbers[-1] += 1
            case "blockquote_open":
                quoted += 1
            case "blockquote_close":
                quoted -= 1
            case "hr":
                found.append(Stanza((Run("—"),)))
            case "inline":
                heading = tokens[place - 1].type == "heading_open"
                runs = tuple(_runs(token.children or [], bold=heading, italic=quoted > 0))
                if numbers and not begun and found[-1].depth == len(numbers):
                    found[-1] = found[-1]._replace(runs=(*found[-1].runs, Run("\n"), *runs))
                else:
                    found.append(Stanza(runs, len(numbers), numbers[-1] if numbers else None))
                begun = False
            case "html_block":
                found.append(Stanza((Run(token.content.strip()),), len(numbers)))
    return found


def _runs(tokens: Sequence[Token], *, bold: bool, italic: bool) -> Iterator[Run]:
    strong, emphasised, address = int(bold), int(italic), None
    for token in tokens:
        match token.type:
            case "strong_open":
                strong += 1
            case "strong_close":
                strong -= 1
            case "em_open":
                emphasised += 1
            case "em_close":
                emphasised -= 1
            case "link_open":
                asked = str(token.attrGet("href") or "")
                address = asked if asked.lower().startswith(SCHEMES) else None
            case "link_close":
                address = None
            case "softbreak" | "hardbreak":
                yield Run("\n", strong > 0, emphasised > 0, address)
            case _:
                if token.content:
                    yield Run(token.content, strong > 0, emphasised > 0, address)


def plain_words(text: str) -> str:
    r"""Return what a text says without its marks, for where nothing can be bold.

    Each paragraph and each item has a line.

    >>> plain_words("Agreed:\n- **one**\n- two")
    'Agreed:\n- one\n- two'
    """
    return "\n".join(f"{'  ' * (one.depth - 1)}{one.mark}{one.text}" for one in stanzas(text))
