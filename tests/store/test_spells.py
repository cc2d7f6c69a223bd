"""The spells of a register, swept once, give what counting each day gives."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import RAISED, RECORDED, another, days, entry, registers

from irbtrack.domain.figures.selection import GROUPS
from irbtrack.domain.figures.series import listed_series, series
from irbtrack.domain.journal import Change, Entry
from irbtrack.store.counting import counts_as_of
from irbtrack.store.reading import reading
from irbtrack.store.spells import listed_spells_between, spells_between
from irbtrack.store.write import writing


def audited(ref: str, on: date, **fields: object) -> Change:
    given = {"name": ref, "year": "22/23", "status": "Draft", "source": "Internal Audit"}
    return Change("audit", ref, on, given | fields)


AUDITS = entry(
    audited("2223-A01", RAISED),
    Change("audit", "2223-A01", RAISED + timedelta(days=15), {"source": "Peer Review"}),
    audited("2223-A02", RAISED + timedelta(days=20), source="Inspection"),
)
"""One review that is another's from a day on, and one that was entered late."""


def of_one_year(register: list[Entry]) -> list[Entry]:
    """The same register with all actions in 22/23, which is the year of their audits."""
    return [
        one._replace(
            changes=tuple(
                change._replace(fields=change.fields | {"year": "22/23"})
                if "year" in change.fields
                else change
                for change in one.changes
            )
        )
        for one in register
    ]


@given(
    registers().map(of_one_year),
    st.lists(days, min_size=1, max_size=8, unique=True).map(sorted),
    st.sampled_from([None, *GROUPS]),
    st.none() | st.integers(-1, 5).map(lambda n: RECORDED + timedelta(minutes=n)),
    st.booleans(),
)
def test_a_sweep_gives_what_counting_each_day_gives(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    register: list[Entry],
    points: list[date],
    by: str | None,
    known_at: datetime | None,
    original: bool,
) -> None:
    database = another(migrated, tmp_path_factory)
    with writing(database) as journal:
        journal.record(*register, AUDITS._replace(recorded_at=register[-1].recorded_at))
    asked = {"by": by, "known_at": known_at, "original": original}
    with reading(database) as reader:
        alone = [counts_as_of(reader, day, **asked) for day in points]
        swept = series(spells_between(reader, points[0], points[-1], **asked), points)
        spells = listed_spells_between(reader, points[0], points[-1], **asked)
    assert swept == alone
    listed = listed_series(spells, points)
    assert [Counter({b: len(refs) for b, refs in of.items()}) for of in listed] == alone


def test_no_other_group_is_taken(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        reading(another(migrated, tmp_path_factory)) as reader,
        pytest.raises(ValueError, match="no tally by title"),
    ):
        spells_between(reader, RAISED, RAISED, by="title")
