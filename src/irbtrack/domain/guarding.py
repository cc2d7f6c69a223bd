"""Text that a spreadsheet would take for a formula, guarded with an apostrophe and back."""

import re

_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """``text`` with an apostrophe before it if a spreadsheet would take it for a formula.

    So has one that begins with apostrophes and then looks like a formula; the apostrophe
    can therefore be taken away again without loss, as :func:`unguarded` does.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'tis"), guarded("a = b")
    ("'=1+1", "''=1+1", "'tis", 'a = b')
    """
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What was guarded: ``text`` without the apostrophe that :func:`guarded` put before it.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'tis"), unguarded("=1+1")
    ('=1+1', "'=1+1", "'tis", '=1+1')
    """
    return text[1:] if text[:1] == "'" and _LIKE_A_FORMULA.match(text, 1) else text
