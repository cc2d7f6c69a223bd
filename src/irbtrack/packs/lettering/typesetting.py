"""The typesetter Typst, which uses the fonts of irbtrack and none of the machine's.

So a document looks the same, and has the same bytes, wherever it is made.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import typst

FONTS = Path(__file__).parent / "fonts"
"""Open Sans, and DejaVu Sans for the scripts and signs that Open Sans lacks."""

STANDARDS: "list[typst.PDFStandard]" = ["ua-1", "a-2a"]
"""What a PDF claims: PDF/UA-1 for people with assistive technology, PDF/A-2a for archives."""

_PICTURE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg", width: %dpt)'


def typeset(source: str, files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """Return the PDF that a Typst source describes.

    The source can read ``files`` by their names, and nothing else of the machine.
    """
    return _compiled({**files, "main.typ": source.encode()}, "pdf", made_at)


def picture_of(svg: str, width: int) -> bytes:
    """Return a drawing as a PNG picture, so many pixels wide."""
    return _compiled({"picture.svg": svg.encode(), "main.typ": (_PICTURE % width).encode()}, "png")


def _compiled(
    files: Mapping[str, bytes], kind: Literal["pdf", "png"], made_at: datetime | None = None
) -> bytes:
    import typst

    with TemporaryDirectory(prefix="irbtrack-") as path:
        folder = Path(path)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        made = typst.compile(
            folder / "main.typ",
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format=kind,
            ppi=72,
            pdf_standards=STANDARDS if kind == "pdf" else None,
            timestamp=made_at,
        )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(False, False, [FONTS])
