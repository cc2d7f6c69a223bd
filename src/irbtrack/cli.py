"""Put the commands together into the program, and run it.

``main`` reads the clock and the environment once. It turns errors into a sentence and
an exit code. A fault of the program keeps its traceback, for cron to mail.
"""

import errno
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any, TextIO, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from irbtrack import lasting
from irbtrack.domain.words import read_code, read_whole
from irbtrack.errors import IrbtrackError
from irbtrack.lasting import INTERRUPTED
from irbtrack.parser import LIST_MARK, Command, Group, listed_as_text, spread
from irbtrack.register.session import Session
from irbtrack.render import paging
from irbtrack.render.messages import note
from irbtrack.render.outlet import Outlet
from irbtrack.store.database import WAIT_SECONDS, locate


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
            help="The officer who records; your login name if left out.",
        ),
    ] = None,
    wait: Annotated[
        str | None,
        typer.Option(
            "--wait",
            metavar="SECONDS",
            envvar="IRBTRACK_WAIT",
            help=f"How long to wait for others who use the database; {WAIT_SECONDS:g} seconds.",
        ),
    ] = None,
    no_pager: Annotated[
        bool, typer.Option("--no-pager", help="Write long output directly, without a pager.")
    ] = False,
    clock_is_right: Annotated[
        bool,
        typer.Option(
            "--clock-is-right",
            help="Record though the last entry's moment is later than the clock's.",
        ),
    ] = False,
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Tell what became of audit actions, and how far the directions are, for any date."""
    paging.WANTED.set(not no_pager)
    clock, seconds = ctx.obj
    if wait:
        seconds = read_whole("a number of seconds to wait", wait, MOST_SECONDS)
    code = read_code("an officer", officer) if officer else None
    ctx.obj = Session(locate(database, seconds, note), clock(), clock, code, clock_is_right)


MOST_SECONDS = 86_400
"""The longest that a command may be told to wait: a day."""

COMMANDS: Mapping[str, str] = {
    "overview": "Show the state of things on one screen.",
    "summary": "Show the report's tables, for any day.",
    "movement": "Explain how a figure got from one day's to another's.",
    "narrative": "Write what the report says of its figures, in sentences.",
    "ageing": "Show how long actions have been overdue.",
    "trend": "Show how the figures went over time.",
    "kpi": "Measure what committees ask of a period.",
    "plan": "Draw the plan on a page, for any day.",
    "exceptions": "Report by exception: what went off plan between two days.",
    "due": "Look forward to what falls due.",
    "report": "Write the board pack.",
    "reconcile": "Compare somebody else's list of actions with ours.",
    "check": "Find what is wrong with the register.",
    "history": "Show every change, in the order of recording.",
    "undo": "Take an entry back, as if it had never been made.",
    "init": "Make the database.",
    "demo": "Show the board of November 2023.",
    "help": "Show a page of the manual, or list the pages.",
    "council": "Keep the council's name, and its scales.",
    "action": "Record audit actions, and list them.",
    "audit": "Keep the audit plan.",
    "direction": "Record how far the government's directions are.",
    "workstream": "Keep the plans and their workstreams.",
    "milestone": "Keep what the plans promise, and when.",
    "note": "Keep what the report says in words.",
    "directorate": "Keep who answers for actions.",
    "officer": "Keep the posts that own actions and lead directions.",
    "snapshot": "Freeze the figures of a board.",
    "waiver": "Switch checks off, and say why.",
    "import": "Read records from spreadsheets.",
    "export": "Write spreadsheets that can be changed and imported again.",
    "db": "Look after the database.",
}
"""Every command and noun with its purpose, in the order of the help.

Each has a module of its name in ``commands``. The module of a noun has ``VERBS``, which names
the functions of its verbs, and may have ``WITHOUT_VERB``, the function that runs if no verb is
asked for. Any other module has a function of the command's name.
"""


def in_python(name: str) -> str:
    """Return the Python name of a command; ``_`` is added to a word that Python uses."""
    return f"{name}_" if name in ("import", "help") else name


def module_of(name: str) -> ModuleType:
    """Import the module of a command."""
    return import_module(f"irbtrack.commands.{in_python(name)}")


class Lazy(Group):
    """A group that builds a command when it is asked for.

    Building one costs a millisecond, and importing its module costs several. So a run builds
    only what it was asked for.
    """

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is meant, or refuse it and suggest similar names."""
        names = self.list_commands(ctx)
        if args[0] not in names:
            if ctx.resilient_parsing:  # a shell completes, and there is nothing to offer
                ctx.fail(f"no such command: {args[0]}")
            self.commands = dict.fromkeys(names, self)  # all that is asked of it is the names
        return super().resolve_command(ctx, args)

    def purposes(self) -> Mapping[str, str]:
        """Return what each command is for, without building it."""
        return {}

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete a command without building any, or an option."""
        from typer._click.shell_completion import CompletionItem

        begun = [name for name in self.purposes() if name.startswith(incomplete)]
        return [
            *(CompletionItem(name, help=self.purposes()[name]) for name in begun),
            *super(TyperGroup, self).shell_complete(ctx, incomplete),
        ]


class Noun(Lazy):
    """A noun, whose verbs are those of its module."""

    def purposes(self) -> Mapping[str, str]:
        """Return what each verb is for: the first line of what its function says."""
        verbs = module_of(str(self.name)).VERBS
        return {name: (verb.__doc__ or "").partition("\n")[0] for name, verb in verbs.items()}

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the verbs, in the order of the help."""
        del ctx
        return list(module_of(str(self.name)).VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Build a verb, or return None if the noun has no verb of that name."""
        del ctx
        verb = module_of(str(self.name)).VERBS.get(cmd_name)
        return verb and built(cmd_name, verb)


class Program(Lazy):
    """The program itself, whose help and completion need no command's module."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands and nouns, in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Build a command or noun, or return None if there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = module_of(cmd_name)
        if not hasattr(module, "VERBS"):
            return built(cmd_name, getattr(module, in_python(cmd_name)))
        itself = getattr(module, "WITHOUT_VERB", None)
        app = typer.Typer(
            name=cmd_name,
            cls=Noun,
            no_args_is_help=itself is None,
            invoke_without_command=itself is not None,
            rich_markup_mode=None,
        )
        if itself:
            app.callback()(spread(itself))
        else:
            app.info.help = COMMANDS[cmd_name]
        return get_group(app)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands and their purposes from :data:`COMMANDS`."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def purposes(self) -> Mapping[str, str]:
        """Return what each command is for, as :data:`COMMANDS` has it."""
        return COMMANDS


def built(name: str, function: Callable[..., None]) -> Any:
    """Build the command that runs a function."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, cls=Command)(spread(function))
    return get_command(app)


def program() -> typer.Typer:
    """Return the command-line program."""
    app = typer.Typer(
        cls=Program,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(irbtrack)
    return app


def main(
    arguments: Sequence[str] | None = None,
    *,
    now: datetime | None = None,
    wait: float = WAIT_SECONDS,
) -> int:
    """Run one command, and return its exit code (DESIGN section 5).

    Without ``arguments``, those of the command line are used. Without ``now``, the clock is read.
    ``wait`` is how many seconds a command waits for another program that holds the database.
    """
    lasting.begin()
    given = [listed_as_text(one) for one in (sys.argv[1:] if arguments is None else arguments)]
    clock = (lambda: now) if now else partial(datetime.now, UTC)
    streams = sys.stdout, sys.stderr
    out, err = Outlet(sys.stdout), Outlet(sys.stderr)
    _put_in_place(out, err)
    try:
        return _ended(_stoppable(given or ["--help"], clock, wait, out), out, err)
    finally:
        sys.stdout, sys.stderr = streams


Clock = Callable[[], datetime]


def _stoppable(given: Sequence[str], clock: Clock, wait: float, out: Outlet) -> int:
    """Run one command, which Ctrl-C may stop, and return the exit code."""
    code = 0
    try:
        with lasting.interruptible():
            code = _ran(given, clock, wait)
            out.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (OSError, SystemExit):  # Typer leaves by SystemExit if nobody reads on
        if out.failure is None:
            raise
        return code or _unwritten(out.failure)
    return code


def _ended(code: int, out: Outlet, err: Outlet) -> int:
    """Say what was stored, if it isn't said yet, and return the exit code."""
    _put_in_place(out, err)  # Typer may have put others there
    if code == INTERRUPTED:
        note(lasting.interrupted())
    err.let_go()
    if code != INTERRUPTED and err.failure and lasting.stored() and not out.is_used:
        with suppress(OSError):
            out.write(f"irbtrack: {lasting.stored()}\n")
    out.let_go()
    return code


def _put_in_place(out: Outlet, err: Outlet) -> None:
    sys.stdout, sys.stderr = cast("TextIO", out), cast("TextIO", err)


def _ran(given: Sequence[str], clock: Clock, wait: float) -> int:
    """Run one command, say what was refused, and return the exit code."""
    try:
        code = program()(given, prog_name="irbtrack", standalone_mode=False, obj=(clock, wait))
    except IrbtrackError as error:
        for line in str(error).split("\n"):
            note(f"irbtrack: {line}")
        return error.exit_code
    except typer.TyperException as error:
        said = error.format_message()
        note(said if "\n" in said else f"irbtrack: {_as_sentence(error)}")  # lines are help
        return error.exit_code
    except typer.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else 0


_WHY_UNWRITTEN = {
    errno.ENOSPC: ", because there is no room left for it",
    errno.EBADF: ", because standard output is closed",
}


def _unwritten(error: OSError) -> int:
    """Say that the output could not be written, and return the exit code.

    What is stored is stored, and exits with 0. So does a command whose reader has left early.
    """
    done = lasting.stored()
    is_left = isinstance(error, BrokenPipeError)
    if done or not is_left:
        why = _WHY_UNWRITTEN.get(error.errno or 0) or f" ({error.strerror})"
        but = f"{done}, but " if done else ""
        note(f"irbtrack: {but}the output could not be written{why}")
    return 0 if done or is_left else 1


def _as_sentence(error: typer.TyperException) -> str:
    """Return what the command line's parser refused, with the help that shows what it takes."""
    message = error.format_message()
    for mark in (LIST_MARK, repr(LIST_MARK)[1:-1]):
        message = message.replace(mark, "")
    said = " ".join(message.split()).rstrip(".")
    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context else "irbtrack"
    before = "--database|--officer|--wait|--no-pager|--clock-is-right"
    if misplaced := re.search(rf"no such option: ({before})", said, re.IGNORECASE):
        option = misplaced[1]
        given = f"{option} ..." if option in ("--database", "--officer", "--wait") else option
        typed = command.removeprefix("irbtrack ")
        return f"{option} goes before the command, as in 'irbtrack {given} {typed}'"
    if "unexpected extra argument" in said:
        said += "; put a text of several words in quotes"
    link = " " if said.endswith("?") else "; "
    return f"{said[:1].lower()}{said[1:]}{link}'{command} --help' shows what it takes"
