"""Match the words of a header to the fields that they may mean, and say how closely.

The words of each field stand with it, in its noun's file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple
from unicodedata import normalize

from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns import NOUNS

LONGEST = 80
"""The characters a header may have; a longer text is a sentence."""

HeaderWords = tuple[str, ...]


class Close(IntEnum):
    """How closely a header says a field: from the program's own name to words within it."""

    NAME = 0
    LABEL = 1
    WORDS = 2
    REORDERED = 3
    ASIDE = 4
    WITHIN = 5


LATER_OF = {first: later for kind in NOUNS.values() for later, (first, _) in kind.TRACKED.items()}
"""The field of a revised date, by that of the original one."""

DONE = "completed_on"
"""The field of an actual date, by the field of the planned one."""

_SUPERSEDED = 1_000  # added to the place of an original rating: an adjusted one comes first
EARLIER = frozenset({"original", "initial", "first", "baseline"})
"""Words that say a date is the first one."""

LATER = frozenset({"revised", "new", "current", "latest", "extended", "amended", "updated"})
"""Words that say a date is a revised one."""

_PLANNED = frozenset({
    "planned", "scheduled", "target", "expected", "estimated", "proposed", "anticipated",
    "projected", "intended", "forecast", "agreed",
})  # fmt: skip

_VAGUE = frozenset({
    "accountability", "assignment", "category", "created", "division", "grade", "id", "inquiry",
    "inspection", "investigation", "issue", "lead", "logged", "made", "mitigation", "number",
    "opened", "organisation", "organization", "original", "position", "queue", "rating",
    "recipient", "remediation", "report", "resolution", "review", "revised", "risk", "service",
    "stage", "state", "target", "task", "team", "title", "treatment", "update",
})  # fmt: skip
"""Words that mean a field only if the cells fit it."""

_OF_ONE_SIDE = frozenset({
    "impact", "likelihood", "probability", "consequence", "inherent", "residual", "gross", "net",
    "control",
})  # fmt: skip
"""Words that say a rating is only of one side of a risk, and so no priority."""

_CONNECTIVES = frozenset({"of", "for", "to", "from", "and", "or", "in", "at", "by", "per"})
_COUNTS = frozenset({"number", "no", "count", "day", "week", "month", "time"})


class Match(NamedTuple):
    """How closely a header says a field, with how many words, and which of them."""

    closeness: int
    length: int
    place: int
    phrase: HeaderWords

    @property
    def vague(self) -> bool:
        """Return whether the cells must fit too."""
        return self.closeness == Close.WITHIN or (
            self.closeness > Close.LABEL and " ".join(self.phrase) in _VAGUE
        )


def words_of(text: str) -> HeaderWords:
    """Return the words of a header, in lower case and singular, without punctuation.

    >>> words_of("Rec. No's"), words_of("dueDate"), words_of("% complete"), words_of("Re-dated")
    (('rec', 'no'), ('due', 'date'), ('percent', 'complete'), ('re', 'dated'))
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", normalize("NFKC", text)).casefold()
    spelt = parted.replace("%", " percent ").replace("#", " no ")
    spelt = re.sub(r"[’']s?\b|[’']", "", spelt)
    return tuple(_singular(word) for word in re.findall(r"[^\W_]+", spelt))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and re.search(r"[^sui]s$", word) else word


class Vocabulary:
    """The words that headers may use for the ``fields`` of a noun."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = {field.name: field for field in fields}
        self._phrases: dict[HeaderWords, dict[str, Match]] = {}
        self._reordered: dict[frozenset[str], dict[str, Match]] = {}
        for field in fields:
            sayings = [(field.name, Close.LABEL), (field.label, Close.LABEL)]
            sayings += [(phrase, Close.WORDS) for phrase in field.words]
            for place, (saying, closeness) in enumerate(sayings):
                phrase = words_of(saying)
                match = Match(closeness, len(phrase), place, phrase)
                self._phrases.setdefault(phrase, {}).setdefault(field.name, match)
                self._reordered.setdefault(frozenset(phrase), {}).setdefault(
                    field.name, match._replace(closeness=Close.REORDERED)
                )
        self._pairs = [(a, b) for a, b in LATER_OF.items() if a in self.fields and b in self.fields]
        self._known: dict[str, Mapping[str, Match]] = {}

    def matches(self, label: str) -> Mapping[str, Match]:
        """Return the fields that a header may mean, by name, and how closely it says so."""
        if label not in self._known:
            self._known[label] = self._matches(label)
        return self._known[label]

    def _matches(self, label: str) -> Mapping[str, Match]:
        if label in self.fields:
            return {label: Match(Close.NAME, 1, 0, (label,))}
        words = words_of(label) if len(label) <= LONGEST else ()
        if not words:
            return {}
        found = dict(self._within(words))
        nearer(found, self._exactly(words_of(re.sub(r"\(.*?\)|\[.*?\]", " ", label))), Close.ASIDE)
        for name, match in self._turned(words):
            nearer(found, {name: match})
        nearer(found, self._exactly(words))
        closest = min((match.closeness for match in found.values()), default=0)
        exact = closest <= Close.REORDERED  # then no words within the header count
        return {n: m for n, m in found.items() if not exact or m.closeness <= Close.REORDERED}

    def _exactly(self, words: HeaderWords) -> Mapping[str, Match]:
        return self._reordered.get(frozenset(words), {}) | self._phrases.get(words, {})

    def _turned(self, words: HeaderWords) -> Iterator[tuple[str, Match]]:
        """Yield the dates that a word such as Revised or Expected turns others into."""
        for earlier, later in self._pairs:
            for turning, name in ((EARLIER, earlier), (LATER, later), (_PLANNED, later)):
                rest = tuple(word for word in words if word not in turning)
                if not rest or len(rest) == len(words):
                    continue
                dates = (earlier, later, DONE)
                if said := [m for n, m in self._exactly(rest).items() if n in dates]:
                    yield name, min(said)._replace(closeness=Close.REORDERED)
                elif said := [m for n, m in self._within(rest) if n in dates]:
                    yield name, max(said, key=lambda match: match.length)
                else:
                    continue
                break

    def _within(self, words: HeaderWords) -> list[tuple[str, Match]]:
        """Return the fields that words within a header mean.

        A single word counts only where it is what the header is about.
        """
        if words[0] in _COUNTS or words[-1] == "by" or len(words) > 16:
            return []
        head = next((n for n, word in enumerate(words) if word in _CONNECTIVES), len(words))
        by = "by" in words
        last = _SUPERSEDED if not EARLIER.isdisjoint(words) else 0
        found: dict[str, Match] = {}
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                if end - start == 1 and (end != head or by):
                    continue
                for name, match in self._phrases.get(words[start:end], {}).items():
                    if not self._contradicted(name, words, match.phrase):
                        placed = match._replace(place=match.place + last)
                        nearer(found, {name: placed}, Close.WITHIN)
        return list(found.items())

    def _contradicted(self, name: str, words: HeaderWords, phrase: HeaderWords) -> bool:
        """Return whether the words around a phrase give it another meaning.

        A Status date, for example, is no status, and an Impact rating no priority.
        """
        holds = self.fields[name].holds
        if "date" in words and holds is not Holds.DATE:
            return True
        if holds is Holds.PRIORITY and is_of_one_side(words):
            return True
        around = set(words) - set(phrase)
        paired = {name for pair in self._pairs for name in pair} | {DONE}
        return name in paired and not around.isdisjoint(EARLIER | LATER | _PLANNED)


def is_of_one_side(words: HeaderWords) -> bool:
    """Return whether a header is of a rating of one side of a risk, such as its impact."""
    return not _OF_ONE_SIDE.isdisjoint(words)


def nearer(found: dict[str, Match], more: Mapping[str, Match], closeness: int = 0) -> None:
    """Put into ``found`` each match that is closer than the one it has.

    None of them counts as closer than ``closeness``.
    """
    for name, one in more.items():
        match = one._replace(closeness=max(one.closeness, closeness))
        has = found.get(name)
        if has is None or in_order(match) < in_order(has):
            found[name] = match


def in_order(match: Match) -> tuple[int, int, int]:
    """Return the key that sorts matches, the closest first."""
    return match.closeness, -match.length, match.place


def distinct(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels, with a number after each that repeats an earlier one."""
    labels = list(labels)
    used = {label.casefold() for label in labels}
    seen: Counter[str] = Counter()
    told = []
    for label in labels:
        folded = label.casefold()
        seen[folded] += 1
        if label and seen[folded] > 1:
            while f"{folded} ({seen[folded]})" in used:
                seen[folded] += 1
            used.add(f"{folded} ({seen[folded]})")
            told.append(f"{label} ({seen[folded]})")
        else:
            told.append(label)
    return tuple(told)
