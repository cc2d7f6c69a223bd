"""Choose the sheets of a file to read, and find out how each is laid out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from irbtrack.domain.field import WHY, Field
from irbtrack.domain.tracker.fitting import Fits
from irbtrack.domain.tracker.headers import find_layout, layout_at, own_layout
from irbtrack.domain.tracker.layout import Layout, column_called, table_rows, with_columns
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.sheet import Book, Sheet
from irbtrack.domain.words import folded
from irbtrack.errors import Misused, SheetUnusable, listed, quoted


class HeaderMissing(SheetUnusable):
    """A file in which no row is found that says what its columns are."""


class Other(NamedTuple):
    """A sheet that could have been read as well, and how many records it seems to have.

    ``records`` is None if it has cells, but no header that is understood.
    """

    name: str
    records: int | None

    def said(self, verb: str, does: str) -> str:
        """Return the sentence that names it: what it is not, and what --sheet does."""
        if self.records is None:
            return f"not {verb}: the sheet {self.name}, in which no header row is found"
        records = f"{self.records:,} record{'' if self.records == 1 else 's'}"
        return (
            f"not {verb}: the sheet {self.name}, which has {records}; --sheet {quoted(self.name)}"
            f" {does} it"
        )


class LaidOut(NamedTuple):
    """A sheet, and how it is laid out."""

    sheet: Sheet
    layout: Layout


class Chosen(NamedTuple):
    """The sheets that are read, and how each is laid out.

    ``others`` could have been read as well. ``near`` are those of them that have nearly as many
    records, so that only people can tell which is meant.
    """

    sheets: tuple[LaidOut, ...]
    others: tuple[Other, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Return the names of the sheets that are read."""
        return [one.sheet.name for one in self.sheets]


_AS_WIDE = 0.6
"""The part of the most fields of any sheet that a sheet must have to be a likely one."""

_AS_LONG = 0.5
"""The part of the most records from which on another sheet may be meant."""


def chosen(
    book: Book, asked: Asked, fields: Sequence[Field], fits: Fits, *, own: bool = False
) -> Chosen:
    """Return the sheets that were named or, of those shown, the one with most records that fit.

    If all sheets are asked for, all that fit are returned. A sheet fits if it has nearly as many
    fields as any other. In irbtrack's ``own`` workbook the field names in the first row decide.
    Raise :class:`HeaderMissing` if no sheet has a header that is understood, or one that was
    named has none.
    """
    meant = sheets_meant(book, asked)
    found = [
        LaidOut(sheet, layout)
        for sheet in meant
        if (layout := own_layout(sheet, fields) if own else None)
        or (layout := layout_of(sheet, asked, fields, fits))
    ]
    without = [one for one in meant if all(one is not other.sheet for other in found)]
    if not found or (asked.sheets and without):
        where = f"{quoted(without[0].name)} of " if asked.sheets else ""
        raise HeaderMissing(
            f"no header row is found in {where}{quoted(book.name)};"
            f" 'irbtrack import inspect {book.name}' shows what is there, and --header-row N says"
            " which row it is"
        )
    return with_said(choice(found, asked, fields, without), asked, fields)


def choice(
    found: Sequence[LaidOut], asked: Asked, fields: Sequence[Field], without: Iterable[Sheet] = ()
) -> Chosen:
    """Return which of the sheets that are laid out are read.

    ``without`` are those in which no header is found.
    """
    if asked.sheets or len(found) == 1:
        return Chosen(tuple(found))
    counted = [
        _Candidate(one, len(table_rows(one.sheet, one.layout, needed_first(fields))[0]))
        for one in found
    ]
    likely = _likely(counted)
    needed = {one.name for one in fields if one.needed}
    fit = [
        one
        for one in counted
        if one is likely[0]
        or (one.records and (one in likely or needed <= one.laid_out.layout.columns.keys()))
    ]
    read = fit if asked.all_sheets else likely[:1]
    seen = counted if asked.all_sheets else fit
    others = [Other(one.name, one.records) for one in seen if one.records and one not in read]
    if asked.all_sheets:
        return Chosen(
            tuple(one.laid_out for one in read),
            (*others, *(Other(one.name, None) for one in without if one.rows)),
        )
    most = likely[0].records
    near = tuple(one.name for one in likely[1:] if one.records > most * _AS_LONG)
    return Chosen((likely[0].laid_out,), tuple(others), near)


class _Candidate(NamedTuple):
    """A sheet that is laid out, and how many records it seems to have."""

    laid_out: LaidOut
    records: int

    @property
    def name(self) -> str:
        return self.laid_out.sheet.name

    @property
    def width(self) -> int:
        return len(self.laid_out.layout.columns)


def _likely(counted: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the sheets that fit, the likeliest first."""
    filled = [one for one in counted if one.records] or counted
    widest = max((one.width for one in filled), default=0)
    likely = [one for one in filled if one.width >= widest * _AS_WIDE]
    return sorted(likely, key=lambda one: (-one.records, -one.width))


def with_said(picked: Chosen, asked: Asked, fields: Sequence[Field]) -> Chosen:
    """Return the sheets with the columns that somebody gave.

    What was said of any sheet holds where there is such a column. Raise :class:`Misused` if it
    is in none of them.
    """
    somewhere = {
        name
        for name, header in asked.columns.items()
        if any(column_called(one.layout, header) is not None for one in picked.sheets)
    }

    def said_of(one: LaidOut) -> dict[str, str]:
        own = asked.of_sheet(one.sheet.name).columns
        return {
            name: header
            for name, header in own.items()
            if name not in somewhere
            or header != asked.columns[name]
            or column_called(one.layout, header) is not None
        }

    laid_out = (
        one._replace(layout=with_columns(one.layout, said_of(one), fields)) for one in picked.sheets
    )
    return picked._replace(sheets=tuple(laid_out))


def needed_first(fields: Sequence[Field]) -> str:
    """Return the field by which a row is seen to be a record."""
    return next((one.name for one in fields if one.needed), "ref")


def is_of_refused_rows(book: Book) -> bool:
    """Return whether a file has the rows that an import refused, under the names of fields."""
    return len(book.sheets) == 1 and WHY in (book.sheets[0].rows or [()])[0]


def sheets_meant(book: Book, asked: Asked) -> list[Sheet]:
    """Return the sheets that were named, in the order of the file, or all that are shown.

    Raise :class:`Misused` for one that is not there.
    """
    if is_of_refused_rows(book):
        return list(book.sheets)
    there = {folded(one.name): one for one in book.sheets}
    names = listed((quoted(one.name) for one in book.sheets), "and")
    for option, named in (("--sheet", asked.sheets), ("--map", asked.only)):
        for name in named:
            if folded(name) not in there:
                raise Misused(f"{option} {quoted(name)} is not in {book.name}, which has {names}")
    meant = set(map(folded, asked.sheets))
    return [one for one in book.sheets if (folded(one.name) in meant if meant else not one.hidden)]


def layout_of(sheet: Sheet, asked: Asked, fields: Sequence[Field], fits: Fits) -> Layout | None:
    """Return a sheet's layout, with the header in the row that was given or in the one found.

    Return None if no header is found.
    """
    row = asked.of_sheet(sheet.name).header_row
    if row is not None:
        return layout_at(sheet, row - 1, fields, fits)
    return find_layout(sheet, fields, fits)
