"""Say what of a file can't be read, and propose the command that takes it in."""

import shlex
from dataclasses import replace
from itertools import count
from pathlib import Path

from irbtrack.arguments.proposing import Proposed, as_suggested, import_command, proposed
from irbtrack.arguments.sheet_options import mapping_of
from irbtrack.domain.answers import Block, Column, Kind, Table, Unbroken
from irbtrack.domain.tracker.statements import Statement
from irbtrack.domain.words import counted
from irbtrack.imports.account import Account, problem_lines
from irbtrack.imports.importer import Problems
from irbtrack.imports.inspection import UNREAD, Understood
from irbtrack.imports.proposal import worked_out
from irbtrack.imports.sheet_rows import Wanted
from irbtrack.imports.suggestions import Suggestion
from irbtrack.register.session import Session
from irbtrack.render.progress import progress

TEXTS_SHOWN = 20

SUGGESTED = (
    Column("option", "Option", Kind.CODE),
    Column("given", "Value"),
    Column("why", "Because", rank=1),
)


def proposal(
    session: Session,
    wanted: Wanted,
    read: Understood,
    said: Proposed,
    file: str,
) -> list[Block]:
    """Return what of a file can't be read, what is suggested, and the command with all of it."""
    if not read.register:
        return ["Begin with a register, as 'irbtrack init' makes one; then a command is proposed."]
    unread = read.unread
    one = proposed(session, wanted, said, as_suggested)
    one, refusals = _tried(session, wanted, one, file)
    blocks: list[Block] = []
    if unread:
        title = "Texts that cannot be read"
        blocks.append(Table(UNREAD, [tuple(text) for text in unread[:TEXTS_SHOWN]], title).shown())
        if len(unread) > TEXTS_SHOWN:
            blocks.append(f"and {len(unread) - TEXTS_SHOWN:,} more texts")
    if one.suggested:
        told = [(s.option, s.given, s.why) for s in one.suggested]
        blocks.append(Table(SUGGESTED, told, "Suggested, to be checked").shown())
    guesses = [f"{s.option} {s.doubt}" for s in one.suggested if s.doubt]
    blocks += ["\n".join(guesses)] if guesses else []
    blocks += ["\n".join(refusals)] if refusals else []
    blocks += [
        f"Only you can say: {s.why}; {s.option} {shlex.quote(f'{s.about}VALUE')}" for s in one.open
    ]
    of_today = ", as it stands today (--on DATE if it is of another day)" if one.on is None else ""
    command = import_command(session, wanted.noun, file, one)
    return [*blocks, Unbroken(f"To take it in{of_today}:\n{command}")]


def _tried(
    session: Session, wanted: Wanted, one: Proposed, file: str
) -> tuple[Proposed, list[str]]:
    """Return a proposal with a file for the rows that it can't take in, and why it can't.

    What only somebody can say of all rows is no reason. Nothing is tried before texts are
    explained.
    """
    if any(suggestion.option != "--default" for suggestion in one.open):
        return one, []
    wanted = wanted._replace(asked=mapping_of(one.how, wanted.fields, one.new))
    account = _account(session, wanted)
    refused = _refused(account)
    if refused and not account.is_barred:
        explained = _account(session, wanted._replace(day=wanted.day._replace(explained=True)))
        if (unexplained := len(refused) - len(_refused(explained))) > 0:
            why = f"{counted(unexplained, 'row')} can't be taken in without a reason"
            one = one._replace(open=(*one.open, Suggestion("--reason", "", "", why)))
            account, refused = explained, _refused(explained)
    if not refused or account.is_barred:
        return one, []
    taken = account.taken
    records = len(taken.added) + len(taken.changed) + taken.unchanged + len(taken.refused)
    said = f"{counted(len(refused), 'row')} of {records:,} would be refused"
    if len(refused) == records:
        said = f"{said}, so that nothing would be stored:"
    else:
        one = one._replace(rejects=_unused(f"{Path(file).stem}-refused.csv"))
        said = f"{said}, and put into {one.rejects}:"
    account = account._replace(taken=replace(taken, refused=refused, absent={}))
    lines = problem_lines(account)
    more = [f"and {len(lines) - TEXTS_SHOWN:,} more lines"] if len(lines) > TEXTS_SHOWN else []
    return one, [said, *lines[:TEXTS_SHOWN], *more]


def _account(session: Session, wanted: Wanted) -> Account:
    with progress() as bar, session.reading() as reader:
        return worked_out(reader, wanted, bar)


def _refused(account: Account) -> list[tuple[Statement, Problems]]:
    """Return the rows that are refused for more than a column that all of them lack."""
    return [row for row in account.taken.refused if any(why for _, why in row[1])]


def _unused(name: str) -> str:
    """Return the name of a file that isn't there yet, with a number where it must have one."""
    path = Path(name)
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return str(path if not path.exists() else next(one for one in numbered if not one.exists()))
