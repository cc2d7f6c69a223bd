"""Choose the sheet of a file to read, and find out how it is laid out."""

from collections.abc import Sequence
from typing import NamedTuple

from irbtrack.domain.field import Field
from irbtrack.domain.tracker.fitting import Fits
from irbtrack.domain.tracker.headers import find_layout, layout_at, own_layout
from irbtrack.domain.tracker.layout import Layout, with_columns
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.sheet import Book, Sheet
from irbtrack.domain.words import folded
from irbtrack.errors import Misused, SheetUnusable, listed, quoted


class HeaderMissing(SheetUnusable):
    """A file in which no row is found that says what its columns are."""


class Chosen(NamedTuple):
    """The sheet that is read, and how it is laid out."""

    sheet: Sheet
    layout: Layout
    others: tuple[str, ...] = ()
    """The sheets that could have been read as well."""


def chosen(
    book: Book, asked: Asked, fields: Sequence[Field], fits: Fits, *, own: bool = False
) -> Chosen:
    """Return the sheet that was named or, of those shown, the one with most of the fields.

    In irbtrack's ``own`` workbook the field names in the first row decide. Raise
    :class:`HeaderMissing` if no sheet has a header that is understood.
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
    sheet, layout = max(found, key=lambda one: len(one[1].columns))
    needed = {one.name for one in fields if one.needed}
    others = tuple(
        other.name for other, its in found if other is not sheet and needed <= its.columns.keys()
    )
    return Chosen(sheet, with_columns(layout, asked.columns, fields), others)


def sheets_meant(book: Book, asked: Asked) -> list[Sheet]:
    """Return the sheet that was named, or all that are shown; :class:`Misused` otherwise."""
    if asked.sheet is None:
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
