"""Write a board pack to files, each whole or not at all."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from irbtrack.errors import Misused, listed, printable, quoted
from irbtrack.exports.files import make_folder, refuse_to_overwrite, write_all
from irbtrack.packs.document import BoardPack
from irbtrack.packs.formats import DRAWING, FORMATS, HOW_TO_GET, not_installed, written
from irbtrack.render.messages import note
from irbtrack.render.progress import Bar

STANDARD_OUTPUT = "-"
"""What stands for standard output where a file is named."""

Files = Mapping[str, Path | None]
"""Where each format is written; None stands for standard output."""


def pack_files(formats: Sequence[str], output: str | None, day: date, *, force: bool) -> Files:
    """Return where each format of a day's pack is written.

    ``output`` names a file, if it ends in the format that is written, or else a folder. Without
    it that is the one in which the program runs. Raises :class:`Refused` for a file that is there,
    unless ``force`` allows to write over it, and :class:`Misused` for one that ends in another
    format.
    """
    if output == STANDARD_OUTPUT:
        if len(formats) > 1:
            raise Misused(
                f"--output - takes one format, not {listed(formats, 'and')}; name a folder"
            )
        return {formats[0]: None}
    path = Path(output or ".")
    ending = path.suffix.lower().removeprefix(".")
    if ending in FORMATS and not path.is_dir():
        if list(formats) != [ending]:
            raise Misused(
                f"--output {quoted(str(path))} is a file of {ending}, and the pack is written as"
                f" {listed(formats, 'and')}; name a folder, or a file that ends in its format"
            )
        files = {ending: path}
    elif ending and not path.is_dir() and not str(output).endswith(("/", os.sep)):
        raise Misused(
            f"--output {quoted(str(output))} ends in none of {listed(FORMATS)}; if it is a folder"
            f" to be made, write '{path}/'"
        )
    else:
        files = {one: path / f"board-pack-{day}.{one}" for one in formats}
    for file in files.values():
        refuse_to_overwrite(file, replace=force, option="--force")
    return files


def write_pack(pack: BoardPack, files: Files, designs: Mapping[str, bytes], bar: Bar) -> None:
    """Write a pack to its files, and say which. ``designs`` are those that formats take over.

    Either all of them are written or none is.
    """
    made: dict[str, bytes] = {}
    for ending in files:
        bar.step(f"Writing {FORMATS[ending].name}")
        made[ending] = written(pack, ending, designs.get(ending))
    writers = {path: _writer_of(made[ending]) for ending, path in files.items() if path}
    for file in writers:
        make_folder(file.parent)
    write_all(writers)
    for ending, path in files.items():
        if path is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(made[ending])
        else:
            note(f"{printable(str(path))} written")
    if "html" in files and not_installed(DRAWING):
        note(f"the charts of html are only told by their tables; {HOW_TO_GET} draws them")


def _writer_of(content: bytes) -> Callable[[Path], object]:
    return lambda to: to.write_bytes(content)
