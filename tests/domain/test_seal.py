"""The text of a seal: what is written is read back, and nothing else is taken for one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.seal import Seal, Signature, read_seal, seal_text
from irbtrack.errors import Refused

digits = st.text("0123456789abcdef", min_size=64, max_size=64)
seals = st.builds(
    Seal,
    council=st.sampled_from(["Example Council", "Cyngor – Môn", "Entry: 7", "A: B"]),
    entry=st.integers(1, 10**9),
    recorded_at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    digest=digits,
    signature=st.none()
    | st.builds(Signature, digits, st.builds(lambda a, b: a + b, digits, digits)),
)


@given(seals)
def test_what_is_written_is_read_back(seal: Seal) -> None:
    assert read_seal(seal_text(seal), "it") == seal


@given(seals)
def test_other_programs_may_have_changed_ends_of_lines(seal: Seal) -> None:
    text = "\ufeff\r\n" + seal_text(seal).replace("\n", "  \r\n") + "\r\n"
    assert read_seal(text, "it") == seal


@given(seals, st.data())
def test_one_character_that_is_changed_makes_another_seal_or_none(
    seal: Seal, data: st.DataObject
) -> None:
    text = seal_text(seal).rstrip("\n")
    place = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from(["", "0", "f", "x", ":", "é"]).filter(text[place].__ne__))
    try:
        found = read_seal(text[:place] + put + text[place + 1 :], "it")
    except Refused:
        return
    assert found != seal


@pytest.mark.parametrize(
    "text",
    ["", "irbtrack seal 1", "irbtrack seal 2\n", "x" * 99_999, "\0", "[1, 2]"],
    ids=lambda text: text[:12],
)
def test_what_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="it is not a seal as 'irbtrack db seal' writes it"):
        read_seal(text, "it")


def test_moments_that_no_clock_has_are_refused() -> None:
    text = seal_text(Seal("C", 1, datetime(2023, 1, 1, tzinfo=UTC), "0" * 64))
    for moment in ("2023-13-01T00:00:00.000000+00:00", "soon", "2023-01-01T01:00:00.000000+01:00"):
        with pytest.raises(Refused):
            read_seal(text.replace("2023-01-01T00:00:00.000000+00:00", moment), "it")
