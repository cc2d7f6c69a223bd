"""Which sections of a document have pages that are turned, with the longer side across."""

from irbtrack.packs.document import Drawing, Grid, PackSection
from irbtrack.packs.lettering.column_widths import column_widths

CROWDED = 7
"""The columns up to which a table is never turned with its page."""

HIGH = 2.0
"""The lines that an ordinary row has at most in a table of more columns, or its page is turned."""


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
