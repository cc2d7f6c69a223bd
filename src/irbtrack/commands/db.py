"""``irbtrack db``: look after the database."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from irbtrack.arguments.options import Format, SealKey
from irbtrack.domain.words import counted, read_whole
from irbtrack.errors import Misused, Refused, printable
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.db import database_facts
from irbtrack.store.database import REVISION, locate, refuse_unless_current, revision_of
from irbtrack.store.reading import opened


def info(session: Session, form: Format = TABLE) -> None:
    """Say where the database is, and what it holds."""
    put_out(database_facts(session.location), form)


def backup(
    session: Session,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A name that ends in .db or .jsonl.gz, or a folder."),
    ],
    keep: Annotated[
        str | None,
        typer.Option("--keep", metavar="N", help="Keep only the newest N in the folder."),
    ] = None,
) -> None:
    """Write a backup, while others may record.

    A file that ends in .db is a SQLite database, one that ends in .jsonl.gz a dump that any
    database can be restored from. It is verified before it gets its name. In a folder its name
    has the moment in it. Made for cron: away from a terminal it says nothing when all is well.
    """
    from irbtrack.exports.backups import backup_file, is_folder, remove_older, write_backup
    from irbtrack.store.backup import head_of_backup

    newest = None if keep is None else read_whole("a number of backups", keep, 9999)
    if newest is not None and not is_folder(file):
        raise Misused("--keep goes with a folder, in which each backup has the moment in its name")
    if newest == 0:
        raise Misused("--keep 0 would keep no backup; give 1 or more")
    path = backup_file(file, session.location, session.now)
    write_backup(session.location, path)
    removed = remove_older(path.parent, session.location, newest) if newest else []
    if sys.stderr.isatty():
        head = head_of_backup(path)
        entries = counted(head.entries if head else 0, "entry", "entries")
        older = f"; {counted(len(removed), 'older one')} removed" if removed else ""
        note(f"{entries} backed up to {printable(str(path))}, and verified{older}")


def restore(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A backup of either kind.")],
    force: Annotated[
        bool, typer.Option("--force", help="Take the place of a register, which is kept.")
    ] = False,
) -> None:
    """Make the database from a backup.

    The backup is verified first. With --force it takes the place of the register that is there,
    which is kept in a file whose name is said.
    """
    from irbtrack.exports.backups import file_beside, put_register
    from irbtrack.store.backup import head_of_register, staged

    location, path = session.location, Path(file)
    if location.path and location.path.exists() and path.exists() and path.samefile(location.path):
        raise Refused(f"{location} is the database itself; name a backup of it")
    beside = None if location.path else path.parent
    former = file_beside(location, beside, "former", session.now) if force else None
    with staged(path) as whole:
        put_register(whole, location, former)
        head = head_of_register(whole)
    kept = f"; what was there before is kept in {printable(str(former))}" if _is(former) else ""
    entries = counted(head.entries, "entry", "entries")
    note(f"{location} is restored, with {entries}, the last of digest {head.digest}{kept}")


def _is(path: Path | None) -> bool:
    return path is not None and path.exists()


def copy(
    session: Session,
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="The file or server that has the register.")
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="A file that isn't there, or an empty server's.")
    ],
) -> None:
    """Copy a register between a file and a server.

    Its journal, its digests and its snapshots stay as they are.
    """
    from irbtrack.exports.backups import copy_register
    from irbtrack.store.backup import head_of_register

    there, here = (locate(named, session.location.wait) for named in (source, target))
    copy_register(there, here)
    head = head_of_register(here)
    entries = counted(head.entries, "entry", "entries")
    note(f"{there} is copied to {here}: {entries}, the last of digest {head.digest}")


def upgrade(
    session: Session,
    folder: Annotated[
        str | None,
        typer.Option(
            "--backup",
            metavar="FOLDER",
            help="Where its backup goes; beside the file, or for a server to the current folder.",
        ),
    ] = None,
) -> None:
    """Bring the database up to date.

    It is backed up first. It gets this program's tables wholly or not at all; what is recorded
    stays.
    """
    location = session.location
    with opened(location) as reader:
        before = revision_of(location, reader)
    if before >= REVISION:
        refuse_unless_current(location, before)
        note(f"{location} is at revision {before} already")
        return
    from irbtrack.exports.backups import file_beside, write_backup
    from irbtrack.store.backup import upgrade_or_put_back

    path = file_beside(location, Path(folder) if folder else None, f"at-{before}", session.now)
    write_backup(location, path)
    note(f"{location} is backed up to {printable(str(path))}")
    try:
        upgrade_or_put_back(location, path)
    except BaseException:
        note(f"irbtrack: the upgrade failed; {location} is as it was, at revision {before}")
        raise
    note(f"{location} is now at revision {REVISION}, it was at {before}")


def seal(
    session: Session,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to write; standard output if left out.")
    ] = "-",
    key: SealKey = None,
    new_key: Annotated[
        str | None,
        typer.Option(
            "--new-key",
            metavar="FILE",
            help="Make a private key there, and its public key in FILE.pub, and stop.",
        ),
    ] = None,
) -> None:
    """Write how far the journal goes: the last entry's number, moment and digest.

    Kept in minutes, in a log or under a time stamp, it proves later that no entry up to that one
    was changed. With --key it is signed.
    """
    from irbtrack.exports.seals import seal_file, write_new_keys, write_seal
    from irbtrack.register.sealing import seal_of
    from irbtrack.register.signing import read_private_key, signed

    if new_key is not None:
        if key is not None or file != "-":
            raise Misused("--new-key makes keys and no seal; leave the rest out")
        public = write_new_keys(new_key)
        note(
            f"a private key is in {printable(new_key)}, and its public key in"
            f" {printable(str(public))}; keep the first, and give the second to whoever checks"
        )
        return
    path = seal_file(file)
    private = None if key is None else read_private_key(Path(key))
    with session.reading() as reader:
        made = seal_of(reader)
    write_seal(signed(made, private) if private else made, path)
    if path is not None:
        note(f"entry {made.entry:,} is sealed in {printable(str(path))}")


VERBS = {
    "info": info,
    "backup": backup,
    "restore": restore,
    "copy": copy,
    "upgrade": upgrade,
    "seal": seal,
}
