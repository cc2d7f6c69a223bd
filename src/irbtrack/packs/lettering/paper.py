"""The sizes of the pages of a pack."""

from typing import NamedTuple

LANDSCAPE = "landscape"


class Paper(NamedTuple):
    """How wide and how high a page is, in points."""

    width: float
    height: float

    @property
    def landscape(self) -> "Paper":
        """Return the same page with its longer side across."""
        return Paper(max(self), min(self))


PAPERS = {"A4": Paper(595.28, 841.89), "A3": Paper(841.89, 1190.55), "Letter": Paper(612, 792)}


def paper_of(page: str) -> Paper:
    """Return the size that a pack's look names.

    >>> paper_of("A4 landscape")
    Paper(width=841.89, height=595.28)
    """
    name, *turned = page.split()
    return PAPERS[name].landscape if turned == [LANDSCAPE] else PAPERS[name]
