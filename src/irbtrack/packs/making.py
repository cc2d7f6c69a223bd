"""Make a board pack from the register: its cover, its sections, and the proof of both."""

from datetime import date, timedelta
from importlib.metadata import version

from irbtrack.domain.journal import NO_DIGEST
from irbtrack.domain.nouns.note import Note
from irbtrack.packs.document import BoardPack, Cover, Look, Proof, content_digest
from irbtrack.packs.sections import Board, told_sections
from irbtrack.packs.settings import Settings
from irbtrack.register.view import View
from irbtrack.store.database import as_moment

MEETING_WITHIN = timedelta(days=62)
"""How long after the day of the figures the meeting is that they are for."""


def made_pack(view: View, settings: Settings) -> BoardPack:
    """Return the pack of a view's day, as far as the register is known."""
    meeting_on = settings.meeting_on or next_board(view)
    words = view.on(meeting_on) if meeting_on else view
    board = Board(view, words, settings)
    sections = tuple(told_sections(board))
    cover = Cover(
        council=view.council.name,
        title=settings.title,
        meeting_on=meeting_on,
        as_of=view.day,
        compared_on=board.compared_on,
        owner=settings.owner,
        author=settings.author,
        marking=settings.marking,
    )
    entry, recorded_at, digest = last_entry(view)
    proof = Proof(
        version("irbtrack"),
        view.day,
        board.compared_on,
        entry,
        recorded_at,
        digest,
        content_digest(cover, sections),
        settings.as_told(),
    )
    return BoardPack(cover, sections, Look(settings.colour, settings.page), proof)


def next_board(view: View) -> date | None:
    """Return the day of the next meeting that a note is for, if it is near; else None."""
    boards = {note.board_on for note in view.on(view.day + MEETING_WITHIN).records(Note)}
    return min(
        (day for day in boards if day and view.day <= day <= view.day + MEETING_WITHIN),
        default=None,
    )


def last_entry(view: View):
    """Return the number, the moment and the digest of the last entry that a view knows of."""
    rows = view.reader.rows("SELECT id, recorded_at, digest FROM entry ORDER BY id DESC LIMIT 1")
    for number, recorded_at, digest in rows:
        return number, as_moment(recorded_at), digest
    raise NotImplementedError
