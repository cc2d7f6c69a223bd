"""The proof of a pack, as a word that a file carries and as sentences."""

import re
from base64 import urlsafe_b64encode

from irbtrack.domain.dates import say_date
from irbtrack.packs.document import Proof

MARK = "irbtrack-pack:"
"""What the word begins with that a file carries."""

WORD = re.compile(rf"{MARK}([A-Za-z0-9_=-]+)")


def token(proof: Proof) -> str:
    """Return a proof as one word of plain characters, which every format can carry."""
    return f"{MARK}{urlsafe_b64encode(repr(proof[:-1]).encode()).decode('ascii')}"


def say_proof(proof: Proof) -> str:
    """Say what a pack was made from, for people."""
    return f"Figures as of {say_date(proof.as_of)}, as known to entry {proof.entry:,}."
