"""Change how Typer parses arguments, so that commands get every value as it was typed.

Commands read the values by the rules of ``domain.words`` and ``domain.dates``, whose messages say
what is accepted.
"""

import os
import re
from collections.abc import Callable, Sequence
from functools import partial, wraps
from inspect import Parameter, Signature, signature
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from irbtrack.errors import Misused, listed, quoted


class _AsTyped:
    """Gives Typer the values as they were typed.

    Typer would import pydantic to turn text into text. That import takes longer than the rest
    of a reading command. If Typer stops asking for this class, its own reading gives the same
    values, and a test fails because pydantic is imported.
    """

    @staticmethod
    def coerce(value: Any, param: Any, ctx: object) -> Any:
        del ctx
        several = param.multiple or param.nargs == -1
        if several:
            return tuple(_taken(param, one) for one in value or ())
        return _taken(param, value)


LIST_MARK = "\0"
"""A mark before an argument that begins a Markdown list, so that it isn't read as an option.

No argument of a command line can have this character.
"""


def listed_as_text(argument: str) -> str:
    """Mark an argument that begins a list; :data:`LIST_MARK` is taken off when it is read."""
    return LIST_MARK + argument if re.match(r"-\s", argument) else argument


def _taken(param: Any, value: Any) -> Any:
    """Return a value as it was typed. Raises for one that cannot be used."""
    if isinstance(value, str):
        value = value.removeprefix(LIST_MARK)
        _refuse_unusable(param, value)
    return value


MAY_BE_EMPTY = ("--name", "--email")
"""The options that may be empty, which clears what was kept."""


def _refuse_unusable(param: Any, value: str) -> None:
    """Raise :class:`Misused` for bytes that are no text, and for an empty option.

    An empty option is a mistake, such as an empty variable in a script.
    """
    option = param.opts[0] if isinstance(param, TyperOption) else f"the {param.metavar}"
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Misused(f"{option} {quoted(value)} is not text in UTF-8; type it again")
    if "\0" in value and re.search("FILE|FOLDER|PATH", str(param.metavar)):
        raise Misused(f"{option} {quoted(value)} has a null character in it; type it again")
    if isinstance(param, TyperOption) and not value.strip() and option not in MAY_BE_EMPTY:
        raise Misused(f"{option} is empty; give it a value, or leave it out")


def _kept_as_typed(parameters: list[Any]) -> list[Any]:
    """Let parameters give their values as typed, and help name what is required without braces."""
    for parameter in parameters:
        parameter.get_runtime_param = _AsTyped
        if isinstance(parameter, TyperArgument):
            parameter.display_type_rich = _unsaid  # type: ignore[method-assign]
            if parameter.required:
                name = parameter.display_name_raw + "..." * (parameter.nargs != 1)
                parameter._usage_display_name = partial(str, name)  # type: ignore[method-assign]
    return parameters


def _unsaid(ctx: object) -> None:
    """Hide the type, so that help says ``REF`` and not ``REF <list[str]>``."""


class _Strict:
    """Takes values as they were typed, and refuses an option that is given twice.

    Click would silently take the last of two values, but the first may be the one that is meant.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` included."""
        return _kept_as_typed(super().get_params(ctx))  # type: ignore[misc]

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the arguments. Raise :class:`Misused` for a repeated option."""
        if not ctx.resilient_parsing:
            try:
                _, _, given = self.make_parser(ctx).parse_args(args=list(args))  # type: ignore[attr-defined]
            except typer.TyperException as error:
                if getattr(error, "ctx", ctx) is None:  # so for an option without its value
                    vars(error)["ctx"] = ctx
                raise
            _refuse_repeated(given)
        return super().parse_args(ctx, args)  # type: ignore[misc]


def _refuse_repeated(given: Sequence[Any]) -> None:
    for param in given:
        single = isinstance(param, TyperOption) and not (param.multiple or param.is_flag)
        if single and given.count(param) > 1:
            raise Misused(f"{listed(param.opts)} is given more than once; give it once")


class Command(_Strict, TyperCommand):
    """A command that takes its values as they were typed."""


class Group(_Strict, TyperGroup):
    """A noun, or the program itself, that takes its values as they were typed."""

    def _main_shell_completion(self, *given: Any, **named: Any) -> None:
        """Answer the shell's completion with irbtrack's own classes in place of Typer's."""
        if COMPLETING in os.environ:
            from irbtrack.completion import take_over

            take_over()
        super()._main_shell_completion(*given, **named)


COMPLETING = "_IRBTRACK_COMPLETE"
"""The environment variable that the shell sets when it asks for completion."""


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command in the form that Typer needs, with a parameter for each option.

    The command's first parameter is the session. A parameter whose type is a NamedTuple stands
    for options that go together, and becomes one parameter for each field.
    """
    options = [Parameter("ctx", Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    together: dict[str, Any] = {}
    for name, parameter in list(signature(command).parameters.items())[1:]:
        if hasattr(parameter.annotation, "_fields"):
            together[name] = parameter.annotation
            options += signature(parameter.annotation).parameters.values()
        else:
            options.append(parameter)

    @wraps(command)
    def run(ctx: typer.Context, **given: Any) -> None:
        if verb := ctx.invoked_subcommand:
            if any(given.values()):
                raise Misused(
                    f"'{ctx.command_path} {verb}' takes options of its own; leave out those that"
                    f" stand before {verb}"
                )
            return
        for name, kind in together.items():
            given[name] = kind(*(given.pop(field) for field in kind._fields))
        command(ctx.obj, **given)

    taken = [option.replace(kind=Parameter.KEYWORD_ONLY) for option in options]
    run.__signature__ = Signature(taken)  # type: ignore[attr-defined]
    return run
