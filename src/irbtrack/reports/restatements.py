"""What differs from a snapshot: restatements, and the entries that caused them."""

from collections import Counter
from datetime import date
from typing import Any

from irbtrack.domain.answers import Block, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.errors import listed

COMPARE_COLUMNS = (
    Column("noun"),
    Column("ref", "Ref", Kind.CODE),
    Column("field", "What", Kind.CODE),
    Column("before", "Before"),
    Column("after", "After"),
    Column("entries", "Entries"),
)


def comparison_blocks(first: Snapshot, second: Snapshot | None, table: Table) -> tuple[Block, ...]:
    """Return a comparison for people: how much differs, and the table of it."""
    counts = Counter(noun for noun, _ in {(row[0], row[1]) for row in table.rows})
    what = (
        f"from the snapshot of {say_date(first.as_of)} to that of {say_date(second.as_of)}"
        if second
        else f"from what was published for {say_date(first.as_of)}"
    )
    if not counts:
        return (f"Nothing differs {what}.",)
    counted = [f"{counts[noun]} {noun}{'s' * (counts[noun] > 1)}" for noun in sorted(counts)]
    verb = "differs" if counts.total() == 1 else "differ"
    told = [
        (noun, ref, field, *(_say_value(field, value) for value in values), causes)
        for noun, ref, field, *values, causes in table.rows
    ]
    return (
        f"{listed(counted, 'and')} {verb} {what}; 'irbtrack history REF' shows the entries.",
        Table(table.columns, told).shown(),
    )


def _say_value(field: str, value: Any) -> Any:
    if value is None:
        return {"status": "not counted", "title": "not there"}.get(field)
    return say_date(value) if isinstance(value, date) else value
