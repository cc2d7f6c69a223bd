"""Which sections of a document have pages that are turned, with the longer side across."""

from irbtrack.packs.document import Drawing, Grid, PackSection
from irbtrack.packs.lettering.column_widths import column_widths

CROWDED = 7
"""A table of no more columns never has its page turned."""

HIGH = 2.0
"""The page of a table of more columns is turned if a typical row has more lines than this."""


def is_turned(section: PackSection, room: float, beside: float) -> bool:
    """Return whether something in a section needs more than ``room`` across.

    ``room`` and ``beside`` are those of :func:`column_widths`.
    """
    return any(
        isinstance(block, Drawing) or (isinstance(block, Grid) and _is_crowded(block, room, beside))
        for block in section.blocks
    )


def _is_crowded(grid: Grid, room: float, beside: float) -> bool:
    return len(grid.labels) > CROWDED and column_widths(grid, room, beside).lines > HIGH
