"""Write records to a file. A file that can't be written whole isn't written at all."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from irbtrack.domain.answers import Column, Table
from irbtrack.domain.dates import FOREVER
from irbtrack.domain.field import Field
from irbtrack.domain.journal import NO_DIGEST
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.merging import State
from irbtrack.domain.tracker.outgoing import exported_fields, exported_row
from irbtrack.domain.tracker.sheet import Cell
from irbtrack.domain.words import natural_order
from irbtrack.errors import Misused, Refused, listed, printable, quoted
from irbtrack.exports.forms import form_fields, form_of, history_form
from irbtrack.exports.names import names_of
from irbtrack.exports.parts import parts
from irbtrack.file_rights import refuse_strange, rights_in
from irbtrack.lasting import lasts, uninterrupted
from irbtrack.register.session import Session
from irbtrack.render.data import to_csv, to_json
from irbtrack.render.messages import note
from irbtrack.sheets.form import Form
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, last_entry, people, versions_by

FORMATS = (".xlsx", ".csv", ".json", ".ods")
"""The endings of a file's name; each names a format."""

WORKBOOKS = (".xlsx", ".ods")
"""Those of files for people, which they fill in; the others are texts for programs."""


TEMPORARY = ".irbtrack-"
"""How the name of a file begins that isn't written whole yet."""

A_DAY = 86_400
"""After how many seconds such a file is one that a killed program left."""


class Exports(NamedTuple):
    """What to write: a noun's records, as they stood on a day."""

    noun: str
    day: date
    records: Sequence[Record]


def target_file(file: str, *, replace: bool) -> Path:
    """Return the file to write, of a known ending, that is not there yet or may be replaced."""
    path = Path(file)
    if path.suffix.lower() not in FORMATS:
        raise Misused(
            f"{quoted(file)} names no format that can be exported; end it in {listed(FORMATS)}"
        )
    refuse_to_overwrite(path, replace=replace)
    return path


def refuse_to_overwrite(path: Path, *, replace: bool, option: str = "--replace") -> None:
    """Raise :class:`Refused` if a file is there already and may not be replaced, or is strange.

    ``option`` is what allows to replace one.
    """
    refuse_strange(path)
    if path.exists() and not (replace and path.is_file()):
        raise Refused(
            f"{quoted(str(path))} is there already; name another, or give {option} to write over"
            " a file"
        )


def refuse_if_there(path: Path, otherwise: str = "name another") -> None:
    """Raise :class:`Refused` if a file is there already, and say what to do otherwise."""
    if path.exists():
        raise Refused(f"{printable(str(path))} is there already; {otherwise}")


def make_folder(folder: Path) -> None:
    """Make a folder if it is missing. Raise :class:`Refused` if that can't be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(f"the folder {quoted(str(folder))} cannot be made ({why})") from None


class Gathered(NamedTuple):
    """What goes into files, and the sentence that says so once they are written.

    It needs the database no longer, so that nobody waits for a slow disk.
    """

    writers: Mapping[Path, Callable[[Path], object]]
    sentence: str

    def write(self) -> None:
        """Write the files, and say what is in them.

        Raise :class:`Refused` if one can't be written; then nothing of them is left.
        """
        write_all(self.writers)
        note(self.sentence)


def gathered(
    session: Session,
    reader: Reader,
    exports: Exports,
    path: Path,
    *,
    replace: bool,
    history: bool = False,
) -> Gathered:
    """Return what is to be written of records. With ``history`` that is all their versions.

    What an import couldn't read back from one file goes into several: ``actions.csv``,
    ``actions-2.csv`` and so on. Raise :class:`Refused` if one of these is there and may not be
    replaced.
    """
    noun, suffix = exports.noun, path.suffix.lower()
    for_people = suffix in WORKBOOKS
    names = names_of(reader, exports.day, for_people=for_people and not history)
    fields = exported_fields(noun, history=history)
    if for_people and not history:
        fields = form_fields(noun)
    records, told = exports.records, {}
    if history:
        records = sorted(records, key=lambda record: natural_order(record.ref))
        told = versions_by(reader, NOUNS[noun], FOREVER)
    rows_of = [
        [
            exported_row(version.record, fields, names, exports.day, version.valid_from)
            for version in told[record.ref]
        ]
        if history
        else [exported_row(record, fields, names, exports.day)]
        for record in records
    ]
    writers: dict[Path, Callable[[Path], object]] = {}
    for part in parts(rows_of, [field.name for field in fields]):
        rows = list(chain.from_iterable(rows_of[part]))
        if not for_people:
            writer = _text_writer(suffix, fields, rows)
        elif history:
            form = history_form(noun, fields, rows, council(reader), session.now)
            writer = _workbook_writer(suffix, form)
        else:
            state = _state(reader, exports._replace(records=records[part]))
            form = form_of(state, rows, council(reader), names, session.now)
            writer = _workbook_writer(suffix, form)
        to = path.with_stem(f"{path.stem}-{len(writers) + 1}") if writers else path
        refuse_to_overwrite(to, replace=replace)
        writers[to] = writer
    count = sum(map(len, rows_of))
    return Gathered(writers, _say_written(exports, count, list(writers), history=history))


def _say_written(exports: Exports, rows: int, files: Sequence[Path], *, history: bool) -> str:
    """Say what is written to which files, and how several come back."""
    what = f"{exports.noun}s" if len(exports.records) != 1 else exports.noun
    plural = "s" if rows != 1 else ""
    versions = f", in {rows:,} version{plural}," if history else ""
    names = listed([printable(str(file)) for file in files], "and")
    said = f"{len(exports.records):,} {what}{versions} written to {names}"
    if len(files) > 1:
        said += "; they are too many to come back in one file, so import one after the other"
    return said


def _text_writer(
    suffix: str, fields: Iterable[Field], rows: Sequence[Sequence[Cell]]
) -> Callable[[Path], object]:
    table = Table(tuple(Column(field.name) for field in fields), rows)
    if suffix == ".csv":
        text, encoding = to_csv(table), "utf-8-sig"
    else:
        text, encoding = to_json(table), "utf-8"
    return lambda to: to.write_text(text, encoding)


def _workbook_writer(suffix: str, form: Form) -> Callable[[Path], object]:
    if suffix == ".xlsx":
        from irbtrack.sheets.xlsx import to_xlsx as to_workbook
    else:
        from irbtrack.sheets.ods import to_ods as to_workbook
    return partial(to_workbook, form)


def _state(reader: Reader, exports: Exports) -> State:
    """Return what a workbook is exported from: the register as of its last entry."""
    last = last_entry(reader)
    entry, digest = (last.number, last.digest) if last else (0, NO_DIGEST)
    refs = tuple(record.ref for record in exports.records)
    holders = people(reader) if exports.noun == "officer" else {}
    kept = tuple(holders[ref] for ref in refs if ref in holders)
    return State(exports.noun, exports.day, entry, digest, refs, kept)


def write_whole(path: Path, writer: Callable[[Path], object]) -> None:
    """Let ``writer`` write a file, whole or not at all, as :func:`write_all` does."""
    write_all({path: writer})


def write_all(writers: Mapping[Path, Callable[[Path], object]]) -> None:
    """Let each file be written by its writer: temporary files beside them, which are then renamed.

    A file has the rights of what it replaces, or those of its folder. All are on the disk when
    this returns. Raise :class:`Refused` if one can't be written; then none is, and nothing of
    them is left.
    """
    made: dict[Path, Path] = {}
    path = Path()
    try:
        for path, writer in writers.items():
            refuse_strange(path)
            with (
                uninterrupted(),
                NamedTemporaryFile(
                    dir=path.parent, prefix=TEMPORARY, suffix=path.suffix, delete=False
                ) as kept,
            ):
                made[path] = Path(kept.name)
            _clear_abandoned(made[path])
            writer(made[path])
            is_there = path.is_file()
            made[path].chmod(path.stat().st_mode & 0o777 if is_there else rights_in(path.parent))
            _sync(made[path])
        with uninterrupted():
            for path, beside in made.items():
                beside.replace(path)
            if names := [printable(str(path)) for path in made]:
                lasts(f"{listed(names, 'and')} {'was' if len(names) == 1 else 'were'} written")
        _sync_folders(made)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(f"{quoted(str(path))} cannot be written ({why})") from None
    finally:
        for beside in made.values():
            for left in (beside, beside.with_name(f"{beside.name}-journal")):  # SQLite's
                with suppress(OSError):
                    left.unlink()


def _sync_folders(files: Iterable[Path]) -> None:
    """Wait until the new names of files are on the disk. They are there, even if that fails."""
    for path in files:
        try:
            _sync(path.parent)
        except OSError as error:
            raise Refused(
                f"{quoted(str(path))} is written, but it is not known whether its folder's disk has"
                f" its name ({error.strerror or 'unknown reason'}); look at the disk"
            ) from None


_OURS = re.compile(rf"{re.escape(TEMPORARY)}[a-z0-9_]{{8}}(\.\w+)?(-journal)?", re.ASCII)
"""The names of temporary files, and of SQLite's journals of them."""


def _clear_abandoned(made: Path) -> None:
    """Remove the temporary files beside a new one that are a day older.

    A program that was killed has left them. They may hold a whole register.
    """
    with suppress(OSError):  # they may be somebody else's
        for path in made.parent.glob(f"{TEMPORARY}*"):
            if _OURS.fullmatch(path.name) and made.stat().st_mtime - path.stat().st_mtime > A_DAY:
                path.unlink()


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk. Windows does so for names."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
