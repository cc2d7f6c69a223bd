"""Compare a pack that was written with the register that it tells of."""

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from irbtrack.domain.dates import say_date
from irbtrack.errors import CheckFailed, Refused, listed, printable, quoted
from irbtrack.packs.document import BoardPack, Grid, Proof
from irbtrack.packs.formats import FORMATS, written
from irbtrack.packs.making import pack_view
from irbtrack.packs.proving import read_token, say_proof
from irbtrack.packs.reading_back import Rows, as_read, tables_in, token_in, words_in
from irbtrack.register.view import View
from irbtrack.store.database import Reader
from irbtrack.store.gather import last_entry

LARGEST = 200_000_000
"""The bytes that a pack has at most."""

MOST_WORDS = 5
"""How many words are told that a file has or lacks."""


def read_pack(path: Path) -> tuple[bytes, Proof]:
    """Return the content of a pack, and the proof that it carries.

    Raises :class:`Refused` for a file that can't be read, or that carries none.
    """
    where = quoted(str(path))
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{where} is larger than any pack that irbtrack writes")
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{where} cannot be read ({error.strerror or 'unknown reason'})") from None
    word = token_in(content, ending_of(path))
    if word is None:
        raise Refused(f"{where} carries no proof of irbtrack's, so it can't be verified")
    return content, read_token(word)


def ending_of(path: Path) -> str:
    """Return the format of a file, by the ending of its name."""
    return path.suffix.lower().removeprefix(".")


def proven_view(reader: Reader, proof: Proof) -> View:
    """Return the view that a pack says it was made from.

    Raises :class:`CheckFailed` if the journal of the register isn't the one that it names.
    """
    entry = last_entry(reader, proof.entry)
    if entry is None or (entry.number, entry.digest) != (proof.entry, proof.journal):
        raise CheckFailed(
            f"the pack was made from a journal whose entry {proof.entry:,} has the digest"
            f" {proof.journal[:12]}…, and this register has no such entry; name the register"
            " that it was made from with --database, or let 'irbtrack check' look at this one"
        )
    return pack_view(reader, proof.as_of, proof.entry)


class Verdict(NamedTuple):
    """What comparing a file with the register found: a sentence for each difference.

    ``to_the_byte`` says that the file is what is made of the register now, and not only that it
    tells the same.
    """

    to_the_byte: bool
    differences: list[str]


def verdict(
    made: BoardPack, proof: Proof, content: bytes, ending: str, template: bytes | None
) -> Verdict:
    """Compare a file with the pack that is made again of what its proof says."""
    again = written(made, ending, template)
    if again == content:
        return Verdict(True, [])
    found = list(_differing_proof(made, proof))
    tables = tables_in(content, ending)
    if tables is None:
        found.append(
            f"the file is not, to the byte, what is made of the register; what {_NAMES[ending]}"
            f" says can't be read, so nothing tells where{_by_another(made, proof)}"
        )
        return Verdict(False, found)
    found += _differing_cells(list(made.grids()), tables, FORMATS[ending].most_rows)
    return Verdict(False, found or list(_differing_words(content, again, ending)))


_NAMES = {ending: f"a file of {one.name}" for ending, one in FORMATS.items()}


def _differing_proof(made: BoardPack, proof: Proof) -> Iterator[str]:
    """Yield what a file says of itself that isn't so."""
    if made.proof.figures != proof.figures:
        yield (
            "the register doesn't tell the same any more of"
            f" {say_date(proof.as_of)} as known to entry {proof.entry:,}{_by_another(made, proof)}"
        )
    elif made.proof._replace(version=proof.version) != proof:
        yield (
            "the dates or the moment in the file's properties aren't those of the register, which"
            f" are: {say_proof(made.proof)}"
        )


def _differing_words(content: bytes, again: bytes, ending: str) -> Iterator[str]:
    """Yield which words a file has that aren't the register's, and which it lacks."""
    there, ours = words_in(content, ending) or Counter(), words_in(again, ending) or Counter()
    parts = [
        f"{verb} {listed(map(quoted, list(words)[:MOST_WORDS]), 'and')}"
        + (f" and {len(words) - MOST_WORDS} others" if len(words) > MOST_WORDS else "")
        for verb, words in (("it has", there - ours), ("it lacks", ours - there))
        if words
    ]
    if parts:
        yield f"its tables are those of the register, but not its words: {'; '.join(parts)}"


def _by_another(pack: BoardPack, proof: Proof) -> str:
    """Say that a pack was made by another version of irbtrack, if it was."""
    if pack.proof.version == proof.version:
        return ""
    return (
        f"; it was made with irbtrack {printable(proof.version)}, and this is {pack.proof.version}"
    )


def _differing_cells(grids: list[Grid], found: list[Rows], most_rows: int | None) -> Iterator[str]:
    """Yield each cell of a file that isn't what the register tells, up to a number of rows."""
    if len(found) != len(grids):
        yield f"it has {len(found)} tables, and {len(grids)} are made of the register"
        return
    for grid, rows in zip(grids, found, strict=True):
        header, *told = as_read(grid)
        told, title = [header, *told[:most_rows]], quoted(grid.table.title)
        if len(rows) != len(told):
            yield f"{title} has {len(rows)} rows, and the register tells {len(told)}"
            continue
        for there, ours in zip(rows, told, strict=True):
            for column, (it_says, we_say) in enumerate(zip_longest(there, ours, fillvalue="")):
                if it_says != we_say:
                    label = grid.labels[column] if column < len(grid.labels) else "beyond"
                    apart = _where_they_part(it_says, we_say)
                    yield (
                        f"{title}, {printable(ours[0])}, {label}: it says"
                        f" {quoted(it_says[apart:])}, and the register {quoted(we_say[apart:])}"
                    )


def _where_they_part(one: str, other: str) -> int:
    """Return the place of the word in which two texts begin to differ.

    >>> _where_they_part("59 overdue", "59 complete")
    3
    """
    pairs = enumerate(zip(one, other, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    return one.rfind(" ", 0, same) + 1
