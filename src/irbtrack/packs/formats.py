"""The formats of a board pack: what writes each, and which libraries that takes."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from irbtrack.errors import Misused, Refused, listed, quoted
from irbtrack.packs.document import BoardPack


class PackFormat(NamedTuple):
    """A format: what it is called, its writer, and what that needs besides irbtrack itself.

    The ``writer`` is a module of ``packs``, which has a function of its own name. ``templates``
    are the endings of the files whose design it can take over. ``most_rows`` is how many rows of a
    table it shows at most, or None.
    """

    name: str
    writer: str
    needs: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    most_rows: int | None = None


ON_SLIDES = 200
"""The rows of a table that slides have at most. Nobody turns over more of them in a meeting."""

DRAWING = "lets-plot"
"""The library that draws charts."""

FORMATS: Mapping[str, PackFormat] = {
    "html": PackFormat("web page", "page.to_html"),
    "pdf": PackFormat("PDF", "print.to_pdf", ("typst", DRAWING)),
    "docx": PackFormat(
        "Word", "word.to_docx", ("python-docx", "typst", DRAWING), (".docx", ".dotx")
    ),
    "pptx": PackFormat(
        "PowerPoint", "slides.to_pptx", ("python-pptx",), (".pptx", ".potx"), most_rows=ON_SLIDES
    ),
    "xlsx": PackFormat("Excel", "workbook.to_xlsx"),
    "md": PackFormat("Markdown", "to_markdown"),
}
"""Every format, by the ending of its files."""

HOW_TO_GET = "pip install 'irbtrack[pack]'"


def read_formats(text: str) -> tuple[str, ...]:
    """Return the formats that ``--format`` names, parted by commas, once each.

    Raises :class:`Misused` for another, and :class:`Refused` for one that needs what isn't
    installed.
    """
    asked = [one.strip().lower() for one in text.split(",")]
    for one in asked:
        if one not in FORMATS:
            raise Misused(
                f"--format {quoted(text)} names {quoted(one)}, which is not a format of the board"
                f" pack; name {listed(FORMATS)}, or several with commas between"
            )
    if lacking := [one for one in asked if missing(one)]:
        there = listed([one for one in FORMATS if not missing(one)], "and")
        raise Refused(
            f"{listed(lacking, 'and')} cannot be written without"
            f" {listed(missing(lacking[0]), 'and')};"
            f" {HOW_TO_GET} installs what is needed. Only {there} can be written without it"
        )
    return tuple(dict.fromkeys(asked))


def missing(ending: str) -> list[str]:
    """Return the libraries that a format needs and that aren't installed."""
    return [name for name in FORMATS[ending].needs if not_installed(name)]


def not_installed(library: str) -> bool:
    """Return whether a library is missing, by the name under which it is published."""
    return find_spec(library.removeprefix("python-").replace("-", "_")) is None


def written(pack: BoardPack, ending: str, template: bytes | None = None) -> bytes:
    """Return a pack as a file of a format; each writer is imported when it is asked for."""
    asked = FORMATS[ending]
    module = import_module(f"irbtrack.packs.{asked.writer}")
    writer = getattr(module, asked.writer.rpartition(".")[2])
    content: bytes = writer(pack, template) if asked.templates else writer(pack)
    return content
