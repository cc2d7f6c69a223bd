"""Find the references that a text mentions, and what looks like one but isn't known."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from irbtrack.domain.dates import read_date, read_year
from irbtrack.errors import Misused

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-./_][A-Za-z0-9]+)*")
_PARTING = re.compile(r"([-./_])")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2212", "-----")
"""The dashes that a word processor puts in the place of a hyphen."""

_SIGNS = ",;.:!?'\""
_AROUND = "()[]" + _SIGNS
"""What stands around a word without being part of it; a reference may end with a bracket."""


class Mention(NamedTuple):
    """A reference in a text: its line, from 1, and the reference.

    A ``known`` one is as the register writes it, and another as it is typed.
    """

    line: int
    ref: str
    known: bool


class Mentions:
    """Finds references among those that are known.

    A known reference is found in any case, within whatever stands around it: in a file's name, or
    after ``IA/``. One that is only a number or a word counts only if nothing else is in its line,
    because numbers and words stand in any text. What is not known looks like a reference if it
    begins as a known one does, up to its last hyphen or the like, or has as many digits and
    letters in as many parts; financial years and dates don't.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = {_plain(ref): ref for ref in known}
        self._odd = {ref for ref in self._known if not _TOKEN.fullmatch(ref)}
        self._parted = {ref for ref in self._known if _PARTING.search(ref)}
        self._heads = {_head(ref) for ref in self._parted}
        self._shapes = {_shape(ref) for ref in self._parted}

    def of(self, text: str) -> Iterator[Mention]:
        """Yield the references in the order of the text, as often as they stand in it."""
        for number, line in enumerate(text.translate(_DASHES).splitlines(), 1):
            alone = line.strip(" \t\r*•-,;.").casefold()
            if alone in self._known:
                yield Mention(number, self._known[alone], known=True)
                continue
            for word in line.split():
                yield from self._in_word(number, word)

    def _in_word(self, line: int, word: str) -> Iterator[Mention]:
        """Yield the references between two blanks: an unusual one, or those that are words."""
        for name in (word, word.strip(_SIGNS), word.strip(_AROUND)):
            if _plain(name) in self._odd:
                yield Mention(line, self._known[_plain(name)], known=True)
                return
        for token in _TOKEN.findall(word):
            yield from self._within(line, token)

    def _within(self, line: int, token: str) -> Iterator[Mention]:
        """Yield the known references within a word or, if there are none, what looks like one."""
        pieces = _PARTING.split(token)
        found, start = False, 0
        while start < len(pieces):
            for end in range(len(pieces), start + 1, -2):
                if (ref := "".join(pieces[start:end]).casefold()) in self._parted:
                    yield Mention(line, self._known[ref], known=True)
                    found, start = True, end - 1
                    break
            start += 2
        if not found and self._looks_like_one(token):
            yield Mention(line, token, known=False)

    def _looks_like_one(self, token: str) -> bool:
        name = token.casefold()
        if not _PARTING.search(name) or not any(character.isdigit() for character in name):
            return False
        if _is_year_or_date(token):
            return False
        return _head(name) in self._heads or _shape(name) in self._shapes


def _plain(ref: str) -> str:
    """Return the form by which references are compared: in lower case, with plain hyphens."""
    return ref.translate(_DASHES).casefold()


def _head(ref: str) -> str:
    """Return what stands before the last hyphen or the like."""
    return re.sub(r"[-./_][^-./_]*$", "", ref)


def _shape(ref: str) -> str:
    """Return a reference with ``0`` for each digit and ``a`` for each letter.

    >>> _shape("2223-017"), _shape("IA/7")
    ('0000-000', 'aa-0')
    """
    return re.sub(r"[-./_]", "-", re.sub(r"[A-Za-z]", "a", re.sub(r"[0-9]", "0", ref)))


def _is_year_or_date(token: str) -> bool:
    for read in (read_year, _read_day):
        try:
            read(token)
        except Misused:
            continue
        return True
    return False


def _read_day(token: str) -> object:
    from datetime import date

    return read_date(token, date(2000, 1, 1), month_end=True)
