"""A connection that notices when its server has stopped answering.

A server limits by itself how long a statement may take. It can't if it is suspended, or if the
network is cut. So when it has been silent for a while, it is asked for another connection.
"""

from collections.abc import Callable, Generator
from math import inf
from time import monotonic
from typing import Any

from psycopg import Connection, OperationalError


class HearingConnection(Connection[Any]):
    """A connection that is closed, with an error, once its server doesn't answer."""

    patience = inf
    """After how many seconds of silence the server is asked for another connection."""

    limit = inf
    """After how many seconds of silence it is given up, whatever it answers to others."""

    def heard_by(self, patience: float, limit: float, another: Callable[[], Connection]) -> None:
        """Begin to listen. ``another`` makes a connection to the same server, or raises."""
        self.patience, self.limit, self._another = patience, limit, another

    def wait(self, gen: Generator[Any, Any, Any], *given: Any, **named: Any) -> Any:
        """Wait as the driver does for what it does on the connection."""
        return super().wait(self._heard(gen), *given, **named)

    def _heard(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """Do what ``gen`` does. The driver sends it nothing now and then during a silence."""
        since = asked = monotonic()
        try:
            state = next(gen)
            while True:
                received = yield state
                if received:
                    since = asked = monotonic()
                elif monotonic() - asked > self.patience:
                    self._ask(monotonic() - since)
                    asked = monotonic()
                state = gen.send(received)
        except StopIteration as done:
            return done.value

    def _ask(self, silence: float) -> None:
        try:
            if silence > self.limit:
                raise OperationalError(f"nothing came for {silence:.0f} seconds")
            self._another().close()
        except OperationalError:
            self.pgconn.finish()  # so that nothing more is asked of it
            raise
