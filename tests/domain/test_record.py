"""What all records have: their fields, and what cannot be in the history of one."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

import pytest

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.field import Field, Holds
from irbtrack.domain.record import (
    Contradiction,
    Others,
    Record,
    Version,
    contradictions_in,
    different,
    differing,
    list_fields,
    not_before,
    references,
    refuse_if_dropped,
    settable_fields,
)
from irbtrack.errors import Refused

MAY, JUNE, JULY = date(2023, 5, 1), date(2023, 6, 1), date(2023, 7, 1)


def risks() -> Any:
    """A noun that a test makes: a risk, which may only grow, and may be shared by officers."""

    class Risk(Record):
        NOUN: ClassVar[str] = "risk"
        FIELDS: ClassVar[tuple[Field, ...]] = (
            Field("ref", "Ref", Holds.REF),
            Field("owner", "Owner", Holds.OFFICER),
            Field("audit", "Audit", Holds.AUDIT),
        )
        title: str
        size: int = 1
        owner: str | None = None
        shared_by: tuple[str, ...] = ()
        seen_by: tuple[str, ...] | None = None

        def contradictions(
            self, since: date, before: "Risk | None", others: Others
        ) -> Iterator[Contradiction]:
            assert since in (MAY, JUNE, JULY)
            if before is not None and self.size < before.size:
                yield Contradiction("size", f"{self.ref} shrinks")
            if self.title not in others("risk"):
                yield Contradiction("title", f"{self.ref} is called {self.title}")

    return Risk


def test_a_noun_takes_its_fields_from_its_annotations() -> None:
    risk = risks()
    assert list(risk.TYPES) == ["ref", "title", "size", "owner", "shared_by", "seen_by"]
    assert risk.NEEDED == ("ref", "title")
    assert vars(risk(ref="R1", title="Flood")) == {
        "ref": "R1", "title": "Flood", "size": 1, "owner": None, "shared_by": (), "seen_by": None
    }  # fmt: skip
    assert list_fields(risk) == {"shared_by", "seen_by"}
    assert settable_fields(risk) == {"title", "size", "owner", "shared_by", "seen_by"}
    assert references(risk) == {"owner": "officer"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ref": "R1"}, "title"),
        ({"title": "Flood"}, "ref"),
        ({"ref": "R1", "title": "Flood", "seize": 2}, "seize"),
        ({"seize": 2}, "ref, seize, title"),
    ],
)
def test_a_record_has_what_it_needs_and_nothing_unknown(fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(TypeError) as refused:
        risks()(**fields)
    assert str(refused.value) == f"Risk lacks or has no {wrong}"


def test_a_record_never_changes_and_is_the_same_as_its_like() -> None:
    risk = risks()
    one, alike = risk(ref="R1", title="Flood"), risk.of_values(["R1", "Flood", 1, None, (), None])
    assert one == alike
    assert hash(one) == hash(alike)
    assert one != risk(ref="R1", title="Fire")
    assert one != risks()(ref="R1", title="Flood")
    assert repr(one) == (
        "Risk(ref='R1', title='Flood', size=1, owner=None, shared_by=(), seen_by=None)"
    )
    with pytest.raises(AttributeError) as refused:
        one.size = 2
    assert str(refused.value) == "Risk.size never changes"


def test_what_differs_is_told_from_what_is_the_same_or_not_given() -> None:
    one = risks()(ref="R1", title="Flood", owner="clerk")
    assert different(one, {"title": "Fire", "size": 1, "owner": None}) == {
        "title": "Fire", "owner": None
    }  # fmt: skip
    assert differing(one, {"title": "Fire", "size": 1, "owner": None}) == {"title": "Fire"}


def test_a_noun_without_rules_lists_and_allows_everything() -> None:
    class Plain(Record):
        NOUN: ClassVar[str] = "plain"
        dropped_on: date | None = None

    one = Plain(ref="P1")
    assert Plain.listed(iter([one]), MAY) == [one]
    assert Plain.numbering({}) is None
    assert list(one.contradictions(MAY, None, lambda _: {})) == []
    assert list(Plain.contradictions_among({})) == []
    refuse_if_dropped(one)
    with pytest.raises(Refused) as refused:
        refuse_if_dropped(Plain(ref="P1", dropped_on=MAY))
    assert str(refused.value) == "P1 was dropped on 1 May 2023; 'irbtrack undo' takes that back"


def test_what_came_about_later_is_not_so_before() -> None:
    assert list(not_before("seen_on", "R1 was seen", None, MAY)) == []
    assert list(not_before("seen_on", "R1 was seen", MAY, MAY)) == []
    [found] = not_before("seen_on", "R1 was seen", JUNE, MAY)
    assert (found.field, found.ref, str(found)) == (
        "seen_on",
        "",
        "R1 was seen on 1 June 2023, and cannot be so from 1 May 2023 on, which is earlier; give an"
        " earlier day",
    )


def wrong(*stood: tuple[date, dict[str, Any]]) -> list[tuple[str, str, str]]:
    """What cannot be of a risk that stood so from each of the days on."""
    risk = risks()
    ends = [*(day for day, _ in stood[1:]), FOREVER]
    versions: Sequence[Version[Any]] = [
        Version(risk(ref="R1", **fields), day, end)
        for (day, fields), end in zip(stood, ends, strict=True)
    ]
    known = {"Flood": versions}
    return [(c.field, str(c), c.ref) for c in contradictions_in(versions, lambda _: known)]


def test_what_cannot_be_now_is_said_as_it_is_and_of_the_past_since_when() -> None:
    flood, fire = {"title": "Flood"}, {"title": "Fire"}
    assert wrong((MAY, flood), (JUNE, flood | {"size": 2})) == []
    assert wrong((MAY, fire)) == [("title", "R1 is called Fire", "R1")]
    assert wrong((MAY, flood), (JUNE, fire)) == [("title", "R1 is called Fire", "R1")]
    past = "from 1 May 2023 on, R1 is called Fire"
    assert wrong((MAY, fire), (JUNE, fire), (JULY, flood)) == [("title", past, "R1")]
    past = "from 1 June 2023 on, R1 is called Fire"
    assert wrong((MAY, flood), (JUNE, fire), (JULY, flood)) == [("title", past, "R1")]
    assert wrong((MAY, flood | {"size": 2}), (JUNE, flood)) == [("size", "R1 shrinks", "R1")]


def test_each_sentence_is_said_once_of_a_history() -> None:
    fire, frost = {"title": "Fire"}, {"title": "Frost"}
    assert wrong((MAY, fire | {"size": 3}), (JUNE, fire), (JULY, frost)) == [
        ("title", "from 1 May 2023 on, R1 is called Fire", "R1"),
        ("size", "from 1 June 2023 on, R1 shrinks", "R1"),
        ("title", "R1 is called Frost", "R1"),
    ]
