"""What the journal remembers of how a file was read before."""

from irbtrack.domain.journal import is_from_file, key_of_file
from irbtrack.store.database import Reader
from irbtrack.store.gather import reasons_of


def remembered_key(reader: Reader, noun: str, file: str) -> tuple[str, ...]:
    """Return the fields by which the rows of a file of that name were known when it last came."""
    for reason in reasons_of(reader, f"import {noun}s"):
        if is_from_file(reason, file):
            return key_of_file(reason, file)
    return ()
