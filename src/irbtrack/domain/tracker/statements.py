"""Read the rows of a sheet as statements: what each says of its record, and its problems."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.dates import year_of
from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns.action import Closure
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.tracker.cells import (
    TEXTS,
    CellValue,
    Reading,
    are_fractions,
    as_typed,
    error_in,
    names_in,
    only_month_first,
    owners_in,
    read_cell,
)
from irbtrack.domain.tracker.mapping import TrackerMapping
from irbtrack.domain.tracker.sheet import Cell, RowPlace
from irbtrack.domain.words import NOTHING, TITLE_LIMIT, read_text, read_title
from irbtrack.errors import IrbtrackError, quoted


class Statement(NamedTuple):
    """What a row says, and what of it could not be read.

    ``said`` has the fields whose cells say something, and ``empty`` those whose cells say that
    there is nothing. ``cells`` are the cells after the words of the mapping were put in.
    ``problems`` have the field and the sentence. ``unread`` are the fields whose values cannot be
    known. A ``shortened`` title is kept whole in the detail. ``inferred`` are the
    fields of ``said`` that are not in the row, but follow from others: they hold of a new record
    only. ``columns`` has the column of each field that the sheet has. Of the dates in
    ``to_month`` the row has only the month.
    """

    place: RowPlace
    said: Mapping[str, Any]
    empty: frozenset[str]
    notes: Mapping[str, str]
    cells: Mapping[str, Cell]
    problems: tuple[tuple[str, str], ...]
    shortened: bool = False
    unread: frozenset[str] = frozenset()
    inferred: frozenset[str] = frozenset()
    columns: Mapping[str, int] = {}
    to_month: frozenset[str] = frozenset()

    def column(self, name: str) -> int:
        """Return the column of a field; that of the reference, or the first, if it has none."""
        return self.columns.get(name, self.columns.get("ref", 0))

    def only(self, names: Collection[str]) -> "Statement":
        """Return the statement with only these fields."""
        said = {name: value for name, value in self.said.items() if name in names}
        notes = {name: note for name, note in self.notes.items() if name in names}
        cells = {name: cell for name, cell in self.cells.items() if name in names}
        return self._replace(said=said, notes=notes, cells=cells)


_OF_ONE_ROW = frozenset({*TEXTS, Holds.REF})
"""The fields that hardly two rows have alike."""

CLOSED_HOW = "Closed does not say how"


class YearFrom(NamedTuple):
    """The date whose financial year a row without a year is of.

    Where it is not ``certain``, because nobody said so, an audit is looked for by its name alone
    before it is looked for in that year.
    """

    name: str
    certain: bool


class ColumnHabits(NamedTuple):
    """How whole columns write their dates and percentages, and problems of columns."""

    reading: Reading
    fractions: frozenset[str]
    problems: Mapping[str, str]


def of_columns(
    cells: Callable[[str], Iterable[Cell]],
    fields: Sequence[Field],
    reading: Reading,
    reader: TrackerMapping,
    *,
    own: bool = False,
) -> ColumnHabits:
    """Return how each column writes its dates and percentages.

    ``cells`` gives the cells of a field. In a workbook of irbtrack's ``own``, percentages are
    whole numbers. All dates of a column are read in one order. So a column whose dates can only
    be month first is a problem, unless the mapping says that they are.
    """
    problems: dict[str, str] = {}
    fractions = set[str]()
    of_dates = [field for field in fields if field.holds is Holds.DATE]
    for field in fields:
        if field.holds is Holds.DATE and reader.date_order is None:
            if (american := only_month_first(cells(field.name))) is not None:
                problems[field.name] = (
                    f"{quoted(american)} can only be month first, and so the whole column; give"
                    " --date-order mdy if that is how it was written"
                )
        elif own:
            continue
        elif field.holds is Holds.NUMBER and field.most == 100 and are_fractions(cells(field.name)):
            fractions.add(field.name)
    if reader.date_order == "mdy":
        reading = reading._replace(month_first=frozenset(field.name for field in of_dates))
    return ColumnHabits(reading, frozenset(fractions), problems)


def _several(field: Field) -> Field:
    """Return the field of an owner as one that may hold several."""
    return field._replace(holds=Holds.OFFICERS) if field.name == "owner" else field


class Intake:
    """A reader that turns rows into statements. What many rows have alike is read once.

    ``unread`` has, by row and field, why the value of a cell is not known. ``year_from`` says
    where the year of a row without one is taken from. With ``status_date`` the date of a
    completion is that of any status, and counts only where that is complete; the other rows are
    ``undated``. ``end_date`` is the field whose date is that of any end, complete or closed. In
    a file ``of_refused_rows`` an error such as #REF! is one in text, too, which otherwise may
    be anything. ``places`` has the column of each field that the sheet has.
    """

    def __init__(
        self,
        fields: Iterable[Field],
        columns: ColumnHabits,
        reader: TrackerMapping,
        unread: Mapping[tuple[int, str], str],
        year_from: YearFrom | None = None,
        *,
        status_date: bool = False,
        end_date: str | None = None,
        of_refused_rows: bool = False,
        places: Mapping[str, int] = {},
        whole_names: Collection[str] = (),
    ) -> None:
        self._fields = sorted(
            (_several(one) if reader.split_owners else one for one in fields if not one.derived),
            key=lambda field: field.holds not in (Holds.YEAR, Holds.DATE),  # audits need their year
        )
        self.year_from = year_from
        self._columns, self._reader, self._unread = columns, reader, unread
        self._status_date, self._of_refused_rows = status_date, of_refused_rows
        self._end_date, self._places = end_date, places
        self._whole_names = whole_names
        self._with_meanings = [
            one
            for one in self._fields
            if one.name in {*reader.values, *columns.fractions} or self._is_parted(one)
        ]
        self._of_one_row = {one.name for one in self._fields if one.holds in _OF_ONE_ROW}
        self.undated: list[RowPlace] = []
        self._read: dict[tuple[str, str | None, type, Cell], CellValue | str] = {}
        self._names: dict[frozenset[str], frozenset[str]] = {}
        """Sets of field names, kept once because many rows have the same ones."""

    def defaults(self) -> dict[str, Any]:
        """Return what a new record gets where its cells are empty. Raise :class:`IrbtrackError`."""
        given = self._reader.defaults
        said: dict[str, Any] = {}
        for field in self._fields:
            if field.name in given:
                told = read_cell(field, given[field.name], self._columns.reading, said.get("year"))
                said[field.name] = told.value
        return said

    def statement(self, place: RowPlace, found: Mapping[str, Cell], year: str | None) -> Statement:
        """Return what a row says.

        ``year`` is the one in which to look for its audit if the row has no year.
        """
        row = place.row
        said: dict[str, Any] = {}
        notes: dict[str, str] = {}
        problems: list[tuple[str, str]] = []
        empty, to_month = set[str](), set[str]()
        cells = {field.name: found.get(field.name) for field in self._fields}
        for field in self._with_meanings:
            cells[field.name] = self._meant(field, cells[field.name])
        for field in self._fields:
            name, cell = field.name, cells[field.name]
            if self._unread and (row, name) in self._unread:
                problems.append((name, f"{self._unread[row, name]}; type its value"))
                continue
            if cell is None or name in self._columns.problems:
                empty.add(name)
                continue
            told = (
                self._audit(field, cell, self._years(said, year))
                if field.holds is Holds.AUDIT
                else self._told(field, cell)
            )
            if isinstance(told, str):
                problems.append((name, told))
            elif told.value is None:
                empty.add(name)
            else:
                said[name] = told.value
                if told.note:
                    notes[name] = told.note
                if told.to_month:
                    to_month.add(name)
        if self._status_date and said.get("status") not in (None, Status.COMPLETE):
            if cells.get("completed_on") is not None:
                self.undated.append(place)
            said.pop("completed_on", None)
            problems = [one for one in problems if one[0] != "completed_on"]
        self._place_end(said, to_month)
        self._part_owners(said)
        inferred = self._infer_year(said)
        shortened = self._shorten_title(cells, said)
        if "target_on" in notes:
            said.setdefault("target_note", notes.pop("target_on"))
        problems = [one for one in problems if not (shortened and one[0] == "title")]
        unread = frozenset(f.name for f in self._fields if (row, f.name) in self._unread)
        without, alike = frozenset(empty), self._names.setdefault
        return Statement(
            *(place, said, alike(without, without), notes, cells, tuple(problems), shortened),
            *(alike(unread, unread), alike(inferred, inferred), self._places),
            alike(months := frozenset(to_month), months),
        )

    def refusal(self, name: str, cell: Cell) -> str | None:
        """Return the sentence that refuses a cell of a field, or None if it can be read.

        A status of Closed is refused if nothing in the sheet says how it was closed.
        """
        field = next(one for one in self._fields if one.name == name)
        meant = self._meant(field, cell)
        told = self._told(field, meant)
        if isinstance(told, str):
            cells = {one.name: None for one in self._fields} | {name: meant}
            return None if name == "title" and self._shorten_title(cells, {}) else told
        how = any(one.name == "closed_as" for one in self._fields)
        return CLOSED_HOW if told.value is Status.CLOSED and not how else None

    def owners_in(self, cell: Cell) -> list[str]:
        """Return the owners whom a cell seems to name, unless the mapping says what it means."""
        if not isinstance(cell, str) or self._reader.meant("owner", cell) is not None:
            return []
        return owners_in(cell, self._whole_names)

    @staticmethod
    def _is_parted(field: Field) -> bool:
        """Return whether a field is that of an owner, and may have several."""
        return field.name == "owner" and field.holds is Holds.OFFICERS

    def dates(self, name: str, cells: Iterable[Cell]) -> Iterator[date]:
        """Yield the dates that can be read in a column."""
        field = next(one for one in self._fields if one.name == name)
        for cell in cells:
            told = self._told(field, self._meant(field, cell))
            if isinstance(told, CellValue) and told.value is not None:
                yield told.value

    def _years(self, said: Mapping[str, Any], year: str | None) -> Sequence[str | None]:
        """Return the years in which to look for an audit, the likeliest first."""
        if "year" in said or self.year_from is None:
            return [said.get("year", year)]
        day = said.get(self.year_from.name)
        raised = [year_of(day)] if day else []
        return raised or [year] if self.year_from.certain else [year, *raised]

    def _infer_year(self, said: dict[str, Any]) -> frozenset[str]:
        """Give a row without a year the financial year of one of its dates."""
        day = said.get(self.year_from.name) if self.year_from else None
        if day is None or "year" in said:
            return frozenset()
        said["year"] = year_of(day)
        return frozenset({"year"})

    def _place_end(self, said: dict[str, Any], to_month: set[str]) -> None:
        """Make the date of an end that of the completion or closure that the status tells of."""
        claim, name = said.get("status"), self._end_date
        if name in said and (claim is Status.COMPLETE or isinstance(claim, Closure)):
            end = "completed_on" if claim is Status.COMPLETE else "closed_on"
            said[end] = said.pop(name)
            if name in to_month:
                to_month.add(end)

    def _part_owners(self, said: dict[str, Any]) -> None:
        """Make the first of several owners the owner, and the others co-owners."""
        if isinstance(said.get("owner"), tuple):
            said["owner"], *others = said["owner"]
            said.setdefault("co_owners", tuple(others))

    def _audit(self, field: Field, cell: Cell, years: Sequence[str | None]) -> CellValue | str:
        """Return the audit that a cell names in the first of the years that has one."""
        told: CellValue | str = ""
        for year in years:
            told = self._told(field, cell, year)
            if not isinstance(told, str):
                return told
        return told

    def _has_error(self, field: Field, cell: Cell) -> bool:
        """Return whether a cell has the error of a spreadsheet as text, as CSV has it."""
        if not isinstance(cell, str) or ("#" not in cell and "Err:" not in cell):
            return False
        may_be = self._of_refused_rows or field.holds not in TEXTS
        return may_be and error_in(cell) == cell.strip()

    def _meant(self, field: Field, cell: Cell) -> Cell:
        """Return a cell as it is to be read.

        It is what the mapping says that its text means, or a percentage in place of a fraction. Of
        several officers in a cell, each is what the mapping says that its name means.
        """
        parted = self._is_parted(field)
        if (field.name in self._reader.values or parted) and cell is not None:
            text = as_typed(cell)
            meant = self._reader.meant(field.name, text)
            if meant is None and field.holds is Holds.OFFICERS:
                names = owners_in(text, self._whole_names) if parted else names_in(text)
                meant = self._each_meant(field.name, text, names)
            if meant is not None:
                return None if meant.casefold() in NOTHING else meant
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        if field.name in self._columns.fractions and is_number:
            return int(cell * 100 + 0.5)  # type: ignore[operator]
        return cell

    def _each_meant(self, name: str, text: str, names: Sequence[str]) -> str | None:
        """Return a text of several names with what each means.

        Return None if nobody said what any means, and they are parted as the text has it.
        """
        meant = [self._reader.meant(name, one) for one in names]
        if all(one is None for one in meant) and len(names) == len(names_in(text)):
            return None
        read = (one if of is None else of for one, of in zip(names, meant, strict=True))
        return "; ".join(one for one in read if one.casefold() not in NOTHING)

    def _told(self, field: Field, cell: Cell, year: str | None = None) -> CellValue | str:
        """Return what a cell says, or the sentence that refuses it; ``year`` is an audit's."""
        if field.name in self._of_one_row:
            return self._read_anew(field, cell, year)
        key = (field.name, year, type(cell), cell)
        told = self._read.get(key)
        if told is None:
            told = self._read[key] = self._read_anew(field, cell, year)
        return told

    def _read_anew(self, field: Field, cell: Cell, year: str | None) -> CellValue | str:
        if self._has_error(field, cell):
            return f"it shows the error {as_typed(cell).strip()}; type its value"
        try:
            return read_cell(field, cell, self._columns.reading, year)
        except IrbtrackError as error:
            return str(error)

    def _shorten_title(self, cells: Mapping[str, Cell], said: dict[str, Any]) -> bool:
        """Shorten a title that is too long, and keep it whole in the detail.

        Return whether it was.
        """
        title = " ".join(as_typed(cells.get("title")).split())
        if len(title) <= TITLE_LIMIT or "detail" not in cells:
            return False
        try:
            whole = read_text("the title", as_typed(cells["title"]))
            said["title"] = read_title("the title", title[: TITLE_LIMIT - 1].rstrip() + "…")
            detail = "\n\n".join(filter(None, (whole, said.get("detail"))))
            said["detail"] = read_text("the detail", detail)
        except IrbtrackError:
            return False  # what refuses a title says so
        return True
