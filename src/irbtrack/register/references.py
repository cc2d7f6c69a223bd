"""References and codes of new records, given out one after the other."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from irbtrack.domain.record import next_ref
from irbtrack.store.database import Reader
from irbtrack.store.gather import refs


class Allocator:
    """References of a noun that are not taken, given out one after the other."""

    def __init__(self, reader: Reader, noun: str) -> None:
        self._noun = noun
        self._taken = set(refs(reader, noun))
        self._folded = {ref.casefold() for ref in self._taken}
        self._next: dict[str, int] = {}

    def give(self, fields: Mapping[str, Any]) -> str:
        """The reference of a new record with these fields, as its 'add' command would give it."""
        year = str(fields.get("year", "")).replace("/", "")
        if self._noun == "action":
            return self._after(f"{year}-", 3)
        if self._noun == "audit":
            return self._after(f"{year}-A", 2)
        if self._noun in ("milestone", "note"):
            return self._after("M", 3) if self._noun == "milestone" else self._after("N", 1)
        label = "title" if self._noun == "officer" else "name"  # a post's name is its holder's
        return self._code(str(fields.get(label) or ""))

    def take(self, ref: str) -> None:
        """Let a reference count as taken."""
        self._taken.add(ref)
        self._folded.add(ref.casefold())

    def _after(self, prefix: str, digits: int) -> str:
        if prefix not in self._next:
            self._next[prefix] = int(next_ref(prefix, self._taken, digits)[len(prefix) :])
        while (ref := f"{prefix}{self._next[prefix]:0{digits}}").casefold() in self._folded:
            self._next[prefix] += 1
        self.take(ref)
        return ref

    def _code(self, name: str) -> str:
        code = code_like(name)
        tries = (code if n == 1 else f"{code[:34]}-{n}" for n in range(1, 10**5))
        free = next(one for one in tries if one not in self._folded)
        self.take(free)
        return free


def code_like(name: str) -> str:
    """The code that a name suggests: its words in lower case, parted by hyphens.

    >>> code_like("Head of Housing Repairs"), code_like("D-Link & TP-Link"), code_like("Ωμέγα")
    ('head-of-housing-repairs', 'd-link-tp-link', 'x')
    """
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    return words if words and words != "none" else "x"
