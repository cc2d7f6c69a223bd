"""Remember the copies that are made of what is kept of people, and name them to an eraser."""

import platform
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from irbtrack.domain.dates import say_date
from irbtrack.domain.erasure import CopyMade
from irbtrack.errors import CheckFailed, DatabaseUnusable, printable
from irbtrack.register.session import Session
from irbtrack.render.messages import note
from irbtrack.store.database import Location, Reader, refuse_unless_file
from irbtrack.store.gather import copies_made


def remember_copy(session: Session, holds: str, place: Path | Location) -> None:
    """Remember that a copy is being made, so that an erasure can name it.

    ``holds`` is :data:`HOLDERS` or :data:`WHOLE`. Where the register can't be written to, say
    that it isn't remembered. Call this outside any transaction, before the file is made, so that
    no copy is left that the register doesn't know.
    """
    from irbtrack.store.write import writing

    refuse_unless_file(session.location)  # the command itself would say so
    made = CopyMade(*_place_of(place), holds, session.clock(), session.recorder)
    try:
        with writing(session.location) as journal:
            journal.keep_copy(made)
    except (DatabaseUnusable, CheckFailed) as unusable:
        note(
            f"{printable(str(place))} is to have the names of people, and the register cannot"
            f" remember that it was made, so remember it yourself: {unusable}"
        )


def _place_of(place: Path | Location) -> tuple[str, str]:
    """Return the machine and the place of a copy; one on a server has no machine."""
    return (platform.node(), str(place.absolute())) if isinstance(place, Path) else ("", str(place))


def copies_left(
    reader: Reader, location: Location, holding: Collection[str], since: datetime
) -> list[str]:
    """Return where the copies are that were made from a moment on and may hold what is asked.

    One on a server has no machine. A copy on this machine that is no longer where it was made is
    left out, and so is the register at ``location`` itself, which may have been a copy.
    """
    here, itself = platform.node(), _place_of(location.path or location)
    return [
        printable(copy.place)
        + (f" on {printable(copy.machine)}" if copy.machine not in ("", here) else "")
        + f", of {say_date(copy.made_at.astimezone().date())}"
        for copy in copies_made(reader, since)
        if copy.holds in holding
        and (copy.machine, copy.place) != itself
        and (copy.machine != here or Path(copy.place).exists())
    ]
