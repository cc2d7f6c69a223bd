"""The plan on a page as shapes: each mark once, no text on another, nothing off the page."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from irbtrack.domain.answers import Mark, Table, Timeline
from irbtrack.domain.figures.plan_on_a_page import month_from
from irbtrack.domain.nouns.rating import Rag
from irbtrack.packs.document import Drawing, Grid
from irbtrack.packs.drawing.palette import INK, RAG, contrast
from irbtrack.packs.drawing.plan_drawing import (
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
    told: dict[str, Any] = {"first": FIRST, "until": UNTIL, "today": DAY, "table": Table((), [])}
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
    for _ in range(draw(st.integers(1, 5))):
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
@settings(max_examples=25)
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
@settings(max_examples=25)
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


def outlined(plan: PlanLayout, colour: str) -> list[PlanBox | PlanDiamond]:
    """The marks with an outline of a colour, without the signs of the legend."""
    shapes = [one for one in plan.shapes if isinstance(one, PlanBox | PlanDiamond)]
    legend = next(one.y for one in texts(plan) if one.text == "Milestone")
    return [one for one in shapes if one.outline == colour and one.y < legend - 8]


def test_late_marks_have_an_outline() -> None:
    on = date(2023, 9, 29)
    bar = Mark("Bar", FIRST, on, on, "R", late=True)
    plan = laid_out(timeline((0, "Row", (point("On time", on), point("Late", on, late=True), bar))))
    assert {type(one) for one in outlined(plan, INK)} == {PlanBox, PlanDiamond}
    assert len(outlined(plan, INK)) == 2


def test_a_point_that_moved_has_a_line_from_where_it_was_first_planned() -> None:
    moved = point("Moved", date(2023, 9, 1), date(2023, 6, 1), rag="G")
    plan = laid_out(timeline((0, "Row", (moved, point("Kept", date(2023, 9, 1))))))
    legend = next(one.y for one in texts(plan) if one.text == "Milestone")
    (dashed,) = (
        one
        for one in plan.shapes
        if isinstance(one, PlanLine) and one.dashed and one.y < legend - 8
    )
    (end,) = (
        one for one in plan.shapes
        if isinstance(one, PlanDiamond) and one.fill == RAG[Rag.GREEN][0] and one.y < legend - 8
    )  # fmt: skip
    assert (dashed.x + dashed.right, dashed.y) == (end.x, end.y)


def test_a_bar_is_pale_from_where_it_was_first_planned_to_end() -> None:
    start, planned, end = date(2023, 5, 1), date(2023, 8, 1), date(2023, 10, 1)
    plan = laid_out(timeline((0, "Row", (Mark("Bar", start, planned, end, "R"),))))
    bars = [one for one in plan.shapes if isinstance(one, PlanBox)][:2]
    full, pale = bars
    assert (full.fill, full.x + full.width) == (RAG[Rag.RED][0], pale.x)
    assert contrast(pale.fill or "", INK) >= 4.5
    assert round(full.width / pale.width, 2) == round((planned - start) / (end - planned), 2)


def test_each_rating_has_its_letter_on_the_mark() -> None:
    marks = tuple(point(f"Mark {rag}", date(2023, 3, 1), rag=rag) for rag in "RAGC")
    plan = laid_out(timeline((0, "Row", marks)))
    for rag in "RAGC":
        diamonds = [
            o for o in plan.shapes if isinstance(o, PlanDiamond) and o.fill == RAG[Rag(rag)][0]
        ]
        letters = [one for one in texts(plan) if one.text == rag]
        assert [(one.x, one.y) for one in diamonds] == [(one.x, one.y) for one in letters]
        assert len(letters) == 2  # on the mark and in the legend


def test_what_is_earlier_is_counted_and_not_drawn() -> None:
    early = tuple(point(f"Early {n}", date(2022, 12, n + 1)) for n in range(2))
    late = point("Overdue (late, 1 Dec 2022)", date(2022, 12, 1), late=True)
    words = [one.text for one in texts(laid_out(timeline((0, "Row", (*early, late)))))]
    assert "2 milestones before February 2023 not drawn" in words
    assert late.text in words
    assert "Early 1" not in words


def test_a_long_text_is_shortened_and_keeps_its_remarks() -> None:
    mark = point("A very long title " * 10 + "(+20d, late)", date(2023, 9, 1), late=True)
    (words,) = (t.text for t in texts(laid_out(timeline((0, "R", (mark,))))) if "very" in t.text)
    assert words.endswith("… (+20d, late)")


def test_a_plan_is_drawn_as_it_is_laid_out_whatever_people_typed() -> None:
    titles = ('<script>alert("x")</script>', "R&D", "עברית", "\x1b[31m\u202e")
    plan = timeline((0, "<b>", tuple(point(title, date(2023, 9, 1)) for title in titles)))
    svg = plan_svg(Drawing("Plan", "says", plan, Grid(plan.table)))
    page = ElementTree.fromstring(svg)
    drawn = [one.text for one in page.iter("{http://www.w3.org/2000/svg}text")]
    assert drawn == [one.text for one in texts(laid_out(plan))]
    assert {'<script>alert("x")</script>', "R&D", "עברית", "\\x1b[31m\\u202e"} <= set(drawn)
    assert len(page) == len(laid_out(plan).shapes) + 1
    assert svg == plan_svg(Drawing("Plan", "says", plan, Grid(plan.table)))


def test_an_empty_plan_has_its_legend() -> None:
    plan = laid_out(timeline())
    assert "First planned" in [one.text for one in texts(plan)]


@given(days, days, st.integers(0, 300), st.sampled_from("RAGC"))
def test_the_letter_of_a_bar_contrasts_with_what_it_stands_on(
    end: date, planned: date, length: int, rag: str
) -> None:
    mark = Mark("#1", end - timedelta(days=length), planned, end, rag)
    plan = laid_out(timeline((0, "Row", (mark,)), first=date(2022, 9, 1), until=date(2024, 10, 1)))
    title = next(one.y for one in texts(plan) if one.text == "#1")
    letter = next(one for one in texts(plan) if one.text == rag and one.y == title)
    left, right, _, _ = edges(letter)
    below = [
        one for one in plan.shapes
        if isinstance(one, PlanBox) and one.y < title < one.y + one.height
        and one.x < right and left < one.x + one.width
    ]  # fmt: skip
    assert len(below) == 1
    assert contrast(below[0].fill or "", letter.colour) >= 4.5
