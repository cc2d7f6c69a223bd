"""The program: the commands put together, and the only way out.

``main`` reads the clock, the user and the environment once, and turns what is refused into
a sentence and an exit code. A fault of the program keeps its traceback, for cron to mail.
"""

import errno
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from irbtrack.domain.words import read_code
from irbtrack.errors import IrbtrackError, printable
from irbtrack.parser import LIST_MARK, Command, Group, listed_as_text
from irbtrack.register.session import Session
from irbtrack.render import paging
from irbtrack.render.messages import note
from irbtrack.store.database import BUSY_SECONDS, locate


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"irbtrack {version('irbtrack')}")
        raise typer.Exit


def irbtrack(
    ctx: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="PATH|URL",
            envvar="IRBTRACK_DATABASE",
            help="The database; irbtrack.db in your data folder if left out.",
        ),
    ] = None,
    officer: Annotated[
        str | None,
        typer.Option(
            "--officer",
            metavar="CODE",
            envvar="IRBTRACK_OFFICER",
            help="Who records; your login name if left out.",
        ),
    ] = None,
    no_pager: Annotated[
        bool, typer.Option("--no-pager", help="Put long output out as it is, without a pager.")
    ] = False,
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """What became of the audit actions, and how far the directions are, for any date."""
    paging.WANTED.set(not no_pager)
    clock, wait = ctx.obj
    recorder = read_code("an officer", officer) if officer else _login_name()
    ctx.obj = Session(locate(database, wait), clock(), clock, recorder, named=bool(officer))


def _login_name() -> str:
    from getpass import getuser

    try:
        return printable(getuser())[:100]
    except (OSError, KeyError, ImportError):
        return "unknown"


COMMANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "action": (
        "Record audit actions, and list them.",
        (
            *("add", "list", "show", "update", "allocate", "redate", "progress"),
            *("complete", "verify", "reopen", "close"),
        ),
    ),
    "audit": ("Keep the audit plan.", ("add", "list", "show", "update")),
    "direction": (
        "Keep how far the government's directions are.",
        ("add", "list", "show", "update"),
    ),
    "workstream": ("Keep the plans and their workstreams.", ("add", "list", "update")),
    "milestone": (
        "Keep what the plans promise, and when.",
        ("add", "list", "show", "update", "drop"),
    ),
    "note": ("Keep what the report says in words.", ("add", "list", "update", "drop")),
    "directorate": ("Keep who answers for actions.", ("add", "list", "rename")),
    "officer": (
        "Keep the posts that own actions and lead directions.",
        ("add", "list", "update"),
    ),
    "snapshot": ("Freeze the figures of a board.", ("take", "list", "show", "compare")),
    "import": (
        "Take in spreadsheets.",
        (
            *("inspect", "actions", "audits", "directions", "milestones", "officers"),
            *("directorates", "workstreams", "notes"),
        ),
    ),
    "export": (
        "Write spreadsheets that can come back.",
        (
            *("actions", "audits", "directions", "milestones", "officers"),
            *("directorates", "workstreams", "notes", "pack"),
        ),
    ),
    "db": ("Look after the database.", ("upgrade", "info")),
}
"""Every noun, what it is for, and its verbs, which are functions of its module of ``commands``."""

ALONE = (
    *("overview", "summary", "plan", "exceptions", "due", "history", "undo"),
    *("init", "demo", "help"),
)
"""The commands that are no noun's."""


def program(asked: str | None = None) -> typer.Typer:
    """The command-line program, able to run the noun or command that is ``asked`` for.

    Building a command costs a millisecond and its module several, so a run builds only what
    it was asked for. Without a word, or with one that is no command's, it has all of them, for
    the help and for the parser to say what is near; the nouns' verbs are not needed for that.
    """
    app = typer.Typer(
        cls=Group,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(irbtrack)
    known = asked in ALONE or asked in COMMANDS
    for name in ALONE:
        if name == asked or not known:
            app.command(name, cls=Command)(_found(name, name))
    for noun, (purpose, verbs) in COMMANDS.items():
        if noun == asked or not known:
            group = typer.Typer(cls=Group, help=purpose, no_args_is_help=True)
            for verb in verbs if known else ():
                group.command(verb, cls=Command)(_found(noun, verb))
            app.add_typer(group, name=noun)
    return app


def _found(noun: str, verb: str) -> Callable[..., None]:
    """Return the function of a command; a name that Python keeps for itself ends in ``_``."""
    module = import_module(f"irbtrack.commands.{as_name(noun)}")
    found: Callable[..., None] = getattr(module, as_name(verb))
    return found


def as_name(word: str) -> str:
    """Return the Python name of a word of a command, which ends in ``_`` if Python has it."""
    return f"{word}_" if word in ("import", "list", "help") else word


def _asked(arguments: Sequence[str]) -> str | None:
    """The first word that is neither an option nor an option's value."""
    words = iter(arguments)
    for word in words:
        if word in ("--database", "--officer"):
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None


INTERRUPTED = 130


def main(
    arguments: Sequence[str] | None = None,
    *,
    now: datetime | None = None,
    wait: float = BUSY_SECONDS,
) -> int:
    """Run one command; returns its exit code (DESIGN section 5).

    ``arguments`` are those of the command line, and ``now`` is the moment it is, unless
    they are given. ``wait`` is for how many seconds a command waits for another program that
    holds the database.
    """
    sys.stdout = _writable(sys.stdout)
    sys.stderr = _writable(sys.stderr)
    given = [listed_as_text(one) for one in (sys.argv[1:] if arguments is None else arguments)]
    try:
        code = program(_asked(given))(
            given or ["--help"],
            prog_name="irbtrack",
            standalone_mode=False,
            obj=((lambda: now) if now else partial(datetime.now, UTC), wait),
        )
        sys.stdout.flush()
    except IrbtrackError as error:
        for line in str(error).split("\n"):
            note(f"irbtrack: {line}")
        return error.exit_code
    except typer.TyperException as error:
        said = error.format_message()
        note(said if "\n" in said else f"irbtrack: {_as_sentence(error)}")  # lines are help
        return error.exit_code
    except typer.Abort:
        code = INTERRUPTED
    except BrokenPipeError:
        _close_quietly(sys.stdout)
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _close_quietly(sys.stdout)
        note("irbtrack: the output could not be written, because there is no room left for it")
        return 1
    if code == INTERRUPTED:
        note("irbtrack: interrupted; nothing was stored")
    return code if isinstance(code, int) else 0


def _as_sentence(error: typer.TyperException) -> str:
    """What the command line's parser refused, with the help that shows what it takes."""
    message = error.format_message()
    for mark in (LIST_MARK, repr(LIST_MARK)[1:-1]):
        message = message.replace(mark, "")
    said = " ".join(message.split()).rstrip(".")
    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context else "irbtrack"
    if misplaced := re.search(r"no such option: (--database|--officer|--no-pager)", said, re.I):
        option = misplaced[1]
        given = option if option == "--no-pager" else f"{option} ..."
        typed = command.removeprefix("irbtrack ")
        return f"{option} goes before the command, as in 'irbtrack {given} {typed}'"
    if "unexpected extra argument" in said:
        said += "; put a text of several words in quotes"
    link = " " if said.endswith("?") else "; "
    return f"{said[:1].lower()}{said[1:]}{link}'{command} --help' shows what it takes"


def _writable(stream: TextIO | None) -> TextIO:
    """A stream that takes any character, whatever the locale: cron's is often plain C.

    One that was closed before the program began takes and forgets everything.
    """
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if hasattr(stream, "reconfigure") and stream.encoding.lower().replace("-", "") != "utf8":
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")
    return stream


def _close_quietly(stream: TextIO) -> None:
    """Leave nothing that Python would try to flush into a closed pipe at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
