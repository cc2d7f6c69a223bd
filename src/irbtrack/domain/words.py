"""Read the texts, codes, references and choices that people type."""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from irbtrack.errors import Misused, Refused, listed, near, printable, prints, quoted

NOTHING = frozenset(
    {"", "-", "--", "–", "—", "?", "n/a", "na", "n.a.", "nil", "none", "not applicable"}
    | {"tbc", "tba", "tbd"}
)
"""What people write where there is nothing, in lower case."""

TITLE_LIMIT = 300
TEXT_LIMIT = 10_000
REF_LIMIT = 60

_CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"


def read_title(what: str, text: str) -> str:
    """Return a one-line text, trimmed and with single spaces, of at most 300 characters.

    Square brackets, quotes and the like are plain text. Raise :class:`Refused` if it is empty or
    too long, or holds a character that does not print.
    """
    title = re.sub(" {2,}", " ", _composed(text)).strip()
    if not title.strip("\u200c\u200d "):
        raise Refused(f"{what} is empty; give it at least a word")
    _refuse_unprintable(what, title)
    return _limited(what, title, TITLE_LIMIT)


def read_text(what: str, text: str) -> str:
    """Return a text of one or more lines, trimmed, of at most 10,000 characters.

    Raise :class:`Refused` if it is empty or too long, or holds a control character.
    """
    kept = _composed(text).replace("\r\n", "\n").strip()
    if not kept:
        raise Refused(f"{what} is empty; give it at least a word")
    _refuse_unprintable(what, kept.replace("\n", " ").replace("\t", " "))
    return _limited(what, kept, TEXT_LIMIT)


def _composed(text: str) -> str:
    return normalize("NFC", text).replace("\u00a0", " ")


def _refuse_unprintable(what: str, text: str) -> None:
    if text.isprintable():
        return
    for position, character in enumerate(text, 1):
        if not prints(character):
            raise Refused(
                f"{what} has the character {printable(character)}, which does not print,"
                f" at position {position}; take it out"
            )


def _limited(what: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise Refused(f"{what} has {len(text):,} characters; it may have at most {limit:,}")
    return text


def read_code(what: str, text: str) -> str:
    """Return the code of a directorate or an officer, in lower case.

    A code is letters, digits and single hyphens. Raise :class:`Refused` for anything else.
    """
    code = text.strip().casefold()
    if code in NOTHING - {""}:
        raise Refused(f"{quoted(code)} means nobody, and cannot be a code; use another")
    if not re.fullmatch(_CODE, code) or len(code) > 40:
        raise Refused(
            f"{quoted(text)} cannot be the code of {what};"
            " use letters, digits and single hyphens, at most 40, as in ed-finance"
        )
    return code


def read_ref(text: str) -> str:
    """Return a reference: at most 60 characters that print, without blanks.

    It doesn't begin with a hyphen, because options do. Raise :class:`Refused` for anything else.

    >>> read_ref(" POA&M-001"), read_ref("R(1)")
    ('POA&M-001', 'R(1)')
    """
    ref = _composed(text).strip()
    if ref.casefold() in NOTHING - {""}:
        raise Refused(f"{quoted(ref)} means nothing, and cannot be a reference; use another")
    prints = ref.isprintable() and " " not in ref
    if not ref or not prints or len(ref) > REF_LIMIT or ref.startswith("-"):
        raise Refused(
            f"{quoted(text)} cannot be a reference; use at most {REF_LIMIT} characters without"
            " blanks, as in 2324-017 or POA&M-001, and no hyphen at the beginning"
        )
    return ref


def folded(text: str) -> str:
    r"""Return a text in the form by which two are compared: no matter their case and spaces.

    >>> folded("  Partly\n implemented")
    'partly implemented'
    """
    return " ".join(text.split()).casefold()


_DIGITS = re.compile(r"([0-9]{1,4000})")  # Python reads numbers of at most 4300 digits


@lru_cache(20_000)  # one report may sort the same references many times
def natural_order(ref: str) -> tuple[str | int, ...]:
    """Return the key that sorts references with their numbers by size.

    >>> sorted(["3b", "SEND", "10", "3a", "2"], key=natural_order)
    ['2', '3a', '3b', '10', 'SEND']
    """
    parts: list[str | int] = [*_DIGITS.split(ref)]
    parts[1::2] = map(int, parts[1::2])
    return tuple(parts)


def counted(number: int, noun: str, several: str | None = None) -> str:
    """Return a number with its noun, or with what ``several`` of it are called.

    >>> counted(1, "row"), counted(2000, "row"), counted(2, "entry", "entries")
    ('1 row', '2,000 rows', '2 entries')
    """
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def read_choice(what: str, text: str, choices: Iterable[str]) -> str:
    """Return the one of ``choices`` that ``text`` names.

    Case, hyphens and spaces don't matter. The first letters, or the number at the end, are enough
    if only one choice has them. Raise :class:`Misused` if no choice fits, or several do.

    >>> read_choice("a priority", "high", ("High", "Medium", "Low"))
    'High'
    >>> read_choice("a quarter", "4", ("Q1", "Q2", "Q3", "Q4"))
    'Q4'
    """
    known = list(choices)
    if text in known:
        return text
    asked = plain(text)
    exact = [choice for choice in known if plain(choice) == asked]
    begun = [choice for choice in known if asked and plain(choice).startswith(asked)]
    if re.fullmatch("[0-9]+", asked):
        begun += [one for one in known if re.search(f"[^0-9]{asked}$", plain(one))]
    if exact or len(begun) == 1:
        return (exact or begun)[0]
    raise Misused(f"{quoted(text)} is not {what}; it is one of {listed(known)}")


def read_whole(what: str, text: str, most: int) -> int:
    """Return a whole number from 0 to ``most``. Raise :class:`Misused` if it is not one."""
    number = whole(text)
    if number is not None and number <= most:
        return number
    raise Misused(f"{quoted(text)} is not {what}; give a whole number from 0 to {most:,}")


def whole(text: str) -> int | None:
    """Return the whole number that a text of at most 12 digits is, or None.

    >>> whole(" 12"), whole("-1"), whole("9" * 5000)
    (12, None, None)
    """
    return int(text) if re.fullmatch(r"\s*[0-9]{1,12}\s*", text) else None


def plain(text: str) -> str:
    """Return a word in the form by which choices are compared, without hyphens and spaces."""
    return re.sub(r"[\s_-]+", "", text).casefold()


def unknown(what: str, asked: str, known: Iterable[str], remedy: str) -> Refused:
    """Return the refusal of a name that the register doesn't have.

    Its sentence has similar names, if there are any, and ends with ``remedy``.
    """
    alike = near(asked, sorted(known))
    meant = f"; did you mean {listed(quoted(name) for name in alike)}?" if alike else ";"
    return Refused(f"no {what} {quoted(asked)}{meant} {remedy}")
