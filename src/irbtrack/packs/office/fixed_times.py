"""Office documents whose bytes depend on nothing but their content."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an entry of a zip file can have."""

PACKED = (".docx", ".pptx", ".xlsx")
"""The endings of documents that are zip files, and that others may hold within them."""


def with_fixed_times(content: bytes) -> bytes:
    """Return a packed document whose entries all have the same time.

    The workbooks of its charts are packed documents too, and are treated alike.
    """
    rewritten = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(rewritten, "w", ZIP_DEFLATED) as fixed:
        for entry in given.infolist():
            inside = given.read(entry)
            if entry.filename.endswith(PACKED):
                inside = with_fixed_times(inside)
            fixed.writestr(ZipInfo(entry.filename, EARLIEST), inside, ZIP_DEFLATED)
    return rewritten.getvalue()
