"""Find the titles that were changed in a word or two, among those that are new and those gone."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from difflib import SequenceMatcher
from typing import TypeVar

from irbtrack.domain.words import folded

P = TypeVar("P", bound=Hashable)

ALIKE = 0.8
"""How alike two titles are, at least, that may be one title and its correction."""

_SHARED = 4
"""How many words, the rarest of a title, are looked for in others."""

_LOOKED_AT = 50
"""The most titles that are looked at for each of these words."""


def likeness(title: str, other: str) -> float:
    """Return how alike two titles are, from 0 to 1, whatever their case and spaces.

    >>> likeness("Keep a log of refunds", "Keep a log of all refunds") > ALIKE
    True
    >>> likeness("Keep a log of refunds", "Review discounts every year") < ALIKE
    True
    """
    one, two = sorted((folded(title), folded(other)))
    return SequenceMatcher(None, one, two, autojunk=False).ratio()


def retitled(new: Mapping[P, str], gone: Mapping[str, str]) -> dict[P, str]:
    """Return which of the ``gone`` titles each ``new`` one is alike to, most alike first.

    Each is given once. Titles that don't share half of their words are not looked at.
    """
    words = {ref: frozenset(folded(title).split()) for ref, title in gone.items()}
    holding: dict[str, list[str]] = defaultdict(list)
    for ref, of_title in words.items():
        for word in of_title:
            holding[word].append(ref)
    pairs: list[tuple[float, int, P, str]] = []
    for row, title in new.items():
        own = frozenset(folded(title).split())
        rarest = sorted(own & holding.keys(), key=lambda word: (len(holding[word]), word))
        near = {ref for word in rarest[:_SHARED] for ref in holding[word][:_LOOKED_AT]}
        for ref in sorted(near):
            if 4 * len(own & words[ref]) >= len(own) + len(words[ref]):
                pairs.append((-likeness(title, gone[ref]), len(pairs), row, ref))
    found: dict[P, str] = {}
    taken = set[str]()
    for unlike, _, row, ref in sorted(pairs, key=lambda pair: pair[:2]):
        if -unlike >= ALIKE and row not in found and ref not in taken:
            found[row] = ref
            taken.add(ref)
    return found
