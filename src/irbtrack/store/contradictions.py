"""What no write may leave behind, on whatever day: records that contradict one another.

A rule that is asked of a change alone sees only the day it takes effect. What is recorded
late, or taken back, can make a contradiction of what was recorded before it; so these rules
are asked of all versions once they are brought up to date, and the write is undone.
"""

from collections.abc import Iterable

from irbtrack.domain.dates import FOREVER, say_date
from irbtrack.domain.journal import version_on
from irbtrack.domain.nouns.milestone import Milestone, refuse_if_backwards
from irbtrack.domain.nouns.workstream import Workstream, refuse_if_circular
from irbtrack.errors import Refused
from irbtrack.store.database import Reader
from irbtrack.store.gather import history, versions_by


def refuse_contradictions(reader: Reader, noun: str, refs: Iterable[str]) -> None:
    """Raise :class:`Refused` if the versions of what was written cannot be.

    A milestone never ends before it starts, and a workstream is never within itself.
    """
    if noun == Milestone.NOUN:
        for ref in refs:
            for version in history(reader, Milestone, ref):
                record = version.record
                try:
                    refuse_if_backwards(record.title, record.starts_on, record.forecast_on)
                except Refused as refusal:
                    raise Refused(f"from {say_date(version.valid_from)} on, {refusal}") from None
    if noun == Workstream.NOUN:
        told = versions_by(reader, Workstream, FOREVER)
        for day in {version.valid_from for versions in told.values() for version in versions}:
            refuse_if_circular(
                {ref: version_on(vs, day) or vs[0].record for ref, vs in told.items()}
            )
