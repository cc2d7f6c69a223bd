"""``irbtrack report``: write the board pack, and say whether a pack is still right."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from irbtrack.arguments.filters import FILTERS
from irbtrack.arguments.options import AsOf, KnownAt
from irbtrack.arguments.pack_options import (
    Chosen,
    Force,
    Template,
    annexed,
    chosen_settings,
    designs_of,
)
from irbtrack.domain.dates import read_date, read_moment, say_date
from irbtrack.domain.words import natural_order
from irbtrack.errors import CheckFailed, Misused, listed, printable, quoted
from irbtrack.exports.files import refuse_to_overwrite, write_whole
from irbtrack.packs.filing import pack_files, write_pack
from irbtrack.packs.formats import FORMATS, read_formats
from irbtrack.packs.making import made_pack, pack_view
from irbtrack.packs.pack_toml import pack_toml_text
from irbtrack.register.session import Session
from irbtrack.register.snapshots import lines_on, snapshot_called
from irbtrack.register.view import View
from irbtrack.render.messages import note
from irbtrack.render.progress import progress
from irbtrack.store.database import Reader
from irbtrack.store.published import published_lines


def report(
    session: Session,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="The format, or several with commas between; html if left out.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            metavar="FILE|FOLDER",
            help="Where it goes: a file, or a folder, which is made. Here if left out.",
        ),
    ] = None,
    chosen: Chosen = None,
    template: Template = None,
    from_snapshot: Annotated[
        str | None,
        typer.Option(
            "--from-snapshot",
            metavar="LABEL|DATE",
            help="Make the pack that was published with this snapshot again.",
        ),
    ] = None,
    force: Force = False,
    init_pack: Annotated[
        str | None,
        typer.Option("--init-pack", metavar="FILE", help="Begin a pack.toml there, and stop."),
    ] = None,
) -> None:
    """Write the board pack.

    It has the directions and plans, the audit actions of each year with their charts, and an
    annex. Files are named after the day, such as board-pack-2023-10-31.pptx. Its figures are
    those of the commands. With --pack you choose the sections, their titles and how it looks.

    'irbtrack report verify FILE' says whether a pack's figures are those of the register.
    """
    if init_pack is not None:
        if any((as_of, known_at, form, output, chosen, template, from_snapshot)):
            raise Misused("--init-pack only begins a pack.toml; leave out the other options")
        _begin_settings(Path(init_pack), force=force)
        return
    settings = chosen_settings(chosen)
    formats = _formats(form, output)
    designs = designs_of(template, formats)
    if from_snapshot and (as_of or known_at):
        raise Misused(
            "--from-snapshot has its own day and moment; leave out --as-of and --known-at"
        )
    with progress() as bar:
        with session.reading() as reader:
            if from_snapshot:
                view = _published_view(reader, from_snapshot)
            else:
                view = _asked_view(session, reader, as_of, known_at)
            files = pack_files(formats, output, view.day, force=force)
            bar.step("Working out the figures")
            wanted, coded = annexed(view, settings)
            pack, remarks = made_pack(view, coded, wanted)
        write_pack(pack, files, designs, bar)
    for remark in remarks:
        note(remark)


def _begin_settings(path: Path, *, force: bool) -> None:
    """Write a pack.toml to begin with."""
    refuse_to_overwrite(path, replace=force, option="--force")
    write_whole(path, lambda to: to.write_text(pack_toml_text(), encoding="utf-8"))
    note(
        f"{printable(str(path))} written; 'irbtrack report --pack {printable(str(path))}' takes it"
    )


def _formats(form: str | None, output: str | None) -> tuple[str, ...]:
    """Return the formats that are asked for, by ``--format`` or by the ending of a file."""
    ending = Path(output or "").suffix.lower().removeprefix(".")
    return read_formats(form or (ending if ending in FORMATS else "html"))


def _asked_view(session: Session, reader: Reader, as_of: str | None, known_at: str | None) -> View:
    day = read_date(as_of, session.today, month_end=True) if as_of else session.today
    moment = read_moment(known_at, session.today) if known_at else None
    return pack_view(reader, day, moment)


def _published_view(reader: Reader, asked: str) -> View:
    """Return the view that a snapshot was taken of.

    Raises :class:`CheckFailed` if the figures that were published don't come out of it any more.
    """
    snapshot = snapshot_called(reader, asked)
    view = pack_view(reader, snapshot.as_of, snapshot.entry)
    frozen, now = published_lines(reader, snapshot), lines_on(view)
    if differing := sorted({one.ref for one in {*frozen} ^ {*now}}, key=natural_order):
        some = listed(differing[:10], "and") + (" and others" if len(differing) > 10 else "")
        raise CheckFailed(
            f"the pack of {say_date(snapshot.as_of)} cannot be made again: {len(differing):,}"
            f" of its actions are not counted as they were published, {some};"
            " 'irbtrack check' says what was changed"
        )
    return view


def verify(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A pack that irbtrack wrote.")],
    chosen: Chosen = None,
    template: Template = None,
) -> None:
    """Say whether a pack's figures are those of the register.

    The pack tells what it was made from. It is made again, and every cell of its tables is
    compared; those of a PDF can't be read, so it is compared as a whole. For that, give the
    --pack with its logo and the --template that it was made with, if it had any.
    """
    from irbtrack.packs.pack_toml import read_settings
    from irbtrack.packs.proving import say_proof
    from irbtrack.packs.verifying import ending_of, proven_view, read_pack, verdict

    path = Path(file)
    ending = ending_of(path)
    if ending not in FORMATS:
        raise Misused(f"{quoted(file)} is no board pack; the name of one ends in {listed(FORMATS)}")
    content, proof = read_pack(path)
    settings = read_settings(proof.settings, FILTERS)._replace(logo=chosen_settings(chosen).logo)
    designs = designs_of(template, (ending,))
    with session.reading() as reader:
        view = proven_view(reader, proof)
        wanted, coded = annexed(view, settings)
        pack, _ = made_pack(view, coded, wanted)
    to_the_byte, found = verdict(pack, proof, content, ending, designs.get(ending))
    if found:
        more = [f"and {len(found) - MOST_TOLD:,} more"] if len(found) > MOST_TOLD else []
        raise CheckFailed("\n".join([*found[:MOST_TOLD], *more]))
    same = (
        "it is, to the byte, what the register tells"
        if to_the_byte
        else "its tables and words are those of the register; its bytes differ, as after it was"
        " saved by another program or made with another version"
    )
    sys.stdout.write(f"{printable(file)}: {same}. {say_proof(pack.proof)}\n")


MOST_TOLD = 20
"""How many differences are told; a file of another register has thousands."""

WITHOUT_VERB = report

VERBS = {"verify": verify}
