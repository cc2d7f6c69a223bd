"""Get the values that a command needs, from its options or by asking at a terminal."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import typer

from irbtrack.domain.words import read_text
from irbtrack.errors import IrbtrackError, Misused, listed
from irbtrack.register.session import Session
from irbtrack.render.messages import at_terminal, note


def session_of(ctx: typer.Context) -> Session:
    """Return the session of a running command."""
    session = ctx.obj
    assert isinstance(session, Session), "cli.main gives every command its session"
    return session


T = TypeVar("T")


def required(value: str | None, option: str, question: str, read: Callable[[str], T]) -> T:
    """Return what ``read`` makes of a value that a command needs.

    Ask for a missing value at a terminal, and raise :class:`Misused` elsewhere.
    """
    if value is None:
        refuse_unless_asked([option])
        value = ask(question, read)
    return read(str(value))


def needed_reason(reason: str | None, option: str = "--reason") -> str:
    """Return the reason for a change. Ask for it at a terminal if it is missing."""
    return required(reason, option, "Reason", lambda text: read_text("the reason", text))


def refuse_unless_any(*given: object) -> None:
    """Raise :class:`Misused` if a command that changes fields is given no field."""
    if all(value is None for value in given):
        raise Misused("nothing to change; name a field and its new value, as --help shows them")


def refuse_unless_asked(missing: list[str]) -> None:
    """Raise :class:`Misused` if options are missing and there is no terminal to ask at."""
    if missing and not at_terminal():
        verb = "is" if len(missing) == 1 else "are"
        raise Misused(
            f"{listed(missing, 'and')} {verb} missing; give what is needed, or run this at a"
            " terminal, which asks for it"
        )


def ask(question: str, read: Callable[[Any], object], *, optional: bool = False) -> str | None:
    """Ask a question until ``read`` accepts the answer, and return the answer.

    If the answer is ``optional``, an empty one is None, and ``read`` gets that.
    """
    while True:
        answer = _line(f"{question}: ")
        given = None if optional and not answer.strip() else answer
        if given == "":
            continue
        try:
            read(given)
        except IrbtrackError as error:
            note(str(error))
        else:
            return given


def _line(prompt: str) -> str:
    """Return the line that somebody types after the prompt, with line editing at a terminal.

    If standard output is no terminal, the prompt is written to standard error, because standard
    output is for data.
    """
    if sys.stdin.isatty() and sys.stdout.isatty():
        with suppress(ImportError):  # Windows edits lines by itself
            import readline  # noqa: F401
    else:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        prompt = ""
    try:
        return input(prompt)
    except (KeyboardInterrupt, EOFError):
        raise typer.Abort from None
