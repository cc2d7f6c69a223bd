"""Guard text that a spreadsheet would take for a formula, and take the guard away again."""

import re

_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """Return ``text``, with an apostrophe before it if a spreadsheet would take it for a formula.

    A text that begins with apostrophes and then looks like a formula gets one more. So
    :func:`unguarded` can take it away again without loss.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'tis"), guarded("a = b")
    ("'=1+1", "''=1+1", "'tis", 'a = b')
    """
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return ``text`` without the apostrophe that :func:`guarded` put before it.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'tis"), unguarded("=1+1")
    ('=1+1', "'=1+1", "'tis", '=1+1')
    """
    return text[1:] if text[:1] == "'" and _LIKE_A_FORMULA.match(text, 1) else text
