"""Find the record that a row of a sheet is about, or see that it is a new one."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from irbtrack.domain.journal import Change
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.sheet import say_rows
from irbtrack.domain.words import folded
from irbtrack.store.database import Reader
from irbtrack.store.gather import changes_in_force, newest

Key = tuple[str | None, ...]


class KnownRecords:
    """The records of a noun in the register, by reference and by key."""

    def __init__(self, reader: Reader, kind: type[Record]) -> None:
        self._reader, self._kind, self._key = reader, kind, kind.KEY
        self.newest = newest(reader, kind)
        self._called: dict[Key, list[str]] = {}
        for ref, record in self.newest.items():
            self._called.setdefault(self.key(vars(record)), []).append(ref)

    @cached_property
    def changes(self) -> dict[str, list[Change]]:
        """Return the changes in force, by reference, read when they are first asked for."""
        return changes_in_force(self._reader, self._kind)

    @cached_property
    def _refs(self) -> dict[str, str]:
        return {ref.casefold(): ref for ref in self.changes}

    def key(self, fields: Mapping[str, Any]) -> Key:
        """Return the values that identify a record with these fields, in folded case."""
        values = (fields.get(name) for name in self._key)
        return tuple(None if value is None else folded(str(value)) for value in values)

    def ref(self, asked: str) -> str | None:
        """Return the reference of a record that is there, whatever the case."""
        return self._refs.get(asked.casefold())

    def called(self, key: Key, nth: int) -> str | None:
        """Return the nth record, from 0, that is called so, so that rows alike find their own."""
        found = self._called.get(key, [])
        return found[nth] if nth < len(found) else None


class Matcher:
    """Finds the known record that each row is about, and the rows that share a reference.

    ``seen`` has the row of each reference met so far, and ``repeated`` the rows of each
    reference that occurs more than once. References are in lower case, and rows count from 0.
    """

    def __init__(
        self,
        register: KnownRecords,
        defaults: Mapping[str, Any],
        year_of_audit: Callable[[str], str],
    ) -> None:
        self._register, self._defaults, self._year_of = register, defaults, year_of_audit
        self._alike: dict[Key, int] = {}
        self.seen: dict[str, int] = {}
        self.repeated: Mapping[str, list[int]] = {}

    def known(self, said: Mapping[str, Any], row: int) -> tuple[str | None, str | None]:
        """Return the known record that a row is about, None for a new one; and why not.

        The reference is None for a new record. A row without a reference is matched by its key;
        of several rows that are alike, the second is matched with the second record. A reference
        that another row has too is a problem.
        """
        given = said.get("ref")
        ref = self._called(said) if given is None else self._register.ref(given)
        name = (ref or given or "").casefold()
        others = [other for other in self.repeated.get(name, ()) if other != row]
        if name in self.seen and self.seen[name] not in others:
            others.append(self.seen[name])
        if name:
            self.seen.setdefault(name, row)
        if not others:
            return ref, None
        return ref, (
            f"{ref or given} is in {say_rows(others)} too; give each its own reference, or"
            " leave the column out with '--map ref=' if every audit begins anew"
        )

    def _called(self, said: Mapping[str, Any]) -> str | None:
        whole = {**self._defaults, **said}
        if whole.get("audit") is not None:
            whole["year"] = self._year_of(whole["audit"])
        key = self._register.key(whole)
        nth = self._alike.get(key, 0)
        self._alike[key] = nth + 1
        return self._register.called(key, nth)


def announced(rows: Iterable[Mapping[str, Any]], label: str) -> dict[str, str]:
    """Return a sheet's own rows, by reference and by what they are called, folded."""
    own: dict[str, str] = {}
    for said in rows:
        if (ref := said.get("ref")) is not None:
            own[folded(str(ref))] = str(ref)
            own.setdefault(folded(str(said.get(label, ""))), str(ref))
    return own
