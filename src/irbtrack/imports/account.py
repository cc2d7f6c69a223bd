"""Tell what an import did: its problems, its changes, its assumptions and what it left out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.field import WHY, Field, Holds
from irbtrack.domain.nouns import FIELDS, UNSAID
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.tracker.causes import CELLS_NAMED, Problem, by_cause, say_group
from irbtrack.domain.tracker.cells import as_typed, error_in
from irbtrack.domain.tracker.layout import Layout, PassedOver, named, say_passed_over
from irbtrack.domain.tracker.sheet import (
    ROWS_NAMED,
    Cell,
    RowPlace,
    cell_name,
    column_letters,
    say_rows,
)
from irbtrack.domain.tracker.statements import Statement
from irbtrack.errors import listed, quoted
from irbtrack.imports.absent import Absence, say_absent
from irbtrack.imports.importer import Problems, RowTaken, Taken
from irbtrack.imports.matching import Retitling
from irbtrack.imports.sheet_choice import Other
from irbtrack.imports.sheet_rows import Wanted
from irbtrack.register.session import Planned


class SheetTaken(NamedTuple):
    """A sheet that was read: its name, how it is laid out, and problems of whole columns."""

    name: str
    layout: Layout
    problems: Mapping[str, str]


class Account(NamedTuple):
    """What an import was asked to read, what it would record, and what it passed over."""

    file: str
    noun: str
    sheets: Sequence[SheetTaken]
    taken: Taken
    passed_over: Sequence[PassedOver]
    others: Sequence[Other] = ()
    """The sheets that could have been read as well."""
    near: Sequence[str] = ()
    """Those of them that may be meant."""
    removed: Sequence[str] = ()
    """The references of exported rows that are no longer in the workbook."""
    returned: bool = False
    """Whether the workbook is one that was exported, so that only edited cells count."""
    retitled: Sequence[RowPlace] = ()
    """The rows that are known records with another title, because somebody said so."""
    undecided: Sequence[Retitling] = ()
    """The rows that may be known records with another title."""
    absent: Mapping[str, str] = {}
    """The open actions that the file leaves out: the title of each, by reference."""
    undated: Sequence[RowPlace] = ()
    """The rows whose date is of another status than complete, and was left out."""
    several_owners: Sequence[str] = ()
    """The cells that seem to name several owners, each of which is read as one post."""
    remarks: Sequence[str] = ()
    """Sentences on how the file is read."""

    @property
    def is_empty(self) -> bool:
        """Whether the sheets have rows, and none of them is taken for a record."""
        taken = self.taken
        any_taken = taken.added or taken.changed or taken.unchanged or taken.refused
        return bool(self.passed_over) and not any_taken

    @property
    def is_barred(self) -> bool:
        """Whether a column can't be read as a whole, so that nothing can be taken."""
        return any(one.problems for one in self.sheets)

    @property
    def sheet_names(self) -> list[str]:
        """Return the names of the sheets that were read."""
        return [one.name for one in self.sheets]


def nothing_taken(account: Account) -> list[str]:
    """Return the sentences that refuse sheets without any row that is taken for a record."""
    columns = {name for one in account.sheets for name in one.layout.columns}
    lacking = [one.name for one in FIELDS[account.noun] if one.needed and one.name not in columns]
    remedy = (
        f"no column is taken for {listed(lacking, 'and')}; '--map {lacking[0]}=HEADER' names one"
        if lacking
        else f"'irbtrack import inspect {account.file}' shows what each column is taken for"
    )
    return [
        *say_passed_over(account.passed_over),
        f"none of its rows is taken, and nothing was stored; {remedy}",
    ]


def problem_lines(account: Account) -> list[str]:
    """Return a line for each kind of problem: the first cells, what was read, what is accepted."""
    lines = [line for one in account.sheets for line in _of_columns(account, one)]
    groups = by_cause(problems_of(account))
    lines += map(say_group, groups[:GROUPS_SAID])
    if len(groups) > GROUPS_SAID:
        lines.append(f"{len(groups) - GROUPS_SAID:,} more kinds of problems")
    if len(groups) > GROUPS_SAID or any(len(group) > CELLS_NAMED for group in groups):
        lines.append("--every-problem FILE.csv writes each of them")
    return [*lines, *_hint(account)]


def _of_columns(account: Account, one: SheetTaken) -> list[str]:
    """Return the lines on the columns of a sheet: those that can't be read, and those it lacks."""
    columns = {**one.layout.doubted, **one.layout.columns}
    dated = account.noun == Action.NOUN and "raised_on" in one.layout.columns
    by_date = {"year": "; '--year-from raised_on' takes that of the date"} if dated else {}
    return [
        *(f"{one.name}!{column_letters(columns[n])}: {why}" for n, why in one.problems.items()),
        *(
            f"{one.name}: no column is taken for {name}; '--map {name}=HEADER' names one, and"
            f" '--default {name}=VALUE' gives all the same"
            f"{by_date.get(name, '')}"
            for name in sorted(account.taken.absent.get(one.name, ()))
        ),
    ]


GROUPS_SAID = 60
"""The most kinds of problems that are said one by one."""

TEXTS_SAID = 12
"""The most texts that an import asks to be explained."""

_MEANT_SOMETHING = (
    *(Holds.STATUS, Holds.PRIORITY, Holds.DATE, Holds.CHOICE, Holds.YEAR, Holds.RAG),
    Holds.CLASSIFICATION,
)


def _hint(account: Account) -> list[str]:
    """Return how to explain the texts that were not understood, or nothing."""
    held = {one.name: one.holds for one in FIELDS[account.noun]}
    texts: dict[str, None] = {}
    for statement, problems in account.taken.refused:
        for name, why in problems:
            text = " ".join(as_typed(statement.cells.get(name)).split())
            unclear = held.get(name) in _MEANT_SOMETHING and why.startswith(quoted(text))
            if unclear and len(text) < 40:
                texts[f"--value '{name}:{text}=VALUE'"] = None
    if not texts:
        return []
    such = "such a text means" if len(texts) == 1 else "such texts mean"
    options = " ".join([*texts][:TEXTS_SAID])
    more = f" and so on for {len(texts) - TEXTS_SAID:,} more" if len(texts) > TEXTS_SAID else ""
    return [f"to say what {such}, give {options}{more}; VALUE may be none"]


def problems_of(account: Account) -> list[Problem]:
    """Return the problem of each cell, row by row."""
    return [
        one for statement, problems in account.taken.refused for one in _of_row(statement, problems)
    ]


def _of_row(statement: Statement, problems: Problems) -> list[Problem]:
    """Return the problems of a row's cells, from left to right."""
    placed = sorted((statement.column(name), why, name) for name, why in problems if why)
    sheet, row = statement.place
    return [Problem(sheet, cell_name(row, column), name, why) for column, why, name in placed]


def every_problem(account: Account) -> Table:
    """Return each problem: its sheet and cell, its field, what was read, and why it is one."""
    rows = [
        (one.sheet, one.cell, one.field, as_typed(statement.cells.get(one.field)), one.why)
        for statement, problems in account.taken.refused
        for one in _of_row(statement, problems)
    ]
    return Table(tuple(map(Column, ("sheet", "cell", "field", "read", "problem"))), rows)


def said_of(account: Account, wanted: Wanted, *, dry_run: bool) -> list[str]:
    """Return what there is to say of an import that went well, in sentences."""
    taken, noun = account.taken, account.noun
    would = "would be " if dry_run else ""
    counts = [
        f"{len(set(taken.added)):,} {would}added",
        f"{len(set(taken.changed)):,} {would}changed",
        f"{taken.unchanged:,} as they were",
    ]
    if account.passed_over:
        counts.append(f"{len(account.passed_over):,} passed over")
    sheets = f"sheet{'s' * (len(account.sheets) > 1)} {listed(account.sheet_names, 'and')}"
    said = [f"{noun}s of {account.file}, {sheets}: {', '.join(counts)}"]
    said += say_rows_taken(taken.rows, would)
    said += [one.said(would) for one in taken.made]
    for name, rows in taken.assumed.items():
        said.append(f"{_ASSUMED[name].format(day=say_date(wanted.day.of_sheet))}: {say_rows(rows)}")
    if taken.shortened:
        said.append(
            f"titles that are too long are kept whole in the detail: {say_rows(taken.shortened)}"
        )
    said += say_absent([*account.absent], wanted.absence, would)
    if account.undated:
        label = next(
            named(one.layout, one.layout.columns["completed_on"])
            for one in account.sheets
            if any(place.sheet == one.name for place in account.undated)
        )
        said.append(
            f"the date in {label} counts only where the status is Complete; left out:"
            f" {say_rows(account.undated)}"
        )
    if account.retitled:
        said.append(f"known actions with another title: {say_rows(account.retitled)}")
    if account.several_owners:
        number = len(account.several_owners)
        cells = "1 cell seems" if number == 1 else f"{number:,} cells seem"
        said.append(
            f"{cells} to name several owners, as {quoted(account.several_owners[0])}, and each is"
            " taken for one post; --split-owners makes the first the owner, and the others"
            " co-owners"
        )
    if taken.alike:
        rows = [row for group in taken.alike for row in group]
        said.append(
            f"{len(rows):,} new rows are like others in all that tells rows apart, so that the next"
            f" edition can't be matched with them for certain: {say_rows(rows)}; give each its own"
            " reference, or name with --key the fields that tell them apart"
        )
    said += say_passed_over(account.passed_over)
    if taken.without_audit:
        said.append(f"without an audit, with only a year: {say_rows(taken.without_audit)}")
    said += [line for one in account.sheets for line in _columns_left(one)]
    said += [one.said("taken", "takes") for one in account.others]
    if account.removed:
        some = ", ".join(account.removed[:ROWS_NAMED])
        more = (
            f" and {len(account.removed) - ROWS_NAMED:,} more"
            if len(account.removed) > ROWS_NAMED
            else ""
        )
        said.append(f"no longer in the workbook, and left as they are: {some}{more}")
    return said


REFS_NAMED = 20


def say_rows_taken(rows: Sequence[RowTaken], would: str = "") -> list[str]:
    """Return which references were given out, and which known records changed: the first of each.

    >>> say_rows_taken([RowTaken(RowPlace("Open", 2), "2324-001", "Act", added=True, own=False)])
    ['references given out to rows of Open: 2324-001 (row 3)']
    """
    given: dict[str, list[str]] = {}
    for one in rows:
        if one.added and not one.own:
            given.setdefault(one.place.sheet, []).append(f"{one.ref} (row {one.place.row + 1})")
    said = [
        f"references {would}given out to rows of {sheet}: {_first(names)}"
        for sheet, names in given.items()
    ]
    changed = list(dict.fromkeys(one.ref for one in rows if not one.added))
    return [*said, f"{would}changed: {_first(changed)}"] if changed else said


def _first(names: Sequence[str]) -> str:
    more = len(names) - REFS_NAMED
    rest = f" and {more:,} more; --list names all" if more > 0 else ""
    return f"{', '.join(names[:REFS_NAMED])}{rest}"


def rows_table(account: Account, absence: Absence) -> Table:
    """Return each row that added or changed a record, with the record's reference.

    What no row has, and is closed for that, comes last.
    """
    columns = (
        Column("sheet", "Sheet"),
        Column("row", "Row", Kind.NUMBER),
        Column("ref", "Ref", Kind.CODE),
        Column("outcome", "Outcome", Kind.CODE),
        Column("title", "Title"),
    )
    rows: list[tuple[Any, ...]] = [
        (
            one.place.sheet,
            one.place.row + 1,
            one.ref,
            "added" if one.added else "changed",
            one.title,
        )
        for one in account.taken.rows
    ]
    if absence.how is not None:
        rows += [(None, None, ref, "closed", title) for ref, title in account.absent.items()]
    return Table(columns, rows)


def _columns_left(sheet: SheetTaken) -> list[str]:
    """Return the columns that were not taken: why, or only which they are."""
    layout = sheet.layout
    if layout.own:
        return []
    taken = {*layout.taken, *layout.untaken}
    said = [
        f"not taken: {named(layout, column)} of {sheet.name}, as {why}"
        for column, why in layout.untaken.items()
    ]
    others = [
        named(layout, column)
        for column, label in enumerate(layout.labels)
        if label and label != WHY and column not in taken
    ]
    return [*said, f"not taken: {listed(others, 'and')} of {sheet.name}"] if others else said


_ASSUMED = {
    "year": "without a year, of the financial year of their date",
    "rag_on": "complete without a date, taken as of {day}",
    "completed_on": "complete without a date, taken as of {day}",
    "closed_on": "closed without a date, taken as of {day}",
    "due_on": "due before they were raised, and kept as the sheet has it ('irbtrack check"
    " due-before-raised' finds them)",
    "raised_on": "without the day they were raised, taken as the earliest date in the row or {day}",
    "raised_on to the month": "raised in a month, taken as the latest day of it that it can be",
    "completed_on to the month": "complete in a month, taken as its last day or {day}",
    "closed_on to the month": "closed in a month, taken as its last day or {day}",
}


def rejects_table(account: Account, fields: Iterable[Field]) -> Table:
    """Return the refused rows, with reasons, as a sheet that imports once mended."""
    names = {name for statement, _ in account.taken.refused for name in statement.columns}
    kept = [one for one in fields if one.name in names and not one.derived]
    columns = (*(Column(one.name) for one in kept), Column(WHY))
    rows = [
        (
            *(_as_read(statement, one) for one in kept),
            " / ".join(_reasons(statement, problems)),
        )
        for statement, problems in account.taken.refused
    ]
    return Table(columns, rows)


def _reasons(statement: Statement, problems: Problems) -> list[str]:
    lines = [say_group([one]) for one in _of_row(statement, problems)]
    lines += [f"no {name}" for name, why in problems if not why]
    return lines


def _as_read(statement: Statement, field: Field) -> Cell:
    """Return a cell that is read again as it was, whatever the order of its date.

    A cell whose value is not known has an error, which is refused again.
    """
    if field.name in statement.unread:
        return error_in(dict(statement.problems).get(field.name, "")) or "#ERROR"
    if field.name in statement.notes:
        return as_typed(statement.cells.get(field.name))
    value = statement.said.get(field.name)
    if isinstance(value, date):
        return as_typed(value)
    return as_typed(statement.cells.get(field.name)) or None


def changes_table(planned: Sequence[Planned], before: Iterable[object]) -> Table:
    """Return what an import would change, a row for each field.

    ``before`` has how the record of each change stood.
    """
    columns = (
        Column("noun", "What"),
        Column("ref", "Ref", Kind.CODE),
        Column("field", "Field"),
        Column("before", "Now"),
        Column("after", "Becomes"),
        Column("from_on", "From", Kind.DATE),
    )
    rows = []
    for one, was in zip(planned, before, strict=True):
        change = one.change
        for name, value in change.fields.items():
            then = getattr(was, name, None)
            if value != then and name not in UNSAID:
                called = name.removesuffix("_on").replace("_", " ")
                row = (change.noun, change.ref, called, _said(then), _said(value))
                rows.append((*row, change.effective_on))
        if one.person:
            rows.append(
                (change.noun, change.ref, "name", None, "(who holds it)", change.effective_on)
            )
    return Table(columns, rows)


def _said(value: Any) -> Any:
    """Return a value in a cell for people: the parts of one of several."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
