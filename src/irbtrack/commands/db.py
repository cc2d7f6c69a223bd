"""``irbtrack db``: look after the database."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from irbtrack.arguments.asking import needed_reason
from irbtrack.arguments.options import Format, ReasonNeeded, SealKey
from irbtrack.domain.erasure import WHOLE
from irbtrack.domain.journal import Change
from irbtrack.domain.seal import Seal
from irbtrack.domain.words import counted, read_choice, read_title, read_whole
from irbtrack.errors import CheckFailed, DatabaseUnusable, Misused, Refused, printable, quoted
from irbtrack.register import find
from irbtrack.register.copies import remember_copy
from irbtrack.register.erasing import (
    brought_back,
    clear,
    erasures,
    left_of_login,
    refuse_if_it_names,
    refuse_unless_clearable,
)
from irbtrack.register.session import Session
from irbtrack.render import TABLE, put_out
from irbtrack.render.messages import note
from irbtrack.reports.db import database_facts, verified
from irbtrack.store.database import (
    REVISION,
    Location,
    locate,
    refuse_unless_current,
    revision_of,
)
from irbtrack.store.gather import recorder_names
from irbtrack.store.integrity import ALL, Extent
from irbtrack.store.reading import opened, reading
from irbtrack.store.stamping import counter_in, stamp

if TYPE_CHECKING:
    from irbtrack.store.dump import Head  # importing it imports SQLAlchemy

MOST_ENTRIES = 10**9


def read_digest(text: str) -> str:
    """Return a digest as it is kept. Raise :class:`Misused` for what can't be one."""
    digest = text.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise Misused(f"{quoted(text)} is not a digest; one has 64 characters, 0 to 9 and a to f")
    return digest


def read_sample(text: str) -> tuple[int, int]:
    """Return which of how many parts is meant. Raise :class:`Misused` if it can't be read."""
    if found := re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", text.strip()):
        part, parts = int(found[1]), int(found[2])
        if 1 <= part <= parts:
            return part, parts
    raise Misused(f"{quoted(text)} is not a part of the register; give one such as 1/7")


def info(session: Session, form: Format = TABLE) -> None:
    """Say where the database is, and what it holds."""
    put_out(database_facts(session.location), form)


def verify(
    session: Session,
    digest: Annotated[
        str | None,
        typer.Option(
            "--digest",
            metavar="HEX",
            help="Prove that the journal is unchanged up to the entry with this digest, which a"
            " board pack and a snapshot print.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="ENTRY", help="Only from this entry on, and only what changed since."
        ),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(
            "--sample", metavar="N/PARTS", help="Only a part of a large register, such as 1/7."
        ),
    ] = None,
    sealed: Annotated[
        str | None,
        typer.Option(
            "--seal",
            metavar="FILE",
            help="Prove it up to the entry of this seal, and its signature.",
        ),
    ] = None,
    public_key: Annotated[
        str | None,
        typer.Option(
            "--public-key", metavar="FILE", help="The key that the seal must be signed with."
        ),
    ] = None,
    form: Format = TABLE,
) -> None:
    """Prove that the register is as irbtrack recorded it.

    Everything is worked out again from the journal, and compared with what is kept. Exits with 5
    if anything differs.
    """
    if (digest or sealed) and (since or sample):
        raise Misused(
            "--digest and --seal ask for the whole journal; leave --since and --sample out"
        )
    if public_key is not None and sealed is None:
        raise Misused("--public-key goes with --seal, whose signature it checks")
    extent = Extent(
        read_whole("an entry", since, MOST_ENTRIES) if since else 1,
        *(read_sample(sample) if sample else (1, 1)),
    )
    location, warned = session.location, list[str]()
    proven = [read_digest(digest)] if digest else []
    if sealed is not None:
        proven.append(_fitting_seal(session, sealed, public_key).digest)
    counter = counter_in(location.path)
    answer, refusal = verified(location, extent, proven, warned.append)
    put_out(answer, form)
    if refusal:
        raise CheckFailed(refusal)
    if warned and extent == ALL:
        anew = "is stamped anew" if _stamped(location, counter) else "could not be stamped anew"
        note(
            f"{location} was written to by another program, and all in it is as irbtrack recorded"
            f" it; it {anew}"
        )


def _fitting_seal(session: Session, file: str, public_key: str | None) -> Seal:
    """Return the seal in a file. Raise :class:`CheckFailed` if it isn't one of this register."""
    from irbtrack.exports.seals import seal_in
    from irbtrack.register.sealing import refuse_other_register
    from irbtrack.register.signing import read_public_key, refuse_bad_signature

    fitting = seal_in(file)
    refuse_bad_signature(fitting, read_public_key(Path(public_key)) if public_key else None)
    with session.reading() as reader:
        refuse_other_register(reader, fitting)
    if fitting.signature is None:
        note("the seal is not signed")
    elif public_key is None:
        note(f"the seal is signed with the key {fitting.signature.key}; compare it with yours")
    return fitting


def _stamped(location: Location, counter: int | None) -> bool:
    """Return whether a database could be stamped that was verified when it had that counter."""
    try:
        return stamp(location, counter)
    except DatabaseUnusable:
        return False


def rebuild(session: Session) -> None:
    """Make the versions of all records anew from the journal.

    The triggers and the views are made anew, too. Refuses if the journal itself is not as it was
    recorded.
    """
    from irbtrack.store.write import writing

    with writing(session.location) as journal:
        differing = len(journal.rebuild())
    rows = "row of the versions" if differing == 1 else "rows of the versions"
    note(f"{differing:,} {rows} differed; all are made anew from the journal")


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
    from irbtrack.exports.backups import backup_file, remove_older, write_backup
    from irbtrack.store.backup import head_of_backup

    newest = None if keep is None else read_whole("a number of backups", keep, 9999)
    if newest == 0:
        raise Misused("--keep 0 would keep no backup; give 1 or more")
    path = backup_file(file, session.location, session.now, kept=newest is not None)
    remember_copy(session, WHOLE, path)
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
    from irbtrack.exports.backups import file_beside, is_there, put_register
    from irbtrack.store.backup import head_of_register, staged, there_already

    location, path = session.location, Path(file)
    if location.path and location.path.exists() and path.exists() and path.samefile(location.path):
        raise Refused(f"{location} is the database itself; name a backup of it")
    if not force and is_there(location):
        raise Refused(there_already(location))
    beside = None if location.path else path.parent
    former = file_beside(location, beside, "former", session.now) if force else None
    erased = erasures(location) if force else []
    with staged(path) as whole:
        head = head_of_register(whole)
        with reading(whole) as reader:
            back = brought_back(reader, erased)
        put_register(whole, location, former)
    kept = ""
    if former is not None and former.exists():
        remember_copy(session, WHOLE, former)
        kept = f"; what was there before is kept in {printable(str(former))}"
    note(f"{location} is restored; {_end_of(head)}{kept}")
    if back:
        note(
            "names are back that were erased after the backup was made: those of"
            f" {', '.join(back)}; erase them again with 'irbtrack officer erase' or 'irbtrack db"
            " pseudonym'"
        )


def _end_of(head: "Head") -> str:
    """Say how far a register goes, so that it can be compared with another."""
    return f"its {counted(head.entries, 'entry ends', 'entries end')} with the digest {head.digest}"


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
    remember_copy(session._replace(location=there), WHOLE, here.path or here)
    copy_register(there, here)
    head = head_of_register(here)
    note(f"{there} is copied to {here}; {_end_of(head)}")


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
    from irbtrack.store.migrate import refuse_unless_known

    refuse_unless_known(location, before)
    path = file_beside(location, Path(folder) if folder else None, f"at-{before}", session.now)
    write_backup(location, path)
    note(f"{location} is backed up to {printable(str(path))}")
    try:
        upgrade_or_put_back(location, path)
    except BaseException:
        note(f"irbtrack: the upgrade failed; {location} is as it was, at revision {before}")
        raise
    remember_copy(session, WHOLE, path)
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
    from irbtrack.register.sealing import refuse_cut_journal, seal_of
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
        refuse_cut_journal(reader)
        made = seal_of(reader)
    write_seal(signed(made, private) if private else made, path)
    if path is not None:
        note(f"entry {made.entry:,} is sealed in {printable(str(path))}")


def pseudonym(
    session: Session,
    login: Annotated[
        str,
        typer.Argument(metavar="LOGIN", help="The login name, as 'irbtrack history' shows it."),
    ],
    instead: Annotated[
        str | None,
        typer.Argument(metavar="PSEUDONYM", help="What is shown instead; or else a reference."),
    ] = None,
    reason: ReasonNeeded = None,
) -> None:
    """Forget the login name of somebody who recorded.

    It is for people who recorded without naming their post. Their entries stay, and the journal
    says that a login name was replaced, and why. The database is written anew, as by 'officer
    erase', and what still has the login name is told.
    """
    why = needed_reason(reason)
    shown = None if instead is None else read_title("the pseudonym", instead)
    with session.reading() as reader:
        refuse_unless_clearable(session, reader)
        ref = find.login(reader, login)
        was = recorder_names(reader)[ref]
        sought = [was] if was != ref else []
        refuse_if_it_names(why, sought)
        find.refuse_if_recorder(reader, shown)
        left = left_of_login(reader, session.location, sought)
    change = Change("recorder", ref, session.today, {})
    with session.writing() as journal:
        session.refuse_unknown_recorder(journal)
        journal.record(session.entry(journal, "db pseudonym", [change], why))
        journal.set_pseudonym(ref, shown)
    note(f"whoever recorded as {printable(was)} is now shown as {shown or ref}")
    note(COMES_BACK)
    left.say()
    clear(session, f"irbtrack db pseudonym {ref}")


COMES_BACK = (
    "a login name that records again is kept anew, because nothing of it is left by which it could"
    " be known; --officer, or IRBTRACK_OFFICER, records a post instead"
)


def grant(
    session: Session,
    right: Annotated[
        str, typer.Argument(metavar="RIGHT", help="What they may do: reader, writer or none.")
    ],
    users: Annotated[
        list[str], typer.Argument(metavar="USER", help="Users of the server, by their names.")
    ],
) -> None:
    """Give users of a PostgreSQL server the right to read the register, or to record in it.

    Only the owner of the register can do that. A writer records through irbtrack, and can change
    no table otherwise. 'none' takes either right away.
    """
    from irbtrack.store.rights import Right
    from irbtrack.store.rights import grant as give

    chosen = Right(read_choice("a right", right, [one.value for one in Right]))
    give(session.location, chosen, users)
    may = {
        Right.READER: "may read",
        Right.WRITER: "may read and record",
        Right.NONE: "has no right",
    }[chosen]
    for user in users:
        note(f"{printable(user)} {may}")


VERBS = {
    "info": info,
    "grant": grant,
    "verify": verify,
    "rebuild": rebuild,
    "seal": seal,
    "backup": backup,
    "restore": restore,
    "copy": copy,
    "upgrade": upgrade,
    "pseudonym": pseudonym,
}
