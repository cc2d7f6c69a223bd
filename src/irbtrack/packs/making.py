"""Make a board pack from the register: its cover, its sections, and the proof of both."""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.words import counted
from irbtrack.errors import Refused, listed
from irbtrack.packs.document import (
    BoardPack,
    Cover,
    Look,
    PackSection,
    Proof,
    content_digest,
)
from irbtrack.packs.pictures.images import read_image
from irbtrack.packs.settings import Settings
from irbtrack.packs.telling.board import Board
from irbtrack.packs.telling.sections import SECTIONS
from irbtrack.register.view import View
from irbtrack.reports.restatements import is_restated
from irbtrack.store.database import Reader
from irbtrack.store.gather import Known, last_entry

MEETING_WITHIN = timedelta(days=62)
"""How long after the day of the figures a meeting can be that they are for."""


def pack_view(reader: Reader, day: date, known_to: Known | None = None) -> View:
    """Return the view that a pack is made from.

    It is known to an entry, to the last one recorded by a moment, or to the last of all. That
    entry is all that counts: a pack is the same however the entry was asked for.
    """
    last = last_entry(reader)
    if last is None:
        raise Refused(
            "nothing is recorded yet, so there is nothing to report; 'irbtrack init' begins"
        )
    asked = last_entry(reader, known_to)
    if asked is None:
        raise Refused("nothing was recorded by then; give a later --known-at")
    if asked.number == last.number:
        return View(reader, day, says_known=False)
    return View(reader, day, asked.recorded_at, asked.number, says_known=False)


def made_pack(view: View, settings: Settings, annexed: Selection) -> tuple[BoardPack, list[str]]:
    """Return the pack of a view's day, and what there is to say about it.

    ``annexed`` selects the actions of the annex. Raises :class:`Refused` for a logo that can't be
    read, for a year or plan that isn't there, and for a meeting before the day of the figures.
    """
    meeting_on = settings.meeting_on or next_board(view)
    if meeting_on and meeting_on < view.day:
        raise Refused(
            f"the meeting on {say_date(meeting_on)} is before the day of the figures,"
            f" {say_date(view.day)}; give a later meeting_on, or leave it out"
        )
    words = view.on(meeting_on) if meeting_on else view
    board = Board(view, words, settings, annexed)
    sections, empty = [], []
    for name in settings.sections or SECTIONS:
        title, told = SECTIONS[name]
        if blocks := tuple(told(board)):
            sections.append(PackSection(name, settings.titles.get(name, title), blocks))
        else:
            empty.append(name)
    cover = Cover(
        council=view.council.name,
        title=settings.title,
        meeting_on=meeting_on,
        as_of=view.day,
        compared_on=board.compared_on,
        owner=settings.owner,
        author=settings.author,
        marking=settings.marking,
        logo=read_image(Path(settings.logo)) if settings.logo else None,
    )
    entry = last_entry(view.reader, view.known_to)
    assert entry is not None
    proof = Proof(
        version=version("irbtrack"),
        as_of=view.day,
        compared_on=board.compared_on,
        entry=entry.number,
        recorded_at=entry.recorded_at.replace(microsecond=0),
        journal=entry.digest,
        figures=content_digest(cover, tuple(sections)),
        settings=settings.as_told(),
    )
    made = BoardPack(cover, tuple(sections), Look(settings.colour, settings.page), proof)
    return made, list(_remarks(board, settings, empty))


def _remarks(board: Board, settings: Settings, empty: list[str]) -> Iterator[str]:
    """Yield what whoever makes a pack should know, and its readers need not."""
    view, words = board.view, board.words
    if words.day != view.day and not settings.meeting_on:
        yield f"words are told up to {say_date(words.day)}, the next board that notes are for"
    if is_restated(view):
        yield (
            f"these are not the figures that were published for {say_date(view.day)};"
            f" 'irbtrack snapshot compare {view.day}' shows what differs"
        )
    until = max(words.day, next_board(View(view.reader, view.day)) or words.day)
    if later := _told_later(view, until):
        is_told = "tells" if later == 1 else "tell"
        yield (
            f"{counted(later, 'later entry', 'later entries')} {is_told} of notes, directions or"
            f" plans up to {say_date(until)}, which are not in it; if they should be, take the"
            " snapshot again with --replace, or give --as-of in place of it"
        )
    if empty:
        yield f"left out, because there is nothing to tell: {listed(empty, 'and')}"


TELLING = (Note.NOUN, Direction.NOUN, Milestone.NOUN)
"""What a pack tells besides figures of actions."""


def _told_later(view: View, until: date) -> int:
    """Return how many entries that a view doesn't know have words or plans, up to a day."""
    if view.entry is None:
        return 0
    nouns = ", ".join(f"'{noun}'" for noun in TELLING)
    rows = view.reader.rows(
        "SELECT COUNT(DISTINCT entry) FROM change WHERE entry > :entry"  # noqa: S608 - own names
        f" AND noun IN ({nouns}) AND effective_on <= :until",
        entry=view.entry,
        until=until,
    )
    return int(next(rows)[0])


def next_board(view: View) -> date | None:
    """Return the day of the next meeting that a note is for, if it is near; else None."""
    latest = view.day + MEETING_WITHIN
    boards = {
        note.board_on
        for note in view.on(latest).records(Note)
        if note.board_on and (note.dropped_on is None or note.dropped_on > note.board_on)
    }
    return min((day for day in boards if view.day <= day <= latest), default=None)
