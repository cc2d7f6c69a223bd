"""Text on slides is cut between its lines, and nothing of it is lost."""

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from irbtrack.packs.lettering.line_breaks import line_size, line_starts
from irbtrack.packs.marked_text import Run
from irbtrack.packs.slides.slide_text import SlideParagraph, cut_at, height_of, marked, numbered

WORDS = st.text(st.sampled_from("abc iW  \n👩"), max_size=60)
RUNS = st.lists(st.builds(Run, WORDS.filter(bool), st.booleans()), min_size=1, max_size=4).map(
    tuple
)
PARAGRAPHS = st.lists(st.builds(SlideParagraph, RUNS, st.integers(0, 2)), max_size=4)


def letters_of(paragraphs: Iterable[SlideParagraph]) -> list[tuple[str, bool]]:
    """The letters, each with whether it is bold."""
    runs = [run for one in paragraphs for run in one.runs]
    return [(letter, run.bold) for run in runs for letter in run.text if letter != "\n"]


@given(WORDS, st.floats(2, 30))
def test_no_line_is_wider_than_its_box(text: str, width: float) -> None:
    starts = line_starts(text, width)
    lines = [text[begin:end] for begin, end in pairwise([*starts, len(text)])]
    assert "".join(lines) == text
    for line in lines:
        assert "\n" not in line[:-1]
        assert line_size(line.rstrip()) <= width + 1e-9


@given(PARAGRAPHS, st.floats(40, 300), st.floats(30, 300))
def test_what_is_cut_fits_and_is_whole(
    paragraphs: list[SlideParagraph], width: float, height: float
) -> None:
    before, after = cut_at(paragraphs, width, 10, height)
    assert height_of(before, width, 10) <= height + 10 * 0.45 + 1e-9
    assert letters_of([*before, *after]) == letters_of(paragraphs)


@given(PARAGRAPHS)
def test_there_is_always_something_that_fits_on_an_empty_slide(
    paragraphs: list[SlideParagraph],
) -> None:
    before, _ = cut_at(paragraphs, 60, 10, 60)
    assert bool(before) == bool(paragraphs)


def test_a_list_that_was_cut_goes_on_with_its_numbers() -> None:
    items = marked("1. one\n2. two\n3. three\n\nText\n\n1. other")
    assert [one.begun for one in numbered(items)] == [1, 1, 1, 1, 1]
    assert [one.begun for one in numbered(items[1:3])] == [2, 2]
    assert [one.number for one in items] == [1, 2, 3, None, 1]
