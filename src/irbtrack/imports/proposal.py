"""Work out an import: from a file's cells to what each row would change or why it can't."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from irbtrack.domain.field import FROM, WHY
from irbtrack.domain.journal import fold, version_on
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.cells import as_typed, read_ref_alike
from irbtrack.domain.tracker.layout import collapsed
from irbtrack.domain.tracker.merging import State
from irbtrack.errors import IrbtrackError, Misused, printable
from irbtrack.imports.absent import absent_actions, closures
from irbtrack.imports.account import Account, SheetTaken
from irbtrack.imports.importer import Importer
from irbtrack.imports.returned import Exported
from irbtrack.imports.sheet_rows import BookRows, Wanted, book_rows
from irbtrack.register.session import Planned
from irbtrack.render.progress import Bar
from irbtrack.store.database import Reader
from irbtrack.store.gather import changes_of


def worked_out(reader: Reader, wanted: Wanted, bar: Bar) -> Account:
    """Return what an import would come to. Raises for what can't be used at all."""
    noun, day = wanted.noun, wanted.day
    rows = book_rows(reader, wanted)
    state, exported = rows.state, rows.exported
    for cell in rows.of("ref"):
        rows.lookup.allocator(noun).take(read_ref_alike(cell))  # given out to no other row
    defaults = {**_of_one_directorate(state, exported), **_defaults(rows)}
    importer = Importer(
        *(reader, noun, rows.lookup, day, defaults, exported, wanted.take, rows.key, wanted.same)
    )
    bar.step("comparing with the register")
    year = defaults.get("year")
    taken = importer.take(one.statement(row, year) for one, row in bar.over(rows.records))
    absent = _absent(reader, wanted, importer, rows)
    if wanted.absence.how is not None:
        taken.planned += closures(importer.register, absent, wanted.absence.how, day.of_sheet)
        taken.changed += absent
    return Account(
        printable(wanted.book.name),
        noun,
        [SheetTaken(one.sheet.name, one.layout, one.problems) for one in rows.sheets],
        taken,
        rows.passed_over,
        rows.others,
        rows.near,
        [ref for ref in state.refs if ref.casefold() not in importer.matcher.seen]
        if state and exported
        else [],
        returned=exported is not None,
        retitled=importer.matcher.retitled,
        undecided=importer.matcher.undecided,
        absent={ref: getattr(importer.register.newest[ref], "title", "") for ref in absent},
        several_owners=_several_owners(wanted, rows),
        undated=rows.undated,
        remarks=rows.remarks,
    )


def _several_owners(wanted: Wanted, rows: BookRows) -> list[str]:
    """Return the cells that seem to name several owners, each of which is read as one post."""
    asked = wanted.asked
    if wanted.noun != Action.NOUN or rows.state is not None or asked.split_owners:
        return []
    return [
        collapsed(as_typed(cell))
        for one in rows.sheets
        for cell in one.of("owner")
        if len(one.intake.owners_in(cell)) > 1
    ]


def _absent(reader: Reader, wanted: Wanted, importer: Importer, rows: BookRows) -> list[str]:
    """Return the open actions that all sheets together leave out.

    A workbook that was exported, a history, and a file of refused rows have what was asked for,
    and leave nothing out.
    """
    in_part = (
        rows.state is not None
        or FROM.name in rows.columns
        or any(WHY in one.layout.labels for one in rows.sheets)
    )
    if wanted.noun != Action.NOUN or in_part:
        return []
    file = printable(wanted.book.name)
    audits, seen = importer.matcher.audits, importer.matcher.known_refs
    return absent_actions(reader, importer.register, seen, audits, file, wanted.day.of_sheet)


def _of_one_directorate(state: State | None, exported: Exported | None) -> dict[str, str]:
    """Return the directorate of new actions in a workbook exported for one alone."""
    if state is None or exported is None or state.noun != "action":
        return {}
    records = (exported.records.get(ref) for ref in state.refs)
    codes = {one.directorate for one in records if isinstance(one, Action)}
    return {"directorate": codes.pop()} if len(codes) == 1 else {}


def _defaults(rows: BookRows) -> Mapping[str, Any]:
    try:
        return rows.defaults()
    except IrbtrackError as error:
        raise Misused(f"--default: {error}") from None


def before_changes(reader: Reader, planned: Iterable[Planned]) -> Iterator[Record | None]:
    """Yield how the record of each change stood before it."""
    changes = (one.change for one in planned)
    for noun, of_noun in groupby(changes, lambda change: change.noun):
        kind, together = NOUNS[noun], list(of_noun)
        known = changes_of(reader, kind, (change.ref for change in together))
        for change, told in zip(together, known, strict=True):
            yield version_on(fold(kind, change.ref, told), change.effective_on)
