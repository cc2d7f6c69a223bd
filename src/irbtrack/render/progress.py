"""Show a progress bar on standard error, at a terminal, for what takes longer than a second."""

from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from threading import Timer
from typing import TypeVar

from irbtrack.render.messages import at_terminal

T = TypeVar("T")

PATIENCE = 1.0
"""The seconds that pass before anything is shown."""


class Bar:
    """The progress of a command, in named steps."""

    def step(self, name: str) -> None:
        """Begin a step, and show its name."""

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items, and count them."""
        return iter(items)


class _Shown(Bar):
    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("", total=None)
        self._timer = Timer(PATIENCE, self._progress.start)
        self._timer.daemon = True

    def begin(self) -> None:
        self._timer.start()

    def end(self) -> None:
        self._timer.cancel()
        self._timer.join()
        self._progress.stop()

    def step(self, name: str) -> None:
        self._progress.reset(self._task, description=name, total=None)

    def over(self, items: Iterable[T]) -> Iterator[T]:
        if isinstance(items, Sized):
            self._progress.update(self._task, total=len(items))
        for item in items:
            yield item
            self._progress.advance(self._task)


@contextmanager
def progress() -> Iterator[Bar]:
    """Show a bar at a terminal until the block ends; elsewhere show nothing."""
    if not at_terminal():
        yield Bar()
        return
    shown = _Shown()
    shown.begin()
    try:
        yield shown
    finally:
        shown.end()
