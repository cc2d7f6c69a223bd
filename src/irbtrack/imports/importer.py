"""Compare a sheet's statements with the register: what each would change or why it can't."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.field import FROM, Field
from irbtrack.domain.journal import Change, fold
from irbtrack.domain.nouns import FIELDS, NOUNS
from irbtrack.domain.nouns.action import ASSUMABLE
from irbtrack.domain.nouns.note import Note, Section
from irbtrack.domain.nouns.officer import Person
from irbtrack.domain.record import Version, contradictions_in, references, settable_fields
from irbtrack.domain.tracker.action_rows import tell_action
from irbtrack.domain.tracker.cells import TEXTS, as_typed
from irbtrack.domain.tracker.history_rows import tell_history
from irbtrack.domain.tracker.record_rows import tell_record
from irbtrack.domain.tracker.sheet import RowPlace, say_rows
from irbtrack.domain.tracker.statements import Statement
from irbtrack.domain.tracker.story import Occasion, Row, Story
from irbtrack.domain.words import NOTHING, folded
from irbtrack.errors import quoted
from irbtrack.imports.lookup import Lookup, Made
from irbtrack.imports.matching import KnownRecords, Matcher, Same
from irbtrack.imports.returned import Exported
from irbtrack.register.session import Planned
from irbtrack.store.database import Reader
from irbtrack.store.gather import newest, people, versions_by

_COMMENTARY = Section.COMMENTARY.value

Problems = list[tuple[str, str]]
"""The fields concerned, and the sentences."""


class RowTaken(NamedTuple):
    """A row that was recorded: its place, and its record.

    The record was added, with a reference of its ``own`` or one that was given out, or changed.
    """

    place: RowPlace
    ref: str
    title: str | None
    added: bool
    own: bool


@dataclass
class Taken:
    """What an import would record, and what there is to report about it.

    ``added`` has the references of new records, and ``changed`` those of known ones. ``made``
    are records that were missing, and ``rows`` those that added or changed something.
    ``assumed`` has, for each field, the rows whose date was not given. ``absent`` has, by sheet,
    fields that new records need, and that neither a column nor a default gives. ``alike`` are
    new records that nothing tells apart, in groups.
    """

    planned: list[Planned] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    rows: list[RowTaken] = field(default_factory=list)
    unchanged: int = 0
    assumed: dict[str, list[RowPlace]] = field(default_factory=dict)
    shortened: list[RowPlace] = field(default_factory=list)
    without_audit: list[RowPlace] = field(default_factory=list)
    refused: list[tuple[Statement, Problems]] = field(default_factory=list)
    absent: dict[str, set[str]] = field(default_factory=dict)
    alike: list[list[RowPlace]] = field(default_factory=list)


class _Kept(NamedTuple):
    """A row that can be recorded, with the record it is about and the changes planned."""

    statement: Statement
    ref: str
    known: bool
    versions: Sequence[Version[Any]]
    planned: Sequence[Planned]
    assumed: Sequence[str] = ()
    without_audit: bool = False


class Importer:
    """Works out what the statements of a file would change.

    ``exported`` is what irbtrack's own workbook had when it was exported. ``take`` says whose
    value wins where both the workbook and the register have changed since then. ``key`` and
    ``same`` are those of a :class:`Matcher`.
    """

    def __init__(
        self,
        reader: Reader,
        noun: str,
        lookup: Lookup,
        day: Occasion,
        defaults: Mapping[str, Any],
        exported: Exported | None = None,
        take: str | None = None,
        key: Sequence[str] = (),
        same: Same | None = None,
    ) -> None:
        self.taken = Taken()
        self._noun, self._kind, self._fields = noun, NOUNS[noun], FIELDS[noun]
        self._lookup, self._defaults = lookup, defaults
        self._day = day._replace(as_told=exported is None)
        self._exported, self._decision = exported, take
        self.register = KnownRecords(reader, self._kind)
        self._others = _RegisterSoFar(reader, lookup)
        self._kept: list[_Kept] = []
        self._people = people(reader) if noun == "officer" else {}
        self._comments = _comments(reader) if self._has("commentary") else set()
        places = (getattr(one, "position", 0) for one in self.register.newest.values())
        self._last_place = max(places, default=0)
        self.matcher = Matcher(
            self.register, defaults, lookup.year_of_audit, key, None if exported else same
        )

    def take(self, statements: Iterable[Statement]) -> Taken:
        """Work out every statement, and return what they would change together.

        Each is about a record of its own, or, in a history, about one version of a record.
        """
        histories: list[Statement] = []
        rows: list[Statement] = []
        for statement in statements:
            (histories if FROM.name in statement.columns else rows).append(statement)
        rows = [self._with_audit_of_others(one) for one in rows]
        self._take_histories(histories)
        self.matcher.meet(rows)
        known = self.register.changes(map(self.matcher.ref_of, rows))
        for statement, changes in zip(rows, known, strict=True):
            self._take_row(statement, changes)
        self._refuse_clashes()
        for kept in self._kept:
            self._count(kept)
        self._make_missing()
        added = {one.place for one in self.taken.rows if one.added}
        alike = ([row for row in rows if row in added] for rows in self.matcher.alike)
        self.taken.alike = [rows for rows in alike if len(rows) > 1]
        return self.taken

    def _with_audit_of_others(self, statement: Statement) -> Statement:
        """Return a row without a year with the audit of its name that other rows make.

        They may come later, so this is known only once all rows are read.
        """
        if "year" in statement.said or "audit" not in _fields(statement.problems):
            return statement
        ref = self._lookup.made_audit(folded(as_typed(statement.cells.get("audit"))))
        if ref is None:
            return statement
        problems = tuple(one for one in statement.problems if one[0] != "audit")
        return statement._replace(said={**statement.said, "audit": ref}, problems=problems)

    def _has(self, name: str) -> bool:
        """Return whether the noun has a field of that name."""
        return any(field.name == name for field in self._fields)

    def _refuse_clashes(self) -> None:
        """Refuse the rows whose records contradict others of their noun.

        The remaining rows are checked again, because refusing a row can resolve a contradiction.
        """
        if "contradictions_among" not in vars(self._kind):
            return
        while True:
            there = {one.ref: one for one in self._kept}
            told = {**self._others(self._noun), **{ref: one.versions for ref, one in there.items()}}
            clashes: dict[str, Problems] = {}
            for one in self._kind.contradictions_among(told):
                if one.ref in there and there[one.ref].planned:
                    clashes.setdefault(one.ref, []).append((one.field, str(one)))
            if not clashes:
                return
            for ref, problems in clashes.items():
                self._refuse(there[ref].statement, problems)
            self._kept = [one for one in self._kept if one.ref not in clashes]

    def _contradictions(self, story: Story[Any]) -> Problems:
        """Return the rules of the noun that the row would break, and that held before."""
        if not story.added:
            return []
        found = [(c.field, str(c)) for c in contradictions_in(story.versions, self._others)]
        if found and story.known:
            before = fold(story.kind, story.ref, story.known)
            known = {(c.field, str(c)) for c in contradictions_in(before, self._others)}
            return [one for one in found if one not in known]
        return found

    def _make_missing(self) -> None:
        """Plan the missing records that the kept rows refer to, from the first day of any row.

        Their references are given out anew, so that those of refused rows leave no gaps.
        """
        planned = self.taken.planned
        first_day = min([self._day.of_sheet, *(one.change.effective_on for one in planned)])
        final = self._lookup.settle({one for each in planned for one in referred(each.change)})
        self.taken.made = self._lookup.made
        made = (Change(one.noun, one.ref, first_day, one.fields) for one in self.taken.made)
        moved = {one: ref for one, ref in final.items() if one[1] != ref}
        if moved:
            planned = [one._replace(change=referring_to(one.change, moved)) for one in planned]
        self.taken.planned = [*(Planned(change, "") for change in made), *planned]

    def _take_row(self, statement: Statement, known: Sequence[Change]) -> None:
        """Keep what a row would change, or refuse the row with its problems.

        ``known`` are the changes of its record so far.
        """
        said, problems = dict(statement.said), list(statement.problems)
        ref = self.matcher.ref_of(statement)
        problems += self.matcher.bars(statement)
        if ref is not None:
            said = {name: value for name, value in said.items() if name not in statement.inferred}
        if ref is not None and self._exported and ref in self._exported.records:
            statement, said, problems = self._since_export(ref, statement, problems)
        elif ref is None:
            said = {**self._defaults, **said}
            if self._exported and "ref" in said and self._kind.numbering(said):
                why = f"{said['ref']} is not a reference that was exported; empty it for a new one"
                problems.append(("ref", why))
        elif not self._exported:
            self._keep_audit_of_that_name(ref, said, statement)
            self._refuse_another(ref, said, problems)
            said = {name: value for name, value in said.items() if not self._is_dash(name, value)}
        self._settle_year(ref, said, statement, problems)
        if ref is None:
            self._refuse_unless_whole(said, statement, problems)
        if problems:
            self._refuse(statement, problems)
            return
        given_out = None
        if ref is None:
            ref = said.get("ref")
            if ref is None:
                ref = given_out = self._lookup.allocator(self._noun).give(said)
            self._lookup.allocator(self._noun).take(ref)
            self.matcher.seen[ref.casefold()] = statement.place
            said = self._placed(said)
        reason = said.pop("reason", None)
        story: Story[Any] = Story(self._kind, ref, known)
        to_month = statement.to_month.intersection(ASSUMABLE)
        row = Row(said, statement.notes, reason, to_month & said.keys())
        assumed: list[str] = []
        with story.about("ref"):
            tell = tell_action if self._noun == "action" else tell_record
            assumed = tell(story, row, self._day)
        if not story.known and "audit" not in said:
            assumed += statement.inferred
        if self._exported and story.known and not story.problems:
            story.problems += self._hidden(story, row)
        story.problems += [] if story.problems else self._contradictions(story)
        if story.problems:
            self._refuse(statement, story.problems)
            if given_out is not None:
                self._lookup.allocator(self._noun).give_back(given_out, said)
        else:
            self._keep(story, row, statement, assumed)

    def _hidden(self, story: Story[Any], row: Row) -> Problems:
        """Return what was changed in a workbook and would not hold, as more is said later."""
        newest, asked = (
            story.versions[-1].record,
            settable_fields(self._kind) - {"percent_complete"},
        )
        why = f"{story.ref}: this was changed after the day of --on; give a later day"
        return [
            (name, why)
            for name, value in row.said.items()
            if name in asked and getattr(newest, name) != value
        ]

    def _is_dash(self, name: str, value: Any) -> bool:
        """Return whether a text is only a word for nothing, such as a dash.

        A known record is not changed by one.
        """
        holds = next((one.holds for one in self._fields if one.name == name), None)
        return holds in TEXTS and folded(str(value)) in NOTHING

    def _placed(self, said: dict[str, Any]) -> dict[str, Any]:
        """RowPlace a new record that was not given a place after all others."""
        in_order_of_dates = said.get("section") == _COMMENTARY
        if not self._has("position") or in_order_of_dates or said.get("position") is not None:
            return said
        self._last_place += 1
        return said | {"position": self._last_place}

    def _refuse_another(self, ref: str, said: Mapping[str, Any], problems: Problems) -> None:
        """Refuse a row of a known reference that has another audit and another title."""
        now: Any = self.register.newest.get(ref)
        title, audit = said.get("title"), said.get("audit")
        if self._noun != "action" or now is None or title is None or audit is None:
            return
        if folded(title) != folded(now.title) and audit != now.audit:
            why = (
                f"{ref} is another action, {quoted(now.title)} of {now.audit or now.year}; leave"
                " the column out with '--map ref=' if every audit begins anew, or change one of"
                " the two at a time"
            )
            problems.append(("ref", why))

    def _since_export(
        self, ref: str, statement: Statement, problems: Problems
    ) -> tuple[Statement, dict[str, Any], Problems]:
        """Return what of a row is not as it was exported, and the problems of those cells.

        A cell that was emptied clears its field. A change that the register has made too is a
        problem, unless ``--take`` says which of the two wins.
        """
        assert self._exported is not None, "only of a workbook of irbtrack's own"
        there = [one for one in self._fields if one.name in statement.columns]
        changed = self._exported.changed(ref, statement, there)
        told = {name: statement.said.get(name, self._nothing(name)) for name in changed}
        now = self.register.newest.get(ref)
        said, conflicts = self._exported.since(ref, told, now, self._people, self._decision)
        mine = [one for one in problems if one[0] in changed | statement.unread | {"ref"}]
        mine += [
            (one.name, self._say_needed(one))
            for one in there
            if one.needed
            and one.name in said
            and said[one.name] is None
            and one.name not in _fields(mine)
        ]
        kept = {"ref", *changed}
        return statement.only(kept), said, mine + conflicts

    def _keep_audit_of_that_name(
        self, ref: str, said: dict[str, Any], statement: Statement
    ) -> None:
        """Keep a known action's own audit if a row has only that audit's name."""
        own, told = getattr(self.register.newest.get(ref), "audit", None), said.get("audit")
        if own is None or told in (None, own) or "year" in said:
            return
        by_name = folded(as_typed(statement.cells.get("audit"))) != folded(told)
        if by_name and self._lookup.same_name(told, own):
            said["audit"] = own

    def _settle_year(
        self, ref: str | None, said: dict[str, Any], statement: Statement, problems: Problems
    ) -> None:
        """Give an action the year of its audit; without an audit it has one of its own."""
        if self._noun != "action":
            return
        now: Any = self.register.newest.get(ref) if ref else None
        if said.get("audit") is not None:
            said["year"] = self._lookup.year_of_audit(said["audit"])
        elif now is not None and now.audit is not None:
            if said.get("year") not in (None, now.year) and "audit" not in said:
                why = f"{ref} is of an audit of {now.year}; name the audit of the other year"
                problems.append(("year", why))
            said.pop("year", None)
        elif now is None and said.get("year") is None and not {"audit", "year"} & _fields(problems):
            if {"audit", "year"} & statement.columns.keys():
                why = "the audit and the year are empty; give one, or --default year=22/23"
                problems.append(("audit", why))
            else:
                problems.append(self._no_column(statement, "year"))

    def _no_column(self, statement: Statement, name: str) -> tuple[str, str]:
        """Note that a sheet has no column for a field, and return the problem of its rows."""
        self.taken.absent.setdefault(statement.place.sheet, set()).add(name)
        return name, ""

    def _refuse_unless_whole(
        self, said: Mapping[str, Any], statement: Statement, problems: Problems
    ) -> None:
        """Add a problem for each missing field that a new record needs.

        The sentence is empty where the whole column is missing, because that is reported once.
        """
        for one in self._fields:
            if not one.needed or said.get(one.name) is not None or one.name in _fields(problems):
                continue
            if one.name in statement.columns:
                problems.append((one.name, self._say_needed(one)))
            else:
                problems.append(self._no_column(statement, one.name))

    def _say_needed(self, one: Field) -> str:
        article = "an" if self._noun[0] in "ao" else "a"
        return f"{one.label} is empty, and {article} {self._noun} needs it; fill the cell"

    def _refuse(self, statement: Statement, problems: Problems) -> None:
        self.taken.refused.append((statement, list(dict.fromkeys(problems))))

    def _keep(
        self, story: Story[Any], row: Row, statement: Statement, assumed: Iterable[str]
    ) -> None:
        """Return what a row changes, and what of it is to be said."""
        planned = [Planned(change, "") for change in story.added]
        if (person := self._person(story.ref, row.said)) is not None:
            day = planned[0].change.effective_on if planned else self._day.of_sheet
            first = planned[0].change if planned else Change("officer", story.ref, day, {})
            planned = [Planned(first, "", person), *planned[1:]]
        planned += self._commentary(story.ref, row.said)
        could_have = self._noun == "action" and "audit" in statement.columns
        self._kept.append(
            _Kept(
                statement,
                story.ref,
                bool(story.known),
                story.versions if "contradictions_among" in vars(self._kind) else (),
                planned,
                tuple(assumed),
                could_have and not story.known and row.said.get("audit") is None,
            )
        )

    def _count(self, kept: _Kept) -> None:
        """Count what a kept row changes, and what to report about it."""
        self.taken.planned += kept.planned
        if not kept.planned:
            self.taken.unchanged += 1
            return
        (self.taken.changed if kept.known else self.taken.added).append(kept.ref)
        said, place = kept.statement.said, kept.statement.place
        title = said.get(self._kind.LABEL)
        row = RowTaken(place, kept.ref, title, not kept.known, "ref" in said)
        self.taken.rows.append(row)
        if kept.without_audit:
            self.taken.without_audit.append(place)
        for name in kept.assumed:
            self.taken.assumed.setdefault(name, []).append(place)
        if kept.statement.shortened:
            self.taken.shortened.append(place)

    def _person(self, ref: str, said: Mapping[str, Any]) -> Person | None:
        """Return who holds a post according to a row, or None if nothing differs."""
        if self._noun != "officer":
            return None
        was = self._people.get(ref, Person(ref))
        now = Person(ref, said.get("name", was.name), said.get("email", was.email))
        return now if now != was else None

    def _commentary(self, ref: str, said: Mapping[str, Any]) -> list[Planned]:
        """Return the note that keeps a row's commentary, unless that is kept already."""
        text = said.get("commentary")
        if text is None or (self._noun, ref, text) in self._comments:
            return []
        self._comments.add((self._noun, ref, text))
        own = self._lookup.allocator("note").give({})
        on = self._day.of_sheet
        fields = {"section": _COMMENTARY, self._noun: ref, "text": text}
        return [Planned(Change("note", own, on, fields | {"dated_on": on}), "")]

    def _take_histories(self, statements: Iterable[Statement]) -> None:
        """Take the versions of each record together; a row gives all fields from its day on."""
        by_ref: dict[str, list[Statement]] = {}
        for statement in statements:
            problems = list(statement.problems)
            missing = [
                n for n in ("ref", FROM.name) if n not in {*statement.said, *_fields(problems)}
            ]
            problems += [(name, "a history needs this in every row") for name in missing]
            if problems:
                self._refuse(statement, problems)
            else:
                by_ref.setdefault(statement.said["ref"], []).append(statement)
        known = self.register.changes(map(self.register.ref, by_ref))
        for (given, told), changes in zip(by_ref.items(), known, strict=True):
            ref = self.register.ref(given) or given
            story: Story[Any] = Story(self._kind, ref, changes)
            rows = [Row(self._emptied(one) | dict(one.said)) for one in told]
            tell_history(story, rows, self._day.today)
            story.problems += [] if story.problems else self._contradictions(story)
            if story.problems:
                self._refuse(told[0], story.problems)
                for one in told[1:]:
                    why = f"refused together with {say_rows([told[0].place])}, of the same record"
                    self._refuse(one, [("ref", why)])
            else:
                self._keep(story, rows[-1], told[-1], ())

    def _emptied(self, statement: Statement) -> dict[str, Any]:
        """Return what a row of a history says by its empty cells."""
        return {name: self._nothing(name) for name in statement.empty & statement.columns.keys()}

    def _nothing(self, name: str) -> Any:
        """Return what a record has in a field of which nothing is said."""
        default = getattr(self._kind, name, None)
        return None if isinstance(default, property) else default


class _RegisterSoFar:
    """Every record's versions, both from the register and as made by this import."""

    def __init__(self, reader: Reader, lookup: Lookup) -> None:
        self._reader, self._lookup = reader, lookup
        self._told: dict[str, dict[str, Sequence[Version[Any]]]] = {}
        self._made = 0

    def __call__(self, noun: str) -> Mapping[str, Sequence[Version[Any]]]:
        """Return the versions of the records of a noun, by reference."""
        if noun not in self._told:
            self._told[noun] = dict(versions_by(self._reader, NOUNS[noun], FOREVER))
            self._made = 0
        for one in self._lookup.made[self._made :]:
            if one.noun in self._told:
                record = NOUNS[one.noun](ref=one.ref, **one.fields)
                self._told[one.noun][one.ref] = [Version(record, date.min, FOREVER)]
        self._made = len(self._lookup.made)
        return self._told[noun]


_REFERENCES = {noun: references(kind) for noun, kind in NOUNS.items()}

Referred = tuple[str, str]
"""A noun, and the reference of a record."""


def referred(change: Change) -> Iterator[Referred]:
    """Yield the records that a change refers to."""
    for field_name, noun in _REFERENCES[change.noun].items():
        value = change.fields.get(field_name)
        for ref in value if isinstance(value, tuple) else (value,):
            if ref is not None:
                yield noun, ref


def referring_to(change: Change, moved: Mapping[Referred, str]) -> Change:
    """Return a change that refers to records by the references that they have ``moved`` to."""
    fields = dict(change.fields)
    for name, noun in _REFERENCES[change.noun].items():
        value = fields.get(name)
        if isinstance(value, tuple):
            fields[name] = tuple(moved.get((noun, ref), ref) for ref in value)
        elif value is not None:
            fields[name] = moved.get((noun, value), value)
    return change._replace(fields=fields)


def _fields(problems: Iterable[tuple[str, str]]) -> set[str]:
    return {name for name, _ in problems}


def _comments(reader: Reader) -> set[tuple[str, str, str]]:
    """Return the commentary that is kept: the noun and reference it is about, and its text."""
    return {
        (noun, ref, note.text)
        for note in newest(reader, Note).values()
        if note.section == _COMMENTARY and note.dropped_on is None
        for noun, ref in (("direction", note.direction), ("milestone", note.milestone))
        if ref is not None
    }
