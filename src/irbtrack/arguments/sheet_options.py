"""Declare the options that say how a sheet is to be read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

import typer

from irbtrack.domain.field import Field
from irbtrack.domain.tracker.mapping import (
    SheetMapping,
    TrackerMapping,
    read_date_order,
    read_defaults,
    read_key,
    read_sheet_mappings,
    read_values,
    read_year_from,
    reader_from_toml,
)
from irbtrack.errors import Misused, printable, quoted

SheetNames = Annotated[
    list[str] | None,
    typer.Option(
        "--sheet",
        metavar="NAME",
        help="The sheet, or several; the one that fits if left out.",
    ),
]
AllSheets = Annotated[
    bool, typer.Option("--all-sheets", help="All sheets that fit, of those that are shown.")
]
HeaderRows = Annotated[
    list[str] | None,
    typer.Option(
        "--header-row",
        metavar="N",
        help="The row of the headers, in one sheet as SHEET!N; found if left out.",
    ),
]
ColumnsGiven = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=HEADER",
        help="The column of a field, by header or letter; in one sheet as SHEET!FIELD=HEADER.",
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


CreateMissing = Annotated[
    bool,
    typer.Option(
        "--create-missing", help="Make audits, directorates and posts that are not there."
    ),
]


File = Annotated[
    str, typer.Argument(metavar="FILE", help="xlsx, xlsm, xls, ods, csv, tsv or json.")
]

SheetDay = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day that the sheet is of; today.")
]


class HowRead(NamedTuple):
    """What is said about how a file is to be read; what is left out is found."""

    sheets: SheetNames = None
    all_sheets: AllSheets = False
    header_row: HeaderRows = None
    columns: ColumnsGiven = None
    values: ValuesGiven = None
    date_order: DateOrder = None
    mapping: MappingFile = None
    key: KeyGiven = None
    year_from: YearFrom = None
    split_owners: SplitOwners = False


class WhatIsNew(NamedTuple):
    """What is said about the records that are not in the register yet."""

    defaults: DefaultsGiven = None
    create_missing: CreateMissing = False


NOTHING_SAID = WhatIsNew()

_OPTIONS = {
    "sheets": "--sheet", "all_sheets": "--all-sheets", "header_row": "--header-row",
    "mapping": "--mapping", "columns": "--map", "values": "--value", "defaults": "--default",
    "year_from": "--year-from", "date_order": "--date-order", "key": "--key",
    "split_owners": "--split-owners", "create_missing": "--create-missing",
}  # fmt: skip
"""The option of each part of :class:`HowRead` and :class:`WhatIsNew`."""

_NAMES = {option: name for name, option in _OPTIONS.items()}

_SEVERAL = ("sheets", "header_row", "columns", "values", "defaults")
"""The parts that may be given more than once."""

S = TypeVar("S", HowRead, WhatIsNew)


def with_option(said: S, option: str, given: str | None) -> S:
    """Return what is said with one more option, if it is one of these."""
    name: str = _NAMES[option]
    value = True if given is None else given
    if name not in said._fields:
        return said
    parts: dict[str, Any] = said._asdict()
    parts[name] = [*(parts[name] or ()), value] if name in _SEVERAL else value
    return type(said)(**parts)


def options_of(how: HowRead, new: WhatIsNew) -> list[str]:
    """Return the options as they are typed."""
    said = {**how._asdict(), **new._asdict()}
    typed: list[str] = []
    for name, option in _OPTIONS.items():
        for one in said[name] if name in _SEVERAL and said[name] else [said[name]]:
            if one:
                typed += [option] if one is True else [option, str(one)]
    return typed


def mapping_of(
    given: HowRead, fields: Sequence[Field], new: WhatIsNew = NOTHING_SAID
) -> TrackerMapping:
    """Return what the options and the mapping file say. Raise :class:`Misused`."""
    if given.sheets and given.all_sheets:
        raise Misused("--sheet and --all-sheets contradict each other; give one of them")
    by_sheet = read_sheet_mappings(given.header_row or (), given.columns or (), fields)
    of_any = by_sheet.pop("", SheetMapping())
    asked = TrackerMapping(
        tuple(given.sheets or ()),
        given.all_sheets,
        of_any.header_row,
        read_date_order(given.date_order) if given.date_order else None,
        of_any.columns,
        by_sheet,
        read_values(given.values or (), fields),
        read_defaults(new.defaults or (), fields),
        read_key(given.key, fields) if given.key else (),
        year_from=read_year_from(given.year_from, fields) if given.year_from else None,
        split_owners=given.split_owners,
        create_missing=new.create_missing,
    )
    return asked.over(_saved(Path(given.mapping), fields)) if given.mapping else asked


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
