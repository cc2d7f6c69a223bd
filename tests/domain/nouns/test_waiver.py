"""Waivers: which checks can be switched off, for what, and until when."""

from datetime import date, timedelta

from shared.strategies import found_wrong

from irbtrack.domain.checks import CHECKS, Severity
from irbtrack.domain.dates import FOREVER
from irbtrack.domain.nouns.waiver import WAIVABLE, Waiver, waived_by, waivers_in_force
from irbtrack.domain.record import Version
from irbtrack.errors import listed

DAY, LATER = date(2023, 10, 31), date(2023, 11, 30)


def test_a_waiver_is_for_a_record_or_for_all_until_it_is_dropped() -> None:
    one = Waiver(ref="W1", check_name="no-email", about="ED-finance", why="Shared mailbox")
    everyone = Waiver(ref="W2", check_name="no-email", why="No e-mail yet")
    gone = Waiver(ref="W3", check_name="no-evidence", why="Elsewhere", dropped_on=DAY)
    assert waived_by([everyone, one], "no-email", "ed-finance") == one
    assert waived_by([everyone, one], "no-email", "hs-finance") == everyone
    assert waived_by([one], "no-email", "hs-finance") is None
    assert waived_by([everyone], "no-evidence", "x") is None
    assert waivers_in_force([gone, everyone, one], DAY) == [one, everyone]
    assert waivers_in_force([gone], DAY - timedelta(days=1)) == [gone]


def test_an_error_is_never_switched_off() -> None:
    errors = {check.name for check in CHECKS if check.severity is Severity.ERROR}
    assert errors.isdisjoint(WAIVABLE)
    for name in errors:
        assert found_wrong(Waiver(ref="W1", check_name=name, why="No")) == [
            (
                "check_name",
                f"{name} cannot be switched off, because nothing can be relied on while it finds"
                " something; do what it says",
            )
        ]


def test_only_a_check_is_switched_off() -> None:
    assert found_wrong(Waiver(ref="W1", check_name=WAIVABLE[0], why="No")) == []
    assert found_wrong(Waiver(ref="W1", check_name="no-such-check", why="No")) == [
        (
            "check_name",
            "'no-such-check' is not a check that can be switched off; it is one of"
            f" {listed(WAIVABLE)}",
        )
    ]


def test_a_waiver_is_not_dropped_on_a_day_to_come() -> None:
    dropped = Waiver(ref="W1", check_name="no-email", why="No", dropped_on=LATER)
    assert found_wrong(dropped, LATER) == []
    assert found_wrong(dropped, DAY) == [
        (
            "dropped_on",
            "W1 is dropped on 30 November 2023, and cannot be so from 31 October 2023 on, which is"
            " earlier; give an earlier day",
        )
    ]


def clashes(*waivers: tuple[str, date, date], about: str | None = None) -> list[tuple[str, ...]]:
    """What cannot be among waivers of one check, each held from a day to another."""
    told: dict[str, list[Version[Waiver]]] = {}
    for ref, since, until in waivers:
        one = Waiver(ref=ref, check_name="no-email", about=about, why="No")
        told.setdefault(ref, []).append(Version(one, since, until))
    return [(one.ref, one.field, str(one)) for one in Waiver.contradictions_among(told)]


def test_a_check_is_switched_off_once_for_a_record_or_for_all() -> None:
    ends = "already; 'irbtrack waiver drop"
    assert clashes(("W1", DAY, FOREVER), ("W2", LATER, FOREVER)) == [
        ("W1", "check_name", f"W2 has switched no-email off {ends} W2' ends that"),
        ("W2", "check_name", f"W1 has switched no-email off {ends} W1' ends that"),
    ]
    [(_, _, sentence), _] = clashes(("W1", DAY, LATER), ("W2", DAY, LATER), about="ed-finance")
    assert sentence == f"W2 has switched no-email off for ed-finance {ends} W2' ends that"
    assert clashes(("W1", DAY, LATER), ("W2", LATER, FOREVER)) == []
    assert clashes(("W1", DAY, LATER), ("W1", DAY, LATER)) == []
