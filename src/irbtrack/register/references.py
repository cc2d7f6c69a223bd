"""Give new records their references and codes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import normalize

from irbtrack.domain.record import Record
from irbtrack.store.database import Reader
from irbtrack.store.gather import refs


class Allocator:
    """Gives out the free references of a noun, one after the other."""

    def __init__(self, reader: Reader, kind: type[Record]) -> None:
        self._kind = kind
        self._taken = set(refs(reader, kind.NOUN))
        self._folded = {ref.casefold() for ref in self._taken}
        self._next: dict[str, int] = {}

    def give(self, fields: Mapping[str, Any]) -> str:
        """Return the reference of a new record with these fields, and count it as taken.

        The reference is a number, or a code made from the record's name.
        """
        numbering = self._kind.numbering(fields)
        if numbering is not None:
            return self._after(*numbering)
        return self._code(str(fields.get(self._kind.LABEL) or ""))

    def give_back(self, ref: str, fields: Mapping[str, Any]) -> None:
        """Count the reference that was given last as free again, so that none is left out."""
        self._taken.discard(ref)
        self._folded.discard(ref.casefold())
        if (numbering := self._kind.numbering(fields)) is not None:
            self._next[numbering[0]] = int(ref[len(numbering[0]) :])

    def take(self, ref: str) -> None:
        """Count a reference as taken."""
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


def next_ref(prefix: str, taken: Iterable[str], digits: int = 3) -> str:
    """Return the reference after the highest one taken that begins with ``prefix``.

    Its number has at least so many ``digits``.

    >>> next_ref("2324-", ["2324-009", "2324-017", "2223-044", "2324-A02"])
    '2324-018'
    """
    numbers = [
        int(ref[len(prefix) :])
        for ref in taken
        if ref.startswith(prefix) and ref[len(prefix) :].isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1:0{digits}}"


def code_like(name: str) -> str:
    """Return the code that a name suggests: its words in lower case, parted by hyphens.

    >>> code_like("Head of Housing Repairs"), code_like("D-Link & TP-Link"), code_like("Ωμέγα")
    ('head-of-housing-repairs', 'd-link-tp-link', 'x')
    """
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    return words if words and words != "none" else "x"
