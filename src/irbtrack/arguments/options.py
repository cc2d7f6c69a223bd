"""Declare the options that several commands share, so that they read the same everywhere."""

from typing import Annotated, NamedTuple

import typer

from irbtrack.arguments import completing
from irbtrack.domain.figures.selection import GROUPS
from irbtrack.domain.words import read_choice, whole
from irbtrack.errors import Misused, quoted
from irbtrack.render import TABLE

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        autocompletion=completing.snapshots,
        help="The day to show; today if left out.",
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at", metavar="MOMENT", help="Leave out what was recorded after this moment."
    ),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="table|json|csv|md",
        autocompletion=completing.formats,
        help="The format of the output.",
    ),
]


class Viewed(NamedTuple):
    """The options of a reading command: the day, how far it is known, and the format."""

    as_of: AsOf = None
    known_at: KnownAt = None
    form: Format = TABLE


On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The day it took effect; today if left out."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be recorded, and stop.")]
Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="The reason, which is kept in the journal."),
]


class Recorded(NamedTuple):
    """From which day a change holds, why, and whether that is only tried."""

    on: On = None
    reason: Reason = None
    dry_run: DryRun = False


ReasonNeeded = Annotated[
    str | None,
    typer.Option(
        "--reason", metavar="TEXT", help="The reason, which is kept in the journal. Needed."
    ),
]
Year = Annotated[
    str | None,
    typer.Option(
        "--year",
        metavar="YEAR",
        autocompletion=completing.years,
        help="The financial year, such as 22/23.",
    ),
]
Years = Annotated[
    list[str] | None,
    typer.Option(
        "--year",
        metavar="YEAR",
        autocompletion=completing.years,
        help="Only of this financial year.",
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="SOURCE",
        autocompletion=completing.sources,
        help="Only what this source reviewed.",
    ),
]
References = Annotated[
    list[str],
    typer.Argument(metavar="REF", autocompletion=completing.actions, help="References of actions."),
]
Original = Annotated[
    bool,
    typer.Option("--original", help="Use the original due dates, not the revised ones."),
]
Basis = Annotated[
    str | None,
    typer.Option(
        "--basis",
        metavar="original|current",
        autocompletion=completing.bases,
        help="Which due dates count, the original or the revised ones; current if left out.",
    ),
]
Refs = Annotated[
    bool, typer.Option("--refs", help="Show the references of actions behind each figure.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show the command that lists what is behind each figure.")
]

By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="|".join(GROUPS),
        autocompletion=completing.groups,
        help="Show a row for each of these.",
    ),
]

Comment = Annotated[
    str | None,
    typer.Argument(metavar="COMMENTARY", help="What there is to say about it, in Markdown."),
]
Dated = Annotated[
    str | None,
    typer.Option(
        "--dated",
        metavar="DATE",
        help="The date that the text bears, such as 14/11 or October; the day of --on if left out.",
    ),
]
RagGiven = Annotated[
    str | None,
    typer.Option(
        "--rag",
        metavar="R|A|G|C",
        autocompletion=completing.rags,
        help="Red, amber, green or complete.",
    ),
]
NewTitle = Annotated[str | None, typer.Option("--title", metavar="TITLE", help="A new title.")]
OfDirection = Annotated[
    str | None,
    typer.Option(
        "--direction",
        metavar="REF",
        autocompletion=completing.directions,
        help="The direction it is about.",
    ),
]
Compare = Annotated[
    str | None,
    typer.Option(
        "--compare",
        metavar="DATE",
        autocompletion=completing.snapshots,
        help="The day to compare with; that of the previous snapshot if left out.",
    ),
]


def grouping(by: str | None) -> str | None:
    """Return what ``--by`` names: one of ``GROUPS`` of selections, or None."""
    return read_choice("something to group by", by, GROUPS) if by else None


BASES = ("original", "current")


def by_original(basis: str | None, original: bool = False) -> bool:
    """Return whether ``--basis``, or ``--original`` in its place, asks for original due dates.

    Raises :class:`Misused` if the two contradict one another, or for another basis.
    """
    if basis is None:
        return original
    asked = read_choice("a basis", basis, BASES)
    if original and asked != BASES[0]:
        raise Misused(f"--original and --basis {asked} contradict one another; give one of them")
    return asked == BASES[0]


Place = Annotated[
    str | None,
    typer.Option(
        "--place",
        metavar="N",
        help="Its place among others of its kind, from 1; the last if left out.",
    ),
]


def read_place(given: str | None) -> int | None:
    """Return the place that ``--place`` names, from 1 on; None without it."""
    if given is None:
        return None
    number = whole(given)
    if number is not None and 1 <= number <= 999:
        return number
    raise Misused(f"{quoted(given)} is not a place; give 1 for the first, 2 for the second")


Code = Annotated[
    str | None, typer.Argument(metavar="CODE", help="A short code, such as finance or ed-finance.")
]
SealKey = Annotated[
    str | None,
    typer.Option("--key", metavar="FILE", help="Sign the seal with this private key of Ed25519."),
]
