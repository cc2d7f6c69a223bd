"""Complete in the shell as Typer does, but without Rich, and safely.

Typer renders descriptions with Rich, whose import takes longer than everything else. And zsh
evaluates what it is given, while titles are whatever somebody typed. So characters that mean
something to a shell are removed here.
"""

import re
from typing import Any

from typer._click.shell_completion import CompletionItem, ShellComplete, add_completion_class
from typer._completion_classes import (
    BashComplete,
    FishComplete,
    PowerShellComplete,
    ZshComplete,
)

SAFE_VALUE = r"[\w./+-]+"
"""A value that every shell takes as one plain word."""

UNSAFE = r"[^\w,./()%+-]+"
"""The characters that are removed from descriptions."""


class _Safe(ShellComplete):
    """Offers only values that are one plain word, with plain descriptions."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return what can be offered, or nothing if the line so far can't be understood."""
        try:
            found = super().get_completions(args, incomplete)
        except Exception:  # a message would be written over what is being typed
            return []
        return [item for item in found if re.fullmatch(SAFE_VALUE, item.value)]


def _said(item: CompletionItem) -> str:
    return re.sub(UNSAFE, " ", item.help or "").strip()


class Bash(_Safe, BashComplete):
    """Offers values without descriptions."""


class Zsh(_Safe, ZshComplete):
    """Offers values with descriptions, in the form that ``_arguments`` takes."""

    def format_completion(self, item: CompletionItem) -> str:
        """Return a value and its description, each in quotes."""
        said = _said(item)
        return f'"{item.value}":"{said}"' if said else f'"{item.value}"'


class Fish(_Safe, FishComplete):
    """Offers values with descriptions after a tab."""

    def format_completion(self, item: CompletionItem) -> str:
        """Return a value and its description."""
        said = _said(item)
        return f"{item.value}\t{said}" if said else str(item.value)


class PowerShell(_Safe, PowerShellComplete):
    """Offers values with descriptions after three colons."""

    def format_completion(self, item: CompletionItem) -> str:
        """Return a value and its description, which may not be empty."""
        return f"{item.value}:::{_said(item) or ' '}"


SHELLS: dict[str, Any] = {
    "bash": Bash,
    "zsh": Zsh,
    "fish": Fish,
    "powershell": PowerShell,
    "pwsh": PowerShell,
}


def take_over() -> None:
    """Register these classes in place of Typer's own."""
    for name, shell in SHELLS.items():
        add_completion_class(shell, name)
