"""Charts as SVG: what is in them can be read, none of it overlaps, and nothing gets through."""

import re
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irbtrack.domain.answers import Table
from irbtrack.domain.dates import say_date_briefly
from irbtrack.packs.document import Chart, ChartKind, Grid, Series
from irbtrack.packs.drawing.charts import bridge_bars, chart_svg, spread, ticks
from irbtrack.packs.drawing.plain_svg import plain_svg
from irbtrack.packs.lettering.letter_widths import width_of

SVG = "{http://www.w3.org/2000/svg}"

NASTY = ('<a href="http://x">link</a>', r"\(x^2\)", "R&D 'quoted' \"twice\"", "&lt;b&gt;")


def chart(kind: ChartKind, labels: tuple[str, ...], *series: Series) -> Chart:
    return Chart(kind, "A chart", "What it shows", labels, series, Grid(Table((), [])))


class Placed(NamedTuple):
    """A text of a drawing, with the room it takes."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def texts_of(svg: str) -> list[Placed]:
    found = []
    for one in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        text, size = one.text or "", float(one.attrib["font-size"])
        width = width_of(text, size, bold=one.get("font-weight") == "bold")
        left = float(one.attrib["x"]) - width * {"middle": 0.5, "end": 1}.get(
            one.get("text-anchor", "start"), 0
        )
        middle = float(one.attrib["y"]) - 0.36 * size
        found.append(Placed(text, left, left + width, middle - 0.45 * size, middle + 0.45 * size))
    return found


def check(svg: str) -> list[str]:
    """Check that no text is on another or off the page, and return them."""
    page = ElementTree.fromstring(svg)
    height = float(page.attrib["height"])
    placed = texts_of(svg)
    for one in placed:
        assert one.left >= -1, one
        assert one.right <= 961, one
        assert one.top >= 0, one
        assert one.bottom <= height, one
    for one, other in combinations(placed, 2):
        apart = (
            one.right <= other.left + 0.5
            or other.right <= one.left + 0.5
            or one.bottom <= other.top + 0.5
            or other.bottom <= one.top + 0.5
        )
        assert apart, (one, other)
    return [one.text for one in placed]


names = st.one_of(
    st.sampled_from([*NASTY, "Finance and Commercial", "מנהל כספים", "المالية", "🙂 Joy"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=70),
)
values = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 3000))


@st.composite
def stacks(draw: st.DrawFn) -> Chart:
    labels = draw(st.lists(names, min_size=1, max_size=20))
    row = st.lists(values, min_size=len(labels), max_size=len(labels))
    series = [Series(name, tuple(draw(row))) for name in ("High", "Medium", "Low")]
    return chart(ChartKind.STACKED, tuple(labels), *series)


@given(stacks())
@settings(max_examples=10)
def test_bars_can_be_read(drawn: Chart) -> None:
    texts = check(chart_svg(drawn))
    totals = [sum(numbers) for numbers in zip(*(one.values for one in drawn.series), strict=True)]
    for total in totals:
        assert texts.count(str(total)) >= totals.count(total)
    assert [text for text in texts if text in ("High", "Medium", "Low")] == [
        "High",
        "Medium",
        "Low",
    ]


@given(st.integers(1, 40), st.data())
@settings(max_examples=10)
def test_lines_can_be_read(count: int, data: st.DataObject) -> None:
    days = [date(2021, 1, 31) + timedelta(days=30 * n) for n in range(count)]
    row = st.lists(values, min_size=count, max_size=count)
    series = [Series(name, tuple(data.draw(row))) for name in ("Overdue", "Complete")]
    drawn = chart(ChartKind.LINES, tuple(map(say_date_briefly, days)), *series)
    texts = check(chart_svg(drawn))
    for one in series:
        assert f"{one.name} {one.values[-1]}" in texts
        assert count == 1 or str(one.values[0]) in texts
    assert "0" in texts


@given(st.integers(0, 2000), st.lists(st.integers(-30, 60), max_size=7))
@settings(max_examples=10)
def test_a_bridge_can_be_read(opening: int, steps: list[int]) -> None:
    words = (
        "Raised",
        "Newly overdue",
        "Completed",
        "Re-dated",
        "Regraded in",
        "Closed",
        "Moved in",
    )
    labels = ("Opening", *words[: len(steps)], "Closing")
    figures = (opening, *steps, opening + sum(steps))
    drawn = chart(ChartKind.BRIDGE, labels, Series("Overdue", figures))
    texts = check(chart_svg(drawn))
    assert [text for text in texts if text == "Overdue"] == ["Overdue"]
    for number in (str(opening), *(f"{step:+}" for step in steps)):
        assert number in texts


def test_a_step_is_better_or_worse_by_its_figure() -> None:
    labels, figures = ("Opening", "Completed", "Reopened", "Closing"), (10, -3, 1, 8)
    meanings = {
        name: [
            (bar.begin, bar.end, bar.meaning)
            for bar in bridge_bars(chart(ChartKind.BRIDGE, labels, Series(name, figures)))
        ]
        for name in ("Overdue", "Complete", "Not Due")
    }
    assert meanings["Overdue"] == [
        (0, 10, "Overdue"), (10, 7, "Better"), (7, 8, "Worse"), (0, 8, "Overdue"),
    ]  # fmt: skip
    assert [meaning for _, _, meaning in meanings["Complete"]][1:3] == ["Worse", "Better"]
    assert [meaning for _, _, meaning in meanings["Not Due"]][1:3] == ["Change", "Change"]


def test_a_chart_is_the_same_each_time_and_holds_nothing_but_shapes() -> None:
    days = ("30 Sep 2023", "31 Oct 2023")
    for drawn in (
        chart(ChartKind.STACKED, NASTY, Series("High <b>", (1, 2, 3, 0))),
        chart(ChartKind.LINES, days, Series("Overdue", (1, 2)), Series("<i>", (0, 0))),
        chart(ChartKind.BRIDGE, ("Opening", "<b>", "Closing"), Series("Overdue", (5, 1, 6))),
    ):
        svg = chart_svg(drawn)
        assert svg == chart_svg(drawn)
        page = ElementTree.fromstring(svg)
        kinds = {one.tag.removeprefix(SVG) for one in page.iter()}
        assert kinds <= {"svg", "rect", "path", "line", "circle", "text"}
        told = {name for one in page.iter() for name in one.attrib}
        assert not told & {"id", "class", "style", "href", "title", "onload", "clip-path"}
        assert page.attrib["viewBox"] == f"0 0 960 {page.attrib['height']}"
        assert page.attrib["font-family"].startswith("Open Sans")


def test_what_people_typed_is_text() -> None:
    svg = chart_svg(chart(ChartKind.STACKED, NASTY, Series("High", (1, 2, 3, 0))))
    texts = [one.text for one in texts_of(svg)]
    assert {name for name in NASTY if name in texts} == set(NASTY)


def test_a_chart_that_fails_is_no_picture_of_an_error() -> None:
    wrong = '<svg xmlns="http://www.w3.org/2000/svg"><text x="0">Exception: no data</text></svg>'
    with pytest.raises(ValueError, match=r"^Exception: no data$"):
        plain_svg(wrong)


def test_a_segment_has_its_number_only_where_it_fits() -> None:
    svg = chart_svg(chart(ChartKind.STACKED, ("A",), Series("High", (1,)), Series("Low", (900,))))
    texts = [one.text for one in texts_of(svg)]
    assert "900" in texts
    assert "1" not in texts
    assert "901" in texts


def test_names_that_would_be_shortened_alike_are_told_apart() -> None:
    places = [f"The directorate of every kind of thing that is done in area {n}" for n in range(30)]
    svg = chart_svg(chart(ChartKind.STACKED, tuple(places), Series("High", tuple(range(30)))))
    whole = " ".join(one.text for one in texts_of(svg))
    assert [n for n in range(30) if not re.search(rf"area {n}\b", whole)] == []


@given(st.integers(0, 10**6))
def test_an_axis_reaches_its_top_in_a_few_steps(top: int) -> None:
    marks = ticks(top)
    assert marks[0] == 0
    assert marks[-2] < max(top, 1) <= marks[-1]
    assert 2 <= len(marks) <= 6


@given(st.lists(st.integers(0, 100), max_size=8), st.floats(0.1, 20))
def test_what_is_spread_is_apart_and_in_order(numbers: list[int], least: float) -> None:
    places = spread(numbers, least)
    assert all(place >= number for place, number in zip(places, numbers, strict=True))
    assert all(abs(a - b) >= least * 0.999 for a, b in combinations(places, 2))
    by_value = sorted(range(len(numbers)), key=lambda n: numbers[n])
    assert [places[n] for n in by_value] == sorted(places)


def test_series_whose_names_are_shortened_alike_stay_apart() -> None:
    series = [
        Series("The same long name of a priority that somebody chose", (5,)) for _ in range(5)
    ]
    svg = chart_svg(chart(ChartKind.STACKED, ("A",), *series))
    assert len([text for text in check(svg) if text.startswith("The same")]) == 5
    fills = {one.get("fill") for one in ElementTree.fromstring(svg).iter(f"{SVG}rect")}
    assert len(fills) == 6  # and the page
