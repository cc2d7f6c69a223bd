"""The plan on a page as it is drawn: every mark with its text, whatever the width."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.answers import Mark, Table, Timeline
from irbtrack.domain.dates import MONTHS
from irbtrack.domain.figures.plan_on_a_page import month_from
from irbtrack.errors import printable
from irbtrack.render.cell_text import text_width
from irbtrack.render.timeline import BAR, HEADER, PLANNED, POINT, SLIP, TODAY, Stretch, drawn

FIRST, UNTIL, DAY = date(2023, 7, 1), date(2024, 3, 1), date(2023, 10, 31)

Row = tuple[int, str, tuple[Mark, ...]]


def timeline(*rows: Row, **others: Any) -> Timeline:
    given_ = {"first": FIRST, "until": UNTIL, "today": DAY, "table": Table((), [])}
    return Timeline(rows=rows, **given_ | others)


def point(text: str, on: date | None, planned: date | None = None, rag: str | None = None) -> Mark:
    return Mark(text, None, planned or on, on, rag)


def bar(text: str, start: date, end: date, planned: date | None = None, rag: str = "G") -> Mark:
    return Mark(text, start, planned or end, end, rag)


def joined(lines: list[list[Stretch]]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lines]


def drawing(plan: Timeline, width: int) -> str:
    """The lines of a plan, as they are put out."""
    return "\n".join(joined(drawn(plan, width)))


PLAN = timeline(
    (0, "Recovery Plan", ()),
    (
        1,
        "Finance",
        (
            point("Budget set (+14d)", date(2024, 1, 21), date(2024, 1, 7), rag="G"),
            bar("Savings workshops", FIRST, date(2023, 9, 30), rag="C"),
            bar(
                "Accounts closed (+92d)",
                date(2023, 8, 1),
                date(2023, 12, 31),
                planned=date(2023, 9, 30),
                rag="R",
            ),
            point("Deep dives (no date)", None, rag="A"),
        ),
    ),
    (
        1,
        "Scrutiny and Governance",
        (
            point("Panels reshaped", date(2023, 5, 25), rag="C"),
            point("Peer review", date(2024, 12, 31)),
        ),
    ),
    (2, "Training", ()),
    (0, "People Plan", (point("Chief officers in post (late)", date(2023, 10, 15), rag="A"),)),
)

AT_80 = """\
               2023                                        2024
               Jul    Aug    Sep     Oct    Nov    Dec     Jan    Feb     later
Recovery Plan
Finance                                   Budget set (+14d) ◇┄┄┄◆G
               ━━━━━━━━━━━━━━━━━━━━━━━C Savings workshops
                      ━━━━━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄R
                      Accounts closed (+92d)
               A Deep dives (no date)       │
Scrutiny and                                │                 Peer review ◆
Governance                                  │
  Training

People Plan                             ◆A Chief officers in post (late)

1 milestone before July 2023 not drawn; --from shows earlier months
◆ milestone, ━ start to end, ◇ first planned, ┄ moved; R red, A amber, G green,
C complete; │ 31 October 2023"""

AT_120 = """\
                      2023                                                               2024
                      Jul        Aug        Sep        Oct        Nov        Dec         Jan        Feb        later
Recovery Plan
Finance               ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━C Savings workshops                ◇┄┄┄┄◆G Budget set (+14d)
                                 ━━━━━━━━━━━━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄R Accounts closed (+92d)
                      A Deep dives (no date)                      │
Scrutiny and                                                      │                                Peer review ◆
Governance                                                        │
  Training

People Plan                                                 ◆A Chief officers in post (late)

1 milestone before July 2023 not drawn; --from shows earlier months
◆ milestone, ━ start to end, ◇ first planned, ┄ moved; R red, A amber, G green, C complete; │ 31 October 2023"""  # noqa: E501 - a page of 120 columns


@pytest.mark.parametrize(("width", "expected"), [(80, AT_80), (120, AT_120)])
def test_the_whole_plan_as_drawn(width: int, expected: str) -> None:
    assert drawing(PLAN, width) == expected


def cells(line: list[Stretch]) -> list[str]:
    """A line's characters by their column; a wide one has an empty one after it."""
    columns: list[str] = []
    for character in "".join(span.text for span in line):
        if text_width(character) == 0 and columns:
            columns[-1] += character
        else:
            columns += [character] + [""] * (text_width(character) - 1)
    return columns


def is_drawn(text: str, lines: list[list[Stretch]]) -> bool:
    """Whether a text is to be read on one line, or on several from the same column on."""
    rows = [cells(line) for line in lines]
    return any(
        _is_at(text, rows, n, column) for n, row in enumerate(rows) for column in range(len(row))
    )


def _is_at(text: str, rows: list[list[str]], n: int, column: int) -> bool:
    here = "".join(rows[n][column:]) if n < len(rows) else ""
    alike = next((k for k, (a, b) in enumerate(zip(here, text, strict=False)) if a != b), None)
    length = min(len(here), len(text)) if alike is None else alike
    if length == len(text):
        return True
    splits = " " in text[length - 1 : length + 1] or length >= 10
    return splits and length > 0 and _is_at(text[length:].lstrip(), rows, n + 1, column)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_every_text_of_the_plan_is_drawn_at_any_width(width: int) -> None:
    lines = drawn(PLAN, width)
    texts = [mark.text for _, _, marks in PLAN.rows for mark in marks]
    assert [text for text in texts if not is_drawn(text, lines)] == ["Panels reshaped"]
    for _, name, _ in PLAN.rows:
        assert is_drawn(name, lines)
    written = "\n".join(joined(lines))
    assert written.count(POINT) == 3 + 1  # one in the legend
    assert "not drawn" in written


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_of_the_plan_is_wider_than_the_page(width: int) -> None:
    assert max(map(text_width, joined(drawn(PLAN, width)))) <= width


words = st.text("abcdefghijkl mnopqrstuvwxyz", max_size=60).map(lambda t: " ".join(t.split()))
long_words = st.text("abcdefghij", min_size=30, max_size=290)
wide_words = st.text("予算 を決める éèß", max_size=40).map(lambda t: " ".join(t.split()))
steering = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)

near = st.dates(FIRST - timedelta(days=90), UNTIL + timedelta(days=90))
letters = st.none() | st.sampled_from("RAGC")


@st.composite
def marks(draw: st.DrawFn, texts: st.SearchStrategy[str], ends: Any) -> Mark:
    """A point or a bar, that slipped or not, near the months drawn."""
    end = draw(ends)
    start = end and draw(st.none() | st.dates(end - timedelta(days=200), end))
    planned = end and draw(st.just(end) | near)
    return Mark(draw(texts), start, planned, end, draw(letters))


@st.composite
def plans(draw: st.DrawFn, texts: st.SearchStrategy[str] = words, ends: Any = near) -> Timeline:
    """A plan of a few rows; each text begins with a number of its own."""
    rows, number = [], 0
    for n in range(draw(st.integers(1, 3))):
        own = []
        for mark in draw(st.lists(marks(texts, ends), max_size=5)):
            number += 1
            text = re.sub(" +", " ", f"m{number} {mark.text}").strip()
            own.append(mark._replace(text=text))
        depth = 0 if n == 0 else draw(st.integers(0, 3))
        rows.append((depth, draw(st.sampled_from(NAMES)), tuple(own)))
    return timeline(*rows, today=draw(near))


NAMES = ("Finance", "Scrutiny and Governance", "Information Technology", "HR", "Sign-off of plans")

widths = st.integers(40, 250)


def shown_marks(plan: Timeline) -> list[Mark]:
    """The marks that are not earlier than the months drawn."""
    every = [mark for _, _, of_row in plan.rows for mark in of_row]
    return [mark for mark in every if mark.ends_on is None or mark.ends_on >= plan.first]


undated = st.none() | near


@given(
    st.one_of(plans(texts, undated) for texts in (words, long_words, wide_words, steering)), widths
)
def test_every_mark_has_its_whole_text_in_the_drawing(plan: Timeline, width: int) -> None:
    lines = drawn(plan, width)
    for mark in shown_marks(plan):
        assert is_drawn(printable(mark.text), lines), mark.text


every_text = (words, long_words, wide_words, steering)


@given(st.one_of(plans(texts, undated) for texts in every_text), widths)
def test_no_line_is_wider_than_the_page(plan: Timeline, width: int) -> None:
    assert max(map(text_width, joined(drawn(plan, width)))) <= width


@given(plans(words, undated), widths)
def test_every_point_has_its_diamond_and_every_bar_its_line(plan: Timeline, width: int) -> None:
    chart = "\n".join(joined(drawn(plan, width)[HEADER:])).split(f"{POINT} milestone")[0]
    there = [mark for mark in shown_marks(plan) if mark.ends_on is not None]
    points = [mark for mark in there if mark.starts_on is None]
    assert chart.count(POINT) == len(points)
    assert chart.count(PLANNED) <= sum(mark.planned_on != mark.ends_on for mark in points)
    assert chart.count(BAR) + chart.count(SLIP) >= len(there) - len(points)


@given(plans(), widths)
def test_the_line_of_today_is_straight(plan: Timeline, width: int) -> None:
    lines = joined(drawn(plan, width)[HEADER:])
    legend = next(n for n, line in enumerate(lines) if line.startswith(f"{POINT} milestone"))
    columns = {line.index(TODAY) for line in lines[:legend] if TODAY in line}
    assert len(columns) <= 1
    assert all(line.count(TODAY) <= 1 for line in lines[:legend])
    assert plan.today >= plan.first or not columns


ABBREVIATED = [month[:3] for month in MONTHS]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 120), widths)
def test_months_that_do_not_fit_are_left_out_evenly(start: date, months: int, width: int) -> None:
    first = start.replace(day=1)
    plan = timeline((0, "Finance", ()), first=first, until=month_from(first, months), today=first)
    _, below = joined(drawn(plan, width))[:HEADER]
    shown = [ABBREVIATED.index(month) for month in below.split()]
    every = (shown[1] - shown[0]) % 12 or 12 if len(shown) > 1 else months
    assert shown == [(first.month - 1 + n) % 12 for n in range(0, months, every)]
    assert every in (1, 2, 3, 6, 12) or len(shown) == 1


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 60), widths)
def test_the_years_are_in_order_and_stand_apart(start: date, months: int, width: int) -> None:
    first = start.replace(day=1)
    until = month_from(first, months)
    plan = timeline((0, "Finance", ()), first=first, until=until, today=first)
    above = joined(drawn(plan, width))[0]
    years = [int(year) for year in above.split()]
    assert years[0] == first.year
    assert all(first.year <= year <= until.year for year in years)
    assert years == sorted(set(years))


def body(*rows: Row, width: int = 80, **others: Any) -> list[str]:
    """The lines between the months and the legend."""
    lines = joined(drawn(timeline(*rows, **others), width))[HEADER:]
    return lines[: lines.index("")] if "" in lines else lines


def column_of(character: str, line: str) -> int:
    assert line.count(character) == 1
    return text_width(line[: line.index(character)])


def test_the_line_of_today_stands_where_a_point_of_that_day_does() -> None:
    for day in (FIRST, DAY, UNTIL - timedelta(days=1)):
        first, second = body(
            (0, "HR", (point("a", day),)),
            (1, "IT", (point("b", FIRST if day > DAY else UNTIL - timedelta(days=1)),)),
            today=day,
        )
        assert column_of(POINT, first) == column_of(TODAY, second)
        assert TODAY not in first


def test_a_day_before_the_months_drawn_has_no_line() -> None:
    [line] = body((0, "HR", (point("a", DAY),)), today=FIRST - timedelta(days=1))
    assert TODAY not in line


def test_a_workstream_without_milestones_is_its_name_alone() -> None:
    assert body((0, "HR", ())) == ["HR"]


def test_workstreams_of_workstreams_are_indented_and_plans_stand_apart() -> None:
    rows = [(depth, name, ()) for depth, name in enumerate(("Plan", "HR", "Posts", "Pay"))]
    lines = joined(drawn(timeline(*rows, (0, "Another", ())), 80))[HEADER:]
    assert lines[:6] == ["Plan", "HR", "  Posts", "    Pay", "", "Another"]


def test_a_mark_without_a_date_stands_at_the_left() -> None:
    lines = body((0, "HR", (point("Pay (no date)", None, rag="A"), point("Posts (no date)", None))))
    assert [line.rstrip(f"{TODAY} ") for line in lines] == [
        "HR  A Pay (no date)",
        "    Posts (no date)",
    ]


def test_a_mark_that_is_over_is_counted_and_not_drawn() -> None:
    before, on = FIRST - timedelta(days=1), FIRST
    lines = joined(drawn(timeline((0, "HR", (point("Pay", before), point("Post", on)))), 80))
    assert not any("Pay" in line for line in lines)
    assert any("◆ Post" in line for line in lines)
    assert "1 milestone before July 2023 not drawn; --from shows earlier months" in lines
    lines = joined(drawn(timeline((0, "HR", (point("Pay", before), point("Post", before)))), 80))
    assert "2 milestones before July 2023 not drawn; --from shows earlier months" in lines


def test_a_mark_that_is_late_is_drawn_even_if_the_months_begin_after_it() -> None:
    late = point("Pay (late)", FIRST - timedelta(days=40), rag="R")._replace(late=True)
    [line] = body((0, "HR", (late,)))
    assert line.startswith("HR  ◆R Pay (late)")


def test_a_day_after_the_months_drawn_has_no_line() -> None:
    [line] = body((0, "HR", (point("a", DAY),)), today=UNTIL)
    assert TODAY not in line


def test_a_bar_that_began_before_the_months_drawn_begins_with_them() -> None:
    [line] = body((0, "HR", (bar("Pay", date(2022, 1, 1), date(2023, 9, 1)),)))
    assert line.startswith(f"HR  {BAR * 10}")
    assert "G Pay" in line


def test_what_ends_later_than_the_months_drawn_stands_under_later() -> None:
    lines = joined(drawn(timeline((0, "HR", (point("Pay", date(2030, 1, 1)),))), 80))
    assert lines[1].index("later") == column_of(POINT, lines[HEADER])
    assert "later" not in joined(drawn(timeline((0, "HR", (point("Pay", DAY),))), 80))[1]


def test_a_bar_shows_from_where_it_slipped_and_a_point_from_where_to_where() -> None:
    planned = date(2023, 9, 1)
    whole, slipped = body((0, "HR", (bar("Pay", FIRST, DAY), bar("Pay", FIRST, DAY, planned))))
    start, end = slipped.index(BAR), slipped.index("G")
    assert whole[start:end] == BAR * (end - start)
    before = slipped[start:end].index(SLIP)
    assert slipped[start:end] == BAR * before + SLIP * (end - start - before)
    [point_] = body((0, "HR", (point("Pay", DAY, planned, rag="A"),)))
    drawn_ = point_.split()[1]
    assert drawn_ == PLANNED + SLIP * (len(drawn_) - 3) + POINT + "A"


def test_wide_characters_take_two_columns_and_accents_none() -> None:
    wide = "予算を決める"
    accented = "Cafe\u0301s inspecte\u0301s"
    [first] = body((0, "HR", (point(wide, FIRST), point("b", date(2024, 2, 1)))), today=UNTIL)
    [plain] = body((0, "HR", (point("x" * 12, FIRST), point("b", date(2024, 2, 1)))), today=UNTIL)
    assert first.replace(wide, "x" * 12) == plain
    [first] = body((0, "HR", (point(accented, FIRST), point("b", date(2024, 2, 1)))), today=UNTIL)
    assert accented in first
    assert text_width(first) == text_width(plain)


def test_control_characters_are_made_visible() -> None:
    [line] = body((0, "HR\x1b]0;", (point("a\nb\x1b[31mc\u202e\t", FIRST),)))
    assert r"◆ a\nb\x1b[31mc\u202e\t" in line
    assert r"HR\x1b]0;" in line


def test_marks_that_are_in_one_anothers_way_take_another_line() -> None:
    same = [point(f"Budget {n}", DAY) for n in range(3)]
    lines = body((0, "HR", tuple(same)))
    assert [line.split(POINT)[1] for line in lines] == [" Budget 0", " Budget 1", " Budget 2"]
    apart = body((0, "HR", (point("a", FIRST), point("b", DAY), point("c", date(2024, 2, 1)))))
    assert len(apart) == 1


@given(plans(), widths)
def test_a_rating_is_drawn_in_its_style_and_its_letter(plan: Timeline, width: int) -> None:
    spans = [span for line in drawn(plan, width) for span in line]
    assert {span.style for span in spans} <= {"", "bold", "dim", *"RAGC"}
    for letter in "RAGC":
        of_letter = "".join(span.text for span in spans if span.style == letter)
        assert of_letter.count(letter) == sum(mark.rag == letter for mark in shown_marks(plan))
