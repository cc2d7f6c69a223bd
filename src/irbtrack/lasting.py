"""What a run has stored for good, so that it can say so however it ends.

Ctrl-C may come at any moment: while a module is imported, in the middle of a commit, or when all
is done. Whoever stores something says so with :func:`lasts`, inside :func:`uninterrupted`, so that
the two can't be parted.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

INTERRUPTED = 130
"""The exit code of a run that Ctrl-C has ended."""

_stored: list[str] = []


def begin() -> None:
    """Forget what was stored before, because a run begins or because it was taken away again."""
    _stored.clear()


def lasts(what: str) -> None:
    """Keep that something was stored, in words such as ``entry 12 was stored``."""
    _stored.append(what)


def stored() -> str:
    """Return what was stored, in words. They are empty if nothing was."""
    return ", and ".join(_stored)


def interrupted() -> str:
    """Return the sentence that ends a run that Ctrl-C has ended."""
    return f"irbtrack: interrupted; {stored() or 'nothing was stored'}"


def stop_at_once() -> None:
    """Let Ctrl-C end the program from now on, unless it began with Ctrl-C ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)


def stop(*_: object) -> NoReturn:
    """End the program with the sentence of an interrupt, and without tidying up."""
    with suppress(OSError):
        os.write(2, f"{interrupted()}\n".encode())
    os._exit(INTERRUPTED)


def ignore() -> None:
    """Ignore Ctrl-C from now on: everything is done and said, and only Python has to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the first Ctrl-C in the block raise KeyboardInterrupt, and another end the program."""
    before = signal.getsignal(signal.SIGINT)
    if before not in (stop, signal.default_int_handler) or not _answer_with(_raise_once):
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _raise_once(*_: object) -> NoReturn:
    signal.signal(signal.SIGINT, stop)
    raise KeyboardInterrupt


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back until the block is done, and let it happen then."""
    held: list[object] = []
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or not _answer_with(lambda *_: held.append(None)):
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            signal.raise_signal(signal.SIGINT)


def _answer_with(handler: Callable[..., object]) -> bool:
    """Let a handler answer Ctrl-C. Only the main thread can do so; in another, return False."""
    try:
        signal.signal(signal.SIGINT, handler)
    except ValueError:
        return False
    return True
