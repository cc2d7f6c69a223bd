"""What people typed as HTML: text that is escaped, and Markdown's paragraphs, lists and links."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from irbtrack.errors import printable
from irbtrack.packs.marked_text import Run, Stanza, stanzas


def as_text(text: str) -> str:
    r"""Return a text as HTML, for an element or an attribute in double quotes; lines stay lines.

    Characters that don't print are made visible.

    >>> as_text("<b>\x00")
    '&lt;b&gt;\\x00'
    """
    return escape("\n".join(map(printable, text.split("\n"))))


def as_lines(text: str) -> str:
    r"""Return a text as HTML with its line ends.

    >>> as_lines("one\n& two")
    'one<br>&amp; two'
    """
    return as_text(text).replace("\n", "<br>")


def as_paragraphs(text: str) -> str:
    """Return a text in Markdown as HTML.

    >>> as_paragraphs("All *done*")
    '<p dir="auto">All <em>done</em></p>'
    """
    return "".join(_paragraphs(stanzas(text), 0))


def _paragraphs(found: Iterable[Stanza], depth: int) -> Iterator[str]:
    """Yield paragraphs, with lists of what is deeper than ``depth``."""
    for deeper, group in groupby(found, lambda stanza: stanza.depth > depth):
        if deeper:
            yield from _lists(group, depth + 1)
        else:
            yield from (f'<p dir="auto">{_runs(stanza.runs)}</p>' for stanza in group)


def _lists(found: Iterable[Stanza], depth: int) -> Iterator[str]:
    items = list[list[Stanza]]()
    for stanza in found:
        if stanza.depth == depth or not items:
            items.append([stanza])
        else:
            items[-1].append(stanza)
    for numbered, group in groupby(items, lambda item: item[0].number is not None):
        alike = list(group)
        yield f'<ol start="{alike[0][0].number}">' if numbered else "<ul>"
        for item in alike:
            yield f'<li dir="auto">{"".join(_item(item, depth))}</li>'
        yield "</ol>" if numbered else "</ul>"


def _item(item: Sequence[Stanza], depth: int) -> Iterator[str]:
    own = item[0].depth == depth
    if own:
        yield f"<p>{_runs(item[0].runs)}</p>"
    yield from _paragraphs(item[1:] if own else item, depth)


def _runs(runs: Iterable[Run]) -> str:
    parts = list[str]()
    for address, group in groupby(runs, lambda run: run.address):
        words = "".join(map(_run, group))
        parts.append(_link(address, words) if address else words)
    return "".join(parts)


def _link(address: str, words: str) -> str:
    return f'<a href="{as_text(address)}" rel="noopener noreferrer">{words}</a>'


def _run(run: Run) -> str:
    words = as_lines(run.text)
    if run.italic:
        words = f"<em>{words}</em>"
    return f"<strong>{words}</strong>" if run.bold else words
