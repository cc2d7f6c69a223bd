"""Shell completion: Typer's, without Rich and with nothing in it that a shell could run.

Typer renders descriptions with Rich, whose import takes longer than all the rest, and zsh
evaluates what it is given. Titles are what somebody typed, so they are made plain here.
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
"""What every shell takes as one word, and as nothing else."""

UNSAFE = r"[^\w,./()%+-]+"
"""What descriptions are shown without."""


class _Safe(ShellComplete):
    """Values that are one word, with descriptions in letters, digits and some punctuation."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return what can be offered; nothing if the line so far can't be understood."""
        try:
            found = super().get_completions(args, incomplete)
        except Exception:  # a message would be written over what is being typed
            return []
        return [item for item in found if re.fullmatch(SAFE_VALUE, item.value)]


def _said(item: CompletionItem) -> str:
    return re.sub(UNSAFE, " ", item.help or "").strip()


class Bash(_Safe, BashComplete):
    """Values alone."""


class Zsh(_Safe, ZshComplete):
    """Values with their descriptions, as ``_arguments`` takes them."""

    def format_completion(self, item: CompletionItem) -> str:
        """Return a value and its description in quotes."""
        said = _said(item)
        return f'"{item.value}":"{said}"' if said else f'"{item.value}"'


class Fish(_Safe, FishComplete):
    """Values with their descriptions after a tab."""

    def format_completion(self, item: CompletionItem) -> str:
        """Return a value and its description."""
        said = _said(item)
        return f"{item.value}\t{said}" if said else str(item.value)


class PowerShell(_Safe, PowerShellComplete):
    """Values with their descriptions after three colons."""

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
    """Have these complete in place of Typer's own."""
    for name, shell in SHELLS.items():
        add_completion_class(shell, name)
