"""The lists of references behind the figures of a page. Figures with the same list share it."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from irbtrack.packs.document import BoardPack, Heading, Prose, Refs
from irbtrack.packs.page.hypertext import as_text

LISTS = "The lists behind the figures"


class FigurePlace(NamedTuple):
    """Where a figure stands: the title of its table or paragraph, and which figure it is."""

    title: str
    figure: str

    def __str__(self) -> str:
        """Return both as one phrase."""
        return f"{self.title}: {self.figure}"


class FigureList(NamedTuple):
    """A list of references, its number on the page, and where the figures are that it explains."""

    number: int
    refs: Refs
    places: list[FigurePlace]


class FigureLists:
    """The lists behind a pack's figures, by the references that they hold.

    It is false if no figure has a list.
    """

    def __init__(self, pack: BoardPack) -> None:
        self._found: dict[frozenset[str], FigureList] = {}
        # A list is named after its first place, and a cell has a clearer name than a sentence.
        for refs, place in (*_cells(pack), *_numbers(pack)):
            if refs:
                new = FigureList(len(self._found) + 1, refs, [])
                self._found.setdefault(frozenset(refs), new).places.append(place)

    def __bool__(self) -> bool:
        return bool(self._found)

    def linked(self, figure: str, refs: Refs | None) -> str:
        """Return a figure as a link to the list behind it, or as it is if there is none."""
        if not refs:
            return figure
        number = self._found[frozenset(refs)].number
        return f'<a class="figure" href="#list-{number}">{figure}</a>'

    def written(self) -> Iterator[str]:
        """Yield the lists as a section, by the tables that their figures are in."""
        if not self._found:
            return
        yield '<section class="lists" id="lists" aria-labelledby="lists-title">'
        yield f'<h2 id="lists-title">{LISTS}</h2>'
        yield (
            "<p>Each underlined figure of this document leads to its list: the references of all"
            " that it counts. A list that is behind several figures stands here once.</p>"
        )
        for title, group in groupby(self._found.values(), lambda behind: behind.places[0].title):
            yield f'<h3 dir="auto">{as_text(title)}</h3>'
            yield '<div class="group">'
            for behind in group:
                yield from _written(behind)
            yield "</div>"
        yield "</section>"


def _cells(pack: BoardPack) -> Iterator[tuple[Refs, FigurePlace]]:
    for grid in pack.grids():
        for place, refs in grid.lists.items():
            yield refs, FigurePlace(grid.table.title, grid.about(*place))


def _numbers(pack: BoardPack) -> Iterator[tuple[Refs, FigurePlace]]:
    for section in pack.sections:
        title = section.title
        for block in section.blocks:
            if isinstance(block, Heading):
                title = block.text
            elif isinstance(block, Prose):
                for sentence in block.sentences:
                    for number in sentence.numbers:
                        place = FigurePlace(title, f"{number} in “{sentence.text}”")
                        yield number.refs or (), place


def _written(behind: FigureList) -> Iterator[str]:
    first, *others = behind.places
    summary = as_text(f"{first.figure} ({len(behind.refs)})")
    # A browser opens details if a link leads to something inside them.
    yield f'<details><summary dir="auto">{summary}</summary>'
    yield f'<div id="list-{behind.number}" data-name="{as_text(str(first))}">'
    yield f'<ul class="refs">{"".join(f"<li>{as_text(ref)}</li>" for ref in behind.refs)}</ul>'
    if others:
        names = "; ".join(map(str, dict.fromkeys(others)))
        yield f'<p class="also" dir="auto">The same list is behind {as_text(names)}</p>'
    yield "</div></details>"
