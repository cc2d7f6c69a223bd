"""What a version table keeps of a version."""

from irbtrack.domain.journal import fields_to_json
from irbtrack.domain.record import Record, Version, list_fields


def version_row(version: Version[Record]) -> dict[str, object]:
    """Return the row of a version, by column. Fields of several values are JSON lists."""
    row = dict(vars(version.record))
    for field in list_fields(type(version.record)):
        row[field] = None if row[field] is None else fields_to_json(row[field])
    return row | {"valid_from": version.valid_from, "valid_to": version.valid_to}
