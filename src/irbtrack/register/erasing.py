"""Erasing what is kept of people: what has to stay, and what the keeper has to deal with."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from irbtrack.domain.erasure import HOLDERS, WHOLE, is_mentioned, mentioned_in
from irbtrack.domain.journal import Entry, file_of
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.errors import DatabaseUnusable, Refused
from irbtrack.register.copies import copies_left
from irbtrack.register.session import Session
from irbtrack.render.messages import note
from irbtrack.store.database import Location, Reader
from irbtrack.store.gather import entries, people
from irbtrack.store.reading import reading

MOST_NAMED_PLACES = 20
"""How many places are named; the others are counted."""


class LeftBehind(NamedTuple):
    """What an erasure leaves: texts of the journal, copies that were made, and files taken in.

    ``posts`` are others that the same person holds.
    """

    texts: list[str]
    copies: list[str]
    files: list[str]
    posts: list[str]

    def say(self) -> None:
        """Say what the keeper of the register has to know."""
        if self.texts:
            note(f"entries cannot be changed, and some still have it: {_some(self.texts)}")
        if self.posts:
            note(f"other posts that have the same name or address: {_some(self.posts)}")
        if self.copies:
            note(f"copies that may have it, to be deleted or made anew: {_some(self.copies)}")
        if self.files:
            note(f"files that may have it, because they were taken in: {_some(self.files)}")


def left_of_holder(
    reader: Reader, location: Location, holder: Person, sought: Sequence[str]
) -> LeftBehind:
    """Return what stays when the name and address of a post's holder are erased.

    ``sought`` has those of former holders, too, as far as they are known.
    """
    recorded = list(entries(reader))
    about = [
        (number, entry)
        for number, entry in recorded
        if any((c.noun, c.ref) == (Officer.NOUN, holder.officer) for c in entry.changes)
    ]
    since = about[0][1].recorded_at if about else START
    taken_in = [(number, file_of(entry.reason or "")) for number, entry in about]
    return LeftBehind(
        _texts_left(recorded, sought),
        copies_left(reader, location, (HOLDERS, WHOLE), since),
        [f"{file} (entry {number})" for number, file in taken_in if file],
        [
            post
            for post, other in people(reader).items()
            if post != holder.officer
            and any(one in sought for one in (other.name, other.email) if one is not None)
        ],
    )


OTHERS = (
    "who held the post before is not kept; if there was somebody, the same with --former NAME finds"
    " the texts that have that name"
)


def had_others(reader: Reader, officer: str) -> bool:
    """Return whether a post may have had another holder, of whom nothing is kept.

    The journal has a change without fields where only the holder became another.
    """
    return any(
        not change.fields and entry.undoes is None and entry.command != "officer erase"
        for _, entry in entries(reader, noun=Officer.NOUN, refs=[officer])
        for change in entry.changes
    )


def left_of_login(reader: Reader, location: Location, sought: Sequence[str]) -> LeftBehind:
    """Return what stays when a login name is replaced.

    Entries from before the register kept references have it within their digests.
    """
    recorded = list(entries(reader))
    own = [number for number, entry in recorded if entry.recorded_by in sought]
    texts = [f"who recorded {_span(own)}"] if own else []
    return LeftBehind(
        texts + _texts_left(recorded, sought),
        copies_left(reader, location, (WHOLE,), START),
        [],
        [],
    )


START = datetime.min.replace(tzinfo=UTC)
"""A moment before any that was recorded."""


def _texts_left(recorded: Iterable[tuple[int, Entry]], sought: Sequence[str]) -> list[str]:
    return [f"{one.where} in entry {one.entry}" for one in mentioned_in(recorded, sought)]


def _span(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"entry {numbers[0]}"
    return f"{len(numbers):,} entries from {numbers[0]} to {numbers[-1]}"


class Erasure(NamedTuple):
    """An entry that erased the holder of a post or a login name.

    A register is known by the digest of its first entry.
    """

    register: str
    digest: str
    noun: str
    ref: str


def erasures(location: Location) -> list[Erasure]:
    """Return what a register has erased; nothing if there is none that can be read."""
    try:
        with reading(location) as reader:
            rows = reader.rows(
                "SELECT (SELECT digest FROM entry WHERE id = 1), e.digest, c.noun, c.ref"
                " FROM entry e JOIN change c ON c.entry = e.id"
                " WHERE e.command IN ('officer erase', 'db pseudonym') ORDER BY e.id, c.position"
            )
            return [Erasure(*row) for row in rows]
    except DatabaseUnusable:
        return []


def brought_back(reader: Reader, erased: Sequence[Erasure]) -> list[str]:
    """Return of which posts and logins a backup has brought back what was erased after it."""
    if not erased:
        return []
    recorded = {digest for (digest,) in reader.rows("SELECT digest FROM entry")}
    named = {
        *reader.rows("SELECT 'officer', officer FROM person"),
        *reader.rows("SELECT 'recorder', ref FROM recorder WHERE login IS NOT NULL"),
    }
    back = [
        one.ref
        for one in erased
        if one.register in recorded and one.digest not in recorded and one[2:] in named
    ]
    return list(dict.fromkeys(back))


def refuse_if_it_names(reason: str, sought: Sequence[str]) -> None:
    """Raise :class:`Refused` if the reason for an erasure has what is to be erased."""
    if is_mentioned(reason, sought):
        raise Refused(
            "the reason has what is to be erased, and would stay in the journal; give one that"
            " does without it"
        )


def refuse_unless_clearable(session: Session, reader: Reader) -> None:
    """Raise :class:`Refused` if the user can't overwrite what the database has of deleted rows."""
    if session.location.path is None:
        from irbtrack.store.rights import refuse_unless_owner

        refuse_unless_owner(
            reader,
            f"erase anything from {session.location}, because nobody else can have the server"
            " write its tables anew; ask them to run the same command",
        )


def clear(session: Session, again: str) -> None:
    """Overwrite what the database still has of deleted rows.

    Raise :class:`DatabaseUnusable` if that couldn't be done; ``again`` is the command that tries
    it again.
    """
    from irbtrack.store.free_space import clear_free_space

    try:
        clear_free_space(session.location)
    except DatabaseUnusable as unusable:
        raise DatabaseUnusable(
            "it is erased from the register, but its bytes may still be in the database, which"
            f" could not be written anew; '{again}' tries that once more: {unusable}"
        ) from unusable


def _some(places: list[str]) -> str:
    more = len(places) - MOST_NAMED_PLACES
    return "; ".join(places[:MOST_NAMED_PLACES] + ([f"and {more:,} more"] if more > 0 else []))
