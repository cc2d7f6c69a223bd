"""The proof of a pack: what it was made from, as a word that a file carries and as sentences."""

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime

from irbtrack.domain.dates import say_date, say_moment
from irbtrack.errors import Refused
from irbtrack.packs.document import Proof

MARK = "irbtrack-pack-"
"""What the word begins with that a file carries."""

WORD = re.compile(rf"{MARK}([A-Za-z0-9_-]+)")

LONGEST = 100_000
"""The bytes that a proof has at most."""


def token(proof: Proof) -> str:
    """Return a proof as one word of plain characters, which every format can carry."""
    text = json.dumps(proof._asdict(), default=_in_iso_8601, sort_keys=True)
    packed = zlib.compress(text.encode(), 9)
    return MARK + urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def _in_iso_8601(value: date) -> str:
    return value.isoformat()


def read_token(word: str) -> Proof:
    """Return the proof that a word carries. Raises :class:`Refused` if it carries none."""
    try:
        text = word.removeprefix(MARK)
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        told = json.loads(zlib.decompressobj().decompress(packed, LONGEST))
        compared_on = told["compared_on"]
        proof = Proof(
            **told
            | {
                "as_of": _day(told["as_of"]),
                "compared_on": compared_on and _day(compared_on),
                "recorded_at": datetime.fromisoformat(told["recorded_at"]).astimezone(UTC),
            }
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, zlib.error):
        raise _damaged() from None
    texts = (proof.version, proof.journal, proof.figures)
    if (
        type(proof.entry) is not int
        or not 0 < proof.entry < MOST_ENTRIES
        or not all(isinstance(text, str) for text in texts)
        or not isinstance(proof.settings, dict)
    ):
        raise _damaged()
    return proof


def _damaged() -> Refused:
    return Refused(
        "what the file says it was made from is damaged, so nothing can be verified by it"
    )


MOST_ENTRIES = 2**63
"""What is above the number of any entry."""


def _day(text: str) -> date:
    """Return a day within the years that the register knows. Raises :class:`ValueError`."""
    day = date.fromisoformat(text)
    if not 1900 <= day.year < 2200:
        raise ValueError(text)
    return day


def say_proof(proof: Proof) -> str:
    """Say what a pack was made from, for people.

    Moments are in UTC, so that the words are the same wherever the pack is made.
    """
    beside = f", compared with {say_date(proof.compared_on)}" if proof.compared_on else ""
    return (
        f"Figures as of {say_date(proof.as_of)}{beside}, as known to entry {proof.entry:,} of the"
        f" register's journal ({say_moment(proof.recorded_at)}), which has the digest"
        f" {proof.journal}. Made with irbtrack {proof.version};"
        " 'irbtrack report verify FILE' compares this document with the register."
    )
