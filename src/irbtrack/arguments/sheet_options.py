"""Declare the options that say how a sheet is to be read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from irbtrack.domain.field import Field
from irbtrack.domain.tracker.mapping import (
    TrackerMapping,
    read_columns,
    read_date_order,
    read_defaults,
    read_key,
    read_values,
    read_year_from,
    reader_from_toml,
)
from irbtrack.domain.words import whole
from irbtrack.errors import Misused, printable, quoted

SheetName = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="The sheet; the one that fits if left out."),
]
HeaderRow = Annotated[
    str | None,
    typer.Option("--header-row", metavar="N", help="The row of the headers; found if left out."),
]
ColumnsGiven = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=HEADER", help="The column of a field, by header or letter."
    ),
]
ValuesGiven = Annotated[
    list[str] | None,
    typer.Option("--value", metavar="FIELD:TEXT=VALUE", help="What a text of the sheet means."),
]
DateOrder = Annotated[
    str | None,
    typer.Option("--date-order", metavar="dmy|mdy", help="Day first, or month first."),
]
MappingFile = Annotated[
    str | None,
    typer.Option("--mapping", metavar="FILE", help="Read the sheet as was saved there."),
]


DefaultsGiven = Annotated[
    list[str] | None,
    typer.Option(
        "--default", metavar="FIELD=VALUE", help="What is new has, where a cell is empty."
    ),
]
YearFrom = Annotated[
    str | None,
    typer.Option(
        "--year-from",
        metavar="FIELD",
        help="The date whose financial year a row without a year is of, as raised_on.",
    ),
]
SplitOwners = Annotated[
    bool,
    typer.Option(
        "--split-owners",
        help="Of several owners in a cell the first is the owner, the others are co-owners.",
    ),
]
KeyGiven = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="FIELD,FIELD",
        help="The fields by which a row without a reference is known, as audit,title,owner.",
    ),
]


class HowRead(NamedTuple):
    """What is said about how a sheet is to be read; what is left out is found."""

    sheet: SheetName = None
    header_row: HeaderRow = None
    columns: ColumnsGiven = None
    values: ValuesGiven = None
    date_order: DateOrder = None
    mapping: MappingFile = None
    key: KeyGiven = None
    defaults: DefaultsGiven = None
    year_from: YearFrom = None
    split_owners: SplitOwners = False


_OPTIONS = {
    "sheet": "--sheet", "header_row": "--header-row", "mapping": "--mapping",
    "columns": "--map", "values": "--value", "defaults": "--default", "year_from": "--year-from",
    "date_order": "--date-order", "key": "--key", "split_owners": "--split-owners",
}  # fmt: skip
"""The option of each part of :class:`HowRead`."""


def with_option(how: HowRead, option: str, given: str | None) -> HowRead:
    """Return what is said about how a sheet is read, with one more option."""
    said = how._asdict()
    name = next(name for name, one in _OPTIONS.items() if one == option)
    if name in ("columns", "values", "defaults"):
        said[name] = [*(said[name] or ()), given]
    else:
        said[name] = True if given is None else given
    return HowRead(**said)


def options_of(how: HowRead) -> list[str]:
    """Return the options as they are typed."""
    typed: list[str] = []
    for name, option in _OPTIONS.items():
        value = getattr(how, name)
        for one in value if isinstance(value, list) else [value]:
            if one:
                typed += [option] if one is True else [option, str(one)]
    return typed


def mapping_of(given: HowRead, fields: Sequence[Field]) -> TrackerMapping:
    """Return what the options and the mapping file say. Raise :class:`Misused`."""
    asked = TrackerMapping(
        given.sheet,
        read_row(given.header_row),
        read_date_order(given.date_order) if given.date_order else None,
        read_columns(given.columns or (), fields),
        read_values(given.values or (), fields),
        read_defaults(given.defaults or (), fields),
        read_key(given.key, fields) if given.key else (),
        year_from=read_year_from(given.year_from, fields) if given.year_from else None,
        split_owners=given.split_owners,
    )
    return asked.over(_saved(Path(given.mapping), fields)) if given.mapping else asked


def read_row(text: str | None) -> int | None:
    """Return the row that --header-row names, from 1; None without it."""
    if text is None:
        return None
    number = whole(text)
    if number is not None and 1 <= number <= 1_048_576:
        return number
    raise Misused(f"--header-row {quoted(text)} is not a row; give its number, from 1 on")


def _saved(path: Path, fields: Sequence[Field]) -> TrackerMapping:
    """How a sheet was read before, from a file of --save-mapping."""
    import tomllib  # reading without such a file does without it

    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Misused(f"--mapping {quoted(str(path))} cannot be read ({why})") from None
    except ValueError as error:
        raise Misused(f"--mapping {quoted(str(path))} is not TOML: {error}") from None
    return reader_from_toml(printable(path.name), kept, fields)
