"""Arguments as they were typed: what is done to Typer's parsing, all in one place.

Commands take every value as text, and read it by the rules of ``domain.words`` and
``domain.dates``, whose sentences say what is accepted.
"""

import os
import re
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from irbtrack.errors import Misused, listed, quoted


class _AsTyped:
    """Values as they were typed. Commands read them by the rules of ``domain.words``.

    Typer would have pydantic read them, whose import costs more than the rest of a reading
    command, only to make text of text. Were Typer to stop asking for this, its own reading
    would give the same values, and a test would say that pydantic is back.
    """

    @staticmethod
    def coerce(value: Any, param: Any, ctx: object) -> Any:
        del ctx
        several = param.multiple or param.nargs == -1
        if several:
            return tuple(_taken(param, one) for one in value or ())
        return _taken(param, value)


LIST_MARK = "\0"
"""Put before an argument that begins a Markdown list, lest it be taken for an option.

No argument of a command line can hold this character.
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
"""The options whose empty value forgets what was kept."""


def _refuse_unusable(param: Any, value: str) -> None:
    """Raise for bytes that are no text, and for an option that is given without a value.

    An empty option is a slip, such as an empty variable of a script.
    """
    option = param.opts[0] if isinstance(param, TyperOption) else f"the {param.metavar}"
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Misused(f"{option} {quoted(value)} is not text in UTF-8; type it again")
    if isinstance(param, TyperOption) and not value.strip() and option not in MAY_BE_EMPTY:
        raise Misused(f"{option} is empty; give it a value, or leave it out")


def _kept_as_typed(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        parameter.get_runtime_param = _AsTyped
        if isinstance(parameter, TyperArgument):
            parameter.display_type_rich = _unsaid  # type: ignore[method-assign]
    return parameters


def _unsaid(ctx: object) -> None:
    """Help says ``REF``, not ``REF <list[str]>``."""


class _Strict:
    """What commands and groups have in common: values as typed, and no option given twice.

    Of an option of one value that is given twice Click would take the last without a word, and
    the first may be the one that is meant.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """Return its parameters, and ``--help``."""
        return _kept_as_typed(super().get_params(ctx))  # type: ignore[misc]

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the arguments. Raises :class:`Misused` for a repeated option."""
        if not ctx.resilient_parsing:
            _, _, given = self.make_parser(ctx).parse_args(args=list(args))  # type: ignore[attr-defined]
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
        """Answer a shell that completes, with classes of our own in place of Typer's."""
        if COMPLETING in os.environ:
            from irbtrack.completion import take_over

            take_over()
        super()._main_shell_completion(*given, **named)


COMPLETING = "_IRBTRACK_COMPLETE"
"""What a shell that completes puts into the environment."""


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command as Typer takes it: with every option as a parameter of its own.

    A command's first parameter is the session of the run. A parameter whose type is a NamedTuple
    stands for options that go together: it becomes one parameter for each of its fields.
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
        for name, kind in together.items():
            given[name] = kind(*(given.pop(field) for field in kind._fields))
        command(ctx.obj, **given)

    taken = [option.replace(kind=Parameter.KEYWORD_ONLY) for option in options]
    run.__signature__ = Signature(taken)  # type: ignore[attr-defined]
    return run
