"""Ask somebody at a terminal what an import can't know, and try again with the answers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from irbtrack.arguments.asking import ask
from irbtrack.arguments.proposing import sheets_said, which_sheets
from irbtrack.domain.words import read_choice
from irbtrack.errors import listed, quoted
from irbtrack.imports.account import Account
from irbtrack.imports.matching import Retitling
from irbtrack.imports.sheet_rows import Wanted
from irbtrack.render.messages import at_terminal, note


class Settled(NamedTuple):
    """What an import came to, and what was wanted after all questions were answered."""

    account: Account
    wanted: Wanted


class _Undecided(Exception):
    """What somebody at a terminal is asked before anything is recorded.

    Either several ``sheets`` may be meant, or ``rows`` may be known actions with another title.
    """

    def __init__(self, sheets: Sequence[str] = (), rows: Sequence[Retitling] = ()) -> None:
        super().__init__()
        self.sheets, self.rows = sheets, rows


def settled(wanted: Wanted, attempt: Callable[[Wanted], Account]) -> Settled:
    """Return what an attempt comes to once nothing is in doubt.

    An attempt calls :func:`stop_if_in_doubt`. The questions are asked between two attempts, so
    that no other program waits for the answers.
    """
    while True:
        try:
            return Settled(attempt(wanted), wanted)
        except _Undecided as undecided:
            wanted = _decided(wanted, undecided)


def stop_if_in_doubt(account: Account) -> None:
    """Stop an attempt, at a terminal, if somebody must be asked what is meant."""
    if not at_terminal():
        return
    if account.near and not account.returned:
        raise _Undecided(sheets=(*account.sheet_names, *account.near))
    if account.undecided:
        raise _Undecided(rows=account.undecided)


def _decided(wanted: Wanted, undecided: _Undecided) -> Wanted:
    names = undecided.sheets
    if names:
        note(f"any of these sheets may be meant: {listed(map(quoted, names), 'and')}")
        sheets = tuple(sheets_said(which_sheets(names), names))
        return wanted._replace(asked=replace(wanted.asked, sheets=sheets))
    answers = {one: _is_same(one) for one in undecided.rows}
    return wanted._replace(same=answers.get)


def _is_same(one: Retitling) -> bool:
    note(f"row {one.place.row + 1} of {one.place.sheet}: {quoted(one.title)}")
    note(f"may be {one.ref}: {quoted(one.was)}")
    answer = ask("same action with another title, or new", lambda text: read_retitled(str(text)))
    return read_retitled(str(answer)) == SAME


SAME, NEW = "same", "new"


def read_retitled(text: str) -> str:
    """Return whether a title that is nearly a known one is the same action's, or a new one's."""
    return read_choice("what a title that is nearly a known one is", text, (SAME, NEW))


def confirmed(question: str) -> bool:
    """Ask whether something is to be done."""
    answer = ask(f"{question}, yes or no", lambda text: read_choice("an answer", text, _YES_OR_NO))
    return read_choice("an answer", str(answer), _YES_OR_NO) == "yes"


_YES_OR_NO = ("yes", "no")
