"""Group the problems of many cells by their cause, so that one line stands for all of a kind."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from irbtrack.domain.dates import MONTHS
from irbtrack.errors import listed

CELLS_NAMED = 3
"""The most cells that a line names."""

_ALONE = 3
"""How many sentences of one cause may stand for themselves."""

_VARYING = re.compile(rf"('[^']*')|\S*\d\S*|\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
"""What differs between sentences of one cause: references and dates, but not what was read."""

_MISSING = re.compile(r"no \w+ (?=')")
"""How a sentence begins that says which record the register lacks."""


class Problem(NamedTuple):
    """Why a cell is refused: its sheet, its name, such as ``I6``, its field, and a sentence."""

    sheet: str
    cell: str
    field: str
    why: str


def cause_of(why: str) -> str:
    """Return what the sentences about different rows have in common.

    >>> cause_of("A1 is due on 4 May 2023") == cause_of("B27 is due on 31 October 2022")
    True
    >>> cause_of("'Q1' is not a date") == cause_of("'Q2' is not a date")
    False
    >>> cause_of("no audit 'IT'; make it") == cause_of("no audit 'Tax'; did you mean 'VAT'?")
    True
    """
    if missing := _MISSING.match(why):
        return missing[0]
    return _VARYING.sub(lambda found: found[1] or "", why)


def by_cause(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Return the problems in groups of one sentence or, where there are many, of one cause.

    The problems of a group are of one sheet.
    """
    causes: dict[tuple[str, ...], dict[str, list[Problem]]] = {}
    for one in problems:
        cause = (one.sheet, one.field, cause_of(one.why))
        causes.setdefault(cause, {}).setdefault(one.why, []).append(one)
    groups: list[list[Problem]] = []
    for sentences in causes.values():
        if len(sentences) > _ALONE:
            groups.append([one for same in sentences.values() for one in same])
        else:
            groups += sentences.values()
    return groups


def say_group(group: Sequence[Problem]) -> str:
    """Return the line that stands for a group: the first cells, how many more, and why.

    >>> say_group([Problem("A", "D2", "status", "'X' is no status")])
    "A!D2: 'X' is no status"
    """
    cells = list(dict.fromkeys(one.cell for one in group))
    where = listed(cells[:CELLS_NAMED], "and")
    if len(cells) > CELLS_NAMED:
        where += f", first of {len(cells):,}"
    others = len({one.why for one in group}) - 1
    alike = f" (and {others:,} more of this kind)" if others else ""
    return f"{group[0].sheet}!{where}: {group[0].why}{alike}"
