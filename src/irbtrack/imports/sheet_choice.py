"""Choose the sheet of a file to read, and find out how it is laid out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from irbtrack.domain.field import WHY, Field
from irbtrack.domain.tracker.fitting import Fits
from irbtrack.domain.tracker.headers import find_layout, layout_at, own_layout
from irbtrack.domain.tracker.layout import Layout, table_rows, with_columns
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.sheet import Book, Sheet
from irbtrack.domain.words import folded
from irbtrack.errors import Misused, SheetUnusable, listed, quoted


class HeaderMissing(SheetUnusable):
    """A file in which no row is found that says what its columns are."""


class Other(NamedTuple):
    """A sheet that could have been read as well, and how many records it seems to have."""

    name: str
    records: int

    def said(self, verb: str, does: str) -> str:
        """Return the sentence that names it: what it is not, and what --sheet does."""
        records = f"{self.records:,} record{'' if self.records == 1 else 's'}"
        return (
            f"not {verb}: the sheet {self.name}, which has {records}; --sheet {quoted(self.name)}"
            f" {does} it"
        )


class Chosen(NamedTuple):
    """The sheet that is read, and how it is laid out.

    ``others`` could have been read as well. ``near`` are those of them that have nearly as many
    records, so that only people can tell which is meant.
    """

    sheet: Sheet
    layout: Layout
    others: tuple[Other, ...] = ()
    near: tuple[str, ...] = ()


_AS_WIDE = 0.6
"""The part of the most fields of any sheet that a sheet must have to be a likely one."""

_AS_LONG = 0.5
"""The part of the most records from which on another sheet may be meant."""


def chosen(
    book: Book, asked: Asked, fields: Sequence[Field], fits: Fits, *, own: bool = False
) -> Chosen:
    """Return the sheet that was named or, of those shown, the one with most records that fit.

    A sheet fits if it has nearly as many fields as any other. In irbtrack's ``own`` workbook the
    field names in the first row decide. Raise :class:`HeaderMissing` if no sheet has a header
    that is understood.
    """
    found = [
        (sheet, layout)
        for sheet in sheets_meant(book, asked)
        if (layout := own_layout(sheet, fields) if own else None)
        or (layout := layout_of(sheet, asked, fields, fits))
    ]
    if not found:
        raise HeaderMissing(
            f"no header row is found in {quoted(book.name)};"
            f" 'irbtrack import inspect {book.name}' shows what is there, and --header-row N says"
            " which row it is"
        )
    if len(found) == 1:
        [(sheet, layout)] = found
        return Chosen(sheet, with_columns(layout, asked.columns, fields))
    counted, [(sheet, layout, most), *likely] = _likely(found, fields)
    needed = {one.name for one in fields if one.needed}
    others = tuple(
        Other(one.sheet.name, one.records)
        for one in counted
        if one.sheet is not sheet
        and one.records
        and (one in likely or needed <= one.layout.columns.keys())
    )
    near = tuple(one.sheet.name for one in likely if one.records > most * _AS_LONG)
    return Chosen(sheet, with_columns(layout, asked.columns, fields), others, near)


class _Candidate(NamedTuple):
    """A sheet, its layout, and how many records it seems to have."""

    sheet: Sheet
    layout: Layout
    records: int


def _likely(
    found: Iterable[tuple[Sheet, Layout | None]], fields: Sequence[Field]
) -> tuple[list[_Candidate], list[_Candidate]]:
    """Return all sheets that are laid out, and those that fit, the likeliest first."""
    counted = [
        _Candidate(one, layout, len(table_rows(one, layout, needed_first(fields))[0]))
        for one, layout in found
        if layout is not None
    ]
    filled = [one for one in counted if one.records] or counted
    widest = max((len(one.layout.columns) for one in filled), default=0)
    likely = [one for one in filled if len(one.layout.columns) >= widest * _AS_WIDE]
    likely.sort(key=lambda one: (-one.records, -len(one.layout.columns)))
    return counted, likely


def likeliest(
    found: Iterable[tuple[Sheet, Layout | None]], fields: Sequence[Field]
) -> Sheet | None:
    """Return the sheet that would be read, or None if none is laid out."""
    _, likely = _likely(found, fields)
    return likely[0].sheet if likely else None


def needed_first(fields: Sequence[Field]) -> str:
    """Return the field by which a row is seen to be a record."""
    return next((one.name for one in fields if one.needed), "ref")


def is_of_refused_rows(book: Book) -> bool:
    """Return whether a file has the rows that an import refused, under the names of fields."""
    return len(book.sheets) == 1 and WHY in (book.sheets[0].rows or [()])[0]


def sheets_meant(book: Book, asked: Asked) -> list[Sheet]:
    """Return the sheet that was named, or all that are shown; :class:`Misused` otherwise."""
    if asked.sheet is None or is_of_refused_rows(book):
        return [sheet for sheet in book.sheets if not sheet.hidden]
    meant = [one for one in book.sheets if folded(one.name) == folded(asked.sheet)]
    if not meant:
        names = listed((quoted(one.name) for one in book.sheets), "and")
        raise Misused(f"--sheet {quoted(asked.sheet)} is not in {book.name}, which has {names}")
    return meant


def layout_of(sheet: Sheet, asked: Asked, fields: Sequence[Field], fits: Fits) -> Layout | None:
    """Return a sheet's layout, with the header in the row that was given or in the one found.

    Return None if no header is found.
    """
    if asked.header_row is not None:
        return layout_at(sheet, asked.header_row - 1, fields, fits)
    return find_layout(sheet, fields, fits)
