"""``irbtrack check``: find what is wrong with a register, or deserves a question."""

import sys
from typing import Annotated

import typer

from irbtrack.arguments import completing
from irbtrack.arguments.options import Viewed
from irbtrack.domain.checks import BY_NAME, MOST_REDATED
from irbtrack.domain.words import read_choice, read_whole
from irbtrack.errors import CheckFailed, Misused
from irbtrack.register.session import Session
from irbtrack.render import put_out
from irbtrack.render.messages import note
from irbtrack.reports.check import Asked, check_list, check_results

OFTEN = "redated-often"


def check(
    session: Session,
    name: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CHECK",
            autocompletion=completing.checks,
            help="Only these; without any, those that are always made.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Make those that warn of what is incomplete, too.")
    ] = False,
    most: Annotated[
        str | None,
        typer.Option(
            "--most",
            metavar="N",
            help=f"For {OFTEN}: how often an action may be re-dated; {MOST_REDATED} if left out.",
        ),
    ] = None,
    waived: Annotated[
        bool, typer.Option("--waived", help="Show what is switched off, too, and why.")
    ] = False,
    listing: Annotated[
        bool, typer.Option("--list", help="List the checks, and which are switched off.")
    ] = False,
    *,
    viewed: Viewed,
) -> None:
    """Find what is wrong with the register.

    Says nothing when all is well, but for a sentence at a terminal, and exits with 5 and a list
    when not. The journal, the
    snapshots and the versions are checked whole, and all else as of the day. 'irbtrack waiver
    add' switches a check off, for a record or for all.
    """
    names = [read_choice("a check", one, BY_NAME) for one in name or ()]
    if names and strict:
        raise Misused("--strict goes without the names of checks; leave one of the two out")
    if most is not None and OFTEN not in names:
        raise Misused(f"--most goes with the name of its check, as in 'irbtrack check {OFTEN}'")
    often = MOST_REDATED if most is None else read_whole("a number of times", most, 999)
    with session.viewing(viewed.as_of, viewed.known_at) as view:
        if listing:
            answer, number = check_list(view), 0
        else:
            answer, number = check_results(view, Asked(tuple(names), strict, often, waived))
    put_out(answer, viewed.form)
    if not number and not listing and sys.stderr.isatty():
        note("nothing is wrong, as far as was checked")
    if number:
        things = "thing" if number == 1 else "things"
        raise CheckFailed(
            f"{number:,} {things} found; each check says what to do, and 'irbtrack waiver add'"
            " switches a warning or a notice off"
        )
