"""Answers for programs: JSON and CSV, with the same fields under the same names."""

import csv
import io
import json
import re
from datetime import date, datetime
from typing import Any

from irbtrack.domain.answers import Table
from irbtrack.domain.guarding import guarded
from irbtrack.domain.journal import moment_text
from irbtrack.errors import STEERING


def to_json(table: Table) -> str:
    """Return a JSON list of one object per row, each on a line.

    Dates and moments are in ISO form. Characters that could steer a terminal are escaped.
    """
    names = [column.name for column in table.columns]
    objects = (
        json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=_iso)
        for row in table.rows
    )
    body = ",\n".join(f"  {one}" for one in objects)
    return STEERING.sub(_as_escape, f"[\n{body}\n]\n") if body else "[]\n"


def to_csv(table: Table) -> str:
    """Return CSV with a header row, a line feed after each row, and empty cells for None.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, as
    :func:`irbtrack.domain.guarding.guarded` puts it.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(guarded(column.name) for column in table.columns)
    writer.writerows([_csv_cell(value) for value in row] for row in table.rows)
    return written.getvalue()


def _as_escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _csv_cell(value: Any) -> Any:
    if isinstance(value, tuple):
        value = "; ".join(map(str, value))
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_iso) if value else ""
    if isinstance(value, bool):
        return json.dumps(value)
    return value if value is None or isinstance(value, int) else _iso(value)


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")
