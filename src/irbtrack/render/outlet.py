"""Standard output and standard error, which may be full, closed or of an odd encoding."""

import os
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple, TextIO, TypeVar

T = TypeVar("T")


class Outlet:
    """A stream that keeps in mind whether it was used, and why it could not be written, if so.

    Anything else that is asked of it is asked of the stream.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = _writable(stream)
        self.failure: OSError | None = None
        self.is_used = False

    def write(self, text: str) -> int:
        """Write a text. Raise the :class:`OSError` that is then known as ``failure``."""
        self.is_used = self.is_used or bool(text)
        return self.tried(lambda: self._stream.write(text))

    def flush(self) -> None:
        """Write what is waiting to be written; raise as :meth:`write` does."""
        self.tried(self._stream.flush)

    @property
    def buffer(self) -> "_Bytes":
        """Return what takes bytes."""
        return _Bytes(self, self._stream.buffer)

    def tried(self, action: Callable[[], T]) -> T:
        """Do something with the stream, and keep in mind if it fails."""
        try:
            return action()
        except OSError as error:
            self.failure = error
            raise

    def let_go(self) -> None:
        """Lead to nowhere what can't be written, so that Python doesn't try it again at exit."""
        try:
            self.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        """Return what the stream has of this name."""
        return getattr(self._stream, name)


class _Bytes(NamedTuple):
    """The bytes of an outlet."""

    outlet: Outlet
    stream: BinaryIO

    def write(self, content: bytes) -> int:
        return self.outlet.tried(lambda: self.stream.write(content))


def _writable(stream: TextIO | None) -> TextIO:
    """Return a stream that takes any character, whatever the locale: cron's is often plain C.

    In place of a stream that was closed before the program began, return one to which nothing
    can be written.
    """
    if stream is None:
        return os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if hasattr(stream, "reconfigure") and stream.encoding.lower().replace("-", "") != "utf8":
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")
    return stream
