"""Find what somebody must say before a sheet can be taken in, with a suggestion for each.

'import inspect' makes a command of the suggestions. At a terminal each is a question.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from irbtrack.domain.dates import is_month, read_date, year_of
from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.tracker.cells import (
    as_typed,
    error_in,
    only_month_first,
    says_nothing,
)
from irbtrack.domain.tracker.header_words import words_of
from irbtrack.domain.tracker.layout import collapsed, column_called, named
from irbtrack.domain.tracker.outcomes import meanings_in_doubt
from irbtrack.domain.tracker.sheet import Cell, column_letters
from irbtrack.domain.words import counted, folded, natural_order
from irbtrack.errors import Misused, listed, quoted
from irbtrack.imports.sheet_rows import BookRows, SheetRows, Wanted
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, newest

LONGEST_TEXT = 60
"""The characters of a text that --value can reasonably be given."""

CREATE_MISSING, SPLIT_OWNERS = "--create-missing", "--split-owners"


class Unread(NamedTuple):
    """A text that could not be read as a field, in how many cells it is, and why not."""

    field: str
    text: str
    cells: int
    why: str


class Suggestion(NamedTuple):
    """An option that is to be given, and why.

    ``about`` is what it says before the ``answer``, as ``status:Closed=``. Without an answer only
    somebody who knows the tracker can say it. The answer of an option without a value is yes.
    ``choices`` are the answers that there are, if only some are possible. ``instead`` has what
    else may be meant, where the answer is a guess.
    """

    option: str
    about: str
    answer: str
    why: str
    choices: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    @property
    def doubt(self) -> str | None:
        """Return in a sentence that the answer is a guess, and what else may be meant."""
        if not self.answer or not self.instead:
            return None
        return f"{self.given} is a guess, to be looked at; it may be {listed(self.instead)} instead"

    @property
    def is_of_ranges(self) -> bool:
        """Return whether the answer has ranges of numbers with what each means."""
        return self.option == "--value" and self.about.endswith(":")

    @property
    def field(self) -> str:
        """Return the field that it is about, after its sheet if it is of one of several."""
        return self.about.rstrip("=:").partition(":")[0]

    def meanings(self, answer: str) -> list[str]:
        """Return what an answer says that texts mean, one for each range of numbers."""
        if self.option != "--value":
            return []
        given = self._replace(answer=answer).each_given
        return [one.rpartition("=")[2].strip() for one in given if one]

    @property
    def given(self) -> str | None:
        """Return the value of the option, or None if it takes none."""
        return f"{self.about}{self.answer}" if self.option not in FLAGS else None

    @property
    def each_given(self) -> list[str | None]:
        """Return the values of the option, which is given once for each range of numbers."""
        if not self.is_of_ranges:
            return [self.given]
        return [f"{self.about}{one.strip()}" for one in self.answer.split(",")]


FLAGS = (CREATE_MISSING, SPLIT_OWNERS)


def unread_texts(rows: BookRows, wanted: Wanted, *, made: bool = False) -> list[Unread]:
    """Return what could not be read, field by field, the commonest texts first.

    With ``made``, the names of what an import could make are among them.
    """
    found: list[Unread] = []
    for field in _read_fields(wanted):
        if field.holds in _MADE and not made:
            continue
        counted = Counter[tuple[str, str]]()
        for one in rows.sheets:
            counted.update(_unread_cells(one, field.name))
        found += [
            Unread(field.name, text, number, why) for (text, why), number in counted.most_common()
        ]
    return found


def unread_in(sheet: SheetRows, wanted: Wanted) -> dict[str, int]:
    """Return how many cells of each field of a sheet could not be read.

    The names of what an import could make are not counted.
    """
    return {
        field.name: _unread_cells(sheet, field.name).total()
        for field in _read_fields(wanted)
        if field.name in sheet.layout.columns and field.holds not in _MADE
    }


def _unread_cells(sheet: SheetRows, name: str) -> Counter[tuple[str, str]]:
    """Return the texts of a field that could not be read, and why, with the number of cells."""
    found = Counter[tuple[str, str]]()
    for cell, number in Counter(sheet.of(name)).items():
        if (why := sheet.intake.refusal(name, cell)) is not None:
            found[collapsed(as_typed(cell)), why] += number
    return found


def suggestions(reader: Reader, rows: BookRows, wanted: Wanted) -> Iterator[list[Suggestion]]:
    """Yield what somebody must say of a file, the columns first, then what its texts mean.

    What is yielded later may be otherwise once the earlier is settled.
    """
    if rows.near:
        name = rows.sheets[0].sheet.name
        why = (
            f"{listed(map(quoted, rows.near), 'and')} could be meant as well as {quoted(name)},"
            " or all of them with --all-sheets"
        )
        yield [Suggestion("--sheet", "", name, why, (name, *rows.near))]
    columns = {
        one[:2]: one
        for sheet in rows.sheets
        for one in (
            *_of_columns(sheet, wanted, rows.within(sheet)),
            *_of_needed(reader, sheet, wanted, rows.within(sheet)),
        )
    }
    yield _of_alike_sheets(rows, columns.values())
    yield [
        *_of_texts(reader, rows, wanted),
        *_of_empty(reader, rows, wanted),
        *_of_owners(rows, wanted),
    ]


def _of_alike_sheets(rows: BookRows, columns: Iterable[Suggestion]) -> list[Suggestion]:
    """Return the suggestions, with one for all sheets whose columns in doubt have one header."""
    found: dict[tuple[str, ...], list[Suggestion]] = {}
    for one in columns:
        field = one.about.rpartition("!")[2]
        found.setdefault((one.option, field, folded(one.answer)), []).append(one)
    told: list[Suggestion] = []
    for (option, field, header), alike in found.items():
        having = [one for one in rows.sheets if column_called(one.layout, header) is not None]
        if option == "--map" and len(alike) == len(having) > 1:
            told.append(alike[0]._replace(about=field))
        else:
            told += alike
    return told


def _read_fields(wanted: Wanted) -> Iterator[Field]:
    return (field for field in wanted.fields if not field.derived)


def _of_columns(rows: SheetRows, wanted: Wanted, within: str) -> Iterator[Suggestion]:
    """Yield what is to be said of columns in doubt, and of dates that are month first."""
    said = wanted.asked.of_sheet(rows.sheet.name).columns
    for name in rows.problems:
        column = rows.layout.doubted.get(name)
        if column is not None and name not in said:
            why = f"{named(rows.layout, column)}: {rows.layout.untaken[column]}"
            yield Suggestion("--map", f"{within}{name}=", _header(rows, column), why)
    if wanted.asked.date_order is None and any(
        only_month_first(rows.of(field.name))
        for field in _read_fields(wanted)
        if field.holds is Holds.DATE
    ):
        yield Suggestion("--date-order", "", "mdy", "a date can only be month first")


def _of_needed(
    reader: Reader, rows: SheetRows, wanted: Wanted, within: str
) -> Iterator[Suggestion]:
    """Yield what new records need, and no column has."""
    columns, defaults = rows.layout.columns, wanted.asked.defaults
    said = wanted.asked.of_sheet(rows.sheet.name).columns
    for field in wanted.fields:
        if not field.needed or field.name in columns or field.name in defaults:
            continue
        why = f"no column is taken for {field.name}"
        doubted = rows.layout.doubted.get(field.name)
        if doubted is not None and field.name not in said:
            why = f"{named(rows.layout, doubted)}: {rows.layout.untaken[doubted]}"
            if not _are_kinds(field, rows, doubted, council(reader).priorities):
                yield Suggestion("--map", f"{within}{field.name}=", _header(rows, doubted), why)
                continue
        if field.name == wanted.label:
            yield Suggestion("--map", f"{within}{field.name}=", _wordiest(rows), why)
        else:
            yield Suggestion("--default", f"{field.name}=", _usual(reader, field, wanted), why)
    lacks_year = wanted.noun == Action.NOUN and "year" not in {*columns, *defaults}
    known = not wanted.asked.create_missing and _names_known_audits(rows)
    if lacks_year and not known and rows.intake.year_from is None:
        yield _of_year(reader, rows, wanted)


def _of_year(reader: Reader, rows: SheetRows, wanted: Wanted) -> Suggestion:
    """Return where the year of new records is taken from.

    An audit that the sheet names and the register has would be made once more in another year.
    """
    why = "no column is taken for year"
    named_here = {folded(as_typed(cell)) for cell in rows.of("audit")}
    years = {
        one.year
        for one in newest(reader, Audit).values()
        if not named_here.isdisjoint({folded(one.name), folded(one.ref)})
    }
    if years:
        why += f"; audits that it names are of {listed(sorted(years), 'and')}"
    if "raised_on" in rows.layout.columns and len(years) != 1:
        return Suggestion("--year-from", "", "raised_on", why)
    today = year_of(wanted.day.of_sheet)
    answer = next(iter(years)) if len(years) == 1 else today
    instead = tuple(sorted({*years, today} - {answer})) if years else ()
    return Suggestion("--default", "year=", answer, why, instead=instead)


def _usual(reader: Reader, field: Field, wanted: Wanted) -> str:
    """Return what all records without a value of their own may have, or nothing."""
    if field.holds is Holds.YEAR:
        return year_of(wanted.day.of_sheet)
    codes = newest(reader, Directorate) if field.holds is Holds.DIRECTORATE else ()
    return next(iter(codes)) if len(codes) == 1 else ""


def _are_kinds(field: Field, rows: SheetRows, column: int, scale: Sequence[str]) -> bool:
    """Return whether a column that may be of priorities says of what kind its records are.

    A Category of Technical and Legal does, and one of Critical and Moderate doesn't.
    """
    if field.holds is not Holds.PRIORITY or "category" not in words_of(_header(rows, column)):
        return False
    cells = [cell for row in rows.records if (cell := row.cell(column)) is not None]
    return not any(_meaning(field, as_typed(cell), scale, cells) for cell in set(cells))


def _of_empty(reader: Reader, rows: BookRows, wanted: Wanted) -> Iterator[Suggestion]:
    """Yield what is to stand for the empty cells of what new records need."""
    for field in wanted.fields:
        if not field.needed or field.name in {*wanted.asked.defaults, wanted.label}:
            continue
        empty = sum(says_nothing(field, cell) for cell in rows.of(field.name))
        if empty:
            why = f"{field.name} is empty in {counted(empty, 'cell')}"
            yield Suggestion("--default", f"{field.name}=", _usual(reader, field, wanted), why)


def _header(rows: SheetRows, column: int) -> str:
    return rows.layout.labels[column] or column_letters(column)


def _names_known_audits(rows: SheetRows) -> bool:
    """Return whether every row names an audit that is there, which has a year."""
    audits = set(rows.of("audit"))
    unknown = any(cell is None or rows.intake.refusal("audit", cell) for cell in audits)
    return bool(audits) and not unknown


def _wordiest(rows: SheetRows) -> str:
    """Return the header of the column with the longest texts that differ, or nothing."""
    layout, best = rows.layout, ("", 0.0)
    for column, label in enumerate(layout.labels):
        names = layout.taken.get(column, [])
        if not label or not set(names) <= {"detail"}:
            continue
        texts = {cell for row in rows.records if isinstance(cell := row.cell(column), str)}
        size = sum(map(len, texts)) / (len(rows.records) or 1)
        if size > best[1]:
            best = (label, size)
    return best[0]


_MADE = {holds: holds.noun for holds in Holds if holds.noun and NOUNS[holds.noun].MADE_BY_IMPORT}


def _of_texts(reader: Reader, rows: BookRows, wanted: Wanted) -> Iterator[Suggestion]:
    """Yield what texts may mean, and that the records they name are to be made.

    An error such as #REF! means nothing that an option could say: its row is refused, and kept.
    """
    scale = council(reader).priorities
    fields = {field.name: field for field in wanted.fields}
    missing: dict[str, list[Unread]] = {}
    unread = unread_texts(rows, wanted, made=True)
    ranges = [*_of_ranges(unread, fields, scale)]
    yield from ranges
    for one in unread:
        if any(suggestion.about == f"{one.field}:" and _is_number(one) for suggestion in ranges):
            continue
        noun = _MADE.get(fields[one.field].holds)
        if error_in(one.text) == one.text:
            continue
        if noun is not None:
            missing.setdefault(noun, []).append(one)
        elif fields[one.field].holds in _MEANT and _can_be_given(one.text):
            field = fields[one.field]
            answer = _meaning(field, one.text, scale, rows.of(one.field))
            why = f"{one.field} is {quoted(one.text)} in {counted(one.cells, 'cell')}"
            instead = _instead(field, one.text, answer, scale)
            yield Suggestion("--value", f"{one.field}:{one.text}=", answer, why, instead=instead)
    if missing and not wanted.asked.create_missing:
        told = [counted(len({folded(o.text) for o in of}), n) for n, of in missing.items()]
        first = next(iter(missing.values()))[0].text
        why = f"the sheet names {listed(told, 'and')} that the register lacks, as {quoted(first)}"
        yield Suggestion(CREATE_MISSING, "", "yes", why)


def _of_ranges(
    unread: Sequence[Unread], fields: Mapping[str, Field], scale: Sequence[str]
) -> Iterator[Suggestion]:
    """Yield that more numbers than there are priorities are given a meaning by ranges."""
    for name, field in fields.items():
        numbers = [one for one in unread if one.field == name and _is_number(one)]
        if field.holds is not Holds.PRIORITY or len(numbers) <= len(scale):
            continue
        ordered = sorted((one.text for one in numbers), key=float)
        why = (
            f"{name} is a number from {ordered[0]} to {ordered[-1]} in"
            f" {counted(sum(one.cells for one in numbers), 'cell')}; give the range of"
            f" {listed(scale, 'and')} each, as in {ordered[len(ordered) // 2]}-{ordered[-1]}="
            f"{scale[0].lower()}"
        )
        yield Suggestion("--value", f"{name}:", "", why)


def _is_number(one: Unread) -> bool:
    return re.fullmatch(r"\d{1,6}(\.\d{1,6})?", one.text, re.ASCII) is not None


_MEANT = (
    *(Holds.STATUS, Holds.PRIORITY, Holds.DATE, Holds.YEAR, Holds.CHOICE, Holds.RAG),
    *(Holds.TREND, Holds.CLASSIFICATION, Holds.NUMBER),
)
"""The kinds of fields whose texts may mean one of a few things, or nothing."""


def _can_be_given(text: str) -> bool:
    """Return whether --value can be given a text."""
    return 0 < len(text) <= LONGEST_TEXT and text.isprintable() and "=" not in text


def _meaning(field: Field, text: str, scale: Sequence[str], cells: Iterable[Cell]) -> str:
    """Return what a text that can't be read most likely means, or nothing if nobody can tell."""
    if field.holds is Holds.STATUS:
        return str(next(iter(meanings_in_doubt(text)), "")).lower()
    if field.holds is Holds.PRIORITY:
        texts = {folded(as_typed(cell)) for cell in cells if cell is not None}
        ordered = sorted(texts, key=natural_order)
        stems = {one.rstrip("0123456789") for one in ordered}
        if len(ordered) == len(scale) and (len(stems) == 1 or stems == {"a", "b", "c"}):
            return scale[ordered.index(folded(text))]
        down = _PRIORITIES.get(folded(text))
        return "" if down is None else scale[round(down * (len(scale) - 1))]
    if field.holds is Holds.DATE and (day := _end_of_month(field, text)):
        return day
    is_date = field.holds is Holds.DATE and any(letter.isdigit() for letter in text)
    return "" if field.needed or is_date else "none"


_END_OF_MONTH = re.compile(r"(?:by |before )?(?:the )?end (?:of )?(.+)", re.IGNORECASE)


def _end_of_month(field: Field, text: str) -> str:
    """Return the last day of a month that a text names as its end, or nothing."""
    found = _END_OF_MONTH.fullmatch(collapsed(text))
    if found is None or field.to_the_day or not is_month(found[1]):
        return ""
    try:
        return read_date(found[1], date.min, month_end=True).strftime("%d/%m/%Y")
    except Misused:
        return ""


def _instead(field: Field, text: str, answer: str, scale: Sequence[str]) -> tuple[str, ...]:
    """Return what a text may mean instead of the answer that is suggested for it."""
    if field.holds is Holds.STATUS:
        return tuple(str(one).lower() for one in meanings_in_doubt(text)[1:])
    if field.holds is Holds.PRIORITY:
        return tuple(one for one in scale if one != answer)
    if answer != "none":
        return ()
    return ("a day",) if field.holds is Holds.DATE else ("what its words say",)


_PRIORITIES = {
    **dict.fromkeys(
        ("critical", "very high", "extreme", "fundamental", "urgent", "significant"), 0.0
    ),
    **dict.fromkeys(("moderate", "important"), 0.5),
    **dict.fromkeys(("minor", "very low", "advisory", "merits attention"), 1.0),
}
"""Words for priorities that other scales have, and how far down a scale they stand."""


def _of_owners(rows: BookRows, wanted: Wanted) -> Iterator[Suggestion]:
    """Yield that cells with several owners are to be split."""
    if wanted.noun != Action.NOUN or wanted.asked.split_owners:
        return
    several = [
        as_typed(cell)
        for one in rows.sheets
        for cell in one.of("owner")
        if len(one.intake.owners_in(cell)) > 1
    ]
    if several:
        first = quoted(collapsed(several[0]))
        seem = "seems" if len(several) == 1 else "seem"
        why = f"{counted(len(several), 'cell')} {seem} to name several owners, as {first}"
        yield Suggestion(SPLIT_OWNERS, "", "yes", why)
