"""Declare the options of board packs, and read what they name."""

from pathlib import Path
from typing import Annotated

import typer

from irbtrack.arguments.filters import FILTERS, NONE, filters_named, selection
from irbtrack.domain.figures.selection import Selection
from irbtrack.errors import Misused, quoted
from irbtrack.packs.settings import Settings
from irbtrack.register.view import View

Chosen = Annotated[
    str | None,
    typer.Option(
        "--pack", metavar="FILE", help="What the pack holds and how it looks, in pack.toml."
    ),
]
Template = Annotated[
    list[str] | None,
    typer.Option(
        "--template",
        metavar="FILE",
        help="A document of the council's own whose design Word (docx, dotx) or PowerPoint (pptx,"
        " potx) takes over.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are there.")]


def chosen_settings(chosen: str | None) -> Settings:
    """Return the settings of the file that ``--pack`` names, or the usual ones."""
    if chosen is None:
        return Settings()
    from irbtrack.packs.pack_toml import read_pack_toml

    return read_pack_toml(Path(chosen), FILTERS)


def annexed(view: View, settings: Settings) -> tuple[Selection, Settings]:
    """Return the selection of the actions that a pack's annex lists, and the settings by codes.

    Dates such as ``+30d`` are counted from the day of the view, so that a pack is the same
    whenever it is made. Names may change their meaning, so the settings keep codes in their place.
    """
    wanted = selection(view, view.day, filters_named(settings.actions))
    coded = {
        "audit": wanted.audits,
        "directorate": wanted.directorates,
        "owner": wanted.owners,
    }
    by_code = {
        option: tuple(sorted(one or NONE for one in coded[option])) if option in coded else values
        for option, values in settings.actions.items()
    }
    return wanted, settings._replace(actions=by_code)


def designs_of(paths: list[str] | None, formats: tuple[str, ...]) -> dict[str, bytes]:
    """Return the documents whose design is taken over, by the format that takes it."""
    from irbtrack.packs.office.templates import format_of_template, read_template

    found: dict[str, bytes] = {}
    for path in map(Path, paths or ()):
        ending = format_of_template(path)
        if ending not in formats:
            raise Misused(
                f"--template {quoted(str(path))} is for {ending}, which is not written; add"
                f" --format {ending}, or leave it out"
            )
        if ending in found:
            raise Misused(f"--template is given twice for {ending}; give one for each format")
        found[ending] = read_template(path)
    return found
