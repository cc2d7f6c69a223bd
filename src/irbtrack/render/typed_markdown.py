"""What people typed as Markdown, rendered for the terminal; importing Rich's takes a while."""

from collections.abc import Iterable

from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markdown import Markdown
from rich.segment import Segment
from rich.text import Text

from irbtrack.render.markdown_parser import DEEPEST, PARSER


class _Typed(Markdown):
    """Markdown without the empty line that Rich begins with where the text begins with a list."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__("", hyperlinks=False)
        self.parsed = tokens

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        segments = iter(super().__rich_console__(console, options))
        first = next(segments, None)
        if first is not None and first != Segment.line():
            yield first
        yield from segments


def rendered(text: str) -> RenderableType:
    """Return a text with its Markdown rendered: its lines are kept, a link shows its address.

    Unprintable characters must have been made visible before.
    """
    parsed = PARSER.parse(text)
    tokens = list(_flat(parsed))
    if any(token.level > DEEPEST for token in tokens):
        return Text(text)
    for token in tokens:
        if token.type == "softbreak":
            token.type = "hardbreak"
    return _Typed(parsed)


def _flat(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()
