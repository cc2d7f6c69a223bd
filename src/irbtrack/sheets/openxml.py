"""Check .xlsx workbooks: which sheets there are, and where."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from irbtrack.sheets.limits import (
    CELLS_LIMIT,
    MEMORY_LIMIT,
    MIB,
    SHEETS_LIMIT,
    Unreadable,
    damaged,
    too_much,
)
from irbtrack.sheets.packages import Checked, Found, Package, elements, repacked
from irbtrack.sheets.worksheets import SharedTexts, Worksheet

_STYLES_LIMIT = 16 * MIB
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = f'<Relationships xmlns="{_TYPES}">'


class _Link(NamedTuple):
    """A link from one part to another: its key, its kind, and the name of the other part."""

    key: str
    kind: str
    target: str


class _XlsxEntry(NamedTuple):
    name: str
    hidden: bool
    part: str


def checked_xlsx(data: bytes) -> Checked:
    """Check the workbook in ``data`` and return it. Raise :class:`Unreadable`.

    It is put together anew: cells, texts and formats are copied, the list of sheets is
    written here, and everything else is left out.
    """
    package = Package(data)
    main = target_of(links_of(package, ""), "officeDocument")
    if main is None:
        raise damaged()
    links = links_of(package, main)
    listing = elements(package.whole(main))
    sheets = list(_listed(listing, {link.key: link for link in links}))
    is_1904 = any(
        element == "workbookPr" and attributes.get("date1904") in ("1", "true")
        for element, attributes in listing
    )
    shared = SharedTexts()
    looked_at = [Worksheet(shared) for _ in sheets]

    def parts() -> Iterator[tuple[str, Iterable[bytes]]]:
        yield from _frame(len(sheets), is_1904=is_1904)
        if texts := target_of(links, "sharedStrings"):
            yield "xl/sharedStrings.xml", shared.copied(package.blocks(texts))
        if styles := target_of(links, "styles"):
            yield "xl/styles.xml", [package.whole(styles, _STYLES_LIMIT)]
        for number, (sheet, worksheet) in enumerate(zip(sheets, looked_at, strict=True)):
            yield f"xl/{number}.xml", worksheet.copied(package.blocks(sheet.part))
            if sum(one.cells for one in looked_at) > CELLS_LIMIT:
                raise too_much()

    copy = repacked(parts())
    held = copy.tell() + shared.memory
    if 2 * copy.tell() + held > MEMORY_LIMIT:
        raise too_much()
    found = (
        Found(sheet.name, sheet.hidden, one.unread, held + one.making, held + one.holding)
        for sheet, one in zip(sheets, looked_at, strict=True)
    )
    return Checked(copy, tuple(found))


def links_of(package: Package, part: str) -> list[_Link]:
    """Return the links of a part; those out of the file are left out."""
    folder, _, name = part.rpartition("/")
    place = f"{folder}/" if folder else ""
    return [
        _Link(
            attributes.get("Id", ""),
            attributes.get("Type", "").rpartition("/")[2],
            target if (target := attributes.get("Target", "")).startswith("/") else place + target,
        )
        for element, attributes in elements(package.whole(f"{place}_rels/{name}.rels"))
        if element == "Relationship" and attributes.get("TargetMode") != "External"
    ]


def target_of(links: list[_Link], kind: str) -> str | None:
    """Return the part that the first link of a kind leads to."""
    return next((link.target for link in links if link.kind == kind), None)


def _listed(
    listing: list[tuple[str, dict[str, str]]], links: dict[str, _Link]
) -> Iterator[_XlsxEntry]:
    """Yield the sheets that hold cells, in order. Raise :class:`Unreadable` if there is none."""
    parts: set[str] = set()
    for element, attributes in listing:
        if element != "sheet":
            continue
        link = links.get(attributes.get("id", ""))
        name = attributes.get("name", "")
        if link is None or not name:
            raise damaged()
        if link.kind != "worksheet":
            continue
        if link.target in parts or len(parts) == SHEETS_LIMIT:
            raise damaged()
        parts.add(link.target)
        yield _XlsxEntry(name, attributes.get("state", "visible") != "visible", link.target)
    if not parts:
        raise Unreadable("is a workbook without sheets; give one with a table")


def _frame(sheets: int, *, is_1904: bool) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the parts that say what is in a workbook of so many sheets."""
    listing = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="s{n}"/>' for n in range(sheets))
    links = "".join(
        f'<Relationship Id="s{n}" Type="{_TYPES}/worksheet" Target="{n}.xml"/>'
        for n in range(sheets)
    )
    yield (
        "_rels/.rels",
        [
            f'{_HEAD}<Relationship Id="w" Type="{_TYPES}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'.encode()
        ],
    )
    yield (
        "xl/workbook.xml",
        [
            f'<workbook xmlns:r="{_TYPES}"><workbookPr date1904="{int(is_1904)}"/>'
            f"<sheets>{listing}</sheets></workbook>".encode()
        ],
    )
    yield "xl/_rels/workbook.xml.rels", [f"{_HEAD}{links}</Relationships>".encode()]
