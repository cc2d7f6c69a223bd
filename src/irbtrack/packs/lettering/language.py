"""The language of a pack, and the direction in which a text is read."""

from unicodedata import bidirectional

LANGUAGE = "en-GB"
"""The language of every document."""


def is_right_to_left(text: str) -> bool:
    """Return whether a text is read from right to left, as its first letter says.

    >>> is_right_to_left("3. שלום"), is_right_to_left("Done: שלום")
    (True, False)
    """
    if text.isascii():
        return False
    directions = map(bidirectional, text)
    return next((one for one in directions if one in ("L", "R", "AL")), "L") != "L"
