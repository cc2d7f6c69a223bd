"""A waiver: that a check is switched off, for a record or for all, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import permutations
from typing import Any, ClassVar, Self

from irbtrack.domain.checks import BY_NAME, Severity
from irbtrack.domain.field import DROPPED, Field, Holds
from irbtrack.domain.record import Contradiction, Others, Record, Version, not_before
from irbtrack.domain.words import natural_order
from irbtrack.errors import listed, quoted

WAIVABLE = tuple(name for name, check in BY_NAME.items() if check.severity is not Severity.ERROR)
"""The checks that can be switched off."""

WAIVER = (
    Field("ref", "Ref", Holds.REF, ("reference", "id"), fixed=True, given=True),
    Field("check_name", "Check", Holds.CHOICE, ("check",), choices=WAIVABLE, needed=True, width=24),
    Field("about", "About", Holds.LINE, ("record",), width=22),
    Field("why", "Why", Holds.TEXT, needed=True, width=60),
    DROPPED,
)


class Waiver(Record):
    """That a check is switched off: for the record ``about``, or for all if that is None.

    ``why`` says why. It holds until it is dropped.
    """

    NOUN: ClassVar[str] = "waiver"
    ABOUT: ClassVar[str] = "the checks that are switched off"
    LABEL: ClassVar[str] = "check_name"
    FIELDS: ClassVar[tuple[Field, ...]] = WAIVER
    KEY: ClassVar[tuple[str, ...]] = ("check_name", "about")

    check_name: str
    about: str | None = None
    why: str
    dropped_on: date | None = None

    @classmethod
    def numbering(cls, fields: Mapping[str, Any]) -> tuple[str, int]:
        """Give waivers references in one row, as in ``W7``."""
        del fields
        return "W", 1

    @classmethod
    def listed(cls, records: Iterable[Any], day: date) -> list[Any]:
        """Return the waivers that hold on a day, by reference."""
        return waivers_in_force(records, day)

    def contradictions(
        self, since: date, before: Self | None, others: Others
    ) -> Iterator[Contradiction]:
        """Yield a check that can't be switched off, and a future day of dropping."""
        del before, others
        if self.check_name in BY_NAME and self.check_name not in WAIVABLE:
            yield Contradiction(
                "check_name",
                f"{self.check_name} cannot be switched off, because nothing can be relied on"
                " while it finds something; do what it says",
            )
        elif self.check_name not in WAIVABLE:
            yield Contradiction(
                "check_name",
                f"{quoted(self.check_name)} is not a check that can be switched off; it is one of"
                f" {listed(WAIVABLE)}",
            )
        yield from not_before("dropped_on", f"{self.ref} is dropped", self.dropped_on, since)

    @classmethod
    def contradictions_among(
        cls, told: Mapping[str, Sequence[Version[Any]]]
    ) -> Iterator[Contradiction]:
        """Yield a waiver for what another one has switched off on some of the same days."""
        alike: dict[tuple[str, str], list[Version[Any]]] = {}
        for versions in told.values():
            for version in versions:
                if version.record.dropped_on is None:
                    alike.setdefault(_aim(version.record), []).append(version)
        for holding in alike.values():
            for one, other in permutations(holding, 2):
                overlap = one.valid_from < other.valid_to and other.valid_from < one.valid_to
                if overlap and one.record.ref != other.record.ref:
                    where = f" for {other.record.about}" if other.record.about else ""
                    yield Contradiction(
                        "check_name",
                        f"{other.record.ref} has switched {other.record.check_name} off{where}"
                        f" already; 'irbtrack waiver drop {other.record.ref}' ends that",
                        one.record.ref,
                    )


def _aim(waiver: Waiver) -> tuple[str, str]:
    return waiver.check_name, (waiver.about or "").casefold()


def waivers_in_force(waivers: Iterable[Waiver], day: date) -> list[Waiver]:
    """Return the waivers that were not dropped by ``day``, by reference."""
    holding = [w for w in waivers if not (w.dropped_on and w.dropped_on <= day)]
    return sorted(holding, key=lambda w: natural_order(w.ref))


def waived_by(waivers: Iterable[Waiver], check: str, ref: str) -> Waiver | None:
    """Return the waiver by which a check is switched off for a record, or None.

    One for the record itself comes before one for all.
    """
    aims = [(check, ref.casefold()), (check, "")]
    fitting = [waiver for waiver in waivers if _aim(waiver) in aims]
    return min(fitting, key=lambda waiver: aims.index(_aim(waiver)), default=None)
