"""Find the record that a row of a sheet is about, or see that it is a new one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.cells import as_typed
from irbtrack.domain.tracker.identity import Unclear, alike, identities, key_of
from irbtrack.domain.tracker.outcomes import Open
from irbtrack.domain.tracker.retitling import retitled
from irbtrack.domain.tracker.sheet import ROWS_NAMED, RowPlace, say_rows
from irbtrack.domain.tracker.statements import Statement
from irbtrack.domain.words import folded
from irbtrack.errors import listed, quoted
from irbtrack.store.database import Reader
from irbtrack.store.gather import changes_of, newest


class KnownRecords:
    """The records of a noun in the register, by reference."""

    def __init__(self, reader: Reader, kind: type[Record]) -> None:
        self._reader, self.kind = reader, kind
        self.newest = newest(reader, kind)

    def changes(self, refs: Iterable[str | None]) -> Iterator[list[Change]]:
        """Yield the changes in force of each record that is named; none where None stands."""
        return changes_of(self._reader, self.kind, refs)

    @cached_property
    def _refs(self) -> dict[str, str]:
        return {ref.casefold(): ref for ref in self.newest}

    def ref(self, asked: str) -> str | None:
        """Return the reference of a record that is there, whatever the case."""
        return self._refs.get(asked.casefold())


class Retitling(NamedTuple):
    """A row whose title is nearly that of a known record which no row is about."""

    place: RowPlace
    title: str
    ref: str
    was: str


Same = Callable[[Retitling], bool | None]
"""Whether such a row is the same record with another title; None if nobody has said."""


def nobody_said(_: Retitling) -> None:
    """Leave it open whether a row is a known record with another title."""


_UNTOLD = frozenset({"status", "reason", "approved_by", "times_redated", "percent_complete"})
"""Fields that a record need not have as its row says them."""


_LASTING = ("directorate", "owner", "raised_on", "original_due_on", "detail", "due_on", "priority")
"""Fields that may tell rows apart, those first that change least."""


class Matcher:
    """Finds the known record that each row is about, among all rows of a file.

    ``key`` names the fields by which a row without a reference is known; without it, those of
    the noun. ``same`` says whether a row is a known record with another title; without it that
    is not asked. ``seen`` has the row of each reference, in lower case. ``audits`` are
    those that the rows are of. ``alike`` are the rows that can't be told apart, in groups.
    """

    def __init__(
        self,
        register: KnownRecords,
        defaults: Mapping[str, Any],
        year_of_audit: Callable[[str], str],
        key: Sequence[str] = (),
        same: Same | None = None,
    ) -> None:
        kind = register.kind
        self._register, self._defaults, self._year_of = register, defaults, year_of_audit
        self._label, self._same = kind.LABEL, same if kind is Action else None
        self._key = whole_key(key) if key else kind.KEY
        self._further = () if key else kind.TOLD_APART_BY
        self._found: dict[RowPlace, str] = {}
        self._places: dict[str, list[RowPlace]] = {}
        self._problems: dict[RowPlace, str] = {}
        self.seen: dict[str, RowPlace] = {}
        self.alike: list[list[RowPlace]] = []
        self.audits: set[str] = set()
        self.retitled: list[RowPlace] = []
        self.undecided: list[Retitling] = []

    def meet(self, statements: Iterable[Statement]) -> None:
        """Look at all rows at once, because a row is known by how it differs from the others."""
        keyed: dict[RowPlace, Statement] = {}
        for one in statements:
            given = one.said.get("ref")
            self.audits.update(filter(None, [one.said.get("audit")]))
            if given is not None:
                ref = self._register.ref(given)
                self._places.setdefault(given.casefold(), []).append(one.place)
                if ref is not None:
                    self._found[one.place] = ref
            elif not any(name == "ref" for name, _ in one.problems):
                keyed[one.place] = one
        if keyed:
            self._meet_keyed(keyed)
        for row, ref in self._found.items():
            self.seen.setdefault(ref.casefold(), row)
            self.audits.update(filter(None, [getattr(self._register.newest[ref], "audit", None)]))

    @property
    def known_refs(self) -> Iterable[str]:
        """Return the references of the known records that rows are about."""
        return self._found.values()

    def ref_of(self, statement: Statement) -> str | None:
        """Return the known record that a row is about, or None for a new one."""
        return self._found.get(statement.place)

    def bars(self, statement: Statement) -> list[tuple[str, str]]:
        """Return the problems that keep a row from being about any one record."""
        row, given = statement.place, statement.said.get("ref")
        problems = [(self._label, self._problems[row])] if row in self._problems else []
        others = [one for one in self._places.get((given or "").casefold(), ()) if one != row]
        if others:
            ref = self._found.get(row, given)
            why = (
                f"{ref} is in {say_rows(others)} too; give each its own reference, or"
                " leave the column out with '--map ref=' if every audit begins anew"
            )
            problems.append(("ref", why))
        return problems

    def _meet_keyed(self, keyed: Mapping[RowPlace, Statement]) -> None:
        """Find the records of the rows without references, of those that no row names."""
        named = set(self._found.values())
        rows = {row: self._values(one) for row, one in keyed.items()}
        long = _long_titles(keyed.values())
        records = {
            ref: _with_whole_title(vars(record), long)
            for ref, record in self._register.newest.items()
            if ref not in named
        }
        found = identities(rows, records, self._key, self._further)
        self._found |= found.found
        for unclear in found.unclear:
            why = self._say_unclear(unclear, rows)
            self._problems |= dict.fromkeys(unclear.rows, why)
        self.alike = alike(_titled(rows, self._label), self._key, self._further)
        self._refuse_in_two_sheets(rows)
        if self._same is not None and self._label in self._key:
            taken = {*found.found.values(), *(ref for one in found.unclear for ref in one.refs)}
            gone = {ref: values for ref, values in records.items() if ref not in taken}
            new = {row: values for row, values in rows.items() if row not in self._found}
            self._settle_retitled(self._same, keyed, new, gone)

    def _refuse_in_two_sheets(self, rows: Mapping[RowPlace, Mapping[str, Any]]) -> None:
        """Refuse the rows of several sheets that nothing tells apart, unless all are known."""
        for group in self.alike:
            if len({row.sheet for row in group}) == 1 or self._found.keys() >= set(group):
                continue
            fields = [*self._key, *self._further]
            shared = [n for n in fields if len({key_of(rows[row], [n]) for row in group}) == 1]
            said = [name for name in shared if rows[group[0]].get(name) is not None]
            why = (
                f"{say_rows(group)} are alike in {listed(said, 'and')}; take one of them out, or"
                " name with --key what tells them apart"
            )
            self._problems |= dict.fromkeys(group, why)

    def _values(self, one: Statement) -> dict[str, Any]:
        """Return what a row says of its record, with all of a title that was shortened.

        Defaults count only in the key: they are those of new records.
        """
        told = {name: value for name, value in one.said.items() if name not in _UNTOLD}
        told |= {
            name: self._defaults[name]
            for name in self._key
            if name not in told and name in self._defaults
        }
        if told.get("audit") is not None:
            told["year"] = self._year_of(told["audit"])
        if one.shortened:
            told[self._label] = as_typed(one.cells[self._label])
        if isinstance(one.said.get("status"), Open):
            told.setdefault("completed_on", None)
        return told

    def _say_unclear(
        self, unclear: Unclear[RowPlace], rows: Mapping[RowPlace, Mapping[str, Any]]
    ) -> str:
        """Return the sentence that refuses rows which can't be told apart."""
        some = [rows[row] for row in unclear.rows]
        told = {name: {key_of(one, [name]) for one in some} for name in set().union(*some)}
        alike = [name for name in (*self._key, *self._further) if len(told.get(name, ())) == 1]
        telling = [
            name for name in _LASTING if len(some) > 1 and len(told.get(name, ())) == len(some)
        ]
        refs = list(unclear.refs[:ROWS_NAMED])
        if len(unclear.refs) > ROWS_NAMED:
            refs.append(f"{len(unclear.refs) - ROWS_NAMED:,} more")
        key = ",".join(name for name in (*self._key, *telling[:1]) if name != "year")
        remedy = (
            f"'--key {key}' tells them apart"
            if telling
            else "give each its reference, or name with --key the fields that tell them apart"
        )
        return (
            f"{say_rows(unclear.rows)} can be any of {listed(refs, 'and')}, which are alike in"
            f" {listed(alike, 'and')}; {remedy}"
        )

    def _settle_retitled(
        self,
        same: Same,
        keyed: Mapping[RowPlace, Statement],
        new: Mapping[RowPlace, Mapping[str, Any]],
        gone: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Let rows be known records whose titles are nearly theirs, if somebody says so."""
        within = [name for name in self._key if name != self._label]
        groups: dict[tuple[Any, ...], tuple[dict[RowPlace, str], dict[str, str]]] = {}
        for row, values in new.items():
            title = keyed[row].said.get(self._label)
            if title is not None and row not in self._problems:
                groups.setdefault(key_of(values, within), ({}, {}))[0][row] = title
        for ref, record in gone.items():
            if (group := groups.get(key_of(record, within))) is not None:
                group[1][ref] = getattr(self._register.newest[ref], self._label)
        for titles, were in groups.values():
            for row, ref in sorted(retitled(titles, were).items()) if were else ():
                one = Retitling(row, titles[row], ref, were[ref])
                decided = same(one)
                if decided:
                    self._found[row] = ref
                    self.retitled.append(row)
                elif decided is None:
                    self.undecided.append(one)
                    self._problems[row] = _say_undecided(one)


def _titled(
    rows: Mapping[RowPlace, Mapping[str, Any]], label: str
) -> dict[RowPlace, Mapping[str, Any]]:
    """Return the rows that say what their record is called."""
    return {row: values for row, values in rows.items() if values.get(label) is not None}


def whole_key(key: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of a key, with the year of an audit, by which an audit is known."""
    return tuple(dict.fromkeys((*(["year"] if "audit" in key else []), *key)))


def _long_titles(statements: Iterable[Statement]) -> dict[str, list[str]]:
    """Return the whole titles that were shortened, by what is left of them; the longest first."""
    long: dict[str, list[str]] = {}
    for one in statements:
        if one.shortened:
            whole = folded(as_typed(one.cells["title"]))
            long.setdefault(folded(one.said["title"]), []).append(whole)
    return {short: sorted(whole, key=len, reverse=True) for short, whole in long.items()}


def _with_whole_title(
    record: Mapping[str, Any], long: Mapping[str, list[str]]
) -> Mapping[str, Any]:
    """Return a record with all of its title, which its detail begins with if it was shortened."""
    candidates = long.get(folded(record["title"]), ()) if long else ()
    detail = folded(record.get("detail") or "") if candidates else ""
    whole = next((one for one in candidates if f"{detail} ".startswith(f"{one} ")), None)
    return record if whole is None else {**record, "title": whole}


def _say_undecided(one: Retitling) -> str:
    return (
        f"{quoted(one.title)} may be {one.ref}, {quoted(one.was)}, which has no row;"
        " '--retitled same' takes such rows as the same with another title, '--retitled new' as"
        " others"
    )


def announced(rows: Iterable[Mapping[str, Any]], label: str) -> dict[str, str]:
    """Return a sheet's own rows, by reference and by what they are called, folded."""
    own: dict[str, str] = {}
    for said in rows:
        if (ref := said.get("ref")) is not None:
            own[folded(str(ref))] = str(ref)
            own.setdefault(folded(str(said.get(label, ""))), str(ref))
    return own
