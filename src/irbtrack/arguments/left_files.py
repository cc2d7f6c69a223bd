"""The files that an import leaves: its refused rows, its problems, and how the file was read."""

from dataclasses import replace
from pathlib import Path

from irbtrack.domain.nouns import FIELDS
from irbtrack.domain.tracker.layout import Layout
from irbtrack.domain.tracker.mapping import SheetMapping, reader_to_toml
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.sheet import column_letters
from irbtrack.domain.words import folded
from irbtrack.errors import Refused, quoted
from irbtrack.imports.account import Account, every_problem, rejects_table
from irbtrack.render.data import to_csv


def new_file(option: str, name: str | None) -> Path | None:
    """Return a file to be written, which is not there yet. Raise :class:`Refused` if it is."""
    path = Path(name) if name is not None else None
    if path is not None and path.exists():
        raise Refused(f"{option} {quoted(str(path))} is there already; name another file")
    return path


def write_problems(path: Path, account: Account) -> None:
    """Write each problem of an import to a new file."""
    _write(path, to_csv(every_problem(account)), "utf-8-sig")


def write_rejects(path: Path, account: Account) -> None:
    """Write the refused rows of an import to a new file, which can be mended and imported."""
    _write(path, to_csv(rejects_table(account, FIELDS[account.noun])), "utf-8-sig")


def write_mapping(path: Path, asked: Asked, account: Account) -> None:
    """Write how a file was read."""
    _write(path, _mapping_text(asked, account), "utf-8", "w")


def refuse_another_mapping(path: Path, read: str | None, asked: Asked, account: Account) -> None:
    """Raise :class:`Refused` if a mapping is to be written over a file that has anything else.

    The file that was ``read`` may be written anew.
    """
    if not path.exists() or str(path) == read:
        return
    if not path.is_file() or path.read_bytes() != _mapping_text(asked, account).encode():
        raise Refused(f"--save-mapping {quoted(str(path))} is there already; name another file")


def _write(path: Path, text: str, encoding: str, mode: str = "x") -> None:
    try:
        with path.open(mode, encoding=encoding, newline="") as file:
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
