"""Propose how a sheet is to be read: as a command, or by asking at a terminal."""

import os
import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from irbtrack.arguments.asking import ask
from irbtrack.arguments.sheet_options import (
    HowRead,
    WhatIsNew,
    mapping_of,
    options_of,
    with_option,
)
from irbtrack.domain.field import Field
from irbtrack.domain.words import read_choice
from irbtrack.errors import Misused, listed
from irbtrack.imports.sheet_rows import Wanted, book_rows
from irbtrack.imports.suggestions import CREATE_MISSING, FLAGS, Suggestion, suggestions
from irbtrack.register.session import Session
from irbtrack.render.messages import note
from irbtrack.store.database import Location, locate

_ROUNDS = 50
"""The most times that a sheet is read anew; every round settles something."""

Try = Callable[[str], object]
"""Raises for an answer with which the file could not be read."""

Decide = Callable[[Suggestion, Try], str | None]
"""What is answered to a suggestion; None to leave it open."""


class Proposed(NamedTuple):
    """How a file is to be read, what was suggested for it, and what nobody could suggest.

    ``rejects`` is the file for the rows that would be refused all the same, and ``on`` the day
    that the sheet is of, if somebody said so.
    """

    how: HowRead
    new: WhatIsNew
    suggested: tuple[Suggestion, ...] = ()
    open: tuple[Suggestion, ...] = ()
    rejects: str | None = None
    on: str | None = None


def proposed(session: Session, wanted: Wanted, so_far: Proposed, decide: Decide) -> Proposed:
    """Return how a file is to be read, once all that is suggested has been decided.

    What a column means is settled before its texts, because another column has other texts.
    """
    seen: set[tuple[str, str]] = set()
    for _ in range(_ROUNDS):
        found = _next(session, wanted, so_far, seen)
        for one in found:
            seen.add(one[:2])
            attempt = partial(_try, session, wanted, so_far, one)
            so_far = _decided(so_far, one, decide(one, attempt))
        if not found:
            break
    return so_far


def _next(
    session: Session, wanted: Wanted, so_far: Proposed, seen: set[tuple[str, str]]
) -> list[Suggestion]:
    """Return what is suggested next for a file that is read as was decided so far."""
    now = _as_decided(wanted, so_far)
    with session.reading() as reader:
        for found in suggestions(reader, book_rows(reader, now), now):
            if new := [one for one in found if one[:2] not in seen]:
                return new
    return []


def _as_decided(wanted: Wanted, so_far: Proposed) -> Wanted:
    return wanted._replace(asked=mapping_of(so_far.how, wanted.fields, so_far.new))


def _try(session: Session, wanted: Wanted, so_far: Proposed, one: Suggestion, answer: str) -> None:
    """Raise :class:`IrbtrackError` for an answer with which the file could not be read."""
    now = _as_decided(wanted, _decided(so_far, one, answer))
    with session.reading() as reader:
        rows = book_rows(reader, now)
        rows.defaults()
        for meant in one.meanings(answer):
            if why := rows.refusal(one.field, meant):
                raise Misused(why)


def _decided(so_far: Proposed, one: Suggestion, answer: str | None) -> Proposed:
    if answer is None:
        return so_far._replace(open=(*so_far.open, one))
    settled = one._replace(answer=answer)
    so_far = so_far._replace(suggested=(*so_far.suggested, settled))
    if one.option in FLAGS and answer != "yes":
        return so_far
    for given in sheets_said(answer, one.choices) if one.choices else settled.each_given:
        so_far = so_far._replace(
            how=with_option(so_far.how, one.option, given),
            new=with_option(so_far.new, one.option, given),
        )
    return so_far


def as_suggested(one: Suggestion, _: Try) -> str | None:
    """Return the answer that is suggested, if there is one."""
    return one.answer or None


def asked_for(one: Suggestion, attempt: Try) -> str | None:
    """Ask somebody at a terminal until the answer can be used.

    An empty answer takes what is suggested.
    """
    may_be = f"; it may be {listed((one.answer, *one.instead))}" if one.doubt else ""
    note(f"{one.why}{may_be}")
    if one.option in FLAGS:
        question = {CREATE_MISSING: "make them"}.get(one.option, "part them")
        answer = ask(f"{question}, yes or no (yes if empty)", _yes_or_no, optional=True)
        return read_choice("an answer", answer or "yes", ("yes", "no"))
    if one.choices:
        return which_sheets(one.choices)
    if one.is_of_ranges:
        return ask("the ranges and what each means, with commas between them", attempt)
    what = _QUESTIONS[one.option].format(about=one.field)
    if not one.answer:
        return ask(what, attempt)
    question = f"{what} ({one.answer} if empty)"
    return ask(question, lambda text: text and attempt(text), optional=True) or one.answer


ALL = "all"


def which_sheets(names: Sequence[str]) -> str:
    """Ask which sheet is meant; the answer is one of them, the first if it is empty, or all."""
    choices = (*names, ALL)
    question = f"which sheet, or all ({names[0]} if empty)"
    answer = ask(
        question, lambda text: text and read_choice("a sheet", text, choices), optional=True
    )
    return read_choice("a sheet", answer or names[0], choices)


def sheets_said(answer: str, names: Sequence[str]) -> Sequence[str]:
    """Return the sheets that an answer means: the one that it names, or all of them."""
    return names if answer == ALL and ALL not in names else [answer]


_QUESTIONS = {
    "--map": "the header or letters of the column of {about}",
    "--value": "what it means as {about}, or none",
    "--default": "the {about} of all",
    "--year-from": "the date that gives the year",
    "--date-order": "dmy or mdy",
}


def _yes_or_no(text: str | None) -> object:
    return text and read_choice("an answer", text, ("yes", "no"))


def import_command(session: Session, noun: str, file: str, one: Proposed) -> str:
    """Return the command that takes a sheet in as is proposed, for a shell."""
    typed = ["irbtrack"]
    usual = locate(os.environ.get("IRBTRACK_DATABASE"))
    if (session.location.path, session.location.url) != (usual.path, usual.url):
        typed += ["--database", _from_here(session.location)]
    if session.officer and session.officer != os.environ.get("IRBTRACK_OFFICER"):
        typed += ["--officer", session.officer]
    typed += ["import", f"{noun}s", file, *options_of(one.how, one.new)]
    typed += ["--on", one.on] if one.on is not None else []
    typed += ["--partial", "--rejects", one.rejects] if one.rejects else []
    if (kept := kept_mapping(file)) is not None and one.how.mapping is None:
        typed += ["--save-mapping", kept]
    return shlex.join(typed)


def _from_here(location: Location) -> str:
    """Return a database as it may be named in the folder where the program runs."""
    path, here = location.path, Path.cwd()
    return str(path.relative_to(here)) if path and path.is_relative_to(here) else str(location)


def kept_mapping(file: str) -> str | None:
    """Return the file that keeps how a sheet was read, unless there is one of that name."""
    path = _mapping_beside(file)
    return None if path.exists() else str(path)


def saved_mapping(file: str, fields: Sequence[Field]) -> str | None:
    """Return the file in which an import kept how a sheet was read, if there is one."""
    path = _mapping_beside(file)
    if not path.exists():
        return None
    try:
        mapping_of(HowRead(mapping=str(path)), fields)
    except Misused:
        return None
    return str(path)


def _mapping_beside(file: str) -> Path:
    return Path(f"{Path(file).stem}.toml")
