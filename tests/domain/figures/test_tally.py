"""The tallies: figures that foot, shares, and what is said of overdue."""

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.figures.tally import (
    TALLIED,
    TOTALS,
    Bucket,
    Counts,
    Figure,
    percent,
    read_tallied,
    say_overdue,
    say_shares,
    tally,
    unfooted,
    unsummed,
)
from irbtrack.domain.nouns.council import PRIORITIES, column_name
from irbtrack.domain.nouns.status import COUNTED, Status
from irbtrack.errors import Misused

DAY = date(2023, 10, 31)
SINCE = date(2023, 10, 3)

cells = st.builds(
    Bucket,
    st.sampled_from(["21/22", "22/23", "23/24"]),
    st.none() | st.sampled_from(["finance", "housing", "place"]),
    st.sampled_from(Status),
    st.sampled_from(PRIORITIES),
)
arbitrary_counts = st.dictionaries(cells, st.integers(0, 500)).map(Counter)


def figure(status: str, total: int, *by_priority: int, percent: int = 0) -> Figure:
    """A figure of 22/23."""
    return Figure("22/23", None, status, total, by_priority, percent)


def counted(*cells: tuple[str, str | None, Status, str, int]) -> Counter[Bucket]:
    """Counts, from year, group, status, priority and number."""
    return Counter({Bucket(*cell): n for *cell, n in cells})


@given(arbitrary_counts)
def test_the_figures_of_any_counts_foot(counts: Counts) -> None:
    assert unfooted(tally(counts, PRIORITIES, DAY).figures) == []


@given(arbitrary_counts)
def test_every_group_has_the_four_statuses_and_then_totals(counts: Counts) -> None:
    made = tally(counts, PRIORITIES, DAY)
    names = [*(status.value for status in COUNTED), TOTALS]
    for year in made.years:
        for group in made.groups(year):
            assert [f.status for f in made.group(year, group)] == names
    assert len(made.figures) == 5 * sum(len(made.groups(year)) for year in made.years)


@given(arbitrary_counts)
def test_each_figure_is_the_sum_of_its_cells(counts: Counts) -> None:
    made = tally(counts, PRIORITIES, DAY)
    for f in made.figures:
        by_priority = tuple(
            sum(
                n
                for cell, n in counts.items()
                if (cell.year, cell.group, cell.priority) == (f.year, f.group, priority)
                and cell.status is not Status.CLOSED
                and f.status in (TOTALS, cell.status.value)
            )
            for priority in PRIORITIES
        )
        assert (f.by_priority, f.total) == (by_priority, sum(by_priority))


def without_groups(counts: Counts) -> Counter[Bucket]:
    whole: Counter[Bucket] = Counter()
    for cell, n in counts.items():
        whole[cell._replace(group=None)] += n
    return whole


@given(arbitrary_counts)
def test_the_groups_of_a_year_sum_to_the_year(counts: Counts) -> None:
    grouped = tally(counts, PRIORITIES, DAY)
    whole = tally(without_groups(counts), PRIORITIES, DAY)
    assert unsummed(grouped, whole) == []
    assert grouped.years == whole.years
    for year in whole.years:
        for f in whole.group(year):
            parts = [grouped.figure(year, f.status, group) for group in grouped.groups(year)]
            assert sum(part.total for part in parts) == f.total


@given(arbitrary_counts)
def test_what_is_closed_is_never_counted(counts: Counts) -> None:
    open_ones = {cell: n for cell, n in counts.items() if cell.status is not Status.CLOSED}
    assert tally(counts, PRIORITIES, DAY) == tally(open_ones, PRIORITIES, DAY)
    assert Status.CLOSED.value not in {f.status for f in tally(counts, PRIORITIES, DAY).figures}


@given(arbitrary_counts)
def test_every_share_is_of_the_whole_year(counts: Counts) -> None:
    made = tally(counts, PRIORITIES, DAY)
    for f in made.figures:
        of_year = sum(g.total for g in made.figures if (g.year, g.status) == (f.year, TOTALS))
        assert f.percent == percent(f.total, of_year)


def test_a_year_in_which_everything_is_closed_is_not_there() -> None:
    made = tally(counted(("22/23", None, Status.CLOSED, "High", 3)), PRIORITIES, DAY)
    assert (made.as_of, made.years, made.figures) == (DAY, [], ())


def test_a_year_without_actions_has_five_figures_of_nothing() -> None:
    made = tally({}, PRIORITIES, DAY)
    assert [(f.status, f.total, f.by_priority, f.percent) for f in made.group("22/23")] == [
        (status, 0, (0, 0, 0), 0)
        for status in ("Not Due", "Overdue", "Complete", "Not Allocated", "Totals")
    ]
    assert made.figure("22/23", TOTALS).total == 0


def test_years_and_groups_come_in_order_and_nobody_comes_last() -> None:
    made = tally(
        counted(
            ("23/24", "place", Status.OVERDUE, "High", 1),
            ("22/23", None, Status.OVERDUE, "High", 1),
            ("22/23", "place", Status.OVERDUE, "High", 1),
            ("22/23", "finance", Status.OVERDUE, "High", 1),
            ("22/23", "housing", Status.OVERDUE, "High", 1),
        ),
        PRIORITIES,
        DAY,
        order=("place",),
    )
    assert made.years == ["22/23", "23/24"]
    assert made.groups("22/23") == ["place", "finance", "housing", None]


def test_priorities_as_groups_come_in_the_order_of_the_scale() -> None:
    counts = counted(*(("22/23", p, Status.OVERDUE, p, 1) for p in ("Low", "High", "Medium")))
    made = tally(counts, PRIORITIES, DAY, order=PRIORITIES)
    assert made.groups("22/23") == ["High", "Medium", "Low"]


def test_a_priority_that_is_off_the_scale_is_in_the_totals_and_does_not_foot() -> None:
    counts = counted(
        ("22/23", "finance", Status.OVERDUE, "High", 2),
        ("22/23", "finance", Status.OVERDUE, "Critical", 1),
    )
    made = tally(counts, PRIORITIES, DAY)
    assert made.figure("22/23", "Overdue", "finance").total == 3
    assert unfooted(made.figures) == [
        "22/23 finance: Overdue is 3, but its priorities sum to 2",
        "22/23 finance: Totals is 3, but its priorities sum to 2",
    ]


BOARD = tally(
    counted(
        ("22/23", None, Status.OVERDUE, "High", 18),
        ("22/23", None, Status.OVERDUE, "Medium", 27),
        ("22/23", None, Status.COMPLETE, "Low", 26),
    ),
    PRIORITIES,
    DAY,
)


def _altered(status: str, **changes: object) -> list[Figure]:
    return [f._replace(**changes) if f.status == status else f for f in BOARD.figures]


def test_an_altered_total_does_not_foot() -> None:
    assert unfooted(_altered(TOTALS, total=72, by_priority=(19, 27, 26))) == [
        "22/23: the statuses do not sum to the totals"
    ]


def test_an_altered_column_of_the_totals_does_not_foot() -> None:
    assert unfooted(_altered(TOTALS, by_priority=(19, 26, 26))) == [
        "22/23: the statuses do not sum to the totals"
    ]


def test_an_altered_status_does_not_foot() -> None:
    assert unfooted(_altered("Overdue", total=46)) == [
        "22/23: Overdue is 46, but its priorities sum to 45",
        "22/23: the statuses do not sum to the totals",
    ]


@given(st.sampled_from(range(5)), st.sampled_from(range(3)), st.integers(1, 9))
def test_any_single_cell_altered_does_not_foot(row: int, column: int, by: int) -> None:
    figures = list(BOARD.figures)
    by_priority = list(figures[row].by_priority)
    by_priority[column] += by
    figures[row] = figures[row]._replace(by_priority=tuple(by_priority))
    assert unfooted(figures) != []


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (59, 225, 26),
        (97, 225, 43),
        (1, 8, 13),
        (1, 200, 1),
        (1, 201, 0),
        (199, 200, 100),
        (0, 7, 0),
        (7, 7, 100),
        (0, 0, 0),
    ],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, expected: int) -> None:
    assert percent(part, whole) == expected


@given(st.integers(1, 10**7), st.data())
def test_a_share_is_rounded_as_decimal_arithmetic_does(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    exact = Decimal(100 * part) / Decimal(whole)
    assert percent(part, whole) == exact.quantize(Decimal(1), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("priority", "name"),
    [("High", "high"), ("Very High", "very_high"), ("Non-critical", "non_critical")],
)
def test_a_priority_makes_the_name_of_a_field(priority: str, name: str) -> None:
    assert column_name(priority) == name


def test_groups_that_do_not_sum_to_their_year_are_found() -> None:
    counts = counted(("22/23", "finance", Status.OVERDUE, "High", 2))
    whole = tally(without_groups(counts), PRIORITIES, DAY)
    grouped = tally(counted(("22/23", "finance", Status.OVERDUE, "High", 1)), PRIORITIES, DAY)
    assert unsummed(grouped, whole) == [
        "22/23: Overdue is 2, but the groups sum to 1",
        "22/23: Totals is 2, but the groups sum to 1",
    ]


def test_what_the_net_figure_hides_is_said() -> None:
    now, then = figure("Overdue", 59, 18, 27, 14), figure("Overdue", 60, 18, 30, 12)
    assert say_overdue(now, then, SINCE, PRIORITIES) == (
        "Overdue fell by 1, from 60 to 59, since 3 October 2023; within it, Low rose by 2"
        " (12 to 14)."
    )


@pytest.mark.parametrize(
    ("now", "then", "sentence"),
    [
        (
            (89, 3, 53, 33),
            (98, 9, 55, 34),
            "Overdue fell by 9, from 98 to 89, since 3 October 2023.",
        ),
        ((6, 1, 3, 2), (5, 1, 3, 1), "Overdue rose by 1, from 5 to 6, since 3 October 2023."),
        ((8, 1, 5, 2), (5, 1, 3, 1), "Overdue rose by 3, from 5 to 8, since 3 October 2023."),
        ((5, 1, 3, 1), (5, 1, 3, 1), "Overdue is unchanged at 5 since 3 October 2023."),
        (
            (5, 2, 2, 1),
            (5, 1, 3, 1),
            "Overdue is unchanged at 5 since 3 October 2023; within it, High rose by 1 (1 to 2)"
            " and Medium fell by 1 (3 to 2).",
        ),
        (
            (8, 0, 6, 2),
            (5, 1, 3, 1),
            "Overdue rose by 3, from 5 to 8, since 3 October 2023; within it, High fell by 1"
            " (1 to 0).",
        ),
    ],
)
def test_which_way_overdue_went_is_said(
    now: tuple[int, ...], then: tuple[int, ...], sentence: str
) -> None:
    assert say_overdue(figure("Overdue", *now), figure("Overdue", *then), SINCE, PRIORITIES) == (
        sentence
    )


triples = st.tuples(*[st.integers(0, 50)] * 3)


@given(triples, triples)
def test_something_is_hidden_if_and_only_if_a_priority_went_another_way(
    now: tuple[int, ...], then: tuple[int, ...]
) -> None:
    said = say_overdue(
        figure("Overdue", sum(now), *now), figure("Overdue", sum(then), *then), SINCE, PRIORITIES
    )
    change = sum(now) - sum(then)
    moves = [a - b for a, b in zip(now, then, strict=True)]
    contrary = [m for m in moves if m and (change == 0 or (m > 0) != (change > 0))]
    assert ("within it" in said) == bool(contrary)
    assert said.count("(") == len(contrary)


def test_a_year_is_said_with_the_share_of_each_status() -> None:
    figures = (
        figure("Not Due", 69, 15, 40, 14, percent=31),
        figure("Overdue", 59, 18, 27, 14, percent=26),
        figure("Complete", 97, 21, 50, 26, percent=43),
        figure("Not Allocated", 0, 0, 0, 0),
        figure(TOTALS, 225, 54, 117, 54, percent=100),
    )
    assert say_shares(figures) == (
        "22/23 has 225 actions: 69 not due (31%); 59 overdue (26%); 97 complete (43%);"
        " 0 not allocated (0%)."
    )


def test_a_year_of_one_action_or_none_is_said_in_the_singular_or_plainly() -> None:
    one = tally(counted(("22/23", None, Status.OVERDUE, "High", 1)), PRIORITIES, DAY)
    assert say_shares(one.group("22/23")) == (
        "22/23 has 1 action: 0 not due (0%); 1 overdue (100%); 0 complete (0%);"
        " 0 not allocated (0%)."
    )
    assert say_shares(one.group("19/20")) == "19/20 has no actions."


def test_the_statuses_of_a_tally_are_read_in_the_order_of_the_report() -> None:
    assert read_tallied(["complete, over", "complete"]) == ("Overdue", "Complete")
    assert read_tallied(["all"]) == TALLIED
    assert read_tallied([]) == ()
    with pytest.raises(Misused) as refused:
        read_tallied(["done"])
    assert str(refused.value).startswith("'done' is not a status; it is one of Not Due, ")
    assert str(refused.value).endswith(" or all")
