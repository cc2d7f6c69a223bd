"""Seal a register, and compare a seal with one."""

from irbtrack.domain.journal import moment_text
from irbtrack.domain.seal import Seal
from irbtrack.errors import CheckFailed, Refused, printable, quoted
from irbtrack.store.database import Reader, as_moment
from irbtrack.store.gather import council, last_entry
from irbtrack.store.stamping import end_of_journal, stamps


def seal_of(reader: Reader) -> Seal:
    """Return the seal of a register as far as it goes. Raise :class:`Refused` if it is empty."""
    last = last_entry(reader)
    if last is None:
        raise Refused("the register has no entry yet, so there is nothing to seal")
    return Seal(printable(council(reader, last.number).name), *last)


def refuse_cut_journal(reader: Reader) -> None:
    """Raise :class:`CheckFailed` if entries were taken out at the journal's end, or put in."""
    if [(one.entry, one.digest) for one in stamps(reader)] != [end_of_journal(reader)]:
        raise CheckFailed(
            "nothing is sealed, because the journal does not end where irbtrack left it;"
            " 'irbtrack db verify' says what is wrong"
        )


def refuse_other_register(reader: Reader, seal: Seal) -> None:
    """Raise :class:`CheckFailed` if a register doesn't have the entry that a seal names.

    That the digest of the entry is that of what it says, and of all entries before, is for
    whoever verifies the chain. So is the signature, which the register knows nothing of.
    """
    rows = reader.rows("SELECT recorded_at, digest FROM entry WHERE id = :id", id=seal.entry)
    found = next(rows, None)
    if found is None:
        last = last_entry(reader)
        raise CheckFailed(
            f"the seal is of entry {seal.entry:,}, and the journal ends with entry"
            f" {last.number if last else 0:,}; entries were lost, or the seal is another register's"
        )
    recorded_at, digest = found
    if digest != seal.digest:
        raise CheckFailed(
            f"entry {seal.entry:,} has the digest {digest[:12]}…, and the seal says"
            f" {seal.digest[:12]}…; the journal was changed, or the seal is another register's"
        )
    if as_moment(recorded_at) != seal.recorded_at:
        raise CheckFailed(
            f"entry {seal.entry:,} was recorded at {moment_text(as_moment(recorded_at))}, and the"
            f" seal says {moment_text(seal.recorded_at)}; the seal was altered"
        )
    name = printable(council(reader, seal.entry).name)
    if name != seal.council:
        raise CheckFailed(
            f"the council was called {quoted(name)} at entry {seal.entry:,}, and the seal says"
            f" {quoted(seal.council)}; the seal was altered"
        )
