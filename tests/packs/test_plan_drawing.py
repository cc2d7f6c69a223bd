"""The plan on a page as shapes: each mark once, no text on another, nothing off the page."""

import pickle  # noqa: F401
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.answers import Mark, Table, Timeline
from irbtrack.domain.figures.plan_on_a_page import month_from
from irbtrack.packs.document import Drawing, Grid
from irbtrack.packs.palette import INK, RAG, contrast
from irbtrack.packs.plan_drawing import (
    PlanBox,
    PlanDiamond,
    PlanLayout,
    PlanLine,
    PlanText,
    laid_out,
    plan_svg,
)

FIRST, UNTIL, DAY = date(2023, 2, 1), date(2024, 3, 1), date(2023, 10, 31)

Row = tuple[int, str, tuple[Mark, ...]]


def timeline(*rows: Row, **others: Any) -> Timeline:
    told = {"first": FIRST, "until": UNTIL, "today": DAY, "table": Table((), [])}
    return Timeline(rows=rows, **told | others)


def point(text: str, on: date | None, planned: date | None = None, **others: Any) -> Mark:
    return Mark(text, None, planned or on, on, **{"rag": "A"} | others)


def texts(plan: PlanLayout) -> list[PlanText]:
    return [one for one in plan.shapes if isinstance(one, PlanText)]


def edges(one: PlanText) -> tuple[float, float, float, float]:
    """Where a text begins and ends, from left to right and from the top down."""
    left = one.x - one.width * {"start": 0, "middle": 0.5, "end": 1}[one.anchor]
    return left, left + one.width, one.y - 0.55 * one.size, one.y + 0.55 * one.size


days = st.dates(date(2022, 9, 1), date(2024, 9, 1))
titles = st.text("abcdefghij ÄŁ🙂א", min_size=1, max_size=80)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    rows, number = [], 0
    for n in range(draw(st.integers(1, 5))):
        marks = []
        for _ in range(draw(st.integers(0, 7))):
            number += 1
            end = draw(st.none() | days)
            start = draw(st.none() | days) if end else None
            marks.append(
                Mark(
                    f"#{number} {draw(titles)}{draw(st.sampled_from(['', ' (+20d)', ' (late)']))}",
                    min(start, end) if start and end else None,
                    draw(st.none() | days) if end else None,
                    end,
                    draw(st.sampled_from([None, *"RAGC"])),
                    draw(st.booleans()),
                )
            )
        rows.append((draw(st.integers(0, 3)), draw(titles), tuple(marks)))
    first = draw(st.dates(date(2022, 11, 1), date(2023, 6, 1))).replace(day=1)
    months = draw(st.integers(1, 40))
    return timeline(*rows, first=first, until=month_from(first, months))


@given(timelines())
def test_any_plan_can_be_read(drawn: Timeline) -> None:
    plan = laid_out(drawn)
    placed = [(one, *edges(one)) for one in texts(plan)]
    for one, left, right, top, bottom in placed:
        assert -0.01 <= left <= right <= plan.width + 0.01, one
        assert 0 <= top <= bottom <= plan.height, one
    for (one, left, right, top, bottom), (other, left_, right_, top_, bottom_) in combinations(
        placed, 2
    ):
        apart = right <= left_ or right_ <= left or bottom <= top_ or bottom_ <= top
        assert apart, (one, other)
    marks = [mark for _, _, of_row in drawn.rows for mark in of_row]
    shown = [m for m in marks if m.late or m.ends_on is None or m.ends_on >= drawn.first]
    numbers = [text.text.split()[0] for text in texts(plan) if text.text.startswith("#")]
    assert sorted(numbers) == sorted(mark.text.split()[0].split("…")[0] for mark in shown)


@given(timelines())
def test_shapes_stay_on_the_page_and_off_texts(drawn: Timeline) -> None:
    plan = laid_out(drawn)
    words = [one for one in texts(plan) if one.text.startswith("#")]
    for one in plan.shapes:
        if isinstance(one, PlanDiamond):
            left, right = one.x - one.half, one.x + one.half
            top, bottom = one.y - one.half, one.y + one.half
        elif isinstance(one, PlanBox | PlanLine):
            width, height = (
                (one.width, one.height) if isinstance(one, PlanBox) else (one.right, one.down)
            )
            left, right, top, bottom = one.x, one.x + width, one.y, one.y + height
        else:
            continue
        assert 0 <= left <= right <= plan.width, one
        assert 0 <= top <= bottom <= plan.height, one
        if isinstance(one, PlanDiamond):
            for text in words:
                begin, end, above, below = edges(text)
                assert right <= begin or end <= left or bottom <= above or below <= top
