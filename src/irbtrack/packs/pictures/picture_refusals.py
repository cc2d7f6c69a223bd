"""Why a picture is refused, with what to do; its name is put before it."""

from irbtrack.sheets.limits import Unreadable

WIDEST = 8_000
"""The pixels that a picture has at most across and down."""


def broken() -> Unreadable:
    """Return the refusal of a picture that is cut off, altered or put together wrongly."""
    return Unreadable("is damaged; save it again from the program that drew it")


def uncommon() -> Unreadable:
    """Return the refusal of a picture that is whole, and that some programs can't show."""
    return Unreadable("is of a kind that not every program shows; save it as an ordinary PNG")


def check_size(width: int, height: int) -> None:
    """Raise :class:`Unreadable` for a picture that has no pixels, or too many."""
    if not (width and height):
        raise broken()
    if max(width, height) > WIDEST:
        raise Unreadable(f"is more than {WIDEST:,} pixels wide or high; save it smaller")
