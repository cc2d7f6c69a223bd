"""Records made from others."""

from typing import Any, TypeVar

from irbtrack.domain.record import Record

R = TypeVar("R", bound=Record)


def replace(record: R, **fields: Any) -> R:
    """Return a record like another but for some fields."""
    return type(record)(**{**vars(record), **fields})
