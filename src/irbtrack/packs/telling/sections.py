"""The sections of a board pack, in the order of the report.

Each is a function of a :class:`Board`, which yields blocks. A section that has nothing to tell
yields none.
"""

from collections.abc import Callable, Iterator, Mapping

from irbtrack.packs.document import PackBlock
from irbtrack.packs.telling import annex, audit_actions, improvement
from irbtrack.packs.telling.board import Board

Teller = Callable[[Board], Iterator[PackBlock]]

SECTIONS: Mapping[str, tuple[str, Teller]] = {
    "headline": ("Headline commentary", improvement.headline),
    "directions": ("Directions progress summary", improvement.directions),
    "plan": ("The plan on a page", improvement.plan),
    "exceptions": ("Reporting by exception", improvement.exceptions),
    "forward": ("The month ahead", improvement.forward),
    "narrative": ("Internal audit actions", audit_actions.narrative),
    "audit-plan": ("The internal audit plan", audit_actions.audit_plan),
    "tallies": ("Internal audit actions by status", audit_actions.tallies),
    "directorates": ("Internal audit actions by directorate", audit_actions.directorates),
    "over-time": ("Internal audit actions over time", audit_actions.over_time),
    "progress": ("Progress and next steps", improvement.progress),
    "themes": ("Themes", improvement.themes),
    "annex": ("Annex", annex.annex),
}
"""Every section after the cover, by its name in ``pack.toml``, with its usual title."""
