"""Send long output at a terminal through a pager, as git does."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WANTED: ContextVar[bool] = ContextVar("WANTED", default=True)
"""Whether a pager may be used; ``--no-pager`` sets it to False."""


@contextmanager
def paged(console: "Console") -> Iterator[None]:
    """Send what is printed on the console to the pager if it is longer than the screen.

    Print it as usual if it fits, if standard output is no terminal, or if there is no pager.
    """
    command = pager_command() if sys.stdout.isatty() else []
    if not command:
        yield
        return
    with console.capture() as captured:
        yield
    text = captured.get()
    if text.count("\n") < console.height or not _is_read_in(command, text):
        sys.stdout.write(text)


def pager_command() -> list[str]:
    """Return the pager's command and its options, or an empty list for no pager.

    The command is that of ``PAGER``, or else ``less`` if it is installed. There is no pager if
    ``PAGER`` is empty or ``cat``, with ``--no-pager``, or at a terminal that can't move its cursor.
    """
    import shlex
    import shutil

    if not WANTED.get() or os.environ.get("TERM") in ("dumb", "unknown"):
        return []
    posix = os.name == "posix"
    named = os.environ.get("PAGER")
    if named is None:
        return ["less"] if posix and shutil.which("less") else []
    try:
        command = shlex.split(named, posix=posix)
    except ValueError:  # a quote that isn't closed
        return []
    return [] if command == ["cat"] else command


def _is_read_in(command: list[str], text: str) -> bool:
    """Show a text in the pager until the user leaves it. Return False if it can't be started.

    Ctrl-C goes to the pager while it runs, and leaving it before the end is no error.
    """
    import signal
    import subprocess

    sys.stdout.flush()
    environment = {"LESS": "FRX", "LV": "-c"} | os.environ  # keep colours, as git does
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603
    except OSError:
        return False
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pager.communicate(text.encode(sys.stdout.encoding, errors="replace"))
    finally:
        signal.signal(signal.SIGINT, interrupted)
    return True
