"""References of new records."""

import pytest

from irbtrack.register.references import next_ref


@pytest.mark.parametrize(
    ("taken", "following"),
    [
        ([], "2324-001"),
        (["2324-001"], "2324-002"),
        (["2324-017", "2324-009"], "2324-018"),
        (["2324-999"], "2324-1000"),
        (["2223-044"], "2324-001"),
        (["2324-A02", "2324-", "2324-01b", "2324-5"], "2324-006"),
    ],
)
def test_the_next_reference_follows_the_highest_one_taken(taken: list[str], following: str) -> None:
    assert next_ref("2324-", taken) == following
    assert following not in taken


def test_the_next_reference_has_at_least_so_many_digits() -> None:
    assert next_ref("2324-A", ["2324-A09", "2324-017"], digits=2) == "2324-A10"
