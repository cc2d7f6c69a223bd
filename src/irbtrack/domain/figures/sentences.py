"""Sentences whose numbers are figures: each number in the text carries where it comes from."""

from collections.abc import Iterable
from typing import NamedTuple


class Number(NamedTuple):
    """A number of a sentence, and the question that gives it.

    ``command`` is what follows ``irbtrack``. Among its rows in JSON, those whose fields are as
    ``row`` says are meant. The number is the value of ``field`` in the one that is, or how many
    they are if ``field`` is empty. ``refs`` are the references behind a count, None for a share.
    ``word`` is said in place of the number, as in "Both actions are overdue".
    """

    value: int
    command: str
    row: tuple[tuple[str, str | None], ...] = ()
    field: str = ""
    refs: tuple[str, ...] | None = None
    word: str = ""

    def __str__(self) -> str:
        """Return the number as the text has it."""
        return self.word or f"{self.value:,}"


Part = str | Number


class Sentence(NamedTuple):
    """A sentence as its parts: plain words, and numbers."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """Return the sentence as it is read."""
        return "".join(map(str, self.parts))

    @property
    def numbers(self) -> list[Number]:
        """Return its numbers, in the order of the text."""
        return [part for part in self.parts if isinstance(part, Number)]


class Paragraph(NamedTuple):
    """What is said of one thing, under its heading."""

    heading: str
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """Return the paragraph as it is read, without its heading."""
        return " ".join(sentence.text for sentence in self.sentences)


def plural(number: Number, one: str, several: str) -> list[Part]:
    """Return a number with the words that agree with it.

    >>> "".join(map(str, plural(Number(1, ""), " is late", " are late")))
    '1 is late'
    """
    return [number, one if number.value == 1 else several]


def series_of(parts: Iterable[list[Part]], last: str = " and ") -> list[Part]:
    """Return several clauses as one, with commas and a word before the last.

    >>> "".join(map(str, series_of([["a"], ["b"], ["c"]])))
    'a, b and c'
    """
    clauses = list(parts)
    joined: list[Part] = []
    for place, clause in enumerate(clauses):
        if place:
            joined.append(last if place == len(clauses) - 1 else ", ")
        joined += clause
    return joined


def sentence(*parts: Part | list[Part]) -> Sentence:
    """Return a sentence of parts, and of clauses that have several."""
    flat = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    return Sentence(tuple(flat))
