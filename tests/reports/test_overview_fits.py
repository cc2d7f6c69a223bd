"""The overview on a page of 120 columns, however much is late and however long it's called."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import direction, milestone

from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.domain.nouns.rating import Rag
from irbtrack.render.cell_text import text_width
from irbtrack.render.plain import to_plain
from irbtrack.reports.direction import Compared
from irbtrack.reports.overview import (
    Fact,
    by_rag,
    gone_stale,
    last_snapshot,
    late,
    moved,
    overdue_table,
    standing_table,
)

DAY, SINCE = date(2024, 10, 31), date(2024, 10, 3)


def test_five_are_named_and_a_command_lists_all() -> None:
    many = [milestone(f"M{n:03}", forecast_on=SINCE) for n in range(26)]
    milestones, directions = late(many, [], DAY)
    assert milestones.says == (
        "26 milestones (M000, M001, M002, M003, M004, ...): 'irbtrack milestone list --late'"
    )
    assert len(milestones.refs) == 26
    assert directions.says == "0 directions"
    assert late(many[:5], [], DAY)[0].says == "5 milestones (M000, M001, M002, M003, M004)"


def test_what_does_not_fit_in_a_line_has_one_for_each() -> None:
    facts = [Fact("late", "milestone", 1, says="m" * 60), Fact("late", None, 1, says="d" * 60)]
    assert standing_table({"Late": facts, "Moved": []}).rows == [
        ("Late", "m" * 60 + "\n" + "d" * 60),
        ("Moved", "none"),
    ]


REFS = st.text("ABCDE-0123456789", min_size=1, max_size=40)
TITLES = st.text("ab 汉é", min_size=1, max_size=300).filter(str.strip)


@given(st.lists(REFS, max_size=40, unique=True), TITLES, TITLES, TITLES)
def test_no_line_is_wider_than_the_page(
    refs: list[str], council: str, high: str, label: str
) -> None:
    directions = [direction(ref, target_on=SINCE, rag=Rag.AMBER) for ref in refs]
    then = {ref: direction(ref, rag=Rag.GREEN) for ref in refs}
    taken_at = datetime(2024, 10, 4, tzinfo=UTC)
    taken = Snapshot(1, 1, SINCE, label, taken_at, "ed-finance", None, "0" * 64, replaced=False)
    told = {
        "Past their date": late(
            [milestone(ref, forecast_on=SINCE) for ref in refs], directions, DAY
        ),
        "Directions": by_rag(directions),
        "Moved": moved(directions, Compared(SINCE, then)),
        "No commentary for 35 days": gone_stale(directions, {ref: [] for ref in refs}, DAY),
        "Last snapshot": last_snapshot([taken], DAY),
    }
    counted = [Fact("overdue", "22/23", 59, -1, 18, -2)]
    blocks = [overdue_table(counted, high, f"{council} as of today"), standing_table(told)]
    assert max(map(text_width, to_plain(blocks).splitlines())) <= 120
