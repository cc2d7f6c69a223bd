"""The words of the made-up actions, put together from ``wording.toml``."""

import tomllib
from collections import Counter
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

OFTEN = ("every month", "each quarter", "twice a year")


class Title(NamedTuple):
    """A title, and the kind of pattern it was made from.

    It is its ``own`` if it was written whole.
    """

    text: str
    kind: str


class Wording:
    """Titles that are never given twice, and the sentences of a history."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        text = Path(__file__).with_name("wording.toml").read_text(encoding="utf-8")
        self.words: dict[str, Any] = tomllib.loads(text)
        self.given: set[str] = set()

    def owners(self, topic: str) -> list[str]:
        """Return the posts that answer for a topic's actions, the usual one first."""
        return list(self.words["topics"][topic]["owners"])

    def titles(self, topic: str, wanted: int) -> list[Title]:
        """Return titles for one audit; about half are written for the topic alone."""
        patterns = self._from_patterns(topic)
        own = [text for text in self.words["topics"][topic]["own"] if text not in self.given]
        share = wanted if not patterns else min(len(own), -(-wanted * 9 // 20))
        share = max(share, wanted - len(patterns))
        titles = [Title(text, "own") for text in own[:share]] + patterns[: wanted - share]
        if len(titles) != wanted:
            raise SystemExit(f"{topic}: {wanted} titles are wanted, and {len(titles)} can be made")
        if patterns:
            self.rng.shuffle(titles)
        self.given.update(title.text for title in titles)
        return titles

    def _from_patterns(self, topic: str) -> list[Title]:
        """Return new titles in random order.

        No pattern is used twice, and no phrase three times.
        """
        about = self.words["topics"][topic]
        possible = [
            (kind, pattern, phrase)
            for kind, patterns in self.words["patterns"].items()
            for pattern, phrase in product(patterns, _listed(about.get(kind)))
        ]
        self.rng.shuffle(possible)
        used: Counter[str] = Counter()
        titles = []
        for kind, pattern, phrase in possible:
            often = self.rng.choice(OFTEN)
            text = pattern.format(x=phrase, staff=about["staff"], often=often)
            if used[pattern] < 1 and used[phrase] < 2 and text not in self.given:
                used.update((pattern, phrase))
                titles.append(Title(text, kind))
        return titles

    def detail(self, kind: str) -> str:
        """Return what the auditor found, for an action of this kind."""
        tested = self.rng.choice((10, 15, 20, 25, 30))
        return self._one("details", kind).format(n=tested, m=self.rng.randint(2, tested // 2))

    def evidence(self, kind: str) -> str:
        """Return what was shown when an action of this kind was completed."""
        return self._one("evidence", kind)

    def progress(self, percent: int) -> str:
        """Return what an owner says of an action that is done to this percentage."""
        stage = "begun" if percent < 35 else "halfway" if percent < 70 else "nearly"
        return self._one("progress", stage)

    def reason(self, verb: str) -> str:
        """Return why an action was redated or reopened."""
        return self._one("reasons", verb)

    def closure_reason(self, closure: str) -> str:
        """Return why an action was closed in this way."""
        return str(self.words["closures"][closure])

    def _one(self, table: str, key: str) -> str:
        return str(self.rng.choice(self.words[table][key]))


def _listed(phrases: str | list[str] | None) -> list[str]:
    if phrases is None:
        return []
    return [phrases] if isinstance(phrases, str) else phrases
