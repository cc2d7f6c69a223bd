"""The formats of the cells of a workbook."""

from datetime import date
from functools import cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from irbtrack.domain.answers import Column, Kind
from irbtrack.domain.nouns.rating import Rag
from irbtrack.packs.document import Signed
from irbtrack.packs.drawing.palette import FAINT, LINE, RAG, TOTAL, ink_on

_LINK = {"font_color": "#0b57a4", "underline": 1}
_DAY, _CHANGE = "d mmm yyyy", "+0;-0;="


class CellFormats:
    """The formats of a workbook, each made once; headers have the council's colour."""

    def __init__(self, workbook: Workbook, colour: str) -> None:
        self.of = cache(lambda **look: workbook.add_format(look))
        self.link = self.of(**_LINK)
        self.linked_cell = self.of(**_LINK, border=1, border_color=LINE)
        self.text = self.of(text_wrap=True, border=1, border_color=LINE)
        self.title = self.of(bold=True, font_size=16)
        self.caption = self.of(bold=True, font_size=13)
        self.faint = self.of(font_color=FAINT)

        self.header = self.of(
            bold=True, text_wrap=True, valign="vcenter", border=1, border_color=LINE,
            bg_color=colour, font_color=ink_on(colour),
        )  # fmt: skip

    def cell(self, value: Any, column: Column, *, total: bool) -> Format:
        """Return the format of a cell of a table; ``total`` is whether its row sums others."""
        look: dict[str, Any] = {"border": 1, "border_color": LINE}
        if isinstance(value, Signed) or (isinstance(value, int) and column.kind is Kind.CHANGE):
            look["num_format"] = _CHANGE
        elif isinstance(value, int | float):
            look["num_format"] = "General"
        elif type(value) is date:
            look |= {"num_format": _DAY, "align": "left", "indent": 1}
        else:
            look |= {"num_format": "@", "text_wrap": True}
            if column.is_number:
                look["align"] = "right"
        if column.kind is Kind.RAG and value in RAG:
            fill, ink = RAG[Rag(value)]
            look |= {"bg_color": fill, "font_color": ink, "bold": True, "align": "center"}
        if total:
            look |= {"bold": True, "top": 2, "top_color": TOTAL}
        return self.of(**look)
