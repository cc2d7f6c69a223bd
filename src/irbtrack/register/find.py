"""Find records by what people type: references, codes and names.

Every function raises :class:`Refused` for what it doesn't find, and suggests near ones.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from irbtrack.domain.dates import read_date, say_date
from irbtrack.domain.journal import version_on
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.waiver import Waiver
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import Record, Version
from irbtrack.domain.words import folded, unknown
from irbtrack.errors import Misused, Refused, listed, quoted
from irbtrack.store.database import Reader
from irbtrack.store.gather import (
    council,
    has_recorded,
    history,
    login_reference,
    newest,
    notes_about,
    recorder_names,
    refs,
)

R = TypeVar("R", bound=Record)

FINDS_ACTION = "'irbtrack action list --text WORD' finds one"


def action_history(reader: Reader, asked: str) -> list[Version[Action]]:
    """Return the versions of an action.

    Raises :class:`Refused`, with near references, if there is none.
    """
    if versions := history(reader, Action, asked.strip()):
        return versions
    known = {ref: ref for ref in newest(reader, Action)}
    [ref] = _refs_of("action", asked, known, FINDS_ACTION)
    return history(reader, Action, ref)


def action_ref(reader: Reader, asked: str) -> str:
    """Return the reference of an action that the journal knows, even if its adding was undone."""
    known = {ref: ref for ref in refs(reader, "action")}
    [ref] = _refs_of("action", asked, known, FINDS_ACTION)
    return ref


def action_refs(reader: Reader, asked: Iterable[str]) -> list[str]:
    """Return the references of actions, as :func:`action_ref` does, once each.

    Raises :class:`Refused` with all refusals together.
    """
    wanted = list(dict.fromkeys(asked))
    known = {ref: ref for ref in refs(reader, Action.NOUN)} if wanted else {}
    found, refusals = list[str](), list[str]()
    for one in wanted:
        try:
            found += [one] if one in known else _refs_of("action", one, known, FINDS_ACTION)
        except Refused as refusal:
            refusals.append(str(refusal))
    if refusals:
        raise Refused("\n".join(refusals))
    return list(dict.fromkeys(found))


def directorate(reader: Reader, asked: str) -> Directorate:
    """Return the directorate of a code or name."""
    return _named(reader, Directorate, asked)


def officer(reader: Reader, asked: str) -> Officer:
    """Return the officer of a code or post title."""
    return _named(reader, Officer, asked)


def owner(reader: Reader, asked: str) -> str | None:
    """Return the code of the officer of a code or title.

    Return None for the word ``none``, which can't be a code.
    """
    return None if asked.strip().casefold() == "none" else officer(reader, asked).ref


def officers(reader: Reader, asked: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of the officers of codes or titles, once each.

    Return no code for the word ``none`` alone.
    """
    given = list(asked)
    if [one.strip().casefold() for one in given] == ["none"]:
        return ()
    return tuple(dict.fromkeys(officer(reader, one).ref for one in given))


def direction(reader: Reader, asked: str) -> Direction:
    """Return the direction of a reference or title."""
    return _named(reader, Direction, asked)


def workstream(reader: Reader, asked: str) -> Workstream:
    """Return the workstream of a code or name."""
    return _named(reader, Workstream, asked)


def milestone(reader: Reader, asked: str) -> Milestone:
    """Return the milestone of a reference, or of a title among those that were not dropped."""
    known = newest(reader, Milestone)
    names = {ref: ref if one.dropped_on else one.title for ref, one in known.items()}
    return known[_code_of("milestone", asked, names)]


def note(reader: Reader, asked: str) -> Note:
    """Return the note of a reference."""
    known = newest(reader, Note)
    [ref] = _refs_of("note", asked, {ref: ref for ref in known}, "'irbtrack note list' shows them")
    return known[ref]


def waiver(reader: Reader, asked: str) -> Waiver:
    """Return the waiver of a reference."""
    known = newest(reader, Waiver)
    shows = "'irbtrack waiver list' shows them"
    [ref] = _refs_of("waiver", asked, {ref: ref for ref in known}, shows)
    return known[ref]


def source(reader: Reader, asked: str) -> str:
    """Return a source of reviews that the council's list or an audit names.

    Raises :class:`Refused`, with near ones, if there is none of that name.
    """
    told = reader.rows("SELECT DISTINCT source FROM audit_version")
    known = {source for (source,) in told} | {*council(reader).sources}
    if asked in known:
        return asked
    for one in sorted(known):
        if folded(one) == folded(asked):
            return one
    raise unknown(
        "source", asked.strip(), known, "'irbtrack council show' lists them, and audits name others"
    )


def record_on(reader: Reader, kind: type[R], ref: str, day: date) -> R:
    """Return the record as it stood on a day.

    Raises :class:`Refused` if it was entered from a later day on.
    """
    versions = history(reader, kind, ref)
    if then := version_on(versions, day):
        return then
    raise Refused(
        f"{ref} was entered from {say_date(versions[0].valid_from)} on, so nothing can be"
        f" recorded about it for {say_date(day)}; give a later day"
    )


def audit(
    reader: Reader,
    asked: str,
    year: str | None = None,
    among: Mapping[str, Audit] | None = None,
) -> Audit:
    """Return the audit of a reference or name, in ``year`` if given, else in its newest year.

    ``among`` are all audits, by reference, where they have been read already.
    """
    known = newest(reader, Audit) if among is None else among
    refs_of = _refs_of("audit", asked, {one.ref: one.name for one in known.values()})
    found = sorted((known[ref] for ref in refs_of), key=lambda a: a.year)
    in_year = [one for one in found if year in (None, one.year)]
    if in_year:
        return in_year[-1]
    years = listed([one.year for one in found], "and")
    raise Refused(f"{year} has no audit {quoted(found[0].name)}; there is one in {years}")


def audit_refs(reader: Reader, asked: str) -> list[str]:
    """Return the references of every year's audit of a name, or the one of a reference."""
    known = newest(reader, Audit)
    return _refs_of("audit", asked, {audit.ref: audit.name for audit in known.values()})


def _named(reader: Reader, kind: type[R], asked: str) -> R:
    known = newest(reader, kind)
    names = {ref: getattr(record, kind.LABEL) for ref, record in known.items()}
    return known[_code_of(kind.NOUN, asked, names)]


def _code_of(noun: str, asked: str, names: Mapping[str, str]) -> str:
    """Return the one code that is meant.

    Raises :class:`Refused` if several records go by the name.
    """
    codes = _refs_of(noun, asked, names)
    if len(codes) > 1:
        raise Refused(
            f"{len(codes)} {noun}s are called {quoted(asked)}: {listed(codes, 'and')};"
            f" give the {'reference' if noun in ('direction', 'milestone') else 'code'} of one"
        )
    return codes[0]


def _refs_of(
    noun: str, asked: str, names: Mapping[str, str], remedy: str | None = None
) -> list[str]:
    """Return the reference that is meant, or those of the records of that name.

    Upper and lower case are the same.
    """
    name = folded(asked)
    for meant in (
        [ref for ref in names if ref.casefold() == name],
        [ref for ref, called in names.items() if called.casefold() == name],
    ):
        if meant:
            return meant
    raise unknown(
        noun,
        asked.strip(),
        {*names, *names.values()},
        remedy or f"'irbtrack {noun} list' shows them, 'irbtrack {noun} add' adds one",
    )


def refs_meant(reader: Reader, asked: str, today: date) -> list[str]:
    """Return the references of the records that are meant, whatever their kind, and of their notes.

    What is asked for is a reference, a code, an audit's name, or the day of a snapshot. Raises
    :class:`Refused`, with near ones, if there is none.
    """
    known = [ref for noun in (*NOUNS, "snapshot") for ref in refs(reader, noun)]
    name = folded(asked)
    try:
        day = read_date(asked, today, month_end=True).isoformat()
    except Misused:
        day = ""
    meant = [ref for ref in known if ref.casefold() == name or ref == day]
    meant += [one.ref for one in newest(reader, Audit).values() if one.name.casefold() == name]
    meant += [about for ref in dict.fromkeys(meant) for about in notes_about(reader, ref)]
    if not meant:
        raise unknown("record", asked, known, "'irbtrack history' shows every change")
    return meant


def login(reader: Reader, asked: str) -> str:
    """Return the reference of a login that has recorded, by its name or what is shown instead.

    Raises :class:`Refused` if there is none.
    """
    ref = login_reference(reader, asked)
    if ref is not None:
        return ref
    if has_recorded(reader, asked):
        raise Refused(
            f"{quoted(asked)} is an officer's code, or recorded before this register kept login"
            " names apart; it is within the digests of those entries, and has to stay there"
        )
    known = recorder_names(reader).values()
    raise unknown("login name", asked, known, "'irbtrack history' shows who recorded")


def refuse_if_recorder(reader: Reader, pseudonym: str | None) -> None:
    """Raise :class:`Refused` if a pseudonym could be taken for somebody else who records."""
    if pseudonym is None:
        return
    code = pseudonym.casefold()
    if (
        login_reference(reader, pseudonym)
        or has_recorded(reader, pseudonym)
        or has_recorded(reader, code)
        or code in refs(reader, Officer.NOUN)
    ):
        raise Refused(f"{quoted(pseudonym)} is somebody else who records; give another pseudonym")


def refuse_if_taken(ref: str, taken: Iterable[str], what: str, name: str) -> None:
    """Raise :class:`Refused` if a reference or code is taken already, in whatever case."""
    for known in taken:
        if known.casefold() == ref.casefold():
            raise Refused(f"there is {what} {quoted(known)} already; give another {name}")
