"""Find the records that a sheet's cells name, or make the missing ones if that was asked for."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from irbtrack.domain.field import Holds
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.audit import Audit, AuditStatus
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.cells import is_joined, names_in
from irbtrack.domain.words import folded, read_title
from irbtrack.errors import Refused, quoted
from irbtrack.register import find
from irbtrack.register.references import Allocator
from irbtrack.store.database import Reader
from irbtrack.store.gather import newest


class Made(NamedTuple):
    """A record that was missing and is made by the import."""

    noun: str
    ref: str
    fields: dict[str, Any]
    name: str

    def said(self, would: str) -> str:
        """Return the sentence that says it."""
        more = f" ({self.fields['year']}, {self.fields['status']})" if "year" in self.fields else ""
        return f"{self.noun} {self.ref} {would}made: {self.name}{more}"


class Lookup:
    """Finds the references of what cells name, and looks each text up only once.

    ``own`` has the references of the sheet's own rows, for rows that refer to one another.
    ``former`` has the names that records had when the workbook was exported. Both are by what
    the field holds, and by the folded text.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        create_missing: bool = False,
        own: Mapping[Holds, Mapping[str, str]] | None = None,
        former: Mapping[Holds, Mapping[str, str]] | None = None,
    ) -> None:
        self._reader, self._create = reader, create_missing
        self._own, self._former = own or {}, former or {}
        self._found: dict[tuple[Holds, str, str | None], Any] = {}
        self._audits = newest(reader, Audit)
        self._years = {ref: one.year for ref, one in self._audits.items()}
        self._names = {ref: folded(one.name) for ref, one in self._audits.items()}
        self._allocators: dict[str, Allocator] = {}
        self.made: list[Made] = []

    def find(self, holds: Holds, text: str, year: str | None = None) -> Any:
        """Return the reference that a text means, or the codes of several officers.

        ``year`` is that of an audit. Raise :class:`Refused` if nothing has that name.
        """
        asked = (holds, folded(text), year if holds is Holds.AUDIT else None)
        if asked not in self._found:
            self._found[asked] = self._look(holds, text, year)
        return self._found[asked]

    def year_of_audit(self, ref: str) -> str:
        """Return the year of an audit that was found or made."""
        return self._years[ref]

    def made_audit(self, name: str) -> str | None:
        """Return the audit of a name that the import makes, if it makes only one."""
        found = [one.ref for one in self.made if (one.noun, folded(one.name)) == ("audit", name)]
        return found[0] if len(found) == 1 else None

    def same_name(self, one: str, other: str) -> bool:
        """Return whether two audits have the same name, as audits of different years may."""
        return one in self._names and self._names[one] == self._names.get(other)

    def whole_names(self, directorates: Iterable[str]) -> Iterator[str]:
        """Yield the names of posts and directorates that have several parts, in lower case.

        The sheet names other ``directorates``.
        """
        posts = (one.title for one in newest(self._reader, Officer).values())
        known = (one.name for one in newest(self._reader, Directorate).values())
        for name in {folded(one) for one in (*posts, *known, *directorates)}:
            if is_joined(name):
                yield name

    def allocator(self, noun: str) -> Allocator:
        """Return what gives out the references of a noun."""
        if noun not in self._allocators:
            self._allocators[noun] = Allocator(self._reader, NOUNS[noun])
        return self._allocators[noun]

    def settle(self, meant: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Keep only the records to be made that are ``meant``, by noun and reference.

        Their references are given out anew, without those of the others. Return the final
        reference of each.
        """
        for one in reversed(self.made):
            self.allocator(one.noun).give_back(one.ref, one.fields)
        kept = [one for one in self.made if (one.noun, one.ref) in meant]
        self.made = [one._replace(ref=self.allocator(one.noun).give(one.fields)) for one in kept]
        pairs = zip(kept, self.made, strict=True)
        return {(was.noun, was.ref): now.ref for was, now in pairs}

    def _look(self, holds: Holds, text: str, year: str | None) -> Any:
        if (own := self._own.get(holds, {}).get(folded(text))) is not None:
            return own
        if holds is Holds.OFFICERS:
            return self._officers(text)
        if (former := self._former.get(holds, {}).get(folded(text))) is not None:
            return self._still(holds, text, former)
        try:
            if holds is Holds.AUDIT:
                return find.audit(self._reader, text, year, self._audits).ref
            return _FINDS[holds](self._reader, text).ref
        except Refused as refusal:
            if not NOUNS[holds.noun or ""].MADE_BY_IMPORT:
                raise
            if not self._create:
                why, _, _ = str(refusal).partition("'irbtrack")
                raise Refused(f"{why}--create-missing makes it") from None
            return self._make(holds, " ".join(text.split()), year)

    def _still(self, holds: Holds, text: str, former: str) -> str:
        """Return what a name meant at the time of an export, unless it means another now."""
        if holds in _FINDS:
            try:
                now = _FINDS[holds](self._reader, text).ref
            except Refused:
                return former
            if now != former:
                raise Refused(
                    f"{quoted(text)} was {former} when this was exported, and is {now} now; give"
                    " the code of one"
                )
        return former

    def _officers(self, text: str) -> tuple[str, ...]:
        """Return the officers whom a text names, one or several.

        Several are parted by semicolons, slashes or lines.
        """
        try:
            return (find.officer(self._reader, text).ref,)
        except Refused:
            return tuple(dict.fromkeys(self.find(Holds.OFFICER, one) for one in names_in(text)))

    def _make(self, holds: Holds, name: str, year: str | None) -> str:
        noun = holds.noun or ""
        fields: dict[str, Any] = {NOUNS[noun].LABEL: read_title(f"the name of the {noun}", name)}
        if holds is Holds.AUDIT:
            if year is None:
                raise Refused(f"no audit {quoted(name)}; give its year, and it can be made")
            fields |= {"year": year, "status": AuditStatus.DRAFT.value}
        ref = self.allocator(noun).give(fields)
        if holds is Holds.AUDIT:
            self._years[ref] = fields["year"]
        self.made.append(Made(noun, ref, fields, name))
        return ref


_FINDS: dict[Holds, Callable[[Reader, str], Record]] = {
    Holds.DIRECTORATE: find.directorate,
    Holds.OFFICER: find.officer,
    Holds.DIRECTION: find.direction,
    Holds.WORKSTREAM: find.workstream,
    Holds.MILESTONE: find.milestone,
}
