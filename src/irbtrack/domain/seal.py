"""The seal of a register: how far its journal goes, as text for minutes, a log or a time stamp.

The digest of an entry covers every entry before it. So a seal that is kept elsewhere proves later
that the journal up to its entry is what it was.
"""

import re
from datetime import datetime
from typing import NamedTuple

from irbtrack.domain.journal import moment_text
from irbtrack.errors import Refused

TITLE = "irbtrack seal 1"
"""The first line of a seal: what it is, and the number of its form."""

LONGEST = 10_000
"""The most characters that a seal has."""


class Signature(NamedTuple):
    """The public key that belongs to the one that signed, and what it signed with; in hex."""

    key: str
    signed: str


class Seal(NamedTuple):
    """How far a journal goes: the council, and the last entry's number, moment and digest."""

    council: str
    entry: int
    recorded_at: datetime
    digest: str
    signature: Signature | None = None


def text_to_sign(seal: Seal, key: str) -> str:
    """Return the part of a seal's text that its signature covers. ``key`` is the public key."""
    return f"{_unsigned(seal)}Key: {key}\n"


def seal_text(seal: Seal) -> str:
    """Return a seal as text: a title, and a line for each thing that it says.

    >>> print(seal_text(Seal("A Council", 7, datetime.fromisoformat("2023-11-20T14:11Z"), "ab")))
    irbtrack seal 1
    Council: A Council
    Entry: 7
    Recorded: 2023-11-20T14:11:00.000000+00:00
    Digest: ab
    <BLANKLINE>
    """
    if seal.signature is None:
        return _unsigned(seal)
    return f"{text_to_sign(seal, seal.signature.key)}Signature: {seal.signature.signed}\n"


def _unsigned(seal: Seal) -> str:
    return (
        f"{TITLE}\nCouncil: {seal.council}\nEntry: {seal.entry}\n"
        f"Recorded: {moment_text(seal.recorded_at)}\nDigest: {seal.digest}\n"
    )


_FORM = re.compile(
    rf"{TITLE}\nCouncil: (?P<council>[^\n]+)\nEntry: (?P<entry>[0-9]{{1,18}})\n"
    r"Recorded: (?P<recorded_at>[^\n]{1,40})\nDigest: (?P<digest>[0-9a-f]{64})\n"
    r"(Key: (?P<key>[0-9a-f]{64})\nSignature: (?P<signed>[0-9a-f]{128})\n)?"
)


def read_seal(text: str, name: str) -> Seal:
    """Return what a seal says. Line ends and spaces may be those of another program.

    ``name`` is what it is called if it is refused. Raise :class:`Refused` for a text that isn't, to
    the letter, as a seal is written.
    """
    lines = (line.rstrip() for line in text.removeprefix("\ufeff").strip().splitlines())
    plain = "".join(f"{line}\n" for line in lines)
    if (told := _FORM.fullmatch(plain)) and len(plain) <= LONGEST:
        try:
            seal = Seal(
                told["council"],
                int(told["entry"]),
                datetime.fromisoformat(told["recorded_at"]),
                told["digest"],
                Signature(told["key"], told["signed"]) if told["key"] else None,
            )
            if seal_text(seal) == plain:
                return seal
        except (ValueError, OverflowError):
            pass
    raise Refused(f"{name} is not a seal as 'irbtrack db seal' writes it; give the file whole")
