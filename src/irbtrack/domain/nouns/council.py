"""The council whose register this is, and its ordered scales."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Self

from irbtrack.domain.record import Contradiction, Others, Record, Version
from irbtrack.domain.words import counted, read_title
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
"""Assurance opinions, worst to best, until the council sets its own."""

SOURCES = ("Internal Audit", "External Audit", "Peer Review", "Inspection")
"""Who reviews, until the council sets its own list."""


class Council(Record):
    """The council whose register this is, and its ordered scales."""

    NOUN: ClassVar[str] = "council"

    ref: str = "council"
    name: str
    priorities: tuple[str, ...] = PRIORITIES
    classifications: tuple[str, ...] = CLASSIFICATIONS
    sources: tuple[str, ...] = SOURCES

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield what the scales cannot be without, because records were graded by it."""
        del since
        for field, noun, graded in (
            ("priorities", "action", "priority"),
            ("classifications", "audit", "classification"),
        ):
            for value, refs in _graded(others(noun), graded).items():
                if value not in getattr(self, field):
                    yield Contradiction(
                        field,
                        f"{quoted(value)} is the {graded} of {counted(len(refs), noun)}, such as"
                        f" {refs[0]}; keep it on the scale",
                    )
        if before is not None and _shifted(before.priorities, self.priorities):
            found = [
                ref for ref, of in others("audit").items() if any(v.record.findings for v in of)
            ]
            if found:
                yield Contradiction(
                    "priorities",
                    f"{counted(len(found), 'audit')} has findings counted by the scale as it was,"
                    f" such as {found[0]}; keep its priorities in their places",
                )


def _graded(told: Mapping[str, Sequence[Version[Any]]], field: str) -> dict[str, list[str]]:
    """Return the references of the records that ever had each grade."""
    found: dict[str, list[str]] = {}
    for ref, versions in told.items():
        for value in dict.fromkeys(getattr(version.record, field) for version in versions):
            if value is not None:
                found.setdefault(value, []).append(ref)
    return found


def _shifted(before: Sequence[str], now: Sequence[str]) -> bool:
    """Return whether a number counted by the old scale would be of another grade on the new."""
    return len(before) != len(now) or (set(before) == set(now) and before != now)


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
    *("classification", "directorate", "audit", "owner", "priority", "source", "findings"),
}
"""The fields that stand beside the priorities in an answer's data."""


def read_list(option: str, text: str) -> tuple[str, ...]:
    """Return the names of a list, parted by commas. Raises :class:`Misused` if two are alike."""
    names = tuple(read_title(option, one) for one in text.split(","))
    if len({one.casefold() for one in names}) < len(names):
        raise Misused(f"{option} {quoted(text)} names one twice; give each name once")
    return names


def read_offered(text: str, offered: Sequence[str]) -> str:
    """Return a text as a list spells it, whatever its case, or as it stands if it isn't there.

    >>> read_offered("peer review", SOURCES), read_offered("Ofsted", SOURCES)
    ('Peer Review', 'Ofsted')
    """
    return next((one for one in offered if one.casefold() == text.casefold()), text)


def read_scale(option: str, text: str) -> tuple[str, ...]:
    """Return the names of an ordered scale, parted by commas.

    Raises :class:`Misused` if there are fewer than two, if two are alike, or if one would name
    a column that answers have already.
    """
    scale = tuple(read_title(option, one) for one in text.split(","))
    if len(scale) < 2 or len({column_name(one) for one in scale}) < len(scale):
        raise Misused(f"{option} {quoted(text)} is not a scale; give two or more different names")
    for one in scale:
        if column_name(one) in RESERVED:
            raise Misused(f"{option} cannot have {quoted(one)}, which names another column")
    return scale


def column_name(priority: str) -> str:
    """Return a priority as the name of a field.

    >>> column_name("Very High")
    'very_high'
    """
    return "_".join(priority.lower().replace("-", " ").split())
