"""The council whose register this is, and its ordered scales."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from irbtrack.domain.record import Contradiction, Others, Record
from irbtrack.domain.words import read_title
from irbtrack.errors import Misused, listed, quoted

PRIORITIES = ("High", "Medium", "Low")

CLASSIFICATIONS = (
    "Poor Progress",
    "Little Progress",
    "Minimal Assurance",
    "Partial Assurance",
    "Reasonable Progress",
    "Reasonable Assurance",
    "Good Progress",
    "Substantial Assurance",
)
"""Assurance opinions, worst to best, until the council sets its own at ``init``."""


@dataclass(frozen=True, kw_only=True)
class Council(Record):
    """The council whose register this is, and its ordered scales."""

    NOUN: ClassVar[str] = "council"

    ref: str = "council"
    name: str
    priorities: tuple[str, ...] = PRIORITIES
    classifications: tuple[str, ...] = CLASSIFICATIONS


def scale_of(others: Others) -> Council:
    """Return the council as it is now, with its scales; the default ones before there is one."""
    for versions in others(Council.NOUN).values():
        newest: Council = versions[-1].record
        return newest
    return Council(name="The council")


def off_scale(
    ref: str, field: str, what: str, value: str | None, scale: Sequence[str]
) -> Iterator[Contradiction]:
    """Yield a contradiction if a value is not on the council's scale."""
    if value is not None and value not in scale:
        yield Contradiction(
            field,
            f"{ref} has {what} that is not on the council's scale, {quoted(value)}; it is one of"
            f" {listed(scale)}",
        )


RESERVED = {
    *("as_of", "year", "status", "total", "percent", "ref", "quarter", "name"),
    *("classification", "directorate", "audit", "owner", "priority"),
}
"""The fields that stand beside the priorities in an answer's data."""


def read_scale(option: str, text: str) -> tuple[str, ...]:
    """The names of an ordered scale, parted by commas: at least two, no two alike."""
    scale = tuple(read_title(option, one) for one in text.split(","))
    if len(scale) < 2 or len({column_name(one) for one in scale}) < len(scale):
        raise Misused(f"{option} {quoted(text)} is not a scale; give two or more different names")
    for one in scale:
        if column_name(one) in RESERVED:
            raise Misused(f"{option} cannot have {quoted(one)}, which names another column")
    return scale


def column_name(priority: str) -> str:
    """A priority as the name of a field.

    >>> column_name("Very High")
    'very_high'
    """
    return "_".join(priority.lower().replace("-", " ").split())
