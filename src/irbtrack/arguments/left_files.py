"""The files that an import leaves: its refused rows, its problems, and how the file was read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from irbtrack import lasting
from irbtrack.domain.nouns import FIELDS
from irbtrack.domain.tracker.layout import Layout
from irbtrack.domain.tracker.mapping import SheetMapping, reader_to_toml
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.sheet import column_letters
from irbtrack.domain.words import folded
from irbtrack.errors import Refused, SheetUnusable, legible, quoted
from irbtrack.exports.files import write_whole
from irbtrack.file_rights import opener, refuse_strange
from irbtrack.imports.account import Account, every_problem, rejects_table
from irbtrack.lasting import uninterrupted
from irbtrack.render.data import to_csv


def new_file(option: str, name: str | None) -> Path | None:
    """Return a file to be written, which is not there yet. Raise :class:`Refused` if it is."""
    if name is None:
        return None
    path = Path(name)
    refuse_strange(path)
    if path.exists():
        raise Refused(f"{option} {quoted(str(path))} is there already; name another file")
    return path


def problems_text(account: Account) -> str:
    """Return each problem of an import, as CSV."""
    return legible(to_csv(every_problem(account)))


def rejects_text(account: Account) -> str:
    """Return the refused rows of an import as CSV, which can be mended and imported."""
    return to_csv(rejects_table(account, FIELDS[account.noun]))


KeepFile = Callable[[Path, str], None]
"""Writes a file that is taken away again if nothing is stored."""


@contextmanager
def kept_if_stored() -> Iterator[KeepFile]:
    """Let files be written, and take them away again if nothing is stored after all."""
    written: list[Path] = []

    def keep(path: Path, text: str) -> None:
        with uninterrupted():
            _write(path, text)
            written.append(path)

    try:
        yield keep
    except SheetUnusable:
        raise  # the file of every problem says why
    except BaseException:
        if not lasting.stored():
            for path in written:
                path.unlink()
        raise


def _write(path: Path, text: str) -> None:
    """Write a file of CSV that is not there yet. Raise :class:`Refused` if that can't be done."""
    try:
        with open(path, "x", encoding="utf-8-sig", newline="", opener=opener) as file:
            try:
                file.write(text)
            except BaseException:
                path.unlink()  # no half of it is left
                raise
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(
            f"{quoted(str(path))} cannot be written ({why}); nothing was stored"
        ) from None


def write_mapping(path: Path, asked: Asked, account: Account) -> None:
    """Write how a file was read. If that can't be done, the rows are stored all the same."""
    text = _mapping_text(asked, account)
    try:
        write_whole(path, lambda to: to.write_text(text, encoding="utf-8", newline=""))
    except Refused as refusal:
        raise Refused(f"{refusal}; {lasting.stored() or 'nothing was to be stored'}") from None


def refuse_another_mapping(path: Path, read: str | None, asked: Asked, account: Account) -> None:
    """Raise :class:`Refused` if a mapping is to be written over a file that has anything else.

    The file that was ``read`` may be written anew.
    """
    refuse_strange(path)
    if not path.exists() or str(path) == read:
        return
    if not path.is_file() or path.read_bytes() != _mapping_text(asked, account).encode():
        raise Refused(f"--save-mapping {quoted(str(path))} is there already; name another file")


def _mapping_text(asked: Asked, account: Account) -> str:
    """Return how a file was read, as TOML: what was said, and which columns were taken.

    The columns are those of the first sheet. Another sheet has what is otherwise in it.
    """
    import tomli_w

    first = account.sheets[0]
    common = _columns_of(first.layout)
    left_out = {name: "" for name, header in asked.columns.items() if not header}
    only = {
        one.name: SheetMapping(
            None if (row := asked.of_sheet(one.name).header_row) == asked.header_row else row,
            _otherwise(one.layout, common) if one is not first else {},
        )
        for one in account.sheets
    }
    whole = replace(
        asked,
        sheets=tuple(account.sheet_names) if asked.sheets else (),
        columns=left_out | common,
        only={name: one for name, one in only.items() if any(one)},
    )
    return tomli_w.dumps(reader_to_toml(whole))


def _columns_of(layout: Layout) -> dict[str, str]:
    """Return the header or letters of each field's column, but of those found by their headers."""
    return {
        name: layout.labels[column] or column_letters(column)
        for name, column in layout.columns.items()
        if name not in layout.parts
    }


def _otherwise(layout: Layout, common: dict[str, str]) -> dict[str, str]:
    """Return the columns of a sheet that are others than those in common.

    A header that is in common, but serves no such field in this sheet, is left out.
    """
    own, labels = _columns_of(layout), set(map(folded, layout.labels))
    unmeant = {n: "" for n, header in common.items() if n not in own and folded(header) in labels}
    return unmeant | {n: header for n, header in own.items() if header != common.get(n)}
