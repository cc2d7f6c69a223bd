"""Problems in groups: none is lost, and those of one sentence stand together."""

from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.tracker.causes import Problem, by_cause, cause_of, say_group

problems = st.lists(
    st.builds(
        Problem,
        st.sampled_from(["Open", "Closed"]),
        st.sampled_from(["A1", "A2", "B3"]),
        st.sampled_from(["ref", "due_on"]),
        st.sampled_from(
            ["no '1'", "no '2'", "R1 is due on 3 May 2023", "R22 is due on 4 May 2024"]
        ),
    )
)


@given(problems)
def test_each_problem_is_in_one_group_with_all_of_its_sentence(told: list[Problem]) -> None:
    groups = by_cause(told)
    assert sorted(one for group in groups for one in group) == sorted(told)
    places: dict[tuple[str, ...], int] = {}
    for number, group in enumerate(groups):
        assert len({(one.sheet, one.field, cause_of(one.why)) for one in group}) == 1
        for one in group:
            assert places.setdefault((one.sheet, one.field, one.why), number) == number


def test_many_sentences_of_one_cause_become_one_line() -> None:
    told = [
        Problem("Sheet", f"D{n}", "due_on", f"R{n} is due on {n} May 2023") for n in range(1, 20)
    ]
    [group] = by_cause(told)
    assert say_group(group) == (
        "Sheet!D1, D2 and D3, first of 19: R1 is due on 1 May 2023 (and 18 more of this kind)"
    )


def test_few_sentences_of_one_cause_stand_for_themselves_and_name_each_cell() -> None:
    told = [
        Problem("Sheet", f"{column}{n}", "due_on", f"R{n} is due on {n} May 2023")
        for n in (1, 2, 3)
        for column in "DEF"
    ]
    assert [say_group(group) for group in by_cause(told)] == [
        f"Sheet!D{n}, E{n} and F{n}: R{n} is due on {n} May 2023" for n in (1, 2, 3)
    ]
    assert cause_of("R1 is due on 4 May 2023; see 'R1'") == " is due on    see 'R1'"


def test_different_texts_are_different_causes() -> None:
    told = [Problem("Sheet", f"D{n}", "due_on", f"'Q{n}' is not a date") for n in range(1, 20)]
    assert len(by_cause(told)) == 19
