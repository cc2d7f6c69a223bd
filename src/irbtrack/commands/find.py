"""What people type, found in the register: references, codes and names; near ones if not."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from irbtrack.domain.dates import say_date
from irbtrack.domain.journal import Version, version_on
from irbtrack.domain.records import Action, Audit, Directorate, Officer, Record
from irbtrack.domain.words import unknown
from irbtrack.errors import Refused, listed, quoted
from irbtrack.store.database import Reader
from irbtrack.store.gather import history, newest

R = TypeVar("R", bound=Record)


def action_history(reader: Reader, ref: str) -> list[Version[Action]]:
    """The versions of the action ``ref``. Refused, with near references, if there is none."""
    asked = ref.strip()
    if versions := history(reader, Action, asked):
        return versions
    known = newest(reader, Action)
    return history(
        reader,
        Action,
        _named(
            "action",
            asked,
            {action.ref: action for action in known.values()},
            "'irbtrack action list --text WORD' finds one",
        ).ref,
    )


def directorate(reader: Reader, asked: str) -> Directorate:
    """The directorate of a code or name."""
    known = newest(reader, Directorate)
    return _named(
        "directorate",
        asked,
        {d.ref: d for d in known.values()} | {d.name: d for d in known.values()},
        "'irbtrack directorate list' shows them, 'irbtrack directorate add' adds one",
    )


def officer(reader: Reader, asked: str) -> Officer:
    """The officer of a code or post title."""
    known = newest(reader, Officer)
    return _named(
        "officer",
        asked,
        {o.title: o for o in known.values()} | {o.ref: o for o in known.values()},
        "'irbtrack officer list' shows them, 'irbtrack officer add' adds one",
    )


def owner(reader: Reader, asked: str) -> str | None:
    """The code of the officer of a code or title; None for ``none``, which nobody's code is."""
    return None if asked.strip().casefold() == "none" else officer(reader, asked).ref


def record_on(reader: Reader, kind: type[R], ref: str, day: date) -> R:
    """The record as it stood on a day. Refused if it was entered from a later day on."""
    versions = history(reader, kind, ref)
    if then := version_on(versions, day):
        return then
    raise Refused(
        f"{ref} was entered from {say_date(versions[0].valid_from)} on; nothing of it can be"
        f" recorded for {say_date(day)}, which is earlier"
    )


def audit(reader: Reader, asked: str, year: str | None = None) -> Audit:
    """The audit of a reference or name, in ``year`` if given, else in its newest year."""
    known = sorted(newest(reader, Audit).values(), key=lambda a: a.year)
    found = _named(
        "audit",
        asked,
        {a.name: a for a in known} | {a.ref: a for a in known},
        "'irbtrack audit list' shows them, 'irbtrack audit add' adds one",
    )
    if year in (None, found.year):
        return found
    of_name = [a for a in known if a.name.casefold() == found.name.casefold()]
    for other in of_name:
        if other.year == year:
            return other
    years = listed([a.year for a in of_name], "and")
    raise Refused(f"{year} has no audit {quoted(found.name)}; there is one in {years}")


def audit_refs(reader: Reader, asked: str) -> list[str]:
    """The references of every year's audit of a name, or the one of a reference."""
    found = audit(reader, asked)
    if found.ref.casefold() == asked.strip().casefold():
        return [found.ref]
    name = found.name.casefold()
    return [a.ref for a in newest(reader, Audit).values() if a.name.casefold() == name]


def _named(what: str, asked: str, known: dict[str, R], remedy: str) -> R:
    folded = {name.casefold(): record for name, record in known.items()}
    if found := folded.get(" ".join(asked.split()).casefold()):
        return found
    raise unknown(what, asked, known, remedy)


def refuse_if_taken(ref: str, taken: Iterable[str], what: str, name: str) -> None:
    """Raise if a reference or code that somebody gives is there already, whatever its case."""
    for known in taken:
        if known.casefold() == ref.casefold():
            raise Refused(f"there is {what} {quoted(known)} already; give another {name}")
